//! The workflow of the bookstore.

use workflow_core::workflow;

use crate::order::{Ebook, Handled, Order, Print, Sale};
use crate::tasks::{
    Shop, check_further_discount_eligibility, check_inventory, generate_discount_code,
    order_to_print, prepare_order, send_to_shipment, update_loyalty_points, update_reco_engine,
};

workflow! {
    /// Handles an order for a book, which is printed first when it is out of stock.
    pub OrderFlow(&Shop, Order) -> Handled;

    export: asl;

    retry LAMBDA = {
        error_equals: ["Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException"],
        interval: 2s,
        max_attempts: 6,
        backoff_rate: 2.0,
    };

    "Order Handling": Pass { next: CheckInventory }

    CheckInventory: Task { call: check_inventory($), retry: LAMBDA, next: Choice }

    Choice: Choice {
        $.ItemStock > 0 => Pass,
        _ => OrderPrint,
    }

    /// An order from stock has no value yet.
    Pass: Pass { output: { "TotalValue": null }, next: Parallel }

    /// Waits until somebody has printed the book, and sends the task token back.
    OrderPrint: Task {
        call: order_to_print($, $$.Task.Token),
        wait_for_task_token: Print,
        retry: LAMBDA,
        output: Sale { total_value: $.TotalValue },
        next: Parallel,
    }

    Parallel: Parallel {
        branches: [
            {
                CheckFurtherDiscountEligibility: Task {
                    call: check_further_discount_eligibility($),
                    retry: LAMBDA,
                    next: GenerateDiscountCode,
                }
                GenerateDiscountCode: Task { call: generate_discount_code($), retry: LAMBDA, end }
            },
            { UpdateLoyaltyPoints: Task { call: update_loyalty_points($), retry: LAMBDA, end } },
            {
                PrepareOrder: Task { call: prepare_order($), retry: LAMBDA, next: SendToShipment }
                SendToShipment: Task { call: send_to_shipment($), retry: LAMBDA, end }
            },
            { UpdateRecoEngine: Task { call: update_reco_engine($), retry: LAMBDA, end } },
            { SendFreeEbook: Pass { output: Ebook { ebook: "Tips to Better Life" }, end } },
        ],
        next: "Order Handled",
    }

    "Order Handled": Pass { end }
}
