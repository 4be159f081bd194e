//! A colour profile in a WebP file, which libwebp's encoder leaves to others.

use super::super::{Format, ImageError, Size};

/// What a chunk's header takes: name and length.
const HEADER: usize = 8;
/// The file's own header: `RIFF`, a length, `WEBP`.
const FILE_HEADER: usize = 12;
/// Flags of the extended header.
const HAS_PROFILE: u8 = 0x20;

/// The file with a colour profile in it.
///
/// # Source
/// WebP container specification, section "Extended File Format".
pub(super) fn with_profile(file: &[u8], size: Size, profile: &[u8]) -> Result<Vec<u8>, ImageError> {
    let chunks = file.get(FILE_HEADER..).ok_or_else(|| failed("its encoder wrote no file"))?;
    let (extended, image) = match chunks.strip_prefix(b"VP8X") {
        // Length (10), flags, three bytes reserved, width and height less one in three bytes each.
        Some(rest) => {
            let (length_and_fields, image) = rest.split_at_checked(14).ok_or_else(|| failed("its extended header is cut short"))?;
            let mut fields: Vec<u8> = length_and_fields.iter().skip(4).copied().collect();
            if let Some(flags) = fields.first_mut() {
                *flags |= HAS_PROFILE;
            }
            (fields, image)
        }
        None => {
            let mut fields = vec![HAS_PROFILE, 0, 0, 0];
            for side in [size.width, size.height] {
                fields.extend(side.saturating_sub(1).to_le_bytes().into_iter().take(3));
            }
            (fields, chunks)
        }
    };
    let mut body = b"WEBP".to_vec();
    chunk(&mut body, b"VP8X", &extended)?;
    chunk(&mut body, b"ICCP", profile)?;
    body.extend(image);
    let mut output = Vec::with_capacity(body.len() + HEADER);
    chunk(&mut output, b"RIFF", &body)?;
    Ok(output)
}

fn chunk(output: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) -> Result<(), ImageError> {
    let length = u32::try_from(data.len()).map_err(|_| failed("its colour profile is too long"))?;
    output.extend(name);
    output.extend(length.to_le_bytes());
    output.extend(data);
    if data.len() % 2 == 1 {
        output.push(0);
    }
    Ok(())
}

fn failed(reason: &str) -> ImageError {
    ImageError::Encode { format: Format::WebP, reason: reason.to_owned() }
}
