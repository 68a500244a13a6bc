//! A listener that turns what happens into spans and events of the crate `tracing`.

use std::sync::{Mutex, PoisonError};

use ::tracing::{Span, debug, debug_span, error, error_span, info, trace, warn};

use crate::definition::State;
use crate::error::ErrorOutput;
use crate::event::{Event, Parent, Payload, Scope};
use crate::execution::Execution;
use crate::listener::Listener;
use crate::visits::Visits;

/// Tells `tracing` what happens, under the target `workflow`.
///
/// An execution is a span with its id and its workflow, inside the span of the state that calls it or else the one that is
/// current when it starts; a state is a span inside it with its name, kind and branch. Events go to these spans:
///
/// | Level | Events |
/// |---|---|
/// | `ERROR` | an execution failed |
/// | `WARN` | a retrier or a catcher took an error, an execution was aborted |
/// | `INFO` | an execution started or succeeded |
/// | `DEBUG` | a state was entered or left, a task was called, gave its result or failed |
/// | `TRACE` | the data that went in and came out, as JSON; at other levels none are written |
///
/// A task's own events are not inside the span of its state: give a task a span of its own where that matters.
///
/// # Example
///
/// ```
/// use workflow_core::{InProcess, Tracing, workflow};
///
/// workflow! {
///     pub Greeting(String) -> String;
///     Greet: Pass { output: format("Hello, {}!", $), end }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), workflow_core::ExecutionError> {
/// let greeting = InProcess::new(()).listener(Tracing::new()).run::<Greeting>("Ada".to_owned()).await?;
/// assert_eq!(greeting, "Hello, Ada!");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Tracing(Mutex<Open>);

/// The spans of what has not ended.
#[derive(Debug)]
struct Open {
    executions: Vec<(String, Span)>,
    /// Where a subscriber takes no span of a state, the span around it.
    visits: Visits<Span>,
}

impl Tracing {
    /// Makes the listener. One is enough for all executions of a program.
    ///
    /// # Example
    ///
    /// ```
    /// use workflow_core::{InProcess, Tracing};
    ///
    /// let engine = InProcess::new(()).listener(Tracing::new());
    /// # let _ = engine;
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self(Mutex::new(Open { executions: Vec::new(), visits: Visits::new() }))
    }
}

impl Default for Tracing {
    fn default() -> Self {
        Self::new()
    }
}

impl Listener for Tracing {
    fn on(&self, event: &Event<'_>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).on(event);
    }
}

