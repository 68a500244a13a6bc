//! Runs a workflow in the process, and durably with crashes, and compares what comes of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use serde_json::json;
use tokio::runtime::Runtime;
use tokio::time::Instant;
use workflow_core::{History, InProcess, Json, Supplies, Timestamp, Workflow};
use workflow_durable::{Durable, Error, Handle, HistoryEvent, Memory};

use crate::crashing::{Crashing, Idle, Plan};
use crate::histories;
use crate::tasks::{Call, World};

/// A workflow that was drawn: from what, and how far two of its runs can be compared.
pub struct Drawn {
    pub seed: u64,
    pub cancels: bool,
    pub takes_time: bool,
}

/// The names of its executions: each has another input.
const NAMES: [&str; 3] = ["first", "second", "third"];

/// How often an engine crashes at most.
const CRASHES: usize = 40;

/// Longer than any execution takes: one that stands still is told by it.
const FOREVER: Duration = Duration::from_secs(100_000_000);

/// The output of an execution, or its error and cause; and how many seconds it took.
type Ended = (Result<Json, (String, String)>, i64);

type Histories = Vec<Vec<HistoryEvent>>;

/// Runs a workflow with so many schedules of crashes, and prints the first difference as a line of JSON.
pub fn hold<W>(drawn: Drawn, schedules: u64, (runtime, idle): &(Runtime, Idle))
where
    W: Workflow<Input = Json, Output = Json>,
    for<'w> &'w World: Supplies<'w, W::Resources>,
{
    let seed = drawn.seed;
    // Where the program aborts, the last one is why.
    eprintln!("workflow {seed}");
    if let Err((schedule, difference)) = runtime.block_on(compare::<W>(drawn, schedules, idle)) {
        println!("{}", json!({ "seed": seed, "schedule": schedule, "difference": difference }));
    }
}

async fn compare<W>(drawn: Drawn, schedules: u64, idle: &Idle) -> Result<(), (u64, String)>
where
    W: Workflow<Input = Json, Output = Json>,
    for<'w> &'w World: Supplies<'w, W::Resources>,
{
    let mut rng = Rng::with_seed(drawn.seed);
    let inputs: Vec<Json> = NAMES.iter().map(|_| json!({ "n": rng.u32(0..10) })).collect();
    let wanted = in_process::<W>(&inputs).await;
    let clean = durably::<W>(&inputs, None, idle).await.map_err(|error| (0, error))?;
    same_ends(&wanted.ended, &clean, false).map_err(|error| (0, error))?;
    for (wanted, clean) in wanted.histories.iter().zip(&clean.histories) {
        histories::is_sound::<W>(wanted).map_err(|error| (0, error))?;
        // In the process a workflow that is called has a history of its own.
        histories::has_same_states::<W>(wanted, clean).map_err(|error| (0, error))?;
    }
    for schedule in 1..=schedules {
        let rng = Rng::with_seed(drawn.seed.wrapping_mul(1_000) + schedule);
        let crashed = durably::<W>(&inputs, Some(rng), idle).await;
        let same = crashed.and_then(|crashed| {
            same_ends(&wanted.ended, &crashed, drawn.takes_time)?;
            for (clean, crashed) in clean.histories.iter().zip(&crashed.histories) {
                histories::is_same::<W>(clean, crashed, drawn.cancels)?;
            }
            Ok(())
        });
        same.map_err(|error| (schedule, error))?;
    }
    Ok(())
}

/// The executions end alike, and take the same time: waits are not waited for twice.
fn same_ends(wanted: &[Ended], run: &Run, takes_longer: bool) -> Result<(), String> {
    for ((wanted, got), name) in wanted.iter().zip(&run.ended).zip(NAMES) {
        if wanted.0 != got.0 {
            return Err(format!(
                "`{name}` ends with {:?}, and in the process {:?}",
                got.0, wanted.0
            ));
        }
        if wanted.1 != got.1 && !(takes_longer && got.1 > wanted.1) {
            return Err(format!("`{name}` takes {} s, and in the process {} s", got.1, wanted.1));
        }
    }
    Ok(())
}

async fn in_process<W>(inputs: &[Json]) -> Run
where
    W: Workflow<Input = Json, Output = Json>,
    for<'w> &'w World: Supplies<'w, W::Resources>,
{
    let (mut ended, mut histories) = (Vec::new(), Vec::new());
    for (input, name) in inputs.iter().zip(NAMES) {
        let (world, begin, history) = (World::default(), Instant::now(), History::new());
        let engine = InProcess::new(&world).name(name).listener(&history);
        let outcome = engine.run::<W>(input.clone()).await;
        let outcome = outcome.map_err(|error| (error.error().to_owned(), error.cause().to_owned()));
        ended.push((outcome, seconds(begin.elapsed().as_millis() as i64)));
        histories.push(history.events());
    }
    Run { ended, histories }
}

