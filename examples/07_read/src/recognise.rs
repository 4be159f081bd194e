//! What a line says.

use std::{path::Path, sync::Arc};

use cog_kit::{
    Result,
    image::{Pixels, Region},
    predictor::ensure,
};
use tract_onnx::prelude::*;

/// Height of the picture that the network is given, in pixels.
const HEIGHT: usize = 48;

/// Its widths: a line takes the narrowest that it fits into, and is squeezed into the last.
const WIDTHS: [usize; 4] = [160, 320, 640, 1280];

pub(crate) struct Recogniser {
    networks: Vec<(usize, Arc<TypedRunnableModel>)>,
    /// What each answer of the network stands for; the first stands for nothing.
    letters: Vec<String>,
}

impl Recogniser {
    pub(crate) fn load(path: &Path) -> Result<Self> {
        let onnx = tract_onnx::onnx();
        let model = onnx.proto_model_for_path(path)?;
        let alphabet = model.metadata_props.iter().find(|property| property.key == "character");
        let alphabet =
            alphabet.ok_or_else(|| cog_kit::Error::msg("found no `character` in the network's metadata, expected its alphabet"))?;
        let letters = [""].into_iter().chain(alphabet.value.lines()).chain([" "]).map(str::to_owned).collect();
        let network = |width: usize| {
            let input = f32::fact([1, 3, HEIGHT, width]);
            onnx.model_for_proto_model(&model)?.with_input_fact(0, input.into())?.into_optimized()?.into_runnable()
        };
        let networks: Result<_> = WIDTHS.into_iter().map(|width| Ok((width, network(width)?))).collect();
        Ok(Self { networks: networks?, letters })
    }

    /// The text at a place of a picture, and how certain it is, from 0 to 1.
    pub(crate) fn read(&self, picture: &Pixels, place: Region) -> Result<(String, f64)> {
        let ideal = (place.width * HEIGHT as f64 / place.height).ceil();
        let fitting = self.networks.iter().find(|(width, _)| *width as f64 >= ideal).or(self.networks.last());
        let Some((width, network)) = fitting else { return Ok((String::new(), 0.0)) };
        let input: Tensor = line(picture, place, *width, ideal.min(*width as f64)).into();
        let output = network.run(tvec!(input.into()))?;
        let scores = output.first().ok_or_else(|| cog_kit::Error::msg("the network that reads gave nothing back"))?;
        ensure!(
            scores.shape().last() == Some(&self.letters.len()),
            "found answers of shape {:?}, expected {} letters",
            scores.shape(),
            self.letters.len()
        );
        Ok(self.text(scores.to_plain_array_view::<f32>()?.as_slice().unwrap_or_default()))
    }

    /// The letters that are surest, column by column; a letter that is said twice in a row is one.
    fn text(&self, scores: &[f32]) -> (String, f64) {
        let (mut text, mut sum, mut count, mut last) = (String::new(), 0.0, 0.0, 0);
        for column in scores.chunks_exact(self.letters.len()) {
            let surest = column.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
            let Some((letter, &score)) = surest else { continue };
            if letter != 0 && letter != last {
                text.push_str(self.letters.get(letter).map_or("", String::as_str));
                sum += f64::from(score);
                count += 1.0;
            }
            last = letter;
        }
        (text.trim().to_owned(), if count > 0.0 { sum / count } else { 0.0 })
    }
}

/// A place of a picture, `used` pixels wide and padded to `width`, as numbers from −1 to 1: blue, green, red.
fn line(picture: &Pixels, place: Region, width: usize, used: f64) -> tract_ndarray::Array4<f32> {
    let (size, bytes) = (picture.size(), picture.as_bytes());
    let (last_x, last_y) = (f64::from(size.width) - 1.0, f64::from(size.height) - 1.0);
    // `at` lies within the picture, so a sample exists on each side of it.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positions are clamped to the picture")]
    let sample = |x: f64, y: f64, channel: usize| {
        let at =
            |x: f64, y: f64| bytes.get((y as usize * size.width as usize + x as usize) * 3 + channel).map_or(0.0, |&byte| f64::from(byte));
        let (x, y) = (x.clamp(0.0, last_x), y.clamp(0.0, last_y));
        let (right, below) = ((x + 1.0).min(last_x), (y + 1.0).min(last_y));
        let upper = at(x, y) * (1.0 - x.fract()) + at(right, y) * x.fract();
        let lower = at(x, below) * (1.0 - x.fract()) + at(right, below) * x.fract();
        upper * (1.0 - y.fract()) + lower * y.fract()
    };
    tract_ndarray::Array4::from_shape_fn((1, 3, HEIGHT, width), |(_, channel, row, column)| {
        let across = (column as f64 + 0.5) / used;
        if across >= 1.0 {
            return 0.0;
        }
        let x = place.left + across * place.width - 0.5;
        let y = place.top + (row as f64 + 0.5) / HEIGHT as f64 * place.height - 0.5;
        (sample(x, y, 2 - channel) / 127.5 - 1.0) as f32
    })
}
