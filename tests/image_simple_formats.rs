//! BMP, ICO and TIFF, on files written here byte by byte.
#![cfg(feature = "image")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use cog_kit::image::{Channels, Format, ImageError, Limits, Orientation, Size, Source, Truncated, Warning};

/// Format, size, channels and samples of a picture, which must be without fault.
fn decode(bytes: &[u8]) -> (Format, Size, Channels, Vec<u8>) {
    let source = Source::new(bytes, &Limits::default()).unwrap();
    let decoded = source.to_pixels(Truncated::Refuse).unwrap();
    assert_eq!(decoded.warnings, []);
    (source.info().format, decoded.pixels.size(), decoded.pixels.channels(), decoded.pixels.into_bytes())
}

/// A bitmap header of 40 bytes.
fn dib(width: i32, height: i32, bits: u16, compression: u32) -> Vec<u8> {
    let mut header = 40u32.to_le_bytes().to_vec();
    header.extend([width, height].map(i32::to_le_bytes).concat());
    header.extend([1, bits].map(u16::to_le_bytes).concat());
    header.extend([compression, 0, 0, 0, 0, 0].map(u32::to_le_bytes).concat());
    header
}

/// A BMP file of header, colours and rows.
fn bmp(dib: &[u8], colours: &[u8], rows: &[u8]) -> Vec<u8> {
    let offset = u32::try_from(14 + dib.len() + colours.len()).unwrap();
    [b"BM\0\0\0\0\0\0\0\0".as_slice(), &offset.to_le_bytes(), dib, colours, rows].concat()
}

#[test]
fn bitmaps_of_every_depth_show_the_same_picture() {
    // Red and green above blue and white.
    let expected = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255];
    let palette: &[u8] = &[0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0, 255, 255, 255, 0];
    let masks = [0xf800u32, 0x07e0, 0x001f].map(u32::to_le_bytes).concat();
    let cases: [(&str, Vec<u8>); 8] = [
        ("24 bits", bmp(&dib(2, 2, 24, 0), &[], &[255, 0, 0, 255, 255, 255, 0, 0, 0, 0, 255, 0, 255, 0, 0, 0])),
        ("24 bits, top down", bmp(&dib(2, -2, 24, 0), &[], &[0, 0, 255, 0, 255, 0, 0, 0, 255, 0, 0, 255, 255, 255, 0, 0])),
        ("32 bits", bmp(&dib(2, 2, 32, 0), &[], &[255, 0, 0, 0, 255, 255, 255, 0, 0, 0, 255, 0, 0, 255, 0, 0])),
        ("16 bits", bmp(&dib(2, 2, 16, 0), &[], &[0x1f, 0, 0xff, 0x7f, 0, 0x7c, 0xe0, 0x03])),
        ("16 bits and masks", bmp(&dib(2, 2, 16, 3), &masks, &[0x1f, 0, 0xff, 0xff, 0, 0xf8, 0xe0, 0x07])),
        ("8 bits", bmp(&[dib(2, 2, 8, 0)[..32].to_vec(), vec![4, 0, 0, 0, 0, 0, 0, 0]].concat(), palette, &[2, 3, 0, 0, 0, 1, 0, 0])),
        ("4 bits", bmp(&[dib(2, 2, 4, 0)[..32].to_vec(), vec![4, 0, 0, 0, 0, 0, 0, 0]].concat(), palette, &[0x23, 0, 0, 0, 0x01, 0, 0, 0])),
        (
            "runs",
            bmp(&[dib(2, 2, 8, 1)[..32].to_vec(), vec![4, 0, 0, 0, 0, 0, 0, 0]].concat(), palette, &[1, 2, 1, 3, 0, 0, 1, 0, 1, 1, 0, 1]),
        ),
    ];
    for (name, file) in cases {
        assert_eq!(decode(&file), (Format::Bmp, Size::new(2, 2), Channels::Rgb, expected.to_vec()), "{name}");
    }
}

#[test]
fn icons_show_their_largest_picture_through_its_mask() {
    let small = [dib(1, 2, 24, 0), vec![9, 9, 9, 0, 0, 0, 0, 0]].concat();
    // Blue and green over black and white; the mask hides the upper left.
    let rows = [0, 0, 0, 255, 255, 255, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0];
    let large = [dib(2, 4, 24, 0), rows.to_vec(), vec![0, 0, 0, 0, 0x80, 0, 0, 0]].concat();
    let mut file = vec![0, 0, 1, 0, 2, 0];
    let mut at = 6 + 2 * 16;
    for (side, payload) in [(1, &small), (2, &large)] {
        file.extend([side, side, 0, 0, 1, 0, 24, 0]);
        file.extend([payload.len(), at].map(|number| u32::try_from(number).unwrap().to_le_bytes()).concat());
        at += payload.len();
    }
    file.extend([small, large].concat());
    let expected = vec![0, 0, 255, 0, 0, 255, 0, 255, 0, 0, 0, 255, 255, 255, 255, 255];
    assert_eq!(decode(&file), (Format::Ico, Size::new(2, 2), Channels::Rgba, expected));
}

