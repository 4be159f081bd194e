//! EXIF orientation, 1 to 8.

use super::{Point, Region, Size};

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

impl Orientation {
    /// The orientation that undoes this one.
    pub const fn inverse(self) -> Self {
        match self {
            Self::Rotate90 => Self::Rotate270,
            Self::Rotate270 => Self::Rotate90,
            other => other,
        }
    }

    /// Where a point of the stored picture, of size `stored`, lies once the picture stands upright.
    pub fn upright_point(self, point: Point, stored: Size) -> Point {
        let (x, y) = (point.x, point.y);
        let (right, below) = (f64::from(stored.width) - x, f64::from(stored.height) - y);
        match self {
            Self::Upright => point,
            Self::FlipHorizontal => Point::new(right, y),
            Self::Rotate180 => Point::new(right, below),
            Self::FlipVertical => Point::new(x, below),
            Self::Transpose => Point::new(y, x),
            Self::Rotate90 => Point::new(below, x),
            Self::Transverse => Point::new(below, right),
            Self::Rotate270 => Point::new(y, right),
        }
    }

    /// Where a point of the upright picture lies in the stored one, of size `stored`.
    pub fn stored_point(self, point: Point, stored: Size) -> Point {
        self.inverse().upright_point(point, self.upright_size(stored))
    }

    /// The rectangle of the stored picture, of size `stored`, that `region` of the upright one shows.
    pub fn stored_region(self, region: Region, stored: Size) -> Region {
        Region::between(self.stored_point(region.top_left(), stored), self.stored_point(region.bottom_right(), stored))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Orientation; 8] = [
        Orientation::Upright,
        Orientation::FlipHorizontal,
        Orientation::Rotate180,
        Orientation::FlipVertical,
        Orientation::Transpose,
        Orientation::Rotate90,
        Orientation::Transverse,
        Orientation::Rotate270,
    ];

    #[test]
    fn points_turn_upright_and_back() {
        let stored = Size::new(40, 30);
        for orientation in ALL {
            let point = Point::new(3.0, 7.5);
            let upright = orientation.upright_point(point, stored);
            assert_eq!(orientation.stored_point(upright, stored), point, "{orientation:?}");
            let size = orientation.upright_size(stored);
            assert!(upright.x <= f64::from(size.width) && upright.y <= f64::from(size.height), "{orientation:?}");
        }
    }

    #[test]
    fn regions_keep_their_area_in_stored_coordinates() {
        let stored = Size::new(40, 30);
        for orientation in ALL {
            let whole = Region::whole(orientation.upright_size(stored));
            assert_eq!(orientation.stored_region(whole, stored), Region::whole(stored), "{orientation:?}");
        }
        let quarter = Region::new(0.0, 0.0, 15.0, 10.0);
        assert_eq!(Orientation::Rotate90.stored_region(quarter, stored), Region::new(0.0, 15.0, 10.0, 15.0));
    }
}
