//! A picture as plain text: a tree drawn with box-drawing characters.

use std::fmt::Write as _;

use super::{Arrow, Card, Picture, Stop, Way};
use crate::definition::{Definition, Kind};
use crate::duration::readable;
use crate::retry::Retrier;

/// Conditions wider than this stand out of the column of the others.
const ALIGNED: usize = 48;

pub(super) fn write(definition: &Definition, picture: &Picture) -> String {
    let mut text = format!("{}({}) → {}\n", definition.name, definition.input, definition.output);
    write_picture(&mut text, "", picture);
    text
}

fn write_picture(text: &mut String, guides: &str, picture: &Picture) {
    let last = picture.cards.len().saturating_sub(1);
    for (position, card) in picture.cards.iter().enumerate() {
        let (knot, guide) = branch(position == last);
        let _ = writeln!(text, "{guides}{knot} {}", headline(picture, position));
        write_inside(text, &format!("{guides}{guide} "), picture, card, position);
    }
}

/// The characters before an item of a list, and before what is inside it.
const fn branch(last: bool) -> (char, char) {
    if last { ('└', ' ') } else { ('├', '│') }
}

/// A state on one line, with the state that follows where there is but one.
fn headline(picture: &Picture, position: usize) -> String {
    let card = &picture.cards[position];
    let mut line = format!("{}  {}", card.state.name, card.state.kind.name());
    if let Some(subtitle) = &card.subtitle {
        let _ = write!(line, " {subtitle}");
    }
    for arrow in picture.arrows_from(position).filter(|arrow| arrow.label.is_none()) {
        let _ = write!(line, " → {}", target(picture, arrow));
    }
    line
}

/// What belongs to a state below its line: retriers, rules, branches, catchers.
fn write_inside(text: &mut String, guides: &str, picture: &Picture, card: &Card, position: usize) {
    let mut lines: Vec<(String, Option<&Picture>)> = Vec::new();
    lines.extend(card.state.retry().iter().map(|retrier| (retry(retrier), None)));
    for frame in &card.frames {
        lines.push((frame.title.clone(), Some(&frame.picture)));
    }
    lines.extend(exits(picture, card, position).into_iter().map(|line| (line, None)));
    let last = lines.len().saturating_sub(1);
    for (index, (line, inner)) in lines.into_iter().enumerate() {
        let (knot, guide) = branch(index == last);
        let _ = writeln!(text, "{guides}{knot} {line}");
        if let Some(inner) = inner {
            write_picture(text, &format!("{guides}{guide} "), inner);
        }
    }
}

fn exits(picture: &Picture, card: &Card, position: usize) -> Vec<String> {
    let labelled =
        || picture.arrows_from(position).filter_map(|arrow| Some((arrow.label.as_ref()?, arrow)));
    let width = match card.state.kind {
        Kind::Choice(_) => labelled()
            .map(|(label, _)| label.chars().count())
            .filter(|width| *width <= ALIGNED)
            .max(),
        _ => None,
    };
    let width = width.unwrap_or_default();
    labelled()
        .map(|(label, arrow)| {
            let mark = if arrow.way == Way::Catch { "✗ " } else { "" };
            format!("{mark}{label:width$} → {}", target(picture, arrow))
        })
        .collect()
}

fn target<'a>(picture: &'a Picture, arrow: &Arrow) -> &'a str {
    match arrow.to {
        Stop::Card(card) => picture.cards[card].state.name,
        Stop::Start | Stop::End => "end",
    }
}

fn retry(retrier: &Retrier) -> String {
    let mut line = format!(
        "↻ {} ×{}, after {}",
        retrier.error_equals.join(", "),
        retrier.max_attempts,
        readable(retrier.interval)
    );
    if retrier.max_attempts > 1 && retrier.backoff_rate > 1.0 {
        let _ = write!(line, ", each {} times the last", retrier.backoff_rate);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::super::order_flow::ORDER_FLOW;

    #[test]
    fn a_state_is_a_line_with_its_ways_out_below_it() {
        let text = ORDER_FLOW.to_text();
        let lines = "\
OrderFlow(String) → bool
├ Order Handling  Pass → CheckInventory
├ CheckInventory  Task check_inventory → InStock
│ └ ↻ Lambda.ServiceException, Lambda.SdkClientException ×6, after 2 s, each 2 times the last
├ InStock  Choice
│ ├ $.ItemStock > 0                                → Fulfil
│ ├ ($.publisher == \"Fern & <Co>\") && !$.printable → OutOfPrint
│ └ default                                        → OrderPrint
├ Fulfil  Parallel → PrintLabels
│ ├ Branch 1
";
        assert!(text.starts_with(lines), "{text}");
        let lines = "\
│ │ ├ WrapGift  Task wrap_gift → end
│ │ └ PlainParcel  Pass → end
│ ├ ✗ PaymentError.Declined → NotPaid
│ └ ✗ States.ALL → OutOfPrint
├ PrintLabels  Map for each of $.parcels, 3 at a time → Done
";
        assert!(text.contains(lines), "{text}");
        assert!(text.ends_with("└ AwaitPrint  Wait 1 h → CheckInventory\n"), "{text}");
    }
}