impl Open {
    fn on(&mut self, event: &Event<'_>) {
        match *event {
            Event::ExecutionStarted { execution, parent, input } => {
                self.started(execution, parent, input)
            }
            Event::StateEntered { execution, scope, state, input } => {
                self.entered(execution, scope, state, input)
            }
            Event::TaskScheduled { execution, scope, state, visit, input, .. } => {
                let span = self.span(execution, scope, state);
                debug!(target: "workflow", parent: &span, retry_count = visit.retry_count(), "task scheduled");
                trace!(target: "workflow", parent: &span, input = %input.to_json(), "task input");
            }
            Event::TaskSubmitted { execution, scope, state, visit, output } => {
                let span = self.span(execution, scope, state);
                debug!(target: "workflow", parent: &span, retry_count = visit.retry_count(), "task submitted");
                trace!(target: "workflow", parent: &span, output = %output.to_json(), "submitted output");
            }
            Event::TaskSucceeded { execution, scope, state, visit, output } => {
                let span = self.span(execution, scope, state);
                debug!(target: "workflow", parent: &span, retry_count = visit.retry_count(), "task succeeded");
                trace!(target: "workflow", parent: &span, output = %output.to_json(), "task output");
            }
            Event::TaskFailed { execution, scope, state, visit, error } => {
                let ErrorOutput { error, cause, .. } = error;
                let retry_count = visit.retry_count();
                debug!(target: "workflow", parent: &self.span(execution, scope, state), retry_count, error, cause, "task failed");
            }
            Event::RetryScheduled { execution, scope, state, visit, error, delay } => {
                self.visits.leave_inside(execution, scope, state);
                let ErrorOutput { error, cause, .. } = error;
                let (span, state, retry_count) =
                    (self.span(execution, scope, state), state.name, visit.retry_count());
                warn!(target: "workflow", parent: &span, state, retry_count, error, cause, ?delay, "retry scheduled");
            }
            Event::ErrorCaught { execution, scope, state, error, next } => {
                self.visits.leave_inside(execution, scope, state);
                let ErrorOutput { error, cause, .. } = error;
                let span = self.span(execution, scope, state);
                warn!(target: "workflow", parent: &span, state = state.name, error, cause, next = next.name, "error caught");
                self.visits.leave(execution, scope, state);
            }
            Event::BranchesStarted { execution, scope, state, branches } => {
                let span = self.span(execution, scope, state);
                debug!(target: "workflow", parent: &span, branches, "branches started");
            }
            Event::BranchesSucceeded { execution, scope, state } => {
                let span = self.span(execution, scope, state);
                debug!(target: "workflow", parent: &span, "branches succeeded");
            }
            Event::BranchesFailed { execution, scope, state, error } => {
                let ErrorOutput { error, cause, .. } = error;
                let span = self.span(execution, scope, state);
                debug!(target: "workflow", parent: &span, error, cause, "branches failed");
            }
            Event::VariablesAssigned { execution, scope, state, variables } => {
                let span = self.span(execution, scope, state);
                trace!(target: "workflow", parent: &span, variables = %variables.to_json(), "variables assigned");
            }
            // The states inside have spans of their own.
            Event::BranchStarted { .. }
            | Event::BranchSucceeded { .. }
            | Event::BranchFailed { .. } => {}
            Event::StateExited { execution, scope, state, output } => {
                self.exited(execution, scope, state, output)
            }
            Event::ExecutionSucceeded { execution, output } => {
                let span = self.ended(execution);
                info!(target: "workflow", parent: &span, "execution succeeded");
                trace!(target: "workflow", parent: &span, output = %output.to_json(), "execution output");
            }
            Event::ExecutionFailed { execution, error } => {
                let span = self.ended(execution);
                let ErrorOutput { error, cause, state } = error;
                error!(target: "workflow", parent: &span, state, error, cause, "execution failed");
            }
            Event::ExecutionSuspended { execution } => {
                info!(target: "workflow", parent: &self.ended(execution), "execution suspended");
            }
            Event::ExecutionAborted { execution } => {
                warn!(target: "workflow", parent: &self.ended(execution), "execution aborted");
            }
        }
    }

    fn started(&mut self, execution: &Execution, parent: Option<Parent<'_>>, input: Payload<'_>) {
        let (id, workflow) = (execution.id(), execution.definition().name);
        let caller = parent.and_then(|Parent { execution, scope, state }| {
            self.visits.get(execution, scope, state)
        });
        // At the level of errors, so that it is there whenever an event of the execution is.
        let span = match caller {
            Some(caller) => {
                error_span!(target: "workflow", parent: &caller.known, "execution", execution = id, workflow)
            }
            None => error_span!(target: "workflow", "execution", execution = id, workflow),
        };
        info!(target: "workflow", parent: &span, "execution started");
        trace!(target: "workflow", parent: &span, input = %input.to_json(), "execution input");
        self.executions.push((id.to_owned(), span));
    }

    fn entered(
        &mut self,
        execution: &Execution,
        scope: Scope<'_>,
        state: &'static State,
        input: Payload<'_>,
    ) {
        let around = self.around(execution, scope);
        let branch = scope.branch().map(|branch| branch.index);
        let (name, kind) = (state.name, state.kind.name());
        let own =
            debug_span!(target: "workflow", parent: &around, "state", state = name, kind, branch);
        let span = if own.is_disabled() { around } else { own };
        debug!(target: "workflow", parent: &span, "state entered");
        trace!(target: "workflow", parent: &span, input = %input.to_json(), "state input");
        self.visits.enter(execution, scope, state, span);
    }

    fn exited(
        &mut self,
        execution: &Execution,
        scope: Scope<'_>,
        state: &'static State,
        output: Payload<'_>,
    ) {
        let Some(visit) = self.visits.leave(execution, scope, state) else { return };
        debug!(target: "workflow", parent: &visit.known, "state exited");
        trace!(target: "workflow", parent: &visit.known, output = %output.to_json(), "state output");
    }

