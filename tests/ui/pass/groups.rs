#![deny(warnings)]
#![allow(dead_code)]

use cog_kit::Input;

#[derive(Input)]
struct Inner {
    /// How many.
    #[input(default = 20, ge = 1, le = 100)]
    steps: u32,
}

#[derive(Input)]
struct Middle {
    /// How strong.
    #[input(default = 1)]
    strength: f64,
    #[input(group)]
    inner: Inner,
}

#[derive(Input)]
struct Inputs<T: Input> {
    #[input(group(inner_steps(default = 3, name = "count")))]
    middle: Middle,
    #[input(group(prefix = "other"))]
    more: Option<Middle>,
    #[input(group(prefix = ""))]
    free: T,
}

fn main() {
    let schema = Inputs::<Inner>::schema();
    let names: Vec<_> = schema.properties().iter().map(|property| property.name.as_str()).collect();
    assert_eq!(names, ["middle_strength", "middle_count", "other_strength", "other_inner_steps", "steps"]);
}
