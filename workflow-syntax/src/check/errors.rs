//! Retriers, catchers and limits of time: ranges, order, and what they take from each other.

use std::time::Duration;

use crate::diagnostics::Diagnostics;
use crate::model::{self, Kind, State, Workflow};
use crate::parse::expression::path_text;
use crate::parse::{ErrorName, Limit, Notation, Retrier, Spanned};

/// ASL's limit for every field in seconds.
const MOST_SECONDS: u64 = 99_999_999;
/// ASL's limit for `MaxDelaySeconds`: a year.
const MOST_DELAY: u64 = 31_622_400;

pub(super) fn check(workflow: &Workflow<'_>, diagnostics: &mut Diagnostics) {
    let notation = workflow.source.notation;
    let policies = &workflow.source.policies;
    for (position, policy) in policies.iter().enumerate() {
        retriers(&policy.retriers.iter().collect::<Vec<_>>(), notation, diagnostics);
        if policies[..position].iter().any(|other| other.name == policy.name) {
            let message = format_args!("retry policy `{}` is declared twice", policy.name);
            diagnostics.error(policy.name.span(), message).help("give one of them another name");
        }
    }
    let own = |retrier: &&Retrier| {
        !workflow
            .source
            .policies
            .iter()
            .any(|policy| policy.retriers.iter().any(|other| std::ptr::eq(other, *retrier)))
    };
    for (_, state) in workflow.each_state() {
        let retry: Vec<&Retrier> = state.retry.clone();
        if retry.iter().any(own) {
            retriers(&retry, notation, diagnostics);
        }
        let catchers: Vec<Option<&[ErrorName]>> =
            state.catch.iter().map(|catcher| catcher.error_equals).collect();
        let spans: Vec<_> = state.catch.iter().map(|catcher| catcher.span).collect();
        every_handler_is_asked("catcher", &catchers, &spans, notation, diagnostics);
        the_heartbeat_is_below_the_timeout(state, diagnostics);
        a_task_that_waits_is_called_directly(state, diagnostics);
        limits_are_in_range(state, diagnostics);
        if notation == Notation::Native {
            retries_end_within_the_timeout(workflow, state, diagnostics);
            a_wait_ends_within_the_timeout(workflow, state, diagnostics);
        }
    }
    if let Some(timeout) = &workflow.source.timeout {
        in_range("timeout", timeout, 1, MOST_SECONDS, diagnostics);
    }
}

/// The values that are written where an expression may stand, whose types are looked at as well.
pub(super) fn check_values(workflow: &Workflow<'_>, diagnostics: &mut Diagnostics) {
    for (_, state) in workflow.each_state() {
        integers_are_in_range(state, diagnostics);
    }
}

fn retriers(retriers: &[&Retrier], notation: Notation, diagnostics: &mut Diagnostics) {
    let names: Vec<Option<&[ErrorName]>> =
        retriers.iter().map(|retrier| retrier.error_equals.as_deref()).collect();
    let spans: Vec<_> = retriers.iter().map(|retrier| retrier.span).collect();
    every_handler_is_asked("retrier", &names, &spans, notation, diagnostics);
    for retrier in retriers {
        numbers_are_in_range(retrier, diagnostics);
    }
}

/// `States.ALL` stands alone and last, every list has a name, and no name is taken by an earlier list.
fn every_handler_is_asked(
    what: &str,
    handlers: &[Option<&[ErrorName]>],
    spans: &[crate::span::Span],
    notation: Notation,
    diagnostics: &mut Diagnostics,
) {
    let mut taken = Taken { names: Vec::new(), notation };
    let mut all = false;
    for (names, span) in handlers.iter().zip(spans) {
        let Some(names) = names else { continue };
        if names.is_empty() {
            diagnostics
                .error(*span, format_args!("this {what} names no error in `error_equals`"))
                .help("add the names of the errors that it takes, as in `error_equals: [\"States.Timeout\"]`");
        }
        for name in *names {
            if all {
                diagnostics
                    .error(
                        name.span(),
                        format_args!(
                            "this {what} is never asked: the one before takes every error"
                        ),
                    )
                    .help(format_args!("put the {what} with `States.ALL` last"));
                break;
            }
            one_name(what, name, names.len(), &mut taken, diagnostics);
        }
        all |= names.iter().any(|name| name.text() == Some("States.ALL"));
    }
}

/// The names that earlier handlers take.
struct Taken {
    names: Vec<String>,
    notation: Notation,
}

impl Taken {
    fn has(&self, name: &str) -> bool {
        self.names.iter().any(|other| other == name)
    }
}

