//! The index: what is known of each execution that is not in memory, so that it is found, listed and woken. It is in a database beside the
//! log, or in memory where a store has no folder, and is only a help: what is missing of it is made again from the log.
//!
//! What an execution does while it is in memory is not here. How the index is brought up to date is in [`recovery`](crate::recovery).

mod row;

use std::borrow::Borrow;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{PoisonError, RwLock};

use redb::backends::InMemoryBackend;
use redb::{
    Database, Durability, ReadOnlyTable, ReadableDatabase, ReadableTable, ReadableTableMetadata,
    Table, TableDefinition, WriteTransaction,
};
use serde::{Deserialize, Serialize};

use crate::description::Status;
use crate::store::{Position, StoreError};
pub(crate) use row::{Row, Standing};

/// The rows, by the numbers of executions.
const ROWS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("executions");
/// The numbers of executions, by their ids.
const IDS: TableDefinition<'_, &str, u64> = TableDefinition::new("ids");
/// The executions that have not succeeded, by how they stand. Most do succeed, and are found among all.
const STATUSES: TableDefinition<'_, (u8, u64), ()> = TableDefinition::new("statuses");
/// The executions that are looked at when the store is opened: those that ran when their row was written.
const RUNNING: TableDefinition<'_, u64, ()> = TableDefinition::new("running");
/// The executions that wait in the store, by when they are woken.
const WAKES: TableDefinition<'_, (i64, u64), ()> = TableDefinition::new("wakes");
/// What is known of all, under one name.
const MARK: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("mark");
const MARKED: &str = "mark";

/// The version of the index. One of another version is made again.
const VERSION: u32 = 3;

/// How many bytes of the index are kept in memory.
const CACHE: usize = 64 << 20;

/// Up to where the log is in the index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mark {
    version: u32,
    /// The last record.
    pub(crate) position: u64,
    /// The number of the next execution.
    pub(crate) next: u64,
    /// The key of task tokens.
    pub(crate) key: Option<[u8; 16]>,
}

impl Mark {
    pub(crate) const fn new(position: Position, next: u64, key: Option<[u8; 16]>) -> Self {
        Self { version: VERSION, position: position.0, next, key }
    }
}

pub(crate) struct Index {
    /// The numbers by id, as they were last written: they are asked for whenever an execution is started.
    ids: RwLock<ReadOnlyTable<&'static str, u64>>,
    database: Database,
}

impl Index {
    /// Opens the index in a folder, or makes an empty one: also where what is there cannot be opened.
    pub(crate) fn open(folder: Option<&Path>) -> Result<Self, StoreError> {
        let Some(folder) = folder else {
            let database = builder().create_with_backend(InMemoryBackend::new());
            return Self::with_tables(database.map_err(failed)?);
        };
        let path = folder.join("index.redb");
        // A database that is damaged may panic when it is opened.
        let opened = || builder().create(&path).map_err(failed).and_then(Self::with_tables);
        if let Ok(Ok(index)) = catch_unwind(AssertUnwindSafe(opened)) {
            return Ok(index);
        }
        fs::remove_file(&path).map_err(|error| {
            StoreError::unavailable(format!("`{}` cannot be removed: {error}", path.display()))
        })?;
        Self::with_tables(builder().create(&path).map_err(failed)?)
    }

    fn with_tables(database: Database) -> Result<Self, StoreError> {
        make_tables(&database)?;
        let ids = RwLock::new(ids(&database)?);
        let index = Self { database, ids };
        match index.mark()? {
            Some(mark) if mark.version != VERSION => index.clear()?,
            _ => {}
        }
        Ok(index)
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) -> Result<(), StoreError> {
        let writing = self.database.begin_write().map_err(failed)?;
        writing.delete_table(ROWS).map_err(failed)?;
        writing.delete_table(IDS).map_err(failed)?;
        writing.delete_table(STATUSES).map_err(failed)?;
        writing.delete_table(RUNNING).map_err(failed)?;
        writing.delete_table(WAKES).map_err(failed)?;
        writing.delete_table(MARK).map_err(failed)?;
        Tables::open(&writing)?;
        self.commit(writing)
    }