    /// The span that a state's span is inside of: that of the state whose branch it is in, or the execution's.
    fn around(&self, execution: &Execution, scope: Scope<'_>) -> Span {
        let outer = scope
            .branch()
            .and_then(|branch| self.visits.get(execution, branch.outer(), branch.state));
        match outer {
            Some(visit) => visit.known.clone(),
            None => {
                let own = self.executions.iter().find(|(id, _)| id == execution.id());
                own.map_or_else(Span::none, |(_, span)| span.clone())
            }
        }
    }

    fn span(&self, execution: &Execution, scope: Scope<'_>, state: &State) -> Span {
        self.visits
            .get(execution, scope, state)
            .map_or_else(Span::none, |visit| visit.known.clone())
    }

    /// Forgets an execution and its states, and returns its span.
    fn ended(&mut self, execution: &Execution) -> Span {
        self.visits.leave_execution(execution);
        let position = self.executions.iter().position(|(id, _)| id == execution.id());
        position.map_or_else(Span::none, |position| self.executions.swap_remove(position).1)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::fmt::{Debug, Write as _};
    use std::sync::Arc;
    use std::time::Duration;

    use ::tracing::field::{Field, Visit as Fields};
    use ::tracing::span::{Attributes, Id, Record};
    use ::tracing::{Level, Metadata, Subscriber};
    use serde_json::json;

    use super::*;
    use crate::graph::order_flow::ORDER_FLOW;
    use crate::listener::{Telling, Tells};
    use crate::task::Visit;

    /// Writes down what it is told, with the span that each event is in.
    #[derive(Default)]
    struct Notes {
        text: Mutex<String>,
        spans: Mutex<Vec<String>>,
    }

    struct Recorder(Arc<Notes>, Level);

    #[derive(Default)]
    struct Text(String);

    impl Fields for Text {
        fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
            let _ = match field.name() {
                "message" => write!(self.0, " {value:?}"),
                name => write!(self.0, " {name}={value:?}"),
            };
        }
    }

    impl Subscriber for Recorder {
        fn enabled(&self, metadata: &Metadata<'_>) -> bool {
            metadata.target() == "workflow" && *metadata.level() <= self.1
        }

        fn new_span(&self, span: &Attributes<'_>) -> Id {
            let mut spans = self.0.spans.lock().unwrap();
            let mut text = Text::default();
            span.record(&mut text);
            let around = span
                .parent()
                .map(|id| spans[id.into_u64() as usize - 1].clone() + "/")
                .unwrap_or_default();
            spans.push(format!("{around}{}", text.0.trim()));
            Id::from_u64(spans.len() as u64)
        }

        fn event(&self, event: &::tracing::Event<'_>) {
            let mut text = Text::default();
            event.record(&mut text);
            let spans = self.0.spans.lock().unwrap();
            let span = event
                .parent()
                .map(|id| spans[id.into_u64() as usize - 1].clone())
                .unwrap_or_default();
            let _ = writeln!(
                self.0.text.lock().unwrap(),
                "{} [{span}]{}",
                event.metadata().level(),
                text.0
            );
        }

        fn record(&self, _: &Id, _: &Record<'_>) {}
        fn record_follows_from(&self, _: &Id, _: &Id) {}
        fn enter(&self, _: &Id) {}
        fn exit(&self, _: &Id) {}
    }

    /// What is told of executions that all end.
    fn notes(level: Level, tell: impl FnOnce(&Tracing)) -> String {
        let notes = Arc::new(Notes::default());
        ::tracing::subscriber::with_default(Recorder(Arc::clone(&notes), level), || {
            let tracing = Tracing::new();
            tell(&tracing);
            let open = tracing.0.into_inner().unwrap();
            assert!(open.executions.is_empty(), "spans are closed with the execution");
        });
        notes.text.lock().unwrap().clone()
    }

    fn state(name: &str) -> &'static State {
        ORDER_FLOW.machine.states.iter().find(|state| state.name == name).unwrap()
    }

