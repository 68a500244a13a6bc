//! Calls: whether a task gets as many arguments as it takes, each of the right type.

use super::{about, listed};
use crate::task::Signature;
use crate::text::Text;

/// A call of a task, as a state has it.
#[derive(Debug, Clone, Copy)]
pub struct Call {
    /// The state.
    pub state: &'static str,
    /// The function, as it is written.
    pub function: &'static str,
    /// How many arguments it gets.
    pub given: usize,
    /// Whether the only one is an object, which may stand for all.
    pub object: bool,
    /// Whether the only one is what the state is handed, and not written in the call.
    pub handed_on: bool,
    /// Whether the state waits until its task token is sent back.
    pub awaits: bool,
    /// Whether an argument is the token.
    pub hands_token: bool,
    /// The type that the workflow is handed a reference to, as it is written; empty for none.
    pub has: &'static str,
}

/// Returns 0 for a call of a task that the workflow has what it needs for, with as many arguments as it takes.
///
/// # Panics
///
/// When it calls no task, the workflow is handed something else or nothing, there are too few arguments or too many, or the state waits
/// for a token that nobody is given.
#[track_caller]
#[must_use]
pub const fn call(call: Call, signature: Option<&Signature>, supplied: bool) -> usize {
    let Some(task) = signature else {
        let text = about(call.state).code(call.function).str(
            " is not a task\nhelp: write `#[task]` before an async function, or call a workflow",
        );
        panic!("{}", text.as_str())
    };
    if !supplied {
        panic!("{}", not_supplied(call, task).as_str())
    }
    if call.awaits {
        token_is_given(call, task);
    }
    let takes = task.arguments.len();
    // An object may stand for all arguments, and a task without any ignores what is handed on to it.
    if call.given == takes || call.given == 1 && call.object || call.handed_on && takes == 0 {
        return 0;
    }
    panic!("{}", miscounted(call, task).as_str())
}

/// Holds a state that waits for its task token to give it to somebody who can send it back.
#[track_caller]
const fn token_is_given(call: Call, task: &Signature) {
    let about = about(call.state);
    if task.is_workflow {
        let text = about.str("workflow ").code(task.name).str(
            " is waited for until it ends, and is given no task token\nhelp: remove `wait_for_task_token`, or start it in a task",
        );
        panic!("{}", text.as_str())
    }
    if !task.has_context && !call.hands_token {
        let text = about.str("waits for a task token that ").code(task.name).str(
            " is not given\nhelp: hand it on with the argument `$$.Task.Token`, or let the function take a `TaskContext`",
        );
        panic!("{}", text.as_str())
    }
}

const fn not_supplied(call: Call, task: &Signature) -> Text {
    let text = about(call.state)
        .str("task ")
        .code(task.name)
        .str(" needs a `&")
        .str(task.resources)
        .str("`, and the workflow is handed ");
    if call.has.is_empty() {
        text.str("nothing\nhelp: write it in the head of the workflow, before the input: `(&")
            .str(task.resources)
            .str(", ...)`")
    } else {
        text.str("a `&")
            .str(call.has)
            .str("`\nhelp: implement `Provides<")
            .str(task.resources)
            .str(">` for `")
            .str(call.has)
            .str("`")
    }
}

const fn miscounted(call: Call, task: &Signature) -> Text {
    let (given, arguments) = (call.given, task.arguments);
    let takes = arguments.len();
    let text = about(call.state).str("task ").code(task.name);
    let text = match takes {
        0 => text.str(" takes no argument"),
        1 => text.str(" takes one argument, ").code(arguments[0]),
        _ => listed(text.str(" takes ").number(takes).str(" arguments, "), arguments),
    };
    let text = text.str(", and gets ");
    if given < takes {
        let text = if given == 0 { text.str("none") } else { text.str("only ").number(given) };
        listed(text.str("\nhelp: add "), arguments.split_at(given).1)
    } else {
        text.number(given)
    }
}

/// Returns 0 for a type that tasks can be handed a reference to.
///
/// # Panics
///
/// When they cannot.
#[track_caller]
#[must_use]
pub const fn shared(name: &str, is_shared: bool) -> usize {
    if is_shared {
        return 0;
    }
    let text = Text::new()
        .code(name)
        .str(" cannot be handed to tasks: they may run on several threads at once, and it is not `Sync`, or borrows\nhelp: put a `std::sync::Mutex`, `RwLock` or an atomic in place of a `RefCell` or `Cell`, and an `Arc` in place of an `Rc`; a trait that is handed over has `Sync` before it, as in `trait Bank: Sync`");
    panic!("{}", text.as_str())
}

/// Returns 0 for what a task gives back by an alias of a `Result`, where that is data, or the error type of a task.
///
/// # Panics
///
/// When it is not.
#[track_caller]
#[must_use]
pub const fn alias(name: &str, is_data: bool, is_task_error: bool) -> usize {
    if !is_data {
        let text = Text::new().str("what is in ").code(name).str(NO_DATA);
        panic!("{}", text.as_str())
    }
    if !is_task_error {
        let text = Text::new().str("the error of ").code(name).str(NO_TASK_ERROR);
        panic!("{}", text.as_str())
    }
    0
}

/// Returns 0 for what a task gives back that is data.
///
/// # Panics
///
/// When it is not: it may be an alias of a `Result`, too.
#[track_caller]
#[must_use]
pub const fn output(name: &str, is_data: bool) -> usize {
    if is_data {
        return 0;
    }
    let text = Text::new().code(name).str(NO_DATA);
    let text = text.str("; where it is an alias of `Result`, let its name end with `Result`");
    panic!("{}", text.as_str())
}

const NO_DATA: &str = " cannot go through a workflow: it does not implement `Data`\nhelp: add `#[derive(Clone, serde::Serialize, serde::Deserialize, workflow_core::Data)]` to it: it takes all four";

const NO_TASK_ERROR: &str = " is not the error type of a task: it does not implement `TaskError`, or not `Display`, which writes the cause\nhelp: return an enum of yours with `#[derive(Debug, workflow_core::TaskError)]` and an `impl std::fmt::Display`";

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
    panic!("{}", Text::new().code(name).str(NO_TASK_ERROR).as_str())
}

/// Returns 0 for a type that can go through a workflow. `help` says what to write in place of it where it is none of the user.
///
/// # Panics
///
/// When it cannot.
#[track_caller]
#[must_use]
pub const fn data_instead(name: &str, is_data: bool, help: &str) -> usize {
    if is_data {
        return 0;
    }
    let text = Text::new().code(name).str(" cannot go through a workflow\nhelp: ").str(help);
    panic!("{}", text.as_str())
}

/// Returns 0 for a type that can go through a workflow, where it is one of the user.
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
    panic!("{}", Text::new().code(name).str(NO_DATA).as_str())
}
