//! A picture as an SVG document. `svg/layout.rs` says where everything is; here it is drawn.

mod arrange;
mod icon;
mod layout;
mod measure;
mod style;
mod untangle;
mod wire;

use std::fmt::Write as _;

use super::{Card, Picture, Way, escaped_for_xml};
use crate::definition::{Definition, Kind};
use layout::{Area, Box, Dot, Layout, Wire};

/// The space around the picture.
const MARGIN: f64 = 24.0;
/// The height of the line that names the workflow.
const TITLE: f64 = 44.0;

pub(super) fn write(definition: &Definition, picture: &Picture) -> String {
    let layout = Layout::new(picture);
    let width = layout.width.max(measure::TITLE.width(definition.name)) + 2.0 * MARGIN;
    let height = layout.height + TITLE + 2.0 * MARGIN;
    let mut svg = String::new();
    open(&mut svg, definition, width, height);
    let left = (width - layout.width) / 2.0;
    draw(&mut svg, &layout, left, MARGIN + TITLE);
    svg.push_str("</svg>\n");
    svg
}

fn open(svg: &mut String, definition: &Definition, width: f64, height: f64) {
    let name = escaped_for_xml(definition.name);
    let _ = writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"workflow\" role=\"img\" aria-label=\"{name}\" \
         width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {width:.0} {height:.0}\">"
    );
    svg.push_str(style::HEAD);
    let _ = writeln!(
        svg,
        "<rect class=\"canvas\" width=\"{width:.0}\" height=\"{height:.0}\" rx=\"12\"/>"
    );
    let baseline = MARGIN + 16.0;
    let comment = definition.comment.map(tooltip).unwrap_or_default();
    let _ = writeln!(
        svg,
        "<text class=\"workflow-name\" x=\"{MARGIN}\" y=\"{baseline}\">{comment}{name}</text>"
    );
}

fn draw(svg: &mut String, layout: &Layout<'_>, x: f64, y: f64) {
    let _ = writeln!(svg, "<g transform=\"translate({x:.1} {y:.1})\">");
    // Cards cover the ends of the wires, and labels stand above all of them.
    for wire in &layout.wires {
        draw_wire(svg, wire);
    }
    for dot in &layout.dots {
        draw_dot(svg, dot);
    }
    for card in &layout.boxes {
        draw_box(svg, card);
    }
    for wire in &layout.wires {
        draw_label(svg, wire);
    }
    svg.push_str("</g>\n");
}

fn draw_wire(svg: &mut String, wire: &Wire<'_>) {
    let class = if wire.arrow.way == Way::Catch { "wire catch" } else { "wire" };
    let _ = writeln!(svg, "<path class=\"{class}\" d=\"{}\"/>", wire.path);
}

fn draw_label(svg: &mut String, wire: &Wire<'_>) {
    let Some(label) = &wire.label else { return };
    let class = match wire.arrow.way {
        Way::Forward => "label",
        Way::Default => "label default",
        Way::Catch => "label catch",
    };
    let Area { x, y, width, height } = label.area;
    let title = if label.text == label.full { String::new() } else { tooltip(&label.full) };
    let _ = writeln!(
        svg,
        "<g class=\"{class}\">{title}<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"6\"/>\
         <text x=\"{:.1}\" y=\"{:.1}\">{}</text></g>",
        x + width / 2.0,
        y + height / 2.0 + 4.0,
        escaped_for_xml(&label.text)
    );
}

fn draw_dot(svg: &mut String, dot: &Dot) {
    let Dot { x, y, end } = dot;
    if *end {
        let _ = writeln!(svg, "<circle class=\"ring\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"9\"/>");
    }
    let radius = if *end { 5 } else { 9 };
    let _ = writeln!(svg, "<circle class=\"dot\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\"/>");
}

fn draw_box(svg: &mut String, placed: &Box<'_>) {
    let Area { x, y, width, height } = placed.area;
    let kind = placed.card.state.kind.name();
    let holds = if placed.frames.is_empty() { "" } else { " holder" };
    let _ =
        writeln!(svg, "<g class=\"card {kind}{holds}\" transform=\"translate({x:.1} {y:.1})\">");
    svg.push_str(&tooltip(&description(placed.card)));
    let (width, height) = match placed.card.state.kind {
        Kind::Map(_) => draw_stack(svg, width, height),
        _ => (width, height),
    };
    let _ = writeln!(
        svg,
        "<rect class=\"body\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"10\"/>"
    );
    draw_header(svg, placed, width);
    for frame in &placed.frames {
        let Area { x, y, width, height } = frame.area;
        let _ = writeln!(
            svg,
            "<rect class=\"frame\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"8\"/>\
             <text class=\"frame-name\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            x + 12.0,
            y + 18.0,
            escaped_for_xml(&frame.frame.title)
        );
        let (left, top) = frame.inner;
        draw(svg, &frame.layout, left, top);
    }
    svg.push_str("</g>\n");
}

