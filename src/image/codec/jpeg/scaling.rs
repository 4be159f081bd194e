//! How large each component is decoded: a block of 8 by 8 coefficients becomes 8, 4, 2 or 1 samples a side.

use super::super::{PlaneLayout, Scale, Size};

/// Samples a side that a component's blocks become: as few as `scale` says, but more for chroma that is stored smaller than luma already, across or down.
pub(super) fn block_side(largest: (usize, usize), sampling: (usize, usize), scale: Scale) -> usize {
    let least = least_side(scale);
    let mut side = least;
    let fits = |side: usize| largest.0 * least >= sampling.0 * side || largest.1 * least >= sampling.1 * side;
    while side < 8 && fits(side * 2) {
        side *= 2;
    }
    side
}

/// Samples a side that blocks of the largest component become.
pub(super) fn least_side(scale: Scale) -> usize {
    usize::from(8 / scale.divisor())
}

/// The plane of a component whose blocks become `side` samples a side, in an image of `mcus` MCUs across.
pub(super) fn layout(size: Size, mcus: usize, largest: (usize, usize), sampling: (usize, usize), side: usize) -> PlaneLayout {
    // Samples, and what fraction of them that is of the image's side.
    let along = |pixels: u32, count: usize, most: usize| {
        let samples = (pixels as usize * count * side).div_ceil(most * 8);
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        let scale = (count * side) as f64 / (most * 8) as f64;
        (u32::try_from(samples).unwrap_or(u32::MAX), scale)
    };
    let (width, scale_across) = along(size.width, sampling.0, largest.0);
    let (height, scale_down) = along(size.height, sampling.1, largest.1);
    PlaneLayout {
        size: Size::new(width, height),
        scale: (scale_across, scale_down),
        stride: mcus * sampling.0 * side,
        rows: sampling.1 * side,
    }
}
