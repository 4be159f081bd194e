//! Blocks of eight samples a side on vectors of eight floats: the same arithmetic as without, in the same order.

use std::arch::x86_64::__m256;

use super::{
    super::super::super::super::simd::{V3, cast, transposed},
    Block, SQRT_2, Z5, Z10, Z12,
};

#[inline(always)]
pub(super) fn block8(s: V3, block: &Block, factors: &[f32; 64]) -> [[u8; 8]; 8] {
    let (numbers, _) = block.as_chunks::<8>();
    let (factors, _) = factors.as_chunks::<8>();
    let column = |x: usize| {
        let numbers = s.avx._mm256_cvtepi32_ps(s.avx2._mm256_cvtepi16_epi32(cast(numbers[x])));
        s.avx._mm256_mul_ps(numbers, cast(factors[x]))
    };
    let columns = [column(0), column(1), column(2), column(3), column(4), column(5), column(6), column(7)];
    let rows = eight(s, transposed(s, eight(s, columns)));
    let middle = s.avx._mm256_set1_ps(128.0);
    let whole = rows.map(|row| s.avx._mm256_cvtps_epi32(s.avx._mm256_add_ps(row, middle)));
    // Packing leaves the left halves of four rows in front of the right halves.
    let order = s.avx._mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    let four = |y: usize| -> [[u8; 8]; 4] {
        let upper = s.avx2._mm256_packs_epi32(whole[y], whole[y + 1]);
        let lower = s.avx2._mm256_packs_epi32(whole[y + 2], whole[y + 3]);
        cast(s.avx2._mm256_permutevar8x32_epi32(s.avx2._mm256_packus_epi16(upper, lower), order))
    };
    let ([a, b, c, d], [e, f, g, h]) = (four(0), four(4));
    [a, b, c, d, e, f, g, h]
}

/// See [`eight`](super::eight).
#[inline(always)]
fn eight(s: V3, v: [__m256; 8]) -> [__m256; 8] {
    let add = |a, b| s.avx._mm256_add_ps(a, b);
    let sub = |a, b| s.avx._mm256_sub_ps(a, b);
    let times = |a, b| s.avx._mm256_mul_ps(a, s.avx._mm256_set1_ps(b));
    let (sum, difference) = (add(v[0], v[4]), sub(v[0], v[4]));
    let outer = add(v[2], v[6]);
    let inner = sub(times(sub(v[2], v[6]), SQRT_2), outer);
    let (a, d, b, c) = (add(sum, outer), sub(sum, outer), add(difference, inner), sub(difference, inner));
    let (z13, z10, z11, z12) = (add(v[5], v[3]), sub(v[5], v[3]), add(v[1], v[7]), sub(v[1], v[7]));
    let h = add(z11, z13);
    let z5 = times(add(z10, z12), Z5);
    let g = sub(sub(z5, times(z10, Z10)), h);
    let f = sub(times(sub(z11, z13), SQRT_2), g);
    let e = sub(sub(z5, times(z12, Z12)), f);
    [add(a, h), add(b, g), add(c, f), add(d, e), sub(d, e), sub(c, f), sub(b, g), sub(a, h)]
}
