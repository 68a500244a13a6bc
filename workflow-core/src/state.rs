//! What every visit to a state does, whatever its task is: it is entered, its task is retried, it is left.
//!
//! Generated code calls these functions, so that they are checked once and not once for each state. A state is named by
//! its position in the states of its machine.

use std::borrow::BorrowMut;
use std::future::Future;

use crate::attempt::{Attempted, Begun};
use crate::data::Data;
use crate::definition::State;
use crate::engine::{Engine, Limits};
use crate::error::Failed;
use crate::fit::convert;
use crate::machine::Machine;
use crate::retry::Retries;
use crate::task::{Supplies, Task, Visit};

/// A machine's state at a position.
#[inline]
fn state<M: Machine>(id: usize) -> &'static State {
    &M::STATES.states[id]
}

/// Enters a state.
#[inline]
pub fn enter<M: Machine, E: Engine, I: Data>(
    engine: &E,
    id: usize,
    input: &I,
    variables: &M::Variables,
) {
    engine.entered::<M, I>(state::<M>(id), input, variables);
}

/// Leaves a state.
#[inline]
pub fn leave<M: Machine, E: Engine, O: Data>(engine: &E, id: usize, output: &O) {
    engine.exited(state::<M>(id), output);
}

/// Begins a visit.
#[inline]
pub fn visit<M: Machine, E: Engine>(engine: &E, id: usize) -> Visit {
    engine.visit(state::<M>(id))
}

/// Says which variables a state has assigned.
#[inline]
pub fn assign<M: Machine, E: Engine>(
    engine: &E,
    id: usize,
    names: &'static [&'static str],
    variables: &M::Variables,
) {
    engine.assigned::<M>(state::<M>(id), names, variables);
}

/// Enters a state whose task takes the input as it is, and runs the task until an attempt succeeds or its error is final.
#[inline]
pub fn task_on_input<'f, M: Machine, T: Task, I: Data, E: Engine, R: Supplies<'f, T::Resources>>(
    engine: &'f E,
    id: usize,
    resources: R,
    input: &'f I,
    variables: &M::Variables,
) -> impl Future<Output = Result<T::Output, Failed>> + Send + use<'f, M, T, I, E, R> {
    enter::<M, E, I>(engine, id, input, variables);
    let visit = visit::<M, E>(engine, id);
    task::<M, T, E, R>(engine, id, visit, resources, move |_| convert(input.clone()))
}

/// Runs a task until an attempt succeeds or its error is final.
#[inline]
pub fn task<'f, M: Machine, T: Task, E: Engine, R: Supplies<'f, T::Resources>>(
    engine: &'f E,
    id: usize,
    visit: impl BorrowMut<Visit> + Send + 'f,
    resources: R,
    mut given: impl FnMut(Visit) -> Result<T::Input, Failed> + Send + 'f,
) -> impl Future<Output = Result<T::Output, Failed>> + Send + 'f {
    let (state, resources) = (state::<M>(id), resources.supply());
    retry(engine, state, visit, move |visit| {
        Ok(engine.attempt::<T>(state, visit, resources, given(visit)?))
    })
}

/// Runs a task once.
#[inline]
pub fn task_once<'f, M: Machine, T: Task, E: Engine, R: Supplies<'f, T::Resources>>(
    engine: &'f E,
    id: usize,
    visit: Visit,
    resources: R,
    given: Result<T::Input, Failed>,
) -> impl Future<Output = Result<T::Output, Failed>> + Send + 'f {
    let (state, resources) = (state::<M>(id), resources.supply());
    once(state, given.map(|given| engine.attempt::<T>(state, visit, resources, given)))
}

/// Runs a task within limits of time until an attempt succeeds or its error is final.
#[inline]
pub fn task_within<'f, M: Machine, T: Task, E: Engine, R: Supplies<'f, T::Resources>>(
    engine: &'f E,
    id: usize,
    visit: impl BorrowMut<Visit> + Send + 'f,
    resources: R,
    mut given: impl FnMut(Visit) -> Result<(Limits, T::Input), Failed> + Send + 'f,
) -> impl Future<Output = Result<T::Output, Failed>> + Send + 'f {
    let (state, resources) = (state::<M>(id), resources.supply());
    retry(engine, state, visit, move |visit| {
        let (limits, given) = given(visit)?;
        Ok(engine.attempt_within::<T>(state, visit, limits, resources, given))
    })
}

/// Runs a task once, within limits of time.
#[inline]
pub fn task_once_within<'f, M: Machine, T: Task, E: Engine, R: Supplies<'f, T::Resources>>(
    engine: &'f E,
    id: usize,
    visit: Visit,
    resources: R,
    given: Result<(Limits, T::Input), Failed>,
) -> impl Future<Output = Result<T::Output, Failed>> + Send + 'f {
    let (state, resources) = (state::<M>(id), resources.supply());
    once(
        state,
        given.map(|(limits, given)| {
            engine.attempt_within::<T>(state, visit, limits, resources, given)
        }),
    )
}

/// The only attempt of a state without retriers.
fn once<T: Send, F: Future<Output = Result<T, Failed>> + Send>(
    state: &'static State,
    attempt: Result<F, Failed>,
) -> impl Future<Output = Result<T, Failed>> + Send {
    Attempted::new(Begun::new(attempt), |result: Result<T, Failed>| match result {
        Ok(output) => Ok(output),
        Err(error) => Err(error.in_state(state.name)),
    })
}

/// Makes attempts until one succeeds or its error is final.
///
/// It is a generic loop around decisions that are compiled once: see [`Retries`]. What few executions need, the count of
/// retries and the wait before the next attempt, has memory of its own, so that the future is no larger than the attempt.
///
/// # Errors
///
/// That of the last attempt, said of the state.
#[inline]
#[expect(
    clippy::manual_async_fn,
    reason = "`Send` is declared here, and need not be proven anew at every state"
)]
pub fn retry<E: Engine, T: Send, F: Future<Output = Result<T, Failed>> + Send>(
    engine: &E,
    state: &'static State,
    mut visit: impl BorrowMut<Visit> + Send,
    mut attempt: impl FnMut(Visit) -> Result<F, Failed> + Send,
) -> impl Future<Output = Result<T, Failed>> + Send {
    async move {
        let mut retries = engine.retries(state);
        loop {
            let error = match Begun::new(attempt(*visit.borrow())).await {
                Ok(output) => return Ok(output),
                Err(error) => error,
            };
            let retries = retries.get_or_insert_with(|| Box::new(Retries::new(state.retry())));
            let Some(delay) = retries.grant(&error) else {
                return Err(error.in_state(state.name));
            };
            Box::pin(engine.back_off(state, *visit.borrow(), &error, delay)).await;
            let visit = visit.borrow_mut();
            *visit = visit.with_retry_count(retries.count());
        }
    }
}
