//! Real files, prepared: upright, opaque, in the size asked for.
#![cfg(feature = "image")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test that cannot go on should stop, and say what it skips")]

use std::{num::NonZeroUsize, path::PathBuf};

use cog_kit::image::{
    Alpha, Channels, ColourSpace, Encode, EncodeFormat, Filter, Fit, Frames, Limits, Orientation, Pixels, Prepare, Prepared, Quality, Rgb,
    Size, Snap, Source,
};

/// A file of the shared corpus, or `None` and a line that says what is skipped.
fn corpus(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus")).join(name);
    if !path.exists() {
        println!("skipped: corpus file {name} is not there");
        return None;
    }
    Some(path)
}

fn prepare(path: PathBuf, options: &Prepare) -> Prepared {
    let source = Source::open(&path, &Limits::default()).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    options.apply(&source).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn psnr(a: &Pixels, b: &Pixels) -> f64 {
    assert_eq!((a.size(), a.channels()), (b.size(), b.channels()));
    let error: f64 = a.as_bytes().iter().zip(b.as_bytes()).map(|(a, b)| f64::from(a.abs_diff(*b)).powi(2)).sum();
    10.0 * (255.0 * 255.0 * f64::from(u32::try_from(a.as_bytes().len()).unwrap()) / error.max(1e-9)).log10()
}

fn mean(pixels: &Pixels) -> [f64; 3] {
    let mut sums = [0_u64; 3];
    for pixel in pixels.as_bytes().chunks_exact(3) {
        for (sum, &sample) in sums.iter_mut().zip(pixel) {
            *sum += u64::from(sample);
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "small sums")]
    sums.map(|sum| sum as f64 / pixels.size().pixels() as f64)
}

/// A picture whose quarters are red, green, blue and white, from the top left clockwise from red: red, green / white, blue.
fn quarters(width: u32, height: u32) -> Pixels {
    let mut data = Vec::new();
    for y in 0..height {
        for x in 0..width {
            data.extend(match (x < width / 2, y < height / 2) {
                (true, true) => [255, 0, 0],
                (false, true) => [0, 255, 0],
                (false, false) => [0, 0, 255],
                (true, false) => [255, 255, 255],
            });
        }
    }
    Pixels::new(Size::new(width, height), Channels::Rgb, data).unwrap()
}

/// The stored picture that stands upright as `upright` once its orientation is applied, pixel by pixel.
fn stored_as(upright: &Pixels, orientation: Orientation) -> Pixels {
    let size = orientation.upright_size(upright.size());
    let mut data = vec![0; upright.as_bytes().len()];
    for y in 0..size.height {
        for x in 0..size.width {
            let at = orientation.upright_point(cog_kit::image::Point::new(f64::from(x) + 0.5, f64::from(y) + 0.5), size);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "inside a small picture")]
            let from = (at.y as usize * upright.size().width as usize + at.x as usize) * 3;
            let to = (y as usize * size.width as usize + x as usize) * 3;
            data[to..to + 3].copy_from_slice(&upright.as_bytes()[from..from + 3]);
        }
    }
    Pixels::new(size, Channels::Rgb, data).unwrap()
}

/// A JPEG file with an EXIF orientation.
fn jpeg_with_orientation(pixels: &Pixels, orientation: Orientation) -> Vec<u8> {
    let file = Encode::jpeg(95).to_vec(pixels).unwrap();
    let mut exif = b"\xff\xe1\x00\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation.to_exif(), 0, 0, 0, 0, 0, 0]);
    [&file[..2], &exif, &file[2..]].concat()
}

#[test]
fn every_orientation_comes_out_upright() {
    let upright = quarters(96, 64);
    for number in 1..=8 {
        let orientation = Orientation::from_exif(number).unwrap();
        let file = jpeg_with_orientation(&stored_as(&upright, orientation), orientation);
        let source = Source::new(file, &Limits::default()).unwrap();
        assert_eq!(source.info().orientation, orientation);
        for options in
            [Prepare::new(), Prepare::new().max_side(48), Prepare::new().size(40, 56).fit(Fit::Contain), Prepare::new().size(33, 77)]
        {
            let prepared = options.apply(&source).unwrap();
            let plain = options.apply(&Source::new(Encode::png().to_vec(&upright).unwrap(), &Limits::default()).unwrap()).unwrap();
            assert_eq!(prepared.plan(), plain.plan(), "orientation {number}");
            assert_eq!(prepared.source_size(), Size::new(96, 64));
            let psnr = psnr(prepared.pixels(), plain.pixels());
            assert!(psnr > 25.0, "orientation {number}, {options:?}: {psnr:.1} dB");
        }
    }
}

