//! PNG files with faults that other programs read past, and 16-bit samples with a profile.
#![cfg(feature = "image")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::{io::Write, path::Path};

use cog_kit::image::{Channels, Frames, ImageError, Limits, Orientation, Prepare, Size, Source, StoredPixels, Truncated, Warning};
use flate2::{Compression, Crc, write::ZlibEncoder};

fn case(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures/cases").join(name)).unwrap()
}

fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut crc = Crc::new();
    crc.update(name);
    crc.update(data);
    [&u32::try_from(data.len()).unwrap().to_be_bytes(), name.as_slice(), data, &crc.sum().to_be_bytes()].concat()
}

fn zipped(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

fn header(width: u32, height: u32, depth: u8, colour: u8, interlaced: bool) -> Vec<u8> {
    let mut data = [width, height].map(u32::to_be_bytes).concat();
    data.extend([depth, colour, 0, 0, u8::from(interlaced)]);
    chunk(b"IHDR", &data)
}

fn png(chunks: &[Vec<u8>]) -> Vec<u8> {
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunks.concat()].concat()
}

/// Rows of two RGB pixels, and the chunks of a file that shows them.
const RGB: [u8; 12] = [255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 8, 7];

fn parts() -> [Vec<u8>; 3] {
    let rows: Vec<u8> = RGB.chunks(6).flat_map(|row| [&[0], row].concat()).collect();
    [header(2, 2, 8, 2, false), chunk(b"IDAT", &zipped(&rows)), chunk(b"IEND", &[])]
}

fn decode(bytes: &[u8]) -> Result<StoredPixels, ImageError> {
    Source::new(bytes, &Limits::default())?.to_pixels(Truncated::Refuse)
}

#[test]
fn a_file_without_its_end_is_read_when_all_rows_are_there() {
    let [header, data, end] = parts();
    let whole = png(&[header.clone(), data.clone(), end]);
    let end_of_data = whole.len() - 12;
    // Up to within the checksum of the zlib stream, which stands before that of the chunk.
    for length in end_of_data - 7..whole.len() {
        let decoded = decode(&whole[..length]).unwrap_or_else(|error| panic!("{length} of {} bytes: {error}", whole.len()));
        assert_eq!((decoded.pixels.as_bytes(), decoded.warnings), (RGB.as_slice(), Vec::new()), "{length} bytes");
    }
    for length in 8..end_of_data - 12 {
        let Ok(source) = Source::new(&whole[..length], &Limits::default()) else { continue };
        assert_eq!(source.to_pixels(Truncated::Refuse).unwrap_err().code(), "image.truncated", "{length} bytes");
        let kept = source.to_pixels(Truncated::Keep);
        if length > header.len() + 8 + 12 {
            assert_eq!(kept.unwrap().warnings, [Warning::Truncated], "{length} bytes");
        }
    }
}

#[test]
fn an_interlaced_file_without_its_end_is_read_as_well() {
    // 1-bit samples of a 3x3 image: passes 1, 4 (one pixel), 5, 6 and 7 of Adam7 have rows.
    let rows = [0, 0x80, 0, 0x00, 0, 0xc0, 0, 0x80, 0, 0x80, 0, 0x40];
    let file = png(&[header(3, 3, 1, 0, true), chunk(b"IDAT", &zipped(&rows))]);
    let decoded = decode(&file).unwrap();
    let whole = decode(&[file.clone(), chunk(b"IEND", &[])].concat()).unwrap();
    assert_eq!((decoded.pixels.size(), decoded.pixels.channels()), (Size::new(3, 3), Channels::Luma));
    assert_eq!(decoded, whole);
    // Pass 1 is the pixel at (0, 0), pass 4 that at (2, 0), pass 5 those at (0, 2) and (2, 2), pass 6 those at (1, 0) and (1, 2), pass 7 row 1.
    assert_eq!(decoded.pixels.as_bytes(), [255, 255, 0, 0, 255, 0, 255, 255, 255]);
}

