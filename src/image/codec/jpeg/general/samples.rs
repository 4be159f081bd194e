//! Coefficients made into samples, one row of MCUs at a time.

use super::super::{
    super::{Deadline, Decode, Format, ImageError, PlaneLayout, Planes, Scale, Truncated, Warning},
    baseline::{idct::Transform, scan::Strip},
    faults::Faults,
    scaling::{block_side, layout, least_side},
};
use super::{
    decoder::{Content, Decoder, FirstScan, Stored},
    entropy::{Entropy, read_row},
    frame::{Frame, Process, Scan},
};

/// The samples of an image, strip by strip.
pub(super) struct Samples<'a> {
    pub(super) frame: Frame,
    source: Source<'a>,
    transforms: Vec<Transform>,
    layouts: Vec<PlaneLayout>,
    /// Strips that were handed out.
    done: usize,
    faults: Faults,
    truncated: Truncated,
    deadline: Deadline,
}

/// Where strips come from.
enum Source<'a> {
    /// The only scan, read row by row of MCUs.
    Streamed { scan: Scan, entropy: Box<dyn Entropy + 'a>, strip: Strip },
    /// All coefficients.
    Stored(std::vec::IntoIter<Strip>),
    /// All samples of each component.
    Whole(Vec<Vec<u8>>),
}

/// Whether all of the image is in its first scan, so that it can be decoded row by row.
pub(super) fn is_streamed(first: &FirstScan) -> bool {
    first.frame.process == Process::Sequential && first.scan.is_whole(&first.frame)
}

/// How the planes of an image are handed out; lossless coding has no smaller scale.
pub(super) fn layouts(frame: &Frame, scale: Scale) -> Vec<PlaneLayout> {
    let layout_of = |sampling: (usize, usize)| match frame.process {
        Process::Lossless => {
            let found = layout(frame.size, frame.mcus.0, frame.largest, sampling, 8);
            PlaneLayout { stride: frame.mcus.0 * sampling.0, rows: sampling.1, ..found }
        }
        _ => layout(frame.size, frame.mcus.0, frame.largest, sampling, block_side(frame.largest, sampling, scale)),
    };
    frame.samplings().map(layout_of).collect()
}

impl<'a> Samples<'a> {
    /// Decodes up to where samples can be handed out; `first` is the scan that comes next.
    pub(super) fn new(decoder: Decoder<'a>, first: FirstScan, options: &Decode) -> Result<Self, ImageError> {
        let (frame, source, steps, faults) = if is_streamed(&first) {
            let FirstScan { frame, scan } = first;
            let (steps, entropy) = (decoder.steps(&frame)?, decoder.entropy(&frame, &scan)?);
            let strip = Strip::new(frame.mcus.0, frame.samplings());
            (frame, Source::Streamed { scan, entropy, strip }, steps, Faults::default())
        } else {
            let (frame, Stored { content, steps, faults }) = decoder.read_all(first)?;
            let source = match content {
                Content::Coefficients(strips) => Source::Stored(strips.into_iter()),
                Content::Samples(planes) => Source::Whole(planes),
            };
            (frame, source, steps, faults)
        };
        faults.check(options.truncated, frame.size.height, frame.size)?;
        let side = |sampling| block_side(frame.largest, sampling, options.scale);
        let transforms = frame.samplings().zip(&steps).map(|(sampling, steps)| Transform::new(side(sampling), steps)).collect();
        let layouts = layouts(&frame, options.scale);
        Ok(Self { frame, source, transforms, layouts, done: 0, faults, truncated: options.truncated, deadline: options.deadline })
    }

    /// The scale of the samples, where `scale` was asked for.
    pub(super) const fn scale(&self, scale: Scale) -> Scale {
        if matches!(self.frame.process, Process::Lossless) { Scale::Whole } else { scale }
    }

    /// How many samples of a component there are for how many pixels of an image of this scale, across and down.
    pub(super) fn fractions(&self, component: usize, scale: Scale) -> [[usize; 2]; 2] {
        let sampling = self.frame.components.get(component).map_or((1, 1), |component| component.sampling);
        let (side, least) = match self.frame.process {
            Process::Lossless => (1, 1),
            _ => (self.transforms.get(component).map_or(8, |transform| transform.side), least_side(scale)),
        };
        [[sampling.0 * side, self.frame.largest.0 * least], [sampling.1 * side, self.frame.largest.1 * least]]
    }
}

impl Planes for Samples<'_> {
    fn layouts(&self) -> &[PlaneLayout] {
        &self.layouts
    }

    fn read(&mut self, targets: &mut [&mut [u8]]) -> Result<(), ImageError> {
        self.deadline.check(Format::Jpeg)?;
        if self.done == self.frame.mcus.1 {
            return Err(super::super::damaged("found fewer rows than expected"));
        }
        let planes = self.transforms.iter().zip(&self.layouts).zip(targets);
        match &mut self.source {
            Source::Streamed { scan, entropy, strip } => {
                for part in &mut strip.parts {
                    part.has_waves.fill(false);
                    part.blocks.iter_mut().for_each(|block| block[0] = 0);
                }
                read_row(&self.frame, &scan.members, strip, entropy.as_mut());
                self.faults.add(entropy.faults());
                for (part, ((transform, layout), target)) in strip.parts.iter_mut().zip(planes) {
                    transform.samples(part, target, layout.stride);
                }
            }
            Source::Stored(strips) => {
                let mut strip = strips.next();
                let parts = strip.iter_mut().flat_map(|strip| &mut strip.parts);
                for (part, ((transform, layout), target)) in parts.zip(planes) {
                    transform.samples(part, target, layout.stride);
                }
            }
            Source::Whole(samples) => {
                for (samples, ((_, layout), target)) in samples.iter().zip(planes) {
                    let start = self.done * layout.rows * layout.stride;
                    if let Some(rows) = samples.get(start..start + target.len()) {
                        target.copy_from_slice(rows);
                    }
                }
            }
        }
        self.done += 1;
        let rows = self.done * self.frame.largest.1 * 8;
        self.faults.check(self.truncated, u32::try_from(rows).unwrap_or(u32::MAX), self.frame.size)
    }

    fn warnings(&self) -> Vec<Warning> {
        self.faults.warnings()
    }
}