/// Timers are as exact as a millisecond.
const fn seconds(milliseconds: i64) -> i64 {
    (milliseconds + 500) / 1_000
}

/// What came of the executions of a workflow.
struct Run {
    ended: Vec<Ended>,
    histories: Histories,
}

/// When the engine goes away.
enum Crash {
    Never,
    Write(Plan),
    /// After so many seconds; with what has happened made durable, or not.
    Time(Duration, bool),
}

/// Draws a crash, after so many writes at most.
fn draw(rng: &mut Rng, writes: usize) -> Crash {
    match rng.u32(0..10) {
        0..7 => Crash::Write(Plan::write(rng.usize(0..=writes), rng.usize(0..1_000))),
        _ => {
            let longest = [2, 10, 100, 1_000][rng.usize(0..4)];
            Crash::Time(Duration::from_millis(500 * rng.u64(0..longest)), rng.bool())
        }
    }
}

/// Runs the executions on one engine after the other, until one engine has all of their ends.
async fn durably<W>(inputs: &[Json], mut rng: Option<Rng>, idle: &Idle) -> Result<Run, String>
where
    W: Workflow<Input = Json, Output = Json>,
    for<'w> &'w World: Supplies<'w, W::Resources>,
{
    let (kept, world, clock) = (Memory::default(), Arc::new(World::default()), clock());
    let open = |store: &Crashing| {
        let builder = Durable::builder(store.clone()).clock(clock.clone());
        let durable = builder.workflow::<W, World>(Arc::clone(&world)).open();
        durable.map_err(|error| format!("the store cannot be opened: {error}"))
    };
    let writes = rng.as_mut().map_or(0, |rng| [1, 4, 16, 64][rng.usize(0..4)]);
    for crashes in 0.. {
        let crash = match &mut rng {
            Some(rng) if crashes < CRASHES => draw(rng, writes),
            _ => Crash::Never,
        };
        let plan = if let Crash::Write(plan) = crash { plan } else { Plan::default() };
        let store = Crashing::new(kept.clone(), plan, idle.clone());
        let durable = open(&store)?;
        let known = histories::<W>(&durable).await?;
        let has_ended = until::<W>(&durable, inputs, &store, &crash).await?;
        durable.shut_down(Duration::ZERO).await;
        nothing_ran_again(&world, &known)?;
        world.next_engine();
        if has_ended {
            break;
        }
    }
    // What has ended stays as it is.
    let durable = open(&Crashing::new(kept, Plan::default(), idle.clone()))?;
    let histories = histories::<W>(&durable).await?;
    histories.iter().try_for_each(|history| histories::is_sound::<W>(history))?;
    let mut ended = Vec::new();
    for name in NAMES {
        let handle = durable.execution(&id::<W>(name)).await.map_err(text)?;
        ended.push(end::<W>(&handle).await?);
    }
    durable.shut_down(Duration::ZERO).await;
    match world.calls().iter().find(|call| call.engine == world.engine()) {
        Some(call) => Err(format!("{call:?} is after the end")),
        None => Ok(Run { ended, histories }),
    }
}

/// Runs the executions until they have ended or the engine is to go away; says whether they have ended.
async fn until<W>(
    durable: &Durable,
    inputs: &[Json],
    store: &Crashing,
    crash: &Crash,
) -> Result<bool, String>
where
    W: Workflow<Input = Json, Output = Json>,
{
    let (time, is_durable) = match crash {
        Crash::Time(time, is_durable) => (*time, *is_durable),
        Crash::Never | Crash::Write(_) => (FOREVER, true),
    };
    let ended = tokio::select! {
        biased;
        ended = all::<W>(durable, inputs) => ended,
        () = store.crashed() => return Ok(false),
        () = tokio::time::sleep(time) => Ok(false),
    };
    if time == FOREVER && ended == Ok(false) {
        return Err("the executions stand still".to_owned());
    }
    if !is_durable {
        store.crash();
    }
    match ended {
        // It could not be written any more.
        Err(Error::Store(error)) if !error.is_damage() => Ok(false),
        ended => ended.map_err(text),
    }
}

