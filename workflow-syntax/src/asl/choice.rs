//! The rules of a Choice state: 39 comparisons, and their combinations.

use super::Reader;
use super::fields::Fields;
use super::json::Json;
use crate::parse::expression::{Comparand, Operator};
use crate::parse::{Expression, ExpressionKind, Field, Name, Rule, Value};
use crate::span::Span;

const COMBINATIONS: [&str; 3] = ["And", "Or", "Not"];

/// What a comparison compares, by the first word of its name.
const COMPARANDS: [(&str, Comparand); 4] = [
    ("String", Comparand::Text),
    ("Numeric", Comparand::Number),
    ("Boolean", Comparand::Boolean),
    ("Timestamp", Comparand::Timestamp),
];

/// How a comparison compares, by the words after that.
const ORDERS: [(&str, Operator); 5] = [
    ("Equals", Operator::Equal),
    ("LessThan", Operator::Less),
    ("LessThanEquals", Operator::LessEqual),
    ("GreaterThan", Operator::Greater),
    ("GreaterThanEquals", Operator::GreaterEqual),
];

/// The tests of one value, and their native names.
const TESTS: [(&str, &str); 6] = [
    ("IsNull", "is_null"),
    ("IsPresent", "is_present"),
    ("IsNumeric", "is_numeric"),
    ("IsString", "is_string"),
    ("IsBoolean", "is_boolean"),
    ("IsTimestamp", "is_timestamp"),
];

/// What an operator does with its two sides.
enum Test {
    /// A comparison of two values of one type.
    Compare(Comparand, Operator),
    /// `StringMatches`
    Matches,
    /// `IsNull` and its like, by the native name.
    Is(&'static str),
}

/// The meaning of an operator, and whether its value is a path.
fn operator(name: &str) -> Option<(Test, bool)> {
    if name == "StringMatches" {
        return Some((Test::Matches, false));
    }
    if let Some((_, test)) = TESTS.into_iter().find(|(test, _)| *test == name) {
        return Some((Test::Is(test), false));
    }
    let (comparison, is_path) =
        name.strip_suffix("Path").map_or((name, false), |comparison| (comparison, true));
    let (rest, comparand) = COMPARANDS
        .into_iter()
        .find_map(|(prefix, comparand)| Some((comparison.strip_prefix(prefix)?, comparand)))?;
    let (_, operator) = ORDERS.into_iter().find(|(order, _)| *order == rest)?;
    // Of truth values none is less than the other.
    let is_known = comparand != Comparand::Boolean || operator == Operator::Equal;
    is_known.then_some((Test::Compare(comparand, operator), is_path))
}

/// The names of all comparisons.
fn operators() -> Vec<String> {
    let comparisons = COMPARANDS.into_iter().flat_map(|(comparand, _)| {
        ORDERS.map(|(order, _)| [format!("{comparand}{order}Path"), format!("{comparand}{order}")])
    });
    let tests = TESTS.into_iter().map(|(test, _)| test.to_owned());
    let all = comparisons.flatten().chain(tests).chain(["StringMatches".to_owned()]);
    all.filter(|name| operator(name).is_some()).collect()
}

impl Reader<'_> {
    pub(super) fn choice(&mut self, fields: &Fields<'_>, rules: &mut Vec<Rule>) {
        let Some(json) = self.required(fields, "Choices") else { return };
        let Some(choices) = self.array(json, "Choices") else { return };
        if choices.is_empty() {
            self.diagnostics
                .error(json.span, format_args!("{}: `Choices` is empty", fields.what))
                .code("SCHEMA_VALIDATION_FAILED");
        }
        for json in choices {
            rules.extend(self.rule(json, &fields.what));
        }
        if let Some((name, json)) = fields.get("Default")
            && let Some(target) = self.name(json, "Default")
        {
            let next = Field { name: native("next", name.span), value: Value::Name(target) };
            rules.push(Rule { condition: None, span: name.span, fields: vec![next] });
        }
    }

    fn rule(&mut self, json: &Json, state: &str) -> Option<Rule> {
        let what = format!("a rule of {state}");
        let fields = self.object(json, &what)?;
        let mut native_fields = Vec::new();
        if let Some(json) = self.required(&fields, "Next")
            && let Some(target) = self.name(json, "Next")
        {
            native_fields
                .push(Field { name: native("next", json.span), value: Value::Name(target) });
        }
        if let Some((name, json)) = fields.get("Assign")
            && let Some(assign) = self.assign(json)
        {
            native_fields
                .push(Field { name: native("assign", name.span), value: Value::Assign(assign) });
        }
        if let Some((name, _)) = fields.get("Comment")
            && let Some(comment) = self.comment(&fields)
        {
            native_fields
                .push(Field { name: native("comment", name.span), value: Value::Text(comment) });
        }
        let condition = self.condition(&fields, &["Next", "Assign", "Comment"])?;
        Some(Rule { condition: Some(condition), span: json.span, fields: native_fields })
    }

