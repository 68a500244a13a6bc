//! Executions that several start at once.

use super::*;

workflow! {
    Counted(&Switch, i64) -> i64;
    Count: Task { call: count($), end }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_those_who_start_one_name_at_once_one_begins_it() {
    const NAMES: usize = 200;
    let switch = Arc::new(Switch::default());
    let builder = Durable::builder(Memory::default());
    let durable = builder.workflow::<Counted, Switch>(Arc::clone(&switch)).open().unwrap();
    for name in 0..NAMES {
        let start = || {
            let durable = durable.clone();
            tokio::spawn(async move { durable.start::<Counted>(&name.to_string(), &1).await })
        };
        let starts: Vec<_> = (0..8).map(|_| start()).collect();
        for started in starts {
            // Whoever comes when it has ended is too late.
            let started = started.await.unwrap();
            assert!(matches!(started, Ok(_) | Err(Error::ExecutionAlreadyExists { .. })));
        }
        let execution = durable.execution(&format!("Counted:{name}")).await.unwrap();
        execution.output::<Counted>().await.unwrap();
    }
    assert_eq!(switch.runs.load(Ordering::Relaxed), NAMES);
    assert_eq!(durable.list(&List::default()).await.unwrap().executions.len(), 100);
}
