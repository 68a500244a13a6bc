//! The rules that need no types: the graph, errors and limits, rules of a choice, variables, and what expressions name.
//!
//! Each rule is one function that reads like its name. What needs types is checked in constants of the generated code.

mod arguments;
pub mod choice;
mod errors;
pub mod expressions;
mod flow;
pub mod variables;

use crate::diagnostics::Diagnostics;
use crate::model::Workflow;
use crate::parse::Notation;

/// A workflow that every rule holds for: only this is generated.
pub struct Checked<'a> {
    pub workflow: Workflow<'a>,
    pub variables: variables::Variables,
    /// Whether the checks that need types can be made in spite of other mistakes: everything that a type comes from is
    /// right.
    pub typable: bool,
}

/// Checks every rule, and reports all that do not hold.
pub fn check<'a>(workflow: Workflow<'a>, diagnostics: &mut Diagnostics) -> Checked<'a> {
    flow::check(&workflow, diagnostics);
    errors::check(&workflow, diagnostics);
    // What AWS takes is taken: a definition of its own is not held to more.
    let is_native = workflow.source.notation == Notation::Native;
    if is_native {
        choice::check(&workflow, diagnostics);
    }
    let known = diagnostics.count();
    errors::check_values(&workflow, diagnostics);
    expressions::check(&workflow, diagnostics);
    crate::export::check(&workflow, diagnostics);
    let variables = variables::check(&workflow, diagnostics);
    let typable = diagnostics.count() == known && flow::is_whole(&workflow);
    Checked { workflow, variables, typable }
}
