//! Sequences of AVIF: frames, durations and alpha, and what becomes of broken ones; and a still image in a rare color model.
#![cfg(feature = "image")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::{fs, num::NonZeroU32, time::Duration};

use cog_kit::image::{Animation, Channels, Format, Frames, ImageError, Limits, Prepare, Size, Source, Truncated, Warning};

const DISC: &[u8] = include_bytes!("pictures/disc_animated.avif");

fn frames(bytes: &[u8], which: Frames, truncated: Truncated) -> Result<Animation, ImageError> {
    Source::new(bytes, &Limits::default())?.frames(which, truncated)
}

/// The disc with `new` written over what is `behind` bytes behind the `nth` place of `kind`.
fn patched(kind: &[u8; 4], nth: usize, behind: usize, new: &[u8]) -> Vec<u8> {
    let mut bytes = DISC.to_vec();
    let places = bytes.windows(4).enumerate().filter(|(_, window)| window == kind);
    let at = places.map(|(at, _)| at + 4 + behind).nth(nth).unwrap();
    bytes[at..at + new.len()].copy_from_slice(new);
    bytes
}

#[test]
fn every_frame_comes_with_its_duration_and_its_alpha() {
    let source = Source::new(DISC, &Limits::default()).unwrap();
    assert_eq!((source.info().format, source.info().frames, source.info().has_alpha), (Format::Avif, 4, true));
    let all = source.frames(Frames::All, Truncated::Refuse).unwrap();
    assert!(all.warnings.is_empty());
    let durations: Vec<u128> = all.frames.iter().map(|frame| frame.duration.as_millis()).collect();
    assert_eq!(durations, [40, 80, 120, 160]);
    for (number, frame) in all.frames.iter().enumerate() {
        assert_eq!((frame.pixels.size(), frame.pixels.channels()), (Size::new(48, 32), Channels::Rgba));
        // The disc is where it was drawn, and coloured as it was drawn there.
        let centre = 12 + 8 * number;
        let pixel = |x: usize, y: usize| &frame.pixels.as_bytes()[(y * 48 + x) * 4..][..4];
        let expected = [200 - 40 * number, 4 * centre, 7 * 16, 255];
        let found = pixel(centre, 16);
        assert!(found.iter().zip(expected).all(|(&found, expected)| usize::from(found).abs_diff(expected) < 14), "{number}: {found:?}");
        assert_eq!(pixel((centre + 24) % 48, 1)[3], 0, "{number}");
    }
    let first = source.to_pixels(Truncated::Refuse).unwrap().pixels;
    assert_eq!(first, all.frames[0].pixels, "the first frame is what a still picture shows");
    let some = source.frames(Frames::Every(NonZeroU32::new(3).unwrap()), Truncated::Refuse).unwrap();
    assert_eq!(some.frames, [all.frames[0].clone(), all.frames[3].clone()], "what is not wanted is decoded all the same");
    let prepared = Prepare::new().size(24, 24).apply_frames(&source, Frames::Evenly(NonZeroU32::new(2).unwrap())).unwrap();
    assert_eq!(prepared.iter().map(|frame| (frame.index, frame.duration)).collect::<Vec<_>>(), {
        [(0, Duration::from_millis(40)), (3, Duration::from_millis(160))]
    });
}

#[test]
fn a_sequence_without_a_picture_beside_it_opens() {
    let mut alone = DISC.to_vec();
    let at = alone.windows(4).position(|window| window == b"meta").unwrap();
    alone[at..at + 4].copy_from_slice(b"free");
    let whole = frames(DISC, Frames::All, Truncated::Refuse).unwrap();
    assert_eq!(frames(&alone, Frames::All, Truncated::Refuse).unwrap(), whole);
    // A brand that names no codec is enough: the track says it.
    for (at, brand) in [(8, *b"msf1"), (16, *b"msf1"), (20, *b"msf1"), (24, *b"msf1")] {
        alone[at..at + 4].copy_from_slice(&brand);
    }
    assert_eq!(Source::new(alone.as_slice(), &Limits::default()).unwrap().info().format, Format::Avif);
}

