//! The states in the native notation.

use workflow_syntax::parse::{
    Call, Catcher, Expression, Field, Limit, Machine, Name, Rule, Service, State, Value, ValuePath,
};

use crate::expressions::Writer;
use crate::retries::{Policies, error_equals, one_or_more};
use crate::source::{Source, free, name};
use crate::tasks::Tasks;

/// What the states share: the tasks that they call, and the policies by which they are retried.
pub(crate) struct Shared {
    pub(crate) tasks: Tasks,
    pub(crate) policies: Policies,
}

/// Writes the states of a machine, and those that the native notation asks for.
pub(crate) fn states(states: &[State], source: &mut Source, shared: &mut Shared) {
    for state in states {
        source.blank();
        self::state(state, source, shared);
    }
    for state in states.iter().filter(|state| lacks_default(state)) {
        source.blank();
        source.line(&format!(
            "{}: Fail {{ error: \"States.NoChoiceMatched\", cause: \"no rule of the state holds, and it has no default\" }}",
            name(&unmatched(&state.name.text))
        ));
    }
}

/// Writes a state before the first one that gives variables a value, which the native notation asks for.
pub(crate) fn variables(names: &[String], start: &Name, states: &[State], source: &mut Source) {
    let own = free("Variables", " ", |name| states.iter().all(|state| state.name != *name));
    let assign: Vec<String> = names.iter().map(|name| format!("{name}: null")).collect();
    source.blank();
    source.decide(
        "on AWS a state fails that reads one of these before it is assigned: here it is null",
    );
    source.line(&format!(
        "{}: Pass {{ assign: {{ {} }}, next: {} }}",
        name(&own),
        assign.join(", "),
        name(&start.text)
    ));
}

/// Whether a Choice state may match nothing, which fails the execution on AWS.
fn lacks_default(state: &State) -> bool {
    state.kind == "Choice" && state.rules.iter().all(|rule| rule.condition.is_some())
}

fn unmatched(choice: &str) -> String {
    format!("{choice} matches nothing")
}

fn state(state: &State, source: &mut Source, shared: &mut Shared) {
    let mut fields =
        Fields { state, writer: Writer::default(), lines: Vec::new(), blocks: Vec::new() };
    fields.collect(shared);
    let Fields { writer, lines, blocks, .. } = fields;
    source.documentation(state.comment.as_deref());
    writer.decisions.iter().for_each(|decision| source.decide(decision));
    let head = format!("{}: {} {{", name(&state.name.text), state.kind);
    if lines.is_empty() && blocks.is_empty() {
        source.line(&format!("{head}}}"));
        return;
    }
    source.open(&head);
    lines.iter().for_each(|line| source.line(line));
    for block in blocks {
        block.write(source, shared);
    }
    source.close("}");
}

/// A field with states inside.
enum Block<'s> {
    Branches(&'s [Machine]),
    Processor(&'s Machine),
}

impl Block<'_> {
    fn write(&self, source: &mut Source, shared: &mut Shared) {
        match self {
            Self::Branches(branches) => {
                source.open("branches: [");
                for branch in *branches {
                    source.open("{");
                    machine(branch, source, shared);
                    source.close("},");
                }
                source.close("],");
            }
            Self::Processor(processor) => {
                source.open("item_processor: {");
                machine(processor, source, shared);
                source.close("},");
            }
        }
    }
}

/// The states of a branch or an item processor, which starts at its first one.
fn machine(machine: &Machine, source: &mut Source, shared: &mut Shared) {
    let starts =
        |state: &&State| machine.start_at.as_ref().is_some_and(|start| state.name == *start);
    let first = machine.states.iter().find(starts);
    let others = machine.states.iter().filter(|state| !starts(state));
    let mut inner = Source::default();
    inner.inner_documentation(machine.comment.as_deref());
    for state in first.into_iter().chain(others) {
        states(std::slice::from_ref(state), &mut inner, shared);
    }
    for line in inner.text().trim_start_matches('\n').trim_end().lines() {
        if line.is_empty() { source.blank() } else { source.line(line) }
    }
}

