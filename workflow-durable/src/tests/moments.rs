//! What is promised at bad moments: two things that happen at once, an engine that was away, a store that cannot be read.

use std::sync::Condvar;

use futures_util::FutureExt;
use workflow_core::{Event as Told, Listener};

use super::callbacks::{Approval, Desk, ask_for, asked};
use super::stores::{Gated, Unreadable};
use super::*;
use crate::Log;
use crate::entry::{Entries, Entry, Text};
use crate::progress::Progress;
use crate::run::Run;

async fn a_while() {
    tokio::time::sleep(Duration::from_millis(50)).await;
}

/// An execution in memory that nothing drives, and its input.
fn alone(durable: &Durable) -> (Arc<Run>, Text) {
    let text = Text::of(&1).unwrap();
    let (workflow, name, input) = ("Any".to_owned(), "one".to_owned(), text.clone());
    let event = Event::ExecutionStarted { workflow, name, input };
    let first = Entry { time: 0, scope: 0, event };
    let entries = Entries::of(&first);
    let progress = Progress::begin(first).unwrap();
    let common = Arc::clone(&durable.engine().common);
    (Run::new(1, common, progress, entries, BTreeMap::new()), text)
}

/// What is told of one write may come after what is told of the next, from another thread.
#[tokio::test]
async fn what_is_durable_stays_so_whoever_is_told_first() {
    let durable = Durable::builder(Memory::default()).open().unwrap();
    let (run, _) = alone(&durable);
    let (mut first, mut second) = (Box::pin(run.committed()), Box::pin(run.committed()));
    assert!((&mut first).now_or_never().is_none() && (&mut second).now_or_never().is_none());
    run.written(2, Ok(Vec::new()));
    run.written(1, Ok(Vec::new()));
    assert!(first.now_or_never().is_some() && second.now_or_never().is_some());
}

/// Whoever sends a token back while the machine comes to its end does not have what it noted last be written without the end: after a
/// crash between the two, all of it would run again.
#[tokio::test]
async fn the_end_of_an_execution_is_in_the_record_of_what_it_did_last() {
    let store = Memory::default();
    let durable = Durable::builder(store.clone()).open().unwrap();
    let (run, text) = alone(&durable);
    let output = text.clone();
    let driven = run.drive(Box::pin(async { Ok(output) })).now_or_never();
    assert_eq!(driven.unwrap().unwrap(), text);
    std::thread::scope(|threads| {
        let received = threads.spawn(|| run.commit_received().now_or_never());
        assert!(received.join().unwrap().is_none());
    });
    run.end(0, Event::ExecutionSucceeded { output: None }).await.unwrap();
    assert_eq!(records(&store).len(), 1);
}

#[tokio::test]
async fn a_token_that_is_taken_while_the_execution_is_stopped_is_kept_or_refused() {
    let (desk, store) = (Arc::new(Desk::default()), Gated::default());
    let durable = Durable::builder(store.store())
        .workflow::<Approval, Desk>(Arc::clone(&desk))
        .open()
        .unwrap();
    let execution = durable.start::<Approval>("one", &1).await.unwrap();
    let token = asked(&desk, 1).await.remove(0);
    a_while().await;
    store.let_through(Some(0));
    let stopping = tokio::spawn({
        let execution = execution.clone();
        async move { execution.stop("Enough", "").await }
    });
    a_while().await;
    // `ExecutionAborted` is noted, and being written.
    let sending = tokio::spawn({
        let durable = durable.clone();
        async move { durable.send_task_success(&token, &5).await }
    });
    a_while().await;
    store.let_through(Some(1));
    stopping.await.unwrap().unwrap();
    a_while().await;
    store.let_through(None);
    let sent = sending.await.unwrap();
    execution.redrive().await.unwrap();
    let output = tokio::time::timeout(Duration::from_secs(2), execution.output::<Approval>()).await;
    assert!(sent.is_err() || output.is_ok(), "an answer that was taken is lost");
}

#[task]
async fn work(desk: &Desk, number: i64) -> i64 {
    WORKED.fetch_add(1, Ordering::SeqCst);
    let _ = desk;
    number
}
static WORKED: AtomicUsize = AtomicUsize::new(0);

workflow! {
    Both(&Desk, i64) -> Vec<i64>;
    Fan: Parallel {
        branches: [
            { Call: Task { call: Approval($), end } },
            { Rest: Wait { seconds: 1, next: Work }
              Work: Task { call: work($), next: Long }
              Long: Wait { seconds: 3600, end } },
        ],
        output: [$[0], $[1]],
        end,
    }
}

/// Stops a machine between the outcome of `Work` and its end.
#[derive(Clone)]
struct Between {
    reached: Arc<Mutex<Option<tokio::sync::oneshot::Sender<()>>>>,
    go_on: Arc<(Mutex<bool>, Condvar)>,
}

