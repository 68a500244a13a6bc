//! Expressions in the native notation, and what a person has to decide about them.

use workflow_syntax::context;
use workflow_syntax::intrinsics::capture;
use workflow_syntax::parse::expression::{Comparand, is_path_in_quotes};
use workflow_syntax::parse::{Expression, ExpressionKind, Literal, Root, SegmentKind, ValuePath};

/// Writes expressions, and collects what has to be decided.
#[derive(Default)]
pub(crate) struct Writer {
    pub(crate) decisions: Vec<String>,
}

impl Writer {
    pub(crate) fn value(&mut self, value: &Expression) -> String {
        match &value.kind {
            ExpressionKind::Path(path) if is_time(path) => format!("json({path})"),
            ExpressionKind::Path(path) => self.path(path),
            ExpressionKind::Object(fields) if fields.is_empty() => "{}".to_owned(),
            ExpressionKind::Object(fields) => {
                let fields = fields.iter().map(|(name, value)| {
                    let value = self.value(value);
                    format!("{:?}: {value}", name.text)
                });
                format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
            }
            ExpressionKind::Array(items) => format!("[{}]", self.list(items)),
            ExpressionKind::Call(name, arguments) if name.text.starts_with("is_") => {
                self.test(&name.text, arguments)
            }
            ExpressionKind::Call(name, arguments) => match arguments.as_slice() {
                [
                    Expression { kind: ExpressionKind::Literal(Literal::Text(text)), .. },
                    values @ ..,
                ] if name == "format" => {
                    let values = values.iter().map(|value| format!(", {}", self.value(value)));
                    format!("format({:?}{})", template(text), values.collect::<String>())
                }
                _ => format!("{name}({})", self.list(arguments)),
            },
            ExpressionKind::Literal(Literal::Text(text)) => literal(text),
            ExpressionKind::Not(operand) => format!("!{}", self.operand(operand)),
            ExpressionKind::Binary(left, operator, right) => {
                let (left, right) = (self.operand(left), self.operand(right));
                format!("{left} {} {right}", operator.symbol())
            }
            ExpressionKind::Compare(comparand, left, operator, right) => {
                let [left, right] = [left, right].map(|side| self.side(*comparand, side));
                let compared = format!("{} {} {}", left.text, operator.symbol(), right.text);
                let tests = left.test.into_iter().chain(right.test);
                tests.chain([compared]).collect::<Vec<_>>().join(" && ")
            }
            _ => value.to_string(),
        }
    }

    /// A side of a comparison, with the test that it is of the type that the comparison names, where that is not known.
    fn side(&mut self, comparand: Comparand, side: &Expression) -> Side {
        let decided = self.decisions.len();
        let text = match &side.kind {
            ExpressionKind::Path(path) if comparand == Comparand::Timestamp && is_time(path) => {
                path.to_string()
            }
            _ => self.operand(side),
        };
        let test = (!has_type(comparand, side)).then(|| {
            let test = match comparand {
                Comparand::Text => "is_string",
                Comparand::Number => "is_numeric",
                Comparand::Boolean => "is_boolean",
                Comparand::Timestamp => "is_timestamp",
            };
            self.test_of(test, &text, decided)
        });
        match comparand {
            Comparand::Timestamp => Side { text: format!("timestamp({text})"), test },
            _ => Side { text, test },
        }
    }

    /// A value whose type is none, wherever it goes.
    pub(crate) fn untyped(&mut self, value: &Expression) -> String {
        let text = self.value(value);
        match value.kind {
            ExpressionKind::Path(_) | ExpressionKind::Object(_) | ExpressionKind::Array(_) => text,
            _ => format!("json({text})"),
        }
    }

    /// A test of a path.
    fn test(&mut self, name: &str, arguments: &[Expression]) -> String {
        let decided = self.decisions.len();
        let tested = self.list(arguments);
        self.test_of(name, &tested, decided)
    }

    /// A test of what was written after so many decisions, which does not hold for what the native notation does not have.
    fn test_of(&self, name: &str, tested: &str, decided: usize) -> String {
        if self.decisions.len() > decided {
            "false".to_owned()
        } else {
            format!("{name}({tested})")
        }
    }

    fn list(&mut self, items: &[Expression]) -> String {
        items.iter().map(|item| self.value(item)).collect::<Vec<_>>().join(", ")
    }

    /// An operand, in parentheses where it is an operation itself.
    fn operand(&mut self, operand: &Expression) -> String {
        let text = self.value(operand);
        let is_operation =
            matches!(operand.kind, ExpressionKind::Binary(..) | ExpressionKind::Compare(..));
        if is_operation { format!("({text})") } else { text }
    }

    /// A path; a text that names it for one that the native notation does not have.
    pub(crate) fn path(&mut self, path: &ValuePath) -> String {
        let text = path.to_string();
        let is_query = path
            .segments
            .iter()
            .any(|segment| matches!(segment.kind, SegmentKind::Query(_) | SegmentKind::Names(_)));
        let is_context = matches!(path.root, Root::Context);
        if is_query {
            self.decisions
                .push(format!("`{text}` names several fields at once: make it in a task"));
            return "null".to_owned();
        }
        if is_context && !context::FIELDS.iter().any(|field| field.has(&text)) {
            self.decisions.push(format!("the context object has no `{text}` in the process"));
            return literal(&text);
        }
        text
    }
}

/// Whether a path leads to a time of the context object, which is a text on AWS.
fn is_time(path: &ValuePath) -> bool {
    ["$$.Execution.StartTime", "$$.State.EnteredTime"].contains(&path.to_string().as_str())
}

/// Whether a side of a comparison is known to be of the type that the comparison names.
fn has_type(comparand: Comparand, side: &Expression) -> bool {
    match &side.kind {
        ExpressionKind::Path(path) if comparand == Comparand::Timestamp => is_time(path),
        ExpressionKind::Path(path) => matches!(path.root, Root::Context),
        _ => true,
    }
}

/// A side of a comparison, and what has to hold before it is read.
struct Side {
    text: String,
    test: Option<String>,
}

/// Text. What looks like a path is text all the same as a template.
fn literal(text: &str) -> String {
    if is_path_in_quotes(text) { format!("format({text:?})") } else { format!("{text:?}") }
}

/// A template in which a brace that stands for no value is escaped.
fn template(text: &str) -> String {
    let mut template = text.to_owned();
    while let Some(found) = capture(&template) {
        template.insert(found.start, '\\');
    }
    template
}
