//! Batches: what is made durable together.

use std::io;
use std::ops::Range;

use super::Record;

const MAGIC: [u8; 4] = *b"WFB1";

/// The bytes before the records.
const HEADER: usize = 24;

/// The bytes before what a record keeps: the number of the execution, the length, and a checksum of both and of what follows.
pub(super) const RECORD: usize = 16;

/// Where batches begin.
const ALIGNMENT: usize = 8;

/// A batch as it stands in a segment.
pub(super) struct Batch<'b> {
    /// Where its records begin.
    start: usize,
    records: &'b [u8],
    end: usize,
}

/// A batch that is to be written.
pub(super) struct Written {
    pub(super) bytes: Vec<u8>,
    /// Where each record begins in it.
    pub(super) places: Vec<usize>,
}

/// Writes records as a batch.
///
/// # Errors
///
/// When they are longer than a batch can say.
pub(super) fn write(number: u64, records: &[Record]) -> io::Result<Written> {
    let length = |bytes: usize| {
        u32::try_from(bytes).map_err(|_| io::Error::other("a batch has 4 GiB or more"))
    };
    let mut bytes = vec![0; HEADER];
    let mut places = Vec::with_capacity(records.len());
    for Record { execution, bytes: record } in records {
        places.push(bytes.len());
        let (execution, length) = (execution.to_le_bytes(), length(record.len())?.to_le_bytes());
        bytes.extend(execution);
        bytes.extend(length);
        bytes.extend(checksum(&[&execution, &length, record]).to_le_bytes());
        bytes.extend(record);
    }
    let length = length(bytes.len() - HEADER)?;
    bytes[..4].copy_from_slice(&MAGIC);
    bytes[4..8].copy_from_slice(&length.to_le_bytes());
    bytes[8..16].copy_from_slice(&number.to_le_bytes());
    let checksum = checksum(&[&bytes[8..16], &bytes[HEADER..]]);
    bytes[16..20].copy_from_slice(&checksum.to_le_bytes());
    bytes.resize(bytes.len().next_multiple_of(ALIGNMENT), 0);
    Ok(Written { bytes, places })
}

fn checksum(parts: &[&[u8]]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    parts.iter().for_each(|part| hasher.update(part));
    hasher.finalize()
}

/// How many bytes a record keeps, by the bytes before them.
pub(super) fn length(header: &[u8; RECORD]) -> u32 {
    let [.., a, b, c, d, _, _, _, _] = *header;
    u32::from_le_bytes([a, b, c, d])
}

/// The record that begins with these bytes, if it is what was written.
pub(super) fn record(bytes: &[u8]) -> Option<Record> {
    let (header, rest) = bytes.split_first_chunk::<RECORD>()?;
    let kept = rest.get(..usize::try_from(length(header)).ok()?)?;
    let (before, sum) = header.split_at(RECORD - 4);
    let is_whole = checksum(&[before, kept]).to_le_bytes() == *sum;
    let execution = u64::from_le_bytes(*header.first_chunk()?);
    is_whole.then(|| Record { execution, bytes: kept.to_vec() })
}

/// The number of the batch at a place, if one begins there that is whole.
fn whole(bytes: &[u8], offset: usize) -> Option<(u64, &[u8])> {
    let header = bytes.get(offset..offset + HEADER)?;
    if header[..4] != MAGIC {
        return None;
    }
    let field =
        |from: usize| u32::from_le_bytes(header[from..from + 4].try_into().unwrap_or_default());
    let start = offset + HEADER;
    let records = bytes.get(start..start.checked_add(usize::try_from(field(4)).ok()?)?)?;
    let number = u64::from_le_bytes(header[8..16].try_into().ok()?);
    (checksum(&[&header[8..16], records]) == field(16)).then_some((number, records))
}

/// Whether a batch of this number or a later one begins anywhere within places.
pub(super) fn any(bytes: &[u8], within: Range<usize>, number: u64) -> bool {
    (within.start.next_multiple_of(ALIGNMENT)..within.end)
        .step_by(ALIGNMENT)
        .filter(|offset| bytes[*offset..].starts_with(&MAGIC))
        .any(|offset| whole(bytes, offset).is_some_and(|(found, _)| found >= number))
}

impl<'b> Batch<'b> {
    /// The batch of this number at a place, if it begins there and is whole.
    pub(super) fn read(bytes: &'b [u8], offset: usize, number: u64) -> Option<Self> {
        let (found, records) = whole(bytes, offset)?;
        let start = offset + HEADER;
        let end = (start + records.len()).next_multiple_of(ALIGNMENT);
        (found == number).then_some(Self { start, records, end })
    }

    /// Where the next batch begins.
    pub(super) const fn end(&self) -> usize {
        self.end
    }

    /// Its records, and where each begins in the segment.
    pub(super) fn records(&self) -> impl Iterator<Item = (usize, Record)> + use<'b> {
        let (mut rest, mut place) = (self.records, self.start);
        std::iter::from_fn(move || {
            let record = record(rest)?;
            let (found, length) = (place, RECORD + record.bytes.len());
            (rest, place) = (&rest[length..], place + length);
            Some((found, record))
        })
    }
}
