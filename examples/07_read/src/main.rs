//! Reads the text in a picture: two neural networks in Rust, one that finds lines and one that reads them.
//!
//! ```text
//! examples/07_read/weights.sh weights
//! cargo run --release --manifest-path examples/07_read/Cargo.toml -- predict -i image=@sign.jpg
//! ```
//!
//! The networks are PP-OCRv4 (PaddleOCR, Apache-2.0), as the package `rapidocr-onnxruntime` (Apache-2.0) carries them; nothing is downloaded at run time. In an
//! image, `COPY weights /src/weights` puts them where they are looked for.
//!
//! `detect` finds the lines, `recognise` reads them; this file brings a picture to them, and what they say back to the picture.

mod detect;
mod recognise;

use std::path::PathBuf;

use cog_kit::{
    Context, Image, Input, Output, Predictor, Result,
    image::{Prepare, Region},
};
use detect::Detector;
use recognise::Recogniser;

#[derive(Input)]
struct Inputs {
    /// Picture with text in Latin or Chinese letters: JPEG, PNG, WebP, HEIC and more.
    #[input(accept = "image/*")]
    image: Image,
    /// Lines that are less certain than this are left out, from 0 to 1. With 0.5 most smudges are gone and most text is kept.
    #[input(default = 0.5, ge = 0, le = 1)]
    min_confidence: f64,
}

/// A line of text, and where it stands in the picture as people see it, in pixels.
#[derive(Output)]
struct Line {
    text: String,
    confidence: f64,
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

struct Read {
    detector: Detector,
    recogniser: Recogniser,
}

impl Predictor for Read {
    type Input = Inputs;
    type Output = Vec<Line>;

    fn setup() -> Result<Self> {
        let folder = PathBuf::from(std::env::var_os("READ_WEIGHTS").unwrap_or_else(|| "weights".into()));
        Ok(Read { detector: Detector::load(&folder.join("detect.onnx"))?, recogniser: Recogniser::load(&folder.join("recognise.onnx"))? })
    }

    fn predict(&self, input: Inputs, ctx: &Context) -> Result<Vec<Line>> {
        let found = self.detector.lines(&input.image)?;
        ctx.log(format_args!("{} lines found", found.len()));

        // Letters are read from more pixels than lines are found in.
        let sharp = input.image.prepare(&Prepare::new().max_side(2048))?;
        let mut lines = Vec::new();
        for place in found {
            ctx.check_canceled()?;
            let (corner, end) = (sharp.plan().to_output(place.top_left()), sharp.plan().to_output(place.bottom_right()));
            let (text, confidence) = self.recogniser.read(sharp.pixels(), Region::between(corner, end))?;
            if !text.is_empty() && confidence >= input.min_confidence {
                let Region { left, top, width, height } = place;
                lines.push(Line { text, confidence, left, top, width, height });
            }
        }
        Ok(lines)
    }
}

fn main() -> std::process::ExitCode {
    cog_kit::main::<Read>()
}
