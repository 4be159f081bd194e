use super::*;

const DISC: &[u8] = include_bytes!("../../../../../tests/pictures/disc_animated.avif");

/// Where `kind` stands for the `nth` time, from 0.
fn place(bytes: &[u8], kind: &[u8; 4], nth: usize) -> usize {
    bytes.windows(4).enumerate().filter(|(_, window)| window == kind).nth(nth).unwrap().0
}

/// The disc with `new` written over what is `behind` bytes behind the `nth` place of `kind`.
fn patched(kind: &[u8; 4], nth: usize, behind: usize, new: &[u8]) -> Vec<u8> {
    let mut bytes = DISC.to_vec();
    let at = place(&bytes, kind, nth) + 4 + behind;
    bytes[at..at + new.len()].copy_from_slice(new);
    bytes
}

/// Walks through everything that the header says.
fn walk(bytes: &[u8]) -> Result<Option<usize>, ImageError> {
    let Some(sequence) = sequence(bytes)? else { return Ok(None) };
    sequence.info()?;
    let mut count = 0;
    for track in [Some(&sequence.colour), sequence.alpha.as_ref()].into_iter().flatten() {
        track.yuv();
        let mut samples = track.samples();
        while samples.next()?.is_some() {
            count += 1;
        }
    }
    Ok(Some(count))
}

#[test]
fn the_tracks_of_colour_and_alpha_are_found() {
    let sequence = sequence(DISC).unwrap().unwrap();
    let info = sequence.info().unwrap();
    assert_eq!((info.frames, info.has_alpha, info.bit_depth, info.stored_size), (4, true, 8, Size::new(48, 32)));
    assert_eq!((sequence.colour.id, sequence.alpha.as_ref().unwrap().id, sequence.premultiplied), (1, 2, false));
    assert_eq!(sequence.colour.yuv(), Some((6, 1, true)));
    assert_eq!(walk(DISC).unwrap(), Some(8));
}

#[test]
fn bits_are_those_of_the_configuration() {
    for (flags, bits) in [(0x0c, 8), (0x4c, 10), (0x6c, 12)] {
        // The first `av1C` belongs to the still picture beside the sequence, and the second to its alpha.
        let bytes = patched(b"av1C", 2, 2, &[flags]);
        assert_eq!(sequence(&bytes).unwrap().unwrap().info().unwrap().bit_depth, bits, "{flags:x}");
    }
}

#[test]
fn a_track_is_turned_by_its_sample_entry_or_by_its_header() {
    let one = 0x1_0000_u32;
    let minus = 0_u32.wrapping_sub(one);
    let matrix = |a: u32, b: u32, c: u32, d: u32| -> Vec<u8> {
        [a, b, 0, c, d, 0, 0, 0, 0x4000_0000].iter().flat_map(|number| number.to_be_bytes()).collect()
    };
    let cases = [
        (matrix(one, 0, 0, one), Orientation::Upright),
        (matrix(0, one, minus, 0), Orientation::Rotate90),
        (matrix(minus, 0, 0, minus), Orientation::Rotate180),
        (matrix(0, minus, one, 0), Orientation::Rotate270),
        (matrix(minus, 0, 0, one), Orientation::FlipHorizontal),
        (matrix(one, 0, 0, minus), Orientation::FlipVertical),
        (matrix(0, one, one, 0), Orientation::Transpose),
        (matrix(0, minus, minus, 0), Orientation::Transverse),
        (matrix(2 * one, 0, 0, one), Orientation::Upright),
    ];
    for (matrix, expected) in cases {
        // Version 1 has times of 64 bits before the matrix.
        let mut bytes = patched(b"tkhd", 0, 52, &matrix);
        assert_eq!(sequence(&bytes).unwrap().unwrap().info().unwrap().orientation, expected, "{matrix:x?}");
        // A quarter counter-clockwise in the sample entry, in the place of a box that says nothing to us.
        let at = place(&bytes, b"ccst", 0);
        bytes[at..at + 5].copy_from_slice(b"irot\x01");
        assert_eq!(sequence(&bytes).unwrap().unwrap().info().unwrap().orientation, Orientation::Rotate270);
    }
}

#[test]
fn alpha_is_what_refers_to_the_colours_as_such() {
    // A track that refers to another one in a way that is not known is a second picture, and not seen.
    let other = patched(b"auxl", 1, 0, &9_u32.to_be_bytes());
    let found = sequence(&other).unwrap().unwrap();
    assert_eq!((found.colour.id, found.alpha.is_some()), (1, false));
    // The first `auxi` is in the name of what the still picture has.
    let depth = patched(b"auxi", 1, 4, b"urn:mpeg:mpegB:cicp:systems:auxiliary:depth");
    assert!(sequence(&depth).unwrap().unwrap().alpha.is_none());
    let fewer = patched(b"stsz", 1, 8, &3_u32.to_be_bytes());
    let error = sequence(&fewer).err().unwrap().to_string();
    assert_eq!(error, "AVIF data is damaged: found 3 frames of alpha, expected 4");
}

#[test]
fn a_file_is_a_sequence_by_its_main_brand_or_for_want_of_a_picture() {
    assert!(sequence(&patched(b"ftyp", 0, 0, b"avif")).unwrap().is_none());
    let mut alone = patched(b"ftyp", 0, 0, b"avif");
    let meta = place(&alone, b"meta", 0);
    alone[meta..meta + 4].copy_from_slice(b"free");
    assert_eq!(walk(&alone).unwrap(), Some(8));
    let mut still = DISC.to_vec();
    let movie = place(&still, b"moov", 0);
    still[movie..movie + 4].copy_from_slice(b"free");
    assert!(sequence(&still).unwrap().is_none());
}

#[test]
fn tracks_that_refer_to_each_other_are_none() {
    // Each is auxiliary to the other: there is no picture.
    let mut bytes = DISC.to_vec();
    let at = place(&bytes, b"edts", 0);
    bytes[at..at + 4].copy_from_slice(b"tref");
    let list = place(&bytes, b"elst", 0);
    bytes[list..list + 4].copy_from_slice(b"auxl");
    assert!(sequence(&bytes).unwrap().is_none());
}

#[test]
fn no_change_of_a_byte_and_no_cut_makes_it_panic() {
    let header = place(DISC, b"mdat", 0);
    for at in 0..header {
        for new in [0, 1, 0x7f, 0xff, DISC[at] ^ 1] {
            let mut bytes = DISC.to_vec();
            bytes[at] = new;
            if let Ok(Some(count)) = walk(&bytes) {
                assert!(count <= bytes.len(), "byte {at} is {new}: {count} samples");
            }
        }
    }
    for length in 0..DISC.len() {
        let _ = walk(&DISC[..length]);
    }
}
