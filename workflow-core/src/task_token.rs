//! Task tokens: what names an attempt that waits for somebody, and how who has one ends the task in the process.
//!
//! What a state does that waits for one is in [`callback`](crate::callback).

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use siphasher::sip128::{Hash128, SipHasher24};
use tokio::sync::oneshot;

use crate::callback::Awaited;
use crate::data::Data;
use crate::error::{ErrorOutput, Failed};
use crate::task::{Heartbeat, Visit};

/// What a task token stands for: an attempt at a state of an execution. An engine gives it out as text that only it can make.
///
/// # Example
///
/// ```
/// use workflow_core::{TaskToken, TaskTokenKey, Visit};
///
/// let key = TaskTokenKey::random();
/// let token = TaskToken { execution: 7, visit: Visit::first(3).with_retry_count(1) };
/// assert_eq!(key.open(&key.seal(token)), Some(token));
/// assert_eq!(TaskTokenKey::random().open(&key.seal(token)), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaskToken {
    /// The number that the engine has given the execution.
    pub execution: u64,
    /// The visit to the state, and the attempt.
    pub visit: Visit,
}

impl TaskToken {
    const LENGTH: usize = 16;

    fn bytes(self) -> [u8; Self::LENGTH] {
        let mut bytes = [0; Self::LENGTH];
        bytes[..8].copy_from_slice(&self.execution.to_le_bytes());
        bytes[8..].copy_from_slice(&self.visit.to_bits().to_le_bytes());
        bytes
    }

    fn read(bytes: [u8; Self::LENGTH]) -> Self {
        let [execution, visit] = [0, 8]
            .map(|from| u64::from_le_bytes(bytes[from..from + 8].try_into().unwrap_or_default()));
        Self { execution, visit: Visit::from_bits(visit) }
    }
}

/// The secret of an engine, by which it knows its own task tokens: the key of SipHash-2-4 with 128 bits, a signature made for messages
/// as short as these.
#[derive(Clone)]
pub struct TaskTokenKey(SipHasher24);

impl fmt::Debug for TaskTokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TaskTokenKey")
    }
}

impl TaskTokenKey {
    /// Makes a key that nobody knows.
    #[must_use]
    pub fn random() -> Self {
        Self::from_bytes(uuid::Uuid::new_v4().into_bytes())
    }

    /// Makes the key of these bytes, which [`to_bytes`](Self::to_bytes) has given.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(SipHasher24::new_with_key(&bytes))
    }

    /// Returns the key, for a store that only the engine reads.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 16] {
        self.0.key()
    }

    /// Writes a token as text, which nobody without the key can make: 43 letters, digits, `-` and `_`.
    #[must_use]
    pub fn seal(&self, token: TaskToken) -> String {
        let token = token.bytes();
        let signature = u128::from(self.0.hash(&token)).to_le_bytes();
        URL_SAFE_NO_PAD.encode([token, signature].as_flattened())
    }

    /// Reads a token; `None` for what this key has not written.
    #[must_use]
    pub fn open(&self, text: &str) -> Option<TaskToken> {
        const LENGTH: usize = 2 * TaskToken::LENGTH;
        // As long as what is decoded may be, with what the decoder needs for its last step.
        let mut sealed = [0; LENGTH + 4];
        let length = URL_SAFE_NO_PAD.decode_slice(text, &mut sealed).ok()?;
        let (token, signature) = sealed.get(..length)?.split_first_chunk()?;
        let signature = Hash128::from(u128::from_le_bytes(signature.try_into().ok()?));
        // The comparison takes as long for any signature.
        (self.0.hash(token) == signature).then(|| TaskToken::read(*token))
    }
}

/// Why a task token is not taken, with AWS's names.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TaskTokenError {
    /// It is not one that the engine has given out. AWS's `InvalidToken`.
    InvalidToken,
    /// The task has ended: by the same token, by its timeout, or with its execution. AWS's `TaskTimedOut`.
    TaskTimedOut,
    /// What is sent is not what the state takes. AWS's `InvalidOutput`.
    InvalidOutput(String),
}

impl fmt::Display for TaskTokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidToken => f.write_str("this is no task token, or one of another engine"),
            Self::TaskTimedOut => {
                f.write_str("the task of this token has ended: by the token itself, by a timeout, or with its execution")
            }
            Self::InvalidOutput(why) => write!(f, "the state does not take this output: {why}"),
        }
    }
}

impl std::error::Error for TaskTokenError {}

/// The tasks that wait in the process until their task token is sent back. A clone of it is the same.
///
/// # Example
///
/// ```
/// use workflow_core::{InProcess, TaskTokens, task, workflow};
///
/// /// Asks a person, who has the tokens in this example too.
/// #[task]
/// async fn ask(people: &TaskTokens, question: String, token: String) {
///     if question == "May I?" {
///         people.send_task_success(&token, &true).expect("it waits");
///     }
/// }
///
/// workflow! {
///     pub Permission(&TaskTokens, String) -> bool;
///     Ask: Task { call: ask($, $$.Task.Token), wait_for_task_token: bool, timeout: 1d, end }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), workflow_core::ExecutionError> {
/// let tokens = TaskTokens::default();
/// let engine = InProcess::new(&tokens).task_tokens(tokens.clone());
/// assert!(engine.run::<Permission>("May I?".to_owned()).await?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct TaskTokens(Arc<Shared>);

