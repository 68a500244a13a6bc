//! A workflow as it is drawn: a tree of steps, which ends by its form. How one is drawn is in `generator`, how it is written in
//! `source`.
//!
//! What goes from state to state is an object with a number `n`, whatever else it has: so no path of a workflow ever fails.

/// A workflow, and one that it may call.
pub(crate) struct Workflow {
    /// What it was drawn from.
    pub(crate) seed: u64,
    pub(crate) inner: Option<Machine>,
    pub(crate) machine: Machine,
    pub(crate) traits: Traits,
}

/// What tells how far two runs of a workflow can be compared.
#[derive(Default)]
pub(crate) struct Traits {
    /// A branch that fails may cancel others, which have come as far as they have come.
    pub(crate) cancels: bool,
    /// Tasks may take time, and take it again where they are interrupted.
    pub(crate) takes_time: bool,
}

/// The states of a workflow, a branch or an item processor.
pub(crate) struct Machine {
    pub(crate) steps: Vec<Step>,
    /// The Succeed state that it ends in, unless it ends with its last step.
    pub(crate) closing: Option<String>,
}

/// States that are left to one side: a rule's or a catcher's.
#[derive(Default)]
pub(crate) struct Block {
    pub(crate) steps: Vec<Step>,
    pub(crate) ending: Ending,
}

/// What comes after the states of a block.
#[derive(Default)]
pub(crate) enum Ending {
    /// What comes after the step that it is a part of.
    #[default]
    Onward,
    /// A Succeed state of this name.
    Succeed(String),
    /// A Fail state of this name.
    Fail(String),
}

/// A state, with those that are reached through it alone.
pub(crate) struct Step {
    /// The name of its first state, and a part of the names of others.
    pub(crate) name: String,
    pub(crate) kind: Kind,
}

pub(crate) enum Kind {
    Task(Task),
    Pass { output: String, assign: Vec<(String, String)> },
    Wait { seconds: u32 },
    Choice { arms: Vec<(String, Block)>, default: Block },
    Loop { times: u32, body: Vec<Step> },
    Countdown { times: u32 },
    Parallel { branches: Vec<Machine>, errors: Errors },
    Map { items: String, most_at_once: Option<u32>, processor: Machine, errors: Errors },
}

/// A Task state.
pub(crate) struct Task {
    pub(crate) call: String,
    pub(crate) timeout: Option<u32>,
    /// The fields that say what becomes of the result.
    pub(crate) result: String,
    pub(crate) errors: Errors,
}

/// What becomes of the errors of a state.
#[derive(Default)]
pub(crate) struct Errors {
    pub(crate) retriers: Vec<Retrier>,
    pub(crate) catchers: Vec<Catcher>,
}

pub(crate) struct Retrier {
    pub(crate) error: &'static str,
    pub(crate) interval: u32,
    pub(crate) most: u32,
    pub(crate) rate: u32,
}

pub(crate) struct Catcher {
    pub(crate) error: &'static str,
    /// The field that says what becomes of the error.
    pub(crate) result: String,
    pub(crate) then: Block,
}