#[test]
fn faults_that_do_not_touch_pixels_are_passed_over_and_flagged() {
    let [header, data, end] = parts();
    let broken = |chunk: &[u8]| {
        let mut chunk = chunk.to_vec();
        *chunk.last_mut().unwrap() ^= 1;
        chunk
    };
    let mut compression = header[8..21].to_vec();
    compression[10] = 7;
    let half = data[8..data.len() - 4].len() / 2;
    let (first, second) = data[8..data.len() - 4].split_at(half);
    let damaged = [Warning::Damaged].as_slice();
    type Case<'a> = (&'a str, Vec<Vec<u8>>, &'a [Warning]);
    let cases: [Case<'_>; 11] = [
        ("checksum of IHDR", vec![broken(&header), data.clone(), end.clone()], damaged),
        ("checksum of IDAT", vec![header.clone(), broken(&data), end.clone()], damaged),
        ("checksum of IEND", vec![header.clone(), data.clone(), broken(&end)], &[]),
        ("checksum of an ancillary chunk", vec![header.clone(), broken(&chunk(b"gAMA", &[0, 0, 0, 1])), data.clone(), end.clone()], &[]),
        ("an ancillary chunk that is too long", vec![header.clone(), chunk(b"gAMA", &[0; 90]), data.clone(), end.clone()], &[]),
        ("compression method", vec![chunk(b"IHDR", &compression), data.clone(), end.clone()], damaged),
        ("a second IHDR", vec![header.clone(), header.clone(), data.clone(), end.clone()], damaged),
        ("an unknown critical chunk", vec![header.clone(), chunk(b"ABCD", b"?"), data.clone(), end.clone()], damaged),
        ("a palette that is none", vec![header.clone(), chunk(b"PLTE", &[1, 2]), data.clone(), end.clone()], &[]),
        (
            "text between IDAT chunks",
            vec![header.clone(), chunk(b"IDAT", first), chunk(b"tEXt", b"a\0b"), chunk(b"IDAT", second), end.clone()],
            &[],
        ),
        ("bytes behind the end", vec![header.clone(), data.clone(), end.clone(), b"more bytes".to_vec()], &[]),
    ];
    for (fault, chunks, warnings) in cases {
        let decoded = decode(&png(&chunks)).unwrap_or_else(|error| panic!("{fault}: {error}"));
        assert_eq!((decoded.pixels.as_bytes(), decoded.warnings.as_slice()), (RGB.as_slice(), warnings), "{fault}");
    }
}

#[test]
fn palettes_of_odd_lengths_are_cut_to_whole_colours() {
    let indices = [0, 0, 1, 2];
    let colours = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    for (name, extra) in [("one byte more", 1), ("two bytes more", 2), ("longer than 256 colours", 768)] {
        let palette: Vec<u8> = colours.into_iter().chain(vec![0; extra]).collect();
        let file = png(&[header(3, 1, 8, 3, false), chunk(b"PLTE", &palette), chunk(b"IDAT", &zipped(&indices)), chunk(b"IEND", &[])]);
        let decoded = decode(&file).unwrap();
        assert_eq!((decoded.pixels.as_bytes(), decoded.warnings.as_slice()), (colours.as_slice(), [Warning::Damaged].as_slice()), "{name}");
    }
}

#[test]
fn faults_that_pixels_depend_on_are_errors() {
    let [header, data, end] = parts();
    let mut filter = header[8..21].to_vec();
    filter[11] = 64;
    let mut corrupt = data[8..data.len() - 4].to_vec();
    corrupt[2] ^= 0xff;
    let cases = [
        ("filter method", vec![chunk(b"IHDR", &filter), data, end.clone()]),
        ("pixels that do not decompress", vec![header.clone(), chunk(b"IDAT", &corrupt), end.clone()]),
        ("no pixels", vec![header, end]),
    ];
    for (fault, chunks) in cases {
        assert_eq!(decode(&png(&chunks)).unwrap_err().code(), "image.damaged", "{fault}");
    }
}

#[test]
fn the_form_of_apple_is_named() {
    let file = png(&[chunk(b"CgBI", &[0x50, 0, 0x20, 2]), header(2, 2, 8, 6, false), chunk(b"IDAT", &[1, 2, 3]), chunk(b"IEND", &[])]);
    let error = decode(&file).unwrap_err();
    assert_eq!(error.code(), "image.unsupported");
    assert!(error.to_string().contains("CgBI"), "{error}");
}

#[test]
fn orientation_is_read_from_metadata_wherever_it_stands() {
    let [header, data, end] = parts();
    let exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let packet = b"XML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta><rdf:Description tiff:Orientation=\"6\"/></x:xmpmeta>";
    let cases = [
        ("eXIf before the pixels", png(&[header.clone(), chunk(b"eXIf", exif), data.clone(), end.clone()])),
        ("eXIf behind the pixels", png(&[header.clone(), data.clone(), chunk(b"eXIf", exif), end.clone()])),
        ("eXIf without an end", png(&[header.clone(), data.clone(), chunk(b"eXIf", exif)])),
        ("XMP before the pixels", png(&[header.clone(), chunk(b"iTXt", packet), data.clone(), end.clone()])),
        ("XMP behind the pixels", png(&[header, data, chunk(b"iTXt", packet), end])),
    ];
    for (place, file) in cases {
        let source = Source::new(file, &Limits::default()).unwrap();
        assert_eq!(source.info().orientation, Orientation::Rotate90, "{place}");
        let turned = Prepare::new().apply(&source).unwrap();
        assert_eq!(turned.pixels().as_bytes(), [0, 0, 255, 255, 0, 0, 9, 8, 7, 0, 255, 0], "{place}");
    }
}

