//! One execution of a workflow: its identity, its clock, and the error that it may end with.

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use tokio::time::Instant;

use crate::definition::Definition;
use crate::error::{ErrorOutput, Failed};
use crate::task_token::TaskTokens;

/// One execution of a workflow.
///
/// What few executions are asked for, such as its id, is made when it is first asked for.
#[derive(Debug)]
pub struct Execution {
    definition: &'static Definition,
    name: OnceLock<String>,
    id: OnceLock<String>,
    clock: OnceLock<Clock>,
    visits: AtomicU32,
    /// How many branches and items have begun that somebody hears of.
    branches: AtomicU32,
    /// How many executions it is nested in.
    depth: u32,
    identity: Option<Box<Identity>>,
    /// Its number in task tokens, in the process.
    token_number: OnceLock<u64>,
}

/// What the context object shows of an execution, where it is known elsewhere under names that are not its own: on AWS, or
/// in a test that stands for it.
///
/// # Example
///
/// ```
/// use serde_json::json;
/// use workflow_core::{Identity, InProcess, Json, workflow};
///
/// workflow! {
///     pub Who(Json) -> Json;
///     asl: {
///         "StartAt": "Show",
///         "States": { "Show": { "Type": "Pass", "InputPath": "$$.StateMachine", "End": true } }
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), workflow_core::ExecutionError> {
/// let identity = Identity {
///     execution_id: "arn:aws:states:eu-west-1:111122223333:execution:orders:one".to_owned(),
///     state_machine_id: "arn:aws:states:eu-west-1:111122223333:stateMachine:orders".to_owned(),
///     state_machine_name: "orders".to_owned(),
///     role_arn: "arn:aws:iam::111122223333:role/orders".to_owned(),
/// };
/// let shown = InProcess::new(()).identity(identity).run::<Who>(json!({})).await?;
/// assert_eq!(shown["Name"], "orders");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// ASL's `$$.Execution.Id`.
    pub execution_id: String,
    /// ASL's `$$.StateMachine.Id`.
    pub state_machine_id: String,
    /// ASL's `$$.StateMachine.Name`.
    pub state_machine_name: String,
    /// ASL's `$$.Execution.RoleArn`.
    pub role_arn: String,
}

impl Execution {
    /// How many executions one may be nested in.
    pub const DEEPEST: u32 = 100;

    /// Makes an execution of a workflow, without a name: it is given a random one when it is asked for.
    #[inline]
    #[must_use]
    pub const fn new(definition: &'static Definition) -> Self {
        Self {
            definition,
            name: OnceLock::new(),
            id: OnceLock::new(),
            clock: OnceLock::new(),
            visits: AtomicU32::new(0),
            branches: AtomicU32::new(0),
            depth: 0,
            identity: None,
            token_number: OnceLock::new(),
        }
    }

    /// Makes an execution that is a task of this one.
    ///
    /// # Errors
    ///
    /// `States.Runtime` when it is nested in [`DEEPEST`](Self::DEEPEST) others: each is polled inside its caller, on one
    /// stack. A loop in the graph is no nesting.
    pub fn nested(&self, definition: &'static Definition) -> Result<Self, Failed> {
        if self.depth < Self::DEEPEST {
            return Ok(Self { depth: self.depth + 1, ..Self::new(definition) });
        }
        Err(ErrorOutput::runtime(format!(
            "an execution of `{}` would be nested in {} others, and no more are allowed",
            definition.name,
            Self::DEEPEST
        )))
    }

    /// Makes an execution of this name.
    #[must_use]
    pub fn named(definition: &'static Definition, name: String) -> Self {
        Self::new(definition).with_name(name)
    }

    /// Names it.
    #[must_use]
    pub fn with_name(self, name: String) -> Self {
        Self { name: OnceLock::from(name), ..self }
    }

    /// Says when it started and what time it is, for one that goes on after an interruption.
    #[must_use]
    pub fn with_clock(self, start: Timestamp, now: Timestamp) -> Self {
        let clock = Clock { start, read: now, since: Instant::now() };
        Self { clock: OnceLock::from(clock), ..self }
    }

    /// Gives it an identity to show.
    #[must_use]
    pub fn with_identity(self, identity: Identity) -> Self {
        Self { identity: Some(Box::new(identity)), ..self }
    }

    /// Returns the id of its workflow: ASL's `$$.StateMachine.Id`.
    #[must_use]
    pub fn state_machine_id(&self) -> &str {
        self.identity.as_ref().map_or(self.definition.name, |identity| &identity.state_machine_id)
    }

    /// Returns the name of its workflow: ASL's `$$.StateMachine.Name`.
    #[must_use]
    pub fn state_machine_name(&self) -> &str {
        self.identity.as_ref().map_or(self.definition.name, |identity| &identity.state_machine_name)
    }

    /// Returns the role that it has on AWS: ASL's `$$.Execution.RoleArn`. Empty where it has none.
    #[must_use]
    pub fn role_arn(&self) -> &str {
        self.identity.as_ref().map_or("", |identity| &identity.role_arn)
    }

