//! How tasks are called, and what they receive of the program.

use serde::{Deserialize, Serialize};
use serde_json::json;
use workflow_core::{Data, Json, LambdaError, Provides, Task, TaskContext, task, workflow};

use crate::support::error_name;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Data)]
struct Order {
    id: u32,
    card: String,
}

#[derive(Debug)]
struct Stock {
    copies: u32,
}

#[derive(Debug)]
struct Mail {
    from: String,
}

#[derive(Debug)]
struct App {
    stock: Stock,
    mail: Mail,
}

impl Provides<Stock> for App {
    fn provide(&self) -> &Stock {
        &self.stock
    }
}

impl Provides<Mail> for App {
    fn provide(&self) -> &Mail {
        &self.mail
    }
}

fn app() -> App {
    App { stock: Stock { copies: 3 }, mail: Mail { from: "shop".to_owned() } }
}

#[task]
async fn nothing() -> u32 {
    1
}

#[task]
async fn one(order: Order) -> u32 {
    order.id
}

#[task]
async fn several(id: u32, card: String, note: Option<String>) -> String {
    format!("{id} {card} {note:?}")
}

#[task]
async fn count(stock: &Stock, more: u32) -> u32 {
    stock.copies + more
}

#[task]
async fn sender(ctx: TaskContext, mail: &Mail, to: String) -> String {
    format!("{} to {to} in {}", mail.from, ctx.state())
}

#[task]
async fn refuse(id: u32) -> Result<u32, LambdaError> {
    Err(LambdaError::Unknown(id.to_string()))
}

#[task]
async fn silent(_id: u32) {}

fn order() -> Order {
    Order { id: 7, card: "c".to_owned() }
}

#[tokio::test]
async fn a_task_without_arguments_ignores_its_input() {
    workflow! {
        Called(Order) -> u32;
        A: Task { call: nothing(), end }
    }
    workflow! {
        Bare(Order) -> u32;
        A: Task { call: nothing, end }
    }
    assert_eq!(Called::run(order()).await.unwrap(), 1);
    assert_eq!(Bare::run(order()).await.unwrap(), 1);
}

#[tokio::test]
async fn one_argument_is_the_value_itself() {
    workflow! {
        Called(Order) -> u32;
        A: Task { call: one($), end }
    }
    workflow! {
        Bare(Order) -> u32;
        A: Task { call: one, end }
    }
    workflow! {
        Template(u32) -> u32;
        A: Task { call: one({ "id": $, "card": "x" }), end }
    }
    workflow! {
        Literal(u32) -> u32;
        A: Task { call: one(Order { id: $ + 1, card: "x" }), end }
    }
    assert_eq!(Called::run(order()).await.unwrap(), 7);
    assert_eq!(Bare::run(order()).await.unwrap(), 7);
    assert_eq!(Template::run(8).await.unwrap(), 8);
    assert_eq!(Literal::run(8).await.unwrap(), 9);
}

#[tokio::test]
async fn several_arguments_are_an_object_of_their_names() {
    workflow! {
        Called(Order) -> String;
        A: Task { call: several($.id, $.card, null), end }
    }
    workflow! {
        Object(Order) -> String;
        A: Task { call: several({ "id": $.id, "card": $.card, "note": "n" }), end }
    }
    workflow! {
        Omitted(Order) -> String;
        A: Task { call: several({ "id": $.id, "card": $.card }), end }
    }
    workflow! {
        Bare(Json) -> String;
        A: Task { call: several, end }
    }
    assert_eq!(Called::run(order()).await.unwrap(), "7 c None");
    assert_eq!(Object::run(order()).await.unwrap(), "7 c Some(\"n\")");
    assert_eq!(Omitted::run(order()).await.unwrap(), "7 c None");
    assert_eq!(Bare::run(json!({ "id": 1, "card": "x" })).await.unwrap(), "1 x None");
    assert_eq!(several::SIGNATURE.arguments, ["id", "card", "note"]);
}

#[tokio::test]
async fn a_task_without_a_result_gives_null() {
    workflow! {
        Flow(Order) -> Json;
        A: Task { call: silent($.id), end }
    }
    workflow! {
        Kept(Order) -> Order;
        A: Task { call: silent($.id), result_path: null, end }
    }
    assert_eq!(Flow::run(order()).await.unwrap(), json!(null));
    assert_eq!(Kept::run(order()).await.unwrap(), order());
}

#[tokio::test]
async fn tasks_receive_the_parts_of_what_the_program_hands_over() {
    workflow! {
        Flow(&App, Order) -> Json;
        A: Task { call: count(2), next: B }
        B: Parallel {
            branches: [
                { C: Task { call: sender("you"), end } },
                { D: Map { items: [1, 2], item_processor: { E: Task { call: count($), end } }, end } },
                { F: Task { call: nothing(), end } },
            ],
            end,
        }
    }
    assert_eq!(Flow::run(&app(), order()).await.unwrap(), json!(["shop to you in C", [4, 5], 1]));
}

#[tokio::test]
async fn a_workflow_hands_a_part_itself() {
    workflow! {
        Flow(&Stock, u32) -> u32;
        A: Task { call: count($), end }
    }
    assert_eq!(Flow::run(&app().stock, 1).await.unwrap(), 4);
}

