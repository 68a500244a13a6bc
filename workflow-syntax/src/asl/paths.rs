//! JSONPath, as AWS reads it: its roots, names, indices, slices, wildcards and filters.
//!
//! What the language's own paths cannot say, such as two indices in one bracket, is left to the JSONPath library, which
//! reads it when the workflow runs.

use std::fmt;

use crate::parse::expression::Operator;
use crate::parse::{
    Expression, ExpressionKind, Literal, Name, Root, Segment, SegmentKind, ValuePath,
};
use crate::span::Span;

/// Why a text is no path, or no call of an intrinsic function.
#[derive(Debug, PartialEq, Eq)]
pub enum NoPath {
    /// It is none anywhere.
    Wrong(String),
    /// It is not supported here, and may be taken on AWS.
    Unsupported(String),
}

impl From<String> for NoPath {
    fn from(why: String) -> Self {
        Self::Wrong(why)
    }
}

impl fmt::Display for NoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wrong(why) | Self::Unsupported(why) => f.write_str(why),
        }
    }
}

/// Reads a whole text as a path.
///
/// # Errors
///
/// Why it is none.
pub fn path(text: &str, span: Span) -> Result<ValuePath, NoPath> {
    // AWS leaves the blanks around it out.
    let mut cursor = Cursor::new(text.trim(), span);
    let path = cursor.path()?;
    if cursor.rest().is_empty() {
        Ok(path)
    } else {
        Err(NoPath::Wrong(format!("`{}` is left after the path", cursor.rest())))
    }
}

/// Where a reader is in a text.
#[derive(Clone)]
pub(super) struct Cursor<'t> {
    rest: &'t str,
    pub(super) span: Span,
    /// How many filters the reader is in, and calls in [`functions`](super::functions).
    pub(super) depth: usize,
}

/// How deep filters and calls may be nested.
pub(super) const DEEPEST: usize = 32;

impl<'t> Cursor<'t> {
    pub(super) const fn new(text: &'t str, span: Span) -> Self {
        Self { rest: text, span, depth: 0 }
    }