impl Listener for Between {
    fn on(&self, event: &Told<'_>) {
        let Told::StateExited { state, .. } = event else { return };
        if state.name == "Work"
            && let Some(reached) = self.reached.lock().unwrap().take()
        {
            reached.send(()).unwrap();
            let mut goes_on = self.go_on.0.lock().unwrap();
            while !*goes_on {
                goes_on = self.go_on.1.wait(goes_on).unwrap();
            }
        }
    }
}

/// A copy of what is stored.
fn copy(store: &Memory) -> Memory {
    let copy = Memory::default();
    store
        .scan(None, &mut |_, record| {
            copy.append(&[record])?;
            Ok(())
        })
        .unwrap();
    copy
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_callback_does_not_part_an_outcome_from_what_follows() {
    let (desk, store) = (Arc::new(Desk::default()), Memory::default());
    let (reached, is_reached) = tokio::sync::oneshot::channel();
    let between = Between { reached: Arc::new(Mutex::new(Some(reached))), go_on: Arc::default() };
    let durable = Durable::builder(store.clone())
        .workflow::<Both, Desk>(Arc::clone(&desk))
        .listener(between.clone())
        .open()
        .unwrap();
    durable.start::<Both>("one", &1).await.unwrap();
    let token = asked(&desk, 1).await.remove(0);
    is_reached.await.unwrap();
    let mut sending = tokio::spawn({
        let (durable, token) = (durable.clone(), token.clone());
        async move { durable.send_task_success(&token, &5).await }
    });
    // It may wait until the machine has been polled.
    let _ = tokio::time::timeout(Duration::from_millis(300), &mut sending).await;
    let at_the_crash = copy(&store);
    *between.go_on.0.lock().unwrap() = true;
    between.go_on.1.notify_all();
    a_while().await;
    assert_eq!(WORKED.load(Ordering::SeqCst), 1);
    let has_outcome = records(&at_the_crash).iter().any(|record| {
        let entries = decode(&record.bytes).unwrap();
        entries.iter().any(|entry| matches!(entry.event, Event::AttemptSucceeded { .. }))
    });
    let again =
        Durable::builder(at_the_crash).workflow::<Both, Desk>(Arc::clone(&desk)).open().unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let runs = 1 + usize::from(!has_outcome);
    assert_eq!(WORKED.load(Ordering::SeqCst), runs, "what is in the store runs again");
    drop(again);
}

workflow! {
    pub(super) Sleepy(&Desk, i64) -> i64;
    Wait: Wait { seconds: 3600, end }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_execution_that_cannot_be_read_does_not_spin() {
    let (desk, store) = (Arc::new(Desk::default()), Unreadable::default());
    let late = Arc::new(std::sync::atomic::AtomicU64::new(0));
    let clock = {
        let late = Arc::clone(&late);
        let beginning = std::time::Instant::now();
        move || {
            let start: Timestamp = "2026-03-14T00:00:00Z".parse().unwrap();
            let late = Duration::from_secs(late.load(Ordering::SeqCst));
            start.saturating_add(beginning.elapsed() + late).unwrap()
        }
    };
    let durable = Durable::builder(store.clone())
        .clock(clock)
        .park_after(Duration::from_millis(20))
        .workflow::<Sleepy, Desk>(Arc::clone(&desk))
        .open()
        .unwrap();
    durable.start::<Sleepy>("one", &1).await.unwrap();
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert!(durable.engine().executions().live.is_empty());
    store.is_unreadable.store(true, Ordering::SeqCst);
    late.store(4000, Ordering::SeqCst);
    // Wakes the loop.
    durable.engine().parked.notify_one();
    let before = store.reads.load(Ordering::SeqCst);
    tokio::time::sleep(Duration::from_secs(1)).await;
    let reads = store.reads.load(Ordering::SeqCst) - before;
    assert!(reads < 100, "{reads} reads in a second");
}

workflow! {
    Impatient(&Desk, i64) -> i64;
    timeout: 1h;
    Wait: Wait { seconds: 7200, end }
}

#[tokio::test(start_paused = true)]
async fn a_timeout_that_passed_while_the_engine_was_away_is_one() {
    let (desk, store, time) = (Arc::new(Desk::default()), Memory::default(), clock());
    let open = || {
        Durable::builder(store.clone())
            .clock(time.clone())
            .workflow::<Impatient, Desk>(Arc::clone(&desk))
            .open()
            .unwrap()
    };
    let durable = open();
    durable.start::<Impatient>("one", &1).await.unwrap();
    durable.shut_down(Duration::ZERO).await;
    seconds(3 * 3600).await;
    let durable = open();
    let execution = durable.execution("Impatient:one").await.unwrap();
    let ended = execution.ended().await.unwrap();
    assert_eq!(ended.status, Status::TimedOut);
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_a_parked_execution_after_the_end_is_told() {
    let (desk, store, time) = (Arc::new(Desk::default()), Memory::default(), clock());
    let durable = Durable::builder(store.clone())
        .clock(time.clone())
        .workflow::<Sleepy, Desk>(Arc::clone(&desk))
        .open()
        .unwrap();
    let execution = durable.start::<Sleepy>("one", &1).await.unwrap();
    seconds(100).await;
    durable.shut_down(Duration::ZERO).await;
    assert!(matches!(execution.output::<Sleepy>().await, Err(Error::Store(_))));
}

workflow! {
    Twice(&Desk, i64) -> i64;
    First: Task { call: ask_for($, $$.Task.Token), wait_for_task_token: i64, next: Second }
    Second: Task { call: ask_for($, $$.Task.Token), wait_for_task_token: i64, end }
}

#[tokio::test]
async fn tokens_are_the_same_in_memory_and_in_the_store_after_a_late_one() {
    let (desk, store) = (Arc::new(Desk::default()), Gated::default());
    let open = || {
        Durable::builder(store.store()).workflow::<Twice, Desk>(Arc::clone(&desk)).open().unwrap()
    };
    let durable = open();
    let execution = durable.start::<Twice>("one", &1).await.unwrap();
    a_while().await;
    let first = desk.tokens().remove(0);
    store.let_through(Some(0));
    let stopping = tokio::spawn({
        let execution = execution.clone();
        async move { execution.stop("Enough", "").await }
    });
    a_while().await;
    let sending = tokio::spawn({
        let (durable, first) = (durable.clone(), first.clone());
        async move { durable.send_task_success(&first, &5).await }
    });
    a_while().await;
    store.let_through(Some(1));
    stopping.await.unwrap().unwrap();
    store.let_through(None);
    let late = sending.await.unwrap();
    execution.redrive().await.unwrap();
    a_while().await;
    let again = durable.send_task_success(&first, &6).await;
    assert_eq!(late.is_ok(), again.is_err(), "it is taken once");
    a_while().await;
    let second = desk.tokens().pop().unwrap();
    assert_ne!(first, second);
    durable.shut_down(Duration::ZERO).await;
    let durable = open();
    a_while().await;
    let sent = durable.send_task_success(&second, &7).await;
    assert!(sent.is_ok(), "the token of the second state is not taken: {sent:?}");
}

#[tokio::test(start_paused = true)]
async fn what_is_not_registered_stays_in_the_store() {
    let (desk, time) = (Arc::new(Desk::default()), clock());
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    let durable = Durable::builder(Log::open(path).unwrap())
        .clock(time.clone())
        .workflow::<Sleepy, Desk>(Arc::clone(&desk))
        .open()
        .unwrap();
    for number in 0..50 {
        durable.start::<Sleepy>(&format!("n{number}"), &1).await.unwrap();
    }
    seconds(100).await;
    durable.shut_down(Duration::ZERO).await;
    drop(durable);
    let durable = Durable::builder(Log::open(path).unwrap()).clock(time.clone()).open().unwrap();
    seconds(4000).await;
    let live = durable.engine().executions().live.len();
    assert_eq!(live, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_goes_on_after_the_end() {
    for turn in 0..10 {
        let desk = Arc::new(Desk::default());
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path();
        let durable = Durable::builder(Log::open_unsynced(path).unwrap())
            .park_after(Duration::from_millis(1))
            .workflow::<Approval, Desk>(Arc::clone(&desk))
            .open()
            .unwrap();
        for number in 0..40 {
            durable.start::<Approval>(&format!("n{number}"), &1).await.unwrap();
        }
        let tokens = asked(&desk, 40).await;
        tokio::time::sleep(Duration::from_millis(30)).await;
        // Who is asked again and again how far it is brings them back.
        let beats: Vec<_> = tokens
            .chunks(10)
            .map(|tokens| {
                let (durable, tokens) = (durable.clone(), tokens.to_vec());
                tokio::spawn(async move {
                    for token in tokens {
                        let _ = durable.send_task_heartbeat(&token).await;
                    }
                })
            })
            .collect();
        for _ in 0..turn * 3 {
            tokio::task::yield_now().await;
        }
        durable.shut_down(Duration::ZERO).await;
        for beat in beats {
            beat.await.unwrap();
        }
        drop(durable);
        // What is being dropped has a moment for that.
        let mut patience = 100;
        while Log::open_unsynced(path).is_err() && patience > 0 {
            patience -= 1;
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert!(patience > 0, "executions go on after the end, in turn {turn}");
    }
}
