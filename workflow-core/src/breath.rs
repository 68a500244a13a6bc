//! A pause now and then, so that a loop of states that never wait can be cancelled and lets others run.

use std::future::poll_fn;
use std::task::Poll;

/// Counts the stretches that a machine has run without a pause.
#[derive(Debug)]
pub struct Breath(u8);

impl Breath {
    /// No stretch has been run.
    #[must_use]
    pub const fn new() -> Self {
        Self(0)
    }

    /// Counts a stretch, and hands control back once in a while.
    pub async fn take(&mut self) {
        self.0 = self.0.wrapping_add(1);
        if self.0 == 0 {
            let mut paused = false;
            poll_fn(|context| {
                if std::mem::replace(&mut paused, true) {
                    return Poll::Ready(());
                }
                context.waker().wake_by_ref();
                Poll::Pending
            })
            .await;
        }
    }
}

impl Default for Breath {
    fn default() -> Self {
        Self::new()
    }
}