#[test]
fn photos_of_every_orientation_agree() {
    let Some(first) = corpus("oriented/Landscape_1.jpg") else { return };
    let options = Prepare::new().max_side(256);
    let upright = prepare(first, &options);
    let mut others: Vec<Pixels> = Vec::new();
    for number in 2..=8 {
        let prepared = prepare(corpus(&format!("oriented/Landscape_{number}.jpg")).unwrap(), &options);
        assert_eq!(prepared.info().orientation.to_exif(), number, "Landscape_{number}");
        assert_eq!(prepared.size(), upright.size(), "Landscape_{number}");
        assert_eq!(prepared.source_size(), upright.source_size(), "Landscape_{number}");
        others.push(prepared.into_pixels());
    }
    for (other, number) in others.iter().zip(2..) {
        // 2 to 8 are of the same colours; 1 has another profile, so it is held against them in shape alone.
        let same_colours = psnr(other, &others[0]);
        assert!(same_colours > 25.0, "Landscape_{number} and Landscape_2: {same_colours:.1} dB");
        let shape = psnr(other, upright.pixels());
        assert!(shape > 17.0, "Landscape_{number} and Landscape_1: {shape:.1} dB");
    }
}

#[test]
fn threads_say_nothing_about_the_result() {
    let own = ["", "/large"].map(|folder| PathBuf::from(format!("{}/tests/pictures{folder}", env!("CARGO_MANIFEST_DIR"))));
    let own = own.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    // Grids of tiles, among them.
    let theirs = ["heif/spatial_photo.heic", "avif/pitm.avif", "photos/1.webp", "photos/2.webp"].into_iter().filter_map(corpus);
    let mut formats = std::collections::BTreeSet::new();
    for path in own.chain(theirs) {
        let Ok(source) = Source::open(&path, &Limits::default()) else { continue };
        let [one, two, three] = [1, 2, 3].map(|threads| {
            let options = Prepare::new().max_side(300).threads(NonZeroUsize::new(threads).unwrap());
            options.apply(&source).map(|prepared| prepared.pixels().clone()).map_err(|error| error.to_string())
        });
        assert!(one == two && one == three, "{}", path.display());
        formats.insert(source.info().format.to_string());
    }
    assert_eq!(formats.len(), 7, "{formats:?}");
}

#[test]
fn transparent_files_come_out_over_the_background() {
    for name in [
        "16-bit-grey-alpha.png",
        "Flag_of_the_Netherlands-alpha.png",
        "alpha-premultiply-1024x768-paper.png",
        "bgbn4a08.png",
        "bggn4a16.png",
        "blackbug.png",
        "full-transparent.png",
        "grey-8bit-alpha.png",
        "tbgn2c16.png",
        "5_webp_a.webp",
        "grey-plus-alpha.gif",
    ] {
        let Some(path) = corpus(&format!("alpha/{name}")) else { return };
        let options = Prepare::new().max_side(128);
        let over = |background| prepare(path.clone(), &options.clone().background(background));
        let (white, black) = (over(Rgb::WHITE), over(Rgb::BLACK));
        assert_eq!(white.pixels().channels(), Channels::Rgb, "{name}");
        assert!(white.info().has_alpha, "{name}");
        assert!(mean(white.pixels())[0] > mean(black.pixels())[0] + 1.0, "{name}: the background is not seen");

        // Alpha over white less alpha over black is what is missing of it, at every pixel.
        let split = prepare(path.clone(), &options.clone().alpha(Alpha::Split));
        assert_eq!(split.pixels(), white.pixels(), "{name}");
        let alpha = split.alpha().unwrap();
        for ((white, black), &alpha) in white.pixels().as_bytes().chunks(3).zip(black.pixels().as_bytes().chunks(3)).zip(alpha.as_bytes()) {
            // White that a sharp filter overshoots is cut off at 255.
            assert!(
                white[0] == 255 || (white[0].saturating_sub(black[0])).abs_diff(255 - alpha) <= 2,
                "{name}: {white:?} {black:?} {alpha}"
            );
        }
        let kept = prepare(path, &options.alpha(Alpha::Keep));
        assert_eq!(kept.pixels().channels(), Channels::Rgba, "{name}");
        assert!(kept.pixels().as_bytes().iter().skip(3).step_by(4).eq(alpha.as_bytes()), "{name}");
    }
}

