//! The intrinsic functions and the tests of conditions: their names and how many arguments they take.

use std::fmt;
use std::ops::Range;

/// A function that an expression may call.
pub struct Function {
    pub name: &'static str,
    pub arity: Arity,
    /// The arguments that are text known while compiling.
    pub texts: &'static [usize],
    /// Whether the first argument is a path, which may lead nowhere.
    pub path: bool,
    /// An example of a call.
    pub usage: &'static str,
}

/// What kind of JSON an argument is, whatever its type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Number,
    List,
    Object,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Number => "a number",
            Self::List => "a list",
            Self::Object => "an object",
        })
    }
}

/// The kind of an argument, where a function takes one kind alone and has no type for it.
pub const fn kind(function: &str, position: usize) -> Option<Kind> {
    match (function.as_bytes(), position) {
        (b"math_add", _) | (b"math_random" | b"array_range", _) => Some(Kind::Number),
        (b"array_partition" | b"array_get_item", 1) => Some(Kind::Number),
        (b"array_partition" | b"array_get_item" | b"array_unique", 0) => Some(Kind::List),
        (b"array_length" | b"array_contains", 0) => Some(Kind::List),
        (b"json_merge", 0 | 1) => Some(Kind::Object),
        _ => None,
    }
}

/// How many arguments a function takes.
#[derive(Clone, Copy)]
pub enum Arity {
    Exactly(usize),
    Between(usize, usize),
    AtLeast(usize),
}

impl fmt::Display for Arity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exactly(0) => f.write_str("no argument"),
            Self::Exactly(1) => f.write_str("one argument"),
            Self::Exactly(count) => write!(f, "{count} arguments"),
            Self::Between(least, most) => write!(f, "{least} to {most} arguments"),
            Self::AtLeast(least) => write!(f, "at least {least}"),
        }
    }
}

const fn function(name: &'static str, arity: Arity, usage: &'static str) -> Function {
    Function { name, arity, texts: &[], path: false, usage }
}

const fn test(name: &'static str, usage: &'static str) -> Function {
    Function { path: true, ..function(name, Arity::Exactly(1), usage) }
}

const FUNCTIONS: &[Function] = &[
    function("format", Arity::AtLeast(1), "format(\"Hello, {}!\", $.name)"),
    function("string_to_json", Arity::Exactly(1), "string_to_json($.text)"),
    function("json_to_string", Arity::Exactly(1), "json_to_string($.data)"),
    function("array", Arity::AtLeast(0), "array($.first, $.second)"),
    function("array_partition", Arity::Exactly(2), "array_partition($.items, 4)"),
    function("array_contains", Arity::Exactly(2), "array_contains($.items, 5)"),
    function("array_range", Arity::Exactly(3), "array_range(1, 9, 2)"),
    function("array_get_item", Arity::Exactly(2), "array_get_item($.items, 0)"),
    function("array_length", Arity::Exactly(1), "array_length($.items)"),
    function("array_unique", Arity::Exactly(1), "array_unique($.items)"),
    function("base64_encode", Arity::Exactly(1), "base64_encode($.text)"),
    function("base64_decode", Arity::Exactly(1), "base64_decode($.text)"),
    function("hash", Arity::Exactly(2), "hash($.data, \"SHA-256\")"),
    function("json_merge", Arity::Exactly(3), "json_merge($.first, $.second, false)"),
    function("math_random", Arity::Between(2, 3), "math_random(1, 1000)"),
    function("math_add", Arity::Exactly(2), "math_add($.value, -1)"),
    function("string_split", Arity::Exactly(2), "string_split($.text, \",\")"),
    function("uuid", Arity::Exactly(0), "uuid()"),
    function("json", Arity::Exactly(1), "json($.order)"),
    function("timestamp", Arity::Exactly(1), "timestamp($.due)"),
    test("is_present", "is_present($.coupon)"),
    test("is_null", "is_null($.coupon)"),
    test("is_string", "is_string($.id)"),
    test("is_numeric", "is_numeric($.id)"),
    test("is_boolean", "is_boolean($.flag)"),
    test("is_timestamp", "is_timestamp($.due)"),
    Function {
        texts: &[1],
        ..function("string_matches", Arity::Exactly(2), "string_matches($.file, \"*.txt\")")
    },
];

/// The function of a name.
pub fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

/// The names of all functions.
pub fn names() -> impl Iterator<Item = &'static str> + Clone {
    FUNCTIONS.iter().map(|function| function.name)
}

/// Where a template of `format` has what Rust takes for a name or a brace: `{name}`, `{$.name}`, `{{`.
pub fn capture(template: &str) -> Option<Range<usize>> {
    let is_capture = |start: usize| {
        let is_escaped = template[..start].ends_with('\\');
        let next = template[start + 1..].chars().next();
        !is_escaped && next.is_some_and(|next| next.is_alphabetic() || "_$:{".contains(next))
    };
    let (start, _) = template.match_indices('{').find(|(start, _)| is_capture(*start))?;
    let end = template[start..].find('}').map_or(template.len(), |end| start + end + 1);
    Some(start..end)
}
