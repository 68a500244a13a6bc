//! The store of `workflow-durable` beside embedded databases, in one run: `cargo run --release` in this folder.
//!
//! The work is that of an engine: records of 250 bytes, each of one of many executions, a number of them in each batch, and each batch
//! durable before the next. All run on the same disk, in turns, and the median of the turns counts.

use std::path::Path;
use std::time::Instant;

use workflow_durable::{Log, Record, Store};

/// How many turns each store has.
const TURNS: usize = 5;

/// Of each turn: how large a batch is, and how many there are.
const BATCHES: [(usize, u64); 3] = [(1, 1000), (64, 300), (1000, 60)];

type Written = Result<(), Box<dyn std::error::Error>>;

/// How a store writes the batch of a number.
type Writer = Box<dyn FnMut(u64, &[Record]) -> Written>;

/// The writer of a store, where it can be opened.
type Opened = Result<Writer, Box<dyn std::error::Error>>;

/// Makes a store in a folder.
type Open = fn(&Path) -> Opened;

fn main() -> Written {
    let stores: [(&str, Open); 4] =
        [("log", log), ("fjall", fjall), ("redb", redb), ("SQLite", sqlite)];
    println!("records a second, each batch durable; median of {TURNS}");
    println!("{:>8} {:>12} {:>12} {:>12} {:>12}", "batch", "log", "fjall", "redb", "SQLite");
    for (size, count) in BATCHES {
        let mut rates = [const { Vec::new() }; 4];
        for turn in 0..TURNS {
            for place in 0..stores.len() {
                let which = (place + turn) % stores.len();
                rates[which].push(rate(stores[which].1, size, count)?);
            }
        }
        let medians = rates.map(|mut rates| {
            rates.sort_by(f64::total_cmp);
            rates[TURNS / 2]
        });
        println!(
            "{size:>8} {:>12.0} {:>12.0} {:>12.0} {:>12.0}",
            medians[0], medians[1], medians[2], medians[3]
        );
    }
    Ok(())
}

/// How many records a second a store takes.
fn rate(open: Open, size: usize, count: u64) -> Result<f64, Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir_in(std::env::current_dir()?)?;
    let mut write = open(folder.path())?;
    let records: Vec<Record> = (0..size as u64)
        .map(|number| Record { execution: number * 7919 % 1000, bytes: vec![b'x'; 250] })
        .collect();
    write(0, &records)?;
    let start = Instant::now();
    for batch in 1..=count {
        write(batch, &records)?;
    }
    Ok((size as u64 * count) as f64 / start.elapsed().as_secs_f64())
}

/// The key of a record: its execution, and when it was written.
fn key(record: &Record, batch: u64, position: usize) -> [u8; 20] {
    let mut key = [0; 20];
    key[..8].copy_from_slice(&record.execution.to_be_bytes());
    key[8..16].copy_from_slice(&batch.to_be_bytes());
    key[16..].copy_from_slice(&(position as u32).to_be_bytes());
    key
}

fn log(folder: &Path) -> Opened {
    let log = Log::open(folder)?;
    Ok(Box::new(move |_, records| Ok(log.append(records).map(drop)?)))
}

fn fjall(folder: &Path) -> Opened {
    let database = fjall::Database::builder(folder).open()?;
    let keyspace = database.keyspace("records", fjall::KeyspaceCreateOptions::default)?;
    Ok(Box::new(move |number, records| {
        let mut batch = database.batch().durability(Some(fjall::PersistMode::SyncData));
        for (position, record) in records.iter().enumerate() {
            batch.insert(&keyspace, key(record, number, position), record.bytes.as_slice());
        }
        Ok(batch.commit()?)
    }))
}

fn redb(folder: &Path) -> Opened {
    const RECORDS: redb::TableDefinition<'_, &[u8], &[u8]> = redb::TableDefinition::new("records");
    let database = redb::Database::create(folder.join("redb"))?;
    Ok(Box::new(move |number, records| {
        let transaction = database.begin_write()?;
        let mut table = transaction.open_table(RECORDS)?;
        for (position, record) in records.iter().enumerate() {
            table.insert(key(record, number, position).as_slice(), record.bytes.as_slice())?;
        }
        drop(table);
        Ok(transaction.commit()?)
    }))
}

fn sqlite(folder: &Path) -> Opened {
    let mut connection = rusqlite::Connection::open(folder.join("sqlite"))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection
        .execute("CREATE TABLE records (key BLOB PRIMARY KEY, bytes BLOB) WITHOUT ROWID", [])?;
    Ok(Box::new(move |number, records| {
        let transaction = connection.transaction()?;
        let mut insert = transaction.prepare_cached("INSERT INTO records VALUES (?1, ?2)")?;
        for (position, record) in records.iter().enumerate() {
            insert.execute(rusqlite::params![key(record, number, position), record.bytes])?;
        }
        drop(insert);
        Ok(transaction.commit()?)
    }))
}
