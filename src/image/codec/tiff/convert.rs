//! Rows of samples to gray or sRGB, with straight alpha.

use super::super::{CmykTransform, cmyk, unmultiplied};
use super::{directory::Directory, lab::Lab, layout::Colors, part};

/// What the conversion of an image needs beside its samples.
pub(super) struct Converter {
    palette: Vec<[u8; 3]>,
    inks: Option<CmykTransform>,
}

impl Converter {
    pub(super) fn new(directory: &Directory<'_>, inks: Option<CmykTransform>) -> Self {
        Self { palette: palette(directory), inks }
    }

    /// A row of pixels with the channels of the layout, from samples as a band holds them.
    pub(super) fn convert(&self, directory: &Directory<'_>, samples: &[u8], row: &mut [u8]) {
        let layout = &directory.layout;
        if self.copies_rows(directory) {
            let count = samples.len().min(row.len());
            if let (Some(from), Some(to)) = (samples.get(..count), row.get_mut(..count)) {
                to.copy_from_slice(from);
            }
            return;
        }
        let size = directory.band_bytes();
        let pixel = directory.samples * size;
        let count = layout.channels.count();
        let pixels = samples.chunks_exact(pixel).zip(row.chunks_exact_mut(count));
        match layout.colors {
            Colors::Gray | Colors::Rgb => {
                for (from, to) in pixels {
                    to.iter_mut().zip(from).take(layout.colors.count()).for_each(|(to, from)| *to = *from);
                }
            }
            Colors::InvertedGray => {
                for (from, to) in pixels {
                    to.iter_mut().zip(from).take(1).for_each(|(to, from)| *to = 255 - *from);
                }
            }
            Colors::Palette => {
                for (from, to) in pixels {
                    let index = usize::from(sample(from, 0, size));
                    let color = self.palette.get(index).copied().unwrap_or_default();
                    to.iter_mut().zip(color).for_each(|(to, from)| *to = from);
                }
            }
            Colors::Cmyk => self.convert_inks(directory, samples, row),
            Colors::YCbCr => {
                let levels = Levels::of(directory);
                for (from, to) in pixels {
                    let &[y, cb, cr, ..] = from else { continue };
                    to.iter_mut().zip(levels.to_rgb(y, cb, cr)).for_each(|(to, from)| *to = from);
                }
            }
            Colors::Lab(lab) => convert_lab(lab, size, pixels),
        }
        if let Some(index) = layout.alpha {
            let pixels = samples.chunks_exact(pixel).zip(row.chunks_exact_mut(count));
            for (from, to) in pixels {
                let Some((alpha, colors)) = to.split_last_mut() else { continue };
                *alpha = opacity(sample(from, index, size), directory);
                if layout.premultiplied {
                    colors.iter_mut().for_each(|color| *color = unmultiplied(*color, *alpha));
                }
            }
        }
    }

    /// Whether the samples are the pixels already.
    fn copies_rows(&self, directory: &Directory<'_>) -> bool {
        let layout = &directory.layout;
        let is_packed = directory.samples == layout.channels.count() && layout.alpha.is_none_or(|index| index + 1 == directory.samples);
        matches!(layout.colors, Colors::Gray | Colors::Rgb) && is_packed && !layout.premultiplied
    }

    fn convert_inks(&self, directory: &Directory<'_>, samples: &[u8], row: &mut [u8]) {
        let count = directory.layout.channels.count();
        let pixels = samples.chunks_exact(directory.samples);
        if let Some(inks) = &self.inks {
            let packed: Vec<u8> = pixels.clone().flat_map(|pixel| pixel.iter().take(4).copied()).collect();
            let mut colors = vec![0; packed.len() / 4 * 3];
            if inks.apply(&packed, &mut colors).is_ok() {
                for (to, from) in row.chunks_exact_mut(count).zip(colors.as_chunks::<3>().0) {
                    to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
                }
                return;
            }
        }
        for (from, to) in pixels.zip(row.chunks_exact_mut(count)) {
            if let (Some(inks), Some(colors)) = (from.get(..4), to.get_mut(..3)) {
                cmyk::naive(inks, colors);
            }
        }
    }
}

/// The colors of a palette, whose channels follow one another with 16 bits each.
fn palette(directory: &Directory<'_>) -> Vec<[u8; 3]> {
    let map = &directory.color_map;
    let count = map.len() / 3;
    // Some writers fill in 8 bits only.
    let short = map.iter().all(|&value| value < 256);
    let narrow = |value: u64| u8::try_from(if short { value } else { value >> 8 }).unwrap_or(u8::MAX);
    (0..count).map(|index| [0, 1, 2].map(|channel| map.get(channel * count + index).copied().map_or(0, narrow))).collect()
}

/// A sample of a pixel of a band.
fn sample(pixel: &[u8], index: usize, size: usize) -> u16 {
    match size {
        1 => pixel.get(index).copied().map_or(0, u16::from),
        _ => pixel.as_chunks::<2>().0.get(index).copied().map_or(0, u16::from_ne_bytes),
    }
}

/// An alpha sample, as a byte: of a palette's pixels it is stored as it is, like the index.
fn opacity(stored: u16, directory: &Directory<'_>) -> u8 {
    let most = match directory.layout.colors {
        Colors::Palette => (1u32 << directory.bits.min(16)) - 1,
        _ if directory.band_bytes() == 2 => 65_535,
        _ => 255,
    };
    u8::try_from((u32::from(stored) * 255 + most / 2) / most).unwrap_or(u8::MAX)
}

fn convert_lab<'a>(lab: Lab, size: usize, pixels: impl Iterator<Item = (&'a [u8], &'a mut [u8])>) {
    // Neighbors are often equal, and cube roots slow.
    let mut last = ([0; 3], lab.to_srgb([0; 3], size == 2));
    for (from, to) in pixels {
        let samples = [0, 1, 2].map(|index| sample(from, index, size));
        if last.0 != samples {
            last = (samples, lab.to_srgb(samples, size == 2));
        }
        to.iter_mut().zip(last.1).for_each(|(to, from)| *to = from);
    }
}

/// How luma and chroma become RGB.
struct Levels {
    /// Code of none and codes up to full, for Y, Cb and Cr.
    ranges: [(f32, f32); 3],
    weights: [f32; 3],
}

impl Levels {
    /// TIFF 6.0, sections 20 and 21; for JPEG, whose levels are fixed, those of ITU-T T.871.
    fn of(directory: &Directory<'_>) -> Self {
        let [y0, y1, b0, b1, r0, r1] = directory.reference_levels;
        let ranges = [(y0, (y1 - y0) / 255.0), (b0, (b1 - b0) / 127.0), (r0, (r1 - r0) / 127.0)];
        if part::is_image(directory.compression) {
            return Self { ranges: [(0.0, 1.0), (128.0, 1.0), (128.0, 1.0)], weights: [0.299, 0.587, 0.114] };
        }
        Self { ranges, weights: directory.luma_weights }
    }

    fn to_rgb(&self, y: u8, cb: u8, cr: u8) -> [u8; 3] {
        let [y, cb, cr] =
            [(y, self.ranges[0]), (cb, self.ranges[1]), (cr, self.ranges[2])].map(|(code, (none, step))| (f32::from(code) - none) / step);
        let [red, green, blue] = self.weights;
        let r = y + cr * (2.0 - 2.0 * red);
        let b = y + cb * (2.0 - 2.0 * blue);
        let g = (y - red * r - blue * b) / green;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=255 first")]
        [r, g, b].map(|value| value.round().clamp(0.0, 255.0) as u8)
    }
}
