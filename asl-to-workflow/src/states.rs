//! The states in the native notation.

use workflow_syntax::parse::{
    Call, Catcher, ErrorName, Expression, Field, Limit, Machine, Name, Retrier, RetryItem, Rule,
    State, Value, ValuePath,
};

use crate::expressions::Writer;
use crate::source::{Source, name};
use crate::tasks::Tasks;

/// Writes the states of a machine, and those that the native notation asks for.
pub(crate) fn states(states: &[State], source: &mut Source, tasks: &mut Tasks) {
    for state in states {
        source.blank();
        self::state(state, source, tasks);
    }
    for state in states.iter().filter(|state| lacks_default(state)) {
        source.blank();
        source.line(&format!(
            "{}: Fail {{ error: \"States.NoChoiceMatched\", cause: \"no rule of the state holds, and it has no default\" }}",
            name(&unmatched(&state.name.text))
        ));
    }
}

/// Whether a Choice state may match nothing, which fails the execution on AWS.
fn lacks_default(state: &State) -> bool {
    state.kind == "Choice" && state.rules.iter().all(|rule| rule.condition.is_some())
}

fn unmatched(choice: &str) -> String {
    format!("{choice} matches nothing")
}

fn state(state: &State, source: &mut Source, tasks: &mut Tasks) {
    let mut fields =
        Fields { state, writer: Writer::default(), lines: Vec::new(), blocks: Vec::new() };
    fields.collect(tasks);
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
        block.write(source, tasks);
    }
    source.close("}");
}

/// A field with states inside.
enum Block<'s> {
    Branches(&'s [Machine]),
    Processor(&'s Machine),
}

impl Block<'_> {
    fn write(&self, source: &mut Source, tasks: &mut Tasks) {
        match self {
            Self::Branches(branches) => {
                source.open("branches: [");
                for branch in *branches {
                    source.open("{");
                    machine(branch, source, tasks);
                    source.close("},");
                }
                source.close("],");
            }
            Self::Processor(processor) => {
                source.open("item_processor: {");
                machine(processor, source, tasks);
                source.close("},");
            }
        }
    }
}

