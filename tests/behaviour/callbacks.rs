//! States that wait until their task token is sent back.

use std::sync::Mutex;
use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;
use workflow_core::{
    ExecutionError, InProcess, Json, LambdaError, Provides, TaskContext, TaskTokenError,
    TaskTokens, Workflow, task, workflow,
};

/// Who is asked, and the tokens of what they are asked.
#[derive(Default)]
struct Desk {
    asked: Mutex<Vec<String>>,
    tokens: TaskTokens,
}

impl Provides<TaskTokens> for Desk {
    fn provide(&self) -> &TaskTokens {
        &self.tokens
    }
}

impl Desk {
    /// The token of what was asked last.
    fn token(&self) -> String {
        self.asked.lock().unwrap().last().cloned().unwrap()
    }
}

#[task]
async fn ask(desk: &Desk, question: String, token: String) -> Result<String, LambdaError> {
    desk.asked.lock().unwrap().push(token);
    Ok(format!("asked: {question}"))
}

#[task]
async fn ask_by_context(desk: &Desk, context: TaskContext) {
    desk.asked.lock().unwrap().push(context.task_token().unwrap().to_owned());
}

#[task]
async fn ask_and_fail(desk: &Desk, context: TaskContext) -> Result<(), LambdaError> {
    desk.asked.lock().unwrap().push(context.task_token().unwrap().to_owned());
    desk.tokens.send_task_success(context.task_token().unwrap(), &7).unwrap();
    Err(LambdaError::ServiceException("too late".to_owned()))
}

#[task]
async fn plain(context: TaskContext) -> bool {
    context.task_token().is_none()
}

workflow! {
    Permission(&Desk, String) -> bool;
    Ask: Task { call: ask($, $$.Task.Token), wait_for_task_token: bool, end }
}

workflow! {
    Patient(&Desk, ()) -> u32;
    Ask: Task {
        call: ask_by_context(),
        wait_for_task_token: u32,
        timeout: 10m,
        heartbeat: 1m,
        retry: { error_equals: ["States.HeartbeatTimeout"], interval: 1s, max_attempts: 1 },
        catch: { error_equals: ["Desk.Closed", "States.Timeout"], result_path: null, next: Refused },
        end,
    }
    Refused: Pass { output: 0, end }
}

workflow! {
    Hasty(&Desk, ()) -> u32;
    Ask: Task { call: ask_and_fail(), wait_for_task_token: u32, end }
}

workflow! {
    Plain(()) -> bool;
    Call: Task { call: plain(), end }
}

workflow! {
    Definition(&Desk, Json) -> Json;
    asl: {
        "StartAt": "Ask",
        "States": {
            "Ask": {
                "Type": "Task",
                "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
                "Parameters": {
                    "FunctionName": "ask",
                    "Payload": { "question.$": "$.question", "token.$": "$$.Task.Token" }
                },
                "End": true
            }
        }
    }
    resources: { "ask" => ask }
}

/// Runs a workflow, and does something once it waits.
async fn run<W: Workflow<Resources = workflow_core::Needs<Desk>>>(
    desk: &Desk,
    input: W::Input,
    then: impl AsyncFnOnce(),
) -> Result<W::Output, ExecutionError> {
    let engine = InProcess::new(desk).task_tokens(desk.tokens.clone());
    let meanwhile = async {
        while desk.asked.lock().unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
        then().await;
    };
    tokio::join!(engine.run::<W>(input), meanwhile).0
}

#[tokio::test]
async fn a_state_goes_on_with_what_is_sent_back() {
    let desk = Desk::default();
    let permitted = run::<Permission>(&desk, "May I?".to_owned(), async || {
        desk.tokens.send_task_success(&desk.token(), &true).unwrap();
    });
    assert!(permitted.await.unwrap());
}

#[tokio::test]
async fn what_is_sent_back_fails_the_state_too() {
    let desk = Desk::default();
    let refused = run::<Permission>(&desk, "May I?".to_owned(), async || {
        desk.tokens.send_task_failure(&desk.token(), "Desk.Closed", "come back").unwrap();
    });
    let error = refused.await.unwrap_err();
    assert_eq!((error.error(), error.cause()), ("Desk.Closed", "come back"));
    assert_eq!(error.state(), Some("Ask"));
}

#[tokio::test]
async fn a_catcher_takes_what_is_sent_back() {
    let desk = Desk::default();
    let refused = run::<Patient>(&desk, (), async || {
        desk.tokens.send_task_failure(&desk.token(), "Desk.Closed", "").unwrap();
    });
    assert_eq!(refused.await.unwrap(), 0);
}

