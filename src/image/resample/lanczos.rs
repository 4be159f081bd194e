//! Lanczos3, looked up.
//!
//! Weights are worked out anew for every block of rows, and sines would make up most of that work.

use std::f64::consts::PI;
use std::sync::LazyLock;

/// How far the kernel reaches.
pub(super) const SUPPORT: f64 = 3.0;

/// Entries for a distance of 1: between two of them a straight line is off by less than 2 · 10⁻⁶, far less than the resizer's own weights.
const RESOLUTION: usize = 512;

const ENTRIES: usize = RESOLUTION * 3 + 2;

static TABLE: LazyLock<[f64; ENTRIES]> = LazyLock::new(|| {
    let mut distance = 0.0;
    std::array::from_fn(|_| {
        let value = exact(distance);
        #[expect(clippy::cast_precision_loss, reason = "a power of two")]
        let step = 1.0 / RESOLUTION as f64;
        distance += step;
        value
    })
});

/// The kernel at a distance from its middle, by its definition.
fn exact(distance: f64) -> f64 {
    let sinc = |x: f64| if x == 0.0 { 1.0 } else { (PI * x).sin() / (PI * x) };
    if distance.abs() < SUPPORT { sinc(distance) * sinc(distance / SUPPORT) } else { 0.0 }
}

/// The kernel at a distance from its middle.
pub(in crate::image) fn lanczos3(distance: f64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a power of two")]
    let position = distance.abs() * RESOLUTION as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates, and then nothing is found")]
    let index = position as usize;
    match TABLE.get(index..index.saturating_add(2)) {
        Some(&[here, next]) => here + (next - here) * position.fract(),
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_as_good_as_the_definition() {
        for step in -40_000..=40_000 {
            let distance = f64::from(step) / 10_000.0;
            let error = (lanczos3(distance) - exact(distance)).abs();
            assert!(error < 2e-6, "off by {error} at {distance}");
        }
        assert_eq!((lanczos3(0.0), lanczos3(1.0).abs() < 1e-15, lanczos3(3.0), lanczos3(f64::INFINITY)), (1.0, true, 0.0, 0.0));
    }
}
