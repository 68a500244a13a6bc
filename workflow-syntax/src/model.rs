//! The state machines of a workflow: names resolved, fields sorted out by kind of state, spans kept.
//!
//! Both notations become this model; all phases after it are shared. What a field means is here, what is wrong with the
//! whole is in `check`.

use std::time::Duration;

use crate::span::Span;

use crate::diagnostics::Diagnostics;
use crate::parse::{
    self, Call, ErrorName, Expression, Field, Limit, Name, RetryItem, Value, ValuePath,
};

/// A workflow: its machines, the outermost first.
pub struct Workflow<'a> {
    pub source: &'a parse::Workflow,
    pub machines: Vec<Machine<'a>>,
}

/// States that belong together: the workflow, a branch, or an item processor.
pub struct Machine<'a> {
    /// The machine and the state that it is in.
    pub parent: Option<(usize, usize)>,
    /// What a message calls it: "branch 2 of `Fulfil`".
    pub label: String,
    pub span: Span,
    pub start: usize,
    pub states: Vec<State<'a>>,
}

pub struct State<'a> {
    pub name: &'a Name,
    /// Whether all of its source could be read.
    pub complete: bool,
    pub comment: Option<String>,
    pub kind: Kind<'a>,
    pub flow: Flow<'a>,
    /// `next` or `end`, for the kinds that have it.
    pub next: Option<Next>,
    pub retry: Vec<&'a parse::Retrier>,
    pub catch: Vec<Catcher<'a>>,
}

/// Where a transition goes. A target that is misspelt is reported, and stands for the state that it most likely means, so
/// that one mistake is not said twice; where nothing is like it, the transition goes nowhere.
#[derive(Clone, Copy)]
pub struct Next {
    pub target: Target,
    pub span: Span,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Target {
    State(usize),
    End,
    Unknown,
}

/// The fields that say how data goes through a state.
#[derive(Default)]
pub struct Flow<'a> {
    pub input_path: Option<PathField<'a>>,
    pub parameters: Option<&'a Expression>,
    pub result: Option<&'a Expression>,
    pub result_selector: Option<&'a Expression>,
    pub result_path: Option<PathField<'a>>,
    pub output_path: Option<PathField<'a>>,
    pub output: Option<&'a Expression>,
    pub assign: &'a [(Name, Expression)],
}

/// A path, or `null`.
#[derive(Clone, Copy)]
pub struct PathField<'a> {
    pub path: Option<&'a ValuePath>,
}

pub enum Kind<'a> {
    Task {
        call: Option<&'a Call>,
        timeout: Option<&'a Limit>,
        heartbeat: Option<&'a Limit>,
    },
    Choice {
        rules: Vec<Rule<'a>>,
        default: Option<Rule<'a>>,
    },
    Parallel {
        branches: Vec<usize>,
    },
    Map {
        items: Option<&'a Expression>,
        selector: Option<&'a Expression>,
        processor: Option<usize>,
        concurrency: Option<&'a Expression>,
        tolerance: Option<Tolerance<'a>>,
    },
    Wait(Option<Wait<'a>>),
    Pass,
    Succeed,
    Fail {
        error: Option<&'a Expression>,
        cause: Option<&'a Expression>,
    },
    /// A kind that there is not.
    Unknown,
}

/// How many failures of items a Map state tolerates.
#[derive(Clone, Copy)]
pub struct Tolerance<'a> {
    pub count: Option<&'a Expression>,
    pub percentage: Option<&'a Expression>,
}

pub enum Wait<'a> {
    Seconds(&'a Limit),
    Timestamp(&'a Expression),
}

/// A rule of a Choice state, or its default.
pub struct Rule<'a> {
    pub condition: Option<&'a Expression>,
    pub next: Next,
    pub output: Option<&'a Expression>,
    pub assign: &'a [(Name, Expression)],
}

pub struct Catcher<'a> {
    pub span: Span,
    pub error_equals: Option<&'a [ErrorName]>,
    pub next: Next,
    pub result_path: Option<PathField<'a>>,
    pub output: Option<&'a Expression>,
    pub assign: &'a [(Name, Expression)],
}

