//! What the workflows that were drawn call, and what the world sees of it.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;
use workflow_core::{ErrorOutput, Json, TaskContext, task, workflow};

/// What the tasks have been called with, in order: it outlives an engine that crashes.
#[derive(Default)]
pub struct World {
    calls: Mutex<Vec<Call>>,
    /// How many engines there were before.
    engine: AtomicUsize,
}

/// A call of a task.
#[derive(Debug, Clone)]
pub struct Call {
    /// The idempotency key of the visit, and how many attempts came before.
    pub attempt: (String, u32),
    state: &'static str,
    pub input: Json,
    pub engine: usize,
}

impl Call {
    /// The name of the execution that the call is of, or that the workflow is nested in that it is of.
    fn execution(&self) -> &str {
        self.attempt.0.split(':').nth(1).unwrap_or_default()
    }

    /// The names of that execution and of the state.
    pub fn state(&self) -> (String, String) {
        (self.execution().to_owned(), self.state.to_owned())
    }
}

impl World {
    pub fn calls(&self) -> Vec<Call> {
        self.calls.lock().expect("no task panics").clone()
    }

    /// The calls from here on are those of the next engine.
    pub fn next_engine(&self) {
        self.engine.fetch_add(1, Ordering::Relaxed);
    }

    pub fn engine(&self) -> usize {
        self.engine.load(Ordering::Relaxed)
    }

    /// Writes a call down, and returns a number that is made of what the task is given where.
    fn called(&self, context: &TaskContext, input: &Json) -> u64 {
        let call = Call {
            attempt: (context.idempotency_key().to_owned(), context.retry_count()),
            state: context.state(),
            input: input.clone(),
            engine: self.engine(),
        };
        self.calls.lock().expect("no task panics").push(call);
        digest(&format!("{} {input}", context.state()))
    }

    /// How many visits to the same state of the same execution came before.
    fn visits_before(&self, context: &TaskContext) -> usize {
        let calls = self.calls.lock().expect("no task panics");
        let this = calls.last().expect("this call was written down");
        let mut visits: Vec<&str> = Vec::new();
        for call in calls.iter() {
            let is_same = call.state == this.state && call.execution() == this.execution();
            if is_same && !visits.contains(&call.attempt.0.as_str()) {
                visits.push(&call.attempt.0);
            }
        }
        visits.iter().position(|key| *key == context.idempotency_key()).unwrap_or_default()
    }
}

/// FNV-1a: the same in every run, whatever the toolchain.
fn digest(text: &str) -> u64 {
    let fold = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325, fold);
    hash ^ (hash >> 32)
}

fn made(digest: u64) -> Json {
    json!({ "n": digest % 10, "digest": digest % 1_000_000 })
}

fn failed(name: &str, digest: u64) -> ErrorOutput {
    *ErrorOutput::new(format!("Task.{name}"), format!("at {}", digest % 1_000_000))
}

#[task]
pub async fn step(world: &World, context: TaskContext, input: Json) -> Json {
    made(world.called(&context, &input))
}

#[task]
pub async fn blend(world: &World, context: TaskContext, input: Json, kept: Json) -> Json {
    made(world.called(&context, &json!([input, kept])))
}

/// Fails in its first attempts of a visit, with one error or another.
#[task]
pub async fn stubborn(
    world: &World,
    context: TaskContext,
    input: Json,
) -> Result<Json, ErrorOutput> {
    let digest = world.called(&context, &input);
    let count = context.retry_count();
    if u64::from(count) >= digest % 4 {
        return Ok(made(digest));
    }
    let name = if (digest >> (8 + count)) % 2 == 0 { "Busy" } else { "Broken" };
    Err(failed(name, digest))
}

/// Fails for some inputs.
#[task]
pub async fn refuse(world: &World, context: TaskContext, input: Json) -> Result<Json, ErrorOutput> {
    let digest = world.called(&context, &input);
    if digest % 2 == 0 { Err(failed("Broken", digest)) } else { Ok(made(digest)) }
}

/// Fails in its first visits of an execution.
#[task]
pub async fn tired(world: &World, context: TaskContext, input: Json) -> Result<Json, ErrorOutput> {
    let digest = world.called(&context, &input);
    if world.visits_before(&context) < 2 { Err(failed("Busy", digest)) } else { Ok(made(digest)) }
}

#[task]
pub async fn slow(world: &World, context: TaskContext, input: Json) -> Json {
    let digest = world.called(&context, &input);
    tokio::time::sleep(Duration::from_secs(1 + digest % 5)).await;
    made(digest)
}

/// Takes longer than anybody waits for it.
#[task]
pub async fn late(world: &World, context: TaskContext, input: Json) -> Result<Json, ErrorOutput> {
    let digest = world.called(&context, &input);
    tokio::time::sleep(Duration::from_secs(3_600)).await;
    Ok(made(digest))
}

workflow! {
    /// Takes longer than anybody waits for it.
    pub Endless(&World, Json) -> Json;
    EndlessFirst: Task { call: step($), next: EndlessWait }
    EndlessWait: Wait { seconds: 3600, next: EndlessLast }
    EndlessLast: Task { call: step($), end }
}

workflow! {
    /// Takes longer than it may.
    pub Limited(&World, Json) -> Json;
    timeout: 9s;
    LimitedFirst: Task { call: step($), next: LimitedWait }
    LimitedWait: Wait { seconds: 3600, next: LimitedLast }
    LimitedLast: Task { call: step($), end }
}
