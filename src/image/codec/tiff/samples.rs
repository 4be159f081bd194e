//! Rows of packed samples to one byte a sample, and the predictors of TIFF 6.0 (section 14) and Adobe's TIFF Technical Note 3.

use super::{
    directory::{Directory, SampleFormat},
    layout::Colors,
    range::Range,
};

/// Turns differences between neighbors back into samples, in place.
pub(super) fn undo_predictor(directory: &Directory<'_>, row: &mut [u8]) {
    let samples = directory.chunk_samples();
    match (directory.predictor, directory.bits) {
        (2, 8) => undo_byte_differences(row, samples),
        (2, 16) => undo_differences::<2>(row, samples, directory.big_endian),
        (2, 32) => undo_differences::<4>(row, samples, directory.big_endian),
        (2, 64) => undo_differences::<8>(row, samples, directory.big_endian),
        (3, bits) => {
            // Bytes are sorted by their weight, the heaviest first, and differ from their neighbors.
            undo_byte_differences(row, samples);
            let size = usize::from(bits / 8);
            let count = row.len() / size;
            let sorted = row.to_vec();
            for (index, value) in row.chunks_exact_mut(size).enumerate() {
                for (weight, byte) in value.iter_mut().enumerate() {
                    let weight = if directory.big_endian { weight } else { size - 1 - weight };
                    *byte = sorted.get(weight * count + index).copied().unwrap_or_default();
                }
            }
        }
        _ => {}
    }
}

fn undo_byte_differences(row: &mut [u8], samples: usize) {
    for at in samples..row.len() {
        row[at] = row[at].wrapping_add(row[at - samples]);
    }
}

fn undo_differences<const N: usize>(row: &mut [u8], samples: usize, big_endian: bool) {
    let (row, _) = row.as_chunks_mut::<N>();
    for at in samples..row.len() {
        let (sum, before) = (row[at], row[at - samples]);
        let mut carry = 0;
        let mut add = |index: usize| {
            let digit = u16::from(sum[index]) + u16::from(before[index]) + carry;
            carry = digit >> 8;
            row[at][index] = digit.to_le_bytes()[0];
        };
        if big_endian { (0..N).rev().for_each(&mut add) } else { (0..N).for_each(&mut add) }
    }
}

/// A row of packed samples as it is kept for a band: a byte a sample from 0 for none to 255 for full, or the value itself, in two bytes where one is not
/// enough, for what is no amount of light: indices into a color map, and L\*a\*b\*.
pub(super) fn expand(directory: &Directory<'_>, row: &[u8], out: &mut [u8]) {
    let bits = usize::from(directory.bits);
    let is_index = directory.layout.colors == Colors::Palette;
    match (bits, directory.format) {
        (8, SampleFormat::Unsigned) => copy(row, out),
        (8, _) if matches!(directory.layout.colors, Colors::Lab(_)) => copy(row, out),
        _ if directory.band_bytes() == 2 => {
            let stored = packed(directory, row);
            for (sample, value) in out.as_chunks_mut::<2>().0.iter_mut().zip(stored) {
                *sample = u16::try_from(value).unwrap_or(u16::MAX).to_ne_bytes();
            }
        }
        (..8, SampleFormat::Unsigned) => {
            let most = (1 << bits) - 1;
            let factor = if is_index { most } else { 255 };
            for (sample, value) in out.iter_mut().zip(packed(directory, row)) {
                *sample = u8::try_from((value * factor + most / 2) / most).unwrap_or(u8::MAX);
            }
        }
        (..=16, SampleFormat::Unsigned) => {
            let most = (1 << bits) - 1;
            for (sample, value) in out.iter_mut().zip(packed(directory, row)) {
                *sample = u8::try_from((value * 255 + most / 2) / most).unwrap_or(u8::MAX);
            }
        }
        _ => {
            let Range { black, white } = directory.range;
            for (sample, value) in out.iter_mut().zip(values(directory, row)) {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "`as` saturates, and makes 0 of what is no number"
                )]
                let byte = ((value - black) / (white - black) * 255.0).round() as u8;
                *sample = byte;
            }
        }
    }
}

