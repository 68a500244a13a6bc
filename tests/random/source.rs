//! Writes a workflow in the native notation, as a module of a program.

use std::fmt::Write as _;

use crate::model::{Block, Catcher, Ending, Errors, Kind, Machine, Retrier, Step, Task, Workflow};

/// The source of a module with the workflow `Flow`.
pub(crate) fn write(workflow: &Workflow) -> String {
    let inner = workflow.inner.as_ref().map(|machine| declaration("Inner", machine));
    format!(
        "//! Drawn from {}.\n\nuse crate::tasks::*;\nuse workflow_core::{{Json, workflow}};\n\n{}{}",
        workflow.seed,
        inner.unwrap_or_default(),
        declaration("Flow", &workflow.machine)
    )
}

fn declaration(name: &str, machine: &Machine) -> String {
    format!(
        "workflow! {{\n    pub {name}(&World, Json) -> Json;\n\n{}}}\n\n",
        States::of(machine, 1).text
    )
}

/// Where a state goes.
#[derive(Clone, Copy)]
enum Next<'m> {
    State(&'m str),
    End,
}

impl Next<'_> {
    fn field(self) -> String {
        match self {
            Self::State(name) => format!("next: {name}"),
            Self::End => "end".to_owned(),
        }
    }

    /// The name of the state that it goes to: a machine that ends where only a name can stand has a state to close it.
    fn target(self) -> String {
        match self {
            Self::State(name) => name.to_owned(),
            Self::End => {
                unreachable!("a machine is closed by a state where a rule or a catcher ends")
            }
        }
    }
}

/// The states of a machine, written so far.
struct States {
    text: String,
    depth: usize,
}

impl States {
    fn of(machine: &Machine, depth: usize) -> Self {
        let mut states = Self { text: String::new(), depth };
        let closing = machine.closing.as_deref();
        states.steps(&machine.steps, closing.map_or(Next::End, Next::State));
        if let Some(name) = closing {
            states.state(name, "Succeed {}");
        }
        states
    }

    fn state(&mut self, name: &str, text: &str) {
        let indent = "    ".repeat(self.depth);
        let _ = writeln!(self.text, "{indent}{name}: {text}");
    }

    fn steps(&mut self, steps: &[Step], next: Next<'_>) {
        for (position, step) in steps.iter().enumerate() {
            let following = steps.get(position + 1);
            self.step(step, following.map_or(next, |step| Next::State(&step.name)));
        }
    }

    fn step(&mut self, step: &Step, next: Next<'_>) {
        let name = step.name.as_str();
        match &step.kind {
            Kind::Task(task) => self.task(name, task, next),
            Kind::Pass { output, assign } => {
                let assign: Vec<String> =
                    assign.iter().map(|(name, value)| format!("{name}: {value}")).collect();
                let assign = match assign.is_empty() {
                    true => String::new(),
                    false => format!("assign: {{ {} }}, ", assign.join(", ")),
                };
                let text = format!("Pass {{ {assign}output: {output}, {} }}", next.field());
                self.state(name, &text);
            }
            Kind::Wait { seconds } => {
                self.state(name, &format!("Wait {{ seconds: {seconds}, {} }}", next.field()));
            }
            Kind::Choice { arms, default } => self.choice(name, arms, default, next),
            Kind::Loop { times, body } => self.repeat(name, *times, body, next),
            Kind::Countdown { times } => self.countdown(name, *times, next),
            Kind::Parallel { branches, errors } => self.parallel(name, branches, errors, next),
            Kind::Map { items, most_at_once, processor, errors } => {
                let most = most_at_once.map(|most| format!("max_concurrency: {most}, "));
                let fields = format!(
                    "items: {items}, item_selector: {{ \"n\": $$.Map.Item.Value, \"index\": $$.Map.Item.Index, \"of\": $.n }}, {}item_processor: {}",
                    most.unwrap_or_default(),
                    self.nested(processor)
                );
                self.joining(name, "Map", &fields, errors, next);
            }
        }
    }

    fn task(&mut self, name: &str, task: &Task, next: Next<'_>) {
        let timeout = task.timeout.map(|seconds| format!("timeout: {seconds}s, "));
        let text = format!(
            "Task {{ call: {}, {}{}{}{} }}",
            task.call,
            timeout.unwrap_or_default(),
            errors(&task.errors, next),
            task.result,
            next.field()
        );
        self.state(name, &text);
        self.handlers(&task.errors, next);
    }

