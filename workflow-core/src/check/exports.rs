//! Exports: what ASL cannot express of a workflow that is declared with `export: asl`.

use super::about;
use crate::data::Data;
use crate::task::Signature;
use crate::text::Text;

/// Accepts what a state says beside the call of a function.
///
/// # Panics
///
/// When it calls a workflow, of which ASL cannot express it.
#[track_caller]
pub const fn exported(state: &str, what: &str, help: &str, task: &Signature) {
    if task.is_workflow {
        inexpressible(state, Text::new().str(what), help)
    }
}

/// Accepts a comparison with a variant of an enum.
///
/// # Panics
///
/// When the variant carries data, so that its JSON is not its name.
#[track_caller]
pub const fn exported_variant<E: Data>(state: &str, variant: &str, name: &str) {
    if let Some(found) = E::TYPE.variant(name)
        && !found.unit
    {
        let what = Text::new().str("a comparison with ").code(variant).str(", which carries data");
        inexpressible(state, what, "have a task answer with an enum without data")
    }
}

#[track_caller]
const fn inexpressible(state: &str, what: Text, help: &str) -> ! {
    let text = about(state).str("ASL cannot express ").str(what.as_str());
    let text = text.str("\nnote: the workflow is declared with `export: asl`\nhelp: ").str(help);
    panic!("{}", text.as_str())
}
