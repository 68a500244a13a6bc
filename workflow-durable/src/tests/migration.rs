//! Executions that were stored under another definition of their workflow.

use super::callbacks::{Desk, asked};
use super::*;
use crate::Builder;

mod first {
    use super::super::callbacks::{Desk, ask_for};
    use workflow_core::workflow;

    workflow! {
        pub(super) Flow(&Desk, i64) -> i64;
        Keep: Pass { assign: { kept: $ }, next: Sleep }
        Sleep: Wait { seconds: 3600, next: Add }
        Add: Pass { output: $ + $kept, end }
    }

    workflow! {
        pub(super) Fan(&Desk, i64) -> Vec<i64>;
        Each: Map { items: [$, 2], item_processor: { Item: Wait { seconds: 3600, end } }, end }
    }

    workflow! {
        pub(super) Asks(&Desk, i64) -> i64;
        Ask: Task { call: ask_for($, $$.Task.Token), wait_for_task_token: i64, end }
    }
}

/// More happens after the wait.
mod longer {
    use super::super::callbacks::Desk;
    use workflow_core::workflow;

    workflow! {
        pub(super) Flow(&Desk, i64) -> i64;
        Keep: Pass { assign: { kept: $ }, next: Sleep }
        Sleep: Wait { seconds: 60, next: Double }
        Double: Pass { output: $ * 2, next: Add }
        Add: Pass { output: $ + $kept, end }
    }
}

/// The state of the wait has another name, and the variable another type.
mod renamed {
    use super::super::callbacks::Desk;
    use workflow_core::workflow;

    workflow! {
        pub(super) Flow(&Desk, i64) -> String;
        Keep: Pass { assign: { kept: "new" }, next: Rest }
        Rest: Wait { seconds: 60, next: Tell }
        Tell: Pass { output: format("{} {}", $, $kept), end }
    }
}

/// The state is of another kind, its input of another type, and the Map has another item.
mod other {
    use super::super::callbacks::{Desk, ask_for};
    use workflow_core::workflow;

    workflow! {
        pub(super) Flow(&Desk, i64) -> i64;
        Keep: Pass { assign: { kept: $ }, next: Sleep }
        Sleep: Pass { next: Add }
        Add: Pass { output: $ + $kept, end }
    }

    workflow! {
        pub(super) Fan(&Desk, i64) -> Vec<i64>;
        Each: Map { items: [$, 2, 3], item_processor: { Item: Wait { seconds: 3600, end } }, end }
    }

    workflow! {
        pub(super) Asks(&Desk, String) -> i64;
        Ask: Task { call: ask_for(1, $$.Task.Token), wait_for_task_token: i64, end }
    }
}

type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

fn builder(store: &Memory, clock: &Clock) -> Builder {
    let clock = Arc::clone(clock);
    Durable::builder(store.clone()).clock(move || clock())
}

/// A store in which executions wait that were started under the first definitions.
async fn stored(desk: &Arc<Desk>) -> (Memory, Clock) {
    let (store, clock): (_, Clock) = (Memory::default(), Arc::new(clock()));
    let durable = builder(&store, &clock)
        .workflow::<first::Flow, Desk>(Arc::clone(desk))
        .workflow::<first::Fan, Desk>(Arc::clone(desk))
        .workflow::<first::Asks, Desk>(Arc::clone(desk))
        .open()
        .unwrap();
    durable.start::<first::Flow>("one", &5).await.unwrap();
    durable.start::<first::Fan>("one", &5).await.unwrap();
    durable.start::<first::Asks>("one", &5).await.unwrap();
    asked(desk, 1).await;
    durable.shut_down(Duration::ZERO).await;
    (store, clock)
}

/// Why an execution does not go on.
async fn misfit(durable: &Durable, id: &str) -> String {
    let execution = durable.execution(id).await.unwrap();
    let Err(Error::WorkflowChanged(why)) = execution.ended().await else {
        panic!("{id} goes on");
    };
    let description = execution.describe().await.unwrap();
    assert_eq!((description.status, &description.misfit), (Status::Running, &Some(why.clone())));
    why
}