    /// Returns the workflow it is an execution of.
    #[must_use]
    pub const fn definition(&self) -> &'static Definition {
        self.definition
    }

    /// Returns its name: ASL's `$$.Execution.Name`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.get_or_init(|| uuid::Uuid::new_v4().to_string())
    }

    /// Its name, if it was given one or somebody asked for it.
    pub(crate) fn known_name(&self) -> Option<&str> {
        self.name.get().map(String::as_str)
    }

    /// The identity that it shows, if it is not its own.
    pub(crate) fn identity(&self) -> Option<&Identity> {
        self.identity.as_deref()
    }

    /// Returns its id, which names the workflow too: ASL's `$$.Execution.Id`.
    #[must_use]
    pub fn id(&self) -> &str {
        self.id.get_or_init(|| match &self.identity {
            Some(identity) => identity.execution_id.clone(),
            None => format!("{}:{}", self.definition.name, self.name()),
        })
    }

    /// Starts its clock, so that [`start_time`](Self::start_time) is the time of this call.
    pub fn start_clock(&self) {
        self.clock();
    }

    /// Returns when it started: ASL's `$$.Execution.StartTime`. Where nothing read the clock before, that is now.
    #[must_use]
    pub fn start_time(&self) -> Timestamp {
        self.clock().start
    }

    /// Returns the time. It follows tokio's clock, which tests may pause.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let clock = self.clock();
        clock.read.saturating_add(clock.since.elapsed()).unwrap_or(Timestamp::MAX)
    }

    /// Returns the time in milliseconds since 1970, as [`now`](Self::now) and quicker.
    #[must_use]
    pub fn now_millisecond(&self) -> i64 {
        let clock = self.clock();
        let elapsed = i64::try_from(clock.since.elapsed().as_millis()).unwrap_or(i64::MAX);
        clock.read.as_millisecond().saturating_add(elapsed)
    }

    /// Returns how long it is until a time: zero once it is past.
    #[must_use]
    pub fn time_until(&self, time: Timestamp) -> Duration {
        Duration::try_from(self.now().until(time).unwrap_or_default()).unwrap_or_default()
    }

    /// Counts a visit to a state, and returns a number that no other visit has.
    #[inline]
    pub(crate) fn count_visit(&self) -> u32 {
        count(&self.visits)
    }

    /// Counts a branch or an item that begins, and returns its number, from 1.
    pub(crate) fn count_branch(&self) -> u32 {
        count(&self.branches).wrapping_add(1)
    }

    /// The number that it has among those that wait in the process for task tokens.
    pub(crate) fn token_number(&self, tokens: &TaskTokens) -> u64 {
        *self.token_number.get_or_init(|| tokens.number())
    }

    fn clock(&self) -> &Clock {
        self.clock.get_or_init(Clock::now)
    }
}

/// Counts up, and returns what was counted before. One thread at a time polls an execution, so a load and a store lose nothing.
#[inline]
fn count(counter: &AtomicU32) -> u32 {
    let number = counter.load(Ordering::Relaxed);
    counter.store(number.wrapping_add(1), Ordering::Relaxed);
    number
}

/// The time of a start, the time when the clock was read, and what counts from there.
#[derive(Debug)]
struct Clock {
    start: Timestamp,
    read: Timestamp,
    since: Instant,
}

impl Clock {
    fn now() -> Self {
        let read = Timestamp::try_from(SystemTime::now()).unwrap_or(Timestamp::UNIX_EPOCH);
        Self { start: read, read, since: Instant::now() }
    }
}

/// What an execution failed with, and where.
#[derive(Debug, Clone)]
pub struct ExecutionError {
    workflow: &'static str,
    execution: String,
    output: Failed,
}

impl ExecutionError {
    #[cold]
    pub(crate) fn new(execution: &Execution, output: Failed) -> Self {
        Self {
            workflow: execution.definition().name,
            execution: execution.name().to_owned(),
            output,
        }
    }

    /// Returns the name of the error, as a catcher would see it.
    #[must_use]
    pub fn error(&self) -> &str {
        &self.output.error
    }

    /// Returns what happened, for a person.
    #[must_use]
    pub fn cause(&self) -> &str {
        &self.output.cause
    }

    /// Returns the state that failed, or `None` for an error of the whole execution, such as its timeout.
    #[must_use]
    pub fn state(&self) -> Option<&'static str> {
        self.output.state
    }

    /// Returns the name of the execution.
    #[must_use]
    pub fn execution(&self) -> &str {
        &self.execution
    }

    /// Returns the error output.
    #[must_use]
    pub fn output(&self) -> &ErrorOutput {
        &self.output
    }
}

impl fmt::Display for ExecutionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "execution {} of `{}` failed", self.execution, self.workflow)?;
        if let Some(state) = self.output.state {
            write!(f, " in state `{state}`")?;
        }
        Ok(())
    }
}

impl std::error::Error for ExecutionError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.output)
    }
}
