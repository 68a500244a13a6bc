//! The log: what is there after a crash at any byte, and what it refuses.

use std::fs;
use std::path::Path;

use super::{Log, batch, segment};
use crate::store::{Record, Store, StoreError};

fn record(execution: u64, text: &str) -> Record {
    Record { execution, bytes: text.as_bytes().to_vec() }
}

/// A log of small segments, which are quick to make.
fn open(directory: &Path) -> Result<Log, StoreError> {
    Log::with_segments(directory, 1024, true)
}

fn all(log: &Log) -> Vec<Record> {
    let mut found = Vec::new();
    log.scan(None, &mut |_, record| {
        found.push(record);
        Ok(())
    })
    .unwrap();
    found
}

/// Three batches, of two records, one, and two.
fn batches() -> [Vec<Record>; 3] {
    [
        vec![record(1, "first"), record(2, "")],
        vec![record(1, "the second batch")],
        vec![record(3, "third"), record(1, "and last")],
    ]
}

fn write(directory: &Path) {
    let log = open(directory).unwrap();
    batches().iter().for_each(|batch| drop(log.append(batch).unwrap()));
}

/// Where each batch begins, and where the last one ends.
fn places() -> Vec<usize> {
    let mut place = segment::HEADER;
    let lengths =
        batches().into_iter().map(|records| batch::write(1, &records).unwrap().bytes.len());
    let ends = lengths.map(|length| {
        place += length;
        place
    });
    std::iter::once(segment::HEADER).chain(ends.collect::<Vec<_>>()).collect()
}

#[test]
fn what_is_appended_is_there_after_it_is_opened_again() {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path());
    let log = open(directory.path()).unwrap();
    assert_eq!(all(&log), batches().concat());
    log.append(&[record(9, "more")]).unwrap();
    drop(log);
    let log = open(directory.path()).unwrap();
    assert_eq!(all(&log).last(), Some(&record(9, "more")));
}

#[test]
fn a_batch_that_is_not_whole_is_cut_off_and_written_over() {
    let places = places();
    let (start, end) = (places[2], places[3]);
    for cut in start..end {
        for is_tail_lost in [true, false] {
            let directory = tempfile::tempdir().unwrap();
            write(directory.path());
            let path = directory.path().join("00000001.log");
            let mut bytes = fs::read(&path).unwrap();
            let whole = bytes.clone();
            match is_tail_lost {
                true => bytes[cut..end].fill(0),
                false => bytes[start..=cut].fill(0),
            }
            let changed = bytes != whole;
            fs::write(&path, &bytes).unwrap();
            let log = open(directory.path()).unwrap();
            let kept = if changed { batches()[..2].concat() } else { batches().concat() };
            assert_eq!(all(&log), kept, "cut at {cut}");
            log.append(&[record(4, "after")]).unwrap();
            drop(log);
            let found = all(&open(directory.path()).unwrap());
            assert_eq!(found, [kept, vec![record(4, "after")]].concat(), "cut at {cut}");
        }
    }
}

/// Bytes that nobody has written are zeros too.
#[test]
fn a_batch_that_ends_in_zeros_is_whole_wherever_it_ends() {
    const PAGE: usize = 4096;
    for length in PAGE - 64..PAGE + 8 {
        let directory = tempfile::tempdir().unwrap();
        let log = Log::with_segments(directory.path(), 4 * PAGE as u64, true).unwrap();
        let record = Record { execution: 0, bytes: [vec![1; length], vec![0; 9]].concat() };
        log.append(std::slice::from_ref(&record)).unwrap();
        assert_eq!(all(&log), std::slice::from_ref(&record), "{length} bytes");
        drop(log);
        assert_eq!(all(&open(directory.path()).unwrap()), [record], "{length} bytes");
    }
}

#[test]
fn a_flipped_bit_in_the_middle_is_refused() {
    let places = places();
    for byte in 0..places[2] {
        let directory = tempfile::tempdir().unwrap();
        write(directory.path());
        let path = directory.path().join("00000001.log");
        let mut bytes = fs::read(&path).unwrap();
        bytes[byte] ^= 0x10;
        fs::write(&path, &bytes).unwrap();
        match open(directory.path()) {
            Err(error) => assert!(error.is_damage(), "byte {byte}: {error}"),
            // What fills a batch up to its end is looked at by nobody.
            Ok(log) => assert_eq!(all(&log), batches().concat(), "byte {byte}"),
        }
        assert_eq!(fs::read(&path).unwrap(), bytes, "it is left as it was");
    }
}

