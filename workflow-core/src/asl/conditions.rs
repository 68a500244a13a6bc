//! Conditions as the rules of a Choice state.

use serde_json::{Map, json};

use super::Writer;
use super::paths::path;
use super::values::{Value, variant};
use crate::choice::Comparand;
use crate::data::Json;
use crate::definition::Expression;

type Rule = Map<String, Json>;

fn rule(fields: impl IntoIterator<Item = (&'static str, Json)>) -> Rule {
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn not(operand: Rule) -> Rule {
    rule([("Not", operand.into())])
}

impl Writer<'_> {
    pub(super) fn condition(&mut self, condition: &Expression) -> Rule {
        match *condition {
            Expression::Unary("!", operand) => self.negated(operand),
            Expression::Binary(left, "&&", right) => self.combined("And", left, right),
            Expression::Binary(left, "||", right) => self.combined("Or", left, right),
            Expression::Binary(left, operator, right) => self.comparison(left, operator, right),
            Expression::Compare(comparand, left, operator, right) => {
                self.comparison_as(comparand, left, operator, right)
            }
            Expression::Call("string_matches", [text, Expression::Literal(pattern)]) => rule([
                ("Variable", self.variable(text)),
                ("StringMatches", serde_json::from_str(pattern).unwrap_or_default()),
            ]),
            Expression::Call(test, [operand]) if test.starts_with("is_") => {
                self.test(operand, test, true)
            }
            Expression::Path(_) | Expression::Context(_) => {
                rule([("Variable", self.variable(condition)), ("BooleanEquals", true.into())])
            }
            _ => {
                self.inexpressible(format_args!("the condition `{condition}`"));
                Rule::new()
            }
        }
    }

    /// A test is negated by its value; all else is in `Not`.
    fn negated(&mut self, operand: &Expression) -> Rule {
        match *operand {
            Expression::Call(test, [operand]) if test.starts_with("is_") => {
                self.test(operand, test, false)
            }
            _ => not(self.condition(operand)),
        }
    }

    fn test(&mut self, operand: &Expression, test: &str, holds: bool) -> Rule {
        let name = match test {
            "is_present" => "IsPresent",
            "is_null" => "IsNull",
            "is_string" => "IsString",
            "is_numeric" => "IsNumeric",
            "is_boolean" => "IsBoolean",
            _ => "IsTimestamp",
        };
        if name == "IsPresent" && self.is_option(operand) {
            let is_there = rule([("Variable", self.variable(operand)), (name, true.into())]);
            let is_null = rule([("Variable", self.variable(operand)), ("IsNull", false.into())]);
            let both = rule([("And", json!([is_there, is_null]))]);
            return if holds { both } else { not(both) };
        }
        rule([("Variable", self.variable(operand)), (name, holds.into())])
    }

    /// Whether a path leads to an `Option`: on AWS `null` is present.
    fn is_option(&self, operand: &Expression) -> bool {
        let Expression::Path(text) = operand else { return false };
        self.presences.iter().any(|presence| {
            presence.state == self.state && presence.path == *text && presence.is_option
        })
    }

    /// Conditions in one list: `a && b && c` is one `And` of three.
    fn combined(&mut self, name: &'static str, left: &Expression, right: &Expression) -> Rule {
        let operator = if name == "And" { "&&" } else { "||" };
        let mut operands = Vec::new();
        self.operands(operator, left, &mut operands);
        self.operands(operator, right, &mut operands);
        rule([(name, operands.into())])
    }

    fn operands(&mut self, operator: &str, side: &Expression, operands: &mut Vec<Json>) {
        match *side {
            Expression::Binary(left, inner, right) if inner == operator => {
                self.operands(operator, left, operands);
                operands.push(self.condition(right).into());
            }
            _ => operands.push(self.condition(side).into()),
        }
    }

    /// The path on the left side of a comparison.
    fn variable(&mut self, side: &Expression) -> Json {
        match *side {
            Expression::Path(text) | Expression::Context(text) => path(text).into(),
            Expression::Call("timestamp", [value]) => self.variable(value),
            _ => {
                self.inexpressible(format_args!("`{side}` in a condition"));
                Json::Null
            }
        }
    }

    fn comparison(&mut self, left: &Expression, operator: &str, right: &Expression) -> Rule {
        if is_constant(left) && !is_constant(right) {
            return self.comparison(right, mirrored(operator), left);
        }
        if operator == "!=" {
            return not(self.comparison(left, "==", right));
        }
        if is_timestamp(left) || is_timestamp(right) {
            return self.comparison_as(Comparand::Timestamp, left, operator, right);
        }
        if let Expression::Variant(ty, name) = *right {
            if ty.variant(name).is_some_and(|variant| !variant.unit) {
                self.inexpressible(format_args!("a comparison with `{right}`, which carries data"));
            }
            return rule([
                ("Variable", self.variable(left)),
                ("StringEquals", variant(ty, name).into()),
            ]);
        }
        let Value::Plain(constant) = self.value(right) else {
            return self.of_paths(left, operator, right);
        };
        let comparand = match constant {
            Json::Null => {
                return rule([("Variable", self.variable(left)), ("IsNull", true.into())]);
            }
            Json::String(_) => Comparand::Text,
            Json::Bool(_) => Comparand::Boolean,
            Json::Number(_) => Comparand::Number,
            _ => {
                self.inexpressible(format_args!("a comparison with `{right}`"));
                return Rule::new();
            }
        };
        self.comparison_as(comparand, left, operator, right)
    }

    /// A comparison of two paths: AWS asks for the type, and what the values have is known when they are compared.
    fn of_paths(&mut self, left: &Expression, operator: &str, right: &Expression) -> Rule {
        let mut comparands = vec![Comparand::Text, Comparand::Number];
        if operator == "==" {
            comparands.push(Comparand::Boolean);
        }
        let rules = comparands
            .into_iter()
            .map(|comparand| Json::from(self.comparison_as(comparand, left, operator, right)));
        let rules: Vec<Json> = rules.collect();
        rule([("Or", rules.into())])
    }

    fn comparison_as(
        &mut self,
        comparand: Comparand,
        left: &Expression,
        operator: &str,
        right: &Expression,
    ) -> Rule {
        let prefix = match comparand {
            Comparand::Text => "String",
            Comparand::Number => "Numeric",
            Comparand::Boolean => "Boolean",
            Comparand::Timestamp => "Timestamp",
        };
        let suffix = match operator {
            "<" => "LessThan",
            "<=" => "LessThanEquals",
            ">" => "GreaterThan",
            ">=" => "GreaterThanEquals",
            _ => "Equals",
        };
        let (path, value) = match self.value(right) {
            Value::Plain(json) => ("", json),
            Value::Dynamic(text) if text.starts_with('$') => ("Path", json!(text)),
            Value::Dynamic(_) => {
                self.inexpressible(format_args!("`{right}` in a condition"));
                ("", Json::Null)
            }
        };
        let mut rule = rule([("Variable", self.variable(left))]);
        rule.insert(format!("{prefix}{suffix}{path}"), value);
        rule
    }
}

fn is_constant(side: &Expression) -> bool {
    matches!(side, Expression::Literal(_) | Expression::Variant(..) | Expression::Constant(_))
}

fn is_timestamp(side: &Expression) -> bool {
    matches!(side, Expression::Call("timestamp", _))
}

/// The operator that says the same with its sides exchanged.
fn mirrored(operator: &str) -> &str {
    match operator {
        "<" => ">",
        "<=" => ">=",
        ">" => "<",
        ">=" => "<=",
        other => other,
    }
}
