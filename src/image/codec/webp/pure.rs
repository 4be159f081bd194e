//! Lossless and animated WebP by `image-webp`, in safe Rust.

use std::{io::Cursor, time::Duration};

use image_webp::{DecodingError, WebPDecoder};

use super::super::{
    Channels, Decode, Format, ImageError, Info, Picture, Pixels, Player, Size, Truncated, Warning, buffer, missing, whole::Whole,
};
use super::header;

/// Decodes the picture, or the first frame of an animation on its canvas.
pub(super) fn open<'a>(bytes: &'a [u8], info: &Info, options: &Decode) -> Result<Box<dyn Picture + 'a>, ImageError> {
    let mut decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(|failure| error(bytes, &failure))?;
    let channels = if decoder.has_alpha() { Channels::Rgba } else { Channels::Rgb };
    let (width, height) = decoder.dimensions();
    if info.stored_size != Size::new(width, height) {
        let reason = format!("found a picture of {width}x{height} pixels, expected {}", info.stored_size);
        return Err(ImageError::Damaged { format: Format::WebP, reason });
    }
    let length = info.stored_size.pixels() * channels.count() as u64;
    let mut data = buffer(Format::WebP, length, 0)?;
    let mut warnings = Vec::new();
    match decoder.read_image(&mut data).map_err(|failure| error(bytes, &failure)) {
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

/// Opens the animation.
pub(super) fn play<'a>(bytes: &'a [u8], info: &Info) -> Result<Box<dyn Player + 'a>, ImageError> {
    let decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(|failure| error(bytes, &failure))?;
    if !decoder.is_animated() || decoder.dimensions() != (info.stored_size.width, info.stored_size.height) {
        return Err(ImageError::Damaged { format: Format::WebP, reason: "its headers contradict each other".to_owned() });
    }
    let channels = if decoder.has_alpha() { Channels::Rgba } else { Channels::Rgb };
    let canvas = buffer(Format::WebP, info.stored_size.pixels() * channels.count() as u64, 0)?;
    Ok(Box::new(WebPPlayer { bytes, decoder, size: info.stored_size, channels, canvas }))
}

struct WebPPlayer<'a> {
    bytes: &'a [u8],
    decoder: WebPDecoder<Cursor<&'a [u8]>>,
    size: Size,
    channels: Channels,
    canvas: Vec<u8>,
}

impl Player for WebPPlayer<'_> {
    fn next(&mut self) -> Result<Option<Duration>, ImageError> {
        match self.decoder.read_frame(&mut self.canvas) {
            Ok(milliseconds) => Ok(Some(Duration::from_millis(milliseconds.into()))),
            Err(DecodingError::NoMoreFrames) => Ok(None),
            Err(failure) => Err(error(self.bytes, &failure)),
        }
    }

    fn pixels(&self) -> Result<Pixels, ImageError> {
        Pixels::new(self.size, self.channels, self.canvas.clone())
    }
}

/// What is wrong; in a file that is too short, that.
fn error(bytes: &[u8], error: &DecodingError) -> ImageError {
    if matches!(error, DecodingError::IoError(failure) if failure.kind() == std::io::ErrorKind::UnexpectedEof)
        || !header::is_complete(bytes)
    {
        return ImageError::Truncated { format: Format::WebP, reason: "the data ends early".to_owned() };
    }
    ImageError::Damaged { format: Format::WebP, reason: error.to_string() }
}
