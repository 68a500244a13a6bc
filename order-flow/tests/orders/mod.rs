//! The two orders of the bookstore, and what comes of them.

/// An order for a book in stock.
pub(crate) const IN_STOCK: &str = r#"{"orderId": "123", "bookId": "343222"}"#;
/// An order for a book that is printed first.
pub(crate) const OUT_OF_STOCK: &str = r#"{"orderId": "124", "bookId": "343122"}"#;

/// What comes of the first.
pub(crate) const FROM_STOCK: &str = concat!(
    r#"[{"DiscountCode":"Hello10"},{},{"ShipmentSent":"True"},{"RecoengineUpdated":"True"},"#,
    r#"{"Ebook":"Tips to Better Life"}]"#,
    "\n"
);
/// What comes of the second.
pub(crate) const PRINTED: &str = concat!(
    r#"[{"DiscountCode":"Hello10"},{"LoyaltyPoints":500},{"ShipmentSent":"True"},{"RecoengineUpdated":"True"},"#,
    r#"{"Ebook":"Tips to Better Life"}]"#,
    "\n"
);
