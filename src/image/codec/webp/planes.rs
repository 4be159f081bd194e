//! Luma and chroma of a whole picture, handed out strip by strip.

use super::super::super::{Format, ImageError, Levels, PlaneLayout, Planes, Size};

/// Rows of luma that are handed out at once.
const STRIP_ROWS: usize = 16;

/// A picture in planes, chroma half as wide and half as high.
pub(super) struct WholePlanes {
    layouts: [PlaneLayout; 3],
    planes: [Vec<u8>; 3],
    /// The strip that comes next.
    strip: usize,
}

impl WholePlanes {
    /// Black planes for a picture of this size; none if there is no memory for them.
    pub(super) fn new(size: Size) -> Option<Self> {
        let half = Size::new(size.width.div_ceil(2), size.height.div_ceil(2));
        let layout = |size: Size, scale, rows| PlaneLayout { size, scale: (scale, scale), stride: size.width as usize, rows };
        let layouts = [layout(size, 1.0, STRIP_ROWS), layout(half, 0.5, STRIP_ROWS / 2), layout(half, 0.5, STRIP_ROWS / 2)];
        let plane = |layout: &PlaneLayout| super::super::buffer(Format::WebP, layout.size.pixels(), 0).ok();
        let planes = [plane(&layouts[0])?, plane(&layouts[1])?, plane(&layouts[2])?];
        Some(Self { layouts, planes, strip: 0 })
    }

    /// The planes, for a decoder to fill in.
    pub(super) const fn parts(&mut self) -> &mut [Vec<u8>; 3] {
        &mut self.planes
    }
}

impl Planes for WholePlanes {
    fn layouts(&self) -> &[PlaneLayout] {
        &self.layouts
    }

    fn levels(&self) -> Levels {
        Levels::Limited
    }

    fn read(&mut self, targets: &mut [&mut [u8]]) -> Result<(), ImageError> {
        for ((plane, layout), target) in self.planes.iter().zip(&self.layouts).zip(targets) {
            // What is below the picture stays as it is: no weight falls on it.
            let rest = plane.get(self.strip * layout.rows * layout.stride..).unwrap_or_default();
            let length = rest.len().min(target.len());
            if let (Some(target), Some(rest)) = (target.get_mut(..length), rest.get(..length)) {
                target.copy_from_slice(rest);
            }
        }
        self.strip += 1;
        Ok(())
    }
}
