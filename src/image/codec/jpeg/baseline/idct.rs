//! From coefficients to samples: 8, 4, 2 or 1 a side for each block of 8.
//!
//! All of it is arithmetic on floats in a fixed order, so that every processor comes to the same samples.

use super::{
    super::super::super::simd,
    huffman::{Block, ZIGZAG},
    scan::Part,
};

#[cfg(target_arch = "x86_64")]
mod avx2;

/// Factors of the cosine transform by Arai, Agui and Nakajima.
const AAN: [f64; 8] = [1.0, 1.387_039_845, 1.306_562_965, 1.175_875_602, 1.0, 0.785_694_958, 0.541_196_100, 0.275_899_379];

const SQRT_2: f32 = std::f32::consts::SQRT_2;

/// The way of one component's blocks to samples.
pub(in super::super) struct Transform {
    /// Samples a side that a block becomes: 8, 4, 2 or 1.
    pub(in super::super) side: usize,
    /// What coefficients are multiplied by, column by column.
    factors: [f32; 64],
}

impl Transform {
    pub(in super::super) fn new(side: usize, steps: &[u16; 64]) -> Self {
        let mut factors = [0.0; 64];
        for (&step, &place) in steps.iter().zip(&ZIGZAG) {
            let (x, y) = (usize::from(place / 8), usize::from(place % 8));
            let scale = if side == 8 { AAN[x] * AAN[y] } else { 1.0 };
            #[expect(clippy::cast_possible_truncation, reason = "rounded to the precision of the work")]
            let factor = (f64::from(step) * scale / 8.0) as f32;
            factors[usize::from(place)] = factor;
        }
        Self { side, factors }
    }

    /// Writes the samples of a strip into rows of `stride` bytes, and makes its blocks ready for the next.
    pub(in super::super) fn samples(&self, part: &mut Part, target: &mut [u8], stride: usize) {
        match self.side {
            8 => {
                #[cfg(target_arch = "x86_64")]
                if let Some(simd) = simd::V3::try_new() {
                    return simd.vectorize(
                        #[inline(always)]
                        || {
                            self.each(
                                part,
                                target,
                                stride,
                                #[inline(always)]
                                |block| avx2::block8(simd, block, &self.factors),
                            );
                        },
                    );
                }
                self.each(part, target, stride, |block| block8(block, &self.factors));
            }
            4 => simd::widest(
                #[inline(always)]
                || self.each(part, target, stride, |block| block4(block, &self.factors)),
            ),
            2 => self.each(part, target, stride, |block| block2(block, &self.factors)),
            _ => self.each(part, target, stride, |block| [[self.mean(block)]]),
        }
    }

    #[inline(always)]
    fn each<const N: usize>(&self, part: &mut Part, target: &mut [u8], stride: usize, transform: impl Fn(&Block) -> [[u8; N]; N]) {
        let blocks = part.blocks.chunks_exact_mut(part.across).zip(part.has_waves.chunks_exact(part.across));
        for ((blocks, has_waves), target) in blocks.zip(target.chunks_mut(N * stride)) {
            for ((left, block), &has_waves) in (0..).step_by(N).zip(blocks).zip(has_waves) {
                let rows = if has_waves { transform(block) } else { [[self.mean(block); N]; N] };
                for (y, row) in rows.iter().enumerate() {
                    let at = y * stride + left;
                    if let Some(target) = target.get_mut(at..at + N) {
                        target.copy_from_slice(row);
                    }
                }
                if has_waves {
                    *block = [0; 64];
                }
            }
        }
    }

    /// The sample that a block without waves is full of.
    #[inline(always)]
    fn mean(&self, block: &Block) -> u8 {
        let [sample] = samples(&[f32::from(block[0]) * self.factors[0]]);
        sample
    }
}

/// Rounded, around 128, and cut off to 0-255.
#[inline(always)]
fn samples<const N: usize>(row: &[f32; N]) -> [u8; N] {
    // Added to this, the integral part of a number is in its lowest bits.
    const WHOLE: f32 = 8_388_608.0;
    let mut found = [0; N];
    for (found, sample) in found.iter_mut().zip(row) {
        #[expect(clippy::cast_possible_truncation, reason = "the lowest bits are wanted")]
        let sample = ((sample + 128.0).clamp(0.0, 255.0) + WHOLE).to_bits() as u8;
        *found = sample;
    }
    found
}

/// The first N coefficients of the first N columns, multiplied.
#[inline(always)]
fn scaled<const N: usize>(block: &Block, factors: &[f32; 64]) -> [[f32; N]; N] {
    std::array::from_fn(
        #[inline(always)]
        |x| {
            std::array::from_fn(
                #[inline(always)]
                |y| f32::from(block[x * 8 + y]) * factors[x * 8 + y],
            )
        },
    )
}

#[inline(always)]
fn transposed<const N: usize>(columns: &[[f32; N]; N]) -> [[f32; N]; N] {
    std::array::from_fn(
        #[inline(always)]
        |y| {
            std::array::from_fn(
                #[inline(always)]
                |x| columns[x][y],
            )
        },
    )
}

#[inline(always)]
fn block8(block: &Block, factors: &[f32; 64]) -> [[u8; 8]; 8] {
    let mut columns = scaled(block, factors);
    eight(&mut columns);
    let mut rows = transposed(&columns);
    eight(&mut rows);
    std::array::from_fn(
        #[inline(always)]
        |y| samples(&rows[y]),
    )
}

