//! The documentation of a workflow's type: its states, what is written of them, and its transitions.

use workflow_syntax::model::{Kind, Machine, Target, Workflow};
use workflow_syntax::parse::ErrorName;
use workflow_syntax::parse::expression::path_text;

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
        // A fence in it would end the text.
        let summary = state.comment.and_then(|comment| comment.lines().next());
        if let Some(summary) = summary.filter(|summary| !summary.contains("```")) {
            text.push_str(&format!("{indent}/// {summary}\n"));
        }
        let what = what(&state.kind);
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
        for retrier in &state.retry {
            let errors = listed(retrier.error_equals.as_deref());
            let times = retrier.max_attempts.as_ref().map_or(3, |attempts| attempts.value);
            text.push_str(&format!("{indent}  again on {errors}, at most {times} times\n"));
        }
        for catcher in &state.catch {
            let errors = listed(catcher.error_equals);
            text.push_str(&format!("{indent}  on {errors} → {}\n", target(catcher.next.target)));
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

fn listed(errors: Option<&[ErrorName]>) -> String {
    let errors = errors.unwrap_or_default();
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// The kind of a state, and what it calls.
fn what(kind: &Kind<'_>) -> String {
    let Kind::Task { call: Some(call), awaited, .. } = kind else { return kind.name().to_owned() };
    let called = match (&call.integration, path_text(&call.function)) {
        (Some(_), function) => format!("lambda::invoke({function})"),
        (None, function) => function,
    };
    let awaits = awaited.map_or("", |_| ", awaits its task token");
    format!("Task {called}{awaits}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_tells_what_is_written_of_a_state_and_where_it_leads() {
        let source = r#"pub OrderFlow(Order) -> Parcel;
            /// Takes the money.
            ///
            /// ```sh
            /// exit
            /// ```
            Charge: Task {
                call: charge($, $$.Task.Token),
                wait_for_task_token: Receipt,
                retry: { error_equals: [PaymentError::Busy], max_attempts: 6 },
                catch: { error_equals: [PaymentError::Declined, "States.Timeout"], next: Refused },
                next: Ship,
            }
            Ship: Task { call: lambda::invoke(ship($)), output_path: $.Payload, end }
            /// ```
            Refused: Fail { error: "Refused" }"#;
        let expansion = crate::compile(source.parse().expect("the source is tokens")).to_string();
        let states = "# States\n\n```text\n\
            /// Takes the money.\n\
            Charge: Task charge, awaits its task token → Ship\n  \
              again on PaymentError::Busy, at most 6 times\n  \
              on PaymentError::Declined, States.Timeout → Refused\n\
            Ship: Task lambda::invoke(ship) → ■\n\
            Refused: Fail ✗\n\
            ```\n";
        assert!(expansion.contains(&states.replace('\n', "\\n")), "{expansion}");
    }
}
