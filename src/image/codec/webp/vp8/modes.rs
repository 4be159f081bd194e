//! How the blocks of a row are predicted (RFC 6386, 11).

use super::super::super::super::simd::widest;
use super::{bools::Bools, header::Header, tables::MODES};

/// What a block is predicted from. Blocks of 16 and of 8 samples a side know the first four.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Mode {
    /// The mean of the row above and the column to the left.
    #[default]
    Mean,
    /// Above and left, less the corner.
    Gradient,
    /// What is above.
    Above,
    /// What is to the left.
    Left,
    DownRight,
    VerticalRight,
    DownLeft,
    VerticalLeft,
    HorizontalDown,
    HorizontalUp,
}

/// 16 samples a side of luma, and 8 of chroma.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Macroblock {
    pub(super) segment: u8,
    /// Whether it says that it has no coefficients.
    pub(super) is_skipped: bool,
    /// Whether luma is predicted in small blocks, four samples a side.
    pub(super) is_split: bool,
    /// The modes of these; else all are the one of the whole.
    pub(super) luma: [Mode; 16],
    pub(super) chroma: Mode,
}

/// Reads modes row by row.
pub(super) struct Modes<'a> {
    bools: Bools<'a>,
    segments: Option<[u8; 3]>,
    skipping: Option<u8>,
    /// The modes of the small blocks above.
    above: Vec<[Mode; 4]>,
}

impl<'a> Modes<'a> {
    pub(super) fn new(header: &Header<'a>) -> Self {
        let across = header.size.width.div_ceil(16) as usize;
        Self { bools: header.modes.clone(), segments: header.segments, skipping: header.skipping, above: vec![[Mode::Mean; 4]; across] }
    }

    /// Reads those of the next row; false if they are not all there.
    pub(super) fn row(&mut self, row: &mut [Macroblock]) -> bool {
        widest(
            #[inline(always)]
            || self.macroblocks(row),
        )
    }

    #[inline(always)]
    fn macroblocks(&mut self, row: &mut [Macroblock]) -> bool {
        let mut bools = self.bools.clone();
        let mut left = [Mode::Mean; 4];
        for (block, above) in row.iter_mut().zip(&mut self.above) {
            block.segment = self.segments.map_or(0, |probabilities| segment(&mut bools, probabilities));
            block.is_skipped = self.skipping.is_some_and(|probability| bools.bit(probability));
            block.is_split = !bools.bit(145);
            if block.is_split {
                let (rows, _) = block.luma.as_chunks_mut::<4>();
                for (left, row) in left.iter_mut().zip(rows) {
                    for (mode, above) in row.iter_mut().zip(above.iter_mut()) {
                        *mode = small(&mut bools, &MODES[*above as usize][*left as usize]);
                        (*above, *left) = (*mode, *mode);
                    }
                }
            } else {
                let mode = if bools.bit(156) {
                    if bools.bit(128) { Mode::Gradient } else { Mode::Left }
                } else if bools.bit(163) {
                    Mode::Above
                } else {
                    Mode::Mean
                };
                block.luma = [mode; 16];
                (*above, left) = ([mode; 4], [mode; 4]);
            }
            block.chroma = if !bools.bit(142) {
                Mode::Mean
            } else if !bools.bit(114) {
                Mode::Above
            } else if !bools.bit(183) {
                Mode::Left
            } else {
                Mode::Gradient
            };
        }
        self.bools = bools;
        !self.bools.has_ended()
    }
}

fn segment(bools: &mut Bools<'_>, [first, low, high]: [u8; 3]) -> u8 {
    match bools.bit(first) {
        false => u8::from(bools.bit(low)),
        true => 2 + u8::from(bools.bit(high)),
    }
}

/// The mode of a small block.
#[inline(always)]
fn small(bools: &mut Bools<'_>, probabilities: &[u8; 9]) -> Mode {
    if !bools.bit(probabilities[0]) {
        Mode::Mean
    } else if !bools.bit(probabilities[1]) {
        Mode::Gradient
    } else if !bools.bit(probabilities[2]) {
        Mode::Above
    } else if !bools.bit(probabilities[3]) {
        if !bools.bit(probabilities[4]) {
            Mode::Left
        } else if !bools.bit(probabilities[5]) {
            Mode::DownRight
        } else {
            Mode::VerticalRight
        }
    } else if !bools.bit(probabilities[6]) {
        Mode::DownLeft
    } else if !bools.bit(probabilities[7]) {
        Mode::VerticalLeft
    } else if !bools.bit(probabilities[8]) {
        Mode::HorizontalDown
    } else {
        Mode::HorizontalUp
    }
}
