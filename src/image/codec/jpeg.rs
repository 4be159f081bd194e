//! JPEG by `zune-jpeg`: baseline and progressive, grey, colour, CMYK and YCCK; where there is a faster way, that is tried first.

mod baseline;
pub(super) mod header;
mod scaled;
#[cfg(feature = "fast-jpeg")]
mod turbo;

use std::num::NonZeroUsize;

use zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions};
use zune_jpeg::{JpegDecoder, errors::DecodeErrors};

use super::{
    Attempt, Channels, Decode, Format, ImageError, Info, Picture, Pixels, Planes, Scale, Truncated, Warning, buffer,
    cmyk::{cmyk_from_ycck, rgb_from_inks},
    whole::Whole,
};

const END_OF_IMAGE: &[u8] = b"\xff\xd9";

/// Decodes the main picture.
pub(super) fn open<'a>(bytes: &'a [u8], info: &Info, options: &Decode) -> Result<Box<dyn Picture + 'a>, ImageError> {
    header::check_scans(bytes)?;
    #[cfg(feature = "fast-jpeg")]
    if !super::safe_decoders_only()
        && let Some(picture) = turbo::open(bytes, info, options)
    {
        return Ok(picture);
    }
    if options.scale != Scale::Whole
        && let Some(pixels) = scaled::decode(bytes, info, options.scale)
    {
        return Ok(Whole::boxed(pixels, Vec::new()));
    }
    let mut warnings = Vec::new();
    // Strict decoding says whether anything is wrong, but hands nothing out; only then is it worth a second, lenient run.
    let decoded = match decode(bytes, info, true) {
        Ok(decoded) => decoded,
        Err(_) if header::is_complete(bytes) => {
            warnings.push(Warning::Damaged);
            decode(bytes, info, false)?
        }
        Err(ImageError::Damaged { reason, .. }) if options.truncated == Truncated::Refuse => {
            return Err(ImageError::Truncated { format: Format::Jpeg, reason });
        }
        Err(_) => {
            warnings.push(Warning::Truncated);
            // A progressive picture whose first scan is cut needs an end marker, one that is cut elsewhere is better off without.
            decode(bytes, info, false).or_else(|_| decode(&[bytes, END_OF_IMAGE].concat(), info, false))?
        }
    };
    match decoded {
        Decoded::Pixels(pixels) => Ok(Whole::boxed(pixels, warnings)),
        Decoded::Inks(inks) => {
            let pixels = rgb_from_inks(info.stored_size, &inks, header::colours(bytes).as_ref(), &mut warnings)?;
            Ok(Box::new(Whole::new(pixels, warnings).in_srgb()))
        }
    }
}

/// Hands the planes of a baseline image to `work`, shrunk to no less than `scale`. Damage is left to [`open`], which conceals it.
pub(super) fn with_planes<T>(
    bytes: &[u8],
    info: &Info,
    scale: Scale,
    threads: NonZeroUsize,
    work: impl FnOnce(&mut dyn Planes) -> Result<T, ImageError>,
) -> Attempt<(T, Vec<Warning>)> {
    match baseline::with_planes(bytes, info, scale, threads, work) {
        None | Some(Err(ImageError::Damaged { .. })) => Attempt::Unsupported,
        Some(result) => Attempt::of(result),
    }
}

/// What the decoder hands out.
enum Decoded {
    /// Grey or RGB.
    Pixels(Pixels),
    /// CMYK, four samples a pixel, 255 being full ink.
    Inks(Vec<u8>),
}

fn decode(bytes: &[u8], info: &Info, strict: bool) -> Result<Decoded, ImageError> {
    let size = info.stored_size;
    let lenient = DecoderOptions::new_fast().set_max_width(size.width as usize).set_max_height(size.height as usize).set_strict_mode(false);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), lenient);
    // What is odd between the headers harms no pixel, so these are always read leniently.
    decoder.decode_headers().map_err(damaged)?;
    if decoder.dimensions() != Some((size.width as usize, size.height as usize)) {
        return Err(ImageError::Damaged { format: Format::Jpeg, reason: "it has frame headers that contradict each other".to_owned() });
    }
    let stored = decoder.input_colorspace().unwrap_or(ColorSpace::Unknown);
    let (colours, count) = match stored {
        ColorSpace::Luma => (ColorSpace::Luma, 1),
        ColorSpace::CMYK | ColorSpace::YCCK => (stored, 4),
        _ => (ColorSpace::RGB, 3),
    };
    decoder.set_options(lenient.jpeg_set_out_colorspace(colours).set_strict_mode(strict));
    let mut data = buffer(Format::Jpeg, size.pixels() * count, 0)?;
    decoder.decode_into(&mut data).map_err(damaged)?;
    if colours == ColorSpace::YCCK {
        data.chunks_exact_mut(4).for_each(cmyk_from_ycck);
    }
    if matches!(colours, ColorSpace::CMYK | ColorSpace::YCCK) && header::is_adobe(bytes) {
        data.iter_mut().for_each(|ink| *ink = 255 - *ink);
    }
    Ok(match colours {
        ColorSpace::Luma => Decoded::Pixels(Pixels::new(size, Channels::Luma, data)?),
        ColorSpace::RGB => Decoded::Pixels(Pixels::new(size, Channels::Rgb, data)?),
        _ => Decoded::Inks(data),
    })
}

/// A JPEG picture inside of another file.
pub(super) struct Part {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) samples: usize,
    pub(super) data: Vec<u8>,
}

/// Decodes a JPEG picture inside of another file, whose tables may stand elsewhere; `raw` leaves the colours as they are stored.
pub(super) fn decode_part(bytes: &[u8], tables: Option<&[u8]>, raw: bool) -> Result<Part, ImageError> {
    // Both have a start marker, and the tables an end marker of their own.
    let joined = tables.and_then(|tables| Some([tables.get(..tables.len().checked_sub(2)?)?, bytes.get(2..)?].concat()));
    let bytes = joined.as_deref().unwrap_or(bytes);
    let size = header::info(bytes)?.stored_size;
    let options = DecoderOptions::new_fast().set_max_width(size.width as usize).set_max_height(size.height as usize).set_strict_mode(true);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(damaged)?;
    let stored = decoder.input_colorspace().unwrap_or(ColorSpace::Unknown);
    let colours = if raw || stored == ColorSpace::Luma { stored } else { ColorSpace::RGB };
    decoder.set_options(options.jpeg_set_out_colorspace(colours));
    let data = decoder.decode().map_err(damaged)?;
    Ok(Part { width: size.width as usize, height: size.height as usize, samples: colours.num_components(), data })
}

fn damaged(error: DecodeErrors) -> ImageError {
    let reason = match error {
        DecodeErrors::FormatStatic(reason) => reason.to_owned(),
        DecodeErrors::Format(reason) => reason,
        DecodeErrors::ExhaustedData => "the data ends early".to_owned(),
        other => format!("{other:?}"),
    };
    ImageError::Damaged { format: Format::Jpeg, reason }
}
