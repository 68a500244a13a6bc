//! The program of the bookstore: it handles orders, draws the workflow that does, or writes it as ASL.
//!
//! This file leads from the arguments to the exit status. What can be asked for is in `command_line.rs`.

mod command_line;
mod definition;
mod failure;
mod handle;
mod input;
mod picture;
mod terminal;

use std::io;
use std::process::ExitCode;

use clap::Parser;
use order_flow::workflow::OrderFlow;
use workflow_core::Workflow;

use command_line::CommandLine;
use failure::Failure;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(CommandLine::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

async fn run(command_line: CommandLine) -> Result<(), Failure> {
    if let Some(notation) = command_line.graph {
        return picture::draw(OrderFlow::DEFINITION, notation, io::stdout());
    }
    if command_line.asl {
        return definition::write(OrderFlow::DEFINITION, &command_line.function, io::stdout());
    }
    let orders = match &command_line.order {
        Some(argument) => vec![input::read(argument)?],
        None => input::examples(),
    };
    for (number, order) in orders.into_iter().enumerate() {
        let trace = (!command_line.quiet).then(|| terminal::trace(number));
        handle::handle::<OrderFlow>(order, trace.as_ref(), io::stdout()).await?;
    }
    Ok(())
}
