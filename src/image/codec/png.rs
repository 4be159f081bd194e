//! PNG by `png`: every bit depth, palettes, transparent colours, interlace; row by row unless interlaced.

mod chunks;
pub(super) mod header;
mod metadata;
mod stream;

use std::{
    io::{Cursor, ErrorKind},
    time::Duration,
};

use png::{
    BitDepth, BlendOp, ColorType, DecodeOptions, Decoder, DecodingError, DisposeOp, InterlaceInfo, Limits, Reader, Transformations,
    expand_interlaced_row,
};

use self::stream::{Frames, Stream};

use super::{
    Channels, Colours, Decode, Format, ImageError, Info, Picture, Pixels, Player, Rows, Size, Truncated, Warning, WideTransform, buffer,
    canvas::{Area, Canvas, Disposal, blend},
    contained, icc, missing, narrowed,
    timed::{TimedReader, too_slow},
    whole::Whole,
};

/// The colours that the file names: code points before a profile, as the format rules.
pub(super) fn colours(bytes: &[u8]) -> Option<Colours<'_>> {
    if let Some([primaries, transfer, _, 1]) = header::before_pixels(bytes, b"cICP") {
        return Some(Colours::Cicp { primaries: *primaries, transfer: *transfer });
    }
    header::before_pixels(bytes, b"iCCP")?;
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: icc::MAX_BYTES });
    decoder.set_ignore_text_chunk(true);
    let reader = contained(|| decoder.read_info().ok()).ok().flatten()?;
    Some(Colours::Icc(reader.info().icc_profile.clone().unwrap_or_default()))
}

/// Opens the decoder; of an animation, the picture for programs that know no animations.
pub(super) fn open<'a>(bytes: &'a [u8], info: &Info, options: &Decode) -> Result<Box<dyn Picture + 'a>, ImageError> {
    // What the decoder may allocate for itself: a few rows, and no texts.
    let row = info.stored_size.width as usize * 8;
    let reader = reader(bytes, Frames::Still, options, (1 << 20) + 4 * row, Transformations::EXPAND)?;
    let (colour, depth) = reader.output_color_type();
    let channels = match colour {
        ColorType::Grayscale => Channels::Luma,
        ColorType::GrayscaleAlpha => Channels::LumaAlpha,
        ColorType::Rgb | ColorType::Indexed => Channels::Rgb,
        ColorType::Rgba => Channels::Rgba,
    };
    let wide = depth == BitDepth::Sixteen;
    let interlaced = reader.info().interlaced;
    let rows = PngRows {
        reader,
        size: info.stored_size,
        channels,
        wide: wide.then(Vec::new),
        colour: if wide { wide_colour(bytes, channels) } else { None },
        row: Vec::new(),
        next: 0,
        keep: options.truncated == Truncated::Keep,
        truncated: false,
        damaged: stream::is_damaged(bytes, Frames::Still),
    };
    if interlaced { rows.deinterlace() } else { Ok(Box::new(rows)) }
}

/// A decoder of the chunks that matter, which may allocate so many bytes for itself. Checksums are looked at on their own.
fn reader<'a>(
    bytes: &'a [u8],
    frames: Frames,
    options: &Decode,
    limit: usize,
    transformations: Transformations,
) -> Result<Reader<TimedReader<Stream<'a>>>, ImageError> {
    let stream = TimedReader::new(Stream::new(bytes, frames), options.deadline);
    let mut settings = DecodeOptions::default();
    settings.set_ignore_checksums(true);
    let mut decoder = Decoder::new_with_options(stream, settings);
    decoder.set_limits(Limits { bytes: limit });
    decoder.set_transformations(transformations);
    decoder.read_info().map_err(error)
}

/// What brings 16-bit samples into sRGB; none if they are, or if there is no telling.
fn wide_colour(bytes: &[u8], channels: Channels) -> Option<WideTransform> {
    contained(|| WideTransform::new(&colours(bytes)?, channels).ok().flatten()).ok().flatten()
}

