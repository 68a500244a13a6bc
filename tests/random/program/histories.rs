//! What must hold of a history, however often an execution was interrupted.

use std::collections::{BTreeMap, BTreeSet};

use workflow_core::definition::{Kind, StateId, StateMachine, Transition};
use workflow_core::{Json, Workflow};
use workflow_durable::HistoryEvent;

type History = [HistoryEvent];

/// What becomes of an attempt to run a function.
pub const ENDS: &[&str] =
    &["LambdaFunctionSucceeded", "LambdaFunctionFailed", "LambdaFunctionTimedOut"];

/// How many events of these kinds there are of each state.
pub fn attempts(history: &History, kinds: &[&str]) -> BTreeMap<String, usize> {
    let mut attempts = BTreeMap::new();
    for event in history.iter().filter(|event| kinds.contains(&event.kind.as_str())) {
        *attempts.entry(state_of(history, event)).or_default() += 1;
    }
    attempts
}

/// The state that an event of an attempt is of.
fn state_of(history: &History, event: &HistoryEvent) -> String {
    let mut event = event;
    while !event.kind.ends_with("StateEntered") {
        event = &history[event.previous as usize - 1];
    }
    name(event).to_owned()
}

/// The numbers go up one by one, each event follows from one before it, and none is there twice. From state to state it goes by
/// transitions.
pub fn is_sound<W: Workflow>(history: &History) -> Result<(), String> {
    let mut transitions = BTreeMap::new();
    add_transitions(&W::DEFINITION.machine, &mut transitions);
    for (position, event) in history.iter().enumerate() {
        if event.id != position as u64 + 1 {
            return Err(format!("the event after {position} is {}", event.id));
        }
        if event.previous >= event.id {
            return Err(format!("event {} follows from {}", event.id, event.previous));
        }
        let Some(before) = event.previous.checked_sub(1) else { continue };
        let before = &history[before as usize];
        // States that fail inside of each other say it with the same words.
        let says_nothing = event.details.as_object().is_none_or(|details| details.is_empty());
        if !says_nothing && (&before.kind, &before.details) == (&event.kind, &event.details) {
            return Err(format!("{} is there twice: {} and {}", event.kind, before.id, event.id));
        }
        let is_transition =
            event.kind.ends_with("StateEntered") && before.kind.ends_with("StateExited");
        let (from, to) = (name(before), name(event));
        // The states of a workflow that is called are not in the definition.
        let is_known = |next: &Vec<&str>| next.contains(&to);
        if is_transition && !transitions.get(from).is_none_or(is_known) {
            return Err(format!("event {} goes from `{from}` to `{to}`", event.id));
        }
    }
    Ok(())
}

fn name(event: &HistoryEvent) -> &str {
    event.details["name"].as_str().unwrap_or_default()
}

/// Adds where each state of a machine may go, and of those inside of it.
fn add_transitions(machine: &StateMachine, to: &mut BTreeMap<&'static str, Vec<&'static str>>) {
    for state in machine.states {
        let mut next: Vec<StateId> = state.catch().iter().map(|catcher| catcher.next).collect();
        if let Some(Transition::Next(id)) = &state.transition {
            next.push(*id);
        }
        match &state.kind {
            Kind::Choice(choice) => {
                next.extend(choice.rules.iter().map(|rule| rule.next));
                next.extend(choice.default.as_ref().map(|default| default.next));
            }
            Kind::Parallel(parallel) => {
                parallel.branches.iter().for_each(|branch| add_transitions(branch, to));
            }
            Kind::Map(map) => add_transitions(&map.item_processor, to),
            _ => {}
        }
        to.insert(state.name, next.into_iter().map(|id| machine.state(id).name).collect());
    }
}

/// Histories say the same of the states of the outermost machine.
pub fn has_same_states<W: Workflow>(clean: &History, other: &History) -> Result<(), String> {
    let names: BTreeSet<&str> =
        W::DEFINITION.machine.states.iter().map(|state| state.name).collect();
    let outermost = |history: &History| -> Vec<(String, Json)> {
        let is_outermost = |event: &&HistoryEvent| {
            names.contains(name(event))
                && event.kind.contains("State")
                && !event.kind.starts_with("MapIteration")
        };
        let events = history.iter().filter(is_outermost);
        events.map(|event| (event.kind.clone(), event.details.clone())).collect()
    };
    differ("the states of the outermost machine", outermost(clean), outermost(other))
}

/// A history with interruptions says what one without them says. Where branches cancel others, that is held to what the outermost
/// machine does.
pub fn is_same<W: Workflow>(clean: &History, other: &History, cancels: bool) -> Result<(), String> {
    has_same_states::<W>(clean, other)?;
    if cancels {
        return Ok(());
    }
    let sorted = |history: &History| -> Vec<(String, Json)> {
        // An attempt that was interrupted begins again.
        let begins = ["Scheduled", "Started"];
        let is_attempt =
            |kind: &str| begins.iter().any(|end| kind.ends_with(end)) && !kind.starts_with("Map");
        let events = history.iter().filter(|event| !is_attempt(&event.kind));
        let mut events: Vec<_> =
            events.map(|event| (event.kind.clone(), event.details.clone())).collect();
        events.sort_by_key(|(kind, details)| format!("{kind} {details}"));
        events
    };
    differ("the events", sorted(clean), sorted(other))
}

fn differ(what: &str, wanted: Vec<(String, Json)>, got: Vec<(String, Json)>) -> Result<(), String> {
    if wanted == got {
        return Ok(());
    }
    let position = wanted.iter().zip(&got).take_while(|(wanted, got)| wanted == got).count();
    let at = |events: &[(String, Json)]| match events.get(position) {
        Some((kind, details)) => format!("{kind} {details}"),
        None => "nothing".to_owned(),
    };
    Err(format!(
        "{what} are others, first at {position} of {}: {} instead of {}",
        wanted.len(),
        at(&got),
        at(&wanted)
    ))
}
