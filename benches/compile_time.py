#!/usr/bin/env python3
"""Compile time: a workflow of many states beside the same steps written by hand.

For each number of states this writes programs with the same data and the same async functions:

* `workflow`: the types derive `Data`, the functions are tasks, and one `workflow!` has a state for each number.
* `steps`: the same types and tasks, and their steps by hand: an enum of states with their inputs, and one `match` in a loop: the
  same retries, choices, catches, branches. A checkpoint has to be saved, so the enum and the variables derive serde's traits.
  The goal is against this one: it tells what `workflow!` costs.
* `by_hand`: the same steps, and nothing of this crate: no `Data`, no `#[task]`. It tells what the crate costs in all.

`--by-hand` chooses among the last two. By hand a release build of 300 states takes about four minutes, the workflow one: give it
`--rounds 1`.

All programs run, and have to print the same, before anything is measured. Measured is the program's own crate alone, its
dependencies being built: `cargo check` and `cargo build --release`, all kinds in turn, without incremental compilation.

The tenth part of a workflow, which repeats with types and tasks of its own:

    0, 1, 3   Task, retried; 1 assigns a variable
    2         Task, retried, whose error is caught by 4 with a template
    4         Choice of two rules and a default: 5, 6, 7
    5, 6, 7   Task, retried, which hand the same type to 8: by a struct literal, a template, as it is
    8         Task, retried
    9         Pass with a struct literal that reads the variable

Every fifth part has in place of its first five states a Parallel of three branches with four tasks, and goes on at 5.
"""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMITS = {"check": 1.3, "release": 1.5}
COMMANDS = {
    "check": ["cargo", "check", "--offline", "--quiet"],
    "release": ["cargo", "build", "--release", "--offline", "--quiet"],
}
GOAL = "steps"
BY_HAND = [GOAL, "by_hand"]


def main():
    arguments = parse_arguments()
    if arguments.keep:
        folder = arguments.keep.resolve()
        folder.mkdir(parents=True, exist_ok=True)
        measure_all(folder, arguments)
    else:
        with tempfile.TemporaryDirectory(prefix="compile_time_") as folder:
            measure_all(Path(folder), arguments)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="measurements of each kind, after one that does not count")
    parser.add_argument("--states", type=numbers, default=[100, 300], help="how many states, in tens: 100,300")
    parser.add_argument("--by-hand", type=names, default=BY_HAND, help=f"what to measure beside: {','.join(BY_HAND)}")
    parser.add_argument("--commands", type=names, default=list(COMMANDS), help="check,release")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="write the programs there and leave them there")
    parser.add_argument("--root", type=Path, default=ROOT, help="the workspace whose workflow-core is measured")
    return parser.parse_args()


def names(text):
    return text.split(",")


