//! Animations in every format, frame by frame beside a plain composition of the same frames.
#![cfg(feature = "image")]
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation, reason = "a test that cannot go on should stop")]

mod animations;

use std::time::Duration;

use animations::{Dispose, Frame, composed, gif, png, webp};
use cog_kit::image::{Animation, Channels, Frames, ImageError, Limits, Pixels, Prepare, Size, Source, Truncated};

const RED: [u8; 4] = [230, 20, 30, 255];
const BLUE: [u8; 4] = [10, 40, 220, 255];
const GREEN: [u8; 4] = [20, 200, 60, 255];
const YELLOW: [u8; 4] = [240, 220, 10, 255];
const CLEAR: [u8; 4] = [0, 0, 0, 0];
const VEIL: [u8; 4] = [200, 0, 120, 130];

/// Sides of the canvas.
const WIDTH: u32 = 12;
const HEIGHT: u32 = 8;

fn open(file: &[u8]) -> Source<'_> {
    Source::new(file, &Limits::default()).unwrap()
}

fn all(file: &[u8]) -> Result<Animation, ImageError> {
    Source::new(file, &Limits::default())?.frames(Frames::All, Truncated::Refuse)
}

fn rgba(pixels: &Pixels) -> Vec<[u8; 4]> {
    match pixels.channels() {
        Channels::Rgba => pixels.as_bytes().as_chunks().0.to_vec(),
        Channels::Rgb => pixels.as_bytes().as_chunks::<3>().0.iter().map(|&[r, g, b]| [r, g, b, 255]).collect(),
        other => panic!("{other:?}"),
    }
}

/// Whether a frame shows what it should: alpha within `tolerance`, colors too where anything is seen of them.
fn is_close(found: &Pixels, expected: &[[f64; 4]], tolerance: f64) -> bool {
    let found = rgba(found);
    found.len() == expected.len()
        && found.iter().zip(expected).all(|(found, expected)| {
            let close = |channel: usize| (f64::from(found[channel]) - expected[channel]).abs() <= tolerance;
            close(3) && (expected[3] == 0.0 || [0, 1, 2].into_iter().all(close))
        })
}

/// Every disposal, blending, and place of the first two of three frames.
fn matrix(disposals: &[Dispose], blendings: &[bool], veil: [u8; 4]) -> Vec<[Frame; 3]> {
    let mut sets = Vec::new();
    let areas = [[0, 0, WIDTH, HEIGHT], [2, 2, 6, 4], [6, 4, 6, 4], [0, 0, 4, 8]];
    for first in [areas[0], areas[1]] {
        for second in areas {
            for &dispose in disposals {
                for &next in disposals {
                    for &over in blendings {
                        for &last in blendings {
                            let one = Frame { dispose, over, ..Frame::new(first, [RED, BLUE]) };
                            let two = Frame { dispose: next, over, ..Frame::new(second, [GREEN, veil]) };
                            sets.push([one, two, Frame { over: last, ..Frame::new([4, 2, 4, 4], [YELLOW, CLEAR]) }]);
                        }
                    }
                }
            }
        }
    }
    sets
}

fn check(file: &[u8], frames: &[Frame], tolerance: f64) {
    let shown = all(file).unwrap_or_else(|error| panic!("{error}: {frames:?}"));
    let expected = composed(WIDTH, HEIGHT, frames);
    assert_eq!(shown.frames.len(), expected.len());
    for (number, (found, expected)) in shown.frames.iter().zip(&expected).enumerate() {
        assert!(is_close(&found.pixels, expected, tolerance), "frame {number} of {frames:?}: {:?}, {expected:?}", rgba(&found.pixels));
    }
    let first = open(file).to_pixels(Truncated::Refuse).unwrap().pixels;
    assert!(is_close(&first, &expected[0], tolerance), "the still image of {frames:?}");
}

#[test]
fn webp_frames_are_composed_for_every_disposal_blending_and_offset() {
    let sets = matrix(&[Dispose::None, Dispose::Background], &[true, false], VEIL);
    assert_eq!(sets.len(), 128);
    for frames in sets {
        // libwebp's blending, which ours is to the bit, rounds down.
        check(&webp(WIDTH, HEIGHT, &frames), &frames, 1.5);
    }
}

