//! Undoes crossings that dagre leaves: two arrows side by side in a row change places where that saves a crossing.

use super::layout::Area;

/// More rounds than any picture needs.
const ROUNDS: usize = 100;

pub(super) type Point = (f64, f64);

/// The way of an arrow, from the middle of one card to the middle of another.
#[derive(Debug, Clone)]
pub(super) struct Strand {
    /// One point in each row.
    pub(super) points: Vec<Point>,
    /// Which of the points is the middle of its label, and how wide that is.
    pub(super) label: Option<(usize, f64)>,
}

/// A point of a strand between its ends.
#[derive(Debug, Clone, Copy)]
struct Bead {
    strand: usize,
    point: usize,
}

pub(super) fn untangle(strands: &mut [Strand], cards: &[Area]) {
    for _ in 0..ROUNDS {
        if !neighbours(strands, cards).into_iter().any(|pair| swap_if_better(strands, pair)) {
            break;
        }
    }
}

/// The pairs of beads that stand side by side in a row, with no card between them.
fn neighbours(strands: &[Strand], cards: &[Area]) -> Vec<(Bead, Bead)> {
    let inner = |(strand, way): (usize, &Strand)| {
        (1..way.points.len().saturating_sub(1)).map(move |point| Bead { strand, point })
    };
    let mut beads: Vec<Bead> = strands.iter().enumerate().flat_map(inner).collect();
    let at = |bead: &Bead| strands[bead.strand].points[bead.point];
    beads.sort_by(|one, other| {
        let ((x, y), (other_x, other_y)) = (at(one), at(other));
        y.round().total_cmp(&other_y.round()).then(x.total_cmp(&other_x))
    });
    let beside = |pair: &&[Bead]| {
        let ((left, y), (right, other_y)) = (at(&pair[0]), at(&pair[1]));
        let between = |card: &Area| {
            card.y < y && y < card.bottom() && left < card.middle() && card.middle() < right
        };
        (y - other_y).abs() < 1.0 && pair[0].strand != pair[1].strand && !cards.iter().any(between)
    };
    beads.windows(2).filter(beside).map(|pair| (pair[0], pair[1])).collect()
}

fn swap_if_better(strands: &mut [Strand], (left, right): (Bead, Bead)) -> bool {
    let crossed =
        |strands: &[Strand]| crossings(&strands[left.strand].points, &strands[right.strand].points);
    let before = crossed(strands);
    let (old_left, old_right) = (x(strands, left), x(strands, right));
    // Together they take the room that they took before.
    *x_mut(strands, left) = old_right + width(strands, right) / 2.0 - width(strands, left) / 2.0;
    *x_mut(strands, right) = old_left - width(strands, left) / 2.0 + width(strands, right) / 2.0;
    let better = crossed(strands) < before;
    if !better {
        (*x_mut(strands, left), *x_mut(strands, right)) = (old_left, old_right);
    }
    better
}

fn x(strands: &[Strand], bead: Bead) -> f64 {
    strands[bead.strand].points[bead.point].0
}

fn x_mut(strands: &mut [Strand], bead: Bead) -> &mut f64 {
    &mut strands[bead.strand].points[bead.point].0
}

fn width(strands: &[Strand], bead: Bead) -> f64 {
    strands[bead.strand]
        .label
        .filter(|(point, _)| *point == bead.point)
        .map_or(0.0, |(_, width)| width)
}

fn crossings(one: &[Point], other: &[Point]) -> usize {
    let crossed =
        |line: &[Point]| other.windows(2).filter(|otherwise| cross(line, otherwise)).count();
    one.windows(2).map(crossed).sum()
}

/// Whether two lines cross, not counting those that only touch.
fn cross(one: &[Point], other: &[Point]) -> bool {
    let side = |line: &[Point], point: Point| {
        (line[1].0 - line[0].0) * (point.1 - line[0].1)
            - (line[1].1 - line[0].1) * (point.0 - line[0].0)
    };
    side(one, other[0]) * side(one, other[1]) < 0.0
        && side(other, one[0]) * side(other, one[1]) < 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_that_cross_change_places_and_keep_the_room_they_had() {
        let to_the_right =
            Strand { points: vec![(50.0, 0.0), (20.0, 50.0), (90.0, 100.0)], label: None };
        let to_the_left = Strand {
            points: vec![(50.0, 0.0), (70.0, 50.0), (10.0, 100.0)],
            label: Some((1, 40.0)),
        };
        let mut strands = [to_the_right, to_the_left];
        untangle(&mut strands, &[]);
        assert_eq!(strands[0].points[1], (90.0, 50.0), "the right edge of the label was at 90");
        assert_eq!(strands[1].points[1], (40.0, 50.0), "the label begins at 20 now");
    }

    #[test]
    fn lines_that_touch_do_not_cross() {
        let across = [(0.0, 0.0), (10.0, 10.0)];
        assert!(cross(&across, &[(0.0, 10.0), (10.0, 0.0)]));
        assert!(!cross(&across, &[(0.0, 0.0), (10.0, 0.0)]));
        assert!(!cross(&across, &[(20.0, 0.0), (30.0, 10.0)]));
    }
}
