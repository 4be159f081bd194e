//! Images to files: what JPEG keeps of color, in which form PNG stores pixels, and which options are refused.
#![cfg(feature = "image")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "samples of drawings")]

use std::io::Cursor;

use cog_kit::image::{Channels, Encode, EncodeFormat, Limits, Pixels, Prepare, Rgb, Size, Source, Subsampling};
use jpeg_encoder::{ChromaSubsamplingMethod, ColorType, Encoder, SamplingFactor};
use proptest::prelude::*;

const SAMPLINGS: [Subsampling; 3] = [Subsampling::Cs444, Subsampling::Cs422, Subsampling::Cs420];

fn drawn(width: u32, height: u32, pixel: impl Fn(u32, u32) -> [u8; 3]) -> Pixels {
    let data = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).flat_map(|(x, y)| pixel(x, y)).collect();
    Pixels::new(Size::new(width, height), Channels::Rgb, data).unwrap()
}

fn gray(width: u32, height: u32, sample: impl Fn(u32, u32) -> u8) -> Pixels {
    let data = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| sample(x, y)).collect();
    Pixels::new(Size::new(width, height), Channels::Luma, data).unwrap()
}

fn decoded(file: &[u8]) -> Pixels {
    Prepare::new().apply(&Source::new(file, &Limits::default()).unwrap()).unwrap().into_pixels()
}

/// The pixels of a photo of this tree.
fn photo(name: &str) -> Pixels {
    let path = format!("{}/tests/pictures/{name}", env!("CARGO_MANIFEST_DIR"));
    Prepare::new().apply(&Source::open(path, &Limits::default()).unwrap()).unwrap().into_pixels()
}

fn means(pixels: &Pixels) -> [f64; 3] {
    let mut sums = [0_u64; 3];
    for pixel in pixels.as_bytes().as_chunks::<3>().0 {
        for (sum, &sample) in sums.iter_mut().zip(pixel) {
            *sum += u64::from(sample);
        }
    }
    sums.map(|sum| sum as f64 / pixels.size().pixels() as f64)
}

/// Peak signal-to-noise ratio of chroma alone, Cb and Cr.
fn chroma_psnr(a: &Pixels, b: &Pixels) -> f64 {
    let chroma = |&[red, green, blue]: &[u8; 3]| {
        let [red, green, blue] = [red, green, blue].map(f64::from);
        [-0.168_736 * red - 0.331_264 * green + 0.5 * blue, 0.5 * red - 0.418_688 * green - 0.081_312 * blue]
    };
    let pairs = a.as_bytes().as_chunks::<3>().0.iter().map(chroma).zip(b.as_bytes().as_chunks::<3>().0.iter().map(chroma));
    let error: f64 = pairs.map(|(a, b)| (a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2)).sum();
    10.0 * (255.0 * 255.0 * 2.0 * a.size().pixels() as f64 / error.max(1e-9)).log10()
}

fn psnr(a: &Pixels, b: &Pixels) -> f64 {
    assert_eq!(a.as_bytes().len(), b.as_bytes().len());
    let error: f64 = a.as_bytes().iter().zip(b.as_bytes()).map(|(a, b)| f64::from(a.abs_diff(*b)).powi(2)).sum();
    10.0 * (255.0 * 255.0 * a.as_bytes().len() as f64 / error.max(1e-9)).log10()
}

/// Width, height and each component's sampling factors, from the frame header of a baseline file.
fn frame(file: &[u8]) -> (u16, u16, Vec<u8>) {
    let mut at = 2;
    loop {
        let length = usize::from(u16::from_be_bytes([file[at + 2], file[at + 3]]));
        if file[at + 1] == 0xc0 {
            let data = &file[at + 4..at + 2 + length];
            let factors = data[6..].chunks_exact(3).map(|component| component[1]).collect();
            return (u16::from_be_bytes([data[3], data[4]]), u16::from_be_bytes([data[1], data[2]]), factors);
        }
        at += 2 + length;
    }
}

