//! The visits of executions to states that have begun and not ended: what a listener has to remember between events.

use crate::definition::State;
use crate::event::Scope;
use crate::execution::Execution;

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
            known,
        });
    }

    pub(crate) fn get(
        &self,
        execution: &Execution,
        scope: Scope<'_>,
        state: &State,
    ) -> Option<&Visit<T>> {
        let position = self.position(execution, scope, |visit| visit.is_to(state))?;
        self.0.get(position)
    }

    pub(crate) fn get_mut(
        &mut self,
        execution: &Execution,
        scope: Scope<'_>,
        state: &State,
    ) -> Option<&mut Visit<T>> {
        let position = self.position(execution, scope, |visit| visit.is_to(state))?;
        self.0.get_mut(position)
    }

    /// Ends the visit to a state.
    pub(crate) fn leave(
        &mut self,
        execution: &Execution,
        scope: Scope<'_>,
        state: &State,
    ) -> Option<Visit<T>> {
        let position = self.position(execution, scope, |visit| visit.is_to(state))?;
        Some(self.0.remove(position))
    }

    /// Ends the visit, in exactly this scope, that a test picks.
    pub(crate) fn leave_where(
        &mut self,
        execution: &Execution,
        scope: Scope<'_>,
        test: impl Fn(&T) -> bool,
    ) -> Option<Visit<T>> {
        let position = self.position(execution, scope, |visit| test(&visit.known))?;
        Some(self.0.remove(position))
    }

    /// Ends the visits in the branches of a state, as they do when one of them has failed.
    pub(crate) fn leave_inside(
        &mut self,
        execution: &Execution,
        scope: Scope<'_>,
        state: &State,
    ) -> Vec<Visit<T>> {
        let (id, branches) = (execution.id(), branches(scope));
        let inside =
            |visit: &mut Visit<T>| visit.execution == id && visit.is_inside(&branches, state);
        self.0.extract_if(.., inside).collect()
    }

    /// Ends all visits of an execution.
    pub(crate) fn leave_execution(&mut self, execution: &Execution) -> Vec<Visit<T>> {
        let id = execution.id();
        self.0.extract_if(.., |visit| visit.execution == id).collect()
    }

    fn position(
        &self,
        execution: &Execution,
        scope: Scope<'_>,
        test: impl Fn(&Visit<T>) -> bool,
    ) -> Option<usize> {
        let (id, branches) = (execution.id(), branches(scope));
        self.0.iter().rposition(|visit| {
            visit.execution == id && same(&visit.branches, &branches) && test(visit)
        })
    }
}

impl<T> Visit<T> {
    /// Names tell states apart within a workflow; addresses need not.
    fn is_to(&self, state: &State) -> bool {
        self.state.name == state.name
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
