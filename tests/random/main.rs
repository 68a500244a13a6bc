//! Random workflows end alike in the process, and durably on a store that crashes at random: with the same output, or the same error
//! and cause. Nothing whose outcome is durable runs again, and the histories are whole.
//!
//! The workflows are drawn from a seed that is fixed. `WORKFLOW_RANDOM="<seed> <workflows> <schedules>"` draws so many others, and
//! runs each with so many schedules of crashes. What fails is told with the seed of its own, which draws it alone.

#[path = "../cargo.rs"]
mod cargo;
mod generator;
mod model;
mod programs;
mod source;

use model::Workflow;
use serde_json::Value;

/// The seed, how many workflows are drawn, and how many schedules of crashes each runs with.
const DEFAULT: [u64; 3] = [1, 28, 12];

/// What is asked for, with what is not from the default.
fn asked() -> [u64; 3] {
    let mut asked = DEFAULT;
    let text = std::env::var("WORKFLOW_RANDOM").unwrap_or_default();
    for (number, word) in asked.iter_mut().zip(text.split_whitespace()) {
        *number = word.parse().unwrap_or_else(|_| panic!("WORKFLOW_RANDOM has no number: {word}"));
    }
    asked
}

/// A difference, with what runs it again and the workflow that it is of.
fn tell(found: &Value, workflows: &[Workflow]) -> String {
    let (seed, schedule) = (&found["seed"], &found["schedule"]);
    let drawn = workflows.iter().find(|workflow| *seed == workflow.seed);
    let source = drawn.map(source::write).unwrap_or_default();
    let difference = found["difference"].as_str().unwrap_or_default();
    format!("WORKFLOW_RANDOM=\"{seed} 1 {schedule}\", schedule {schedule}: {difference}\n{source}")
}

#[test]
fn random_workflows_end_alike_in_the_process_and_through_crashes() {
    let [seed, count, schedules] = asked();
    let workflows: Vec<Workflow> = (seed..seed + count).map(generator::draw).collect();
    let found = programs::run(&workflows, schedules);
    let told: Vec<String> = found.iter().map(|found| tell(found, &workflows)).collect();
    assert!(told.is_empty(), "{} of {count} workflows differ:\n{}", told.len(), told.join("\n"));
}