#[test]
fn jpeg_averages_chroma() {
    let (red, blue) = ([220, 40, 40], [40, 40, 220]);
    let columns = drawn(64, 64, |x, _| if x % 2 == 0 { red } else { blue });
    let rows = drawn(64, 64, |_, y| if y % 2 == 0 { red } else { blue });
    let checks = drawn(63, 61, |x, y| if (x + y) % 2 == 0 { red } else { blue });
    for (name, pixels) in [("columns", columns), ("rows", rows), ("checks", checks)] {
        for subsampling in SAMPLINGS {
            let found = means(&decoded(&Encode::jpeg(90).subsampling(subsampling).to_vec(&pixels).unwrap()));
            let expected = means(&pixels);
            for (found, expected) in found.into_iter().zip(expected) {
                assert!((found - expected).abs() < 2.0, "{name}, {subsampling}: {found:.1} for {expected:.1}");
            }
        }
        let found = means(&decoded(&Encode::new(EncodeFormat::Jpeg).to_vec(&pixels).unwrap()));
        assert!((found[0] - 130.0).abs() < 2.5 && (found[1] - 40.0).abs() < 2.5 && (found[2] - 130.0).abs() < 2.5, "{name}: {found:?}");
    }
}

#[test]
fn jpeg_of_photos_is_smaller_than_with_the_tables_of_the_standard_and_no_worse() {
    for name in ["phone.jpg", "sign.jpg"] {
        let pixels = photo(name);
        for quality in [50, 75, 90] {
            let own = Encode::jpeg(quality).to_vec(&pixels).unwrap();
            let mut other = Vec::new();
            let mut encoder = Encoder::new(&mut other, quality as u8);
            encoder.set_sampling_factor(SamplingFactor::F_2_2);
            encoder.set_chroma_subsampling_method(ChromaSubsamplingMethod::Average);
            let (width, height) = (pixels.size().width as u16, pixels.size().height as u16);
            encoder.encode(pixels.as_bytes(), width, height, ColorType::Rgb).unwrap();
            assert!(own.len() * 100 < other.len() * 99, "{name}, quality {quality}: {} bytes for {}", own.len(), other.len());
            let (own, other) = (decoded(&own), decoded(&other));
            // Photos that were JPEG files before: errors coincide by chance.
            for (what, measure) in [("all", psnr as fn(&Pixels, &Pixels) -> f64), ("chroma", chroma_psnr)] {
                let (own, other) = (measure(&own, &pixels), measure(&other, &pixels));
                assert!(own > other - 0.5, "{name}, quality {quality}, {what}: {own:.2} dB for {other:.2}");
            }
        }
    }
}

#[test]
fn jpeg_keeps_all_chroma_from_quality_95_and_where_told() {
    let stripes = drawn(80, 48, |x, y| if (x / 2 + y / 3) % 2 == 0 { [200, 60, 30] } else { [30, 90, 210] });
    for (quality, expected) in [(0, 0x22), (75, 0x22), (90, 0x22), (94, 0x22), (95, 0x11), (100, 0x11)] {
        let file = Encode::jpeg(quality).to_vec(&stripes).unwrap();
        assert_eq!(frame(&file), (80, 48, vec![expected, 0x11, 0x11]), "quality {quality}");
    }
    let mut last = 0.0;
    for (subsampling, factors, least) in
        [(Subsampling::Cs420, 0x22, 15.0), (Subsampling::Cs422, 0x21, 18.0), (Subsampling::Cs444, 0x11, 38.0)]
    {
        let file = Encode::jpeg(96).subsampling(subsampling).to_vec(&stripes).unwrap();
        assert_eq!(frame(&file).2, [factors, 0x11, 0x11]);
        let found = chroma_psnr(&decoded(&file), &stripes);
        assert!(found > least && found > last, "{subsampling}: {found:.1} dB");
        last = found;
    }
    assert_eq!(Subsampling::NAMES, ["4:4:4", "4:2:2", "4:2:0"]);
    let error = Subsampling::from_name("4:1:1").unwrap_err();
    assert_eq!(error.to_string(), "found subsampling `4:1:1`, expected one of 4:4:4, 4:2:2, 4:2:0");
}

#[test]
fn gray_stays_one_component_in_jpeg() {
    let pixels = gray(33, 20, |x, y| (x * 7 + y) as u8);
    let file = Encode::jpeg(92).to_vec(&pixels).unwrap();
    assert_eq!(frame(&file), (33, 20, vec![0x11]));
    let found = decoded(&file);
    assert!(found.as_bytes().as_chunks::<3>().0.iter().zip(pixels.as_bytes()).all(|(rgb, &gray)| rgb.iter().all(|v| v.abs_diff(gray) < 6)));
}

