//! The fields that say how data goes through a state, and the variables that it assigns.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::parse::Parser;

use super::Reader;
use super::fields::Fields;
use super::json::Json;
use super::states::{Read, has};
use crate::parse::{Expression, Name, Value, ValuePath};

impl Reader<'_> {
    /// The fields that say how data goes through a state.
    pub(super) fn data_flow(&mut self, kind: &str, fields: &Fields<'_>, read: &mut Read) {
        let has = |field: &str| has(kind, field);
        for (field, native) in [
            ("InputPath", "input_path"),
            ("OutputPath", "output_path"),
            ("ResultPath", "result_path"),
        ] {
            if let Some((name, json)) = fields.get(field).filter(|_| has(field)) {
                let path = self.path_or_null(json, field);
                read.push(native, name, path.map(Value::Path));
            }
        }
        for (field, native) in [("Parameters", "parameters"), ("ResultSelector", "result_selector")]
        {
            // A Map has `Parameters` for `ItemSelector`, and a Task may hand them to a service.
            if matches!((field, kind), ("Parameters", "Map" | "Task")) {
                continue;
            }
            if let Some((name, json)) = fields.get(field).filter(|_| has(field)) {
                let template = self.template(json);
                read.push(native, name, Some(Value::Expression(template)));
            }
        }
        if let Some((name, json)) = fields.get("Assign").filter(|_| has("Assign")) {
            let assign = self.assign(json);
            read.push("assign", name, assign.map(Value::Assign));
        }
    }

    /// A path, or null; `None` where it is neither.
    pub(super) fn path_or_null(&mut self, json: &Json, field: &str) -> Option<Option<ValuePath>> {
        if json.is_null() { Some(None) } else { self.path(json, field).map(Some) }
    }

    pub(super) fn assign(&mut self, json: &Json) -> Option<Vec<(Name, Expression)>> {
        let fields = self.object(json, "`Assign`")?;
        let all =
            fields.iter().map(|(name, json)| (name.clone(), json.clone())).collect::<Vec<_>>();
        let assigned = self.template_fields(&all);
        for (name, _) in &assigned {
            self.variable_name(name);
        }
        Some(assigned)
    }

    fn variable_name(&mut self, name: &Name) {
        const MOST: usize = 80;
        let length = name.text.chars().count();
        // It becomes an identifier of Rust; keywords are fine after a prefix.
        if Ident::parse_any.parse_str(&name.text).is_err() {
            self.diagnostics
                .error(name.span, format_args!("`{name}` cannot name a variable"))
                .help("write letters, digits and underscores, a letter first")
                .code("SCHEMA_VALIDATION_FAILED");
        } else if length > MOST {
            self.diagnostics
                .error(name.span, format_args!("the name of a variable has at most {MOST} characters, and this one {length}"))
                .code("SCHEMA_VALIDATION_FAILED");
        }
    }
}
