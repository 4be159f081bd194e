//! What the tags of an image say about how it is stored, and where.

use super::super::{ImageError, Size};
use super::{damaged, ifd::Ifd, layout::Layout, old_jpeg, range::Range, select, unpack, unsupported};

/// How the samples of an image are stored, and where.
pub(super) struct Directory<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) big_endian: bool,
    pub(super) size: Size,
    pub(super) bits: u16,
    pub(super) samples: usize,
    pub(super) format: SampleFormat,
    /// The values of black and white.
    pub(super) range: Range,
    pub(super) layout: Layout,
    pub(super) compression: u16,
    pub(super) planar: bool,
    pub(super) predictor: u16,
    /// Width and height of a strip or tile.
    pub(super) chunk: Size,
    pub(super) tiled: bool,
    pub(super) offsets: Vec<u64>,
    pub(super) counts: Vec<u64>,
    pub(super) color_map: Vec<u64>,
    pub(super) reversed_bits: bool,
    /// `T4Options` for Group 3 fax.
    pub(super) fax_options: u64,
    pub(super) jpeg_tables: Option<&'a [u8]>,
    pub(super) old_jpeg: Option<old_jpeg::Header>,
    pub(super) profile: Option<&'a [u8]>,
    pub(super) subsampling: (usize, usize),
    /// How much red, green and blue contribute to luma; and the codes of black and white of Y, Cb and Cr.
    pub(super) luma_weights: [f32; 3],
    pub(super) reference_levels: [f32; 6],
    pub(super) orientation: u32,
}

/// What kind of numbers the samples are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SampleFormat {
    Unsigned,
    Signed,
    Float,
}

impl std::fmt::Display for SampleFormat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Unsigned => "unsigned",
            Self::Signed => "signed",
            Self::Float => "floating-point",
        })
    }
}

const RGB: u16 = 2;
const YCBCR: u16 = 6;

impl<'a> Directory<'a> {
    /// What the tags of the file's image say.
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, ImageError> {
        let ifd = select::image(bytes)?;
        let size = Size::new(ifd.long(256)?.unwrap_or(0), ifd.long(257)?.unwrap_or(0));
        let compression = ifd.short(259)?.unwrap_or(1);
        unpack::check(compression)?;
        let is_old_jpeg = compression == unpack::OLD_JPEG;
        let stored_bits = ifd.values(258)?.filter(|bits| !bits.is_empty());
        let extra = ifd.values(338)?;
        let photometric = match ifd.short(262)? {
            // Old-style JPEG is always YCbCr, even where the tag says that it is RGB.
            Some(RGB) | None if is_old_jpeg => YCBCR,
            Some(photometric) => photometric,
            None => assumed_photometric(compression, ifd.short(277)?, stored_bits.as_deref(), extra.as_deref()),
        };
        let assumed_samples = || if is_old_jpeg && photometric == YCBCR { 3 } else { stored_bits.as_ref().map_or(1, Vec::len) };
        let samples = ifd.short(277)?.map_or_else(assumed_samples, usize::from);
        let bits = match &stored_bits {
            Some(bits) => equal(bits.get(..samples).unwrap_or(bits), "depths")?,
            None if is_old_jpeg => 8,
            None => 1,
        };
        let bits = u16::try_from(bits).unwrap_or(u16::MAX);
        let format = match equal(&ifd.values(339)?.unwrap_or_else(|| vec![1]), "sample formats")? {
            1 | 4 => SampleFormat::Unsigned,
            2 => SampleFormat::Signed,
            3 => SampleFormat::Float,
            5 | 6 => return Err(unsupported("complex samples are not supported".to_owned())),
            other => return Err(unsupported(format!("sample format {other} is not supported"))),
        };
        let layout = Layout::new(photometric, samples, bits, format, extra.as_deref())?;
        let planar = ifd.first(284)? == Some(2) && samples > 1;
        let tiled = ifd.has(322);
        let (offsets, counts) = if tiled { (324, 325) } else { (273, 279) };
        let offsets = ifd.values(offsets)?.unwrap_or_default();
        let chunk = if tiled {
            Size::new(ifd.long(322)?.unwrap_or(0), ifd.long(323)?.unwrap_or(0))
        } else {
            Size::new(size.width, rows_per_strip(&ifd, size.height, offsets.len() / if planar { samples } else { 1 })?)
        };
        if !size.is_empty() && chunk.is_empty() {
            return Err(damaged(format!("found tiles of {chunk} pixels")));
        }
        if !offsets.is_empty() && offsets.iter().all(|&offset| offset == 0) {
            return Err(damaged("its strips or tiles were never written".to_owned()));
        }
        let mut directory = Self {
            bytes,
            big_endian: ifd.file.big_endian,
            size,
            bits,
            samples,
            format,
            range: Range::full(format, bits),
            layout,
            compression,
            planar,
            predictor: if unpack::has_predictor(compression) { ifd.short(317)?.unwrap_or(1) } else { 1 },
            chunk,
            tiled,
            offsets,
            counts: ifd.values(counts)?.unwrap_or_default(),
            color_map: ifd.values(320)?.unwrap_or_default(),
            reversed_bits: ifd.first(266)? == Some(2),
            fax_options: ifd.first(292)?.unwrap_or(0),
            jpeg_tables: ifd.bytes(347),
            old_jpeg: None,
            profile: ifd.bytes(34_675),
            subsampling: if photometric == YCBCR { subsampling(&ifd)? } else { (1, 1) },
            luma_weights: ifd.fractions(529).filter(|[_, green, _]| *green > 0.0).unwrap_or([0.299, 0.587, 0.114]),
            reference_levels: reference_levels(&ifd),
            orientation: ifd.long(274)?.unwrap_or(1),
        };
        directory.check()?;
        if is_old_jpeg {
            old_jpeg::prepare(&mut directory, &ifd)?;
        }
        Ok(directory)
    }

