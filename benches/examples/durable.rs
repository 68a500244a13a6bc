//! Orders through the durable engine on a store in memory, for a tool that counts instructions or takes samples.
use std::sync::Arc;

use benches::orders;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use order_flow::order::Print;
use order_flow::tasks::Shop;
use order_flow::workflow::OrderFlow;
use tokio::sync::mpsc;
use workflow_durable::{Durable, Log, Memory};

fn main() {
    let mut args = std::env::args().skip(1);
    let mut number = || args.next().map(|text| text.parse().expect("a number"));
    let at_once: u32 = number().unwrap_or(64);
    let executions: u32 = number().unwrap_or(2_000);
    let mut builder = if number().unwrap_or(0) > 0 {
        tokio::runtime::Builder::new_multi_thread()
    } else {
        tokio::runtime::Builder::new_current_thread()
    };
    let runtime = builder.enable_all().build().expect("a runtime can be made");
    runtime.block_on(run(at_once, executions, number().unwrap_or(0) > 0));
}

async fn run(at_once: u32, executions: u32, on_disk: bool) {
    let (printer, mut tokens) = mpsc::unbounded_channel();
    let shop = Shop::new(move |token: &str| drop(printer.send(token.to_owned())));
    let folder = std::env::current_dir().expect("there is a folder");
    let directory = tempfile::tempdir_in(&folder).expect("a folder can be made");
    let durable = if on_disk {
        Durable::builder(Log::open(directory.path().join("log")).expect("a log"))
    } else {
        Durable::builder(Memory::default())
    };
    let durable = durable.workflow::<OrderFlow, Shop>(Arc::new(shop)).open();
    let durable = durable.expect("the store is empty");
    let shop = durable.clone();
    tokio::spawn(async move {
        while let Some(token) = tokens.recv().await {
            let shop = shop.clone();
            tokio::spawn(async move {
                shop.send_task_success(&token, &Print::DONE).await.expect("it waits");
            });
        }
    });
    let handle = async |number: u32| {
        let orders = orders();
        let (_, order) = &orders[number as usize % orders.len()];
        let started = durable.start::<OrderFlow>(&number.to_string(), order).await;
        let execution = started.expect("the name is free");
        execution.output::<OrderFlow>().await.expect("every order is handled");
    };
    let mut running = FuturesUnordered::new();
    let mut numbers = 0..executions;
    let start = std::time::Instant::now();
    running.extend(numbers.by_ref().take(at_once as usize).map(&handle));
    while running.next().await.is_some() {
        running.extend(numbers.next().map(&handle));
    }
    println!("{:.0} executions/s", f64::from(executions) / start.elapsed().as_secs_f64());
}