    /// One comparison, or a combination.
    fn condition(&mut self, fields: &Fields<'_>, more: &[&str]) -> Option<Expression> {
        let is_test = |name: &str| COMBINATIONS.contains(&name) || operator(name).is_some();
        let mut tests = fields.iter().filter(|(name, _)| is_test(&name.text));
        let first = tests.next();
        if let Some((second, _)) = tests.next() {
            self.diagnostics
                .error(second.span, format_args!("{}: a rule has one comparison", fields.what))
                .help("join several in `\"And\": [...]`")
                .code("SCHEMA_VALIDATION_FAILED");
        }
        let Some((name, json)) = first else {
            // A comparison that is misspelt is reported as a field that there is not.
            let all = operators();
            let all: Vec<&str> = all.iter().map(String::as_str).chain(COMBINATIONS).collect();
            if self.only(fields, &[all.as_slice(), &["Variable"], more].concat()) {
                return None;
            }
            self.diagnostics
                .error(fields.span, format_args!("{}: there is no comparison", fields.what))
                .help("add one, as in `\"Variable\": \"$.total\", \"NumericGreaterThan\": 100`")
                .code("SCHEMA_VALIDATION_FAILED");
            return None;
        };
        let is_combination = COMBINATIONS.contains(&name.text.as_str());
        let own: &[&str] = if is_combination { &[] } else { &["Variable"] };
        // Another comparison is reported above.
        let tests = fields.iter().map(|(name, _)| name.text.as_str()).filter(|name| is_test(name));
        self.only(fields, &tests.chain([own, more].concat()).collect::<Vec<_>>());
        match name.text.as_str() {
            "Not" => {
                let operand = self.operand(json, &fields.what)?;
                Some(Expression::new(ExpressionKind::Not(Box::new(operand)), json.span, json.span))
            }
            "And" => self.combined(name, json, &fields.what, Operator::And),
            "Or" => self.combined(name, json, &fields.what, Operator::Or),
            _ => self.comparison(fields, name, json),
        }
    }

    /// A rule inside of a combination, which leads nowhere by itself.
    fn operand(&mut self, json: &Json, what: &str) -> Option<Expression> {
        let fields = self.object(json, what)?;
        self.condition(&fields, &["Comment"])
    }

    fn combined(
        &mut self,
        name: &Name,
        json: &Json,
        what: &str,
        operator: Operator,
    ) -> Option<Expression> {
        let operands = self.array(json, &name.text)?;
        if operands.is_empty() {
            self.diagnostics
                .error(json.span, format_args!("{what}: `{name}` is empty"))
                .code("SCHEMA_VALIDATION_FAILED");
        }
        let operands: Vec<Expression> =
            operands.iter().filter_map(|json| self.operand(json, what)).collect();
        operands.into_iter().reduce(|left, right| {
            let kind = ExpressionKind::Binary(Box::new(left), operator, Box::new(right));
            Expression::new(kind, json.span, json.span)
        })
    }

    fn comparison(&mut self, fields: &Fields<'_>, name: &Name, json: &Json) -> Option<Expression> {
        let variable = self.required(fields, "Variable")?;
        let left = self.path_value(variable, "Variable")?;
        let (test, is_path) = operator(&name.text)?;
        let at = |kind| Some(Expression::new(kind, variable.span, json.span));
        match test {
            Test::Is(test) => {
                let call = ExpressionKind::Call(native(test, variable.span), vec![left]);
                let call = Expression::new(call, variable.span, json.span);
                if self.boolean(json, &name.text)? {
                    return Some(call);
                }
                at(ExpressionKind::Not(Box::new(call)))
            }
            Test::Matches => {
                self.text(json, &name.text)?;
                let pattern = self.constant(json);
                at(ExpressionKind::Call(
                    native("string_matches", variable.span),
                    vec![left, pattern],
                ))
            }
            Test::Compare(comparand, operator) => {
                let right = if is_path {
                    self.path_value(json, &name.text)?
                } else {
                    self.comparand(json, &name.text, comparand)?
                };
                let (left, right) = (Box::new(left), Box::new(right));
                if is_path || comparand == Comparand::Timestamp {
                    return at(ExpressionKind::Compare(comparand, left, operator, right));
                }
                at(ExpressionKind::Binary(left, operator, right))
            }
        }
    }

    /// The constant that a comparison is with.
    fn comparand(&mut self, json: &Json, field: &str, comparand: Comparand) -> Option<Expression> {
        match comparand {
            Comparand::Text => {
                self.text(json, field)?;
            }
            Comparand::Number => {
                self.number(json, field, f64::NEG_INFINITY)?;
            }
            Comparand::Boolean => {
                self.boolean(json, field)?;
            }
            Comparand::Timestamp => return self.timestamp(json, field),
        }
        Some(self.constant(json))
    }
}

fn native(name: &str, span: Span) -> Name {
    Name { text: name.to_owned(), span }
}