    pub(super) const fn rest(&self) -> &'t str {
        self.rest
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    /// Takes a text if it is next.
    pub(super) fn take(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Takes letters as long as a condition holds.
    pub(super) fn take_while(&mut self, condition: impl Fn(char) -> bool) -> &'t str {
        let end = self.rest.find(|letter| !condition(letter)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    pub(super) fn spaces(&mut self) {
        self.take_while(char::is_whitespace);
    }

    pub(super) fn expect(&mut self, text: &str) -> Result<(), String> {
        if self.take(text) {
            return Ok(());
        }
        Err(match self.peek() {
            Some(found) => format!("expected `{text}`, found `{found}`"),
            None => format!("expected `{text}` at its end"),
        })
    }

    /// A text in quotes, without its escapes: a backslash before a quote, or before one of some letters.
    pub(super) fn quoted(&mut self, escapes: &str) -> Result<String, String> {
        let quote = self.peek().filter(|letter| ['\'', '"'].contains(letter));
        let Some(quote) = quote else { return Err("expected a text in quotes".to_owned()) };
        self.take(quote.encode_utf8(&mut [0; 4]));
        let mut text = String::new();
        let mut letters = self.rest.char_indices();
        while let Some((position, letter)) = letters.next() {
            match letter {
                '\\' => match letters.clone().next() {
                    // As in JSON, which writes its quotes like this.
                    Some((_, escaped)) if quote == '"' && escaped == '\\' => {
                        text.push(escaped);
                        letters.next();
                    }
                    Some((_, escaped)) if escaped == quote || escapes.contains(escaped) => {
                        text.push(escaped);
                        letters.next();
                    }
                    _ => text.push('\\'),
                },
                letter if letter == quote => {
                    self.rest = &self.rest[position + quote.len_utf8()..];
                    return Ok(text);
                }
                letter => text.push(letter),
            }
        }
        Err("the text in quotes does not end".to_owned())
    }

    /// A path, up to what cannot belong to one.
    pub(super) fn path(&mut self) -> Result<ValuePath, NoPath> {
        let start = self.span;
        let root = if self.take("@") {
            Root::Item
        } else if self.take("$$") {
            Root::Context
        } else if self.take("$") {
            match self.peek().filter(|letter| letter.is_alphabetic() || *letter == '_') {
                Some(_) => {
                    let name = self.take_while(|letter| letter.is_alphanumeric() || letter == '_');
                    Root::Variable(Name { text: name.to_owned(), span: self.span })
                }
                None => Root::Input,
            }
        } else {
            return Err(NoPath::Wrong("a path begins with `$`".to_owned()));
        };
        let whole = self.clone();
        let mut segments = Vec::new();
        while let Some(segment) = self.segment()? {
            let is_query = matches!(segment, SegmentKind::Query(_));
            segments.push(Segment::new(segment, self.span));
            if is_query {
                // All of it goes to the library.
                let taken = whole.rest.len() - self.rest.len();
                let query = SegmentKind::Query(whole.rest[..taken].to_owned());
                segments = vec![Segment::new(query, self.span)];
                break;
            }
        }
        Ok(ValuePath { root, start, segments })
    }

    fn segment(&mut self) -> Result<Option<SegmentKind>, NoPath> {
        if self.take("..") {
            if self.take("*") {
                return Ok(Some(SegmentKind::Descendants(None)));
            }
            if self.peek() == Some('[') {
                return Ok(Some(self.query()?));
            }
            return Ok(Some(SegmentKind::Descendants(Some(self.member()?))));
        }
        if self.take(".") {
            return match self.peek() {
                Some('*') => {
                    self.take("*");
                    Ok(Some(SegmentKind::Wildcard))
                }
                // AWS reads `$.[0]` as `$[0]`.
                Some('[') => Ok(Some(self.bracket()?)),
                _ => {
                    let name = self.member()?;
                    if self.peek() == Some('(') {
                        let why = format!("the function `{name}()` is not supported");
                        return Err(NoPath::Unsupported(why));
                    }
                    Ok(Some(SegmentKind::Name(name)))
                }
            };
        }
        if self.peek() == Some('[') { Ok(Some(self.bracket()?)) } else { Ok(None) }
    }

    fn member(&mut self) -> Result<String, String> {
        let ends = |letter: char| ".[]()'\",=<>!&|~?@*".contains(letter) || letter.is_whitespace();
        let name = self.take_while(|letter| !ends(letter));
        if name.is_empty() {
            return Err("a name is missing after `.`".to_owned());
        }
        Ok(name.to_owned())
    }

    /// The rest of the path for the library.
    fn query(&mut self) -> Result<SegmentKind, String> {
        let mut open = 0_usize;
        let mut quote = None;
        let mut end = self.rest.len();
        for (position, letter) in self.rest.char_indices() {
            match (quote, letter) {
                (Some(begun), letter) if letter == begun => quote = None,
                (Some(_), _) => {}
                (None, '\'' | '"') => quote = Some(letter),
                (None, '[' | '(') => open += 1,
                (None, ']' | ')') if open > 0 => open -= 1,
                (None, ',' | ')') if open == 0 => {
                    end = position;
                    break;
                }
                _ => {}
            }
        }
        if open > 0 || quote.is_some() {
            return Err("a bracket or a quote does not end".to_owned());
        }
        let (query, rest) = self.rest.split_at(end);
        self.rest = rest;
        Ok(SegmentKind::Query(query.to_owned()))
    }

    fn bracket(&mut self) -> Result<SegmentKind, String> {
        let before = self.clone();
        self.expect("[")?;
        self.spaces();
        let segment = match self.peek() {
            Some('*') => {
                self.take("*");
                SegmentKind::Wildcard
            }
            Some('\'' | '"') => self.names()?,
            Some('?') => match self.filter() {
                Ok(filter) => filter,
                Err(_) => {
                    *self = before;
                    return self.query();
                }
            },
            _ => self.index_or_slice()?,
        };
        self.spaces();
        if self.peek() == Some(',') {
            *self = before;
            return self.query();
        }
        self.expect("]")?;
        Ok(segment)
    }

    /// A name in quotes, or several, which end the path.
    fn names(&mut self) -> Result<SegmentKind, String> {
        let first = self.quoted("")?;
        let mut rest = self.clone();
        let mut names = vec![first.clone()];
        loop {
            rest.spaces();
            if !rest.take(",") {
                break;
            }
            rest.spaces();
            match rest.quoted("") {
                Ok(name) => names.push(name),
                Err(_) => return Ok(SegmentKind::Name(first)),
            }
        }
        let goes_on = |rest: &str| rest.starts_with("].") || rest.starts_with("][");
        if names.len() == 1 || goes_on(rest.rest) {
            return Ok(SegmentKind::Name(first));
        }
        *self = rest;
        Ok(SegmentKind::Names(names))
    }

    fn index_or_slice(&mut self) -> Result<SegmentKind, String> {
        let start = self.integer()?;
        self.spaces();
        if !self.take(":") {
            return match start {
                Some(index) => Ok(SegmentKind::Index(index)),
                None => {
                    Err("expected an index, a slice, `*`, a filter or a name in quotes in `[]`"
                        .to_owned())
                }
            };
        }
        self.spaces();
        let end = self.integer()?;
        self.spaces();
        let step = if self.take(":") { self.integer()? } else { None };
        Ok(SegmentKind::Slice(start, end, step))
    }

    fn integer(&mut self) -> Result<Option<i64>, String> {
        let text = self.take_while(|letter| letter.is_ascii_digit() || letter == '-');
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().map(Some).map_err(|_| format!("`{text}` is no index"))
    }

    /// `?(@.price > 10)`
    fn filter(&mut self) -> Result<SegmentKind, NoPath> {
        self.expect("?")?;
        if self.depth >= DEEPEST {
            return Err(NoPath::Wrong("it is nested too deep".to_owned()));
        }
        self.depth += 1;
        let condition = self.either()?;
        self.depth -= 1;
        Ok(SegmentKind::Filter(Box::new(condition)))
    }

    fn joined(
        &mut self,
        symbol: &str,
        operator: Operator,
        operand: fn(&mut Self) -> Result<Expression, NoPath>,
    ) -> Result<Expression, NoPath> {
        let mut left = operand(self)?;
        loop {
            self.spaces();
            if !self.take(symbol) {
                return Ok(left);
            }
            let right = operand(self)?;
            left = self.at(ExpressionKind::Binary(Box::new(left), operator, Box::new(right)));
        }
    }

    fn at(&self, kind: ExpressionKind) -> Expression {
        Expression::new(kind, self.span, self.span)
    }

    fn either(&mut self) -> Result<Expression, NoPath> {
        self.joined("||", Operator::Or, Self::both)
    }

    fn both(&mut self) -> Result<Expression, NoPath> {
        self.joined("&&", Operator::And, Self::term)
    }

    fn term(&mut self) -> Result<Expression, NoPath> {
        self.spaces();
        if self.depth >= DEEPEST {
            return Err(NoPath::Wrong("it is nested too deep".to_owned()));
        }
        if self.take("(") {
            self.depth += 1;
            let inner = self.either()?;
            self.depth -= 1;
            self.spaces();
            self.expect(")")?;
            return Ok(inner);
        }
        if self.take("!") {
            self.depth += 1;
            let operand = self.term()?;
            self.depth -= 1;
            return Ok(self.at(ExpressionKind::Not(Box::new(operand))));
        }
        let left = self.side()?;
        self.spaces();
        let operators = [
            ("==", Operator::Equal),
            ("!=", Operator::NotEqual),
            ("<=", Operator::LessEqual),
            (">=", Operator::GreaterEqual),
            ("<", Operator::Less),
            (">", Operator::Greater),
        ];
        let found = operators.into_iter().find(|(symbol, _)| self.take(symbol));
        let Some((_, operator)) = found else {
            // A path alone asks whether it leads anywhere.
            let name = Name { text: "is_present".to_owned(), span: self.span };
            return match left.kind {
                ExpressionKind::Path(_) => Ok(self.at(ExpressionKind::Call(name, vec![left]))),
                _ => Err(NoPath::Wrong("expected a comparison".to_owned())),
            };
        };
        self.spaces();
        let right = self.side()?;
        Ok(self.at(ExpressionKind::Binary(Box::new(left), operator, Box::new(right))))
    }

    /// A path or a literal.
    fn side(&mut self) -> Result<Expression, NoPath> {
        let kind = match self.peek() {
            Some('@' | '$') => ExpressionKind::Path(self.path()?),
            Some('\'' | '"') => ExpressionKind::Literal(Literal::Text(self.quoted("")?)),
            _ => ExpressionKind::Literal(self.literal()?),
        };
        Ok(self.at(kind))
    }

    /// A number, a truth value or `null`.
    pub(super) fn literal(&mut self) -> Result<Literal, String> {
        let word = self.take_while(|letter| letter.is_alphanumeric() || "+-.".contains(letter));
        Ok(match word {
            "true" => Literal::Boolean(true),
            "false" => Literal::Boolean(false),
            "null" => Literal::Null,
            "" => return Err("expected a value".to_owned()),
            other => Literal::number(other).ok_or_else(|| format!("`{other}` is no value"))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, String> {
        let path = path(text, Span::call_site()).map_err(|why| why.to_string())?;
        Ok(path.to_string())
    }

    #[test]
    fn a_path_is_read_and_written_back() {
        for text in [
            "$",
            "$$",
            "$.a.b",
            "$$.Execution.Id",
            "$total",
            "$total.a[0]",
            "$.a[-1]",
            "$.a[*].b",
            "$.a[1:5]",
            "$.a[:2]",
            "$..price",
            "$..*",
            "$.a[?(@.price > 10)]",
            "$[\"a b\"]",
            "$.a[*][\"b\", \"c d\"]",
        ] {
            assert_eq!(read(text).as_deref(), Ok(text));
        }
    }

    #[test]
    fn other_spellings_of_aws_are_read() {
        assert_eq!(read("$['a']").as_deref(), Ok("$.a"));
        assert_eq!(read("$.[0].b").as_deref(), Ok("$[0].b"));
        assert_eq!(read("$.test-data").as_deref(), Ok("$[\"test-data\"]"));
        assert_eq!(read(r"$['a\'b']").as_deref(), Ok("$[\"a'b\"]"));
        assert_eq!(read("$.a[?(@.b)]").as_deref(), Ok("$.a[?(is_present(@.b))]"));
    }

    #[test]
    fn what_the_language_cannot_say_is_left_to_the_library() {
        let path = path("$.a['b', 'c'].d", Span::call_site()).expect("a path");
        assert!(
            matches!(&path.segments[..], [Segment { kind: SegmentKind::Query(query), .. }] if query == ".a['b', 'c'].d")
        );
    }

    #[test]
    fn what_is_no_path_says_why() {
        assert_eq!(read("a").unwrap_err(), "a path begins with `$`");
        assert_eq!(read("$.").unwrap_err(), "a name is missing after `.`");
        assert_eq!(read("$.a b").unwrap_err(), "` b` is left after the path");
        assert_eq!(read("$['a").unwrap_err(), "the text in quotes does not end");
        assert_eq!(
            read("$[x]").unwrap_err(),
            "expected an index, a slice, `*`, a filter or a name in quotes in `[]`"
        );
    }
}
