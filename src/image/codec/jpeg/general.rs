//! JPEG of every kind that ITU-T T.81 describes for 8-bit samples, but hierarchical coding: sequential and progressive, by Huffman and by arithmetic
//! coding, in one scan or in many, and lossless; with any sampling factors and 1, 3 or 4 components.

mod arithmetic;
mod decoder;
mod entropy;
mod frame;
mod lossless;
mod progressive;
mod rows;
mod samples;
mod sequential;
mod tables;
mod upsample;

use super::{
    super::{Deadline, Decode, Format, ImageError, Info, Picture, PlaneLayout, Planes, Truncated, Warning, buffer, cmyk::Inks},
    damaged, header,
};
use decoder::{Decoder, FirstScan, Marks};
use frame::{Frame, Process};
use rows::{Colors, PixelRows};
use samples::{Samples, is_streamed};

/// The rows of an image.
pub(super) fn open<'a>(bytes: &'a [u8], info: &Info, options: &Decode) -> Result<Box<dyn Picture + 'a>, ImageError> {
    let mut decoder = Decoder::new(bytes, info.stored_size, options.deadline);
    let first = decoder.first_scan()?;
    let marks = decoder.marks;
    let mut warnings = Vec::new();
    let colors = match first.frame.components.len() {
        3 if has_luma_and_chroma(&first.frame, marks) => Colors::Ycc,
        4 => Colors::Cmyk {
            inks: Inks::new(header::colours(bytes).as_ref(), &mut warnings),
            is_ycck: marks.adobe.is_some_and(|transform| transform != 0),
        },
        _ => Colors::Separate,
    };
    let samples = Samples::new(decoder, first, options)?;
    Ok(Box::new(PixelRows::new(samples, colors, options, warnings)))
}

/// The planes of an image of luma and chroma, or of gray; none if it has others, or if luma has not the most samples.
pub(super) fn planes<'a>(bytes: &'a [u8], info: &Info, options: &Decode) -> Result<Option<impl Planes + use<'a>>, ImageError> {
    let mut decoder = Decoder::new(bytes, info.stored_size, options.deadline);
    let first = decoder.first_scan()?;
    let frame = &first.frame;
    let is_usual = |of: (usize, usize)| frame.largest.0.is_multiple_of(of.0) && frame.largest.1.is_multiple_of(of.1);
    let has_planes = match frame.components.as_slice() {
        [_] => true,
        [luma, ..] => luma.sampling == frame.largest && has_luma_and_chroma(frame, decoder.marks),
        [] => false,
    };
    if !has_planes || frame.process == Process::Lossless || !frame.samplings().all(is_usual) {
        return Ok(None);
    }
    let layouts = samples::layouts(frame, options.scale);
    Ok(Some(Lazy { layouts, pending: Some((decoder, first)), samples: None, options: *options }))
}

/// Planes that are decoded once they are asked for: their layout alone may show that they are of no use.
struct Lazy<'a> {
    layouts: Vec<PlaneLayout>,
    pending: Option<(Decoder<'a>, FirstScan)>,
    samples: Option<Samples<'a>>,
    options: Decode,
}

impl Planes for Lazy<'_> {
    fn layouts(&self) -> &[PlaneLayout] {
        &self.layouts
    }

    fn read(&mut self, targets: &mut [&mut [u8]]) -> Result<(), ImageError> {
        if let Some((decoder, first)) = self.pending.take() {
            self.samples = Some(Samples::new(decoder, first, &self.options)?);
        }
        self.samples.as_mut().ok_or_else(|| damaged("found no samples"))?.read(targets)
    }

    fn warnings(&self) -> Vec<Warning> {
        self.samples.as_ref().map_or_else(Vec::new, Planes::warnings)
    }
}

/// An image inside of another file.
pub(super) fn part(bytes: &[u8], info: &Info) -> Result<(Vec<u8>, usize), ImageError> {
    // The caller checks the deadline between parts, and how large each is.
    let options = Decode { truncated: Truncated::Refuse, ..Decode::default() };
    let mut decoder = Decoder::new(bytes, info.stored_size, options.deadline);
    let first = decoder.first_scan()?;
    let count = first.frame.components.len();
    let samples = Samples::new(decoder, first, &options)?;
    let mut data = buffer(Format::Jpeg, info.stored_size.pixels() * count as u64, 0)?;
    let count = PixelRows::new(samples, Colors::Separate, &options, Vec::new()).into_intact(&mut data)?;
    Ok((data, count))
}

/// Bytes that decoding takes for coefficients, and for samples on the way to rows; none if the headers cannot be read.
pub(super) fn memory(bytes: &[u8], info: &Info) -> Option<(u64, u64)> {
    let mut decoder = Decoder::new(bytes, info.stored_size, Deadline::default());
    let first = decoder.first_scan().ok()?;
    let FirstScan { frame, .. } = &first;
    let units = |mcus: usize| frame.samplings().map(|(across, down)| (across * down * mcus) as u64).sum::<u64>();
    let strip = units(frame.mcus.0);
    let stored = match frame.process {
        Process::Lossless => units(frame.mcus.0 * frame.mcus.1),
        // Coefficients of two bytes, and a byte for each block.
        _ if is_streamed(&first) => strip * 129,
        _ => units(frame.mcus.0 * frame.mcus.1) * 129,
    };
    // Two strips of samples, and rows of components and of pixels with up to 16 bits.
    Some((stored, strip * 64 * 2 + u64::from(info.stored_size.width) * 32))
}

/// Whether three components are luma and chroma, as libjpeg decides it.
fn has_luma_and_chroma(frame: &Frame, marks: Marks) -> bool {
    let [a, b, c] = frame.components.as_slice() else { return false };
    match marks.adobe {
        _ if marks.is_jfif => true,
        Some(transform) => transform != 0,
        None => frame.process != Process::Lossless && [a.id, b.id, c.id] != *b"RGB",
    }
}