    fn check(&self) -> Result<(), ImageError> {
        match (self.predictor, self.bits, self.format) {
            (0 | 1, ..) | (2, 8 | 16 | 32 | 64, _) | (3, 16 | 24 | 32 | 64, SampleFormat::Float) => {}
            (predictor @ (2 | 3), bits, format) => {
                return Err(unsupported(format!("predictor {predictor} is not supported for {format} samples of {bits} bits")));
            }
            (other, ..) => return Err(unsupported(format!("predictor {other} is not supported"))),
        }
        if unpack::is_fax(self.compression) && (self.bits != 1 || self.samples != 1) {
            return Err(damaged(format!("found {} samples of {} bits in fax data, expected 1 of 1 bit", self.samples, self.bits)));
        }
        if unpack::is_jpeg(self.compression) && self.bits != 8 {
            return Err(unsupported(format!("JPEG compression of samples of {} bits is not supported", self.bits)));
        }
        if self.is_ycbcr() && self.planar && self.subsampling != (1, 1) {
            return Err(unsupported("YCbCr in planes of different sizes is not supported".to_owned()));
        }
        Ok(())
    }

    pub(super) fn is_ycbcr(&self) -> bool {
        self.layout.colors == super::layout::Colors::YCbCr
    }

    /// Bytes of a sample as it is kept for a band of rows: two where one is not enough for an exact result.
    pub(super) const fn band_bytes(&self) -> usize {
        use super::layout::Colors;
        match self.layout.colors {
            Colors::Palette if self.bits > 8 => 2,
            Colors::Lab(_) if self.bits == 16 => 2,
            _ => 1,
        }
    }

    /// Samples of a pixel in one strip or tile.
    pub(super) const fn chunk_samples(&self) -> usize {
        if self.planar { 1 } else { self.samples }
    }
}

/// The photometric interpretation of a file that does not have one: fax is black on white, three samples are RGB.
fn assumed_photometric(compression: u16, samples: Option<u16>, bits: Option<&[u64]>, extra: Option<&[u64]>) -> u16 {
    let samples = samples.map_or_else(|| bits.map_or(1, <[u64]>::len), usize::from);
    match samples.saturating_sub(extra.map_or(0, <[u64]>::len)) {
        0..=2 if unpack::is_fax(compression) => 0,
        0..=2 => 1,
        _ => RGB,
    }
}

/// The value that all samples of a pixel share.
fn equal(values: &[u64], what: &str) -> Result<u64, ImageError> {
    let first = values.first().copied().unwrap_or(1);
    if values.iter().any(|&other| other != first) {
        return Err(unsupported(format!("samples with different {what} are not supported")));
    }
    Ok(first)
}

/// `RowsPerStrip`; where it is missing, the strips are as many as there are offsets, and equally high.
fn rows_per_strip(ifd: &Ifd<'_>, height: u32, strips: usize) -> Result<u32, ImageError> {
    let strips = u32::try_from(strips).unwrap_or(u32::MAX).max(1);
    let stored = ifd.long(278)?.filter(|&rows| rows != 0);
    Ok(stored.map_or(height.div_ceil(strips), |rows| rows.min(height)))
}

fn subsampling(ifd: &Ifd<'_>) -> Result<(usize, usize), ImageError> {
    let stored = ifd.values(530)?.unwrap_or_default();
    let factor = |index: usize| match stored.get(index) {
        None => Ok(2),
        Some(&factor @ (1 | 2 | 4)) => Ok(usize::try_from(factor).unwrap_or(1)),
        Some(other) => Err(damaged(format!("found a chroma subsampling factor of {other}, expected 1, 2 or 4"))),
    };
    Ok((factor(0)?, factor(1)?))
}

/// `ReferenceBlackWhite`, if no pair of it is the same twice.
fn reference_levels(ifd: &Ifd<'_>) -> [f32; 6] {
    const FULL_RANGE: [f32; 6] = [0.0, 255.0, 128.0, 255.0, 128.0, 255.0];
    let stored = ifd.fractions::<6>(532);
    stored.filter(|levels| levels.chunks_exact(2).all(|pair| pair.first() != pair.last())).unwrap_or(FULL_RANGE)
}
