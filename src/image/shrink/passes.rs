//! The loops over samples, in a form that compilers make vectors of.

use std::ops::Range;

use super::super::{planes::Levels, simd::widest};
use super::weights::Weights;
use super::window::Window;

/// Rows of the result that are worked on together: a vector of them for each column.
pub(super) const ROWS: usize = 8;

/// Columns that are summed up together.
const TILE: usize = 32;

/// The vertical pass: rows from `top` on of the result, as far as there are such, for the columns `reach` of the source.
pub(super) fn down(window: &Window, reach: &Range<usize>, weights: &Weights, top: usize, columns: &mut [[f32; ROWS]]) {
    let rows = top..(top + ROWS).min(weights.len());
    widest(
        #[inline(always)]
        || {
            let (tiles, rest) = columns.as_chunks_mut::<TILE>();
            let mut left = reach.start;
            for tile in tiles {
                let mut sums = [[0.0; TILE]; ROWS];
                for (row, sum) in rows.clone().zip(&mut sums) {
                    *sum = weighted(window, left, weights.of(row));
                }
                let (eights, _) = tile.as_chunks_mut::<8>();
                for (group, eight) in eights.iter_mut().enumerate() {
                    for (column, target) in eight.iter_mut().enumerate() {
                        for (target, sum) in target.iter_mut().zip(&sums) {
                            *target = sum[group * 8 + column];
                        }
                    }
                }
                left += TILE;
            }
            for (column, target) in (left..).zip(rest) {
                for (row, target) in rows.clone().zip(target) {
                    let [sum] = weighted(window, column, weights.of(row));
                    *target = sum;
                }
            }
        },
    );
}

/// The weighted sums of N columns from `left` on.
#[inline(always)]
fn weighted<const N: usize>(window: &Window, left: usize, (first, weights): (usize, &[f32])) -> [f32; N] {
    let rows = window.rows_from(first);
    let mut sums = [0.0; N];
    let mut at = left;
    for &weight in weights {
        let Some(row) = rows.get(at..).and_then(|rest| rest.first_chunk::<N>()) else { break };
        for (sum, &sample) in sums.iter_mut().zip(row) {
            *sum += weight * f32::from(sample);
        }
        at += window.stride;
    }
    sums
}

/// The horizontal pass: `columns` are those of the source from `left` on.
pub(super) fn across(columns: &[[f32; ROWS]], left: usize, weights: &Weights, strip: &mut [[f32; ROWS]]) {
    widest(
        #[inline(always)]
        || {
            for (pixel, target) in strip.iter_mut().enumerate() {
                let (first, weights) = weights.of(pixel);
                let columns = columns.get(first - left..).unwrap_or_default();
                // Two sums, so that one addition need not wait for the other.
                let (mut even, mut odd) = ([0.0; ROWS], [0.0; ROWS]);
                let (pairs, last) = weights.as_chunks::<2>();
                let (columns, rest) = columns.split_at_checked(pairs.len() * 2).unwrap_or_default();
                for ([a, b], [one, other]) in pairs.iter().zip(columns.as_chunks::<2>().0) {
                    for row in 0..ROWS {
                        even[row] += one[row] * a;
                        odd[row] += other[row] * b;
                    }
                }
                if let (Some(weight), Some(column)) = (last.first(), rest.first()) {
                    for row in 0..ROWS {
                        even[row] += column[row] * weight;
                    }
                }
                for row in 0..ROWS {
                    target[row] = even[row] + odd[row];
                }
            }
        },
    );
}

/// Luma and chroma of BT.601 as RGB: rows of the result, eight or less.
pub(super) fn rgb(planes: [&[[f32; ROWS]]; 3], levels: Levels, target: &mut [u8]) {
    let [luma, blue, red] = planes;
    let (black, luma_gain, chroma_gain) = match levels {
        Levels::Full => (0.0, 1.0, 1.0),
        Levels::Limited => (16.0, 255.0 / 219.0, 255.0 / 224.0),
    };
    let row_bytes = luma.len() * 3;
    widest(
        #[inline(always)]
        || {
            for (pixel, ((y, cb), cr)) in luma.iter().zip(blue).zip(red).enumerate() {
                let mut samples = [[0; ROWS]; 3];
                for row in 0..ROWS {
                    let (y, cb, cr) = ((y[row] - black) * luma_gain, (cb[row] - 128.0) * chroma_gain, (cr[row] - 128.0) * chroma_gain);
                    samples[0][row] = sample(y + 1.402 * cr);
                    samples[1][row] = sample(y - 0.344_136_3 * cb - 0.714_136_3 * cr);
                    samples[2][row] = sample(y + 1.772 * cb);
                }
                for (row, line) in target.chunks_exact_mut(row_bytes).enumerate().take(ROWS) {
                    if let Some(target) = line.get_mut(pixel * 3..).and_then(|rest| rest.first_chunk_mut::<3>()) {
                        *target = [samples[0][row], samples[1][row], samples[2][row]];
                    }
                }
            }
        },
    );
}

/// Luma alone: rows of the result, eight or less.
pub(super) fn grey(luma: &[[f32; ROWS]], target: &mut [u8]) {
    for (row, line) in target.chunks_exact_mut(luma.len()).enumerate() {
        for (target, luma) in line.iter_mut().zip(luma) {
            *target = luma.get(row).map_or(0, |&luma| sample(luma));
        }
    }
}

/// Rounded and cut off to 0-255.
#[inline(always)]
fn sample(value: f32) -> u8 {
    // Added to this, the integral part of a number is in its lowest bits.
    const WHOLE: f32 = 8_388_608.0;
    #[expect(clippy::cast_possible_truncation, reason = "the lowest bits are wanted")]
    let sample = (value.clamp(0.0, 255.0) + WHOLE).to_bits() as u8;
    sample
}
