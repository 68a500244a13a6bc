//! What a state hands on as it is, so that whoever keeps it need not keep it twice.

use super::{Choice, DataFlow, INPUT, Kind, PathField, State};

impl State {
    /// Whether it calls a function with its input as it is.
    pub(crate) fn calls_with_input(&self) -> bool {
        let takes_whole = matches!(&self.kind, Kind::Task(task) if task.arguments == INPUT);
        takes_whole && self.flow.keeps_input()
    }

    /// Whether its output is its input as it is, wherever it goes from here.
    pub(crate) fn outputs_input(&self) -> bool {
        let does_nothing = match &self.kind {
            Kind::Choice(choice) => choice.outputs_input(),
            Kind::Wait(_) | Kind::Pass | Kind::Succeed => true,
            Kind::Task(_) | Kind::Parallel(_) | Kind::Map(_) | Kind::Fail(_) => false,
        };
        does_nothing && self.flow.keeps_input() && self.flow.keeps_result()
    }

    /// Whether its output is the result of what it calls as it is.
    pub(crate) fn outputs_result(&self) -> bool {
        self.flow.keeps_result()
    }
}

impl DataFlow {
    fn keeps_input(&self) -> bool {
        self.input_path == PathField::Absent && self.parameters.is_none()
    }

    fn keeps_result(&self) -> bool {
        let Self { result_selector, result_path, output_path, output, .. } = self;
        result_selector.is_none()
            && output.is_none()
            && (*result_path, *output_path) == (PathField::Absent, PathField::Absent)
    }
}

impl Choice {
    fn outputs_input(&self) -> bool {
        let default = self.default.as_ref().and_then(|default| default.output.as_ref());
        default.is_none() && self.rules.iter().all(|rule| rule.output.is_none())
    }
}
