//! TIFF as its tags describe it: alpha, kinds of samples, thumbnails and camera raw, on files that are written here byte by byte.
#![cfg(feature = "image")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "support/tiff.rs"]
mod tiff;

use cog_kit::image::{Channels, ImageError, Limits, Prepare, Size, Source, Truncated};
use tiff::{FORMS, Form, Image, LITTLE, file};

fn decode(file: &[u8]) -> Result<(Size, Channels, Vec<u8>), ImageError> {
    let decoded = Source::new(file, &Limits::default())?.to_pixels(Truncated::Refuse)?;
    Ok((decoded.pixels.size(), decoded.pixels.channels(), decoded.pixels.into_bytes()))
}

fn over_white(file: &[u8]) -> Vec<u8> {
    Prepare::new().apply(&Source::new(file, &Limits::default()).unwrap()).unwrap().pixels().as_bytes().to_vec()
}

/// Samples of 8 bits in another size, all bits used.
fn widened(samples: &[u8], bits: usize, form: Form) -> Vec<u8> {
    match bits {
        8 => samples.to_vec(),
        16 => samples.iter().flat_map(|&sample| form.number(u64::from(sample) * 257, 2)).collect(),
        _ => samples.iter().flat_map(|&sample| form.number((f32::from(sample) / 255.0).to_bits().into(), 4)).collect(),
    }
}

#[test]
fn alpha_of_every_kind_hides_what_it_should() {
    // Red that is hidden, and blue that is seen; in RGB, gray, a palette of both, and CMYK.
    let rgb = (2, vec![vec![255, 0, 0], vec![0, 0, 255]], [0, 0, 255]);
    let gray = (1, vec![vec![9], vec![60]], [60; 3]);
    let inverted = (0, vec![vec![9], vec![195]], [60; 3]);
    let cmyk = (5, vec![vec![0, 255, 255, 0], vec![255, 255, 0, 0]], [0, 0, 255]);
    for form in FORMS {
        for (photometric, colors, seen) in [&rgb, &gray, &inverted, &cmyk] {
            for (extra, at) in [(&[][..], 0), (&[2], 0), (&[1], 0), (&[0, 2], 1), (&[0, 1], 1), (&[2, 0], 0), (&[999], 0)] {
                for bits in [8, 16, 32] {
                    let count = extra.len().max(1);
                    let associated = extra.contains(&1);
                    let pixel = |color: &[u8], alpha: u8| {
                        let color = color.iter().map(|&sample| if associated && alpha == 0 { 0 } else { sample });
                        let others = (0..count).map(|index| if index == at { alpha } else { 77 });
                        color.chain(others).collect::<Vec<u8>>()
                    };
                    let pixels = [pixel(&colors[0], 0), pixel(&colors[1], 255)];
                    let samples = pixels[0].len();
                    let tags: Vec<(u16, &[u64])> = [(338, extra), (339, if bits == 32 { &[3] } else { &[1] })]
                        .into_iter()
                        .filter(|(_, values)| !values.is_empty())
                        .collect();
                    let name = format!("{form:?} {photometric} {extra:?} {bits}");
                    let chunky = widened(&pixels.concat(), bits, form);
                    let image = Image::new(2, 1, bits as u64, *photometric, samples as u64, &tags, &chunky);
                    let expected: Vec<u8> = [[255; 3], *seen].concat();
                    assert_eq!(over_white(&file(form, std::slice::from_ref(&image))), expected, "{name}");
                    // The same in planes, each of them a strip.
                    let mut planar = image.clone().with(284, &[2]);
                    planar.chunks = (0..samples).map(|index| widened(&[pixels[0][index], pixels[1][index]], bits, form)).collect();
                    assert_eq!(over_white(&file(form, &[planar])), expected, "{name}, planes");
                    // And in tiles, of which the second is cut off by the edge of the image.
                    let mut tiled = image.with(322, &[16]).with(323, &[16]);
                    tiled.chunks = vec![widened(&[pixels.concat(), vec![0; (256 - 2) * samples]].concat(), bits, form)];
                    assert_eq!(over_white(&file(form, &[tiled])), expected, "{name}, tiles");
                }
            }
        }
    }
}

