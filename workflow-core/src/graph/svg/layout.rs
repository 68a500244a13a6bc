//! Where everything is. Each machine is laid out by dagre on its own, from the inside out: a state with branches is one
//! large card to the machine around it. So branches stand side by side, and no arrow crosses a frame.

use std::collections::BTreeMap;

use super::super::{Arrow, Card, Frame, Picture, Stop};
use super::arrange::Arrangement;
use super::measure::{ABOUT, FRAME, LABEL, NAME};
use super::untangle::{Strand, untangle};
use super::wire::{Route, Router};

/// Where the text of a card begins.
pub(super) const TEXT_LEFT: f64 = 56.0;
/// By how much each sheet of a Map state looks out below the one above.
pub(super) const SHEET: f64 = 4.0;

const NARROWEST_TEXT: f64 = 84.0;
const WIDEST_TEXT: f64 = 280.0;
const WIDEST_LABEL: f64 = 250.0;
const LABEL_HEIGHT: f64 = 20.0;
const PADDING: f64 = 14.0;
const FRAME_NAME: f64 = 30.0;
/// Frames that side by side are wider than this stand in several rows.
const ROW: f64 = 1600.0;

/// A machine with the places of all it shows, measured from its upper left corner.
pub(super) struct Layout<'a> {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) boxes: Vec<Box<'a>>,
    pub(super) dots: Vec<Dot>,
    pub(super) wires: Vec<Wire<'a>>,
}

/// A rectangle.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Area {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// A card and its place.
pub(super) struct Box<'a> {
    pub(super) card: &'a Card,
    pub(super) area: Area,
    /// The height of the part that names the state.
    pub(super) header: f64,
    pub(super) name: String,
    pub(super) subtitle: Option<String>,
    pub(super) frames: Vec<PlacedFrame<'a>>,
}

/// A frame and its place, measured from the card's corner.
pub(super) struct PlacedFrame<'a> {
    pub(super) frame: &'a Frame,
    pub(super) area: Area,
    pub(super) layout: Layout<'a>,
    /// The corner of the machine inside, measured from the card's corner too.
    pub(super) inner: (f64, f64),
}

/// The start or the end of a machine.
pub(super) struct Dot {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) end: bool,
}

/// An arrow and its way.
pub(super) struct Wire<'a> {
    pub(super) arrow: &'a Arrow,
    /// The data of an SVG path.
    pub(super) path: String,
    pub(super) label: Option<Label>,
}

/// The label of an arrow.
pub(super) struct Label {
    pub(super) text: String,
    pub(super) full: String,
    pub(super) area: Area,
}

impl Area {
    pub(super) fn middle(&self) -> f64 {
        self.x + self.width / 2.0
    }

    pub(super) fn center(&self) -> f64 {
        self.y + self.height / 2.0
    }

    pub(super) fn bottom(&self) -> f64 {
        self.y + self.height
    }

    pub(super) fn right(&self) -> f64 {
        self.x + self.width
    }

    pub(super) fn around(x: f64, y: f64, width: f64, height: f64) -> Self {
        Self { x: x - width / 2.0, y: y - height / 2.0, width, height }
    }
}

impl<'a> Layout<'a> {
    /// Lays out a whole workflow, with the dots of its start and its end.
    pub(super) fn new(picture: &'a Picture) -> Self {
        Self::of(picture, true)
    }

    fn of(picture: &'a Picture, dots: bool) -> Self {
        let mut boxes: Vec<Box<'a>> = picture.cards.iter().map(Box::new).collect();
        let shown = |stop: Stop| dots || matches!(stop, Stop::Card(_));
        let arrows: Vec<&Arrow> =
            picture.arrows.iter().filter(|arrow| shown(arrow.from) && shown(arrow.to)).collect();
        let labels: Vec<Option<Label>> = arrows.iter().map(|arrow| Label::new(arrow)).collect();
        let sizes: Vec<Area> = boxes.iter().map(|placed| placed.area).collect();
        let arrangement = Arrangement::new(&sizes, &arrows, &labels);
        let areas = arrangement.areas(boxes.len());
        for (placed, position) in boxes.iter_mut().zip(0..) {
            placed.area = areas.get(&Stop::Card(position)).copied().unwrap_or(placed.area);
        }
        let (width, height) = arrangement.size();
        Self {
            width,
            height,
            boxes,
            dots: placed_dots(&areas),
            wires: wires(&arrangement, &areas, &arrows, labels),
        }
    }
}

impl<'a> Box<'a> {
    /// A card of the right size that has no place yet.
    fn new(card: &'a Card) -> Self {
        let retries = if card.retries() > 0 { 40.0 } else { 0.0 };
        let mut text = NAME.width(card.state.name).max(NARROWEST_TEXT + retries);
        if let Some(subtitle) = &card.subtitle {
            text = text.max(ABOUT.width(subtitle));
        }
        let text = text.min(WIDEST_TEXT);
        let header = if card.subtitle.is_some() { 66.0 } else { 54.0 };
        let mut area =
            Area { width: TEXT_LEFT + text + PADDING, height: header, ..Area::default() };
        let frames = placed_frames(card, header, &mut area);
        let text = text.max(area.width - TEXT_LEFT - PADDING);
        Self {
            card,
            area,
            header,
            name: NAME.fitted(card.state.name, text),
            subtitle: card.subtitle.as_ref().map(|subtitle| ABOUT.fitted(subtitle, text)),
            frames,
        }
    }
}

