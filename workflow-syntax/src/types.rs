//! Where the type of every state's input, and of every variable, comes from.
//!
//! A state has the type of the first transition that reaches it in breadth-first order; the others are held to it. A
//! variable has the type of the first assignment. A template has no type of its own: it takes that of its place where
//! another transition or assignment gives one, so it defines a type only when none other does. What reads a variable whose
//! type is not known yet waits, so that no type comes from itself.

use std::collections::VecDeque;

use crate::parse::Name;

use crate::check::variables::Variables;
use crate::model::{Kind, Machine, State, Target, Workflow};
use crate::parse::{Expression, Root};

/// A transition of a state: its position in [`State::transitions`], or the end of a Succeed state.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Edge {
    pub state: usize,
    pub transition: usize,
}

/// What gives its type to each state of a machine, to its end, and to each of its variables.
pub struct Definers<'a> {
    pub states: Vec<Option<Edge>>,
    pub end: Option<Edge>,
    variables: Vec<(&'a Name, &'a Expression)>,
}

/// What a state hands on by a transition, or assigns: something that may define a type.
struct Candidate<'a> {
    gives: Gives<'a>,
    template: bool,
    /// The variables that its type depends on.
    reads: Vec<String>,
}

#[derive(Clone, Copy)]
enum Gives<'a> {
    Transition(Target, Edge),
    Variable(&'a Name, &'a Expression),
}

fn variables_of(expression: &Expression, reads: &mut Vec<String>) {
    expression.each_path(&mut |path| {
        if let Root::Variable(name) = &path.root {
            reads.push(name.to_string());
        }
    });
}

/// What leaves a state where no rule and no catcher says otherwise, if an expression makes it.
fn made<'a>(state: &State<'a>) -> Option<&'a Expression> {
    let flow = &state.flow;
    if flow.output.is_some() || flow.output_path.is_some() || flow.result_path.is_some() {
        return flow.output;
    }
    match state.kind {
        Kind::Pass => flow.result.or(flow.parameters),
        _ => flow.result_selector,
    }
}

/// Every candidate of a state.
fn candidates<'a>(id: usize, state: &'a State<'a>, variables: &Variables) -> Vec<Candidate<'a>> {
    // What the work gives depends on the variables that the machines inside read, and what follows on the other fields.
    let mut work: Vec<String> = state
        .machines()
        .iter()
        .flat_map(|inner| variables.scopes[*inner].captured.clone())
        .collect();
    let flow = &state.flow;
    for expression in [flow.parameters, flow.result, flow.result_selector].into_iter().flatten() {
        variables_of(expression, &mut work);
    }
    if let Kind::Map { items, selector, .. } = &state.kind {
        items.iter().chain(selector).for_each(|expression| variables_of(expression, &mut work));
    }
    let made = made(state);
    let mut all = Vec::new();
    let transition =
        |target: Target, output: Option<&'a Expression>, all: &mut Vec<Candidate<'a>>| {
            let mut reads = work.clone();
            output.into_iter().for_each(|expression| variables_of(expression, &mut reads));
            let template = output.is_some_and(Expression::is_template);
            let edge = Edge { state: id, transition: all.len() };
            all.push(Candidate { gives: Gives::Transition(target, edge), template, reads });
        };
    if let Some(next) = state.next {
        transition(next.target, made, &mut all);
    }
    if let Kind::Choice { rules, default } = &state.kind {
        rules.iter().for_each(|rule| transition(rule.next.target, rule.output, &mut all));
        default
            .iter()
            .for_each(|rule| transition(rule.next.target, rule.output.or(made), &mut all));
    }
    state
        .catch
        .iter()
        .for_each(|catcher| transition(catcher.next.target, catcher.output, &mut all));
    if let Kind::Succeed = state.kind {
        transition(Target::End, made, &mut all);
    }
    for (name, expression) in state.assignments() {
        let mut reads = work.clone();
        variables_of(expression, &mut reads);
        all.push(Candidate {
            gives: Gives::Variable(name, expression),
            template: expression.is_template(),
            reads,
        });
    }
    all
}

impl<'a> Definers<'a> {
    pub fn of(workflow: &'a Workflow<'a>, machine: usize, variables: &Variables) -> Self {
        let own = &variables.scopes[machine].own;
        let machine = &workflow.machines[machine];
        let definers =
            Self { states: vec![None; machine.states.len()], end: None, variables: Vec::new() };
        let typed = vec![false; machine.states.len()];
        Worklist { machine, variables, own, definers, typed, waiting: Vec::new() }.run()
    }

    /// Whether an assignment is the one that gives the variable its type.
    pub fn defines_variable(&self, expression: &Expression) -> bool {
        self.variables.iter().any(|(_, definer)| std::ptr::eq(*definer, expression))
    }
}

struct Worklist<'a, 'v> {
    machine: &'a Machine<'a>,
    variables: &'v Variables,
    own: &'v [String],
    definers: Definers<'a>,
    typed: Vec<bool>,
    /// What has not defined anything yet.
    waiting: Vec<Candidate<'a>>,
}

impl<'a> Worklist<'a, '_> {
    fn run(mut self) -> Definers<'a> {
        let start = self.machine.start;
        if start >= self.typed.len() {
            return self.definers;
        }
        self.typed[start] = true;
        let mut queue = VecDeque::from([start]);
        loop {
            while let Some(id) = queue.pop_front() {
                let state = &self.machine.states[id];
                for candidate in candidates(id, state, self.variables) {
                    if candidate.template || !self.is_ready(&candidate) {
                        self.waiting.push(candidate);
                    } else {
                        queue.extend(self.define(candidate.gives));
                    }
                }
            }
            let ready = self
                .waiting
                .iter()
                .position(|candidate| !candidate.template && self.is_ready(candidate));
            // A variable before a state: what waits, waits for variables.
            let template = || {
                let of_variable =
                    |candidate: &Candidate<'_>| matches!(candidate.gives, Gives::Variable(..));
                let first = self
                    .waiting
                    .iter()
                    .position(|candidate| candidate.template && of_variable(candidate));
                first.or(self.waiting.iter().position(|candidate| candidate.template))
            };
            let Some(next) = ready.or_else(template).or((!self.waiting.is_empty()).then_some(0))
            else {
                return self.definers;
            };
            let candidate = self.waiting.remove(next);
            queue.extend(self.define(candidate.gives));
        }
    }

    /// Whether the types of all variables that a candidate reads are known.
    fn is_ready(&self, candidate: &Candidate<'_>) -> bool {
        let known = |name: &String| {
            !self.own.contains(name)
                || self.definers.variables.iter().any(|(defined, _)| *defined == name.as_str())
        };
        candidate.reads.iter().all(known)
    }

    /// Has a candidate define the type of its place, unless it has one; returns a state that is new.
    fn define(&mut self, gives: Gives<'a>) -> Option<usize> {
        match gives {
            Gives::Transition(Target::State(state), edge) if !self.typed[state] => {
                self.typed[state] = true;
                self.definers.states[state] = Some(edge);
                Some(state)
            }
            Gives::Transition(Target::End, edge) => {
                self.definers.end.get_or_insert(edge);
                None
            }
            Gives::Variable(name, expression)
                if !self.definers.variables.iter().any(|(defined, _)| *defined == name) =>
            {
                self.definers.variables.push((name, expression));
                None
            }
            _ => None,
        }
    }
}