#[test]
fn full_transparency_shows_nothing_but_the_background() {
    let hidden = Pixels::new(Size::new(64, 64), Channels::Rgba, [255, 0, 0, 0].repeat(64 * 64)).unwrap();
    let file = Encode::png().to_vec(&hidden).unwrap();
    let source = Source::new(file, &Limits::default()).unwrap();
    for options in [Prepare::new(), Prepare::new().max_side(20)] {
        let prepared = options.background(Rgb::new(1, 2, 3)).apply(&source).unwrap();
        assert!(prepared.pixels().as_bytes().chunks(3).all(|pixel| pixel == [1, 2, 3]));
    }
}

#[test]
fn photos_have_the_size_asked_for() {
    for name in ["photos/2569067123_aca715a2ee_o.jpg"] {
        let Some(path) = corpus(name) else { return };
        let exact = Prepare::new().quality(Quality::Exact);
        for options in [
            exact.clone().max_side(1024).multiple_of(8),
            exact.clone().max_side(1000).multiple_of(64).snap(Snap::Pad),
            exact.clone().size(512, 512),
            exact.clone().size(640, 640).fit(Fit::Contain).background(Rgb::LETTERBOX_GREY),
            exact.clone().megapixels(0.5).filter(Filter::CatmullRom),
        ] {
            let prepared = prepare(path.clone(), &options);
            assert_eq!(prepared.size(), options.plan(prepared.source_size()).unwrap().output, "{options:?}");
            assert_eq!(prepared.pixels().as_bytes().len() as u64, prepared.size().pixels() * 3);
        }
    }
}

#[test]
fn padding_is_background_and_nothing_else() {
    let file = Encode::png().to_vec(&quarters(100, 50)).unwrap();
    let source = Source::new(file, &Limits::default()).unwrap();
    let prepared = Prepare::new().size(60, 60).fit(Fit::Contain).background(Rgb::new(9, 8, 7)).alpha(Alpha::Split).apply(&source).unwrap();
    assert_eq!(prepared.plan().content, Size::new(60, 30));
    let alpha = prepared.alpha().unwrap().as_bytes();
    for (y, row) in prepared.pixels().as_bytes().chunks(60 * 3).enumerate() {
        let inside = (15..45).contains(&y);
        assert_eq!(row.chunks(3).all(|pixel| pixel == [9, 8, 7]), !inside, "row {y}");
        assert!(alpha[y * 60..][..60].iter().all(|&alpha| alpha == if inside { 255 } else { 0 }), "row {y}");
    }
}

#[test]
fn files_of_every_format_come_back() {
    let picture = quarters(64, 48);
    for (format, least) in [(EncodeFormat::WebP, 20.0), (EncodeFormat::Jpeg, 20.0), (EncodeFormat::Png, 90.0)] {
        let file = Encode::new(format).to_vec(&picture).unwrap();
        let back = Prepare::new().apply(&Source::new(file, &Limits::default()).unwrap()).unwrap();
        let psnr = psnr(back.pixels(), &picture);
        assert!(psnr >= least, "{format}: {psnr:.1} dB");
    }
}

#[test]
fn avif_is_written_where_the_feature_is_on() {
    let picture = quarters(64, 48);
    let written = Encode::new(EncodeFormat::Avif).to_vec(&picture);
    if cfg!(feature = "avif-output") {
        let back = Prepare::new().apply(&Source::new(written.unwrap(), &Limits::default()).unwrap()).unwrap();
        let psnr = psnr(back.pixels(), &picture);
        assert!(psnr >= 30.0, "{psnr:.1} dB");
        let clear = Pixels::new(Size::new(16, 16), Channels::LumaAlpha, [90, 0].repeat(256)).unwrap();
        let file = Encode::new(EncodeFormat::Avif).quality(0).to_vec(&clear).unwrap();
        assert!(Source::new(file, &Limits::default()).unwrap().info().has_alpha);
    } else {
        assert!(written.unwrap_err().to_string().ends_with("this build is without the feature `avif-output`"));
    }
}