#[test]
fn jpeg_of_every_small_size_is_whole() {
    for width in (1..=18).chain([31, 32, 33, 47]) {
        for height in [1, 2, 7, 8, 9, 15, 16, 17, 33] {
            for subsampling in SAMPLINGS {
                let pixels = drawn(width, height, |x, y| [(x * 4 + 40) as u8, (y * 5 + 20) as u8, 120]);
                let file = Encode::jpeg(95).subsampling(subsampling).to_vec(&pixels).unwrap();
                let found = decoded(&file);
                assert_eq!(found.size(), pixels.size());
                let psnr = psnr(&found, &pixels);
                assert!(psnr > 34.0, "{width}x{height}, {subsampling}: {psnr:.1} dB");
            }
        }
    }
}

#[test]
fn blocks_outside_of_the_image_take_few_bytes() {
    // Sharp columns, which would be repeated below the image.
    let columns = |height| drawn(512, height, |x, y| if (x * 7 + y / 5) % 11 < 5 { [250; 3] } else { [5; 3] });
    let length = |height| Encode::jpeg(90).to_vec(&columns(height)).unwrap().len();
    let (shorter, longer) = (length(24), length(32));
    assert!(shorter * 100 < longer * 85, "{shorter} bytes for three rows of blocks, {longer} for four");
}

#[test]
fn jpeg_of_noise_is_whole_at_every_quality() {
    let mut state = 9_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        if state >> 31 == 0 { 0 } else { 255 }
    };
    let pixels = Pixels::new(Size::new(120, 90), Channels::Rgb, (0..120 * 90 * 3).map(|_| noise()).collect()).unwrap();
    let mut last = 0.0;
    for quality in [0, 1, 10, 50, 80, 100] {
        let found = psnr(&decoded(&Encode::jpeg(quality).subsampling(Subsampling::Cs444).to_vec(&pixels).unwrap()), &pixels);
        assert!(found > last - 0.2, "quality {quality}: {found:.1} dB after {last:.1}");
        last = found;
    }
    assert!(last > 40.0, "{last:.1} dB");
}

#[test]
fn sides_that_libjpeg_cannot_read_are_refused() {
    for (width, height) in [(65_501, 1), (1, 65_501), (65_535, 2), (70_000, 1)] {
        let error = Encode::jpeg(75).to_vec(&gray(width, height, |_, _| 9)).unwrap_err();
        assert_eq!(error.code(), "image.too_large_for_format");
        assert_eq!(error.to_string(), format!("found {width}x{height} pixels, expected at most 65500 a side for JPEG"));
    }
    let longest = gray(65_500, 1, |x, _| (x / 300) as u8);
    assert_eq!(decoded(&Encode::jpeg(75).to_vec(&longest).unwrap()).size(), longest.size());
    assert!(Encode::png().to_vec(&gray(70_000, 1, |_, _| 9)).is_ok());
}

/// Samples, color type and bit depth of a PNG file; palettes and depths below 8 bits made samples of 8.
fn png(file: &[u8]) -> (Vec<u8>, png::ColorType, (u8, u8)) {
    let mut decoder = png::Decoder::new(Cursor::new(file));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut samples = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut samples).unwrap();
    reader.finish().unwrap();
    (samples, reader.output_color_type().0, (file[25], file[24]))
}

/// Every pixel of a PNG file as red, green, blue and alpha.
fn png_rgba(file: &[u8]) -> Vec<u8> {
    let (samples, color, _) = png(file);
    let channels = match color {
        png::ColorType::Grayscale => Channels::Luma,
        png::ColorType::GrayscaleAlpha => Channels::LumaAlpha,
        png::ColorType::Rgba => Channels::Rgba,
        _ => Channels::Rgb,
    };
    rgba(&samples, channels)
}

fn rgba(samples: &[u8], channels: Channels) -> Vec<u8> {
    let pixel = |pixel: &[u8]| match *pixel {
        [gray] => [gray, gray, gray, 255],
        [gray, alpha] => [gray, gray, gray, alpha],
        [red, green, blue] => [red, green, blue, 255],
        [red, green, blue, alpha, ..] => [red, green, blue, alpha],
        [] => unreachable!(),
    };
    samples.chunks_exact(channels.count()).flat_map(pixel).collect()
}

