//! Pictures of a workflow: Mermaid, Graphviz, SVG and plain text, all made from its [`Definition`].
//!
//! This file turns a machine into a [`Picture`], which knows what to show and not how; each notation has a file of its own.

mod dot;
mod mermaid;
#[cfg(test)]
pub(crate) mod order_flow;
#[cfg(feature = "svg")]
mod svg;
mod text;

use std::collections::BTreeSet;

use crate::definition::{
    Choice, Definition, Expression, Fail, Integration, Kind, Limit, Map, State, StateId,
    StateMachine, Task, Transition, Wait,
};
use crate::duration::readable;

impl Definition {
    /// Returns the workflow as plain text: a line for each state, its branches and ways out below it.
    ///
    /// # Example
    ///
    /// ```
    /// use workflow_core::{Workflow, workflow};
    ///
    /// workflow! {
    ///     pub Greeting(String) -> String;
    ///     Greet: Pass { output: format("Hello, {}!", $), end }
    /// }
    ///
    /// assert_eq!(Greeting::DEFINITION.to_text(), "Greeting(String) → String\n└ Greet  Pass → end\n");
    /// ```
    #[must_use]
    pub fn to_text(&self) -> String {
        text::write(self, &Picture::new(&self.machine))
    }

    /// Returns the workflow as a [Mermaid](https://mermaid.js.org) flowchart, which GitHub shows in Markdown.
    ///
    /// # Example
    ///
    /// ```
    /// use workflow_core::{Workflow, workflow};
    ///
    /// workflow! {
    ///     pub Greeting(String) -> String;
    ///     Greet: Pass { output: format("Hello, {}!", $), end }
    /// }
    ///
    /// let mermaid = Greeting::DEFINITION.to_mermaid();
    /// assert!(mermaid.starts_with("flowchart TD\n"));
    /// assert!(mermaid.contains("s0 --> end_dot"), "`end` goes to the dot at the bottom");
    /// ```
    #[must_use]
    pub fn to_mermaid(&self) -> String {
        mermaid::write(&Picture::new(&self.machine))
    }

    /// Returns the workflow in the DOT language of [Graphviz](https://graphviz.org): `dot -Tsvg` draws it.
    ///
    /// # Example
    ///
    /// ```
    /// use workflow_core::{Workflow, workflow};
    ///
    /// workflow! {
    ///     pub Greeting(String) -> String;
    ///     Greet: Pass { output: format("Hello, {}!", $), end }
    /// }
    ///
    /// let dot = Greeting::DEFINITION.to_dot();
    /// assert!(dot.starts_with("digraph \"Greeting\" {\n"));
    /// assert!(dot.contains("s0 -> end_dot"), "`end` goes to the dot at the bottom");
    /// ```
    #[must_use]
    pub fn to_dot(&self) -> String {
        dot::write(self.name, &Picture::new(&self.machine))
    }

    /// Returns the workflow as an SVG document that stands on its own and follows the reader's light or dark scheme.
    ///
    /// # Example
    ///
    /// ```
    /// use workflow_core::{Workflow, workflow};
    ///
    /// workflow! {
    ///     pub Greeting(String) -> String;
    ///     Greet: Pass { output: format("Hello, {}!", $), end }
    /// }
    ///
    /// let svg = Greeting::DEFINITION.to_svg();
    /// assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
    /// assert!(svg.contains(">Greet</text>"));
    /// ```
    #[cfg(feature = "svg")]
    #[must_use]
    pub fn to_svg(&self) -> String {
        svg::write(self, &Picture::new(&self.machine))
    }
}

/// A machine as a picture shows it.
struct Picture {
    /// Its states in the order in which they are reached, the start first.
    cards: Vec<Card>,
    arrows: Vec<Arrow>,
}

/// A state as a picture shows it.
struct Card {
    /// A name that no other card of the outermost picture has, of letters, digits and `_`.
    id: String,
    state: &'static State,
    /// What it is about, beside its kind: the function it calls, how long it waits.
    subtitle: Option<String>,
    /// The machines inside it: branches, or one item processor.
    frames: Vec<Frame>,
}

/// A branch of a Parallel state, or the item processor of a Map state.
struct Frame {
    id: String,
    title: String,
    picture: Picture,
}

