//! An attempt at a task: from when it is durable that it begins, to its outcome. How long it may take, and be silent, is here too.

use std::future::Future;
use std::time::Duration;

use serde::de::DeserializeOwned;
use tokio::time::Instant;
use workflow_core::definition::State;
use workflow_core::{
    Attempt, Data, Event as Told, Heartbeat, Limits, Payload, Resources, Task, TaskToken,
    TaskTokenKey, Timestamp, Visit,
};

use super::{Failed, Running};
use crate::entry::{Event, Failure, timestamp};
use crate::progress;

impl Running {
    /// Waits for the time that a retrier has set before the execution was interrupted.
    pub(super) async fn wait_for_next_attempt(&self) {
        if let Some(Some(time)) = self.visited(|visit| visit.next_attempt) {
            self.sleep_until(time).await;
        }
    }

    /// Runs a task once. Between its outcome and the next effect nothing is awaited, so what follows from the outcome is in one
    /// record with it: a visit whose attempt has ended is never resumed.
    #[expect(clippy::manual_async_fn, reason = "an async function holds its arguments twice")]
    pub(super) fn try_task<T: Task>(
        &self,
        state: &'static State,
        visit: Visit,
        limits: Option<Limits>,
        resources: <T::Resources as Resources>::Ref<'_>,
        input: T::Input,
    ) -> impl Future<Output = Result<T::Output, Failed>> + Send {
        async move {
            let is_resumed = self.visited(progress::Visit::is_in_work) == Some(true);
            if is_resumed {
                self.wait_for_next_attempt().await;
            }
            let _begun = self.run.common.under_way.begin().await;
            let (input, is_begun) = if is_resumed { self.under_way(input) } else { (input, false) };
            if !is_begun {
                self.note_attempt(limits, &input);
                self.run.committed().await;
            }
            self.tell(|scope| Told::TaskScheduled {
                execution: &self.execution,
                scope,
                state,
                visit,
                input: Payload::new(&input),
                limits: limits.unwrap_or_default(),
            });
            let heartbeat = limits.and_then(|limits| self.watched::<T>(limits, is_begun));
            let heartbeat = heartbeat.as_ref();
            let task_token = T::AWAITS.map(|_| self.token(visit));
            let execution = &*self.execution;
            let attempt = Attempt { execution, state, visit, heartbeat, task_token };
            let call = T::invoke(self, resources, attempt, input);
            let result = match limits {
                None => call.await,
                // Boxed, so that attempts without limits have no room for their clocks.
                Some(limits) => Box::pin(self.left::<T>(limits).hold(heartbeat, call)).await,
            };
            let result = result.and_then(|output| {
                self.note_result(state, &output, |output| Event::AttemptSucceeded { output })?;
                Ok(output)
            });
            if let Err(error) = &result {
                let event = Event::AttemptFailed(Failure::from(&**error));
                self.note(&mut self.run.noted(), event);
            }
            self.tell_attempted(state, visit, &result);
            result
        }
    }

    /// What an attempt is given that goes on after an interruption, which may have been random, and whether its call is not to be made
    /// again.
    fn under_way<I: DeserializeOwned>(&self, input: I) -> (I, bool) {
        let Some(attempt) = self.attempt_under_way() else { return (input, false) };
        let given = serde_json::from_str(attempt.given.as_str()).ok();
        let is_begun =
            attempt.is_called() || self.visited(progress::Visit::has_begun_branches) == Some(true);
        (given.unwrap_or(input), is_begun)
    }

    /// Where the heartbeats go of an attempt that may be silent only so long.
    fn watched<T: Task>(&self, limits: Limits, is_begun: bool) -> Option<Heartbeat> {
        limits.heartbeat.map(|_| match T::AWAITS {
            Some(_) => self.heartbeat(is_begun),
            None => Heartbeat::default(),
        })
    }

    pub(super) fn token(&self, visit: Visit) -> (&TaskTokenKey, TaskToken) {
        let before = self.visited(|visit| visit.attempts_before).unwrap_or_default();
        let visit = visit.with_retry_count(before + visit.retry_count());
        (&self.run.common.key, TaskToken { execution: self.run.number, visit })
    }

    /// Where the heartbeats go of an attempt that waits for its task token. Of one that goes on they are those that it had, if this engine
    /// has had it before.
    fn heartbeat(&self, is_begun: bool) -> Heartbeat {
        let under_way = self.attempt_under_way().filter(|_| is_begun);
        let mut noted = self.run.noted();
        let heartbeat = match under_way {
            None => Heartbeat::default(),
            Some(attempt) => {
                let known = noted.heartbeats.get(&self.scope).cloned();
                known.unwrap_or_else(|| self.unheard(attempt.started))
            }
        };
        noted.heartbeats.insert(self.scope, heartbeat.clone());
        heartbeat
    }

    /// The heartbeats of an attempt of which none was heard. Before the engine was there, nobody could send one.
    fn unheard(&self, started: i64) -> Heartbeat {
        let since_start = self.execution.now_millisecond().saturating_sub(started);
        let since_start = Duration::from_millis(u64::try_from(since_start).unwrap_or_default());
        let silent = since_start.min(self.run.common.opened.elapsed());
        Instant::now().checked_sub(silent).map_or_else(Heartbeat::default, Heartbeat::since)
    }

    pub(super) fn attempt_under_way(&self) -> Option<progress::Attempt> {
        self.visited(|visit| visit.attempt.clone()).flatten()
    }

    fn note_attempt<I: Data>(&self, limits: Option<Limits>, input: &I) {
        let seconds =
            |limit: Option<Duration>| Some(u32::try_from(limit?.as_secs()).unwrap_or(u32::MAX));
        let set = limits.unwrap_or_default();
        let limits = (seconds(set.timeout), seconds(set.heartbeat));
        self.note_payload(input, |_, input| Event::AttemptStarted { input, limits });
    }

    /// What is left of the time of an attempt. What waits for somebody, or for an execution, goes on where it was; a task begins anew.
    fn left<T: Task>(&self, limits: Limits) -> Limits {
        if let (None, None) = (T::AWAITS, T::WORKFLOW) {
            return limits;
        }
        let started = self.attempt_under_way().map(|attempt| timestamp(attempt.started));
        let left = |timeout: Duration| {
            let end = started?.saturating_add(timeout).unwrap_or(Timestamp::MAX);
            Some(self.execution.time_until(end))
        };
        Limits { timeout: limits.timeout.and_then(left), ..limits }
    }
}
