//! What a Task state calls: a function that is the resource itself, one that the Lambda service invokes, or a workflow.

use super::Writer;
use super::states::{Fields, set};
use super::values::Value;
use crate::data::Json;
use crate::definition::{Expression, Integration, Kind, Task};

/// Whether a state's `Parameters` are a request to a service, with the input of what is called in it.
pub(super) fn is_request(kind: &Kind) -> bool {
    matches!(kind, Kind::Task(task) if task.integration != Integration::Function)
}

/// Whether a state calls a workflow: an execution of its own.
pub(super) fn is_execution(kind: &Kind) -> bool {
    matches!(kind, Kind::Task(task) if task.integration == Integration::Execution)
}

impl Writer<'_> {
    pub(super) fn task(
        &mut self,
        fields: &mut Fields,
        task: &Task,
        parameters: Option<&Expression>,
    ) {
        let function = match (self.functions.get(task.function), task.service.resource) {
            (Some(arn), _) => arn.clone(),
            (None, Some(resource)) => resource.to_owned(),
            (None, None) => format!("${{{}}}", camel_case(task.function)),
        };
        match task.integration {
            Integration::Function => {
                set(fields, "Resource", function);
                self.arguments(fields, task);
            }
            Integration::LambdaInvoke => {
                let pattern = if task.awaits.is_some() { ".waitForTaskToken" } else { "" };
                set(fields, "Resource", format!("arn:aws:states:::lambda:invoke{pattern}"));
                self.request(fields, task, ("FunctionName", function), ("Payload", parameters));
            }
            Integration::Execution | Integration::StartExecution => {
                let resource = "arn:aws:states:::states:startExecution.sync:2";
                set(fields, "Resource", resource);
                self.request(fields, task, ("StateMachineArn", function), ("Input", parameters));
                // What is listed is what an execution cannot have beside it: a function can.
                task.inexpressible.iter().for_each(|what| self.inexpressible(what));
            }
        }
        if let Some(credentials) = &task.service.credentials {
            self.object(fields, "Credentials", credentials);
        }
        self.limit(fields, "TimeoutSeconds", task.timeout.as_ref());
        self.limit(fields, "HeartbeatSeconds", task.heartbeat.as_ref());
    }

    /// The request to a service: what it calls, and the input of that.
    fn request(
        &mut self,
        fields: &mut Fields,
        task: &Task,
        (callee, function): (&str, String),
        (input, parameters): (&str, Option<&Expression>),
    ) {
        let mut request = Fields::new();
        set(&mut request, callee, function);
        self.input(&mut request, input, task, parameters);
        for (name, value) in task.service.request {
            self.field(&mut request, name, value);
        }
        set(fields, "Parameters", request);
    }

    /// The input of what a service calls, as a field of the request to it: the arguments, made from `parameters` where there
    /// are some.
    fn input(
        &mut self,
        request: &mut Fields,
        field: &str,
        task: &Task,
        parameters: Option<&Expression>,
    ) {
        match (task.arguments, parameters) {
            ([], _) => {}
            ([Expression::Path("$")], Some(parameters)) => self.field(request, field, parameters),
            ([argument], _) => self.field(request, field, argument),
            (arguments, _) => {
                let input = self.named(task, arguments);
                set(request, field, input);
            }
        }
    }

    /// The arguments of a function that is the resource itself: its input.
    fn arguments(&mut self, fields: &mut Fields, task: &Task) {
        match task.arguments {
            [] | [Expression::Path("$")] => {}
            [argument] => match self.value(argument) {
                Value::Plain(json @ Json::Object(_)) => set(fields, "Parameters", json),
                Value::Dynamic(text) if text.starts_with('$') => set(fields, "InputPath", text),
                _ => self.inexpressible(format_args!("`{argument}` as the input of a function")),
            },
            arguments => {
                let parameters = self.named(task, arguments);
                set(fields, "Parameters", parameters);
            }
        }
    }

    /// Several arguments: an object with their names.
    fn named(&mut self, task: &Task, arguments: &[Expression]) -> Fields {
        let mut named = Fields::new();
        for (name, argument) in task.parameters.iter().zip(arguments) {
            self.field(&mut named, name, argument);
        }
        named
    }
}

/// The name of a function as substitutions of CloudFormation are named, of letters and digits: `check_inventory` as
/// `checkInventory`.
fn camel_case(function: &str) -> String {
    let mut words = function.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        let mut letters = word.chars();
        let initial = letters.next().into_iter().flat_map(char::to_uppercase);
        name + &initial.chain(letters).collect::<String>()
    })
}