impl Kind<'_> {
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Task { .. } => "Task",
            Self::Choice { .. } => "Choice",
            Self::Parallel { .. } => "Parallel",
            Self::Map { .. } => "Map",
            Self::Wait(_) => "Wait",
            Self::Pass => "Pass",
            Self::Succeed => "Succeed",
            Self::Fail { .. } => "Fail",
            Self::Unknown => "",
        }
    }
}

impl State<'_> {
    /// All transitions of the state, in the order in which they are written.
    pub fn transitions(&self) -> Vec<Next> {
        let mut transitions: Vec<Next> = self.next.into_iter().collect();
        if let Kind::Choice { rules, default } = &self.kind {
            transitions.extend(rules.iter().chain(default).map(|rule| rule.next));
        }
        transitions.extend(self.catch.iter().map(|catcher| catcher.next));
        transitions
    }

    /// The states that can come after this one.
    pub fn successors(&self) -> Vec<usize> {
        self.transitions()
            .into_iter()
            .filter_map(|next| match next.target {
                Target::State(state) => Some(state),
                Target::End | Target::Unknown => None,
            })
            .collect()
    }

    /// Whether the machine can end here.
    pub fn is_terminal(&self) -> bool {
        matches!(self.kind, Kind::Succeed | Kind::Fail { .. })
            || self.transitions().iter().any(|next| next.target == Target::End)
    }

    /// Every assignment of the state: its own, those of its rules and of its catchers.
    pub fn assignments(&self) -> Vec<(&Name, &Expression)> {
        let mut all: Vec<(&Name, &Expression)> =
            self.flow.assign.iter().map(|(name, value)| (name, value)).collect();
        if let Kind::Choice { rules, default } = &self.kind {
            let rules = rules.iter().chain(default);
            all.extend(
                rules.flat_map(|rule| rule.assign.iter().map(|(name, value)| (name, value))),
            );
        }
        all.extend(
            self.catch
                .iter()
                .flat_map(|catcher| catcher.assign.iter().map(|(name, value)| (name, value))),
        );
        all
    }

    /// The machines inside the state.
    pub fn machines(&self) -> &[usize] {
        match &self.kind {
            Kind::Parallel { branches } => branches,
            Kind::Map { processor: Some(processor), .. } => std::slice::from_ref(processor),
            _ => &[],
        }
    }
}

/// The kinds of state that there are.
const KINDS: [&str; 8] = ["Task", "Choice", "Parallel", "Map", "Wait", "Pass", "Succeed", "Fail"];

/// The fields of every kind of state.
fn allowed(kind: &str) -> &'static [&'static str] {
    match kind {
        "Task" => &[
            "call",
            "next",
            "end",
            "retry",
            "catch",
            "timeout",
            "heartbeat",
            "input_path",
            "parameters",
            "result_selector",
            "result_path",
            "output_path",
            "output",
            "assign",
            "comment",
        ],
        "Choice" => &["input_path", "output_path", "output", "assign", "comment"],
        "Parallel" => &[
            "branches",
            "next",
            "end",
            "retry",
            "catch",
            "input_path",
            "parameters",
            "result_selector",
            "result_path",
            "output_path",
            "output",
            "assign",
            "comment",
        ],
        "Map" => &[
            "items",
            "item_selector",
            "item_processor",
            "max_concurrency",
            "next",
            "end",
            "retry",
            "catch",
            "input_path",
            "result_selector",
            "result_path",
            "output_path",
            "output",
            "assign",
            "comment",
        ],
        "Wait" => &[
            "seconds",
            "timestamp",
            "next",
            "end",
            "input_path",
            "output_path",
            "output",
            "assign",
            "comment",
        ],
        "Pass" => &[
            "next",
            "end",
            "input_path",
            "parameters",
            "result",
            "result_path",
            "output_path",
            "output",
            "assign",
            "comment",
        ],
        "Succeed" => &["input_path", "output_path", "output", "comment"],
        "Fail" => &["error", "cause", "comment"],
        _ => &[],
    }
}

