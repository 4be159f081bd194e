//! Orientation and profiles from metadata in every place where programs put it. Expected turns are those of Pillow's `exif_transpose`.
#![cfg(feature = "image")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::path::Path;

use cog_kit::image::{Limits, Orientation, Source, Truncated};

const TURNED: &[u8] = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
const UPRIGHT: &[u8] = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x01\0\0\0\0\0\0";
const INVALID: &[u8] = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x09\0\0\0\0\0\0";
const WITHOUT: &[u8] = b"MM\0*\0\0\0\x08\0\x01\x01\x0f\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
const PACKET: &[u8] = b"<x:xmpmeta><rdf:Description tiff:Orientation=\"8\"/></x:xmpmeta>";

fn picture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures").join(name)).unwrap()
}

fn orientation(bytes: &[u8]) -> Orientation {
    Source::new(bytes, &Limits::default()).unwrap().info().orientation
}

/// An APP1 segment.
fn app1(data: &[u8]) -> Vec<u8> {
    [b"\xff\xe1".as_slice(), &u16::try_from(data.len() + 2).unwrap().to_be_bytes(), data].concat()
}

#[test]
fn jpeg_is_turned_by_exif_and_without_it_by_xmp() {
    let exif = |data: &[u8]| app1(&[b"Exif\0\0".as_slice(), data].concat());
    let xmp = || app1(&[b"http://ns.adobe.com/xap/1.0/\0".as_slice(), PACKET].concat());
    let grey = picture("grey.jpg");
    let (start, rest) = grey.split_at(2);
    type Case<'a> = (&'a str, Vec<Vec<u8>>, Orientation);
    let cases: [Case<'_>; 8] = [
        ("EXIF", vec![exif(TURNED)], Orientation::Rotate90),
        ("XMP", vec![xmp()], Orientation::Rotate270),
        ("EXIF before XMP", vec![exif(TURNED), xmp()], Orientation::Rotate90),
        ("XMP before EXIF", vec![xmp(), exif(TURNED)], Orientation::Rotate90),
        ("EXIF that says upright", vec![exif(UPRIGHT), xmp()], Orientation::Upright),
        ("EXIF that says 9", vec![exif(INVALID), xmp()], Orientation::Upright),
        ("EXIF that says nothing", vec![exif(WITHOUT), xmp()], Orientation::Rotate270),
        ("two segments of EXIF", vec![exif(TURNED), exif(UPRIGHT)], Orientation::Rotate90),
    ];
    for (name, segments, expected) in cases {
        assert_eq!(orientation(&[start, &segments.concat(), rest].concat()), expected, "{name}");
    }
    assert_eq!(orientation(&picture("cases/jpg_xmp6_only.jpg")), Orientation::Rotate90);
}

fn riff(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut body = b"WEBP".to_vec();
    for (name, data) in chunks {
        body.extend_from_slice(*name);
        body.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
        body.extend_from_slice(data);
        body.resize(body.len().next_multiple_of(2), 0);
    }
    [b"RIFF".as_slice(), &u32::try_from(body.len()).unwrap().to_le_bytes(), &body].concat()
}

#[test]
fn webp_is_turned_by_chunks_that_its_header_announces() {
    let file = picture("photo.webp");
    // The image's own chunk, behind the RIFF header and its own of 8 bytes.
    let (name, data): (&[u8; 4], &[u8]) = (file[12..16].try_into().unwrap(), &file[20..]);
    let extended = |flags: u8| {
        let mut header = vec![flags, 0, 0, 0];
        let info = Source::new(&file, &Limits::default()).unwrap().info().stored_size;
        for side in [info.width, info.height] {
            header.extend(&(side - 1).to_le_bytes()[..3]);
        }
        header
    };
    let prefixed = [b"Exif\0\0".as_slice(), TURNED].concat();
    type Case<'a> = (&'a str, u8, Vec<(&'a [u8; 4], &'a [u8])>, Orientation);
    let cases: [Case<'_>; 8] = [
        ("EXIF", 0x08, vec![(b"EXIF", TURNED)], Orientation::Rotate90),
        ("EXIF with the prefix of JPEG", 0x08, vec![(b"EXIF", &prefixed)], Orientation::Rotate90),
        ("EXIF that is denied", 0, vec![(b"EXIF", TURNED)], Orientation::Upright),
        ("XMP", 0x04, vec![(b"XMP ", PACKET)], Orientation::Rotate270),
        ("XMP that is denied", 0x08, vec![(b"XMP ", PACKET)], Orientation::Upright),
        ("both", 0x0c, vec![(b"EXIF", TURNED), (b"XMP ", PACKET)], Orientation::Rotate90),
        ("both, EXIF denied", 0x04, vec![(b"EXIF", TURNED), (b"XMP ", PACKET)], Orientation::Rotate270),
        ("EXIF that says nothing", 0x0c, vec![(b"EXIF", WITHOUT), (b"XMP ", PACKET)], Orientation::Rotate270),
    ];
    for (what, flags, metadata, expected) in cases {
        let header = extended(flags);
        let mut chunks: Vec<(&[u8; 4], &[u8])> = vec![(b"VP8X", &header), (name, data)];
        chunks.extend(metadata);
        assert_eq!(orientation(&riff(&chunks)), expected, "{what}");
    }
    assert_eq!(orientation(&riff(&[(name, data), (b"EXIF", TURNED)])), Orientation::Upright, "without VP8X there is no EXIF");
    assert_eq!(orientation(&picture("cases/webp_lossless_exif6_noflag.webp")), Orientation::Upright);
}

