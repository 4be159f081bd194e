//! Rows of pixels: components as large as the image, put together into gray or RGB.

use super::super::{
    super::{
        Channels, Decode, ImageError, Picture, PlaneLayout, Planes, Rows, Scale, Size, Warning,
        cmyk::{Inks, cmyk_from_ycck},
    },
    damaged,
};
use super::{
    super::super::super::shrink::{YCC_TILE, rgb_from_ycc_tiles},
    samples::Samples,
    upsample::Plane,
};

/// What the components stand for.
pub(super) enum Colors {
    /// Each by itself, in their order.
    Separate,
    /// Y, Cb and Cr.
    Ycc,
    /// Cyan, magenta, yellow and black, each stored as what is left of white: so do Adobe's programs, and so is every file read by Pillow, libvips and
    /// OpenCV, with Adobe's marker or without.
    Cmyk { inks: Inks, is_ycck: bool },
}

/// The rows of an image.
pub(super) struct PixelRows<'a> {
    samples: Samples<'a>,
    layouts: Vec<PlaneLayout>,
    planes: Vec<Plane>,
    colors: Colors,
    size: Size,
    /// The row that is handed out next.
    next: u32,
    warnings: Vec<Warning>,
    /// A row of each component.
    lines: Vec<Vec<u8>>,
    /// A row of pixels.
    tiles: Vec<[u8; YCC_TILE * 3]>,
}

impl<'a> PixelRows<'a> {
    /// `warnings` are those that were noticed before.
    pub(super) fn new(samples: Samples<'a>, colors: Colors, options: &Decode, warnings: Vec<Warning>) -> Self {
        let scale = samples.scale(options.scale);
        let size = scale.size(samples.frame.size);
        let width = size.width as usize;
        let layouts = samples.layouts().to_vec();
        let plane = |(number, layout): (usize, &PlaneLayout)| {
            let [across, down] = samples.fractions(number, scale);
            Plane::new(layout.size, layout.stride, width, across, down, scale != Scale::Eighth)
        };
        let planes: Vec<_> = layouts.iter().enumerate().map(plane).collect();
        let tiles = width.div_ceil(YCC_TILE);
        let lines = vec![vec![0; tiles * YCC_TILE]; planes.len()];
        Self { samples, layouts, planes, colors, size, next: 0, warnings, lines, tiles: vec![[0; YCC_TILE * 3]; tiles] }
    }

    /// Samples in a pixel.
    fn count(&self) -> usize {
        match self.colors {
            Colors::Separate => self.planes.len(),
            Colors::Ycc | Colors::Cmyk { .. } => 3,
        }
    }

    /// Decodes until row `y` is there.
    fn decode_to(&mut self, y: usize) -> Result<(), ImageError> {
        while self.planes.iter().any(|plane| !plane.has(y)) {
            let planes = self.planes.iter_mut().zip(&self.layouts);
            let mut targets: Vec<_> = planes.map(|(plane, layout)| plane.next_rows(layout.rows, y)).collect();
            self.samples.read(&mut targets)?;
        }
        Ok(())
    }

    fn write_row(&mut self, y: usize, target: &mut [u8]) {
        match (&self.colors, self.planes.as_mut_slice()) {
            (Colors::Ycc, [luma, blue, red]) => {
                let line = self.lines.first_mut().map(Vec::as_mut_slice).unwrap_or_default();
                let luma = if luma.is_whole() {
                    luma.row(y)
                } else {
                    narrow(luma.wide_row(y), line);
                    line
                };
                rgb_from_ycc_tiles(luma, [blue.wide_row(y), red.wide_row(y)], &mut self.tiles);
                let row = self.tiles.as_flattened();
                target.copy_from_slice(row.get(..target.len()).unwrap_or_default());
            }
            (Colors::Separate, [only]) if only.is_whole() => {
                target.copy_from_slice(only.row(y).get(..target.len()).unwrap_or_default());
            }
            (colors, planes) => {
                let count = planes.len();
                for (plane, line) in planes.iter_mut().zip(&mut self.lines) {
                    narrow(plane.wide_row(y), line);
                }
                match colors {
                    Colors::Cmyk { inks, is_ycck } => {
                        let mut row = vec![0; self.size.width as usize * 4];
                        interleave(&self.lines, &mut row, count);
                        if *is_ycck {
                            row.chunks_exact_mut(4).for_each(cmyk_from_ycck);
                        }
                        row.iter_mut().for_each(|ink| *ink = 255 - *ink);
                        inks.convert(&row, target);
                    }
                    _ => interleave(&self.lines, target, count),
                }
            }
        }
    }
}

/// A sixteenth, rounded.
fn narrow(wide: &[i16], line: &mut [u8]) {
    for (sample, &wide) in line.iter_mut().zip(wide) {
        *sample = u8::try_from((wide + 8) >> 4).unwrap_or(u8::MAX);
    }
}

fn interleave(lines: &[Vec<u8>], row: &mut [u8], count: usize) {
    for (offset, line) in lines.iter().enumerate() {
        for (target, &sample) in row.iter_mut().skip(offset).step_by(count).zip(line) {
            *target = sample;
        }
    }
}

impl Rows for PixelRows<'_> {
    fn size(&self) -> Size {
        self.size
    }

    fn channels(&self) -> Channels {
        if self.count() == 1 { Channels::Luma } else { Channels::Rgb }
    }

    fn read(&mut self, band: &mut [u8]) -> Result<u32, ImageError> {
        let row_bytes = self.size.width as usize * self.count();
        let mut rows = 0;
        for target in band.chunks_exact_mut(row_bytes) {
            if self.next == self.size.height {
                break;
            }
            let y = self.next as usize;
            self.decode_to(y)?;
            self.write_row(y, target);
            self.next += 1;
            rows += 1;
        }
        Ok(rows)
    }
}

impl PixelRows<'_> {
    /// All rows, each component by itself; an error where anything had to be concealed.
    pub(super) fn into_intact(mut self, data: &mut [u8]) -> Result<usize, ImageError> {
        self.read(data)?;
        match self.samples.warnings().is_empty() {
            true => Ok(self.count()),
            false => Err(damaged("the entropy-coded data is damaged or cut off")),
        }
    }
}

impl Picture for PixelRows<'_> {
    fn warnings(&self) -> Vec<Warning> {
        [self.samples.warnings(), self.warnings.clone()].concat()
    }

    fn is_srgb(&self) -> bool {
        matches!(self.colors, Colors::Cmyk { .. })
    }
}