#[test]
fn quality_makes_files_smaller_and_is_held_against_its_range() {
    let picture = quarters(200, 150);
    for format in [EncodeFormat::WebP, EncodeFormat::Jpeg] {
        let length = |quality| Encode::new(format).quality(quality).to_vec(&picture).unwrap().len();
        assert!(length(10) < length(95), "{format}");
        assert!(length(0) > 0 && length(100) > 0, "{format}");
    }
    let error = Encode::webp(101).to_vec(&picture).unwrap_err();
    assert_eq!(
        (error.code(), error.to_string().as_str()),
        ("image.quality_range", "`quality` must be a whole number from 0 to 100, found 101")
    );
}

#[test]
fn formats_go_by_their_names() {
    for (name, format) in
        [("webp", EncodeFormat::WebP), ("jpg", EncodeFormat::Jpeg), ("JPEG", EncodeFormat::Jpeg), ("png", EncodeFormat::Png)]
    {
        assert_eq!(EncodeFormat::from_name(name).unwrap(), format);
    }
    let error = EncodeFormat::from_name("bmp").unwrap_err();
    assert_eq!(error.to_string(), "found output format `bmp`, expected one of webp, jpg, png, avif");
}

#[test]
fn jpeg_files_lay_alpha_over_the_background() {
    let clear = Pixels::new(Size::new(16, 16), Channels::Rgba, [0, 0, 0, 0].repeat(256)).unwrap();
    let file = Encode::jpeg(90).background(Rgb::new(0, 0, 255)).to_vec(&clear).unwrap();
    let back = Prepare::new().apply(&Source::new(file, &Limits::default()).unwrap()).unwrap();
    assert!(mean(back.pixels())[2] > 250.0 && mean(back.pixels())[0] < 5.0);
    let kept = Source::new(Encode::webp(90).to_vec(&clear).unwrap(), &Limits::default()).unwrap();
    assert!(kept.info().has_alpha);
}

#[test]
fn pictures_too_large_for_a_format_are_refused() {
    let long = Pixels::new(Size::new(16_384, 1), Channels::Luma, vec![0; 16_384]).unwrap();
    assert_eq!(Encode::webp(80).to_vec(&long).unwrap_err().code(), "image.too_large_for_format");
    assert!(Encode::jpeg(80).to_vec(&long).is_ok());
    let empty = Pixels::new(Size::new(0, 0), Channels::Rgb, Vec::new()).unwrap();
    for format in [EncodeFormat::WebP, EncodeFormat::Jpeg, EncodeFormat::Png] {
        assert_eq!(Encode::new(format).to_vec(&empty).unwrap_err().code(), "image.zero_option", "{format}");
    }
}

