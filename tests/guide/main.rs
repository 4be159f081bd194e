//! The guide as its users meet it: pages, fixtures, real signatures, hostile bytes, the program.

mod fixtures;
mod hostile;
mod pages;
mod program;
mod signatures;
mod support;
