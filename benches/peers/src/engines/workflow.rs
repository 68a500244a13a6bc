//! The bookstore on `workflow-durable`, with its log as the store.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use order_flow::order::{Ebook, Handled, Order, Sale};
use order_flow::tasks::{
    Shop, check_further_discount_eligibility, check_inventory, generate_discount_code,
    prepare_order, send_to_shipment, update_loyalty_points, update_reco_engine,
};
use workflow_core::workflow;
use workflow_durable::{Durable, Log};

use crate::bookstore::{self, print_book};
use crate::engine::{Engine, Failure};

workflow! {
    /// Handles an order for a book, which is printed first when it is out of stock.
    OrderFlow(&Shop, Order) -> Handled;

    CheckInventory: Task { call: check_inventory($), next: InStock }

    InStock: Choice {
        $.ItemStock > 0 => FromStock,
        _ => PrintBook,
    }

    FromStock: Pass { output: { "TotalValue": null }, next: Parallel }

    PrintBook: Task {
        call: print_book($),
        output: Sale { total_value: $.TotalValue },
        next: Parallel,
    }

    Parallel: Parallel {
        branches: [
            {
                CheckFurtherDiscountEligibility: Task {
                    call: check_further_discount_eligibility($),
                    next: GenerateDiscountCode,
                }
                GenerateDiscountCode: Task { call: generate_discount_code($), end }
            },
            { UpdateLoyaltyPoints: Task { call: update_loyalty_points($), end } },
            {
                PrepareOrder: Task { call: prepare_order($), next: SendToShipment }
                SendToShipment: Task { call: send_to_shipment($), end }
            },
            { UpdateRecoEngine: Task { call: update_reco_engine($), end } },
            { SendFreeEbook: Pass { output: Ebook { ebook: "Tips to Better Life" }, end } },
        ],
        end,
    }
}

/// The engine of this project.
pub(crate) struct Workflow(Durable);

impl Workflow {
    /// Makes a log in a folder.
    pub(crate) fn open(folder: &Path) -> Result<Self, Failure> {
        let builder = Durable::builder(Log::open(folder.join("log"))?);
        Ok(Self(builder.workflow::<OrderFlow, Shop>(Arc::new(bookstore::shop())).open()?))
    }
}

impl Engine for Workflow {
    async fn handle(&self, name: &str, order: Order) -> Result<Handled, Failure> {
        let execution = self.0.start::<OrderFlow>(name, &order).await?;
        Ok(execution.output::<OrderFlow>().await?)
    }

    async fn shut_down(self) {
        self.0.shut_down(Duration::ZERO).await;
    }
}
