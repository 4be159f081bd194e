//! The normal filter on vectors: the same results as without.
//!
//! A vector holds samples of luma in its lower half, and of chroma in its upper half, blue and red. As chroma has half as many of them, it is there for
//! edges at the beginning and in the middle of a macroblock only, which are the first two of four for luma.

use std::arch::x86_64::__m256i;

use super::{
    super::super::super::super::simd::{NullaryFnOnce, V3, cast},
    Edge, Edges, Plane,
};

/// Sixteen rows of eight samples, two rows to each half of a vector: of luma, and eight of blue chroma followed by eight of red.
type Unit = [__m256i; 8];

/// Sixteen rows of a macroblock, with four above: of luma, and eight rows of chroma, blue and red side by side, with four above.
type Rows = [__m256i; ABOVE + 16];

/// Rows that an edge between rows reaches up.
const ABOVE: usize = 4;

/// The upper half of a vector for `_mm256_blend_epi32`.
const UPPER: i32 = 0xf0;

/// Smooths a row of macroblocks; see [`row`](super::row).
pub(super) struct Row<'a> {
    pub(super) simd: V3,
    pub(super) planes: &'a mut [Plane; 3],
    pub(super) row: usize,
    pub(super) edges: &'a [Edges],
}

impl NullaryFnOnce for Row<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { simd: s, planes, row, edges } = self;
        // What is on the right of the macroblock before, which the next edge changes once more.
        let mut before: Unit = [s.avx._mm256_setzero_si256(); 8];
        for (x, edges) in edges.iter().enumerate() {
            let mut rows = load(s, planes, row, x);
            if edges.strength.edge > 0 {
                across(s, &mut before, &mut rows, edges, x > 0);
                down(s, &mut rows, edges, row > 0);
            }
            store(planes, row, x, &before, &rows);
            let (left, right) = units(s, &rows);
            before = right;
            for (before, left) in before.iter_mut().zip(left) {
                *before = s.avx2._mm256_blend_epi32::<UPPER>(*before, left);
            }
        }
        store_end(planes, row, edges.len(), &before);
    }
}

/// Smooths edges between columns: the one to what is `before`, and those inside.
#[inline(always)]
fn across(s: V3, before: &mut Unit, rows: &mut Rows, edges: &Edges, has_before: bool) {
    let [outer, inner] = edges.both(false);
    let (left, right) = units(s, rows);
    let mut left = columns(s, left);
    if has_before {
        let mut columns = columns(s, *before);
        smooth_both(s, &mut columns, &mut left, outer, true);
        *before = self::rows(s, columns);
    }
    let mut right_rows = right;
    if edges.has_inner {
        left = smooth(s, left, inner, true);
        let mut right = columns(s, right);
        smooth_both(s, &mut left, &mut right, inner, false);
        right_rows = self::rows(s, smooth(s, right, inner, false));
    } else if !has_before {
        return;
    }
    set_units(s, rows, self::rows(s, left), right_rows);
}

/// Smooths edges between rows: the one to what is above, and those inside.
#[inline(always)]
fn down(s: V3, rows: &mut Rows, edges: &Edges, has_above: bool) {
    let [outer, inner] = edges.both(false);
    if has_above {
        smooth_at::<0>(s, rows, outer, true);
    }
    if edges.has_inner {
        smooth_at::<4>(s, rows, inner, true);
        smooth_at::<8>(s, rows, inner, false);
        smooth_at::<12>(s, rows, inner, false);
    }
}

#[inline(always)]
fn smooth_at<const START: usize>(s: V3, rows: &mut Rows, edge: Edge, has_chroma: bool) {
    if let Some(rows) = rows.get_mut(START..).and_then(|rows| rows.first_chunk_mut()) {
        *rows = smooth(s, *rows, edge, has_chroma);
    }
}

/// Smooths the edge between two times eight columns.
#[inline(always)]
fn smooth_both(s: V3, left: &mut Unit, right: &mut Unit, edge: Edge, has_chroma: bool) {
    let middle = [left[4], left[5], left[6], left[7], right[0], right[1], right[2], right[3]];
    [left[4], left[5], left[6], left[7], right[0], right[1], right[2], right[3]] = smooth(s, middle, edge, has_chroma);
}

