use workflow_core::task;

#[task]
pub async fn charge(total: u32) -> Result<u32, std::num::ParseIntError> {
    Ok(total)
}

fn main() {}
