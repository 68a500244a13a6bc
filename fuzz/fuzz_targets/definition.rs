//! Any text as a definition of ASL: it is read, resolved and checked, or refused, without a panic.

#![no_main]

use libfuzzer_sys::fuzz_target;
use workflow_syntax::asl;
use workflow_syntax::diagnostics::Diagnostics;

fuzz_target!(|text: &str| {
    let mut diagnostics = Diagnostics::default();
    asl::check(text, false, &mut diagnostics);
    for message in diagnostics.messages() {
        assert!(!message.is_empty());
    }
});
