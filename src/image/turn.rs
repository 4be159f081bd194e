//! Pixels, turned upright.

use super::{Channels, ImageError, Orientation, Pixels, Size};

/// Pixels of a side of the squares in which rows and columns are exchanged, so that both stay in the cache.
const TILE: usize = 32;

/// The picture as it stands upright.
pub(super) fn turn(pixels: Pixels, orientation: Orientation) -> Result<Pixels, ImageError> {
    if orientation == Orientation::Upright {
        return Ok(pixels);
    }
    match pixels.channels() {
        Channels::Luma => turn_samples::<1>(pixels, orientation),
        Channels::LumaAlpha => turn_samples::<2>(pixels, orientation),
        Channels::Rgb => turn_samples::<3>(pixels, orientation),
        Channels::Rgba => turn_samples::<4>(pixels, orientation),
    }
}

fn turn_samples<const N: usize>(pixels: Pixels, orientation: Orientation) -> Result<Pixels, ImageError> {
    let (size, channels) = (pixels.size(), pixels.channels());
    let mut data = pixels.into_bytes();
    if orientation.swaps_sides() {
        let mut target = vec![0; data.len()];
        exchange(data.as_chunks::<N>().0, size, target.as_chunks_mut().0, orientation);
        data = target;
    } else {
        mirror(data.as_chunks_mut::<N>().0, size, orientation);
    }
    Pixels::new(orientation.upright_size(size), channels, data)
}

/// Orientations 2 to 4: rows stay rows, and pixels change places.
fn mirror<const N: usize>(pixels: &mut [[u8; N]], size: Size, orientation: Orientation) {
    let width = size.width.max(1) as usize;
    match orientation {
        Orientation::Rotate180 => pixels.reverse(),
        Orientation::FlipVertical => {
            let mut rows = pixels.chunks_exact_mut(width);
            while let (Some(upper), Some(lower)) = (rows.next(), rows.next_back()) {
                upper.swap_with_slice(lower);
            }
        }
        _ => pixels.chunks_exact_mut(width).for_each(<[_]>::reverse),
    }
}

/// Orientations 5 to 8: a row becomes a column.
fn exchange<const N: usize>(source: &[[u8; N]], size: Size, target: &mut [[u8; N]], orientation: Orientation) {
    let (width, height) = (size.width as usize, size.height as usize);
    // Counted from the right or bottom edge of the stored picture?
    let from_bottom = matches!(orientation, Orientation::Rotate90 | Orientation::Transverse);
    let from_right = matches!(orientation, Orientation::Rotate270 | Orientation::Transverse);
    for tile_x in (0..width).step_by(TILE) {
        for tile_y in (0..height).step_by(TILE) {
            for x in tile_x..width.min(tile_x + TILE) {
                let stored_x = if from_right { width - 1 - x } else { x };
                let start = x * height + tile_y;
                let end = x * height + height.min(tile_y + TILE);
                let Some(row) = target.get_mut(start..end) else { continue };
                for (to, y) in row.iter_mut().zip(tile_y..) {
                    let stored_y = if from_bottom { height - 1 - y } else { y };
                    if let Some(from) = source.get(stored_y * width + stored_x) {
                        *to = *from;
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Point;

    /// Every pixel says where it was stored.
    fn numbered(size: Size, channels: Channels) -> Pixels {
        let mut data = Vec::new();
        for y in 0..size.height {
            for x in 0..size.width {
                for sample in 0..channels.count() {
                    data.push(u8::try_from((x * 3 + y * 41 + u32::try_from(sample).unwrap() * 7) % 251).unwrap());
                }
            }
        }
        Pixels::new(size, channels, data).unwrap()
    }

    fn pixel(pixels: &Pixels, x: u32, y: u32) -> &[u8] {
        let count = pixels.channels().count();
        let start = (y as usize * pixels.size().width as usize + x as usize) * count;
        &pixels.as_bytes()[start..start + count]
    }

    #[test]
    fn a_small_arrow_stands_upright() {
        // Stored `ab / cd`, and what must be seen, by EXIF's definition of where row 0 and column 0 lie.
        let stored = Pixels::new(Size::new(2, 2), Channels::Luma, b"abcd".to_vec()).unwrap();
        for (number, expected) in
            [(1, b"abcd"), (2, b"badc"), (3, b"dcba"), (4, b"cdab"), (5, b"acbd"), (6, b"cadb"), (7, b"dbca"), (8, b"bdac")]
        {
            let orientation = Orientation::from_exif(number).unwrap();
            assert_eq!(turn(stored.clone(), orientation).unwrap().as_bytes(), expected, "orientation {number}");
        }
    }

    #[test]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small, positive")]
    fn every_pixel_lands_where_its_point_does() {
        for channels in [Channels::Luma, Channels::LumaAlpha, Channels::Rgb, Channels::Rgba] {
            for size in [Size::new(1, 1), Size::new(5, 3), Size::new(67, 35), Size::new(33, 64)] {
                let stored = numbered(size, channels);
                for number in 1..=8 {
                    let orientation = Orientation::from_exif(number).unwrap();
                    let upright = turn(stored.clone(), orientation).unwrap();
                    for y in 0..size.height {
                        for x in 0..size.width {
                            let at = orientation.upright_point(Point::new(f64::from(x) + 0.5, f64::from(y) + 0.5), size);
                            assert_eq!(
                                pixel(&upright, at.x as u32, at.y as u32),
                                pixel(&stored, x, y),
                                "{size} orientation {number} ({x}, {y})"
                            );
                        }
                    }
                    assert_eq!(turn(upright, orientation.inverse()).unwrap(), stored, "{size} orientation {number} and back");
                }
            }
        }
    }
}
