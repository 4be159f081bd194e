//! Animated WebP: the frames in the `ANMF` chunks, put on our canvas as libwebp's `WebPAnimDecoder` puts them (WebP Container Specification,
//! "Animation" and "Assembling the Canvas From Frames").
//!
//! The background color of the file is passed over, which the specification allows: what no frame covers is transparent.

use std::time::Duration;

use super::super::{
    Channels, Decode, Format, ImageError, Info, Picture, Pixels, Player, Size, Truncated, Warning, buffer,
    bytes::{u16_le, u32_le},
    canvas::{Area, Canvas, Disposal},
    safe_decoders_only, three_of_four,
    whole::Whole,
};
use super::{
    decode_lossy,
    header::{self, Chunks, Frame},
    pure,
};

/// Decodes the first frame on its canvas.
pub(super) fn open<'a>(bytes: &'a [u8], info: &Info, options: &Decode) -> Result<Box<dyn Picture + 'a>, ImageError> {
    let mut player = AnimationPlayer::new(bytes, info, options)?;
    let mut warnings = if header::is_complete(bytes) { Vec::new() } else { vec![Warning::Truncated] };
    match player.draw(options.truncated) {
        Ok(Some(_)) => {}
        Ok(None) => return Err(damaged("it has no frame".to_owned())),
        // Nothing of the frame can be shown.
        Err(ImageError::Truncated { .. }) if options.truncated == Truncated::Keep => warnings = vec![Warning::Truncated],
        Err(failure) => return Err(failure),
    }
    Ok(Whole::boxed(player.into_pixels()?, warnings))
}

/// Opens the animation.
pub(super) fn play<'a>(bytes: &'a [u8], info: &Info, options: &Decode) -> Result<Box<dyn Player + 'a>, ImageError> {
    Ok(Box::new(AnimationPlayer::new(bytes, info, options)?))
}

struct AnimationPlayer<'a> {
    chunks: Chunks<'a>,
    canvas: Canvas,
    size: Size,
    has_alpha: bool,
    options: Decode,
    /// Frames that are on the canvas.
    count: u32,
    /// What the frame before is taken off by, if it is to be taken off, and whether nothing but transparency is left then.
    cleared: Option<Area>,
    is_clear: bool,
}

impl<'a> AnimationPlayer<'a> {
    fn new(bytes: &'a [u8], info: &Info, options: &Decode) -> Result<Self, ImageError> {
        if options.truncated == Truncated::Refuse && !header::is_complete(bytes) {
            let reason = format!("found {} bytes, expected {}", bytes.len(), header::length(bytes));
            return Err(ImageError::Truncated { format: Format::WebP, reason });
        }
        let canvas = Canvas::new(info.stored_size, buffer(Format::WebP, info.stored_size.pixels() * 4, 0)?);
        let (size, has_alpha) = (info.stored_size, info.has_alpha);
        Ok(Self { chunks: Chunks::new(bytes), canvas, size, has_alpha, options: *options, count: 0, cleared: None, is_clear: true })
    }

    /// Puts the next frame on the canvas and returns how long it is shown.
    fn draw(&mut self, truncated: Truncated) -> Result<Option<Duration>, ImageError> {
        let Some((_, data)) = self.chunks.find(|(name, _)| name == b"ANMF") else { return Ok(None) };
        let number = self.count + 1;
        if self.chunks.is_cut && truncated == Truncated::Refuse {
            return Err(cut(number));
        }
        let frame = Frame::parse(data).ok_or_else(|| cut(number))?;
        let Area { left, top, width, height } = frame.area;
        if left + width > self.size.width as usize || top + height > self.size.height as usize {
            let reason = format!("frame {number} of {width}x{height} pixels at ({left}, {top}) exceeds the canvas of {}", self.size);
            return Err(damaged(reason));
        }
        let pixels = decode(&frame, number, &Decode { truncated, ..self.options })?;
        self.canvas.begin(frame.area, frame.disposal);
        self.put(&frame, &pixels);
        self.count = number;
        Ok(Some(frame.duration))
    }

    /// Puts the pixels of a frame on the canvas. Where that is transparent because nothing was drawn, or all of it was taken off, pixels are taken as
    /// they are: blending would round them.
    fn put(&mut self, frame: &Frame<'_>, pixels: &Pixels) {
        let has_alpha = pixels.channels().has_alpha();
        let is_full = (frame.area.width, frame.area.height) == (self.size.width as usize, self.size.height as usize);
        let replaces_all = self.is_clear || (is_full && !(has_alpha && frame.is_blended));
        let cleared = self.cleared.take();
        let stride = frame.area.width * pixels.channels().count();
        for (y, row) in pixels.as_bytes().chunks_exact(stride.max(1)).enumerate() {
            let onto = self.canvas.row(frame.area, y);
            if !has_alpha {
                for (onto, &[red, green, blue]) in onto.as_chunks_mut().0.iter_mut().zip(row.as_chunks().0) {
                    *onto = [red, green, blue, u8::MAX];
                }
            } else if replaces_all || !frame.is_blended {
                let _ = row.get(..onto.len()).map(|row| onto.copy_from_slice(row));
            } else {
                let columns = cleared.map_or(0..0, |cleared| cleared.columns(frame.area.top + y));
                for ((x, onto), &over) in (frame.area.left..).zip(onto.as_chunks_mut().0).zip(row.as_chunks().0) {
                    *onto = if columns.contains(&x) { over } else { blended(over, *onto) };
                }
            }
        }
        let is_first_or_full = replaces_all || is_full;
        self.cleared = (frame.disposal == Disposal::Clear).then_some(frame.area);
        self.is_clear = self.cleared.is_some() && is_first_or_full;
    }

