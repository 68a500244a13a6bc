//! What of an execution that does not fit its workflow is in the log and in the index, and how it is stopped.

use super::callbacks::Desk;
use super::*;
use crate::Log;

mod before {
    use super::super::callbacks::Desk;
    use super::slowly;
    use workflow_core::workflow;

    workflow! {
        pub(super) Flow(&Desk, i64) -> i64;
        Sleep: Wait { seconds: 3600, end }
    }
    workflow! {
        pub(super) Fan(&Desk, i64) -> Vec<i64>;
        Fan: Parallel {
            branches: [
                { Work: Task { call: slowly($), next: Ask }
                  Ask: Wait { seconds: 60, end } },
                { Sleep: Wait { seconds: 60, end } },
            ],
            output: [$[0], $[1]],
            end,
        }
    }
}

mod after {
    use super::super::callbacks::Desk;
    use super::slowly;
    use workflow_core::workflow;

    workflow! {
        pub(super) Flow(&Desk, i64) -> i64;
        Rest: Wait { seconds: 3600, end }
    }
    workflow! {
        pub(super) Fan(&Desk, i64) -> Vec<i64>;
        Fan: Parallel {
            branches: [
                { Work: Task { call: slowly($), next: Ask }
                  Ask: Wait { seconds: 60, end } },
                { Rest: Wait { seconds: 60, end } },
            ],
            output: [$[0], $[1]],
            end,
        }
    }
}

#[task]
pub(super) async fn slowly(number: i64) -> i64 {
    tokio::time::sleep(Duration::from_secs(30)).await;
    number
}

#[tokio::test(start_paused = true)]
async fn what_does_not_fit_is_stopped_at_once() {
    let (desk, store, time) = (Arc::new(Desk::default()), Memory::default(), clock());
    let durable = Durable::builder(store.clone())
        .clock(time.clone())
        .workflow::<before::Flow, Desk>(Arc::clone(&desk))
        .open()
        .unwrap();
    durable.start::<before::Flow>("one", &1).await.unwrap();
    durable.shut_down(Duration::ZERO).await;
    let durable = Durable::builder(store)
        .clock(time)
        .workflow::<after::Flow, Desk>(Arc::clone(&desk))
        .open()
        .unwrap();
    let execution = durable.execution("Flow:one").await.unwrap();
    assert_eq!(execution.stop("Outdated", "").await.unwrap().status, Status::Aborted);
}

#[tokio::test(start_paused = true)]
async fn a_misfit_leaves_no_record_that_the_index_lacks() {
    let (desk, time) = (Arc::new(Desk::default()), clock());
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    let durable = Durable::builder(Log::open(path).unwrap())
        .clock(time.clone())
        .workflow::<before::Fan, Desk>(Arc::clone(&desk))
        .open()
        .unwrap();
    durable.start::<before::Fan>("one", &1).await.unwrap();
    seconds(1).await;
    durable.shut_down(Duration::ZERO).await;
    drop(durable);
    let durable = Durable::builder(Log::open(path).unwrap())
        .clock(time.clone())
        .workflow::<after::Fan, Desk>(Arc::clone(&desk))
        .open()
        .unwrap();
    seconds(1).await;
    let execution = durable.execution("Fan:one").await.unwrap();
    assert!(execution.describe().await.unwrap().misfit.is_some());
    let row = durable.engine().row(&durable.engine().executions(), 1).unwrap().unwrap();
    let positions: Vec<_> = row.positions().collect();
    durable.shut_down(Duration::ZERO).await;
    drop((execution, durable));
    let log = Log::open(path).unwrap();
    let mut written = Vec::new();
    log.scan(None, &mut |position, record| {
        if record.execution == 1 {
            written.push(position);
        }
        Ok(())
    })
    .unwrap();
    assert_eq!(positions, written);
}

mod asks {
    use super::super::callbacks::{Desk, ask_for};
    use super::slowly;
    use workflow_core::workflow;

    workflow! {
        pub(super) Fan(&Desk, i64) -> Vec<i64>;
        Fan: Parallel {
            branches: [
                { Work: Task { call: slowly($), next: Ask }
                  Ask: Task { call: ask_for($, $$.Task.Token), wait_for_task_token: i64, end } },
                { Sleep: Wait { seconds: 60, end } },
            ],
            output: [$[0], $[1]],
            end,
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_outlives_a_misfit_and_a_new_index() {
    let (desk, time) = (Arc::new(Desk::default()), clock());
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    let open = |fits: bool| {
        let builder = Durable::builder(Log::open(path).unwrap()).clock(time.clone());
        let builder = match fits {
            true => builder.workflow::<asks::Fan, Desk>(Arc::clone(&desk)),
            false => builder.workflow::<after::Fan, Desk>(Arc::clone(&desk)),
        };
        builder.open().unwrap()
    };
    let durable = open(true);
    durable.start::<asks::Fan>("one", &1).await.unwrap();
    seconds(1).await;
    durable.shut_down(Duration::ZERO).await;
    drop(durable);
    let durable = open(false);
    seconds(1).await;
    durable.shut_down(Duration::ZERO).await;
    drop(durable);
    let durable = open(true);
    seconds(100).await;
    let token = desk.tokens().remove(0);
    durable.shut_down(Duration::ZERO).await;
    drop(durable);
    std::fs::remove_file(path.join("index.redb")).unwrap();
    let durable = open(true);
    seconds(1).await;
    let sent = durable.send_task_success(&token, &7).await;
    assert_eq!(sent, Ok(()));
}
