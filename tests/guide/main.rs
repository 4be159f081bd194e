//! The guide as its users meet it: pages, fixtures, real signatures, hostile bytes, the program.

mod pages;
mod support;
