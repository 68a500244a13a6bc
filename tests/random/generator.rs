//! Draws workflows: all kinds of state, inside of each other, from a seed.
//!
//! An execution must have one outcome, however its branches are interleaved. So of the branches of a state one at most may fail, and
//! what depends on what has run before stands only where nothing can cancel it.

use fastrand::Rng;

use crate::model::{
    Block, Catcher, Ending, Errors, Kind, Machine, Retrier, Step, Task, Traits, Workflow,
};

/// How many states a workflow has, about.
const STATES: usize = 20;
/// How deep machines stand in each other.
const DEPTH: u32 = 3;
/// How often a state may be entered, by all loops and items around it.
const ENTRIES: u32 = 18;

/// Draws the workflow of a seed.
pub(crate) fn draw(seed: u64) -> Workflow {
    let mut drawing = Drawing {
        rng: Rng::with_seed(seed),
        names: 0,
        left: STATES,
        inner_fails: None,
        traits: Traits::default(),
    };
    drawing.traits.takes_time = drawing.rng.bool();
    let inner = drawing.rng.bool().then(|| drawing.inner());
    drawing.left = STATES;
    let place = Place { may_fail: drawing.chance(60), ..Place::outermost() };
    let machine = drawing.machine(&place, 3..7);
    Workflow { seed, inner, machine, traits: drawing.traits }
}

/// Where something is drawn.
#[derive(Clone)]
struct Place {
    /// Whether an error may leave the machine.
    may_fail: bool,
    /// Whether all visits to a state here are one after the other, and the same in every run.
    is_certain: bool,
    /// Whether the other workflow may be called.
    may_call: bool,
    depth: u32,
    entries: u32,
    /// The variables that can be read, and those of them that can be assigned.
    readable: Vec<String>,
    own: Vec<String>,
}

impl Place {
    const fn outermost() -> Self {
        Self {
            may_fail: true,
            is_certain: true,
            may_call: true,
            depth: 0,
            entries: 1,
            readable: Vec::new(),
            own: Vec::new(),
        }
    }

    /// The place inside of a branch.
    fn branch(&self, may_fail: bool, is_certain: bool, items: u32) -> Self {
        Self {
            may_fail,
            is_certain: self.is_certain && is_certain,
            depth: self.depth + 1,
            entries: self.entries * items,
            own: Vec::new(),
            ..self.clone()
        }
    }
}

struct Drawing {
    rng: Rng,
    names: usize,
    /// How many more states there may be.
    left: usize,
    /// Whether the inner workflow may fail, once there is one.
    inner_fails: Option<bool>,
    traits: Traits,
}

impl Drawing {
    fn chance(&mut self, percent: u32) -> bool {
        self.rng.u32(0..100) < percent
    }

    fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.rng.usize(0..all.len())]
    }

    fn name(&mut self, kind: &str) -> String {
        self.names += 1;
        self.left = self.left.saturating_sub(1);
        format!("{kind}{}", self.names)
    }

    /// The workflow that the other one calls.
    fn inner(&mut self) -> Machine {
        self.left = STATES / 3;
        let may_fail = self.rng.bool();
        let place = Place {
            may_fail,
            is_certain: false,
            may_call: false,
            depth: 1,
            entries: 3,
            ..Place::outermost()
        };
        let machine = self.machine(&place, 1..4);
        self.inner_fails = Some(may_fail);
        machine
    }

    fn machine(&mut self, place: &Place, lengths: std::ops::Range<usize>) -> Machine {
        let mut place = place.clone();
        let steps = self.steps(&mut place, lengths);
        let is_simple = steps.last().is_some_and(|step| match &step.kind {
            Kind::Pass { .. } | Kind::Wait { .. } => true,
            Kind::Task(Task { errors, .. })
            | Kind::Parallel { errors, .. }
            | Kind::Map { errors, .. } => errors.catchers.is_empty(),
            Kind::Choice { .. } | Kind::Loop { .. } | Kind::Countdown { .. } => false,
        });
        let closing = (!is_simple || self.chance(30)).then(|| self.name("Done"));
        Machine { steps, closing }
    }

    fn steps(&mut self, place: &mut Place, lengths: std::ops::Range<usize>) -> Vec<Step> {
        let (least, length) = (lengths.start, self.rng.usize(lengths));
        let mut steps = Vec::new();
        while steps.len() < length && (steps.len() < least || self.left > 0) {
            steps.push(self.step(place));
        }
        steps
    }

    fn step(&mut self, place: &mut Place) -> Step {
        let may_nest = self.left > 3;
        let may_fork = may_nest && place.depth < DEPTH;
        let may_repeat = may_nest && place.entries * 3 <= ENTRIES;
        match self.rng.u32(0..100) {
            0..10 => self.pass(place),
            10..18 => Step { name: self.name("Wait"), kind: self.wait() },
            18..30 if may_nest => self.choice(place),
            30..40 if may_repeat => self.repeat(place),
            40..44 if may_repeat => Step {
                name: self.name("Count"),
                kind: Kind::Countdown { times: self.rng.u32(1..4) },
            },
            44..58 if may_fork => self.parallel(place),
            58..70 if may_fork && may_repeat => self.map(place),
            _ => self.task(place),
        }
    }

    fn wait(&mut self) -> Kind {
        Kind::Wait { seconds: self.pick(&[0, 1, 2, 5, 30, 600]) }
    }

    fn pass(&mut self, place: &mut Place) -> Step {
        let name = self.name("Keep");
        let mut assign = Vec::new();
        if self.chance(60) {
            let variable = match self.variable(&place.own) {
                Some(own) if self.chance(40) => own,
                _ => format!("kept_{name}"),
            };
            let value = self.pick(&["$.n", "{ \"n\": $.n, \"of\": $ }"]);
            if !place.own.contains(&variable) {
                place.own.push(variable.clone());
                place.readable.push(variable.clone());
            }
            assign.push((variable, format!("json({value})")));
        }
        // What a state assigns is read by the states after it.
        let known = place.readable.iter().filter(|name| assign.iter().all(|(own, _)| own != *name));
        let known: Vec<String> = known.cloned().collect();
        let output = match self.variable(&known) {
            Some(variable) if self.chance(70) => {
                format!("{{ \"n\": $.n, \"kept\": ${variable} }}")
            }
            _ => self.pick(&["$", "{ \"n\": $.n, \"of\": $ }", "{ \"n\": $.n + 1 }"]).to_owned(),
        };
        Step { name, kind: Kind::Pass { output, assign } }
    }

    fn variable(&mut self, names: &[String]) -> Option<String> {
        (!names.is_empty()).then(|| names[self.rng.usize(0..names.len())].clone())
    }

    fn choice(&mut self, place: &Place) -> Step {
        let (equal, more) = (self.rng.u32(0..5), self.rng.u32(5..9));
        let mut conditions = vec![format!("$.n == {equal}"), format!("$.n > {more}")];
        if self.chance(30) {
            conditions.insert(0, "is_present($.made)".to_owned());
        }
        if self.chance(50) {
            conditions.pop();
        }
        if let Some(variable) = self.variable(&place.readable)
            && self.chance(40)
        {
            conditions.push(format!("${variable} == $.n"));
        }
        let arms = conditions.into_iter().map(|condition| (condition, self.block(place))).collect();
        let mut inside = place.clone();
        let default = Block { steps: self.steps(&mut inside, 0..3), ending: Ending::Onward };
        Step { name: self.name("Which"), kind: Kind::Choice { arms, default } }
    }

    /// A block that may end the machine.
    fn block(&mut self, place: &Place) -> Block {
        let mut inside = place.clone();
        let steps = self.steps(&mut inside, 0..3);
        let ending = match self.rng.u32(0..10) {
            0 => Ending::Succeed(self.name("Enough")),
            1 if place.may_fail => Ending::Fail(self.name("Stop")),
            _ => Ending::Onward,
        };
        Block { steps, ending }
    }

    fn repeat(&mut self, place: &Place) -> Step {
        let times = self.rng.u32(1..4);
        let mut inside = Place { entries: place.entries * times, ..place.clone() };
        let mut body = self.steps(&mut inside, 1..4);
        // Its result is small: data do not grow from round to round.
        body.push(self.task_of(&inside, "step($)".to_owned()));
        Step { name: self.name("Loop"), kind: Kind::Loop { times, body } }
    }

    fn parallel(&mut self, place: &Place) -> Step {
        let errors = self.errors_of_branches(place);
        let count = self.rng.usize(1..4);
        let failing = self.failing(place, &errors, count);
        self.traits.cancels |= failing.is_some() && count > 1;
        let branches = (0..count)
            .map(|position| {
                let is_certain = failing.is_none_or(|failing| failing == position);
                let inside = place.branch(failing == Some(position), is_certain, 1);
                self.machine(&inside, 1..4)
            })
            .collect();
        Step { name: self.name("Fan"), kind: Kind::Parallel { branches, errors } }
    }

    /// Which one of several branches may fail.
    fn failing(&mut self, place: &Place, errors: &Errors, count: usize) -> Option<usize> {
        let may_fail = place.may_fail || takes_all(errors);
        (may_fail && self.chance(60)).then(|| self.rng.usize(0..count))
    }

    fn map(&mut self, place: &Place) -> Step {
        let errors = self.errors_of_branches(place);
        let (items, most) = match self.rng.u32(0..3) {
            0 => ("[3]".to_owned(), 1),
            1 => ("[3, 1, 7]".to_owned(), 3),
            _ => ("array_range(0, $.n, 4)".to_owned(), 3),
        };
        let most_at_once = self.pick(&[None, Some(1), Some(2)]);
        let failing = self.failing(place, &errors, 3);
        let is_single = most_at_once == Some(1) || most == 1;
        self.traits.cancels |= failing.is_some() && !is_single;
        let processor = match failing {
            Some(index) if !is_single => self.processor_that_fails_at(place, index, most),
            _ => {
                let inside = place.branch(failing.is_some(), is_single, most);
                self.machine(&inside, 1..4)
            }
        };
        let kind = Kind::Map { items, most_at_once, processor, errors };
        Step { name: self.name("Each"), kind }
    }

    /// The processor of items that run at once, of which one may fail.
    fn processor_that_fails_at(&mut self, place: &Place, index: usize, items: u32) -> Machine {
        let mut failing = place.branch(true, false, items);
        let mut others = place.branch(false, false, items);
        let mut steps = self.steps(&mut failing, 0..3);
        steps.push(self.task_of(&failing, "refuse($)".to_owned()));
        let arm = Block { steps, ending: Ending::Onward };
        let default = Block { steps: self.steps(&mut others, 1..4), ending: Ending::Onward };
        let kind = Kind::Choice { arms: vec![(format!("$.index == {index}"), arm)], default };
        let step = Step { name: self.name("Item"), kind };
        Machine { steps: vec![step], closing: Some(self.name("Done")) }
    }

    fn task(&mut self, place: &Place) -> Step {
        let mut calls = vec!["step($)", "step($)", "stubborn($)", "stubborn($)", "refuse($)"];
        calls.push("Limited($)");
        if self.traits.takes_time {
            calls.extend(["slow($)", "late($)", "Endless($)"]);
        }
        if place.is_certain {
            calls.extend(["tired($)", "tired($)"]);
        }
        if place.may_call && self.inner_fails.is_some() && place.entries * 3 <= ENTRIES {
            calls.extend(["Inner($)", "Inner($)", "Inner($)"]);
        }
        let call = self.pick(&calls).to_owned();
        match self.variable(&place.readable) {
            Some(variable) if call == "step($)" => {
                self.task_of(place, format!("blend($, ${variable})"))
            }
            _ => self.task_of(place, call),
        }
    }

    fn task_of(&mut self, place: &Place, call: String) -> Step {
        let function = call.split('(').next().unwrap_or_default();
        let is_workflow = function.starts_with(char::is_uppercase);
        let can_fail = match function {
            "step" | "blend" | "slow" => false,
            "Inner" => self.inner_fails == Some(true),
            _ => true,
        };
        let never_succeeds = matches!(function, "late" | "Endless" | "Limited");
        let timeout = matches!(function, "late" | "Endless").then(|| self.rng.u32(2..9));
        let mut errors = Errors::default();
        if can_fail {
            let names: &[_] = match is_workflow {
                true => &["States.Timeout", "States.TaskFailed"],
                false => &["Task.Busy", "Task.Broken", "States.TaskFailed"],
            };
            errors = self.errors(place, names, if never_succeeds { 85 } else { 55 });
        }
        let result = self.result(place, !errors.catchers.is_empty());
        Step { name: self.name("Do"), kind: Kind::Task(Task { call, timeout, result, errors }) }
    }

    /// What becomes of the result of a task.
    fn result(&mut self, place: &Place, is_caught: bool) -> String {
        let result = self.pick(&[
            "",
            "",
            "result_path: $.made, ",
            "result_path: null, ",
            "output: { \"n\": $.n, \"before\": $states.input.n }, ",
        ]);
        match self.variable(&place.own) {
            Some(own) if !is_caught && self.chance(30) => {
                format!("assign: {{ {own}: json($.n) }}, {result}")
            }
            _ => result.to_owned(),
        }
    }

    fn errors_of_branches(&mut self, place: &Place) -> Errors {
        match self.chance(70) {
            true => self.errors(place, &["States.TaskFailed"], 60),
            false => Errors::default(),
        }
    }

    /// Retriers and catchers: one of them takes all in so many percent, and always where no error may leave.
    fn errors(&mut self, place: &Place, names: &[&'static str], takes_all: u32) -> Errors {
        let mut errors = Errors::default();
        let may_retry = place.entries * 3 <= ENTRIES;
        for name in names.iter().chain(&["States.ALL"]) {
            if may_retry && self.chance(35) {
                errors.retriers.push(self.retrier(name));
            }
        }
        for name in names {
            if self.left > 2 && self.chance(25) {
                errors.catchers.push(self.catcher(place, name));
            }
        }
        if !place.may_fail || self.chance(takes_all) {
            errors.catchers.push(self.catcher(place, "States.ALL"));
        }
        errors
    }

    fn retrier(&mut self, error: &'static str) -> Retrier {
        Retrier {
            error,
            interval: self.rng.u32(1..20),
            most: self.rng.u32(0..3),
            rate: self.rng.u32(1..4),
        }
    }

    fn catcher(&mut self, place: &Place, error: &'static str) -> Catcher {
        let result = self.pick(&[
            "result_path: $.caught",
            "result_path: null",
            "output: { \"n\": $states.input.n, \"error\": $.Error, \"cause\": $.Cause }",
        ]);
        let result = match self.variable(&place.own) {
            Some(own) if self.chance(40) => format!("assign: {{ {own}: json($.Cause) }}, {result}"),
            _ => result.to_owned(),
        };
        let then = match self.chance(50) {
            true => self.block(place),
            false => Block::default(),
        };
        Catcher { error, result, then }
    }
}

fn takes_all(errors: &Errors) -> bool {
    errors.catchers.last().is_some_and(|catcher| catcher.error == "States.ALL")
}
