use workflow_core::task;

#[task]
async fn charge<T>(total: T) -> T {
    total
}

fn main() {}
