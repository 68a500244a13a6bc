// mistakes: 2

use shop::{Order, Receipt};
use workflow_core::{TaskError, task, workflow};

#[derive(Debug, TaskError)]
enum Refusal {
    Late,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("it is late")
    }
}

#[task]
async fn bill(order: Order) -> Result<Receipt, Refusal> {
    if order.express { Err(Refusal::Late) } else { Ok(Receipt { total_value: order.total }) }
}

workflow! {
    Bill(Order) -> Receipt;
    Bill: Task { call: bill($), end }
}

workflow! {
    Billed(Order) -> Order;

    export: asl;

    Function: Task {
        call: bill($),
        catch: { error_equals: [Refusal::Late], result_path: null, next: Execution },
        result_path: $.receipt,
        next: Execution,
    }
    Execution: Task {
        call: Bill($),
        catch: { error_equals: [Refusal::Late], result_path: null, next: Done },
        result_path: $.receipt,
        next: Done,
    }
    Done: Succeed {}
}

fn main() {}
