//! Lossless WebP, and without libwebp all of it, by `image-webp`, in safe Rust.

use std::io::{Cursor, ErrorKind};

use image_webp::{DecodingError, WebPDecoder};

use super::super::{
    Channels, Deadline, Decode, Format, ImageError, Info, Picture, Pixels, Size, Truncated, Warning, buffer, missing,
    timed::{TimedReader, too_slow},
    whole::Whole,
};
use super::header;

/// Decodes a still image.
pub(super) fn open<'a>(bytes: &'a [u8], info: &Info, options: &Decode) -> Result<Box<dyn Picture + 'a>, ImageError> {
    let failed = |failure| error(bytes, &failure);
    let mut decoder = WebPDecoder::new(TimedReader::new(Cursor::new(bytes), options.deadline)).map_err(failed)?;
    let channels = if decoder.has_alpha() { Channels::Rgba } else { Channels::Rgb };
    let found = size_of(decoder.dimensions());
    if found != info.stored_size {
        return Err(damaged(format!("found an image of {found} pixels, expected {}", info.stored_size)));
    }
    let length = info.stored_size.pixels() * channels.count() as u64;
    let mut data = buffer(Format::WebP, length, 0)?;
    let mut warnings = Vec::new();
    match decoder.read_image(&mut data).map_err(failed) {
        Ok(()) => {}
        Err(ImageError::Truncated { .. }) if options.truncated == Truncated::Keep => {
            // What was decoded is not yet in its final form, so nothing of it can be shown.
            data.fill(missing(channels));
            warnings.push(Warning::Truncated);
        }
        Err(failure) => return Err(failure),
    }
    Ok(Whole::boxed(Pixels::new(info.stored_size, channels, data)?, warnings))
}

/// Decodes one frame of an animation from its chunks: `alpha` and `image`, each with its name and content.
pub(super) fn decode_frame(
    alpha: Option<&[u8]>,
    (name, image): (&[u8], &[u8]),
    size: Size,
    channels: Channels,
    deadline: Deadline,
) -> Result<Pixels, ImageError> {
    let mut chunks = Vec::new();
    if let Some(alpha) = alpha {
        let side = |side: u32| side.saturating_sub(1).to_le_bytes();
        let ([w0, w1, w2, _], [h0, h1, h2, _]) = (side(size.width), side(size.height));
        push(&mut chunks, b"VP8X", &[ALPHA_FLAG, 0, 0, 0, w0, w1, w2, h0, h1, h2]);
        push(&mut chunks, b"ALPH", alpha);
    }
    push(&mut chunks, name, image);
    let mut file = Vec::with_capacity(chunks.len() + 12);
    push(&mut file, b"RIFF", &[b"WEBP", chunks.as_slice()].concat());
    let failed = |failure| error(&file, &failure);
    let mut decoder = WebPDecoder::new(TimedReader::new(Cursor::new(&file), deadline)).map_err(failed)?;
    let found = size_of(decoder.dimensions());
    if found != size || decoder.has_alpha() != channels.has_alpha() {
        return Err(damaged(format!("found a frame of {found} pixels, expected {size}")));
    }
    let mut data = buffer(Format::WebP, size.pixels() * channels.count() as u64, 0)?;
    decoder.read_image(&mut data).map_err(failed)?;
    Pixels::new(size, channels, data)
}

/// The flag of `VP8X` that announces alpha.
const ALPHA_FLAG: u8 = 0x10;

/// Adds a chunk, which is padded to an even length.
fn push(chunks: &mut Vec<u8>, name: &[u8], data: &[u8]) {
    chunks.extend_from_slice(name);
    chunks.extend_from_slice(&u32::try_from(data.len()).unwrap_or(u32::MAX).to_le_bytes());
    chunks.extend_from_slice(data);
    if data.len() % 2 == 1 {
        chunks.push(0);
    }
}

const fn size_of((width, height): (u32, u32)) -> Size {
    Size::new(width, height)
}

const fn damaged(reason: String) -> ImageError {
    ImageError::Damaged { format: Format::WebP, reason }
}

/// What is wrong; in a file that is too short, that.
fn error(bytes: &[u8], error: &DecodingError) -> ImageError {
    if let DecodingError::IoError(failure) = error
        && let Some(slow) = too_slow(failure, Format::WebP)
    {
        return slow;
    }
    if matches!(error, DecodingError::IoError(failure) if failure.kind() == ErrorKind::UnexpectedEof) || !header::is_complete(bytes) {
        return ImageError::Truncated { format: Format::WebP, reason: "the data ends early".to_owned() };
    }
    damaged(error.to_string())
}
