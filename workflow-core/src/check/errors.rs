//! Errors: whether a task can raise what a retrier or a catcher names.

use super::{about, instead, nearest};
use crate::error::{
    ErrorNames, STATES_ALL, STATES_DATA_LIMIT_EXCEEDED, STATES_HEARTBEAT_TIMEOUT, STATES_RUNTIME,
    STATES_TASK_FAILED, STATES_TIMEOUT,
};
use crate::text::{Text, contains, same};

const MOST: usize = 64;

/// The error names of a type and of all that it holds, or the Rust names of its own variants.
struct Names {
    names: [&'static str; MOST],
    count: usize,
}

impl Names {
    const fn push(mut self, name: &'static str) -> Self {
        if self.count < MOST {
            self.names[self.count] = name;
            self.count += 1;
        }
        self
    }

    const fn of(names: &ErrorNames) -> Self {
        Self { names: [""; MOST], count: 0 }.with(names)
    }

    const fn with(mut self, names: &ErrorNames) -> Self {
        let mut position = 0;
        while position < names.variants.len() {
            self = self.push(names.variants[position].error_name);
            position += 1;
        }
        position = 0;
        while position < names.others.len() {
            self = self.with(names.others[position]);
            position += 1;
        }
        self
    }

    const fn variants(names: &ErrorNames) -> Self {
        let mut all = Self { names: [""; MOST], count: 0 };
        let mut position = 0;
        while position < names.variants.len() {
            if !names.variants[position].rust_name.is_empty() {
                all = all.push(names.variants[position].rust_name);
            }
            position += 1;
        }
        all
    }

    const fn instead(&self, text: Text, name: &str) -> Text {
        instead(text, name, self.names.split_at(self.count).0)
    }
}

/// Whether a type can raise an error of a name: it, or a type that it holds, has a variant of that name, or raises errors
/// whose names are not known while compiling.
const fn may_raise(names: &ErrorNames, name: &str) -> bool {
    let mut may = names.open;
    let mut position = 0;
    while !may && position < names.variants.len() {
        may = same(names.variants[position].error_name, name);
        position += 1;
    }
    position = 0;
    while !may && position < names.others.len() {
        may = may_raise(names.others[position], name);
        position += 1;
    }
    may
}

/// The names that any task can raise.
const PREDEFINED: &[&str] = &[
    STATES_ALL,
    STATES_TASK_FAILED,
    STATES_TIMEOUT,
    STATES_HEARTBEAT_TIMEOUT,
    STATES_RUNTIME,
    STATES_DATA_LIMIT_EXCEEDED,
    // That nothing takes it is said before the types are looked at.
    STATES_RUNTIME,
    "States.Permissions",
    "States.ParameterPathFailure",
    "States.ResultPathMatchFailure",
    "States.IntrinsicFailure",
    "States.BranchFailed",
    "States.NoChoiceMatched",
    "States.ExceedToleratedFailureThreshold",
    "States.ItemReaderFailed",
    "States.ResultWriterFailed",
];

/// What can raise errors in a state: "task `charge`", and the errors of one or more types.
#[derive(Debug, Clone, Copy)]
pub struct Raises {
    /// The state.
    pub state: &'static str,
    /// What raises them.
    pub raises: &'static str,
    /// What they are.
    pub errors: &'static [&'static ErrorNames],
}

impl Raises {
    const fn names(&self) -> ErrorNames {
        ErrorNames { name: "", variants: &[], others: self.errors, open: false }
    }
}

/// Checks that an error name, written as text, can be raised.
///
/// # Panics
///
/// When it can not.
#[track_caller]
pub const fn error_name(raises: Raises, name: &str) {
    if contains(PREDEFINED, name) || may_raise(&raises.names(), name) {
        return;
    }
    panic!("{}", never(raises, name).as_str())
}

/// Checks that a variant of an error type can be raised. [`variant_name`] fails where it has no such variant.
///
/// # Panics
///
/// When it can not.
#[track_caller]
pub const fn error_variant(raises: Raises, ty: &str, errors: &'static ErrorNames, variant: &str) {
    let name = variant_of(raises.state, ty, errors, variant);
    if may_raise(&raises.names(), name) {
        return;
    }
    panic!("{}", never(raises, name).as_str())
}

/// The error name of a variant of an error type. A type that is none has no errors, and no name.
#[track_caller]
const fn variant_of(
    state: &str,
    ty: &str,
    errors: &'static ErrorNames,
    variant: &str,
) -> &'static str {
    let text = about(state).code(ty);
    match find(errors, variant) {
        Some(name) => name,
        None if errors.name.is_empty() => {
            let help = " is not the error type of a task: it does not implement `TaskError`, or not `Display`\nhelp: add `#[derive(Debug, workflow_core::TaskError)]` to it, or write the error name in quotes";
            panic!("{}", text.str(help).as_str())
        }
        None => {
            let text = text.str(" has no variant ").code(variant);
            panic!("{}", Names::variants(errors).instead(text, variant).as_str())
        }
    }
}

/// Checks that an error type has a variant, which a Fail state fails with.
///
/// # Panics
///
/// When it has not.
#[track_caller]
pub const fn fail_variant(state: &str, ty: &str, errors: &'static ErrorNames, variant: &str) {
    variant_of(state, ty, errors, variant);
}

const fn never(raises: Raises, name: &str) -> Text {
    let names = Names::of(&raises.names());
    let text = about(raises.state).str(raises.raises).str(" never raises ").code(name);
    if let Some(near) = nearest(name, PREDEFINED) {
        return text.str("\nhelp: a name like it is ").code(near);
    }
    if names.count == 0 { text.str(": it cannot fail") } else { names.instead(text, name) }
}

const fn find(names: &ErrorNames, variant: &str) -> Option<&'static str> {
    let mut position = 0;
    while position < names.variants.len() {
        if same(names.variants[position].rust_name, variant) {
            return Some(names.variants[position].error_name);
        }
        position += 1;
    }
    None
}

/// Returns the error name of a variant; empty where there is none, which [`error_variant`] reports.
#[must_use]
pub const fn variant_name(errors: &'static ErrorNames, variant: &str) -> &'static str {
    match find(errors, variant) {
        Some(name) => name,
        None => "",
    }
}
