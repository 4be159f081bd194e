//! The guide as its users meet it: pages, fixtures, real signatures, hostile bytes, the program.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test fails by panicking and says what it skips")]

mod cases;
mod fixtures;
mod hostile;
mod once;
mod pages;
mod program;
mod signatures;
mod support;
mod verdicts;
