//! Every state is an entry: a machine goes on from a checkpoint that went through JSON, to the same end.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use workflow_core::definition::State;
use workflow_core::{
    Attempt, Data, Engine, Entry, ErrorOutput, Execution, Json, LambdaError, Limits, Machine,
    Resources, Resume, Start, Task, Until, Visit, Workflow, task, workflow,
};

type Failed = Box<ErrorOutput>;

/// An engine that keeps a checkpoint of every state that a machine enters. It does not wait, and knows no limits.
#[derive(Clone)]
struct Checkpoints<'a> {
    execution: &'a Execution,
    /// The states and the variables, of this machine alone.
    kept: Arc<Mutex<Vec<(Json, Json)>>>,
}

/// Runs a machine, then again from each of its checkpoints, which must end alike. So it does with each branch inside.
async fn everywhere<M: Machine, S: Entry<M>>(
    execution: &Execution,
    resources: <M::Resources as Resources>::Ref<'_>,
    variables: M::Variables,
    entry: S,
) -> Result<M::Output, Failed> {
    let engine = || Checkpoints { execution, kept: Arc::default() };
    let first = engine();
    let kept = Arc::clone(&first.kept);
    let output = M::run(first, resources, variables, entry).await?;
    let kept = kept.lock().unwrap().clone();
    for (saved, variables) in kept {
        let state: M::State = serde_json::from_value(saved.clone()).unwrap();
        assert_eq!(serde_json::to_value(&state).unwrap(), saved);
        let variables = serde_json::from_value(variables).unwrap();
        let again = M::run(engine(), resources, variables, Resume::<M>(state)).await?;
        assert_eq!(
            serde_json::to_value(&again).unwrap(),
            serde_json::to_value(&output).unwrap(),
            "from {saved}"
        );
    }
    Ok(output)
}

/// Runs a workflow, and each of its machines again from every checkpoint.
async fn run<W: Workflow>(
    resources: <W::Resources as Resources>::Ref<'_>,
    input: W::Input,
) -> Result<Json, Failed> {
    let execution = Execution::new(W::DEFINITION);
    let variables = W::variables(&execution, &input);
    let output = everywhere::<W, _>(&execution, resources, variables, Start(input)).await?;
    Ok(serde_json::to_value(output).unwrap())
}