def numbers(text):
    return [max(10, int(number) // 10 * 10) for number in names(text)]


# What is measured


def measure_all(folder, arguments):
    kinds = ["workflow", *arguments.by_hand]
    write_workspace(folder, arguments.root.resolve(), arguments.states, kinds)
    print(f"rustc: {output_of(['rustc', '--version'], folder).strip()}; workspace: {arguments.root.resolve()}")
    for states in arguments.states:
        every_kind_prints_the_same(folder, states, kinds)
    table = {}
    for command in arguments.commands:
        for states in arguments.states:
            table[command, states] = measure(folder, command, states, kinds, arguments.rounds)
    report(table, arguments, kinds)


def every_kind_prints_the_same(folder, states, kinds):
    printed = {
        kind: output_of(["cargo", "run", "--offline", "--quiet", "-p", package(kind, states)], folder) for kind in kinds
    }
    different = [kind for kind in kinds if printed[kind] != printed["workflow"]]
    for kind in different:
        print(f"{package(kind, states)} prints\n{printed[kind]}and not\n{printed['workflow']}", file=sys.stderr)
    print(f"{states} states: {', '.join(kinds)} print {'different results' if different else 'the same'}")


def measure(folder, command, states, kinds, rounds):
    """Returns the wall and processor times of each kind, measured in turn; the first round does not count."""
    times = {kind: [] for kind in kinds}
    for measured in range(rounds + 1):
        for kind in kinds if measured % 2 else reversed(kinds):
            once = build(folder, command, package(kind, states))
            if measured:
                times[kind].append(once)
    return times


def build(folder, command, name):
    for source in (folder / name / "src").iterdir():
        source.touch()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    run([*COMMANDS[command], "-p", name], folder)
    wall = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)


def run(command, folder, **options):
    environment = os.environ | {"CARGO_INCREMENTAL": "0", "CARGO_TARGET_DIR": str(folder / "target")}
    return subprocess.run(command, cwd=folder, env=environment, check=True, text=True, **options)


def output_of(command, folder):
    return run(command, folder, stdout=subprocess.PIPE).stdout


# What is printed


def report(table, arguments, kinds):
    print(f"\nSeconds, median (least) of {arguments.rounds} rounds. The ratios are those of the workflow to what is by hand, of the")
    print("medians: of the time that passes, and of the processor's.\n")
    row("command", "states", "workflow", "by hand", "seconds", "ratio", "cpu", "limit")
    row(*["---"] * 8)
    for (command, states), times in table.items():
        for kind in kinds[1:]:
            ratio, cpu = (median(times["workflow"], which) / median(times[kind], which) for which in (0, 1))
            limit = f"{LIMITS[command]}" if kind == GOAL else ""
            row(command, states, seconds(times["workflow"]), kind, seconds(times[kind]), f"{ratio:.2f}", f"{cpu:.2f}", limit)
    if len(arguments.states) > 1:
        growth(table, arguments, kinds)


def growth(table, arguments, kinds):
    few, many = min(arguments.states), max(arguments.states)
    print(f"\nGrowth from {few} to {many} states; {many / few:.2f} is linear.\n")
    row("command", *kinds)
    row(*["---"] * (1 + len(kinds)))
    for command in arguments.commands:
        row(command, *(f"{median(table[command, many][kind]) / median(table[command, few][kind]):.2f}" for kind in kinds))


def median(times, which=0):
    return statistics.median(once[which] for once in times)


def seconds(times):
    return f"{median(times):.2f} ({min(once[0] for once in times):.2f})"


def row(*cells):
    print("| " + " | ".join(f"{cell:<13}" for cell in cells) + " |")


# The programs


def package(kind, states):
    return f"{kind}_{states}"


def write_workspace(folder, root, states, kinds):
    packages = [package(kind, number) for number in states for kind in kinds]
    members = ", ".join(f'"{name}"' for name in packages)
    (folder / "Cargo.toml").write_text(f'[workspace]\nresolver = "3"\nmembers = [{members}]\n')
    shutil.copy(root / "Cargo.lock", folder)
    shutil.copy(root / "rust-toolchain.toml", folder)
    for number in states:
        for kind in kinds:
            write_package(folder / package(kind, number), root, kind, number)


def write_package(folder, root, kind, states):
    (folder / "src").mkdir(parents=True, exist_ok=True)
    with_crate = kind in ("workflow", "steps")
    written = {
        "main.rs": main_file(kind),
        "data.rs": data_file(states, with_crate),
        "tasks.rs": tasks_file(states, with_crate),
        "steps.rs": workflow_file(states) if kind == "workflow" else by_hand_file(states),
    }
    (folder / "Cargo.toml").write_text(manifest(folder.name, root, kind))
    for name, text in written.items():
        (folder / "src" / name).write_text(text)


def manifest(name, root, kind):
    crate = f'workflow-core = {{ path = "{root / "workflow-core"}" }}\n'
    futures = 'futures-util = { version = "0.3", default-features = false, features = ["std", "async-await-macro"] }\n'
    own = {"workflow": crate, "steps": crate + futures}.get(kind, futures)
    return f"""[package]
name = "{name}"
version = "0.1.0"
edition = "2024"
publish = false

[dependencies]
{own}serde = {{ version = "1", features = ["derive"] }}
serde_json = {{ version = "1", features = ["preserve_order"] }}
tokio = {{ version = "1.54", default-features = false, features = ["macros", "rt", "time"] }}
"""


def main_file(kind):
    runs = "steps::Generated::run" if kind == "workflow" else "steps::run"
    return f"""mod data;
mod steps;
mod tasks;

use data::Data0;
use tasks::World;

#[tokio::main(flavor = "current_thread")]
async fn main() {{
    let world = World::default();
    for count in [0, 1, 2, 40, 99, 1000] {{
        for order_id in ["plain", "late"] {{
            let input = Data0 {{ order_id: order_id.to_owned(), count }};
            match {runs}(&world, input).await {{
                Ok(output) => println!("{{}}", serde_json::to_string(&output).expect("data are JSON")),
                Err(error) => println!("failed: {{}}", !error.to_string().is_empty()),
            }}
        }}
    }}
}}
"""


# The data: of every three types one has two fields, one an optional third, one a third


def third_field(number):
    return [None, ("note", "Option<String>"), ("is_express", "bool")][number % 3]


def data_file(states, with_crate):
    use = "use serde::{Deserialize, Serialize};\n" + ("use workflow_core::Data;\n" if with_crate else "")
    derives = "Debug, Clone, PartialEq, Serialize, Deserialize" + (", Data" if with_crate else "")
    types = []
    for number in used_data(states):
        third = third_field(number)
        types.append(
            f'\n#[derive({derives})]\n#[serde(rename_all = "camelCase")]\npub struct Data{number} {{\n'
            "    pub order_id: String,\n    pub count: u64,\n" + (f"    pub {third[0]}: {third[1]},\n" if third else "") + "}\n"
        )
    return use + "".join(types)


def literal(number, order_id, count, note, express):
    """A struct literal; the fields that are not given do not stand in it."""
    values = {"note": note, "is_express": express}
    third = third_field(number)
    fields = [f"order_id: {order_id}", f"count: {count}"]
    if third and values[third[0]]:
        fields.append(f"{third[0]}: {values[third[0]]}")
    return f"Data{number} {{ {', '.join(fields)} }}"


# The tasks: each asks the world and makes the next data


WORLD = """
/// What the tasks ask.
#[derive(Debug, Default)]
pub struct World {
    asked: AtomicU64,
}

impl World {
    pub async fn ask(&self, count: u64) -> Result<u64, StepError> {
        if self.asked.fetch_add(1, Ordering::Relaxed) == 1_000_000 {
            return Err(StepError::Busy);
        }
        tokio::task::yield_now().await;
        Ok(count + 1)
    }
}
"""

ERROR = """
impl std::fmt::Display for StepError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Busy => "try again",
            Self::Rejected => "no",
        })
    }
}
"""


def tasks_file(states, with_crate):
    use = "use std::sync::atomic::{AtomicU64, Ordering};\n\n"
    use += "use workflow_core::{TaskError, task};\n\n" if with_crate else ""
    use += "use crate::data::*;\n"
    derives = "Debug, Clone, Copy, PartialEq, Eq" + (", TaskError" if with_crate else "")
    error = f"\n#[derive({derives})]\npub enum StepError {{\n    Busy,\n    Rejected,\n}}\n{ERROR}"
    tasks = "".join(task(state, with_crate) for state in range(states) if has_task(state))
    return use + WORLD + error + tasks


def task(state, with_crate):
    output = literal(state + 1, "input.order_id", "count", "None", "count > 50")
    rejects = kind_of(state) == "caught"
    return (
        ("\n#[task]\n" if with_crate else "\n")
        + f"pub async fn step_{state}(world: &World, input: Data{input_of(state)}) "
        + f"-> Result<Data{state + 1}, StepError> {{\n"
        + ("    if input.count % 3 == 2 {\n        return Err(StepError::Rejected);\n    }\n" if rejects else "")
        + f"    let count = world.ask(input.count).await?;\n    Ok({output})\n}}\n"
    )


# The plan that both programs follow


def kind_of(state):
    part, place = state // 10, state % 10
    if part % 5 == 4 and place < 5:
        return "parallel" if place == 0 else "branch"
    return {2: "caught", 4: "choice", 9: "pass"}.get(place, "task")


def has_task(state):
    return kind_of(state) in ("task", "caught", "branch")


def input_of(state):
    """Which data a state receives; its task makes those of the next number."""
    if kind_of(state) == "branch":
        return state if state % 10 == 2 else state // 10 * 10
    if rejoins(state):
        return state // 10 * 10 + 4
    return state


def used_data(states):
    """The numbers of the data: where states share their input, there are a few less than states."""
    return sorted({input_of(state) for state in range(states)} | {state + 1 for state in range(states) if kind_of(state) not in ("choice", "parallel")})


def rejoins(state):
    """Whether a state is one that a Choice jumps to."""
    return state % 10 in (5, 6, 7) and kind_of(state // 10 * 10) != "parallel"


def variable(state):
    return f"last_{state // 50}"


# The workflow


RETRY = """    retry BUSY = {
        error_equals: [StepError::Busy],
        interval: 1s,
        max_attempts: 3,
        backoff_rate: 2.0,
    };
"""


def workflow_file(states):
    head = "use workflow_core::workflow;\n\nuse crate::data::*;\nuse crate::tasks::*;\n\nworkflow! {\n"
    head += f"    pub Generated(&World, Data0) -> Data{states};\n\n{RETRY}"
    return head + "".join(workflow_state(state, states) for state in range(states)) + "}\n"


def workflow_state(state, states):
    name, begin = f"State{state}", f"call: step_{state}($), retry: BUSY, "
    following = "end" if state + 1 == states else f"next: State{state + 1}"
    match kind_of(state):
        case "branch":
            return ""
        case "parallel":
            return workflow_parallel(state)
        case "choice":
            return f"""
    {name}: Choice {{
        $.count > 60 => State{state + 1},
        $.orderId == "late" => State{state + 2},
        _ => State{state + 3},
    }}
"""
        case "pass":
            output = literal(state + 1, "$.orderId", f"${variable(state)}", None, "false")
            return f"\n    {name}: Pass {{ output: {output}, {following} }}\n"
        case "caught":
            template = template_of(state + 2, "$.Cause", "0", "true")
            return f"""
    {name}: Task {{
        call: step_{state}($),
        retry: BUSY,
        catch: {{ error_equals: [StepError::Rejected], output: {template}, next: State{state + 2} }},
        {following},
    }}
"""
    if rejoins(state):
        rejoined = state // 10 * 10 + 8
        following = f"next: State{rejoined}"
        if state % 10 == 5:
            begin += f"output: {literal(rejoined, '$.orderId', '$.count', None, 'true')}, "
        if state % 10 == 6:
            begin += f"output: {template_of(rejoined, '$.orderId', '$.count', 'false')}, "
    if state % 10 == 1:
        begin += f"assign: {{ {variable(state)}: $.count }}, "
    return f"\n    {name}: Task {{ {begin}{following} }}\n"


def template_of(number, order_id, count, express):
    third = third_field(number)
    express = f', "isExpress": {express}' if third and third[0] == "is_express" else ""
    return f'{{ "orderId": {order_id}, "count": {count}{express} }}'


def workflow_parallel(state):
    one, two, three, four = range(state + 1, state + 5)
    output = literal(state + 5, "$[0].orderId", "$[1].count", None, "true")
    return f"""
    State{state}: Parallel {{
        branches: [
            {{
                State{one}: Task {{ call: step_{one}($), retry: BUSY, next: State{two} }}
                State{two}: Task {{ call: step_{two}($), retry: BUSY, end }}
            }},
            {{ State{three}: Task {{ call: step_{three}($), retry: BUSY, end }} }},
            {{ State{four}: Task {{ call: step_{four}($), retry: BUSY, end }} }},
        ],
        output: {output},
        next: State{state + 5},
    }}
"""


# By hand


RETRIES = """
/// Tries again after one second, three times, each time waiting twice as long.
async fn retry<T, F: Future<Output = Result<T, StepError>>>(mut attempt: impl FnMut() -> F) -> Result<T, StepError> {
    let mut delay = Duration::from_secs(1);
    for _ in 0..3 {
        match attempt().await {
            Err(StepError::Busy) => tokio::time::sleep(delay).await,
            result => return result,
        }
        delay *= 2;
    }
    attempt().await
}
"""


def by_hand_file(states):
    main_states = [state for state in range(states) if kind_of(state) != "branch"]
    variables = sorted({state // 50 for state in main_states})
    fields = "".join(f"    pub last_{number}: u64,\n" for number in variables)
    variants = "".join(f"    State{state}(Data{input_of(state)}),\n" for state in main_states)
    text = "use std::time::Duration;\n\nuse futures_util::try_join;\n"
    text += "use serde::{Deserialize, Serialize};\n\nuse crate::data::*;\nuse crate::tasks::*;\n"
    text += f"\n#[derive(Debug, Serialize, Deserialize)]\npub enum State {{\n{variants}}}\n"
    text += f"\n#[derive(Debug, Clone, Default, Serialize, Deserialize)]\npub struct Variables {{\n{fields}}}\n"
    text += f"\n/// Runs all steps.\npub async fn run(world: &World, input: Data0) -> Result<Data{states}, StepError> {{\n"
    text += "    let mut variables = Variables::default();\n    let mut state = State::State0(input);\n"
    arms = "".join(f"            State::State{state}(input) => {by_hand_step(state, states)}\n" for state in main_states)
    return text + f"    loop {{\n        state = match state {{\n{arms}        }};\n    }}\n}}\n{RETRIES}"


def by_hand_step(state, states):
    call = f"retry(|| step_{state}(world, input.clone())).await"
    following = state + 1
    match kind_of(state):
        case "parallel":
            return by_hand_parallel(state)
        case "choice":
            return f"""if input.count > 60 {{
                State::State{state + 1}(input)
            }} else if input.order_id == "late" {{
                State::State{state + 2}(input)
            }} else {{
                State::State{state + 3}(input)
            }},"""
        case "pass":
            output = literal(state + 1, "input.order_id", f"variables.{variable(state)}", "None", "false")
            return f"return Ok({output})," if following == states else f"State::State{following}({output}),"
        case "caught":
            caught = literal(state + 2, "error.to_string()", "0", "None", "true")
            return f"""match {call} {{
                Ok(output) => State::State{following}(output),
                Err(error @ StepError::Rejected) => State::State{state + 2}({caught}),
                Err(error) => return Err(error),
            }},"""
    output = "output"
    before = ""
    if rejoins(state):
        following = state // 10 * 10 + 8
        if state % 10 < 7:
            output = literal(following, "output.order_id", "output.count", "None", "true" if state % 10 == 5 else "false")
    if state % 10 == 1:
        before = f"\n                variables.{variable(state)} = output.count;"
    return f"""{{
                let output = {call}?;{before}
                State::State{following}({output})
            }}"""


def by_hand_parallel(state):
    one, two, three, four = range(state + 1, state + 5)
    output = literal(state + 5, "first.order_id", "second.count", "None", "true")
    return f"""{{
                let (first, second, _) = try_join!(
                    async {{
                        let input = retry(|| step_{one}(world, input.clone())).await?;
                        retry(|| step_{two}(world, input.clone())).await
                    }},
                    retry(|| step_{three}(world, input.clone())),
                    retry(|| step_{four}(world, input.clone())),
                )?;
                State::State{state + 5}({output})
            }}"""


if __name__ == "__main__":
    main()
