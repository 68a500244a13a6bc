//! A definition as the Amazon States Language: what AWS Step Functions takes.
//!
//! What ASL can say and a workflow says otherwise is translated: arguments become `Parameters`, an `output` becomes a
//! `ResultSelector`, a condition becomes a Choice rule. What ASL cannot say is found while `workflow!` reads the workflow,
//! and is listed in [`Definition::inexpressible`](crate::Definition). How ASL is read is in `workflow-syntax`.

mod calls;
mod conditions;
mod paths;
mod states;
mod values;

use std::collections::HashMap;
use std::fmt;

use serde_json::{Map, json};

use crate::data::Json;
use crate::definition::{Definition, Inexpressible, Presence, StateMachine};

/// Something of a workflow that ASL cannot express: why there is no export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportError {
    workflow: &'static str,
    found: Vec<(String, String)>,
}

impl ExportError {
    /// Returns what ASL cannot express, each with the state that says it.
    pub fn found(&self) -> impl Iterator<Item = (&str, &str)> {
        self.found.iter().map(|(state, what)| (state.as_str(), what.as_str()))
    }
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ASL cannot express all of `{}`", self.workflow)?;
        for (state, what) in self.found() {
            write!(f, "\n  state `{state}`: {what}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ExportError {}

/// Writes a definition as ASL.
///
/// # Example
///
/// ```
/// use workflow_core::asl::Export;
/// use workflow_core::{task, workflow};
///
/// #[task]
/// async fn charge(amount: u64) -> u64 {
///     amount
/// }
///
/// workflow! {
///     pub Payment(u64) -> u64;
///     Charge: Task { call: charge($), end }
/// }
///
/// let arn = "arn:aws:lambda:eu-west-1:111122223333:function:charge";
/// let asl = Export::new().function("charge", arn).definition(Payment::definition()).unwrap();
/// assert_eq!(asl["States"]["Charge"]["Resource"], arn);
///
/// // Without it, a placeholder stands there, as AWS SAM substitutes it.
/// assert!(Payment::asl().unwrap().contains(r#""Resource": "${charge}""#));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Export {
    functions: HashMap<String, String>,
}

impl Export {
    /// Makes an export in which a placeholder stands for each function: `${charge}`.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives a function its ARN.
    #[must_use]
    pub fn function(mut self, name: impl Into<String>, arn: impl Into<String>) -> Self {
        self.functions.insert(name.into(), arn.into());
        self
    }

    /// Writes a definition as ASL.
    ///
    /// # Errors
    ///
    /// When ASL cannot express all of it.
    pub fn definition(&self, definition: &Definition) -> Result<Json, ExportError> {
        let known = definition.inexpressible.iter();
        let mut writer = Writer {
            functions: &self.functions,
            presences: definition.presences,
            found: known
                .map(|Inexpressible { state, what }| ((*state).to_owned(), (*what).to_owned()))
                .collect(),
            state: String::new(),
            result: "$",
        };
        let mut asl = Map::new();
        asl.extend(definition.comment.map(|comment| ("Comment".to_owned(), comment.into())));
        asl.extend(writer.machine(&definition.machine));
        asl.extend(
            definition
                .timeout
                .map(|timeout| ("TimeoutSeconds".to_owned(), timeout.as_secs().into())),
        );
        if writer.found.is_empty() {
            return Ok(asl.into());
        }
        Err(ExportError { workflow: definition.name, found: writer.found })
    }
}

/// The ASL of a definition as text, for the generated `asl`.
#[doc(hidden)]
pub fn text(definition: &Definition) -> Result<String, ExportError> {
    Export::new().definition(definition).map(|asl| format!("{asl:#}\n"))
}

/// Writes a definition, and collects what ASL cannot express.
struct Writer<'w> {
    functions: &'w HashMap<String, String>,
    presences: &'w [Presence],
    found: Vec<(String, String)>,
    /// The state that is written.
    state: String,
    /// Where the result of the state is, to which `$` leads.
    result: &'static str,
}

impl Writer<'_> {
    /// `StartAt` and `States`, and the comment of a branch.
    fn machine(&mut self, machine: &StateMachine) -> Map<String, Json> {
        let mut states = Map::new();
        for state in machine.states {
            let outer = std::mem::replace(&mut self.state, state.name.to_owned());
            let written = self.state(machine, state);
            self.state = outer;
            states.insert(state.name.to_owned(), written.into());
        }
        let start_at =
            machine.states.get(usize::from(machine.start_at.0)).map_or("", |state| state.name);
        let comment = machine.comment.map(|comment| ("Comment".to_owned(), json!(comment)));
        let fields =
            [("StartAt".to_owned(), json!(start_at)), ("States".to_owned(), states.into())];
        comment.into_iter().chain(fields).collect()
    }

    /// Says that the state says something that ASL cannot.
    fn inexpressible(&mut self, what: impl fmt::Display) {
        let entry = (self.state.clone(), what.to_string());
        if !self.found.contains(&entry) {
            self.found.push(entry);
        }
    }
}
