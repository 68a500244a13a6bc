//! Where journals are kept: what an engine asks of a store. The embedded store is a log in files; one in memory is for tests.

mod log;
mod memory;

use std::fmt;
use std::path::Path;

pub use log::Log;
pub use memory::Memory;

/// Keeps the journals of executions: records of bytes, each of one execution.
///
/// # Contract
///
/// - What [`append`](Self::append) has returned `Ok` for is there after any crash. Of what it has not, any number of records from
///   the front may be there, whole: never a later one without an earlier one, never a part of one.
/// - One caller appends at a time. Reading goes on meanwhile.
/// - A position is of one record for ever, and later records have greater ones.
pub trait Store: Send + Sync + 'static {
    /// Appends records, in order, makes them durable, and returns where each is.
    ///
    /// # Errors
    ///
    /// When they may not be durable. No more is appended to this store then.
    fn append(&self, records: &[Record]) -> Result<Vec<Position>, StoreError>;

    /// Reads the record at a position.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or is not what was written there.
    fn read(&self, position: Position) -> Result<Record, StoreError>;

    /// Calls a function for every record after a position, or from the first on.
    ///
    /// # Errors
    ///
    /// When the store cannot be read, or holds what it never wrote; and what the function fails with.
    fn scan(
        &self,
        after: Option<Position>,
        visit: &mut dyn FnMut(Position, Record) -> Result<(), StoreError>,
    ) -> Result<(), StoreError>;

    /// Whether records may be missing from the beginning, since they were [forgotten](Self::forget_before).
    fn is_shortened(&self) -> bool {
        false
    }

    /// Takes note that no record before a position is asked for any more. A store may keep some of them, or all.
    ///
    /// # Errors
    ///
    /// When what is to be removed cannot be.
    fn forget_before(&self, position: Position) -> Result<(), StoreError> {
        let _ = position;
        Ok(())
    }

    /// Returns a folder beside what is stored, in which an engine may keep an index of it, that is only a help and can be made again.
    /// Without one, it is in memory, and made again whenever the store is opened.
    fn folder(&self) -> Option<&Path> {
        None
    }
}

/// Where a record is in a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(pub u64);

/// The number under which an engine keeps what is of no execution: the key of its task tokens, and the number of the next execution.
pub(crate) const ENGINE: u64 = 0;

/// A record of one execution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The number of the execution in the store, from 1; 0 for what is of none.
    pub execution: u64,
    /// What is kept of it.
    pub bytes: Vec<u8>,
}

/// Why a store has not done what it was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreError {
    message: String,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Unavailable,
    Damaged,
    Held,
    Foreign,
}

impl StoreError {
    /// The store could not be read or written, and what it holds is as it was.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self { message: message.into(), kind: Kind::Unavailable }
    }

    /// Another process has the store open.
    pub fn held(message: impl Into<String>) -> Self {
        Self { message: message.into(), kind: Kind::Held }
    }

    /// What is there is something else than a store.
    pub fn foreign(message: impl Into<String>) -> Self {
        Self { message: message.into(), kind: Kind::Foreign }
    }

    /// The store holds something that it never wrote.
    pub fn damaged(message: impl Into<String>) -> Self {
        Self { message: message.into(), kind: Kind::Damaged }
    }

    /// Whether the store holds something that it never wrote.
    #[must_use]
    pub const fn is_damage(&self) -> bool {
        matches!(self.kind, Kind::Damaged)
    }

    /// Whether another process has the store open: it may be free later.
    #[must_use]
    pub const fn is_held(&self) -> bool {
        matches!(self.kind, Kind::Held)
    }

    /// Whether what is there is something else than a store.
    #[must_use]
    pub const fn is_foreign(&self) -> bool {
        matches!(self.kind, Kind::Foreign)
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for StoreError {}
