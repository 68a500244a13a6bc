use workflow_core::task;

pub struct Plain;

#[task]
pub async fn charge(plain: Plain) -> u32 {
    let Plain = plain;
    5
}

fn main() {}
