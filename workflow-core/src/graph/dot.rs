//! A picture in the DOT language of Graphviz.
//!
//! An arrow of DOT goes between states, never between clusters. So the cluster of a Parallel or Map state begins with a
//! card of its own, from which its branches start, and ends with a point, where they meet.

use std::fmt::Write as _;

use super::{Arrow, Card, Picture, Stop, Way, escaped_for_xml};
use crate::definition::Kind;

const STYLES: &str = "    compound=true
    fontname=\"Helvetica,Arial,sans-serif\"
    node [fontname=\"Helvetica,Arial,sans-serif\", fontsize=12, shape=box, style=\"rounded,filled\", margin=\"0.16,0.08\"]
    edge [fontname=\"Helvetica,Arial,sans-serif\", fontsize=10, color=\"#64748b\", fontcolor=\"#334155\"]
    start_dot [label=\"\", shape=circle, width=0.18, style=filled, fillcolor=\"#475569\", color=\"#475569\"]
";

const END_DOT: &str = "end_dot [label=\"\", shape=doublecircle, width=0.14, style=filled, fillcolor=\"#475569\", color=\"#475569\"]";

pub(super) fn write(name: &str, picture: &Picture) -> String {
    let mut text = format!("digraph {} {{\n{STYLES}", quoted(name));
    if picture.ends() {
        line(&mut text, 1, END_DOT);
    }
    write_picture(&mut text, 1, picture);
    write_ends(&mut text, 1, picture, Dots { start: "start_dot", end: "end_dot" });
    text.push_str("}\n");
    text
}

/// What stands for the start and the end of a machine.
#[derive(Clone, Copy)]
struct Dots<'a> {
    start: &'a str,
    end: &'a str,
}

/// Nothing: for arrows between states.
const NO_DOTS: Dots<'_> = Dots { start: "", end: "" };

fn line(text: &mut String, depth: usize, line: &str) {
    let _ = writeln!(text, "{:indent$}{line}", "", indent = depth * 4);
}

fn write_picture(text: &mut String, depth: usize, picture: &Picture) {
    for card in &picture.cards {
        if card.frames.is_empty() {
            line(text, depth, &node(card));
        } else {
            write_frames(text, depth, card);
        }
    }
    for arrow in picture.arrows.iter().filter(|arrow| is_inner(arrow)) {
        line(text, depth, &edge(picture, arrow, NO_DOTS));
    }
}

/// Writes the arrows from and to the dots: outside of the picture's cluster, or else it would swallow the dots.
fn write_ends(text: &mut String, depth: usize, picture: &Picture, dots: Dots<'_>) {
    for arrow in picture.arrows.iter().filter(|arrow| !is_inner(arrow)) {
        line(text, depth, &edge(picture, arrow, dots));
    }
}

fn is_inner(arrow: &Arrow) -> bool {
    arrow.from != Stop::Start && arrow.to != Stop::End
}

fn write_frames(text: &mut String, depth: usize, card: &Card) {
    let (_, fill, stroke) = look(&card.state.kind);
    line(text, depth, &format!("subgraph cluster_{} {{", card.id));
    line(
        text,
        depth + 1,
        &format!("label=\"\" style=\"rounded,filled\" fillcolor=\"{fill}40\" color=\"{stroke}\""),
    );
    line(text, depth + 1, &node(card));
    let end = format!("{}_end", card.id);
    line(
        text,
        depth + 1,
        &format!("{end} [label=\"\", shape=point, width=0.08, color=\"{stroke}\"]"),
    );
    for frame in &card.frames {
        line(text, depth + 1, &format!("subgraph cluster_{} {{", frame.id));
        let label = quoted(&frame.title);
        let style = "labeljust=l fontsize=10 fontcolor=\"#64748b\" style=\"rounded,dashed\" color=\"#94a3b8\"";
        line(text, depth + 2, &format!("label={label} {style}"));
        write_picture(text, depth + 2, &frame.picture);
        line(text, depth + 1, "}");
        write_ends(text, depth + 1, &frame.picture, Dots { start: &card.id, end: &end });
    }
    line(text, depth, "}");
}

fn node(card: &Card) -> String {
    let (shape, fill, stroke) = look(&card.state.kind);
    let subtitle =
        card.subtitle.as_ref().map(|subtitle| format!(" · {subtitle}")).unwrap_or_default();
    format!(
        "{} [label=<<b>{}</b><br/><font point-size=\"10\">{}{}</font>>, shape={shape}, fillcolor=\"{fill}\", color=\"{stroke}\"{}]",
        card.id,
        escaped_for_xml(card.state.name),
        card.state.kind.name(),
        escaped_for_xml(&subtitle),
        card.state
            .comment
            .map(|comment| format!(", tooltip={}", quoted(comment)))
            .unwrap_or_default(),
    )
}

fn edge(picture: &Picture, arrow: &Arrow, dots: Dots<'_>) -> String {
    let (from, to) = (departure(picture, arrow.from, dots), arrival(picture, arrow.to, dots));
    let mut attributes = Vec::new();
    if let Some(label) = &arrow.label {
        attributes.push(format!("label={}", quoted(&format!(" {label} "))));
    }
    if let Stop::Card(card) = arrow.from
        && !picture.cards[card].frames.is_empty()
    {
        attributes.push(format!("ltail=\"cluster_{}\"", picture.cards[card].id));
    }
    if let Stop::Card(card) = arrow.to
        && !picture.cards[card].frames.is_empty()
    {
        attributes.push(format!("lhead=\"cluster_{}\"", picture.cards[card].id));
    }
    if arrow.way == Way::Catch {
        attributes.push("style=dashed, color=\"#dc2626\", fontcolor=\"#b91c1c\"".to_owned());
    }
    if attributes.is_empty() {
        format!("{from} -> {to}")
    } else {
        format!("{from} -> {to} [{}]", attributes.join(", "))
    }
}

fn departure(picture: &Picture, stop: Stop, dots: Dots<'_>) -> String {
    match stop {
        Stop::Card(card) if !picture.cards[card].frames.is_empty() => {
            format!("{}_end", picture.cards[card].id)
        }
        stop => arrival(picture, stop, dots),
    }
}

fn arrival(picture: &Picture, stop: Stop, dots: Dots<'_>) -> String {
    match stop {
        Stop::Start => dots.start.to_owned(),
        Stop::Card(card) => picture.cards[card].id.clone(),
        Stop::End => dots.end.to_owned(),
    }
}

/// The shape, fill and stroke of a kind of state.
const fn look(kind: &Kind) -> (&'static str, &'static str, &'static str) {
    match kind {
        Kind::Task(_) => ("box", "#dbeafe", "#2563eb"),
        Kind::Choice(_) => ("diamond", "#fef3c7", "#d97706"),
        Kind::Parallel(_) => ("box", "#ede9fe", "#7c3aed"),
        Kind::Map(_) => ("box3d", "#ccfbf1", "#0d9488"),
        Kind::Wait(_) => ("octagon", "#cffafe", "#0891b2"),
        Kind::Pass => ("box", "#f1f5f9", "#64748b"),
        Kind::Succeed => ("oval", "#dcfce7", "#16a34a"),
        Kind::Fail(_) => ("oval", "#fee2e2", "#dc2626"),
    }
}

/// A quoted string of DOT, where a backslash begins an escape and a line cannot break.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            // DOT decodes entities in every string.
            '&' => quoted.push_str("&amp;"),
            character if character.is_control() => quoted.push(' '),
            character => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::super::order_flow::ORDER_FLOW;
    use super::*;

    #[test]
    fn arrows_from_a_cluster_leave_its_end_and_are_cut_at_its_border() {
        let dot = ORDER_FLOW.to_dot();
        for line in [
            "    s3_end -> s4 [ltail=\"cluster_s3\", lhead=\"cluster_s4\"]\n",
            "        s3 -> s3_b0_s0\n",
            "        s3_b0_s1 -> s3_end\n",
            "    s2 -> s3 [label=\" $.ItemStock > 0 \", lhead=\"cluster_s3\"]\n",
        ] {
            assert!(dot.contains(line), "{line}{dot}");
        }
    }

    #[test]
    fn strings_are_quoted() {
        assert_eq!(quoted("a \"b\" \\ &amp;\n"), r#""a \"b\" \\ &amp;amp; ""#);
    }
}