#[test]
fn colours_that_were_multiplied_by_alpha_are_divided_again() {
    // An edit list of the colour's track gives its place to a reference: 44 bytes, of which a reference to one track needs 20.
    let mut bytes = DISC.to_vec();
    let at = bytes.windows(4).position(|window| window == b"edts").unwrap();
    let reference: Vec<u8> = [&20_u32.to_be_bytes()[..], b"tref", &12_u32.to_be_bytes(), b"prem", &2_u32.to_be_bytes()].concat();
    bytes[at - 4..at + 16].copy_from_slice(&reference);
    bytes[at + 16..at + 24].copy_from_slice(&[&24_u32.to_be_bytes()[..], b"free"].concat());
    let (straight, divided) =
        (frames(DISC, Frames::All, Truncated::Refuse).unwrap(), frames(&bytes, Frames::All, Truncated::Refuse).unwrap());
    let mut soft = 0;
    for (straight, divided) in straight.frames.iter().zip(&divided.frames) {
        for (straight, divided) in straight.pixels.as_bytes().chunks(4).zip(divided.pixels.as_bytes().chunks(4)) {
            assert_eq!(straight[3], divided[3]);
            match straight[3] {
                0 => assert_eq!(divided[..3], [0, 0, 0]),
                255 => assert_eq!(divided, straight),
                _ => soft += usize::from(divided[0] > straight[0]),
            }
        }
    }
    assert!(soft > 10, "{soft}");
}

#[test]
fn a_cut_sequence_is_refused_or_kept_as_far_as_it_goes() {
    let cut = &DISC[..DISC.len() - 40];
    let error = frames(cut, Frames::All, Truncated::Refuse).unwrap_err();
    assert!(matches!(error, ImageError::Truncated { .. }), "{error}");
    let kept = frames(cut, Frames::All, Truncated::Keep).unwrap();
    assert_eq!((kept.frames.len(), kept.warnings.as_slice()), (2, [Warning::Truncated].as_slice()));
}

#[test]
fn sequences_are_held_against_the_limits() {
    let limited = |limits: Limits| Source::new(DISC, &limits).and_then(|source| source.frames(Frames::All, Truncated::Refuse)).unwrap_err();
    assert_eq!(limited(Limits { max_frames: 3, ..Limits::default() }).code(), "image.too_many_frames");
    assert_eq!(limited(Limits { max_total_pixels: 48 * 32 * 4 - 1, ..Limits::default() }).code(), "image.too_many_total_pixels");
    assert_eq!(limited(Limits { max_seconds: 0, ..Limits::default() }).code(), "image.too_slow");
    assert_eq!(limited(Limits { max_pixels: 48 * 32 - 1, ..Limits::default() }).code(), "image.too_many_pixels");
}

#[test]
fn broken_sequences_say_what_is_wrong() {
    let number = |number: u32| number.to_be_bytes();
    let cases = [
        (patched(b"mdhd", 0, 20, &number(0)), "found a timescale of 0, expected the units of time in a second"),
        (patched(b"stsz", 0, 8, &number(u32::MAX)), "found a `stsz` box of 28 bytes for 4294967295 entries"),
        (patched(b"stco", 0, 8, &number(u32::MAX)), "the data of a frame ends at byte 4294967400, the file at byte 2338"),
        (patched(b"stsz", 0, 12, &number(0)), "found a picture without data"),
        (patched(b"stts", 0, 4, &number(9)), "found a `stts` box of 40 bytes for 9 entries"),
        (patched(b"stbl", 0, 0, &number(9_999)), "the data ends early"),
    ];
    for (bytes, expected) in cases {
        let error = frames(&bytes, Frames::All, Truncated::Refuse).unwrap_err().to_string();
        assert!(error.ends_with(expected), "{error}, expected {expected}");
    }
    // Frames that are larger than the track says would take memory that nothing was held against, smaller ones do not fill it.
    let narrower = patched(b"av01", 2, 24, &[0, 40, 0, 32]);
    let error = frames(&narrower, Frames::All, Truncated::Refuse).unwrap_err().to_string();
    assert_eq!(error, "AVIF data is damaged: found a picture of more than 1280 pixels");
    let wider = patched(b"av01", 2, 24, &[0, 80, 0, 32]);
    let error = frames(&wider, Frames::All, Truncated::Refuse).unwrap_err().to_string();
    assert_eq!(error, "AVIF data is damaged: found tiles for 48x32 pixels, expected 80x32");
}

