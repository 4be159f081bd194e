//! Baseline JPEG, what cameras write, in planes: for pictures that become smaller, whose colours are then put together when little is left of them.
//!
//! This decoder takes what is in order and nothing else. It says so at the first thing that is not, and another one has its say.

mod bits;
mod frame;
mod huffman;
mod idct;
mod pipeline;
mod scan;

use std::num::NonZeroUsize;

use super::super::{Format, ImageError, Info, PlaneLayout, Planes, Scale, Size};
use frame::Frame;
use idct::Transform;
use pipeline::{Strips, with_strips};
use scan::Strip;

/// Bytes of a file from which on a second thread earns what it costs to start it.
const WORTH_A_THREAD: usize = 128 << 10;

/// Hands the picture to `work` in planes, shrunk to no less than `scale`; none, and no call, if it is of a kind that is left to other decoders.
pub(in super::super) fn with_planes<T>(
    bytes: &[u8],
    info: &Info,
    scale: Scale,
    threads: NonZeroUsize,
    work: impl FnOnce(&mut dyn Planes) -> T,
) -> Option<T> {
    let frame = frame::read(bytes)?;
    if frame.size != info.stored_size {
        return None;
    }
    let (transforms, layouts) = plan(&frame, scale);
    let threads = if bytes.len() < WORTH_A_THREAD { NonZeroUsize::MIN } else { threads };
    Some(with_planes_of(&frame, &transforms, &layouts, threads, work))
}

fn with_planes_of<T>(
    frame: &Frame<'_>,
    transforms: &[Transform],
    layouts: &[PlaneLayout],
    threads: NonZeroUsize,
    work: impl FnOnce(&mut dyn Planes) -> T,
) -> T {
    let sample = |strip: &mut Strip| {
        for (part, (transform, layout)) in strip.parts.iter_mut().zip(transforms.iter().zip(layouts)) {
            let mut samples = std::mem::take(&mut part.samples);
            samples.resize(layout.rows * layout.stride, 0);
            transform.samples(part, &mut samples, layout.stride);
            part.samples = samples;
        }
    };
    with_strips(frame, threads, &sample, |strips| work(&mut Baseline { strips, transforms, layouts }))
}

struct Baseline<'s, 'a> {
    strips: Strips<'s, 'a>,
    transforms: &'s [Transform],
    layouts: &'s [PlaneLayout],
}

impl Planes for Baseline<'_, '_> {
    fn layouts(&self) -> &[PlaneLayout] {
        self.layouts
    }

    fn read(&mut self, targets: &mut [&mut [u8]]) -> Result<(), ImageError> {
        let planes = self.transforms.iter().zip(self.layouts).zip(targets);
        let read = self.strips.next(|strip| {
            for (part, ((transform, layout), target)) in strip.parts.iter_mut().zip(planes) {
                match target.get_mut(..part.samples.len()).filter(|_| strip.is_sampled) {
                    Some(target) => target.copy_from_slice(&part.samples),
                    None => transform.samples(part, target, layout.stride),
                }
            }
            strip.is_sampled = false;
        });
        read.ok_or_else(|| ImageError::Damaged { format: Format::Jpeg, reason: "its data is damaged or ends early".to_owned() })
    }
}

/// What becomes of each component.
fn plan(frame: &Frame<'_>, scale: Scale) -> (Vec<Transform>, Vec<PlaneLayout>) {
    let planned = frame.components.iter().map(|component| {
        let transform = transform(frame, component, scale);
        let layout = layout(frame, component, &transform);
        (transform, layout)
    });
    planned.unzip()
}

/// How a component's blocks become samples: as small as `scale` says, but for chroma that is stored smaller than luma already, across or down.
fn transform(frame: &Frame<'_>, component: &frame::Component, scale: Scale) -> Transform {
    let least = usize::from(8 / scale.divisor());
    let mut side = least;
    let fits = |of: (usize, usize), side: usize| frame.sampling.0 * least >= of.0 * side || frame.sampling.1 * least >= of.1 * side;
    while side < 8 && fits(component.sampling, side * 2) {
        side *= 2;
    }
    Transform::new(side, &component.steps)
}

fn layout(frame: &Frame<'_>, component: &frame::Component, transform: &Transform) -> PlaneLayout {
    let ((across, down), side) = (component.sampling, transform.side);
    // Samples, and what fraction of them that is of a picture's side.
    let along = |pixels: u32, count: usize, most: usize| {
        let samples = (pixels as usize * count * side).div_ceil(most * 8);
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        let scale = (count * side) as f64 / (most * 8) as f64;
        (u32::try_from(samples).unwrap_or(u32::MAX), scale)
    };
    let (width, scale_across) = along(frame.size.width, across, frame.sampling.0);
    let (height, scale_down) = along(frame.size.height, down, frame.sampling.1);
    PlaneLayout {
        size: Size::new(width, height),
        scale: (scale_across, scale_down),
        stride: frame.mcus.0 * across * side,
        rows: down * side,
    }
}

#[cfg(test)]
mod tests;
