//! What the blocks of a GIF file say, read without decoding anything.

use super::super::{
    Format, ImageError, Info, Size,
    bytes::{slice, u8_at, u16_le},
};

/// Screen size, transparency of the first frame, and the number of frames.
pub(in super::super) fn info(bytes: &[u8]) -> Result<Info, ImageError> {
    let blocks = blocks(bytes);
    let first = blocks.first;
    let screen = screen(bytes);
    let Some(first) = first else {
        return Err(ImageError::Truncated { format: Format::Gif, reason: "it has no frame".to_owned() });
    };
    Ok(Info {
        has_alpha: first.transparent || !first.covers(screen),
        frames: blocks.frames,
        ..Info::new(Format::Gif, first.canvas(screen))
    })
}

/// Whether the first frame is all there is to see, and its rows are stored from top to bottom.
pub(in super::super) fn comes_in_rows(bytes: &[u8]) -> bool {
    blocks(bytes).first.is_some_and(|first| !first.transparent && !first.interlaced && first.covers(screen(bytes)))
}

fn screen(bytes: &[u8]) -> (u16, u16) {
    (u16_le(bytes, 6).unwrap_or(0), u16_le(bytes, 8).unwrap_or(0))
}

#[derive(Clone, Copy)]
struct First {
    left: u16,
    top: u16,
    width: u16,
    height: u16,
    transparent: bool,
    interlaced: bool,
}

impl First {
    /// The size of the canvas: the logical screen, as far as the first frame does not exceed it, or has none. Browsers, Pillow and libvips grow it as
    /// well; what later frames have beyond it is cut off, as in libvips and browsers.
    fn canvas(&self, (width, height): (u16, u16)) -> Size {
        let (right, bottom) = (u32::from(self.left) + u32::from(self.width), u32::from(self.top) + u32::from(self.height));
        if width == 0 || height == 0 { Size::new(right, bottom) } else { Size::new(right.max(width.into()), bottom.max(height.into())) }
    }

    fn covers(&self, screen: (u16, u16)) -> bool {
        Size::new(self.width.into(), self.height.into()) == self.canvas(screen)
    }
}

struct Blocks {
    first: Option<First>,
    frames: u32,
}

/// Walks the blocks of the file; ends at the trailer, and where the file is cut off.
fn blocks(bytes: &[u8]) -> Blocks {
    let mut blocks = Blocks { first: None, frames: 0 };
    let mut transparent = false;
    let mut at = 13 + u8_at(bytes, 10).map_or(0, palette);
    loop {
        match u8_at(bytes, at) {
            Some(0x21) => {
                if slice(bytes, at + 1, 2) == Some(&[0xf9, 4]) {
                    transparent = u8_at(bytes, at + 3).is_some_and(|flags| flags & 1 == 1);
                }
                at += 2;
            }
            Some(0x2c) => {
                let short = |offset| u16_le(bytes, at + offset);
                let (Some(left), Some(top), Some(width), Some(height), Some(flags)) =
                    (short(1), short(3), short(5), short(7), u8_at(bytes, at + 9))
                else {
                    return blocks;
                };
                let interlaced = flags & 0x40 != 0;
                blocks.first.get_or_insert(First { left, top, width, height, transparent, interlaced });
                blocks.frames = blocks.frames.saturating_add(1);
                transparent = false;
                at += 11 + palette(flags);
            }
            _ => return blocks,
        }
        // Sub-blocks, each behind its length, up to one without any.
        loop {
            match u8_at(bytes, at) {
                None => return blocks,
                Some(0) => break,
                Some(length) => at += 1 + usize::from(length),
            }
        }
        at += 1;
    }
}

/// Bytes of the colour table that `flags` announce.
fn palette(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}