#[test]
fn no_change_of_a_byte_of_the_frames_does_harm() {
    let start = DISC.windows(4).position(|window| window == b"mdat").unwrap();
    for at in (start..DISC.len()).step_by(7) {
        let mut bytes = DISC.to_vec();
        bytes[at] ^= 0x55;
        match frames(&bytes, Frames::All, Truncated::Refuse) {
            Ok(animation) => assert_eq!(animation.frames.len(), 4, "byte {at}"),
            Err(error) => assert!(!error.to_string().is_empty(), "byte {at}"),
        }
    }
}

#[test]
fn sequences_of_hevc_without_a_picture_are_refused_by_name() {
    let mut bytes = patched(b"ftyp", 0, 0, b"hevc");
    for brand in [b"avif", b"avis"] {
        while let Some(at) = bytes.windows(4).position(|window| window == brand) {
            bytes[at..at + 4].copy_from_slice(b"hevc");
        }
    }
    for (from, to) in [(b"av01", b"hvc1"), (b"meta", b"free")] {
        while let Some(at) = bytes.windows(4).position(|window| window == from) {
            bytes[at..at + 4].copy_from_slice(to);
        }
    }
    let error = Source::new(bytes, &Limits::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "HEIC file cannot be read: it is an HEIC image sequence without a still image, of which only those coded in AV1 are supported"
    );
    // Nothing but the brand.
    for brand in [b"hevc", b"hevx", b"msf1"] {
        let file = [&24_u32.to_be_bytes()[..], b"ftyp", brand, &[0; 4], brand, b"mif1", &[0; 40]].concat();
        let error = Source::new(file, &Limits::default()).unwrap_err().to_string();
        assert!(error.starts_with("HEIC file cannot be read: it is an HEIC image sequence"), "{error}");
    }
}

#[test]
fn the_sequence_of_a_public_suite_has_its_frames() {
    let Ok(bytes) = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus/avif/colors-animated-8bpc.avif")) else {
        eprintln!("skipped: there is no corpus");
        return;
    };
    let animation = frames(&bytes, Frames::All, Truncated::Refuse).unwrap();
    let found: Vec<_> = animation.frames.iter().map(|frame| (frame.index, frame.duration.as_micros(), frame.pixels.channels())).collect();
    assert_eq!(found, [0, 1, 2, 3, 4].map(|index| (index, 33_333, Channels::Rgb)));
    assert!(animation.frames.windows(2).all(|pair| pair[0].pixels != pair[1].pixels));
}

#[test]
fn avif_in_ycgco_has_its_colors() {
    let source = Source::new(include_bytes!("pictures/ycgco.avif").as_slice(), &Limits::default()).unwrap();
    let pixels = source.to_pixels(Truncated::Refuse).unwrap().pixels;
    // What libavif makes of it.
    for ((x, y), expected) in [
        ((0, 0), [220, 42, 40]),
        ((20, 10), [164, 75, 62]),
        ((48, 32), [133, 128, 87]),
        ((95, 63), [227, 209, 39]),
        ((70, 50), [169, 175, 85]),
        ((5, 60), [50, 60, 186]),
    ] {
        let found = &pixels.as_bytes()[(y * 96 + x) * 3..][..3];
        assert!(found.iter().zip(expected).all(|(&found, expected)| found.abs_diff(expected) <= 2), "({x}, {y}): {found:?}, {expected:?}");
    }
}
