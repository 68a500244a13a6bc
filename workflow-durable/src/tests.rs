//! Crashes: an execution that is cut off at any write goes on to the same end, and nothing that is in the store runs again.

mod callbacks;
mod interruptions;
mod limits;
mod listeners;
mod migration;
mod misfits;
mod moments;
mod nesting;
mod parking;
mod redrives;
mod retention;
mod starting;
mod stores;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;
use workflow_core::{Json, TaskContext, TaskError, Timestamp, task, workflow};

use crate::entry::{Event, decode};
use crate::{Durable, Error, List, Memory, Position, Record, Status, Store, StoreError};

/// Writes down which tasks have run, by their idempotency keys.
#[derive(Default)]
struct World {
    runs: Mutex<Vec<String>>,
}

impl World {
    fn ran(&self, context: &TaskContext) -> usize {
        let mut runs = self.runs.lock().unwrap();
        runs.push(context.idempotency_key().to_owned());
        runs.iter().filter(|key| *key == context.idempotency_key()).count()
    }

    fn counts(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for key in self.runs.lock().unwrap().iter() {
            *counts.entry(key.clone()).or_default() += 1;
        }
        counts
    }
}

#[derive(Debug, TaskError)]
enum Trouble {
    Busy,
    Broken,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("trouble")
    }
}

#[task]
async fn double(world: &World, context: TaskContext, number: i64) -> i64 {
    world.ran(&context);
    number * 2
}

/// Is busy until its second retry.
#[task]
async fn stubborn(world: &World, context: TaskContext, number: i64) -> Result<i64, Trouble> {
    world.ran(&context);
    if context.retry_count() < 2 { Err(Trouble::Busy) } else { Ok(number + 1) }
}

#[task]
async fn refuse(world: &World, context: TaskContext, number: i64) -> Result<i64, Trouble> {
    world.ran(&context);
    if number > i64::MIN { Err(Trouble::Broken) } else { Ok(0) }
}

workflow! {
    Inner(&World, i64) -> i64;
    Twice: Task { call: double($), next: Again }
    Again: Task { call: double($), end }
}

workflow! {
    /// Every kind of state.
    Whole(&World, i64) -> Json;

    retry BUSY = { error_equals: [Trouble::Busy], interval: 10s, max_attempts: 3 };

    Keep: Pass { assign: { first: $ }, next: Stubborn }
    Stubborn: Task { call: stubborn($), retry: BUSY, next: Refuse }
    Refuse: Task {
        call: refuse($),
        catch: { error_equals: [Trouble::Broken], assign: { first: $first + 100 }, result_path: null, next: Which },
        next: Which,
    }
    Which: Choice { $ > 0 => Wait, _ => Stop }
    Stop: Fail { error: "Never" }
    Wait: Wait { seconds: 3600, next: Nested }
    Nested: Task { call: Inner($), next: Fan }
    Fan: Parallel {
        branches: [
            {
                One: Task { call: double($), next: Pause }
                Pause: Wait { seconds: 60, next: Two }
                Two: Task { call: double($), end }
            },
            { Three: Task { call: stubborn($), retry: BUSY, end } },
            {
                Items: Pass { output: [$, $first, 1], next: Each }
                Each: Map {
                    items: $,
                    item_processor: {
                        Item: Task { call: double($), next: Next }
                        Next: Pass { output: $ + $first, end }
                    },
                    end,
                }
            },
        ],
        next: Done,
    }
    Done: Pass { output: { "all": $, "first": $first }, end }
}

/// The records of the first execution of a store.
fn records(store: &Memory) -> Vec<Record> {
    let mut records = Vec::new();
    let keep = &mut |_, record: Record| {
        records.extend((record.execution != crate::store::ENGINE).then_some(record));
        Ok(())
    };
    store.scan(None, keep).unwrap();
    records
}

/// Lets so much time pass.
async fn seconds(count: u64) {
    tokio::time::sleep(Duration::from_secs(count)).await;
}

