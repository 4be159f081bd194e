//! Decoding, tried on files that no one here made, where they are present.
#![cfg(feature = "image")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use cog_kit::image::{Channels, Format, Frames, ImageError, Limits, Orientation, Pixels, Prepare, Size, Source, Truncated, Warning};

/// The files of a folder of the corpus, sorted; none, and a line that says so, where there is no corpus.
fn corpus(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus")).join(folder);
    let Ok(entries) = fs::read_dir(&root) else {
        eprintln!("skipped: there is no corpus folder `{folder}`");
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect();
    files.sort();
    assert!(!files.is_empty(), "{folder}");
    files
}

/// One file of the corpus.
fn file(name: &str) -> Option<PathBuf> {
    let (folder, name) = name.split_once('/').unwrap();
    corpus(folder).into_iter().find(|path| path.ends_with(name))
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

fn decode(path: &Path, truncated: Truncated) -> Result<(Size, Pixels, Vec<Warning>), ImageError> {
    let source = Source::open(path, &Limits::default())?;
    let decoded = source.to_pixels(truncated)?;
    Ok((source.info().stored_size, decoded.pixels, decoded.warnings))
}

fn mean(pixels: &Pixels) -> Vec<f64> {
    let count = pixels.channels().count();
    let mut sums = vec![0.0; count];
    for pixel in pixels.as_bytes().chunks_exact(count) {
        for (sum, &sample) in sums.iter_mut().zip(pixel) {
            *sum += f64::from(sample);
        }
    }
    let total = pixels.as_bytes().len() / count;
    sums.iter().map(|sum| (sum / total as f64).round()).collect()
}

#[test]
fn png_suite_decodes_and_what_starts_with_x_is_refused_but_for_checksums() {
    for path in corpus("pngsuite").iter().filter(|path| path.extension().is_some_and(|e| e == "png")) {
        // Wrong checksums alone; Pillow and libvips read past them too.
        let damaged = matches!(name(path).as_str(), "xcsn0g01.png" | "xhdn0g08.png");
        let refused = name(path).starts_with('x') && !damaged;
        match decode(path, Truncated::Refuse) {
            Ok((size, pixels, warnings)) => {
                assert!(!refused, "{} was read", name(path));
                assert_eq!(pixels.size(), size, "{}", name(path));
                assert_eq!(warnings == [Warning::Damaged], damaged, "{}", name(path));
            }
            Err(error) => assert!(refused, "{}: {error}", name(path)),
        }
    }
}

#[test]
fn photos_oriented_alpha_and_animated_files_decode_to_the_size_of_the_header() {
    for folder in ["photos", "oriented", "alpha", "animated"] {
        for path in corpus(folder) {
            let (size, pixels, warnings) = decode(&path, Truncated::Refuse).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            assert_eq!(pixels.size(), size, "{}", name(&path));
            assert_eq!(warnings, [], "{}", name(&path));
        }
    }
}

#[test]
fn orientation_is_read_and_sizes_agree_when_upright() {
    for (number, path) in (1u32..).zip(corpus("oriented")) {
        let source = Source::open(&path, &Limits::default()).unwrap();
        assert_eq!(Some(source.info().orientation), Orientation::from_exif(number), "{}", name(&path));
        assert_eq!(source.info().size(), Size::new(600, 450), "{}", name(&path));
    }
}

#[test]
fn every_kind_of_transparency_is_alpha() {
    let cases = [
        ("alpha/grey-8bit-alpha.png", Channels::LumaAlpha),
        ("alpha/bgbn4a08.png", Channels::LumaAlpha),
        ("alpha/16-bit-grey-alpha.png", Channels::LumaAlpha),
        ("alpha/tbgn2c16.png", Channels::Rgba),
        ("alpha/blackbug.png", Channels::Rgba),
        ("alpha/grey-plus-alpha.gif", Channels::Rgba),
        ("alpha/5_webp_a.webp", Channels::Rgba),
        ("pngsuite/tbbn3p08.png", Channels::Rgba),
        ("pngsuite/tbwn1g16.png", Channels::LumaAlpha),
    ];
    for (path, expected) in cases {
        let Some(path) = file(path) else { continue };
        let source = Source::open(&path, &Limits::default()).unwrap();
        let pixels = source.to_pixels(Truncated::Refuse).unwrap().pixels;
        assert!(source.info().has_alpha, "{}", name(&path));
        assert_eq!(pixels.channels(), expected, "{}", name(&path));
        let count = expected.count();
        assert!(pixels.as_bytes().chunks_exact(count).any(|pixel| pixel[count - 1] < 255), "{} has no transparent pixel", name(&path));
    }
}

#[test]
fn sixteen_bits_are_rounded_and_not_clipped() {
    let Some(path) = file("colour/Flag_of_the_Netherlands-16bit.png") else { return };
    let (_, pixels, _) = decode(&path, Truncated::Refuse).unwrap();
    let mean = mean(&pixels);
    assert!(mean.iter().take(3).all(|&channel| channel > 40.0 && channel < 220.0), "{mean:?}");
}

#[test]
fn cmyk_is_converted_and_flagged() {
    let Some(path) = file("colour/Channel_digital_image_CMYK_color_no_profile.jpg") else { return };
    let (size, pixels, warnings) = decode(&path, Truncated::Refuse).unwrap();
    assert_eq!((pixels.size(), pixels.channels()), (size, Channels::Rgb));
    assert_eq!(warnings, [Warning::CmykWithoutProfile]);
}

#[test]
fn profiles_are_named_applied_and_change_the_colours_as_they_should() {
    // Means of the picture after Little CMS brought it into sRGB with its default intent.
    let cases = [
        ("colour/p3.png", "Display P3", [255.0, 0.0, 0.0]),
        ("colour/prophoto.png", "ProPhoto RGB", [117.0, 160.0, 210.0]),
        ("oriented/Landscape_2.jpg", "Generic RGB Profile", [97.0, 95.0, 83.0]),
        ("colour/Channel_digital_image_CMYK_color.jpg", "U.S. Web Coated (SWOP) v2", [121.0, 126.0, 115.0]),
    ];
    for (path, profile, expected) in cases {
        let Some(path) = file(path) else { continue };
        let source = Source::open(&path, &Limits::default()).unwrap();
        assert_eq!(source.info().profile.as_deref(), Some(profile), "{}", name(&path));
        let decoded = source.to_pixels(Truncated::Refuse).unwrap();
        let mean = mean(&decoded.pixels);
        assert_eq!(decoded.warnings, [], "{}", name(&path));
        assert!(mean.iter().zip(expected).all(|(found, expected)| (found - expected).abs() <= 4.0), "{}: {mean:?}", name(&path));
    }
}

#[test]
fn heif_files_decode_or_say_what_is_wrong() {
    let broken = ["corrupted.heic", "corrupted.hif", "empty.heic", "truncated.heic"];
    let mut files = corpus("avif");
    files.extend(corpus("heif"));
    for path in files {
        let file_name = name(&path);
        match decode(&path, Truncated::Refuse) {
            Ok((size, pixels, warnings)) => {
                assert!(!broken.contains(&file_name.as_str()), "{file_name} was read");
                assert_eq!(pixels.size(), size, "{file_name}");
                let expected: &[Warning] = if file_name == "colors_wcg_hdr_rec2020.avif" { &[Warning::ToneMapped] } else { &[] };
                assert_eq!(warnings, expected, "{file_name}");
            }
            Err(error) => assert!(broken.contains(&file_name.as_str()), "{file_name}: {error}"),
        }
    }
}

#[test]
fn avif_is_cropped_as_stored_and_turned_by_its_own_boxes() {
    let Some(path) = file("avif/clap_irot_imir_non_essential.avif") else { return };
    let info = Source::open(&path, &Limits::default()).unwrap().info().clone();
    assert_eq!((info.format, info.stored_size, info.orientation), (Format::Avif, Size::new(8, 10), Orientation::Transverse));
    assert_eq!(info.size(), Size::new(10, 8));
}

#[test]
fn animations_hand_out_the_frames_asked_for_with_their_durations() {
    let number = |n| std::num::NonZeroU32::new(n).unwrap();
    for (path, total) in
        [("animated/animated-loop-3.gif", 10), ("animated/animated-loop-3.webp", 10), ("animated/rotating-squares.gif", 30)]
    {
        let Some(path) = file(path) else { continue };
        let source = Source::open(&path, &Limits::default()).unwrap();
        assert_eq!(source.info().frames, total, "{}", name(&path));
        let all = source.frames(Frames::All, Truncated::Refuse).unwrap();
        assert_eq!((all.frames.len(), all.warnings.len()), (total as usize, 0), "{}", name(&path));
        for (index, frame) in (0..).zip(&all.frames) {
            assert_eq!((frame.index, frame.pixels.size()), (index, source.info().stored_size), "{}", name(&path));
            assert!(frame.duration > Duration::ZERO && frame.duration < Duration::from_secs(20), "{}: {:?}", name(&path), frame.duration);
        }
        let first = source.to_pixels(Truncated::Refuse).unwrap().pixels;
        assert_eq!(mean(&first)[..3], mean(&all.frames[0].pixels)[..3], "{}: the first frame is what a still picture shows", name(&path));
        for which in [Frames::Every(number(4)), Frames::Evenly(number(3))] {
            let some = source.frames(which, Truncated::Refuse).unwrap();
            assert_eq!(some.frames.len(), which.count(total) as usize);
            for frame in some.frames {
                assert_eq!(frame, all.frames[frame.index as usize], "{} {which:?}", name(&path));
            }
        }
    }
}

#[test]
fn animations_are_held_against_the_limits_before_they_are_decoded() {
    let Some(path) = file("animated/rotating-squares.gif") else { return };
    let open = |limits: Limits| Source::open(&path, &limits).unwrap();
    let error = open(Limits { max_frames: 29, ..Limits::default() }).frames(Frames::All, Truncated::Refuse).unwrap_err();
    assert_eq!(error.code(), "image.too_many_frames");
    let few = open(Limits { max_total_pixels: 80 * 80 * 29, ..Limits::default() });
    assert_eq!(few.frames(Frames::All, Truncated::Refuse).unwrap_err().code(), "image.too_many_total_pixels");
    assert_eq!(few.frames(Frames::Every(std::num::NonZeroU32::new(2).unwrap()), Truncated::Refuse).unwrap().frames.len(), 15);
    let far = open(Limits { max_total_pixels: 80 * 80, ..Limits::default() });
    assert_eq!(
        far.frames(Frames::Evenly(std::num::NonZeroU32::new(2).unwrap()), Truncated::Refuse).unwrap_err().code(),
        "image.too_many_total_pixels"
    );
}

#[test]
fn decoding_is_stopped_when_it_takes_too_long() {
    let pictures = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pictures");
    let limits = Limits { max_seconds: 0, ..Limits::default() };
    for name in ["phone.jpg", "disc_rgba.png"] {
        let source = Source::open(Path::new(pictures).join(name), &limits).unwrap();
        let error = Prepare::new().max_side(64).apply(&source).unwrap_err();
        assert_eq!((error.code(), error.to_string().contains("more than 0 s")), ("image.too_slow", true), "{name}: {error}");
    }
}

#[test]
fn a_cut_animation_is_refused_or_kept_as_far_as_it_goes() {
    for path in ["animated/animated-loop-3.gif", "animated/animated-loop-3.webp"] {
        let Some(path) = file(path) else { continue };
        let bytes = fs::read(&path).unwrap();
        let source = Source::new(&bytes[..bytes.len() * 7 / 10], &Limits::default()).unwrap();
        let error = source.frames(Frames::All, Truncated::Refuse).unwrap_err();
        assert!(matches!(error, ImageError::Truncated { .. }), "{}: {error}", name(&path));
        let kept = source.frames(Frames::All, Truncated::Keep).unwrap();
        assert_eq!(kept.warnings, [Warning::Truncated]);
        assert!((2..10).contains(&kept.frames.len()), "{}: {} frames", name(&path), kept.frames.len());
    }
}

#[test]
fn a_still_picture_is_an_animation_of_one_frame() {
    let still = Source::new(own_png(), &Limits::default()).unwrap();
    let frames = still.frames(Frames::All, Truncated::Refuse).unwrap().frames;
    assert_eq!(frames.len(), 1);
    assert_eq!((frames[0].index, frames[0].duration, frames[0].pixels.as_bytes()), (0, Duration::ZERO, [10, 20, 30, 40].as_slice()));
}

#[test]
fn safe_decoders_alone_read_the_same_files() {
    // The switch is for a whole process, so another one runs the tests of this file with it.
    let tests =
        ["photos_oriented_alpha_and_animated_files_decode_to_the_size_of_the_header", "truncated_files_are_refused_or_kept_as_asked"];
    let outcome = std::process::Command::new(std::env::current_exe().unwrap())
        .env("COG_KIT_SAFE_DECODERS", "1")
        .args(["--exact"])
        .args(tests)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&outcome.stdout);
    assert!(outcome.status.success() && said.contains("2 passed"), "{said}");
}

#[test]
fn truncated_files_are_refused_or_kept_as_asked() {
    for file_name in ["damaged/truncated.jpg", "damaged/truncated.png"] {
        let Some(path) = file(file_name) else { continue };
        let error = decode(&path, Truncated::Refuse).unwrap_err();
        assert!(matches!(error, ImageError::Truncated { .. }), "{file_name}: {error}");
        let (size, pixels, warnings) = decode(&path, Truncated::Keep).unwrap();
        assert_eq!((pixels.size(), warnings), (size, vec![Warning::Truncated]), "{file_name}");
        let bytes = pixels.as_bytes();
        assert!(bytes[..bytes.len() / 20].iter().any(|&sample| sample != bytes[bytes.len() - 1]), "{file_name} shows nothing");
    }
}

#[test]
fn every_format_tells_a_file_cut_in_half_from_a_whole_one() {
    for file_name in [
        "photos/320x240.jpg",
        "photos/1.webp",
        "alpha/5_webp_a.webp",
        "animated/rotating-squares.gif",
        "pngsuite/basi6a16.png",
        "pngsuite/basn6a16.png",
    ] {
        let Some(path) = file(file_name) else { continue };
        let bytes = fs::read(&path).unwrap();
        let half = if file_name.ends_with("gif") { 900 } else { bytes.len() / 2 };
        let cut = bytes[..half].to_vec();
        let refused = Source::new(cut.clone(), &Limits::default()).and_then(|source| source.to_pixels(Truncated::Refuse)).unwrap_err();
        assert!(matches!(refused, ImageError::Truncated { .. }), "{file_name}: {refused}");
        let source = Source::new(cut, &Limits::default()).unwrap();
        let kept = source.to_pixels(Truncated::Keep).unwrap_or_else(|error| panic!("{file_name}: {error}"));
        assert_eq!((kept.pixels.size(), kept.warnings), (source.info().stored_size, vec![Warning::Truncated]), "{file_name}");
    }
}

#[test]
fn a_jpeg_that_lacks_only_its_end_marker_is_whole() {
    let Some(path) = file("photos/320x240.jpg") else { return };
    let bytes = fs::read(&path).unwrap();
    let whole = Source::new(bytes.as_slice(), &Limits::default()).unwrap().to_pixels(Truncated::Refuse).unwrap();
    let end = bytes.windows(2).rposition(|pair| pair == b"\xff\xd9").unwrap();
    let bare = Source::new(&bytes[..end], &Limits::default()).unwrap().to_pixels(Truncated::Refuse).unwrap();
    assert_eq!(whole, bare);
}

#[test]
fn bombs_are_refused_from_their_header() {
    let bomb = file("hostile/max_size.jpg").map_or_else(own_bomb, |path| fs::read(path).unwrap());
    let start = Instant::now();
    let error = Source::new(bomb, &Limits::default()).unwrap_err();
    assert!(matches!(error, ImageError::TooManyPixels { limit: 100_000_000, .. }), "{error}");
    assert!(start.elapsed() < Duration::from_millis(50));
    if let Some(path) = file("hostile/65536-uint32-limit.png") {
        let error = Source::open(path, &Limits::default()).unwrap_err();
        assert!(matches!(error, ImageError::TooLongSide { limit: 65_535, .. }), "{error}");
    }
}

fn own_bomb() -> Vec<u8> {
    b"\xff\xd8\xff\xc0\x00\x0b\x08\xff\xff\xff\xff\x01\x01\x11\x00".to_vec()
}

#[test]
fn hostile_and_damaged_files_end_in_time_and_without_a_panic() {
    let mut paths = corpus("hostile");
    paths.extend(corpus("damaged"));
    paths.extend(corpus("hostile/fuzz"));
    for path in paths {
        for truncated in [Truncated::Refuse, Truncated::Keep] {
            let start = Instant::now();
            let outcome = decode(&path, truncated);
            assert!(start.elapsed() < Duration::from_secs(2), "{} took {:?}", name(&path), start.elapsed());
            match outcome {
                Err(ImageError::CodecPanicked { reason, .. }) => panic!("{}: {reason}", name(&path)),
                Err(error) => assert!(!error.to_string().is_empty()),
                Ok((size, pixels, _)) => assert_eq!(pixels.size(), size, "{}", name(&path)),
            }
        }
    }
}

#[test]
fn limits_are_held_against_the_file_and_its_header() {
    let png = own_png();
    let cases = [
        (Limits { max_bytes: 10, ..Limits::default() }, "image.too_many_bytes"),
        (Limits { max_side: 1, ..Limits::default() }, "image.too_long_side"),
        (Limits { max_pixels: 3, ..Limits::default() }, "image.too_many_pixels"),
    ];
    for (limits, code) in cases {
        assert_eq!(Source::new(png.as_slice(), &limits).unwrap_err().code(), code);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("picture.jpg");
    fs::write(&path, &png).unwrap();
    let opened = Source::open(&path, &Limits::default()).unwrap();
    assert_eq!((opened.info().format, opened.info().stored_size), (Format::Png, Size::new(2, 2)));
    assert_eq!(opened.bytes(), png);
    assert_eq!(Source::open(&path, &cases[0].0).unwrap_err().code(), "image.too_many_bytes");
    assert_eq!(Source::open(folder.path().join("none.png"), &Limits::default()).unwrap_err().code(), "image.io");
}

/// A grey picture of 2x2 pixels: 10, 20, 30 and 40.
fn own_png() -> Vec<u8> {
    b"\x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x00\x00\x02\x00\x00\x00\x02\x08\x00\x00\x00\x00\x57\xdd\x52\xf8\x00\x00\x00\x0e\x49\x44\x41\x54\x78\x9c\x63\xe0\x12\x61\x90\xd3\x00\x00\x00\xec\x00\x65\xe0\xf8\x5c\xd3\x00\x00\x00\x00\x49\x45\x4e\x44\xae\x42\x60\x82".to_vec()
}