/// Opens the animation, without the picture for programs that know none, where that is no part of it.
pub(super) fn play<'a>(bytes: &'a [u8], info: &Info, options: &Decode) -> Result<Box<dyn Player + 'a>, ImageError> {
    let row = info.stored_size.width as usize * 8;
    let limit = (1 << 20) + row.saturating_mul(info.frames as usize + 4);
    let reader = reader(bytes, Frames::All, options, limit, Transformations::EXPAND | Transformations::ALPHA)?;
    let frame = buffer(Format::Png, reader.output_buffer_size().unwrap_or(0) as u64, 0)?;
    let canvas = Canvas::new(info.stored_size, buffer(Format::Png, info.stored_size.pixels() * 4, 0)?);
    let skip = reader.info().frame_control.is_none();
    Ok(Box::new(PngPlayer { reader, frame, canvas, skip, left: info.frames }))
}

struct PngPlayer<'a> {
    reader: Reader<TimedReader<Stream<'a>>>,
    /// The samples of a frame, as decoded.
    frame: Vec<u8>,
    canvas: Canvas,
    /// Whether the picture for other programs comes next.
    skip: bool,
    left: u32,
}

impl Player for PngPlayer<'_> {
    fn next(&mut self) -> Result<Option<Duration>, ImageError> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        if std::mem::take(&mut self.skip) {
            self.reader.next_frame(&mut self.frame).map_err(error)?;
        }
        let found = self.reader.next_frame(&mut self.frame).map_err(error)?;
        let Some(control) = self.reader.info().frame_control else { return Ok(None) };
        let area = Area {
            left: control.x_offset as usize,
            top: control.y_offset as usize,
            width: found.width as usize,
            height: found.height as usize,
        };
        self.canvas.begin(
            area,
            match control.dispose_op {
                DisposeOp::None => Disposal::Keep,
                DisposeOp::Background => Disposal::Clear,
                DisposeOp::Previous => Disposal::Restore,
            },
        );
        for (y, row) in self.frame.chunks_exact(found.line_size.max(1)).take(area.height).enumerate() {
            let row = rgba(row, found.color_type, found.bit_depth);
            let onto = self.canvas.row(area, y);
            match (control.blend_op, row.get(..onto.len())) {
                (BlendOp::Over, _) => blend(&row, onto),
                (BlendOp::Source, Some(row)) => onto.copy_from_slice(row),
                (BlendOp::Source, None) => {}
            }
        }
        let denominator = if control.delay_den == 0 { 100 } else { control.delay_den };
        Ok(Some(Duration::from_secs(control.delay_num.into()) / denominator.into()))
    }

    fn pixels(&self) -> Result<Pixels, ImageError> {
        self.canvas.pixels()
    }
}

/// A row as packed 8-bit RGBA; with alpha it comes already.
fn rgba(row: &[u8], colour: ColorType, depth: BitDepth) -> Vec<u8> {
    let cut: Vec<u8>;
    let row = if depth == BitDepth::Sixteen {
        cut = row.as_chunks::<2>().0.iter().map(|&pair| narrowed(u16::from_be_bytes(pair))).collect();
        cut.as_slice()
    } else {
        row
    };
    match colour {
        ColorType::GrayscaleAlpha => row.chunks_exact(2).flat_map(|pixel| [pixel[0], pixel[0], pixel[0], pixel[1]]).collect(),
        _ => row.to_vec(),
    }
}

struct PngRows<'a> {
    reader: Reader<TimedReader<Stream<'a>>>,
    size: Size,
    channels: Channels,
    /// Room for a row of 16-bit samples, if samples have 16 bits.
    wide: Option<Vec<u16>>,
    /// What brings 16-bit samples into sRGB.
    colour: Option<WideTransform>,
    /// The bytes of a row of 16-bit samples.
    row: Vec<u8>,
    next: u32,
    keep: bool,
    truncated: bool,
    damaged: bool,
}

