//! What a Task state calls: the task that its `Resource` names, or that a table names for an ARN.

use syn::{Path, parse_quote};

use super::Reader;
use super::fields::{Fields, is_placeholder};
use super::json::{Json, Value};
use crate::diagnostics::nearest;
use crate::parse::{Call, Name, Request};

/// The tasks that ARNs stand for.
#[derive(Default)]
pub struct Resources {
    pub mappings: Vec<Mapping>,
    /// Whether an ARN that is not among them stands for a task all the same: only the definition is looked at.
    pub is_open: bool,
    /// Whether the state machine is an Express one, which waits for no callback.
    pub is_express: bool,
}

/// An entry of the table: `"arn:aws:lambda:...:charge" => charge`.
pub struct Mapping {
    pub arn: Name,
    pub function: Path,
}

impl Request {
    /// The fields that name what is called, and that have its input.
    const fn fields(self) -> [&'static str; 2] {
        match self {
            Self::Invoke => ["FunctionName", "Payload"],
            Self::StartExecution => ["StateMachineArn", "Input"],
        }
    }
}

impl Reader<'_> {
    /// The call of a Task state. Where it is a request to a service, `Parameters` is that request, and is read here.
    pub(super) fn resource(&mut self, fields: &Fields<'_>) -> Option<Call> {
        let resource = self.required(fields, "Resource")?;
        match &resource.value {
            Value::Task { integration, function } => {
                let mut call = Call::of(function.clone(), None);
                call.integration.clone_from(integration);
                if let Some(request) = call.request() {
                    self.requested(request, fields, &mut call);
                }
                Some(call)
            }
            _ => {
                let arn = self.text(resource, "Resource")?;
                self.arn(fields, resource, &arn)
            }
        }
    }

    fn arn(&mut self, fields: &Fields<'_>, resource: &Json, arn: &str) -> Option<Call> {
        if !self.is_arn(resource, arn) {
            return None;
        }
        let is_mapped = self.resources.mappings.iter().any(|mapping| mapping.arn.text == arn);
        if !is_mapped && let Some(call) = self.state_machine(fields, arn) {
            return Some(call);
        }
        if is_mapped || !is_lambda_service(arn) {
            let mut call = Call::of(self.mapped(resource, arn)?, None);
            call.service.resource = Some(arn.to_owned());
            // Each attempt is given a token of its own.
            if let Some((_, parameters)) = fields.get("Parameters").filter(|_| is_waiting(arn)) {
                call.arguments = Some(vec![self.template(parameters)]);
            }
            return Some(call);
        }
        self.is_awaited(fields);
        let (resource, function) = self.function_name(fields, resource)?;
        let mut call = Call::of(function, None);
        // What is sent back comes in no envelope.
        if !is_waiting(arn) {
            call.integration = Some(parse_quote!(::workflow_core::lambda::invoke));
        }
        call.service.resource = resource;
        self.requested(Request::Invoke, fields, &mut call);
        Some(call)
    }

    /// The call of a workflow, where a table has one for the state machine that is started and waited for.
    fn state_machine(&mut self, fields: &Fields<'_>, arn: &str) -> Option<Call> {
        if !is_start_execution(arn) {
            return None;
        }
        let (_, machine) = request(fields, "StateMachineArn")?;
        let machine = machine.text()?;
        let mut mappings = self.resources.mappings.iter();
        let function = mappings.find(|mapping| mapping.arn.text == machine)?.function.clone();
        let mut call = Call::of(function, None);
        call.integration = Some(parse_quote!(::workflow_core::states::start_execution));
        call.service.resource = Some(machine.to_owned());
        self.requested(Request::StartExecution, fields, &mut call);
        Some(call)
    }

    /// Reports an invocation that does not wait for the function's result: a task is awaited.
    fn is_awaited(&mut self, fields: &Fields<'_>) {
        let kind = request(fields, "InvocationType").map(|(_, json)| json);
        if let Some(json) = kind.filter(|json| json.text() != Some("RequestResponse"))
            && !self.resources.is_open
        {
            self.diagnostics
                .error(json.span, format_args!("{}: a task is awaited", fields.what))
                .help("write \"RequestResponse\", or map `arn:aws:states:::lambda:invoke` to a task that starts the function");
        }
    }

    /// Whether it is the name of a resource. Reports what is none wherever it runs.
    fn is_arn(&mut self, resource: &Json, arn: &str) -> bool {
        let waits = is_waiting(arn)
            || arn.ends_with(".sync")
            || arn.ends_with(".sync:2")
            || arn.contains(":activity:");
        if self.resources.is_express && waits {
            self.diagnostics
                .error(
                    resource.span,
                    format_args!("an Express state machine does not support `{arn}`"),
                )
                .note("it waits for no job, callback or activity")
                .code("SCHEMA_VALIDATION_FAILED");
        }
        let is_mapped = self.resources.mappings.iter().any(|mapping| mapping.arn.text == arn);
        let is_arn = is_mapped || arn.contains(':') || is_placeholder(arn);
        if !is_arn {
            self.diagnostics
                .error(resource.span, format_args!("`{arn}` is no ARN"))
                .help("write the ARN of a function or of a service integration, or the task without quotes")
                .code("SCHEMA_VALIDATION_FAILED");
        }
        is_arn
    }

    /// The task that an invocation of Lambda names.
    fn function_name(
        &mut self,
        fields: &Fields<'_>,
        resource: &Json,
    ) -> Option<(Option<String>, Path)> {
        let name = request(fields, "FunctionName");
        let Some((field, name)) = name else {
            let message = format!("{}: `Parameters` names no `FunctionName`", fields.what);
            self.diagnostics.error(resource.span, message).code("SCHEMA_VALIDATION_FAILED");
            return None;
        };
        if field.text.ends_with(".$") && !self.resources.is_open {
            let message =
                format!("{}: the function is known only when the workflow runs", fields.what);
            self.diagnostics
                .error(name.span, message)
                .help("name it, so that it can be mapped to a task, or choose among tasks by a Choice state");
            return None;
        }
        if let Value::Task { .. } = name.value {
            // It is said where the template is read.
            return None;
        }
        let text = self.text(name, "FunctionName")?;
        let function = self.mapped(name, &text)?;
        Some((Some(text), function))
    }

    /// The task that a table has for an ARN, or for the name of a function.
    fn mapped(&mut self, json: &Json, arn: &str) -> Option<Path> {
        let mappings = &self.resources.mappings;
        let found = mappings.iter().find(|mapping| mapping.arn.text == arn).or_else(|| {
            mappings.iter().find(|mapping| function_of(&mapping.arn.text) == function_of(arn))
        });
        if let Some(mapping) = found {
            return Some(mapping.function.clone());
        }
        if self.resources.is_open {
            return Some(parse_quote!(task));
        }
        let task = task_name(arn);
        let names = self.resources.mappings.iter().map(|mapping| mapping.arn.text.as_str());
        let error = self.diagnostics.error(json.span, format_args!("no task stands for `{arn}`"));
        match nearest(arn, names) {
            Some(near) => error.help(format_args!("a name like it is mapped: `{near}`")),
            None if is_start_execution(arn) => error.help(
                "name the workflow for its `StateMachineArn`: `resources: { \"arn:...\" => Fulfil }`",
            ),
            None => {
                error.help(format_args!("name the task: `resources: {{ \"{arn}\" => {task} }}`"))
            }
        };
        None
    }

    /// What a request says beside what is called: its input, and how it is called.
    fn requested(&mut self, kind: Request, fields: &Fields<'_>, call: &mut Call) {
        let own = kind.fields();
        let payload = match request(fields, own[1]) {
            Some((name, json)) => self.template_field(name, json).1,
            None => super::templates::empty(fields.span),
        };
        call.arguments = Some(vec![payload]);
        let all = fields.get("Parameters").and_then(|(_, parameters)| parameters.object());
        for (name, json) in all.into_iter().flatten() {
            if !own.contains(&field_of(name)) {
                call.service.request.push(self.template_field(name, json));
            }
        }
    }
}

