//! States that wait until their task token is sent back: whenever that is, and whatever happens to the process.

use workflow_core::TaskTokenError;

use super::*;

/// Asks people, and waits for what they send back.
#[derive(Default)]
pub(super) struct Desk {
    asked: Mutex<Vec<String>>,
}

impl Desk {
    pub(super) fn tokens(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

#[task]
pub(super) async fn ask_for(desk: &Desk, number: i64, token: String) -> i64 {
    desk.asked.lock().unwrap().push(token);
    number
}

/// Takes its time after it has asked.
#[task]
async fn ask_slowly(desk: &Desk, context: TaskContext, number: i64) -> i64 {
    desk.asked.lock().unwrap().push(context.task_token().unwrap().to_owned());
    tokio::time::sleep(Duration::from_secs(30)).await;
    number
}

workflow! {
    pub(super) Approval(&Desk, i64) -> i64;
    Ask: Task { call: ask_for($, $$.Task.Token), wait_for_task_token: i64, next: Done }
    Done: Pass { output: $ + 1, end }
}

workflow! {
    Slow(&Desk, i64) -> i64;
    Ask: Task { call: ask_slowly($), wait_for_task_token: i64, timeout: 10m, end }
}

workflow! {
    pub(super) Watched(&Desk, i64) -> i64;
    Ask: Task {
        call: ask_for($, $$.Task.Token),
        wait_for_task_token: i64,
        timeout: 10m,
        heartbeat: 1m,
        retry: { error_equals: ["States.HeartbeatTimeout"], interval: 1s, max_attempts: 1 },
        end,
    }
}

workflow! {
    Nested(&Desk, i64) -> Vec<i64>;
    Fan: Parallel {
        branches: [
            { Call: Task { call: Approval($), end } },
            { Each: Map { items: [$], item_processor: {
                Item: Task { call: ask_for($, $$.Task.Token), wait_for_task_token: i64, end }
            }, next: First }
            First: Pass { output: $[0], end } },
        ],
        catch: { error_equals: ["States.ALL"], output: [0, 0], next: Refused },
        output: [$[0], $[1]],
        end,
    }
    Refused: Wait { seconds: 60, end }
}

fn engine(
    store: impl Store,
    desk: &Arc<Desk>,
    clock: impl Fn() -> Timestamp + Send + Sync + 'static,
) -> Durable {
    Durable::builder(store)
        .clock(clock)
        .workflow::<Approval, Desk>(Arc::clone(desk))
        .workflow::<Slow, Desk>(Arc::clone(desk))
        .workflow::<Watched, Desk>(Arc::clone(desk))
        .workflow::<Nested, Desk>(Arc::clone(desk))
        .open()
        .unwrap()
}

/// Waits until so many have been asked.
pub(super) async fn asked(desk: &Desk, count: usize) -> Vec<String> {
    while desk.tokens().len() < count {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    desk.tokens()
}

fn refused(error: TaskTokenError) -> Result<(), Error> {
    Err(Error::TaskToken(error))
}

#[tokio::test(start_paused = true)]
async fn a_token_is_taken_after_a_restart_and_only_once() {
    let (desk, store, time) = (Arc::new(Desk::default()), Memory::default(), clock());
    let durable = engine(store.clone(), &desk, time.clone());
    durable.start::<Approval>("one", &1).await.unwrap();
    let token = asked(&desk, 1).await.remove(0);
    durable.shut_down(Duration::ZERO).await;

    let durable = engine(store.clone(), &desk, time.clone());
    let wrong = durable.send_task_success(&token, &"yes".to_owned()).await;
    assert!(matches!(wrong, Err(Error::TaskToken(TaskTokenError::InvalidOutput(_)))), "{wrong:?}");
    for other in ["", "nonsense", &token[1..]] {
        let unknown = durable.send_task_success(other, &5).await;
        assert_eq!(unknown, refused(TaskTokenError::InvalidToken), "{other}");
    }
    durable.send_task_success(&token, &5).await.unwrap();
    assert_eq!(durable.send_task_success(&token, &6).await, refused(TaskTokenError::TaskTimedOut));
    let execution = durable.execution("Approval:one").await.unwrap();
    assert_eq!(execution.output::<Approval>().await.unwrap(), 6);
    assert_eq!(durable.send_task_success(&token, &6).await, refused(TaskTokenError::TaskTimedOut));
    durable.shut_down(Duration::ZERO).await;
    assert_eq!(desk.tokens().len(), 1, "what has been asked is not asked again");

    let other = engine(Memory::default(), &desk, time);
    other.start::<Approval>("one", &1).await.unwrap();
    let foreign = other.send_task_success(&token, &5).await;
    assert_eq!(foreign, refused(TaskTokenError::InvalidToken));
}

#[tokio::test(start_paused = true)]
async fn what_is_sent_before_the_call_ends_is_kept_through_a_crash() {
    let (desk, store, time) = (Arc::new(Desk::default()), Memory::default(), clock());
    let durable = engine(store.clone(), &desk, time.clone());
    durable.start::<Slow>("one", &1).await.unwrap();
    let token = asked(&desk, 1).await.remove(0);
    durable.send_task_success(&token, &5).await.unwrap();
    durable.shut_down(Duration::ZERO).await;

    let durable = engine(store, &desk, time);
    let execution = durable.execution("Slow:one").await.unwrap();
    assert_eq!(execution.output::<Slow>().await.unwrap(), 5);
    assert_eq!(desk.tokens().len(), 1, "nobody is asked whose answer is there");
}

#[tokio::test(start_paused = true)]
async fn a_call_that_was_cut_off_asks_again_with_the_same_token() {
    let (desk, store, time) = (Arc::new(Desk::default()), Memory::default(), clock());
    let durable = engine(store.clone(), &desk, time.clone());
    durable.start::<Slow>("one", &1).await.unwrap();
    asked(&desk, 1).await;
    durable.shut_down(Duration::ZERO).await;

    let durable = engine(store, &desk, time);
    let tokens = asked(&desk, 2).await;
    assert_eq!(tokens[0], tokens[1]);
    durable.send_task_success(&tokens[0], &5).await.unwrap();
    let execution = durable.execution("Slow:one").await.unwrap();
    assert_eq!(execution.output::<Slow>().await.unwrap(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_timeout_goes_on_through_interruptions() {
    let (desk, store, time) = (Arc::new(Desk::default()), Memory::default(), clock());
    let start = Instant::now();
    let durable = engine(store.clone(), &desk, time.clone());
    durable.start::<Slow>("one", &1).await.unwrap();
    tokio::time::sleep(Duration::from_secs(100)).await;
    durable.shut_down(Duration::ZERO).await;
    tokio::time::sleep(Duration::from_secs(200)).await;

    let durable = engine(store, &desk, time);
    let execution = durable.execution("Slow:one").await.unwrap();
    let error = execution.output::<Slow>().await.unwrap_err();
    assert!(matches!(error, Error::ExecutionFailed(error) if error.error == "States.Timeout"));
    assert_eq!(start.elapsed().as_secs(), 600);
}

#[tokio::test(start_paused = true)]
async fn heartbeats_count_and_another_attempt_has_another_token() {
    let (desk, store, time) = (Arc::new(Desk::default()), Memory::default(), clock());
    let start = Instant::now();
    let durable = engine(store, &desk, time);
    let execution = durable.start::<Watched>("one", &1).await.unwrap();
    let first = asked(&desk, 1).await.remove(0);
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_secs(50)).await;
        durable.send_task_heartbeat(&first).await.unwrap();
    }
    let second = asked(&desk, 2).await.remove(1);
    assert_eq!(start.elapsed().as_secs(), 150 + 60 + 1);
    assert_eq!(durable.send_task_heartbeat(&first).await, refused(TaskTokenError::TaskTimedOut));
    assert_eq!(durable.send_task_success(&first, &1).await, refused(TaskTokenError::TaskTimedOut));
    durable.send_task_failure(&second, "Desk.Closed", "come back").await.unwrap();
    let error = execution.output::<Watched>().await.unwrap_err();
    let Error::ExecutionFailed(error) = error else { panic!("{error}") };
    assert_eq!((&*error.error, &*error.cause), ("Desk.Closed", "come back"));
}

#[tokio::test(start_paused = true)]
async fn branches_items_and_nested_executions_wait_each_with_a_token() {
    let (desk, store, time) = (Arc::new(Desk::default()), Memory::default(), clock());
    let durable = engine(store.clone(), &desk, time.clone());
    durable.start::<Nested>("one", &1).await.unwrap();
    let tokens = asked(&desk, 2).await;
    durable.send_task_success(&tokens[0], &5).await.unwrap();
    durable.shut_down(Duration::ZERO).await;

    let durable = engine(store, &desk, time);
    durable.send_task_success(&tokens[1], &5).await.unwrap();
    let execution = durable.execution("Nested:one").await.unwrap();
    assert_eq!(execution.output::<Nested>().await.unwrap(), [6, 5]);
    assert_eq!(desk.tokens().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_branch_that_was_cancelled_waits_no_more() {
    let (desk, store, time) = (Arc::new(Desk::default()), Memory::default(), clock());
    let durable = engine(store, &desk, time);
    let execution = durable.start::<Nested>("one", &1).await.unwrap();
    let tokens = asked(&desk, 2).await;
    durable.send_task_failure(&tokens[0], "Desk.Closed", "").await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let late = durable.send_task_success(&tokens[1], &7).await;
    assert_eq!(late, refused(TaskTokenError::TaskTimedOut));
    assert_eq!(execution.output::<Nested>().await.unwrap(), [0, 0]);
}

#[tokio::test(start_paused = true)]
async fn a_history_tells_of_the_call_and_of_what_was_sent() {
    let (desk, store, time) = (Arc::new(Desk::default()), Memory::default(), clock());
    let durable = engine(store, &desk, time);
    let execution = durable.start::<Approval>("one", &1).await.unwrap();
    let token = asked(&desk, 1).await.remove(0);
    durable.send_task_success(&token, &5).await.unwrap();
    execution.output::<Approval>().await.unwrap();
    let history = execution.history().await.unwrap();
    let first = execution.history_page(0, 7).await.unwrap();
    assert_eq!((&first.events[..], first.next), (&history[..7], Some(7)));
    let second = execution.history_page(7, 7).await.unwrap();
    assert_eq!((&second.events[..], second.next), (&history[7..], None));
    let kinds: Vec<&str> = history.iter().map(|event| &*event.kind).collect();
    let waited = [
        "ExecutionStarted",
        "TaskStateEntered",
        "TaskScheduled",
        "TaskStarted",
        "TaskSubmitted",
        "TaskSucceeded",
        "TaskStateExited",
        "PassStateEntered",
        "PassStateExited",
        "ExecutionSucceeded",
    ];
    assert_eq!(kinds, waited);
    assert_eq!(history[2].details["parameters"]["token"], token);
    assert_eq!(history[4].details["output"]["Payload"], 1);
    assert_eq!(history[5].details["output"], 5);
    assert_eq!(history[5].details["resource"], "invoke.waitForTaskToken");
}

#[tokio::test(start_paused = true)]
async fn a_crash_at_any_write_loses_no_token_that_was_taken() {
    let mut crashes = 0;
    for until in 0.. {
        let (desk, time, kept) = (Arc::new(Desk::default()), clock(), Memory::default());
        let writes = Arc::new(AtomicUsize::new(0));
        let failing = stores::failing(&kept, &writes, until, 0);
        let durable = engine(failing, &desk, time.clone());
        let sent = async {
            durable.start::<Approval>("one", &1).await.ok()?;
            let token = asked(&desk, 1).await.remove(0);
            durable.send_task_success(&token, &5).await.ok()
        };
        // Where the crash keeps anybody from being asked, nobody is waited for.
        let sent = tokio::time::timeout(Duration::from_secs(10), sent).await.ok().flatten();
        tokio::time::sleep(Duration::from_secs(1)).await;
        durable.shut_down(Duration::ZERO).await;

        let durable = engine(kept, &desk, time);
        let execution = match durable.execution("Approval:one").await {
            Ok(execution) => execution,
            Err(_) => durable.start::<Approval>("one", &1).await.unwrap(),
        };
        if sent.is_none() {
            crashes += 1;
            let token = asked(&desk, 1).await.pop().unwrap();
            // It may be there although nobody was told.
            let _ = durable.send_task_success(&token, &5).await;
        }
        assert_eq!(execution.output::<Approval>().await.unwrap(), 6, "cut off at write {until}");
        if writes.load(Ordering::Relaxed) <= until {
            break;
        }
    }
    // The start is written before it is told, and what is sent after that. What is written between may share a record with either, on a
    // busy machine more than on an idle one.
    assert!(crashes >= 2, "{crashes} crashes");
}