impl<'a> PngRows<'a> {
    /// Reads all of an interlaced picture, whose rows come in seven turns.
    fn deinterlace(mut self) -> Result<Box<dyn Picture + 'a>, ImageError> {
        let bytes = if self.wide.is_some() { 2 } else { 1 };
        let stride = self.size.width as usize * self.channels.count() * bytes;
        let bits = u8::try_from(self.channels.count() * bytes * 8).unwrap_or(64);
        let mut data = buffer(Format::Png, self.size.pixels() * (self.channels.count() * bytes) as u64, missing(self.channels))?;
        for _ in 0..interlaced_rows(self.size) {
            match self.reader.next_interlaced_row() {
                Ok(Some(row)) => {
                    let InterlaceInfo::Adam7(place) = row.interlace() else { break };
                    expand_interlaced_row(&mut data, stride, row.data(), place, bits);
                }
                Ok(None) => break,
                Err(failure) if self.keep && is_truncated(&failure) => {
                    self.truncated = true;
                    break;
                }
                Err(failure) => return Err(error(failure)),
            }
        }
        if self.wide.is_some() {
            let mut narrow = buffer(Format::Png, self.size.pixels() * self.channels.count() as u64, 0)?;
            let row = self.size.width as usize * self.channels.count();
            for (from, to) in data.chunks_exact(stride.max(1)).zip(narrow.chunks_exact_mut(row.max(1))) {
                self.narrow(from, to);
            }
            data = narrow;
        }
        let pixels = Whole::new(Pixels::new(self.size, self.channels, data)?, self.warnings());
        Ok(Box::new(if self.colour.is_some() { pixels.in_srgb() } else { pixels }))
    }

    fn read_row(&mut self, row: &mut [u8]) -> Result<(), DecodingError> {
        if self.wide.is_none() {
            return self.reader.read_row(row).map(|_| ());
        }
        let mut bytes = std::mem::take(&mut self.row);
        bytes.resize(row.len() * 2, 0);
        let read = self.reader.read_row(&mut bytes).map(|_| self.narrow(&bytes, row));
        self.row = bytes;
        read
    }

    /// Makes 8-bit samples of 16-bit ones, in sRGB where a profile says what they are.
    fn narrow(&mut self, bytes: &[u8], row: &mut [u8]) {
        let wide = bytes.as_chunks::<2>().0.iter().map(|&pair| u16::from_be_bytes(pair));
        match (&self.colour, &mut self.wide) {
            (Some(colour), Some(samples)) => {
                samples.clear();
                samples.extend(wide);
                colour.apply(samples, row);
            }
            _ => row.iter_mut().zip(wide).for_each(|(sample, wide)| *sample = narrowed(wide)),
        }
    }
}

/// Rows in the seven passes of an interlaced picture (PNG, section 8.2).
fn interlaced_rows(size: Size) -> u64 {
    const PASSES: [(u32, u32, u32, u32); 7] =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];
    let rows = |&(left, top, _, down): &(u32, u32, u32, u32)| {
        if size.width > left { u64::from(size.height.saturating_sub(top).div_ceil(down)) } else { 0 }
    };
    PASSES.iter().map(rows).sum()
}

impl Rows for PngRows<'_> {
    fn size(&self) -> Size {
        self.size
    }

    fn channels(&self) -> Channels {
        self.channels
    }

    fn read(&mut self, band: &mut [u8]) -> Result<u32, ImageError> {
        let stride = self.size.width as usize * self.channels.count();
        let mut count = 0;
        for row in band.chunks_exact_mut(stride) {
            if self.next == self.size.height {
                break;
            }
            if !self.truncated {
                match self.read_row(row) {
                    Ok(()) => {}
                    Err(failure) if self.keep && is_truncated(&failure) => self.truncated = true,
                    Err(failure) => return Err(error(failure)),
                }
            }
            if self.truncated {
                row.fill(missing(self.channels));
            }
            self.next += 1;
            count += 1;
        }
        Ok(count)
    }
}

impl Picture for PngRows<'_> {
    fn warnings(&self) -> Vec<Warning> {
        let is_tone_map = self.colour.as_ref().is_some_and(WideTransform::is_tone_map);
        [(self.truncated, Warning::Truncated), (self.damaged, Warning::Damaged), (is_tone_map, Warning::ToneMapped)]
            .into_iter()
            .filter_map(|(is_so, warning)| is_so.then_some(warning))
            .collect()
    }

    fn is_srgb(&self) -> bool {
        self.colour.is_some()
    }
}

fn is_truncated(error: &DecodingError) -> bool {
    matches!(error, DecodingError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof)
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err takes")]
fn error(error: DecodingError) -> ImageError {
    let format = Format::Png;
    if let DecodingError::IoError(failure) = &error
        && let Some(slow) = too_slow(failure, format)
    {
        return slow;
    }
    if is_truncated(&error) {
        return ImageError::Truncated { format, reason: "the data ends early".to_owned() };
    }
    ImageError::Damaged { format, reason: error.to_string() }
}
