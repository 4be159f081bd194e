//! Which IFD of a file holds its image, and whether that is the data of a camera's sensor.

use super::super::{ImageError, Size, jpeg};
use super::ifd::{File, Ifd};
use crate::image::sniff::READABLE;

/// IFDs of one file that are looked at.
const MAX_IFDS: usize = 64;

const COLOR_FILTER_ARRAY: u16 = 32_803;
const LINEAR_RAW: u16 = 34_892;

/// Compressions that only cameras write: Sony ARW, Epson and Samsung, Nikon, Kodak, Pentax.
const RAW_COMPRESSIONS: [u16; 8] = [32_767, 32_769, 32_770, 32_867, 34_713, 34_892, 65_000, 65_535];

/// How the value of the tag `Make` starts, in capitals, and the name of that maker's files.
const MAKES: [(&[u8], &str); 14] = [
    (b"CANON", "a Canon"),
    (b"NIKON", "a Nikon NEF"),
    (b"SONY", "a Sony ARW"),
    (b"PENTAX", "a Pentax PEF"),
    (b"RICOH", "a Pentax PEF"),
    (b"SAMSUNG", "a Samsung SRW"),
    (b"HASSELBLAD", "a Hasselblad 3FR"),
    (b"KODAK", "a Kodak DCR"),
    (b"EASTMAN KODAK", "a Kodak DCR"),
    (b"SEIKO EPSON", "an Epson ERF"),
    (b"MAMIYA", "a Mamiya MEF"),
    (b"LEAF", "a Leaf MOS"),
    (b"PHASE ONE", "a Phase One IIQ"),
    (b"LEICA", "a Leica RWL"),
];

/// The IFD of the image: the first one, or where that holds a reduced version of the image, the first that holds all of it.
///
/// # Errors
/// [`ImageError::UnknownFormat`] for camera raw, with the size of the largest preview.
pub(super) fn image<'a>(bytes: &'a [u8]) -> Result<Ifd<'a>, ImageError> {
    let file = File::new(bytes);
    let signature = raw_by_signature(bytes);
    let ifds = match file.first().and_then(|offset| file.ifd(offset)) {
        Ok(first) => all(first),
        Err(_) if signature.is_some() => Vec::new(),
        Err(failure) => return Err(failure),
    };
    let first = ifds.first();
    let full = first.map(|first| {
        let has_all =
            |ifd: &&Ifd<'_>| !is_reduced(ifd) && size(ifd).is_some_and(|found| Some(found.pixels()) >= size(first).map(Size::pixels));
        if is_reduced(first) { ifds.iter().find(has_all).unwrap_or(first) } else { first }
    });
    let name = signature.or_else(|| full.and_then(|full| raw_by_tags(full, &ifds)));
    match (name, full) {
        (Some(name), _) => Err(refusal(name, &ifds)),
        (None, Some(full)) => Ok(*full),
        (None, None) => Err(super::truncated()),
    }
}

/// The first IFD, those below it, and those behind it, in this order; each once.
fn all(first: Ifd<'_>) -> Vec<Ifd<'_>> {
    let file = first.file;
    let mut found = vec![first];
    let mut seen = vec![file.first().unwrap_or_default()];
    let mut next = vec![first.next()];
    next.extend(children(&first).into_iter().rev().map(Some));
    while let Some(offset) = next.pop() {
        let Some(offset) = offset.filter(|offset| !seen.contains(offset)) else { continue };
        seen.push(offset);
        let Ok(ifd) = file.ifd(offset) else { continue };
        found.push(ifd);
        if found.len() == MAX_IFDS {
            break;
        }
        next.push(ifd.next());
        next.extend(children(&ifd).into_iter().rev().map(Some));
    }
    found
}

/// The offsets of the IFDs below one; of more than are looked at, none.
fn children(ifd: &Ifd<'_>) -> Vec<u64> {
    let is_short = ifd.bytes(330).is_some_and(|values| values.len() <= MAX_IFDS * size_of::<u64>());
    is_short.then(|| ifd.values(330).ok().flatten()).flatten().unwrap_or_default()
}

/// Whether the tags say that this is a reduced version of another image of the file, or its mask.
fn is_reduced(ifd: &Ifd<'_>) -> bool {
    let kind = |tag| ifd.first(tag).ok().flatten();
    kind(254).map_or_else(|| kind(255) == Some(2), |kind| kind & !2 != 0)
}

fn size(ifd: &Ifd<'_>) -> Option<Size> {
    let side = |tag| ifd.long(tag).ok().flatten();
    Some(Size::new(side(256)?, side(257)?)).filter(|size| !size.is_empty())
}

/// Whether an IFD holds what a camera's sensor recorded.
fn is_sensor_data(ifd: &Ifd<'_>) -> bool {
    let short = |tag| ifd.short(tag).ok().flatten();
    matches!(short(262), Some(COLOR_FILTER_ARRAY | LINEAR_RAW))
        || short(259).is_some_and(|compression| RAW_COMPRESSIONS.contains(&compression))
}

/// Canon and Phase One write a signature of their own behind that of TIFF.
fn raw_by_signature(bytes: &[u8]) -> Option<&'static str> {
    match bytes.get(8..12)? {
        [b'C', b'R', 2, _] => Some("a Canon CR2"),
        b"IIII" | b"MMMM" => Some("a Phase One IIQ"),
        _ => None,
    }
}

/// The kind of camera raw, if the file is that: by its DNG version, by sensor data that is no smaller than the image, or by a camera's thumbnail
/// without an image.
fn raw_by_tags(full: &Ifd<'_>, ifds: &[Ifd<'_>]) -> Option<&'static str> {
    let first = ifds.first()?;
    if first.has(50_706) {
        return Some("a DNG");
    }
    let pixels = |ifd: &Ifd<'_>| size(ifd).map(Size::pixels);
    let make = ifds.iter().find_map(|ifd| ifd.bytes(271)).unwrap_or_default().trim_ascii_start().to_ascii_uppercase();
    let named = MAKES.iter().find(|(start, _)| make.starts_with(start)).map(|(_, name)| *name);
    if ifds.iter().any(|ifd| is_sensor_data(ifd) && pixels(ifd) >= pixels(full)) {
        return Some(named.unwrap_or("a"));
    }
    named.filter(|_| is_reduced(full))
}

fn refusal(name: &str, ifds: &[Ifd<'_>]) -> ImageError {
    let found = match ifds.iter().filter_map(preview).max_by_key(|size| size.pixels()) {
        Some(size) => format!("{name} camera raw file with a preview of {size} pixels"),
        None => format!("{name} camera raw file without a preview"),
    };
    ImageError::UnknownFormat { found, expected: READABLE }
}

/// The size of the developed image in an IFD, if that is what it holds.
fn preview(ifd: &Ifd<'_>) -> Option<Size> {
    if is_sensor_data(ifd) {
        return None;
    }
    // Previews in JPEG often leave their size to the JPEG data.
    let embedded = ifd.first(513).ok().flatten().and_then(|offset| {
        let data = ifd.file.bytes.get(usize::try_from(offset).ok()?..)?;
        Some(jpeg::header::info(data).ok()?.stored_size)
    });
    embedded.or_else(|| size(ifd).filter(|_| ifd.has(273) || ifd.has(324)))
}
