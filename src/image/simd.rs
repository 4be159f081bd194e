//! Loops compiled for the widest vectors of the processor at hand.

/// Runs `work` on the widest vectors that this processor has. What it calls must be inlined into it for that, and gives the same result on any.
#[inline(always)]
pub(super) fn widest<T>(work: impl FnOnce() -> T) -> T {
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = V3::try_new() {
        return simd.vectorize(work);
    }
    work()
}

#[cfg(target_arch = "x86_64")]
pub(super) use v3::{NullaryFnOnce, V3, cast, transposed};

#[cfg(target_arch = "x86_64")]
mod v3 {
    use std::arch::x86_64::__m256;

    pub(in super::super) use pulp::{NullaryFnOnce, cast, x86::V3};

    /// Rows of eight numbers, whatever they mean, as columns.
    #[inline(always)]
    pub(in super::super) fn transposed(s: V3, v: [__m256; 8]) -> [__m256; 8] {
        let [a, c, e, g] = [lower(s, v[0], v[1]), lower(s, v[2], v[3]), lower(s, v[4], v[5]), lower(s, v[6], v[7])];
        let [b, d, f, h] = [upper(s, v[0], v[1]), upper(s, v[2], v[3]), upper(s, v[4], v[5]), upper(s, v[6], v[7])];
        let top = [first(s, a, c), second(s, a, c), first(s, b, d), second(s, b, d)];
        let bottom = [first(s, e, g), second(s, e, g), first(s, f, h), second(s, f, h)];
        [
            left(s, top[0], bottom[0]),
            left(s, top[1], bottom[1]),
            left(s, top[2], bottom[2]),
            left(s, top[3], bottom[3]),
            right(s, top[0], bottom[0]),
            right(s, top[1], bottom[1]),
            right(s, top[2], bottom[2]),
            right(s, top[3], bottom[3]),
        ]
    }

    #[inline(always)]
    fn lower(s: V3, a: __m256, b: __m256) -> __m256 {
        s.avx._mm256_unpacklo_ps(a, b)
    }

    #[inline(always)]
    fn upper(s: V3, a: __m256, b: __m256) -> __m256 {
        s.avx._mm256_unpackhi_ps(a, b)
    }

    #[inline(always)]
    fn first(s: V3, a: __m256, b: __m256) -> __m256 {
        s.avx._mm256_shuffle_ps::<0b01_00_01_00>(a, b)
    }

    #[inline(always)]
    fn second(s: V3, a: __m256, b: __m256) -> __m256 {
        s.avx._mm256_shuffle_ps::<0b11_10_11_10>(a, b)
    }

    #[inline(always)]
    fn left(s: V3, a: __m256, b: __m256) -> __m256 {
        s.avx._mm256_permute2f128_ps::<0x20>(a, b)
    }

    #[inline(always)]
    fn right(s: V3, a: __m256, b: __m256) -> __m256 {
        s.avx._mm256_permute2f128_ps::<0x31>(a, b)
    }
}