/// Starts the executions that are not there, and waits for the end of all.
async fn all<W>(durable: &Durable, inputs: &[Json]) -> Result<bool, Error>
where
    W: Workflow<Input = Json, Output = Json>,
{
    let mut handles = Vec::new();
    for (input, name) in inputs.iter().zip(NAMES) {
        handles.push(match durable.execution(&id::<W>(name)).await {
            Ok(handle) => handle,
            Err(_) => durable.start::<W>(name, input).await?,
        });
    }
    for handle in handles {
        match handle.output::<W>().await {
            Ok(_) | Err(Error::ExecutionFailed(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

fn id<W: Workflow>(name: &str) -> String {
    format!("{}:{name}", W::DEFINITION.name)
}

/// How an execution has ended.
async fn end<W>(handle: &Handle) -> Result<Ended, String>
where
    W: Workflow<Input = Json, Output = Json>,
{
    let outcome = match handle.output::<W>().await {
        Ok(output) => Ok(output),
        Err(Error::ExecutionFailed(error)) => Err((error.error, error.cause)),
        Err(error) => return Err(text(error)),
    };
    let description = handle.describe().await.map_err(text)?;
    let stopped = description.stopped.ok_or("it has not stopped")?;
    let took = stopped.as_millisecond() - description.started.as_millisecond();
    Ok((outcome, seconds(took)))
}

fn text(error: Error) -> String {
    error.to_string()
}

/// The histories of the executions; none of one that has not begun.
async fn histories<W: Workflow>(durable: &Durable) -> Result<Histories, String> {
    let mut histories = Vec::new();
    for name in NAMES {
        histories.push(match durable.execution(&id::<W>(name)).await {
            Ok(handle) => handle.history().await.map_err(text)?,
            Err(_) => Vec::new(),
        });
    }
    Ok(histories)
}

/// What the engine that has just gone away called again was under way when it was opened, by the histories as they were then; and
/// what was called before is in them.
fn nothing_ran_again(world: &World, known: &Histories) -> Result<(), String> {
    let calls = world.calls();
    let (now, before): (Vec<&Call>, Vec<&Call>) =
        calls.iter().partition(|call| call.engine == world.engine());
    let attempts: BTreeMap<_, _> = before.iter().map(|call| (&call.attempt, *call)).collect();
    let begun = attempts_of_states(known, &["LambdaFunctionScheduled"]);
    for (state, called) in count(&before) {
        if begun.get(&state).is_none_or(|begun| *begun < called) {
            return Err(format!("{state:?} was called before that was durable"));
        }
    }
    let mut open = count(attempts.values());
    for (state, ended) in attempts_of_states(known, histories::ENDS) {
        // In a workflow that is called, a call of a third one is told as one of a function: it is none of the world's.
        let Some(open) = open.get_mut(&state) else { continue };
        *open = open.checked_sub(ended).ok_or_else(|| format!("{state:?} ended too often"))?;
    }
    let mut attempts_now = BTreeSet::new();
    for call in now {
        if !attempts_now.insert(&call.attempt) {
            return Err(format!("{call:?} is the second one in one engine"));
        }
        let Some(first) = attempts.get(&call.attempt) else { continue };
        if (first.state(), &first.input) != (call.state(), &call.input) {
            return Err(format!("{call:?} has the key of {first:?}"));
        }
        let open = open.entry(call.state()).or_default();
        *open = open
            .checked_sub(1)
            .ok_or_else(|| format!("{call:?} runs again, and its outcome was durable"))?;
    }
    Ok(())
}

/// How many calls there are of each state of each execution.
fn count<'c>(calls: impl IntoIterator<Item = &'c &'c Call>) -> BTreeMap<(String, String), usize> {
    let mut count = BTreeMap::new();
    for call in calls {
        *count.entry(call.state()).or_default() += 1;
    }
    count
}

/// How many events of these kinds there are of each state of each execution.
fn attempts_of_states(histories: &Histories, kinds: &[&str]) -> BTreeMap<(String, String), usize> {
    let of = |(name, history): (&&str, &Vec<HistoryEvent>)| {
        let name = (*name).to_owned();
        histories::attempts(history, kinds)
            .into_iter()
            .map(move |(state, count)| ((name.clone(), state), count))
    };
    NAMES.iter().zip(histories).flat_map(of).collect()
}

/// A clock that goes with tokio's, on through crashes.
fn clock() -> impl Fn() -> Timestamp + Clone + Send + Sync + 'static {
    let beginning = Instant::now();
    move || {
        let start: Timestamp = "2026-03-14T00:00:00Z".parse().expect("it is a time");
        start.saturating_add(beginning.elapsed()).expect("no run takes so long")
    }
}
