//! JPEG by `zune-jpeg`: baseline and progressive, grey, colour, CMYK and YCCK.

pub(super) mod header;

use zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions};
use zune_jpeg::{JpegDecoder, errors::DecodeErrors};

use super::{Channels, Decode, Format, ImageError, Info, Picture, Pixels, Truncated, Warning, buffer, whole::Whole};

const END_OF_IMAGE: &[u8] = b"\xff\xd9";

/// Decodes the main picture.
pub(super) fn open<'a>(bytes: &'a [u8], info: &Info, options: &Decode) -> Result<Box<dyn Picture + 'a>, ImageError> {
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
    if decoded.1 == ColorSpace::CMYK || decoded.1 == ColorSpace::YCCK {
        warnings.push(Warning::CmykWithoutProfile);
    }
    Ok(Whole::boxed(decoded.0, warnings))
}

fn decode(bytes: &[u8], info: &Info, strict: bool) -> Result<(Pixels, ColorSpace), ImageError> {
    let size = info.stored_size;
    let lenient = DecoderOptions::new_fast().set_max_width(size.width as usize).set_max_height(size.height as usize).set_strict_mode(false);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), lenient);
    // What is odd between the headers harms no pixel, so these are always read leniently.
    decoder.decode_headers().map_err(damaged)?;
    let stored = decoder.input_colorspace().unwrap_or(ColorSpace::Unknown);
    let (channels, colours) = match stored {
        ColorSpace::Luma => (Channels::Luma, ColorSpace::Luma),
        _ => (Channels::Rgb, ColorSpace::RGB),
    };
    if decoder.dimensions() != Some((size.width as usize, size.height as usize)) {
        return Err(ImageError::Damaged { format: Format::Jpeg, reason: "it has frame headers that contradict each other".to_owned() });
    }
    decoder.set_options(lenient.jpeg_set_out_colorspace(colours).set_strict_mode(strict));
    let mut data = buffer(Format::Jpeg, size.pixels() * channels.count() as u64, 0)?;
    decoder.decode_into(&mut data).map_err(damaged)?;
    Ok((Pixels::new(size, channels, data)?, stored))
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