#[test]
fn a_segment_that_is_full_is_followed_by_another() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path()).unwrap();
    let large = "x".repeat(400);
    let mut positions = Vec::new();
    for number in 0..5 {
        positions.extend(log.append(&[record(number, &large)]).unwrap());
    }
    log.append(&[record(9, &"y".repeat(5000))]).unwrap();
    log.append(&[record(10, "small")]).unwrap();
    drop(log);
    let log = open(directory.path()).unwrap();
    let found: Vec<u64> = all(&log).iter().map(|record| record.execution).collect();
    assert_eq!(found, [0, 1, 2, 3, 4, 9, 10]);
    assert_eq!(segment::all(directory.path()).unwrap().len(), 5);
    let mut after = 0;
    log.scan(Some(positions[4]), &mut |position, found| {
        assert_eq!(log.read(position)?, found);
        after += 1;
        Ok(())
    })
    .unwrap();
    assert_eq!(after, 2);
    fs::remove_file(directory.path().join("00000002.log")).unwrap();
    drop(log);
    assert!(open(directory.path()).unwrap_err().is_damage(), "a segment is missing");
}

/// A disk that is full, and a place that may not be written.
#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_written_is_told_and_nothing_is_lost() {
    for (is_full, why) in [(true, "No space left on device"), (false, "Is a directory")] {
        let directory = tempfile::tempdir().unwrap();
        let log = open(directory.path()).unwrap();
        log.append(&[record(1, "first")]).unwrap();
        let next = directory.path().join("00000002.log");
        match is_full {
            true => std::os::unix::fs::symlink("/dev/full", &next).unwrap(),
            false => fs::create_dir(&next).unwrap(),
        }
        let large = record(2, &"x".repeat(2000));
        for record in [&large, &record(3, "small")] {
            let error = log.append(std::slice::from_ref(record)).unwrap_err();
            assert!(!error.is_damage() && error.to_string().contains(why), "{error}");
        }
        fs::remove_file(&next).or_else(|_| fs::remove_dir(&next)).unwrap();
        assert_eq!(all(&log), [record(1, "first")], "what is there can be read");
        drop(log);
        let log = open(directory.path()).unwrap();
        assert_eq!(all(&log), [record(1, "first")]);
        log.append(std::slice::from_ref(&large)).unwrap();
        assert_eq!(all(&log), [record(1, "first"), large]);
    }
}

#[test]
fn a_log_that_is_not_synced_is_read_like_any_other() {
    let directory = tempfile::tempdir().unwrap();
    let log = Log::open_unsynced(directory.path()).unwrap();
    batches().iter().for_each(|batch| drop(log.append(batch).unwrap()));
    drop(log);
    assert_eq!(all(&open(directory.path()).unwrap()), batches().concat());
}

#[test]
fn a_segment_that_was_not_finished_is_made_anew() {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path());
    fs::write(directory.path().join("00000002.log"), vec![0; 1000]).unwrap();
    let log = open(directory.path()).unwrap();
    assert_eq!(all(&log), batches().concat());
}

#[test]
fn a_second_process_is_told_who_holds_the_store() {
    let directory = tempfile::tempdir().unwrap();
    let _log = open(directory.path()).unwrap();
    let error = open(directory.path()).unwrap_err();
    let holder = format!("is open in process {}", std::process::id());
    assert!(error.is_held() && error.to_string().ends_with(&holder), "{error}");
}

#[test]
fn a_store_that_was_not_finished_is_made_anew() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("LOCK"), "1").unwrap();
    fs::write(directory.path().join("FORMAT.new"), "work").unwrap();
    write(directory.path());
    assert_eq!(all(&open(directory.path()).unwrap()), batches().concat());
}

#[test]
fn what_is_no_store_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("letters.txt"), "dear").unwrap();
    let error = open(directory.path()).unwrap_err();
    assert!(error.is_foreign(), "{error}");
    assert!(error.to_string().contains("is no store, and is not empty"), "{error}");
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    for (version, age) in [("1", "older"), ("3", "newer")] {
        fs::write(directory.path().join("FORMAT"), format!("workflow-durable {version}\n"))
            .unwrap();
        let error = open(directory.path()).unwrap_err().to_string();
        let says = format!("has the {age} layout `workflow-durable {version}`");
        assert!(error.contains(&says), "{error}");
    }
}

#[test]
fn a_log_without_its_first_segment_is_not_opened() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    let log = Log::open(path).unwrap();
    let large = |execution| Record { execution, bytes: vec![7; 9 << 20] };
    log.append(&[large(1)]).unwrap();
    log.append(&[large(2)]).unwrap();
    drop(log);
    std::fs::remove_file(path.join("00000001.log")).unwrap();
    assert!(Log::open(path).unwrap_err().is_damage());
}
