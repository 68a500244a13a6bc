//! The bookstore written by hand: the same tasks, the same retries, the same branches, without a workflow.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::try_join;
use order_flow::order::{Ebook, Handled, Order, Print, Sale, Stock};
use order_flow::tasks::{
    Shop, check_further_discount_eligibility, check_inventory, generate_discount_code,
    order_to_print, prepare_order, send_to_shipment, update_loyalty_points, update_reco_engine,
};
use tokio::sync::oneshot;
use uuid::Uuid;
use workflow_core::LambdaError;

/// The orders that wait until a book is printed, by a token that whoever prints it sends back.
#[derive(Debug, Clone, Default)]
pub struct Desk(Arc<Mutex<HashMap<String, oneshot::Sender<Print>>>>);

impl Desk {
    /// Takes a token that is sent back.
    pub fn printed(&self, token: &str, print: Print) {
        if let Some(waiting) = self.waiting().remove(token) {
            // Nobody waits any more where the order was given up.
            let _ = waiting.send(print);
        }
    }

    /// Makes a token, and what is told when it is sent back.
    #[must_use]
    pub fn wait(&self) -> (String, oneshot::Receiver<Print>) {
        let (sender, receiver) = oneshot::channel();
        let token = Uuid::new_v4().to_string();
        self.waiting().insert(token.clone(), sender);
        (token, receiver)
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<String, oneshot::Sender<Print>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A shop whose books are printed as soon as that is asked.
#[must_use]
pub fn shop(desk: Desk) -> Shop {
    Shop::new(move |token| desk.printed(token, Print::DONE))
}

/// Handles an order.
///
/// # Errors
///
/// The error of a task, once its retries are spent.
pub async fn order_flow(shop: &Shop, desk: &Desk, order: Order) -> Result<Handled, LambdaError> {
    let stock = retry(|| check_inventory(shop, order.clone())).await?;
    let sale = if stock.item_stock > 0 {
        Sale { total_value: None }
    } else {
        let print = retry(|| print(shop, desk, stock.clone())).await?;
        Sale { total_value: Some(print.total_value) }
    };
    try_join!(
        async {
            let discount = retry(|| check_further_discount_eligibility(sale.clone())).await?;
            retry(|| generate_discount_code(discount.clone())).await
        },
        retry(|| update_loyalty_points(sale.clone())),
        async {
            let prepared = retry(|| prepare_order(sale.clone())).await?;
            retry(|| send_to_shipment(prepared.clone())).await
        },
        retry(|| update_reco_engine(sale.clone())),
        async { Ok(Ebook { ebook: "Tips to Better Life".to_owned() }) },
    )
}

/// Has a book printed, and waits for that.
async fn print(shop: &Shop, desk: &Desk, stock: Stock) -> Result<Print, LambdaError> {
    let (token, printed) = desk.wait();
    order_to_print(shop, stock, token).await?;
    printed.await.map_err(|_| LambdaError::ServiceException("the printer is gone".to_owned()))
}

/// Tries again after two seconds, six times, each time waiting twice as long.
///
/// # Errors
///
/// What the last attempt fails with.
pub async fn retry<T, F: Future<Output = Result<T, LambdaError>>>(
    mut attempt: impl FnMut() -> F,
) -> Result<T, LambdaError> {
    let mut delay = Duration::from_secs(2);
    for _ in 0..6 {
        match attempt().await {
            Err(error) if is_retried(&error) => tokio::time::sleep(delay).await,
            result => return result,
        }
        delay *= 2;
    }
    attempt().await
}

fn is_retried(error: &LambdaError) -> bool {
    matches!(
        error,
        LambdaError::ServiceException(_)
            | LambdaError::AwsLambdaException(_)
            | LambdaError::SdkClientException(_)
    )
}

/// An order for a book that is in stock, and one for a book that is not.
#[must_use]
pub fn orders() -> [(&'static str, Order); 2] {
    [("from stock", "343222"), ("printed", "343122")]
        .map(|(name, book)| (name, Order { order_id: "123".to_owned(), book_id: book.to_owned() }))
}