#[test]
fn bitmaps_with_headers_of_every_kind_show_the_same_picture() {
    let expected = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255];
    let rows = [255, 0, 0, 255, 255, 255, 0, 0, 0, 0, 255, 0, 255, 0, 0, 0];
    let sides = |length: u32| [length.to_le_bytes(), 2u32.to_le_bytes(), 2u32.to_le_bytes()].concat();
    // OS/2 1.x: sides of 16 bits, and palettes of three bytes a colour.
    let old = |bits: u8| [12u32.to_le_bytes().as_slice(), &[2, 0, 2, 0, 1, 0, bits, 0]].concat();
    let short = [sides(16), vec![1, 0, 24, 0]].concat();
    let long = |length: u32| [sides(length), vec![1, 0, 24, 0], vec![0; length as usize - 16]].concat();
    let with_offset = |offset: u32| {
        let mut file = bmp(&dib(2, 2, 24, 0), &[], &rows);
        file[10..14].copy_from_slice(&offset.to_le_bytes());
        file
    };
    // A palette of 300 colours, which says so; rows behind it.
    let large = [dib(2, 2, 8, 0)[..32].to_vec(), 300u32.to_le_bytes().to_vec(), vec![0; 4]].concat();
    let palette: Vec<u8> =
        [[0, 0, 255, 0], [0, 255, 0, 0], [255, 0, 0, 0], [255, 255, 255, 0]].concat().into_iter().chain(vec![7; 296 * 4]).collect();
    let fields = |alpha: u32| {
        let masks = [0x00ff_0000u32, 0xff00, 0xff, alpha].map(u32::to_le_bytes).concat();
        let pixels = [[255, 0, 0], [255, 255, 255], [0, 0, 255], [0, 255, 0]].map(|[b, g, r]| [b, g, r, 0]).concat();
        (masks, pixels)
    };
    let (masks, pixels) = fields(0);
    let mut v2 = dib(2, 2, 32, 3);
    v2[0] = 52;
    let mut v3 = dib(2, 2, 32, 3);
    v3[0] = 56;
    let cases: [(&str, Vec<u8>); 11] = [
        ("OS/2 1.x, 24 bits", bmp(&old(24), &[], &rows)),
        ("OS/2 1.x, 8 bits", bmp(&old(8), &[0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 255], &[2, 3, 0, 0, 0, 1, 0, 0])),
        ("OS/2 2.x, 16 bytes", bmp(&short, &[], &rows)),
        ("OS/2 2.x, 64 bytes", bmp(&long(64), &[], &rows)),
        ("108 bytes", bmp(&long(108), &[], &rows)),
        ("124 bytes", bmp(&long(124), &[], &rows)),
        ("52 bytes, with masks", bmp(&[v2, masks[..12].to_vec()].concat(), &[], &pixels)),
        ("56 bytes, with masks", bmp(&[v3, masks.clone()].concat(), &[], &pixels)),
        ("rows at byte 0", with_offset(0)),
        ("rows within the header", with_offset(30)),
        ("a palette that is too long", bmp(&large, &palette, &[2, 3, 0, 0, 0, 1, 0, 0])),
    ];
    for (name, file) in cases {
        assert_eq!(decode(&file), (Format::Bmp, Size::new(2, 2), Channels::Rgb, expected.to_vec()), "{name}");
    }
}

#[test]
fn what_bitmaps_hold_that_is_not_read_is_named() {
    for (bits, compression, expected) in [(1, 3, "Huffman"), (24, 4, "run-length"), (0, 4, "JPEG"), (0, 5, "PNG"), (7, 0, "7 bits")] {
        let error = Source::new(bmp(&dib(2, 2, bits, compression), &[], &[0; 16]), &Limits::default()).unwrap_err();
        assert!(matches!(error, ImageError::Unsupported { .. }) && error.to_string().contains(expected), "{error}");
    }
}

#[test]
fn a_cursor_is_chosen_by_its_size_and_not_by_its_hot_spot() {
    let image = |side: i32, blue: u8| {
        [dib(side, side * 2, 24, 0), vec![blue; usize::try_from(side * ((side * 3 + 3) / 4 * 4 + 4)).unwrap()]].concat()
    };
    let (small, large, empty) = (image(1, 9), image(2, 200), Vec::new());
    let mut file = vec![0, 0, 2, 0, 3, 0];
    let mut at = 6 + 3 * 16;
    // The hot spot of the small one would be a great depth in an icon; the largest has no data.
    for (side, spot, payload) in [(1, 255, &small), (2, 0, &large), (8, 0, &empty)] {
        file.extend([side, side, 0, 0, 1, 0, spot, 0]);
        file.extend([payload.len(), at].map(|number| u32::try_from(number).unwrap().to_le_bytes()).concat());
        at += payload.len();
    }
    file.extend([small, large].concat());
    let source = Source::new(file, &Limits::default()).unwrap();
    assert_eq!((source.info().format, source.info().stored_size), (Format::Ico, Size::new(2, 2)));
}

