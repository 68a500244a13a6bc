//! How far an execution has come: what its entries say, folded. The same fold runs while it runs and when it is read again, so that
//! the two cannot disagree.

mod visit;

use std::collections::BTreeMap;

use workflow_core::Definition;
use workflow_core::definition::{self, StateMachine};

use crate::entry::{Entry, Event, Failure, Kind, Text, decode};
use crate::index::Row;
use crate::store::{Store, StoreError};
pub(crate) use visit::{Attempt, Visit};

/// How far an execution has come.
#[derive(Debug, Clone)]
pub(crate) struct Progress {
    pub(crate) workflow: String,
    pub(crate) name: String,
    pub(crate) started: i64,
    /// When it began to run: when it was started, or redriven.
    pub(crate) driven: i64,
    pub(crate) input: Text,
    pub(crate) end: Option<End>,
    /// The machines that run, by their numbers.
    pub(crate) scopes: BTreeMap<u32, Box<Scope>>,
    /// How many entries there are.
    entries: u32,
    /// How many events its history has.
    events: u32,
    /// The number of the next branch.
    next_scope: u32,
}

/// How an execution has ended.
#[derive(Debug, Clone)]
pub(crate) struct End {
    pub(crate) time: i64,
    pub(crate) outcome: Outcome,
}

/// The outcome of an execution.
#[derive(Debug, Clone)]
pub(crate) enum Outcome {
    Succeeded(Text),
    Failed(Failure),
    TimedOut(Failure),
    Aborted(Failure),
}

/// A machine: the outermost one, or a branch.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    /// When it began.
    pub(crate) started: i64,
    /// The payload that was last written.
    last: Text,
    /// Its variables, as they were when a state was last entered.
    pub(crate) variables: Option<Text>,
    /// The state that it is in.
    pub(crate) visit: Option<Visit>,
    /// Whether it is an item of a Map that is told of in the history.
    is_item: bool,
    /// Whether it is inside of a distributed Map, whose events are not in the history.
    is_apart: bool,
    /// How it has ended, for a branch.
    pub(crate) outcome: Option<Result<Text, Failure>>,
}

impl Scope {
    fn new(started: i64, last: Text) -> Self {
        Self {
            started,
            last,
            variables: None,
            visit: None,
            is_item: false,
            is_apart: false,
            outcome: None,
        }
    }

    /// The payload that was last written.
    pub(crate) const fn last(&self) -> &Text {
        &self.last
    }

    fn written(&mut self, text: Option<Text>) -> &Text {
        if let Some(text) = text {
            self.last = text;
        }
        &self.last
    }
}

impl Progress {
    /// Reads how far an execution has come, from its records; `None` where it has none.
    ///
    /// # Errors
    ///
    /// When they cannot be read, or cannot come after each other.
    pub(crate) fn read(store: &dyn Store, row: &Row) -> Result<Option<Self>, StoreError> {
        let mut progress = None;
        for position in row.positions() {
            Self::go_on(&mut progress, &store.read(position)?.bytes)?;
        }
        Ok(progress)
    }

    /// The progress that an execution's first entry begins.
    ///
    /// # Errors
    ///
    /// When it is no beginning.
    pub(crate) fn begin(first: Entry) -> Result<Self, StoreError> {
        let Event::ExecutionStarted { workflow, name, input } = first.event else {
            return Err(StoreError::damaged("the journal of an execution has no beginning"));
        };
        let scope = Scope::new(first.time, input.clone());
        Ok(Self {
            workflow,
            name,
            started: first.time,
            driven: first.time,
            input,
            end: None,
            scopes: BTreeMap::from([(0, Box::new(scope))]),
            entries: 1,
            events: 1,
            next_scope: 1,
        })
    }

    /// Goes on by a record of the journal; begins with the first one.
    ///
    /// # Errors
    ///
    /// When it cannot come after those before it.
    pub(crate) fn go_on(progress: &mut Option<Self>, record: &[u8]) -> Result<(), StoreError> {
        for entry in decode(record)? {
            match progress {
                Some(progress) => progress.apply(entry)?,
                None => *progress = Some(Self::begin(entry)?),
            }
        }
        Ok(())
    }

    /// Goes on by an entry.
    ///
    /// # Errors
    ///
    /// When it cannot come after those before it.
    pub(crate) fn apply(&mut self, entry: Entry) -> Result<(), StoreError> {
        let events = self.events_with(&entry);
        self.apply_counted(entry, events)
    }