/// The left and the right half of a macroblock; chroma is on the left.
#[inline(always)]
fn units(s: V3, rows: &Rows) -> (Unit, Unit) {
    let (mut left, mut right) = ([rows[0]; 8], [rows[0]; 8]);
    for j in 0..8 {
        let (even, odd) = (rows[ABOVE + 2 * j], rows[ABOVE + 2 * j + 1]);
        left[j] = s.avx2._mm256_unpacklo_epi64(even, odd);
        right[j] = s.avx2._mm256_unpackhi_epi64(even, odd);
    }
    for j in 0..4 {
        left[j + 4] = s.avx2._mm256_blend_epi32::<UPPER>(left[j + 4], right[j]);
    }
    (left, right)
}

/// The way back from [`units`].
#[inline(always)]
fn set_units(s: V3, rows: &mut Rows, left: Unit, mut right: Unit) {
    for j in 0..4 {
        right[j] = s.avx2._mm256_blend_epi32::<UPPER>(right[j], left[j + 4]);
    }
    for j in 0..8 {
        rows[ABOVE + 2 * j] = s.avx2._mm256_unpacklo_epi64(left[j], right[j]);
        rows[ABOVE + 2 * j + 1] = s.avx2._mm256_unpackhi_epi64(left[j], right[j]);
    }
}

/// A unit as columns.
#[inline(always)]
fn columns(s: V3, unit: Unit) -> Unit {
    woven(s, woven(s, woven(s, woven(s, unit))))
}

/// Columns as a unit.
#[inline(always)]
fn rows(s: V3, columns: Unit) -> Unit {
    woven(s, woven(s, woven(s, columns)))
}

/// Each vector woven with the one four further on. Of the seven bits that number a sample, those of its vector before those of its place there, each of
/// them moves up by one, and the highest to the end.
#[inline(always)]
fn woven(s: V3, v: Unit) -> Unit {
    let (low, high) = (
        #[inline(always)]
        |j: usize| s.avx2._mm256_unpacklo_epi8(v[j], v[j + 4]),
        #[inline(always)]
        |j: usize| s.avx2._mm256_unpackhi_epi8(v[j], v[j + 4]),
    );
    [low(0), high(0), low(1), high(1), low(2), high(2), low(3), high(3)]
}

/// The rows of a macroblock, and those above if there are any.
#[inline(always)]
fn load(s: V3, [luma, blue, red]: &[Plane; 3], row: usize, x: usize) -> Rows {
    let mut rows = [s.avx._mm256_setzero_si256(); ABOVE + 16];
    let (first, top) = if row > 0 { (0, 16 * row - ABOVE) } else { (ABOVE, 0) };
    let (mut luma_row, mut chroma_row) = (top, if row > 0 { 8 * row - ABOVE } else { 0 });
    for (index, target) in rows.iter_mut().enumerate().skip(first) {
        let [a, b] = luma.get(luma_row, 16 * x);
        let chroma = if index < ABOVE + 8 { [blue.get(chroma_row, 8 * x), red.get(chroma_row, 8 * x)] } else { [[0]; 2] };
        *target = cast([a, b, chroma[0][0], chroma[1][0]]);
        luma_row += 1;
        chroma_row += 1;
    }
    rows
}

/// Stores what does not change any more of a row: all that is `before`, and of luma the left half of a macroblock, and what is above it.
#[inline(always)]
fn store([luma, blue, red]: &mut [Plane; 3], row: usize, x: usize, before: &Unit, rows: &Rows) {
    let rows: [[u64; 4]; ABOVE + 16] = cast(*rows);
    let (above, rows) = rows.split_at(ABOVE);
    if row > 0 {
        for (index, [a, b, c, d]) in above.iter().copied().enumerate().skip(1) {
            luma.set(16 * row - ABOVE + index, 16 * x, [a, b]);
            blue.set(8 * row - ABOVE + index, 8 * x, [c]);
            red.set(8 * row - ABOVE + index, 8 * x, [d]);
        }
    }
    if x == 0 {
        for (index, &[left, ..]) in rows.iter().enumerate() {
            luma.set(16 * row + index, 0, [left]);
        }
        return;
    }
    let before: [[u64; 4]; 8] = cast(*before);
    for (index, rows) in rows.chunks_exact(2).enumerate() {
        let [even, odd, ..] = before[index];
        luma.set(16 * row + 2 * index, 16 * x - 8, [even, rows[0][0]]);
        luma.set(16 * row + 2 * index + 1, 16 * x - 8, [odd, rows[1][0]]);
    }
    store_chroma(blue, red, row, x, &before);
}

