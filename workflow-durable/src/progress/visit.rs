//! A visit to a state, and the attempt in it that is under way: how far both have come.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::entry::{Failure, Kind, Text};
use crate::store::StoreError;

/// A visit to a state.
#[derive(Debug, Clone)]
pub(crate) struct Visit {
    pub(crate) state: Cow<'static, str>,
    pub(crate) kind: Kind,
    /// Whether it is a distributed Map.
    pub(super) is_distributed: bool,
    /// When it was entered.
    pub(crate) entered: i64,
    /// The number of the entry that it begins with, which no other visit of the execution has.
    pub(crate) number: u32,
    pub(crate) input: Text,
    /// What each retrier has granted, by position.
    pub(crate) granted: Vec<u32>,
    /// How many attempts there were before the execution was redriven: what makes task tokens differ.
    pub(crate) attempts_before: u32,
    /// When the next attempt is to be made, after one that failed.
    pub(crate) next_attempt: Option<i64>,
    pub(crate) waits_until: Option<i64>,
    /// The attempt that is under way.
    pub(crate) attempt: Option<Attempt>,
    /// The branches that the attempt has begun, by their index.
    pub(crate) branches: Option<BTreeMap<u32, u32>>,
    /// How many branches there are.
    pub(super) forked: u32,
    /// Whether one of its branches has failed, which ends the others.
    pub(crate) has_failed: bool,
}

/// An attempt that is under way.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    /// What the task was given.
    pub(crate) given: Text,
    /// When it began.
    pub(crate) started: i64,
    /// Whether the call has ended of a task that waits for its task token.
    pub(crate) is_submitted: bool,
    /// What was sent back with the token.
    pub(crate) callback: Option<Result<Text, Failure>>,
    /// In seconds: how long it may take, and how long it may be silent.
    pub(crate) limits: (Option<u32>, Option<u32>),
}

impl Attempt {
    /// Whether the call is not to be made again, if it has not ended: it has, or nobody waits for it any more.
    pub(crate) const fn is_called(&self) -> bool {
        self.is_submitted || self.callback.is_some()
    }
}

impl Visit {
    pub(super) fn attempt(&mut self) -> Result<&mut Attempt, StoreError> {
        let attempt = self.attempt.as_mut();
        attempt.ok_or_else(|| StoreError::damaged("an entry is of an attempt that has not begun"))
    }

    /// How many branches the attempt at them has, if it has begun.
    pub(crate) fn forked(&self) -> Option<u32> {
        self.branches.as_ref().map(|_| self.forked)
    }

    /// Whether there are branches that have not begun.
    pub(crate) fn has_more_branches(&self) -> bool {
        let begun = self.branches.as_ref().map_or(0, BTreeMap::len);
        usize::try_from(self.forked).is_ok_and(|forked| begun < forked)
    }

    /// Whether the attempt is under way that comes after so many.
    pub(super) fn is_under_way(&self, retry_count: u32) -> bool {
        let attempts = self.attempts_before + self.granted.iter().sum::<u32>();
        self.attempt.is_some() && attempts == retry_count
    }

    /// Whether an attempt is under way or to come, or branches have begun: what one that was just entered has not.
    pub(crate) fn is_in_work(&self) -> bool {
        self.attempt.is_some() || self.next_attempt.is_some() || self.has_begun_branches()
    }

    pub(crate) fn has_begun_branches(&self) -> bool {
        self.branches.as_ref().is_some_and(|branches| !branches.is_empty())
    }

    /// Whether it is a state with branches or items.
    pub(super) const fn has_branches(&self) -> bool {
        matches!(self.kind, Kind::Parallel | Kind::Map)
    }

    /// Goes on to another attempt, and returns the branches of the one that failed.
    pub(super) fn retry(&mut self, retrier: u32, at: i64) -> Option<BTreeMap<u32, u32>> {
        let position = usize::try_from(retrier).unwrap_or(usize::MAX);
        self.granted.resize(self.granted.len().max(position + 1), 0);
        self.granted[position] += 1;
        self.next_attempt = Some(at);
        self.has_failed = false;
        self.branches.take()
    }

    pub(super) fn new(
        state: Cow<'static, str>,
        kind: Kind,
        entered: i64,
        number: u32,
        input: Text,
    ) -> Self {
        Self {
            state,
            kind,
            is_distributed: false,
            entered,
            number,
            input,
            granted: Vec::new(),
            attempts_before: 0,
            next_attempt: None,
            waits_until: None,
            attempt: None,
            branches: None,
            forked: 0,
            has_failed: false,
        }
    }
}
