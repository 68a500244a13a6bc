//! How an execution is driven: from its first entry, or from where it was, to its end or until it leaves memory.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::{Either, select};
use workflow_core::{Definition, ErrorOutput};

use crate::builder::{Clock, Machine};
use crate::engine::Engine;
use crate::entry::{Entries, Event, Failure, milliseconds};
use crate::index::Row;
use crate::journal::Durable;
use crate::known::{Driven, Executions, Known};
use crate::progress::{Outcome, Progress};
use crate::rest::Heartbeats;
use crate::run::{Interruption, Run};
use crate::store::StoreError;

/// An execution that comes into memory.
pub(crate) struct Coming {
    number: u64,
    known: Known,
    run: Arc<Run>,
    /// What drives it, where its workflow is registered and the engine works.
    driven: Option<(Machine, &'static Definition)>,
}

impl Coming {
    pub(crate) const fn number(&self) -> u64 {
        self.number
    }
}

impl Engine {
    /// Makes what drives an execution that goes on from where it is, with entries that are noted already.
    pub(crate) fn coming(
        &self,
        number: u64,
        row: Row,
        progress: Progress,
        entries: Entries,
        heartbeats: Heartbeats,
    ) -> Coming {
        let input = progress.input.clone();
        let run = Run::new(number, Arc::clone(&self.common), progress, entries, heartbeats);
        let known = Known::new(row, input, Arc::clone(&run));
        let registered = self.workflows.get(known.workflow()).filter(|_| self.is_working);
        let driven = registered.map(|registered| {
            let (run, now) = (Arc::clone(&run), (self.clock)());
            ((registered.driver)(run, now, self.identity.clone()), registered.definition)
        });
        Coming { number, known, run, driven }
    }

    /// Drives an execution. What it does first is written together with the entry that it begins with. Where its workflow is not
    /// registered or has changed too much, or the engine does not work, nothing more happens. Returns what tells when the entry is
    /// durable.
    pub(crate) fn drive(
        self: &Arc<Self>,
        executions: &mut Executions,
        coming: Coming,
    ) -> Result<Durable, StoreError> {
        let Coming { number, mut known, run, driven } = coming;
        let begun = run.queue(&mut run.noted());
        if let Some(state) = executions.waited.remove(&number) {
            known.state = state;
        }
        let fits = !executions.misfits.contains_key(&number);
        if let Some((machine, definition)) = driven.filter(|_| fits) {
            let engine = Arc::clone(self);
            known.carry_on(async move {
                let driven = to_end(&run, definition, machine, &engine.clock).await;
                engine.settle(number, driven);
            });
        } else {
            self.common.journal.write();
        }
        executions.insert(number, known);
        self.begun.notify_one();
        begun
    }

    /// Ends an execution that nothing drives.
    pub(crate) fn abort(self: &Arc<Self>, number: u64, known: &mut Known, failure: Failure) {
        let (engine, run) = (Arc::clone(self), Arc::clone(&known.run));
        let (time, outcome) = (self.now(), Outcome::Aborted(failure));
        known.carry_on(async move {
            let driven = end(&run, time, outcome).await;
            engine.settle(number, driven);
        });
    }
}

/// Drives an execution to its end, and makes that durable; or until it leaves memory.
async fn to_end(
    run: &Arc<Run>,
    definition: &'static Definition,
    machine: Machine,
    clock: &Clock,
) -> Driven {
    let _driving = run.driving();
    let mut machine = pin!(AssertUnwindSafe(run.drive(machine)).catch_unwind());
    let outcome = loop {
        break match select(&mut machine, pin!(run.interrupted())).await {
            Either::Left((Ok(Ok(output)), _)) => Outcome::Succeeded(output),
            Either::Left((Ok(Err(error)), _)) => failed(&error),
            Either::Left((Err(panic), _)) => Outcome::Failed(panicked(&*panic)),
            Either::Right((Interruption::Failed(failure), _)) => Outcome::Failed(failure),
            Either::Right((Interruption::Stopped(failure), _)) => Outcome::Aborted(failure),
            Either::Right((Interruption::Broken(error), _)) => return Driven::Broken(error),
            Either::Right((Interruption::Misfit(why), _)) => {
                // What was queued before has its place then.
                let queued = run.common.journal.all();
                run.common.journal.write();
                let _ = queued.await;
                return Driven::Misfit(why);
            }
            Either::Right((Interruption::Tired, _)) => {
                match run.park(definition, milliseconds(clock())).await {
                    Some(until) => return Driven::Parked(until),
                    None => continue,
                }
            }
        };
    };
    end(run, milliseconds(clock()), outcome).await
}

/// A panic fails the execution: it can be redriven once the program is mended.
fn panicked(panic: &(dyn Any + Send)) -> Failure {
    let message = panic.downcast_ref::<String>().map(String::as_str);
    let message = message.or_else(|| panic.downcast_ref::<&str>().copied());
    let cause = format!("a task panicked: {}", message.unwrap_or("without a message"));
    Failure { error: "States.Runtime".to_owned(), cause }
}

fn failed(error: &ErrorOutput) -> Outcome {
    let is_timeout = error.state.is_none() && error.error == "States.Timeout";
    let failure = Failure::from(error);
    if is_timeout { Outcome::TimedOut(failure) } else { Outcome::Failed(failure) }
}

async fn end(run: &Run, time: i64, outcome: Outcome) -> Driven {
    let event = match outcome.clone() {
        Outcome::Succeeded(output) => Event::ExecutionSucceeded { output: Some(output) },
        Outcome::Failed(failure) => Event::ExecutionFailed(failure),
        Outcome::TimedOut(failure) => Event::ExecutionTimedOut(failure),
        Outcome::Aborted(failure) => Event::ExecutionAborted(failure),
    };
    match run.end(time, event).await {
        Ok(()) => Driven::Ended { outcome, time },
        Err(error) => Driven::Broken(error),
    }
}
