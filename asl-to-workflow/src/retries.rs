//! Retriers, and the policies that those are given a name by which several states share.

use std::collections::HashSet;

use workflow_syntax::parse::{ErrorName, Retrier, RetryItem, State, Value};

use crate::source::{Source, free};

/// The retriers that several states share, each with a name.
#[derive(Default)]
pub(crate) struct Policies {
    /// The name and the source of each.
    named: Vec<(String, String)>,
}

impl Policies {
    /// Names what more than one of these states, or of the states inside of them, has.
    pub(crate) fn of(states: &[State]) -> Self {
        let mut policies = Self::default();
        let mut once = HashSet::new();
        policies.collect(states, &mut once);
        policies
    }

    fn collect(&mut self, states: &[State], once: &mut HashSet<String>) {
        for value in states.iter().flat_map(|state| &state.fields).map(|field| &field.value) {
            match value {
                Value::Retry(items) => self.count(items, once),
                Value::Branches(branches) => {
                    branches.iter().for_each(|branch| self.collect(&branch.states, once));
                }
                Value::States(machine) => self.collect(&machine.states, once),
                _ => {}
            }
        }
    }

    fn count(&mut self, items: &[RetryItem], once: &mut HashSet<String>) {
        let Some(source) = source(items) else { return };
        let is_named = self.named.iter().any(|(_, known)| *known == source);
        if !is_named && !once.insert(source.clone()) {
            let is_free = |name: &str| self.named.iter().all(|(known, _)| known != name);
            let name = free(&name(items), "_", is_free);
            self.named.push((name, source));
        }
    }

    /// Declares the policies.
    pub(crate) fn write(&self, source: &mut Source) {
        if !self.named.is_empty() {
            source.blank();
        }
        for (name, retriers) in &self.named {
            source.line(&format!("retry {name} = {retriers};"));
        }
    }

    /// The value of `retry`: the name of a policy, or the retriers; `None` where there are none.
    pub(crate) fn retry(&self, items: &[RetryItem]) -> Option<String> {
        let source = source(items)?;
        let policy = self.named.iter().find(|(_, known)| *known == source);
        Some(policy.map_or(source, |(name, _)| name.clone()))
    }
}

/// What a policy is called: the service that its errors are of, or the first of them.
fn name(items: &[RetryItem]) -> String {
    let first = retriers(items).find_map(|retrier| {
        retrier.error_equals.iter().flatten().find_map(ErrorName::text).map(str::to_owned)
    });
    let first = first.unwrap_or_default();
    let word = match first.split_once('.') {
        Some(("States", name)) => name,
        Some((service, _)) => service,
        None => &first,
    };
    let mut name = String::new();
    for letter in word.chars() {
        let begins_word = letter.is_uppercase() && name.ends_with(|last: char| last.is_lowercase());
        match letter.is_ascii_alphanumeric() {
            true if begins_word => name.extend(['_', letter]),
            true => name.push(letter),
            false if !name.ends_with('_') => name.push('_'),
            false => {}
        }
    }
    let name = name.trim_matches('_').to_ascii_uppercase();
    if name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        name
    } else {
        format!("RETRY_{name}").trim_end_matches('_').to_owned()
    }
}

fn retriers(items: &[RetryItem]) -> impl Iterator<Item = &Retrier> {
    items.iter().filter_map(|item| match item {
        RetryItem::Retrier(retrier) => Some(&**retrier),
        RetryItem::Policy(_) => None,
    })
}

fn source(items: &[RetryItem]) -> Option<String> {
    let mut taken = Vec::new();
    let retriers = retriers(items).filter_map(|retrier| self::retrier(retrier, &mut taken));
    one_or_more(&retriers.collect::<Vec<_>>())
}

/// Items as the value of a field that takes one or a list of them; `None` where there is none.
pub(crate) fn one_or_more(items: &[String]) -> Option<String> {
    match items {
        [] => None,
        [only] => Some(only.clone()),
        several => Some(format!("[{}]", several.join(", "))),
    }
}

/// The names of errors, but for those that are never asked for: what nothing takes, and what an earlier list takes already.
pub(crate) fn error_equals<'s>(
    names: Option<&'s [ErrorName]>,
    taken: &mut Vec<&'s str>,
) -> Option<String> {
    let names = names.unwrap_or_default().iter().filter_map(ErrorName::text);
    let names: Vec<&str> =
        names.filter(|name| *name != "States.Runtime" && !taken.contains(name)).collect();
    taken.extend(&names);
    let names: Vec<String> = names.into_iter().map(|name| format!("{name:?}")).collect();
    (!names.is_empty()).then(|| format!("error_equals: [{}]", names.join(", ")))
}

fn retrier<'s>(retrier: &'s Retrier, taken: &mut Vec<&'s str>) -> Option<String> {
    let mut fields = vec![error_equals(retrier.error_equals.as_deref(), taken)?];
    if let Some(interval) = &retrier.interval {
        fields.push(format!("interval: {}s", interval.value.as_secs()));
    }
    if let Some(attempts) = &retrier.max_attempts {
        fields.push(format!("max_attempts: {}", attempts.value));
    }
    if let Some(rate) = &retrier.backoff_rate {
        fields.push(format!("backoff_rate: {:?}", rate.value));
    }
    if let Some(delay) = &retrier.max_delay {
        fields.push(format!("max_delay: {}s", delay.value.as_secs()));
    }
    if let Some(jitter) = &retrier.jitter {
        fields.push(format!("jitter: {jitter}"));
    }
    fields.extend(retrier.comment.as_ref().map(|text| format!("comment: {text:?}")));
    Some(format!("{{ {} }}", fields.join(", ")))
}
