use workflow_core::{Timestamp, workflow};

workflow! {
    pub Later(Timestamp) -> Timestamp;

    Later: Wait { timestamp: $ + 3, end }
}

fn main() {}
