//! What is promised of executions that are started, stopped, dropped and shut down at bad moments.

use futures_util::FutureExt;
use workflow_core::Identity;

use super::stores::Gated;
use super::*;

/// What the programs of these tests hand to their tasks.
#[derive(Default)]
struct Office {
    switch: Arc<Switch>,
    given: Mutex<Vec<(String, String)>>,
}

#[task]
async fn file(office: &Office, context: TaskContext, text: String) -> String {
    office.given.lock().unwrap().push((context.idempotency_key().to_owned(), text.clone()));
    tokio::time::sleep(Duration::from_secs(5)).await;
    text
}

#[task]
async fn trip(switch: &Switch, number: i64) -> i64 {
    assert!(switch.is_on.load(Ordering::Relaxed), "over the carpet");
    number
}

workflow! {
    Files(&Office, i64) -> String;
    File: Task { call: file(uuid()), end }
}

workflow! {
    Trips(&Switch, i64) -> i64;
    Trip: Task { call: trip($), end }
}

workflow! {
    Waits(&Switch, i64) -> (i64, i64);
    Fan: Parallel {
        branches: [
            { Work: Task { call: count($), end } },
            { Day: Wait { seconds: 86400, end } },
        ],
        end,
    }
}

workflow! {
    Soon(&Switch, i64) -> i64;
    Wait: Wait { seconds: 2, next: Work }
    Work: Task { call: count($), end }
}

workflow! {
    Circles(&Switch, i64) -> i64;
    Work: Task { call: count($), next: Which }
    Which: Choice { $ < 0 => Done, _ => Round }
    Round: Pass { next: Which }
    Done: Succeed {}
}

workflow! {
    BacksOff(&Switch, i64) -> (i64,);
    Fan: Parallel {
        branches: [{ Fail: Task { call: ask($), end } }],
        retry: { error_equals: [Trouble::Broken], interval: 1h, max_attempts: 2 },
        end,
    }
}

workflow! {
    Inside(&Switch, i64) -> i64;
    timeout: 1m;
    Wait: Wait { seconds: 3600, end }
}

workflow! {
    Outside(&Switch, i64) -> i64;
    Call: Task { call: Inside($), end }
}

fn builder(store: impl Store, office: &Arc<Office>) -> crate::Builder {
    Durable::builder(store)
        .workflow::<Files, Office>(Arc::clone(office))
        .workflow::<Trips, Switch>(Arc::clone(&office.switch))
        .workflow::<Waits, Switch>(Arc::clone(&office.switch))
        .workflow::<Soon, Switch>(Arc::clone(&office.switch))
        .workflow::<Circles, Switch>(Arc::clone(&office.switch))
        .workflow::<BacksOff, Switch>(Arc::clone(&office.switch))
        .workflow::<Outside, Switch>(Arc::clone(&office.switch))
        .workflow::<Unwritten, Switch>(Arc::clone(&office.switch))
        .workflow::<Steps, Switch>(Arc::clone(&office.switch))
}

/// A number that cannot be written.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, workflow_core::Data)]
struct Odd {
    #[serde(serialize_with = "refuse")]
    number: i64,
}

fn refuse<S: serde::Serializer>(_: &i64, _: S) -> Result<S::Ok, S::Error> {
    Err(serde::ser::Error::custom("it is odd"))
}

workflow! {
    Steps(&Switch, i64) -> (i64, i64);
    First: Task { call: count($), next: Fan }
    Fan: Parallel {
        branches: [
            { One: Task { call: count($), end } },
            { Other: Task { call: count($), end } },
        ],
        end,
    }
}

workflow! {
    Unwritten(&Switch, i64) -> Odd;
    Make: Pass { output: Odd { number: $ }, end }
}

fn runs(office: &Office) -> usize {
    office.switch.runs.load(Ordering::Relaxed)
}

