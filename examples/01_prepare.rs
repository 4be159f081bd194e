//! Prepares a picture the way a model wants it: upright, opaque, no larger than asked, both sides multiples of a number.
//!
//! ```text
//! cargo run --release --example 01_prepare -- predict -i image=@photo.jpg -i max_side=768 -i multiple_of=8 -o out.webp
//! cargo run --release --example 01_prepare -- serve
//! ```

use cog_kit::{
    Context, Image, Input, Path, Predictor, Result,
    image::{Encode, EncodeFormat, Prepare as Preparation},
};

#[derive(Input)]
struct Inputs {
    /// The picture to prepare: JPEG, PNG, GIF, WebP and more, transparent ones too.
    #[input(accept = "image/*")]
    image: Image,
    /// Longest side of the result in pixels. Smaller pictures are never enlarged.
    #[input(default = 1024, ge = 16, le = 8192, recommended = 512..=2048)]
    max_side: u32,
    /// Both sides of the result become multiples of this many pixels. Most models work best with 8 or 16; with 1, no side is changed.
    #[input(default = 8, ge = 1, le = 256)]
    multiple_of: u32,
    /// File format of the result: webp is small, jpg opens everywhere, png keeps every pixel as it is.
    #[input(default = "webp", choices = ["webp", "jpg", "png"])]
    output_format: String,
}

struct Prepare;

impl Predictor for Prepare {
    type Input = Inputs;
    type Output = Path;

    fn setup() -> Result<Self> {
        Ok(Prepare)
    }

    fn predict(&self, input: Inputs, ctx: &Context) -> Result<Path> {
        let preparation = Preparation::new().max_side(input.max_side).multiple_of(input.multiple_of);
        let prepared = input.image.prepare(&preparation)?;
        ctx.log(format_args!("{} {} became {}", prepared.info().format, prepared.source_size(), prepared.size()));

        let path = ctx.scratch().join(format!("prepared.{}", input.output_format));
        Encode::new(EncodeFormat::from_name(&input.output_format)?).save(prepared.pixels(), &path)?;
        Ok(path.into())
    }
}

fn main() -> std::process::ExitCode {
    cog_kit::main::<Prepare>()
}
