//! `assert_guide!`: the publishing guide as one line of a predictor's tests.

use cog_kit::{Context, Input, Predictor, Result, assert_guide};

#[derive(Input)]
#[expect(dead_code, reason = "only its schema is looked at")]
struct Described {
    /// Text to repeat, in any language.
    text: String,
    /// How often the text is repeated. More than 10 repetitions are slow to read.
    #[input(default = 2, ge = 1, le = 100, recommended = 1..=10)]
    repetitions: u32,
}

#[derive(Input)]
#[expect(dead_code, reason = "only its schema is looked at")]
struct Abbreviated {
    /// N.
    n_prompt: String,
}

struct Model<I>(std::marker::PhantomData<I>);

impl<I: Input + Sync> Predictor for Model<I> {
    type Input = I;
    type Output = String;

    fn setup() -> Result<Self> {
        Ok(Self(std::marker::PhantomData))
    }

    fn predict(&self, _: I, _: &Context) -> Result<String> {
        Ok(String::new())
    }
}

#[test]
fn a_predictor_that_follows_the_guide_passes() {
    assert_guide!(Model<Described>);
}

#[test]
#[should_panic(expected = "CK101")]
fn an_abbreviated_name_fails_with_the_rule_and_the_place() {
    assert_guide!(Model<Abbreviated>);
}
