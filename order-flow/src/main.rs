//! The program of the bookstore: it handles orders at once or durably, draws the workflow that does, or writes it as ASL.
//!
//! This file leads from the arguments to the exit status. What can be asked for is in `command_line.rs`.

mod command_line;
mod definition;
mod durable;
mod handle;
mod input;
mod picture;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use order_flow::workflow::OrderFlow;
use workflow_cli::{Failure, terminal};
use workflow_core::Workflow;

use command_line::CommandLine;

fn main() -> ExitCode {
    match run(&CommandLine::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn run(command_line: &CommandLine) -> Result<(), Failure> {
    if let Some(command) = &command_line.command {
        return durable::run(command);
    }
    if let Some(notation) = command_line.graph {
        return picture::draw(OrderFlow::DEFINITION, notation, io::stdout());
    }
    if command_line.asl {
        return definition::write(OrderFlow::DEFINITION, &command_line.function, io::stdout());
    }
    handle_at_once(command_line)
}

#[tokio::main(flavor = "current_thread")]
async fn handle_at_once(command_line: &CommandLine) -> Result<(), Failure> {
    let orders = match command_line.orders.as_slice() {
        [] => input::examples(),
        arguments => arguments.iter().map(|one| input::read(one)).collect::<Result<_, _>>()?,
    };
    for (number, order) in orders.into_iter().enumerate() {
        if number > 0 && !command_line.quiet {
            // A trace that cannot be written is lost, and so is the blank line before it.
            let _ = writeln!(io::stderr());
        }
        let trace = (!command_line.quiet).then(|| terminal::trace(io::stderr()));
        handle::handle::<OrderFlow>(order, trace.as_ref(), io::stdout()).await?;
    }
    Ok(())
}