/// Draws the sheets behind a Map state, which runs for many items, and returns the size of the sheet on top.
fn draw_stack(svg: &mut String, width: f64, height: f64) -> (f64, f64) {
    let (width, height) = (width - 2.0 * layout::SHEET, height - 2.0 * layout::SHEET);
    for sheet in [2.0, 1.0] {
        let offset = sheet * layout::SHEET;
        let _ = writeln!(
            svg,
            "<rect class=\"sheet\" x=\"{offset}\" y=\"{offset}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"10\"/>"
        );
    }
    (width, height)
}

fn draw_header(svg: &mut String, placed: &Box<'_>, width: f64) {
    let card = placed.card;
    let top = (placed.header - 34.0) / 2.0;
    let _ =
        writeln!(svg, "<g transform=\"translate(11 {top:.1})\">{}</g>", icon::of(&card.state.kind));
    let middle = placed.header / 2.0;
    let lines: &[(&str, f64, &str)] = match &placed.subtitle {
        None => &[("kind", -6.0, card.state.kind.name()), ("name", 12.0, &placed.name)],
        Some(subtitle) => &[
            ("kind", -15.0, card.state.kind.name()),
            ("name", 3.0, &placed.name),
            ("about", 20.0, subtitle),
        ],
    };
    for (class, offset, text) in lines {
        let y = middle + offset;
        let text = escaped_for_xml(text);
        let _ = writeln!(
            svg,
            "<text class=\"{class}\" x=\"{}\" y=\"{y:.1}\">{text}</text>",
            layout::TEXT_LEFT
        );
    }
    if card.retries() > 0 {
        let (x, y) = (width - 12.0, middle + lines[0].1);
        let _ = writeln!(
            svg,
            "<text class=\"retry\" x=\"{x:.1}\" y=\"{y:.1}\">↻ {}</text>",
            card.retries()
        );
    }
}

/// All there is to say of a state, for who points at it.
fn description(card: &Card) -> String {
    let mut text = format!("{}: {}", card.state.name, card.state.kind.name());
    if let Some(subtitle) = &card.subtitle {
        let _ = write!(text, " {subtitle}");
    }
    if let Some(comment) = card.state.comment {
        let _ = write!(text, " — {comment}");
    }
    for retrier in card.state.retry() {
        let _ = write!(
            text,
            " · retries {} up to {} times",
            retrier.error_equals.join(", "),
            retrier.max_attempts
        );
    }
    text
}

fn tooltip(text: &str) -> String {
    format!("<title>{}</title>", escaped_for_xml(text))
}

#[cfg(test)]
mod tests {
    use super::super::order_flow::ORDER_FLOW;
    use super::*;

    #[test]
    fn the_same_definition_is_always_the_same_picture() {
        assert_eq!(ORDER_FLOW.to_svg(), ORDER_FLOW.to_svg());
    }

    #[test]
    fn text_is_escaped_and_what_is_cut_is_in_a_tooltip() {
        let svg = ORDER_FLOW.to_svg();
        assert!(svg.contains("<title>($.publisher == &quot;Fern &amp; &lt;Co&gt;&quot;) &amp;&amp; !$.printable</title>"));
        assert!(!svg.contains("<Co>"));
    }

    #[test]
    fn every_element_is_closed() {
        let svg = ORDER_FLOW.to_svg();
        for element in ["svg", "g", "text", "title", "style", "defs", "marker"] {
            let opened = svg.matches(&format!("<{element}>")).count()
                + svg.matches(&format!("<{element} ")).count();
            assert_eq!(opened, svg.matches(&format!("</{element}>")).count(), "{element}");
        }
    }

    #[test]
    fn nothing_overlaps_and_everything_is_on_the_page() {
        let picture = Picture::new(&ORDER_FLOW.machine);
        stands_apart(&Layout::new(&picture));
    }

    fn stands_apart(layout: &Layout<'_>) {
        let labels = layout.wires.iter().filter_map(|wire| Some(wire.label.as_ref()?.area));
        let areas: Vec<Area> =
            layout.boxes.iter().map(|placed| placed.area).chain(labels).collect();
        for (position, one) in areas.iter().enumerate() {
            assert!(one.x >= -0.5 && one.right() <= layout.width + 0.5, "{one:?} is off the page");
            assert!(
                one.y >= -0.5 && one.bottom() <= layout.height + 0.5,
                "{one:?} is off the page"
            );
            for other in &areas[position + 1..] {
                let beside = one.right() <= other.x || other.right() <= one.x;
                let below = one.bottom() <= other.y || other.bottom() <= one.y;
                assert!(beside || below, "{one:?} and {other:?} overlap");
            }
        }
        let frames = layout.boxes.iter().flat_map(|placed| &placed.frames);
        frames.for_each(|frame| stands_apart(&frame.layout));
    }
}