    /// Goes on by an entry with which the history has so many events.
    ///
    /// # Errors
    ///
    /// When it cannot come after those before it.
    pub(crate) fn apply_counted(&mut self, entry: Entry, events: u32) -> Result<(), StoreError> {
        let Entry { time, scope, event } = entry;
        self.events = events;
        let number = self.entries;
        self.entries += 1;
        if let Event::BranchStarted { index } = event {
            return self.begin_branch(time, scope, index);
        }
        let scope = self
            .scopes
            .get_mut(&scope)
            .ok_or_else(|| StoreError::damaged("an entry is of a branch that has not begun"))?;
        match event {
            Event::ExecutionStarted { .. } | Event::BranchStarted { .. } => {
                return Err(StoreError::damaged("an execution begins twice"));
            }
            Event::ExecutionSucceeded { output } => {
                let outcome = Outcome::Succeeded(scope.written(output).clone());
                self.finish(time, outcome);
            }
            Event::ExecutionFailed(failure) => self.finish(time, Outcome::Failed(failure)),
            Event::ExecutionTimedOut(failure) => self.finish(time, Outcome::TimedOut(failure)),
            Event::ExecutionAborted(failure) => self.finish(time, Outcome::Aborted(failure)),
            Event::ExecutionRedriven => self.redrive(time)?,
            Event::StateEntered { state, kind, input, variables } => {
                if let Some(variables) = variables {
                    scope.variables = Some(variables);
                }
                let input = scope.written(input).clone();
                let visit = Visit::new(state, kind, time, number, input);
                // Where a catcher took the error of branches, their state was not left.
                let branches = scope.visit.replace(visit).and_then(|left| left.branches);
                self.forget(branches);
            }
            Event::StateExited { output, .. } => {
                scope.written(output);
                let branches = scope.visit.take().and_then(|visit| visit.branches);
                self.forget(branches);
            }
            Event::RetryGranted { retrier, at } => {
                let branches = scope.visit()?.retry(retrier, at);
                self.forget(branches);
            }
            Event::BranchSucceeded { output } => {
                scope.outcome = Some(Ok(scope.written(output).clone()));
                scope.visit = None;
            }
            Event::BranchFailed(failure) => scope.outcome = Some(Err(failure)),
            event => return scope.work(time, event),
        }
        Ok(())
    }

    /// How many events the history has with another entry: AWS's events, as [`HistoryBuilder`](workflow_core::HistoryBuilder) makes them.
    pub(crate) fn events_with(&self, entry: &Entry) -> u32 {
        let Some(scope) = self.scopes.get(&entry.scope) else { return self.events };
        if scope.is_apart {
            return self.events;
        }
        let visit = scope.visit.as_ref();
        let is_distributed = visit.is_some_and(|visit| visit.is_distributed);
        let has_branches = visit.is_some_and(|visit| visit.has_branches());
        let is_map = visit.is_some_and(|visit| visit.kind == Kind::Map);
        // The run of a distributed Map begins with its first item.
        let begins_run = is_distributed && visit.is_some_and(|visit| !visit.has_begun_branches());
        match &entry.event {
            Event::AttemptStarted { .. } => self.events + 2,
            // The failure of the branches is told only where they are not tried again.
            Event::RetryGranted { .. } => self.events - u32::from(has_branches),
            Event::WaitStarted { .. } | Event::CallbackReceived(_) => self.events,
            Event::Forked { .. } => self.events + u32::from(has_branches),
            Event::BranchStarted { .. } if is_distributed => self.events + u32::from(begins_run),
            Event::BranchStarted { .. } => self.events + u32::from(is_map),
            Event::BranchSucceeded { .. } | Event::BranchFailed(_) => {
                self.events + u32::from(scope.is_item)
            }
            Event::Joined(_) => {
                self.events
                    + u32::from(has_branches)
                    + u32::from(is_distributed)
                    + u32::from(begins_run)
            }
            _ => self.events + 1,
        }
    }

    /// How many events its history has.
    pub(crate) const fn events(&self) -> u32 {
        self.events
    }

    /// The machine whose state waits in an attempt for its task token, and that state; `None` where it has the token, or waits no more.
    pub(crate) fn waiting(
        &self,
        definition: &'static Definition,
        visit: workflow_core::Visit,
    ) -> Option<(u32, &'static definition::Task)> {
        self.waiting_inside(0, &definition.machine, visit)
    }

    fn waiting_inside(
        &self,
        number: u32,
        machine: &'static StateMachine,
        wanted: workflow_core::Visit,
    ) -> Option<(u32, &'static definition::Task)> {
        let scope = self.scopes.get(&number)?;
        let visit = scope.visit.as_ref().filter(|_| scope.outcome.is_none())?;
        let state = machine.states.iter().find(|state| state.name == visit.state)?;
        if visit.number == wanted.number() {
            let definition::Kind::Task(task) = &state.kind else { return None };
            let attempt =
                visit.attempt.as_ref().filter(|_| visit.is_under_way(wanted.retry_count()));
            return attempt
                .is_some_and(|attempt| attempt.callback.is_none())
                .then_some((number, task));
        }
        let branches = visit.branches.iter().flatten().filter(|_| !visit.has_failed);
        branches.into_iter().find_map(|(index, branch)| {
            self.waiting_inside(*branch, state.inner(usize::try_from(*index).ok()?)?, wanted)
        })
    }

