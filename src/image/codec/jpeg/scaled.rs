//! JPEG at a half, a quarter or an eighth of its size, by `jpeg-decoder`: in safe Rust, from the same coefficients, without the pixels in between.

use jpeg_decoder::{Decoder, PixelFormat};

use super::super::{Channels, Info, Pixels, Scale, Size};

/// The smaller picture; none where this decoder finds anything to complain of, so that another may say what it is.
pub(super) fn decode(bytes: &[u8], info: &Info, scale: Scale) -> Option<Pixels> {
    let size = scale.size(info.stored_size);
    let (width, height) = (u16::try_from(size.width).ok()?, u16::try_from(size.height).ok()?);
    let mut decoder = Decoder::new(bytes);
    decoder.set_max_decoding_buffer_size(usize::try_from(size.pixels() * 3).ok()?);
    let (found_width, found_height) = decoder.scale(width, height).ok()?;
    if Size::new(found_width.into(), found_height.into()) != size {
        return None;
    }
    let channels = match decoder.info()?.pixel_format {
        PixelFormat::L8 => Channels::Luma,
        PixelFormat::RGB24 => Channels::Rgb,
        PixelFormat::L16 | PixelFormat::CMYK32 => return None,
    };
    Pixels::new(size, channels, decoder.decode().ok()?).ok()
}