#[test]
fn png_of_photos_is_no_larger_than_pillows() {
    // What Pillow 12 with zlib-ng 2.3.3 makes of the same pixels.
    for (name, pillow) in [("phone.jpg", 784_671), ("sign.jpg", 308_082)] {
        let pixels = photo(name);
        let file = Encode::png().to_vec(&pixels).unwrap();
        assert!(file.len() < pillow, "{name}: {} bytes for {pillow}", file.len());
        assert_eq!(png(&file).2, (2, 8));
        assert!(png(&file).0 == pixels.as_bytes());
    }
}

#[test]
fn png_takes_the_form_that_its_content_allows() {
    let disc = |x: u32, y: u32| (x.abs_diff(300).pow(2) + y.abs_diff(200).pow(2) < 150 * 150) as u8;
    let mask = gray(600, 400, |x, y| disc(x, y) * 255);
    let labels = drawn(600, 400, |x, y| [[0, 0, 0], [220, 20, 60], [0, 130, 180]][usize::from((disc(x, y) * 2) | disc(x + 90, y)) % 3]);
    let gray_rgb = drawn(300, 200, |x, y| [((x * x + y * y * 3) / 700) as u8; 3]);
    let shades = gray(256, 64, |x, _| (x / 16 * 17) as u8);
    let ramp = gray(256, 200, |x, y| ((x + y * 2) % 251) as u8);
    // (pixels, color type, bit depth, bytes at most)
    for (name, pixels, form, most) in [
        ("a mask", &mask, (0, 2), 1_500),
        ("labels", &labels, (3, 2), 2_100),
        ("gray as RGB", &gray_rgb, (0, 8), 30_000),
        ("sixteen shades", &shades, (0, 4), 200),
        ("a ramp", &ramp, (0, 8), 700),
    ] {
        let file = Encode::png().to_vec(pixels).unwrap();
        assert_eq!(png(&file).2, form, "{name}");
        assert!(file.len() <= most, "{name}: {} bytes", file.len());
        assert!(png_rgba(&file) == rgba(pixels.as_bytes(), pixels.channels()), "{name}");
    }
    let bits = Encode::png().bilevel(true).to_vec(&mask).unwrap();
    assert_eq!(png(&bits).2, (0, 1));
    assert!(png_rgba(&bits) == rgba(mask.as_bytes(), Channels::Luma));
    assert_eq!(png(&Encode::png().bilevel(true).to_vec(&ramp).unwrap()).2, (0, 8));
}

#[test]
fn png_keeps_hidden_colors_where_it_keeps_alpha() {
    let size = Size::new(40, 30);
    let noise = |index: u32| index.wrapping_mul(2_654_435_761) >> 20;
    let few = |index| [(noise(index) % 7 * 30) as u8, 9, (noise(index) % 3) as u8, if noise(index) % 5 == 0 { 0 } else { 255 }];
    let data = (0..40 * 30).flat_map(few).collect();
    let pixels = Pixels::new(size, Channels::Rgba, data).unwrap();
    let file = Encode::png().to_vec(&pixels).unwrap();
    assert!(png_rgba(&file) == pixels.as_bytes());
    assert_eq!(png(&file).2.0, 3);
    let many = (0..40 * 30).flat_map(|index: u32| [(index % 251) as u8, (index / 251) as u8, 1, (index % 256) as u8]).collect();
    let pixels = Pixels::new(size, Channels::Rgba, many).unwrap();
    let file = Encode::png().to_vec(&pixels).unwrap();
    assert!(png_rgba(&file) == pixels.as_bytes());
    assert_eq!(png(&file).2.0, 6);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Few or many levels, runs or noise, alpha or none: whatever form is taken, the pixels are the same.
    #[test]
    fn png_is_lossless(
        width in 1_u32..70,
        height in 1_u32..40,
        channels in prop::sample::select(vec![Channels::Luma, Channels::LumaAlpha, Channels::Rgb, Channels::Rgba]),
        levels in prop::sample::select(vec![vec![0, 255], vec![7], vec![0, 85, 255], vec![0, 17, 34], (0..=255).collect::<Vec<u8>>()]),
        opaque in any::<bool>(),
        equal in any::<bool>(),
        run in 1_usize..40,
        seed in any::<u32>(),
        bilevel in any::<bool>(),
    ) {
        let mut state = seed | 1;
        let mut pixel = [0_u8; 4];
        let mut data = Vec::new();
        for index in 0..(width * height) as usize {
            if index % run == 0 {
                for sample in &mut pixel {
                    state ^= state << 13;
                    state ^= state >> 17;
                    state ^= state << 5;
                    *sample = levels[state as usize % levels.len()];
                }
                if equal {
                    pixel = [pixel[0], pixel[0], pixel[0], pixel[3]];
                }
            }
            let alpha = if opaque { 255 } else { pixel[3] };
            match channels {
                Channels::Luma => data.push(pixel[0]),
                Channels::LumaAlpha => data.extend([pixel[0], alpha]),
                Channels::Rgb => data.extend(&pixel[..3]),
                Channels::Rgba => data.extend([pixel[0], pixel[1], pixel[2], alpha]),
            }
        }
        let pixels = Pixels::new(Size::new(width, height), channels, data).unwrap();
        let file = Encode::png().bilevel(bilevel).to_vec(&pixels).unwrap();
        prop_assert!(png_rgba(&file) == rgba(pixels.as_bytes(), channels));
    }
}