#[test]
fn sixteen_bits_with_a_linear_profile_keep_their_shades() {
    let decoded = decode(&case("png_linear16.png")).unwrap();
    let mut greys: Vec<u8> = decoded.pixels.as_bytes().to_vec();
    greys.sort_unstable();
    greys.dedup();
    // Cut to 8 bits first, these would be 17.
    assert_eq!(greys.len(), 71);
    assert_eq!(decoded.warnings, []);
}

#[test]
fn code_points_win_over_a_profile_and_gamma_alone_is_not_applied() {
    let linear = Source::new(case("png_linear16.png"), &Limits::default()).unwrap().icc_profile().unwrap().into_owned();
    let [header, data, end] = parts();
    let profile = || chunk(b"iCCP", &[b"linear\0\0".as_slice(), &zipped(&linear)].concat());
    let gamma = || chunk(b"gAMA", &100_000u32.to_be_bytes());
    let primaries = || chunk(b"cHRM", &[31_270u32, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000].map(u32::to_be_bytes).concat());
    let file = |extra: &[Vec<u8>]| png(&[vec![header.clone()], extra.to_vec(), vec![data.clone(), end.clone()]].concat());
    // The pixel (9, 8, 7), in linear light, is (52, 49, 46) in sRGB.
    let lit = |pixels: &[u8]| pixels[9..].iter().zip([52, 49, 46]).all(|(found, expected)| found.abs_diff(expected) <= 2);
    for (chunks, is_lit) in [
        // As in Pillow and libvips, unlike in browsers.
        (vec![gamma(), primaries()], false),
        (vec![chunk(b"sRGB", &[0]), gamma()], false),
        (vec![profile(), gamma()], true),
        (vec![chunk(b"cICP", &[1, 8, 0, 1])], true),
        (vec![chunk(b"cICP", &[1, 13, 0, 1]), profile()], false),
        (vec![profile(), chunk(b"cICP", &[1, 13, 0, 1])], false),
    ] {
        let decoded = decode(&file(&chunks)).unwrap();
        let pixels = decoded.pixels.as_bytes();
        assert_eq!(lit(pixels), is_lit, "{pixels:?}");
        assert!(is_lit || pixels == RGB, "{pixels:?}");
    }
}

/// A frame's control chunk: its number, size, place, 1/10 s, kept and put over.
fn frame_control(number: u32, width: u32, height: u32) -> Vec<u8> {
    let mut data = [number, width, height, 0, 0].map(u32::to_be_bytes).concat();
    data.extend([0, 1, 0, 10, 0, 0]);
    chunk(b"fcTL", &data)
}

#[test]
fn animations_with_faults_show_what_is_sound() {
    let [header, data, end] = parts();
    let control = |count: u32| chunk(b"acTL", &[count, 0].map(u32::to_be_bytes).concat());
    let frame = |number: u32| chunk(b"fdAT", &[&number.to_be_bytes(), &data[8..data.len() - 4]].concat());
    let animation = |count, tail: &[Vec<u8>]| {
        png(&[vec![header.clone(), control(count), frame_control(0, 2, 2), data.clone(), frame_control(1, 2, 2), frame(2)], tail.to_vec()]
            .concat())
    };
    for (name, file, expected) in [
        ("two frames", animation(2, std::slice::from_ref(&end)), 2),
        ("no end", animation(2, &[]), 2),
        ("more frames announced than there are", animation(9, std::slice::from_ref(&end)), 2),
        ("fewer frames announced than there are", animation(1, std::slice::from_ref(&end)), 1),
        ("no frames announced", animation(0, std::slice::from_ref(&end)), 1),
    ] {
        let source = Source::new(file, &Limits::default()).unwrap();
        assert_eq!(source.info().frames, expected, "{name}");
        assert_eq!(source.to_pixels(Truncated::Refuse).unwrap().pixels.as_bytes(), RGB, "{name}");
        if expected > 1 {
            let animation = source.frames(Frames::All, Truncated::Refuse).unwrap();
            assert!(animation.frames.len() == 2 && animation.frames.iter().all(|frame| frame.pixels.size() == Size::new(2, 2)), "{name}");
        }
    }
    // A first frame of another size than the canvas is not the image for programs that know no animations.
    let file = png(&[header, control(1), frame_control(0, 1, 1), data, end]);
    assert_eq!(decode(&file).unwrap().pixels.as_bytes(), RGB);
}