#[tokio::test]
async fn a_token_is_taken_once_and_only_from_its_engine() {
    let desk = Desk::default();
    let permitted = run::<Permission>(&desk, "May I?".to_owned(), async || {
        let token = desk.token();
        let wrong = desk.tokens.send_task_success(&token, &json!("yes")).unwrap_err();
        assert!(matches!(wrong, TaskTokenError::InvalidOutput(_)), "{wrong}");
        for other in ["", "nonsense", &token[1..], &token.replace(&token[..1], "~")] {
            let unknown = desk.tokens.send_task_success(other, &true);
            assert_eq!(unknown, Err(TaskTokenError::InvalidToken), "{other}");
        }
        let foreign = TaskTokens::default().send_task_success(&token, &true);
        assert_eq!(foreign, Err(TaskTokenError::InvalidToken));
        desk.tokens.send_task_success(&token, &true).unwrap();
        let again = desk.tokens.send_task_success(&token, &true);
        assert_eq!(again, Err(TaskTokenError::TaskTimedOut));
        assert_eq!(desk.tokens.send_task_heartbeat(&token), Err(TaskTokenError::TaskTimedOut));
    });
    assert!(permitted.await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn heartbeats_keep_a_waiting_state_alive_until_its_timeout() {
    let (desk, start) = (Desk::default(), Instant::now());
    let refused = run::<Patient>(&desk, (), async || {
        let token = desk.token();
        while desk.tokens.send_task_heartbeat(&token).is_ok() {
            tokio::time::sleep(Duration::from_secs(45)).await;
        }
    });
    assert_eq!(refused.await.unwrap(), 0);
    assert_eq!(start.elapsed().as_secs(), 600 + 30);
}

#[tokio::test(start_paused = true)]
async fn another_attempt_has_another_token() {
    let desk = Desk::default();
    let answered = run::<Patient>(&desk, (), async || {
        let first = desk.token();
        tokio::time::sleep(Duration::from_secs(70)).await;
        assert_eq!(desk.tokens.send_task_success(&first, &1), Err(TaskTokenError::TaskTimedOut));
        assert_ne!(first, desk.token());
        desk.tokens.send_task_success(&desk.token(), &2).unwrap();
    });
    assert_eq!(answered.await.unwrap(), 2);
}

#[tokio::test]
async fn what_is_sent_back_before_the_call_ends_is_the_outcome() {
    let desk = Desk::default();
    assert_eq!(run::<Hasty>(&desk, (), async || {}).await.unwrap(), 7);
}

#[tokio::test]
async fn a_task_that_waits_for_nothing_has_no_token() {
    assert!(Plain::run(()).await.unwrap());
}

#[tokio::test]
async fn an_engine_without_tokens_says_so() {
    let desk = Desk::default();
    let error = Permission::run(&desk, "May I?".to_owned()).await.unwrap_err();
    assert_eq!(error.error(), "States.Runtime");
    assert!(error.cause().contains("InProcess::task_tokens"), "{}", error.cause());
    assert!(desk.asked.lock().unwrap().is_empty(), "nobody is asked who cannot answer");
}

#[tokio::test]
async fn a_definition_waits_and_comes_back() {
    let desk = Desk::default();
    let answer = run::<Definition>(&desk, json!({ "question": "May I?" }), async || {
        desk.tokens.send_task_success(&desk.token(), &json!({ "yes": 1 })).unwrap();
    });
    assert_eq!(answer.await.unwrap(), json!({ "yes": 1 }));
    let written: Json = serde_json::from_str(&Definition::asl().unwrap()).unwrap();
    let ask = &written["States"]["Ask"];
    assert_eq!(ask["Resource"], "arn:aws:states:::lambda:invoke.waitForTaskToken");
    assert_eq!(ask["Parameters"]["Payload"]["token.$"], "$$.Task.Token");
    assert_eq!(ask["Parameters"]["FunctionName"], "ask");
}

#[test]
fn a_state_that_waits_is_exported_through_lambda() {
    let written: Json = serde_json::from_str(&Permission::asl().unwrap()).unwrap();
    let ask = &written["States"]["Ask"];
    assert_eq!(ask["Resource"], "arn:aws:states:::lambda:invoke.waitForTaskToken");
    let payload = json!({ "question.$": "$", "token.$": "$$.Task.Token" });
    assert_eq!(ask["Parameters"]["Payload"], payload);
}