#[test]
fn partly_transparent_colors_are_divided_by_their_alpha_if_they_are_associated() {
    for (extra, red) in [(1, 100), (2, 200)] {
        for bits in [8, 16] {
            let strip = widened(&[red, 0, 0, 128], bits, LITTLE);
            let (_, channels, samples) = decode(&Image::new(1, 1, bits as u64, 2, 4, &[(338, &[extra])], &strip).file()).unwrap();
            assert_eq!(channels, Channels::Rgba);
            assert!(samples[0].abs_diff(200) <= 1 && samples[1..] == [0, 0, 128], "{extra} {bits}: {samples:?}");
        }
    }
}

#[test]
fn palettes_have_alpha_and_up_to_16_bits() {
    let map = |count: usize, color: &dyn Fn(usize, usize) -> u64| {
        (0..3 * count).map(|index| color(index % count, index / count)).collect::<Vec<u64>>()
    };
    // Index 1 is red and hidden, index 2 blue.
    let colors = map(256, &|index, channel| if (index, channel) == (1, 0) || (index, channel) == (2, 2) { 65_535 } else { 0 });
    for extra in [&[(338, &[2u64][..]), (320, &colors)][..], &[(320, &colors)]] {
        let image = Image::new(2, 1, 8, 3, 2, extra, &[1, 0, 2, 255]);
        assert_eq!(over_white(&image.file()), [255, 255, 255, 0, 0, 255]);
    }
    let colors = map(65_536, &|index, channel| [index, 65_535 - index, index ^ 0x5500][channel] as u64);
    for form in FORMS {
        let strip: Vec<u8> = [0u64, 0x1234, 0xffff].iter().flat_map(|&index| form.number(index, 2)).collect();
        let image = Image::new(3, 1, 16, 3, 1, &[(320, &colors)], &strip);
        let (_, channels, samples) = decode(&file(form, &[image])).unwrap();
        assert_eq!((channels, samples), (Channels::Rgb, vec![0, 255, 0x55, 0x12, 0xed, 0x47, 255, 0, 0xaa]), "{form:?}");
    }
}

#[test]
fn samples_of_every_size_and_kind_show_the_same_grays() {
    let grays = [0u8, 51, 102, 255];
    for form in FORMS {
        for bits in 1..=16u32 {
            let most = (1u64 << bits) - 1;
            let values: Vec<u64> = grays.iter().map(|&gray| (u64::from(gray) * most + 127) / 255).collect();
            let strip: Vec<u8> = if bits % 8 == 0 {
                values.iter().flat_map(|&value| form.number(value, bits as usize / 8)).collect()
            } else {
                let code: String = values.iter().map(|value| format!("{value:0width$b}", width = bits as usize)).collect();
                let code = format!("{code:0<width$}", width = code.len().next_multiple_of(8));
                (0..code.len()).step_by(8).map(|at| u8::from_str_radix(&code[at..at + 8], 2).unwrap()).collect()
            };
            let expected: Vec<u8> = values.iter().map(|value| u8::try_from((value * 255 + most / 2) / most).unwrap()).collect();
            let image = Image::new(4, 1, bits.into(), 1, 1, &[], &strip);
            assert_eq!(decode(&file(form, &[image])).unwrap().2, expected, "{form:?} {bits}");
        }
        for (bits, kind) in [(8, 2), (16, 2), (24, 1), (32, 1), (32, 2), (64, 1), (64, 2), (32, 3), (64, 3)] {
            let values = grays.map(|gray| {
                let all = (u128::from(gray) * ((1u128 << bits) - 1) / 255) as u64;
                match kind {
                    2 => all ^ 1 << (bits - 1),
                    3 if bits == 32 => (f32::from(gray) / 255.0).to_bits().into(),
                    3 => (f64::from(gray) / 255.0).to_bits(),
                    _ => all,
                }
            });
            let strip: Vec<u8> = values.iter().flat_map(|&value| form.number(value, bits / 8)).collect();
            let image = Image::new(4, 1, bits as u64, 1, 1, &[(339, &[kind])], &strip);
            assert_eq!(decode(&file(form, &[image])).unwrap().2, grays, "{form:?} {bits} {kind}");
        }
    }
}

