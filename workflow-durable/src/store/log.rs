//! The embedded store: a log in preallocated segments, which is only ever appended to.
//!
//! # Layout
//!
//! A directory holds `FORMAT`, a line with the version of the layout; `LOCK`, which the process that has it open holds locked,
//! with its number; `FIRST`, once segments were removed, with the number of the first that is kept; and `00000001.log` and so on, the segments. A segment is written full of zeros before it is used, so that
//! making a batch durable changes no metadata of the file system.
//!
//! A segment begins with `WFSEG001`, its number (8 bytes), the number of its first batch (8), the CRC-32 of these (4), and four zeros. Then
//! come batches, each at a multiple of eight bytes:
//!
//! | bytes | |
//! |---|---|
//! | 4 | `WFB1` |
//! | 4 | the length of what follows the header, in bytes |
//! | 8 | the number of the batch: one more than that of the batch before |
//! | 4 | the CRC-32 of the number and of what follows the header |
//! | 4 | zero |
//! | .. | records: the number of the execution (8 bytes), the length (4), the CRC-32 of these and of the bytes (4), the bytes |
//!
//! Numbers are little-endian. A batch is written whole and made durable before the next one is written. So a batch that is not
//! whole is the last one, which nobody was told of: it is cut off. Where a later batch follows it, the log is damaged, and is not
//! opened. Opening a log looks at its last segment alone; the others are held to this when they are read.
//!
//! The position of a record is the number of its segment times 2^40, and where it begins in the segment.

mod batch;
mod segment;
#[cfg(test)]
mod tests;

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use batch::Batch;
use segment::Segment;

use super::{Position, Record, Store, StoreError};

/// The version of the layout.
const FORMAT: &str = "workflow-durable 2\n";

/// The file of the version while it is written.
const BEGUN_FORMAT: &str = "FORMAT.new";

/// How large a segment is; a batch that is larger has one of its own.
const SEGMENT: u64 = 16 << 20;

/// Keeps records in files of a directory.
#[derive(Debug)]
pub struct Log {
    directory: PathBuf,
    end: Mutex<End>,
    /// Locked as long as the log is open.
    _lock: File,
}

/// Where the log ends.
#[derive(Debug)]
struct End {
    segment: Segment,
    offset: u64,
    /// How long a new segment is.
    segments: u64,
    /// The number of the next batch.
    batch: u64,
    /// Whether what is written is made durable.
    syncs: bool,
    /// Why nothing is appended any more.
    broken: Option<StoreError>,
}

impl Log {
    /// Opens the log in a directory, or makes one where the directory is empty or not there.
    ///
    /// # Errors
    ///
    /// When another process has it open, the directory holds something else or another layout, a batch in the middle of the
    /// last segment is not what was written, or the directory cannot be read and written.
    pub fn open(directory: impl AsRef<Path>) -> Result<Self, StoreError> {
        Self::with_segments(directory.as_ref(), SEGMENT, true)
    }

    /// Opens the log without making durable what is written: it survives the end of the process, also by `kill -9`, and is lost in part
    /// when the machine loses power or its system fails. Then the log may be damaged, and is not opened.
    ///
    /// It is for tests and for what can be done again, where the disk is slow.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn open_unsynced(directory: impl AsRef<Path>) -> Result<Self, StoreError> {
        Self::with_segments(directory.as_ref(), SEGMENT, false)
    }

    /// Opens the log with new segments of another length.
    pub(crate) fn with_segments(
        directory: &Path,
        length: u64,
        syncs: bool,
    ) -> Result<Self, StoreError> {
        let directory = directory.to_owned();
        let unavailable = |error| unavailable(&directory, "opened", error);
        fs::create_dir_all(&directory).map_err(unavailable)?;
        is_ours(&directory)?;
        let lock = lock(&directory)?;
        write_format(&directory).map_err(unavailable)?;
        let end = End::find(&directory, length, syncs)?;
        Ok(Self { directory, end: Mutex::new(end), _lock: lock })
    }
}

