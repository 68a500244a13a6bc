//! Any text as a JSONPath or as a call of an intrinsic function. What is read can be written and read again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use workflow_syntax::asl::{functions, paths};
use workflow_syntax::span::Span;

fuzz_target!(|text: &str| {
    let span = Span::call_site();
    if let Ok(path) = paths::path(text, span) {
        let written = path.to_string();
        // A filter that asks for a field is written as a call, and control characters by their codes.
        if !written.contains("is_present") && !text.chars().any(char::is_control) {
            let again = paths::path(&written, span);
            assert_eq!(again.map(|again| again.to_string()), Ok(written));
        }
    }
    if let Ok(call) = functions::call(text, span) {
        assert!(!call.to_string().is_empty());
    }
});