impl<'a> Workflow<'a> {
    /// Resolves the names of a source. What cannot be resolved is reported and left out.
    pub fn resolve(source: &'a parse::Workflow, diagnostics: &mut Diagnostics) -> Self {
        let mut resolver =
            Resolver { source, machines: Vec::new(), around: Vec::new(), diagnostics };
        let start = source.start_at.as_ref();
        resolver.machine(
            None,
            format!("workflow `{}`", source.name),
            source.name.span().into(),
            &source.states,
            start,
        );
        Self { source, machines: resolver.machines }
    }

    pub fn each_state(&self) -> impl Iterator<Item = (&Machine<'a>, &State<'a>)> {
        self.machines
            .iter()
            .flat_map(|machine| machine.states.iter().map(move |state| (machine, state)))
    }
}

struct Resolver<'a, 'd> {
    source: &'a parse::Workflow,
    machines: Vec<Machine<'a>>,
    /// The states of the machine that is being resolved, and of those around it.
    around: Vec<&'a [parse::State]>,
    diagnostics: &'d mut Diagnostics,
}

impl<'a> Resolver<'a, '_> {
    fn machine(
        &mut self,
        parent: Option<(usize, usize)>,
        label: String,
        span: Span,
        states: &'a [parse::State],
        start: Option<&Name>,
    ) -> usize {
        let id = self.machines.len();
        self.around.push(states);
        self.machines.push(Machine { parent, label, span, start: 0, states: Vec::new() });
        if let Some(start) = start {
            let next = self.target(start, states);
            if let Target::State(state) = next.target {
                self.machines[id].start = state;
            }
        }
        for (position, state) in states.iter().enumerate() {
            let resolved = self.state(id, position, state, states);
            self.machines[id].states.push(resolved);
        }
        self.around.pop();
        id
    }

    fn state(
        &mut self,
        machine: usize,
        position: usize,
        source: &'a parse::State,
        siblings: &'a [parse::State],
    ) -> State<'a> {
        let kind = source.kind.to_string();
        let known = KINDS.contains(&kind.as_str());
        if !known {
            let error = self
                .diagnostics
                .error(source.kind.span, format_args!("unknown kind of state `{kind}`"));
            error
                .note("a state is a Task, Choice, Parallel, Map, Wait, Pass, Succeed or Fail")
                .suggest("a kind", &kind, KINDS);
        }
        let fields = Fields { fields: &source.fields };
        // What a definition of ASL may have is said where it is read.
        if known && self.source.notation == parse::Notation::Native {
            self.only_allowed(source, &kind);
        }
        if known && source.complete {
            self.next_or_end(source, &kind);
        }
        let flow = self.flow(source, fields);
        let next = self.next(fields, siblings);
        State {
            name: &source.name,
            complete: source.complete,
            comment: source.comment.clone().or_else(|| fields.text("comment")),
            flow,
            next,
            retry: self.retry(fields),
            catch: self.catch(fields, siblings),
            kind: self.kind(&kind, machine, position, source, siblings),
        }
    }

    fn only_allowed(&mut self, source: &parse::State, kind: &str) {
        for field in &source.fields {
            let name = field.name.to_string();
            if allowed(kind).contains(&name.as_str()) {
                continue;
            }
            let article =
                if kind == "Choice" { "its rules say where it goes" } else { "remove it" };
            let error = self.diagnostics.error(
                field.name.span,
                format_args!("state `{}`: a {kind} state has no field `{name}`", source.name.text),
            );
            match name.as_str() {
                "next" | "end" => error.help(if kind == "Choice" {
                    article
                } else {
                    "remove it: the execution ends here"
                }),
                "parameters" if kind == "Map" => {
                    error.help("write `item_selector`, which makes the input of each item")
                }
                "timeout" => {
                    error.help("set the `timeout` of the Task states inside, or of the workflow")
                }
                _ => error.help(format_args!("its fields are {}", listed(allowed(kind)))),
            };
        }
    }

    /// `next` or `end`, not both and not neither, for the kinds of state that have them.
    fn next_or_end(&mut self, source: &parse::State, kind: &str) {
        if !allowed(kind).contains(&"next") {
            return;
        }
        let find = |name: &str| source.fields.iter().find(|field| field.name == name);
        match (find("next"), find("end")) {
            (Some(_), Some(end)) => {
                self.diagnostics
                    .error(
                        end.name.span,
                        format_args!("state `{}` has both `next` and `end`", source.name.text),
                    )
                    .help("remove one of them");
            }
            (None, None) => {
                self.diagnostics
                    .error(
                        source.name.span,
                        format_args!("state `{}` has neither `next` nor `end`", source.name.text),
                    )
                    .help("add `next: ...` with the state that follows, or `end`");
            }
            _ => {}
        }
    }

    fn flow(&mut self, source: &parse::State, fields: Fields<'a>) -> Flow<'a> {
        let flow = Flow {
            input_path: fields.path("input_path"),
            parameters: fields.expression("parameters"),
            result: fields.expression("result"),
            result_selector: fields.expression("result_selector"),
            result_path: fields.path("result_path"),
            output_path: fields.path("output_path"),
            output: fields.expression("output"),
            assign: fields.assign(),
        };
        if flow.output.is_some() {
            for other in ["result_path", "output_path"] {
                if let Some(field) = source.fields.iter().find(|field| field.name == other) {
                    self.diagnostics
                        .error(
                            field.name.span,
                            format_args!(
                                "state `{}`: `output` and `{other}` both say what leaves the state",
                                source.name.text
                            ),
                        )
                        .help("remove one of them");
                }
            }
        }
        // AWS takes both, and the result is what goes on.
        let is_native = self.source.notation == parse::Notation::Native;
        if let (true, Some(_), Some(field)) =
            (is_native, flow.result, source.fields.iter().find(|field| field.name == "parameters"))
        {
            self.diagnostics
                .error(
                    field.name.span,
                    format_args!(
                        "state `{}`: `result` and `parameters` both say what the state makes",
                        source.name.text
                    ),
                )
                .help("remove one of them");
        }
        flow
    }

    fn next(&mut self, fields: Fields<'a>, siblings: &'a [parse::State]) -> Option<Next> {
        if let Some(Value::Name(name)) = fields.get("next").map(|field| &field.value) {
            return Some(self.target(name, siblings));
        }
        if let Some(field) = fields.get("next") {
            return Some(Next { target: Target::Unknown, span: field.name.span });
        }
        fields.get("end").map(|field| Next { target: Target::End, span: field.name.span })
    }

    /// Finds the state that a transition names, in the machine that the transition is in.
    fn target(&mut self, name: &Name, siblings: &[parse::State]) -> Next {
        let found = siblings.iter().position(|state| state.name.text == name.text);
        let meant = found.or_else(|| self.unknown_target(name, siblings));
        Next { target: meant.map_or(Target::Unknown, Target::State), span: name.span }
    }

    /// Reports a target that is not in the machine, and returns the state that it most likely means.
    fn unknown_target(&mut self, name: &Name, siblings: &[parse::State]) -> Option<usize> {
        let note = "the states of a branch and of an item processor can only reach each other";
        if self.around.iter().any(|states| states.iter().any(|state| state.name.text == name.text))
        {
            self.diagnostics
                .error(name.span, format_args!("the transition to `{}` leaves its branch", name.text))
                .note(note)
                .help("end the branch with `end`, and write the transition in the state that the branch belongs to");
            return None;
        }
        if contains(&self.source.states, &name.text) {
            self.diagnostics
                .error(name.span, format_args!("the transition to `{}` enters a branch", name.text))
                .note(note)
                .help("go to the state that the branch belongs to");
            return None;
        }
        let names = siblings.iter().map(|state| state.name.text.as_str());
        let error =
            self.diagnostics.error(name.span, format_args!("unknown state `{}`", name.text));
        error.suggest("a state", &name.text, names.clone());
        error.code_in(self.source.notation, "MISSING_TRANSITION_TARGET");
        let near = crate::diagnostics::nearest(&name.text, names)?;
        siblings.iter().position(|state| state.name.text == near)
    }

    fn retry(&mut self, fields: Fields<'a>) -> Vec<&'a parse::Retrier> {
        let Some(Value::Retry(items)) = fields.get("retry").map(|field| &field.value) else {
            return Vec::new();
        };
        let mut retriers = Vec::new();
        for item in items {
            match item {
                RetryItem::Retrier(retrier) => retriers.push(&**retrier),
                RetryItem::Policy(name) => {
                    match self.source.policies.iter().find(|policy| policy.name == *name) {
                        Some(policy) => retriers.extend(&policy.retriers),
                        None => {
                            let names: Vec<String> = self
                                .source
                                .policies
                                .iter()
                                .map(|policy| policy.name.to_string())
                                .collect();
                            let error = self
                                .diagnostics
                                .error(name.span(), format_args!("unknown retry policy `{name}`"));
                            match names.is_empty() {
                            true => error.help(format_args!("declare it after the head of the workflow: `retry {name} = {{ ... }};`")),
                            false => error.suggest("a policy", &name.to_string(), names.iter().map(String::as_str)),
                        };
                        }
                    }
                }
            }
        }
        retriers
    }

    fn catch(&mut self, fields: Fields<'a>, siblings: &'a [parse::State]) -> Vec<Catcher<'a>> {
        let Some(Value::Catch(catchers)) = fields.get("catch").map(|field| &field.value) else {
            return Vec::new();
        };
        catchers.iter().map(|catcher| self.catcher(catcher, siblings)).collect()
    }

    fn catcher(&mut self, source: &'a parse::Catcher, siblings: &'a [parse::State]) -> Catcher<'a> {
        const FIELDS: [&str; 6] =
            ["error_equals", "next", "result_path", "output", "assign", "comment"];
        let fields = Fields { fields: &source.fields };
        for field in &source.fields {
            if !FIELDS.contains(&field.name.to_string().as_str()) {
                self.diagnostics
                    .error(field.name.span, format_args!("a catcher has no field `{}`", field.name))
                    .help(format_args!("its fields are {}", listed(&FIELDS)));
            }
        }
        if let (Some(_), Some(field)) = (fields.get("output"), fields.get("result_path")) {
            self.diagnostics
                .error(
                    field.name.span,
                    "`output` and `result_path` both say what leaves the catcher",
                )
                .help("remove one of them");
        }
        let next = self
            .next(fields, siblings)
            .filter(|next| next.target != Target::End)
            .unwrap_or_else(|| {
                if fields.get("end").is_none() {
                    self.diagnostics
                        .error(source.span, "this catcher has no `next`")
                        .help("add `next: ...` with the state that goes on");
                }
                Next { target: Target::Unknown, span: source.span }
            });
        Catcher {
            span: source.span,
            error_equals: source.error_equals.as_deref(),
            next,
            result_path: fields.path("result_path"),
            output: fields.expression("output"),
            assign: fields.assign(),
        }
    }

    fn kind(
        &mut self,
        kind: &str,
        machine: usize,
        position: usize,
        source: &'a parse::State,
        siblings: &'a [parse::State],
    ) -> Kind<'a> {
        let fields = Fields { fields: &source.fields };
        let required: &[&str] = match kind {
            "Task" => &["call"],
            "Parallel" => &["branches"],
            "Map" => &["items", "item_processor"],
            _ => &[],
        };
        for field in required {
            if fields.get(field).is_none() && source.complete {
                self.diagnostics
                    .error(
                        source.name.span,
                        format_args!(
                            "state `{}`: a {kind} state needs `{field}`",
                            source.name.text
                        ),
                    )
                    .help(example(field));
            }
        }
        let here = (machine, position);
        match kind {
            "Task" => Kind::Task {
                call: match fields.get("call").map(|field| &field.value) {
                    Some(Value::Call(call)) => Some(call),
                    _ => None,
                },
                timeout: fields.limit("timeout"),
                heartbeat: fields.limit("heartbeat"),
            },
            "Choice" => self.choice(source, siblings),
            "Parallel" => Kind::Parallel { branches: self.branches(here, source, fields) },
            "Map" => Kind::Map {
                items: fields.expression("items"),
                selector: fields.expression("item_selector"),
                processor: self.processor(here, source, fields),
                concurrency: fields.expression("max_concurrency"),
                tolerance: fields.get("is_distributed").map(|_| Tolerance {
                    count: fields.expression("tolerated_failure_count"),
                    percentage: fields.expression("tolerated_failure_percentage"),
                }),
            },
            "Wait" => Kind::Wait(self.wait(source, fields)),
            "Pass" => Kind::Pass,
            "Succeed" => Kind::Succeed,
            "Fail" => {
                Kind::Fail { error: fields.expression("error"), cause: fields.expression("cause") }
            }
            _ => Kind::Unknown,
        }
    }

    fn choice(&mut self, source: &'a parse::State, siblings: &'a [parse::State]) -> Kind<'a> {
        let mut rules = Vec::new();
        let mut default: Option<Rule<'a>> = None;
        if source.rules.is_empty() && source.complete {
            self.diagnostics
                .error(
                    source.name.span,
                    format_args!("state `{}`: a Choice state needs a rule", source.name.text),
                )
                .help("add one, as in `$.total > 100 => Approve`, and a default, `_ => Ship`");
        }
        for rule in &source.rules {
            if default.is_some() {
                let what = if rule.condition.is_some() {
                    "this rule can never match: the default stands before it"
                } else {
                    "a Choice state has one default"
                };
                self.diagnostics
                    .error(rule.span, format_args!("state `{}`: {what}", source.name.text))
                    .help("put the default last");
            }
            let resolved = self.rule(rule, source, siblings);
            match rule.condition {
                Some(_) => rules.push(resolved),
                None => default = Some(resolved),
            }
        }
        Kind::Choice { rules, default }
    }

    fn rule(
        &mut self,
        rule: &'a parse::Rule,
        state: &parse::State,
        siblings: &'a [parse::State],
    ) -> Rule<'a> {
        const FIELDS: [&str; 4] = ["next", "output", "assign", "comment"];
        let fields = Fields { fields: &rule.fields };
        for field in &rule.fields {
            if !FIELDS.contains(&field.name.to_string().as_str()) {
                self.diagnostics
                    .error(
                        field.name.span,
                        format_args!(
                            "state `{}`: a rule has no field `{}`",
                            state.name.text, field.name
                        ),
                    )
                    .help(format_args!("its fields are {}", listed(&FIELDS)));
            }
        }
        let next = self
            .next(fields, siblings)
            .filter(|next| next.target != Target::End)
            .unwrap_or_else(|| {
                if fields.get("end").is_none() {
                    self.diagnostics
                        .error(
                            rule.span,
                            format_args!("state `{}`: this rule has no `next`", state.name.text),
                        )
                        .help("add `next: ...` with the state that follows");
                }
                Next { target: Target::Unknown, span: rule.span }
            });
        Rule {
            condition: rule.condition.as_ref(),
            next,
            output: fields.expression("output"),
            assign: fields.assign(),
        }
    }

    fn branches(
        &mut self,
        here: (usize, usize),
        source: &'a parse::State,
        fields: Fields<'a>,
    ) -> Vec<usize> {
        /// As many as there are tuples with implementations of serde's traits.
        const MOST: usize = 16;
        let Some(field) = fields.get("branches") else { return Vec::new() };
        let Value::Branches(branches) = &field.value else { return Vec::new() };
        if branches.is_empty() {
            self.diagnostics.error(
                field.name.span,
                format_args!("state `{}`: a Parallel state needs a branch", source.name.text),
            );
        }
        if let Some(extra) = branches.get(MOST) {
            self.diagnostics
                .error(
                    extra.span,
                    format_args!(
                        "state `{}`: a Parallel state has at most {MOST} branches",
                        source.name.text
                    ),
                )
                .help("put some of them into a Parallel state of their own, in one branch");
        }
        let mut machines = Vec::new();
        for (position, branch) in branches.iter().enumerate() {
            let label = format!("branch {} of `{}`", position + 1, source.name.text);
            machines.push(self.inner(here, label, branch));
        }
        machines
    }

    fn processor(
        &mut self,
        here: (usize, usize),
        source: &'a parse::State,
        fields: Fields<'a>,
    ) -> Option<usize> {
        let Value::States(states) = &fields.get("item_processor")?.value else { return None };
        Some(self.inner(here, format!("the item processor of `{}`", source.name.text), states))
    }

    fn inner(&mut self, here: (usize, usize), label: String, machine: &'a parse::Machine) -> usize {
        let parse::Machine { start_at, states, span } = machine;
        if states.is_empty() {
            self.diagnostics.error(*span, format_args!("{label} has no states"));
        }
        self.machine(Some(here), label, *span, states, start_at.as_ref())
    }

    fn wait(&mut self, source: &parse::State, fields: Fields<'a>) -> Option<Wait<'a>> {
        match (fields.get("seconds"), fields.get("timestamp")) {
            (Some(_), Some(timestamp)) => {
                self.diagnostics
                    .error(
                        timestamp.name.span,
                        format_args!(
                            "state `{}` has both `seconds` and `timestamp`",
                            source.name.text
                        ),
                    )
                    .help("remove one of them");
                None
            }
            (None, None) if !source.complete => None,
            (None, None) => {
                self.diagnostics
                    .error(
                        source.name.span,
                        format_args!(
                            "state `{}`: a Wait state needs `seconds` or `timestamp`",
                            source.name.text
                        ),
                    )
                    .help("add one, as in `seconds: 10` or `timestamp: $.due`");
                None
            }
            (Some(_), None) => fields.limit("seconds").map(Wait::Seconds),
            (None, Some(_)) => fields.expression("timestamp").map(Wait::Timestamp),
        }
    }
}