    /// Up to where the log is here.
    pub(crate) fn mark(&self) -> Result<Option<Mark>, StoreError> {
        let reading = self.database.begin_read().map_err(failed)?;
        let table = reading.open_table(MARK).map_err(failed)?;
        let found = table.get(MARKED).map_err(failed)?;
        Ok(found.and_then(|found| postcard::from_bytes(found.value()).ok()))
    }

    /// Writes rows, all or none. With a mark they are durable: all that came before it is then here.
    pub(crate) fn write(
        &self,
        rows: &[(u64, impl Borrow<Row>)],
        mark: Option<&Mark>,
    ) -> Result<(), StoreError> {
        let mut writing = self.database.begin_write().map_err(failed)?;
        // What is lost without a mark is made again from the log.
        let durability = if mark.is_some() { Durability::Immediate } else { Durability::None };
        writing.set_durability(durability).map_err(failed)?;
        Tables::open(&writing)?.write(rows, mark)?;
        self.commit(writing)
    }

    fn commit(&self, writing: WriteTransaction) -> Result<(), StoreError> {
        writing.commit().map_err(failed)?;
        // Looked up under the lock: of two commits at once, the later one is what stays.
        let mut current = self.ids.write().unwrap_or_else(PoisonError::into_inner);
        *current = ids(&self.database)?;
        Ok(())
    }

    /// Forgets executions.
    pub(crate) fn forget(&self, numbers: &[u64]) -> Result<(), StoreError> {
        let mut writing = self.database.begin_write().map_err(failed)?;
        // What comes back by a crash is forgotten again.
        writing.set_durability(Durability::None).map_err(failed)?;
        let mut tables = Tables::open(&writing)?;
        numbers.iter().try_for_each(|number| tables.remove(*number))?;
        drop(tables);
        self.commit(writing)
    }

    /// The executions that have ended before a time, so many at most.
    pub(crate) fn ended_before(&self, time: i64, most: usize) -> Result<Vec<u64>, StoreError> {
        let reading = self.database.begin_read().map_err(failed)?;
        let table = reading.open_table(ROWS).map_err(failed)?;
        let mut numbers = Vec::new();
        for found in table.iter().map_err(failed)? {
            let (number, row) = found.map_err(failed)?;
            if Row::read(row.value())?.stopped.is_some_and(|stopped| stopped < time) {
                numbers.push(number.value());
            }
            if numbers.len() == most {
                break;
            }
        }
        Ok(numbers)
    }

    /// For whom the log is kept: apart are those that wait in the store, and were started before a time.
    pub(crate) fn kept(&self, time: i64) -> Result<Kept, StoreError> {
        let reading = self.database.begin_read().map_err(failed)?;
        let table = reading.open_table(ROWS).map_err(failed)?;
        let mut kept = Kept::default();
        for found in table.iter().map_err(failed)? {
            let (number, row) = found.map_err(failed)?;
            let row = Row::read(row.value())?;
            let is_waiting = matches!(row.standing, Standing::Parked { .. }) && row.started < time;
            if is_waiting {
                kept.waiting.push((row.first(), number.value()));
            } else {
                kept.others = kept.others.into_iter().chain([row.first()]).min();
            }
        }
        Ok(kept)
    }

    /// The number of an execution by its id.
    pub(crate) fn number(&self, id: &str) -> Result<Option<u64>, StoreError> {
        let ids = self.ids.read().unwrap_or_else(PoisonError::into_inner);
        Ok(ids.get(id).map_err(failed)?.map(|found| found.value()))
    }

    pub(crate) fn row(&self, number: u64) -> Result<Option<Row>, StoreError> {
        let reading = self.database.begin_read().map_err(failed)?;
        let table = reading.open_table(ROWS).map_err(failed)?;
        let found = table.get(number).map_err(failed)?;
        found.map(|found| Row::read(found.value())).transpose()
    }

