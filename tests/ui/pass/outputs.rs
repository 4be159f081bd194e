#![deny(warnings)]
#![allow(dead_code)]

use cog_kit::{ConcatenateStream, Context, Input, Output, Path, Predictor, Result, Stream};
use std::collections::BTreeMap;

#[derive(Output)]
struct Found {
    label: String,
    score: f64,
    crop: Option<Path>,
}

#[derive(Output)]
struct Answer {
    found: Vec<Found>,
    #[output(name = "type")]
    kind: &'static str,
    #[output(not_required)]
    note: Option<String>,
    by_name: BTreeMap<String, i64>,
    inner: Option<Box<Answer>>,
}

#[derive(Output)]
struct Empty {}

#[derive(Input)]
struct Nothing {}

struct Model;

impl Predictor for Model {
    type Input = Nothing;
    type Output = Answer;

    fn setup() -> Result<Self> {
        Ok(Model)
    }

    fn predict(&self, _: Nothing, _: &Context) -> Result<Answer> {
        Ok(Answer { found: vec![], kind: "none", note: None, by_name: BTreeMap::new(), inner: None })
    }
}

fn is_output<T: Output>() {}

fn main() {
    is_output::<Answer>();
    is_output::<Empty>();
    is_output::<Stream<Path>>();
    is_output::<ConcatenateStream>();
    is_output::<Vec<String>>();
}
