//! The way back, and masks: held against the picture itself, in every orientation and every fit.
#![cfg(feature = "image")]
#![expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positions in small pictures")]

use cog_kit::image::{
    Alpha, Channels, Encode, Filter, Fit, Limits, Mask, MaskChannel, MaskFilter, MaskOrientation, Orientation, Pixels, Point, Prepare,
    Prepared, Region, Rgb, Size, Snap, Source, Upscale, WayUp, White,
};
use proptest::prelude::*;

const FITS: [Fit; 5] = [Fit::Cover, Fit::Contain, Fit::Inside, Fit::Outside, Fit::Fill];
const SNAPS: [Snap; 5] = [Snap::Crop, Snap::Pad, Snap::Nearest, Snap::Down, Snap::Up];

fn orientation(number: u32) -> Orientation {
    Orientation::from_exif(number).unwrap()
}

fn at(pixels: &Pixels, x: u32, y: u32) -> &[u8] {
    let count = pixels.channels().count();
    let start = (y as usize * pixels.size().width as usize + x as usize) * count;
    &pixels.as_bytes()[start..start + count]
}

fn drawn(size: Size, channels: Channels, pixel: impl Fn(f64, f64) -> Vec<u8>) -> Pixels {
    let mut data = Vec::new();
    for y in 0..size.height {
        for x in 0..size.width {
            data.extend(pixel(f64::from(x) + 0.5, f64::from(y) + 0.5));
        }
    }
    Pixels::new(size, channels, data).unwrap()
}

/// Red grows to the right, green downwards, blue is a soft disc.
fn scenery(size: Size) -> Pixels {
    let (width, height) = (f64::from(size.width), f64::from(size.height));
    drawn(size, Channels::Rgb, |x, y| {
        let distance = ((x / width - 0.4).powi(2) + (y / height - 0.6).powi(2)).sqrt();
        vec![(x / width * 255.0) as u8, (y / height * 255.0) as u8, ((0.5 - distance) * 3.0).clamp(0.0, 1.0).mul_add(255.0, 0.0) as u8]
    })
}

/// A PNG file that stands upright as `upright` once its orientation is applied.
fn file(upright: &Pixels, orientation: Orientation) -> Vec<u8> {
    let size = orientation.upright_size(upright.size());
    let stored = drawn(size, upright.channels(), |x, y| {
        let point = orientation.upright_point(Point::new(x, y), size);
        at(upright, point.x as u32, point.y as u32).to_vec()
    });
    with_orientation(&stored, orientation)
}

fn with_orientation(stored: &Pixels, orientation: Orientation) -> Vec<u8> {
    let png = Encode::png().to_vec(stored).unwrap();
    let mut exif = b"eXIfMM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation.to_exif(), 0, 0, 0, 0, 0, 0]);
    let length = (u32::try_from(exif.len()).unwrap() - 4).to_be_bytes();
    // Behind the header: 8 bytes of signature, 25 of IHDR.
    [&png[..33], &length, &exif, &crc(&exif).to_be_bytes(), &png[33..]].concat()
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, &byte| (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 * (crc & 1))))
}

fn prepare(options: &Prepare, file: Vec<u8>) -> Prepared {
    options.apply(&Source::new(file, &Limits::default()).unwrap()).unwrap()
}

fn psnr(a: &Pixels, b: &Pixels) -> f64 {
    assert_eq!((a.size(), a.channels()), (b.size(), b.channels()));
    let error: f64 = a.as_bytes().iter().zip(b.as_bytes()).map(|(a, b)| f64::from(a.abs_diff(*b)).powi(2)).sum();
    10.0 * (255.0 * 255.0 * f64::from(u32::try_from(a.as_bytes().len()).unwrap()) / error.max(1e-9)).log10()
}

