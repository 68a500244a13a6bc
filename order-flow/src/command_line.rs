//! What can be asked of the program on its command line.

use std::ffi::OsString;

use clap::Parser;
use clap::builder::styling::{AnsiColor, Styles};

use crate::durable::Command;
use crate::picture::Notation;

/// Handles orders for books, or draws the workflow that does.
///
/// Without an argument, two orders are handled: one for a book in stock, and one for a book that is printed first. Each
/// leaves its result on standard output, a line of JSON, and a trace of its states on standard error.
///
/// With a command, orders are kept in a store, and handled whatever happens to the process: `start` takes one, and `work`
/// handles what there is.
#[derive(Debug, Parser)]
#[command(version, styles = STYLES, after_help = AFTER_HELP, after_long_help = AFTER_LONG_HELP)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct CommandLine {
    /// The orders, each as JSON, a file of JSON, or `-` for standard input.
    ///
    /// All are read before the first is handled. An argument that begins with `{` is JSON. Any other is a file, or JSON where there is no such file. An order has
    /// the fields `orderId` and `bookId`, both strings; others are ignored.
    #[arg(value_name = "ORDER")]
    pub(crate) orders: Vec<OsString>,

    /// Leaves out the trace.
    ///
    /// Only the result is written, and what went wrong.
    #[arg(short, long)]
    pub(crate) quiet: bool,

    /// Draws the workflow to standard output, and handles no order.
    ///
    /// The picture is made from the definition of the workflow, so it cannot fall behind the code.
    #[arg(short, long, value_name = "NOTATION", conflicts_with_all = ["orders", "quiet"])]
    pub(crate) graph: Option<Notation>,

    /// Writes the workflow as a definition of the Amazon States Language, and handles no order.
    ///
    /// AWS Step Functions takes it. A function without an ARN has a placeholder, `${checkInventory}`, which AWS SAM and
    /// CloudFormation substitute.
    #[arg(long, conflicts_with_all = ["orders", "quiet", "graph"])]
    pub(crate) asl: bool,

    /// The ARN of a function in the definition; may be given once for each.
    #[arg(long, value_name = "NAME=ARN", requires = "asl", value_parser = function)]
    pub(crate) function: Vec<(String, String)>,

    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// Reads `check_inventory=arn:...`.
fn function(argument: &str) -> Result<(String, String), String> {
    match argument.split_once('=') {
        Some((name, arn)) if !name.is_empty() && !arn.is_empty() => {
            Ok((name.to_owned(), arn.to_owned()))
        }
        _ => Err("expected the name of a function and its ARN, as in `check_inventory=arn:...`"
            .to_owned()),
    }
}

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

const AFTER_HELP: &str = "`--help` says more, with examples.";

const AFTER_LONG_HELP: &str = r#"Examples:
  order-flow                                              handle the two orders
  order-flow '{"orderId": "123", "bookId": "343222"}'     handle this one
  order-flow order.json                                   handle the one in a file
  order-flow today/*.json                                 handle those in files, one after the other
  curl -s example.com/order | order-flow -                handle the one that arrives
  order-flow --quiet | jq -r '.[0].DiscountCode'          go on with the results
  order-flow --graph svg > order-flow.svg                 draw the workflow
  order-flow --graph dot | dot -Tpng > order-flow.png     have Graphviz draw it
  order-flow --asl > order-flow.asl.json                  take it to AWS Step Functions

  order-flow start '{"orderId": "124", "bookId": "343122"}'   keep this one
  order-flow work                                             handle what is kept, until Ctrl-C
  order-flow printed TOKEN                                    say that its book is printed
  order-flow result order-124 --wait                          wait for what came of it
  order-flow history order-124                                see how

Exit status:
  0  every order was handled, and what was asked is done; `work`: it was told to stop
  1  an execution failed, or the store cannot be read, written or reached; standard error says why
  2  what was given cannot be understood, or is not there; standard error names it, and nothing is changed
  3  `result`: the order is still being handled

Environment:
  NO_COLOR  leaves the trace without colours, as does a standard error that is no terminal"#;

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        CommandLine::command().debug_assert();
    }
}
