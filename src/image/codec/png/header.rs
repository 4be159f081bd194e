//! What the chunks of a PNG file say, read without decoding pixels.

use super::{
    super::{
        Format, ImageError, Info, Size,
        bytes::{u8_at, u32_be},
    },
    chunks::Chunks,
    metadata::Metadata,
};

/// Size, depth, alpha, frames and orientation; the latter may stand behind the pixels.
pub(in super::super) fn info(bytes: &[u8]) -> Result<Info, ImageError> {
    let mut chunks = Chunks::new(bytes);
    let Some(header) = chunks.next() else {
        return Err(ImageError::Truncated { format: Format::Png, reason: "it has no header".to_owned() });
    };
    if header.name == *b"CgBI" {
        let reason = "it is in Apple's form for iOS apps (a CgBI chunk, written by Xcode), not in standard PNG".to_owned();
        return Err(ImageError::Unsupported { format: Format::Png, reason });
    }
    let (Some(width), Some(height), Some(bit_depth), Some(colour), b"IHDR") =
        (u32_be(header.data, 0), u32_be(header.data, 4), u8_at(header.data, 8), u8_at(header.data, 9), &header.name)
    else {
        return Err(ImageError::Damaged { format: Format::Png, reason: "it does not start with a header".to_owned() });
    };
    let mut info = Info { bit_depth, has_alpha: matches!(colour, 4 | 6), ..Info::new(Format::Png, Size::new(width, height)) };
    let mut metadata = Metadata::default();
    let mut has_pixels = false;
    // An animation says how many frames it has, and may be wrong.
    let (mut announced, mut frames) = (0, 0u32);
    for chunk in chunks {
        match &chunk.name {
            b"tRNS" => info.has_alpha = true,
            b"IDAT" => has_pixels = true,
            // 0 frames, and numbers beyond 31 bits, are no animation (PNG, section 11.3.6.1).
            b"acTL" if !has_pixels => announced = u32_be(chunk.data, 0).filter(|count| count >> 31 == 0).unwrap_or(0),
            b"fcTL" => frames = frames.saturating_add(1),
            _ => metadata.note(chunk),
        }
    }
    if announced > 0 {
        info.frames = frames.min(announced).max(1);
    }
    info.orientation = metadata.orientation().unwrap_or_default();
    Ok(info)
}

/// The data of the chunk with `name` that stands before the pixels, if there is one.
pub(super) fn before_pixels<'a>(bytes: &'a [u8], name: &[u8; 4]) -> Option<&'a [u8]> {
    let mut chunks = Chunks::new(bytes).take_while(|chunk| chunk.name != *b"IDAT");
    chunks.find(|chunk| chunk.name == *name).map(|chunk| chunk.data)
}