fn one_name(
    what: &str,
    name: &ErrorName,
    count: usize,
    taken: &mut Taken,
    diagnostics: &mut Diagnostics,
) {
    let key = name.to_string();
    match key.as_str() {
        "States.ALL" if count > 1 => {
            diagnostics
                .error(name.span(), format_args!("`States.ALL` must stand alone in its {what}"))
                .help(format_args!("give it a {what} of its own, placed last"));
        }
        // AWS takes both, and never asks them.
        _ if taken.notation == Notation::Asl => {}
        "States.Runtime" => {
            diagnostics
                .error(name.span(), format_args!("no {what} takes `States.Runtime`"))
                .note("it says that the data lack what a state asks of them, which trying again does not change");
        }
        _ if is_a_task_failure(name) && taken.has("States.TaskFailed") => {
            diagnostics
                .error(name.span(), format_args!("`States.TaskFailed` takes `{key}` already"))
                .note("it takes every error but `States.Timeout`")
                .help(format_args!("remove this one, or put it into a {what} before"));
        }
        _ if taken.has(&key) => {
            diagnostics
                .error(name.span(), format_args!("an earlier {what} takes `{key}` already"))
                .help("remove it here");
        }
        _ => {}
    }
    taken.names.push(key);
}

/// Whether `States.TaskFailed` takes an error.
fn is_a_task_failure(name: &ErrorName) -> bool {
    let others = ["States.Timeout", "States.ALL", "States.TaskFailed"];
    name.text().is_none_or(|text| !others.contains(&text))
}

fn numbers_are_in_range(retrier: &Retrier, diagnostics: &mut Diagnostics) {
    if let Some(interval) = &retrier.interval {
        in_range("interval", interval, 0, MOST_SECONDS, diagnostics);
        if interval.value.is_zero() {
            diagnostics.error(interval.span, "`interval` is longer than zero");
        }
    }
    if let Some(delay) = &retrier.max_delay {
        in_range("max_delay", delay, 1, MOST_DELAY, diagnostics);
    }
    if let Some(rate) = retrier.backoff_rate.as_ref().filter(|rate| rate.value < 1.0) {
        diagnostics.error(
            rate.span,
            format_args!("`backoff_rate` is at least 1.0, and this is {:?}", rate.value),
        );
    }
    if let Some(attempts) =
        retrier.max_attempts.as_ref().filter(|attempts| u64::from(attempts.value) > MOST_SECONDS)
    {
        diagnostics.error(attempts.span, format_args!("`max_attempts` is at most {MOST_SECONDS}"));
    }
    if let Some(jitter) =
        retrier.jitter.as_ref().filter(|jitter| *jitter != "FULL" && *jitter != "NONE")
    {
        diagnostics.error(
            jitter.span,
            format_args!("`jitter` is `FULL` or `NONE`, and this is `{jitter}`"),
        );
    }
}

fn in_range(
    field: &str,
    duration: &Spanned<Duration>,
    least: u64,
    most: u64,
    diagnostics: &mut Diagnostics,
) {
    let seconds = duration.value;
    if seconds > Duration::from_secs(most) || (least > 0 && seconds.is_zero()) {
        let from = if least > 0 { "longer than zero" } else { "not negative" };
        diagnostics
            .error(duration.span, format_args!("`{field}` is {from}, and at most {most} seconds"));
    }
}

fn limits_are_in_range(state: &State<'_>, diagnostics: &mut Diagnostics) {
    match &state.kind {
        Kind::Task { timeout, heartbeat, .. } => {
            for (field, limit) in [("timeout", timeout), ("heartbeat", heartbeat)] {
                if let Some(Limit::Fixed(limit)) = limit {
                    in_range(field, limit, 1, MOST_SECONDS, diagnostics);
                }
            }
        }
        Kind::Wait(Some(model::Wait::Seconds(Limit::Fixed(seconds)))) => {
            in_range("seconds", seconds, 0, MOST_SECONDS, diagnostics);
        }
        _ => {}
    }
}