/// A clock that goes with tokio's, on through crashes.
fn clock() -> impl Fn() -> Timestamp + Clone + Send + Sync + 'static {
    let beginning = Instant::now();
    move || {
        let start: Timestamp = "2026-03-14T00:00:00Z".parse().unwrap();
        start.saturating_add(beginning.elapsed()).unwrap()
    }
}

fn open(
    store: impl Store,
    world: &Arc<World>,
    clock: impl Fn() -> Timestamp + Send + Sync + 'static,
) -> Durable {
    let builder = Durable::builder(store).clock(clock);
    builder.workflow::<Whole, World>(Arc::clone(world)).open().unwrap()
}

/// The keys of the attempts whose outcome a store has: the number of the visit, and how many retries came before.
fn recorded(store: &Memory) -> BTreeSet<(u32, u32)> {
    let mut recorded = BTreeSet::new();
    let (mut entries, mut visits) = (0, BTreeMap::new());
    for record in records(store) {
        for entry in decode(&record.bytes).unwrap() {
            let number = entries;
            entries += 1;
            match entry.event {
                Event::StateEntered { .. } => drop(visits.insert(entry.scope, (number, 0))),
                Event::RetryGranted { .. } => visits.get_mut(&entry.scope).unwrap().1 += 1,
                Event::AttemptSucceeded { .. } | Event::AttemptFailed(_) => {
                    recorded.insert(visits[&entry.scope]);
                }
                _ => {}
            }
        }
    }
    recorded
}

/// What the whole workflow gives for 5.
fn expected() -> Json {
    // 5 + 1, doubled twice, then each branch.
    json!({ "all": [96, 25, [48 + 105, 210 + 105, 2 + 105]], "first": 105 })
}

#[tokio::test(start_paused = true)]
async fn a_clean_run_ends_and_takes_the_time_of_its_waits() {
    let (world, start) = (Arc::new(World::default()), Instant::now());
    let durable = open(Memory::default(), &world, clock());
    let execution = durable.start::<Whole>("one", &5).await.unwrap();
    assert_eq!(execution.output::<Whole>().await.unwrap(), expected());
    // Back-off, the wait, and the slower of the branches; then back-off again.
    assert_eq!(start.elapsed().as_secs(), 10 + 20 + 3600 + 60);
    assert_eq!(execution.describe().await.unwrap().status, Status::Succeeded);
}

#[tokio::test(start_paused = true)]
async fn a_crash_at_any_write_changes_nothing() {
    let mut crashes = 0;
    for until in 0.. {
        let mut ends = false;
        for torn in 0..2 {
            let (world, time) = (Arc::new(World::default()), clock());
            let kept = Memory::default();
            let writes = Arc::new(AtomicUsize::new(0));
            let failing = stores::failing(&kept, &writes, until, torn);
            let start = Instant::now();
            let durable = open(failing, &world, time.clone());
            let started = durable.start::<Whole>("one", &5).await;
            let ended = match &started {
                Ok(execution) => execution.output::<Whole>().await.is_ok(),
                Err(_) => false,
            };
            durable.shut_down(Duration::ZERO).await;
            ends |= ended;
            crashes += usize::from(!ended);
            let before = recorded(&kept);
            let runs_before = world.counts();

            let durable = open(kept.clone(), &world, time);
            let execution = match durable.execution("Whole:one").await {
                Ok(execution) => execution,
                Err(_) => durable.start::<Whole>("one", &5).await.unwrap(),
            };
            let output = execution.output::<Whole>().await;
            assert_eq!(output.unwrap(), expected(), "cut off at write {until}, {torn} kept");
            durable.shut_down(Duration::ZERO).await;
            // No wait is waited for twice.
            assert_eq!(start.elapsed().as_secs(), 10 + 20 + 3600 + 60, "write {until}, {torn}");
            assert_at_most_once(&world, &runs_before, &before, &recorded(&kept), until);
        }
        if ends {
            break;
        }
    }
    assert!(crashes > 20, "{crashes} crashes");
}

