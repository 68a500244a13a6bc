use workflow_core::task;

#[task(retry = 3)]
async fn charge(total: u32) -> u32 {
    total
}

fn main() {}
