//! The bookstore as a durable program: its workflow, and a shop whose printer is a person.

use std::io::{self, Write};

use clap::{Args, Subcommand};
use order_flow::order::Print;
use order_flow::tasks::Shop;
use order_flow::workflow::OrderFlow;
use workflow_cli::{Failure, Program, Waiting};

use crate::input;

const NAME: &str = "order-flow";

/// What can be asked of the orders that are kept.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Command {
    #[command(flatten)]
    Execution(workflow_cli::Command),
    /// Says that a book is printed: its order goes on.
    Printed(Printed),
}

/// Says that a book is printed.
#[derive(Debug, Clone, Args)]
pub(crate) struct Printed {
    #[command(flatten)]
    waiting: Waiting,
}

/// Does what a command says.
pub(crate) fn run(command: &Command) -> Result<(), Failure> {
    let program = Program::new(NAME)
        .workflow::<OrderFlow, _>(Shop::new(ask_to_print))
        .input::<OrderFlow>(input::CALLED, input::execution_name);
    match command {
        Command::Execution(command) => program.run(command),
        Command::Printed(Printed { waiting }) => program.send_task_success(waiting, &Print::DONE),
    }
}

/// Asks whoever looks at standard error to print a book.
fn ask_to_print(token: &str) {
    // Who has the token all the same can send it back.
    let _ = writeln!(io::stderr(), "a book is to be printed; when it is: {NAME} printed {token}");
}
