use workflow_core::TaskError;

#[derive(Debug, TaskError)]
enum PaymentError {
    #[task_error(name = "States.Declined")]
    Declined,
}

impl std::fmt::Display for PaymentError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

fn main() {}
