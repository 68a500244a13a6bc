//! The future of one attempt: a call whose outcome is looked at as it comes out.
//!
//! It is written by hand, since an async block would hold the call twice: as what it captures and as what it awaits.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

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
