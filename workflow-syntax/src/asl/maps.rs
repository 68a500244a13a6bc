//! Map states: their items, how many run at a time, and what a distributed Map has beside.

use super::Reader;
use super::fields::Fields;
use super::json::Json;
use super::states::Read;
use crate::parse::{Expression, ExpressionKind, Name, Root, Value, ValuePath};
use crate::span::Span;

impl Reader<'_> {
    pub(super) fn map(&mut self, fields: &Fields<'_>, read: &mut Read) {
        self.is_inline(fields);
        if let Some((name, json)) = self.one_of(fields, &["ItemProcessor", "Iterator"], true) {
            let what = format!("the item processor of {}", fields.what);
            let machine = self.inner(json, &what, &["ProcessorConfig"]);
            if let Some(execution_type) = self.execution_type(json) {
                read.push("execution_type", name, Some(Value::Text(execution_type)));
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
        if let Some((name, json)) = fields.get("Label") {
            let label = self.text(json, "Label");
            read.push("label", name, label.map(Value::Text));
        }
        self.tolerated(fields, read);
    }

    /// The type of the executions that the items of a distributed Map are.
    fn execution_type(&mut self, processor: &Json) -> Option<String> {
        let (_, config) = processor.object()?.iter().find(|(name, _)| name == "ProcessorConfig")?;
        let fields = self.object(config, "`ProcessorConfig`")?;
        self.only(&fields, &["Mode", "ExecutionType"]);
        let mode = fields.get("Mode").and_then(|(_, json)| Some((json, self.text(json, "Mode")?)));
        match mode {
            Some((_, mode)) if mode == "DISTRIBUTED" => {
                let kind = self.required(&fields, "ExecutionType")?;
                self.text(kind, "ExecutionType")
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
                None
            }
            _ => None,
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
        for (field, help) in [
            ("ItemReader", "have a task read the items, and hand them to the state in its input"),
            ("ItemBatcher", "have a task make batches of the items, and hand them to the state"),
            ("ResultWriter", "have a task after the state write its result"),
        ] {
            if let Some((name, _)) = fields.get(field) {
                let message = format!("{}: `{field}` is not supported yet", fields.what);
                self.diagnostics.error(name.span, message).help(help);
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
}

fn input(span: Span) -> Expression {
    let path = ValuePath { root: Root::Input, start: span, segments: Vec::new() };
    Expression::new(ExpressionKind::Path(path), span, span)
}
