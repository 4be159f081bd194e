//! Points and rectangles, in pixels.

use super::Size;

/// A position in pixels: (0, 0) is the top left corner of the picture, so the centre of its first pixel is (0.5, 0.5).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Pixels from the left edge.
    pub x: f64,
    /// Pixels from the top edge.
    pub y: f64,
}

impl Point {
    /// A point from its two coordinates.
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }
}

/// A rectangle in pixels, whose edges may lie between pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Region {
    /// Pixels from the picture's left edge.
    pub left: f64,
    /// Pixels from the picture's top edge.
    pub top: f64,
    /// Width in pixels.
    pub width: f64,
    /// Height in pixels.
    pub height: f64,
}

impl Region {
    /// A rectangle from its left and top edge and its sides.
    pub const fn new(left: f64, top: f64, width: f64, height: f64) -> Self {
        Self { left, top, width, height }
    }

    /// All of a picture.
    pub fn whole(size: Size) -> Self {
        Self::new(0.0, 0.0, size.width.into(), size.height.into())
    }

    /// The rectangle between two opposite corners, whichever they are.
    pub fn between(a: Point, b: Point) -> Self {
        Self::new(a.x.min(b.x), a.y.min(b.y), (a.x - b.x).abs(), (a.y - b.y).abs())
    }

    /// The middle of a picture, as large as `width` and `height` say.
    pub(super) fn centred(width: f64, height: f64, size: Size) -> Self {
        Self::new((f64::from(size.width) - width) / 2.0, (f64::from(size.height) - height) / 2.0, width, height)
    }

    /// The part of it that lies within a picture; without width or height if none does.
    #[must_use]
    pub fn clipped(self, size: Size) -> Self {
        let (width, height) = (f64::from(size.width), f64::from(size.height));
        let corner = |point: Point| Point::new(point.x.clamp(0.0, width), point.y.clamp(0.0, height));
        Self::between(corner(self.top_left()), corner(self.bottom_right()))
    }

    /// Pixels from the picture's left edge to the rectangle's right one.
    pub fn right(self) -> f64 {
        self.left + self.width
    }

    /// Pixels from the picture's top edge to the rectangle's bottom.
    pub fn bottom(self) -> f64 {
        self.top + self.height
    }

    /// The top left corner.
    pub const fn top_left(self) -> Point {
        Point::new(self.left, self.top)
    }

    /// The bottom right corner.
    pub fn bottom_right(self) -> Point {
        Point::new(self.right(), self.bottom())
    }
}
