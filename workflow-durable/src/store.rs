//! Where journals are kept: what an engine asks of a store. The embedded store is a log in files; one in memory is for tests.

mod log;
mod memory;

use std::fmt;

pub use log::Log;
pub use memory::Memory;

/// Keeps the journals of executions: records of bytes, each of one execution.
///
/// # Contract
///
/// - What [`append`](Self::append) has returned `Ok` for is there after any crash. Of what it has not, any number of records from
///   the front may be there, whole: never a later one without an earlier one, never a part of one.
/// - One caller appends at a time. Reading goes on meanwhile.
pub trait Store: Send + Sync + 'static {
    /// Appends records, in order, and makes them durable.
    ///
    /// # Errors
    ///
    /// When they may not be durable. No more is appended to this store then.
    fn append(&self, records: &[Record]) -> Result<(), StoreError>;

    /// Reads the records of one execution, in order.
    ///
    /// # Errors
    ///
    /// As [`scan`](Self::scan).
    fn read(&self, execution: u64) -> Result<Vec<Record>, StoreError> {
        let mut records = Vec::new();
        self.scan(&mut |record| {
            if record.execution == execution {
                records.push(record);
            }
            Ok(())
        })?;
        Ok(records)
    }

    /// Calls a function for every record, from the first on.
    ///
    /// # Errors
    ///
    /// When the store cannot be read, or holds what it never wrote; and what the function fails with.
    fn scan(
        &self,
        visit: &mut dyn FnMut(Record) -> Result<(), StoreError>,
    ) -> Result<(), StoreError>;
}

/// The number under which an engine keeps what is of no execution: the key of its task tokens.
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
