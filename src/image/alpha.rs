//! Transparency: premultiplied pixels over a background, or kept.
//!
//! Pixels are resampled premultiplied (`resample` does so), so that the colour hidden under transparent pixels never shows.

use super::names::names;
use super::{Channels, ImageError, Pixels, Rgb};

/// What becomes of transparency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Alpha {
    /// The picture is laid over the background: the result is RGB.
    #[default]
    Flatten,
    /// The result is RGBA, straight (not premultiplied), for opaque pictures too; padding is transparent.
    Keep,
    /// The picture is laid over the background, and its alpha is handed out beside it, as [`Prepared::alpha`](super::Prepared::alpha).
    Split,
}

names!(Alpha, "alpha", Flatten = "flatten", Keep = "keep", Split = "split");

/// `value` × `alpha` ÷ 255, rounded.
const fn scaled(value: u8, alpha: u8) -> u8 {
    let product = value as u16 * alpha as u16 + 128;
    // At most 255, since 255 × 255 + 128 gives 255.
    ((product + (product >> 8)) >> 8).to_le_bytes()[0]
}

/// `value` × 255 ÷ `alpha`, rounded and at most 255; 0 where nothing is seen.
const fn unscaled(value: u8, alpha: u8) -> u8 {
    if alpha == 0 {
        return 0;
    }
    let quotient = (value as u16 * 255 + alpha as u16 / 2) / alpha as u16;
    if quotient > 255 { 255 } else { quotient.to_le_bytes()[0] }
}

/// Colours multiplied by alpha; opaque pixels stay as they are.
pub(super) fn premultiplied(pixels: Pixels) -> Pixels {
    with_each_colour(pixels, scaled)
}

/// Premultiplied colours divided by alpha; opaque pixels stay as they are.
pub(super) fn straight(pixels: Pixels) -> Pixels {
    with_each_colour(pixels, unscaled)
}

fn with_each_colour(mut pixels: Pixels, change: impl Fn(u8, u8) -> u8) -> Pixels {
    match pixels.channels() {
        Channels::Luma | Channels::Rgb => {}
        Channels::LumaAlpha => {
            for [grey, alpha] in pixels.as_bytes_mut().as_chunks_mut::<2>().0 {
                *grey = change(*grey, *alpha);
            }
        }
        Channels::Rgba => {
            for [r, g, b, alpha] in pixels.as_bytes_mut().as_chunks_mut::<4>().0 {
                (*r, *g, *b) = (change(*r, *alpha), change(*g, *alpha), change(*b, *alpha));
            }
        }
    }
    pixels
}

/// Premultiplied (or opaque) pixels over a background.
///
/// # Shape
/// `(H, W, 1 to 4)` → `(H, W, 3)`, both u8.
pub(super) fn flatten_premultiplied(pixels: Pixels, background: Rgb) -> Result<Pixels, ImageError> {
    let size = pixels.size();
    let [red, green, blue] = background.to_array();
    let over = |colour: u8, alpha: u8, behind: u8| colour.saturating_add(scaled(behind, 255 - alpha));
    let data = match pixels.channels() {
        Channels::Rgb => return Ok(pixels),
        Channels::Luma => pixels.as_bytes().iter().flat_map(|&grey| [grey; 3]).collect(),
        Channels::LumaAlpha => {
            let (pairs, _) = pixels.as_bytes().as_chunks::<2>();
            pairs.iter().flat_map(|&[grey, alpha]| [over(grey, alpha, red), over(grey, alpha, green), over(grey, alpha, blue)]).collect()
        }
        Channels::Rgba => {
            let (quads, _) = pixels.as_bytes().as_chunks::<4>();
            let mut data = vec![0; quads.len() * 3];
            for (to, &[r, g, b, alpha]) in data.as_chunks_mut::<3>().0.iter_mut().zip(quads) {
                *to = [over(r, alpha, red), over(g, alpha, green), over(b, alpha, blue)];
            }
            data
        }
    };
    Pixels::new(size, Channels::Rgb, data)
}

