//! Opening an engine: which workflows it runs, on which store.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use workflow_core::{
    Data, Definition, ErrorOutput, Execution, Identity, Json, Listener, Start, Supplies, Timestamp,
    Workflow,
};

use crate::durable::Durable;
use crate::engine::Engine;
use crate::entry::{Text, milliseconds, timestamp};
use crate::error::Error;
use crate::index::Index;
use crate::migration::{self, Checkpoint, Migration};
use crate::recovery;
use crate::run::Run;
use crate::running::Running;
use crate::store::{Store, StoreError};

/// A machine that runs from where its execution is to its end.
pub(crate) type Machine = Pin<Box<dyn Future<Output = Result<Text, Box<ErrorOutput>>> + Send>>;

/// A workflow that executions can be started of: how one is driven from where it is, at a time, showing an identity.
pub(crate) type Driver =
    Arc<dyn Fn(Arc<Run>, Timestamp, Option<Identity>) -> Machine + Send + Sync>;

/// A workflow that is registered.
pub(crate) struct Registered {
    pub(crate) definition: &'static Definition,
    pub(crate) driver: Driver,
    /// Reads its input, and writes it as the workflow does.
    pub(crate) input: fn(&Json) -> Result<Text, serde_json::Error>,
}

pub(crate) type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Registers workflows, and opens an engine for them.
pub struct Builder {
    store: Arc<dyn Store>,
    workflows: BTreeMap<&'static str, Registered>,
    settings: Settings,
}

/// What is set for all executions.
pub(crate) struct Settings {
    pub(crate) clock: Clock,
    pub(crate) identity: Option<Identity>,
    pub(crate) payload_limit: usize,
    pub(crate) execution_limit: usize,
    pub(crate) event_limit: u32,
    pub(crate) queue_limit: usize,
    pub(crate) listener: Option<Arc<dyn Listener + Send + Sync>>,
    /// Whether executions are driven.
    pub(crate) is_working: bool,
    /// How long an execution does nothing but wait before it leaves memory.
    pub(crate) park_after: Duration,
    /// How long executions are kept that have ended.
    pub(crate) retention: Option<Duration>,
    /// What makes checkpoints fit, by workflow.
    pub(crate) migrations: BTreeMap<&'static str, Migration>,
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").field("workflows", &self.workflows.keys()).finish_non_exhaustive()
    }
}

impl Builder {
    pub(crate) fn new(store: Arc<dyn Store>) -> Self {
        let clock = || Timestamp::try_from(SystemTime::now()).unwrap_or(Timestamp::UNIX_EPOCH);
        /// As on AWS: 256 KiB.
        const PAYLOAD_LIMIT: usize = 256 << 10;
        /// As on AWS: a million.
        const EXECUTION_LIMIT: usize = 1_000_000;
        /// As on AWS.
        const EVENT_LIMIT: u32 = 25_000;
        /// What a disk writes in a fraction of a second.
        const QUEUE_LIMIT: usize = 32 << 20;
        const PARK_AFTER: Duration = Duration::from_secs(1);
        let settings = Settings {
            clock: Arc::new(clock),
            identity: None,
            payload_limit: PAYLOAD_LIMIT,
            execution_limit: EXECUTION_LIMIT,
            event_limit: EVENT_LIMIT,
            queue_limit: QUEUE_LIMIT,
            listener: None,
            is_working: true,
            park_after: PARK_AFTER,
            retention: None,
            migrations: BTreeMap::new(),
        };
        Self { store, workflows: BTreeMap::new(), settings }
    }

    /// Registers a workflow, and what its tasks are handed.
    #[must_use]
    pub fn workflow<W: Workflow, R>(mut self, resources: Arc<R>) -> Self
    where
        R: Send + Sync + 'static,
        for<'r> &'r R: Supplies<'r, W::Resources>,
    {
        let driver: Driver = Arc::new(move |run, now, identity| {
            let resources = Arc::clone(&resources);
            Box::pin(async move { drive::<W, R>(run, now, identity, &*resources).await })
        });
        let (definition, input) = (W::DEFINITION, input::<W::Input>);
        self.workflows.insert(definition.name, Registered { definition, driver, input });
        self
    }

