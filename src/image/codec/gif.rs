//! GIF by `gif`: the first frame on its canvas, which is transparent where the frame does not reach.

pub(super) mod header;

use gif::{ColorOutput, DecodeOptions, DecodingError, MemoryLimit};

use super::{Channels, Decode, Format, ImageError, Info, Limits, Picture, Pixels, Size, Truncated, Warning, buffer, whole::Whole};

/// Decodes the first frame and puts it on its canvas.
pub(super) fn open<'a>(bytes: &'a [u8], info: &Info, options: &Decode, limits: &Limits) -> Result<Box<dyn Picture + 'a>, ImageError> {
    let mut setup = DecodeOptions::new();
    setup.set_color_output(ColorOutput::Indexed);
    setup.set_memory_limit(MemoryLimit::Unlimited); // this file's own buffers are checked before they are made
    setup.allow_unknown_blocks(true);
    let mut decoder = setup.read_info(bytes).map_err(|failure| error(&failure))?;
    let frame = decoder.next_frame_info().map_err(|failure| error(&failure))?;
    let frame = frame.ok_or_else(|| damaged("it has no frame"))?.clone();
    limits.check_size(Size::new(frame.width.into(), frame.height.into()))?;

    let size = info.stored_size;
    let channels = if info.has_alpha { Channels::Rgba } else { Channels::Rgb };
    let mut canvas = buffer(Format::Gif, size.pixels() * channels.count() as u64, 0)?;
    let palette: Vec<[u8; 3]> = decoder.palette().map_err(|failure| error(&failure))?.chunks_exact(3).map(|c| [c[0], c[1], c[2]]).collect();
    let mut indices = vec![0; usize::from(frame.width)];
    let mut complete = true;
    for y in row_order(frame.height, frame.interlaced) {
        complete = match decoder.fill_buffer(&mut indices) {
            Ok(filled) => filled,
            Err(DecodingError::UnexpectedEof) => false,
            Err(failure) => return Err(error(&failure)),
        };
        if !complete {
            break;
        }
        let target = row_of(&mut canvas, size, channels, usize::from(frame.top) + usize::from(y));
        let target = target.get_mut(usize::from(frame.left) * channels.count()..).unwrap_or_default();
        for (pixel, &index) in target.chunks_exact_mut(channels.count()).zip(&indices) {
            if frame.transparent == Some(index) {
                continue;
            }
            // An index beyond the palette is black, as in browsers.
            let [r, g, b] = palette.get(usize::from(index)).copied().unwrap_or_default();
            match pixel {
                [pr, pg, pb, alpha] => (*pr, *pg, *pb, *alpha) = (r, g, b, 255),
                [pr, pg, pb] => (*pr, *pg, *pb) = (r, g, b),
                _ => {}
            }
        }
    }
    let warnings = match (complete, options.truncated) {
        (true, _) => Vec::new(),
        (false, Truncated::Keep) => vec![Warning::Truncated],
        (false, Truncated::Refuse) => {
            return Err(ImageError::Truncated { format: Format::Gif, reason: "the first frame ends early".to_owned() });
        }
    };
    Ok(Whole::boxed(Pixels::new(size, channels, canvas)?, warnings))
}

/// Row `y` of a picture; empty outside of it.
fn row_of(data: &mut [u8], size: Size, channels: Channels, y: usize) -> &mut [u8] {
    let stride = size.width as usize * channels.count();
    data.get_mut(y * stride..(y + 1) * stride).unwrap_or_default()
}

/// The rows of a frame in the order in which they are stored.
fn row_order(height: u16, interlaced: bool) -> impl Iterator<Item = u16> {
    let turns: &[(u16, usize)] = if interlaced { &[(0, 8), (4, 8), (2, 4), (1, 2)] } else { &[(0, 1)] };
    turns.iter().flat_map(move |&(start, step)| (start..height).step_by(step))
}

fn damaged(reason: &str) -> ImageError {
    ImageError::Damaged { format: Format::Gif, reason: reason.to_owned() }
}

fn error(error: &DecodingError) -> ImageError {
    match error {
        DecodingError::UnexpectedEof => ImageError::Truncated { format: Format::Gif, reason: "the data ends early".to_owned() },
        other => damaged(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_an_interlaced_frame_comes_once() {
        for height in 0..20 {
            let mut rows: Vec<u16> = row_order(height, true).collect();
            rows.sort_unstable();
            assert_eq!(rows, (0..height).collect::<Vec<_>>());
        }
        assert_eq!(row_order(9, true).collect::<Vec<_>>(), [0, 8, 4, 2, 6, 1, 3, 5, 7]);
    }
}
