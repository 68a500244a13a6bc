use workflow_core::workflow;

workflow! {
    pub Count(u32) -> u32;
    export: asl;

    Add: Pass { output: $ + 1, end }
}

fn main() {}