/// Stores what is left at the end of a row.
#[inline(always)]
fn store_end([luma, blue, red]: &mut [Plane; 3], row: usize, count: usize, before: &Unit) {
    let before: [[u64; 4]; 8] = cast(*before);
    for (index, &[even, odd, ..]) in before.iter().enumerate() {
        luma.set(16 * row + 2 * index, 16 * count - 8, [even]);
        luma.set(16 * row + 2 * index + 1, 16 * count - 8, [odd]);
    }
    store_chroma(blue, red, row, count, &before);
}

#[inline(always)]
fn store_chroma(blue: &mut Plane, red: &mut Plane, row: usize, x: usize, before: &[[u64; 4]; 8]) {
    for index in 0..4 {
        for (plane, [.., even, odd]) in [(&mut *blue, before[index]), (&mut *red, before[index + 4])] {
            plane.set(8 * row + 2 * index, 8 * x - 8, [even]);
            plane.set(8 * row + 2 * index + 1, 8 * x - 8, [odd]);
        }
    }
}

impl Plane {
    /// Eight samples of a row at a time.
    #[inline(always)]
    fn get<const COUNT: usize>(&self, row: usize, left: usize) -> [u64; COUNT] {
        let samples = self.samples.get(self.row(row) + left..).unwrap_or_default().as_chunks().0.first_chunk::<COUNT>();
        let mut words = [0; COUNT];
        for (word, &bytes) in words.iter_mut().zip(samples.unwrap_or(&[[0; 8]; COUNT])) {
            *word = u64::from_le_bytes(bytes);
        }
        words
    }

    #[inline(always)]
    fn set<const COUNT: usize>(&mut self, row: usize, left: usize, words: [u64; COUNT]) {
        let start = self.row(row) + left;
        if let Some(target) = self.samples.get_mut(start..).and_then(|rest| rest.as_chunks_mut().0.first_chunk_mut::<COUNT>()) {
            for (target, word) in target.iter_mut().zip(words) {
                *target = word.to_le_bytes();
            }
        }
    }
}

/// See [`smooth`](super::smooth): the vectors are those of a sample each, from the left or the top. Chroma is left alone if it has no such edge.
#[inline(always)]
fn smooth(s: V3, v: [__m256i; 8], edge: Edge, has_chroma: bool) -> [__m256i; 8] {
    let [end, third, second, first, other, other_second, other_third, other_end] = v;
    let zero = s.avx._mm256_setzero_si256();
    let step = apart(s, first, other);
    let around = s.avx2._mm256_srli_epi16::<1>(s.avx2._mm256_and_si256(apart(s, second, other_second), all(s, 0xfe)));
    let near = s.avx2._mm256_max_epu8(apart(s, second, first), apart(s, other, other_second));
    let far = s.avx2._mm256_max_epu8(
        s.avx2._mm256_max_epu8(apart(s, end, third), apart(s, third, second)),
        s.avx2._mm256_max_epu8(apart(s, other_second, other_third), apart(s, other_third, other_end)),
    );
    let is_step = within(s, s.avx2._mm256_adds_epu8(s.avx2._mm256_adds_epu8(step, step), around), edge.most());
    let mut is_smoothed = s.avx2._mm256_and_si256(is_step, within(s, s.avx2._mm256_max_epu8(near, far), edge.strength.side));
    if !has_chroma {
        is_smoothed = s.avx2._mm256_blend_epi32::<UPPER>(is_smoothed, zero);
    }
    let is_plain = within(s, near, edge.strength.detail);

    // As numbers with a sign, so that sums are cut off where they have to be.
    let (third, second, first) = (signed(s, third), signed(s, second), signed(s, first));
    let (other, other_second, other_third) = (signed(s, other), signed(s, other_second), signed(s, other_third));
    let inner = s.avx2._mm256_subs_epi8(other, first);
    let outer = s.avx2._mm256_subs_epi8(second, other_second);
    let outer = if edge.is_outer { outer } else { s.avx2._mm256_andnot_si256(is_plain, outer) };
    let sum = s.avx2._mm256_adds_epi8(s.avx2._mm256_adds_epi8(s.avx2._mm256_adds_epi8(outer, inner), inner), inner);
    let change = s.avx2._mm256_and_si256(sum, is_smoothed);

    // Where there is detail, one sample a side is changed, and inside a macroblock also where there is none.
    let few = if edge.is_outer { s.avx2._mm256_andnot_si256(is_plain, change) } else { change };
    let up = eighth(s, s.avx2._mm256_adds_epi8(few, all(s, 4)));
    let first = s.avx2._mm256_adds_epi8(first, eighth(s, s.avx2._mm256_adds_epi8(few, all(s, 3))));
    let other = s.avx2._mm256_subs_epi8(other, up);
    let [small, medium, large] = if edge.is_outer {
        shares(s, s.avx2._mm256_and_si256(change, is_plain))
    } else {
        // Half of it, rounded up: the mean with 0.
        let half = signed(s, s.avx2._mm256_avg_epu8(signed(s, up), all(s, 0x80)));
        [zero, s.avx2._mm256_and_si256(half, is_plain), zero]
    };
    [
        end,
        signed(s, s.avx2._mm256_adds_epi8(third, small)),
        signed(s, s.avx2._mm256_adds_epi8(second, medium)),
        signed(s, s.avx2._mm256_adds_epi8(first, large)),
        signed(s, s.avx2._mm256_subs_epi8(other, large)),
        signed(s, s.avx2._mm256_subs_epi8(other_second, medium)),
        signed(s, s.avx2._mm256_subs_epi8(other_third, small)),
        other_end,
    ]
}