    /// The number that the next branch has.
    pub(crate) const fn next_branch(&self) -> u32 {
        self.next_scope
    }

    fn begin_branch(&mut self, time: i64, parent: u32, index: u32) -> Result<(), StoreError> {
        let number = self.next_scope;
        self.next_scope += 1;
        let visit = self.scopes.get_mut(&parent).and_then(|scope| scope.visit.as_mut());
        let branches = visit.and_then(|visit| visit.branches.as_mut());
        let Some(branches) = branches else {
            return Err(StoreError::damaged("a branch begins where none is"));
        };
        branches.insert(index, number);
        let around = &self.scopes[&parent];
        let visit = around.visit.as_ref();
        let is_apart = around.is_apart || visit.is_some_and(|visit| visit.is_distributed);
        let is_item = !is_apart && visit.is_some_and(|visit| visit.kind == Kind::Map);
        let branch = Scope { is_item, is_apart, ..Scope::new(time, around.last.clone()) };
        self.scopes.insert(number, Box::new(branch));
        Ok(())
    }

    /// Forgets branches, and those inside of them: the state that they belong to does not ask for them any more.
    fn forget(&mut self, branches: Option<BTreeMap<u32, u32>>) {
        for number in branches.into_iter().flat_map(BTreeMap::into_values) {
            let inside = self.scopes.remove(&number).and_then(|scope| scope.visit?.branches);
            self.forget(inside);
        }
    }

    /// What has succeeded has no more to do; all else may go on.
    fn finish(&mut self, time: i64, outcome: Outcome) {
        if let Outcome::Succeeded(_) = outcome {
            self.scopes.clear();
        }
        self.end = Some(End { time, outcome });
    }

    /// Goes on from where it ended: states that failed have all their retries again, and the time of the workflow's timeout begins
    /// anew.
    fn redrive(&mut self, time: i64) -> Result<(), StoreError> {
        if self.scopes.is_empty() || self.end.take().is_none() {
            return Err(StoreError::damaged("an execution is redriven that has not failed"));
        }
        self.driven = time;
        for scope in self.scopes.values_mut() {
            if let Some(Err(_)) = scope.outcome {
                scope.outcome = None;
            }
            if let Some(visit) = &mut scope.visit {
                visit.has_failed = false;
                visit.attempts_before +=
                    visit.granted.iter().sum::<u32>() + u32::from(visit.attempt.is_none());
                visit.granted.clear();
                visit.next_attempt = None;
                visit.attempt.iter_mut().for_each(|attempt| attempt.started = time);
            }
        }
        Ok(())
    }
}

impl Scope {
    /// What happens in the work of a state.
    fn work(&mut self, time: i64, event: Event) -> Result<(), StoreError> {
        match event {
            Event::AttemptStarted { input, limits } => {
                let given = self.written(input).clone();
                let visit = self.visit()?;
                visit.next_attempt = None;
                // One that is begun again after an interruption has the time that it had.
                let before = visit.attempt.take();
                visit.attempt = Some(Attempt {
                    given,
                    started: before.as_ref().map_or(time, |attempt| attempt.started),
                    is_submitted: false,
                    callback: before.and_then(|attempt| attempt.callback),
                    limits,
                });
            }
            Event::TaskSubmitted { output } => {
                self.written(output);
                self.visit()?.attempt()?.is_submitted = true;
            }
            Event::CallbackReceived(outcome) => {
                if let Ok(output) = &outcome {
                    self.written(Some(output.clone()));
                }
                self.visit()?.attempt()?.callback = Some(outcome);
            }
            Event::AttemptSucceeded { output } => {
                self.written(output);
                self.visit()?.attempt = None;
            }
            Event::AttemptFailed(_) => self.visit()?.attempt = None,
            Event::WaitStarted { until } => self.visit()?.waits_until = Some(until),
            // Its branches wait for the next attempt, if one was granted.
            Event::Forked { is_distributed, branches } => {
                let visit = self.visit()?;
                visit.branches = Some(BTreeMap::new());
                visit.forked = branches;
                visit.is_distributed = is_distributed;
            }
            Event::Joined(failure) => self.visit()?.has_failed = failure.is_some(),
            _ => {}
        }
        Ok(())
    }

    fn visit(&mut self) -> Result<&mut Visit, StoreError> {
        let visit = self.visit.as_mut();
        visit.ok_or_else(|| StoreError::damaged("an entry is of a state that has not been entered"))
    }
}
