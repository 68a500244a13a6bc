//! What a journal holds of an execution: an entry for each thing that happened, in order, in a compact form.
//!
//! What the entries of an execution come to is in [`progress`](crate::progress).

use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::Arc;

use serde::de::Error as _;
use serde::{Deserialize, Serialize};
use workflow_core::definition::{self, State};
use workflow_core::{ErrorOutput, Json, Timestamp};

use crate::store::StoreError;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    /// When, in milliseconds since 1970.
    pub(crate) time: i64,
    /// Where: 0 is the outermost machine, and each branch has the number after the one that began before it.
    pub(crate) scope: u32,
    pub(crate) event: Event,
}

/// What happened. A payload is left out where it is the one before it in its scope, so that each is stored once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Event {
    ExecutionStarted {
        workflow: String,
        name: String,
        input: Text,
    },
    ExecutionSucceeded {
        output: Option<Text>,
    },
    ExecutionFailed(Failure),
    /// It took longer than the timeout of its workflow.
    ExecutionTimedOut(Failure),
    /// It was stopped from outside.
    ExecutionAborted(Failure),
    /// One that has failed goes on from the states that failed.
    ExecutionRedriven,
    StateEntered {
        state: Cow<'static, str>,
        kind: Kind,
        input: Option<Text>,
        /// The variables of the machine, where they are others than when the state before was entered.
        variables: Option<Text>,
    },
    StateExited {
        output: Option<Text>,
        /// The variables that it assigned, and their values.
        assigned: Option<Text>,
    },
    AttemptStarted {
        input: Option<Text>,
        /// In seconds: how long it may take, and how long it may be silent.
        limits: (Option<u32>, Option<u32>),
    },
    /// The call of a task that waits for its task token has ended, and the waiting goes on.
    TaskSubmitted {
        output: Option<Text>,
    },
    /// Somebody has sent a task token back, with the outcome of the task.
    CallbackReceived(Result<Text, Failure>),
    AttemptSucceeded {
        output: Option<Text>,
    },
    AttemptFailed(Failure),
    /// A retrier, by its position, has granted another attempt at this time.
    RetryGranted {
        retrier: u32,
        at: i64,
    },
    WaitStarted {
        until: i64,
    },
    /// A Parallel or Map state, or the call of a workflow, begins.
    Forked {
        branches: u32,
        /// Whether they are items of a distributed Map, whose events are not in this history.
        is_distributed: bool,
    },
    /// A branch begins, in a scope of its own.
    BranchStarted {
        index: u32,
    },
    /// The branch that is the scope ends.
    BranchSucceeded {
        output: Option<Text>,
    },
    BranchFailed(Failure),
    Joined(Option<Failure>),
}

impl Event {
    /// Whether a task has run up to it.
    pub(crate) const fn ends_a_call(&self) -> bool {
        matches!(
            self,
            Self::AttemptSucceeded { .. } | Self::AttemptFailed(_) | Self::TaskSubmitted { .. }
        )
    }
}

/// The kind of a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Kind {
    Task,
    Choice,
    Parallel,
    Map,
    Wait,
    Pass,
    Succeed,
    Fail,
}

impl Kind {
    pub(crate) const fn of(state: &State) -> Self {
        match state.kind {
            definition::Kind::Task(_) => Self::Task,
            definition::Kind::Choice(_) => Self::Choice,
            definition::Kind::Parallel(_) => Self::Parallel,
            definition::Kind::Map(_) => Self::Map,
            definition::Kind::Wait(_) => Self::Wait,
            definition::Kind::Pass => Self::Pass,
            definition::Kind::Succeed => Self::Succeed,
            definition::Kind::Fail(_) => Self::Fail,
        }
    }

    /// ASL's `Type` of the state.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Task => "Task",
            Self::Choice => "Choice",
            Self::Parallel => "Parallel",
            Self::Map => "Map",
            Self::Wait => "Wait",
            Self::Pass => "Pass",
            Self::Succeed => "Succeed",
            Self::Fail => "Fail",
        }
    }
}