/// A field of the request to a service, which stands in `Parameters`, dynamic or not.
fn request<'j>(fields: &Fields<'j>, field: &str) -> Option<(&'j Name, &'j Json)> {
    let (_, parameters) = fields.get("Parameters")?;
    let mut all = parameters.object()?.iter();
    all.find(|(name, _)| field_of(name) == field).map(|(name, json)| (name, json))
}

/// The field that a name in a template is for.
fn field_of(name: &Name) -> &str {
    name.text.strip_suffix(".$").unwrap_or(&name.text)
}

/// Whether an ARN is the optimised integration of Lambda, in any partition.
fn is_lambda_service(arn: &str) -> bool {
    let mut parts = arn.split(':');
    let (scheme, _, service) = (parts.next(), parts.next(), parts.next());
    let arn = arn.strip_suffix(WAITING).unwrap_or(arn);
    scheme == Some("arn") && service == Some("states") && arn.ends_with(":::lambda:invoke")
}

/// How the ARN of an integration ends that waits until its task token is sent back.
const WAITING: &str = ".waitForTaskToken";

/// Whether a resource waits until its task token is sent back.
pub fn is_waiting(arn: &str) -> bool {
    arn.ends_with(WAITING)
}

/// Whether an ARN is the integration that starts an execution of another state machine and waits for its output.
fn is_start_execution(arn: &str) -> bool {
    arn.ends_with(":::states:startExecution.sync:2")
}

/// What a task for an ARN may be called: after its function, or the action of a service.
fn task_name(arn: &str) -> String {
    let name = match arn.split_once(":::") {
        Some((_, service)) => service.split(':').nth(1).unwrap_or(service),
        None => function_of(arn).rsplit(':').next().unwrap_or_default(),
    };
    let name = name.split('.').next().unwrap_or(name);
    crate::parse::expression::snake_case(name)
        .replace(|letter: char| !letter.is_alphanumeric(), "_")
}

/// The name of the function in an ARN, without version or alias, or the whole where it is no ARN of a function.
fn function_of(arn: &str) -> &str {
    let name = arn.split_once(":function:").map_or(arn, |(_, name)| name);
    if arn.contains(":function:") || !arn.starts_with("arn:") {
        name.split(':').next().unwrap_or(name)
    } else {
        arn
    }
}
