use workflow_core::workflow;

#[derive(Clone, serde::Serialize, serde::Deserialize, workflow_core::Data)]
struct Net {
    net: f64,
}

workflow! {
    pub Price(f64) -> Net;

    Make: Pass { output: { "net": $ }, end }
}

fn main() {}
