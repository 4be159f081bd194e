//! TIFF and BigTIFF: the first image of a file, in strips or tiles, with 1 to 64 bits a sample, in gray, RGB, palettes, CMYK, YCbCr or L\*a\*b\*, with alpha.
//!
//! `ifd` reads tags, `select` finds the IFD of the image and refuses camera raw, `directory` and `layout` say what its tags mean; `unpack` and `part` undo the
//! compressions, `samples`, `range` and `band` make rows of samples of that, and `convert` makes
//! colors of these.

mod band;
mod convert;
mod directory;
mod ifd;
mod lab;
mod layout;
mod old_jpeg;
mod part;
mod range;
mod samples;
mod select;
mod unpack;

use self::{band::Band, convert::Converter, directory::Directory, layout::Colors};
use super::{
    Channels, CmykTransform, Colours, Decode, Format, ImageError, Info, Orientation, Picture, Rows, Size, Truncated, Warning, contained,
    missing,
};

/// What the tags of the image say.
pub(super) fn info(bytes: &[u8]) -> Result<Info, ImageError> {
    let directory = Directory::parse(bytes)?;
    Ok(Info {
        orientation: Orientation::from_exif(directory.orientation).unwrap_or(Orientation::Upright),
        bit_depth: u8::try_from(directory.bits).unwrap_or(u8::MAX),
        has_alpha: directory.layout.channels.has_alpha(),
        ..Info::new(Format::Tiff, directory.size)
    })
}

/// The color profile, if there is one.
pub(super) fn colours(bytes: &[u8]) -> Option<Colours<'_>> {
    Some(Colours::Icc(Directory::parse(bytes).ok()?.profile?.into()))
}

/// Bytes for the rows of a strip or a row of tiles, which are held at once, and for a part of them as it is unpacked.
pub(super) fn memory(bytes: &[u8]) -> u64 {
    let Ok(directory) = Directory::parse(bytes) else { return 0 };
    let Directory { size, chunk, compression, .. } = directory;
    let samples = directory.samples as u64;
    let rows = u64::from(size.height.min(chunk.height));
    let held = (u64::from(size.width) * rows).saturating_mul(samples * directory.band_bytes() as u64);
    let stored = chunk.pixels().saturating_mul(directory.chunk_samples() as u64).saturating_mul(u64::from(directory.bits)).div_ceil(8);
    let unpacked = stored.saturating_mul(part::memory(compression)).saturating_add(unpack::memory(compression, stored));
    let reversed =
        if directory.reversed_bits { bytes.len().min(band::longest(usize::try_from(stored).unwrap_or(usize::MAX))) as u64 } else { 0 };
    let lists = (directory.offsets.len() + directory.counts.len() + directory.color_map.len()) as u64 * 16;
    held.saturating_add(unpacked).saturating_add(reversed).saturating_add(lists)
}

/// Opens the decoder.
pub(super) fn open<'a>(bytes: &'a [u8], options: &Decode) -> Result<Box<dyn Picture + 'a>, ImageError> {
    let mut directory = Directory::parse(bytes)?;
    if range::depends_on_values(&directory) {
        directory.range = band::range(&directory);
    }
    let mut warnings = Vec::new();
    let mut inks = None;
    if directory.layout.colors == Colors::Cmyk {
        inks = directory.profile.and_then(|profile| contained(|| CmykTransform::new(profile)).ok().and_then(Result::ok));
        if inks.is_none() {
            warnings.push(if directory.profile.is_some() { Warning::ProfileIgnored } else { Warning::CmykWithoutProfile });
        }
    }
    let converter = Converter::new(&directory, inks);
    let band = Band { rows: 0, data: Vec::new() };
    let keep = options.truncated == Truncated::Keep;
    Ok(Box::new(TiffRows { directory, converter, band, bands: 0, next: 0, keep, warnings }))
}

struct TiffRows<'a> {
    directory: Directory<'a>,
    converter: Converter,
    /// The rows that were read last, and how many bands were read so far.
    band: Band,
    bands: u32,
    next: u32,
    keep: bool,
    warnings: Vec<Warning>,
}

impl TiffRows<'_> {
    /// Reads the band that row `next` is in, unless that is done.
    fn advance(&mut self) -> Result<(), ImageError> {
        if self.next < self.bands.saturating_mul(self.directory.chunk.height) {
            return Ok(());
        }
        self.band.data.fill(missing(Channels::Rgb));
        let complete = match band::read(&self.directory, self.bands, &mut self.band) {
            Ok(complete) => complete,
            // A part that is cut off is damaged as well.
            Err(ImageError::Damaged { .. }) if self.keep && self.is_cut() => false,
            Err(failure) => return Err(failure),
        };
        if !complete {
            if !self.keep {
                return Err(truncated());
            }
            if !self.warnings.contains(&Warning::Truncated) {
                self.warnings.push(Warning::Truncated);
            }
        }
        self.bands += 1;
        Ok(())
    }

    /// Whether any part of the picture lies behind the end of the file.
    fn is_cut(&self) -> bool {
        let ends = self.directory.offsets.iter().zip(&self.directory.counts).map(|(&start, &count)| start.saturating_add(count));
        ends.max().unwrap_or(0) > self.directory.bytes.len() as u64
    }
}

impl Rows for TiffRows<'_> {
    fn size(&self) -> Size {
        self.directory.size
    }

    fn channels(&self) -> Channels {
        self.directory.layout.channels
    }

    fn read(&mut self, band: &mut [u8]) -> Result<u32, ImageError> {
        let mut count = 0;
        let stride = self.directory.size.width as usize * self.directory.samples * self.directory.band_bytes();
        for row in band.chunks_exact_mut(self.directory.size.width as usize * self.channels().count()) {
            if self.next == self.directory.size.height {
                break;
            }
            self.advance()?;
            let line = (self.next % self.directory.chunk.height) as usize;
            let samples = self.band.data.get(line * stride..(line + 1) * stride).unwrap_or_default();
            self.converter.convert(&self.directory, samples, row);
            self.next += 1;
            count += 1;
        }
        Ok(count)
    }
}

impl Picture for TiffRows<'_> {
    fn warnings(&self) -> Vec<Warning> {
        self.warnings.clone()
    }

    fn is_srgb(&self) -> bool {
        matches!(self.directory.layout.colors, Colors::Cmyk | Colors::Lab(_))
    }
}

fn damaged(reason: String) -> ImageError {
    ImageError::Damaged { format: Format::Tiff, reason }
}

fn unsupported(reason: String) -> ImageError {
    ImageError::Unsupported { format: Format::Tiff, reason }
}

fn truncated() -> ImageError {
    ImageError::Truncated { format: Format::Tiff, reason: "the data ends early".to_owned() }
}
