//! A row of strips or tiles, as samples of one or two bytes.

use std::borrow::Cow;

use super::super::{Format, ImageError, Size, buffer};
use super::{
    directory::Directory,
    part,
    range::{Range, Survey},
    samples,
    unpack::{self, Packed, unpack},
};

/// Samples of some rows of the image, with as many bytes each as [`Directory::band_bytes`] says.
pub(super) struct Band {
    pub(super) rows: u32,
    pub(super) data: Vec<u8>,
}

/// Reads the band at `index`; true if all of its data was there.
pub(super) fn read(directory: &Directory<'_>, index: u32, band: &mut Band) -> Result<bool, ImageError> {
    let chunk = directory.chunk;
    let across = directory.size.width.div_ceil(chunk.width);
    let down = directory.size.height.div_ceil(chunk.height);
    let planes = if directory.planar { directory.samples } else { 1 };
    let start = index * chunk.height;
    band.rows = chunk.height.min(directory.size.height - start);
    let stride = directory.size.width as usize * directory.samples * directory.band_bytes();
    let length = stride * band.rows as usize;
    if band.data.len() != length {
        band.data = buffer(Format::Tiff, length as u64, 0)?;
    }
    let mut complete = true;
    for plane in 0..planes {
        for column in 0..across {
            let number = (plane as u64 * u64::from(down) + u64::from(index)) * u64::from(across) + u64::from(column);
            let place = Place { plane, left: (column * chunk.width) as usize, stride };
            complete &= read_chunk(directory, usize::try_from(number).unwrap_or(usize::MAX), &place, band)?;
        }
    }
    Ok(complete)
}

/// Where a chunk belongs in its band.
struct Place {
    plane: usize,
    left: usize,
    stride: usize,
}

fn read_chunk(directory: &Directory<'_>, number: usize, place: &Place, band: &mut Band) -> Result<bool, ImageError> {
    let width = directory.chunk.width as usize;
    let samples = directory.chunk_samples();
    if directory.offsets.get(number) == Some(&0) && directory.counts.get(number) == Some(&0) {
        // A chunk that was never written, as in sparse files, is all zeros.
        let zeros = vec![0; width * samples * directory.band_bytes()];
        (0..band.rows as usize).for_each(|y| put(&zeros, y, place, directory, band));
        return Ok(true);
    }
    // The last strip may be as short as what is left of the image; tiles are always whole.
    let chunk = Size::new(directory.chunk.width, if directory.tiled { directory.chunk.height } else { band.rows });
    let layout = RowLayout::of(directory, width, samples);
    let most = layout.length(directory.chunk.height as usize);
    let needed = layout.length(band.rows as usize);
    let Some(packed) = stored(directory, number, needed, most) else { return Ok(false) };
    if part::is_image(directory.compression) {
        let decoded = part::decode(directory, &packed.data, chunk, samples)?;
        for (y, row) in decoded.data.chunks_exact(decoded.width * samples).take(band.rows as usize).enumerate() {
            put(row, y, place, directory, band);
        }
        return Ok(true);
    }
    let (mut unpacked, complete) = unpacked(directory, &packed, chunk, &layout, needed)?;
    match layout {
        RowLayout::Whole { stride } => {
            let mut row_samples = vec![0; width * samples * directory.band_bytes()];
            for (y, row) in unpacked.chunks_exact_mut(stride).take(band.rows as usize).enumerate() {
                samples::undo_predictor(directory, row);
                samples::expand(directory, row, &mut row_samples);
                put(&row_samples, y, place, directory, band);
            }
        }
        RowLayout::Subsampled { across, block, tall } => {
            let (h, v) = directory.subsampling;
            let mut row = vec![0; width * 3];
            let whole = unpacked.len() / (across * block).max(1) * tall;
            for y in 0..whole.min(band.rows as usize) {
                for (x, pixel) in row.chunks_exact_mut(3).enumerate() {
                    let unit = ((y / v) * across + x / h) * block;
                    let at = |offset: usize| unpacked.get(unit + offset).copied().unwrap_or(128);
                    pixel.copy_from_slice(&[at((y % v) * h + x % h), at(h * v), at(h * v + 1)]);
                }
                put(&row, y, place, directory, band);
            }
        }
    }
    Ok(complete)
}

/// The bytes of a chunk, as many as there are, and whether these are as many as needed.
fn unpacked(
    directory: &Directory<'_>,
    packed: &Packed<'_>,
    chunk: Size,
    layout: &RowLayout,
    needed: usize,
) -> Result<(Vec<u8>, bool), ImageError> {
    let mut unpacked = buffer(Format::Tiff, layout.length(chunk.height as usize) as u64, 0)?;
    let most = layout.length(directory.chunk.height as usize);
    let found = unpack(directory, packed, chunk, most, &mut unpacked)?;
    let complete = found >= needed;
    if !complete && packed.is_counted && !packed.is_cut {
        return Err(super::damaged(format!("found {found} bytes in a strip or tile, expected {needed}")));
    }
    unpacked.truncate(found);
    Ok((unpacked, complete))
}

