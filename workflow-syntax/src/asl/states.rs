//! The states: which fields each kind has, and what each field becomes in the native notation.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::parse::Parser;

use super::Reader;
use super::fields::Fields;
use super::json::Json;
use crate::parse::{
    Expression, ExpressionKind, Field, Limit, Machine, Name, Root, Rule, State, Value, ValuePath,
};
use crate::span::Span;

/// The fields that every state has.
const COMMON: [&str; 3] = ["Type", "Comment", "QueryLanguage"];

/// The fields of a kind of state beside those, in the JSONPath query language; `None` for a kind that there is not.
fn allowed(kind: &str) -> Option<&'static [&'static str]> {
    Some(match kind {
        "Task" => &[
            "Resource",
            "Next",
            "End",
            "Retry",
            "Catch",
            "TimeoutSeconds",
            "TimeoutSecondsPath",
            "HeartbeatSeconds",
            "HeartbeatSecondsPath",
            "Credentials",
            "InputPath",
            "Parameters",
            "ResultSelector",
            "ResultPath",
            "OutputPath",
            "Assign",
        ],
        "Choice" => &["Choices", "Default", "InputPath", "OutputPath", "Assign"],
        "Parallel" => &[
            "Branches",
            "Next",
            "End",
            "Retry",
            "Catch",
            "InputPath",
            "Parameters",
            "ResultSelector",
            "ResultPath",
            "OutputPath",
            "Assign",
        ],
        "Map" => &[
            "ItemProcessor",
            "Iterator",
            "ItemsPath",
            "ItemSelector",
            "Parameters",
            "MaxConcurrency",
            "MaxConcurrencyPath",
            "Next",
            "End",
            "Retry",
            "Catch",
            "InputPath",
            "ResultSelector",
            "ResultPath",
            "OutputPath",
            "Assign",
            "Label",
            "ItemReader",
            "ItemBatcher",
            "ResultWriter",
            "ToleratedFailureCount",
            "ToleratedFailureCountPath",
            "ToleratedFailurePercentage",
            "ToleratedFailurePercentagePath",
        ],
        "Wait" => &[
            "Seconds",
            "SecondsPath",
            "Timestamp",
            "TimestampPath",
            "Next",
            "End",
            "InputPath",
            "OutputPath",
            "Assign",
        ],
        "Pass" => &[
            "Next",
            "End",
            "InputPath",
            "Parameters",
            "Result",
            "ResultPath",
            "OutputPath",
            "Assign",
        ],
        "Succeed" => &["InputPath", "OutputPath"],
        "Fail" => &["Error", "ErrorPath", "Cause", "CausePath"],
        _ => return None,
    })
}

/// The fields of a state as they are collected.
#[derive(Default)]
struct Read {
    fields: Vec<Field>,
    rules: Vec<Rule>,
}

impl Read {
    /// Adds a field of the native notation, at the name that it has in the definition.
    fn push(&mut self, native: &str, name: &Name, value: Option<Value>) {
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
        const KINDS: [&str; 8] =
            ["Task", "Choice", "Parallel", "Map", "Wait", "Pass", "Succeed", "Fail"];
        let json = self.required(fields, "Type")?;
        let kind = self.name(json, "Type")?;
        if allowed(&kind.text).is_some() {
            return Some(kind);
        }
        self.diagnostics
            .error(json.span, format_args!("{}: there is no kind of state `{kind}`", fields.what))
            .suggest("a kind", &kind.text, KINDS)
            .code("SCHEMA_VALIDATION_FAILED");
        None
    }

