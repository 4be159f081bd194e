//! What the markers of a JPEG file say, read without decoding anything.

use std::borrow::Cow;

use super::super::{
    Colours, Format, ImageError, Info, Size,
    bytes::{len_be, slice, u8_at, u16_be},
    exif, icc, xmp,
};

pub(super) const START_OF_SCAN: u8 = 0xda;
const DEFINE_NUMBER_OF_LINES: u8 = 0xdc;
/// What an APP1 segment with an XMP packet starts with (XMP Specification Part 3, section 1.1.3).
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";

/// Size, components and orientation, from the markers before the first scan.
pub(in super::super) fn info(bytes: &[u8]) -> Result<Info, ImageError> {
    let mut frame = None;
    let (mut exif, mut packet) = (None, None);
    let mut has_scan = false;
    let mut segments = Segments::new(bytes);
    for segment in &mut segments {
        match segment.marker {
            // Every "start of frame"; between them stand three other markers.
            0xc0..=0xcf if !matches!(segment.marker, 0xc4 | 0xc8 | 0xcc) => {
                frame = frame.or(Some(frame_of(segment)?));
            }
            0xe1 if exif.is_none() && segment.data.starts_with(b"Exif\0") => exif = Some(segment.data),
            0xe1 => packet = segment.data.strip_prefix(XMP).or(packet),
            START_OF_SCAN => {
                has_scan = true;
                break;
            }
            _ => {}
        }
    }
    let (mut stored_size, bit_depth) = frame.ok_or_else(|| {
        let reason = "it has no frame header".to_owned();
        if has_scan || segments.at_end {
            ImageError::Damaged { format: Format::Jpeg, reason }
        } else {
            ImageError::Truncated { format: Format::Jpeg, reason }
        }
    })?;
    if stored_size.height == 0 {
        let unknown = || {
            let reason =
                "its frame header leaves the number of lines to a DNL segment, which was not found behind the first scan".to_owned();
            ImageError::Damaged { format: Format::Jpeg, reason }
        };
        stored_size.height = lines(bytes).ok_or_else(unknown)?.into();
    }
    let orientation = exif.and_then(exif::orientation).or_else(|| packet.and_then(xmp::orientation)).unwrap_or_default();
    Ok(Info { orientation, bit_depth, ..Info::new(Format::Jpeg, stored_size) })
}

/// The colour profile, which may be spread over several segments; empty if one of them is missing.
pub(in super::super) fn colours(bytes: &[u8]) -> Option<Colours<'_>> {
    let mut parts: Vec<(u8, u8, &[u8])> = Segments::new(bytes)
        .take_while(|segment| segment.marker != START_OF_SCAN)
        .filter(|segment| segment.marker == 0xe2)
        .filter_map(|segment| match segment.data.strip_prefix(b"ICC_PROFILE\0")? {
            [number, count, data @ ..] => Some((*number, *count, data)),
            _ => None,
        })
        .collect();
    parts.sort_by_key(|&(number, ..)| number);
    // Some writers count from 0, or get the total wrong; that nothing is missing can be told from the profile's own length as well.
    let first = parts.first()?.0;
    let is_in_order = first <= 1 && parts.iter().zip(first..=u8::MAX).all(|(&(number, ..), expected)| number == expected);
    let total: usize = parts.iter().map(|(.., data)| data.len()).sum();
    let is_whole = parts.first().and_then(|(.., data)| len_be(data, 0)).is_some_and(|length| length <= total);
    Some(Colours::Icc(match parts.as_slice() {
        _ if !is_in_order || !is_whole || total > icc::MAX_BYTES => Cow::Borrowed(&[]),
        [(.., data)] => Cow::Borrowed(*data),
        several => Cow::Owned(several.iter().flat_map(|(.., data)| data.iter().copied()).collect()),
    }))
}

/// Whether all the image is in one scan of sequential Huffman coding.
pub(super) fn is_in_one_scan(bytes: &[u8]) -> bool {
    let mut components = None;
    for segment in Segments::new(bytes) {
        match segment.marker {
            0xc0 | 0xc1 => components = u8_at(segment.data, 5),
            START_OF_SCAN => return components.is_some() && components == u8_at(segment.data, 0),
            _ => {}
        }
    }
    false
}

