//! What is shown of a coded picture, and how it is turned.

use heifer_isobmff::boxes::Property;

use super::{Format, ImageError, Orientation, Size};

/// A rectangle of a picture, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct Crop {
    pub(in super::super) left: u32,
    pub(in super::super) top: u32,
    pub(in super::super) size: Size,
}

/// What is shown of a coded picture, and how it is to be turned.
pub(super) struct Placing {
    pub(super) crop: Crop,
    pub(super) orientation: Orientation,
}

/// Crop, turns and mirrors of a picture of `size`; by the rules of the container they stand in this order.
pub(super) fn placing<'p>(format: Format, size: Size, properties: impl Iterator<Item = &'p Property>) -> Result<Placing, ImageError> {
    let mut crop = Crop { left: 0, top: 0, size };
    let mut turn = Turn::default();
    for property in properties {
        match *property {
            Property::CleanAperture { width, height, horiz_offset, vert_offset } => {
                if turn != Turn::default() {
                    return Err(ImageError::Unsupported { format, reason: "it is cropped after it was turned".to_owned() });
                }
                let (across, down) = (span(crop.size.width, width, horiz_offset), span(crop.size.height, height, vert_offset));
                let (Some((left, width)), Some((top, height))) = (across, down) else {
                    return Err(ImageError::Damaged { format, reason: "it is cropped to nothing".to_owned() });
                };
                crop = Crop { left, top, size: Size::new(width, height) };
            }
            Property::Rotation(quarters) => turn = turn.counter_clockwise(quarters),
            Property::Mirror(top_and_bottom) => turn = turn.mirror(top_and_bottom),
            _ => {}
        }
    }
    Ok(Placing { crop, orientation: turn.orientation() })
}

/// Start and length of what is left of a side of `whole` pixels; none if that is nothing.
fn span(whole: u32, length: (u32, u32), offset: (i32, u32)) -> Option<(u32, u32)> {
    if length.1 == 0 || offset.1 == 0 {
        return None;
    }
    let length = f64::from(length.0) / f64::from(length.1);
    let centre = f64::from(offset.0) / f64::from(offset.1) + (f64::from(whole) - 1.0) / 2.0;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates, which is what is wanted")]
    let (start, length) = ((centre - (length - 1.0) / 2.0).round() as u32, length.round() as u32);
    let start = start.min(whole);
    let length = length.min(whole - start);
    (length > 0).then_some((start, length))
}

/// Mirrored left to right if so, and then turned clockwise by quarters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Turn {
    mirrored: bool,
    quarters: u8,
}

impl Turn {
    const fn counter_clockwise(self, quarters: u8) -> Self {
        Self { quarters: (self.quarters + 4 - quarters % 4) % 4, ..self }
    }

    /// A mirror behind a turn is the opposite turn behind a mirror; top and bottom are left and right, turned by half.
    const fn mirror(self, top_and_bottom: bool) -> Self {
        let half = if top_and_bottom { 2 } else { 0 };
        Self { mirrored: !self.mirrored, quarters: (4 - self.quarters + half) % 4 }
    }

    const fn orientation(self) -> Orientation {
        match (self.mirrored, self.quarters) {
            (false, 1) => Orientation::Rotate90,
            (false, 2) => Orientation::Rotate180,
            (false, 3) => Orientation::Rotate270,
            (false, _) => Orientation::Upright,
            (true, 1) => Orientation::Transverse,
            (true, 2) => Orientation::FlipVertical,
            (true, 3) => Orientation::Transpose,
            (true, _) => Orientation::FlipHorizontal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_and_mirrors_add_up() {
        let plain = Turn::default();
        let cases = [
            (plain, Orientation::Upright),
            (plain.counter_clockwise(1), Orientation::Rotate270),
            (plain.counter_clockwise(3), Orientation::Rotate90),
            (plain.mirror(false), Orientation::FlipHorizontal),
            (plain.mirror(true), Orientation::FlipVertical),
            (plain.counter_clockwise(1).counter_clockwise(1), Orientation::Rotate180),
            // A quarter counter-clockwise sends (x, y) to (y, w-1-x); the mirrors then exchange the axes.
            (plain.counter_clockwise(1).mirror(true), Orientation::Transpose),
            (plain.counter_clockwise(1).mirror(false), Orientation::Transverse),
            (plain.counter_clockwise(2).mirror(true), Orientation::FlipHorizontal),
            (plain.mirror(true).mirror(false), Orientation::Rotate180),
        ];
        for (turn, expected) in cases {
            assert_eq!(turn.orientation(), expected, "{turn:?}");
        }
    }

    #[test]
    fn crops_stay_inside() {
        let cases = [
            ((100, (50, 1), (0, 1)), Some((25, 50))),
            ((100, (50, 1), (25, 1)), Some((50, 50))),
            ((100, (50, 1), (-40, 1)), Some((0, 50))),
            ((100, (50, 1), (1000, 1)), None),
            ((100, (0, 1), (0, 1)), None),
            ((100, (1, 0), (0, 1)), None),
            ((100, (u32::MAX, 1), (0, 1)), Some((0, 100))),
        ];
        for ((whole, length, offset), expected) in cases {
            assert_eq!(span(whole, length, offset), expected, "{whole} {length:?} {offset:?}");
        }
    }
}