    fn fields_of(&mut self, kind: &str, fields: &Fields<'_>, read: &mut Read) {
        let own = allowed(kind).unwrap_or_default();
        self.only(fields, &[COMMON.as_slice(), own].concat());
        if own.contains(&"Next") {
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

    /// The fields that say how data goes through a state.
    fn data_flow(&mut self, kind: &str, fields: &Fields<'_>, read: &mut Read) {
        let has = |field: &str| allowed(kind).is_some_and(|own| own.contains(&field));
        for (field, native) in [
            ("InputPath", "input_path"),
            ("OutputPath", "output_path"),
            ("ResultPath", "result_path"),
        ] {
            if let Some((name, json)) = fields.get(field).filter(|_| has(field)) {
                let path = self.path_or_null(json, field);
                read.push(native, name, path.map(Value::Path));
            }
        }
        for (field, native) in [("Parameters", "parameters"), ("ResultSelector", "result_selector")]
        {
            // A Map has `Parameters` for `ItemSelector`, and a Task may hand them to the Lambda service.
            if matches!((field, kind), ("Parameters", "Map" | "Task")) {
                continue;
            }
            if let Some((name, json)) = fields.get(field).filter(|_| has(field)) {
                let template = self.template(json);
                read.push(native, name, Some(Value::Expression(template)));
            }
        }
        if let Some((name, json)) = fields.get("Assign").filter(|_| has("Assign")) {
            let assign = self.assign(json);
            read.push("assign", name, assign.map(Value::Assign));
        }
    }

    /// A path, or null; `None` where it is neither.
    pub(super) fn path_or_null(&mut self, json: &Json, field: &str) -> Option<Option<ValuePath>> {
        if json.is_null() { Some(None) } else { self.path(json, field).map(Some) }
    }

    pub(super) fn assign(&mut self, json: &Json) -> Option<Vec<(Name, Expression)>> {
        let fields = self.object(json, "`Assign`")?;
        let all =
            fields.iter().map(|(name, json)| (name.clone(), json.clone())).collect::<Vec<_>>();
        let assigned = self.template_fields(&all);
        for (name, _) in &assigned {
            self.variable_name(name);
        }
        Some(assigned)
    }

    fn variable_name(&mut self, name: &Name) {
        const MOST: usize = 80;
        let length = name.text.chars().count();
        // It becomes an identifier of Rust; keywords are fine after a prefix.
        if Ident::parse_any.parse_str(&name.text).is_err() {
            self.diagnostics
                .error(name.span, format_args!("`{name}` cannot name a variable"))
                .help("write letters, digits and underscores, a letter first")
                .code("SCHEMA_VALIDATION_FAILED");
        } else if length > MOST {
            self.diagnostics
                .error(name.span, format_args!("the name of a variable has at most {MOST} characters, and this one {length}"))
                .code("SCHEMA_VALIDATION_FAILED");
        }
    }

    fn task(&mut self, fields: &Fields<'_>, read: &mut Read) {
        let called = self.resource(fields);
        let is_invoke = called.as_ref().is_some_and(|called| called.is_invoke);
        if let Some((name, json)) = fields.get("Parameters").filter(|_| !is_invoke) {
            let template = self.template(json);
            read.push("parameters", name, Some(Value::Expression(template)));
        }
        if let Some((name, _)) = fields.get("Resource") {
            read.push("call", name, called.map(|called| Value::Call(called.call)));
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
        if let Some((_, json)) = fields.get("Credentials") {
            self.credentials(json);
        }
    }

    fn credentials(&mut self, json: &Json) {
        let Some(fields) = self.object(json, "`Credentials`") else { return };
        self.only(&fields, &["RoleArn", "RoleArn.$"]);
        self.one_of(&fields, &["RoleArn", "RoleArn.$"], true);
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
    fn inner(&mut self, json: &Json, what: &str, more: &[&str]) -> Option<Machine> {
        let fields = self.object(json, what)?;
        self.only(&fields, &[["Comment", "StartAt", "States"].as_slice(), more].concat());
        self.machine(&fields, json.span)
    }

    fn map(&mut self, fields: &Fields<'_>, read: &mut Read) {
        self.is_inline(fields);
        if let Some((name, json)) = self.one_of(fields, &["ItemProcessor", "Iterator"], true) {
            let what = format!("the item processor of {}", fields.what);
            let machine = self.inner(json, &what, &["ProcessorConfig"]);
            if self.is_distributed(json) {
                read.push("is_distributed", name, Some(Value::Flag));
            }
            read.push("item_processor", name, machine.map(Value::States));
        }
        let items = match fields.get("ItemsPath") {
            Some((name, json)) => (name.clone(), self.path_value(json, "ItemsPath")),
            None => {
                (Name { text: "ItemsPath".to_owned(), span: fields.span }, Some(input(fields.span)))
            }
        };
        read.push("items", &items.0, items.1.map(Value::Expression));
        if let Some((name, json)) = self.one_of(fields, &["ItemSelector", "Parameters"], false) {
            let template = self.template(json);
            read.push("item_selector", name, Some(Value::Expression(template)));
        }
        if let Some((name, json)) =
            self.one_of(fields, &["MaxConcurrency", "MaxConcurrencyPath"], false)
        {
            let most = if name.text.ends_with("Path") {
                self.path_value(json, &name.text)
            } else {
                self.integer(json, &name.text, 0).map(|_| self.constant(json))
            };
            read.push("max_concurrency", name, most.map(Value::Expression));
        }
        self.tolerated(fields, read);
    }

    /// Whether the items of a Map are executions of their own.
    fn is_distributed(&mut self, processor: &Json) -> bool {
        let config =
            processor.object().into_iter().flatten().find(|(name, _)| name == "ProcessorConfig");
        let Some(fields) = config.and_then(|(_, json)| self.object(json, "`ProcessorConfig`"))
        else {
            return false;
        };
        self.only(&fields, &["Mode", "ExecutionType"]);
        let mode = fields.get("Mode").and_then(|(_, json)| Some((json, self.text(json, "Mode")?)));
        match mode {
            Some((_, mode)) if mode == "DISTRIBUTED" => {
                self.required(&fields, "ExecutionType");
                true
            }
            Some((json, mode)) if mode != "INLINE" => {
                self.diagnostics
                    .error(
                        json.span,
                        format_args!(
                            "`Mode` is \"INLINE\" or \"DISTRIBUTED\", and this is \"{mode}\""
                        ),
                    )
                    .code("SCHEMA_VALIDATION_FAILED");
                false
            }
            _ => false,
        }
    }

    /// Reports what only a distributed Map has, and what runs it elsewhere.
    fn is_inline(&mut self, fields: &Fields<'_>) {
        if let Some((_, json)) = fields.get("ItemBatcher")
            && let Some(batcher) = self.object(json, "`ItemBatcher`")
        {
            self.one_of(&batcher, &["MaxItemsPerBatch", "MaxItemsPerBatchPath"], false);
            self.one_of(&batcher, &["MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"], false);
        }
        if let Some((_, json)) = fields.get("ItemReader")
            && let Some(reader) = self.object(json, "`ItemReader`")
            && let Some((_, json)) = reader.get("ReaderConfig")
            && let Some(config) = self.object(json, "`ReaderConfig`")
        {
            self.one_of(&config, &["MaxItems", "MaxItemsPath"], false);
        }
        if self.resources.is_open {
            return;
        }
        for field in ["ItemReader", "ItemBatcher", "ResultWriter"] {
            if let Some((name, _)) = fields.get(field) {
                let message = format!("{}: `{field}` is not supported yet", fields.what);
                self.diagnostics
                    .error(name.span, message)
                    .help("have a task read the items, and hand them to the state in its input");
            }
        }
    }

    /// What only a distributed Map tolerates: failures of some of its items.
    fn tolerated(&mut self, fields: &Fields<'_>, read: &mut Read) {
        for (field, path, native, most) in [
            (
                "ToleratedFailureCount",
                "ToleratedFailureCountPath",
                "tolerated_failure_count",
                f64::INFINITY,
            ),
            (
                "ToleratedFailurePercentage",
                "ToleratedFailurePercentagePath",
                "tolerated_failure_percentage",
                100.0,
            ),
        ] {
            let Some((name, json)) = self.one_of(fields, &[field, path], false) else { continue };
            let value = if name.text.ends_with("Path") {
                self.path_value(json, &name.text)
            } else {
                self.at_most(json, field, most).map(|()| self.constant(json))
            };
            read.push(native, name, value.map(Value::Expression));
        }
    }

    fn at_most(&mut self, json: &Json, field: &str, most: f64) -> Option<()> {
        let number = self.number(json, field, 0.0)?;
        if number <= most {
            return Some(());
        }
        self.diagnostics
            .error(json.span, format_args!("`{field}` is at most {most}, and this is {number}"))
            .code("SCHEMA_VALIDATION_FAILED");
        None
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
}

impl Reader<'_> {
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

fn input(span: Span) -> Expression {
    let path = ValuePath { root: Root::Input, start: span, segments: Vec::new() };
    Expression::new(ExpressionKind::Path(path), span, span)
}
