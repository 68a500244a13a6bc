//! Numbers: what arithmetic and comparisons do with Rust's number types, and with numbers in [`Json`].

use std::cmp::Ordering;
use std::marker::PhantomData;

use crate::data::{Data, Json};
use crate::error::{ErrorOutput, Failed};

/// A number type of Rust.
pub trait Number: Data + Copy {
    /// Returns the number as a wide integer, when it is an integer type.
    fn integer(self) -> Option<i128>;
    /// Returns the nearest fraction.
    fn float(self) -> f64;
    /// Computes, or returns `None` when the result does not fit.
    fn compute(self, operator: Operator, other: Self) -> Option<Self>;
}

/// Rust's arithmetic operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
}

impl Operator {
    const fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }
}

macro_rules! integer {
    ($($type:ident)*) => {$(
        impl Number for $type {
            #[inline]
            fn integer(self) -> Option<i128> {
                i128::try_from(self).ok()
            }

            #[inline]
            fn float(self) -> f64 {
                self as f64
            }

            #[inline]
            fn compute(self, operator: Operator, other: Self) -> Option<Self> {
                match operator {
                    Operator::Add => self.checked_add(other),
                    Operator::Subtract => self.checked_sub(other),
                    Operator::Multiply => self.checked_mul(other),
                    Operator::Divide => self.checked_div(other),
                    Operator::Remainder => self.checked_rem(other),
                }
            }
        }
    )*};
}

integer!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize);

macro_rules! float {
    ($($type:ident)*) => {$(
        impl Number for $type {
            #[inline]
            fn integer(self) -> Option<i128> {
                None
            }

            #[inline]
            fn float(self) -> f64 {
                f64::from(self)
            }

            #[inline]
            fn compute(self, operator: Operator, other: Self) -> Option<Self> {
                let result = match operator {
                    Operator::Add => self + other,
                    Operator::Subtract => self - other,
                    Operator::Multiply => self * other,
                    Operator::Divide => self / other,
                    Operator::Remainder => self % other,
                };
                result.is_finite().then_some(result)
            }
        }
    )*};
}

float!(f32 f64);

/// Compares numbers of any two types.
#[inline]
pub(crate) fn order<L: Number, R: Number>(left: L, right: R) -> Option<Ordering> {
    match (left.integer(), right.integer()) {
        (Some(left), Some(right)) => Some(left.cmp(&right)),
        _ => left.float().partial_cmp(&right.float()),
    }
}

/// An operation on two operands, which `K` tells apart.
pub trait Operation {
    /// The type of the operands.
    type Operand: Data;

    /// Computes.
    ///
    /// # Errors
    ///
    /// `States.Runtime` when the result does not fit its type, or data without a type are no numbers.
    fn compute(
        left: Self::Operand,
        operator: Operator,
        right: Self::Operand,
    ) -> Result<Self::Operand, Failed>;
}

/// An operation on two values of type `T`.
#[derive(Debug)]
pub struct Arithmetic<T, const K: usize>(PhantomData<T>);

#[cold]
fn overflow(
    left: &dyn std::fmt::Display,
    operator: Operator,
    right: &dyn std::fmt::Display,
) -> Failed {
    ErrorOutput::runtime(format!("{left} {} {right} has no result", operator.symbol()))
}

impl<T: Number + std::fmt::Display> Operation for Arithmetic<T, 0> {
    type Operand = T;

    #[inline]
    fn compute(left: T, operator: Operator, right: T) -> Result<T, Failed> {
        left.compute(operator, right).ok_or_else(|| overflow(&left, operator, &right))
    }
}

impl Operation for Arithmetic<String, 1> {
    type Operand = String;

    fn compute(left: String, _: Operator, right: String) -> Result<String, Failed> {
        Ok(left + &right)
    }
}

impl Operation for Arithmetic<Json, 2> {
    type Operand = Json;

    fn compute(left: Json, operator: Operator, right: Json) -> Result<Json, Failed> {
        if let (Json::String(left), Operator::Add, Json::String(right)) = (&left, operator, &right)
        {
            return Ok(Json::String(format!("{left}{right}")));
        }
        let result = match (left.as_i64(), right.as_i64()) {
            (Some(left), Some(right)) => left.compute(operator, right).map(Json::from),
            _ => left
                .as_f64()
                .zip(right.as_f64())
                .and_then(|(left, right)| left.compute(operator, right))
                .map(Json::from),
        };
        result.ok_or_else(|| overflow(&left, operator, &right))
    }
}

/// A value that stands for a number of seconds.
#[derive(Debug)]
pub struct Seconds<T, const K: usize>(PhantomData<T>);

#[cold]
fn no_seconds(value: &dyn std::fmt::Display) -> Failed {
    ErrorOutput::runtime(format!(
        "The value '{value}' cannot be used as a number of seconds: it must be a whole number from 0 to 99999999"
    ))
}

/// The longest time that a state may name: ASL's limit for every field in seconds.
const MOST_SECONDS: i128 = 99_999_999;

impl<T: Number + std::fmt::Display> Seconds<T, 0> {
    /// Returns the duration.
    ///
    /// # Errors
    ///
    /// `States.Runtime` for a negative number, or one over ASL's limit.
    pub fn duration(value: T) -> Result<std::time::Duration, Failed> {
        value
            .integer()
            .filter(|seconds| *seconds <= MOST_SECONDS)
            .and_then(|seconds| u64::try_from(seconds).ok())
            .map(std::time::Duration::from_secs)
            .ok_or_else(|| no_seconds(&value))
    }
}

impl Seconds<Json, 1> {
    /// Returns the duration.
    ///
    /// # Errors
    ///
    /// `States.Runtime` for what is no whole number, a negative number, or one over ASL's limit.
    pub fn duration(value: Json) -> Result<std::time::Duration, Failed> {
        match value.as_i64() {
            Some(seconds) => Seconds::<i64, 0>::duration(seconds),
            None => Err(no_seconds(&value)),
        }
    }
}
