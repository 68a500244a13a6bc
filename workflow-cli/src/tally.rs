//! How many executions run, have succeeded and have failed while a process works.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use workflow_core::{Event, Listener};

/// Counts executions. A clone counts the same ones.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    counts: Arc<Mutex<Counts>>,
}

/// How many executions there are, without those that are tasks of others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    running: HashSet<String>,
    succeeded: u64,
    failed: u64,
}

impl Tally {
    /// Whether an execution has ended without success.
    pub(crate) fn has_failed(&self) -> bool {
        self.counts().failed > 0
    }

    /// What there is to say, where something runs.
    pub(crate) fn progress(&self) -> Option<String> {
        let counts = self.counts();
        (!counts.running.is_empty()).then(|| counts.to_string())
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listener for Tally {
    fn on(&self, event: &Event<'_>) {
        let id = event.execution().id();
        let mut counts = self.counts();
        if let Event::ExecutionStarted { parent: None, .. } = event {
            counts.running.insert(id.to_owned());
        }
        if !event.is_end() || !counts.running.remove(id) {
            return;
        }
        match event {
            Event::ExecutionSucceeded { .. } => counts.succeeded += 1,
            // It goes on later.
            Event::ExecutionSuspended { .. } => {}
            _ => counts.failed += 1,
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { running, succeeded, failed } = self;
        write!(f, "{} running, {succeeded} succeeded, {failed} failed", running.len())
    }
}

#[cfg(test)]
mod tests {
    use workflow_core::{InProcess, TaskError, task, workflow};

    use super::*;

    #[derive(Debug, TaskError)]
    enum Refused {
        Odd,
    }

    impl fmt::Display for Refused {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("it is odd")
        }
    }

    #[task]
    async fn halve(tally: &Tally, number: u32) -> Result<u32, Refused> {
        assert!(tally.progress().is_some_and(|text| text.starts_with("1 running, ")));
        if number.is_multiple_of(2) { Ok(number / 2) } else { Err(Refused::Odd) }
    }

    workflow! {
        Halve(&Tally, u32) -> u32;
        Half: Task { call: halve($), end }
    }

    workflow! {
        Quarter(&Tally, u32) -> u32;
        Once: Task { call: Halve($), next: Twice }
        Twice: Task { call: Halve($), end }
    }

    #[tokio::test]
    async fn executions_are_counted_without_those_that_are_tasks() {
        let tally = Tally::default();
        let engine = InProcess::new(&tally).listener(&tally);
        assert!(engine.run::<Quarter>(8).await.is_ok());
        assert!(engine.run::<Quarter>(6).await.is_err());
        assert_eq!(tally.progress(), None, "nothing runs");
        assert!(tally.has_failed());
        assert_eq!(tally.counts().to_string(), "0 running, 1 succeeded, 1 failed");
    }
}