#[test]
fn png_frames_are_composed_for_every_disposal_blending_and_offset() {
    for frames in matrix(&[Dispose::None, Dispose::Background, Dispose::Previous], &[true, false], VEIL) {
        // A first frame that is smaller than the canvas needs an image beside the animation.
        let is_full = (frames[0].width, frames[0].height) == (WIDTH, HEIGHT);
        let default = (!is_full).then_some(Frame::new([0, 0, WIDTH, HEIGHT], [VEIL, RED]));
        let file = png(WIDTH, HEIGHT, &frames, default);
        let shown = all(&file).unwrap();
        for (found, expected) in shown.frames.iter().zip(composed(WIDTH, HEIGHT, &frames)) {
            assert!(is_close(&found.pixels, &expected, 1.0), "{frames:?}");
        }
        assert_eq!(shown.frames.len(), 3);
    }
}

#[test]
fn gif_frames_are_composed_for_every_disposal_and_offset() {
    for frames in matrix(&[Dispose::None, Dispose::Background, Dispose::Previous], &[true], CLEAR) {
        check(&gif((WIDTH as u16, HEIGHT as u16), &frames), &frames, 0.0);
    }
}

#[test]
fn a_frame_that_is_taken_off_leaves_no_ghost_in_webp() {
    const FILE: &[u8] = include_bytes!("pictures/offset_big_dispose_small_noblend.webp");
    let shown = all(FILE).unwrap();
    let [first, second] = [0, 1].map(|frame| rgba(&shown.frames[frame].pixels));
    for (at, (first, second)) in first.iter().zip(&second).enumerate() {
        let (x, y) = (at % 40, at / 40);
        assert_eq!(first[3] > 0, (4..34).contains(&x) && (2..18).contains(&y), "({x}, {y})");
        assert_eq!(second[3] > 0, (10..20).contains(&x) && (4..10).contains(&y), "({x}, {y})");
    }
    let prepared = Prepare::new().apply_frames(&open(FILE), Frames::All).unwrap();
    assert_eq!(prepared[1].prepared.pixels().as_bytes()[(3 * 40 + 5) * 3..][..3], [255; 3], "white where it was");
}

#[test]
fn a_webp_whose_flags_deny_alpha_is_transparent_where_no_frame_is() {
    let mut file = webp(WIDTH, HEIGHT, &[Frame::new([2, 2, 6, 4], [RED, BLUE]), Frame::new([2, 2, 6, 4], [GREEN, BLUE])]);
    assert_eq!(file[20], 0x12);
    file[20] = 0x02;
    assert!(open(&file).info().has_alpha);
    let shown = all(&file).unwrap();
    assert_eq!(rgba(&shown.frames[1].pixels)[0], CLEAR);
    let mut full = webp(WIDTH, HEIGHT, &[Frame::new([0, 0, WIDTH, HEIGHT], [RED, BLUE]), Frame::new([2, 2, 6, 4], [GREEN, BLUE])]);
    full[20] = 0x02;
    assert_eq!(all(&full).unwrap().frames[1].pixels.channels(), Channels::Rgb, "opaque on all of the canvas");
}

#[test]
fn a_webp_frame_that_exceeds_the_canvas_is_refused_by_its_place() {
    let file = webp(WIDTH, HEIGHT, &[Frame::new([0, 0, WIDTH, HEIGHT], [RED, BLUE]), Frame::new([8, 2, 6, 4], [GREEN, BLUE])]);
    let error = all(&file).unwrap_err();
    assert_eq!(error.to_string(), "WebP data is damaged: frame 2 of 6x4 pixels at (8, 2) exceeds the canvas of 12x8");
    assert!(Prepare::new().apply(&open(&file)).is_ok(), "the first frame is whole");
}