/// The values of black and white, from all samples of an image that are there.
pub(super) fn range(directory: &Directory<'_>) -> Range {
    let layout = RowLayout::of(directory, directory.chunk.width as usize, directory.chunk_samples());
    let RowLayout::Whole { stride } = layout else { return directory.range };
    let across = directory.size.width.div_ceil(directory.chunk.width) as usize;
    let down = directory.size.height.div_ceil(directory.chunk.height) as usize;
    let mut survey = Survey::new();
    for number in 0..directory.offsets.len().min(across * down * if directory.planar { directory.samples } else { 1 }) {
        let left = directory.size.height - u32::try_from(number / across % down).unwrap_or(0) * directory.chunk.height;
        let rows = left.min(directory.chunk.height);
        let chunk = Size::new(directory.chunk.width, if directory.tiled { directory.chunk.height } else { rows });
        let needed = layout.length(rows as usize);
        let Some(packed) = stored(directory, number, needed, layout.length(directory.chunk.height as usize)) else { continue };
        // What is damaged is reported when the rows are asked for.
        let Ok((mut unpacked, _)) = unpacked(directory, &packed, chunk, &layout, needed) else { continue };
        for row in unpacked.chunks_exact_mut(stride).take(rows as usize) {
            samples::undo_predictor(directory, row);
            survey.add(directory, row);
        }
    }
    survey.range(directory.format, directory.bits)
}

/// The stored bytes of a chunk that becomes `needed` bytes, or `most` where it is higher than the image.
fn stored<'a>(directory: &Directory<'a>, number: usize, needed: usize, most: usize) -> Option<Packed<'a>> {
    let start = usize::try_from(*directory.offsets.get(number)?).ok()?;
    let rest = directory.bytes.get(start..)?;
    let count = directory.counts.get(number).copied().filter(|&count| count != 0).map(|count| usize::try_from(count).unwrap_or(usize::MAX));
    // Some writers store a wrong count for an uncompressed image in one strip.
    let is_short = count.is_some_and(|count| count < needed) && unpack::is_none(directory.compression) && directory.offsets.len() == 1;
    let count = if is_short { Some(needed) } else { count };
    let data = rest.get(..count.unwrap_or(rest.len())).unwrap_or(rest);
    let is_cut = count.is_some_and(|count| count > rest.len());
    let data = if part::is_image(directory.compression) {
        Cow::Borrowed(data)
    } else {
        // Some bytes for every byte that comes out are more than any compression takes.
        let data = data.get(..longest(most)).unwrap_or(data);
        if directory.reversed_bits { data.iter().map(|byte| byte.reverse_bits()).collect() } else { data.into() }
    };
    Some(Packed { data, is_cut, is_counted: count.is_some() })
}

/// Bytes of packed data that are looked at for a chunk that becomes `length` bytes.
pub(super) const fn longest(length: usize) -> usize {
    length.saturating_mul(16).saturating_add(1 << 16)
}

/// How the samples of a chunk are packed.
enum RowLayout {
    /// Rows of so many bytes.
    Whole { stride: usize },
    /// Blocks of luma with one pair of chroma each.
    Subsampled { across: usize, block: usize, tall: usize },
}

impl RowLayout {
    fn of(directory: &Directory<'_>, width: usize, samples: usize) -> Self {
        let (h, v) = directory.subsampling;
        if directory.is_ycbcr() && !directory.planar && (h, v) != (1, 1) && samples == 3 && !part::is_image(directory.compression) {
            return Self::Subsampled { across: width.div_ceil(h), block: h * v + 2, tall: v };
        }
        Self::Whole { stride: (width * samples * usize::from(directory.bits)).div_ceil(8) }
    }

    fn length(&self, rows: usize) -> usize {
        match *self {
            Self::Whole { stride } => stride.saturating_mul(rows),
            Self::Subsampled { across, block, tall } => (across * block).saturating_mul(rows.div_ceil(tall)),
        }
    }
}

/// Copies a row of a chunk to its place in the band.
fn put(row: &[u8], y: usize, place: &Place, directory: &Directory<'_>, band: &mut Band) {
    let size = directory.band_bytes();
    let pixel = directory.samples * size;
    let Some(line) = band.data.get_mut(y * place.stride..(y + 1) * place.stride) else { return };
    let line = line.get_mut(place.left * pixel..).unwrap_or_default();
    if !directory.planar {
        let count = row.len().min(line.len());
        if let (Some(to), Some(from)) = (line.get_mut(..count), row.get(..count)) {
            to.copy_from_slice(from);
        }
        return;
    }
    let at = place.plane * size;
    for (pixel, sample) in line.chunks_exact_mut(pixel).zip(row.chunks_exact(size)) {
        if let Some(to) = pixel.get_mut(at..at + size) {
            to.copy_from_slice(sample);
        }
    }
}
