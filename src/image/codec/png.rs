//! PNG by `png`: every bit depth, palettes, transparent colours, interlace; row by row unless interlaced.

pub(super) mod header;

use std::{
    io::{Cursor, ErrorKind},
    time::Duration,
};

use png::{BitDepth, BlendOp, ColorType, Decoder, DecodingError, DisposeOp, Limits, Reader, Transformations};

use super::{
    Channels, Colours, Decode, Format, ImageError, Info, Picture, Pixels, Player, Rows, Size, Truncated, Warning, buffer,
    canvas::{Area, Canvas, Disposal, blend},
    contained, icc, missing,
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
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: (1 << 20) + 4 * row });
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::EXPAND);
    let reader = decoder.read_info().map_err(error)?;
    let (colour, depth) = reader.output_color_type();
    let channels = match colour {
        ColorType::Grayscale => Channels::Luma,
        ColorType::GrayscaleAlpha => Channels::LumaAlpha,
        ColorType::Rgb | ColorType::Indexed => Channels::Rgb,
        ColorType::Rgba => Channels::Rgba,
    };
    let size = info.stored_size;
    let frame = reader.info().frame_control.map_or(size, |frame| Size::new(frame.width, frame.height));
    if frame != size || reader.info().size() != (size.width, size.height) {
        let reason = format!("found a first frame of {frame} pixels, expected {size}");
        return Err(ImageError::Damaged { format: Format::Png, reason });
    }
    let keep = options.truncated == Truncated::Keep;
    let interlaced = reader.info().interlaced;
    let rows = PngRows { reader, size, channels, wide: depth == BitDepth::Sixteen, row: Vec::new(), next: 0, keep, truncated: false };
    if interlaced { rows.deinterlace() } else { Ok(Box::new(rows)) }
}

/// Opens the animation, without the picture for programs that know none, where that is no part of it.
pub(super) fn play<'a>(bytes: &'a [u8], info: &Info) -> Result<Box<dyn Player + 'a>, ImageError> {
    let row = info.stored_size.width as usize * 8;
    let mut decoder =
        Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: (1 << 20) + row.saturating_mul(info.frames as usize + 4) });
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::EXPAND | Transformations::ALPHA);
    let reader = decoder.read_info().map_err(error)?;
    let frame = buffer(Format::Png, reader.output_buffer_size().unwrap_or(0) as u64, 0)?;
    let canvas = Canvas::new(info.stored_size, buffer(Format::Png, info.stored_size.pixels() * 4, 0)?);
    let skip = reader.info().frame_control.is_none();
    Ok(Box::new(PngPlayer { reader, frame, canvas, skip, left: info.frames }))
}

struct PngPlayer<'a> {
    reader: Reader<Cursor<&'a [u8]>>,
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
    let narrowed: Vec<u8>;
    let row = if depth == BitDepth::Sixteen {
        narrowed = row.chunks_exact(2).map(narrow).collect();
        narrowed.as_slice()
    } else {
        row
    };
    match colour {
        ColorType::GrayscaleAlpha => row.chunks_exact(2).flat_map(|pixel| [pixel[0], pixel[0], pixel[0], pixel[1]]).collect(),
        _ => row.to_vec(),
    }
}

struct PngRows<'a> {
    reader: Reader<Cursor<&'a [u8]>>,
    size: Size,
    channels: Channels,
    /// Whether samples have 16 bits.
    wide: bool,
    /// A row of 16-bit samples.
    row: Vec<u8>,
    next: u32,
    keep: bool,
    truncated: bool,
}

impl<'a> PngRows<'a> {
    /// Reads all of an interlaced picture, whose rows come in seven turns.
    fn deinterlace(mut self) -> Result<Box<dyn Picture + 'a>, ImageError> {
        let samples = self.size.pixels() * self.channels.count() as u64;
        let mut data = buffer(Format::Png, samples * if self.wide { 2 } else { 1 }, missing(self.channels))?;
        let mut warnings = Vec::new();
        match self.reader.next_frame(&mut data) {
            Ok(_) => {}
            Err(failure) if self.keep && is_truncated(&failure) => warnings.push(Warning::Truncated),
            Err(failure) => return Err(error(failure)),
        }
        if self.wide {
            data = data.chunks_exact(2).map(narrow).collect();
        }
        Ok(Whole::boxed(Pixels::new(self.size, self.channels, data)?, warnings))
    }

    fn read_row(&mut self, row: &mut [u8]) -> Result<(), DecodingError> {
        let reader = &mut self.reader;
        if self.wide {
            self.row.resize(row.len() * 2, 0);
            reader.read_row(&mut self.row)?;
            for (sample, pair) in row.iter_mut().zip(self.row.chunks_exact(2)) {
                *sample = narrow(pair);
            }
        } else {
            reader.read_row(row)?;
        }
        Ok(())
    }
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
        if count > 0 && self.next == self.size.height && !self.truncated {
            // Reads what follows the last row: the checksum.
            match self.reader.read_row(&mut []) {
                Ok(_) => {}
                Err(failure) if self.keep && is_truncated(&failure) => self.truncated = true,
                Err(failure) => return Err(error(failure)),
            }
        }
        Ok(count)
    }
}

impl Picture for PngRows<'_> {
    fn warnings(&self) -> Vec<Warning> {
        if self.truncated { vec![Warning::Truncated] } else { Vec::new() }
    }
}

/// The 8-bit sample nearest to a 16-bit one.
fn narrow(pair: &[u8]) -> u8 {
    let wide = pair.iter().fold(0u32, |value, &byte| value << 8 | u32::from(byte));
    u8::try_from((wide * 255 + 32_767) / 65_535).unwrap_or(u8::MAX)
}

fn is_truncated(error: &DecodingError) -> bool {
    matches!(error, DecodingError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof)
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err takes")]
fn error(error: DecodingError) -> ImageError {
    let format = Format::Png;
    if is_truncated(&error) {
        return ImageError::Truncated { format, reason: "the data ends early".to_owned() };
    }
    ImageError::Damaged { format, reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_bits_become_eight_by_rounding() {
        for (wide, expected) in
            [(0u16, 0), (128, 0), (129, 1), (257, 1), (32_767, 127), (32_768, 128), (65_406, 254), (65_407, 255), (65_535, 255)]
        {
            assert_eq!(narrow(&wide.to_be_bytes()), expected, "{wide}");
        }
    }
}
