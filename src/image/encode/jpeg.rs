//! Baseline JPEG (ITU-T T.81) with Huffman tables made for each image.
//!
//! The samples become quantized coefficients one row of MCUs at a time. The symbols that code them are counted and kept, and written once the tables
//! are known. An image with more symbols than are kept gets the tables of its beginning, so that memory stays bounded.

mod color;
mod entropy;
mod fdct;
mod huffman;
mod tables;

use self::{
    color::McuRow,
    entropy::{Class, EntropyCoder, KEPT},
    fdct::Quantizer,
    tables::{CHROMA, LUMA, ZIGZAG, scaled},
};
use super::super::{Channels, Format, ImageError, Pixels, simd::widest};
use super::Subsampling;

/// The longest side: libjpeg's limit, below the 65,535 of T.81, so that every decoder reads the file.
pub(super) const MAX_SIDE: u32 = 65_500;

/// Bytes of an ICC profile in one APP2 segment: what the length field leaves beside the identifier (ICC.1, annex B.4).
const PROFILE_SEGMENT: usize = 65_519;
const PROFILE_IDENTIFIER: &[u8] = b"ICC_PROFILE\0";

const SOI: u8 = 0xd8;
const APP0: u8 = 0xe0;
const APP2: u8 = 0xe2;
const DQT: u8 = 0xdb;
const SOF0: u8 = 0xc0;
const EOI: u8 = 0xd9;

/// A baseline file of gray or YCbCr components; alpha must have been flattened.
pub(super) fn encode(pixels: &Pixels, quality: u8, subsampling: Subsampling, profile: Option<&[u8]>) -> Result<Vec<u8>, ImageError> {
    encode_keeping(pixels, quality, subsampling, profile, KEPT)
}

