//! The forward discrete cosine transform of 8 by 8 samples, and quantization (T.81, A.3.3 and A.3.4).

use std::array;

use super::tables::ZIGZAG;

/// Bits of the fraction in the constants.
const FRACTION: u32 = 13;
/// Bits that the first pass leaves for the second to round away.
const GUARD: u32 = 2;

/// Eight numbers, one for each of eight one-dimensional transforms that run side by side.
type Lanes = [i32; 8];

/// Quantized coefficients, column by column.
#[derive(Debug, Clone)]
pub(super) struct Block {
    coefficients: [i32; 64],
}

/// Where each coefficient of the zigzag sequence stands in a [`Block`].
const ORDER: [u8; 64] = order();
/// For each column of a [`Block`], which places in the zigzag sequence a set of its coefficients takes.
static PLACES: [[u64; 256]; 8] = places();

impl Block {
    /// Coefficient 0, of the mean.
    #[inline(always)]
    pub(super) const fn dc(&self) -> i32 {
        self.coefficients[0]
    }

    /// The coefficient at this place of the zigzag sequence.
    #[inline(always)]
    pub(super) fn zigzag(&self, place: usize) -> i32 {
        self.coefficients[usize::from(ORDER[place & 63])]
    }

    /// A bit for each coefficient that is not 0, in zigzag order.
    #[inline(always)]
    pub(super) fn nonzero(&self) -> u64 {
        let mut places = 0;
        for (column, table) in self.coefficients.as_chunks::<8>().0.iter().zip(&PLACES) {
            let mut set = 0_u8;
            for (bit, &coefficient) in column.iter().enumerate() {
                set |= u8::from(coefficient != 0) << bit;
            }
            places |= table[usize::from(set)];
        }
        places
    }
}

/// A quantization table, made ready to multiply by.
pub(super) struct Quantizer {
    /// Half of the divisor, which rounds.
    half: [u32; 64],
    factor: [u32; 64],
    shift: [u32; 64],
}

impl Quantizer {
    /// For a table row by row, as stored in files before the zigzag.
    ///
    /// The transform's results are eight times too large, which the divisors take back. Division is a multiplication and a shift that are exact
    /// for numbers below 2¹⁵; the transform of 8-bit samples has none above 8192.
    pub(super) fn new(table: &[u8; 64]) -> Self {
        let divisor = |index: usize| u32::from(table[index % 8 * 8 + index / 8].max(1)) * 8;
        let shift = |divisor: u32| 15 + divisor.next_power_of_two().ilog2();
        let factor = |divisor: u32| u32::try_from((1_u64 << shift(divisor)).div_ceil(u64::from(divisor))).unwrap_or(0);
        Self {
            half: array::from_fn(|index| divisor(index) / 2),
            factor: array::from_fn(|index| factor(divisor(index))),
            shift: array::from_fn(|index| shift(divisor(index))),
        }
    }

    /// The quantized coefficients of eight rows of eight samples.
    #[inline(always)]
    pub(super) fn coefficients(&self, samples: [&[u8; 8]; 8]) -> Block {
        let rows = samples.map(|row| row.map(|sample| i32::from(sample) - 128));
        let columns = transposed(&transform::<true>(&rows));
        let transformed = transform::<false>(&columns);
        let mut coefficients = [0; 64];
        for (index, (target, &value)) in coefficients.iter_mut().zip(transformed.as_flattened()).enumerate() {
            let magnitude = ((value.unsigned_abs() + self.half[index]).wrapping_mul(self.factor[index]) >> self.shift[index]).cast_signed();
            let sign = value >> 31;
            *target = (magnitude ^ sign) - sign;
        }
        Block { coefficients }
    }
}

/// One-dimensional transforms of eight columns, by the algorithm of Loeffler, Ligtenberg and Moschytz (ICASSP 1989) with eleven multiplications.
///
/// The first pass leaves [`GUARD`] bits of fraction, the second takes them back.
#[inline(always)]
fn transform<const IS_FIRST: bool>(input: &[Lanes; 8]) -> [Lanes; 8] {
    let [s0, s1, s2, s3] = array::from_fn(|row| add(input[row], input[7 - row]));
    let [d0, d1, d2, d3] = array::from_fn(|row| sub(input[row], input[7 - row]));

    let (even_sum, even_difference) = (add(s0, s3), sub(s0, s3));
    let (middle_sum, middle_difference) = (add(s1, s2), sub(s1, s2));
    let whole = |lanes: Lanes| if IS_FIRST { lanes.map(|value| value << GUARD) } else { lanes.map(|value| rounded(value, GUARD)) };
    let shift = if IS_FIRST { FRACTION - GUARD } else { FRACTION + GUARD };
    let scaled = |lanes: Lanes| lanes.map(|value| rounded(value, shift));

    let rotated = times(add(middle_difference, even_difference), fixed(0.541_196_100));
    let out2 = scaled(add(rotated, times(even_difference, fixed(0.765_366_865))));
    let out6 = scaled(sub(rotated, times(middle_difference, fixed(1.847_759_065))));

    let common = times(add(add(d3, d1), add(d2, d0)), fixed(1.175_875_602));
    let outer = times(add(d3, d0), fixed(-0.899_976_223));
    let inner = times(add(d2, d1), fixed(-2.562_915_447));
    let odd = add(times(add(d3, d1), fixed(-1.961_570_560)), common);
    let even = add(times(add(d2, d0), fixed(-0.390_180_644)), common);
    let out7 = scaled(add(add(times(d3, fixed(0.298_631_336)), outer), odd));
    let out5 = scaled(add(add(times(d2, fixed(2.053_119_869)), inner), even));
    let out3 = scaled(add(add(times(d1, fixed(3.072_711_026)), inner), odd));
    let out1 = scaled(add(add(times(d0, fixed(1.501_321_110)), outer), even));

    [whole(add(even_sum, middle_sum)), out1, out2, out3, whole(sub(even_sum, middle_sum)), out5, out6, out7]
}