/// The fields of a state while they are collected.
struct Fields<'s> {
    state: &'s State,
    writer: Writer,
    lines: Vec<String>,
    blocks: Vec<Block<'s>>,
}

impl<'s> Fields<'s> {
    fn get(&self, name: &str) -> Option<&'s Value> {
        self.state.fields.iter().find(|field| field.name == name).map(|field| &field.value)
    }

    fn line(&mut self, text: &str) {
        self.lines.push(format!("{text},"));
    }

    fn collect(&mut self, shared: &mut Shared) {
        if let Some(Value::Call(call)) = self.get("call") {
            self.call(call, &mut shared.tasks);
        }
        for rule in &self.state.rules {
            self.rule(rule);
        }
        if lacks_default(self.state) {
            let target = name(&unmatched(&self.state.name.text));
            self.line(&format!("_ => {target}"));
        }
        if self.get("execution_type").is_some() {
            let decision = "the Map was distributed, and runs in this execution here: its limits are those of the process";
            self.writer.decisions.push(decision.to_owned());
        }
        for field in &self.state.fields {
            self.field(field, &shared.policies);
        }
        self.result();
        if let Some(Value::Name(next)) = self.get("next") {
            self.line(&format!("next: {}", name(&next.text)));
        } else if self.get("end").is_some() {
            self.line("end");
        }
    }

    fn call(&mut self, call: &Call, tasks: &mut Tasks) {
        self.service(&call.service);
        let task = tasks.name(call.service.resource.as_deref().unwrap_or("task"));
        match &call.arguments {
            None => self.line(&format!("call: {task}($)")),
            Some(arguments) => {
                let given: Vec<String> =
                    arguments.iter().map(|value| self.writer.untyped(value)).collect();
                let called = format!("{task}({})", given.join(", "));
                if call.integration.is_none() {
                    self.line(&format!("call: {called}"));
                } else {
                    self.line(&format!("call: lambda::invoke({called})"));
                }
            }
        }
    }

    /// What only the service on AWS reads.
    fn service(&mut self, service: &Service) {
        if service.credentials.is_some() {
            let decision = "the call assumed a role on AWS: have the task do what it needs";
            self.writer.decisions.push(decision.to_owned());
        }
        for (field, _) in &service.request {
            let decision = format!("`{field}` of the request to Lambda is left out");
            self.writer.decisions.push(decision);
        }
    }

    /// The results of several machines and of the Lambda service have types, which ASL's data have not.
    fn result(&mut self) {
        let is_envelope =
            matches!(self.get("call"), Some(Value::Call(call)) if call.integration.is_some());
        let takes_payload = matches!(self.get("output_path"), Some(Value::Path(Some(path))) if path.to_string().starts_with("$.Payload"));
        let has_type = self.state.kind == "Parallel"
            || self.state.kind == "Map"
            || is_envelope && !takes_payload;
        if has_type && self.get("result_selector").is_none() {
            self.line("result_selector: json($)");
        }
    }

    fn field(&mut self, field: &'s Field, policies: &Policies) {
        let name = field.name.text.as_str();
        match (&field.value, name) {
            (Value::Branches(branches), _) => self.blocks.push(Block::Branches(branches)),
            (Value::States(processor), _) => self.blocks.push(Block::Processor(processor)),
            (_, "next" | "end" | "call" | "execution_type" | "label") => {}
            // The result is what goes on.
            (_, "parameters") if self.get("result").is_some() => {}
            (_, "tolerated_failure_count" | "tolerated_failure_percentage") => {
                let decision =
                    "the Map tolerated failures: have the task of its items give back what failed";
                self.writer.decisions.push(decision.to_owned());
            }
            (Value::Path(path), _) => self.path_field(name, path.as_ref()),
            (Value::Type(_), _) => self.line(&format!("{name}: Json")),
            (Value::Limit(limit), _) => {
                let limit = self.limit(limit);
                self.line(&format!("{name}: {limit}"));
            }
            (Value::Retry(items), _) => {
                if let Some(retry) = policies.retry(items) {
                    self.line(&format!("retry: {retry}"));
                }
            }
            (Value::Catch(catchers), _) => self.catch(catchers),
            (Value::Assign(variables), _) => {
                let assign = self.assign(variables);
                self.line(&assign);
            }
            (Value::Expression(value), "items") => {
                let decided = self.writer.decisions.len();
                let items = self.writer.value(value);
                let is_there = self.writer.decisions.len() == decided;
                self.line(&format!("items: {}", if is_there { &items } else { "array()" }));
            }
            (Value::Expression(value), "max_concurrency" | "error" | "cause" | "timestamp") => {
                let value = self.writer.value(value);
                self.line(&format!("{name}: {value}"));
            }
            (Value::Expression(value), _) => {
                let value = self.writer.untyped(value);
                self.line(&format!("{name}: {value}"));
            }
            _ => {}
        }
    }

    fn path_field(&mut self, name: &str, path: Option<&ValuePath>) {
        let decided = self.writer.decisions.len();
        let text = path.map(|path| self.writer.path(path));
        let text = text.filter(|_| self.writer.decisions.len() == decided);
        self.line(&format!("{name}: {}", text.as_deref().unwrap_or("null")));
    }

    fn limit(&mut self, limit: &Limit) -> String {
        match limit {
            Limit::Fixed(duration) => format!("{}s", duration.value.as_secs()),
            Limit::Seconds(value) => self.writer.value(value),
        }
    }

    fn assign(&mut self, variables: &[(Name, Expression)]) -> String {
        let variables = variables.iter().map(|(name, value)| {
            let value = self.writer.untyped(value);
            format!("{name}: {value}")
        });
        format!("assign: {{ {} }}", variables.collect::<Vec<_>>().join(", "))
    }

    fn rule(&mut self, rule: &Rule) {
        let condition = match &rule.condition {
            Some(condition) => self.writer.value(condition),
            None => "_".to_owned(),
        };
        let find = |wanted: &str| {
            rule.fields.iter().find(|field| field.name == wanted).map(|field| &field.value)
        };
        let Some(Value::Name(next)) = find("next") else { return };
        let next = name(&next.text);
        let mut fields = vec![format!("next: {next}")];
        if let Some(Value::Assign(variables)) = find("assign")
            && !variables.is_empty()
        {
            fields.push(self.assign(variables));
        }
        if let Some(Value::Text(comment)) = find("comment") {
            fields.push(format!("comment: {comment:?}"));
        }
        match fields.as_slice() {
            [_] => self.line(&format!("{condition} => {next}")),
            fields => self.line(&format!("{condition} => {{ {} }}", fields.join(", "))),
        }
    }

    fn catch(&mut self, catchers: &'s [Catcher]) {
        let mut taken = Vec::new();
        let catchers = catchers.iter().filter_map(|catcher| self.catcher(catcher, &mut taken));
        let catchers: Vec<String> = catchers.collect();
        if let Some(catch) = one_or_more(&catchers) {
            self.line(&format!("catch: {catch}"));
        }
    }

    fn catcher(&mut self, catcher: &'s Catcher, taken: &mut Vec<&'s str>) -> Option<String> {
        let find = |wanted: &str| {
            catcher.fields.iter().find(|field| field.name == wanted).map(|field| &field.value)
        };
        let mut fields = vec![error_equals(catcher.error_equals.as_deref(), taken)?];
        match find("result_path") {
            Some(Value::Path(path))
                if path.as_ref().is_none_or(|path| !path.segments.is_empty()) =>
            {
                let text = path.as_ref().map_or("null".to_owned(), |path| self.writer.path(path));
                fields.push(format!("result_path: {text}"));
            }
            _ => fields.push("output: json($)".to_owned()),
        }
        if let Some(Value::Assign(variables)) = find("assign") {
            fields.push(self.assign(variables));
        }
        if let Some(Value::Name(next)) = find("next") {
            fields.push(format!("next: {}", name(&next.text)));
        }
        if let Some(Value::Text(comment)) = find("comment") {
            fields.push(format!("comment: {comment:?}"));
        }
        Some(format!("{{ {} }}", fields.join(", ")))
    }
}
