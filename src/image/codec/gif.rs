//! GIF by `gif`: frames on their canvas, which is transparent where they do not reach.

pub(super) mod header;

use std::time::Duration;

use gif::{ColorOutput, DecodeOptions, Decoder, DecodingError, DisposalMethod, MemoryLimit};

use super::{
    Channels, Deadline, Decode, Format, ImageError, Info, Limits, Picture, Pixels, Player, Rows, Size, Truncated, Warning, buffer,
    canvas::{Area, Canvas, Disposal},
    missing,
    whole::Whole,
};

/// Decodes the first frame: on its canvas, if that shows, else as its rows come, if they come from top to bottom.
pub(super) fn open<'a>(bytes: &'a [u8], info: &Info, options: &Decode, limits: &Limits) -> Result<Box<dyn Picture + 'a>, ImageError> {
    if !info.has_alpha {
        return FirstFrame::open(bytes, info, options, limits);
    }
    let mut player = GifPlayer::new(bytes, info, options, limits)?;
    let warnings = match player.next_frame()? {
        Some((_, true)) => Vec::new(),
        Some((_, false)) if options.truncated == Truncated::Keep => vec![Warning::Truncated],
        Some((_, false)) => return Err(truncated()),
        None => return Err(damaged("it has no frame")),
    };
    Ok(Whole::boxed(player.canvas.into_pixels()?, warnings))
}

/// A frame that covers the canvas, row by row.
struct FirstFrame<'a> {
    decoder: Decoder<&'a [u8]>,
    size: Size,
    palette: Box<[[u8; 3]; 256]>,
    indices: Vec<u8>,
    /// Rows that are still to come.
    left: u32,
    truncated: Truncated,
    warnings: Vec<Warning>,
}

impl<'a> FirstFrame<'a> {
    fn open(bytes: &'a [u8], info: &Info, options: &Decode, limits: &Limits) -> Result<Box<dyn Picture + 'a>, ImageError> {
        let mut decoder = decoder(bytes)?;
        let Some(frame) = decoder.next_frame_info().map_err(|failure| error(&failure))? else { return Err(damaged("it has no frame")) };
        limits.check_size(Size::new(frame.width.into(), frame.height.into()))?;
        let (height, is_interlaced, indices) = (frame.height, frame.interlaced, vec![0; frame.width.into()]);
        let palette = palette(&decoder)?;
        let (size, truncated) = (info.stored_size, options.truncated);
        let mut new = Self { decoder, size, palette, indices, left: size.height, truncated, warnings: Vec::new() };
        if !is_interlaced {
            return Ok(Box::new(new));
        }
        let row_bytes = size.width as usize * 3;
        let mut data = buffer(Format::Gif, size.pixels() * 3, 0)?;
        for y in row_order(height.into(), true) {
            options.deadline.check(Format::Gif)?;
            if let Some(row) = data.get_mut(y as usize * row_bytes..).and_then(|rest| rest.get_mut(..row_bytes)) {
                new.read_row(row)?;
            }
        }
        Ok(Whole::boxed(Pixels::new(size, Channels::Rgb, data)?, new.warnings))
    }

    /// Reads the next row that is stored.
    fn read_row(&mut self, row: &mut [u8]) -> Result<(), ImageError> {
        let is_cut_off = !self.warnings.is_empty();
        if is_cut_off || !fill(&mut self.decoder, &mut self.indices)? {
            if self.truncated == Truncated::Refuse {
                return Err(truncated());
            }
            self.warnings = vec![Warning::Truncated];
            row.fill(missing(Channels::Rgb));
            return Ok(());
        }
        for (pixel, &index) in row.as_chunks_mut().0.iter_mut().zip(&self.indices) {
            *pixel = self.palette[usize::from(index)];
        }
        Ok(())
    }
}

impl Rows for FirstFrame<'_> {
    fn size(&self) -> Size {
        self.size
    }

    fn channels(&self) -> Channels {
        Channels::Rgb
    }

    fn read(&mut self, band: &mut [u8]) -> Result<u32, ImageError> {
        let mut count = 0;
        for row in band.chunks_exact_mut(self.size.width as usize * 3).take(self.left as usize) {
            self.read_row(row)?;
            count += 1;
        }
        self.left -= count;
        Ok(count)
    }
}

impl Picture for FirstFrame<'_> {
    fn warnings(&self) -> Vec<Warning> {
        self.warnings.clone()
    }
}

/// Opens the animation.
pub(super) fn play<'a>(bytes: &'a [u8], info: &Info, options: &Decode, limits: &Limits) -> Result<Box<dyn Player + 'a>, ImageError> {
    Ok(Box::new(GifPlayer::new(bytes, info, options, limits)?))
}

struct GifPlayer<'a> {
    decoder: Decoder<&'a [u8]>,
    canvas: Canvas,
    limits: Limits,
    deadline: Deadline,
    indices: Vec<u8>,
}