    /// Registers what makes the checkpoints of a workflow fit that were stored under another definition of it.
    ///
    /// An execution goes on in the state that it is in where that state is still there, of the same kind, and takes the input and the
    /// variables that are stored. Where they do not fit, the function is handed the [`Checkpoint`] to change it; the state that it names
    /// is then entered anew. Where they do not fit still, or there is no function, the execution stays as it is:
    /// [`Error::WorkflowChanged`] says why.
    ///
    /// # Example
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use workflow_core::workflow;
    /// # use workflow_durable::{Durable, Memory};
    /// # workflow! { pub OrderFlow(u32) -> u32; Pack: Pass { end } }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let builder = Durable::builder(Memory::default()).workflow::<OrderFlow, ()>(Arc::new(()));
    /// let durable = builder
    ///     .migration::<OrderFlow>(|checkpoint| {
    ///         // `Wrap` was renamed.
    ///         if checkpoint.state.as_deref() == Some("Wrap") {
    ///             checkpoint.state = Some("Pack".to_owned());
    ///         }
    ///     })
    ///     .open()?;
    /// # drop(durable);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn migration<W: Workflow>(
        mut self,
        migrate: impl Fn(&mut Checkpoint) + Send + Sync + 'static,
    ) -> Self {
        self.settings.migrations.insert(W::DEFINITION.name, Arc::new(migrate));
        self
    }

    /// Has the engine read the time from a function, for tests that pause the clock. Without it, it is the system's.
    #[must_use]
    pub fn clock(mut self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.settings.clock = Arc::new(clock);
        self
    }

    /// Has the executions show another identity than their own in the context object and in their histories.
    #[must_use]
    pub fn identity(mut self, identity: Identity) -> Self {
        self.settings.identity = Some(identity);
        self
    }

    /// Limits how many bytes the input of an execution and the result of a task may have as JSON. Without it, that is 256 KiB, as on
    /// AWS. A task whose result is larger fails with `States.DataLimitExceeded`.
    #[must_use]
    pub fn payload_limit(mut self, bytes: usize) -> Self {
        self.settings.payload_limit = bytes;
        self
    }

    /// Limits how many executions run at once. Without it, that is a million, as on AWS. One more is not started:
    /// [`Error::ExecutionLimitExceeded`]. Those that the store has go on in any case.
    #[must_use]
    pub fn execution_limit(mut self, executions: usize) -> Self {
        self.settings.execution_limit = executions;
        self
    }

    /// Limits how many bytes may wait to be written before [`start`](Durable::start) and [`redrive`](crate::Handle::redrive) wait as well.
    /// Without it, that is 32 MiB. Nothing is lost or refused by this: whoever starts more than the disk takes is slowed down.
    #[must_use]
    pub fn queue_limit(mut self, bytes: usize) -> Self {
        self.settings.queue_limit = bytes;
        self
    }

    /// Limits how many events the history of an execution may have. Without it, that is 25,000, as on AWS. Where the last of them is
    /// not the end of the execution, it fails with `States.Runtime`, which nothing catches.
    #[must_use]
    pub fn event_limit(mut self, events: u32) -> Self {
        self.settings.event_limit = events;
        self
    }

    /// Has a listener hear of what happens in executions.
    #[must_use]
    pub fn listener(mut self, listener: impl Listener + Send + 'static) -> Self {
        self.settings.listener = Some(Arc::new(listener));
        self
    }

    /// Has the engine write down what it is asked, and run nothing: executions that are started, redriven or sent a task token go on when
    /// the store is opened by one that works. It is for programs that have something to say and end.
    #[must_use]
    pub fn idle(mut self) -> Self {
        self.settings.is_working = false;
        self
    }

    /// Sets how long an execution does nothing but wait before it leaves memory, if it is going to wait for longer still. Without it, that
    /// is a second.
    #[must_use]
    pub fn park_after(mut self, time: Duration) -> Self {
        self.settings.park_after = time;
        self
    }

    /// Sets for how long executions are kept that have ended; AWS keeps them for 90 days. Without it, that is for ever.
    ///
    /// What has ended for longer is forgotten within the hour: its name is free again, and the log is shortened up to the first
    /// execution that is kept. One that waits for longer than this is written anew at the end of the log, if it has 16 MiB at most and no
    /// more such executions wait than have been forgotten. One that is always at work, or whose workflow is not registered or has changed
    /// too much, keeps all of the log since its beginning.
    #[must_use]
    pub fn retention(mut self, time: Duration) -> Self {
        self.settings.retention = Some(time);
        self
    }

    /// Opens the engine, which goes on with every execution in the store that has not ended. Those of a workflow that is not
    /// registered stay as they are.
    ///
    /// It runs on the runtime that this is called on.
    ///
    /// # Errors
    ///
    /// When the store cannot be read, or holds what it never wrote.
    ///
    /// # Panics
    ///
    /// When it is called outside of a tokio runtime.
    pub fn open(self) -> Result<Durable, Error> {
        let Self { store, workflows, settings } = self;
        let index = Index::open(store.folder())?;
        let now = (settings.clock)();
        let soon = now.saturating_add(settings.park_after).unwrap_or(Timestamp::MAX);
        let recover = || {
            let recovered = recovery::follow(&*store, &index)?;
            let live = match settings.is_working {
                true => recovery::running(
                    &*store,
                    &index,
                    |name| workflows.get(name),
                    milliseconds(now),
                    milliseconds(soon),
                )?,
                false => Vec::new(),
            };
            Ok::<_, StoreError>((recovered, live))
        };
        let (recovered, live) = match recover() {
            // An index that is damaged is made again; what is wrong with the log is so the second time, too.
            Err(error) if error.is_damage() => {
                index.clear()?;
                recover()?
            }
            recovered => recovered?,
        };
        let engine = Engine::new(store, index, workflows, &recovered, settings)?;
        engine.begin_work(live);
        Ok(Durable::new(engine))
    }
}