fn frame_of(segment: Segment<'_>) -> Result<(Size, u8), ImageError> {
    let data = segment.data;
    let (Some(bit_depth), Some(height), Some(width), Some(components)) = (u8_at(data, 0), u16_be(data, 1), u16_be(data, 3), u8_at(data, 5))
    else {
        return Err(ImageError::Damaged { format: Format::Jpeg, reason: "its frame header is too short".to_owned() });
    };
    let unsupported = |reason| Err(ImageError::Unsupported { format: Format::Jpeg, reason });
    match (segment.marker, bit_depth, components) {
        (0xc5..=0xc7 | 0xcd..=0xcf, _, _) => unsupported(format!("unsupported hierarchical coding process (SOF{})", segment.marker - 0xc0)),
        (0xcb, _, _) => unsupported("unsupported lossless coding process with arithmetic coding (SOF11)".to_owned()),
        (_, 8, 1 | 3 | 4) => Ok((Size::new(width.into(), height.into()), bit_depth)),
        (_, 8, _) => unsupported(format!("unsupported number of components: found {components}, expected 1, 3 or 4")),
        _ => unsupported(format!("unsupported sample precision of {bit_depth} bits, expected 8")),
    }
}

/// The number of lines that a DNL segment tells behind the first scan, where the frame header leaves it open (ITU-T T.81 B.2.5).
fn lines(bytes: &[u8]) -> Option<u16> {
    let mut segments = Segments::new(bytes);
    segments.find(|segment| segment.marker == START_OF_SCAN)?;
    segments.skip_entropy_coded();
    segments.next().filter(|segment| segment.marker == DEFINE_NUMBER_OF_LINES).and_then(|segment| u16_be(segment.data, 0))
}

/// Scans of a picture that are decoded at most; each of a progressive one takes time for every pixel, however little is in it.
pub(super) const MAX_SCANS: usize = 100;

/// Refuses a picture in more scans than any program writes.
pub(super) fn check_scans(bytes: &[u8]) -> Result<(), ImageError> {
    let mut segments = Segments::new(bytes);
    let mut scans = 0;
    while let Some(segment) = segments.next() {
        match segment.marker {
            // All of a baseline picture is in one scan, or in one for each component.
            0xc0 | 0xc1 => return Ok(()),
            START_OF_SCAN => {
                scans += 1;
                if scans > MAX_SCANS {
                    return Err(ImageError::Damaged { format: Format::Jpeg, reason: format!("it has more than {MAX_SCANS} scans") });
                }
                segments.skip_entropy_coded();
            }
            _ => {}
        }
    }
    Ok(())
}

/// A marker and what follows it; `data` is without the length.
#[derive(Clone, Copy)]
pub(super) struct Segment<'a> {
    pub(super) marker: u8,
    pub(super) data: &'a [u8],
}

/// Walks the markers from the start of the file; ends at the end-of-image marker and at data that is cut off.
pub(super) struct Segments<'a> {
    bytes: &'a [u8],
    at: usize,
    at_end: bool,
}

