//! Executions that have ended for long are forgotten, and the log with them.

use super::callbacks::{Approval, Desk, asked};
use super::*;
use crate::Log;

workflow! {
    Brief(&Desk, String) -> String;
    Say: Pass { end }
}

const DAY: u64 = 86_400;

fn open(directory: &std::path::Path, desk: &Arc<Desk>, clock: &Clock) -> Durable {
    let (log, clock) = (Log::with_segments(directory, 4096, true).unwrap(), Arc::clone(clock));
    Durable::builder(log)
        .clock(move || clock())
        .retention(Duration::from_secs(DAY))
        .workflow::<Brief, Desk>(Arc::clone(desk))
        .workflow::<Approval, Desk>(Arc::clone(desk))
        .open()
        .unwrap()
}

type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

fn segments(directory: &std::path::Path) -> usize {
    let names = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name());
    names.filter(|name| name.to_string_lossy().ends_with(".log")).count()
}

/// Runs so many executions that fill some segments.
async fn fill(durable: &Durable, count: u32) {
    for number in 0..count {
        let said = "x".repeat(400);
        let execution = durable.start::<Brief>(&number.to_string(), &said).await.unwrap();
        execution.output::<Brief>().await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn what_has_ended_for_long_is_forgotten_and_the_log_is_shortened() {
    for is_index_kept in [true, false] {
        let (desk, clock): (_, Clock) = (Arc::new(Desk::default()), Arc::new(clock()));
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path();
        let durable = open(path, &desk, &clock);
        fill(&durable, 50).await;
        let full = segments(path);
        assert!(full > 5, "{full}");
        durable.start::<Approval>("waits", &1).await.unwrap();
        let token = asked(&desk, 1).await.remove(0);
        tokio::time::sleep(Duration::from_secs(DAY / 2)).await;
        assert_eq!(durable.list(&List::default()).await.unwrap().executions.len(), 51);
        tokio::time::sleep(Duration::from_secs(DAY)).await;
        let left = durable.list(&List::default()).await.unwrap().executions;
        assert_eq!(left.iter().map(|left| &*left.name).collect::<Vec<_>>(), ["waits"]);
        assert!(segments(path) < full / 2, "{} of {full} segments are left", segments(path));
        // The names are free again.
        fill(&durable, 3).await;
        durable.shut_down(Duration::ZERO).await;
        drop(durable);

        if !is_index_kept {
            std::fs::remove_file(path.join("index.redb")).unwrap();
        }
        let durable = open(path, &desk, &clock);
        // What comes back with a part of the log that is kept is forgotten again.
        tokio::time::sleep(Duration::from_secs(10)).await;
        assert_eq!(durable.list(&List::default()).await.unwrap().executions.len(), 4);
        let execution = durable.execution("Brief:1").await.unwrap();
        assert_eq!(execution.history().await.unwrap().len(), 4);
        durable.send_task_success(&token, &5).await.unwrap();
        let execution = durable.execution("Approval:waits").await.unwrap();
        assert_eq!(execution.output::<Approval>().await.unwrap(), 6);
        durable.shut_down(Duration::ZERO).await;
    }
}

/// One execution that waits for long does not keep the log of all that come after it: it is moved, with all that it has done.
#[tokio::test(start_paused = true)]
async fn what_waits_for_long_is_moved_and_does_not_keep_the_log() {
    for is_index_kept in [true, false] {
        let (desk, clock): (_, Clock) = (Arc::new(Desk::default()), Arc::new(clock()));
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path();
        let durable = open(path, &desk, &clock);
        let waits = durable.start::<Approval>("waits", &1).await.unwrap();
        let token = asked(&desk, 1).await.remove(0);
        fill(&durable, 50).await;
        let (full, history) = (segments(path), waits.history().await.unwrap());
        assert!(full > 5, "{full}");
        for day in 1..4 {
            tokio::time::sleep(Duration::from_secs(DAY + DAY / 8)).await;
            let left = segments(path);
            assert!(left < full / 2, "{left} of {full} segments are left on day {day}");
            assert_eq!(waits.history().await.unwrap(), history);
            fill(&durable, 50).await;
        }
        durable.shut_down(Duration::ZERO).await;
        drop((durable, waits));

        if !is_index_kept {
            std::fs::remove_file(path.join("index.redb")).unwrap();
        }
        let durable = open(path, &desk, &clock);
        let waits = durable.execution("Approval:waits").await.unwrap();
        assert_eq!(waits.history().await.unwrap(), history);
        durable.send_task_success(&token, &5).await.unwrap();
        assert_eq!(waits.output::<Approval>().await.unwrap(), 6);
        durable.shut_down(Duration::ZERO).await;
    }
}

/// Where the engine comes no further than to write an execution anew, all goes on from what was before.
#[tokio::test(start_paused = true)]
async fn a_move_that_comes_to_nothing_is_forgotten() {
    let (desk, store) = (Arc::new(Desk::default()), Memory::default());
    let open = || {
        let builder = Durable::builder(store.clone()).clock(clock());
        builder.workflow::<Approval, Desk>(Arc::clone(&desk)).open().unwrap()
    };
    let durable = open();
    let waits = durable.start::<Approval>("waits", &1).await.unwrap();
    let token = asked(&desk, 1).await.remove(0);
    tokio::time::sleep(Duration::from_secs(10)).await;
    let engine = durable.engine();
    let bytes = engine.read_whole(1).unwrap().expect("it waits in the store").bytes;
    engine.common.journal.submit(Record { execution: 1, bytes }).await.unwrap();
    durable.send_task_success(&token, &5).await.unwrap();
    assert_eq!(waits.output::<Approval>().await.unwrap(), 6);
    let history = waits.history().await.unwrap();
    durable.shut_down(Duration::ZERO).await;
    drop((durable, waits));

    let waits = open().execution("Approval:waits").await.unwrap();
    assert_eq!(waits.output::<Approval>().await.unwrap(), 6);
    assert_eq!(waits.history().await.unwrap(), history);
}
