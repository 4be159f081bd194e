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
pub(super) use pulp::{cast, x86::V3};
