//! The bookstore on DBOS, with Postgres as the store: it has no other.
//!
//! A step takes its number where it is built, so two steps of one branch that are built inside a future would be numbered by who is
//! first. As its documentation asks, the steps that run at once are built before any of them runs: first those that begin the branches,
//! then those that end the two of more than one. So the second steps wait for all of the first.

use std::sync::Arc;

use dbos::{Config, DBOS, RunOptions, WorkflowRef, step};
use order_flow::order::{Handled, Order, Sale};
use order_flow::tasks::{
    Shop, check_further_discount_eligibility, check_inventory, generate_discount_code,
    prepare_order, send_to_shipment, update_loyalty_points, update_reco_engine,
};
use serde::{Deserialize, Serialize};
use workflow_core::LambdaError;

use crate::bookstore::{self, print_book};
use crate::engine::{Engine, Failure};

/// The instance, and its workflow.
pub(crate) struct Dbos {
    dbos: DBOS,
    workflow: WorkflowRef<Order, Handled, TaskError>,
}

impl Dbos {
    /// Makes the tables in a database of Postgres.
    pub(crate) async fn open(database: &str, connections: u32) -> Result<Self, Failure> {
        let dbos = DBOS::new(Config {
            app_version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            max_connections: connections,
            ..Config::new("bookstore", database)
        });
        let shop = Arc::new(bookstore::shop());
        let workflow = dbos.register_workflow("order_flow", move |order| {
            let shop = Arc::clone(&shop);
            async move { order_flow(&shop, order).await }
        })?;
        dbos.launch().await?;
        Ok(Self { dbos, workflow })
    }
}

impl Engine for Dbos {
    async fn handle(&self, name: &str, order: Order) -> Result<Handled, Failure> {
        let options = RunOptions { workflow_id: Some(name), ..RunOptions::default() };
        Ok(self.workflow.run_with(order, options).await?)
    }

    async fn shut_down(self) {
        self.dbos.shutdown().await;
    }
}

/// The error of a task, in a form that can be stored.
#[derive(Debug, Serialize, Deserialize)]
struct TaskError(String);

impl std::fmt::Display for TaskError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TaskError {}

impl From<LambdaError> for TaskError {
    fn from(error: LambdaError) -> Self {
        Self(error.to_string())
    }
}

/// The workflow.
async fn order_flow(shop: &Shop, order: Order) -> dbos::Result<Handled, TaskError> {
    let stock = step("check_inventory", || task(check_inventory(shop, order.clone()))).await?;
    let sale = if stock.item_stock > 0 {
        Sale { total_value: None }
    } else {
        let print = step("print_book", || task(print_book(stock.clone()))).await?;
        Sale { total_value: Some(print.total_value) }
    };
    let (discount, points, prepared, recommendation) = tokio::try_join!(
        step("check_further_discount_eligibility", || {
            task(check_further_discount_eligibility(sale.clone()))
        }),
        step("update_loyalty_points", || task(update_loyalty_points(sale.clone()))),
        step("prepare_order", || task(prepare_order(sale.clone()))),
        step("update_reco_engine", || task(update_reco_engine(sale.clone()))),
    )?;
    let (discount, shipment) = tokio::try_join!(
        step("generate_discount_code", || task(generate_discount_code(discount.clone()))),
        step("send_to_shipment", || task(send_to_shipment(prepared.clone()))),
    )?;
    Ok((discount, points, shipment, recommendation, bookstore::ebook()))
}

/// Runs a task, with its error as a step has it.
async fn task<T>(task: impl Future<Output = Result<T, LambdaError>>) -> dbos::Result<T, TaskError> {
    Ok(task.await.map_err(TaskError::from)?)
}