impl<'a> GifPlayer<'a> {
    fn new(bytes: &'a [u8], info: &Info, options: &Decode, limits: &Limits) -> Result<Self, ImageError> {
        let decoder = decoder(bytes)?;
        let canvas = Canvas::new(info.stored_size, buffer(Format::Gif, info.stored_size.pixels() * 4, 0)?);
        Ok(Self { decoder, canvas, limits: *limits, deadline: options.deadline, indices: Vec::new() })
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
        let palette = palette(decoder)?;
        self.indices.resize(area.width, 0);
        let mut complete = true;
        for y in row_order(frame.height.into(), frame.interlaced) {
            self.deadline.check(Format::Gif)?;
            complete = fill(decoder, &mut self.indices)?;
            if !complete {
                break;
            }
            for (pixel, &index) in self.canvas.row(area, y as usize).chunks_exact_mut(4).zip(&self.indices) {
                if frame.transparent != Some(index) {
                    let [r, g, b] = palette[usize::from(index)];
                    pixel.copy_from_slice(&[r, g, b, 255]);
                }
            }
        }
        Ok(Some((Duration::from_millis(u64::from(frame.delay) * 10), complete)))
    }
}

fn decoder(bytes: &[u8]) -> Result<Decoder<&[u8]>, ImageError> {
    let mut setup = DecodeOptions::new();
    setup.set_color_output(ColorOutput::Indexed);
    setup.set_memory_limit(MemoryLimit::Unlimited); // rows are read into our own buffer
    setup.allow_unknown_blocks(true);
    setup.read_info(bytes).map_err(|failure| error(&failure))
}

/// The colours of a frame. An index beyond them is black, as in browsers.
fn palette(decoder: &Decoder<&[u8]>) -> Result<Box<[[u8; 3]; 256]>, ImageError> {
    let mut palette = Box::new([[0; 3]; 256]);
    let colours = decoder.palette().map_err(|failure| error(&failure))?.as_chunks().0;
    palette.iter_mut().zip(colours).for_each(|(entry, colour)| *entry = *colour);
    Ok(palette)
}

/// Reads the indices of the next row; false if they are not all there.
fn fill(decoder: &mut Decoder<&[u8]>, indices: &mut [u8]) -> Result<bool, ImageError> {
    match decoder.fill_buffer(indices) {
        Ok(is_filled) => Ok(is_filled),
        Err(DecodingError::UnexpectedEof) => Ok(false),
        Err(failure) => Err(error(&failure)),
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
fn row_order(height: u32, interlaced: bool) -> impl Iterator<Item = u32> {
    let turns: &[(u32, usize)] = if interlaced { &[(0, 8), (4, 8), (2, 4), (1, 2)] } else { &[(0, 1)] };
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
    use super::super::super::{Frames, Source};
    use super::*;

    /// Two frames, as large as the screen or larger: an animation.
    fn file(screen: (u16, u16), (width, height): (u16, u16), interlaced: bool) -> Vec<u8> {
        let palette: Vec<u8> = (0..48).map(|sample| sample * 5).collect();
        let indices: Vec<u8> = (0..u32::from(width) * u32::from(height)).map(|at| (at * at / 3 % 16) as u8).collect();
        let mut bytes = Vec::new();
        let mut encoder = gif::Encoder::new(&mut bytes, screen.0, screen.1, &palette).unwrap();
        let frame = gif::Frame { width, height, interlaced, buffer: indices.into(), ..gif::Frame::default() };
        (0..2).for_each(|_| encoder.write_frame(&frame).unwrap());
        drop(encoder);
        bytes
    }

    #[test]
    fn an_opaque_frame_is_the_one_on_the_canvas() {
        for (screen, frame) in [((5, 7), (5, 7)), ((5, 7), (9, 20)), ((1, 1), (3, 2)), ((0, 0), (6, 11))] {
            for interlaced in [false, true] {
                let file = file(screen, frame, interlaced);
                let source = Source::new(&file[..], &Limits::default()).unwrap();
                let pixels = source.to_pixels(Truncated::Refuse).unwrap().pixels;
                assert_eq!(pixels.channels(), Channels::Rgb);
                let canvas = source.frames(Frames::All, Truncated::Refuse).unwrap().frames.remove(0).pixels;
                assert_eq!(pixels.as_bytes(), super::super::three_of_four(canvas.into_bytes()), "{frame:?} on {screen:?}");
            }
        }
    }

    #[test]
    fn rows_that_are_cut_off_are_grey_or_refused() {
        for interlaced in [false, true] {
            let whole = file((64, 64), (64, 64), interlaced);
            let source = Source::new(&whole[..whole.len() / 4], &Limits::default()).unwrap();
            assert_eq!(source.to_pixels(Truncated::Refuse).unwrap_err().code(), truncated().code());
            let kept = source.to_pixels(Truncated::Keep).unwrap();
            assert_eq!(kept.warnings, [Warning::Truncated]);
            assert_eq!(kept.pixels.as_bytes().last(), Some(&missing(Channels::Rgb)));
            assert_eq!(kept.pixels.as_bytes()[..3], [0, 5, 10]);
        }
    }

    #[test]
    fn every_row_of_an_interlaced_frame_comes_once() {
        for height in 0..20 {
            let mut rows: Vec<u32> = row_order(height, true).collect();
            rows.sort_unstable();
            assert_eq!(rows, (0..height).collect::<Vec<_>>());
        }
        assert_eq!(row_order(9, true).collect::<Vec<_>>(), [0, 8, 4, 2, 6, 1, 3, 5, 7]);
    }
}
