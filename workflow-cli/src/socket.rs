//! The socket on which the process that works is reached: where it is, and how a request goes through it.
//!
//! It is `work.socket` in the directory of the store, for the user alone. Its name must be shorter than about a hundred bytes: where
//! the directory has a longer one, the socket is in a directory of its own among the temporary files, and `work.socket` is a file with
//! its name. One that was left by a process that was killed is replaced by the next one that works, which has the store to itself.
//!
//! Where there are no such sockets, nobody is ever reached.

#[cfg(not(unix))]
mod elsewhere;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
pub(crate) use elsewhere::{Socket, ask};
#[cfg(unix)]
pub(crate) use unix::{Socket, ask};

use crate::request::Answer;

/// What came of a request.
#[cfg_attr(not(unix), expect(dead_code, reason = "nobody is ever reached"))]
pub(crate) enum Reached {
    Answered(Answer),
    /// Nobody listens.
    Nobody,
    /// Who listened has ended before it answered.
    Lost,
}
