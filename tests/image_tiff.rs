//! TIFF in every compression, on the files that `tests/pictures/draw_tiff.py` writes, whose pixels are known.
#![cfg(feature = "image")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::{fs, path::Path};

use cog_kit::image::{Channels, Limits, Prepare, Size, Source, Truncated};

const WIDTH: u32 = 24;
const HEIGHT: u32 = 16;

fn path(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures/tiff").join(format!("{name}.tif"))
}

/// Channels and samples of a file, which must be without fault.
fn decode(name: &str) -> (Size, Channels, Vec<u8>) {
    let source = Source::open(path(name), &Limits::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
    let decoded = source.to_pixels(Truncated::Refuse).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(decoded.warnings, [], "{name}");
    (decoded.pixels.size(), decoded.pixels.channels(), decoded.pixels.into_bytes())
}

/// The samples that `draw_tiff.py` drew.
fn drawn(channels: Channels, levels: bool) -> Vec<u8> {
    let pixels = (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| (x, y)));
    let samples: Vec<u32> = match channels {
        Channels::Luma if levels => pixels.map(|(x, y)| if (x / 3 + y / 2) % 3 == 0 { 0 } else { 255 }).collect(),
        Channels::Luma => pixels.map(|(x, y)| 10 * x + y).collect(),
        Channels::Rgb => pixels.flat_map(|(x, y)| [10 * x, 15 * y, 5 * x + 8 * y]).collect(),
        Channels::Rgba => pixels.flat_map(|(x, y)| [10 * x, 15 * y, 5 * x + 8 * y, if x < 12 { 255 } else { 0 }]).collect(),
        other => panic!("{other:?}"),
    };
    samples.into_iter().map(|sample| u8::try_from(sample).unwrap()).collect()
}

/// Holds a file against what was drawn; no sample may differ by more than `most`.
fn check(name: &str, channels: Channels, most: u8) {
    let (size, found, samples) = decode(name);
    assert_eq!((size, found), (Size::new(WIDTH, HEIGHT), channels), "{name}");
    let expected = drawn(channels, name.starts_with("fax"));
    let worst = samples.iter().zip(&expected).map(|(found, expected)| found.abs_diff(*expected)).max().unwrap();
    assert!(worst <= most, "{name}: a sample is {worst} off, at most {most} expected");
}

#[test]
fn lossless_compressions_give_every_pixel_back() {
    for name in ["zstd", "zstd_differences", "zstd_largest_window", "lzma", "webp", "jpeg_planes"] {
        check(name, Channels::Rgb, u8::from(name == "jpeg_planes"));
    }
    check("webp_alpha_tiles", Channels::Rgba, 0);
    for name in ["half_differences", "single_differences", "double_differences", "old_lzw"] {
        check(name, Channels::Luma, 0);
    }
}

#[test]
fn fax_of_every_group_gives_every_pixel_back() {
    for form in [
        "runs",
        "runs_in_words",
        "group_3",
        "group_3_filled",
        "group_3_two_dimensions",
        "group_4",
        "group_4_reversed",
        "without_photometric",
    ] {
        check(&format!("fax_{form}"), Channels::Luma, 0);
    }
}

#[test]
fn old_style_jpeg_is_put_together_from_its_parts() {
    for form in ["file", "scan", "tables", "strips", "untagged"] {
        check(&format!("old_jpeg_{form}"), Channels::Rgb, 4);
    }
    for form in ["file", "scan", "tables"] {
        check(&format!("old_jpeg_{form}_420"), Channels::Rgb, 12);
    }
}

#[test]
fn jpeg_strips_and_tiles_have_the_colors_that_the_tags_say() {
    check("jpeg", Channels::Rgb, 4);
    check("jpeg_420", Channels::Rgb, 12);
    check("jpeg_rgb_tiles", Channels::Rgb, 4);
}

#[test]
fn luma_and_chroma_become_rgb_at_every_subsampling() {
    for (name, most) in [("ycbcr", 3), ("ycbcr_21", 8), ("ycbcr_22", 12), ("ycbcr_42", 18)] {
        check(name, Channels::Rgb, most);
    }
}

#[test]
fn files_of_users_are_read_as_pillow_reads_them() {
    // Red on a gradient; means of all samples from Pillow 12.
    for (name, first, mean) in
        [("case_ccitt2", [0, 0, 0], 123.5), ("case_lzma", [220, 40, 40], 115.3), ("case_old_jpeg", [219, 41, 41], 115.3)]
    {
        let prepared = Prepare::new().apply(&Source::open(path(name), &Limits::default()).unwrap()).unwrap();
        let samples = prepared.pixels().as_bytes();
        let found = samples.iter().map(|&sample| f64::from(sample)).sum::<f64>() / samples.len() as f64;
        assert!((found - mean).abs() < 0.3, "{name}: a mean of {found}");
        assert!(samples.iter().zip(first).take(3).all(|(found, expected)| found.abs_diff(expected) <= 3), "{name}: {:?}", &samples[..3]);
    }
}

#[test]
fn the_lowest_signed_sample_is_black_and_the_highest_white() {
    let (size, channels, samples) = decode("case_int16");
    assert_eq!((size, channels), (Size::new(97, 61), Channels::Luma));
    // 94 is the luma of the red that the other files start with.
    assert_eq!(samples[0], 94);
}

#[test]
fn transparent_parts_are_white_over_white() {
    for name in ["case_palette_alpha", "case_rgba_no_extrasamples"] {
        let source = Source::open(path(name), &Limits::default()).unwrap();
        assert!(source.info().has_alpha, "{name}");
        let prepared = Prepare::new().apply(&source).unwrap();
        assert_eq!(prepared.pixels().as_bytes()[..3], [255, 255, 255], "{name}");
    }
}

#[test]
fn files_cut_short_keep_their_first_rows_and_never_panic() {
    for entry in fs::read_dir(path("x").parent().unwrap()).unwrap() {
        let path = entry.unwrap().path();
        let file = fs::read(&path).unwrap();
        for length in (0..file.len()).step_by(7) {
            let Ok(source) = Source::new(&file[..length], &Limits::default()) else { continue };
            let _ = source.to_pixels(Truncated::Refuse);
            let Ok(kept) = source.to_pixels(Truncated::Keep) else { continue };
            assert_eq!(kept.pixels.size(), source.info().stored_size, "{} {length}", path.display());
        }
    }
}

#[test]
fn changed_bytes_never_panic_or_hang() {
    let start = std::time::Instant::now();
    let mut state = 0x2545_f491u32;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as usize
    };
    let limits = Limits { max_memory: 64 << 20, ..Limits::default() };
    for entry in fs::read_dir(path("x").parent().unwrap()).unwrap() {
        let file = fs::read(entry.unwrap().path()).unwrap();
        for _ in 0..60 {
            let mut changed = file.clone();
            for _ in 0..=next() % 4 {
                let at = next() % changed.len();
                changed[at] = next().to_le_bytes()[0];
            }
            let Ok(source) = Source::new(changed, &limits) else { continue };
            if let Ok(kept) = source.to_pixels(Truncated::Keep) {
                assert_eq!(kept.pixels.size(), source.info().stored_size);
            }
        }
    }
    assert!(start.elapsed() < std::time::Duration::from_secs(120), "{:?}", start.elapsed());
}
