//! The workflow as a definition of the Amazon States Language.

use std::io::Write;

use workflow_cli::Failure;
use workflow_core::Definition;
use workflow_core::asl::Export;

/// Writes a workflow as ASL, with the ARNs of functions by name.
pub(crate) fn write(
    definition: &Definition,
    functions: &[(String, String)],
    mut output: impl Write,
) -> Result<(), Failure> {
    if let Some((name, _)) = functions.iter().find(|(name, _)| !definition.calls(name)) {
        return Err(Failure::wrong(format!("the workflow calls no function `{name}`")));
    }
    let export =
        functions.iter().fold(Export::new(), |export, (name, arn)| export.function(name, arn));
    let asl = export.definition(definition).map_err(|error| Failure::failed(error.to_string()))?;
    writeln!(output, "{asl:#}").map_err(|error| Failure::output(&error))
}
