//! Rust source while it is written: lines and their indentation.

/// Lines of source.
#[derive(Default)]
pub(crate) struct Source {
    lines: Vec<String>,
    depth: usize,
}

impl Source {
    pub(crate) fn line(&mut self, text: &str) {
        self.lines.push(format!("{}{text}", "    ".repeat(self.depth)));
    }

    pub(crate) fn blank(&mut self) {
        self.lines.push(String::new());
    }

    /// A line that opens a block.
    pub(crate) fn open(&mut self, text: &str) {
        self.line(text);
        self.depth += 1;
    }

    /// A line that closes a block.
    pub(crate) fn close(&mut self, text: &str) {
        self.depth = self.depth.saturating_sub(1);
        self.line(text);
    }

    pub(crate) fn documentation(&mut self, comment: Option<&str>) {
        for line in comment.unwrap_or_default().lines() {
            self.line(format!("/// {line}").trim_end());
        }
    }

    /// The documentation of the block that it stands in.
    pub(crate) fn inner_documentation(&mut self, comment: Option<&str>) {
        for line in comment.unwrap_or_default().lines() {
            self.line(format!("//! {line}").trim_end());
        }
    }

    /// A comment that says what a person has to decide.
    pub(crate) fn decide(&mut self, what: &str) {
        self.line(&format!("// decide: {what}"));
    }

    pub(crate) fn text(&self) -> String {
        self.lines.join("\n") + "\n"
    }
}

/// A name of a state as it is written: a text where it is no identifier.
pub(crate) fn name(name: &str) -> String {
    if syn::parse_str::<syn::Ident>(name).is_ok() { name.to_owned() } else { format!("{name:?}") }
}

/// The first name that is free: the one that is wanted, or else that with a number after it.
pub(crate) fn free(wanted: &str, between: &str, is_free: impl Fn(&str) -> bool) -> String {
    let numbered = (2_u64..).map(|number| format!("{wanted}{between}{number}"));
    let mut names = std::iter::once(wanted.to_owned()).chain(numbered);
    names.find(|name| is_free(name)).expect("there are more numbers than names")
}