    fn choice(&mut self, name: &str, arms: &[(String, Block)], default: &Block, next: Next<'_>) {
        let rules: String = arms
            .iter()
            .map(|(condition, block)| format!("{condition} => {}, ", first(block, next)))
            .collect();
        self.state(name, &format!("Choice {{ {rules}_ => {} }}", first(default, next)));
        for block in arms.iter().map(|(_, block)| block).chain([default]) {
            self.block(block, next);
        }
    }

    /// A loop that counts in a variable.
    fn repeat(&mut self, name: &str, times: u32, body: &[Step], next: Next<'_>) {
        let (head, count) = (format!("{name}Ask"), format!("count_{name}"));
        self.state(name, &format!("Pass {{ assign: {{ {count}: 0 }}, next: {head} }}"));
        let first = &body[0].name;
        let rule = format!(
            "${count} < {times} => {{ next: {first}, assign: {{ {count}: ${count} + 1 }} }}"
        );
        self.state(&head, &format!("Choice {{ {rule}, _ => {} }}", next.target()));
        self.steps(body, Next::State(&head));
    }

    /// A loop that counts in its data.
    fn countdown(&mut self, name: &str, times: u32, next: Next<'_>) {
        let (head, body) = (format!("{name}Ask"), format!("{name}Less"));
        let left = format!("{{ \"n\": $.n, \"left\": {times} }}");
        self.state(name, &format!("Pass {{ output: {left}, next: {head} }}"));
        let target = next.target();
        self.state(&head, &format!("Choice {{ $.left > 0 => {body}, _ => {target} }}"));
        let less = "{ \"n\": $.n, \"left\": $states.input.left - 1 }";
        self.state(&body, &format!("Task {{ call: step($), output: {less}, next: {head} }}"));
    }

    fn parallel(&mut self, name: &str, branches: &[Machine], errors: &Errors, next: Next<'_>) {
        let branches: Vec<String> = branches.iter().map(|branch| self.nested(branch)).collect();
        let fields = format!("branches: [{}]", branches.join(", "));
        self.joining(name, "Parallel", &fields, errors, next);
    }

    /// A state that makes one thing of the results of several machines.
    fn joining(&mut self, name: &str, kind: &str, fields: &str, failing: &Errors, next: Next<'_>) {
        let result = "output: { \"n\": $states.input.n, \"all\": $ }";
        let errors = errors(failing, next);
        self.state(name, &format!("{kind} {{ {fields}, {errors}{result}, {} }}", next.field()));
        self.handlers(failing, next);
    }

    /// A machine inside of a state.
    fn nested(&self, machine: &Machine) -> String {
        let states = Self::of(machine, self.depth + 1).text;
        format!("{{\n{states}{}}}", "    ".repeat(self.depth))
    }

    fn handlers(&mut self, errors: &Errors, next: Next<'_>) {
        for catcher in &errors.catchers {
            self.block(&catcher.then, next);
        }
    }

    fn block(&mut self, block: &Block, next: Next<'_>) {
        match &block.ending {
            Ending::Onward => self.steps(&block.steps, next),
            Ending::Succeed(name) => {
                self.steps(&block.steps, Next::State(name));
                self.state(name, "Succeed {}");
            }
            Ending::Fail(name) => {
                self.steps(&block.steps, Next::State(name));
                let cause = format!("format(\"{name} at {{}}\", $.n)");
                self.state(name, &format!("Fail {{ error: \"Given.Up\", cause: {cause} }}"));
            }
        }
    }
}

/// The state that a block begins with.
fn first(block: &Block, next: Next<'_>) -> String {
    match (block.steps.first(), &block.ending) {
        (Some(step), _) => step.name.clone(),
        (None, Ending::Succeed(name) | Ending::Fail(name)) => name.clone(),
        (None, Ending::Onward) => next.target(),
    }
}

/// The fields for the errors of a state.
fn errors(errors: &Errors, next: Next<'_>) -> String {
    let retriers: Vec<String> = errors.retriers.iter().map(retrier).collect();
    let catchers: Vec<String> =
        errors.catchers.iter().map(|catcher| written_catcher(catcher, next)).collect();
    let field = |name: &str, all: Vec<String>| match all.is_empty() {
        true => String::new(),
        false => format!("{name}: [{}], ", all.join(", ")),
    };
    field("retry", retriers) + &field("catch", catchers)
}

fn retrier(Retrier { error, interval, most, rate }: &Retrier) -> String {
    format!(
        "{{ error_equals: [{error:?}], interval: {interval}s, max_attempts: {most}, backoff_rate: {rate}.0 }}"
    )
}

fn written_catcher(Catcher { error, result, then }: &Catcher, next: Next<'_>) -> String {
    format!("{{ error_equals: [{error:?}], {result}, next: {} }}", first(then, next))
}
