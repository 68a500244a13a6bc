use workflow_core::workflow;

workflow! {
    pub Both(u32) -> Vec<u32>;

    Both: Parallel {
        branches: [
            { One: Pass { output: $, end } },
            { Two: Pass { output: $ + 1, end } },
        ],
        end,
    }
}

fn main() {}
