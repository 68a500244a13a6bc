use workflow_core::Data;

#[derive(Clone, serde::Serialize, serde::Deserialize, Data)]
struct Order<'a> {
    id: &'a str,
}

fn main() {}