#[test]
fn new_files_never_overwrite_others() {
    let folder = tempfile::tempdir().unwrap();
    let picture = quarters(8, 8);
    let names: Vec<String> = (0..3)
        .map(|_| Encode::png().save_new(&picture, folder.path(), "out").unwrap().file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(names, ["out.png", "out-1.png", "out-2.png"]);
    let path = folder.path().join("photo.webp");
    Encode::webp(80).save(&picture, &path).unwrap();
    assert!(Source::open(&path, &Limits::default()).is_ok());
    let nowhere = folder.path().join("no/such/folder/x.png");
    assert_eq!(Encode::png().save(&picture, nowhere).unwrap_err().code(), "image.io");
}

#[test]
fn decoders_that_shrink_stay_close_to_exact_pixels() {
    for name in ["photos/2569067123_aca715a2ee_o.jpg", "photos/flowers.jpeg"] {
        let Some(path) = corpus(name) else { return };
        let size = Source::open(&path, &Limits::default()).unwrap().info().size();
        for divisor in [4, 8, 15, 24] {
            let options = Prepare::new().max_side(size.max_side() / divisor);
            let exact = prepare(path.clone(), &options.clone().quality(Quality::Exact));
            assert_eq!(exact.plan().shrink, 1);
            for (quality, least) in [(Quality::Fast, 45.0), (Quality::High, 50.0)] {
                let prepared = prepare(path.clone(), &options.clone().quality(quality));
                let psnr = psnr(prepared.pixels(), exact.pixels());
                assert!(psnr >= least, "{name} by {divisor}, {quality}: {psnr:.1} dB");
            }
        }
    }
}

#[test]
fn a_colour_profile_is_kept_on_request() {
    let Some(path) = corpus("colour/p3.png") else { return };
    let small = Prepare::new().max_side(96);
    let srgb = prepare(path.clone(), &small);
    assert!(srgb.icc_profile().is_none() && srgb.info().profile.is_some());
    let kept = prepare(path, &small.clone().colours(ColourSpace::File));
    let profile = kept.icc_profile().unwrap();
    assert_ne!(kept.pixels(), srgb.pixels());
    let rgba = Pixels::new(kept.size(), Channels::Rgba, kept.pixels().as_bytes().chunks(3).flat_map(|p| [p[0], p[1], p[2], 250]).collect())
        .unwrap();
    for (format, pixels, least) in [
        (EncodeFormat::Png, kept.pixels(), 45.0),
        (EncodeFormat::Jpeg, kept.pixels(), 25.0),
        (EncodeFormat::WebP, kept.pixels(), 25.0),
        (EncodeFormat::WebP, &rgba, 25.0),
    ] {
        let file = Encode::new(format).quality(95).icc_profile(profile.clone()).to_vec(pixels).unwrap();
        let source = Source::new(file, &Limits::default()).unwrap();
        assert_eq!(source.icc_profile().as_deref(), Some(&*profile), "{format}");
        assert_eq!(source.info().has_alpha, pixels.channels().has_alpha(), "{format}");
        let psnr = psnr(Prepare::new().apply(&source).unwrap().pixels(), srgb.pixels());
        assert!(psnr > least, "{format}: {psnr:.1} dB");
        let plain = Encode::new(format).to_vec(pixels).unwrap();
        assert!(Source::new(plain, &Limits::default()).unwrap().icc_profile().is_none(), "{format}");
    }
}

#[test]
fn samples_in_memory_are_prepared_like_files() {
    let picture = quarters(60, 40);
    let options = Prepare::new().size(32, 32).multiple_of(8);
    let file = Source::new(Encode::png().to_vec(&picture).unwrap(), &Limits::default()).unwrap();
    let samples = Source::from_samples(picture.as_bytes(), picture.size(), picture.channels()).unwrap();
    assert_eq!(options.apply(&samples).unwrap().pixels(), options.apply(&file).unwrap().pixels());
    assert_eq!(Prepare::new().apply(&samples).unwrap().pixels(), &picture);
    let stored = stored_as(&picture, Orientation::Rotate90);
    let turned = Source::from_samples(stored.as_bytes(), stored.size(), stored.channels()).unwrap().with_orientation(Orientation::Rotate90);
    assert_eq!(Prepare::new().apply(&turned).unwrap().pixels(), &picture);
    assert_eq!(Source::from_samples(vec![0; 5], Size::new(2, 1), Channels::Rgb).unwrap_err().code(), "image.wrong_length");
    assert_eq!(Source::from_samples(vec![], Size::new(0, 1), Channels::Rgb).unwrap_err().code(), "image.zero_option");
}

#[test]
fn frames_are_prepared_one_by_one() {
    let Some(path) = corpus("animated/rotating-squares.gif") else { return };
    let source = Source::open(path, &Limits::default()).unwrap();
    let options = Prepare::new().max_side(40).multiple_of(8);
    let frames = options.apply_frames(&source, Frames::All).unwrap();
    assert_eq!(frames.len(), source.info().frames as usize);
    assert_eq!(frames[0].prepared, options.apply(&source).unwrap());
    assert!(frames.iter().any(|frame| frame.prepared.pixels() != frames[0].prepared.pixels()), "nothing moves");
    assert!(frames.iter().all(|frame| frame.prepared.size() == frames[0].prepared.size() && !frame.duration.is_zero()));
    let some = options.apply_frames(&source, Frames::Evenly(2.try_into().unwrap())).unwrap();
    assert_eq!([some[0].index, some[1].index], [0, source.info().frames - 1]);
    assert_eq!(some[1].prepared, frames.last().unwrap().prepared);
    let still = Source::new(Encode::png().to_vec(&quarters(20, 20)).unwrap(), &Limits::default()).unwrap();
    assert_eq!(options.apply_frames(&still, Frames::All).unwrap().len(), 1);
}
