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

    /// Counts a stretch, and says whether a pause is due.
    pub const fn is_due(&mut self) -> bool {
        self.0 = self.0.wrapping_add(1);
        self.0 == 0
    }
}

impl Default for Breath {
    fn default() -> Self {
        Self::new()
    }
}

/// Hands control back once.
pub(crate) async fn pause() {
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