impl Store for Log {
    fn append(&self, records: &[Record]) -> Result<Vec<Position>, StoreError> {
        let mut end = self.end.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(error) = &end.broken {
            return Err(error.clone());
        }
        end.append(&self.directory, records).map_err(|error| {
            let error = unavailable(&self.directory, "written", error);
            // Whether the batch is there is not known: only reading the log again tells.
            end.broken = Some(error.clone());
            error
        })
    }

    fn read(&self, position: Position) -> Result<Record, StoreError> {
        let (number, offset) = (position.0 >> OFFSET_BITS, position.0 & OFFSET_MASK);
        let path = segment::path(&self.directory, number);
        let bytes =
            read_record(&path, offset).map_err(|error| unavailable(&path, "read", error))?;
        batch::record(&bytes).ok_or_else(|| damaged_record(&path, offset))
    }

    fn scan(
        &self,
        after: Option<Position>,
        visit: &mut dyn FnMut(Position, Record) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let last = self.end.lock().unwrap_or_else(PoisonError::into_inner).batch;
        let first = after.map_or(0, |after| after.0 >> OFFSET_BITS);
        let mut next = None;
        for path in segment::all(&self.directory)? {
            let Some(number) = segment::number(&path).filter(|number| *number >= first) else {
                continue;
            };
            let bytes = read(&path)?;
            let begins = segment::first_batch(&bytes, number);
            let begins = begins.filter(|begins| next.is_none_or(|next| next == *begins));
            let mut batch = begins.ok_or_else(|| damaged(&path, 0))?;
            let mut offset = segment::HEADER;
            while let Some(found) = Batch::read(&bytes, offset, batch).filter(|_| batch < last) {
                for (place, record) in found.records() {
                    let position = position(number, place as u64);
                    if after.is_none_or(|after| position > after) {
                        visit(position, record)?;
                    }
                }
                (offset, batch) = (found.end(), batch + 1);
            }
            next = Some(batch);
        }
        match next {
            Some(next) if next < last => {
                Err(StoreError::damaged(format!("batch {next} is not where it was written")))
            }
            _ => Ok(()),
        }
    }

    fn is_shortened(&self) -> bool {
        first_kept(&self.directory) > 1
    }

    fn forget_before(&self, position: Position) -> Result<(), StoreError> {
        let last = self.end.lock().unwrap_or_else(PoisonError::into_inner).segment.number();
        let kept = (position.0 >> OFFSET_BITS).min(last);
        if kept <= first_kept(&self.directory) {
            return Ok(());
        }
        write_whole(&self.directory, "FIRST", &format!("{kept}\n"))
            .map_err(|error| unavailable(&self.directory, "written", error))?;
        let old = segment::all(&self.directory)?.into_iter();
        // The oldest first, so that no gap is left where this is interrupted.
        for path in old.filter(|path| segment::number(path).is_some_and(|number| number < kept)) {
            fs::remove_file(&path).map_err(|error| unavailable(&path, "removed", error))?;
        }
        segment::sync_directory(&self.directory)
            .map_err(|error| unavailable(&self.directory, "written", error))
    }

    fn folder(&self) -> Option<&Path> {
        Some(&self.directory)
    }
}

/// How many bits of a position say where a record is in its segment.
const OFFSET_BITS: u32 = 40;
const OFFSET_MASK: u64 = (1 << OFFSET_BITS) - 1;

const fn position(segment: u64, offset: u64) -> Position {
    Position(segment << OFFSET_BITS | offset)
}

/// Reads the bytes of a record.
fn read_record(path: &Path, offset: u64) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(offset))?;
    let mut header = [0; batch::RECORD];
    file.read_exact(&mut header)?;
    let mut bytes = header.to_vec();
    // As far as the file goes: a length that is wrong is found by the checksum.
    file.take(batch::length(&header).into()).read_to_end(&mut bytes)?;
    Ok(bytes)
}

