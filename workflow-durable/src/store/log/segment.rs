//! Segments: files of zeros that batches are written into.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::unavailable;
use crate::store::StoreError;

const MAGIC: [u8; 8] = *b"WFSEG001";

/// The bytes before the batches: the magic, the number of the segment, that of its first batch, a checksum of these, and zeros.
pub(super) const HEADER: usize = 32;

/// A segment that batches are written into.
#[derive(Debug)]
pub(super) struct Segment {
    number: u64,
    length: u64,
    file: File,
}

/// The segments of a directory, in order.
pub(super) fn all(directory: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let entries = fs::read_dir(directory).map_err(|error| unavailable(directory, "read", error))?;
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "log"))
        .collect();
    paths.sort();
    Ok(paths)
}

/// The file of a segment.
pub(super) fn path(directory: &Path, number: u64) -> PathBuf {
    directory.join(format!("{number:08}.log"))
}

/// The number that a file has by its name.
pub(super) fn number(path: &Path) -> Option<u64> {
    path.file_stem()?.to_str()?.parse().ok()
}

/// The number of the first batch of the segment of this number, if the bytes begin it.
pub(super) fn first_batch(bytes: &[u8], number: u64) -> Option<u64> {
    let found = bytes.get(16..24)?.try_into().ok()?;
    let batch = u64::from_le_bytes(found);
    bytes.starts_with(&header(number, batch)).then_some(batch)
}

fn header(number: u64, batch: u64) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    header[..8].copy_from_slice(&MAGIC);
    header[8..16].copy_from_slice(&number.to_le_bytes());
    header[16..24].copy_from_slice(&batch.to_le_bytes());
    let checksum = crc32fast::hash(&header[..24]);
    header[24..28].copy_from_slice(&checksum.to_le_bytes());
    header
}

impl Segment {
    /// Makes a segment of this length, full of zeros, that begins with a batch.
    pub(super) fn create(
        directory: &Path,
        number: u64,
        batch: u64,
        length: u64,
    ) -> io::Result<Self> {
        let path = path(directory, number);
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(true).open(path)?;
        const CHUNK: usize = 1 << 16;
        let zeros = [0; CHUNK];
        let mut left = length;
        while left > 0 {
            let size = usize::try_from(left).unwrap_or(CHUNK).min(CHUNK);
            file.write_all(&zeros[..size])?;
            left -= size as u64;
        }
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&header(number, batch))?;
        file.sync_all()?;
        sync_directory(directory)?;
        Ok(Self { number, length, file })
    }

    /// Opens a segment to go on writing.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        let number = number(path).unwrap_or_default();
        Ok(Self { number, length: file.metadata()?.len(), file })
    }

    pub(super) const fn number(&self) -> u64 {
        self.number
    }

    pub(super) const fn length(&self) -> u64 {
        self.length
    }

    /// Writes bytes at a place.
    pub(super) fn write(&mut self, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(offset))?;
        self.file.write_all(bytes)
    }

    /// Makes what was written durable.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    /// Fills what is between two places with zeros.
    pub(super) fn clear(&self, from: usize, to: usize) -> io::Result<()> {
        if to <= from {
            return Ok(());
        }
        let mut file = &self.file;
        file.seek(SeekFrom::Start(from as u64))?;
        file.write_all(&vec![0; to - from])?;
        file.sync_data()
    }
}

/// Makes the names of files in a directory durable.
pub(super) fn sync_directory(directory: &Path) -> io::Result<()> {
    // Windows has no such thing, and needs none.
    if cfg!(unix) { File::open(directory)?.sync_all() } else { Ok(()) }
}