/// The states of a branch or an item processor, which starts at its first one.
fn machine(machine: &Machine, source: &mut Source, tasks: &mut Tasks) {
    let starts =
        |state: &&State| machine.start_at.as_ref().is_some_and(|start| state.name == *start);
    let first = machine.states.iter().find(starts);
    let others = machine.states.iter().filter(|state| !starts(state));
    let mut inner = Source::default();
    for state in first.into_iter().chain(others) {
        states(std::slice::from_ref(state), &mut inner, tasks);
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

    fn collect(&mut self, tasks: &mut Tasks) {
        if let Some(Value::Call(call)) = self.get("call") {
            self.call(call, tasks);
        }
        for rule in &self.state.rules {
            self.rule(rule);
        }
        if lacks_default(self.state) {
            let target = name(&unmatched(&self.state.name.text));
            self.line(&format!("_ => {target}"));
        }
        if self.get("is_distributed").is_some() {
            let decision = "the Map was distributed, and runs in this execution here: its limits are those of the process";
            self.writer.decisions.push(decision.to_owned());
        }
        for field in &self.state.fields {
            self.field(field);
        }
        self.result();
        if let Some(Value::Name(next)) = self.get("next") {
            self.line(&format!("next: {}", name(&next.text)));
        } else if self.get("end").is_some() {
            self.line("end");
        }
    }

    fn call(&mut self, call: &Call, tasks: &mut Tasks) {
        let task = tasks.name(call.resource.as_deref().unwrap_or("task"));
        match &call.arguments {
            None => self.line(&format!("call: {task}($)")),
            Some(arguments) => {
                tasks.invoke();
                let given: Vec<String> =
                    arguments.iter().map(|value| self.writer.untyped(value)).collect();
                self.line(&format!("call: lambda::invoke({task}({}))", given.join(", ")));
            }
        }
    }

    /// The results of several machines and of the Lambda service have types, which ASL's data have not.
    fn result(&mut self) {
        let is_envelope =
            matches!(self.get("call"), Some(Value::Call(call)) if call.arguments.is_some());
        let takes_payload = matches!(self.get("output_path"), Some(Value::Path(Some(path))) if path.to_string().starts_with("$.Payload"));
        let has_type = self.state.kind == "Parallel"
            || self.state.kind == "Map"
            || is_envelope && !takes_payload;
        if has_type && self.get("result_selector").is_none() {
            self.line("result_selector: json($)");
        }
    }

    fn field(&mut self, field: &'s Field) {
        let name = field.name.text.as_str();
        match (&field.value, name) {
            (Value::Branches(branches), _) => self.blocks.push(Block::Branches(branches)),
            (Value::States(processor), _) => self.blocks.push(Block::Processor(processor)),
            (_, "next" | "end" | "call" | "is_distributed") => {}
            // The result is what goes on.
            (_, "parameters") if self.get("result").is_some() => {}
            (_, "tolerated_failure_count" | "tolerated_failure_percentage") => {
                let decision =
                    "the Map tolerated failures: have the task of its items give back what failed";
                self.writer.decisions.push(decision.to_owned());
            }
            (Value::Path(path), _) => self.path_field(name, path.as_ref()),
            (Value::Limit(limit), _) => {
                let limit = self.limit(limit);
                self.line(&format!("{name}: {limit}"));
            }
            (Value::Retry(items), _) => self.retry(items),
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
        match find("assign") {
            Some(Value::Assign(variables)) if !variables.is_empty() => {
                let assign = self.assign(variables);
                self.line(&format!("{condition} => {{ next: {next}, {assign} }}"));
            }
            _ => self.line(&format!("{condition} => {next}")),
        }
    }

    fn retry(&mut self, items: &'s [RetryItem]) {
        let mut taken = Vec::new();
        let retriers = items.iter().filter_map(|item| match item {
            RetryItem::Retrier(retrier) => self::retrier(retrier, &mut taken),
            RetryItem::Policy(_) => None,
        });
        let retriers: Vec<String> = retriers.collect();
        match retriers.as_slice() {
            [] => {}
            [only] => self.line(&format!("retry: {only}")),
            several => self.line(&format!("retry: [{}]", several.join(", "))),
        }
    }

    fn catch(&mut self, catchers: &'s [Catcher]) {
        let mut taken = Vec::new();
        let catchers = catchers.iter().filter_map(|catcher| self.catcher(catcher, &mut taken));
        let catchers: Vec<String> = catchers.collect();
        match catchers.as_slice() {
            [] => {}
            [only] => self.line(&format!("catch: {only}")),
            several => self.line(&format!("catch: [{}]", several.join(", "))),
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
        Some(format!("{{ {} }}", fields.join(", ")))
    }
}

/// The names of errors, but for those that are never asked for: what nothing takes, and what an earlier list takes already.
fn error_equals<'s>(names: Option<&'s [ErrorName]>, taken: &mut Vec<&'s str>) -> Option<String> {
    let names = names.unwrap_or_default().iter().filter_map(ErrorName::text);
    let names: Vec<&str> =
        names.filter(|name| *name != "States.Runtime" && !taken.contains(name)).collect();
    taken.extend(&names);
    let names: Vec<String> = names.into_iter().map(|name| format!("{name:?}")).collect();
    (!names.is_empty()).then(|| format!("error_equals: [{}]", names.join(", ")))
}

fn retrier<'s>(retrier: &'s Retrier, taken: &mut Vec<&'s str>) -> Option<String> {
    let mut fields = vec![error_equals(retrier.error_equals.as_deref(), taken)?];
    if let Some(interval) = &retrier.interval {
        fields.push(format!("interval: {}s", interval.value.as_secs()));
    }
    if let Some(attempts) = &retrier.max_attempts {
        fields.push(format!("max_attempts: {}", attempts.value));
    }
    if let Some(rate) = &retrier.backoff_rate {
        fields.push(format!("backoff_rate: {:?}", rate.value));
    }
    if let Some(delay) = &retrier.max_delay {
        fields.push(format!("max_delay: {}s", delay.value.as_secs()));
    }
    if let Some(jitter) = &retrier.jitter {
        fields.push(format!("jitter: {jitter}"));
    }
    Some(format!("{{ {} }}", fields.join(", ")))
}
