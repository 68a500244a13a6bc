//! The futures of one attempt: a call whose outcome is looked at as it comes out, and an attempt that may not begin.
//!
//! They are written by hand, since an async block would hold the call twice: as what it captures and as what it awaits.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use crate::error::Failed;

pin_project! {
    /// A call, and what becomes of its outcome.
    pub(crate) struct Attempted<F, M> {
        #[pin]
        call: F,
        outcome: M,
    }
}

impl<F, M> Attempted<F, M> {
    pub(crate) const fn new(call: F, outcome: M) -> Self {
        Self { call, outcome }
    }
}

impl<F: Future, T, M: FnMut(F::Output) -> T> Future for Attempted<F, M> {
    type Output = T;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let this = self.project();
        let outcome = ready!(this.call.poll(context));
        Poll::Ready((this.outcome)(outcome))
    }
}

pin_project! {
    /// An attempt, or the error that kept it from beginning.
    #[project = BegunProjection]
    pub(crate) enum Begun<F> {
        Attempt { #[pin] attempt: F },
        Failed { error: Option<Failed> },
    }
}

impl<F> Begun<F> {
    #[inline]
    pub(crate) fn new(attempt: Result<F, Failed>) -> Self {
        match attempt {
            Ok(attempt) => Self::Attempt { attempt },
            Err(error) => Self::Failed { error: Some(error) },
        }
    }
}

impl<T, F: Future<Output = Result<T, Failed>>> Future for Begun<F> {
    type Output = Result<T, Failed>;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            BegunProjection::Attempt { attempt } => attempt.poll(context),
            BegunProjection::Failed { error } => match error.take() {
                Some(error) => Poll::Ready(Err(error)),
                None => Poll::Pending,
            },
        }
    }
}