/// Limits that are written as numbers of seconds.
fn integers_are_in_range(state: &State<'_>, diagnostics: &mut Diagnostics) {
    use crate::parse::{ExpressionKind, Literal};
    let limits: Vec<(&str, i128, &Limit)> = match &state.kind {
        Kind::Task { timeout, heartbeat, .. } => timeout
            .iter()
            .map(|limit| ("timeout", 1, *limit))
            .chain(heartbeat.iter().map(|limit| ("heartbeat", 1, *limit)))
            .collect(),
        Kind::Wait(Some(model::Wait::Seconds(limit))) => vec![("seconds", 0, limit)],
        _ => Vec::new(),
    };
    for (field, least, limit) in limits {
        let Limit::Seconds(expression) = limit else { continue };
        match &expression.kind {
            ExpressionKind::Literal(Literal::Integer(value))
                if *value < least || *value > i128::from(MOST_SECONDS) =>
            {
                diagnostics.error(
                    expression.start,
                    format_args!("`{field}` is a number of seconds from {least} to {MOST_SECONDS}"),
                );
            }
            ExpressionKind::Literal(Literal::Integer(_)) => {}
            ExpressionKind::Literal(_) => {
                diagnostics
                    .error(
                        expression.start,
                        format_args!("`{field}` is a duration, and this is {expression}"),
                    )
                    .help("write a duration such as `30s`, a whole number of seconds, or a path to one");
            }
            _ => {}
        }
    }
}

/// What is sent back with a task token comes in no envelope.
fn a_task_that_waits_is_called_directly(state: &State<'_>, diagnostics: &mut Diagnostics) {
    let Kind::Task { call: Some(call), awaited: Some(_), .. } = &state.kind else { return };
    if let Some(integration) = &call.integration {
        let function = path_text(&call.function);
        diagnostics
            .error(
                integration.segments.last().map_or(state.name.span, |last| last.ident.span().into()),
                format_args!(
                    "state `{}`: the result is what is sent back with the task token, and no `Invoke`",
                    state.name.text
                ),
            )
            .help(format_args!("call the function itself: `{function}(..)`"));
    }
}

fn the_heartbeat_is_below_the_timeout(state: &State<'_>, diagnostics: &mut Diagnostics) {
    let Kind::Task {
        timeout: Some(Limit::Fixed(timeout)),
        heartbeat: Some(Limit::Fixed(heartbeat)),
        ..
    } = &state.kind
    else {
        return;
    };
    if heartbeat.value >= timeout.value {
        diagnostics
            .error(
                heartbeat.span,
                format_args!("state `{}`: the heartbeat is not below the timeout", state.name.text),
            )
            .note(format_args!(
                "the task may be silent for {:?}, and is stopped after {:?}",
                heartbeat.value, timeout.value
            ));
    }
}

fn retries_end_within_the_timeout(
    workflow: &Workflow<'_>,
    state: &State<'_>,
    diagnostics: &mut Diagnostics,
) {
    let Some(timeout) = &workflow.source.timeout else { return };
    for retrier in &state.retry {
        let total = total_delay(retrier);
        if total > timeout.value {
            let span = retrier.max_attempts.as_ref().map_or(retrier.span, |attempts| attempts.span);
            diagnostics
                .error(
                    span,
                    format_args!(
                        "state `{}`: the retries wait longer than the timeout of the workflow",
                        state.name.text
                    ),
                )
                .note(format_args!(
                    "their delays add up to {:.1?}, and the workflow ends after {:?}",
                    total, timeout.value
                ))
                .help("lower `max_attempts`, or set `max_delay`");
        }
    }
}

fn a_wait_ends_within_the_timeout(
    workflow: &Workflow<'_>,
    state: &State<'_>,
    diagnostics: &mut Diagnostics,
) {
    let Some(timeout) = &workflow.source.timeout else { return };
    let Kind::Wait(Some(model::Wait::Seconds(Limit::Fixed(wait)))) = &state.kind else { return };
    if wait.value > timeout.value {
        let name = &state.name.text;
        let ends =
            format_args!("the workflow ends after {:?}, with `States.Timeout`", timeout.value);
        diagnostics
            .error(wait.span, format_args!("state `{name}`: the wait never ends"))
            .note(ends)
            .help("raise `timeout`, or wait for less");
    }
}

/// How long all retries of a retrier wait together.
fn total_delay(retrier: &Retrier) -> Duration {
    let interval = retrier.interval.as_ref().map_or(1.0, |interval| interval.value.as_secs_f64());
    let rate = retrier.backoff_rate.as_ref().map_or(2.0, |rate| rate.value);
    let longest =
        retrier.max_delay.as_ref().map_or(f64::INFINITY, |delay| delay.value.as_secs_f64());
    let attempts = retrier.max_attempts.as_ref().map_or(3, |attempts| attempts.value);
    let mut total = 0.0;
    for attempt in 0..attempts.min(10_000) {
        total += (interval * rate.powf(f64::from(attempt))).min(longest);
    }
    Duration::try_from_secs_f64(total).unwrap_or(Duration::MAX)
}
