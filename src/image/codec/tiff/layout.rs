//! What the samples of a pixel mean: TIFF 6.0, `PhotometricInterpretation`, `SamplesPerPixel` and `ExtraSamples`.

use super::super::{Channels, ImageError};
use super::{damaged, directory::SampleFormat, lab::Lab, unsupported};

/// Color spaces of the samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Colors {
    /// Gray, 0 being black.
    Gray,
    /// Gray, 0 being white.
    InvertedGray,
    Rgb,
    /// Indices into the color map.
    Palette,
    Cmyk,
    YCbCr,
    Lab(Lab),
}

/// How samples become pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    pub(super) colors: Colors,
    /// What comes out.
    pub(super) channels: Channels,
    /// Which sample of a pixel is its alpha.
    pub(super) alpha: Option<usize>,
    /// Whether colors are stored multiplied by alpha.
    pub(super) premultiplied: bool,
}

impl Layout {
    /// The layout of pixels with `samples` samples of `bits` bits, of which `extra` describes those behind the colors.
    pub(super) fn new(
        photometric: u16,
        samples: usize,
        bits: u16,
        format: SampleFormat,
        extra: Option<&[u64]>,
    ) -> Result<Self, ImageError> {
        let colors = match photometric {
            0 => Colors::InvertedGray,
            1 | 4 => Colors::Gray,
            2 => Colors::Rgb,
            3 => Colors::Palette,
            5 => Colors::Cmyk,
            6 => Colors::YCbCr,
            8 => Colors::Lab(Lab::Cie),
            9 => Colors::Lab(Lab::Icc),
            10 => Colors::Lab(Lab::Itu),
            32_844 | 32_845 => return Err(unsupported("LogLuv color is not supported".to_owned())),
            other => return Err(unsupported(format!("photometric interpretation {other} is not supported"))),
        };
        let count = colors.count();
        if samples < count {
            return Err(damaged(format!("found {samples} samples per pixel, expected at least {count}")));
        }
        if samples > MAX_SAMPLES {
            return Err(unsupported(format!("found {samples} samples per pixel, expected at most {MAX_SAMPLES}")));
        }
        let fits = match (colors, format) {
            (Colors::Palette, SampleFormat::Unsigned) => matches!(bits, 1..=16),
            (Colors::YCbCr, SampleFormat::Unsigned) => bits == 8,
            (Colors::Lab(_), SampleFormat::Unsigned | SampleFormat::Signed) => matches!(bits, 8 | 16),
            (Colors::Palette | Colors::YCbCr | Colors::Lab(_), _) => false,
            (_, SampleFormat::Unsigned) => matches!(bits, 1..=16 | 24 | 32 | 64),
            (_, SampleFormat::Signed) => matches!(bits, 8 | 16 | 32 | 64),
            (_, SampleFormat::Float) => matches!(bits, 16 | 24 | 32 | 64),
        };
        if !fits {
            return Err(unsupported(format!("{format} samples of {bits} bits are not supported for {}", colors.name())));
        }
        let alpha = alpha(samples - count, extra);
        let channels = match (colors, alpha) {
            (Colors::Gray | Colors::InvertedGray, None) => Channels::Luma,
            (Colors::Gray | Colors::InvertedGray, Some(_)) => Channels::LumaAlpha,
            (_, None) => Channels::Rgb,
            (_, Some(_)) => Channels::Rgba,
        };
        Ok(Self {
            colors,
            channels,
            alpha: alpha.map(|(index, _)| count + index),
            premultiplied: alpha.is_some_and(|(_, associated)| associated),
        })
    }
}

/// Samples that a pixel has at most.
const MAX_SAMPLES: usize = 32;

/// Which of the samples behind the colors is alpha, and whether it is associated.
fn alpha(count: usize, extra: Option<&[u64]>) -> Option<(usize, bool)> {
    const ASSOCIATED: u64 = 1;
    const UNASSOCIATED: u64 = 2;
    // Written by Corel Draw for alpha.
    const COREL: u64 = 999;
    match extra {
        Some(kinds) => {
            let index = kinds.iter().take(count).position(|kind| matches!(*kind, ASSOCIATED | UNASSOCIATED | COREL))?;
            Some((index, kinds.get(index) == Some(&ASSOCIATED)))
        }
        // One sample more than colors, which nothing describes, is alpha for every other program.
        None => (count == 1).then_some((0, false)),
    }
}

impl Colors {
    /// Samples of color in a pixel.
    pub(super) const fn count(self) -> usize {
        match self {
            Self::Gray | Self::InvertedGray | Self::Palette => 1,
            Self::Rgb | Self::YCbCr | Self::Lab(_) => 3,
            Self::Cmyk => 4,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Gray | Self::InvertedGray => "gray",
            Self::Rgb => "RGB",
            Self::Palette => "a palette",
            Self::Cmyk => "CMYK",
            Self::YCbCr => "YCbCr",
            Self::Lab(_) => "L*a*b*",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::type_complexity, reason = "a table of cases")]
    fn alpha_is_found_wherever_it_stands() {
        let cases: [(u16, usize, Option<&[u64]>, Option<usize>, bool); 16] = [
            (2, 3, None, None, false),
            (2, 4, None, Some(3), false),
            (2, 4, Some(&[0]), None, false),
            (2, 4, Some(&[1]), Some(3), true),
            (2, 4, Some(&[2]), Some(3), false),
            (2, 4, Some(&[999]), Some(3), false),
            (2, 5, None, None, false),
            (2, 5, Some(&[0, 2]), Some(4), false),
            (2, 5, Some(&[0, 1]), Some(4), true),
            (2, 3, Some(&[2]), None, false),
            (1, 2, None, Some(1), false),
            (0, 2, Some(&[0]), None, false),
            (1, 3, Some(&[0, 1]), Some(2), true),
            (3, 2, Some(&[2]), Some(1), false),
            (5, 5, Some(&[2]), Some(4), false),
            (5, 6, Some(&[0, 0]), None, false),
        ];
        for (photometric, samples, extra, alpha, premultiplied) in cases {
            let layout = Layout::new(photometric, samples, 8, SampleFormat::Unsigned, extra).unwrap();
            assert_eq!((layout.alpha, layout.premultiplied), (alpha, premultiplied), "{photometric} {samples} {extra:?}");
            assert_eq!(layout.channels.has_alpha(), alpha.is_some(), "{photometric} {samples} {extra:?}");
        }
    }
}
