//! How a machine runs: from its start or from where it was, and so long at most. The futures are written by hand, since an async function
//! would hold a machine twice: as its argument and as what it awaits.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use pin_project_lite::pin_project;
use tokio::time::{Sleep, sleep};
use workflow_core::{Entry, ErrorOutput, Json, Machine, Resources, Resume, Timestamp};

use super::{Failed, Running};
use crate::entry::{Kind, Text, timestamp};
use crate::migration::{self, Checkpoint};

pin_project! {
    /// A machine that runs.
    #[project = BegunProjection]
    enum Begun<S, R> {
        /// From its start.
        Started { #[pin] machine: S },
        /// From where it was.
        Resumed { #[pin] machine: R },
        /// Not at all, since where it was does not fit: whoever drives the execution drops it.
        Misfit,
    }
}

impl<S: Future, R: Future<Output = S::Output>> Future for Begun<S, R> {
    type Output = S::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            BegunProjection::Started { machine } => machine.poll(context),
            BegunProjection::Resumed { machine } => machine.poll(context),
            BegunProjection::Misfit => Poll::Pending,
        }
    }
}

pin_project! {
    /// A machine that has so much time.
    pub(crate) struct Within<F> {
        #[pin]
        machine: F,
        time: Time,
    }
}

/// How much time is left.
enum Time {
    Endless,
    Left(Pin<Box<Sleep>>),
    Over,
}

impl<T, F: Future<Output = Result<T, Failed>>> Future for Within<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if !matches!(this.time, Time::Over)
            && let Poll::Ready(result) = this.machine.poll(context)
        {
            return Poll::Ready(result);
        }
        match this.time {
            Time::Endless => return Poll::Pending,
            Time::Left(time) => ready!(time.as_mut().poll(context)),
            Time::Over => {}
        }
        Poll::Ready(Err(ErrorOutput::execution_timed_out()))
    }
}

impl Running {
    /// Runs a machine from where it was; from an entry, where it has not begun.
    pub(crate) fn machine<M: Machine, S: Entry<M>>(
        self,
        resources: <M::Resources as Resources>::Ref<'_>,
        variables: M::Variables,
        entry: S,
    ) -> impl Future<Output = Result<M::Output, Failed>> + Send {
        let Some((checkpoint, kind)) = self.checkpoint() else {
            return Begun::Started { machine: M::run(self, resources, variables, entry) };
        };
        let (state, saved_variables) = match checkpoint.read::<M>(Some(kind)) {
            Ok(saved) => saved,
            Err(why) => match self.migrated::<M>(checkpoint) {
                Some(saved) => saved,
                None => {
                    self.run.noted().does_not_fit(why);
                    return Begun::Misfit;
                }
            },
        };
        let variables = saved_variables.unwrap_or(variables);
        Begun::Resumed { machine: M::run(self, resources, variables, Resume::<M>(state)) }
    }

    /// Where the machine is, and the kind of the state.
    fn checkpoint(&self) -> Option<(Checkpoint, Kind)> {
        let noted = self.run.noted();
        let scope = noted.scope(self.scope)?;
        let visit = scope.visit.as_ref()?;
        let variables = scope.variables.as_ref().map_or(Json::Null, Text::json);
        let checkpoint = Checkpoint::of_state(visit.state.clone(), visit.input.json(), variables);
        Some((checkpoint, visit.kind))
    }

    /// A checkpoint that does not fit as the program makes it fit: its state is entered anew.
    fn migrated<M: Machine>(&self, mut checkpoint: Checkpoint) -> Option<migration::Saved<M>> {
        let workflow = self.execution.definition().name;
        self.run.common.migrations.get(workflow)?(&mut checkpoint);
        let saved = checkpoint.read::<M>(None).ok()?;
        self.run.noted().resumed.remove(&self.scope);
        Some(saved)
    }

    /// Gives the machine of a workflow so much time at most, from when it was started. One that is redriven has all of it again.
    pub(crate) fn within<F>(&self, timeout: Option<Duration>, machine: F) -> Within<F> {
        let time = timeout.map_or(Time::Endless, |timeout| {
            let redriven = timestamp(self.run.noted().progress.driven);
            let start = self.execution.start_time().max(redriven);
            let end = start.saturating_add(timeout).unwrap_or(Timestamp::MAX);
            let left = self.execution.time_until(end);
            if left.is_zero() { Time::Over } else { Time::Left(Box::pin(sleep(left))) }
        });
        Within { machine, time }
    }
}
