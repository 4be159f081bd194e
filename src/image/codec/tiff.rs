//! TIFF and BigTIFF, the first picture: strips and tiles, 1 to 32 bits, palettes, CMYK, YCbCr, alpha; compressed by PackBits, LZW, Deflate, JPEG or as fax.
//!
//! `directory` reads the tags, `unpack` the compressions, `band` makes 8-bit samples of them, and this file makes colours of these.

mod band;
mod directory;
mod unpack;

use self::{band::Band, directory::Directory};
use super::{
    Channels, CmykTransform, Colours, Decode, Format, ImageError, Info, Orientation, Picture, Rows, Size, Truncated, Warning, cmyk,
    contained, missing,
};

const WHITE_IS_ZERO: u16 = 0;
const BLACK_IS_ZERO: u16 = 1;
const RGB: u16 = 2;
const PALETTE: u16 = 3;
const MASK: u16 = 4;
const CMYK: u16 = 5;
const YCBCR: u16 = 6;

/// What the first directory says.
pub(super) fn info(bytes: &[u8]) -> Result<Info, ImageError> {
    let directory = Directory::parse(bytes)?;
    let kind = Kind::of(&directory)?;
    Ok(Info {
        orientation: Orientation::from_exif(directory.orientation).unwrap_or(Orientation::Upright),
        bit_depth: u8::try_from(directory.bits).unwrap_or(u8::MAX),
        has_alpha: kind.channels.has_alpha(),
        ..Info::new(Format::Tiff, directory.size)
    })
}

/// The colour profile, if there is one.
pub(super) fn colours(bytes: &[u8]) -> Option<Colours<'_>> {
    Some(Colours::Icc(Directory::parse(bytes).ok()?.profile?.into()))
}

/// Bytes for the rows of a strip or a row of tiles, which are held at once, and for a part of them as it is unpacked.
pub(super) fn memory(bytes: &[u8]) -> u64 {
    let Ok(directory) = Directory::parse(bytes) else { return 0 };
    let Directory { size, chunk, .. } = directory;
    let samples = directory.samples as u64;
    let rows = u64::from(size.height.min(chunk.height));
    let held = (u64::from(size.width) * rows).saturating_mul(samples);
    // Parts in JPEG are decoded on their own, to one byte a sample.
    let unpacked = (chunk.pixels().saturating_mul(samples)).saturating_mul(u64::from(directory.bits).div_ceil(8));
    let reversed = if directory.reversed_bits { bytes.len() as u64 } else { 0 };
    held.saturating_add(unpacked).saturating_add(reversed)
}

/// Opens the decoder.
pub(super) fn open<'a>(bytes: &'a [u8], options: &Decode) -> Result<Box<dyn Picture + 'a>, ImageError> {
    let directory = Directory::parse(bytes)?;
    let kind = Kind::of(&directory)?;
    let mut warnings = Vec::new();
    let mut inks = None;
    if directory.photometric == CMYK {
        inks = directory.profile.and_then(|profile| contained(|| CmykTransform::new(profile)).ok().and_then(Result::ok));
        if inks.is_none() {
            warnings.push(if directory.profile.is_some() { Warning::ProfileIgnored } else { Warning::CmykWithoutProfile });
        }
    }
    let palette = palette(&directory);
    let band = Band { rows: 0, data: Vec::new() };
    let keep = options.truncated == Truncated::Keep;
    Ok(Box::new(TiffRows { directory, kind, palette, inks, band, bands: 0, next: 0, keep, warnings }))
}

/// How samples become pixels.
#[derive(Debug, Clone, Copy)]
struct Kind {
    channels: Channels,
    /// Samples of colour in a pixel; what follows is alpha, or nothing of ours.
    colours: usize,
    premultiplied: bool,
}

