//! What the chunks of a PNG file say, read without decoding anything.

use super::super::{
    Format, ImageError, Info, Size,
    bytes::{len_be, slice, u8_at, u32_be},
    exif,
};

const SIGNATURE: usize = 8;

/// Size, depth, alpha, frames and orientation; the latter may stand behind the pixels.
pub(in super::super) fn info(bytes: &[u8]) -> Result<Info, ImageError> {
    let mut chunks = Chunks { bytes, at: SIGNATURE };
    let Some(header) = chunks.next() else {
        return Err(ImageError::Truncated { format: Format::Png, reason: "it has no header".to_owned() });
    };
    let (Some(width), Some(height), Some(bit_depth), Some(colour), b"IHDR") =
        (u32_be(header.data, 0), u32_be(header.data, 4), u8_at(header.data, 8), u8_at(header.data, 9), &header.name)
    else {
        return Err(ImageError::Damaged { format: Format::Png, reason: "it does not start with a header".to_owned() });
    };
    let mut info = Info { bit_depth, has_alpha: matches!(colour, 4 | 6), ..Info::new(Format::Png, Size::new(width, height)) };
    // An animation says how many frames it has, and may be wrong.
    let (mut animated, mut frames) = (false, 0u32);
    for chunk in chunks {
        match &chunk.name {
            b"tRNS" => info.has_alpha = true,
            b"eXIf" => info.orientation = exif::orientation(chunk.data).unwrap_or(info.orientation),
            b"acTL" => animated = true,
            b"fcTL" => frames = frames.saturating_add(1),
            _ => {}
        }
    }
    if animated {
        info.frames = frames.max(1);
    }
    Ok(info)
}

/// The chunk with `name` that stands before the pixels, if there is one.
pub(super) fn before_pixels<'a>(bytes: &'a [u8], name: &[u8; 4]) -> Option<&'a [u8]> {
    let mut chunks = Chunks { bytes, at: SIGNATURE }.take_while(|chunk| chunk.name != *b"IDAT");
    chunks.find(|chunk| chunk.name == *name).map(|chunk| chunk.data)
}

struct Chunk<'a> {
    name: [u8; 4],
    data: &'a [u8],
}

/// Walks the chunks; ends where the file is cut off.
struct Chunks<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Chunks<'a> {
    type Item = Chunk<'a>;

    fn next(&mut self) -> Option<Chunk<'a>> {
        let length = len_be(self.bytes, self.at)?;
        let name = slice(self.bytes, self.at + 4, 4)?.try_into().ok()?;
        let data = slice(self.bytes, self.at + 8, length)?;
        // Length, name, data, checksum.
        self.at = self.at.checked_add(length)?.checked_add(12)?;
        Some(Chunk { name, data })
    }
}