impl Engine for Checkpoints<'_> {
    fn execution(&self) -> &Execution {
        self.execution
    }

    fn entered<M: Machine, I: Data>(
        &self,
        state: &'static State,
        input: &I,
        variables: &M::Variables,
    ) {
        let saved = (json!([state.name, input]), serde_json::to_value(variables).unwrap());
        self.kept.lock().unwrap().push(saved);
    }

    fn exited<O: Data>(&self, _: &'static State, _: &O) {}

    fn caught(&self, _: &'static State, _: &ErrorOutput, _: &'static State) {}

    fn attempt<T: Task>(
        &self,
        state: &'static State,
        visit: Visit,
        resources: <T::Resources as Resources>::Ref<'_>,
        input: T::Input,
    ) -> impl Future<Output = Result<T::Output, Failed>> + Send {
        let attempt =
            Attempt { execution: self.execution, state, visit, heartbeat: None, task_token: None };
        T::invoke(self, resources, attempt, input)
    }

    fn attempt_within<T: Task>(
        &self,
        state: &'static State,
        visit: Visit,
        _: Limits,
        resources: <T::Resources as Resources>::Ref<'_>,
        input: T::Input,
    ) -> impl Future<Output = Result<T::Output, Failed>> + Send {
        self.attempt::<T>(state, visit, resources, input)
    }

    async fn back_off(&self, _: &'static State, _: Visit, _: &ErrorOutput, _: Duration) {}

    async fn wait(&self, _: &'static State, _: Until) -> Result<(), Failed> {
        Ok(())
    }

    fn branch<M: Machine, S: Entry<M>>(
        &self,
        _: &'static State,
        _: usize,
        resources: <M::Resources as Resources>::Ref<'_>,
        variables: M::Variables,
        entry: S,
    ) -> impl Future<Output = Result<M::Output, Failed>> + Send {
        everywhere::<M, S>(self.execution, resources, variables, entry)
    }

    async fn nested<W: Workflow>(
        &self,
        _: &'static State,
        resources: <W::Resources as Resources>::Ref<'_>,
        input: W::Input,
    ) -> Result<W::Output, Failed> {
        let execution = Execution::new(W::DEFINITION);
        let variables = W::variables(&execution, &input);
        let nested: Pin<Box<dyn Future<Output = Result<W::Output, Failed>> + Send + '_>> =
            Box::pin(everywhere::<W, _>(&execution, resources, variables, Start(input)));
        nested.await
    }
}

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

#[task]
async fn refuse(_n: i64) -> Result<i64, LambdaError> {
    Err(LambdaError::Unknown("no".to_owned()))
}

#[tokio::test]
async fn a_chain_with_a_fork_and_a_join_goes_on_from_every_state() {
    workflow! {
        Flow(i64) -> Json;
        A: Pass { assign: { n: $ }, output: { "n": $ + 1 }, next: Ask }
        Ask: Choice { $.n > 5 => Big, _ => Small }
        Big: Task { call: double($.n), next: Done }
        Small: Task { call: refuse($.n), catch: { error_equals: ["States.ALL"], assign: { n: 0 }, output: -1, next: Done }, next: Done }
        Done: Pass { output: [$, $n], end }
    }
    assert_eq!(run::<Flow>((), 9).await.unwrap(), json!([20, 9]));
    assert_eq!(run::<Flow>((), 1).await.unwrap(), json!([-1, 0]));
}

#[tokio::test]
async fn a_loop_goes_on_from_every_round() {
    workflow! {
        Flow(i64) -> Json;
        Start: Pass { assign: { rounds: $ - $ }, next: Ask }
        Ask: Choice { $ < 40 => Double, _ => Done }
        Double: Task { call: double($), assign: { rounds: $rounds + 1 }, next: Ask }
        Done: Pass { output: [$, $rounds], end }
    }
    assert_eq!(run::<Flow>((), 3).await.unwrap(), json!([48, 4]));
}

#[tokio::test]
async fn branches_and_items_go_on_from_every_state() {
    workflow! {
        Flow(Vec<i64>) -> Json;
        A: Pass { assign: { add: 100 }, next: Fan }
        Fan: Parallel {
            branches: [
                {
                    B: Pass { assign: { own: array_length($) }, next: C }
                    C: Wait { seconds: 60, next: D }
                    D: Pass { output: $own + $add, end }
                },
                {
                    Each: Map {
                        items: $,
                        item_processor: {
                            E: Task { call: double($), next: F }
                            F: Pass { output: [$ + $add, $$.Execution.Input[0]], end }
                        },
                        end,
                    }
                },
            ],
            next: G,
        }
        G: Pass { output: { "all": $, "add": $add }, end }
    }
    assert_eq!(
        run::<Flow>((), vec![1, 2]).await.unwrap(),
        json!({ "all": [102, [[102, 1], [104, 1]]], "add": 100 })
    );
}

#[tokio::test]
async fn a_workflow_that_calls_a_workflow_goes_on_from_every_state_of_both() {
    workflow! {
        Inner(i64) -> i64;
        A: Pass { output: $ + 1, next: B }
        B: Task { call: double($), end }
    }
    workflow! {
        Outer(i64) -> i64;
        C: Pass { next: D }
        D: Task { call: Inner($), next: E }
        E: Pass { output: $ + 1, end }
    }
    assert_eq!(run::<Outer>((), 1).await.unwrap(), json!(5));
}

workflow! {
    /// More states than one stretch holds, with jumps forward and backward over the cuts.
    Long(i64) -> Json;
    S1: Pass { assign: { trace: $ }, next: S2 }
    S2: Pass { output: { "n": $, "sum": 0 }, next: S3 }
    S3: Choice { $.n > 1000 => S27, _ => S4 }
    S4: Pass { output: { "n": $.n, "sum": $.sum + 1 }, next: S5 }
    S5: Pass { next: S6 }
    S6: Pass { next: S7 }
    S7: Task { call: double($.n), output: { "n": $, "sum": $states.input.sum }, next: S8 }
    S8: Pass { next: S9 }
    S9: Choice { $.n == 44 => S20, _ => S10 }
    S10: Pass { next: S11 }
    S11: Pass { next: S12 }
    S12: Pass { next: S13 }
    S13: Pass { assign: { trace: $trace + 1 }, next: S14 }
    S14: Pass { next: S15 }
    S15: Task { call: refuse($.n), catch: { error_equals: ["Lambda.Unknown"], result_path: null, next: S16 }, result_path: $.n, next: S26 }
    S16: Pass { next: S17 }
    S17: Pass { next: S18 }
    S18: Pass { next: S19 }
    S19: Pass { next: S20 }
    S20: Pass { output: { "n": $.n + 1, "sum": $.sum + 10 }, next: S21 }
    S21: Pass { next: S22 }
    S22: Pass { next: S23 }
    S23: Choice { $.n < 100 => S3, _ => S24 }
    S24: Pass { next: S25 }
    S25: Choice { $.n < 130 => S13, _ => S26 }
    S26: Pass { next: S27 }
    S27: Pass { output: { "n": $.n, "sum": $.sum, "trace": $trace }, end }
}

#[tokio::test]
async fn a_long_machine_goes_on_from_every_state_over_its_cuts() {
    // 15, 31, 63, 127, then by ones to 130.
    let all = json!({ "n": 130, "sum": 4 * 11 + 3 * 10, "trace": 7 + 4 + 3 });
    assert_eq!(run::<Long>((), 7).await.unwrap(), all);
    assert_eq!(Long::run(7).await.unwrap(), all);
    // 45 over `S9`, which leaves out the assignment, then 91, 183.
    let over = json!({ "n": 183, "sum": 3 * 11, "trace": 22 + 2 });
    assert_eq!(run::<Long>((), 22).await.unwrap(), over);
    assert_eq!(run::<Long>((), 2000).await.unwrap(), json!({ "n": 2000, "sum": 0, "trace": 2000 }));
}

#[tokio::test]
async fn a_checkpoint_of_a_state_that_is_not_there_is_an_error() {
    type Saved = <Long as Machine>::State;
    let error = serde_json::from_value::<Saved>(json!(["S99", 1])).err().unwrap().to_string();
    assert!(error.contains("S99"), "{error}");
    assert!(serde_json::from_value::<Saved>(json!(["S1", "text"])).is_err());
    assert!(serde_json::from_value::<Saved>(json!(["S1"])).is_err());
}
