//! Translates a definition of the Amazon States Language, AWS Step Functions' JSON, to the notation of `workflow!`.
//!
//! What comes out compiles: data are `Json` everywhere, and each function and service is a task that is left to write. Where
//! a person has to decide, a comment says so.

mod expressions;
mod retries;
mod source;
mod states;
mod tasks;

use workflow_syntax::asl::{self, Checked};
use workflow_syntax::diagnostics::Diagnostics;

use retries::Policies;
use source::Source;
use states::Shared;
use tasks::Tasks;

/// Translates a definition to Rust source, in which the workflow has this name.
///
/// # Errors
///
/// What is wrong with the definition, each with its line and column where it has one.
///
/// # Example
///
/// ```
/// let asl = r#"{ "StartAt": "Done", "States": { "Done": { "Type": "Succeed" } } }"#;
/// let source = asl_to_workflow::translate(asl, "Flow").unwrap();
/// assert!(source.contains("pub Flow(Json) -> Json;"));
/// assert!(source.contains("Done: Succeed {}"));
/// ```
pub fn translate(definition: &str, name: &str) -> Result<String, Vec<String>> {
    let mut diagnostics = Diagnostics::default();
    diagnostics.in_file("definition");
    let checked = asl::check(definition, false, &mut diagnostics);
    let Some(Checked { workflow: read, unassigned }) = checked.filter(|_| diagnostics.is_empty())
    else {
        let messages = diagnostics.messages();
        return Err(messages
            .map(|message| message.trim_start_matches("definition:").to_owned())
            .collect());
    };
    let mut shared = Shared { tasks: Tasks::default(), policies: Policies::of(&read.states) };
    let mut workflow = Source::default();
    workflow.open("workflow! {");
    workflow.documentation(read.comment.as_deref());
    workflow.line(&format!("pub {name}(Json) -> Json;"));
    if let Some(timeout) = &read.timeout {
        workflow.blank();
        workflow.line(&format!("timeout: {}s;", timeout.value.as_secs()));
    }
    let starts_first = read.states.first().map(|first| &first.name) == read.start_at.as_ref();
    if let Some(start) = &read.start_at
        && unassigned.is_empty()
        && !starts_first
    {
        workflow.blank();
        workflow.line(&format!("start_at: {};", source::name(&start.text)));
    }
    shared.policies.write(&mut workflow);
    if let Some(start) = &read.start_at
        && !unassigned.is_empty()
    {
        states::variables(&unassigned, start, &read.states, &mut workflow);
    }
    states::states(&read.states, &mut workflow, &mut shared);
    workflow.close("}");
    Ok(format!("{}\n{}", shared.tasks.source(), workflow.text()))
}
