//! Executions that were stored under another definition of their workflow: where what is stored still fits, they go on; else a function may
//! make it fit; else they stay as they are, and it is said what changed.

use std::borrow::Cow;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::json;
use workflow_core::definition::State;
use workflow_core::{Json, Machine};

use crate::entry::Kind;

/// Where an execution is, or one of its branches, as the store has it: what a [`migration`](crate::Builder::migration) changes.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Checkpoint {
    /// The state that it is in; `None` for the input of the execution itself, which every state may read in the context object.
    pub state: Option<String>,
    /// The input of the state.
    pub input: Json,
    /// The variables of the machine, as an object with `variable_` before each name; null where it has none.
    pub variables: Json,
}

/// What changes checkpoints that do not fit.
pub(crate) type Migration = Arc<dyn Fn(&mut Checkpoint) + Send + Sync>;

/// A state to go on from, and the variables, if they are others than those at the start.
pub(crate) type Saved<M> = (<M as Machine>::State, Option<<M as Machine>::Variables>);

impl Checkpoint {
    pub(crate) const fn of_input(input: Json) -> Self {
        Self { state: None, input, variables: Json::Null }
    }

    pub(crate) fn of_state(state: Cow<'static, str>, input: Json, variables: Json) -> Self {
        Self { state: Some(state.into_owned()), input, variables }
    }

    /// Reads it for a machine, whose state it is of this kind.
    ///
    /// # Errors
    ///
    /// What does not fit.
    pub(crate) fn read<M: Machine>(&self, kind: Option<Kind>) -> Result<Saved<M>, String> {
        let name = self.state.as_deref().unwrap_or_default();
        let state = find::<M>(name)?;
        if let Some(kind) = kind.filter(|kind| *kind != Kind::of(state)) {
            let now = state.kind.name();
            return Err(format!("state `{name}` was a {kind:?} state, and is a {now} state"));
        }
        let entered = read(json!([name, self.input])).map_err(|error| {
            format!("the input of state `{name}` does not fit any more: {error}")
        })?;
        let variables = match &self.variables {
            Json::Null => None,
            variables => Some(read(variables.clone()).map_err(|error| {
                format!("the variables at state `{name}` do not fit any more: {error}")
            })?),
        };
        Ok((entered, variables))
    }
}

fn find<M: Machine>(name: &str) -> Result<&'static State, String> {
    let states = M::STATES.states.iter();
    states.clone().find(|state| state.name == name).ok_or_else(|| {
        let names: Vec<String> = states.map(|state| format!("`{}`", state.name)).collect();
        format!("there is no state `{name}` any more, only {}", names.join(", "))
    })
}

/// Reads JSON.
pub(crate) fn read<T: DeserializeOwned>(json: Json) -> Result<T, String> {
    serde_json::from_value(json).map_err(|error| error.to_string())
}