#[test]
fn the_canvas_of_a_gif_grows_with_its_first_frame_and_later_frames_are_cut() {
    // Screen, first frame, and the canvas that libvips 8.18 and, for the first frame, Pillow 13 make of them.
    let cases = [
        ((16, 10), [0, 0, 30, 20], (30, 20)),
        ((16, 10), [4, 4, 14, 9], (18, 13)),
        ((16, 10), [0, 0, 30, 4], (30, 10)),
        ((16, 10), [2, 2, 4, 4], (16, 10)),
        ((16, 10), [40, 40, 4, 4], (44, 44)),
        ((0, 0), [2, 3, 20, 12], (22, 15)),
        ((0, 30), [2, 3, 20, 12], (22, 15)),
    ];
    for (screen, area, (width, height)) in cases {
        let frames = [Frame::new(area, [RED, BLUE]), Frame::new([1, 1, 60, 60], [GREEN, CLEAR])];
        let file = gif(screen, &frames);
        let source = open(&file);
        assert_eq!(source.info().stored_size, Size::new(width, height), "{screen:?} {area:?}");
        let expected = composed(width, height, &frames);
        for (found, expected) in all(&file).unwrap().frames.iter().zip(&expected) {
            assert_eq!(found.pixels.size(), Size::new(width, height));
            assert!(is_close(&found.pixels, expected, 0.0), "{screen:?} {area:?}");
        }
        assert!(is_close(&source.to_pixels(Truncated::Refuse).unwrap().pixels, &expected[0], 0.0), "{screen:?} {area:?}");
        assert_eq!(Prepare::new().apply(&source).unwrap().size(), Size::new(width, height));
        let limits = Limits { max_pixels: u64::from(width * height) - 1, ..Limits::default() };
        assert_eq!(Source::new(&file[..], &limits).unwrap_err().code(), "image.too_many_pixels");
    }
}

#[test]
fn a_gif_frame_larger_than_its_screen_is_shown_whole() {
    let prepared = Prepare::new().apply(&open(include_bytes!("pictures/gif_frame_too_large.gif"))).unwrap();
    assert_eq!(prepared.size(), Size::new(30, 20));
}

#[test]
fn a_frame_without_a_duration_is_a_frame() {
    let frames = [0, 0, 70].map(|milliseconds| Frame { milliseconds, ..Frame::new([0, 0, WIDTH, HEIGHT], [RED, BLUE]) });
    let screen = (WIDTH as u16, HEIGHT as u16);
    for file in [gif(screen, &frames), png(WIDTH, HEIGHT, &frames, None), webp(WIDTH, HEIGHT, &frames)] {
        let found: Vec<Duration> = all(&file).unwrap().frames.iter().map(|frame| frame.duration).collect();
        assert_eq!(found, [0, 0, 70].map(Duration::from_millis));
    }
}

#[test]
fn an_animation_that_ends_early_is_refused_or_kept_as_far_as_it_goes() {
    let frames = [[RED, BLUE], [GREEN, BLUE], [YELLOW, RED]].map(|colors| Frame::new([0, 0, WIDTH, HEIGHT], colors));
    let screen = (WIDTH as u16, HEIGHT as u16);
    for file in [gif(screen, &frames), png(WIDTH, HEIGHT, &frames, None), webp(WIDTH, HEIGHT, &frames)] {
        let cut = &file[..file.len() - 30];
        assert_eq!(all(cut).unwrap_err().code(), "image.truncated");
        let kept = open(cut).frames(Frames::All, Truncated::Keep).unwrap();
        assert!((1..3).contains(&kept.frames.len()) && !kept.warnings.is_empty(), "{} frames", kept.frames.len());
        assert_eq!(kept.frames[0], all(&file).unwrap().frames[0]);
        for length in 0..file.len() {
            if let Ok(source) = Source::new(&file[..length], &Limits::default()) {
                let outcome = source.frames(Frames::All, Truncated::Keep).err().map(|error| error.code());
                assert!(!matches!(outcome, Some("image.codec_panicked")), "{length} bytes");
                assert_ne!(
                    source.to_pixels(Truncated::Keep).err().map(|error| error.code()),
                    Some("image.codec_panicked"),
                    "{length} bytes"
                );
            }
        }
    }
}

#[test]
fn an_animation_that_made_a_decoder_panic_is_refused_as_cut_short() {
    let source = open(include_bytes!("pictures/animation_cut_short.webp"));
    assert_eq!(source.frames(Frames::All, Truncated::Refuse).unwrap_err().code(), "image.truncated");
    let error = Prepare::new().apply(&source).unwrap_err();
    assert_eq!(error.to_string(), "WebP file is cut short: found 1245 bytes, expected 6464");
    let kept = Prepare::new().truncated(Truncated::Keep).apply(&source).unwrap_err();
    assert_eq!(kept.to_string(), "WebP data is damaged: found an image of 14135x0 pixels in frame 1, expected 55x55");
}
