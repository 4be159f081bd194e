//! EXIF orientation, 1 to 8.

use super::Size;

/// How the stored pixels must be turned to stand upright: EXIF's numbers, named clockwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[repr(u8)]
pub enum Orientation {
    /// 1: already upright.
    #[default]
    Upright = 1,
    /// 2: mirrored left to right.
    FlipHorizontal = 2,
    /// 3: turned by half.
    Rotate180 = 3,
    /// 4: mirrored top to bottom.
    FlipVertical = 4,
    /// 5: rows and columns exchanged.
    Transpose = 5,
    /// 6: to be turned a quarter clockwise.
    Rotate90 = 6,
    /// 7: rows and columns exchanged over the other diagonal.
    Transverse = 7,
    /// 8: to be turned a quarter counter-clockwise.
    Rotate270 = 8,
}

impl Orientation {
    /// The orientation with EXIF's number, if there is one.
    pub const fn from_exif(number: u32) -> Option<Self> {
        Some(match number {
            1 => Self::Upright,
            2 => Self::FlipHorizontal,
            3 => Self::Rotate180,
            4 => Self::FlipVertical,
            5 => Self::Transpose,
            6 => Self::Rotate90,
            7 => Self::Transverse,
            8 => Self::Rotate270,
            _ => return None,
        })
    }

    /// EXIF's number, 1 to 8.
    pub const fn to_exif(self) -> u8 {
        self as u8
    }

    /// Whether making it upright exchanges width and height.
    pub const fn swaps_sides(self) -> bool {
        matches!(self, Self::Transpose | Self::Rotate90 | Self::Transverse | Self::Rotate270)
    }

    /// The size after turning a picture of the stored `size` upright.
    pub const fn upright_size(self, size: Size) -> Size {
        if self.swaps_sides() { size.transposed() } else { size }
    }
}