#[test]
fn wide_numbers_that_hold_8_or_16_bits_are_no_darker_for_it() {
    for (bits, kind) in [(32, 1), (32, 2), (16, 2), (32, 3)] {
        let number = |value: u16| if kind == 3 { f32::from(value).to_bits().into() } else { u64::from(value) };
        let strip: Vec<u8> = [0, 100, 200].iter().flat_map(|&value| LITTLE.number(number(value), bits / 8)).collect();
        let image = Image::new(3, 1, bits as u64, 1, 1, &[(339, &[kind])], &strip);
        assert_eq!(decode(&image.file()).unwrap().2, [0, 100, 200], "{bits} {kind}");
    }
    let strip: Vec<u8> = [0, 51 * 257, 255 * 257].iter().flat_map(|&value| LITTLE.number(value, 4)).collect();
    assert_eq!(decode(&Image::new(3, 1, 32, 1, 1, &[], &strip).file()).unwrap().2, [0, 51, 255]);
    // Highlights of an image of high dynamic range are white, and the rest stays.
    let strip: Vec<u8> = [0.2f32, 0.4, 0.6, 9.5].iter().flat_map(|value| value.to_le_bytes()).collect();
    assert_eq!(decode(&Image::new(4, 1, 32, 1, 1, &[(339, &[3])], &strip).file()).unwrap().2, [51, 102, 153, 255]);
}

#[test]
fn lab_becomes_srgb() {
    for (photometric, bits, strip) in [
        (8, 8, vec![138, 81, 70]),
        (9, 8, vec![138, 209, 198]),
        (8, 16, [35_579u64, 20_687, 17_892].iter().flat_map(|&value| LITTLE.number(value, 2)).collect()),
    ] {
        let (_, channels, samples) = decode(&Image::new(1, 1, bits, photometric, 3, &[], &strip).file()).unwrap();
        assert_eq!(channels, Channels::Rgb);
        assert!(samples[0] >= 252 && samples[1] <= 4 && samples[2] <= 4, "{photometric} {bits}: {samples:?}");
    }
}

#[test]
fn counts_and_rows_that_are_missing_or_wrong_are_made_up_for() {
    let grays = [0u8, 85, 170, 255, 255, 170, 85, 0];
    let image = Image::new(4, 2, 8, 1, 1, &[], &grays);
    let mut two = image.clone();
    two.chunks = grays.chunks(4).map(<[u8]>::to_vec).collect();
    for (name, image) in [
        ("count of 0", image.clone().with(279, &[0])),
        ("count too small", image.clone().with(279, &[3])),
        ("RowsPerStrip of 0", image.clone().with(278, &[0])),
        ("RowsPerStrip too large", image.clone().with(278, &[0xffff_ffff])),
        ("two strips without RowsPerStrip", two.clone()),
        ("counts of 0", two.with(278, &[1]).with(279, &[0, 0])),
        ("BitsPerSample for more samples", image.clone().with(258, &[8, 8, 8])),
        ("no Photometric", image.clone().with(262, &[])),
        ("no SamplesPerPixel", image.with(277, &[])),
    ] {
        assert_eq!(decode(&image.file()).unwrap_or_else(|error| panic!("{name}: {error}")).2, grays, "{name}");
    }
    let never_written = Image::new(4, 2, 8, 1, 1, &[(273, &[0]), (279, &[0])], &[]).file();
    assert_eq!(decode(&never_written).unwrap_err().code(), "image.damaged");
}

/// A thumbnail of 2x1 pixels, and below it an image of 4x2.
fn with_thumbnail(full: Image) -> Image {
    let mut thumbnail = Image::new(2, 1, 8, 1, 1, &[(254, &[1])], &[1, 2]);
    thumbnail.children = vec![Image::new(3, 1, 8, 1, 1, &[(254, &[1])], &[1, 2, 3]), full];
    thumbnail
}

#[test]
fn the_full_image_is_decoded_where_the_first_directory_is_a_thumbnail() {
    let full = Image::new(4, 2, 8, 1, 1, &[(254, &[0])], &[9; 8]);
    for form in FORMS {
        let below = file(form, &[with_thumbnail(full.clone())]);
        let behind = file(form, &[Image::new(2, 1, 8, 1, 1, &[(254, &[1])], &[1, 2]), full.clone()]);
        for file in [below, behind] {
            let source = Source::new(file.as_slice(), &Limits::default()).unwrap();
            assert_eq!(source.info().stored_size, Size::new(4, 2), "{form:?}");
            assert_eq!(decode(&file).unwrap(), (Size::new(4, 2), Channels::Luma, vec![9; 8]), "{form:?}");
        }
        // Smaller versions behind the image, as in a pyramid, change nothing; a thumbnail alone is the image.
        let pyramid = file(form, &[full.clone(), Image::new(2, 1, 8, 1, 1, &[(254, &[1])], &[1, 2])]);
        assert_eq!(decode(&pyramid).unwrap().0, Size::new(4, 2));
        let alone = file(form, &[Image::new(2, 1, 8, 1, 1, &[(254, &[1])], &[1, 2])]);
        assert_eq!(decode(&alone).unwrap().0, Size::new(2, 1));
    }
}