#[tokio::test(start_paused = true)]
async fn what_fits_goes_on_where_it_was() {
    let desk = Arc::new(Desk::default());
    let start = Instant::now();
    let (store, clock) = stored(&desk).await;
    let durable = builder(&store, &clock).workflow::<longer::Flow, Desk>(desk).open().unwrap();
    let execution = durable.execution("Flow:one").await.unwrap();
    assert_eq!(execution.output::<longer::Flow>().await.unwrap(), 15);
    assert_eq!(start.elapsed().as_secs(), 3600, "the wait that has begun is the old one");
}

#[tokio::test(start_paused = true)]
async fn what_does_not_fit_stays_as_it_is() {
    let desk = Arc::new(Desk::default());
    let (store, clock) = stored(&desk).await;
    let before = records(&store);
    let durable = builder(&store, &clock)
        .workflow::<other::Flow, Desk>(Arc::clone(&desk))
        .workflow::<other::Fan, Desk>(Arc::clone(&desk))
        .workflow::<other::Asks, Desk>(Arc::clone(&desk))
        .open()
        .unwrap();
    tokio::time::sleep(Duration::from_secs(10_000)).await;
    let why = misfit(&durable, "Flow:one").await;
    assert_eq!(why, "state `Sleep` was a Wait state, and is a Pass state");
    let why = misfit(&durable, "Fan:one").await;
    assert_eq!(why, "state `Each` began 2 branches or items, and has 3 now");
    assert_eq!(records(&store), before, "nothing is written");
    // What is sent back is kept, though nobody can take it yet.
    durable.send_task_success(&desk.tokens()[0], &7).await.unwrap();
    let why = misfit(&durable, "Asks:one").await;
    let expected = "the input of the execution does not fit any more: invalid type: integer `5`";
    assert!(why.starts_with(expected), "{why}");
    durable.shut_down(Duration::ZERO).await;

    let durable = builder(&store, &clock)
        .workflow::<first::Flow, Desk>(Arc::clone(&desk))
        .workflow::<first::Fan, Desk>(Arc::clone(&desk))
        .workflow::<first::Asks, Desk>(Arc::clone(&desk))
        .open()
        .unwrap();
    for (id, output) in [("Flow:one", "10"), ("Fan:one", "[5,2]"), ("Asks:one", "7")] {
        let ended = durable.execution(id).await.unwrap().ended().await.unwrap();
        assert_eq!(ended.output.as_deref(), Some(output));
    }
}

#[tokio::test(start_paused = true)]
async fn what_does_not_fit_can_be_stopped() {
    let desk = Arc::new(Desk::default());
    let (store, clock) = stored(&desk).await;
    let durable = builder(&store, &clock).workflow::<renamed::Flow, Desk>(desk).open().unwrap();
    tokio::time::sleep(Duration::from_secs(10_000)).await;
    let why = misfit(&durable, "Flow:one").await;
    assert_eq!(why, "there is no state `Sleep` any more, only `Keep`, `Rest`, `Tell`");
    let execution = durable.execution("Flow:one").await.unwrap();
    let stopped = execution.stop("Outdated", "").await.unwrap();
    assert_eq!((stopped.status, stopped.misfit), (Status::Aborted, None));
}

#[tokio::test(start_paused = true)]
async fn a_migration_makes_it_fit() {
    let desk = Arc::new(Desk::default());
    let start = Instant::now();
    let (store, clock) = stored(&desk).await;
    let durable = builder(&store, &clock)
        .workflow::<renamed::Flow, Desk>(desk)
        .migration::<renamed::Flow>(|checkpoint| {
            assert_eq!(checkpoint.state.as_deref(), Some("Sleep"));
            let kept = checkpoint.variables["variable_kept"].take();
            checkpoint.state = Some("Rest".to_owned());
            checkpoint.variables["variable_kept"] = kept.to_string().into();
        })
        .open()
        .unwrap();
    let execution = durable.execution("Flow:one").await.unwrap();
    assert_eq!(execution.output::<renamed::Flow>().await.unwrap(), "5 5");
    assert_eq!(start.elapsed().as_secs(), 60, "the state is entered anew, and waits");
    let names: Vec<_> = execution.history().await.unwrap();
    assert!(names.iter().any(|event| event.details["name"] == "Rest"));
}
