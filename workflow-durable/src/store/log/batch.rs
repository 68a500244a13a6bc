//! Batches: what is made durable together.

use std::io;
use std::ops::Range;

use super::Record;

const MAGIC: [u8; 4] = *b"WFB1";

/// The bytes before the records.
const HEADER: usize = 24;

/// Where batches begin.
const ALIGNMENT: usize = 8;

/// A batch as it stands in a segment.
pub(super) struct Batch<'b> {
    records: &'b [u8],
    end: usize,
}

/// Writes records as a batch.
///
/// # Errors
///
/// When they are longer than a batch can say.
pub(super) fn write(number: u64, records: &[Record]) -> io::Result<Vec<u8>> {
    let length = |bytes: usize| {
        u32::try_from(bytes).map_err(|_| io::Error::other("a batch has 4 GiB or more"))
    };
    let mut bytes = vec![0; HEADER];
    for Record { execution, bytes: record } in records {
        bytes.extend(execution.to_le_bytes());
        bytes.extend(length(record.len())?.to_le_bytes());
        bytes.extend(record);
    }
    let length = length(bytes.len() - HEADER)?;
    bytes[..4].copy_from_slice(&MAGIC);
    bytes[4..8].copy_from_slice(&length.to_le_bytes());
    bytes[8..16].copy_from_slice(&number.to_le_bytes());
    let checksum = checksum(&bytes[8..16], &bytes[HEADER..]);
    bytes[16..20].copy_from_slice(&checksum.to_le_bytes());
    bytes.resize(bytes.len().next_multiple_of(ALIGNMENT), 0);
    Ok(bytes)
}

fn checksum(number: &[u8], records: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(number);
    hasher.update(records);
    hasher.finalize()
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
    (checksum(&header[8..16], records) == field(16)).then_some((number, records))
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
        let end = (offset + HEADER + records.len()).next_multiple_of(ALIGNMENT);
        (found == number).then_some(Self { records, end })
    }

    /// Where the next batch begins.
    pub(super) const fn end(&self) -> usize {
        self.end
    }

    pub(super) fn records(&self) -> impl Iterator<Item = Record> + use<'b> {
        let mut rest = self.records;
        std::iter::from_fn(move || {
            let (execution, after) = rest.split_first_chunk()?;
            let (length, after) = after.split_first_chunk()?;
            let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
            let (bytes, after) = after.split_at_checked(length)?;
            rest = after;
            Some(Record { execution: u64::from_le_bytes(*execution), bytes: bytes.to_vec() })
        })
    }
}
