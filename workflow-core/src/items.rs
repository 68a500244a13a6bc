//! The items of a Map state: how many run at a time, and how many of them may fail.

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use crate::data::{Data, Json};
use crate::error::{ErrorOutput, Failed};
use crate::fit::to_json;

/// Runs the item processor of a Map state for each item, a number of them at a time; the first failure ends it.
///
/// AWS runs at most 40 items of an inline Map at a time, so 0, which sets no limit, means that.
///
/// # Errors
///
/// That of the first item that fails.
pub async fn map<I, O, F: Future<Output = Result<O, Failed>>>(
    items: Vec<I>,
    most: u32,
    mut run: impl FnMut(usize, I) -> F,
) -> Result<Vec<O>, Failed> {
    const MOST: usize = 40;
    let most = usize::try_from(most).ok().filter(|most| (1..MOST).contains(most)).unwrap_or(MOST);
    let mut waiting = items.into_iter().enumerate();
    let mut outputs: Vec<Option<O>> = Vec::new();
    outputs.resize_with(waiting.len(), || None);
    let mut running = FuturesUnordered::new();
    let mut start = |(index, item)| {
        let run = run(index, item);
        async move { (index, run.await) }
    };
    running.extend(waiting.by_ref().take(most).map(&mut start));
    while let Some((index, result)) = running.next().await {
        outputs[index] = Some(result?);
        running.extend(waiting.next().map(&mut start));
    }
    Ok(outputs.into_iter().flatten().collect())
}

/// How many failures of items a Map state tolerates: 0 sets no limit of its kind.
#[derive(Debug, Clone, Copy)]
pub struct Tolerance {
    /// ASL's `ToleratedFailureCount`.
    pub count: u32,
    /// ASL's `ToleratedFailurePercentage`.
    pub percentage: f64,
}

impl Tolerance {
    /// Whether a number of failures among all items is too many.
    fn is_exceeded(self, failures: usize, all: usize) -> bool {
        let Self { count, percentage } = self;
        let counts = count > 0 && failures > usize::try_from(count).unwrap_or(usize::MAX);
        let share = failures as f64 * 100.0 / all as f64;
        let none = count == 0 && percentage == 0.0;
        failures > 0 && (none || counts || percentage > 0.0 && share > percentage)
    }
}

/// Runs the item processor of a Map state for each item as [`map`] does, and tolerates failures of some.
///
/// # Errors
///
/// `States.ExceedToleratedFailureThreshold` when more items fail than are tolerated.
pub async fn map_tolerating<I, O: Data, F: Future<Output = Result<O, Failed>>>(
    items: Vec<I>,
    most: u32,
    tolerance: Tolerance,
    mut run: impl FnMut(usize, I) -> F,
) -> Result<Json, Failed> {
    let (all, failures) = (items.len(), AtomicUsize::new(0));
    let failures = &failures;
    let outputs = map(items, most, |index, item| {
        let run = run(index, item);
        async move {
            let error = match run.await {
                Ok(output) => return to_json(&output),
                Err(error) => error,
            };
            let count = failures.fetch_add(1, Ordering::Relaxed) + 1;
            if tolerance.is_exceeded(count, all) {
                return Err(ErrorOutput::new(
                    "States.ExceedToleratedFailureThreshold",
                    "The specified tolerated failure threshold was exceeded",
                ));
            }
            Ok(
                serde_json::json!({ "Status": "FAILED", "Error": error.error, "Cause": error.cause }),
            )
        }
    });
    Ok(Json::Array(outputs.await?))
}