impl End {
    /// Finds the end of the log, and cuts off a batch that is not whole.
    fn find(directory: &Path, segments: u64, syncs: bool) -> Result<Self, StoreError> {
        let mut paths = segment::all(directory)?;
        follow_each_other(directory, &paths)?;
        let unwritable = |error| unavailable(directory, "written", error);
        while let Some(path) = paths.pop() {
            let bytes = read(&path)?;
            let written = written(&bytes);
            let number = segment::number(&path).ok_or_else(|| damaged(&path, 0))?;
            let Some(mut next) = segment::first_batch(&bytes, number) else {
                // A segment that the crash kept from being made.
                if batch::any(&bytes, 0..written, 1) {
                    return Err(damaged(&path, 0));
                }
                fs::remove_file(&path).map_err(|error| unavailable(&path, "removed", error))?;
                continue;
            };
            let mut offset = segment::HEADER;
            while let Some(batch) = Batch::read(&bytes, offset, next) {
                (offset, next) = (batch.end(), next + 1);
            }
            if batch::any(&bytes, offset..written, next + 1) {
                return Err(damaged(&path, offset));
            }
            // A crash may have come between the making of the segment and that of its name.
            segment::sync_directory(directory).map_err(unwritable)?;
            let segment = Segment::open(&path).map_err(unwritable)?;
            // What is not whole is written over by the next batch: were it left, a part of it could stand behind that one.
            segment.clear(offset, written).map_err(unwritable)?;
            return Ok(Self {
                segment,
                offset: offset as u64,
                segments,
                batch: next,
                syncs,
                broken: None,
            });
        }
        let segment = Segment::create(directory, 1, 1, segments).map_err(unwritable)?;
        Ok(Self {
            segment,
            offset: segment::HEADER as u64,
            segments,
            batch: 1,
            syncs,
            broken: None,
        })
    }

    fn append(&mut self, directory: &Path, records: &[Record]) -> io::Result<Vec<Position>> {
        let batch = batch::write(self.batch, records)?;
        let length = batch.bytes.len() as u64;
        if self.offset + length > self.segment.length() {
            let length = self.segments.max(segment::HEADER as u64 + length);
            let number = self.segment.number() + 1;
            self.segment = Segment::create(directory, number, self.batch, length)?;
            self.offset = segment::HEADER as u64;
        }
        self.segment.write(&batch.bytes, self.offset)?;
        if self.syncs {
            self.segment.sync()?;
        }
        let (number, start) = (self.segment.number(), self.offset);
        self.offset += length;
        self.batch += 1;
        Ok(batch.places.iter().map(|place| position(number, start + *place as u64)).collect())
    }
}

/// The number of the first segment that is kept; those before it were removed, or are about to be.
fn first_kept(directory: &Path) -> u64 {
    let said = fs::read_to_string(directory.join("FIRST")).unwrap_or_default();
    said.trim().parse().unwrap_or(1)
}

/// Holds the segments of a log to be there from the first one that is kept, without a gap.
fn follow_each_other(directory: &Path, paths: &[PathBuf]) -> Result<(), StoreError> {
    let first = paths.first().and_then(|path| segment::number(path));
    if first.is_some_and(|first| first > first_kept(directory)) {
        return Err(StoreError::damaged(format!(
            "the first segments of the log in `{}` are missing",
            directory.display()
        )));
    }
    for pair in paths.windows(2) {
        let [before, after] = [&pair[0], &pair[1]].map(|path| segment::number(path));
        if before.zip(after).is_none_or(|(before, after)| before + 1 != after) {
            let (before, after) = (pair[0].display(), pair[1].display());
            return Err(StoreError::damaged(format!(
                "a segment of the log is missing between `{before}` and `{after}`"
            )));
        }
    }
    Ok(())
}

