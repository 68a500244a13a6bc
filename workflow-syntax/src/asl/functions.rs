//! Calls of intrinsic functions. Section "Intrinsic Functions" of the States Language.

use super::paths::{Cursor, DEEPEST, NoPath};
use crate::intrinsics::{self, Arity};
use crate::parse::expression::snake_case;
use crate::parse::{Expression, ExpressionKind, Literal, Name};
use crate::span::Span;

/// Reads a whole text as a call.
///
/// # Errors
///
/// Why it is none.
pub fn call(text: &str, span: Span) -> Result<Expression, NoPath> {
    let mut cursor = Cursor::new(text.trim(), span);
    let call = cursor.call()?;
    cursor.spaces();
    if cursor.rest().is_empty() {
        Ok(call)
    } else {
        Err(NoPath::Wrong(format!("`{}` is left after the call", cursor.rest())))
    }
}

impl Cursor<'_> {
    fn call(&mut self) -> Result<Expression, NoPath> {
        if self.depth >= DEEPEST {
            return Err(NoPath::Wrong("it is nested too deep".to_owned()));
        }
        self.depth += 1;
        self.expect("States.")?;
        let name = self.take_while(char::is_alphanumeric).to_owned();
        self.spaces();
        self.expect("(")?;
        let mut arguments = Vec::new();
        self.spaces();
        if !self.take(")") {
            loop {
                self.spaces();
                arguments.push(self.argument(name == "Format" && arguments.is_empty())?);
                self.spaces();
                if self.take(")") {
                    break;
                }
                if !self.take(",") {
                    return Err(NoPath::Wrong(match self.peek() {
                        Some(found) => format!("expected `,` or `)`, found `{found}`"),
                        None => "expected `,` or `)` at its end".to_owned(),
                    }));
                }
            }
        }
        self.depth -= 1;
        let native = native(&name, arguments.len())?;
        let native = Name { text: native, span: self.span };
        Ok(Expression::new(ExpressionKind::Call(native, arguments), self.span, self.span))
    }

    /// An argument. A template keeps its escapes, which its function reads.
    fn argument(&mut self, is_template: bool) -> Result<Expression, NoPath> {
        let kind = match self.peek() {
            Some('$') => ExpressionKind::Path(self.path()?),
            Some('\'') => ExpressionKind::Literal(Literal::Text(if is_template {
                self.raw()?
            } else {
                self.quoted("\\{}")?
            })),
            Some('"') => return Err(NoPath::Wrong("a text stands in single quotes".to_owned())),
            Some('S') => return self.call(),
            _ => ExpressionKind::Literal(self.literal()?),
        };
        Ok(Expression::new(kind, self.span, self.span))
    }

    /// A text in quotes as it stands.
    fn raw(&mut self) -> Result<String, String> {
        let before = self.rest();
        self.quoted("\\")?;
        let taken = before.len() - self.rest().len();
        Ok(before[1..taken - 1].to_owned())
    }
}

/// The native name of a function that takes as many arguments.
fn native(name: &str, given: usize) -> Result<String, String> {
    let native = match name {
        "UUID" => "uuid".to_owned(),
        "Base64Encode" => "base64_encode".to_owned(),
        "Base64Decode" => "base64_decode".to_owned(),
        name => snake_case(name),
    };
    let known = intrinsics::find(&native).filter(|_| {
        name.starts_with(char::is_uppercase)
            && !["timestamp", "json"].contains(&native.as_str())
            && !native.starts_with("is_")
    });
    let Some(function) = known else {
        return Err(format!("there is no function `States.{name}`"));
    };
    let right = match function.arity {
        Arity::Exactly(count) => given == count,
        Arity::Between(least, most) => (least..=most).contains(&given),
        Arity::AtLeast(least) => given >= least,
    };
    if right {
        Ok(native)
    } else {
        Err(format!("`States.{name}` takes {}, and gets {given}", function.arity))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, String> {
        let call = call(text, Span::call_site()).map_err(|why| why.to_string())?;
        Ok(call.to_string())
    }

    #[test]
    fn a_call_is_read_with_its_arguments() {
        assert_eq!(read("States.UUID()").as_deref(), Ok("uuid()"));
        assert_eq!(
            read("States.Format('Hello {}', $.name)").as_deref(),
            Ok("format(\"Hello {}\", $.name)")
        );
        assert_eq!(
            read("States.ArrayGetItem(States.StringSplit($$.StateMachine.Name, '-'), States.MathAdd(1, -1))").as_deref(),
            Ok("array_get_item(string_split($$.StateMachine.Name, \"-\"), math_add(1, -1))")
        );
        assert_eq!(
            read("States.Array('it\\'s', true, null, 1.5)").as_deref(),
            Ok("array(\"it's\", true, null, 1.5)")
        );
    }

    #[test]
    fn a_template_keeps_its_escapes() {
        assert_eq!(read(r"States.Format('\{\'{}', 1)").as_deref(), Ok(r#"format("\\{\\'{}", 1)"#));
    }

    #[test]
    fn what_is_no_call_says_why() {
        assert_eq!(read("States.Foo()").unwrap_err(), "there is no function `States.Foo`");
        assert_eq!(
            read("States.UUID(1)").unwrap_err(),
            "`States.UUID` takes no argument, and gets 1"
        );
        assert_eq!(read("States.Array(1").unwrap_err(), "expected `,` or `)` at its end");
        assert_eq!(read("States.Array(x)").unwrap_err(), "`x` is no value");
    }
}