    /// A flow whose Parallel state fails in its third branch after a retry, and nothing catches it.
    fn recorded(level: Level) -> String {
        notes(level, |tracing| {
            let execution = &Execution::named(&ORDER_FLOW, "test".to_owned());
            let fulfil = state("Fulfil");
            let crate::definition::Kind::Parallel(parallel) = &fulfil.kind else {
                panic!("Fulfil is a Parallel state")
            };
            let charge = &parallel.branches[2].states[0];
            let branch = <Telling<Tracing> as Tells>::inner(&None, execution, fulfil, 2);
            let (outside, inside) = (Scope(None), Scope(branch.as_ref()));
            let visit = Visit::first(0);
            let error = &*ErrorOutput::new("PaymentError.Busy", "try again").in_state("Charge");
            let data = &json!({ "total": 42 });
            let input = Payload::new(data);
            tracing.on(&Event::ExecutionStarted { execution, parent: None, input });
            tracing.on(&Event::StateEntered { execution, scope: outside, state: fulfil, input });
            let (scope, state) = (inside, charge);
            tracing.on(&Event::StateEntered { execution, scope, state, input });
            let limits = crate::engine::Limits::default();
            tracing.on(&Event::TaskScheduled { execution, scope, state, visit, input, limits });
            tracing.on(&Event::TaskFailed { execution, scope, state, visit, error });
            let delay = Duration::from_secs(2);
            tracing.on(&Event::RetryScheduled { execution, scope, state, visit, error, delay });
            tracing.on(&Event::ExecutionFailed { execution, error });
        })
    }

    #[test]
    fn events_are_in_the_spans_of_their_states() {
        let lines = recorded(Level::DEBUG)
            .replace("execution=\"OrderFlow:test\" workflow=\"OrderFlow\"", "flow");
        let lines = lines.replace("/state=\"Fulfil\" kind=\"Parallel\"", "/fulfil");
        let lines = lines.replace("/state=\"Charge\" kind=\"Task\" branch=2", "/charge");
        let expected = "\
INFO [flow] execution started
DEBUG [flow/fulfil] state entered
DEBUG [flow/fulfil/charge] state entered
DEBUG [flow/fulfil/charge] task scheduled retry_count=0
DEBUG [flow/fulfil/charge] task failed retry_count=0 error=\"PaymentError.Busy\" cause=\"try again\"
WARN [flow/fulfil/charge] retry scheduled state=\"Charge\" retry_count=0 error=\"PaymentError.Busy\" cause=\"try again\" delay=2s
ERROR [flow] execution failed state=\"Charge\" error=\"PaymentError.Busy\" cause=\"try again\"
";
        assert_eq!(lines, expected);
    }

    #[test]
    fn without_spans_of_states_events_are_in_that_of_the_execution() {
        let lines = concat!(
            "WARN [execution=\"OrderFlow:test\" workflow=\"OrderFlow\"] retry scheduled state=\"Charge\" retry_count=0 ",
            "error=\"PaymentError.Busy\" cause=\"try again\" delay=2s\n",
            "ERROR [execution=\"OrderFlow:test\" workflow=\"OrderFlow\"] execution failed state=\"Charge\" ",
            "error=\"PaymentError.Busy\" cause=\"try again\"\n",
        );
        assert_eq!(recorded(Level::WARN), lines);
    }

    #[test]
    fn an_execution_that_is_a_task_is_in_the_span_of_the_state_that_calls_it() {
        let lines = notes(Level::WARN, |tracing| {
            let [first, second, inner] = ["first", "second", "inner"]
                .map(|name| Execution::named(&ORDER_FLOW, name.to_owned()));
            let (scope, state, input) = (Scope(None), state("CheckInventory"), Payload::new(&0));
            for execution in [&first, &second] {
                tracing.on(&Event::ExecutionStarted { execution, parent: None, input });
                tracing.on(&Event::StateEntered { execution, scope, state, input });
            }
            let parent = Some(Parent { execution: &first, scope, state });
            tracing.on(&Event::ExecutionStarted { execution: &inner, parent, input });
            for execution in [&inner, &first, &second] {
                tracing.on(&Event::ExecutionAborted { execution });
            }
        });
        let span = |name| format!("execution=\"OrderFlow:{name}\" workflow=\"OrderFlow\"");
        let [first, second, inner] = ["first", "second", "inner"].map(span);
        let expected = format!(
            "WARN [{first}/{inner}] execution aborted\n\
             WARN [{first}] execution aborted\n\
             WARN [{second}] execution aborted\n"
        );
        assert_eq!(lines, expected);
    }

    #[test]
    fn data_are_written_at_the_trace_level_alone() {
        assert!(!recorded(Level::DEBUG).contains("42"));
        assert!(recorded(Level::TRACE).contains(r#"state input input={"total":42}"#));
    }
}
