//! Values as a definition describes them, and how they are written.

use std::fmt;

use crate::choice::Comparand;
use crate::data::Type;

/// A value that is computed while an execution runs. [`Display`](fmt::Display) writes it as it is written in `workflow!`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Expression {
    /// A number, text, truth value or null, as JSON text.
    Literal(&'static str),
    /// A path into the state's input, its result, or the execution's variables: `$.order`, `$total`.
    Path(&'static str),
    /// A path into the context object: `$$.Execution.Id`.
    Context(&'static str),
    /// An object with JSON names: a payload template.
    Object(&'static [(&'static str, Expression)]),
    /// A Rust struct literal with its type and Rust names.
    Struct(&'static Type, &'static [(&'static str, Expression)]),
    /// A Rust literal of a tuple struct or a newtype with its type.
    Tuple(&'static Type, &'static [Expression]),
    /// An array.
    Array(&'static [Expression]),
    /// An intrinsic function, or a test such as `is_present`, in snake case.
    Call(&'static str, &'static [Expression]),
    /// A Rust operator before its operand.
    Unary(&'static str, &'static Expression),
    /// A Rust operator between its operands.
    Binary(&'static Expression, &'static str, &'static Expression),
    /// A comparison of ASL, which holds only where both sides have the type that it names.
    Compare(Comparand, &'static Expression, &'static str, &'static Expression),
    /// The variant of an enum, by its Rust name.
    Variant(&'static Type, &'static str),
    /// The error name of a variant of an error type, which a Fail state fails with.
    ErrorName(&'static str),
    /// A Rust constant, or the variant of an enum with fields.
    Constant(&'static str),
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(text) | Self::Path(text) | Self::Context(text) | Self::Constant(text) => {
                f.write_str(text)
            }
            Self::Object(fields) => {
                f.write_str("{ ")?;
                separated(f, fields, |f, (name, value)| write!(f, "{name:?}: {value}"))?;
                f.write_str(" }")
            }
            Self::Struct(ty, fields) => {
                write!(f, "{} {{ ", ty.name)?;
                separated(f, fields, |f, (name, value)| write!(f, "{name}: {value}"))?;
                f.write_str(" }")
            }
            Self::Tuple(ty, items) => {
                write!(f, "{}(", ty.name)?;
                separated(f, items, |f, item| write!(f, "{item}"))?;
                f.write_str(")")
            }
            Self::Array(items) => {
                f.write_str("[")?;
                separated(f, items, |f, item| write!(f, "{item}"))?;
                f.write_str("]")
            }
            Self::Call(name, arguments) => {
                write!(f, "{name}(")?;
                separated(f, arguments, |f, argument| write!(f, "{argument}"))?;
                f.write_str(")")
            }
            Self::Unary(operator, operand) => write!(f, "{operator}{}", Operand(operand)),
            Self::Variant(ty, name) => write!(f, "{}::{name}", ty.name),
            Self::ErrorName(name) => write!(f, "{name:?}"),
            Self::Binary(left, operator, right) | Self::Compare(_, left, operator, right) => {
                write!(f, "{} {operator} {}", Operand(left), Operand(right))
            }
        }
    }
}

/// An operand, in parentheses where it is an operation itself.
struct Operand<'a>(&'a Expression);

impl fmt::Display for Operand<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Expression::Binary(..) | Expression::Compare(..) => write!(f, "({})", self.0),
            operand => write!(f, "{operand}"),
        }
    }
}

fn separated<T>(
    f: &mut fmt::Formatter<'_>,
    items: &[T],
    mut write: impl FnMut(&mut fmt::Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    for (position, item) in items.iter().enumerate() {
        if position > 0 {
            f.write_str(", ")?;
        }
        write(f, item)?;
    }
    Ok(())
}
