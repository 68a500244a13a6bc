//! Calls: whether a task gets as many arguments as it takes, each of the right type.

use super::{about, listed};
use crate::task::Task;
use crate::text::Text;

/// Returns whether the arguments of a call are the fields of an object: whether there are several.
///
/// # Panics
///
/// When there are too few or too many.
#[track_caller]
#[must_use]
pub const fn arguments<T: Task>(state: &str, given: usize, object: bool) -> bool {
    let takes = T::ARGUMENTS.len();
    if given == takes {
        return takes > 1;
    }
    // An object may stand for all arguments, and a task without any ignores what it is given.
    if given == 1 && (object || takes == 0) {
        return false;
    }
    let text = about(state).str("task ").code(T::NAME);
    let text = match takes {
        0 => text.str(" takes no argument"),
        1 => text.str(" takes one argument, ").code(T::ARGUMENTS[0]),
        _ => listed(text.str(" takes ").number(takes).str(" arguments, "), T::ARGUMENTS),
    };
    let text = text.str(", and gets ");
    let text = if given < takes {
        let text = if given == 0 { text.str("none") } else { text.str("only ").number(given) };
        listed(text.str("\nhelp: add "), T::ARGUMENTS.split_at(given).1)
    } else {
        text.number(given)
    };
    panic!("{}", text.as_str())
}

/// Returns 0 when the workflow is handed what a task needs.
///
/// # Panics
///
/// When it is handed something else, or nothing.
#[track_caller]
#[must_use]
pub const fn supplies<T: Task>(state: &str, has: &str, supplied: bool) -> usize {
    if supplied {
        return 0;
    }
    let text = about(state)
        .str("task ")
        .code(T::NAME)
        .str(" needs a `&")
        .str(T::RESOURCES)
        .str("`, and the workflow is handed ");
    let text = if has.is_empty() {
        text.str("nothing\nhelp: write it in the head of the workflow, before the input: `(&")
            .str(T::RESOURCES)
            .str(", ...)`")
    } else {
        text.str("a `&")
            .str(has)
            .str("`\nhelp: implement `Provides<")
            .str(T::RESOURCES)
            .str(">` for `")
            .str(has)
            .str("`")
    };
    panic!("{}", text.as_str())
}

/// Returns 0 for a task.
///
/// # Panics
///
/// When it is none.
#[track_caller]
#[must_use]
pub const fn task(state: &str, name: &str, is_task: bool) -> usize {
    if is_task {
        return 0;
    }
    let text = about(state)
        .code(name)
        .str(" is not a task\nhelp: write `#[task]` before an async function, or call a workflow");
    panic!("{}", text.as_str())
}

/// Returns 0 for the error type of a task.
///
/// # Panics
///
/// When it is none.
#[track_caller]
#[must_use]
pub const fn task_error(name: &str, is_task_error: bool) -> usize {
    if is_task_error {
        return 0;
    }
    let text = Text::new()
        .code(name)
        .str(" is not the error type of a task: it does not implement `TaskError`\nhelp: return an enum of yours with `#[derive(Debug, workflow_core::TaskError)]` and `Display`");
    panic!("{}", text.as_str())
}

/// Returns 0 for a type that can go through a workflow.
///
/// # Panics
///
/// When it cannot.
#[track_caller]
#[must_use]
pub const fn data(name: &str, is_data: bool) -> usize {
    if is_data {
        return 0;
    }
    let text = Text::new().code(name).str(" cannot go through a workflow: it does not implement `Data`\nhelp: add `#[derive(Clone, serde::Serialize, serde::Deserialize, workflow_core::Data)]` to it");
    panic!("{}", text.as_str())
}
