//! The visits of executions to states that have begun and not ended: what a listener has to remember between events.
//!
//! Not every event names its execution. Where one does not, it is about the visit that began last in its scope.

use crate::definition::{Kind, State};
use crate::execution::Execution;
use crate::listener::Scope;

/// The open visits, each with what a listener knows of it.
#[derive(Debug)]
pub(crate) struct Visits<T>(Vec<Visit<T>>);

/// An open visit.
#[derive(Debug)]
pub(crate) struct Visit<T> {
    /// The id of the execution.
    pub(crate) execution: String,
    /// The branches and items around it, the outermost first.
    pub(crate) branches: Vec<(&'static State, usize)>,
    pub(crate) state: &'static State,
    /// Whether its task is being run.
    calls: bool,
    pub(crate) known: T,
}

impl<T> Visits<T> {
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn enter(
        &mut self,
        execution: &Execution,
        scope: Scope<'_>,
        state: &'static State,
        known: T,
    ) {
        self.0.push(Visit {
            execution: execution.id().to_owned(),
            branches: branches(scope),
            state,
            calls: false,
            known,
        });
    }

    /// The visit to a state that began last.
    pub(crate) fn get(&self, scope: Scope<'_>, state: &'static State) -> Option<&Visit<T>> {
        let branches = branches(scope);
        self.0.iter().rev().find(|visit| visit.is_to(&branches, state))
    }

    /// The visit to a state that began last.
    pub(crate) fn get_mut(
        &mut self,
        scope: Scope<'_>,
        state: &'static State,
    ) -> Option<&mut Visit<T>> {
        let branches = branches(scope);
        self.0.iter_mut().rev().find(|visit| visit.is_to(&branches, state))
    }

    /// Ends the visit to a state that began last, in this execution or, where none is given, in any.
    pub(crate) fn leave(
        &mut self,
        execution: Option<&Execution>,
        scope: Scope<'_>,
        state: &'static State,
    ) -> Option<Visit<T>> {
        let branches = branches(scope);
        let id = execution.map(Execution::id);
        let left = |visit: &Visit<T>| {
            visit.is_to(&branches, state) && id.is_none_or(|id| visit.execution == id)
        };
        self.0.iter().rposition(left).map(|position| self.0.remove(position))
    }

    /// Ends the visits in the branches of a state, as they do when one of them has failed.
    pub(crate) fn leave_inside(
        &mut self,
        scope: Scope<'_>,
        state: &'static State,
    ) -> Vec<Visit<T>> {
        let Some(outer) = self.get(scope, state) else { return Vec::new() };
        let (execution, branches) = (outer.execution.clone(), outer.branches.clone());
        let inside = |visit: &mut Visit<T>| {
            visit.execution == execution && visit.is_inside(&branches, state)
        };
        self.0.extract_if(.., inside).collect()
    }

    /// Ends all visits of an execution.
    pub(crate) fn leave_execution(&mut self, id: &str) -> Vec<Visit<T>> {
        self.0.extract_if(.., |visit| visit.execution == id).collect()
    }

    /// Notes that the task of a state is being run, or no more.
    pub(crate) fn calls(&mut self, scope: Scope<'_>, state: &'static State, calls: bool) {
        if let Some(visit) = self.get_mut(scope, state) {
            visit.calls = calls;
        }
    }

    /// The visit whose task is an execution of this workflow that begins now, if there is one.
    pub(crate) fn caller(&self, workflow: &str) -> Option<&Visit<T>> {
        let calls = |visit: &&Visit<T>| match &visit.state.kind {
            Kind::Task(task) => visit.calls && task.function == workflow,
            _ => false,
        };
        self.0.iter().rev().find(calls)
    }

    /// Ends the visit of an execution in exactly this scope that a test picks.
    pub(crate) fn leave_where(
        &mut self,
        execution: &Execution,
        scope: Scope<'_>,
        test: impl Fn(&T) -> bool,
    ) -> Option<Visit<T>> {
        let branches = branches(scope);
        let left = |visit: &Visit<T>| {
            visit.execution == execution.id()
                && same(&visit.branches, &branches)
                && test(&visit.known)
        };
        self.0.iter().rposition(left).map(|position| self.0.remove(position))
    }
}

impl<T> Visit<T> {
    fn is_to(&self, branches: &[(&'static State, usize)], state: &State) -> bool {
        self.state.name == state.name && same(&self.branches, branches)
    }

    /// Whether the visit is in a branch of a state, however deep.
    pub(crate) fn is_inside(&self, branches: &[(&'static State, usize)], state: &State) -> bool {
        match self.branches.get(branches.len()) {
            Some((outer, _)) => {
                outer.name == state.name && same(&self.branches[..branches.len()], branches)
            }
            None => false,
        }
    }
}

/// Names tell states apart within a workflow; addresses need not.
fn same(some: &[(&'static State, usize)], others: &[(&'static State, usize)]) -> bool {
    let names = |branches: &[(&'static State, usize)]| -> Vec<(&str, usize)> {
        branches.iter().map(|(state, index)| (state.name, *index)).collect()
    };
    some.len() == others.len() && names(some) == names(others)
}

fn branches(scope: Scope<'_>) -> Vec<(&'static State, usize)> {
    let mut branches = Vec::with_capacity(scope.depth());
    let mut next = scope.branch();
    while let Some(branch) = next {
        branches.push((branch.state, branch.index));
        next = branch.outer().branch();
    }
    branches.reverse();
    branches
}