/// Sets the frames of a card in rows below its header, all frames of a row equally high, and grows the card to hold them.
fn placed_frames<'a>(card: &'a Card, header: f64, area: &mut Area) -> Vec<PlacedFrame<'a>> {
    if card.frames.is_empty() {
        return Vec::new();
    }
    let mut rows = rows(card.frames.iter().map(PlacedFrame::new).collect());
    let widest = rows.iter().map(|row| row_width(row)).fold(area.width, f64::max);
    let mut top = header;
    for row in &mut rows {
        let left = (widest - row_width(row)) / 2.0 + PADDING;
        top = placed_row(row, left, top);
    }
    let sheets =
        if matches!(card.state.kind, crate::definition::Kind::Map(_)) { 2.0 * SHEET } else { 0.0 };
    (area.width, area.height) = (widest + sheets, top + sheets);
    rows.into_iter().flatten().collect()
}

/// Frames in as few rows as there need be, about equally wide.
fn rows<'a>(frames: Vec<PlacedFrame<'a>>) -> Vec<Vec<PlacedFrame<'a>>> {
    let all = row_width(&frames);
    let widest = all / (all / ROW).ceil();
    let mut rows: Vec<Vec<PlacedFrame<'a>>> = Vec::new();
    let mut right = 0.0;
    for frame in frames {
        right += frame.area.width + PADDING;
        match rows.last_mut() {
            Some(row) if right - frame.area.width / 2.0 < widest => row.push(frame),
            _ => {
                right = frame.area.width + PADDING;
                rows.push(vec![frame]);
            }
        }
    }
    rows
}

fn row_width(row: &[PlacedFrame<'_>]) -> f64 {
    row.iter().map(|placed| placed.area.width + PADDING).sum::<f64>() + PADDING
}

/// Places a row, and returns where the next one begins.
fn placed_row(row: &mut [PlacedFrame<'_>], mut left: f64, top: f64) -> f64 {
    let height = row.iter().map(|placed| placed.area.height).fold(0.0, f64::max);
    for placed in row {
        placed.area = Area { x: left, y: top, height, ..placed.area };
        placed.inner = (left + (placed.area.width - placed.layout.width) / 2.0, top + FRAME_NAME);
        left += placed.area.width + PADDING;
    }
    top + height + PADDING
}

impl<'a> PlacedFrame<'a> {
    fn new(frame: &'a Frame) -> Self {
        let layout = Layout::of(&frame.picture, false);
        let width = (layout.width + 2.0 * PADDING).max(FRAME.width(&frame.title) + 2.0 * PADDING);
        let area = Area { width, height: layout.height + FRAME_NAME + PADDING, ..Area::default() };
        Self { frame, area, layout, inner: (0.0, 0.0) }
    }
}

impl Label {
    fn new(arrow: &Arrow) -> Option<Self> {
        let full = arrow.label.clone()?;
        let text = LABEL.fitted(&full, WIDEST_LABEL);
        let area =
            Area { width: LABEL.width(&text) + 16.0, height: LABEL_HEIGHT, ..Area::default() };
        Some(Self { text, full, area })
    }
}

fn placed_dots(areas: &BTreeMap<Stop, Area>) -> Vec<Dot> {
    let dot = |stop: &Stop| {
        let area = areas.get(stop)?;
        Some(Dot { x: area.middle(), y: area.center(), end: *stop == Stop::End })
    };
    [Stop::Start, Stop::End].iter().filter_map(dot).collect()
}

fn wires<'a>(
    arrangement: &Arrangement,
    areas: &BTreeMap<Stop, Area>,
    arrows: &[&'a Arrow],
    labels: Vec<Option<Label>>,
) -> Vec<Wire<'a>> {
    let mut strands: Vec<Strand> = arrows
        .iter()
        .enumerate()
        .map(|(position, arrow)| arrangement.strand(arrow, position, areas))
        .collect();
    untangle(&mut strands, &areas.values().copied().collect::<Vec<_>>());
    let mut wires = Vec::new();
    for ((arrow, mut label), strand) in arrows.iter().zip(labels).zip(&strands) {
        if let (Some(label), Some((point, _))) = (&mut label, strand.label) {
            let (x, y) = strand.points[point];
            label.area = Area::around(x, y, label.area.width, label.area.height);
        }
        wires.push(Wire { arrow, path: String::new(), label });
    }
    let routes = arrows
        .iter()
        .zip(strands)
        .map(|(arrow, strand)| Route::new(arrow.from, arrow.to, strand.points));
    for (wire, path) in wires.iter_mut().zip(Router::new(areas, routes.collect()).paths()) {
        wire.path = path;
    }
    wires
}