fn copy(row: &[u8], out: &mut [u8]) {
    let count = row.len().min(out.len());
    if let (Some(to), Some(from)) = (out.get_mut(..count), row.get(..count)) {
        to.copy_from_slice(from);
    }
}

/// The samples of a row as numbers.
pub(super) fn values<'a>(directory: &'a Directory<'_>, row: &'a [u8]) -> impl Iterator<Item = f64> + 'a {
    let bits = usize::from(directory.bits);
    let format = directory.format;
    packed(directory, row).map(move |value| match format {
        SampleFormat::Unsigned => value as f64,
        SampleFormat::Signed => ((value << (64 - bits)).cast_signed() >> (64 - bits)) as f64,
        SampleFormat::Float => float(value, bits),
    })
}

/// The samples of a row as whole numbers: those of whole bytes in the order of the file, others with the highest bit first.
fn packed<'a>(directory: &'a Directory<'_>, row: &'a [u8]) -> impl Iterator<Item = u64> + 'a {
    let bits = usize::from(directory.bits);
    let big_endian = directory.big_endian || !bits.is_multiple_of(8);
    (0..).step_by(bits).map_while(move |start: usize| {
        let (first, last) = (start / 8, (start + bits).div_ceil(8));
        let bytes = row.get(first..last)?;
        let fold = |value: u64, &byte: &u8| value << 8 | u64::from(byte);
        let value = if big_endian { bytes.iter().fold(0, fold) } else { bytes.iter().rev().fold(0, fold) };
        let behind = last * 8 - (start + bits);
        Some(if bits == 64 { value } else { value >> behind & ((1 << bits) - 1) })
    })
}

/// The number that the bits of an IEEE 754 half, single or double, or of Adobe's 24-bit format stand for.
fn float(bits: u64, count: usize) -> f64 {
    // Bits of the exponent and of the fraction.
    let (exponent_bits, fraction_bits) = match count {
        16 => (5, 10),
        24 => (7, 16),
        32 => (8, 23),
        _ => (11, 52),
    };
    let negative = bits >> (exponent_bits + fraction_bits) & 1 != 0;
    let exponent = bits >> fraction_bits & ((1 << exponent_bits) - 1);
    let fraction = bits & ((1 << fraction_bits) - 1);
    let bias = (1i32 << (exponent_bits - 1)) - 1;
    let fraction = fraction as f64 / (1u64 << fraction_bits) as f64;
    let exponent = i32::try_from(exponent).unwrap_or(i32::MAX);
    let value = if exponent == (1 << exponent_bits) - 1 {
        if fraction == 0.0 { f64::INFINITY } else { f64::NAN }
    } else if exponent == 0 {
        fraction * f64::from(1 - bias).exp2()
    } else {
        (1.0 + fraction) * f64::from(exponent - bias).exp2()
    };
    if negative { -value } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floating_point_numbers_of_every_size_are_read() {
        for value in [0.0, 1.0, -1.0, 0.5, 0.333_251_953_125, 65_504.0, 6.103_515_625e-5, f64::INFINITY] {
            #[expect(clippy::cast_possible_truncation, reason = "exact for these values")]
            let single = value as f32;
            assert_eq!(float(u64::from(single.to_bits()), 32), value);
            assert_eq!(float(value.to_bits(), 64), value);
        }
        for (bits, expected) in [(0x3c00, 1.0), (0xbc00, -1.0), (0x3800, 0.5), (0x0001, 5.960_464_477_539_063e-8), (0x7bff, 65_504.0)] {
            assert_eq!(float(bits, 16), expected);
        }
        assert_eq!((float(0x3f_0000, 24), float(0x3e_8000, 24)), (1.0, 0.75));
        assert!(float(0x7e00, 16).is_nan());
    }
}
