//! The transform on vectors: the same samples as without.

use std::arch::x86_64::__m128i;

use super::{
    super::super::super::super::simd::{V3, cast},
    Block, COSINE, SINE, Samples,
};

/// See [`residual`](super::residual).
#[inline(always)]
pub(super) fn add(s: V3, samples: Samples, block: &Block) -> Samples {
    let zero = s.sse2._mm_setzero_si128();
    let down = transposed(s, pass(s, cast(*block), zero));
    let [upper, lower] = transposed(s, pass(s, down, s.sse2._mm_set_epi16(0, 0, 0, 0, 4, 4, 4, 4)));
    sums(s, samples, [s.sse2._mm_srai_epi16::<3>(upper), s.sse2._mm_srai_epi16::<3>(lower)])
}

/// See [`sums`](super::sums).
#[inline(always)]
pub(super) fn add_mean(s: V3, samples: Samples, mean: i16) -> Samples {
    sums(s, samples, [s.sse2._mm_set1_epi16(mean); 2])
}

#[inline(always)]
fn sums(s: V3, samples: Samples, [upper, lower]: [__m128i; 2]) -> Samples {
    let (samples, zero) = (cast(samples), s.sse2._mm_setzero_si128());
    let upper = s.sse2._mm_add_epi16(s.sse2._mm_unpacklo_epi8(samples, zero), upper);
    let lower = s.sse2._mm_add_epi16(s.sse2._mm_unpackhi_epi8(samples, zero), lower);
    cast(s.sse2._mm_packus_epi16(upper, lower))
}

/// The first two and the last two of four rows become the same of their transform; `rounding` is added to the first.
#[inline(always)]
fn pass(s: V3, [upper, lower]: [__m128i; 2], rounding: __m128i) -> [__m128i; 2] {
    let even = s.sse2._mm_add_epi16(s.sse2._mm_unpacklo_epi64(upper, lower), rounding);
    let odd = s.sse2._mm_unpackhi_epi64(upper, lower);
    let times = |factor| s.sse2._mm_add_epi16(s.sse2._mm_mulhi_epi16(odd, s.sse2._mm_set1_epi16(factor)), odd);
    let (cosines, sines) = (times(COSINE), times(SINE));
    // Of each of these the lower half is right.
    let sums = s.sse2._mm_unpacklo_epi64(s.sse2._mm_add_epi16(even, swapped(s, even)), s.sse2._mm_sub_epi16(even, swapped(s, even)));
    let turns =
        s.sse2._mm_unpacklo_epi64(s.sse2._mm_add_epi16(cosines, swapped(s, sines)), s.sse2._mm_sub_epi16(sines, swapped(s, cosines)));
    [s.sse2._mm_add_epi16(sums, turns), swapped(s, s.sse2._mm_sub_epi16(sums, turns))]
}

/// Halves change places.
#[inline(always)]
fn swapped(s: V3, v: __m128i) -> __m128i {
    s.sse2._mm_shuffle_epi32::<0b01_00_11_10>(v)
}

/// Four rows as columns.
#[inline(always)]
fn transposed(s: V3, [upper, lower]: [__m128i; 2]) -> [__m128i; 2] {
    let (even, odd) = (s.sse2._mm_unpacklo_epi16(upper, lower), s.sse2._mm_unpackhi_epi16(upper, lower));
    [s.sse2._mm_unpacklo_epi16(even, odd), s.sse2._mm_unpackhi_epi16(even, odd)]
}