/// A transition as a picture shows it.
struct Arrow {
    from: Stop,
    to: Stop,
    label: Option<String>,
    way: Way,
}

/// Where an arrow begins or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stop {
    /// The dot before the first state.
    Start,
    /// A state, by its position among the cards.
    Card(usize),
    /// The dot after the last state.
    End,
}

/// Why an arrow is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// All went well, or a rule holds.
    Forward,
    /// No rule holds.
    Default,
    /// A catcher took an error.
    Catch,
}

impl Picture {
    fn new(machine: &StateMachine) -> Self {
        Self::inside(machine, "")
    }

    /// The picture of a machine whose cards' ids begin with a prefix.
    fn inside(machine: &StateMachine, prefix: &str) -> Self {
        let order = reached(machine);
        let place = |id: StateId| {
            Stop::Card(order.iter().position(|other| *other == id).unwrap_or_default())
        };
        let cards = order
            .iter()
            .enumerate()
            .map(|(position, id)| Card::new(machine.state(*id), prefix, position));
        let mut arrows =
            vec![Arrow { from: Stop::Start, to: Stop::Card(0), label: None, way: Way::Forward }];
        for (position, id) in order.iter().enumerate() {
            let ways = ways_out(machine.state(*id)).into_iter();
            arrows.extend(ways.map(|Exit { to, label, way }| Arrow {
                from: Stop::Card(position),
                to: to.map_or(Stop::End, place),
                label,
                way,
            }));
        }
        Self { cards: cards.collect(), arrows }
    }

    /// The arrows that leave a card, in the order in which they are tried.
    fn arrows_from(&self, card: usize) -> impl Iterator<Item = &Arrow> {
        self.arrows.iter().filter(move |arrow| arrow.from == Stop::Card(card))
    }

    fn ends(&self) -> bool {
        self.arrows.iter().any(|arrow| arrow.to == Stop::End)
    }
}

impl Card {
    fn new(state: &'static State, prefix: &str, position: usize) -> Self {
        let id = format!("{prefix}s{position}");
        Self { frames: frames(state, &id), subtitle: subtitle(state), id, state }
    }

    /// How many retries its retriers grant in all.
    #[cfg(feature = "svg")]
    fn retries(&self) -> u32 {
        self.state.retry().iter().fold(0, |sum, retrier| sum.saturating_add(retrier.max_attempts))
    }
}

fn frames(state: &'static State, id: &str) -> Vec<Frame> {
    let frame = |title, index: usize, machine| {
        let id = format!("{id}_b{index}");
        Frame { title, picture: Picture::inside(machine, &format!("{id}_")), id }
    };
    match &state.kind {
        Kind::Parallel(parallel) => {
            let branches = parallel.branches.iter().enumerate();
            branches
                .map(|(index, branch)| frame(format!("Branch {}", index + 1), index, branch))
                .collect()
        }
        Kind::Map(map) => vec![frame("Item processor".to_owned(), 0, &map.item_processor)],
        _ => Vec::new(),
    }
}

/// The states of a machine in the order in which they are first reached; those that never are come last.
fn reached(machine: &StateMachine) -> Vec<StateId> {
    let mut seen = BTreeSet::new();
    let mut order = Vec::new();
    let mut waiting = vec![machine.start_at];
    while let Some(id) = waiting.pop() {
        if seen.insert(id) {
            order.push(id);
            waiting
                .extend(ways_out(machine.state(id)).into_iter().rev().filter_map(|exit| exit.to));
        }
    }
    let all = (0..machine.states.len()).filter_map(|index| u16::try_from(index).ok()).map(StateId);
    order.extend(all.filter(|id| !seen.contains(id)));
    order
}

/// A way out of a state; to no other state where the machine ends.
struct Exit {
    to: Option<StateId>,
    label: Option<String>,
    way: Way,
}

impl Exit {
    fn forward(to: Option<StateId>) -> Self {
        Self { to, label: None, way: Way::Forward }
    }
}

/// The ways out of a state, in the order in which they are tried; those of its catchers last.
fn ways_out(state: &State) -> Vec<Exit> {
    let mut exits = match (&state.kind, state.transition) {
        (Kind::Choice(choice), _) => rules(choice),
        (_, Some(Transition::Next(next))) => vec![Exit::forward(Some(next))],
        (_, Some(Transition::End)) | (Kind::Succeed, None) => vec![Exit::forward(None)],
        (_, None) => Vec::new(),
    };
    exits.extend(state.catch().iter().map(|catcher| Exit {
        to: Some(catcher.next),
        label: Some(catcher.error_equals.join(", ")),
        way: Way::Catch,
    }));
    exits
}

