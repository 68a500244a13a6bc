//! The tasks that a definition calls: one for each function and each service integration, left to write.

use workflow_syntax::parse::expression::snake_case;

use crate::source::free;

/// The tasks by the resource that each stands for.
#[derive(Default)]
pub(crate) struct Tasks {
    named: Vec<(String, String)>,
}

impl Tasks {
    /// The name of the task that stands for a resource.
    pub(crate) fn name(&mut self, resource: &str) -> String {
        if let Some((name, _)) = self.named.iter().find(|(_, known)| known == resource) {
            return name.clone();
        }
        let is_free = |name: &str| self.named.iter().all(|(known, _)| known != name);
        let name = free(&wanted(resource), "_", is_free);
        self.named.push((name.clone(), resource.to_owned()));
        name
    }

    /// The imports, and the tasks.
    pub(crate) fn source(&self) -> String {
        let mut imports = vec!["Json"];
        if !self.named.is_empty() {
            imports.insert(0, "ErrorOutput");
        }
        if !self.named.is_empty() {
            imports.push("task");
        }
        imports.push("workflow");
        let imports = match imports.as_slice() {
            [only] => (*only).to_owned(),
            several => format!("{{{}}}", several.join(", ")),
        };
        let mut source = format!("use workflow_core::{imports};\n");
        for (name, resource) in &self.named {
            let resource = resource.replace(['\n', '\r'], " ");
            source.push_str(&format!(
                "\n/// Stands for `{resource}`.\n#[task]\npub async fn {name}(input: Json) -> Result<Json, ErrorOutput> {{\n    \
                 unimplemented!(\"{name} is not written yet, and is given {{input}}\")\n}}\n"
            ));
        }
        source
    }
}

/// A name for the task of a resource: that of its function, or of the service and what it is asked for.
fn wanted(resource: &str) -> String {
    let words = match resource.split_once(":function:") {
        Some((_, function)) => function.split(':').next().unwrap_or(function).to_owned(),
        None => match resource.strip_prefix("arn:") {
            Some(arn) => {
                let parts = arn.splitn(5, ':').last().unwrap_or(arn);
                parts.replace("aws-sdk:", "").replace(":::", "_")
            }
            None => resource.to_owned(),
        },
    };
    let plain: String = words
        .trim_matches(|letter: char| !letter.is_alphanumeric())
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' })
        .collect();
    let mut name = snake_case(&plain);
    while name.contains("__") {
        name = name.replace("__", "_");
    }
    let name = name.trim_matches('_');
    let is_name = syn::parse_str::<syn::Ident>(name).is_ok();
    if is_name { name.to_owned() } else { format!("task_{name}").trim_end_matches('_').to_owned() }
}

#[cfg(test)]
mod tests {
    use super::wanted;

    #[test]
    fn a_task_has_the_name_of_its_function_or_of_its_service() {
        assert_eq!(
            wanted("arn:aws:lambda:us-east-1:123456789012:function:checkInventory:$LATEST"),
            "check_inventory"
        );
        assert_eq!(wanted("arn:aws:states:::sqs:sendMessage"), "sqs_send_message");
        assert_eq!(wanted("arn:aws:states:::aws-sdk:s3:getObject"), "s3_get_object");
        assert_eq!(wanted("${ChargeFunctionArn}"), "charge_function_arn");
        assert_eq!(wanted("2fa"), "task_2fa");
    }
}