#[inline(always)]
fn all(s: V3, value: u8) -> __m256i {
    s.avx._mm256_set1_epi8(value.cast_signed())
}

/// How far samples are apart.
#[inline(always)]
fn apart(s: V3, a: __m256i, b: __m256i) -> __m256i {
    s.avx2._mm256_or_si256(s.avx2._mm256_subs_epu8(a, b), s.avx2._mm256_subs_epu8(b, a))
}

#[inline(always)]
fn within(s: V3, steps: __m256i, most: u8) -> __m256i {
    s.avx2._mm256_cmpeq_epi8(s.avx2._mm256_subs_epu8(steps, all(s, most)), s.avx._mm256_setzero_si256())
}

/// Less 128, or more, which is the same.
#[inline(always)]
fn signed(s: V3, samples: __m256i) -> __m256i {
    s.avx2._mm256_xor_si256(samples, all(s, 0x80))
}

/// An eighth of numbers with a sign, rounded down.
#[inline(always)]
fn eighth(s: V3, v: __m256i) -> __m256i {
    let zero = s.avx._mm256_setzero_si256();
    // Each byte in the upper half of a word, which is shifted with its sign.
    let low = s.avx2._mm256_srai_epi16::<11>(s.avx2._mm256_unpacklo_epi8(zero, v));
    let high = s.avx2._mm256_srai_epi16::<11>(s.avx2._mm256_unpackhi_epi8(zero, v));
    s.avx2._mm256_packs_epi16(low, high)
}

/// 9, 18 and 27 of 128 parts of numbers with a sign, rounded.
#[inline(always)]
fn shares(s: V3, v: __m256i) -> [__m256i; 3] {
    let zero = s.avx._mm256_setzero_si256();
    let nine = s.avx._mm256_set1_epi16(9 << 8);
    // Each byte in the upper half of a word, of whose product with 9 * 256 the upper half is taken.
    let low = s.avx2._mm256_mulhi_epi16(s.avx2._mm256_unpacklo_epi8(zero, v), nine);
    let high = s.avx2._mm256_mulhi_epi16(s.avx2._mm256_unpackhi_epi8(zero, v), nine);
    let rounding = s.avx._mm256_set1_epi16(63);
    let small = (s.avx2._mm256_add_epi16(low, rounding), s.avx2._mm256_add_epi16(high, rounding));
    let medium = (s.avx2._mm256_add_epi16(small.0, low), s.avx2._mm256_add_epi16(small.1, high));
    let large = (s.avx2._mm256_add_epi16(medium.0, low), s.avx2._mm256_add_epi16(medium.1, high));
    [share(s, small), share(s, medium), share(s, large)]
}

#[inline(always)]
fn share(s: V3, (low, high): (__m256i, __m256i)) -> __m256i {
    s.avx2._mm256_packs_epi16(s.avx2._mm256_srai_epi16::<7>(low), s.avx2._mm256_srai_epi16::<7>(high))
}
