//! The states: which fields each kind has, and what each field becomes in the native notation.

use syn::parse_quote;

use super::Reader;
use super::fields::Fields;
use super::json::Json;
use super::resources::is_waiting;
use crate::model::KINDS;
use crate::parse::{Expression, ExpressionKind, Field, Limit, Machine, Name, Rule, State, Value};

/// Every field, and the kinds of state that have it in the JSONPath query language.
const FIELDS: [(&str, &[&str]); 45] = [
    ("Type", &KINDS),
    ("Comment", &KINDS),
    ("QueryLanguage", &KINDS),
    ("Next", &["Task", "Parallel", "Map", "Wait", "Pass"]),
    ("End", &["Task", "Parallel", "Map", "Wait", "Pass"]),
    ("Resource", &["Task"]),
    ("Credentials", &["Task"]),
    ("TimeoutSeconds", &["Task"]),
    ("TimeoutSecondsPath", &["Task"]),
    ("HeartbeatSeconds", &["Task"]),
    ("HeartbeatSecondsPath", &["Task"]),
    ("Choices", &["Choice"]),
    ("Default", &["Choice"]),
    ("Branches", &["Parallel"]),
    ("ItemProcessor", &["Map"]),
    ("Iterator", &["Map"]),
    ("ItemsPath", &["Map"]),
    ("ItemSelector", &["Map"]),
    ("MaxConcurrency", &["Map"]),
    ("MaxConcurrencyPath", &["Map"]),
    ("Label", &["Map"]),
    ("ItemReader", &["Map"]),
    ("ItemBatcher", &["Map"]),
    ("ResultWriter", &["Map"]),
    ("ToleratedFailureCount", &["Map"]),
    ("ToleratedFailureCountPath", &["Map"]),
    ("ToleratedFailurePercentage", &["Map"]),
    ("ToleratedFailurePercentagePath", &["Map"]),
    ("Seconds", &["Wait"]),
    ("SecondsPath", &["Wait"]),
    ("Timestamp", &["Wait"]),
    ("TimestampPath", &["Wait"]),
    ("Result", &["Pass"]),
    ("Error", &["Fail"]),
    ("ErrorPath", &["Fail"]),
    ("Cause", &["Fail"]),
    ("CausePath", &["Fail"]),
    ("Retry", &["Task", "Parallel", "Map"]),
    ("Catch", &["Task", "Parallel", "Map"]),
    ("InputPath", &["Task", "Choice", "Parallel", "Map", "Wait", "Pass", "Succeed"]),
    ("OutputPath", &["Task", "Choice", "Parallel", "Map", "Wait", "Pass", "Succeed"]),
    // A Map has it for `ItemSelector`, as it was called once.
    ("Parameters", &["Task", "Parallel", "Map", "Pass"]),
    ("ResultSelector", &["Task", "Parallel", "Map"]),
    ("ResultPath", &["Task", "Parallel", "Map", "Pass"]),
    ("Assign", &["Task", "Choice", "Parallel", "Map", "Wait", "Pass"]),
];

/// Whether a kind of state has a field.
pub(super) fn has(kind: &str, field: &str) -> bool {
    FIELDS.iter().any(|(name, kinds)| *name == field && kinds.contains(&kind))
}

/// The fields of a state as they are collected.
#[derive(Default)]
pub(super) struct Read {
    fields: Vec<Field>,
    rules: Vec<Rule>,
}

impl Read {
    /// Adds a field of the native notation, at the name that it has in the definition.
    pub(super) fn push(&mut self, native: &str, name: &Name, value: Option<Value>) {
        let name = Name { text: native.to_owned(), span: name.span };
        self.fields.push(Field { name, value: value.unwrap_or(Value::Missing) });
    }
}

