#![deny(warnings)]

use cog_kit::Input;

#[derive(Input)]
struct Nothing {}

#[derive(Input)]
struct Unit;

fn main() {
    assert!(Nothing::schema().properties().is_empty() && Unit::schema().properties().is_empty());
}
