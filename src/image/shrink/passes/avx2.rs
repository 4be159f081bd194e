//! The passes on vectors of whole numbers: the same sums as without.

use std::arch::x86_64::__m256i;

use super::super::super::simd::{NullaryFnOnce, V3, cast, transposed};
use super::{Columns, Lines, ROWS, SHIFT, TILE, Taps, scaled};

/// See [`down`](super::down).
pub(super) struct Down<'a> {
    pub(super) simd: V3,
    pub(super) rows: [Lines<'a>; ROWS],
    pub(super) left: usize,
    pub(super) stride: usize,
    pub(super) tiles: &'a mut [[Columns; TILE / 2]],
}

// What a closure would be, but for being inlined for certain: without that, none of its vectors are.
impl NullaryFnOnce for Down<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for (tile, left) in self.tiles.iter_mut().zip((self.left..).step_by(TILE)) {
            *tile = self::tile(self.simd, &self.rows, left, self.stride);
        }
    }
}

/// See [`across`](super::across).
pub(super) struct Across<'a> {
    pub(super) simd: V3,
    pub(super) columns: &'a [Columns],
    pub(super) left: usize,
    pub(super) taps: &'a Taps,
    pub(super) strip: &'a mut [[f32; ROWS]],
}

impl NullaryFnOnce for Across<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for (pixel, target) in self.strip.iter_mut().enumerate() {
            let (first, pairs) = self.taps.of(pixel);
            *target = sums(self.simd, self.columns.get((first - self.left) / 2..).unwrap_or_default(), pairs).map(scaled);
        }
    }
}

/// TILE columns of eight rows, from `left` on.
#[inline(always)]
fn tile(s: V3, rows: &[Lines<'_>; ROWS], left: usize, stride: usize) -> [Columns; TILE / 2] {
    let [a, b, c, d, e, f, g, h] = rows;
    let (a, b, c, d) = (row(s, a, left, stride), row(s, b, left, stride), row(s, c, left, stride), row(s, d, left, stride));
    let (e, f, g, h) = (row(s, e, left, stride), row(s, f, left, stride), row(s, g, left, stride), row(s, h, left, stride));
    let near = columns(s, [a[0], b[0], c[0], d[0], e[0], f[0], g[0], h[0]]);
    let far = columns(s, [a[1], b[1], c[1], d[1], e[1], f[1], g[1], h[1]]);
    // Each half of a vector holds every second group of four.
    cast([near[0], far[0], near[1], far[1]])
}

/// Eight rows of sixteen samples, as four columns of two and four more.
#[inline(always)]
fn columns(s: V3, rows: [__m256i; ROWS]) -> [[Columns; 4]; 2] {
    cast(transposed(s, cast(rows)))
}

/// TILE samples of a row: the first eight of each half, and the others.
#[inline(always)]
fn row(s: V3, lines: &Lines<'_>, left: usize, stride: usize) -> [__m256i; 2] {
    let zero = s.avx._mm256_setzero_si256();
    let (mut a, mut b, mut c, mut d) = (zero, zero, zero, zero);
    let mut at = left;
    for &pair in lines.pairs {
        let Some((first, second)) = lines.two(at, stride) else { break };
        let (first, second): (__m256i, __m256i) = (cast(first), cast(second));
        let (low, high) = (s.avx2._mm256_unpacklo_epi8(first, second), s.avx2._mm256_unpackhi_epi8(first, second));
        let weights = s.avx._mm256_set1_epi32(cast(pair));
        a = s.avx2._mm256_add_epi32(a, s.avx2._mm256_madd_epi16(s.avx2._mm256_unpacklo_epi8(low, zero), weights));
        b = s.avx2._mm256_add_epi32(b, s.avx2._mm256_madd_epi16(s.avx2._mm256_unpackhi_epi8(low, zero), weights));
        c = s.avx2._mm256_add_epi32(c, s.avx2._mm256_madd_epi16(s.avx2._mm256_unpacklo_epi8(high, zero), weights));
        d = s.avx2._mm256_add_epi32(d, s.avx2._mm256_madd_epi16(s.avx2._mm256_unpackhi_epi8(high, zero), weights));
        at += stride * 2;
    }
    [s.avx2._mm256_packs_epi32(rounded(s, a), rounded(s, b)), s.avx2._mm256_packs_epi32(rounded(s, c), rounded(s, d))]
}

#[inline(always)]
fn rounded(s: V3, sums: __m256i) -> __m256i {
    s.avx2._mm256_srai_epi32::<{ SHIFT.cast_signed() }>(s.avx2._mm256_add_epi32(sums, s.avx._mm256_set1_epi32(1 << (SHIFT - 1))))
}

/// The weighted sums of eight rows.
#[inline(always)]
fn sums(s: V3, columns: &[Columns], pairs: &[[i16; 2]]) -> [i32; ROWS] {
    let mut sum = s.avx._mm256_setzero_si256();
    for (&column, &pair) in columns.iter().zip(pairs) {
        sum = s.avx2._mm256_add_epi32(sum, s.avx2._mm256_madd_epi16(cast(column), s.avx._mm256_set1_epi32(cast(pair))));
    }
    cast(sum)
}