struct Shared {
    key: TaskTokenKey,
    executions: AtomicU64,
    waiting: Mutex<HashMap<(u64, Visit), Waiting>>,
}

/// An attempt that waits.
struct Waiting {
    awaited: Awaited,
    heartbeat: Option<Heartbeat>,
    outcome: oneshot::Sender<Result<String, Failed>>,
}

impl Default for TaskTokens {
    fn default() -> Self {
        let (key, executions) = (TaskTokenKey::random(), AtomicU64::new(1));
        Self(Arc::new(Shared { key, executions, waiting: Mutex::default() }))
    }
}

impl fmt::Debug for TaskTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskTokens").field("waiting", &self.waiting().len()).finish_non_exhaustive()
    }
}

impl TaskTokens {
    /// Ends a task with its result. AWS's `SendTaskSuccess`.
    ///
    /// The task may still be under way that was given the token: its state goes on once it has ended.
    ///
    /// # Errors
    ///
    /// When the token is not taken, or the state takes an output of another type.
    pub fn send_task_success(&self, token: &str, output: &impl Data) -> Result<(), TaskTokenError> {
        let output = serde_json::to_string(output)
            .map_err(|error| TaskTokenError::InvalidOutput(error.to_string()))?;
        self.send(token, |waiting| {
            (waiting.awaited.accepts)(&output)?;
            Ok(Ok(output))
        })
    }

    /// Fails a task. AWS's `SendTaskFailure`.
    ///
    /// # Errors
    ///
    /// When the token is not taken.
    pub fn send_task_failure(
        &self,
        token: &str,
        error: &str,
        cause: &str,
    ) -> Result<(), TaskTokenError> {
        self.send(token, |_| Ok(Err(ErrorOutput::new(error, cause))))
    }

    /// Says that a task is alive: the `heartbeat` of its state starts anew. AWS's `SendTaskHeartbeat`.
    ///
    /// # Errors
    ///
    /// When the token is not taken.
    pub fn send_task_heartbeat(&self, token: &str) -> Result<(), TaskTokenError> {
        let token = self.open(token)?;
        let waiting = self.waiting();
        let waiting = waiting.get(&token).ok_or(TaskTokenError::TaskTimedOut)?;
        waiting.heartbeat.iter().for_each(Heartbeat::beat);
        Ok(())
    }

    fn send(
        &self,
        token: &str,
        outcome: impl FnOnce(&Waiting) -> Result<Result<String, Failed>, TaskTokenError>,
    ) -> Result<(), TaskTokenError> {
        let token = self.open(token)?;
        let mut all = self.waiting();
        let Entry::Occupied(waiting) = all.entry(token) else {
            return Err(TaskTokenError::TaskTimedOut);
        };
        let outcome = outcome(waiting.get())?;
        waiting.remove().outcome.send(outcome).map_err(|_| TaskTokenError::TaskTimedOut)
    }

    fn open(&self, token: &str) -> Result<(u64, Visit), TaskTokenError> {
        let token = self.0.key.open(token).ok_or(TaskTokenError::InvalidToken)?;
        Ok((token.execution, token.visit))
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<(u64, Visit), Waiting>> {
        self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn key(&self) -> &TaskTokenKey {
        &self.0.key
    }

    /// A number for one more execution.
    pub(crate) fn number(&self) -> u64 {
        self.0.executions.fetch_add(1, Ordering::Relaxed)
    }

    /// Has an attempt wait.
    pub(crate) fn wait(
        &self,
        token: TaskToken,
        awaited: Awaited,
        heartbeat: Option<Heartbeat>,
    ) -> Waited {
        let (sender, outcome) = oneshot::channel();
        let token = (token.execution, token.visit);
        self.waiting().insert(token, Waiting { awaited, heartbeat, outcome: sender });
        Waited { tokens: self.clone(), token, outcome, is_taken: false }
    }
}

/// The outcome that an attempt waits for, until this is dropped.
pub(crate) struct Waited {
    tokens: TaskTokens,
    token: (u64, Visit),
    outcome: oneshot::Receiver<Result<String, Failed>>,
    /// Whether the outcome was taken: whoever has sent it has removed what waits.
    is_taken: bool,
}

impl Waited {
    /// Whether it has come.
    pub(crate) fn has_come(&self) -> bool {
        !self.outcome.is_empty()
    }

    pub(crate) async fn outcome(&mut self) -> Result<String, Failed> {
        let outcome = (&mut self.outcome).await;
        self.is_taken = true;
        outcome.expect("the sender is kept until it has sent, or this is dropped")
    }
}

impl Drop for Waited {
    fn drop(&mut self) {
        if !self.is_taken {
            self.tokens.waiting().remove(&self.token);
        }
    }
}
