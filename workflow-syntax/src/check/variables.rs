//! Variables: where each is assigned, which scope it belongs to, and that no route reads it before.
//!
//! Section "Variables" of the States Language: an inner machine reads the variables of the outer ones, and may not assign
//! them.

use std::collections::BTreeSet;

use crate::parse::Name;
use crate::span::Span;

use super::expressions;
use crate::diagnostics::{Diagnostics, nearest};
use crate::graph;
use crate::model::{Kind, Machine, State, Target, Workflow};
use crate::parse::{Expression, Notation, Root, ValuePath};

/// The variables of every machine.
pub struct Variables {
    pub scopes: Vec<Scope>,
    /// In a definition of ASL, the variables of the outermost machine that a state may read before any has assigned them, which
    /// fails on AWS when it happens.
    pub unassigned: Vec<String>,
}

/// The variables of one machine.
#[derive(Default)]
pub struct Scope {
    /// Those that its states assign.
    pub own: Vec<String>,
    /// Those of outer machines that it or a machine inside reads.
    pub captured: Vec<String>,
    /// Whether it or a machine inside reads the input of the execution.
    pub reads_execution_input: bool,
}

impl Variables {
    /// The machine that a variable belongs to, seen from a machine.
    pub fn owner(&self, workflow: &Workflow<'_>, machine: usize, name: &str) -> Option<usize> {
        let mut scope = Some(machine);
        while let Some(id) = scope {
            if self.scopes[id].own.iter().any(|own| own == name) {
                return Some(id);
            }
            scope = workflow.machines[id].parent.map(|(parent, _)| parent);
        }
        None
    }
}

/// A transition of a state with the variables that are assigned on it.
fn edges<'a>(state: &'a State<'a>) -> Vec<(Target, Vec<&'a Name>)> {
    let names =
        |assign: &'a [(Name, Expression)]| assign.iter().map(|(name, _)| name).collect::<Vec<_>>();
    let own = names(state.flow.assign);
    let mut edges = Vec::new();
    edges.extend(state.next.map(|next| (next.target, own.clone())));
    if let Kind::Choice { rules, default } = &state.kind {
        edges.extend(rules.iter().map(|rule| (rule.next.target, names(rule.assign))));
        edges.extend(
            default
                .iter()
                .map(|rule| (rule.next.target, [names(rule.assign), own.clone()].concat())),
        );
    }
    edges.extend(state.catch.iter().map(|catcher| (catcher.next.target, names(catcher.assign))));
    edges
}

pub(super) fn check(workflow: &Workflow<'_>, diagnostics: &mut Diagnostics) -> Variables {
    let scopes = workflow.machines.iter().map(own).collect();
    let mut variables = Variables { scopes, unassigned: Vec::new() };
    no_inner_machine_assigns_an_outer_variable(workflow, &variables, diagnostics);
    let (reads, unassigned) = (Vec::new(), BTreeSet::new());
    let mut checker = Checker { workflow, variables: &variables, diagnostics, reads, unassigned };
    if !workflow.machines[0].states.is_empty() {
        checker.machine(0, &BTreeSet::new());
    }
    let Checker { reads, unassigned, .. } = checker;
    variables.unassigned = unassigned.into_iter().collect();
    for (machine, name) in reads {
        capture(workflow, &mut variables, machine, &name);
    }
    for (id, machine) in workflow.machines.iter().enumerate() {
        if machine.states.iter().any(reads_execution_input) {
            mark_execution_input(workflow, &mut variables, id);
        }
    }
    variables
}

fn own(machine: &Machine<'_>) -> Scope {
    let mut scope = Scope::default();
    for name in machine
        .states
        .iter()
        .flat_map(|state| edges(state).into_iter().flat_map(|(_, names)| names))
    {
        let name = name.to_string();
        if !scope.own.contains(&name) {
            scope.own.push(name);
        }
    }
    // A state that cannot go on assigns nothing, but its names are still known.
    for (name, _) in machine.states.iter().flat_map(|state| state.flow.assign) {
        let name = name.to_string();
        if !scope.own.contains(&name) {
            scope.own.push(name);
        }
    }
    scope
}

fn reads_execution_input(state: &State<'_>) -> bool {
    reads_context(state, "$$.Execution.Input")
}

/// Whether a state reads a path of the context object.
pub fn reads_context(state: &State<'_>, context: &str) -> bool {
    let mut found = false;
    each_path(state, &mut |path| {
        let text = path.to_string();
        // A path that stops before reads all that is below it.
        found |= text.starts_with(context)
            || matches!(path.root, Root::Context) && context.starts_with(&text);
    });
    found
}

