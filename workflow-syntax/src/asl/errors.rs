//! Retriers and catchers.

use super::Reader;
use super::fields::Fields;
use super::json::Json;
use crate::parse::{Catcher, ErrorName, Field, Name, Retrier, RetryItem, Spanned, Value};

impl Reader<'_> {
    pub(super) fn retrier(&mut self, json: &Json) -> Option<RetryItem> {
        let fields = self.object(json, "a retrier")?;
        self.only(
            &fields,
            &[
                "ErrorEquals",
                "IntervalSeconds",
                "MaxAttempts",
                "BackoffRate",
                "MaxDelaySeconds",
                "JitterStrategy",
                "Comment",
            ],
        );
        let attempts = fields.get("MaxAttempts").map(|(_, json)| json);
        let rate = fields.get("BackoffRate").map(|(_, json)| json);
        let jitter = fields.get("JitterStrategy").map(|(_, json)| json);
        let retrier = Retrier {
            span: json.span,
            error_equals: self.error_equals(&fields),
            interval: self.duration(&fields, "IntervalSeconds", 1),
            max_attempts: attempts.and_then(|json| {
                let value = self.integer(json, "MaxAttempts", 0)?;
                Some(Spanned { value: u32::try_from(value).unwrap_or(u32::MAX), span: json.span })
            }),
            backoff_rate: rate.and_then(|json| {
                let value = self.number(json, "BackoffRate", 1.0)?;
                Some(Spanned { value, span: json.span })
            }),
            max_delay: self.duration(&fields, "MaxDelaySeconds", 1),
            jitter: jitter.and_then(|json| self.jitter(json)),
            comment: self.comment(&fields),
        };
        Some(RetryItem::Retrier(Box::new(retrier)))
    }

    fn jitter(&mut self, json: &Json) -> Option<Name> {
        let text = json.text().filter(|text| ["FULL", "NONE"].contains(text));
        if text.is_none() {
            self.invalid(json, "`JitterStrategy` is \"FULL\" or \"NONE\"");
        }
        Some(Name { text: text?.to_owned(), span: json.span })
    }

    pub(super) fn catcher(&mut self, json: &Json) -> Option<Catcher> {
        let fields = self.object(json, "a catcher")?;
        self.only(&fields, &["ErrorEquals", "Next", "ResultPath", "Assign", "Comment"]);
        let error_equals = self.error_equals(&fields);
        let mut native = Vec::new();
        let mut push = |name: &str, span, value| {
            native.push(Field { name: Name { text: name.to_owned(), span }, value });
        };
        if let Some(json) = self.required(&fields, "Next")
            && let Some(target) = self.name(json, "Next")
        {
            push("next", json.span, Value::Name(target));
        }
        if let Some((name, json)) = fields.get("ResultPath")
            && let Some(path) = self.path_or_null(json, "ResultPath")
        {
            push("result_path", name.span, Value::Path(path));
        }
        if let Some((name, json)) = fields.get("Assign")
            && let Some(assign) = self.assign(json)
        {
            push("assign", name.span, Value::Assign(assign));
        }
        if let Some((name, _)) = fields.get("Comment")
            && let Some(comment) = self.comment(&fields)
        {
            push("comment", name.span, Value::Text(comment));
        }
        Some(Catcher { span: json.span, error_equals, fields: native })
    }

    fn error_equals(&mut self, fields: &Fields<'_>) -> Option<Vec<ErrorName>> {
        let json = self.required(fields, "ErrorEquals")?;
        let names = self.array(json, "ErrorEquals")?;
        if names.is_empty() {
            self.diagnostics
                .error(json.span, format_args!("{}: `ErrorEquals` is empty", fields.what))
                .code("SCHEMA_VALIDATION_FAILED");
            return None;
        }
        let names = names.iter().filter_map(|json| {
            let value = self.text(json, "ErrorEquals")?;
            Some(ErrorName::Text(Spanned { value, span: json.span }))
        });
        Some(names.collect())
    }
}
