//! GIF by `gif`: frames on their canvas, which is transparent where they do not reach.

pub(super) mod header;

use std::time::Duration;

use gif::{ColorOutput, DecodeOptions, Decoder, DecodingError, DisposalMethod, MemoryLimit};

use super::{
    Decode, Format, ImageError, Info, Limits, Picture, Pixels, Player, Size, Truncated, Warning, buffer,
    canvas::{Area, Canvas, Disposal},
    whole::Whole,
};

/// Decodes the first frame and puts it on its canvas.
pub(super) fn open<'a>(bytes: &'a [u8], info: &Info, options: &Decode, limits: &Limits) -> Result<Box<dyn Picture + 'a>, ImageError> {
    let mut player = GifPlayer::new(bytes, info, limits)?;
    let warnings = match player.next_frame()? {
        Some((_, true)) => Vec::new(),
        Some((_, false)) if options.truncated == Truncated::Keep => vec![Warning::Truncated],
        Some((_, false)) => return Err(truncated()),
        None => return Err(damaged("it has no frame")),
    };
    let pixels = player.canvas.into_pixels()?;
    Ok(Whole::boxed(if info.has_alpha { pixels } else { super::without_alpha(pixels)? }, warnings))
}

/// Opens the animation.
pub(super) fn play<'a>(bytes: &'a [u8], info: &Info, limits: &Limits) -> Result<Box<dyn Player + 'a>, ImageError> {
    Ok(Box::new(GifPlayer::new(bytes, info, limits)?))
}

struct GifPlayer<'a> {
    decoder: Decoder<&'a [u8]>,
    canvas: Canvas,
    limits: Limits,
    indices: Vec<u8>,
}

impl<'a> GifPlayer<'a> {
    fn new(bytes: &'a [u8], info: &Info, limits: &Limits) -> Result<Self, ImageError> {
        let mut setup = DecodeOptions::new();
        setup.set_color_output(ColorOutput::Indexed);
        setup.set_memory_limit(MemoryLimit::Unlimited); // rows are read into our own buffer
        setup.allow_unknown_blocks(true);
        let decoder = setup.read_info(bytes).map_err(|failure| error(&failure))?;
        let canvas = Canvas::new(info.stored_size, buffer(Format::Gif, info.stored_size.pixels() * 4, 0)?);
        Ok(Self { decoder, canvas, limits: *limits, indices: Vec::new() })
    }

    /// Puts the next frame on the canvas; returns its duration and whether all of it was there.
    fn next_frame(&mut self) -> Result<Option<(Duration, bool)>, ImageError> {
        let decoder = &mut self.decoder;
        let Some(frame) = decoder.next_frame_info().map_err(|failure| error(&failure))?.cloned() else { return Ok(None) };
        self.limits.check_size(Size::new(frame.width.into(), frame.height.into()))?;
        let area = Area { left: frame.left.into(), top: frame.top.into(), width: frame.width.into(), height: frame.height.into() };
        self.canvas.begin(
            area,
            match frame.dispose {
                DisposalMethod::Any | DisposalMethod::Keep => Disposal::Keep,
                DisposalMethod::Background => Disposal::Clear,
                DisposalMethod::Previous => Disposal::Restore,
            },
        );
        let palette: Vec<[u8; 3]> =
            decoder.palette().map_err(|failure| error(&failure))?.chunks_exact(3).map(|c| [c[0], c[1], c[2]]).collect();
        self.indices.resize(area.width, 0);
        let mut complete = true;
        for y in row_order(frame.height, frame.interlaced) {
            complete = match decoder.fill_buffer(&mut self.indices) {
                Ok(filled) => filled,
                Err(DecodingError::UnexpectedEof) => false,
                Err(failure) => return Err(error(&failure)),
            };
            if !complete {
                break;
            }
            for (pixel, &index) in self.canvas.row(area, y.into()).chunks_exact_mut(4).zip(&self.indices) {
                if frame.transparent != Some(index) {
                    // An index beyond the palette is black, as in browsers.
                    let [r, g, b] = palette.get(usize::from(index)).copied().unwrap_or_default();
                    pixel.copy_from_slice(&[r, g, b, 255]);
                }
            }
        }
        Ok(Some((Duration::from_millis(u64::from(frame.delay) * 10), complete)))
    }
}

impl Player for GifPlayer<'_> {
    fn next(&mut self) -> Result<Option<Duration>, ImageError> {
        match self.next_frame()? {
            Some((_, false)) => Err(truncated()),
            shown => Ok(shown.map(|(duration, _)| duration)),
        }
    }

    fn pixels(&self) -> Result<Pixels, ImageError> {
        self.canvas.pixels()
    }
}

/// The rows of a frame in the order in which they are stored.
fn row_order(height: u16, interlaced: bool) -> impl Iterator<Item = u16> {
    let turns: &[(u16, usize)] = if interlaced { &[(0, 8), (4, 8), (2, 4), (1, 2)] } else { &[(0, 1)] };
    turns.iter().flat_map(move |&(start, step)| (start..height).step_by(step))
}

fn truncated() -> ImageError {
    ImageError::Truncated { format: Format::Gif, reason: "the data of a frame ends early".to_owned() }
}

fn damaged(reason: &str) -> ImageError {
    ImageError::Damaged { format: Format::Gif, reason: reason.to_owned() }
}

fn error(error: &DecodingError) -> ImageError {
    match error {
        DecodingError::UnexpectedEof => truncated(),
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
