//! A row of strips or tiles, as 8-bit samples.

use super::super::{Format, ImageError, Size, buffer, jpeg};
use super::{
    directory::{Directory, SampleFormat},
    unpack::unpack,
};

/// Samples of some rows of the picture: 8 bits each, but for indices into a palette, which stay as they are.
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
    let stride = directory.size.width as usize * directory.samples;
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
    let Some((data, cut)) = chunk_data(directory, number) else { return Ok(false) };
    // The last strip may be as short as what is left of the picture; tiles are always whole.
    let chunk = Size::new(directory.chunk.width, if directory.tiled { directory.chunk.height } else { band.rows });
    let height = chunk.height as usize;
    let width = directory.chunk.width as usize;
    let samples = if directory.planar { 1 } else { directory.samples };
    if directory.compression == 7 {
        let raw = directory.photometric != 6;
        let decoded = jpeg::decode_part(&data, directory.jpeg_tables, raw)?;
        if decoded.width < width || decoded.height < height.min(band.rows as usize) || decoded.samples != samples {
            return Err(super::damaged(format!(
                "found a JPEG part of {}x{} pixels, expected {width}x{height}",
                decoded.width, decoded.height
            )));
        }
        for (y, row) in decoded.data.chunks_exact(decoded.width * samples).take(band.rows as usize).enumerate() {
            put(row, y, samples, place, directory, band);
        }
        return Ok(true);
    }
    let packed = Packing::of(directory, width, samples);
    let mut unpacked = buffer(Format::Tiff, packed.length(height) as u64, 0)?;
    let found = unpack(directory.compression, &data, directory.fax_options, chunk, &mut unpacked)?;
    let complete = found >= packed.length(height.min(band.rows as usize));
    if !complete && !cut {
        return Err(super::damaged(format!("found {found} bytes in a strip or tile, expected {}", packed.length(height))));
    }
    match packed {
        Packing::Rows(stride) => {
            let mut samples_row = vec![0; width * samples];
            for (y, row) in unpacked.chunks_exact_mut(stride).take(band.rows as usize).enumerate() {
                if found < (y + 1) * stride {
                    break;
                }
                undo_predictor(directory, row, samples);
                expand(directory, row, &mut samples_row);
                put(&samples_row, y, samples, place, directory, band);
            }
        }
        Packing::Subsampled { across, .. } => {
            let (h, v) = directory.subsampling;
            let mut row = vec![0; width * 3];
            for y in 0..band.rows as usize {
                for x in 0..width {
                    let unit = ((y / v) * across + x / h) * (h * v + 2);
                    let at = |offset: usize| unpacked.get(unit + offset).copied().unwrap_or(128);
                    if let Some(pixel) = row.get_mut(x * 3..x * 3 + 3) {
                        pixel.copy_from_slice(&[at((y % v) * h + x % h), at(h * v), at(h * v + 1)]);
                    }
                }
                put(&row, y, samples, place, directory, band);
            }
        }
    }
    Ok(complete)
}

/// The stored bytes of a chunk, and whether they are cut off.
fn chunk_data<'a>(directory: &Directory<'a>, number: usize) -> Option<(std::borrow::Cow<'a, [u8]>, bool)> {
    let start = usize::try_from(*directory.offsets.get(number)?).ok()?;
    let rest = directory.bytes.get(start..)?;
    let (data, cut) = match directory.counts.get(number) {
        Some(&count) => {
            let count = usize::try_from(count).ok()?;
            (rest.get(..count).unwrap_or(rest), count > rest.len())
        }
        // Old files may leave the lengths out; then there is nothing to hold the data against.
        None => (rest, true),
    };
    Some((if directory.reversed_bits { data.iter().map(|byte| byte.reverse_bits()).collect() } else { data.into() }, cut))
}

/// How the samples of a chunk are packed.
enum Packing {
    /// Rows of so many bytes.
    Rows(usize),
    /// Blocks of luma with one pair of chroma each.
    Subsampled { across: usize, block: usize, tall: usize },
}

impl Packing {
    fn of(directory: &Directory<'_>, width: usize, samples: usize) -> Self {
        let (h, v) = directory.subsampling;
        if directory.photometric == 6 && !directory.planar && (h, v) != (1, 1) && samples == 3 {
            return Self::Subsampled { across: width.div_ceil(h), block: h * v + 2, tall: v };
        }
        Self::Rows((width * samples * usize::from(directory.bits)).div_ceil(8))
    }

    fn length(&self, rows: usize) -> usize {
        match *self {
            Self::Rows(stride) => stride * rows,
            Self::Subsampled { across, block, tall } => across * block * rows.div_ceil(tall),
        }
    }
}

