//! Where the type of every state's input comes from.
//!
//! A state has the type of the first transition that reaches it in breadth-first order; the others are held to it. A
//! transition that hands on a template has no type of its own: it takes that of its target where another transition gives
//! one, so it defines a type only when none other does.

use std::collections::VecDeque;

use crate::model::{Kind, Machine, State, Target};

/// A transition of a state: its position in [`State::transitions`], or the end of a Succeed state.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Edge {
    pub(crate) state: usize,
    pub(crate) transition: usize,
}

/// For each state of a machine and for its end, the transition that gives the type.
pub(crate) struct Definers {
    pub(crate) states: Vec<Option<Edge>>,
    pub(crate) end: Option<Edge>,
}

/// The transitions of a state with whether each hands on a template.
fn edges(state: &State<'_>) -> Vec<(Target, bool)> {
    let flow = &state.flow;
    let made = flow.output.or(if flow.output_path.is_none() && flow.result_path.is_none() {
        match state.kind {
            Kind::Pass => flow.result.or(flow.parameters),
            _ => flow.result_selector,
        }
    } else {
        None
    });
    let own = made.is_some_and(crate::parse::Expression::is_template);
    let mut edges = Vec::new();
    edges.extend(state.next.map(|next| (next.target, own)));
    if let Kind::Choice { rules, default } = &state.kind {
        let given = |output: Option<&crate::parse::Expression>, inherited: bool| {
            output.map_or(inherited, crate::parse::Expression::is_template)
        };
        edges.extend(rules.iter().map(|rule| (rule.next.target, given(rule.output, false))));
        edges.extend(default.iter().map(|rule| (rule.next.target, given(rule.output, own))));
    }
    edges.extend(state.catch.iter().map(|catcher| {
        (catcher.next.target, catcher.output.is_some_and(|output| output.is_template()))
    }));
    if let Kind::Succeed = state.kind {
        edges.push((Target::End, own));
    }
    edges
}

impl Definers {
    pub(crate) fn of(machine: &Machine<'_>) -> Self {
        let mut definers = Self { states: vec![None; machine.states.len()], end: None };
        let mut typed = vec![false; machine.states.len()];
        let mut queue = VecDeque::from([machine.start]);
        let mut templates: VecDeque<(Target, Edge)> = VecDeque::new();
        let Some(start) = typed.get_mut(machine.start) else { return definers };
        *start = true;
        loop {
            while let Some(id) = queue.pop_front() {
                for (transition, (target, template)) in
                    edges(&machine.states[id]).into_iter().enumerate()
                {
                    let edge = Edge { state: id, transition };
                    if template {
                        templates.push_back((target, edge));
                    } else if let Some(state) = definers.define(target, edge, &mut typed) {
                        queue.push_back(state);
                    }
                }
            }
            let Some((target, edge)) = templates.pop_front() else { return definers };
            queue.extend(definers.define(target, edge, &mut typed));
        }
    }

    /// Has a transition define the type of its target, unless it has one; returns a state that is new.
    fn define(&mut self, target: Target, edge: Edge, typed: &mut [bool]) -> Option<usize> {
        match target {
            Target::State(state) if !typed[state] => {
                typed[state] = true;
                self.states[state] = Some(edge);
                Some(state)
            }
            Target::End if self.end.is_none() => {
                self.end = Some(edge);
                None
            }
            _ => None,
        }
    }
}