#[test]
fn camera_raw_is_refused_by_name_with_the_size_of_its_preview() {
    let sensor = |photometric| Image::new(4, 2, 16, photometric, 1, &[(254, &[0])], &[0; 16]);
    let made_by = |make, photometric| Image { texts: vec![(271, make)], ..with_thumbnail(sensor(photometric)) };
    let preview = "with a preview of 3x1 pixels";
    for (image, expected) in [
        (made_by("NIKON CORPORATION\0", 32_803).with(50_706, &[1, 4, 0, 0]), format!("a DNG camera raw file {preview}")),
        (made_by("NIKON CORPORATION\0", 32_803), format!("a Nikon NEF camera raw file {preview}")),
        (made_by("SONY\0", 32_803), format!("a Sony ARW camera raw file {preview}")),
        (made_by("SAMSUNG\0", 34_892), format!("a Samsung SRW camera raw file {preview}")),
        (made_by("Nobody\0", 32_803), format!("a camera raw file {preview}")),
        (made_by("NIKON\0", 1).with(50_706, &[1, 4, 0, 0]), "a DNG camera raw file with a preview of 4x2 pixels".to_owned()),
        (Image { texts: vec![(271, "PENTAX\0")], ..sensor(32_803) }, "a Pentax PEF camera raw file without a preview".to_owned()),
        (sensor(1).with(259, &[34_713]), "a camera raw file without a preview".to_owned()),
    ] {
        for form in FORMS {
            let error = Source::new(file(form, std::slice::from_ref(&image)), &Limits::default()).unwrap_err();
            assert_eq!(error.code(), "image.unknown_format");
            assert!(error.to_string().contains(&format!("found {expected}, expected JPEG")), "{form:?}: {error}");
        }
    }
    let cr2 = [b"II*\0\x10\0\0\0CR\x02\0".as_slice(), &[0; 60]].concat();
    let error = Source::new(cr2, &Limits::default()).unwrap_err();
    assert!(error.to_string().contains("found a Canon CR2 camera raw file without a preview"), "{error}");
    // What a camera's maker developed itself is an image like any other.
    let developed =
        Image { texts: vec![(271, "NIKON CORPORATION\0")], ..with_thumbnail(Image::new(4, 2, 8, 1, 1, &[(254, &[0])], &[9; 8])) };
    assert_eq!(decode(&developed.file()).unwrap().0, Size::new(4, 2));
}

#[test]
fn directories_that_go_in_circles_end() {
    let mut file = with_thumbnail(Image::new(4, 2, 8, 1, 1, &[(254, &[1])], &[9; 8])).file();
    let first = u32::from_le_bytes(file[4..8].try_into().unwrap()) as usize;
    let link = first + 2 + 12 * usize::from(u16::from_le_bytes(file[first..first + 2].try_into().unwrap()));
    file.copy_within(4..8, link);
    assert_eq!(decode(&file).unwrap().0, Size::new(2, 1));
}

#[test]
fn what_cannot_be_read_is_named() {
    let image = || Image::new(4, 2, 8, 1, 1, &[], &[0; 8]);
    for (image, expected) in [
        (image().with(259, &[34_887]), "LERC compression is not supported"),
        (image().with(259, &[34_712]), "JPEG 2000 compression is not supported"),
        (image().with(259, &[34_661]), "JBIG compression is not supported"),
        (image().with(259, &[32_809]), "ThunderScan compression is not supported"),
        (image().with(262, &[32_844]), "LogLuv color is not supported"),
        (image().with(262, &[77]), "photometric interpretation 77 is not supported"),
        (image().with(339, &[6]), "complex samples are not supported"),
        (image().with(258, &[8, 16]).with(277, &[2]), "samples with different depths are not supported"),
        (image().with(259, &[7]).with(258, &[12]), "JPEG compression of samples of 12 bits is not supported"),
    ] {
        let error = decode(&image.file()).unwrap_err();
        assert_eq!(error.code(), "image.unsupported", "{error}");
        assert!(error.to_string().contains(expected), "{error}");
    }
}
