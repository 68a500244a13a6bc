//! What workflows do when they run, area by area: outputs, errors, the order of events, and the time on tokio's clock.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod asl;
mod callbacks;
mod choice;
mod context;
mod data_flow;
mod errors;
mod export;
mod history;
mod intrinsics;
mod listeners;
mod map;
mod nested;
mod order;
mod paths;
mod payment;
mod resume;
mod retry;
mod support;
mod tasks;
mod time;
mod values;
mod variables;