/// Copies a row of a chunk to its place in the band.
fn put(row: &[u8], y: usize, samples: usize, place: &Place, directory: &Directory<'_>, band: &mut Band) {
    let Some(line) = band.data.get_mut(y * place.stride..(y + 1) * place.stride) else { return };
    let line = line.get_mut(place.left * directory.samples..).unwrap_or_default();
    if samples == directory.samples {
        let count = row.len().min(line.len());
        if let (Some(to), Some(from)) = (line.get_mut(..count), row.get(..count)) {
            to.copy_from_slice(from);
        }
        return;
    }
    for (pixel, &sample) in line.chunks_exact_mut(directory.samples).zip(row) {
        if let Some(to) = pixel.get_mut(place.plane) {
            *to = sample;
        }
    }
}

/// Turns differences between neighbours back into samples, in place.
fn undo_predictor(directory: &Directory<'_>, row: &mut [u8], samples: usize) {
    match (directory.predictor, directory.bits) {
        (2, 8) => (samples..row.len()).for_each(|at| row[at] = row[at].wrapping_add(row[at - samples])),
        (2, 16) => {
            let read = |pair: [u8; 2]| if directory.big_endian { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) };
            for at in samples..row.len() / 2 {
                let (before, now) = ((at - samples) * 2, at * 2);
                let sum = read([row[now], row[now + 1]]).wrapping_add(read([row[before], row[before + 1]]));
                let pair = if directory.big_endian { sum.to_be_bytes() } else { sum.to_le_bytes() };
                row[now..now + 2].copy_from_slice(&pair);
            }
        }
        (3, bits) if bits >= 16 => {
            // Bytes are sorted by their weight, the heaviest first, and differ from their neighbours.
            (samples..row.len()).for_each(|at| row[at] = row[at].wrapping_add(row[at - samples]));
            let size = usize::from(bits / 8);
            let count = row.len() / size;
            let sorted = row.to_vec();
            for (index, value) in row.chunks_exact_mut(size).enumerate() {
                for (weight, byte) in value.iter_mut().enumerate() {
                    let weight = if directory.big_endian { weight } else { size - 1 - weight };
                    *byte = sorted[weight * count + index];
                }
            }
        }
        _ => {}
    }
}

/// A row of packed samples to one byte a sample.
fn expand(directory: &Directory<'_>, row: &[u8], out: &mut [u8]) {
    let order = |bytes: &[u8]| {
        let fold = |value: u64, &byte: &u8| value << 8 | u64::from(byte);
        if directory.big_endian { bytes.iter().fold(0, fold) } else { bytes.iter().rev().fold(0, fold) }
    };
    match (directory.bits, directory.format) {
        (8, _) => {
            let count = row.len().min(out.len());
            out[..count].copy_from_slice(&row[..count]);
        }
        (bits @ (1 | 2 | 4), _) => {
            let (bits, most) = (usize::from(bits), (1u32 << bits) - 1);
            // Indices into a palette are no amounts of light, and stay as they are.
            let factor = if directory.photometric == 3 { 1 } else { 255 / most };
            for (index, sample) in out.iter_mut().enumerate() {
                let at = index * bits;
                let value = row.get(at / 8).map_or(0, |byte| u32::from(byte >> (8 - bits - at % 8)) & most);
                *sample = u8::try_from(value * factor).unwrap_or(u8::MAX);
            }
        }
        (bits, SampleFormat::Unsigned) => {
            let size = usize::from(bits / 8);
            let most = (1u64 << bits.min(32)) - 1;
            for (sample, bytes) in out.iter_mut().zip(row.chunks_exact(size)) {
                *sample = u8::try_from((order(bytes) * 255 + most / 2) / most).unwrap_or(u8::MAX);
            }
        }
        (bits, SampleFormat::Float) => {
            for (sample, bytes) in out.iter_mut().zip(row.chunks_exact(usize::from(bits / 8))) {
                #[expect(clippy::cast_possible_truncation, reason = "the number of bits says how many are set")]
                let value = if bits == 32 { f64::from(f32::from_bits(order(bytes) as u32)) } else { f64::from_bits(order(bytes)) };
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "`as` saturates, and makes 0 of what is no number"
                )]
                let byte = (value * 255.0).round() as u8;
                *sample = byte;
            }
        }
    }
}

/// Whether the depth is one that [`expand`] knows.
pub(super) const fn is_supported(bits: u16, format: SampleFormat) -> bool {
    match format {
        SampleFormat::Unsigned => matches!(bits, 1 | 2 | 4 | 8 | 16 | 32),
        SampleFormat::Float => matches!(bits, 32 | 64),
    }
}