impl Kind {
    fn of(directory: &Directory<'_>) -> Result<Self, ImageError> {
        let (colours, channels) = match directory.photometric {
            WHITE_IS_ZERO | BLACK_IS_ZERO | MASK => (1, Channels::Luma),
            RGB => (3, Channels::Rgb),
            PALETTE if directory.bits <= 8 => (1, Channels::Rgb),
            CMYK => (4, Channels::Rgb),
            YCBCR if directory.bits == 8 => (3, Channels::Rgb),
            other => return Err(unsupported(format!("colours of kind {other} with {} bits are not supported", directory.bits))),
        };
        if !(colours..=16).contains(&directory.samples) {
            return Err(damaged(format!("found {} samples a pixel, expected at least {colours}", directory.samples)));
        }
        if !band::is_supported(directory.bits, directory.format) {
            return Err(unsupported(format!("samples of {} bits are not supported", directory.bits)));
        }
        let alpha =
            directory.samples > colours && matches!(directory.extra, Some(1 | 2)) && !matches!(directory.photometric, CMYK | PALETTE);
        let channels = match channels {
            Channels::Luma if alpha => Channels::LumaAlpha,
            Channels::Rgb if alpha => Channels::Rgba,
            opaque => opaque,
        };
        Ok(Self { channels, colours, premultiplied: directory.extra == Some(1) })
    }
}

/// The colours of a palette, whose channels follow one another with 16 bits each.
fn palette(directory: &Directory<'_>) -> Vec<[u8; 3]> {
    let map = &directory.colour_map;
    let count = map.len() / 3;
    // Some writers fill in 8 bits only.
    let short = map.iter().all(|&value| value < 256);
    let narrow = |value: u64| u8::try_from(if short { value } else { value >> 8 }).unwrap_or(u8::MAX);
    (0..count).map(|index| [0, 1, 2].map(|channel| map.get(channel * count + index).copied().map_or(0, narrow))).collect()
}

struct TiffRows<'a> {
    directory: Directory<'a>,
    kind: Kind,
    palette: Vec<[u8; 3]>,
    inks: Option<CmykTransform>,
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

    fn convert(&self, samples: &[u8], row: &mut [u8]) {
        let Kind { channels, colours, premultiplied } = self.kind;
        let pixels = samples.chunks_exact(self.directory.samples).zip(row.chunks_exact_mut(channels.count()));
        for (from, to) in pixels {
            let alpha = from.get(colours).copied().unwrap_or(255);
            match (self.directory.photometric, from) {
                (WHITE_IS_ZERO, &[grey, ..]) => to[0] = 255 - grey,
                (BLACK_IS_ZERO | MASK, &[grey, ..]) => to[0] = grey,
                (PALETTE, &[index, ..]) => to.copy_from_slice(&self.palette.get(usize::from(index)).copied().unwrap_or_default()),
                (CMYK, &[_, _, _, _, ..]) => cmyk::naive(&from[..4], to),
                (YCBCR, &[y, cb, cr, ..]) if self.directory.compression != 7 => to[..3].copy_from_slice(&cmyk::rgb_from_ycc(y, cb, cr)),
                (_, &[r, g, b, ..]) => to[..3].copy_from_slice(&[r, g, b]),
                _ => {}
            }
            if let Some((last, colours)) = to.split_last_mut().filter(|_| channels.has_alpha()) {
                *last = alpha;
                if premultiplied {
                    colours.iter_mut().for_each(|sample| *sample = super::unmultiplied(*sample, alpha));
                }
            }
        }
        if let Some(inks) = &self.inks {
            let packed: Vec<u8> = samples.chunks_exact(self.directory.samples).flat_map(|pixel| pixel.iter().take(4).copied()).collect();
            // A transform that was made for four inks takes any number of them.
            let _ = inks.apply(&packed, row);
        }
    }
}

impl Rows for TiffRows<'_> {
    fn size(&self) -> Size {
        self.directory.size
    }

    fn channels(&self) -> Channels {
        self.kind.channels
    }

    fn read(&mut self, band: &mut [u8]) -> Result<u32, ImageError> {
        let mut count = 0;
        let stride = self.directory.size.width as usize * self.directory.samples;
        for row in band.chunks_exact_mut(self.directory.size.width as usize * self.kind.channels.count()) {
            if self.next == self.directory.size.height {
                break;
            }
            self.advance()?;
            let line = (self.next % self.directory.chunk.height) as usize;
            let samples = self.band.data.get(line * stride..(line + 1) * stride).unwrap_or_default();
            self.convert(samples, row);
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
        self.directory.photometric == CMYK
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