#[test]
fn profiles_for_other_colors_are_refused() {
    let [cmyk, rgb, gray_profile] = [foreign_profile(b"CMYK"), profile(false), profile(true)];
    let color = drawn(20, 20, |x, y| [x as u8 * 9, y as u8 * 7, 3]);
    let shade = gray(20, 20, |x, _| x as u8 * 5);
    let large = vec![0; (4 << 20) + 1];
    for format in [EncodeFormat::Jpeg, EncodeFormat::Png, EncodeFormat::WebP] {
        let refused = |pixels: &Pixels, profile: &[u8]| {
            let error = Encode::new(format).icc_profile(profile).to_vec(pixels).unwrap_err();
            assert_eq!(error.code(), "image.unfit_profile", "{format}: {error}");
            error.to_string()
        };
        assert_eq!(refused(&color, &cmyk), "`icc_profile`: found a profile for CMYK, expected one for RGB or gray");
        assert!(refused(&color, &gray_profile).starts_with("`icc_profile`: found a profile for gray, expected one for RGB"));
        assert!(refused(&color, b"garbage").starts_with("`icc_profile`: found 7 bytes that are no usable profile"));
        assert!(refused(&shade, b"").starts_with("`icc_profile`: found 0 bytes"));
        assert!(refused(&color, &rgb[..rgb.len() / 2]).starts_with("`icc_profile`: found"));
        assert_eq!(refused(&color, &large), "`icc_profile`: found 4194305 bytes, expected at most 4194304");
        let kept = |pixels: &Pixels, profile: &[u8]| {
            let file = Encode::new(format).quality(100).icc_profile(profile).to_vec(pixels).unwrap();
            let source = Source::new(file.as_slice(), &Limits::default()).unwrap();
            source.icc_profile().unwrap().to_vec()
        };
        assert_eq!(kept(&color, &rgb), rgb);
        // A gray image with colors that a profile for RGB defines is one of RGB.
        assert_eq!(kept(&shade, &rgb), rgb);
        if format == EncodeFormat::WebP {
            refused(&shade, &gray_profile);
        } else {
            assert_eq!(kept(&shade, &gray_profile), gray_profile);
        }
    }
    let file = Encode::jpeg(90).icc_profile(rgb.as_slice()).to_vec(&shade).unwrap();
    assert_eq!(frame(&file).2.len(), 3);
}

/// The Display P3 profile of the color engine, or a gray one.
fn profile(is_gray: bool) -> Vec<u8> {
    let profile = if is_gray { moxcms::ColorProfile::new_gray_with_gamma(1.8) } else { moxcms::ColorProfile::new_display_p3() };
    profile.encode().unwrap()
}

/// An RGB profile whose header names another color space.
fn foreign_profile(space: &[u8; 4]) -> Vec<u8> {
    let mut profile = profile(false);
    profile[16..20].copy_from_slice(space);
    profile
}

#[test]
fn options_out_of_range_are_named() {
    let pixels = drawn(4, 4, |_, _| [1, 2, 3]);
    for format in [EncodeFormat::Jpeg, EncodeFormat::WebP, EncodeFormat::Png, EncodeFormat::Avif] {
        for quality in [101, 1000, u32::MAX] {
            let error = Encode::new(format).quality(quality).to_vec(&pixels).unwrap_err();
            assert_eq!(error.code(), "image.quality_range");
            assert_eq!(error.to_string(), format!("`quality` must be a whole number from 0 to 100, found {quality}"));
        }
    }
    assert!(Encode::jpeg(0).background(Rgb::BLACK).to_vec(&pixels).is_ok());
}
