//! Whole traces of executions, on a clock that stands still until it is told.

use std::time::Duration;

use serde_json::json;

use super::Trace;
use crate::data::Json;
use crate::definition::{Definition, Kind, State};
use crate::engine::Limits;
use crate::error::ErrorOutput;
use crate::event::{Branch, Event, Payload, Scope};
use crate::execution::Execution;
use crate::graph::order_flow::ORDER_FLOW;
use crate::listener::{Listener, Telling, Tells};
use crate::task::Visit;

const OUTSIDE: Scope<'static> = Scope(None);
const FIRST: Visit = Visit::first(0);
const SECOND: Visit = Visit::first(0).with_retry_count(1);

/// An execution that does as it is told.
struct Told {
    execution: Execution,
    trace: Trace<Vec<u8>>,
}

impl Told {
    fn new(definition: &'static Definition) -> Self {
        let told = Self {
            execution: Execution::named(definition, "test".to_owned()),
            trace: Trace::new(Vec::new()).width(130),
        };
        told.start();
        told
    }

    fn start(&self) {
        self.trace.on(&Event::ExecutionStarted {
            execution: &self.execution,
            parent: None,
            input: Payload::new(&json!(null)),
        });
    }

    fn enter(&self, scope: Scope<'_>, state: &'static State, input: &Json) {
        self.trace.on(&Event::StateEntered {
            execution: &self.execution,
            scope,
            state,
            input: Payload::new(input),
        });
    }

    fn exit(&self, scope: Scope<'_>, state: &'static State, output: &Json) {
        self.trace.on(&Event::StateExited {
            execution: &self.execution,
            scope,
            state,
            output: Payload::new(output),
        });
    }

    fn schedule(&self, scope: Scope<'_>, state: &'static State, visit: Visit) {
        self.trace.on(&Event::TaskScheduled {
            execution: &self.execution,
            scope,
            state,
            visit,
            input: Payload::new(&json!(null)),
            limits: Limits::default(),
        });
    }

    fn fail(&self, scope: Scope<'_>, state: &'static State, error: &ErrorOutput) {
        let execution = &self.execution;
        self.trace.on(&Event::TaskFailed { execution, scope, state, visit: FIRST, error });
    }

    fn caught(
        &self,
        scope: Scope<'_>,
        state: &'static State,
        error: &ErrorOutput,
        next: &'static State,
    ) {
        let execution = &self.execution;
        self.trace.on(&Event::ErrorCaught { execution, scope, state, error, next });
    }

    fn succeed(self, output: &Json) -> String {
        self.trace.on(&Event::ExecutionSucceeded {
            execution: &self.execution,
            output: Payload::new(output),
        });
        text(self.trace)
    }

    fn end_with(self, error: &ErrorOutput) -> String {
        self.trace.on(&Event::ExecutionFailed { execution: &self.execution, error });
        text(self.trace)
    }
}

fn branch(outer: &'static State, index: usize) -> Option<Branch> {
    let execution = Execution::new(&ORDER_FLOW);
    <Telling<Trace<Vec<u8>>> as Tells>::inner(&None, &execution, outer, index)
}

fn text(trace: Trace<Vec<u8>>) -> String {
    String::from_utf8(trace.into_inner()).unwrap()
}

fn state(name: &str) -> &'static State {
    ORDER_FLOW.machine.states.iter().find(|state| state.name == name).unwrap()
}