fn input<I: Data>(json: &Json) -> Result<Text, serde_json::Error> {
    Text::of(&I::deserialize(json)?)
}

/// Runs a workflow from where its execution is, to its end.
async fn drive<W: Workflow, R>(
    run: Arc<Run>,
    now: Timestamp,
    identity: Option<Identity>,
    resources: &R,
) -> Result<Text, Box<ErrorOutput>>
where
    for<'r> &'r R: Supplies<'r, W::Resources>,
{
    let (name, started, input) = {
        let progress = &run.noted().progress;
        (progress.name.clone(), timestamp(progress.started), progress.input.clone())
    };
    let Some(input) = read_input::<W>(&run, &input) else {
        return std::future::pending().await;
    };
    let execution = Execution::named(W::DEFINITION, name).with_clock(started, now);
    let execution = match identity {
        Some(identity) => execution.with_identity(identity),
        None => execution,
    };
    let variables = W::variables(&execution, &input);
    let running = Running::new(run, Arc::new(execution));
    let mut told = running.started(&input);
    let input = Start::<W>(input);
    let machine = running.clone().machine::<W, _>(resources.supply(), variables, input);
    let result = running.within(W::DEFINITION.timeout, machine).await;
    told.ended(&result);
    let written = Text::of(&result?);
    written.map_err(|error| ErrorOutput::runtime(format!("the output has no JSON: {error}")))
}

/// The input of an execution, made to fit where it does not; `None` where that fails, which is noted.
fn read_input<W: Workflow>(run: &Run, text: &Text) -> Option<W::Input> {
    if let Ok(input) = serde_json::from_str(text.as_str()) {
        return Some(input);
    }
    let input = text.json();
    let why = match migration::read(input.clone()) {
        Ok(input) => return Some(input),
        Err(why) => why,
    };
    let mut checkpoint = Checkpoint::of_input(input);
    if let Some(migrate) = run.common.migrations.get(W::DEFINITION.name) {
        migrate(&mut checkpoint);
    }
    let read = migration::read(checkpoint.input).ok();
    if read.is_none() {
        let why = format!("the input of the execution does not fit any more: {why}");
        run.noted().does_not_fit(why);
    }
    read
}