/// The same, with this many symbols kept until tables are made.
fn encode_keeping(
    pixels: &Pixels,
    quality: u8,
    subsampling: Subsampling,
    profile: Option<&[u8]>,
    kept: usize,
) -> Result<Vec<u8>, ImageError> {
    let (horizontal, vertical) = match pixels.channels() {
        Channels::Luma => (1, 1),
        Channels::Rgb => subsampling.factors(),
        Channels::LumaAlpha | Channels::Rgba => return Err(failed("JPEG has no alpha")),
    };
    let is_color = pixels.channels() == Channels::Rgb;
    let quantization = [scaled(&LUMA, quality), scaled(&CHROMA, quality)];

    let mut file = vec![0xff, SOI];
    segment(&mut file, APP0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")?;
    if let Some(profile) = profile {
        write_profile(&mut file, profile)?;
    }
    for (number, table) in (0..).zip(quantization.iter().take(if is_color { 2 } else { 1 })) {
        let mut data = vec![number];
        data.extend(ZIGZAG.iter().map(|&index| table[usize::from(index)]));
        segment(&mut file, DQT, &data)?;
    }
    write_frame_header(&mut file, pixels, (horizontal, vertical))?;

    let quantizers = quantization.map(|table| Quantizer::new(&table));
    let mut coder = EntropyCoder::new(is_color, kept);
    let mut row = McuRow::new(pixels, horizontal, vertical);
    let size = pixels.size();
    for top in (0..size.height as usize).step_by(8 * vertical) {
        widest(
            #[inline(always)]
            || {
                row.fill(pixels, top);
                let shown = (size.width.div_ceil(8) as usize, (size.height as usize - top).div_ceil(8));
                encode_row(&row, shown, &quantizers, &mut coder);
            },
        );
        coder.write_if_full(&mut file)?;
    }
    coder.finish(&mut file)?;
    file.extend([0xff, EOI]);
    Ok(file)
}

/// The blocks of a row of MCUs, in the order of T.81, A.2.3. Of luma blocks, this many across and down show a part of the image; the others are left empty.
#[inline(always)]
fn encode_row(row: &McuRow, (width, height): (usize, usize), quantizers: &[Quantizer; 2], coder: &mut EntropyCoder) {
    let [luma, chroma] = quantizers;
    let (horizontal, vertical) = row.factors();
    for column in 0..row.count() {
        for down in 0..vertical {
            for across in 0..horizontal {
                if column * horizontal + across < width && down < height {
                    let block = luma.coefficients(row.luma(column * horizontal + across, down));
                    coder.block(0, Class::Luma, &block);
                } else {
                    coder.empty_block(Class::Luma);
                }
            }
        }
        if row.is_color() {
            for component in [1, 2] {
                let block = chroma.coefficients(row.chroma(component - 1, column));
                coder.block(component, Class::Chroma, &block);
            }
        }
    }
}

/// The frame header, T.81, B.2.2.
fn write_frame_header(file: &mut Vec<u8>, pixels: &Pixels, (horizontal, vertical): (usize, usize)) -> Result<(), ImageError> {
    let side = |side: u32| u16::try_from(side).map(u16::to_be_bytes).map_err(|_| failed("its sides do not fit 16 bits"));
    let [height, width] = [side(pixels.size().height)?, side(pixels.size().width)?];
    let components: &[(u8, u8)] = if pixels.channels() == Channels::Rgb { &[(1, 0), (2, 1), (3, 1)] } else { &[(1, 0)] };
    let mut data = vec![8];
    data.extend(height);
    data.extend(width);
    data.extend(u8::try_from(components.len()));
    for &(component, table) in components {
        let factors = if table == 0 { u8::try_from(horizontal << 4 | vertical).unwrap_or(0x11) } else { 0x11 };
        data.extend([component, factors, table]);
    }
    segment(file, SOF0, &data)
}

fn write_profile(file: &mut Vec<u8>, profile: &[u8]) -> Result<(), ImageError> {
    let parts = profile.chunks(PROFILE_SEGMENT);
    let Ok(count) = u8::try_from(parts.len()) else { return Err(failed("its ICC profile does not fit 255 segments")) };
    for (number, part) in (1..=count).zip(parts) {
        let data = [PROFILE_IDENTIFIER, &[number, count], part].concat();
        segment(file, APP2, &data)?;
    }
    Ok(())
}

/// A marker segment: the marker, its length and its parameters (T.81, B.1.1.4).
fn segment(file: &mut Vec<u8>, marker: u8, data: &[u8]) -> Result<(), ImageError> {
    let length = u16::try_from(data.len() + 2).map_err(|_| failed("a marker segment is too long"))?;
    file.extend([0xff, marker]);
    file.extend(length.to_be_bytes());
    file.extend(data);
    Ok(())
}

fn failed(reason: &str) -> ImageError {
    ImageError::Encode { format: Format::Jpeg, reason: reason.to_owned() }
}

#[cfg(test)]
#[allow(clippy::cast_possible_truncation, reason = "samples of drawings")]
mod tests {
    use super::super::super::{Limits, Prepare, Size, Source};
    use super::*;

    /// Smooth at the top, noise below: symbols that the beginning has not.
    fn drawing(channels: Channels) -> Pixels {
        let mut state = 1_u32;
        let size = Size::new(150, 130);
        let mut data = Vec::new();
        for y in 0..size.height {
            for index in 0..size.width * u32::try_from(channels.count()).unwrap() {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                data.push(if y < 40 { (index / 4 + y) as u8 } else { (state >> 24) as u8 });
            }
        }
        Pixels::new(size, channels, data).unwrap()
    }

    #[test]
    fn an_image_of_more_symbols_than_are_kept_is_the_same_image() {
        for channels in [Channels::Luma, Channels::Rgb] {
            for quality in [1, 60, 100] {
                let pixels = drawing(channels);
                let whole = encode(&pixels, quality, Subsampling::Cs420, None).unwrap();
                let decoded = |file: &[u8]| Prepare::new().apply(&Source::new(file, &Limits::default()).unwrap()).unwrap().into_pixels();
                for kept in [0, 1000] {
                    let early = encode_keeping(&pixels, quality, Subsampling::Cs420, None, kept).unwrap();
                    assert!(early.len() >= whole.len());
                    assert_eq!(decoded(&early), decoded(&whole), "quality {quality}, {kept} symbols kept");
                }
            }
        }
    }
}
