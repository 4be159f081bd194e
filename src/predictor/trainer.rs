//! Models that can be trained.

use super::{Context, Output, Result};
use crate::input::Input;

/// A training: makes weights that a predictor is later given.
///
/// It stands in the same binary as the model's [`Predictor`](super::Predictor), and runs in a server of its own: `serve --x-mode train`, as Cog starts it.
/// [`main_with_trainer`](crate::main_with_trainer) takes both.
///
/// # Examples
/// ```
/// use cog_kit::{Context, Input, Path, Result, Trainer};
///
/// #[derive(Input)]
/// struct Inputs {
///     /// Texts to learn from, one a line.
///     texts: Path,
/// }
///
/// struct CountLines;
///
/// impl Trainer for CountLines {
///     type Input = Inputs;
///     type Output = Path;
///
///     fn setup() -> Result<Self> {
///         Ok(CountLines)
///     }
///
///     fn train(&self, input: Inputs, ctx: &Context) -> Result<Path> {
///         let lines = std::fs::read_to_string(&input.texts)?.lines().count();
///         let weights = ctx.scratch().join("weights.txt");
///         std::fs::write(&weights, lines.to_string())?;
///         Ok(weights.into())
///     }
/// }
/// ```
pub trait Trainer: Sized + Send + Sync + 'static {
    /// What a request holds; a struct with `#[derive(Input)]`.
    type Input: Input;

    /// What a training gives back: its weights, as a file.
    type Output: Output;

    /// Loads whatever every training needs.
    ///
    /// # Errors
    /// Any error ends the setup: the server says SETUP_FAILED and shows the message in `setup.logs`.
    fn setup() -> Result<Self>;

    /// Answers one request.
    ///
    /// # Errors
    /// Any error fails this training, with the message and its causes as the client's `error`; the server stays ready. So does a panic.
    /// [`Canceled`](super::Canceled) marks the training as canceled.
    fn train(&self, input: Self::Input, ctx: &Context) -> Result<Self::Output>;
}