    /// How many executions have not ended.
    pub(crate) fn open_executions(&self) -> Result<usize, StoreError> {
        let reading = self.database.begin_read().map_err(failed)?;
        let table = reading.open_table(STATUSES).map_err(failed)?;
        Ok(table.range(of_status(Status::Running)).map_err(failed)?.count())
    }

    /// The executions that ran when their rows were written.
    pub(crate) fn running(&self) -> Result<Vec<u64>, StoreError> {
        let reading = self.database.begin_read().map_err(failed)?;
        let table = reading.open_table(RUNNING).map_err(failed)?;
        let mut numbers =
            Vec::with_capacity(usize::try_from(table.len().map_err(failed)?).unwrap_or(0));
        for found in table.iter().map_err(failed)? {
            numbers.push(found.map_err(failed)?.0.value());
        }
        Ok(numbers)
    }

    /// When the next execution is woken.
    pub(crate) fn next_wake(&self) -> Result<Option<i64>, StoreError> {
        let reading = self.database.begin_read().map_err(failed)?;
        let table = reading.open_table(WAKES).map_err(failed)?;
        Ok(table.first().map_err(failed)?.map(|(found, _)| found.value().0))
    }

    /// The executions that are woken by a time, so many at most.
    pub(crate) fn due(&self, time: i64, most: usize) -> Result<Vec<u64>, StoreError> {
        let reading = self.database.begin_read().map_err(failed)?;
        let table = reading.open_table(WAKES).map_err(failed)?;
        let due = table.range(..=(time, u64::MAX)).map_err(failed)?.take(most);
        due.map(|found| Ok(found.map_err(failed)?.0.value().1)).collect()
    }

    /// Rows from the last one on, before a number where one is given, until a function has enough.
    pub(crate) fn each_back(
        &self,
        status: Option<Status>,
        before: Option<u64>,
        mut enough: impl FnMut(u64, Row) -> bool,
    ) -> Result<(), StoreError> {
        let reading = self.database.begin_read().map_err(failed)?;
        let rows = reading.open_table(ROWS).map_err(failed)?;
        let end = before.unwrap_or(u64::MAX);
        let Some(status) = status.filter(|status| *status != Status::Succeeded) else {
            for found in rows.range(..end).map_err(failed)?.rev() {
                let (number, row) = found.map_err(failed)?;
                let row = Row::read(row.value())?;
                let is_wanted = status.is_none_or(|status| row.standing.status() == status);
                if is_wanted && enough(number.value(), row) {
                    break;
                }
            }
            return Ok(());
        };
        let statuses = reading.open_table(STATUSES).map_err(failed)?;
        let code = row::code(status);
        for found in statuses.range((code, 0)..(code, end)).map_err(failed)?.rev() {
            let number = found.map_err(failed)?.0.value().1;
            let row = rows.get(number).map_err(failed)?;
            let row = row.ok_or_else(|| StoreError::damaged("the index has no such row"))?;
            if enough(number, Row::read(row.value())?) {
                break;
            }
        }
        Ok(())
    }
}

/// For whom the log is kept.
#[derive(Default)]
pub(crate) struct Kept {
    /// Those that wait for long: where the first record of each is, and its number.
    waiting: Vec<(Position, u64)>,
    /// Where the first record is of all others.
    others: Option<Position>,
}

impl Kept {
    /// Where the first record is.
    pub(crate) fn first(&self) -> Option<Position> {
        self.waiting.iter().map(|(first, _)| *first).chain(self.others).min()
    }

    /// Those that wait for long, and keep more of the log than all others.
    pub(crate) fn in_the_way(&self) -> Vec<u64> {
        let is_in_the_way = |first: Position| self.others.is_none_or(|others| first < others);
        let found = self.waiting.iter().filter(|(first, _)| is_in_the_way(*first));
        found.map(|(_, number)| *number).collect()
    }
}

