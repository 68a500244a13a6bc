//! Pictures of a workflow, as the command line names them.

use std::io::Write;

use clap::ValueEnum;
use workflow_cli::Failure;
use workflow_core::Definition;

/// How a picture is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Notation {
    /// A tree of the states, for the terminal.
    Text,
    /// A Mermaid flowchart, for Markdown on GitHub.
    Mermaid,
    /// The language of Graphviz.
    Dot,
    /// A picture that a browser shows.
    Svg,
}

/// Draws a workflow.
pub(crate) fn draw(
    definition: &Definition,
    notation: Notation,
    mut output: impl Write,
) -> Result<(), Failure> {
    let picture = match notation {
        Notation::Text => definition.to_text(),
        Notation::Mermaid => definition.to_mermaid(),
        Notation::Dot => definition.to_dot(),
        Notation::Svg => definition.to_svg(),
    };
    writeln!(output, "{}", picture.trim_end()).map_err(|error| Failure::output(&error))
}
