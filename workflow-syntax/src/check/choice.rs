//! The rules of a Choice state: whether one can never match because an earlier one takes what it asks for.

use crate::diagnostics::Diagnostics;
use crate::model::{Kind, Rule, State, Workflow};
use crate::parse::expression::{Operator, in_type};
use crate::parse::{Expression, ExpressionKind, Literal};

pub(super) fn check(workflow: &Workflow<'_>, diagnostics: &mut Diagnostics) {
    for (_, state) in workflow.each_state() {
        let Kind::Choice { rules, default } = &state.kind else { continue };
        every_rule_can_match(state, rules, diagnostics);
        if default.is_none() && !rules.is_empty() {
            it_has_a_default_or_is_total(state, rules, diagnostics);
        }
    }
}

fn every_rule_can_match(state: &State<'_>, rules: &[Rule<'_>], diagnostics: &mut Diagnostics) {
    for (position, rule) in rules.iter().enumerate() {
        let Some(condition) = rule.condition else { continue };
        let earlier = rules[..position]
            .iter()
            .filter_map(|rule| rule.condition)
            .find(|earlier| implies(condition, earlier));
        if let Some(earlier) = earlier {
            diagnostics
                .error(
                    condition.start,
                    format_args!("state `{}`: this rule can never match", state.name.text),
                )
                .note(format_args!(
                    "an earlier rule, `{earlier}`, takes everything that it asks for"
                ))
                .help("put it before the earlier rule, or remove it");
        } else if let ExpressionKind::Literal(Literal::Boolean(value)) = condition.kind {
            let (what, help) = match value {
                true => ("always matches", "write `_`, which is the default, as the last rule"),
                false => ("can never match", "remove it"),
            };
            diagnostics
                .error(
                    condition.start,
                    format_args!("state `{}`: this rule {what}", state.name.text),
                )
                .help(help);
        } else if let Some((left, right)) = contradiction(condition) {
            diagnostics
                .error(
                    condition.start,
                    format_args!("state `{}`: this rule can never match", state.name.text),
                )
                .note(format_args!("`{left}` and `{right}` are never true together"));
        }
    }
}

/// Whether one condition can only hold where the other does.
fn implies(condition: &Expression, other: &Expression) -> bool {
    if condition.to_string() == other.to_string() {
        return true;
    }
    if let ExpressionKind::Binary(left, Operator::Or, right) = &other.kind {
        return implies(condition, left) || implies(condition, right);
    }
    match &condition.kind {
        ExpressionKind::Binary(left, Operator::And, right) => {
            return implies(left, other) || implies(right, other);
        }
        ExpressionKind::Binary(left, Operator::Or, right) => {
            return implies(left, other) && implies(right, other);
        }
        _ => {}
    }
    match (Bound::of(condition), Bound::of(other)) {
        (Some(condition), Some(other)) => condition.implies(&other),
        _ => false,
    }
}

/// Two parts of a conjunction that exclude each other.
fn contradiction(condition: &Expression) -> Option<(&Expression, &Expression)> {
    let mut parts = Vec::new();
    joined(condition, Operator::And, &mut parts);
    for (position, left) in parts.iter().enumerate() {
        for right in &parts[position + 1..] {
            if let (Some(a), Some(b)) = (Bound::of(left), Bound::of(right))
                && a.excludes(&b)
            {
                return Some((left, right));
            }
        }
    }
    None
}

/// The comparison of a path with a number: `$.x > 5`.
struct Bound {
    path: String,
    operator: Operator,
    number: f64,
}

impl Bound {
    fn of(condition: &Expression) -> Option<Self> {
        let ExpressionKind::Binary(left, operator, right) = &condition.kind else { return None };
        let number = |side: &Expression| match &side.kind {
            ExpressionKind::Literal(Literal::Integer(value)) => Some(*value as f64),
            ExpressionKind::Literal(Literal::Float(value)) => Some(*value),
            _ => None,
        };
        let path = |side: &Expression| {
            matches!(side.kind, ExpressionKind::Path(_)).then(|| side.to_string())
        };
        if !operator.is_comparison() {
            return None;
        }
        match (path(left), number(right), number(left), path(right)) {
            (Some(path), Some(number), ..) => Some(Self { path, operator: *operator, number }),
            (_, _, Some(number), Some(path)) => {
                Some(Self { path, operator: operator.mirrored(), number })
            }
            _ => None,
        }
    }

    fn holds(&self, value: f64) -> bool {
        match self.operator {
            Operator::Less => value < self.number,
            Operator::LessEqual => value <= self.number,
            Operator::Greater => value > self.number,
            Operator::GreaterEqual => value >= self.number,
            Operator::NotEqual => value != self.number,
            _ => value == self.number,
        }
    }

    /// Values on both sides of both bounds and on them: two bounds agree everywhere when they agree there.
    fn samples(&self, other: &Self) -> Vec<f64> {
        let (least, most) = (self.number.min(other.number), self.number.max(other.number));
        vec![least - 1.0, least, f64::midpoint(least, most), most, most + 1.0]
    }

    fn implies(&self, other: &Self) -> bool {
        self.path == other.path
            && self.samples(other).into_iter().all(|value| !self.holds(value) || other.holds(value))
    }

