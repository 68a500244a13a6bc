//! Text that is put together while compiling: what a check says when it fails.

use crate::data::{Shape, Type, Variant};

/// A text of bounded length. What does not fit is left out, so that a message never hides the error it is about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text {
    bytes: [u8; Self::CAPACITY],
    length: usize,
}

impl Text {
    const CAPACITY: usize = 2048;

    pub(crate) const fn new() -> Self {
        Self { bytes: [0; Self::CAPACITY], length: 0 }
    }

    /// Appends text.
    pub(crate) const fn str(mut self, text: &str) -> Self {
        let bytes = text.as_bytes();
        if self.length + bytes.len() > Self::CAPACITY {
            return self;
        }
        let mut position = 0;
        while position < bytes.len() {
            self.bytes[self.length] = bytes[position];
            self.length += 1;
            position += 1;
        }
        self
    }

    /// Appends text in backquotes.
    pub(crate) const fn code(self, text: &str) -> Self {
        self.str("`").str(text).str("`")
    }

    /// Appends a number.
    pub(crate) const fn number(mut self, number: usize) -> Self {
        if number >= 10 {
            self = self.number(number / 10);
        }
        let digit = [b'0' + (number % 10) as u8];
        match core::str::from_utf8(&digit) {
            Ok(digit) => self.str(digit),
            Err(_) => self,
        }
    }

    /// Appends the name of a type with its parameters, as a user writes it.
    pub(crate) const fn ty(mut self, ty: &Type) -> Self {
        let (open, close) = match ty.shape {
            Shape::Tuple => ("(", ")"),
            _ => ("<", ">"),
        };
        self = self.str(ty.name);
        if ty.parameters.is_empty() {
            return self;
        }
        self = self.str(open);
        let mut position = 0;
        while position < ty.parameters.len() {
            if position > 0 {
                self = self.str(", ");
            }
            self = self.ty(ty.parameters[position]);
            position += 1;
        }
        if matches!(ty.shape, Shape::Tuple) && ty.parameters.len() == 1 {
            self = self.str(",");
        }
        self.str(close)
    }

    /// Appends the path of a variant.
    pub(crate) const fn variant(self, ty: &Type, variant: &Variant) -> Self {
        self.str(ty.name).str("::").str(variant.rust_name)
    }

    /// Appends the name of a type in backquotes.
    pub(crate) const fn ty_code(self, ty: &Type) -> Self {
        self.str("`").ty(ty).str("`")
    }

    pub(crate) const fn as_str(&self) -> &str {
        match core::str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(text) => text,
            Err(_) => "",
        }
    }
}

/// Whether a name is a number: that of an element, or of a field without a name.
pub(crate) const fn is_index(name: &str) -> bool {
    let bytes = name.as_bytes();
    let mut position = 0;
    while position < bytes.len() && bytes[position].is_ascii_digit() {
        position += 1;
    }
    position > 0 && position == bytes.len()
}

/// Whether a text is among others.
pub(crate) const fn contains(texts: &[&str], text: &str) -> bool {
    let mut position = 0;
    while position < texts.len() {
        if same(texts[position], text) {
            return true;
        }
        position += 1;
    }
    false
}

/// Whether two texts are the same; `==` cannot be called while compiling.
pub(crate) const fn same(left: &str, right: &str) -> bool {
    left.len() == right.len() && same_bytes(left.as_bytes(), right.as_bytes())
}

/// Eight bytes at a time: the compiler interprets this, hundreds of times for a workflow, and a step costs it much more
/// than a byte does.
const fn same_bytes(left: &[u8], right: &[u8]) -> bool {
    match (left, right) {
        ([a, b, c, d, e, f, g, h, left @ ..], [a1, b1, c1, d1, e1, f1, g1, h1, right @ ..]) => {
            *a == *a1
                && *b == *b1
                && *c == *c1
                && *d == *d1
                && *e == *e1
                && *f == *f1
                && *g == *g1
                && *h == *h1
                && same_bytes(left, right)
        }
        ([a, b, left @ ..], [a1, b1, right @ ..]) => {
            *a == *a1 && *b == *b1 && same_bytes(left, right)
        }
        ([a], [a1]) => *a == *a1,
        _ => true,
    }
}

/// How many letters differ between two names, not counting case and underscores; a large number for long names.
pub(crate) const fn distance(left: &str, right: &str) -> usize {
    const LONGEST: usize = 48;
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len() > LONGEST || right.len() > LONGEST {
        return usize::MAX;
    }
    let mut row = [0; LONGEST + 1];
    let mut column = 0;
    while column <= right.len() {
        row[column] = column;
        column += 1;
    }
    let mut line = 0;
    while line < left.len() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        column = 0;
        while column < right.len() {
            let changed = if left[line].eq_ignore_ascii_case(&right[column]) {
                diagonal
            } else {
                diagonal + 1
            };
            diagonal = row[column + 1];
            row[column + 1] = least(changed, least(row[column], row[column + 1]) + 1);
            column += 1;
        }
        line += 1;
    }
    row[right.len()]
}

const fn least(left: usize, right: usize) -> usize {
    if left < right { left } else { right }
}
