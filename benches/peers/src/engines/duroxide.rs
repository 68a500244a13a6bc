//! The bookstore on duroxide, with SQLite or Postgres as the store.
//!
//! An orchestration is replayed whenever an activity of it has ended; activities go through a queue in the store, which workers poll. So
//! does a caller who waits for the output: every 5 ms at first, then up to every 100 ms, which is not a setting.
//!
//! SQLite refuses a transaction that has read and would write while another writes. duroxide tries again some times, and then the whole
//! execution fails. It is started again here, which its time includes, and the output says how many there were.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use duroxide::providers::Provider;
use duroxide::providers::sqlite::SqliteProvider;
use duroxide::runtime::registry::ActivityRegistry;
use duroxide::runtime::{Runtime, RuntimeOptions};
use duroxide::{
    ActivityContext, Client, ClientError, OrchestrationContext, OrchestrationRegistry,
    OrchestrationStatus,
};
use duroxide_pg::PostgresProvider;
use order_flow::order::{Discount, Handled, Order, PreparedOrder, Print, Sale, Stock};
use order_flow::tasks::{
    check_further_discount_eligibility, check_inventory, generate_discount_code, prepare_order,
    send_to_shipment, update_loyalty_points, update_reco_engine,
};

use crate::bookstore::{self, print_book};
use crate::engine::{Engine, Failure};

/// How long a worker that has found nothing waits before it looks again: what duroxide's guide says for stores on the same machine.
const POLL: Duration = Duration::from_millis(10);

/// How long a caller waits for an execution before it is given up.
const PATIENCE: Duration = Duration::from_secs(120);

/// The runtime, and a client of it.
pub(crate) struct Duroxide {
    runtime: Arc<Runtime>,
    client: Client,
    /// How many executions failed through no fault of theirs.
    failed: AtomicU32,
}

impl Duroxide {
    /// Makes a SQLite file in a folder. How it is synced is set by duroxide: its pragmas are no options.
    pub(crate) async fn on_sqlite(folder: &Path, workers: usize) -> Result<Self, Failure> {
        let file = folder.join("duroxide.db");
        let url = format!("sqlite:{}?mode=rwc", file.display());
        Ok(Self::start(Arc::new(SqliteProvider::new(&url, None).await?), workers).await)
    }

    /// Makes the tables in a database of Postgres.
    pub(crate) async fn on_postgres(database: &str, workers: usize) -> Result<Self, Failure> {
        Ok(Self::start(Arc::new(PostgresProvider::new(database).await?), workers).await)
    }

    async fn start(store: Arc<dyn Provider>, workers: usize) -> Self {
        let options = RuntimeOptions {
            dispatcher_min_poll_interval: POLL,
            orchestration_concurrency: workers,
            worker_concurrency: workers,
            ..RuntimeOptions::default()
        };
        let orchestrations =
            OrchestrationRegistry::builder().register_typed("OrderFlow", order_flow).build();
        let runtime =
            Runtime::start_with_options(Arc::clone(&store), activities(), orchestrations, options);
        Self { runtime: runtime.await, client: Client::new(store), failed: AtomicU32::new(0) }
    }
}

impl Engine for Duroxide {
    async fn handle(&self, name: &str, order: Order) -> Result<Handled, Failure> {
        let mut instance = name.to_owned();
        loop {
            match self.run(&instance, &order).await? {
                OrchestrationStatus::Completed { output, .. } => {
                    return Ok(serde_json::from_str(&output)?);
                }
                OrchestrationStatus::Failed { details, .. } if details.is_retryable() => {
                    let failed = self.failed.fetch_add(1, Ordering::Relaxed);
                    instance = format!("{name}-after-failure-{failed}");
                }
                status => return Err(format!("{name} has not succeeded: {status:?}").into()),
            }
        }
    }

    async fn shut_down(self) {
        self.runtime.shutdown(None).await;
        let failed = self.failed.into_inner();
        if failed > 0 {
            println!("{failed} executions failed as duroxide's store was busy, and began again");
        }
    }
}

impl Duroxide {
    /// Runs an instance until it has ended.
    async fn run(&self, instance: &str, order: &Order) -> Result<OrchestrationStatus, ClientError> {
        persistently(async || {
            self.client.start_orchestration_typed(instance, "OrderFlow", order).await
        })
        .await?;
        persistently(async || self.client.wait_for_orchestration(instance, PATIENCE).await).await
    }
}

/// Asks again where the store was busy: SQLite is locked now and then, which a client is told.
async fn persistently<T>(ask: impl AsyncFn() -> Result<T, ClientError>) -> Result<T, ClientError> {
    loop {
        match ask().await {
            Err(ClientError::Provider(error)) if error.is_retryable() => {
                tokio::time::sleep(POLL).await;
            }
            answer => return answer,
        }
    }
}

/// The orchestration.
async fn order_flow(context: OrchestrationContext, order: Order) -> Result<Handled, String> {
    let context = &context;
    let stock: Stock = context.schedule_activity_typed("CheckInventory", &order).await?;
    let sale = if stock.item_stock > 0 {
        Sale { total_value: None }
    } else {
        let print: Print = context.schedule_activity_typed("PrintBook", &stock).await?;
        Sale { total_value: Some(print.total_value) }
    };
    let discount = async {
        let discount: Discount =
            context.schedule_activity_typed("CheckFurtherDiscountEligibility", &sale).await?;
        context.schedule_activity_typed("GenerateDiscountCode", &discount).await
    };
    let points = context.schedule_activity_typed("UpdateLoyaltyPoints", &sale);
    let shipment = async {
        let prepared: PreparedOrder =
            context.schedule_activity_typed("PrepareOrder", &sale).await?;
        context.schedule_activity_typed("SendToShipment", &prepared).await
    };
    let recommendation = context.schedule_activity_typed("UpdateRecoEngine", &sale);
    // There are joins of two and of three, and of many of one type.
    let ((discount, points), (shipment, recommendation)) = context
        .join2(context.join2(discount, points), context.join2(shipment, recommendation))
        .await;
    Ok((discount?, points?, shipment?, recommendation?, bookstore::ebook()))
}

/// The tasks.
fn activities() -> ActivityRegistry {
    let shop = Arc::new(bookstore::shop());
    ActivityRegistry::builder()
        .register_typed("CheckInventory", move |_: ActivityContext, order| {
            let shop = Arc::clone(&shop);
            async move { check_inventory(&shop, order).await.map_err(text) }
        })
        .register_typed(
            "PrintBook",
            |_, stock| async move { print_book(stock).await.map_err(text) },
        )
        .register_typed("CheckFurtherDiscountEligibility", |_, sale| async move {
            check_further_discount_eligibility(sale).await.map_err(text)
        })
        .register_typed("GenerateDiscountCode", |_, discount| async move {
            generate_discount_code(discount).await.map_err(text)
        })
        .register_typed("UpdateLoyaltyPoints", |_, sale| async move {
            update_loyalty_points(sale).await.map_err(text)
        })
        .register_typed(
            "PrepareOrder",
            |_, sale| async move { prepare_order(sale).await.map_err(text) },
        )
        .register_typed("SendToShipment", |_, prepared| async move {
            send_to_shipment(prepared).await.map_err(text)
        })
        .register_typed("UpdateRecoEngine", |_, sale| async move {
            update_reco_engine(sale).await.map_err(text)
        })
        .build()
}

fn text(error: workflow_core::LambdaError) -> String {
    error.to_string()
}
