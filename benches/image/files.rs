//! The drawn pictures as files. Where cog-kit writes no such file, a codec that it reads with does.

use cog_kit::image::{Encode, Pixels, Size};
use jpeg_encoder::{Encoder, SamplingFactor};

use crate::drawn::{SIZE, cut_out, photo};

/// Every picture that is measured, drawn and written once.
pub(crate) struct Files {
    pub(crate) rgb: Pixels,
    pub(crate) rgba: Pixels,
    pub(crate) jpeg: Vec<u8>,
    pub(crate) progressive_jpeg: Vec<u8>,
    pub(crate) png: Vec<u8>,
    pub(crate) png_rgba: Vec<u8>,
    pub(crate) webp: Vec<u8>,
    pub(crate) lossless_webp: Vec<u8>,
    pub(crate) gif: Vec<u8>,
    /// 512 × 342 pixels.
    pub(crate) small_rgb: Pixels,
    /// The same as JPEG.
    pub(crate) small_jpeg: Vec<u8>,
}

impl Files {
    pub(crate) fn new() -> Self {
        let (rgb, rgba, small_rgb) = (photo(SIZE), cut_out(SIZE), photo(Size::new(512, 342)));
        Self {
            jpeg: Encode::jpeg(90).to_vec(&rgb).unwrap(),
            progressive_jpeg: progressive_jpeg(&rgb),
            png: Encode::png().to_vec(&rgb).unwrap(),
            png_rgba: Encode::png().to_vec(&rgba).unwrap(),
            webp: Encode::webp(80).to_vec(&rgb).unwrap(),
            lossless_webp: lossless_webp(&rgb),
            gif: gif(&rgb),
            small_jpeg: Encode::jpeg(90).to_vec(&small_rgb).unwrap(),
            rgb,
            rgba,
            small_rgb,
        }
    }
}

fn progressive_jpeg(pixels: &Pixels) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 90);
    encoder.set_progressive(true);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    let (width, height) = sides(pixels);
    encoder.encode(pixels.as_bytes(), width, height, jpeg_encoder::ColorType::Rgb).unwrap();
    file
}

fn lossless_webp(pixels: &Pixels) -> Vec<u8> {
    let mut file = Vec::new();
    let Size { width, height } = pixels.size();
    image_webp::WebPEncoder::new(&mut file).encode(pixels.as_bytes(), width, height, image_webp::ColorType::Rgb8).unwrap();
    file
}

/// One frame in the 216 colours of which each channel has six levels.
fn gif(pixels: &Pixels) -> Vec<u8> {
    let palette: Vec<u8> = (0..216_u8).flat_map(|index| [index / 36, index / 6 % 6, index % 6].map(|level| level * 51)).collect();
    let level = |sample: u8| (u16::from(sample) + 25) / 51;
    let indices: Vec<u8> = pixels
        .as_bytes()
        .chunks_exact(3)
        .map(|pixel| {
            let [red, green, blue] = [pixel[0], pixel[1], pixel[2]].map(level);
            (red * 36 + green * 6 + blue) as u8
        })
        .collect();
    let (width, height) = sides(pixels);
    let mut file = Vec::new();
    let mut encoder = gif::Encoder::new(&mut file, width, height, &[]).unwrap();
    encoder.write_frame(&gif::Frame::from_palette_pixels(width, height, indices, palette, None)).unwrap();
    drop(encoder);
    file
}

fn sides(pixels: &Pixels) -> (u16, u16) {
    let Size { width, height } = pixels.size();
    (width as u16, height as u16)
}
