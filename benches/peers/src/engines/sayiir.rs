//! The bookstore on sayiir, with Postgres as the store.
//!
//! Its one other store is in memory. The runner is the one for a single process that goes on after a crash; it saves a snapshot after
//! each task, the choice and what begins a fork included. A branch of a fork is one task, so where the bookstore has two after each other,
//! both are in one here, and what comes after the first is not durable by itself. What the runner returns is whether an execution has
//! succeeded; its output is read from the store.

use std::sync::Arc;

use order_flow::order::{Handled, Order, Sale, Stock};
use order_flow::tasks::{
    check_further_discount_eligibility, check_inventory, generate_discount_code, prepare_order,
    send_to_shipment, update_loyalty_points, update_reco_engine,
};
use sayiir_core::task::BranchEnvelope;
use sayiir_persistence::SnapshotStore;
use sayiir_postgres::{PoolOptions, PostgresBackend};
use sayiir_runtime::BranchKey;
use sayiir_runtime::prelude::{
    BoxError, CheckpointingRunner, JsonCodec, Workflow, WorkflowBuilder, WorkflowContext,
    WorkflowStatus,
};

use crate::bookstore::{self, print_book};
use crate::engine::{Engine, Failure};

/// The runner, and what it runs.
pub(crate) struct Sayiir {
    runner: CheckpointingRunner<PostgresBackend<JsonCodec>>,
    workflow: Workflow<JsonCodec, Order, ()>,
}

impl Sayiir {
    /// Makes the tables in a database of Postgres.
    pub(crate) async fn open(database: &str, connections: u32) -> Result<Self, Failure> {
        let options = PoolOptions { max_connections: Some(connections), ..PoolOptions::default() };
        let backend = PostgresBackend::connect_with_options(database, options).await?;
        Ok(Self { runner: CheckpointingRunner::new(backend), workflow: workflow()? })
    }
}

impl Engine for Sayiir {
    async fn handle(&self, name: &str, order: Order) -> Result<Handled, Failure> {
        match self.runner.run(&self.workflow, name, order).await? {
            WorkflowStatus::Completed => {}
            status => return Err(format!("{name} has not succeeded: {status:?}").into()),
        }
        let snapshot = self.runner.backend().load_snapshot(name).await?;
        let output = snapshot.state.completed_output().ok_or("there is no output")?;
        Ok(serde_json::from_slice(output)?)
    }

    async fn shut_down(self) {}
}

/// Where the book comes from.
#[derive(BranchKey)]
enum Source {
    Stock,
    Printer,
}

type Sold = BranchEnvelope<Sale>;

fn workflow() -> Result<Workflow<JsonCodec, Order, ()>, Failure> {
    let shop = Arc::new(bookstore::shop());
    let context = WorkflowContext::new("order-flow", Arc::new(JsonCodec), Arc::new(()));
    let workflow = WorkflowBuilder::new(context)
        .then("check_inventory", move |order: Order| {
            let shop = Arc::clone(&shop);
            async move { Ok(check_inventory(&shop, order).await?) }
        })
        .route::<Sale, Source, _, _>(|stock: Stock| async move {
            Ok(if stock.item_stock > 0 { Source::Stock } else { Source::Printer })
        })
        .branch(Source::Stock, |branch| {
            branch.then("from_stock", |_: Stock| async { Ok(Sale { total_value: None }) })
        })
        .branch(Source::Printer, |branch| {
            branch.then("print_book", |stock: Stock| async move {
                Ok(Sale { total_value: Some(print_book(stock).await?.total_value) })
            })
        })
        .done()
        .fork()
        .branch("discount", |sold: Sold| async move {
            let discount = check_further_discount_eligibility(sold.result).await?;
            Ok(generate_discount_code(discount).await?)
        })
        .branch("points", |sold: Sold| async move { Ok(update_loyalty_points(sold.result).await?) })
        .branch("shipment", |sold: Sold| async move {
            Ok(send_to_shipment(prepare_order(sold.result).await?).await?)
        })
        .branch(
            "recommendation",
            |sold: Sold| async move { Ok(update_reco_engine(sold.result).await?) },
        )
        .join("handled", |branches| async move {
            let handled: Handled = (
                branches.get_by_id("discount")?,
                branches.get_by_id("points")?,
                branches.get_by_id("shipment")?,
                branches.get_by_id("recommendation")?,
                bookstore::ebook(),
            );
            Ok::<_, BoxError>(handled)
        })
        .build()?;
    Ok(workflow)
}
