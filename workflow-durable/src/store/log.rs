//! The embedded store: a log in preallocated segments, which is only ever appended to.
//!
//! # Layout
//!
//! A directory holds `FORMAT`, a line with the version of the layout; `LOCK`, which the process that has it open holds locked,
//! with its number; and `00000001.log` and so on, the segments. A segment is written full of zeros before it is used, so that
//! making a batch durable changes no metadata of the file system.
//!
//! A segment is a sequence of batches, each at a multiple of eight bytes:
//!
//! | bytes | |
//! |---|---|
//! | 4 | `WFB1` |
//! | 4 | the length of what follows the header, in bytes |
//! | 8 | the number of the batch: one more than that of the batch before |
//! | 4 | the CRC-32 of the number and of what follows the header |
//! | 4 | zero |
//! | .. | records: the number of the execution (8 bytes), the length (4), the bytes |
//!
//! Numbers are little-endian. A batch is written whole and made durable before the next one is written. So a batch that is not
//! whole is the last one, which nobody was told of: it is cut off. Where a later batch follows it, the log is damaged, and is not
//! opened.

mod batch;
mod segment;
#[cfg(test)]
mod tests;

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use batch::Batch;
use segment::Segment;

use super::{Record, Store, StoreError};

/// The version of the layout.
const FORMAT: &str = "workflow-durable 1\n";

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
    /// Why nothing is appended any more.
    broken: Option<StoreError>,
}

impl Log {
    /// Opens the log in a directory, or makes one where the directory is empty or not there.
    ///
    /// # Errors
    ///
    /// When another process has it open, the directory holds something else or a newer layout, a batch in the middle is not what was
    /// written, or the directory cannot be read and written.
    pub fn open(directory: impl AsRef<Path>) -> Result<Self, StoreError> {
        Self::with_segments(directory.as_ref(), SEGMENT)
    }

    /// Opens the log with new segments of another length.
    fn with_segments(directory: &Path, length: u64) -> Result<Self, StoreError> {
        let directory = directory.to_owned();
        let unavailable = |error| unavailable(&directory, "opened", error);
        fs::create_dir_all(&directory).map_err(unavailable)?;
        is_ours(&directory)?;
        let lock = lock(&directory)?;
        write_format(&directory).map_err(unavailable)?;
        let end = End::find(&directory, length)?;
        Ok(Self { directory, end: Mutex::new(end), _lock: lock })
    }
}

impl Store for Log {
    fn append(&self, records: &[Record]) -> Result<(), StoreError> {
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

    fn scan(
        &self,
        visit: &mut dyn FnMut(Record) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let last = self.end.lock().unwrap_or_else(PoisonError::into_inner).batch;
        let mut next = 1;
        for path in segment::all(&self.directory)? {
            let bytes = read(&path)?;
            let mut offset = segment::HEADER;
            while let Some(batch) = Batch::read(&bytes, offset, next).filter(|_| next < last) {
                batch.records().try_for_each(&mut *visit)?;
                (offset, next) = (batch.end(), next + 1);
            }
        }
        if next < last {
            return Err(StoreError::damaged(format!("batch {next} is not where it was written")));
        }
        Ok(())
    }
}

impl End {
    /// Finds the end of the log, and cuts off a batch that is not whole.
    fn find(directory: &Path, segments: u64) -> Result<Self, StoreError> {
        let mut next = 1;
        let mut last = None;
        let paths = segment::all(directory)?;
        for (position, path) in paths.iter().enumerate() {
            let bytes = read(path)?;
            let written = written(&bytes);
            let is_last = position + 1 == paths.len();
            if !segment::begins(&bytes, position) {
                // A segment that the crash kept from being made.
                if is_last && !batch::any(&bytes, 0..written, next) {
                    fs::remove_file(path).map_err(|error| unavailable(path, "removed", error))?;
                    break;
                }
                return Err(damaged(path, 0));
            }
            let mut offset = segment::HEADER;
            while let Some(batch) = Batch::read(&bytes, offset, next) {
                (offset, next) = (batch.end(), next + 1);
            }
            if batch::any(&bytes, offset..written, next + 1) {
                return Err(damaged(path, offset));
            }
            // What is not whole is written over by the next batch: were it left, a part of it could stand behind that one.
            last = Some((path.clone(), offset, written));
        }
        let opened = match last {
            None => {
                Segment::create(directory, 1, segments).map(|segment| (segment, segment::HEADER))
            }
            Some((path, offset, written)) => Segment::open(&path).and_then(|segment| {
                segment.clear(offset, written)?;
                Ok((segment, offset))
            }),
        };
        let (segment, offset) = opened.map_err(|error| unavailable(directory, "written", error))?;
        Ok(Self { segment, offset: offset as u64, segments, batch: next, broken: None })
    }

    fn append(&mut self, directory: &Path, records: &[Record]) -> io::Result<()> {
        let bytes = batch::write(self.batch, records)?;
        if self.offset + bytes.len() as u64 > self.segment.length() {
            let length = self.segments.max(segment::HEADER as u64 + bytes.len() as u64);
            self.segment = Segment::create(directory, self.segment.number() + 1, length)?;
            self.offset = segment::HEADER as u64;
        }
        self.segment.write(&bytes, self.offset)?;
        self.offset += bytes.len() as u64;
        self.batch += 1;
        Ok(())
    }
}

/// Whether a directory is empty, or a log of this layout.
fn is_ours(directory: &Path) -> Result<(), StoreError> {
    let path = directory.join("FORMAT");
    match fs::read_to_string(&path) {
        Ok(format) if format == FORMAT => Ok(()),
        Ok(format) if format.starts_with("workflow-durable ") => {
            Err(StoreError::unavailable(format!(
                "the store in `{}` has the newer layout `{}`: open it with a newer version",
                directory.display(),
                format.trim_end()
            )))
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

fn write_format(directory: &Path) -> io::Result<()> {
    let path = directory.join("FORMAT");
    if path.exists() {
        return Ok(());
    }
    let begun = directory.join(BEGUN_FORMAT);
    let mut file = File::create(&begun)?;
    file.write_all(FORMAT.as_bytes())?;
    file.sync_all()?;
    fs::rename(begun, path)?;
    segment::sync_directory(directory)
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

fn damaged(path: &Path, offset: usize) -> StoreError {
    StoreError::damaged(format!(
        "`{}` is damaged at byte {offset}: what is there was not written there, and later batches follow",
        path.display()
    ))
}
