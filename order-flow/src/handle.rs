//! Handles an order: one execution, its trace, and its result.

use std::error::Error;
use std::io::Write;

use order_flow::order::Order;
use order_flow::tasks::Shop;
use workflow_cli::Failure;
use workflow_core::{ExecutionError, InProcess, Listener, Needs, TaskTokens, Workflow};

use crate::input::execution_name;

/// Runs a workflow on an order, in a shop that prints at once, and writes the result as a line of JSON.
pub(crate) async fn handle<W>(
    order: Order,
    trace: Option<&impl Listener>,
    mut output: impl Write,
) -> Result<(), Failure>
where
    W: Workflow<Input = Order, Resources = Needs<Shop>>,
{
    let tokens = TaskTokens::default();
    let shop = Shop::printing_at_once(tokens.clone());
    let engine = InProcess::new(&shop).task_tokens(tokens);
    let engine = match execution_name(&order) {
        Some(name) => engine.name(name),
        None => engine,
    };
    let handled = match trace {
        Some(trace) => engine.listener(trace).run::<W>(order).await,
        None => engine.run::<W>(order).await,
    };
    let handled = handled.map_err(|error| failed(&error))?;
    let handled =
        serde_json::to_string(&handled).map_err(|error| Failure::output(&error.into()))?;
    writeln!(output, "{handled}").map_err(|error| Failure::output(&error))
}

/// Says which execution failed, where and why.
fn failed(error: &ExecutionError) -> Failure {
    let cause = error.source().map(|cause| format!(": {cause}"));
    Failure::failed(format!("{error}{}", cause.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use order_flow::order::{Handled, Stock};
    use workflow_core::{LambdaError, Trace, task, workflow};

    use super::*;

    #[task]
    async fn look_up(_shop: &Shop, _order: Order) -> Result<Stock, LambdaError> {
        Err(LambdaError::TooManyRequestsException("the warehouse is asleep".to_owned()))
    }

    #[task]
    async fn fulfil(_stock: Stock) -> Result<Handled, LambdaError> {
        unreachable!("the state before it fails")
    }

    workflow! {
        Closed(&Shop, Order) -> Handled;

        LookUp: Task { call: look_up($), next: Fulfil }
        Fulfil: Task { call: fulfil($), end }
    }

    fn order(order_id: &str) -> Order {
        Order { order_id: order_id.to_owned(), book_id: "343222".to_owned() }
    }

    #[tokio::test]
    async fn a_failed_execution_is_named_with_its_state_its_error_and_the_cause() {
        let (trace, mut output) = (Trace::new(Vec::new()), Vec::new());
        let failure = handle::<Closed>(order("125"), Some(&trace), &mut output).await.unwrap_err();
        assert_eq!(
            failure.to_string(),
            "execution order-125 of `Closed` failed in state `LookUp`: Lambda.TooManyRequestsException: \
             the warehouse is asleep"
        );
        assert_eq!(failure.status(), 1);
        assert!(output.is_empty(), "nothing looks like a result");
        let trace = String::from_utf8(trace.into_inner()).unwrap();
        assert!(trace.starts_with("Closed  execution order-125\n"), "{trace}");
        assert!(trace.contains("✗ failed"), "{trace}");
    }
}
