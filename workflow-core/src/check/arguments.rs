//! Calls: whether a task gets as many arguments as it takes, each of the right type.

use super::{about, listed};
use crate::task::Task;

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
