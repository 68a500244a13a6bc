//! The payloads of a machine as they are noted: each as JSON, and not again where it is the one before it.

use workflow_core::definition::State;
use workflow_core::{Data, ErrorOutput};

use super::{Failed, Running};
use crate::entry::{Event, Text};
use crate::progress;
use crate::store::StoreError;

/// A payload that was written.
pub(super) enum Written {
    New(Text),
    /// It is as the one that was last written then.
    As(Text),
}

impl Written {
    /// What is noted of it after a payload: somebody may have noted another one in between.
    fn unless_last(self, last: Option<&Text>) -> Option<Text> {
        match self {
            Self::As(text) if last == Some(&text) => None,
            Self::New(text) | Self::As(text) => Some(text),
        }
    }
}

impl Running {
    /// Notes an event with a payload.
    pub(super) fn note_payload<T: Data>(
        &self,
        payload: &T,
        event: impl FnOnce(Option<Text>) -> Event,
    ) {
        match self.written(payload) {
            Ok(written) => self.note_written(written, event),
            Err(error) => {
                let error = StoreError::unavailable(format!("a payload has no JSON: {error}"));
                self.run.noted().fail(error);
            }
        }
    }

    pub(super) fn note_written(&self, written: Written, event: impl FnOnce(Option<Text>) -> Event) {
        let mut noted = self.run.noted();
        let text = written.unless_last(noted.scope(self.scope).map(progress::Scope::last));
        self.note(&mut noted, event(text));
    }

    /// Writes a payload, if it is another than the one that was written last.
    fn written<T: Data>(&self, payload: &T) -> Result<Written, serde_json::Error> {
        let last = self.run.noted().scope(self.scope).map(|scope| scope.last().clone());
        Ok(match last {
            None => Written::New(Text::of(payload)?),
            Some(last) => last.unless(payload)?.map_or(Written::As(last), Written::New),
        })
    }

    /// The result of a task as a payload.
    pub(super) fn result<T: Data>(&self, state: &State, output: &T) -> Result<Written, Failed> {
        let written = self.written(output).map_err(|error| {
            let cause = format!("the result of state `{}` has no JSON: {error}", state.name);
            ErrorOutput::runtime(cause)
        })?;
        let (Written::New(text) | Written::As(text)) = &written;
        if text.as_str().len() <= self.run.common.payload_limit {
            return Ok(written);
        }
        let cause = format!(
            "The state/task '{}' returned a result with a size exceeding the maximum number of bytes service limit.",
            state.name
        );
        Err(ErrorOutput::new("States.DataLimitExceeded", cause))
    }
}
