//! The graph: names, reachability, ends.

use crate::diagnostics::Diagnostics;
use crate::graph;
use crate::model::{Kind, Machine, Next, State, Target, Workflow};
use crate::parse::expression::path_text;
use crate::parse::{ExpressionKind, Notation};

pub(super) fn check(workflow: &Workflow<'_>, diagnostics: &mut Diagnostics) {
    every_name_is_unique(workflow, diagnostics);
    every_name_is_short(workflow, diagnostics);
    // What an ASL definition lacks is said where it is read.
    let is_native = workflow.source.notation == Notation::Native;
    // Where something could not be read, a state may have been meant.
    if is_native && workflow.machines[0].states.is_empty() && diagnostics.is_empty() {
        let name = &workflow.source.name;
        diagnostics
            .error(name.span(), format_args!("workflow `{name}` has no states"))
            .help("add one, as in `Done: Succeed {}`");
    }
    for (_, state) in workflow.each_state() {
        an_error_is_a_name(state, diagnostics);
    }
    for machine in &workflow.machines {
        every_state_is_reachable(machine, diagnostics);
        some_state_is_terminal(machine, workflow.source.notation, diagnostics);
    }
}

/// A Fail state has the name of an error, which a variant has whatever it holds.
fn an_error_is_a_name(state: &State<'_>, diagnostics: &mut Diagnostics) {
    let Kind::Fail { error: Some(error), .. } = &state.kind else { return };
    if let ExpressionKind::Struct(path, _) = &error.kind {
        let (name, path) = (&state.name.text, path_text(path));
        diagnostics
            .error(
                error.start,
                format_args!("state `{name}`: the error is a name, and `{error}` a value"),
            )
            .help(format_args!("write `{path}` alone, and what it says as the `cause`"));
    }
}

fn every_name_is_unique(workflow: &Workflow<'_>, diagnostics: &mut Diagnostics) {
    let mut names: Vec<&str> = Vec::new();
    for (_, state) in workflow.each_state() {
        if names.contains(&state.name.text.as_str()) {
            diagnostics
                .error(
                    state.name.span,
                    format_args!("state `{}` is declared twice", state.name.text),
                )
                .note(
                    "a name is unique in the whole workflow, branches and item processors included",
                )
                .help("rename one of them")
                .code_in(workflow.source.notation, "DUPLICATE_STATE_NAME");
        }
        names.push(&state.name.text);
    }
}

fn every_name_is_short(workflow: &Workflow<'_>, diagnostics: &mut Diagnostics) {
    const MOST: usize = 80;
    for (_, state) in workflow.each_state() {
        let length = state.name.text.chars().count();
        if length > MOST || length == 0 {
            diagnostics.error(
                state.name.span,
                format_args!(
                    "the name of a state has 1 to {MOST} characters, and this one {length}"
                ),
            );
        }
    }
}

fn every_state_is_reachable(machine: &Machine<'_>, diagnostics: &mut Diagnostics) {
    // A state that a misspelt transition should lead to is not unreachable: that would be one mistake said twice.
    let lost = |state: &State<'_>| {
        let unknown = |next: &Next| next.target == Target::Unknown || next.is_guessed;
        state.transitions().iter().any(unknown)
            || !state.complete
            || state.transitions().is_empty() && !state.is_terminal()
    };
    if machine.states.is_empty() || machine.states.iter().any(lost) {
        return;
    }
    let successors = |id: usize| machine.states[id].successors();
    let reached = graph::reachable(machine.start, successors);
    let mut reported: Vec<usize> = Vec::new();
    let is_first = |id: usize| {
        !machine.states[..id].iter().any(|other| other.name.text == machine.states[id].name.text)
    };
    for (id, state) in
        machine.states.iter().enumerate().filter(|(id, _)| !reached.contains(id) && is_first(*id))
    {
        let from_here = graph::reachable(id, successors);
        let before: Vec<usize> = (0..machine.states.len())
            .filter(|other| machine.states[*other].successors().contains(&id))
            .collect();
        let is_cycle = from_here.iter().any(|other| before.contains(other));
        let name = &state.name.text;
        if before.is_empty() {
            let start = &machine.states[machine.start].name.text;
            diagnostics
                .error(state.name.span, format_args!("state `{name}` is unreachable"))
                .note(format_args!(
                    "{} starts at `{start}`, and no state leads from there to `{name}`",
                    machine.label
                ))
                .help("add a transition to it, or remove it");
        } else if is_cycle && !reported.contains(&id) {
            let cycle: Vec<usize> = from_here
                .iter()
                .copied()
                .filter(|other| graph::reachable(*other, successors).contains(&id))
                .collect();
            let fed = (0..machine.states.len()).any(|other| {
                !cycle.contains(&other)
                    && machine.states[other].successors().iter().any(|next| cycle.contains(next))
            });
            if !fed {
                let names: Vec<String> = cycle
                    .iter()
                    .chain([&id])
                    .map(|id| format!("`{}`", machine.states[*id].name.text))
                    .collect();
                diagnostics
                    .error(
                        state.name.span,
                        format_args!("the cycle {} is unreachable", names.join(" → ")),
                    )
                    .help("add a transition that leads into it, or remove its states");
            }
            reported.extend(cycle);
        }
    }
}

fn some_state_is_terminal(
    machine: &Machine<'_>,
    notation: Notation,
    diagnostics: &mut Diagnostics,
) {
    let complete = machine.states.iter().all(|state| {
        state.transitions().iter().all(|next| next.target != Target::Unknown)
            && state.complete
            && !matches!(state.kind, Kind::Unknown)
            && (state.next.is_some() || !state.transitions().is_empty() || state.is_terminal())
    });
    if complete
        && !machine.states.is_empty()
        && !machine.states.iter().any(|state| state.is_terminal())
    {
        diagnostics
            .error(
                machine.span,
                format_args!("{} has no terminal state: it never ends", machine.label),
            )
            .help("write `end` in the state that it ends with, or add a Succeed or a Fail state")
            .code_in(notation, "MISSING_END_STATE");
    }
}

/// Whether every state is read, reached by its own name and leads somewhere, so that its types can be told.
pub(super) fn is_whole(workflow: &Workflow<'_>) -> bool {
    let mut names: Vec<&str> =
        workflow.each_state().map(|(_, state)| state.name.text.as_str()).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    names.len() == count
        && workflow.machines.iter().all(|machine| {
            let reached = graph::reachable(machine.start, |id| {
                machine.states.get(id).map_or(Vec::new(), State::successors)
            });
            !machine.states.is_empty()
                && reached.len() == machine.states.len()
                && machine.states.iter().all(is_complete)
        })
}

fn is_complete(state: &State<'_>) -> bool {
    let leads = match &state.kind {
        Kind::Task { call, .. } => call.is_some() && state.next.is_some(),
        Kind::Choice { rules, default } => !rules.is_empty() || default.is_some(),
        Kind::Map { items, processor, .. } => {
            items.is_some() && processor.is_some() && state.next.is_some()
        }
        Kind::Parallel { branches } => !branches.is_empty() && state.next.is_some(),
        Kind::Wait(wait) => wait.is_some() && state.next.is_some(),
        Kind::Pass => state.next.is_some(),
        Kind::Succeed | Kind::Fail { .. } => true,
        Kind::Unknown => false,
    };
    state.complete && leads && state.transitions().iter().all(|next| next.target != Target::Unknown)
}
