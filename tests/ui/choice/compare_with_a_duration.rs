use std::time::Duration;

use workflow_core::{Json, workflow};

const PATIENCE: Duration = Duration::from_secs(30);

workflow! {
    pub OrderFlow(Json) -> Json;

    Age: Choice { $.age > PATIENCE => Done, _ => Done }
    Done: Succeed {}
}

fn main() {}
