//! Order-flow kept durably by hand, as a program does that has no engine: each order runs its tasks, in the same branches and with the
//! same retries, notes what it does, and goes on once that is durable.
//!
//! It keeps nothing in memory but the orders that wait for a print, is asked nothing, and could go on with nothing after a crash.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use benches::{Desk, retry};
use futures_util::try_join;
use order_flow::order::{Ebook, Handled, Order, Print, Sale, Stock};
use order_flow::tasks::{
    Shop, check_further_discount_eligibility, check_inventory, generate_discount_code,
    order_to_print, prepare_order, send_to_shipment, update_loyalty_points, update_reco_engine,
};
use serde::Serialize;
use tokio::sync::{mpsc, oneshot};
use workflow_core::LambdaError;
use workflow_durable::{Record, Store};

/// Something that an order does. A payload is left out where it is the one before it.
#[derive(Serialize)]
enum Step<'s> {
    Started { workflow: &'s str, name: &'s str, order: &'s str },
    Entered { state: &'s str },
    Attempted { given: Option<&'s str> },
    Submitted,
    Printed { print: &'s str },
    Succeeded { output: Option<&'s str> },
    Failed { cause: &'s str },
    Exited { output: Option<&'s str> },
    Forked { branches: u32 },
    BranchStarted { index: u32 },
    BranchSucceeded,
    Joined,
    Ended { handled: &'s str },
}

/// A record, and who waits until it is durable.
type Written = (Record, oneshot::Sender<()>);

/// The shop's books: what is written of orders, by a writer that writes all that is queued together.
pub(crate) struct Books {
    writer: mpsc::UnboundedSender<Written>,
    desk: Desk,
    shop: Shop,
}

impl Books {
    /// Books in a store; and the writer, which ends when they are closed.
    pub(crate) fn open(store: impl Store) -> (Self, tokio::task::JoinHandle<()>) {
        let (writer, queue) = mpsc::unbounded_channel();
        let writing = tokio::task::spawn_blocking(move || write(&store, queue));
        let desk = Desk::default();
        (Self { writer, shop: benches::shop(desk.clone()), desk }, writing)
    }

    /// Handles an order.
    pub(crate) async fn handle(&self, number: u32, order: &Order) -> Result<Handled, LambdaError> {
        let pages = Pages { books: self, number, noted: Mutex::default() };
        pages.started(order);
        pages.durable().await;
        let handled = pages.order_flow(order.clone()).await?;
        pages.note(0, &Step::Ended { handled: &json(&handled) });
        pages.durable().await;
        Ok(handled)
    }
}

/// What is noted of one order.
struct Pages<'b> {
    books: &'b Books,
    number: u32,
    /// What is not handed to the writer yet.
    noted: Mutex<Vec<u8>>,
}

impl Pages<'_> {
    fn started(&self, order: &Order) {
        let name = self.number.to_string();
        let order = json(order);
        self.note(0, &Step::Started { workflow: "OrderFlow", name: &name, order: &order });
    }

    fn note(&self, branch: u32, step: &Step<'_>) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut noted = locked(&self.noted);
        let bytes = std::mem::take(&mut *noted);
        let entry = (u64::try_from(now.as_millis()).unwrap_or_default(), branch, step);
        *noted = postcard::to_extend(&entry, bytes).expect("a step can be written");
    }

    /// Waits until what is noted is durable.
    async fn durable(&self) {
        let bytes = std::mem::take(&mut *locked(&self.noted));
        let (durable, told) = oneshot::channel();
        let record = Record { execution: u64::from(self.number) + 1, bytes };
        self.books.writer.send((record, durable)).expect("the writer runs");
        told.await.expect("the writer tells");
    }

    async fn order_flow(&self, order: Order) -> Result<Handled, LambdaError> {
        let shop = &self.books.shop;
        self.passed(0, "Order Handling", None);
        let stock = self.task(0, "CheckInventory", &order, |order| check_inventory(shop, order));
        let stock = stock.await?;
        self.passed(0, "Choice", None);
        let sale = if stock.item_stock > 0 {
            let sale = Sale { total_value: None };
            self.passed(0, "Pass", Some(&json(&sale)));
            sale
        } else {
            self.note(0, &Step::Entered { state: "OrderPrint" });
            let print = retry(|| self.print(&stock)).await?;
            let sale = Sale { total_value: Some(print.total_value) };
            self.note(0, &Step::Exited { output: None });
            sale
        };
        self.note(0, &Step::Entered { state: "Parallel" });
        self.note(0, &Step::Forked { branches: 5 });
        let handled = self.branches(&sale).await?;
        self.note(0, &Step::Joined);
        self.note(0, &Step::Exited { output: Some(&json(&handled)) });
        self.passed(0, "Order Handled", None);
        Ok(handled)
    }

    /// Has a book printed, and waits for that.
    async fn print(&self, stock: &Stock) -> Result<Print, LambdaError> {
        let (token, printed) = self.books.desk.wait();
        self.note(0, &Step::Attempted { given: Some(&json(&(stock, &token))) });
        self.durable().await;
        order_to_print(&self.books.shop, stock.clone(), token).await?;
        self.note(0, &Step::Submitted);
        let gone = |_| LambdaError::ServiceException("the printer is gone".to_owned());
        let print = printed.await.map_err(gone)?;
        self.note(0, &Step::Printed { print: &json(&print) });
        self.durable().await;
        self.note(0, &Step::Succeeded { output: None });
        Ok(print)
    }

    async fn branches(&self, sale: &Sale) -> Result<Handled, LambdaError> {
        let discount = async {
            let discount = self.task(
                1,
                "CheckFurtherDiscountEligibility",
                sale,
                check_further_discount_eligibility,
            );
            self.task(1, "GenerateDiscountCode", &discount.await?, generate_discount_code).await
        };
        let shipment = async {
            let prepared = self.task(3, "PrepareOrder", sale, prepare_order).await?;
            self.task(3, "SendToShipment", &prepared, send_to_shipment).await
        };
        let ebook = async {
            let ebook = Ebook { ebook: "Tips to Better Life".to_owned() };
            self.passed(5, "SendFreeEbook", Some(&json(&ebook)));
            Ok(ebook)
        };
        try_join!(
            self.branch(1, discount),
            self.branch(2, self.task(2, "UpdateLoyaltyPoints", sale, update_loyalty_points)),
            self.branch(3, shipment),
            self.branch(4, self.task(4, "UpdateRecoEngine", sale, update_reco_engine)),
            self.branch(5, ebook),
        )
    }

    async fn branch<T>(
        &self,
        number: u32,
        work: impl Future<Output = Result<T, LambdaError>>,
    ) -> Result<T, LambdaError> {
        self.note(0, &Step::BranchStarted { index: number - 1 });
        let result = work.await?;
        self.note(number, &Step::BranchSucceeded);
        Ok(result)
    }

    /// Runs a task. That an attempt begins is durable before it does.
    async fn task<I, O, F>(
        &self,
        branch: u32,
        state: &'static str,
        input: &I,
        call: impl Fn(I) -> F,
    ) -> Result<O, LambdaError>
    where
        I: Serialize + Clone,
        O: Serialize,
        F: Future<Output = Result<O, LambdaError>>,
    {
        self.note(branch, &Step::Entered { state });
        let attempt = async || {
            self.note(branch, &Step::Attempted { given: None });
            self.durable().await;
            let result = call(input.clone()).await;
            match &result {
                Ok(output) => self.note(branch, &Step::Succeeded { output: Some(&json(output)) }),
                Err(error) => self.note(branch, &Step::Failed { cause: &error.to_string() }),
            }
            result
        };
        let output = retry(attempt).await?;
        self.note(branch, &Step::Exited { output: None });
        Ok(output)
    }

    /// Goes through a state that does nothing outside.
    fn passed(&self, branch: u32, state: &'static str, output: Option<&str>) {
        self.note(branch, &Step::Entered { state });
        self.note(branch, &Step::Exited { output });
    }
}

fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("the data of the bookstore has JSON")
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Writes all that is queued together, until nobody queues any more.
fn write(store: &impl Store, mut queue: mpsc::UnboundedReceiver<Written>) {
    let mut batch: Vec<Written> = Vec::new();
    while queue.blocking_recv_many(&mut batch, usize::MAX) > 0 {
        let (records, waiting): (Vec<Record>, Vec<_>) = batch.drain(..).unzip();
        store.append(&records).expect("the disk has room");
        // Who waits no more has ended.
        for durable in waiting {
            let _ = durable.send(());
        }
    }
}
