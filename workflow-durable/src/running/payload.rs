//! The payloads of a machine as they are noted: each as JSON, and not again where it is the one before it.

use workflow_core::definition::State;
use workflow_core::{Data, ErrorOutput};

use super::{Failed, Running};
use crate::entry::{Event, Failure, Text};
use crate::run::Noted;

impl Running {
    /// Notes an event with a payload.
    pub(super) fn note_payload<T: Data>(
        &self,
        payload: &T,
        event: impl FnOnce(&mut Noted, Option<Text>) -> Event,
    ) {
        if let Err(error) = Text::written(payload, |text| self.note_text(text, event)) {
            self.has_no_json(&error);
        }
    }

    /// Has the execution fail, since something in it cannot be written.
    pub(super) fn has_no_json(&self, error: &serde_json::Error) {
        let cause = format!("a payload has no JSON: {error}");
        let failure = Failure { error: "States.Runtime".to_owned(), cause };
        self.run.noted().fails(failure);
    }

    /// Notes an event with the result of a task.
    ///
    /// # Errors
    ///
    /// What the task fails with instead, where its result has too many bytes, or no JSON.
    pub(super) fn note_result<T: Data>(
        &self,
        state: &State,
        result: &T,
        event: impl FnOnce(Option<Text>) -> Event,
    ) -> Result<(), Failed> {
        let noted = Text::written(result, |text| {
            if text.len() > self.run.common.payload_limit {
                return Err(too_large(state));
            }
            self.note_text(text, |_, text| event(text));
            Ok(())
        });
        noted.unwrap_or_else(|error| {
            let cause = format!("the result of state `{}` has no JSON: {error}", state.name);
            Err(ErrorOutput::runtime(cause))
        })
    }

    /// Notes an event with a payload that is written already.
    fn note_text(&self, text: &str, event: impl FnOnce(&mut Noted, Option<Text>) -> Event) {
        let mut noted = self.run.noted();
        let is_last = noted.scope(self.scope).is_some_and(|scope| scope.last().as_str() == text);
        let event = event(&mut noted, (!is_last).then(|| Text::from(text)));
        self.note(&mut noted, event);
    }
}

fn too_large(state: &State) -> Failed {
    let cause = format!(
        "The state/task '{}' returned a result with a size exceeding the maximum number of bytes service limit.",
        state.name
    );
    ErrorOutput::new("States.DataLimitExceeded", cause)
}
