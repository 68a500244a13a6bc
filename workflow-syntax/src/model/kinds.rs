//! What each kind of state has beside the fields that all share: rules, branches, an item processor, limits of time.

use super::fields::Fields;
use super::resolve::Resolver;
use super::{Distributed, Kind, Rule, Wait};
use crate::parse::{self, Notation, Value};

impl<'a> Resolver<'a, '_> {
    pub(super) fn kind(
        &mut self,
        kind: &str,
        machine: usize,
        position: usize,
        source: &'a parse::State,
        siblings: &'a [parse::State],
    ) -> Kind<'a> {
        let fields = Fields { fields: &source.fields };
        let required: &[&str] = match kind {
            "Task" => &["call"],
            "Parallel" => &["branches"],
            "Map" => &["items", "item_processor"],
            _ => &[],
        };
        for field in required {
            if fields.get(field).is_none() && source.complete {
                self.diagnostics
                    .error(
                        source.name.span,
                        format_args!(
                            "state `{}`: a {kind} state needs `{field}`",
                            source.name.text
                        ),
                    )
                    .help(example(field));
            }
        }
        let here = (machine, position);
        match kind {
            "Task" => Kind::Task {
                call: match fields.get("call").map(|field| &field.value) {
                    Some(Value::Call(call)) => Some(call),
                    _ => None,
                },
                timeout: fields.limit("timeout"),
                heartbeat: fields.limit("heartbeat"),
                awaited: fields.ty("wait_for_task_token"),
            },
            "Choice" => self.choice(source, siblings),
            "Parallel" => Kind::Parallel { branches: self.branches(here, source, fields) },
            "Map" => Kind::Map {
                items: fields.expression("items"),
                selector: fields.expression("item_selector"),
                processor: self.processor(here, source, fields),
                concurrency: fields.expression("max_concurrency"),
                distributed: fields.text("execution_type").map(|execution_type| Distributed {
                    execution_type,
                    label: fields.text("label"),
                    tolerated_count: fields.expression("tolerated_failure_count"),
                    tolerated_percentage: fields.expression("tolerated_failure_percentage"),
                }),
            },
            "Wait" => Kind::Wait(self.wait(source, fields)),
            "Pass" => Kind::Pass,
            "Succeed" => Kind::Succeed,
            "Fail" => {
                Kind::Fail { error: fields.expression("error"), cause: fields.expression("cause") }
            }
            _ => Kind::Unknown,
        }
    }

    fn choice(&mut self, source: &'a parse::State, siblings: &'a [parse::State]) -> Kind<'a> {
        let mut rules = Vec::new();
        let mut default: Option<Rule<'a>> = None;
        if source.rules.is_empty() && source.complete {
            self.diagnostics
                .error(
                    source.name.span,
                    format_args!("state `{}`: a Choice state needs a rule", source.name.text),
                )
                .help("add one, as in `$.total > 100 => Approve`, and a default, `_ => Ship`");
        }
        for rule in &source.rules {
            if default.is_some() {
                let what = if rule.condition.is_some() {
                    "this rule can never match: the default stands before it"
                } else {
                    "a Choice state has one default"
                };
                self.diagnostics
                    .error(rule.span, format_args!("state `{}`: {what}", source.name.text))
                    .help("put the default last");
            }
            let resolved = self.rule(rule, source, siblings);
            match rule.condition {
                Some(_) => rules.push(resolved),
                None => default = Some(resolved),
            }
        }
        Kind::Choice { rules, default }
    }

    fn rule(
        &mut self,
        rule: &'a parse::Rule,
        state: &parse::State,
        siblings: &'a [parse::State],
    ) -> Rule<'a> {
        const FIELDS: [&str; 4] = ["next", "output", "assign", "comment"];
        let fields = Fields { fields: &rule.fields };
        let name = &state.name.text;
        self.only(format_args!("state `{name}`: a rule"), fields, &FIELDS);
        let what = format_args!("state `{name}`: this rule");
        let next = self.goes_on(what, rule.span, fields, siblings);
        Rule {
            comment: fields.text("comment"),
            condition: rule.condition.as_ref(),
            next,
            output: fields.expression("output"),
            assign: fields.assign(),
        }
    }

    fn branches(
        &mut self,
        here: (usize, usize),
        source: &'a parse::State,
        fields: Fields<'a>,
    ) -> Vec<usize> {
        /// As many as there are tuples with implementations of serde's traits.
        const MOST: usize = 16;
        let Some(field) = fields.get("branches") else { return Vec::new() };
        let Value::Branches(branches) = &field.value else { return Vec::new() };
        if branches.is_empty() && self.source.notation == Notation::Native {
            self.diagnostics.error(
                field.name.span,
                format_args!("state `{}`: a Parallel state needs a branch", source.name.text),
            );
        }
        if let Some(extra) = branches.get(MOST) {
            self.diagnostics
                .error(
                    extra.span,
                    format_args!(
                        "state `{}`: a Parallel state has at most {MOST} branches",
                        source.name.text
                    ),
                )
                .help("put some of them into a Parallel state of their own, in one branch");
        }
        let mut machines = Vec::new();
        for (position, branch) in branches.iter().enumerate() {
            let label = format!("branch {} of `{}`", position + 1, source.name.text);
            machines.push(self.inner(here, label, branch));
        }
        machines
    }

    fn processor(
        &mut self,
        here: (usize, usize),
        source: &'a parse::State,
        fields: Fields<'a>,
    ) -> Option<usize> {
        let Value::States(states) = &fields.get("item_processor")?.value else { return None };
        Some(self.inner(here, format!("the item processor of `{}`", source.name.text), states))
    }

    fn inner(&mut self, here: (usize, usize), label: String, machine: &'a parse::Machine) -> usize {
        let parse::Machine { comment, start_at, states, span } = machine;
        if states.is_empty() && self.source.notation == Notation::Native {
            self.diagnostics.error(*span, format_args!("{label} has no states"));
        }
        let id = self.machine(Some(here), label, *span, states, start_at.as_ref());
        self.machines[id].comment = comment.as_deref();
        id
    }

    fn wait(&mut self, source: &parse::State, fields: Fields<'a>) -> Option<Wait<'a>> {
        match (fields.get("seconds"), fields.get("timestamp")) {
            (Some(_), Some(timestamp)) => {
                self.diagnostics
                    .error(
                        timestamp.name.span,
                        format_args!(
                            "state `{}` has both `seconds` and `timestamp`",
                            source.name.text
                        ),
                    )
                    .help("remove one of them");
                None
            }
            (None, None) if !source.complete => None,
            (None, None) => {
                self.diagnostics
                    .error(
                        source.name.span,
                        format_args!(
                            "state `{}`: a Wait state needs `seconds` or `timestamp`",
                            source.name.text
                        ),
                    )
                    .help("add one, as in `seconds: 10` or `timestamp: $.due`");
                None
            }
            (Some(_), None) => fields.limit("seconds").map(Wait::Seconds),
            (None, Some(_)) => fields.expression("timestamp").map(Wait::Timestamp),
        }
    }
}

fn example(field: &str) -> &'static str {
    match field {
        "call" => "add the task that it runs, as in `call: charge($.order)`",
        "branches" => "add them, as in `branches: [{ ... }, { ... }]`",
        "items" => "add the list that it goes through, as in `items: $.lines`",
        _ => "add the states that run for each item, as in `item_processor: { ... }`",
    }
}
