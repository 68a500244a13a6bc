//! The second notation: a definition in the Amazon States Language, as AWS has it, becomes what the native one parses into.
//!
//! The JSON comes from a file or from the tokens of a macro ([`json`]). Here the structure is read: the fields of each kind
//! of state, in the JSONPath query language. What AWS's validator rejects is an error with its code. What the graph and the
//! types say is left to the phases that both notations share.

mod choice;
mod data_flow;
mod errors;
mod fields;
pub mod functions;
pub mod json;
mod maps;
pub mod paths;
mod resources;
mod states;
mod templates;

use std::time::Duration;

use crate::diagnostics::Diagnostics;
use crate::parse::{Machine, Spanned, Workflow};
use fields::Fields;
use json::Json;
pub use resources::{Mapping, Resources, is_waiting};

/// The largest number of seconds that a field may have.
pub(crate) const MOST_SECONDS: i128 = 99_999_999;

/// What a whole definition says.
pub struct Definition {
    pub timeout: Option<Spanned<Duration>>,
    pub machine: Machine,
}

/// Reads a definition. What is wrong is reported, and left out.
pub fn definition(
    json: &Json,
    resources: &Resources,
    diagnostics: &mut Diagnostics,
) -> Option<Definition> {
    let mut reader = Reader { resources, diagnostics };
    let fields = reader.object(json, "the definition")?;
    reader.only(
        &fields,
        &["Comment", "QueryLanguage", "StartAt", "States", "TimeoutSeconds", "Version"],
    );
    if let Some((_, version)) = fields.get("Version")
        && version.text() != Some("1.0")
    {
        reader.invalid(version, "`Version` is \"1.0\"");
    }
    if !reader.is_json_path(&fields) {
        return None;
    }
    let timeout = reader.duration(&fields, "TimeoutSeconds", 1);
    Some(Definition { timeout, machine: reader.machine(&fields, json.span)? })
}

/// Reads a definition, and collects what is wrong with it.
struct Reader<'r> {
    resources: &'r Resources,
    diagnostics: &'r mut Diagnostics,
}

impl Reader<'_> {
    /// `StartAt` and `States`: a whole definition, a branch, or an item processor.
    fn machine(&mut self, fields: &Fields<'_>, span: crate::span::Span) -> Option<Machine> {
        let start_at = self.required(fields, "StartAt").and_then(|json| self.name(json, "StartAt"));
        let states = self.required(fields, "States")?;
        // A name that is given twice is one of a state, wherever it is.
        let states = self.fields(states, "`States`")?;
        if states.is_empty() {
            self.diagnostics
                .error(states.span, format_args!("{}: `States` is empty", fields.what))
                .code("SCHEMA_VALIDATION_FAILED");
        }
        let states = states.iter().map(|(name, json)| self.state(name, json)).collect();
        Some(Machine { comment: self.comment(fields), start_at, states, span })
    }
}

/// A definition whose text is all that there is, after its checks.
pub struct Checked {
    pub workflow: Workflow,
    /// The variables that a state may read before any has assigned them.
    pub unassigned: Vec<String>,
}

/// Reads a definition and checks all that needs no types, as a program does that has only the text. An ARN stands for a task
/// that is not looked at.
///
/// What is wrong is in `diagnostics`, and there is a workflow where it could be read nevertheless. `is_express` says that the
/// state machine is an Express one.
pub fn check(text: &str, is_express: bool, diagnostics: &mut Diagnostics) -> Option<Checked> {
    let json = json::text::read(text, proc_macro2::Span::call_site(), diagnostics)?;
    let resources = Resources { is_open: true, is_express, ..Resources::default() };
    let workflow = Workflow::untyped(definition(&json, &resources, diagnostics)?);
    let resolved = crate::model::Workflow::resolve(&workflow, diagnostics);
    let unassigned = crate::check::check(resolved, diagnostics).variables.unassigned;
    Some(Checked { workflow, unassigned })
}