fn rules(choice: &Choice) -> Vec<Exit> {
    let rules = choice.rules.iter().map(|rule| Exit {
        to: Some(rule.next),
        label: Some(rule.condition.to_string()),
        way: Way::Forward,
    });
    let default = choice.default.map(|default| Exit {
        to: Some(default.next),
        label: Some("default".to_owned()),
        way: Way::Default,
    });
    rules.chain(default).collect()
}

fn subtitle(state: &State) -> Option<String> {
    match &state.kind {
        Kind::Task(task) if task.awaits.is_some() => {
            Some(format!("{}, awaits its task token", called(task)))
        }
        Kind::Task(task) => Some(called(task)),
        Kind::Map(map) => Some(each(map)),
        Kind::Wait(wait) => Some(waited(wait)),
        Kind::Fail(fail) => failure(fail),
        Kind::Choice(_) | Kind::Parallel(_) | Kind::Pass | Kind::Succeed => None,
    }
}

/// What a Task state calls, as `workflow!` writes it.
pub(crate) fn called(task: &Task) -> String {
    match task.integration {
        // On AWS it is called through Lambda, which hands the token on.
        Integration::LambdaInvoke if task.awaits.is_some() => task.function.to_owned(),
        Integration::Function | Integration::Execution => task.function.to_owned(),
        Integration::StartExecution => format!("states::start_execution({})", task.function),
        Integration::LambdaInvoke => format!("lambda::invoke({})", task.function),
    }
}

fn each(map: &Map) -> String {
    match map.max_concurrency {
        None => format!("for each of {}", map.items),
        Some(limit) => format!("for each of {}, {limit} at a time", map.items),
    }
}

fn waited(wait: &Wait) -> String {
    match wait {
        Wait::Seconds(Limit::Fixed(duration)) => readable(*duration),
        Wait::Seconds(Limit::Seconds(seconds)) => format!("{seconds} seconds"),
        Wait::Timestamp(time) => format!("until {}", unquoted(time)),
    }
}

fn failure(fail: &Fail) -> Option<String> {
    fail.error.as_ref().or(fail.cause.as_ref()).map(unquoted)
}

/// The text of a literal and an error name without quotes, and any other expression as it is.
fn unquoted(expression: &Expression) -> String {
    match expression {
        Expression::Literal(json) => {
            serde_json::from_str(json).unwrap_or_else(|_| (*json).to_owned())
        }
        Expression::ErrorName(name) => (*name).to_owned(),
        expression => expression.to_string(),
    }
}

/// Text between the tags of XML or of Graphviz's HTML-like labels, or in an attribute of either.
fn escaped_for_xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(' '),
            // XML 1.0 has no way to write the other control characters.
            character if character.is_control() => escaped.push('\u{fffd}'),
            character => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::order_flow::ORDER_FLOW;
    use super::*;

    #[test]
    fn states_are_shown_in_the_order_in_which_they_are_reached() {
        let picture = Picture::new(&ORDER_FLOW.machine);
        let names: Vec<_> = picture.cards.iter().map(|card| card.state.name).collect();
        assert_eq!(names[..4], ["Order Handling", "CheckInventory", "InStock", "Fulfil"]);
        assert_eq!(names.len(), ORDER_FLOW.machine.states.len(), "no state is lost");
    }

    #[test]
    fn a_fail_state_goes_nowhere_and_a_succeed_state_to_the_end() {
        let picture = Picture::new(&ORDER_FLOW.machine);
        let position =
            |name| picture.cards.iter().position(|card| card.state.name == name).unwrap();
        assert_eq!(picture.arrows_from(position("OutOfPrint")).count(), 0);
        let to: Vec<_> = picture.arrows_from(position("Done")).map(|arrow| arrow.to).collect();
        assert_eq!(to, [Stop::End]);
    }

    #[test]
    fn markup_is_escaped() {
        assert_eq!(
            escaped_for_xml("a < \"b\" && c\u{1}"),
            "a &lt; &quot;b&quot; &amp;&amp; c\u{fffd}"
        );
    }
}