#[inline(always)]
fn add(a: Lanes, b: Lanes) -> Lanes {
    array::from_fn(|lane| a[lane] + b[lane])
}

#[inline(always)]
fn sub(a: Lanes, b: Lanes) -> Lanes {
    array::from_fn(|lane| a[lane] - b[lane])
}

#[inline(always)]
fn times(lanes: Lanes, factor: i32) -> Lanes {
    lanes.map(|value| value * factor)
}

#[inline(always)]
const fn rounded(value: i32, shift: u32) -> i32 {
    (value + (1 << (shift - 1))) >> shift
}

#[expect(clippy::cast_possible_truncation, reason = "constants below 4, with 13 bits of fraction")]
const fn fixed(number: f64) -> i32 {
    let scaled = number * (1 << FRACTION) as f64;
    (if number < 0.0 { scaled - 0.5 } else { scaled + 0.5 }) as i32
}

#[inline(always)]
fn transposed(rows: &[Lanes; 8]) -> [Lanes; 8] {
    array::from_fn(|column| array::from_fn(|row| rows[row][column]))
}

const fn order() -> [u8; 64] {
    let mut order = [0; 64];
    let mut place = 0;
    while place < 64 {
        order[place] = ZIGZAG[place] % 8 * 8 + ZIGZAG[place] / 8;
        place += 1;
    }
    order
}

const fn places() -> [[u64; 256]; 8] {
    let mut tables = [[0; 256]; 8];
    let mut place = 0;
    while place < 64 {
        let (column, bit) = (ORDER[place] as usize / 8, ORDER[place] as usize % 8);
        let mut set = 0;
        while set < 256 {
            if set >> bit & 1 == 1 {
                tables[column][set] |= 1 << place;
            }
            set += 1;
        }
        place += 1;
    }
    tables
}

#[cfg(test)]
#[allow(clippy::cast_possible_truncation, reason = "samples of drawings")]
mod tests {
    use std::f64::consts::PI;

    use super::*;

    /// The transform as T.81, A.3.3 defines it, row by row.
    fn ideal(samples: &[[u8; 8]; 8]) -> [[f64; 8]; 8] {
        let scale = |frequency: usize| if frequency == 0 { 0.5_f64.sqrt() } else { 1.0 };
        let wave = |at: usize, frequency: usize| ((2 * at + 1) as f64 * frequency as f64 * PI / 16.0).cos();
        array::from_fn(|v| {
            array::from_fn(|u| {
                let mut sum = 0.0;
                for (y, row) in samples.iter().enumerate() {
                    for (x, &sample) in row.iter().enumerate() {
                        sum += (f64::from(sample) - 128.0) * wave(x, u) * wave(y, v);
                    }
                }
                sum * scale(u) * scale(v) / 4.0
            })
        })
    }

    fn blocks() -> Vec<[[u8; 8]; 8]> {
        let mut state = 1_u32;
        let mut noise = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        let mut blocks = vec![[[0; 8]; 8], [[255; 8]; 8]];
        blocks.push(array::from_fn(|y| array::from_fn(|x| if (x + y) % 2 == 0 { 255 } else { 0 })));
        blocks.push(array::from_fn(|_| array::from_fn(|x| if x < 4 { 255 } else { 0 })));
        blocks.push(array::from_fn(|y| array::from_fn(|x| (x * 20 + y * 9) as u8)));
        blocks.extend((0..200).map(|_| array::from_fn(|_| array::from_fn(|_| noise()))));
        blocks
    }

    #[test]
    fn coefficients_are_those_of_the_definition() {
        for step in [1_u8, 2, 3, 7, 16, 99, 255] {
            let quantizer = Quantizer::new(&[step; 64]);
            for samples in blocks() {
                let found = quantizer.coefficients(samples.each_ref());
                let ideal = ideal(&samples);
                for (place, &index) in ZIGZAG.iter().enumerate() {
                    let exact = ideal[usize::from(index / 8)][usize::from(index % 8)] / f64::from(step);
                    let error = (f64::from(found.zigzag(place)) - exact).abs();
                    assert!(error < 0.5 + 0.3 / f64::from(step), "step {step}, place {place}: {} for {exact}", found.zigzag(place));
                    assert_eq!(found.nonzero() >> place & 1 == 1, found.zigzag(place) != 0);
                }
                assert_eq!(found.dc(), found.zigzag(0));
            }
        }
    }

    #[test]
    fn division_is_exact() {
        for step in 1..=255 {
            let quantizer = Quantizer::new(&[step; 64]);
            let divisor = u32::from(step) * 8;
            for value in 0..16_384_u32 {
                let found = ((value + quantizer.half[0]) * quantizer.factor[0]) >> quantizer.shift[0];
                assert_eq!(found, (value + divisor / 2) / divisor, "{value} / {divisor}");
            }
        }
    }
}
