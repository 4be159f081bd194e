//! From coefficients to what is added to a prediction (RFC 6386, 14.4).

#[cfg(target_arch = "x86_64")]
mod vectors;

#[cfg(target_arch = "x86_64")]
use super::super::super::super::simd::V3;
use super::tokens::{Block, Kind};

/// √2 · cos(π/8) and √2 · sin(π/8), less 1, in parts of 2¹⁶.
const COSINE: i16 = 20_091;
const SINE: i16 = -30_068;

/// 4 by 4 samples, row by row.
pub(super) type Samples = [[u8; 4]; 4];

/// The way from coefficients to samples on the processor at hand.
pub(super) trait Transform: Copy {
    /// A prediction with what many coefficients say.
    fn add(self, samples: Samples, block: &Block) -> Samples;

    /// A prediction, all of it changed by as much.
    fn add_mean(self, samples: Samples, mean: i16) -> Samples;
}

/// Any processor.
#[derive(Clone, Copy)]
pub(super) struct Plain;

impl Transform for Plain {
    #[inline(always)]
    fn add(self, samples: Samples, block: &Block) -> Samples {
        sums(samples, residual(block))
    }

    #[inline(always)]
    fn add_mean(self, samples: Samples, mean: i16) -> Samples {
        sums(samples, [[mean; 4]; 4])
    }
}

#[cfg(target_arch = "x86_64")]
impl Transform for V3 {
    #[inline(always)]
    fn add(self, samples: Samples, block: &Block) -> Samples {
        vectors::add(self, samples, block)
    }

    #[inline(always)]
    fn add_mean(self, samples: Samples, mean: i16) -> Samples {
        vectors::add_mean(self, samples, mean)
    }
}

/// A prediction with what its coefficients say.
#[inline(always)]
pub(super) fn add(transform: impl Transform, prediction: Samples, kind: Kind, block: &Block) -> Samples {
    match kind {
        Kind::Empty => prediction,
        Kind::Mean => transform.add_mean(prediction, mean(block)),
        Kind::Any => transform.add(prediction, block),
    }
}

/// Cut off to 0-255.
#[inline(always)]
fn sums(mut samples: Samples, residual: [[i16; 4]; 4]) -> Samples {
    for (sample, &residual) in samples.as_flattened_mut().iter_mut().zip(residual.as_flattened()) {
        *sample = u8::try_from((i16::from(*sample) + residual).clamp(0, 255)).unwrap_or(255);
    }
    samples
}

/// What is added to all samples where there is no more than the first coefficient.
#[inline(always)]
fn mean(block: &Block) -> i16 {
    i16::try_from((i32::from(block[0]) + 4) >> 3).unwrap_or(0)
}

/// The inverse cosine transform, whose sums are cut to 16 bits where a file is damaged.
#[inline(always)]
fn residual(block: &Block) -> [[i16; 4]; 4] {
    let (rows, _) = block.as_chunks::<4>();
    let down = transposed(pass([rows[0], rows[1], rows[2], rows[3]], 0));
    let mut across = transposed(pass(down, 4));
    for sample in across.as_flattened_mut() {
        *sample >>= 3;
    }
    across
}

/// Four columns at once; `rounding` is added to each result.
#[inline(always)]
fn pass([first, second, third, fourth]: [[i16; 4]; 4], rounding: i16) -> [[i16; 4]; 4] {
    let mut rows = [[0; 4]; 4];
    for x in 0..4 {
        let first = first[x].wrapping_add(rounding);
        let (even, odd) = (first.wrapping_add(third[x]), first.wrapping_sub(third[x]));
        let near = sine(second[x]).wrapping_sub(cosine(fourth[x]));
        let far = cosine(second[x]).wrapping_add(sine(fourth[x]));
        rows[0][x] = even.wrapping_add(far);
        rows[1][x] = odd.wrapping_add(near);
        rows[2][x] = odd.wrapping_sub(near);
        rows[3][x] = even.wrapping_sub(far);
    }
    rows
}

/// Times √2 · cos(π/8).
#[inline(always)]
fn cosine(value: i16) -> i16 {
    scaled(value, COSINE).wrapping_add(value)
}

/// Times √2 · sin(π/8).
#[inline(always)]
fn sine(value: i16) -> i16 {
    scaled(value, SINE).wrapping_add(value)
}

#[inline(always)]
fn scaled(value: i16, factor: i16) -> i16 {
    // The upper half of the product.
    ((i32::from(value) * i32::from(factor)) >> 16) as i16
}

#[inline(always)]
fn transposed(rows: [[i16; 4]; 4]) -> [[i16; 4]; 4] {
    let mut columns = [[0; 4]; 4];
    for (x, column) in columns.iter_mut().enumerate() {
        *column = [rows[0][x], rows[1][x], rows[2][x], rows[3][x]];
    }
    columns
}

#[cfg(all(test, target_arch = "x86_64"))]
mod tests {
    use super::*;

    #[test]
    fn vectors_come_to_the_same_samples() {
        let Some(simd) = V3::try_new() else { return eprintln!("skipped: this processor has no AVX2") };
        let mut noise = 1_u32;
        let mut next = || {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            noise >> 16
        };
        // The last ones are out of any range, as in damaged files.
        for shift in [9, 7, 5, 3, 0] {
            for _ in 0..500 {
                let block: Block = std::array::from_fn(|_| next().cast_signed() as i16 >> shift);
                let samples = [[0; 4]; 4].map(|row| row.map(|_: u8| next() as u8));
                assert_eq!(simd.vectorize(|| simd.add(samples, &block)), Plain.add(samples, &block), "{block:?}");
                let mean = mean(&block);
                assert_eq!(simd.vectorize(|| simd.add_mean(samples, mean)), Plain.add_mean(samples, mean), "{mean}");
            }
        }
    }
}
