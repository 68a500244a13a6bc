//! Retriers: which errors are tried again, how often, and after how long.
//!
//! Section "Retrying after error" of the States Language.

use std::time::Duration;

use crate::error::ErrorOutput;

/// One retrier of a state.
///
/// # Example
///
/// ```
/// use std::time::Duration;
/// use workflow_core::{Jitter, Retrier};
///
/// let retrier = Retrier {
///     interval: Duration::from_secs(2),
///     max_attempts: 3,
///     max_delay: Some(Duration::from_secs(5)),
///     ..Retrier::new(&["States.ALL"])
/// };
/// assert_eq!(retrier.delay(0), Some(Duration::from_secs(2)));
/// assert_eq!(retrier.delay(1), Some(Duration::from_secs(4)));
/// assert_eq!(retrier.delay(2), Some(Duration::from_secs(5)), "8 s is over `max_delay`");
/// assert_eq!(retrier.delay(3), None, "three retries are spent");
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Retrier {
    /// The names of the errors it takes: ASL's `ErrorEquals`.
    pub error_equals: &'static [&'static str],
    /// The time before the first retry: ASL's `IntervalSeconds`.
    pub interval: Duration,
    /// How many retries it grants in all: ASL's `MaxAttempts`.
    pub max_attempts: u32,
    /// By how much the time grows with each retry: ASL's `BackoffRate`.
    pub backoff_rate: f64,
    /// The longest time before a retry: ASL's `MaxDelaySeconds`.
    pub max_delay: Option<Duration>,
    /// Whether the time is drawn at random: ASL's `JitterStrategy`.
    pub jitter: Jitter,
    /// What is said of it: ASL's `Comment`.
    pub comment: Option<&'static str>,
}

/// Whether the time before a retry is drawn at random.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jitter {
    /// It is as computed: `NONE`.
    None,
    /// It is drawn evenly between zero and the computed time: `FULL`.
    Full,
}

impl Retrier {
    /// Makes a retrier with ASL's defaults: three retries, after one, two and four seconds.
    #[must_use]
    pub const fn new(error_equals: &'static [&'static str]) -> Self {
        Self {
            error_equals,
            interval: Duration::from_secs(1),
            max_attempts: 3,
            backoff_rate: 2.0,
            max_delay: None,
            jitter: Jitter::None,
            comment: None,
        }
    }

    /// Returns the time before the retry after `retries` of them, before jitter; `None` when no retry is left.
    ///
    /// A time too long for a [`Duration`] is [`Duration::MAX`], or `max_delay`.
    #[must_use]
    pub fn delay(&self, retries: u32) -> Option<Duration> {
        if retries >= self.max_attempts {
            return None;
        }
        let rate = self.backoff_rate.powf(f64::from(retries));
        let delay = Duration::try_from_secs_f64(self.interval.as_secs_f64() * rate)
            .unwrap_or(Duration::MAX);
        Some(self.max_delay.map_or(delay, |longest| delay.min(longest)))
    }

    fn jittered(&self, delay: Duration) -> Duration {
        match self.jitter {
            Jitter::None => delay,
            Jitter::Full => delay.mul_f64(fastrand::f64()),
        }
    }
}

/// The retries of one visit to a state: how many each of its retriers has granted. An engine that goes on after an interruption
/// makes them from what it kept.
///
/// The first retrier that takes an error decides, even when it is spent: a later one is not asked.
#[derive(Debug)]
pub struct Retries {
    retriers: &'static [Retrier],
    granted: Vec<u32>,
    count: u32,
}

impl Retries {
    /// No retry has been granted yet.
    #[inline]
    #[must_use]
    pub const fn new(retriers: &'static [Retrier]) -> Self {
        Self { retriers, granted: Vec::new(), count: 0 }
    }

    /// So many retries have been granted by each retrier, in their order; none by those that are not listed.
    #[must_use]
    pub fn resumed(retriers: &'static [Retrier], granted: Vec<u32>) -> Self {
        let count = granted.iter().sum();
        Self { retriers, granted, count }
    }

    /// Returns how many retries have been granted in all: ASL's `$$.State.RetryCount`.
    #[inline]
    #[must_use]
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// Returns the time to wait before the next attempt, or `None` when the error is final.
    #[cold]
    pub fn grant(&mut self, error: &ErrorOutput) -> Option<Duration> {
        let position =
            self.retriers.iter().position(|retrier| error.is_one_of(retrier.error_equals))?;
        self.granted.resize(self.retriers.len(), 0);
        let retrier = &self.retriers[position];
        let delay = retrier.delay(self.granted[position])?;
        self.granted[position] += 1;
        self.count += 1;
        Some(retrier.jittered(delay))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spent_retrier_is_final_even_when_a_later_one_takes_the_error() {
        static RETRIERS: [Retrier; 2] = [
            Retrier { max_attempts: 1, ..Retrier::new(&["Busy"]) },
            Retrier { max_attempts: 5, ..Retrier::new(&["States.ALL"]) },
        ];
        let mut retries = Retries::new(&RETRIERS);
        let busy = ErrorOutput::new("Busy", "");
        assert_eq!(retries.grant(&busy), Some(Duration::from_secs(1)));
        assert_eq!(retries.grant(&busy), None);
        assert_eq!(retries.grant(&ErrorOutput::new("Other", "")), Some(Duration::from_secs(1)));
        assert_eq!(retries.count(), 2);
    }

    #[test]
    fn what_was_granted_before_an_interruption_counts() {
        static RETRIERS: [Retrier; 2] =
            [Retrier { max_attempts: 2, ..Retrier::new(&["Busy"]) }, Retrier::new(&["States.ALL"])];
        let mut retries = Retries::resumed(&RETRIERS, vec![1]);
        let busy = ErrorOutput::new("Busy", "");
        assert_eq!(retries.count(), 1);
        assert_eq!(retries.grant(&busy), Some(Duration::from_secs(2)));
        assert_eq!(retries.grant(&busy), None);
    }

    #[test]
    fn states_runtime_is_never_retried() {
        static RETRIERS: [Retrier; 1] = [Retrier::new(&["States.ALL"])];
        assert_eq!(Retries::new(&RETRIERS).grant(&ErrorOutput::runtime("broken path")), None);
    }

    #[test]
    fn full_jitter_stays_below_the_delay() {
        let retrier = Retrier { jitter: Jitter::Full, ..Retrier::new(&["States.ALL"]) };
        assert!(
            (0..100).all(|_| retrier.jittered(Duration::from_secs(8)) <= Duration::from_secs(8))
        );
    }
}