fn mark_execution_input(workflow: &Workflow<'_>, variables: &mut Variables, machine: usize) {
    let mut scope = Some(machine);
    while let Some(id) = scope {
        variables.scopes[id].reads_execution_input = true;
        scope = workflow.machines[id].parent.map(|(parent, _)| parent);
    }
}

/// A machine that reads a variable of an outer one gets it, and so do all machines between.
fn capture(workflow: &Workflow<'_>, variables: &mut Variables, machine: usize, name: &str) {
    let Some(owner) = variables.owner(workflow, machine, name) else { return };
    let mut scope = machine;
    while scope != owner {
        let captured = &mut variables.scopes[scope].captured;
        if !captured.iter().any(|other| other == name) {
            captured.push(name.to_owned());
        }
        match workflow.machines[scope].parent {
            Some((parent, _)) => scope = parent,
            None => return,
        }
    }
}

fn assignments<'a>(state: &'a State<'a>) -> Vec<&'a Name> {
    let mut names: Vec<&Name> = state.flow.assign.iter().map(|(name, _)| name).collect();
    if let Kind::Choice { rules, default } = &state.kind {
        names.extend(
            rules.iter().chain(default).flat_map(|rule| rule.assign.iter().map(|(name, _)| name)),
        );
    }
    names
        .extend(state.catch.iter().flat_map(|catcher| catcher.assign.iter().map(|(name, _)| name)));
    names
}

fn no_inner_machine_assigns_an_outer_variable(
    workflow: &Workflow<'_>,
    variables: &Variables,
    diagnostics: &mut Diagnostics,
) {
    for machine in &workflow.machines {
        for state in &machine.states {
            for name in assignments(state) {
                if name == "states" {
                    diagnostics
                        .error(
                            name.span,
                            format_args!("state `{}`: `$states` is reserved", state.name.text),
                        )
                        .help("give the variable another name");
                }
                let outer = machine
                    .parent
                    .and_then(|(parent, _)| variables.owner(workflow, parent, &name.to_string()));
                if outer.is_some() {
                    diagnostics
                        .error(name.span, format_args!("state `{}`: `${name}` belongs to a machine outside of this one", state.name.text))
                        .note("a branch and an item processor read outer variables, and cannot assign them")
                        .help("give the variable another name, and hand its value on in the output");
                }
            }
        }
    }
}

/// Calls a function for every path in the expressions and the path fields of a state.
fn each_path<'a>(state: &'a State<'a>, visit: &mut dyn FnMut(&'a ValuePath)) {
    for (expression, _) in expressions::uses(state) {
        expression.each_path(visit);
    }
    for path in expressions::paths(state) {
        visit(path);
    }
}

struct Checker<'a, 'd> {
    workflow: &'a Workflow<'a>,
    variables: &'a Variables,
    diagnostics: &'d mut Diagnostics,
    /// Which machine reads which variable.
    reads: Vec<(usize, String)>,
    unassigned: BTreeSet<String>,
}

impl Checker<'_, '_> {
    fn machine(&mut self, id: usize, inherited: &BTreeSet<String>) {
        let machine = &self.workflow.machines[id];
        let assigned = assigned_at_entry(machine, inherited);
        for (position, state) in machine.states.iter().enumerate() {
            let Some(assigned) = &assigned[position] else { continue };
            each_path(state, &mut |path| {
                if let Root::Variable(name) = &path.root
                    && name != "states"
                {
                    self.read(id, position, assigned, &name.to_string(), name.span);
                }
            });
            for inner in state.machines() {
                if !self.workflow.machines[*inner].states.is_empty() {
                    self.machine(*inner, assigned);
                }
            }
        }
    }

