//! Strips and tiles that are images in a format of their own: JPEG and WebP.

use super::super::{Channels, Decode, Format, ImageError, Size, buffer, jpeg, webp};
use super::{
    damaged,
    directory::Directory,
    unpack::{JPEG, OLD_JPEG, WEBP},
};

/// A decoded strip or tile, a byte a sample, in rows that may be longer than asked for.
pub(super) struct Part {
    pub(super) width: usize,
    height: usize,
    samples: usize,
    pub(super) data: Vec<u8>,
}

/// Whether strips and tiles with this compression are images.
pub(super) const fn is_image(compression: u16) -> bool {
    matches!(compression, OLD_JPEG | JPEG | WEBP)
}

/// Bytes that decoding takes for each byte of the result: the result, and for JPEG in several scans coefficients of two bytes.
pub(super) const fn memory(compression: u16) -> u64 {
    match compression {
        OLD_JPEG | JPEG => 3,
        WEBP => 5,
        _ => 1,
    }
}

/// Decodes a strip or tile.
pub(super) fn decode(directory: &Directory<'_>, data: &[u8], chunk: Size, samples: usize) -> Result<Part, ImageError> {
    let (width, height) = (chunk.width as usize, chunk.height as usize);
    let part = match directory.compression {
        WEBP => decode_webp(directory, data, samples)?,
        _ => {
            let made = directory
                .old_jpeg
                .as_ref()
                .filter(|_| !data.starts_with(b"\xff\xd8"))
                .map(|header| header.stream(data, chunk))
                .transpose()?;
            let data = made.as_deref().unwrap_or(data);
            check_size(directory, jpeg::header::info(data)?.stored_size)?;
            // Colors are left as they are stored: the tags say what they are, and may contradict the markers.
            let part = jpeg::decode_part(data, directory.jpeg_tables)?;
            Part { width: part.width, height: part.height, samples: part.samples, data: part.data }
        }
    };
    if part.width < width || part.height < height.min(directory.size.height as usize) || part.samples != samples {
        return Err(damaged(format!(
            "found a strip or tile of {}x{} pixels with {} samples, expected {width}x{height} with {samples}",
            part.width, part.height, part.samples
        )));
    }
    Ok(part)
}

/// Refuses images that are far larger than their strip or tile, before memory is taken for them.
fn check_size(directory: &Directory<'_>, found: Size) -> Result<(), ImageError> {
    /// Encoders may round sides up to whole blocks.
    const MARGIN: u32 = 64;
    let chunk = directory.chunk;
    if found.width > chunk.width.saturating_add(MARGIN) || found.height > chunk.height.saturating_add(MARGIN) {
        return Err(damaged(format!("found a strip or tile of {found} pixels, expected {chunk}")));
    }
    Ok(())
}

fn decode_webp(directory: &Directory<'_>, data: &[u8], samples: usize) -> Result<Part, ImageError> {
    let info = webp::header::info(data)?;
    let size = info.stored_size;
    check_size(directory, size)?;
    let mut rows = webp::open(data, &info, &Decode::default())?;
    let found = rows.channels().count();
    let mut data = buffer(Format::Tiff, size.pixels().saturating_mul(found as u64), 0)?;
    let mut done = 0;
    while let Some(band) = data.get_mut(done..).filter(|rest| !rest.is_empty()) {
        match rows.read(band)? as usize {
            0 => break,
            count => done += count * size.width as usize * found,
        }
    }
    // An image whose alpha is opaque everywhere may be stored without it.
    if rows.channels() == Channels::Rgb && samples == 4 {
        data = data.chunks_exact(3).flat_map(|pixel| [pixel, &[255]].concat()).collect();
    } else if rows.channels() == Channels::Rgba && samples == 3 {
        data = super::super::three_of_four(data);
    }
    Ok(Part { width: size.width as usize, height: size.height as usize, samples, data })
}