#[test]
fn pictures_come_back_to_where_they_were() {
    let upright = scenery(Size::new(90, 61));
    for number in 1..=8 {
        for fit in FITS {
            for (width, height) in [(48, 48), (120, 64)] {
                let options = Prepare::new().size(width, height).fit(fit).upscale(Upscale::Allowed).multiple_of(8).snap(Snap::Nearest);
                let prepared = prepare(&options, file(&upright, orientation(number)));
                let what = format!("orientation {number}, {fit} into {width}x{height}");
                let back = prepared.restore().picture_over(prepared.pixels(), upright.clone()).unwrap();
                let psnr = psnr(&back, &upright);
                assert!(psnr > 33.0, "{what}: {psnr:.1} dB");

                let stored = prepared.restore().way_up(WayUp::Stored).picture(prepared.pixels()).unwrap();
                let straight = prepared.restore().picture(prepared.pixels()).unwrap();
                assert_eq!(stored.size(), orientation(number).upright_size(upright.size()), "{what}");
                assert_eq!(stored.size(), prepared.restore().way_up(WayUp::Stored).size(), "{what}");
                let turned = prepare(&Prepare::new(), with_orientation(&stored, orientation(number)));
                assert_eq!(turned.pixels(), &straight, "{what}");
            }
        }
    }
}

#[test]
fn padding_never_shows_in_a_restored_picture() {
    let upright = drawn(Size::new(100, 30), Channels::Rgb, |_, _| vec![200, 10, 10]);
    let options = Prepare::new().size(64, 64).fit(Fit::Contain).background(Rgb::BLACK);
    let prepared = prepare(&options, file(&upright, orientation(6)));
    let back = prepared.restore().picture(prepared.pixels()).unwrap();
    assert!(back.as_bytes().chunks(3).all(|pixel| pixel == [200, 10, 10]), "the background bled in");
}

#[test]
fn what_was_cut_off_is_background_or_the_original() {
    let upright = scenery(Size::new(120, 60));
    let prepared = prepare(&Prepare::new().size(40, 40).background(Rgb::new(1, 2, 3)), file(&upright, orientation(3)));
    let back = prepared.restore().picture(prepared.pixels()).unwrap();
    assert_eq!(at(&back, 29, 30), [1, 2, 3]);
    assert_ne!(at(&back, 30, 30), [1, 2, 3]);
    assert_eq!(at(&back, 90, 30), [1, 2, 3]);
    let over = prepared.restore().picture_over(prepared.pixels(), upright.clone()).unwrap();
    assert_eq!(at(&over, 10, 10), at(&upright, 10, 10));
    let small = scenery(Size::new(12, 6));
    assert_eq!(prepared.restore().picture_over(prepared.pixels(), small).unwrap_err().code(), "image.wrong_size");
    let kept = prepare(&Prepare::new().alpha(Alpha::Keep), file(&upright, orientation(1)));
    assert_eq!(kept.restore().picture_over(kept.pixels(), upright).unwrap_err().code(), "image.channel_count");
    assert_eq!(kept.restore().to_size(Size::new(0, 3)).picture(kept.pixels()).unwrap_err().code(), "image.zero_option");
    assert_eq!(kept.restore().enlarged(u32::MAX).picture(kept.pixels()).unwrap_err().code(), "image.output_too_large");
}

#[test]
fn results_of_an_upscaler_come_back_enlarged() {
    let upright = scenery(Size::new(50, 37));
    for (number, factor) in [(1, 2), (6, 2), (8, 4)] {
        let options = Prepare::new().multiple_of(16).snap(Snap::Pad);
        let prepared = prepare(&options, file(&upright, orientation(number)));
        assert_eq!(prepared.size(), Size::new(64, 48));
        // The upscaler: the prepared picture, drawn anew `factor` times as large.
        let size = Size::new(64 * factor, 48 * factor);
        let upscaler = Prepare::new().size(size.width, size.height).fit(Fit::Fill).filter(Filter::Nearest);
        let upscaled = prepare(&upscaler, Encode::png().to_vec(prepared.pixels()).unwrap());
        let restore = prepared.restore().enlarged(factor).measured_on(size);
        let back = restore.picture(upscaled.pixels()).unwrap();
        assert_eq!(back.size(), Size::new(50 * factor, 37 * factor));
        let ideal = scenery(back.size());
        let psnr = psnr(&back, &ideal);
        assert!(psnr > 35.0, "orientation {number}: {psnr:.1} dB");
        let origin = restore.point(Point::new(f64::from(factor) * 7.0, f64::from(factor) * 5.0));
        assert!(origin.x.abs() < 1e-9 && origin.y.abs() < 1e-9, "{origin:?}");
    }
}

