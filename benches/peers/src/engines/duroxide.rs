//! The bookstore on duroxide, with SQLite or Postgres as the store.
//!
//! An orchestration is replayed whenever an activity of it has ended; activities go through a queue in the store, which workers poll. So
//! does a caller who waits for the output: every 5 ms at first, then up to every 100 ms, which is not a setting.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use duroxide::providers::Provider;
use duroxide::providers::sqlite::SqliteProvider;
use duroxide::runtime::registry::ActivityRegistry;
use duroxide::runtime::{Runtime, RuntimeOptions};
use duroxide::{ActivityContext, Client, ClientError, OrchestrationContext, OrchestrationRegistry};
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
        Self { runtime: runtime.await, client: Client::new(store) }
    }
}

impl Engine for Duroxide {
    async fn handle(&self, name: &str, order: Order) -> Result<Handled, Failure> {
        persistently(async || {
            self.client.start_orchestration_typed(name, "OrderFlow", order.clone()).await
        })
        .await?;
        let output = async || self.client.wait_for_orchestration_typed(name, PATIENCE).await;
        Ok(persistently(output).await??)
    }

    async fn shut_down(self) {
        self.runtime.shutdown(None).await;
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