#[test]
fn a_webp_profile_counts_if_the_header_announces_it() {
    let file = picture("photo.webp");
    let (name, data): (&[u8; 4], &[u8]) = (file[12..16].try_into().unwrap(), &file[20..]);
    let size = Source::new(&file, &Limits::default()).unwrap().info().stored_size;
    for (flags, expected) in [(0x20, true), (0, false)] {
        let mut header = vec![flags, 0, 0, 0];
        for side in [size.width, size.height] {
            header.extend(&(side - 1).to_le_bytes()[..3]);
        }
        let source = Source::new(riff(&[(b"VP8X", &header), (b"ICCP", b"a profile"), (name, data)]), &Limits::default()).unwrap();
        assert_eq!(source.info().profile.is_some(), expected, "flags {flags:#x}");
    }
}

#[test]
fn tiff_is_turned_by_its_tag_and_without_it_by_xmp() {
    let file = |orientation: Option<u16>| {
        let mut entries: Vec<(u16, u16, u32, u32)> = vec![(256, 3, 1, 2), (257, 3, 1, 1), (258, 3, 1, 8), (262, 3, 1, 1)];
        entries.extend(orientation.map(|number| (274, 3, 1, u32::from(number))));
        let data = u32::try_from(8 + 2 + (entries.len() + 3) * 12 + 4).unwrap();
        entries.extend([(273, 4, 1, data), (279, 4, 1, 2), (700, 1, u32::try_from(PACKET.len()).unwrap(), data + 2)]);
        let mut file = [b"II*\0\x08\0\0\0".as_slice(), &u16::try_from(entries.len()).unwrap().to_le_bytes()].concat();
        for (tag, kind, count, value) in entries {
            file.extend([tag, kind].map(u16::to_le_bytes).concat());
            file.extend([count, value].map(u32::to_le_bytes).concat());
        }
        [file.as_slice(), &[0; 4], &[1, 2], PACKET].concat()
    };
    for (tag, expected) in
        [(None, Orientation::Rotate270), (Some(6), Orientation::Rotate90), (Some(1), Orientation::Upright), (Some(9), Orientation::Upright)]
    {
        assert_eq!(orientation(&file(tag)), expected, "{tag:?}");
    }
}

#[test]
fn the_profile_of_corbis_is_applied_as_little_cms_does() {
    let source = Source::new(picture("cases/jpg_corbis_profile.jpg"), &Limits::default()).unwrap();
    let decoded = source.to_pixels(Truncated::Refuse).unwrap();
    assert_eq!((source.info().profile.as_deref(), decoded.warnings), (Some("Corbis RGB"), Vec::new()));
    // Pixels as Little CMS converts them, within what JPEG decoders differ by.
    for (x, y, expected) in [(5, 5, [219, 60, 85]), (50, 30, [153, 150, 110]), (90, 55, [215, 209, 79])] {
        let at = (y * decoded.pixels.size().width as usize + x) * 3;
        let found = &decoded.pixels.as_bytes()[at..at + 3];
        assert!(found.iter().zip(expected).all(|(found, expected)| found.abs_diff(expected) <= 4), "{found:?}, expected {expected:?}");
    }
}
