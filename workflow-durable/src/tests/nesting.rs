//! Machines inside of machines: an execution needs no more memory and stack for each of them than its states do.

use super::*;

workflow! {
    Deep(&World, i64) -> Json;
    First: Parallel {
        branches: [{
            Second: Parallel {
                branches: [{
                    Third: Parallel {
                        branches: [{
                            Fourth: Map {
                                items: [$, $],
                                item_processor: {
                                    Fifth: Parallel {
                                        branches: [{ Last: Task { call: double($), end } }, { Other: Pass { end } }],
                                        retry: { error_equals: ["States.ALL"], max_attempts: 1 },
                                        end,
                                    }
                                },
                                retry: { error_equals: ["States.ALL"], max_attempts: 1 },
                                end,
                            }
                        }],
                        retry: { error_equals: ["States.ALL"], max_attempts: 1 },
                        end,
                    }
                }],
                retry: { error_equals: ["States.ALL"], max_attempts: 1 },
                end,
            }
        }],
        retry: { error_equals: ["States.ALL"], max_attempts: 1 },
        output: json($),
        end,
    }
}

#[tokio::test(start_paused = true)]
async fn machines_stand_deep_in_each_other() {
    let builder = Durable::builder(Memory::default()).clock(clock());
    let durable = builder.workflow::<Deep, World>(Arc::default()).open().unwrap();
    let execution = durable.start::<Deep>("one", &3).await.unwrap();
    assert_eq!(execution.output::<Deep>().await.unwrap(), json!([[[[[6, 3], [6, 3]]]]]));
}