#[tokio::test(start_paused = true)]
async fn a_start_is_not_told_before_it_is_durable_and_may_be_dropped() {
    let (office, held) = (Arc::new(Office::default()), Gated::default());
    let durable = builder(held.store(), &office).clock(clock()).open().unwrap();
    held.let_through(Some(0));
    assert!(durable.start::<Waits>("one", &1).now_or_never().is_none());
    tokio::task::yield_now().await;
    assert!(durable.start::<Waits>("one", &1).now_or_never().is_none(), "not in the store yet");
    held.let_through(None);
    let execution = durable.start::<Waits>("one", &1).await.unwrap();
    assert_eq!(execution.output::<Waits>().await.unwrap(), (1, 1));
}

/// Each task of two in a row, and of two in branches, begins only once that is in the store.
#[tokio::test(start_paused = true)]
async fn no_task_is_called_before_that_is_durable() {
    let (office, held) = (Arc::new(Office::default()), Gated::default());
    let durable = builder(held.store(), &office).clock(clock()).open().unwrap();
    held.let_through(Some(0));
    let starting = tokio::spawn(async move {
        durable.start::<Steps>("one", &1).await.unwrap().output::<Steps>().await.unwrap()
    });
    let mut ran = Vec::new();
    for expected in [0, 1, 3] {
        while runs(&office) < expected {
            tokio::task::yield_now().await;
        }
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        ran.push(runs(&office));
        held.let_through(Some(1));
    }
    held.let_through(None);
    assert_eq!(starting.await.unwrap(), (1, 1));
    assert_eq!(ran, [0, 1, 3], "while the next write is held");
}

/// What cannot be written fails, and whoever starts it is told that it has begun.
#[tokio::test(start_paused = true)]
async fn what_has_no_json_fails_the_execution() {
    let office = Arc::new(Office::default());
    let durable = builder(Memory::default(), &office).clock(clock()).open().unwrap();
    let started = durable.start::<Unwritten>("one", &1);
    let execution = tokio::time::timeout(Duration::from_secs(9), started).await.unwrap().unwrap();
    let Err(Error::ExecutionFailed(error)) = execution.output::<Unwritten>().await else {
        panic!("it has no output")
    };
    assert_eq!(
        (&*error.error, &*error.cause),
        ("States.Runtime", "a payload has no JSON: it is odd")
    );
    let history = execution.history().await.unwrap();
    let kinds: Vec<&str> = history.iter().map(|event| &*event.kind).collect();
    assert_eq!(kinds, ["ExecutionStarted", "PassStateEntered", "ExecutionFailed"]);
}

#[tokio::test(start_paused = true)]
async fn an_execution_is_stopped_while_it_starts() {
    let (office, held) = (Arc::new(Office::default()), Gated::default());
    let durable = builder(held.store(), &office).clock(clock()).open().unwrap();
    held.let_through(Some(0));
    assert!(durable.start::<Waits>("one", &1).now_or_never().is_none());
    let execution = durable.execution("Waits:one").await.unwrap();
    assert!(execution.stop("Over", "").now_or_never().is_none());
    held.let_through(None);
    assert_eq!(execution.stop("Again", "").await.unwrap().status, Status::Aborted);
    assert_eq!(runs(&office), 0);
}

