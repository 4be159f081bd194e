//! AVIF files whose pixels are coded in less common ways.
#![cfg(feature = "image")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::path::Path;

use cog_kit::image::{Limits, Source, Truncated};

#[test]
fn luma_with_orange_and_green_differences_is_converted() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures/cases/avif_m8_full.avif");
    let decoded = Source::open(path, &Limits::default()).unwrap().to_pixels(Truncated::Refuse).unwrap();
    assert_eq!(decoded.warnings, []);
    // Pixels as Pillow and libvips show them, within what decoders differ by.
    for (x, y, expected) in [(5, 5, [205, 57, 61]), (50, 30, [135, 134, 85]), (90, 55, [198, 200, 50])] {
        let at = (y * decoded.pixels.size().width as usize + x) * 3;
        let found = &decoded.pixels.as_bytes()[at..at + 3];
        assert!(found.iter().zip(expected).all(|(found, expected)| found.abs_diff(expected) <= 6), "{found:?}, expected {expected:?}");
    }
}
