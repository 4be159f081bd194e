//! The canvas of an animation, on which frames are put and from which they are taken again.

use std::ops::Range;

use super::{Channels, ImageError, Pixels, Size};

/// A rectangle on the canvas; what reaches outside of it is cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Area {
    pub(super) left: usize,
    pub(super) top: usize,
    pub(super) width: usize,
    pub(super) height: usize,
}

impl Area {
    /// The columns of row `y` of the canvas that are in it.
    pub(super) fn columns(self, y: usize) -> Range<usize> {
        if (self.top..self.top.saturating_add(self.height)).contains(&y) { self.left..self.left.saturating_add(self.width) } else { 0..0 }
    }

    /// Whether it covers a canvas of this size.
    pub(super) fn covers(self, size: Size) -> bool {
        (self.left, self.top) == (0, 0) && self.width >= size.width as usize && self.height >= size.height as usize
    }
}

/// What becomes of a frame's area before the next frame is put on the canvas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Disposal {
    /// It stays.
    #[default]
    Keep,
    /// It becomes transparent.
    Clear,
    /// It becomes what it was before the frame.
    Restore,
}

/// RGBA pixels, transparent at first.
pub(super) struct Canvas {
    size: Size,
    data: Vec<u8>,
    disposal: Disposal,
    area: Area,
    /// What the area was before the frame, row by row, where it is to be restored.
    saved: Vec<u8>,
}

impl Canvas {
    /// A transparent canvas in `data`, which holds `size` RGBA pixels.
    pub(super) fn new(size: Size, data: Vec<u8>) -> Self {
        Self { size, data, disposal: Disposal::Keep, area: Area::default(), saved: Vec::new() }
    }

    /// Takes the last frame off and makes ready for one in `area`, which will be taken off by `disposal`.
    pub(super) fn begin(&mut self, area: Area, disposal: Disposal) {
        let old = self.area;
        match self.disposal {
            Disposal::Keep => {}
            Disposal::Clear => (0..old.height).for_each(|y| self.row(old, y).fill(0)),
            Disposal::Restore => {
                let saved = std::mem::take(&mut self.saved);
                let stride = self.row(old, 0).len().max(1);
                for (y, from) in saved.chunks_exact(stride).enumerate() {
                    let to = self.row(old, y);
                    if to.len() == from.len() {
                        to.copy_from_slice(from);
                    }
                }
            }
        }
        self.saved.clear();
        if disposal == Disposal::Restore {
            for y in 0..area.height {
                let row = self.row(area, y).to_vec();
                self.saved.extend_from_slice(&row);
            }
        }
        (self.area, self.disposal) = (area, disposal);
    }

    /// Row `y` of an area, as far as it is on the canvas; empty where it is not.
    pub(super) fn row(&mut self, area: Area, y: usize) -> &mut [u8] {
        let (width, height) = (self.size.width as usize, self.size.height as usize);
        let line = area.top.saturating_add(y);
        if line >= height || area.left >= width || y >= area.height {
            return &mut [];
        }
        let start = (line * width + area.left) * 4;
        let length = area.width.min(width - area.left) * 4;
        self.data.get_mut(start..start + length).unwrap_or_default()
    }

    /// A copy of what the canvas shows.
    pub(super) fn pixels(&self) -> Result<Pixels, ImageError> {
        Pixels::new(self.size, Channels::Rgba, self.data.clone())
    }

    /// What the canvas shows.
    pub(super) fn into_pixels(self) -> Result<Pixels, ImageError> {
        Pixels::new(self.size, Channels::Rgba, self.data)
    }
}

/// Puts a row of straight RGBA over another.
pub(super) fn blend(over: &[u8], onto: &mut [u8]) {
    for (over, onto) in over.chunks_exact(4).zip(onto.chunks_exact_mut(4)) {
        let ([.., top_alpha], [.., below_alpha]) = (over, &*onto) else { continue };
        match *top_alpha {
            255 => onto.copy_from_slice(over),
            0 => {}
            _ => {
                let (top, below) = (u32::from(*top_alpha) * 255, u32::from(*below_alpha) * (255 - u32::from(*top_alpha)));
                let alpha = top + below;
                for (onto, &over) in onto.iter_mut().zip(over).take(3) {
                    let mixed = (u32::from(over) * top + u32::from(*onto) * below + alpha / 2) / alpha;
                    *onto = u8::try_from(mixed).unwrap_or(u8::MAX);
                }
                if let Some(below_alpha) = onto.last_mut() {
                    *below_alpha = u8::try_from((alpha + 127) / 255).unwrap_or(u8::MAX);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canvas() -> Canvas {
        let size = Size::new(3, 2);
        Canvas::new(size, (1..=24).collect())
    }

    #[test]
    fn frames_are_taken_off_as_they_ask() {
        let area = Area { left: 1, top: 1, width: 9, height: 9 };
        for (disposal, expected) in
            [(Disposal::Keep, [99; 8]), (Disposal::Clear, [0; 8]), (Disposal::Restore, [17, 18, 19, 20, 21, 22, 23, 24])]
        {
            let mut canvas = canvas();
            canvas.begin(area, disposal);
            (0..9).for_each(|y| canvas.row(area, y).fill(99));
            canvas.begin(Area::default(), Disposal::Keep);
            let pixels = canvas.into_pixels().unwrap();
            assert_eq!(&pixels.as_bytes()[16..], expected, "{disposal:?}");
            assert_eq!(pixels.as_bytes()[..16], (1..=16).collect::<Vec<_>>(), "{disposal:?} beside the area");
        }
    }

    #[test]
    fn areas_outside_of_the_canvas_have_no_rows() {
        let mut canvas = canvas();
        for area in [Area { left: 3, top: 0, width: 1, height: 1 }, Area { left: 0, top: usize::MAX, width: 1, height: 1 }] {
            assert!(canvas.row(area, 0).is_empty(), "{area:?}");
        }
    }

    #[test]
    fn blending_mixes_by_alpha() {
        let cases = [
            ([10, 20, 30, 255], [1, 2, 3, 4], [10, 20, 30, 255]),
            ([10, 20, 30, 0], [1, 2, 3, 4], [1, 2, 3, 4]),
            ([200, 0, 0, 128], [0, 0, 200, 255], [100, 0, 100, 255]),
            ([200, 0, 0, 128], [77, 77, 77, 0], [200, 0, 0, 128]),
        ];
        for (over, onto, expected) in cases {
            let mut found = onto;
            blend(&over, &mut found);
            assert!(found.iter().zip(expected).all(|(found, expected)| found.abs_diff(expected) <= 1), "{over:?} {onto:?}: {found:?}");
        }
    }
}