impl Reader<'_> {
    /// A state.
    pub(super) fn state(&mut self, name: &Name, json: &Json) -> State {
        let known = self.diagnostics.count();
        let what = format!("state `{name}`");
        let mut read = Read::default();
        let (mut kind, mut comment) = (Name { text: "Pass".to_owned(), span: json.span }, None);
        if let Some(fields) = self.object(json, &what) {
            comment = self.comment(&fields);
            if let Some(found) = self.kind(&fields) {
                kind = found;
                if self.is_json_path(&fields) {
                    self.fields_of(&kind.text, &fields, &mut read);
                }
            }
        }
        let complete = self.diagnostics.count() == known;
        State {
            comment,
            name: name.clone(),
            kind,
            fields: read.fields,
            rules: read.rules,
            complete,
        }
    }

    fn kind(&mut self, fields: &Fields<'_>) -> Option<Name> {
        let json = self.required(fields, "Type")?;
        let kind = self.name(json, "Type")?;
        if KINDS.contains(&kind.text.as_str()) {
            return Some(kind);
        }
        self.diagnostics
            .error(json.span, format_args!("{}: there is no kind of state `{kind}`", fields.what))
            .suggest("a kind", &kind.text, KINDS)
            .code("SCHEMA_VALIDATION_FAILED");
        None
    }

    fn fields_of(&mut self, kind: &str, fields: &Fields<'_>, read: &mut Read) {
        let allowed = FIELDS.iter().filter(|(_, kinds)| kinds.contains(&kind));
        self.only(fields, &allowed.map(|(field, _)| *field).collect::<Vec<_>>());
        if has(kind, "Next") {
            self.next_or_end(fields, read);
        }
        self.data_flow(kind, fields, read);
        if let Some((name, json)) = fields.get("Retry") {
            let retriers = self.array(json, "Retry");
            let retry = retriers.map(|all| {
                Value::Retry(all.iter().filter_map(|json| self.retrier(json)).collect())
            });
            read.push("retry", name, retry);
        }
        if let Some((name, json)) = fields.get("Catch") {
            let catchers = self.array(json, "Catch");
            let catch = catchers.map(|all| {
                Value::Catch(all.iter().filter_map(|json| self.catcher(json)).collect())
            });
            read.push("catch", name, catch);
        }
        match kind {
            "Task" => self.task(fields, read),
            "Choice" => self.choice(fields, &mut read.rules),
            "Parallel" => self.parallel(fields, read),
            "Map" => self.map(fields, read),
            "Wait" => self.wait(fields, read),
            "Pass" => {
                if let Some((name, json)) = fields.get("Result") {
                    let result = self.constant(json);
                    read.push("result", name, Some(Value::Expression(result)));
                }
            }
            "Fail" => self.fail(fields, read),
            _ => {}
        }
    }

    fn next_or_end(&mut self, fields: &Fields<'_>, read: &mut Read) {
        let next = fields.get("Next");
        let end = fields.get("End").filter(|(_, json)| self.boolean(json, "End") != Some(false));
        match (next, end) {
            (Some(_), Some((end, _))) => {
                self.diagnostics
                    .error(end.span, format_args!("{} has both `Next` and `End`", fields.what))
                    .help("remove one of them")
                    .code("SCHEMA_VALIDATION_FAILED");
            }
            (None, None) => {
                self.diagnostics
                    .error(
                        fields.span,
                        format_args!("{} has neither `Next` nor `End`", fields.what),
                    )
                    .help("add `\"Next\"` with the state that follows, or `\"End\": true`")
                    .code("SCHEMA_VALIDATION_FAILED");
            }
            (Some((name, json)), None) => {
                let next = self.name(json, "Next").map(Value::Name);
                read.push("next", name, next);
            }
            (None, Some((name, _))) => read.push("end", name, Some(Value::Flag)),
        }
    }

    fn task(&mut self, fields: &Fields<'_>, read: &mut Read) {
        let mut call = self.resource(fields);
        if let (Some((_, json)), Some(call)) = (fields.get("Credentials"), &mut call) {
            call.service.credentials = self.credentials(json);
        }
        let is_read = call.as_ref().is_some_and(|call| call.arguments.is_some());
        if let Some((name, json)) = fields.get("Parameters").filter(|_| !is_read) {
            let template = self.template(json);
            read.push("parameters", name, Some(Value::Expression(template)));
        }
        if let Some((name, json)) = fields.get("Resource") {
            read.push("call", name, call.map(Value::Call));
            if json.text().is_some_and(is_waiting) {
                let ty = Value::Type(parse_quote!(::workflow_core::Json));
                read.push("wait_for_task_token", name, Some(ty));
            }
        }
        for (field, path, native) in [
            ("TimeoutSeconds", "TimeoutSecondsPath", "timeout"),
            ("HeartbeatSeconds", "HeartbeatSecondsPath", "heartbeat"),
        ] {
            if let Some((name, json)) = self.one_of(fields, &[field, path], false) {
                let limit = self.limit(name, json, 1);
                read.push(native, name, limit.map(Value::Limit));
            }
        }
    }

    fn credentials(&mut self, json: &Json) -> Option<Expression> {
        let fields = self.object(json, "`Credentials`")?;
        self.only(&fields, &["RoleArn", "RoleArn.$"]);
        self.one_of(&fields, &["RoleArn", "RoleArn.$"], true)?;
        Some(self.template(json))
    }

    /// A number of seconds, or a path to one where the name of the field ends in `Path`.
    fn limit(&mut self, name: &Name, json: &Json, least: i128) -> Option<Limit> {
        if name.text.ends_with("Path") {
            self.path_value(json, &name.text).map(Limit::Seconds)
        } else {
            self.seconds(json, &name.text, least).map(Limit::Fixed)
        }
    }

    fn parallel(&mut self, fields: &Fields<'_>, read: &mut Read) {
        let Some(json) = self.required(fields, "Branches") else { return };
        let Some(all) = self.array(json, "Branches") else { return };
        if all.is_empty() {
            self.diagnostics
                .error(json.span, format_args!("{}: `Branches` is empty", fields.what))
                .code("SCHEMA_VALIDATION_FAILED");
        }
        let branches = all
            .iter()
            .enumerate()
            .filter_map(|(position, json)| {
                let what = format!("branch {} of {}", position + 1, fields.what);
                self.inner(json, &what, &[])
            })
            .collect();
        let name = Name { text: "branches".to_owned(), span: json.span };
        read.push("branches", &name, Some(Value::Branches(branches)));
    }

    /// A branch or an item processor.
    pub(super) fn inner(&mut self, json: &Json, what: &str, more: &[&str]) -> Option<Machine> {
        let fields = self.object(json, what)?;
        self.only(&fields, &[["Comment", "StartAt", "States"].as_slice(), more].concat());
        self.machine(&fields, json.span)
    }

    fn wait(&mut self, fields: &Fields<'_>, read: &mut Read) {
        let names = ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"];
        let Some((name, json)) = self.one_of(fields, &names, true) else { return };
        match name.text.as_str() {
            "Timestamp" => {
                let time = self.timestamp(json, "Timestamp");
                read.push("timestamp", name, time.map(Value::Expression));
            }
            "TimestampPath" => {
                let time = self.path_value(json, "TimestampPath");
                read.push("timestamp", name, time.map(Value::Expression));
            }
            _ => {
                let limit = self.limit(name, json, 0);
                read.push("seconds", name, limit.map(Value::Limit));
            }
        }
    }

    /// A text that is a timestamp: RFC 3339, with an upper-case T, and Z or an offset.
    pub(super) fn timestamp(&mut self, json: &Json, field: &str) -> Option<Expression> {
        let text = self.text(json, field)?;
        if crate::timestamp::is_timestamp(&text) {
            return Some(self.constant(json));
        }
        self.diagnostics
            .error(
                json.span,
                format_args!("`{field}` is a timestamp of RFC 3339, and this is `{text}`"),
            )
            .help("write it as `2026-03-14T01:59:00Z`")
            .code("SCHEMA_VALIDATION_FAILED");
        None
    }

    fn fail(&mut self, fields: &Fields<'_>, read: &mut Read) {
        for (field, path, native) in
            [("Error", "ErrorPath", "error"), ("Cause", "CausePath", "cause")]
        {
            let Some((name, json)) = self.one_of(fields, &[field, path], false) else { continue };
            let value = if name.text.ends_with("Path") {
                let value = self.dynamic(json, &name.text);
                self.is_string(&value, json, &name.text);
                Some(value)
            } else {
                self.text(json, field).map(|_| self.constant(json))
            };
            read.push(native, name, value.map(Value::Expression));
        }
    }

    /// Reports a call whose result is no string.
    fn is_string(&mut self, value: &Expression, json: &Json, field: &str) {
        const STRINGS: [&str; 7] = [
            "array_get_item",
            "base64_encode",
            "base64_decode",
            "format",
            "json_to_string",
            "hash",
            "uuid",
        ];
        if let ExpressionKind::Call(name, _) = &value.kind
            && !STRINGS.contains(&name.text.as_str())
        {
            self.diagnostics
                .error(
                    json.span,
                    format_args!("`{field}` is a string, and this function gives none"),
                )
                .help("write a path, or a function that gives a string, such as `States.Format`")
                .code("SCHEMA_VALIDATION_FAILED");
        }
    }
}
