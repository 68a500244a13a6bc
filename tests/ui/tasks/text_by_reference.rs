// mistakes: 2
use workflow_core::{task, workflow};

#[task]
async fn same<'a>(text: &'a str) -> &'a str {
    text
}

workflow! {
    pub OrderFlow(String) -> String;

    Same: Task { call: same($), end }
}

fn main() {}