#[tokio::test(start_paused = true)]
async fn an_execution_of_a_workflow_that_is_not_registered_is_stopped_once() {
    let (office, store, time) = (Arc::new(Office::default()), Memory::default(), clock());
    let durable = builder(store.clone(), &office).clock(time.clone()).open().unwrap();
    durable.start::<Waits>("one", &1).await.unwrap();
    durable.shut_down(Duration::ZERO).await;
    let bare = Durable::builder(store).clock(time).open().unwrap();
    let execution = bare.execution("Waits:one").await.unwrap();
    execution.stop("First", "").await.unwrap();
    let stopped = execution.stop("Second", "").await.unwrap();
    assert_eq!(stopped.error.map(|error| error.error), Some("First".to_owned()));
    let ends = execution.history().await.unwrap();
    assert_eq!(ends.iter().filter(|event| event.kind == "ExecutionAborted").count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_panic_fails_the_execution_which_can_be_redriven() {
    let office = Arc::new(Office::default());
    let durable = builder(Memory::default(), &office).clock(clock()).open().unwrap();
    let execution = durable.start::<Trips>("one", &1).await.unwrap();
    let Err(Error::ExecutionFailed(error)) = execution.output::<Trips>().await else {
        panic!("it fails")
    };
    assert_eq!(error.error, "States.Runtime");
    assert_eq!(error.cause, "a task panicked: over the carpet");
    office.switch.is_on.store(true, Ordering::Relaxed);
    execution.redrive().await.unwrap();
    assert_eq!(execution.output::<Trips>().await.unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_one_branch_has_done_is_durable_while_the_other_waits() {
    let (office, store, time) = (Arc::new(Office::default()), Memory::default(), clock());
    let crashed = builder(store.clone(), &office).clock(time.clone()).open().unwrap();
    crashed.start::<Waits>("one", &1).await.unwrap();
    seconds(60).await;
    let copy = Memory::default();
    let mut records = Vec::new();
    let mut copied = |_, record| {
        records.push(record);
        Ok(())
    };
    store.scan(None, &mut copied).unwrap();
    copy.append(&records).unwrap();
    let durable = builder(copy, &office).clock(time).open().unwrap();
    let execution = durable.execution("Waits:one").await.unwrap();
    let before = runs(&office);
    assert_eq!(execution.output::<Waits>().await.unwrap(), (1, 1));
    assert_eq!(runs(&office), before);
}

#[tokio::test]
async fn whoever_starts_more_than_the_disk_takes_waits() {
    let (office, held) = (Arc::new(Office::default()), Gated::default());
    let durable = builder(held.store(), &office).queue_limit(0).open().unwrap();
    held.let_through(Some(0));
    let start = |name: &'static str| {
        let durable = durable.clone();
        tokio::spawn(async move { durable.start::<Waits>(name, &1).await.map(drop) })
    };
    let starting = [start("one"), start("two"), start("three")];
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    // The first is being written, and the second is queued: the third waits for that.
    let begun = durable.engine().executions().live.len();
    assert!(begun < 3, "{begun} have begun");
    held.let_through(None);
    for started in starting {
        started.await.unwrap().unwrap();
    }
    assert_eq!(durable.list(&List::default()).await.unwrap().executions.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_loop_that_is_stopped_goes_on_where_it_was() {
    let (office, time) = (Arc::new(Office::default()), clock());
    let durable = builder(Memory::default(), &office).clock(time).event_limit(u32::MAX);
    let durable = durable.open().unwrap();
    let execution = durable.start::<Circles>("one", &1).await.unwrap();
    while runs(&office) == 0 {
        tokio::task::yield_now().await;
    }
    for _ in 0..3 {
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        assert_eq!(execution.stop("Over", "").await.unwrap().status, Status::Aborted);
        execution.redrive().await.unwrap();
    }
    assert_eq!(runs(&office), 1);
    execution.stop("Over", "").await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_parallel_state_backs_off_through_an_interruption() {
    let (office, store, time) = (Arc::new(Office::default()), Memory::default(), clock());
    let start = Instant::now();
    let durable = builder(store.clone(), &office).clock(time.clone()).open().unwrap();
    durable.start::<BacksOff>("one", &0).await.unwrap();
    seconds(600).await;
    durable.shut_down(Duration::ZERO).await;
    assert_eq!(runs(&office), 1);
    office.switch.is_on.store(true, Ordering::Relaxed);
    let durable = builder(store, &office).clock(time).open().unwrap();
    let execution = durable.execution("BacksOff:one").await.unwrap();
    assert_eq!(execution.output::<BacksOff>().await.unwrap(), (1,));
    assert_eq!(start.elapsed().as_secs(), 3600);
}

#[tokio::test(start_paused = true)]
async fn a_nested_workflow_times_out_through_an_interruption() {
    let (office, store, time) = (Arc::new(Office::default()), Memory::default(), clock());
    let start = Instant::now();
    let durable = builder(store.clone(), &office).clock(time.clone()).open().unwrap();
    durable.start::<Outside>("one", &1).await.unwrap();
    seconds(40).await;
    durable.shut_down(Duration::ZERO).await;
    let durable = builder(store, &office).clock(time).open().unwrap();
    let execution = durable.execution("Outside:one").await.unwrap();
    let Err(Error::ExecutionFailed(error)) = execution.output::<Outside>().await else {
        panic!("it fails")
    };
    assert_eq!(error.error, "States.Timeout");
    assert_eq!(start.elapsed().as_secs(), 60);
}

#[tokio::test(start_paused = true)]
async fn a_task_that_runs_again_is_given_the_same_under_the_same_key() {
    let (office, store, time) = (Arc::new(Office::default()), Memory::default(), clock());
    let durable = builder(store.clone(), &office).clock(time.clone()).open().unwrap();
    durable.start::<Files>("one", &1).await.unwrap();
    seconds(1).await;
    durable.shut_down(Duration::from_secs(1)).await;
    let durable = builder(store, &office).clock(time).open().unwrap();
    let execution = durable.execution("Files:one").await.unwrap();
    let output = execution.output::<Files>().await.unwrap();
    let given = office.given.lock().unwrap();
    assert_eq!(given.len(), 2);
    assert_eq!(given[0], given[1]);
    assert_eq!(given[0].1, output);
}

#[tokio::test(start_paused = true)]
async fn executions_that_show_one_identity_have_keys_of_their_own() {
    let office = Arc::new(Office::default());
    let identity = Identity {
        execution_id: "arn:aws:states:eu-west-1:111122223333:execution:files:one".to_owned(),
        state_machine_id: "arn:aws:states:eu-west-1:111122223333:stateMachine:files".to_owned(),
        state_machine_name: "files".to_owned(),
        role_arn: String::new(),
    };
    let durable = builder(Memory::default(), &office).clock(clock()).identity(identity);
    let durable = durable.open().unwrap();
    for name in ["one", "two"] {
        let execution = durable.start::<Files>(name, &1).await.unwrap();
        execution.output::<Files>().await.unwrap();
    }
    let given = office.given.lock().unwrap();
    assert_ne!(given[0].0, given[1].0);
}

#[tokio::test(start_paused = true)]
async fn tasks_under_way_have_a_time_of_grace_and_none_begins() {
    let (office, store, time) = (Arc::new(Office::default()), Memory::default(), clock());
    let durable = builder(store.clone(), &office).clock(time.clone()).open().unwrap();
    let execution = durable.start::<Files>("one", &1).await.unwrap();
    durable.start::<Soon>("one", &7).await.unwrap();
    seconds(1).await;
    let start = Instant::now();
    let shutting_down = tokio::spawn({
        let durable = durable.clone();
        async move { durable.shut_down(Duration::from_secs(60)).await }
    });
    seconds(1).await;
    let refused = durable.start::<Files>("two", &1).await.unwrap_err();
    assert_eq!(refused.to_string(), "the engine is shut down");
    shutting_down.await.unwrap();
    // Not a second longer than the task.
    assert_eq!(start.elapsed().as_secs(), 4);
    assert!(execution.output::<Files>().now_or_never().is_some(), "whoever waits is told");
    assert_eq!(runs(&office), 0);
    let durable = builder(store, &office).clock(time).open().unwrap();
    durable.execution("Files:one").await.unwrap().output::<Files>().await.unwrap();
    assert_eq!(durable.execution("Soon:one").await.unwrap().output::<Soon>().await.unwrap(), 7);
    assert_eq!(office.given.lock().unwrap().len(), 1);
}