fn inside(outer: &'static State, branch: usize, position: usize) -> &'static State {
    match &outer.kind {
        Kind::Parallel(parallel) => &parallel.branches[branch].states[position],
        Kind::Map(map) => &map.item_processor.states[position],
        _ => panic!("{} has no branches", outer.name),
    }
}

async fn pass(millis: u64) {
    tokio::time::advance(Duration::from_millis(millis)).await;
}

#[tokio::test(start_paused = true)]
async fn an_execution_that_succeeds_is_a_line_for_each_state() {
    let told = Told::new(&ORDER_FLOW);
    let (order, stock) = (json!({"orderId": "123", "bookId": "343222"}), json!({"ItemStock": 20}));
    told.enter(OUTSIDE, state("Order Handling"), &order);
    told.exit(OUTSIDE, state("Order Handling"), &order);
    told.enter(OUTSIDE, state("CheckInventory"), &order);
    told.schedule(OUTSIDE, state("CheckInventory"), FIRST);
    pass(3).await;
    let busy = ErrorOutput::new("Lambda.ServiceException", "the service is busy");
    told.fail(OUTSIDE, state("CheckInventory"), &busy);
    let delay = Duration::from_secs(2);
    told.trace.on(&Event::RetryScheduled {
        execution: &told.execution,
        scope: OUTSIDE,
        state: state("CheckInventory"),
        visit: FIRST,
        error: &busy,
        delay,
    });
    pass(2000).await;
    told.schedule(OUTSIDE, state("CheckInventory"), SECOND);
    pass(5).await;
    told.exit(OUTSIDE, state("CheckInventory"), &stock);
    told.enter(OUTSIDE, state("InStock"), &stock);
    told.exit(OUTSIDE, state("InStock"), &stock);
    told.enter(OUTSIDE, state("PrintLabels"), &stock);
    let print = inside(state("PrintLabels"), 0, 0);
    let items = [0, 1].map(|index| branch(state("PrintLabels"), index));
    let [first, second] = items.each_ref().map(|item| Scope(item.as_ref()));
    told.enter(first, print, &json!(0));
    told.enter(second, print, &json!(1));
    pass(12).await;
    told.exit(second, print, &json!({"label": 1}));
    told.exit(first, print, &json!({"label": 0}));
    told.exit(OUTSIDE, state("PrintLabels"), &json!([{"label": 0}, {"label": 1}]));
    let lines = r#"
OrderFlow  execution test
  ● Order Handling                       Pass                             0 µs      {"orderId":"123","bookId":"343222"}
  ↻ CheckInventory                       Task check_inventory             3 ms      Lambda.ServiceException: the service is busy · again in 2 s
  ● CheckInventory                       Task check_inventory           2.01 s ×2   {"orderId":"123",…} → {"ItemStock":20}
  ● InStock                              Choice                           0 µs      → PrintLabels
  ┌ PrintLabels                          Map                                        {"ItemStock":20}
  │ [1] ● PrintLabel                     Task print_label                12 ms      1 → {"label":1}
  │ [0] ● PrintLabel                     Task print_label                12 ms      0 → {"label":0}
  └ PrintLabels                          Map                             12 ms      → [{"label":0},{"label":1}]
✓ succeeded in 2.02 s  "shipped"
"#;
    assert_eq!(told.succeed(&json!("shipped")), lines.trim_start_matches('\n'));
}

#[tokio::test(start_paused = true)]
async fn a_branch_that_fails_cancels_the_others_and_a_catcher_goes_on() {
    let told = Told::new(&ORDER_FLOW);
    let fulfil = state("Fulfil");
    told.enter(OUTSIDE, fulfil, &json!({"orderId": "123"}));
    let branches = [0, 2].map(|index| branch(fulfil, index));
    let [first, third] = branches.each_ref().map(|branch| Scope(branch.as_ref()));
    told.enter(first, inside(fulfil, 0, 0), &json!(1));
    told.enter(third, inside(fulfil, 2, 0), &json!(2));
    told.schedule(third, inside(fulfil, 2, 0), FIRST);
    pass(40).await;
    let declined =
        ErrorOutput::new("PaymentError.Declined", "the card is expired").in_state("Charge");
    told.fail(third, inside(fulfil, 2, 0), &declined);
    told.caught(OUTSIDE, fulfil, &declined, state("NotPaid"));
    told.enter(OUTSIDE, state("NotPaid"), &json!({"Error": "PaymentError.Declined"}));
    told.exit(OUTSIDE, state("NotPaid"), &json!(null));
    let lines = r#"
OrderFlow  execution test
  ┌ Fulfil                               Parallel                                   {"orderId":"123"}
  │ 3 ✗ Charge                           Task charge                     40 ms      PaymentError.Declined: the card is expired
  │ 1 ◌ CheckFurtherDiscountEligibility  Task check_discount             40 ms      cancelled
  ✗ Fulfil                               Parallel                        40 ms      PaymentError.Declined: the card is expired → NotPaid
  ● NotPaid                              Task tell_customer               0 µs      {"Error":"PaymentError.Declined"} → null
✓ succeeded in 40 ms  null
"#;
    assert_eq!(told.succeed(&json!(null)), lines.trim_start_matches('\n'));
}

#[tokio::test(start_paused = true)]
async fn an_error_that_nobody_takes_is_told_of_its_state_and_of_the_execution() {
    let told = Told::new(&ORDER_FLOW);
    told.enter(OUTSIDE, state("OutOfPrint"), &json!({"bookId": "343222"}));
    let error = ErrorOutput::new("OrderError.OutOfPrint", "the publisher\nprints it no more")
        .in_state("OutOfPrint");
    let lines = r#"
OrderFlow  execution test
  ✗ OutOfPrint                           Fail                             0 µs      OrderError.OutOfPrint: the publisher prints it no more
✗ failed in 0 µs  OrderError.OutOfPrint: the publisher prints it no more
"#;
    assert_eq!(told.end_with(&error), lines.trim_start_matches('\n'));
}

#[tokio::test(start_paused = true)]
async fn colours_are_escape_sequences_around_the_same_text() {
    let execution = Execution::named(&ORDER_FLOW, "test".to_owned());
    let trace = Trace::new(Vec::new()).colour(true);
    trace.on(&Event::ExecutionStarted {
        execution: &execution,
        parent: None,
        input: Payload::new(&json!(1)),
    });
    trace.on(&Event::ExecutionSucceeded {
        execution: &execution,
        output: Payload::new(&json!(true)),
    });
    assert_eq!(
        text(trace),
        "\u{1b}[1mOrderFlow\u{1b}[0m\u{1b}[2m  execution test\u{1b}[0m\n\
         \u{1b}[32m✓ succeeded\u{1b}[0m\u{1b}[2m in 0 µs  \u{1b}[0mtrue\n"
    );
}

#[tokio::test(start_paused = true)]
async fn a_narrow_trace_leaves_out_the_functions_and_stays_within_its_width() {
    let mut told = Told::new(&ORDER_FLOW);
    told.trace = Trace::new(Vec::new()).width(100);
    told.start();
    let (order, stock) = (json!({"orderId": "123", "bookId": "343222"}), json!({"ItemStock": 20}));
    told.enter(OUTSIDE, state("CheckInventory"), &order);
    told.exit(OUTSIDE, state("CheckInventory"), &stock);
    let text = told.succeed(&stock);
    assert!(text.contains("CheckInventory                       Task          0 µs"), "{text}");
    assert!(text.contains("→ {\"ItemStock\":20}"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
}

#[test]
fn the_name_of_an_execution_is_no_order_to_the_terminal() {
    let execution = Execution::named(&ORDER_FLOW, "a\n\u{1b}[2J".to_owned());
    let trace = Trace::new(Vec::new());
    let input = json!(null);
    trace.on(&Event::ExecutionStarted {
        execution: &execution,
        parent: None,
        input: Payload::new(&input),
    });
    assert_eq!(text(trace), "OrderFlow  execution a  [2J\n");
}