    fn read(
        &mut self,
        machine: usize,
        state: usize,
        assigned: &BTreeSet<String>,
        name: &str,
        span: Span,
    ) {
        self.reads.push((machine, name.to_owned()));
        let owner = self.variables.owner(self.workflow, machine, name);
        let here = &self.workflow.machines[machine].states[state].name.text;
        if owner.is_some_and(|owner| self.is_out_of_reach(machine, owner)) {
            self.diagnostics
                .error(span, format_args!("state `{here}`: the items of a distributed Map cannot read `${name}`"))
                .note("each is an execution of its own, and the variable belongs to the one around it")
                .help("hand its value over in `ItemSelector`");
            return;
        }
        if assigned.contains(name) {
            return;
        }
        let Some(owner) = owner else {
            let elsewhere = self
                .variables
                .scopes
                .iter()
                .position(|scope| scope.own.iter().any(|own| own == name));
            if let Some(machine) = elsewhere {
                self.diagnostics
                    .error(
                        span,
                        format_args!(
                            "state `{here}`: `${name}` belongs to {}, and is not seen here",
                            self.workflow.machines[machine].label
                        ),
                    )
                    .help("hand its value on in the output");
                return;
            }
            // What could not be read may assign it.
            if self.workflow.each_state().any(|(_, state)| !state.complete) {
                return;
            }
            let names: Vec<String> =
                self.variables.scopes.iter().flat_map(|scope| scope.own.clone()).collect();
            let names = || names.iter().map(String::as_str);
            let error = self
                .diagnostics
                .error(span, format_args!("state `{here}`: no state assigns `${name}`"));
            if nearest(name, names()).is_some() {
                error.suggest("a variable", name, names());
            } else {
                error.help(format_args!("a field of the input has a dot: `$.{name}`"));
            }
            return;
        };
        // A definition of AWS's own may assign it on some routes alone, and fails where it has none.
        if self.workflow.source.notation == Notation::Asl {
            if owner == 0 {
                self.unassigned.insert(name.to_owned());
            }
            return;
        }
        let (machine, state) = self.enclosing(machine, state, owner);
        let machine = &self.workflow.machines[machine];
        let own = &machine.states[state];
        if own.name.text == *here && own.flow.assign.iter().any(|(assigned, _)| *assigned == *name)
        {
            self.diagnostics
                .error(span, format_args!("state `{here}`: `${name}` has no value yet"))
                .note("what a state assigns is seen from the next state on")
                .help("write its value here, too");
            return;
        }
        let unassigned = |id: usize| {
            let edges = edges(&machine.states[id]).into_iter();
            let edges =
                edges.filter(|(_, names)| !names.iter().any(|assigned| **assigned == *name));
            edges
                .filter_map(|(target, _)| match target {
                    Target::State(next) => Some(next),
                    Target::End | Target::Unknown => None,
                })
                .collect()
        };
        let route = graph::route(machine.start, state, unassigned).unwrap_or_default();
        let route: Vec<String> =
            route.iter().map(|id| format!("`{}`", machine.states[*id].name.text)).collect();
        self.diagnostics
            .error(span, format_args!("state `{here}`: `${name}` may not be assigned yet"))
            .note(format_args!("the route {} does not assign it", route.join(" → ")))
            .help("assign it on every route that leads here");
    }

    /// Whether a machine is in a distributed Map of the one around it that a variable belongs to.
    fn is_out_of_reach(&self, machine: usize, owner: usize) -> bool {
        let mut scope = machine;
        while scope != owner {
            let Some((parent, state)) = self.workflow.machines[scope].parent else { return false };
            let kind = &self.workflow.machines[parent].states[state].kind;
            if matches!(kind, Kind::Map { distributed: Some(_), .. }) {
                return true;
            }
            scope = parent;
        }
        false
    }

    /// The state of an outer machine that a state is in.
    fn enclosing(&self, machine: usize, state: usize, owner: usize) -> (usize, usize) {
        let (mut machine, mut state) = (machine, state);
        while machine != owner {
            match self.workflow.machines[machine].parent {
                Some(parent) => (machine, state) = parent,
                None => break,
            }
        }
        (machine, state)
    }
}

/// The variables that are assigned on every route to each state; `None` for a state that no route reaches.
fn assigned_at_entry(
    machine: &Machine<'_>,
    inherited: &BTreeSet<String>,
) -> Vec<Option<BTreeSet<String>>> {
    let mut entry: Vec<Option<BTreeSet<String>>> = vec![None; machine.states.len()];
    entry[machine.start] = Some(inherited.clone());
    let mut work = vec![machine.start];
    while let Some(id) = work.pop() {
        let Some(before) = entry[id].clone() else { continue };
        for (target, names) in edges(&machine.states[id]) {
            let Target::State(next) = target else { continue };
            let mut after = before.clone();
            after.extend(names.iter().map(ToString::to_string));
            let merged = match &entry[next] {
                None => after,
                Some(known) => known.intersection(&after).cloned().collect(),
            };
            if entry[next].as_ref() != Some(&merged) {
                entry[next] = Some(merged);
                work.push(next);
            }
        }
    }
    entry
}
