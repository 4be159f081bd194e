//! Which values of samples are black and white, where their kind does not say so.
//!
//! Whole numbers of up to 16 bits use all of their range. Wider and signed numbers and fractions often do not: pixels of 8 or 16 bits are stored in them as
//! well. So all of the image is looked at first.

use super::{
    directory::{Directory, SampleFormat},
    layout::Colors,
    samples::values,
};

/// The values of black and white.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Range {
    pub(super) black: f64,
    pub(super) white: f64,
}

impl Range {
    /// All values of a kind of number; from 0 to 1 for fractions.
    pub(super) fn full(format: SampleFormat, bits: u16) -> Self {
        let count = f64::from(bits).exp2();
        match format {
            SampleFormat::Unsigned => Self { black: 0.0, white: count - 1.0 },
            SampleFormat::Signed => Self { black: -count / 2.0, white: count / 2.0 - 1.0 },
            SampleFormat::Float => Self { black: 0.0, white: 1.0 },
        }
    }
}

/// Whether the range of an image is told by its values.
pub(super) fn depends_on_values(directory: &Directory<'_>) -> bool {
    let is_light = !matches!(directory.layout.colors, Colors::Lab(_) | Colors::Palette);
    is_light && (directory.format != SampleFormat::Unsigned || directory.bits > 16)
}

/// What is known of the values of an image.
#[derive(Debug, Clone, Copy)]
pub(super) struct Survey {
    least: f64,
    most: f64,
    count: u64,
    /// Values above 1, and those that are no whole numbers.
    above_one: u64,
    fractions: u64,
}

impl Survey {
    pub(super) const fn new() -> Self {
        Self { least: f64::INFINITY, most: f64::NEG_INFINITY, count: 0, above_one: 0, fractions: 0 }
    }

    /// Adds a row of samples as they are stored.
    pub(super) fn add(&mut self, directory: &Directory<'_>, row: &[u8]) {
        values(directory, row).filter(|value| value.is_finite()).for_each(|value| self.count_in(value));
    }

    fn count_in(&mut self, value: f64) {
        self.least = self.least.min(value);
        self.most = self.most.max(value);
        self.count += 1;
        self.above_one += u64::from(value > 1.0);
        self.fractions += u64::from(value.fract() != 0.0);
    }

    /// The range that fits: the smallest of 8 bits, 16 bits and all bits that holds every value.
    pub(super) fn range(&self, format: SampleFormat, bits: u16) -> Range {
        let full = Range::full(format, bits);
        let smallest = || [255.0, 65_535.0, full.white].into_iter().filter(|&white| white <= full.white || format == SampleFormat::Float);
        match format {
            SampleFormat::Signed if self.least < 0.0 => full,
            // Some highlights are brighter than white in images of high dynamic range, but then most values are not.
            SampleFormat::Float if self.most <= 1.0 || (self.fractions > 0 && self.above_one <= self.count / 2) => full,
            SampleFormat::Float => Range { black: 0.0, white: smallest().find(|&white| white >= self.most).unwrap_or(self.most) },
            SampleFormat::Signed | SampleFormat::Unsigned => {
                Range { black: 0.0, white: smallest().find(|&white| white >= self.most).unwrap_or(full.white) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_usual_range_that_holds_all_values_is_taken() {
        use SampleFormat::{Float, Signed, Unsigned};
        for (format, bits, values, black, white) in [
            (Unsigned, 32, &[0.0, 255.0][..], 0.0, 255.0),
            (Unsigned, 32, &[0.0, 256.0], 0.0, 65_535.0),
            (Unsigned, 32, &[0.0, 65_536.0], 0.0, 4_294_967_295.0),
            (Signed, 8, &[0.0, 127.0], 0.0, 127.0),
            (Signed, 8, &[-1.0, 127.0], -128.0, 127.0),
            (Signed, 16, &[0.0, 200.0], 0.0, 255.0),
            (Signed, 16, &[0.0, 2000.0], 0.0, 32_767.0),
            (Signed, 16, &[-3.0, 200.0], -32_768.0, 32_767.0),
            (Signed, 32, &[0.0, 200.0], 0.0, 255.0),
            (Float, 32, &[0.0, 1.0], 0.0, 1.0),
            (Float, 32, &[0.1, 0.2, 7.5], 0.0, 1.0),
            (Float, 32, &[0.0, 0.0, 255.0], 0.0, 255.0),
            (Float, 32, &[0.5, 77.5, 254.5], 0.0, 255.0),
            (Float, 32, &[3.0, 1000.0], 0.0, 65_535.0),
            (Float, 32, &[3.0, 100_000.0], 0.0, 100_000.0),
            (Float, 32, &[], 0.0, 1.0),
        ] {
            let mut survey = Survey::new();
            values.iter().for_each(|&value| survey.count_in(value));
            assert_eq!(survey.range(format, bits), Range { black, white }, "{format} {bits} {values:?}");
        }
    }
}