/// What was recorded before the crash has not run again, and nothing has run more than once more.
fn assert_at_most_once(
    world: &World,
    runs_before: &BTreeMap<String, usize>,
    before: &BTreeSet<(u32, u32)>,
    after: &BTreeSet<(u32, u32)>,
    until: usize,
) {
    for (key, count) in world.counts() {
        let number: u32 = key.rsplit(':').next().unwrap().parse().unwrap();
        let of_visit =
            |all: &BTreeSet<(u32, u32)>| all.iter().filter(|(visit, _)| *visit == number).count();
        let (attempts, known) = (of_visit(after), of_visit(before));
        let again = count - runs_before.get(&key).copied().unwrap_or_default();
        assert_eq!(again, attempts - known, "{key}, cut off at write {until}");
        assert!(count <= attempts + 1, "{key}, cut off at write {until}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_name_is_of_one_execution() {
    let (world, time) = (Arc::new(World::default()), clock());
    let store = Memory::default();
    let durable = open(store.clone(), &world, time.clone());
    let first = durable.start::<Whole>("one", &5).await.unwrap();
    let same = durable.start::<Whole>("one", &5).await.unwrap();
    assert_eq!(first.id(), same.id());
    let other = durable.start::<Whole>("one", &6).await.err();
    assert_eq!(other, Some(Error::ExecutionAlreadyExists { name: "one".to_owned() }));
    for name in ["", "a b", &"x".repeat(81)] {
        let error = durable.start::<Whole>(name, &5).await.err();
        assert_eq!(error, Some(Error::InvalidName { name: name.to_owned() }));
    }
    assert!(matches!(
        durable.start::<Inner>("one", &5).await.err(),
        Some(Error::StateMachineDoesNotExist { .. })
    ));
    first.output::<Whole>().await.unwrap();
    durable.shut_down(Duration::ZERO).await;

    let durable = open(store, &world, time);
    let found = durable.execution("Whole:one").await.unwrap();
    assert_eq!(found.output::<Whole>().await.unwrap(), expected());
    assert_eq!(durable.list(&List::default()).await.unwrap().executions.len(), 1);
    assert!(matches!(
        durable.execution("Whole:two").await.err(),
        Some(Error::ExecutionDoesNotExist { .. })
    ));
}

#[tokio::test(start_paused = true)]
async fn an_execution_waits_on_through_many_interruptions() {
    let (world, time) = (Arc::new(World::default()), clock());
    let store = Memory::default();
    let start = Instant::now();
    let durable = open(store.clone(), &world, time.clone());
    durable.start::<Whole>("one", &5).await.unwrap();
    tokio::time::sleep(Duration::from_secs(100)).await;
    durable.shut_down(Duration::ZERO).await;
    for _ in 0..20 {
        let durable = open(store.clone(), &world, time.clone());
        tokio::time::sleep(Duration::from_secs(50)).await;
        durable.shut_down(Duration::ZERO).await;
    }
    let durable = open(store, &world, time);
    let execution = durable.execution("Whole:one").await.unwrap();
    assert_eq!(execution.output::<Whole>().await.unwrap(), expected());
    assert_eq!(start.elapsed().as_secs(), 10 + 20 + 3600 + 60);
}

/// A task that fails until it is told otherwise.
#[derive(Default)]
struct Switch {
    is_on: std::sync::atomic::AtomicBool,
    runs: AtomicUsize,
}

#[task]
async fn ask(switch: &Switch, number: i64) -> Result<i64, Trouble> {
    switch.runs.fetch_add(1, Ordering::Relaxed);
    if switch.is_on.load(Ordering::Relaxed) { Ok(number + 1) } else { Err(Trouble::Broken) }
}

#[task]
async fn count(switch: &Switch, number: i64) -> i64 {
    switch.runs.fetch_add(1, Ordering::Relaxed);
    number
}

workflow! {
    Fragile(&Switch, i64) -> (i64, i64);
    Fan: Parallel {
        branches: [
            { Count: Task { call: count($), end } },
            {
                Before: Wait { seconds: 5, next: Ask }
                Ask: Task { call: ask($), retry: { error_equals: [Trouble::Broken], max_attempts: 1 }, end }
            },
        ],
        end,
    }
}

workflow! {
    Slow(&Switch, i64) -> i64;
    timeout: 1m;
    Wait: Wait { seconds: 3600, next: Count }
    Count: Task { call: count($), end }
}

fn open_switch(
    store: impl Store,
    switch: &Arc<Switch>,
    clock: impl Fn() -> Timestamp + Send + Sync + 'static,
) -> Durable {
    let builder = Durable::builder(store).clock(clock);
    let builder = builder.workflow::<Fragile, Switch>(Arc::clone(switch));
    builder.workflow::<Slow, Switch>(Arc::clone(switch)).open().unwrap()
}

#[tokio::test(start_paused = true)]
async fn an_execution_that_failed_goes_on_from_what_failed() {
    let (switch, time, store) = (Arc::new(Switch::default()), clock(), Memory::default());
    let durable = open_switch(store.clone(), &switch, time.clone());
    let execution = durable.start::<Fragile>("one", &1).await.unwrap();
    let error = execution.output::<Fragile>().await.unwrap_err();
    assert!(matches!(&error, Error::ExecutionFailed(output) if output.error == "Trouble.Broken"));
    assert_eq!(switch.runs.load(Ordering::Relaxed), 1 + 2);
    assert_eq!(execution.describe().await.unwrap().status, Status::Failed);
    durable.shut_down(Duration::ZERO).await;

    // After a restart too; and it may fail again.
    let durable = open_switch(store.clone(), &switch, time.clone());
    let execution = durable.execution("Fragile:one").await.unwrap();
    execution.redrive().await.unwrap();
    assert!(execution.output::<Fragile>().await.is_err());
    assert_eq!(switch.runs.load(Ordering::Relaxed), 1 + 2 + 2);

    switch.is_on.store(true, Ordering::Relaxed);
    execution.redrive().await.unwrap();
    durable.shut_down(Duration::ZERO).await;
    let durable = open_switch(store, &switch, time);
    let execution = durable.execution("Fragile:one").await.unwrap();
    assert_eq!(execution.output::<Fragile>().await.unwrap(), (1, 2));
    // The branch that had succeeded has not run again, and the wait was over.
    assert_eq!(switch.runs.load(Ordering::Relaxed), 1 + 2 + 2 + 1);
    let id = "Fragile:one".to_owned();
    assert_eq!(execution.redrive().await, Err(Error::ExecutionNotRedrivable { id }));
}

#[tokio::test(start_paused = true)]
async fn an_execution_is_stopped_and_times_out() {
    let (switch, time, store) = (Arc::new(Switch::default()), clock(), Memory::default());
    let durable = open_switch(store.clone(), &switch, time.clone());
    let stopped = durable.start::<Slow>("stopped", &1).await.unwrap();
    let description = stopped.stop("Customer.Left", "went home").await.unwrap();
    assert_eq!(description.status, Status::Aborted);
    assert_eq!(description.error.map(|error| error.error), Some("Customer.Left".to_owned()));
    // It is stopped once.
    let again = stopped.stop("Other", "").await.unwrap();
    assert_eq!(again.error.map(|error| error.cause), Some("went home".to_owned()));

    // The time of a timeout goes on while the engine is away.
    let start = Instant::now();
    durable.start::<Slow>("late", &1).await.unwrap();
    tokio::time::sleep(Duration::from_secs(20)).await;
    durable.shut_down(Duration::ZERO).await;
    tokio::time::sleep(Duration::from_secs(20)).await;
    let durable = open_switch(store.clone(), &switch, time.clone());
    let late = durable.execution("Slow:late").await.unwrap();
    assert!(late.output::<Slow>().await.is_err());
    assert_eq!(late.describe().await.unwrap().status, Status::TimedOut);
    assert_eq!(start.elapsed().as_secs(), 60);
    durable.shut_down(Duration::ZERO).await;

    // A workflow that is not registered: its executions stay, and can be stopped.
    let kept = open_switch(store.clone(), &switch, time);
    kept.start::<Slow>("idle", &1).await.unwrap();
    kept.shut_down(Duration::ZERO).await;
    let bare = Durable::builder(store).open().unwrap();
    let idle = bare.execution("Slow:idle").await.unwrap();
    assert_eq!(idle.describe().await.unwrap().status, Status::Running);
    assert_eq!(idle.stop("Over", "").await.unwrap().status, Status::Aborted);
}

#[tokio::test(start_paused = true)]
async fn executions_are_listed_in_pages() {
    let (switch, time) = (Arc::new(Switch::default()), clock());
    let durable = open_switch(Memory::default(), &switch, time);
    for number in 0..5 {
        durable.start::<Slow>(&number.to_string(), &number).await.unwrap();
    }
    durable.start::<Fragile>("x", &1).await.unwrap().output::<Fragile>().await.unwrap_err();
    let names = async |list: &List| -> (Vec<String>, Option<String>) {
        let page = durable.list(list).await.unwrap();
        (page.executions.into_iter().map(|found| found.name).collect(), page.next)
    };
    let slow = List { workflow: Some("Slow".to_owned()), most: 2, ..List::default() };
    let (first, next) = names(&slow).await;
    assert_eq!(first, ["4", "3"]);
    let (second, next) = names(&List { after: next, ..slow.clone() }).await;
    assert_eq!(second, ["2", "1"]);
    let (third, next) = names(&List { after: next, ..slow }).await;
    assert_eq!((third, next), (vec!["0".to_owned()], None));
    let failed = List { status: Some(Status::Failed), ..List::default() };
    assert_eq!(names(&failed).await, (vec!["x".to_owned()], None));
    assert_eq!(names(&List::default()).await.0.len(), 6);
}

#[task]
async fn repeat(switch: &Switch, number: i64) -> String {
    switch.runs.fetch_add(1, Ordering::Relaxed);
    "x".repeat(usize::try_from(number).unwrap())
}

workflow! {
    Large(&Switch, i64) -> Json;
    Repeat: Task {
        call: repeat($),
        catch: { error_equals: ["States.DataLimitExceeded"], output: json($.Error), next: Done },
        output: json($),
        next: Done,
    }
    Done: Succeed {}
}

#[tokio::test(start_paused = true)]
async fn payloads_are_limited_and_nothing_starts_after_the_end() {
    let switch = Arc::new(Switch::default());
    let builder = Durable::builder(Memory::default()).payload_limit(20).clock(clock());
    let durable = builder.workflow::<Large, Switch>(switch).open().unwrap();
    let small = durable.start::<Large>("small", &18).await.unwrap();
    assert_eq!(small.output::<Large>().await.unwrap(), "x".repeat(18));
    let large = durable.start::<Large>("large", &19).await.unwrap();
    assert_eq!(large.output::<Large>().await.unwrap(), "States.DataLimitExceeded");
    let kinds: Vec<String> =
        large.history().await.unwrap().into_iter().map(|event| event.kind).collect();
    assert_eq!(kinds[4], "LambdaFunctionFailed");
    durable.shut_down(Duration::ZERO).await;
    assert!(matches!(durable.start::<Large>("late", &1).await, Err(Error::Store(_))));
}

#[tokio::test(start_paused = true)]
async fn an_input_that_is_too_large_starts_nothing() {
    let builder = Durable::builder(Memory::default()).payload_limit(2);
    let durable = builder.workflow::<Large, Switch>(Arc::default()).open().unwrap();
    let error = durable.start::<Large>("large", &100).await.unwrap_err();
    assert_eq!(error.to_string(), "the input cannot be taken: it has 3 bytes, and may have 2");
    assert!(durable.list(&List::default()).await.unwrap().executions.is_empty());
}
