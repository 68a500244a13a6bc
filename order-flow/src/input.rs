//! The orders that the program handles: the one that it is given, or two examples.

use std::ffi::OsStr;

use order_flow::order::Order;
use workflow_cli::InputError;

/// What messages call an order.
pub(crate) const CALLED: &str = "an order";

/// Returns the orders that are handled where none is given.
pub(crate) fn examples() -> Vec<Order> {
    let order = |order_id: &str, book_id: &str| Order {
        order_id: order_id.to_owned(),
        book_id: book_id.to_owned(),
    };
    vec![order("123", "343222"), order("124", "343122")]
}

/// Reads the order that an argument is, or that stands where it says.
pub(crate) fn read(argument: &OsStr) -> Result<Order, InputError> {
    workflow_cli::read_input(argument, CALLED)
}

/// Names an execution after its order, where the name would be one that AWS takes: 80 characters at most, and none that
/// a shell, a pattern or a terminal understands.
pub(crate) fn execution_name(order: &Order) -> Option<String> {
    let name = format!("order-{}", order.order_id);
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (name.len() <= 80 && name.bytes().all(plain)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(order_id: &str) -> Order {
        Order { order_id: order_id.to_owned(), book_id: "343222".to_owned() }
    }

    #[test]
    fn an_execution_has_the_name_of_its_order_unless_that_is_no_name() {
        assert_eq!(execution_name(&order("123")).as_deref(), Some("order-123"));
        assert_eq!(execution_name(&order("a\u{1b}[2J")), None);
        assert_eq!(execution_name(&order(&"1".repeat(75))), None);
    }
}
