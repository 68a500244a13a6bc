//! A picture as a Mermaid flowchart: the only one of Mermaid's diagrams that nests branches and quotes any label.

use std::fmt::Write as _;

use super::{Arrow, Card, Picture, Stop, Way};
use crate::definition::Kind;

/// The look of the kinds of state: fill and stroke, readable on light and dark pages.
const STYLES: &str = "    classDef Task fill:#dbeafe,stroke:#2563eb,color:#172554
    classDef Choice fill:#fef3c7,stroke:#d97706,color:#451a03
    classDef Wait fill:#cffafe,stroke:#0891b2,color:#083344
    classDef Pass fill:#f1f5f9,stroke:#64748b,color:#0f172a
    classDef Succeed fill:#dcfce7,stroke:#16a34a,color:#052e16
    classDef Fail fill:#fee2e2,stroke:#dc2626,color:#450a0a
    classDef Branch fill:#94a3b81a,stroke:#94a3b8,stroke-dasharray:4
    classDef Dot fill:#475569,stroke:#475569,color:#475569
";

pub(super) fn write(picture: &Picture) -> String {
    let mut chart = Chart { text: "flowchart TD\n".to_owned(), arrows: 0, catches: Vec::new() };
    chart.line(1, "start_dot(( )):::Dot");
    chart.picture(1, picture);
    if picture.ends() {
        chart.line(1, "end_dot((( ))):::Dot");
    }
    for arrow in picture.arrows.iter().filter(|arrow| !is_inner(arrow)) {
        chart.arrow(1, picture, arrow);
    }
    chart.finish()
}

/// A flowchart while it is written. Mermaid styles arrows by their number, so they are counted.
struct Chart {
    text: String,
    arrows: usize,
    catches: Vec<String>,
}

impl Chart {
    fn line(&mut self, depth: usize, line: &str) {
        let _ = writeln!(self.text, "{:indent$}{line}", "", indent = depth * 4);
    }

    /// Writes the cards of a picture and the arrows between them; those from and to the dots are the caller's.
    fn picture(&mut self, depth: usize, picture: &Picture) {
        for card in &picture.cards {
            if card.frames.is_empty() {
                self.card(depth, card);
            } else {
                self.frames(depth, card);
            }
        }
        for arrow in picture.arrows.iter().filter(|arrow| is_inner(arrow)) {
            self.arrow(depth, picture, arrow);
        }
    }

    fn card(&mut self, depth: usize, card: &Card) {
        let (open, close) = brackets(&card.state.kind);
        let line =
            format!("{}{open}\"{}\"{close}:::{}", card.id, label(card), card.state.kind.name());
        self.line(depth, &line);
    }

    fn frames(&mut self, depth: usize, card: &Card) {
        // Mermaid leaves one line for the title.
        let title = label(card).replace("<br/>", " · ");
        self.line(depth, &format!("subgraph {}[\"{title}\"]", card.id));
        self.line(depth + 1, "direction TB");
        for frame in &card.frames {
            self.line(depth + 1, &format!("subgraph {}[\"{}\"]", frame.id, escaped(&frame.title)));
            self.line(depth + 2, "direction TB");
            self.picture(depth + 2, &frame.picture);
            self.line(depth + 1, "end");
            self.line(depth + 1, &format!("class {} Branch", frame.id));
        }
        self.line(depth, "end");
        // Mermaid gives no class to a subgraph that arrows reach, but it does give it a style.
        let stroke = if matches!(card.state.kind, Kind::Map(_)) { "#0d9488" } else { "#7c3aed" };
        self.line(depth, &format!("style {} fill:#94a3b814,stroke:{stroke}", card.id));
    }

    fn arrow(&mut self, depth: usize, picture: &Picture, arrow: &Arrow) {
        let line = if arrow.way == Way::Catch { "-.->" } else { "-->" };
        let label = arrow
            .label
            .as_ref()
            .map(|label| format!("|\"{}\"|", escaped(label)))
            .unwrap_or_default();
        let [from, to] = [arrow.from, arrow.to].map(|stop| id(picture, stop));
        self.line(depth, &format!("{from} {line}{label} {to}"));
        if arrow.way == Way::Catch {
            self.catches.push(self.arrows.to_string());
        }
        self.arrows += 1;
    }

    fn finish(mut self) -> String {
        self.text.push_str(STYLES);
        if !self.catches.is_empty() {
            self.line(1, &format!("linkStyle {} stroke:#dc2626", self.catches.join(",")));
        }
        self.text
    }
}

fn is_inner(arrow: &Arrow) -> bool {
    arrow.from != Stop::Start && arrow.to != Stop::End
}

fn id(picture: &Picture, stop: Stop) -> &str {
    match stop {
        Stop::Start => "start_dot",
        Stop::Card(card) => &picture.cards[card].id,
        Stop::End => "end_dot",
    }
}

const fn brackets(kind: &Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Task(_) | Kind::Parallel(_) | Kind::Map(_) => ("[", "]"),
        Kind::Choice(_) => ("{", "}"),
        Kind::Wait(_) => ("{{", "}}"),
        Kind::Pass => ("(", ")"),
        Kind::Succeed | Kind::Fail(_) => ("([", "])"),
    }
}

fn label(card: &Card) -> String {
    let name = escaped(card.state.name);
    let kind = card.state.kind.name();
    match &card.subtitle {
        None => format!("<b>{name}</b><br/>{kind}"),
        Some(subtitle) => format!("<b>{name}</b><br/>{kind} · {}", escaped(subtitle)),
    }
}

/// Text in a quoted label. Mermaid reads `#name;` as an entity and a first backquote as Markdown, so all that could mean
/// something to it, or to the HTML it makes, is written by number.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' | '#' | '&' | '<' | '>' | '`' | ';' | '\\' | '*' | '_' | '$' | '%' | '{' | '}' => {
                let _ = write!(escaped, "#{};", u32::from(character));
            }
            character if character.is_control() => escaped.push(' '),
            character => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::super::order_flow::ORDER_FLOW;
    use super::*;

    #[test]
    fn branches_are_subgraphs_and_catchers_dashed() {
        let chart = ORDER_FLOW.to_mermaid();
        for line in [
            "    start_dot --> s0\n",
            "    s1[\"<b>CheckInventory</b><br/>Task · check#95;inventory\"]:::Task\n",
            "    subgraph s3[\"<b>Fulfil</b> · Parallel\"]\n",
            "        subgraph s3_b4[\"Branch 5\"]\n",
            "            s3_b4_s0 -->|\"#36;.gift\"| s3_b4_s1\n",
            "    s3 -.->|\"PaymentError.Declined\"| s6\n",
        ] {
            assert!(chart.contains(line), "{line}{chart}");
        }
    }

    #[test]
    fn arrows_of_catchers_are_coloured_by_their_number() {
        let chart = ORDER_FLOW.to_mermaid();
        let arrows = chart.lines().filter(|line| line.contains("-->") || line.contains("-.->"));
        let dashed = arrows.enumerate().filter(|(_, line)| line.contains("-.->"));
        let numbers: Vec<String> = dashed.map(|(number, _)| number.to_string()).collect();
        assert!(chart.contains(&format!("linkStyle {} stroke", numbers.join(","))), "{chart}");
    }

    #[test]
    fn nothing_in_a_label_means_anything_to_mermaid() {
        assert_eq!(escaped("`$.a` == \"#x\"\n"), "#96;#36;.a#96; == #34;#35;x#34; ");
    }
}