/// Whether a directory is empty, or a log of this layout.
fn is_ours(directory: &Path) -> Result<(), StoreError> {
    let path = directory.join("FORMAT");
    match fs::read_to_string(&path) {
        Ok(format) if format == FORMAT => Ok(()),
        Ok(format) if format.starts_with("workflow-durable ") => {
            Err(of_version(directory, &format))
        }
        Ok(_) => Err(foreign(directory)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let mut entries =
                fs::read_dir(directory).map_err(|error| unavailable(directory, "read", error))?;
            // What is there of a store that a crash kept from being made.
            let is_begun = |name: &OsStr| name == "LOCK" || name == BEGUN_FORMAT;
            let is_foreign =
                entries.any(|entry| !entry.is_ok_and(|entry| is_begun(&entry.file_name())));
            if is_foreign { Err(foreign(directory)) } else { Ok(()) }
        }
        Err(error) => Err(unavailable(&path, "read", error)),
    }
}

/// A store with another layout than this one.
fn of_version(directory: &Path, format: &str) -> StoreError {
    let is_first = format.trim_end() == "workflow-durable 1";
    let (age, other) = if is_first { ("older", "an older") } else { ("newer", "a newer") };
    StoreError::unavailable(format!(
        "the store in `{}` has the {age} layout `{}`: open it with {other} version",
        directory.display(),
        format.trim_end()
    ))
}

fn foreign(directory: &Path) -> StoreError {
    StoreError::foreign(format!("`{}` is no store, and is not empty", directory.display()))
}

/// Locks a directory for this process.
fn lock(directory: &Path) -> Result<File, StoreError> {
    let path = directory.join("LOCK");
    let mut options = OpenOptions::new();
    let opened = options.read(true).write(true).create(true).truncate(false).open(&path);
    let mut file = opened.map_err(|error| unavailable(&path, "opened", error))?;
    if file.try_lock().is_err() {
        let mut holder = String::new();
        let _ = file.read_to_string(&mut holder);
        return Err(StoreError::held(format!(
            "the store in `{}` is open in process {}",
            directory.display(),
            holder.trim()
        )));
    }
    let said = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
    said.map_err(|error| unavailable(&path, "written", error))?;
    Ok(file)
}

/// Writes a small file, whole or not at all.
fn write_whole(directory: &Path, name: &str, text: &str) -> io::Result<()> {
    let begun = directory.join(format!("{name}.new"));
    let mut file = File::create(&begun)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(begun, directory.join(name))?;
    segment::sync_directory(directory)
}

fn write_format(directory: &Path) -> io::Result<()> {
    let path = directory.join("FORMAT");
    if path.exists() {
        return Ok(());
    }
    write_whole(directory, "FORMAT", FORMAT)
}

fn read(path: &Path) -> Result<Vec<u8>, StoreError> {
    fs::read(path).map_err(|error| unavailable(path, "read", error))
}

/// How much of a segment has something in it, in whole pages. A batch may end in zeros behind that.
fn written(bytes: &[u8]) -> usize {
    const PAGE: usize = 4096;
    let pages = bytes.chunks(PAGE).rposition(|page| page != &[0; PAGE][..page.len()]);
    pages.map_or(0, |last| (last + 1) * PAGE).min(bytes.len())
}

fn unavailable(path: &Path, what: &str, error: io::Error) -> StoreError {
    StoreError::unavailable(format!("`{}` cannot be {what}: {error}", path.display()))
}

fn damaged_record(path: &Path, offset: u64) -> StoreError {
    StoreError::damaged(format!(
        "`{}` is damaged at byte {offset}: the record there is not what was written",
        path.display()
    ))
}

fn damaged(path: &Path, offset: usize) -> StoreError {
    StoreError::damaged(format!(
        "`{}` is damaged at byte {offset}: what is there was not written there, and later batches follow",
        path.display()
    ))
}
