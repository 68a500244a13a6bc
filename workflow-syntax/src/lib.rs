//! The notations of a workflow, the model that they become, and the rules that need no types.
//!
//! It is a library of its own, and no part of the macros, so that programs can read the notations too: a macro is all
//! that its crate can export. What is generated from the model is in `workflow-macros`.

#![allow(
    missing_docs,
    missing_debug_implementations,
    reason = "the fields of the model are those of the language, which `workflow_core::language` describes"
)]

pub mod asl;
pub mod check;
pub mod context;
pub mod diagnostics;
pub mod export;
pub mod graph;
pub mod intrinsics;
pub mod model;
pub mod parse;
pub mod span;
pub mod timestamp;
pub mod types;