#[tokio::test]
async fn lambda_invoke_wraps_the_result() {
    workflow! {
        Whole(Order) -> Json;
        A: Task { call: lambda::invoke(one($)), end }
    }
    workflow! {
        Payload(Order) -> u32;
        A: Task { call: lambda::invoke(one($)), output_path: $.Payload, end }
    }
    workflow! {
        Several(Order) -> String;
        A: Task { call: lambda::invoke(several($.id, $.card, null)), result_selector: $.Payload, end }
    }
    assert_eq!(
        Whole::run(order()).await.unwrap(),
        json!({
            "ExecutedVersion": "$LATEST",
            "Payload": 7,
            "SdkHttpMetadata": { "HttpStatusCode": 200 },
            "StatusCode": 200,
        })
    );
    assert_eq!(Payload::run(order()).await.unwrap(), 7);
    assert_eq!(Several::run(order()).await.unwrap(), "7 c None");
}

#[tokio::test]
async fn lambda_invoke_raises_the_errors_of_the_function_and_of_the_service() {
    workflow! {
        Flow(u32) -> Json;
        A: Task {
            call: lambda::invoke(refuse($)),
            catch: { error_equals: [LambdaError::Unknown, "Lambda.TooManyRequestsException"], output: $.Cause, next: B },
            output: $.Payload,
            next: C,
        }
        B: Pass { output: { "caught": $ }, end }
        C: Pass { output: { "ok": $ }, end }
    }
    workflow! {
        Uncaught(u32) -> u32;
        A: Task { call: lambda::invoke(refuse($)), output_path: $.Payload, end }
    }
    assert_eq!(Flow::run(4).await.unwrap(), json!({ "caught": "4" }));
    assert_eq!(error_name(Uncaught::run(4).await), "Lambda.Unknown");
}

#[tokio::test]
async fn lambda_invoke_reaches_a_bare_function_and_a_workflow() {
    workflow! {
        Bare(Order) -> u32;
        A: Task { call: lambda::invoke(one), output: $.Payload, end }
    }
    workflow! {
        Nested(Order) -> u32;
        A: Task { call: workflow_core::lambda::invoke(Bare($)), output: $.Payload, end }
    }
    assert_eq!(Bare::run(order()).await.unwrap(), 7);
    assert_eq!(Nested::run(order()).await.unwrap(), 7);
}

#[tokio::test]
async fn an_execution_can_be_spawned() {
    workflow! {
        Flow(Order) -> u32;
        A: Task { call: one, end }
    }
    assert_eq!(tokio::spawn(Flow::run(order())).await.unwrap().unwrap(), 7);
}

#[tokio::test]
async fn states_and_variables_may_have_any_name() {
    workflow! {
        Flow(u32) -> Json;
        start_at: "1st";
        Ok: Pass { next: Self }
        Self: Pass { next: type }
        type: Pass { assign: { type: $, self: 1, result: 2, null: 3 }, next: "Été 🚀" }
        "Été 🚀": Pass { output: [$type, $self, $result, $null], end }
        "1st": Pass { next: Ok }
    }
    assert_eq!(Flow::run(7).await.unwrap(), json!([7, 1, 2, 3]));
}

trait Bank: Sync {
    fn fee(&self) -> u32;
}

impl Bank for Stock {
    fn fee(&self) -> u32 {
        self.copies
    }
}

#[task]
async fn fee(bank: &dyn Bank, amount: u32) -> u32 {
    amount + bank.fee()
}

#[tokio::test]
async fn the_program_hands_over_a_trait_object() {
    workflow! {
        Flow(&dyn Bank, u32) -> u32;
        A: Task { call: fee($), end }
    }
    let bank: Box<dyn Bank> = Box::new(Stock { copies: 3 });
    assert_eq!(Flow::run(&*bank, 4).await.unwrap(), 7);
}

trait Post {
    fn stamp(&self) -> u32;
}

impl Post for Mail {
    fn stamp(&self) -> u32 {
        u32::try_from(self.from.len()).unwrap()
    }
}

#[expect(clippy::needless_lifetimes, reason = "a user may write one")]
#[task]
async fn stamp<'a>(post: &'a (dyn Post + Sync), letters: u32) -> u32 {
    post.stamp() * letters
}

#[tokio::test]
async fn a_trait_object_says_that_it_is_shared_and_a_reference_has_a_name() {
    workflow! {
        Flow(&(dyn Post + Sync), u32) -> u32;
        A: Task { call: stamp($), end }
    }
    assert_eq!(Flow::run(&app().mail, 2).await.unwrap(), 8);
}

type Answer<T> = std::result::Result<T, LambdaError>;

#[task]
async fn answer(right: bool) -> Answer<u32> {
    if right { Ok(1) } else { Err(LambdaError::Unknown("wrong".to_owned())) }
}

#[tokio::test]
async fn a_result_may_have_another_name() {
    workflow! {
        Flow(bool) -> u32;
        A: Task { call: answer($), end }
    }
    assert_eq!(Flow::run(true).await.unwrap(), 1);
    assert_eq!(error_name(Flow::run(false).await), "Lambda.Unknown");
}