/// The tables while they are written.
struct Tables<'w> {
    rows: Table<'w, u64, &'static [u8]>,
    ids: Table<'w, &'static str, u64>,
    statuses: Table<'w, (u8, u64), ()>,
    running: Table<'w, u64, ()>,
    wakes: Table<'w, (i64, u64), ()>,
    mark: Table<'w, &'static str, &'static [u8]>,
}

impl<'w> Tables<'w> {
    fn open(writing: &'w WriteTransaction) -> Result<Self, StoreError> {
        Ok(Self {
            rows: writing.open_table(ROWS).map_err(failed)?,
            ids: writing.open_table(IDS).map_err(failed)?,
            statuses: writing.open_table(STATUSES).map_err(failed)?,
            running: writing.open_table(RUNNING).map_err(failed)?,
            wakes: writing.open_table(WAKES).map_err(failed)?,
            mark: writing.open_table(MARK).map_err(failed)?,
        })
    }

    fn write(
        mut self,
        rows: &[(u64, impl Borrow<Row>)],
        mark: Option<&Mark>,
    ) -> Result<(), StoreError> {
        for (number, row) in rows {
            self.replace(*number, row.borrow())?;
        }
        if let Some(mark) = mark {
            let bytes = postcard::to_stdvec(mark).expect("a mark holds numbers alone");
            self.mark.insert(MARKED, bytes.as_slice()).map_err(failed)?;
        }
        Ok(())
    }

    fn replace(&mut self, number: u64, row: &Row) -> Result<(), StoreError> {
        let bytes = row.bytes();
        let old = self.rows.insert(number, bytes.as_slice()).map_err(failed)?;
        let old = old.map(|old| Row::read(old.value())).transpose()?;
        match &old {
            None => drop(self.ids.insert(&*row.id, number).map_err(failed)?),
            Some(old) if old.standing == row.standing => return Ok(()),
            Some(old) => self.take_back(number, old)?,
        }
        let status = row.standing.status();
        if status != Status::Succeeded {
            self.statuses.insert((row::code(status), number), ()).map_err(failed)?;
        }
        match row.standing {
            Standing::Running => drop(self.running.insert(number, ()).map_err(failed)?),
            Standing::Parked { until: Some(until) } => {
                self.wakes.insert((until, number), ()).map_err(failed)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Removes an execution.
    fn remove(&mut self, number: u64) -> Result<(), StoreError> {
        let old = self.rows.remove(number).map_err(failed)?;
        let Some(old) = old.map(|old| Row::read(old.value())).transpose()? else { return Ok(()) };
        self.take_back(number, &old)?;
        // A later execution may have the name by now.
        let is_its = self.ids.get(&*old.id).map_err(failed)?.is_some_and(|of| of.value() == number);
        if is_its {
            self.ids.remove(&*old.id).map_err(failed)?;
        }
        Ok(())
    }

    /// Removes what is kept of how an execution stood.
    fn take_back(&mut self, number: u64, old: &Row) -> Result<(), StoreError> {
        self.statuses.remove((row::code(old.standing.status()), number)).map_err(failed)?;
        match old.standing {
            Standing::Running => drop(self.running.remove(number).map_err(failed)?),
            Standing::Parked { until: Some(until) } => {
                self.wakes.remove((until, number)).map_err(failed)?;
            }
            _ => {}
        }
        Ok(())
    }
}

fn make_tables(database: &Database) -> Result<(), StoreError> {
    let writing = database.begin_write().map_err(failed)?;
    Tables::open(&writing)?;
    writing.commit().map_err(failed)
}

fn ids(database: &Database) -> Result<ReadOnlyTable<&'static str, u64>, StoreError> {
    database.begin_read().map_err(failed)?.open_table(IDS).map_err(failed)
}

fn builder() -> redb::Builder {
    let mut builder = Database::builder();
    builder.set_cache_size(CACHE);
    builder
}

fn of_status(status: Status) -> std::ops::RangeInclusive<(u8, u64)> {
    let code = row::code(status);
    (code, 0)..=(code, u64::MAX)
}

fn failed(error: impl Into<redb::Error>) -> StoreError {
    StoreError::unavailable(format!("the index of the store fails: {}", error.into()))
}