/// Straight (not premultiplied) pixels over a background.
///
/// # Shape
/// `(H, W, 1 to 4)` → `(H, W, 3)`, both u8.
pub(super) fn flatten_straight(pixels: Pixels, background: Rgb) -> Result<Pixels, ImageError> {
    flatten_premultiplied(premultiplied(pixels), background)
}

/// Premultiplied (or opaque) pixels as straight RGBA.
///
/// # Shape
/// `(H, W, 1 to 4)` → `(H, W, 4)`, both u8.
pub(super) fn straight_rgba(pixels: Pixels) -> Result<Pixels, ImageError> {
    let pixels = straight(pixels);
    let bytes = pixels.as_bytes();
    let data = match pixels.channels() {
        Channels::Luma => bytes.iter().flat_map(|&grey| [grey, grey, grey, 255]).collect(),
        Channels::LumaAlpha => bytes.as_chunks::<2>().0.iter().flat_map(|&[grey, alpha]| [grey, grey, grey, alpha]).collect(),
        Channels::Rgb => bytes.as_chunks::<3>().0.iter().flat_map(|&[r, g, b]| [r, g, b, 255]).collect(),
        Channels::Rgba => return Ok(pixels),
    };
    Pixels::new(pixels.size(), Channels::Rgba, data)
}

/// The alpha of a picture; 255 everywhere if it has none.
///
/// # Shape
/// `(H, W, 1 to 4)` → `(H, W, 1)`, both u8.
pub(super) fn alpha_of(pixels: &Pixels) -> Result<Pixels, ImageError> {
    let count = pixels.channels().count();
    let data = if pixels.channels().has_alpha() {
        pixels.as_bytes().iter().skip(count - 1).step_by(count).copied().collect()
    } else {
        vec![255; pixels.as_bytes().len() / count]
    };
    Pixels::new(pixels.size(), Channels::Luma, data)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Size;

    #[test]
    fn scaling_by_alpha_rounds_to_nearest() {
        for value in 0..=255_u8 {
            for alpha in 0..=255_u8 {
                let exact = f64::from(value) * f64::from(alpha) / 255.0;
                assert!((f64::from(scaled(value, alpha)) - exact).abs() <= 0.5, "{value} {alpha}");
                if alpha == 255 {
                    assert_eq!(unscaled(scaled(value, alpha), alpha), value);
                }
            }
        }
    }

    #[test]
    fn hidden_colours_never_show() {
        let hidden = Pixels::new(Size::new(2, 1), Channels::Rgba, vec![255, 0, 0, 0, 0, 0, 0, 128]).unwrap();
        assert_eq!(flatten_straight(hidden.clone(), Rgb::WHITE).unwrap().as_bytes(), [255, 255, 255, 127, 127, 127]);
        assert_eq!(flatten_straight(hidden, Rgb::new(0, 255, 0)).unwrap().as_bytes(), [0, 255, 0, 0, 127, 0]);
    }

    #[test]
    fn every_kind_of_pixel_becomes_rgb_and_rgba() {
        for (channels, bytes, rgb, rgba) in [
            (Channels::Luma, vec![7], [7, 7, 7], [7, 7, 7, 255]),
            (Channels::LumaAlpha, vec![64, 128], [191, 191, 191], [128, 128, 128, 128]),
            (Channels::Rgb, vec![1, 2, 3], [1, 2, 3], [1, 2, 3, 255]),
            (Channels::Rgba, vec![64, 0, 128, 128], [191, 127, 255], [128, 0, 255, 128]),
        ] {
            let pixels = Pixels::new(Size::new(1, 1), channels, bytes).unwrap();
            assert_eq!(straight_rgba(pixels.clone()).unwrap().as_bytes(), rgba, "{channels:?}");
            assert_eq!(alpha_of(&pixels).unwrap().as_bytes(), [rgba[3]], "{channels:?}");
            assert_eq!(flatten_premultiplied(pixels, Rgb::WHITE).unwrap().as_bytes(), rgb, "{channels:?}");
        }
    }
}