/// JSON as text, shared where it is held several times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Text(Arc<str>);

impl Text {
    /// Writes a value.
    ///
    /// # Errors
    ///
    /// When it has no JSON form.
    pub(crate) fn of<T: Serialize>(value: &T) -> Result<Self, serde_json::Error> {
        Self::written(value, |text| Self::from(text))
    }

    /// Writes a value, and makes something of the text.
    ///
    /// # Errors
    ///
    /// When it has no JSON form.
    pub(crate) fn written<T: Serialize, R>(
        value: &T,
        make: impl FnOnce(&str) -> R,
    ) -> Result<R, serde_json::Error> {
        thread_local! {
            /// Where texts are written first, so that each is allocated once, with its length.
            static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
        }
        BUFFER.with_borrow_mut(|buffer| {
            buffer.clear();
            serde_json::to_writer(&mut *buffer, value)?;
            let text = std::str::from_utf8(buffer).map_err(serde_json::Error::custom)?;
            Ok(make(text))
        })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The value that is written.
    pub(crate) fn json(&self) -> Json {
        serde_json::from_str(&self.0).unwrap_or_default()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

/// An error output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Failure {
    pub(crate) error: String,
    pub(crate) cause: String,
}

impl From<&ErrorOutput> for Failure {
    fn from(output: &ErrorOutput) -> Self {
        Self { error: output.error.clone(), cause: output.cause.clone() }
    }
}

impl Failure {
    pub(crate) fn output(&self) -> Box<ErrorOutput> {
        ErrorOutput::new(self.error.clone(), self.cause.clone())
    }
}

/// Entries as a record of a store keeps them, one after the other: of each how long it is after the one before, in milliseconds,
/// where it happened, and what. The first one is so long after the beginning of 1970.
#[derive(Debug, Default)]
pub(crate) struct Entries {
    bytes: Vec<u8>,
    /// When the last one was.
    last: i64,
}

impl Entries {
    /// The first one of a record.
    pub(crate) fn of(entry: &Entry) -> Self {
        let mut entries = Self::default();
        entries.push(entry);
        entries
    }

    pub(crate) fn push(&mut self, Entry { time, scope, event }: &Entry) {
        /// About what a record has.
        const RECORD: usize = 256;
        let mut bytes = std::mem::take(&mut self.bytes);
        if bytes.is_empty() {
            bytes.reserve(RECORD);
            self.last = 0;
        }
        let after = time.wrapping_sub(self.last);
        self.last = *time;
        let written = postcard::to_extend(&(after, scope, event), bytes);
        self.bytes = written.expect("an entry holds nothing that cannot be written");
    }

    /// Uses the memory of a record that is written for the next, unless it is much.
    pub(crate) fn reuse(&mut self, mut written: Vec<u8>) {
        const MUCH: usize = 4096;
        if self.bytes.capacity() == 0 && written.capacity() <= MUCH {
            written.clear();
            self.bytes = written;
        }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The record of those that there are, if any; there are none then.
    pub(crate) fn take(&mut self) -> Option<Vec<u8>> {
        (!self.is_empty()).then(|| std::mem::take(&mut self.bytes))
    }
}

/// Reads entries back.
///
/// # Errors
///
/// When the bytes hold something else.
pub(crate) fn decode(bytes: &[u8]) -> Result<Vec<Entry>, StoreError> {
    let unread =
        |error: postcard::Error| StoreError::damaged(format!("a record cannot be read: {error}"));
    let (mut before, mut rest) = (0_i64, bytes);
    let mut entries = Vec::new();
    while !rest.is_empty() {
        let ((after, scope, event), left) = postcard::take_from_bytes(rest).map_err(unread)?;
        before = before.wrapping_add(after);
        entries.push(Entry { time: before, scope, event });
        rest = left;
    }
    Ok(entries)
}

/// A time in milliseconds since 1970.
pub(crate) fn milliseconds(time: Timestamp) -> i64 {
    time.as_millisecond()
}

/// The time of so many milliseconds since 1970; the nearest there is.
pub(crate) fn timestamp(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::MAX)
}
