//! The documentation of a workflow's type: its states and transitions.

use workflow_syntax::model::{Kind, Machine, Target, Workflow};

/// The states and transitions of a workflow, for its documentation.
pub(crate) fn documentation(workflow: &Workflow<'_>) -> String {
    let mut text = String::from("\n# States\n\n```text\n");
    if let Some(machine) = workflow.machines.first() {
        document(workflow, machine, 0, &mut text);
    }
    text.push_str("```\n");
    text
}

fn document(workflow: &Workflow<'_>, machine: &Machine<'_>, depth: usize, text: &mut String) {
    let indent = "    ".repeat(depth);
    let target = |target: Target| match target {
        Target::State(id) => {
            machine.states.get(id).map_or(String::new(), |state| state.name.text.clone())
        }
        Target::End => "■".to_owned(),
        Target::Unknown => "?".to_owned(),
    };
    for state in &machine.states {
        let what = match &state.kind {
            Kind::Task { call: Some(call), .. } => {
                format!("Task {}", workflow_syntax::parse::expression::path_text(&call.function))
            }
            kind => kind.name().to_owned(),
        };
        let to = match (&state.kind, state.next) {
            (_, Some(next)) => format!(" → {}", target(next.target)),
            (Kind::Succeed, _) => " → ■".to_owned(),
            (Kind::Fail { .. }, _) => " ✗".to_owned(),
            _ => String::new(),
        };
        text.push_str(&format!("{indent}{}: {what}{to}\n", state.name.text));
        if let Kind::Choice { rules, default } = &state.kind {
            for rule in rules.iter().chain(default) {
                let condition = rule.condition.map_or("otherwise".to_owned(), ToString::to_string);
                text.push_str(&format!("{indent}  {condition} → {}\n", target(rule.next.target)));
            }
        }
        for catcher in &state.catch {
            text.push_str(&format!("{indent}  on error → {}\n", target(catcher.next.target)));
        }
        for (position, id) in state.machines().iter().enumerate() {
            let label = if matches!(state.kind, Kind::Parallel { .. }) {
                format!("branch {}", position + 1)
            } else {
                "each item".to_owned()
            };
            text.push_str(&format!("{indent}  {label}\n"));
            document(workflow, &workflow.machines[*id], depth + 1, text);
        }
    }
}
