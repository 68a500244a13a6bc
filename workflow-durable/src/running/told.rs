//! What a listener is told of an execution that is durable.

use workflow_core::definition::State;
use workflow_core::{Branch, Data, Event as Told, Parent, Payload, Scope, Visit};

use super::{Failed, Running};
use crate::run::Interruption;

impl Running {
    /// Tells a listener.
    pub(crate) fn tell<'a>(&'a self, event: impl FnOnce(Scope<'a>) -> Told<'a>) {
        if let Some(listener) = &self.run.common.listener {
            listener.on(&event(Scope(self.branch.as_ref())));
        }
    }

    /// Tells that the execution starts, or goes on; and how it ends, when what is returned is dropped or told.
    pub(crate) fn started(&self, input: &impl Data) -> Started<'_> {
        self.tell_start(None, input);
        Started::of(self)
    }

    pub(super) fn tell_start(&self, caller: Option<(&Self, &'static State)>, input: &impl Data) {
        self.tell(|_| {
            let parent = caller.map(|(caller, state)| Parent {
                execution: &caller.execution,
                scope: Scope(caller.branch.as_ref()),
                state,
            });
            let (execution, input) = (&*self.execution, Payload::new(input));
            Told::ExecutionStarted { execution, parent, input }
        });
    }

    /// The listener's view of a branch.
    pub(super) fn told_branch(
        &self,
        number: u32,
        state: &'static State,
        index: usize,
    ) -> Option<Branch> {
        self.run.common.listener.as_ref()?;
        Some(Branch::new(number, state, index, self.branch.as_ref()))
    }

    /// Awaits a branch, and tells of its beginning and its end, unless it has ended before.
    pub(super) async fn tell_branch<O: Data>(
        &self,
        run: impl Future<Output = Result<O, Failed>>,
    ) -> Result<O, Failed> {
        let has_ended =
            || self.run.noted().scope(self.scope).is_some_and(|scope| scope.outcome.is_some());
        if self.run.common.listener.is_none() || has_ended() {
            return run.await;
        }
        let execution = &*self.execution;
        self.tell(|scope| Told::BranchStarted { execution, scope });
        let result = run.await;
        self.tell(|scope| Told::branch_ended(execution, scope, &result));
        result
    }

    /// Tells how an attempt has ended.
    pub(super) fn tell_attempted<O: Data>(
        &self,
        state: &'static State,
        visit: Visit,
        result: &Result<O, Failed>,
    ) {
        let execution = &*self.execution;
        self.tell(|scope| match result {
            Ok(output) => {
                let output = Payload::new(output);
                Told::TaskSucceeded { execution, scope, state, visit, output }
            }
            Err(error) => Told::TaskFailed { execution, scope, state, visit, error },
        });
    }
}

/// Tells how an execution ends that has started.
pub(crate) struct Started<'a> {
    running: &'a Running,
    has_ended: bool,
}

impl<'a> Started<'a> {
    pub(super) const fn of(running: &'a Running) -> Self {
        Self { running, has_ended: false }
    }

    /// It has ended.
    pub(crate) fn ended<O: Data>(&mut self, result: &Result<O, Failed>) {
        self.has_ended = true;
        let execution = &*self.running.execution;
        self.running.tell(|_| match result {
            Ok(output) => Told::ExecutionSucceeded { execution, output: Payload::new(output) },
            Err(error) => Told::ExecutionFailed { execution, error },
        });
    }
}

impl Drop for Started<'_> {
    fn drop(&mut self) {
        if self.has_ended {
            return;
        }
        let execution = &*self.running.execution;
        match self.running.run.interruption() {
            Some(Interruption::Failed(failure)) => {
                let error = failure.output();
                self.running.tell(|_| Told::ExecutionFailed { execution, error: &error });
            }
            Some(Interruption::Stopped(_)) => {
                self.running.tell(|_| Told::ExecutionAborted { execution });
            }
            Some(Interruption::Broken(_) | Interruption::Misfit(_) | Interruption::Tired)
            | None => {
                self.running.tell(|_| Told::ExecutionSuspended { execution });
            }
        }
    }
}
