//! Trainers as predictors: the engine runs both in the same way.

use crate::predictor::{Context, Predictor, Result, Trainer};

/// A [`Trainer`] as a [`Predictor`], for a server of trainings.
#[derive(Debug)]
pub(crate) struct Training<T>(T);

impl<T: Trainer> Predictor for Training<T> {
    type Input = T::Input;
    type Output = T::Output;

    fn setup() -> Result<Self> {
        T::setup().map(Self)
    }

    fn predict(&self, input: T::Input, ctx: &Context) -> Result<T::Output> {
        self.0.train(input, ctx)
    }
}