/// Arai, Agui and Nakajima's transform of eight numbers, for eight of each.
#[inline(always)]
#[expect(clippy::needless_range_loop, reason = "every row is indexed alike")]
fn eight(v: &mut [[f32; 8]; 8]) {
    for i in 0..8 {
        let (sum, difference) = (v[0][i] + v[4][i], v[0][i] - v[4][i]);
        let outer = v[2][i] + v[6][i];
        let inner = (v[2][i] - v[6][i]) * SQRT_2 - outer;
        let (a, d, b, c) = (sum + outer, sum - outer, difference + inner, difference - inner);
        let (z13, z10, z11, z12) = (v[5][i] + v[3][i], v[5][i] - v[3][i], v[1][i] + v[7][i], v[1][i] - v[7][i]);
        let h = z11 + z13;
        let z5 = (z10 + z12) * Z5;
        let g = z5 - z10 * Z10 - h;
        let f = (z11 - z13) * SQRT_2 - g;
        let e = z5 - z12 * Z12 - f;
        [v[0][i], v[1][i], v[2][i], v[3][i]] = [a + h, b + g, c + f, d + e];
        [v[4][i], v[5][i], v[6][i], v[7][i]] = [d - e, c - f, b - g, a - h];
    }
}

const Z5: f32 = 1.847_759_1;
const Z10: f32 = 2.613_126;
const Z12: f32 = 1.082_392_2;

/// The four lowest waves a side are what four samples a side can show.
#[inline(always)]
fn block4(block: &Block, factors: &[f32; 64]) -> [[u8; 4]; 4] {
    let mut columns = scaled(block, factors);
    four(&mut columns);
    let mut rows = transposed(&columns);
    four(&mut rows);
    std::array::from_fn(
        #[inline(always)]
        |y| samples(&rows[y]),
    )
}

#[inline(always)]
#[expect(clippy::needless_range_loop, reason = "every row is indexed alike")]
fn four(v: &mut [[f32; 4]; 4]) {
    // √2 cos(π/8) and √2 sin(π/8).
    const C: f32 = 1.306_563;
    const S: f32 = 0.541_196_1;
    for i in 0..4 {
        let (sum, difference) = (v[0][i] + v[2][i], v[0][i] - v[2][i]);
        let outer = v[1][i] * C + v[3][i] * S;
        let inner = v[1][i] * S - v[3][i] * C;
        [v[0][i], v[1][i], v[2][i], v[3][i]] = [sum + outer, difference + inner, difference - inner, sum - outer];
    }
}

fn block2(block: &Block, factors: &[f32; 64]) -> [[u8; 2]; 2] {
    let [[mean, down], [across, both]] = scaled(block, factors);
    [
        samples(&[mean + across + down + both, mean - across + down - both]),
        samples(&[mean + across - down - both, mean - across - down + both]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A block with some waves, by a generator of numbers.
    fn block(seed: &mut u64, range: u16) -> Block {
        std::array::from_fn(|_| {
            *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let wave = (*seed >> 33) % (2 * u64::from(range) + 1);
            if *seed >> 61 == 0 { (i64::try_from(wave).unwrap() - i64::from(range)).try_into().unwrap() } else { 0 }
        })
    }

    /// The definition of the transform, for N samples a side of the N lowest waves a side.
    fn exact(block: &Block, side: usize) -> Vec<f64> {
        let wave = |place: usize, number: usize| {
            let scale = if number == 0 { (1.0 / 8.0_f64).sqrt() } else { 0.5 };
            scale * (std::f64::consts::PI * (2 * place + 1) as f64 * number as f64 / (2 * side) as f64).cos()
        };
        let mut samples = Vec::new();
        for y in 0..side {
            for x in 0..side {
                let mut sum = 128.0;
                for u in 0..side {
                    for v in 0..side {
                        sum += f64::from(block[u * 8 + v]) * wave(x, u) * wave(y, v);
                    }
                }
                samples.push(sum.clamp(0.0, 255.0));
            }
        }
        samples
    }

    #[test]
    fn samples_are_those_of_the_definition() {
        let mut seed = 1;
        for side in [8, 4, 2, 1] {
            let transform = Transform::new(side, &[1; 64]);
            for _ in 0..500 {
                let block = block(&mut seed, 300);
                let mut part = Part { blocks: vec![block], has_waves: vec![true], across: 1, samples: Vec::new() };
                let mut found = vec![0; side * side];
                transform.samples(&mut part, &mut found, side);
                for (found, exact) in found.iter().zip(exact(&block, side)) {
                    assert!((f64::from(*found) - exact).abs() < 0.501, "{side} a side: {found}, expected {exact}");
                }
                assert_eq!(part.blocks, [[0; 64]], "the block is ready for the next");
            }
        }
    }

    #[test]
    fn a_mean_alone_is_the_same_with_and_without_waves() {
        for side in [8, 4, 2, 1] {
            let transform = Transform::new(side, &[3; 64]);
            for mean in -400..400 {
                let mut block = [0; 64];
                block[0] = mean;
                let samples = |has_waves| {
                    let mut found = vec![0; side * side];
                    transform.samples(
                        &mut Part { blocks: vec![block], has_waves: vec![has_waves], across: 1, samples: Vec::new() },
                        &mut found,
                        side,
                    );
                    found
                };
                assert_eq!(samples(false), samples(true), "{side} a side, mean {mean}");
            }
        }
    }

    #[test]
    #[cfg(target_arch = "x86_64")]
    fn vectors_make_the_same_samples() {
        let Some(simd) = simd::V3::try_new() else {
            eprintln!("skipped: this processor has no AVX2");
            return;
        };
        let mut seed = 7;
        for range in [10, 1000, 32767] {
            for step in [1, 17, 255] {
                let transform = Transform::new(8, &[step; 64]);
                for _ in 0..300 {
                    let block = block(&mut seed, range);
                    let with = simd.vectorize(|| avx2::block8(simd, &block, &transform.factors));
                    assert_eq!(with, block8(&block, &transform.factors), "{block:?}");
                }
            }
        }
    }
}
