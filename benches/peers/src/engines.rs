//! The engines, each with the bookstore in its own notation.

pub(crate) mod dbos;
pub(crate) mod duroxide;
pub(crate) mod sayiir;
pub(crate) mod workflow;
