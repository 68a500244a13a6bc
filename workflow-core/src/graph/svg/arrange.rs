//! One machine as dagre arranges it: cards in rows, and the points that arrows go through.

use std::collections::BTreeMap;

use dagre::graph::{Graph, GraphOptions};
use dagre::layout::types::LabelPos;
use dagre::{EdgeLabel, GraphLabel, LayoutOptions, NodeLabel};

use super::super::{Arrow, Stop, Way};
use super::layout::{Area, Label};
use super::untangle::{Point, Strand};

/// The size of the dots at the start and the end.
const DOT: f64 = 18.0;

/// An arrangement of cards and arrows.
pub(super) struct Arrangement(Graph<NodeLabel, EdgeLabel>);

impl Arrangement {
    pub(super) fn new(cards: &[Area], arrows: &[&Arrow], labels: &[Option<Label>]) -> Self {
        let mut graph =
            Graph::with_options(GraphOptions { directed: true, multigraph: true, compound: false });
        for (card, position) in cards.iter().zip(0..) {
            graph.set_node(id(Stop::Card(position)), node(card.width, card.height));
        }
        for (position, (arrow, label)) in arrows.iter().zip(labels).enumerate() {
            for stop in
                [arrow.from, arrow.to].into_iter().filter(|stop| !matches!(stop, Stop::Card(_)))
            {
                graph.set_node(id(stop), node(DOT, DOT));
            }
            let (width, height) =
                label.as_ref().map_or((0.0, 0.0), |label| (label.area.width, label.area.height));
            let edge = EdgeLabel {
                width,
                height,
                weight: weight(arrow),
                labelpos: LabelPos::Center,
                ..EdgeLabel::default()
            };
            graph.set_edge(id(arrow.from), id(arrow.to), Some(edge), Some(&position.to_string()));
        }
        dagre::layout(&mut graph, Some(options()));
        Self(graph)
    }

    pub(super) fn size(&self) -> (f64, f64) {
        self.0.graph_label::<GraphLabel>().map_or((0.0, 0.0), |label| (label.width, label.height))
    }

    /// The places of the cards and dots.
    pub(super) fn areas(&self, cards: usize) -> BTreeMap<Stop, Area> {
        let stops = [Stop::Start, Stop::End].into_iter().chain((0..cards).map(Stop::Card));
        let area = |stop: Stop| {
            let node = self.0.node(&id(stop))?;
            Some((stop, Area::around(node.x?, node.y?, node.width, node.height)))
        };
        stops.filter_map(area).collect()
    }

    /// The way of an arrow between its cards.
    pub(super) fn strand(
        &self,
        arrow: &Arrow,
        position: usize,
        areas: &BTreeMap<Stop, Area>,
    ) -> Strand {
        let middle = |stop| areas.get(&stop).map(|area| (area.middle(), area.center()));
        let edge = self.edge(arrow, position);
        let points = edge.map(|edge| edge.points.as_slice()).unwrap_or_default();
        let inner = points.get(1..points.len().saturating_sub(1)).unwrap_or_default();
        let inner = inner.iter().map(|point| (point.x, point.y));
        let points: Vec<Point> =
            middle(arrow.from).into_iter().chain(inner).chain(middle(arrow.to)).collect();
        let labelled = edge.and_then(|edge| Some((edge.x?, edge.y?, edge.width)));
        let label = labelled.and_then(|(x, y, width)| {
            let is_label = |point: &Point| (point.0 - x).abs() < 1.0 && (point.1 - y).abs() < 1.0;
            Some((points.iter().position(is_label)?, width))
        });
        Strand { points, label }
    }

    fn edge(&self, arrow: &Arrow, position: usize) -> Option<&EdgeLabel> {
        self.0.edge(&id(arrow.from), &id(arrow.to), Some(&position.to_string()))
    }
}

fn options() -> LayoutOptions {
    // Of equally good orders the first is the one in which the rules of a choice are declared.
    LayoutOptions {
        nodesep: 36.0,
        edgesep: 22.0,
        ranksep: 76.0,
        tie_keep_first: true,
        ..LayoutOptions::default()
    }
}

/// The name of a stop in dagre's graph.
fn id(stop: Stop) -> String {
    match stop {
        Stop::Start => "start".to_owned(),
        Stop::Card(card) => card.to_string(),
        Stop::End => "end".to_owned(),
    }
}

fn node(width: f64, height: f64) -> Option<NodeLabel> {
    Some(NodeLabel { width, height, ..NodeLabel::default() })
}

/// How straight an arrow wants to be: the way on when all goes well more than any other.
const fn weight(arrow: &Arrow) -> i32 {
    match (arrow.way, &arrow.label) {
        (Way::Forward, None) => 8,
        (Way::Forward, Some(_)) | (Way::Default, _) => 3,
        (Way::Catch, _) => 1,
    }
}
