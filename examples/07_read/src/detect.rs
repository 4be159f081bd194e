//! Where the lines of text are.

use std::{path::Path, sync::Arc};

use cog_kit::{
    Image, Result,
    image::{Fit, Layout, Normalize, Prepare, Region, Rgb},
};
use tract_onnx::prelude::*;

/// Both sides of the picture that the network is given, in pixels.
const SIDE: u32 = 960;

/// A pixel belongs to a line if the network is this sure of it.
const PIXEL: f32 = 0.3;

/// A line is one if the network is this sure of its pixels, on average.
const LINE: f32 = 0.5;

/// The network marks the middle of a line; the line is larger by this share of its area over its outline.
const MARGIN: f64 = 1.6;

/// Smallest side of a mark, in pixels.
const SMALLEST: f64 = 3.0;

pub(crate) struct Detector {
    network: Arc<TypedRunnableModel>,
    prepare: Prepare,
}

impl Detector {
    pub(crate) fn load(path: &Path) -> Result<Self> {
        let side = usize::try_from(SIDE)?;
        let input = f32::fact([1, 3, side, side]);
        let network = tract_onnx::onnx().model_for_path(path)?.with_input_fact(0, input.into())?.into_optimized()?.into_runnable()?;
        // Padded, not stretched: letters keep their shape. Grey is what the network takes for nothing.
        let prepare = Prepare::new().size(SIDE, SIDE).fit(Fit::Contain).background(Rgb::new(127, 127, 127));
        Ok(Self { network, prepare })
    }

    /// The lines of a picture, from top to bottom, in pixels of the upright original.
    pub(crate) fn lines(&self, image: &Image) -> Result<Vec<Region>> {
        let prepared = image.prepare(&self.prepare)?;
        let input = prepared.pixels().to_tensor(Layout::Chw, Normalize::SIGNED)?;
        let [channels, height, width] = input.shape();
        let mut input = tract_ndarray::Array4::from_shape_vec((1, channels, height, width), input.into_vec())?;
        // The network was trained on blue, green, red.
        input.invert_axis(tract_ndarray::Axis(1));
        let input: Tensor = input.as_standard_layout().into_owned().into();
        let output = self.network.run(tvec!(input.into()))?;
        let map = output.first().ok_or_else(|| cog_kit::Error::msg("the network that finds lines gave nothing back"))?;
        let marks = marks(map.to_plain_array_view::<f32>()?.as_slice().unwrap_or_default(), width);

        let (restore, size) = (prepared.restore(), prepared.source_size());
        let mut lines: Vec<Region> = marks.into_iter().map(|mark| restore.region(grown(mark)).clipped(size)).collect();
        lines.retain(|line| line.width >= 1.0 && line.height >= 1.0);
        lines.sort_by(|a, b| a.top.total_cmp(&b.top));
        Ok(lines)
    }
}

/// The rectangles around patches of sure pixels that hang together.
fn marks(map: &[f32], width: usize) -> Vec<Region> {
    let mut seen = vec![false; map.len()];
    let mut marks = Vec::new();
    for start in 0..map.len() {
        let mut waiting = vec![start];
        let (mut count, mut sum) = (0.0, 0.0);
        let (mut left, mut top, mut right, mut bottom) = (usize::MAX, usize::MAX, 0, 0);
        while let Some(at) = waiting.pop() {
            let (Some(&sure), Some(seen)) = (map.get(at), seen.get_mut(at)) else { continue };
            if sure < PIXEL || std::mem::replace(seen, true) {
                continue;
            }
            let (x, y) = (at % width, at / width);
            (left, top, right, bottom) = (left.min(x), top.min(y), right.max(x + 1), bottom.max(y + 1));
            count += 1.0;
            sum += sure;
            waiting.extend([at.checked_sub(width), Some(at + width)].into_iter().flatten());
            waiting.extend((x > 0).then(|| at - 1));
            waiting.extend((x + 1 < width).then_some(at + 1));
        }
        let side = |low: usize, high: usize| high.saturating_sub(low) as f64;
        let mark = Region::new(left as f64, top as f64, side(left, right), side(top, bottom));
        if mark.width >= SMALLEST && mark.height >= SMALLEST && sum >= LINE * count {
            marks.push(mark);
        }
    }
    marks
}

/// The line that a mark stands for.
fn grown(mark: Region) -> Region {
    let margin = mark.width * mark.height * MARGIN / (2.0 * (mark.width + mark.height));
    Region::new(mark.left - margin, mark.top - margin, mark.width + 2.0 * margin, mark.height + 2.0 * margin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patches_that_hang_together_are_one_mark_and_faint_or_small_ones_none() {
        let mut map = vec![0.0; 20 * 10];
        for y in 1..5 {
            for x in 2..9 {
                map[y * 20 + x] = 0.9;
            }
            map[y * 20 + 15] = 0.9;
        }
        for (x, y) in (10..14).flat_map(|x| (6..10).map(move |y| (x, y))) {
            map[y * 20 + x] = 0.4;
        }
        assert_eq!(marks(&map, 20), [Region::new(2.0, 1.0, 7.0, 4.0)]);
        assert_eq!(grown(Region::new(10.0, 10.0, 30.0, 10.0)), Region::new(4.0, 4.0, 42.0, 22.0));
    }
}