/// A TIFF file with one strip behind its directory; tags as number, kind (3 is short, 4 is long) and value.
fn tiff(big_endian: bool, tags: &[(u16, u16, u32)], strip: &[u8]) -> Vec<u8> {
    let short = |value: u16| if big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
    let long = |value: u32| if big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
    let mut file = if big_endian { b"MM\0*".to_vec() } else { b"II*\0".to_vec() };
    file.extend(long(8));
    file.extend(short(u16::try_from(tags.len() + 2).unwrap()));
    let data = u32::try_from(8 + 2 + (tags.len() + 2) * 12 + 4).unwrap();
    for &(tag, kind, value) in tags.iter().chain(&[(273, 4, data), (279, 4, u32::try_from(strip.len()).unwrap())]) {
        file.extend(short(tag));
        file.extend(short(kind));
        file.extend(long(1));
        if kind == 3 {
            file.extend(short(u16::try_from(value).unwrap()));
            file.extend([0, 0]);
        } else {
            file.extend(long(value));
        }
    }
    file.extend(long(0));
    file.extend(strip);
    file
}

#[test]
fn tiffs_of_many_kinds_show_the_same_greys() {
    let tags = |bits, compression, photometric, predictor| {
        [(256, 3, 4), (257, 3, 2), (258, 3, bits), (259, 3, compression), (262, 3, photometric), (277, 3, 1), (317, 3, predictor)]
    };
    let expected = vec![0, 85, 170, 255, 255, 170, 85, 0];
    let wide: Vec<u16> = expected.iter().map(|&grey| u16::from(grey) * 257).collect();
    let big: Vec<u8> = wide.iter().flat_map(|sample| sample.to_be_bytes()).collect();
    let little: Vec<u8> = wide.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    let cases = [
        ("8 bits", tiff(false, &tags(8, 1, 1, 1), &expected)),
        ("8 bits, big-endian", tiff(true, &tags(8, 1, 1, 1), &expected)),
        ("2 bits", tiff(false, &tags(2, 1, 1, 1), &[0x1b, 0xe4])),
        ("2 bits, white is zero", tiff(false, &tags(2, 1, 0, 1), &[0xe4, 0x1b])),
        ("16 bits", tiff(false, &tags(16, 1, 1, 1), &little)),
        ("16 bits, big-endian", tiff(true, &tags(16, 1, 1, 1), &big)),
        // In a Deflate stream of one stored block; of uncompressed data, the tag for differences means nothing.
        ("differences", tiff(false, &tags(8, 8, 1, 2), &[0x78, 1, 1, 8, 0, 0xf7, 0xff, 0, 85, 85, 85, 255, 171, 171, 171])),
        ("no differences", tiff(false, &tags(8, 1, 1, 2), &expected)),
        ("packed", tiff(false, &tags(8, 32_773, 1, 1), &[3, 0, 85, 170, 255, 3, 255, 170, 85, 0])),
    ];
    for (name, file) in cases {
        assert_eq!(decode(&file), (Format::Tiff, Size::new(4, 2), Channels::Luma, expected.clone()), "{name}");
    }
}

#[test]
fn a_tiff_is_turned_by_its_tag() {
    let file = tiff(false, &[(256, 3, 2), (257, 3, 1), (258, 3, 8), (262, 3, 1), (274, 3, 6)], &[1, 2]);
    let source = Source::new(file, &Limits::default()).unwrap();
    assert_eq!((source.info().orientation, source.info().size()), (Orientation::Rotate90, Size::new(1, 2)));
}

#[test]
fn files_cut_anywhere_are_truncated_or_unknown_and_never_panic() {
    let files = [
        bmp(&dib(2, 2, 24, 0), &[], &[255, 0, 0, 255, 255, 255, 0, 0, 0, 0, 255, 0, 255, 0, 0, 0]),
        tiff(true, &[(256, 3, 4), (257, 3, 2), (258, 3, 8), (262, 3, 1)], &[0, 85, 170, 255, 255, 170, 85, 0]),
    ];
    for file in files {
        for length in 0..file.len() {
            let cut = &file[..length];
            let Ok(source) = Source::new(cut, &Limits::default()) else { continue };
            let error = source.to_pixels(Truncated::Refuse).unwrap_err();
            assert!(matches!(error, ImageError::Truncated { .. }), "{length} bytes: {error}");
            let kept = source.to_pixels(Truncated::Keep).unwrap();
            assert_eq!((kept.pixels.size(), kept.warnings), (source.info().stored_size, vec![Warning::Truncated]), "{length} bytes");
        }
    }
}

#[test]
fn a_bitmap_that_claims_a_huge_size_is_refused_from_its_header() {
    let start = std::time::Instant::now();
    let masks = [0x00ff_0000u32, 0xff00, 0xff, 0xff00_0000].map(u32::to_le_bytes).concat();
    let error = Source::new(bmp(&dib(200, i32::MAX, 32, 6), &masks, &[0; 64]), &Limits::default()).unwrap_err();
    assert_eq!(error.code(), "image.too_long_side");
    assert!(start.elapsed() < std::time::Duration::from_millis(50));
}
