//! What a listener hears of durable executions, and engines that write down what they are asked and run nothing.

use workflow_core::{Event as Told, History, HistoryEvent, Listener};

use super::callbacks::{Approval, Desk, asked};
use super::*;

/// Writes down what it hears.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<String>>>);

impl Listener for Heard {
    fn on(&self, event: &Told<'_>) {
        let (name, state) = match event {
            Told::ExecutionStarted { .. } => ("started", ""),
            Told::StateEntered { state, .. } => ("entered", state.name),
            Told::TaskScheduled { state, .. } => ("scheduled", state.name),
            Told::TaskSubmitted { state, .. } => ("submitted", state.name),
            Told::TaskSucceeded { state, .. } => ("succeeded", state.name),
            Told::TaskFailed { state, .. } => ("failed", state.name),
            Told::StateExited { state, .. } => ("exited", state.name),
            Told::ExecutionSucceeded { .. } => ("all succeeded", ""),
            Told::ExecutionSuspended { .. } => ("suspended", ""),
            Told::ExecutionAborted { .. } => ("aborted", ""),
            _ => ("else", ""),
        };
        self.0.lock().unwrap().push(format!("{name} {state}").trim().to_owned());
    }
}

impl Heard {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

fn builder(store: &Memory, desk: &Arc<Desk>, heard: &Heard) -> crate::Builder {
    let builder = Durable::builder(store.clone()).clock(clock()).listener(heard.clone());
    builder.workflow::<Approval, Desk>(Arc::clone(desk))
}

#[tokio::test(start_paused = true)]
async fn a_listener_hears_of_what_happens_and_goes_on() {
    let (desk, store, heard) = (Arc::new(Desk::default()), Memory::default(), Heard::default());
    let durable = builder(&store, &desk, &heard).open().unwrap();
    durable.start::<Approval>("one", &1).await.unwrap();
    let token = asked(&desk, 1).await.remove(0);
    tokio::time::sleep(Duration::from_millis(100)).await;
    let waiting = ["started", "entered Ask", "scheduled Ask", "submitted Ask"];
    assert_eq!(heard.take(), waiting);
    durable.shut_down(Duration::ZERO).await;
    assert_eq!(heard.take(), ["suspended"]);

    let durable = builder(&store, &desk, &heard).open().unwrap();
    durable.send_task_success(&token, &5).await.unwrap();
    let execution = durable.execution("Approval:one").await.unwrap();
    execution.output::<Approval>().await.unwrap();
    let rest = [
        "started",
        "entered Ask",
        "scheduled Ask",
        "succeeded Ask",
        "exited Ask",
        "entered Done",
        "exited Done",
        "all succeeded",
    ];
    assert_eq!(heard.take(), rest);

    durable.start::<Approval>("two", &1).await.unwrap();
    asked(&desk, 2).await;
    let execution = durable.execution("Approval:two").await.unwrap();
    execution.stop("Enough", "").await.unwrap();
    assert_eq!(heard.take().last().map(String::as_str), Some("aborted"));
}

#[tokio::test(start_paused = true)]
async fn what_an_idle_engine_is_asked_goes_on_in_one_that_works() {
    let (desk, store, heard) = (Arc::new(Desk::default()), Memory::default(), Heard::default());
    let idle = || builder(&store, &desk, &heard).idle().open().unwrap();
    let durable = idle();
    durable.start_json("Approval", "one", &json!(1)).await.unwrap();
    durable.start::<Approval>("two", &1).await.unwrap();
    let wrong = durable.start_json("Approval", "three", &json!("one")).await;
    assert!(matches!(wrong, Err(Error::InvalidExecutionInput(_))));
    let unknown = durable.start_json("Approvals", "three", &json!(1)).await;
    assert!(matches!(unknown, Err(Error::StateMachineDoesNotExist { .. })));
    let two = durable.execution("Approval:two").await.unwrap();
    two.stop("Enough", "for today").await.unwrap();
    durable.shut_down(Duration::ZERO).await;
    assert!(desk.tokens().is_empty() && heard.take().is_empty());

    let durable = builder(&store, &desk, &heard).open().unwrap();
    let token = asked(&desk, 1).await.remove(0);
    durable.shut_down(Duration::ZERO).await;

    let durable = idle();
    durable.send_task_success(&token, &5).await.unwrap();
    let two = durable.execution("Approval:two").await.unwrap();
    two.redrive().await.unwrap();
    durable.shut_down(Duration::ZERO).await;

    let durable = builder(&store, &desk, &heard).open().unwrap();
    let one = durable.execution("Approval:one").await.unwrap();
    assert_eq!(one.output::<Approval>().await.unwrap(), 6);
    let token = asked(&desk, 2).await.remove(1);
    durable.send_task_success(&token, &6).await.unwrap();
    let two = durable.execution("Approval:two").await.unwrap();
    assert_eq!(two.ended().await.unwrap().output.as_deref(), Some("7"));
}

workflow! {
    Fanned(&Switch, i64) -> Json;
    Keep: Pass { assign: { first: $ }, output: $ + 1, next: Fan }
    Fan: Parallel {
        branches: [
            { One: Task { call: count($), timeout: 1m, end } },
            { Items: Pass { output: [$, $first], next: Each }
              Each: Map { items: $, item_processor: { Item: Pass { output: $ * 2, end } }, end } },
            { Ask: Task { call: ask($), end } },
        ],
        catch: { error_equals: [Trouble::Broken], output: { "first": $first }, next: Caught },
        output: json($),
        end,
    }
    Caught: Succeed {}
}

#[tokio::test(start_paused = true)]
async fn a_listener_hears_of_all_that_a_history_tells() {
    let (switch, heard) = (Arc::new(Switch::default()), Arc::new(History::new()));
    let builder = Durable::builder(Memory::default()).clock(clock()).listener(Arc::clone(&heard));
    let durable = builder.workflow::<Fanned, Switch>(switch).open().unwrap();
    let execution = durable.start::<Fanned>("one", &1).await.unwrap();
    assert_eq!(execution.output::<Fanned>().await.unwrap(), json!({ "first": 1 }));

    // A task is told of when it begins, and noted before that.
    let told = |events: Vec<HistoryEvent>| -> Vec<String> {
        let event = |HistoryEvent { kind, details, .. }| format!("{kind} {details}");
        let mut told: Vec<String> = events.into_iter().map(event).collect();
        told.sort();
        told
    };
    let noted = told(execution.history().await.unwrap());
    assert_eq!(told(heard.events()), noted);
    for kind in ["MapIterationSucceeded", "ParallelStateFailed", "LambdaFunctionFailed"] {
        assert!(noted.iter().any(|event| event.starts_with(kind)), "{kind}: {noted:#?}");
    }
}
