use workflow_core::task;

pub struct Plain;

#[task]
pub async fn charge(total: u32) -> Plain {
    let _ = total;
    Plain
}

fn main() {}
