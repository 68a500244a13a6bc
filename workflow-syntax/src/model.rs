//! The state machines of a workflow: names resolved, fields sorted out by kind of state, spans kept.
//!
//! Both notations become this model; all phases after it are shared. How a source becomes it is in `resolve`, and
//! what is wrong with the whole is in `check`.

pub(crate) mod fields;
mod kinds;
mod resolve;

pub(crate) use fields::KINDS;

use syn::Type;

use crate::parse::{self, Call, ErrorName, Expression, Limit, Name, ValuePath};
use crate::span::Span;

/// A workflow: its machines, the outermost first.
pub struct Workflow<'a> {
    pub source: &'a parse::Workflow,
    pub machines: Vec<Machine<'a>>,
}

/// States that belong together: the workflow, a branch, or an item processor.
pub struct Machine<'a> {
    pub comment: Option<&'a str>,
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
    pub comment: Option<&'a str>,
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
    /// Whether the target is the state that a misspelt name most likely means.
    pub is_guessed: bool,
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
        /// What is sent back with the task token, where the state waits for that.
        awaited: Option<&'a Type>,
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
        distributed: Option<Distributed<'a>>,
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

/// What a Map state has whose items are executions of their own.
#[derive(Clone, Copy)]
pub struct Distributed<'a> {
    pub execution_type: &'a str,
    pub label: Option<&'a str>,
    pub tolerated_count: Option<&'a Expression>,
    pub tolerated_percentage: Option<&'a Expression>,
}

pub enum Wait<'a> {
    Seconds(&'a Limit),
    Timestamp(&'a Expression),
}

/// A rule of a Choice state, or its default.
pub struct Rule<'a> {
    pub comment: Option<&'a str>,
    pub condition: Option<&'a Expression>,
    pub next: Next,
    pub output: Option<&'a Expression>,
    pub assign: &'a [(Name, Expression)],
}

pub struct Catcher<'a> {
    pub comment: Option<&'a str>,
    pub span: Span,
    pub error_equals: Option<&'a [ErrorName]>,
    pub next: Next,
    pub result_path: Option<PathField<'a>>,
    pub output: Option<&'a Expression>,
    pub assign: &'a [(Name, Expression)],
}

impl Next {
    pub const fn to(target: Target, span: Span) -> Self {
        Self { target, span, is_guessed: false }
    }
}

impl Kind<'_> {
    /// Whether the state waits for its task token.
    pub const fn awaits(&self) -> bool {
        matches!(self, Self::Task { awaited: Some(_), .. })
    }

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

impl<'a> Workflow<'a> {
    pub fn each_state(&self) -> impl Iterator<Item = (&Machine<'a>, &State<'a>)> {
        self.machines
            .iter()
            .flat_map(|machine| machine.states.iter().map(move |state| (machine, state)))
    }
}
