//! What an engine begins with when a store is opened: the index brought up to where the log is, and the executions that go on in memory.

use std::collections::HashMap;

use crate::builder::Registered;
use crate::description::Status;
use crate::index::{Index, Mark, Row, Standing};
use crate::progress::Progress;
use crate::rest::Watch;
use crate::store::{ENGINE, Position, Record, Store, StoreError};

/// How many rows are gathered before they are written to the index together.
const GATHERED: usize = 50_000;

/// What an engine begins with.
pub(crate) struct Recovered {
    /// The last record of the log.
    pub(crate) last: Option<Position>,
    pub(crate) next: u64,
    pub(crate) key: Option<[u8; 16]>,
}

/// Brings an index up to where the log is: from its mark on, or from the beginning where it has none, or one of another log.
pub(crate) fn follow(store: &dyn Store, index: &Index) -> Result<Recovered, StoreError> {
    let mark = index.mark()?;
    let is_of_log = |mark: &Mark| store.read(Position(mark.position)).is_ok();
    let mark = match mark.filter(is_of_log) {
        Some(mark) => Some(mark),
        None => {
            index.clear()?;
            None
        }
    };
    let after = mark.as_ref().map(|mark| Position(mark.position));
    let mut followed = Followed {
        index,
        rows: HashMap::new(),
        is_shortened: store.is_shortened(),
        recovered: Recovered {
            last: after,
            next: mark.as_ref().map_or(1, |mark| mark.next),
            key: mark.and_then(|mark| mark.key),
        },
    };
    store.scan(after, &mut |position, record| followed.record(position, record))?;
    followed.finish()
}

/// The log, as far as it is followed.
struct Followed<'i> {
    index: &'i Index,
    rows: HashMap<u64, Option<Row>>,
    /// Whether the beginnings of executions may be missing that are forgotten.
    is_shortened: bool,
    recovered: Recovered,
}

impl Followed<'_> {
    fn record(&mut self, position: Position, record: Record) -> Result<(), StoreError> {
        let Record { execution, bytes } = record;
        self.recovered.last = Some(position);
        if execution == ENGINE {
            let (key, next) = bytes.split_first_chunk().ok_or_else(odd_key)?;
            let next = u64::from_le_bytes(next.try_into().map_err(|_| odd_key())?);
            self.recovered.key = Some(*key);
            self.recovered.next = self.recovered.next.max(next);
            return Ok(());
        }
        self.recovered.next = self.recovered.next.max(execution + 1);
        if self.rows.len() >= GATHERED && !self.rows.contains_key(&execution) {
            self.write(None)?;
        }
        let row = match self.rows.entry(execution) {
            std::collections::hash_map::Entry::Occupied(found) => found.into_mut(),
            std::collections::hash_map::Entry::Vacant(place) => {
                place.insert(self.index.row(execution)?)
            }
        };
        Row::follow(row, position, &bytes, self.is_shortened)
    }

    fn write(&mut self, mark: Option<&Mark>) -> Result<(), StoreError> {
        let rows = self.rows.drain().filter_map(|(number, row)| Some((number, row?)));
        let mut rows: Vec<_> = rows.collect();
        rows.sort_by_key(|(number, _)| *number);
        self.index.write(&rows, mark)
    }

    fn finish(mut self) -> Result<Recovered, StoreError> {
        let Recovered { last, next, key } = self.recovered;
        let mark = last.map(|last| Mark::new(last, next, key));
        self.write(mark.as_ref())?;
        Ok(self.recovered)
    }
}

fn odd_key() -> StoreError {
    StoreError::damaged("the record of the engine has another length")
}

/// An execution that goes on in memory.
pub(crate) type GoesOn = (u64, Row, Progress);

/// The executions that ran when the index was written last. Those that only wait for long stay in the store, as do those of workflows that
/// are not registered.
pub(crate) fn running<'w>(
    store: &dyn Store,
    index: &Index,
    registered: impl Fn(&str) -> Option<&'w Registered>,
    now: i64,
    soon: i64,
) -> Result<Vec<GoesOn>, StoreError> {
    let (mut live, mut settled) = (Vec::new(), Vec::new());
    for number in index.running()? {
        let Some(row) = index.row(number)? else { continue };
        let Some(registered) = registered(row.workflow()) else { continue };
        let Some(progress) = Progress::read(store, &row)? else { continue };
        if let Some(end) = &progress.end {
            let standing = Standing::ended(Status::of(&end.outcome));
            settled.push((number, row.standing(standing, Some(end.time))));
            continue;
        }
        match progress.rests(registered.definition, Watch { now, heartbeats: None }) {
            Some(until) if until.is_none_or(|until| until > soon) => {
                settled.push((number, row.standing(Standing::Parked { until }, None)));
            }
            _ => live.push((number, row, progress)),
        }
        if settled.len() >= GATHERED {
            index.write(&std::mem::take(&mut settled), None)?;
        }
    }
    index.write(&settled, None)?;
    Ok(live)
}
