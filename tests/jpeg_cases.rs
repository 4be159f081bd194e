//! JPEG files of kinds that are seldom seen: each shows the image that Pillow shows.
#![cfg(feature = "image")]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::{env, path::Path, process::Command};

use cog_kit::image::{ImageError, Limits, Pixels, Prepare, Source, Truncated};

/// Colors of the image that most of the files show, at four places.
const SHOWN: [((usize, usize), [u8; 3]); 4] =
    [((5, 5), [204, 57, 62]), ((48, 30), [133, 128, 88]), ((91, 5), [58, 187, 52]), ((8, 52), [80, 74, 180])];

fn source(name: &str) -> Source<'static> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures/jpeg").join(name);
    Source::open(path, &Limits::default()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The pixels of a file, decoded in rows and prepared as they are, where nothing is wrong with it.
fn decoded(name: &str) -> [Pixels; 2] {
    let source = source(name);
    let stored = source.to_pixels(Truncated::Refuse).unwrap_or_else(|error| panic!("{name}: {error}"));
    let prepared = Prepare::new().apply(&source).unwrap_or_else(|error| panic!("{name}: {error}"));
    let found: Vec<_> = stored.warnings.iter().chain(&prepared.info().warnings).map(|warning| warning.code()).collect();
    assert!(found.iter().all(|&code| code == "cmyk_without_profile"), "{name}: {found:?}");
    [stored.pixels, prepared.pixels().clone()]
}

fn shows(name: &str, colors: &[((usize, usize), [u8; 3])]) {
    for pixels in decoded(name) {
        for &((x, y), expected) in colors {
            let at = (y * pixels.size().width as usize + x) * 3;
            let found = &pixels.as_bytes()[at..at + 3];
            assert!(
                found.iter().zip(expected).all(|(&found, expected)| found.abs_diff(expected) <= 4),
                "{name}, ({x}, {y}): {found:?}, expected {expected:?}"
            );
        }
    }
}

#[test]
fn baseline_images_in_a_scan_for_each_component_are_read_in_any_order() {
    shows("noninterleaved_2x2.jpg", &SHOWN);
    shows("scans_cb_cr_y.jpg", &SHOWN);
}

#[test]
fn a_non_interleaved_image_inside_of_tiff_is_read() {
    shows("noninterleaved_2x2.tif", &SHOWN);
}

#[test]
fn luma_may_have_fewer_samples_than_chroma() {
    shows("sample_luma_1_chroma_22.jpg", &SHOWN);
}

#[test]
fn three_samples_of_luma_may_share_one_of_chroma() {
    shows("sample_31.jpg", &SHOWN);
}

#[test]
fn motion_jpeg_without_huffman_tables_is_read_with_those_of_the_standard() {
    shows("no_dht.jpg", &SHOWN);
}

#[test]
fn cmyk_without_adobes_marker_is_inverted_as_by_pillow_libvips_and_opencv() {
    shows("cmyk_no_adobe.jpg", &SHOWN);
}

#[test]
fn arithmetic_coding_is_read() {
    shows("arithmetic.jpg", &SHOWN);
}

#[test]
fn progressive_arithmetic_coding_is_read() {
    let colors = [((5, 5), [211, 201, 152]), ((48, 30), [110, 70, 97]), ((91, 5), [201, 212, 71]), ((8, 52), [92, 44, 162])];
    shows("arithmetic_progressive.jpg", &colors);
}

#[test]
fn damaged_and_cut_files_of_these_kinds_end_without_a_panic() {
    let mut seed = 3_u64;
    let mut random = |most: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % most
    };
    let (mut refused, mut flagged) = (0, 0);
    for name in ["arithmetic.jpg", "arithmetic_progressive.jpg", "lossless.jpg", "no_dht.jpg", "cmyk_no_adobe.jpg", "sample_31.jpg"] {
        let whole = source(name).bytes().to_vec();
        for round in 0..300 {
            let mut file = whole.clone();
            if round % 3 == 0 {
                file.truncate(4 + random(file.len() - 4));
            } else {
                for _ in 0..=random(4) {
                    let at = 4 + random(file.len() - 4);
                    file[at] = u8::try_from(random(256)).unwrap();
                }
            }
            let decoded = Source::new(&file[..], &Limits { max_pixels: 1 << 22, ..Limits::default() })
                .and_then(|source| source.to_pixels(Truncated::Keep));
            match decoded {
                Err(ImageError::CodecPanicked { reason, .. }) => panic!("{name}, round {round}: {reason}"),
                Err(_) => refused += 1,
                Ok(stored) => flagged += usize::from(!stored.warnings.is_empty()),
            }
        }
    }
    assert!(refused > 100 && flagged > 300, "{refused} refused, {flagged} flagged");
}

#[test]
fn lossless_coding_is_read_exactly() {
    shows("lossless.jpg", &SHOWN);
    let [rows, _] = decoded("lossless.jpg");
    for ((x, y), expected) in SHOWN {
        let at = (y * 97 + x) * 3;
        assert_eq!(rows.as_bytes()[at..at + 3], expected);
    }
}

#[test]
fn a_comment_whose_length_is_too_short_does_no_harm() {
    shows(
        "bad_comment_length.jpg",
        &[((5, 5), [32, 123, 167]), ((18, 14), [45, 94, 73]), ((30, 5), [132, 159, 178]), ((8, 19), [174, 175, 177])],
    );
}

#[test]
fn the_decoders_in_safe_rust_alone_read_the_same_files() {
    if env::var_os("COG_KIT_SAFE_DECODERS").is_some() {
        return;
    }
    let outcome = Command::new(env::current_exe().unwrap()).env("COG_KIT_SAFE_DECODERS", "1").output().unwrap();
    assert!(outcome.status.success(), "{}", String::from_utf8_lossy(&outcome.stdout));
}