fn example(field: &str) -> &'static str {
    match field {
        "call" => "add the task that it runs, as in `call: charge($.order)`",
        "branches" => "add them, as in `branches: [{ ... }, { ... }]`",
        "items" => "add the list that it goes through, as in `items: $.lines`",
        _ => "add the states that run for each item, as in `item_processor: { ... }`",
    }
}

/// Names in a list.
fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

/// Whether any state of these or inside of these has a name.
fn contains(states: &[parse::State], name: &str) -> bool {
    states.iter().any(|state| {
        state.name.text == name
            || state.fields.iter().any(|field| match &field.value {
                Value::Branches(branches) => {
                    branches.iter().any(|branch| contains(&branch.states, name))
                }
                Value::States(machine) => contains(&machine.states, name),
                _ => false,
            })
    })
}

/// The fields of a state, by name.
#[derive(Clone, Copy)]
struct Fields<'a> {
    fields: &'a [Field],
}

impl<'a> Fields<'a> {
    fn get(self, name: &str) -> Option<&'a Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    fn expression(self, name: &str) -> Option<&'a Expression> {
        match &self.get(name)?.value {
            Value::Expression(expression) => Some(expression),
            _ => None,
        }
    }

    fn path(self, name: &str) -> Option<PathField<'a>> {
        match &self.get(name)?.value {
            Value::Path(path) => Some(PathField { path: path.as_ref() }),
            _ => None,
        }
    }

    fn limit(self, name: &str) -> Option<&'a Limit> {
        match &self.get(name)?.value {
            Value::Limit(limit) => Some(limit),
            _ => None,
        }
    }

    fn assign(self) -> &'a [(Name, Expression)] {
        match self.get("assign").map(|field| &field.value) {
            Some(Value::Assign(variables)) => variables,
            _ => &[],
        }
    }

    fn text(self, name: &str) -> Option<String> {
        match &self.get(name)?.value {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }
}

/// How long all retries of a retrier wait together.
pub fn total_delay(retrier: &parse::Retrier) -> Duration {
    let interval = retrier.interval.as_ref().map_or(1.0, |interval| interval.value.as_secs_f64());
    let rate = retrier.backoff_rate.as_ref().map_or(2.0, |rate| rate.value);
    let longest =
        retrier.max_delay.as_ref().map_or(f64::INFINITY, |delay| delay.value.as_secs_f64());
    let attempts = retrier.max_attempts.as_ref().map_or(3, |attempts| attempts.value);
    let mut total = 0.0;
    for attempt in 0..attempts.min(10_000) {
        total += (interval * rate.powf(f64::from(attempt))).min(longest);
    }
    Duration::try_from_secs_f64(total).unwrap_or(Duration::MAX)
}