    fn into_pixels(self) -> Result<Pixels, ImageError> {
        let pixels = self.canvas.into_pixels()?;
        if self.has_alpha { Ok(pixels) } else { Pixels::new(self.size, Channels::Rgb, three_of_four(pixels.into_bytes())) }
    }
}

impl Player for AnimationPlayer<'_> {
    fn next(&mut self) -> Result<Option<Duration>, ImageError> {
        self.draw(Truncated::Refuse)
    }

    fn pixels(&self) -> Result<Pixels, ImageError> {
        let pixels = self.canvas.pixels()?;
        if self.has_alpha { Ok(pixels) } else { Pixels::new(self.size, Channels::Rgb, three_of_four(pixels.into_bytes())) }
    }
}

/// The pixels of a frame: RGBA if it has alpha, else RGB.
fn decode(frame: &Frame<'_>, number: u32, options: &Decode) -> Result<Pixels, ImageError> {
    let size = Size::new(u32::try_from(frame.area.width).unwrap_or(0), u32::try_from(frame.area.height).unwrap_or(0));
    let mut chunks = Chunks::within(frame.chunks, 0);
    let (mut start, mut alpha) = (0, None);
    let (name, data) = loop {
        let at = chunks.position();
        match chunks.next() {
            Some((b"ALPH", data)) => (start, alpha) = (at, Some(data)),
            Some((name @ (b"VP8 " | b"VP8L"), data)) => {
                if alpha.is_none() {
                    start = at;
                }
                break (name, data);
            }
            Some(_) => {}
            None if chunks.is_cut || frame.chunks.is_empty() => return Err(cut(number)),
            None => return Err(damaged(format!("frame {number} has no image"))),
        }
    };
    let is_lossless = name == b"VP8L";
    let (found, has_alpha) = if is_lossless { lossless_size(data) } else { (lossy_size(data), alpha.is_some()) };
    if found != Some(size) {
        let found = found.map_or_else(|| "no image".to_owned(), |found| format!("an image of {found} pixels"));
        return Err(damaged(format!("found {found} in frame {number}, expected {size}")));
    }
    let channels = if has_alpha { Channels::Rgba } else { Channels::Rgb };
    if is_lossless || safe_decoders_only() {
        return pure::decode_frame(alpha.filter(|_| !is_lossless), (name, data), size, channels, options.deadline);
    }
    Ok(decode_lossy(frame.chunks.get(start..).unwrap_or_default(), size, channels, options)?.0)
}

/// The size in the header of a `VP8 ` chunk.
fn lossy_size(data: &[u8]) -> Option<Size> {
    Some(Size::new((u16_le(data, 6)? & 0x3fff).into(), (u16_le(data, 8)? & 0x3fff).into()))
}

/// The size in the header of a `VP8L` chunk, and whether it has alpha.
fn lossless_size(data: &[u8]) -> (Option<Size>, bool) {
    let bits = u32_le(data, 1);
    (bits.map(|bits| Size::new((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1)), bits.is_some_and(|bits| bits >> 28 & 1 == 1))
}

/// A pixel put over another, straight alpha, with the rounding of libwebp's `BlendPixelNonPremult`.
fn blended(over: [u8; 4], onto: [u8; 4]) -> [u8; 4] {
    let [.., top] = over.map(u32::from);
    let [.., below] = onto.map(u32::from);
    match top {
        0 => return onto,
        255 => return over,
        _ => {}
    }
    let below = (below * (256 - top)) >> 8;
    let alpha = top + below;
    let scale = (1 << 24) / alpha;
    let mut result = [0; 4];
    for ((result, over), onto) in result.iter_mut().zip(over).zip(onto) {
        let mixed = ((u32::from(over) * top + u32::from(onto) * below) * scale) >> 24;
        *result = u8::try_from(mixed).unwrap_or(u8::MAX);
    }
    result[3] = u8::try_from(alpha).unwrap_or(u8::MAX);
    result
}

fn cut(number: u32) -> ImageError {
    ImageError::Truncated { format: Format::WebP, reason: format!("the data of frame {number} ends early") }
}

const fn damaged(reason: String) -> ImageError {
    ImageError::Damaged { format: Format::WebP, reason }
}
