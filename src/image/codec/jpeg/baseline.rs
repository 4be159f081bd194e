//! Baseline JPEG, what cameras write, in planes: for pictures that become smaller, whose colours are then put together when little is left of them.
//!
//! This decoder takes ordinary files: one scan of Huffman-coded data, with luma no smaller than chroma. Others are left to the general decoder, from the
//! header on; entropy-coded data that is damaged or cut off is concealed here.

pub(super) mod bits;
pub(super) mod conceal;
mod frame;
pub(super) mod huffman;
pub(super) mod idct;
mod pipeline;
pub(super) mod scan;

use std::num::NonZeroUsize;

use super::{
    super::{Decode, Format, ImageError, Info, PlaneLayout, Planes, Scale, Size, Truncated, Warning},
    faults::Faults,
    scaling::{block_side, layout},
};
use frame::Frame;
use idct::Transform;
use pipeline::{Strips, with_strips};
use scan::Strip;

/// Bytes of a file from which on a second thread earns what it costs to start it.
const WORTH_A_THREAD: usize = 128 << 10;

/// The frame of a file that is ordinary enough; others are left to the general decoder.
pub(super) fn frame<'a>(bytes: &'a [u8], info: &Info) -> Option<Frame<'a>> {
    frame::read(bytes).filter(|frame| frame.size == info.stored_size)
}

/// Hands the image of a file of so many bytes to `work` in planes, shrunk to no less than the scale that is asked for.
pub(super) fn with_planes<T>(
    frame: &Frame<'_>,
    bytes: usize,
    options: &Decode,
    threads: NonZeroUsize,
    work: impl FnOnce(&mut dyn Planes) -> T,
) -> T {
    let (transforms, layouts) = plan(frame, options.scale);
    let threads = if bytes < WORTH_A_THREAD { NonZeroUsize::MIN } else { threads };
    with_planes_of(frame, (&transforms, &layouts), options.truncated, threads, work)
}

fn with_planes_of<T>(
    frame: &Frame<'_>,
    (transforms, layouts): (&[Transform], &[PlaneLayout]),
    truncated: Truncated,
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
    let size = frame.size;
    with_strips(frame, threads, &sample, |strips| {
        work(&mut Baseline { strips, transforms, layouts, size, truncated, done: 0, faults: Faults::default() })
    })
}

struct Baseline<'s, 'a> {
    strips: Strips<'s, 'a>,
    transforms: &'s [Transform],
    layouts: &'s [PlaneLayout],
    size: Size,
    truncated: Truncated,
    /// Strips that were handed out.
    done: usize,
    /// What was concealed in them.
    faults: Faults,
}

impl Planes for Baseline<'_, '_> {
    fn layouts(&self) -> &[PlaneLayout] {
        self.layouts
    }

    fn read(&mut self, targets: &mut [&mut [u8]]) -> Result<(), ImageError> {
        let planes = self.transforms.iter().zip(self.layouts).zip(targets);
        let faults = &mut self.faults;
        let read = self.strips.next(|strip| {
            for (part, ((transform, layout), target)) in strip.parts.iter_mut().zip(planes) {
                match target.get_mut(..part.samples.len()).filter(|_| strip.is_sampled) {
                    Some(target) => target.copy_from_slice(&part.samples),
                    None => transform.samples(part, target, layout.stride),
                }
            }
            strip.is_sampled = false;
            faults.add(strip.faults);
        });
        read.ok_or_else(|| ImageError::Damaged { format: Format::Jpeg, reason: "found fewer rows than expected".to_owned() })?;
        self.done += self.layouts.first().map_or(0, |layout| layout.rows);
        // In pixels of the image.
        let scale = self.layouts.first().map_or(1.0, |layout| layout.scale.1);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "for a message alone")]
        let rows = (self.done as f64 / scale) as u32;
        self.faults.check(self.truncated, rows, self.size)
    }

    fn warnings(&self) -> Vec<Warning> {
        self.faults.warnings()
    }
}

/// What becomes of each component.
fn plan(frame: &Frame<'_>, scale: Scale) -> (Vec<Transform>, Vec<PlaneLayout>) {
    let planned = frame.components.iter().map(|component| {
        let side = block_side(frame.sampling, component.sampling, scale);
        (Transform::new(side, &component.steps), layout(frame.size, frame.mcus.0, frame.sampling, component.sampling, side))
    });
    planned.unzip()
}

#[cfg(test)]
mod tests;