    fn excludes(&self, other: &Self) -> bool {
        self.path == other.path
            && !self.samples(other).into_iter().any(|value| self.holds(value) && other.holds(value))
    }
}

/// How rules without a default are total, so that one of them always matches.
pub enum Total<'a> {
    /// By what they ask alone.
    Always,
    /// Where they name all variants of an enum, which the enum is asked.
    Variants(Covered<'a>),
    /// Where the types of what one of these conditions compares have an order without gaps, which the types are asked.
    Ordered(Vec<&'a Expression>),
}

/// How rules are total. `None` where nothing can make them so.
pub fn total<'a>(rules: &[Rule<'a>]) -> Option<Total<'a>> {
    if conditions(rules).any(is_true) || opposites(rules) {
        return Some(Total::Always);
    }
    if let Some(covered) = covered_variants(rules) {
        return Some(Total::Variants(covered));
    }
    let ordered = ordered_opposites(rules);
    (!ordered.is_empty()).then_some(Total::Ordered(ordered))
}

/// What only types can tell is checked while compiling the generated code.
fn it_has_a_default_or_is_total(
    state: &State<'_>,
    rules: &[Rule<'_>],
    diagnostics: &mut Diagnostics,
) {
    // A rule that could not be read may be the default.
    if !state.complete || total(rules).is_some() {
        return;
    }
    diagnostics
        .error(
            state.name.span,
            format_args!(
                "state `{}`: it may be that no rule matches, and there is no default",
                state.name.text
            ),
        )
        .note("the execution would fail with `States.NoChoiceMatched`")
        .help("add a default, `_ => ...`, as the last rule");
}

fn is_true(condition: &Expression) -> bool {
    matches!(condition.kind, ExpressionKind::Literal(Literal::Boolean(true)))
}

/// Whether two rules are a condition and its opposite: `x` and `!x`, or `a == b` and `a != b`.
fn opposites(rules: &[Rule<'_>]) -> bool {
    let is_opposite = |condition: &Expression, other: &Expression| match &condition.kind {
        ExpressionKind::Not(inner) => inner.to_string() == other.to_string(),
        _ => compares_else(condition, other, Operator::Equal, Operator::NotEqual),
    };
    conditions(rules).any(|condition| conditions(rules).any(|other| is_opposite(condition, other)))
}

/// The conditions to which another rule is the opposite in an order: `a < b` beside `a >= b`, `a > b` beside `a <= b`. One of the
/// two is true where both values have a place in the order; neither is of `Json` that holds no number.
fn ordered_opposites<'a>(rules: &[Rule<'a>]) -> Vec<&'a Expression> {
    let is_opposite = |condition: &Expression, other: &Expression| {
        compares_else(condition, other, Operator::Less, Operator::GreaterEqual)
            || compares_else(condition, other, Operator::Greater, Operator::LessEqual)
    };
    conditions(rules)
        .filter(|condition| conditions(rules).any(|other| is_opposite(condition, other)))
        .collect()
}

fn conditions<'a>(rules: &[Rule<'a>]) -> impl Iterator<Item = &'a Expression> {
    rules.iter().filter_map(|rule| rule.condition)
}

/// Whether two conditions compare the same, by these operators.
fn compares_else(
    condition: &Expression,
    other: &Expression,
    one: Operator,
    opposite: Operator,
) -> bool {
    let compared = |condition: &Expression, by: Operator| match &condition.kind {
        ExpressionKind::Binary(left, operator, right) if *operator == by => {
            Some([left.to_string(), right.to_string()])
        }
        _ => None,
    };
    let compared = (compared(condition, one), compared(other, opposite));
    compared.0.is_some() && compared.0 == compared.1
}

/// The enum, the value and the variants that rules compare it with, when they do nothing else.
pub struct Covered<'a> {
    pub value: &'a Expression,
    pub enumeration: syn::Path,
    pub variants: Vec<proc_macro2::Ident>,
}

/// What rules cover that only compare one value with variants of one enum. Whether they are variants is known to the enum.
fn covered_variants<'a>(rules: &[Rule<'a>]) -> Option<Covered<'a>> {
    let mut covered: Option<Covered<'a>> = None;
    for rule in rules {
        let mut alternatives = Vec::new();
        joined(rule.condition?, Operator::Or, &mut alternatives);
        for condition in alternatives {
            let ExpressionKind::Binary(value, Operator::Equal, constant) = &condition.kind else {
                return None;
            };
            let ExpressionKind::Constant(path) = &constant.kind else { return None };
            let (enumeration, variant) = in_type(path)?;
            let all =
                covered.get_or_insert_with(|| Covered { value, enumeration, variants: Vec::new() });
            if all.value.to_string() != value.to_string() {
                return None;
            }
            all.variants.push(variant);
        }
    }
    covered
}

/// What an operator joins, however often: of `a || b || c` all three.
fn joined<'a>(condition: &'a Expression, by: Operator, parts: &mut Vec<&'a Expression>) {
    match &condition.kind {
        ExpressionKind::Binary(left, operator, right) if *operator == by => {
            joined(left, by, parts);
            joined(right, by, parts);
        }
        _ => parts.push(condition),
    }
}
