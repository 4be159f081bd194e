//! Rows of MCUs that are damaged or cut off, read as far as they go: as libjpeg does, so that what is concealed looks alike.

use super::{
    super::faults::Faults,
    bits::Bits,
    frame::Frame,
    huffman::{Block, Table, ZIGZAG},
    scan::{Scan, Strip},
};

impl Scan<'_> {
    /// Reads the next row of MCUs; blocks whose data is missing are zero, mid-gray.
    pub(super) fn read_damaged(&mut self, frame: &Frame<'_>, strip: &mut Strip) {
        strip.clear();
        for mcu in 0..frame.mcus.0 {
            if self.intervals.begin_mcu() {
                self.means = [0; 3];
            }
            if self.intervals.is_exhausted() {
                continue;
            }
            for ((component, part), mean) in frame.components.iter().zip(&mut strip.parts).zip(&mut self.means) {
                let (across, down) = component.sampling;
                for at in (0..down).flat_map(|row| (0..across).map(move |column| (row, mcu * across + column))) {
                    let at = at.0 * part.across + at.1;
                    let (Some(block), Some(has_waves)) = (part.blocks.get_mut(at), part.has_waves.get_mut(at)) else { continue };
                    let bits = &mut self.intervals.bits;
                    *has_waves = read_damaged_block(bits, block, mean, [&component.means, &component.waves], &mut self.intervals.faults);
                }
            }
            self.intervals.end_mcu();
        }
    }
}

/// Reads a block of zeros, and says whether it has AC coefficients. A code that does not exist stands for zero.
pub(in super::super) fn read_damaged_block(
    bits: &mut Bits<'_>,
    block: &mut Block,
    mean: &mut i32,
    [means, waves]: [&Table; 2],
    faults: &mut Faults,
) -> bool {
    let size = means.code(bits, faults).min(16);
    *mean = mean.wrapping_add(bits.number(size.into()));
    block[0] = low_bits(*mean);
    let mut has_waves = false;
    let mut at = 1;
    while at < 64 {
        let symbol = waves.code(bits, faults);
        let (run, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
        match (run, size) {
            (15, 0) => at += 16,
            (_, 0) => break,
            _ => {
                block[usize::from(ZIGZAG[(at + run) % 128] % 64)] = low_bits(bits.number(size));
                has_waves = true;
                at += run + 1;
            }
        }
    }
    // A run that leads out of the block.
    faults.is_damaged |= at > 64;
    has_waves
}

#[expect(clippy::cast_possible_truncation, reason = "damaged data can overflow, as it can in C")]
pub(in super::super) const fn low_bits(number: i32) -> i16 {
    number as i16
}
