//! The bookstore: an order comes in, the book is looked up and printed if need be, and five things happen at once.
//!
//! Read [`workflow`] first: it is the whole flow. [`order`] has the data that goes through it, [`tasks`] the functions
//! that change them.

pub mod order;
pub mod tasks;
pub mod workflow;
