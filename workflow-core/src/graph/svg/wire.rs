//! The ways of arrows between cards.
//!
//! Dagre gives each arrow a point in every row that it passes. Here it leaves its card at a port of its own, passes a row
//! straight, and bends only between rows, where no card is.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::super::Stop;
use super::layout::Area;

/// The least space between two ports of a card.
const PORT: f64 = 22.0;
/// How much of a card's side ports may use.
const SPREAD: f64 = 0.7;

/// An arrow, with a point in each row from card to card.
pub(super) struct Route {
    from: Stop,
    to: Stop,
    points: Vec<Point>,
}

type Point = (f64, f64);

impl Route {
    pub(super) fn new(from: Stop, to: Stop, points: Vec<Point>) -> Self {
        Self { from, to, points }
    }

    /// The points in the rows between its cards.
    fn between(&self) -> &[Point] {
        match self.points.len() {
            0..=2 => &[],
            length => &self.points[1..length - 1],
        }
    }
}

/// A side of a card, where arrows begin or end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Top,
    Bottom,
}

pub(super) struct Router<'a> {
    areas: &'a BTreeMap<Stop, Area>,
    routes: Vec<Route>,
}

impl<'a> Router<'a> {
    pub(super) fn new(areas: &'a BTreeMap<Stop, Area>, routes: Vec<Route>) -> Self {
        Self { areas, routes }
    }

    /// The data of an SVG path for each arrow.
    pub(super) fn paths(&self) -> Vec<String> {
        let ports = self.ports();
        let path = |(position, route): (usize, &Route)| {
            let (from, to) = (self.area(route.from), self.area(route.to));
            if route.from == route.to {
                return round_trip(from);
            }
            let (leaving, arriving) = sides(from, to);
            let x = |end| ports.get(&(position, end)).copied();
            let mut points = vec![(x(End::From).unwrap_or(from.middle()), edge(from, leaving))];
            let downwards = leaving == Side::Bottom;
            points.extend(
                route.between().iter().flat_map(|point| self.through_row(*point, downwards)),
            );
            points.push((x(End::To).unwrap_or(to.middle()), edge(to, arriving)));
            curve(&points)
        };
        self.routes.iter().enumerate().map(path).collect()
    }

    fn area(&self, stop: Stop) -> Area {
        self.areas.get(&stop).copied().unwrap_or_default()
    }

    /// A point in a row becomes a straight line from one side of the row to the other.
    fn through_row(&self, (x, y): Point, downwards: bool) -> [Point; 2] {
        let in_row = self.areas.values().filter(|area| (area.center() - y).abs() < 1.0);
        let half = in_row.map(|area| area.height / 2.0).fold(0.0, f64::max);
        if downwards { [(x, y - half), (x, y + half)] } else { [(x, y + half), (x, y - half)] }
    }

    /// Where each arrow leaves and reaches its cards: as straight as possible, and no two at one place.
    fn ports(&self) -> BTreeMap<(usize, End), f64> {
        let mut sides: BTreeMap<(Stop, Side), Vec<Wish>> = BTreeMap::new();
        for (position, route) in
            self.routes.iter().enumerate().filter(|(_, route)| route.from != route.to)
        {
            let (from, to) = (self.area(route.from), self.area(route.to));
            let (leaving, arriving) = self::sides(from, to);
            let first = route.between().first().map_or(to.middle(), |point| point.0);
            let last = route.between().last().map_or(from.middle(), |point| point.0);
            sides.entry((route.from, leaving)).or_default().push((position, End::From, first));
            sides.entry((route.to, arriving)).or_default().push((position, End::To, last));
        }
        let placed =
            sides.into_iter().flat_map(|((stop, _), wished)| placed(self.area(stop), wished));
        placed.collect()
    }
}

/// An end of an arrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    From,
    To,
}

/// Where an end of an arrow, by its position, would like its port.
type Wish = (usize, End, f64);

/// The side that an arrow leaves from, and the one it arrives at.
fn sides(from: Area, to: Area) -> (Side, Side) {
    if from.center() <= to.center() { (Side::Bottom, Side::Top) } else { (Side::Top, Side::Bottom) }
}

fn edge(area: Area, side: Side) -> f64 {
    match side {
        Side::Top => area.y,
        Side::Bottom => area.bottom(),
    }
}

/// Ports as near as possible to where they are wished, in the same order from left to right.
fn placed(area: Area, mut wished: Vec<Wish>) -> Vec<((usize, End), f64)> {
    wished.sort_by(|one, other| one.2.total_cmp(&other.2));
    let half = area.width * SPREAD / 2.0;
    let (left, right) = (area.middle() - half, area.middle() + half);
    let gaps = wished.len().saturating_sub(1) as f64;
    let gap = if gaps > 0.0 { PORT.min((right - left) / gaps) } else { 0.0 };
    let mut ports: Vec<f64> = Vec::with_capacity(wished.len());
    for (_, _, x) in &wished {
        let least = ports.last().map_or(left, |last| last + gap);
        ports.push(x.clamp(left, right).max(least));
    }
    let mut most = right;
    for port in ports.iter_mut().rev() {
        *port = port.min(most);
        most = *port - gap;
    }
    wished.into_iter().zip(ports).map(|((position, end, _), x)| ((position, end), x)).collect()
}

/// A curve that is vertical at each of the points.
fn curve(points: &[Point]) -> String {
    let Some((&(mut x, mut y), rest)) = points.split_first() else { return String::new() };
    let mut path = format!("M{x:.1} {y:.1}");
    for &(next_x, next_y) in rest {
        if (next_x - x).abs() < 0.5 {
            let _ = write!(path, " L{next_x:.1} {next_y:.1}");
        } else {
            let bend = f64::midpoint(y, next_y);
            let _ =
                write!(path, " C{x:.1} {bend:.1} {next_x:.1} {bend:.1} {next_x:.1} {next_y:.1}");
        }
        (x, y) = (next_x, next_y);
    }
    path
}

/// The way of an arrow that returns to its own card, on the right of it.
fn round_trip(area: Area) -> String {
    let (right, top, bottom) =
        (area.right(), area.y + area.height * 0.3, area.y + area.height * 0.7);
    let far = right + 34.0;
    format!("M{right:.1} {top:.1} C{far:.1} {top:.1} {far:.1} {bottom:.1} {right:.1} {bottom:.1}")
}