impl<'a> Segments<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 2, at_end: false }
    }

    /// All behind the segment that came last.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Moves `count` bytes on: behind entropy-coded data that was read.
    pub(super) const fn advance(&mut self, count: usize) {
        self.at = self.at.saturating_add(count);
    }

    /// Whether the end-of-image marker was found.
    pub(super) const fn at_end(&self) -> bool {
        self.at_end
    }

    /// Moves behind the entropy-coded data, to the next marker that is not a restart.
    fn skip_entropy_coded(&mut self) {
        while let Some(rest) = self.bytes.get(self.at..) {
            let Some(found) = rest.iter().position(|&byte| byte == 0xff) else { break };
            match u8_at(rest, found + 1) {
                None => break,
                Some(0x00 | 0xd0..=0xd7) => self.at += found + 2,
                Some(0xff) => self.at += found + 1,
                Some(_) => {
                    self.at += found;
                    return;
                }
            }
        }
        self.at = self.bytes.len();
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = Segment<'a>;

    fn next(&mut self) -> Option<Segment<'a>> {
        loop {
            // Stray bytes before a marker are skipped, as every decoder does.
            self.at += self.bytes.get(self.at..)?.iter().position(|&byte| byte == 0xff)?;
            let marker = u8_at(self.bytes, self.at + 1)?;
            match marker {
                0xff => self.at += 1,
                0x00 | 0x01 | 0xd0..=0xd8 => self.at += 2,
                0xd9 => {
                    self.at_end = true;
                    return None;
                }
                _ => {
                    let mut length = usize::from(u16_be(self.bytes, self.at + 2)?);
                    if length < 2 && matches!(marker, 0xe0..=0xef | 0xfe) {
                        // Application data and comments do no harm: libjpeg goes on behind their length too.
                        length = 2;
                    }
                    let data = slice(self.bytes, self.at + 4, length.checked_sub(2)?)?;
                    self.at += 2 + length;
                    return Some(Segment { marker, data });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scans_are_counted_in_progressive_pictures_alone() {
        for (frame, scans, refused) in [(0xc2, 100, false), (0xc2, 101, true), (0xc0, 101, false)] {
            let mut file = vec![0xff, 0xd8, 0xff, frame, 0, 2];
            file.extend(b"\xff\xda\x00\x02data".repeat(scans));
            assert_eq!(check_scans(&file).is_err(), refused, "{scans} scans of {frame:#x}");
        }
    }

    #[test]
    fn a_profile_is_put_together_if_nothing_of_it_is_missing() {
        // A profile of 12 bytes, as far as its own length says.
        let part = |number: u8, count: u8, data: &[u8]| {
            let length = u16::try_from(2 + 14 + data.len()).unwrap().to_be_bytes();
            [b"\xff\xe2".as_slice(), &length, b"ICC_PROFILE\0", &[number, count], data].concat()
        };
        let (start, end) = (b"\0\0\0\x0cabcd".as_slice(), b"efgh".as_slice());
        let whole = [start, end].concat();
        type Case<'a> = (&'a str, Vec<Vec<u8>>, &'a [u8]);
        let cases: [Case<'_>; 9] = [
            ("one part", vec![part(1, 1, &whole)], &whole),
            ("two parts", vec![part(1, 2, start), part(2, 2, end)], &whole),
            ("two parts the other way round", vec![part(2, 2, end), part(1, 2, start)], &whole),
            ("counted from 0", vec![part(0, 2, start), part(1, 2, end)], &whole),
            ("a wrong count", vec![part(1, 0, &whole)], &whole),
            ("the second part missing", vec![part(1, 2, start)], b""),
            ("the first part missing", vec![part(2, 2, end)], b""),
            ("the same part twice", vec![part(1, 2, start), part(1, 2, start)], b""),
            ("a gap", vec![part(1, 3, start), part(3, 3, end)], b""),
        ];
        for (name, parts, expected) in cases {
            let file = [b"\xff\xd8".as_slice(), &parts.concat(), b"\xff\xda\0\x02"].concat();
            assert_eq!(colours(&file), Some(Colours::Icc(expected.into())), "{name}");
        }
        assert_eq!(colours(b"\xff\xd8\xff\xda\0\x02"), None);
    }

    #[test]
    fn the_end_is_found_behind_scans_and_not_inside_segments() {
        let cases: [(&[u8], bool); 6] = [
            (b"\xff\xd8\xff\xda\x00\x04..data\xff\x00\xff\xd0more\xff\xd9", true),
            (b"\xff\xd8\xff\xda\x00\x04..data\xff\x00more", false),
            (b"\xff\xd8\xff\xe1\x00\x06\xff\xd8\xff\xd9\xff\xda\x00\x02data", false),
            (b"\xff\xd8\xff\xda\x00\x02a\xff\xc4\x00\x03.\xff\xda\x00\x02b\xff\xff\xd9tail", true),
            (b"\xff\xd8\xff\xda\x00\x02\xff", false),
            (b"\xff\xd8\xff\xfe\x00\x00\xff\xda\x00\x02data\xff\xd9", true),
        ];
        for (bytes, expected) in cases {
            let mut segments = Segments::new(bytes);
            while let Some(segment) = segments.next() {
                if segment.marker == START_OF_SCAN {
                    segments.skip_entropy_coded();
                }
            }
            assert_eq!(segments.at_end, expected, "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn frames_that_cannot_be_read_are_refused_by_name() {
        let cases = [
            (0xc1, 12, 3, "unsupported sample precision of 12 bits, expected 8"),
            (0xc3, 16, 1, "unsupported sample precision of 16 bits, expected 8"),
            (0xc5, 8, 3, "unsupported hierarchical coding process (SOF5)"),
            (0xcb, 8, 1, "unsupported lossless coding process with arithmetic coding (SOF11)"),
            (0xc0, 8, 2, "unsupported number of components: found 2, expected 1, 3 or 4"),
        ];
        for (marker, depth, components, expected) in cases {
            let file = [0xff, 0xd8, 0xff, marker, 0, 8, depth, 0, 1, 0, 1, components];
            let found = info(&file).unwrap_err();
            assert!(matches!(&found, ImageError::Unsupported { reason, .. } if reason == expected), "{found}");
        }
    }

    #[test]
    fn the_number_of_lines_is_found_behind_the_first_scan() {
        let file = |behind: &[u8]| {
            [b"\xff\xd8\xff\xc0\x00\x0b\x08\x00\x00\x00\x09\x01\x01\x11\x00\xff\xda\x00\x02data\xff\xd0data", behind].concat()
        };
        assert_eq!(info(&file(b"\xff\xdc\x00\x04\x01\x02\xff\xd9")).unwrap().stored_size, Size::new(9, 258));
        let missing = info(&file(b"\xff\xd9")).unwrap_err().to_string();
        assert!(missing.contains("DNL"), "{missing}");
    }
}