#[test]
fn boxes_come_back_and_can_be_clipped() {
    let prepared = prepare(&Prepare::new().size(64, 64).fit(Fit::Contain), file(&scenery(Size::new(128, 64)), orientation(6)));
    let restore = prepared.restore();
    assert_eq!(restore.regions(&[Region::new(0.0, 16.0, 64.0, 32.0)]), [Region::whole(Size::new(128, 64))]);
    let reaching_out = restore.region(Region::new(10.0, 0.0, 10.0, 32.0));
    assert_eq!(reaching_out.clipped(prepared.source_size()), Region::new(20.0, 0.0, 20.0, 32.0));
    // The file's pixels lie on their side: its first row is the right edge.
    let stored = restore.way_up(WayUp::Stored).region(Region::new(0.0, 16.0, 8.0, 4.0));
    assert_eq!(stored, orientation(6).stored_region(Region::new(0.0, 0.0, 16.0, 8.0), Size::new(64, 128)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn points_come_back_within_a_pixel(
        width in 8_u32..120, height in 8_u32..120, number in 1_u32..=8, fit in prop::sample::select(FITS.to_vec()),
        snap in prop::sample::select(SNAPS.to_vec()), step in prop::sample::select(vec![1_u32, 8]), x in 0.0..1.0, y in 0.0..1.0,
    ) {
        let size = Size::new(width, height);
        let flat = Pixels::new(size, Channels::Luma, vec![9; (width * height) as usize]).unwrap();
        let options = Prepare::new().size(64, 40).fit(fit).upscale(Upscale::Allowed).multiple_of(step).snap(snap);
        let prepared = prepare(&options, file(&flat, orientation(number)));
        let point = Point::new(x * f64::from(width), y * f64::from(height));
        let found = prepared.plan().to_output(point);
        let back = prepared.restore().point(found);
        prop_assert!((back.x - point.x).abs() < 1e-6 && (back.y - point.y).abs() < 1e-6, "{:?}", prepared.plan());
        let stored = prepared.restore().way_up(WayUp::Stored).point(found);
        let upright = orientation(number).upright_point(stored, prepared.info().stored_size);
        prop_assert!((upright.x - point.x).abs() < 1e-6 && (upright.y - point.y).abs() < 1e-6, "{:?}", prepared.plan());
    }

    #[test]
    fn masks_come_back_within_a_pixel(
        width in 16_u32..120, height in 16_u32..120, number in 1_u32..=8, fit in prop::sample::select(FITS.to_vec()),
        snap in prop::sample::select(SNAPS.to_vec()), x in 0.3..0.7, y in 0.3..0.7,
    ) {
        // One quarter of the picture is white. It is prepared, and restored as a mask; only its edges may be off, by a pixel of either picture.
        let size = Size::new(width, height);
        let (edge_x, edge_y) = (x * f64::from(width), y * f64::from(height));
        let quarter = drawn(size, Channels::Luma, |x, y| vec![if x < edge_x && y < edge_y { 255 } else { 0 }]);
        let options = Prepare::new().size(64, 40).fit(fit).upscale(Upscale::Allowed).multiple_of(8).snap(snap).filter(Filter::Box);
        let prepared = prepare(&options, file(&quarter, orientation(number)));
        let seen = drawn(prepared.size(), Channels::Luma, |x, y| vec![if at(prepared.pixels(), x as u32, y as u32)[0] > 127 { 255 } else { 0 }]);
        let back = prepared.restore().mask(&seen).unwrap();
        let (across, down) = prepared.plan().scale();
        let (near_x, near_y) = (1.5 + 1.0 / across, 1.5 + 1.0 / down);
        let crop = prepared.plan().crop;
        for row in 0..height {
            for column in 0..width {
                let (x, y) = (f64::from(column) + 0.5, f64::from(row) + 0.5);
                let near_edge = (x - edge_x).abs() <= near_x || (y - edge_y).abs() <= near_y;
                let inside = x >= crop.left - 1e-9 && x < crop.right() - 1e-9 && y >= crop.top - 1e-9 && y < crop.bottom() - 1e-9;
                if inside && !near_edge {
                    prop_assert_eq!(at(&back, column, row), at(&quarter, column, row), "({}, {}) {:?}", column, row, prepared.plan());
                } else if !inside {
                    prop_assert_eq!(at(&back, column, row), &[0]);
                }
            }
        }
    }

    #[test]
    fn masks_lie_on_their_picture(
        width in 8_u32..120, height in 8_u32..120, number in 1_u32..=8, fit in prop::sample::select(FITS.to_vec()),
        snap in prop::sample::select(SNAPS.to_vec()), nearest in prop::bool::ANY,
    ) {
        // The picture is its own mask, so both must come out alike.
        let upright = drawn(Size::new(width, height), Channels::Luma, |x, y| vec![((x * 5.0 + y * 3.0) % 256.0) as u8]);
        let bytes = file(&upright, orientation(number));
        let (filter, mask_filter) = if nearest { (Filter::Nearest, MaskFilter::Nearest) } else { (Filter::Box, MaskFilter::Area) };
        let options = Prepare::new().size(64, 40).fit(fit).multiple_of(8).snap(snap).filter(filter).background(Rgb::BLACK);
        let prepared = prepare(&options, bytes.clone());
        let mask = Mask::new().filter(mask_filter).apply(&Source::new(bytes, &Limits::default()).unwrap(), &prepared).unwrap();
        prop_assert_eq!(mask.size(), prepared.size());
        let grey = prepared.pixels().as_bytes().iter().step_by(3);
        prop_assert!(grey.eq(mask.as_bytes()), "{:?}", prepared.plan());
    }
}

#[test]
fn white_means_what_was_said() {
    let picture = prepare(&Prepare::new().size(8, 8).fit(Fit::Contain), file(&scenery(Size::new(16, 8)), orientation(1)));
    let drawing = drawn(Size::new(16, 8), Channels::Luma, |x, _| vec![if x < 8.0 { 200 } else { 40 }]);
    let bytes = file(&drawing, orientation(1));
    let source = Source::new(bytes, &Limits::default()).unwrap();
    let row = |mask: &Mask| {
        let pixels = mask.apply(&source, &picture).unwrap();
        assert_eq!(at(&pixels, 0, 0), [0], "padding is not to be painted");
        [at(&pixels, 0, 4)[0], at(&pixels, 7, 4)[0]]
    };
    assert_eq!(row(&Mask::new()), [200, 40]);
    assert_eq!(row(&Mask::new().threshold(128)), [255, 0]);
    assert_eq!(row(&Mask::new().threshold(201)), [0, 0]);
    assert_eq!(row(&Mask::new().white(White::Keep)), [55, 215]);
    assert_eq!(row(&Mask::new().white(White::Keep).threshold(128)), [0, 255]);
}

#[test]
fn alpha_can_be_the_mask() {
    let picture = prepare(&Prepare::new(), file(&scenery(Size::new(4, 2)), orientation(1)));
    let drawing = drawn(Size::new(4, 2), Channels::Rgba, |x, _| vec![9, 9, 9, if x < 2.0 { 255 } else { 0 }]);
    let source = Source::new(Encode::png().to_vec(&drawing).unwrap(), &Limits::default()).unwrap();
    let mask = Mask::new().channel(MaskChannel::Alpha).white(White::Keep).apply(&source, &picture).unwrap();
    assert_eq!(mask.as_bytes(), [0, 0, 255, 255, 0, 0, 255, 255]);
    let luma = Mask::new().apply(&source, &picture).unwrap();
    assert_eq!(luma.as_bytes(), [9, 9, 0, 0, 9, 9, 0, 0]);
}

#[test]
fn masks_may_be_smaller_but_not_of_another_shape() {
    let picture = prepare(&Prepare::new(), file(&scenery(Size::new(60, 40)), orientation(6)));
    let mask = |size: Size| {
        let drawing = drawn(size, Channels::Luma, |x, _| vec![if x < f64::from(size.width) / 2.0 { 255 } else { 0 }]);
        Source::new(Encode::png().to_vec(&drawing).unwrap(), &Limits::default()).unwrap()
    };
    let small = Mask::new().apply(&mask(Size::new(30, 20)), &picture).unwrap();
    assert_eq!((small.size(), at(&small, 29, 0), at(&small, 30, 0)), (Size::new(60, 40), &[255][..], &[0][..]));
    // As the file stores it, on its side.
    let stored = Mask::new().orientation(MaskOrientation::Picture).apply(&mask(Size::new(40, 60)), &picture).unwrap();
    assert_eq!((at(&stored, 0, 0), at(&stored, 0, 39)), (&[255][..], &[0][..]));
    let error = Mask::new().apply(&mask(Size::new(40, 60)), &picture).unwrap_err();
    assert_eq!(error.to_string(), "found a mask of 40x60, expected the shape of its picture, 60x40");
}
