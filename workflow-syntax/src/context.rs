//! The context object: its paths, and what they are in generated code.

/// A path into the context object.
pub struct ContextField {
    pub path: &'static str,
    /// Whether the path goes on into data.
    pub is_open: bool,
    pub value: ContextValue,
}

/// Where its value comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ContextValue {
    ExecutionId,
    ExecutionName,
    ExecutionInput,
    ExecutionStartTime,
    StateName,
    StateEnteredTime,
    StateRetryCount,
    StateMachineName,
    StateMachineId,
    MapItemIndex,
    MapItemValue,
    TaskToken,
}

const fn field(path: &'static str, value: ContextValue) -> ContextField {
    let is_open = matches!(value, ContextValue::ExecutionInput | ContextValue::MapItemValue);
    ContextField { path, is_open, value }
}

impl ContextField {
    /// Whether a path is that of the field, or goes on from it.
    pub fn has(&self, path: &str) -> bool {
        path.strip_prefix(self.path).is_some_and(|rest| {
            rest.is_empty() || self.is_open && rest.starts_with(['.', '[', '?'])
        })
    }
}

/// What there is.
pub const FIELDS: &[ContextField] = &[
    field("$$.Execution.Id", ContextValue::ExecutionId),
    field("$$.Execution.Input", ContextValue::ExecutionInput),
    field("$$.Execution.Name", ContextValue::ExecutionName),
    field("$$.Execution.StartTime", ContextValue::ExecutionStartTime),
    field("$$.State.EnteredTime", ContextValue::StateEnteredTime),
    field("$$.State.Name", ContextValue::StateName),
    field("$$.State.RetryCount", ContextValue::StateRetryCount),
    field("$$.StateMachine.Id", ContextValue::StateMachineId),
    field("$$.StateMachine.Name", ContextValue::StateMachineName),
    field("$$.Map.Item.Index", ContextValue::MapItemIndex),
    field("$$.Map.Item.Value", ContextValue::MapItemValue),
    field("$$.Task.Token", ContextValue::TaskToken),
];
