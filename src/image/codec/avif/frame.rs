//! A decoded frame: its tiles, its alpha, and the part of it that is shown, as rows.

use std::borrow::Borrow;

use super::{
    super::heif::{Crop, Yuv},
    Channels, Format, ImageError, Picture, Pixels, Rows, Size, Tile, Warning, buffer,
    convert::{Matrix, Scratch},
    damaged, unmultiplied, unsupported,
};

/// Decoded tiles of equal size, row by row.
pub(super) struct Mosaic {
    tiles: Vec<Tile>,
    columns: usize,
    size: Size,
    matrix: Matrix,
}

/// A tile, and how its samples become colours.
pub(super) type Decoded = (Tile, Yuv);

impl Mosaic {
    /// A picture of `size` of decoded tiles, `columns` in a row.
    pub(super) fn new(
        decoded: impl IntoIterator<Item = Result<Decoded, ImageError>>,
        columns: usize,
        size: Size,
    ) -> Result<Self, ImageError> {
        let mut tiles: Vec<Tile> = Vec::new();
        let mut matrix = None;
        for decoded in decoded {
            let (tile, (code, primaries, full_range)) = decoded?;
            if let Some(first) = tiles.first()
                && (first.width, first.height, first.bits) != (tile.width, tile.height, tile.bits)
            {
                return Err(damaged("found tiles of unequal size or depth".to_owned()));
            }
            if matrix.is_none() {
                let reason = || format!("matrix coefficients {code}{} are not supported", name(code));
                matrix = Some(Matrix::new(code, primaries, full_range, tile.bits).ok_or_else(|| unsupported(reason()))?);
            }
            tiles.push(tile);
        }
        let (Some(first), Some(matrix)) = (tiles.first(), matrix) else {
            return Err(damaged("it has no tiles".to_owned()));
        };
        let rows = tiles.len() / columns.max(1);
        let covered = (first.width * columns, first.height * rows);
        if covered.0 < size.width as usize || covered.1 < size.height as usize {
            return Err(damaged(format!("found tiles for {}x{} pixels, expected {size}", covered.0, covered.1)));
        }
        Ok(Self { tiles, columns, size, matrix })
    }

    /// Fills `line` with row `y`, `channels` samples a pixel: 3 for RGB, 1 for alpha.
    fn row(&self, y: usize, channels: usize, scratch: &mut Scratch, line: &mut [u8]) {
        let Some(first) = self.tiles.first() else { return };
        let (across, down) = (first.width * channels, first.height);
        let tiles = self.tiles.chunks(self.columns).nth(y / down).unwrap_or_default();
        for (tile, out) in tiles.iter().zip(line.chunks_mut(across)) {
            if channels == 3 {
                tile.rgb_row(&self.matrix, y % down, scratch, out);
            } else {
                tile.luma_row(&self.matrix, y % down, scratch, out);
            }
        }
    }
}

/// What ITU-T H.273 calls matrix coefficients that are not read.
const fn name(code: u16) -> &'static str {
    match code {
        10 => " (BT.2020, constant luminance)",
        11 => " (SMPTE ST 2085)",
        12 => " (derived from primaries that are not read)",
        13 => " (derived from the primaries, constant luminance)",
        14 => " (ICtCp)",
        15 => " (IPT-C2)",
        16 => " (YCgCo-Re)",
        17 => " (YCgCo-Ro)",
        _ => "",
    }
}

/// Colours and alpha of a picture, and the part that is shown.
pub(super) struct Frame {
    colour: Mosaic,
    alpha: Option<Mosaic>,
    premultiplied: bool,
    crop: Crop,
}

impl Frame {
    /// A frame of colours that may have been multiplied by their alpha.
    pub(super) fn new(colour: Mosaic, alpha: Option<Mosaic>, premultiplied: bool, crop: Crop) -> Result<Self, ImageError> {
        match alpha {
            Some(alpha) if alpha.size != colour.size => {
                Err(damaged(format!("found alpha of {} pixels, expected {}", alpha.size, colour.size)))
            }
            alpha => Ok(Self { colour, alpha, premultiplied, crop }),
        }
    }

    /// All that is shown.
    pub(super) fn pixels(&self) -> Result<Pixels, ImageError> {
        let mut rows = FrameRows::new(self);
        let (size, channels) = (rows.size(), rows.channels());
        let mut data = buffer(Format::Avif, size.pixels() * channels.count() as u64, 0)?;
        rows.read(&mut data)?;
        Pixels::new(size, channels, data)
    }
}

/// The rows of a frame, converted as they are asked for.
pub(super) struct FrameRows<F> {
    frame: F,
    next: u32,
    line: Vec<u8>,
    alpha_line: Vec<u8>,
    scratch: Scratch,
}

impl<F: Borrow<Frame>> FrameRows<F> {
    /// All rows.
    pub(super) fn new(frame: F) -> Self {
        let Frame { colour, alpha, .. } = frame.borrow();
        let line = vec![0; colour.size.width as usize * 3];
        let alpha_line = alpha.as_ref().map_or_else(Vec::new, |alpha| vec![255; alpha.size.width as usize]);
        Self { frame, next: 0, line, alpha_line, scratch: Scratch::default() }
    }
}

impl<F: Borrow<Frame>> Rows for FrameRows<F> {
    fn size(&self) -> Size {
        self.frame.borrow().crop.size
    }

    fn channels(&self) -> Channels {
        if self.frame.borrow().alpha.is_some() { Channels::Rgba } else { Channels::Rgb }
    }

    fn read(&mut self, band: &mut [u8]) -> Result<u32, ImageError> {
        let channels = self.channels().count();
        let Frame { colour, alpha, premultiplied, crop } = self.frame.borrow();
        let mut count = 0;
        for row in band.chunks_exact_mut(crop.size.width as usize * channels) {
            if self.next == crop.size.height {
                break;
            }
            let y = (crop.top + self.next) as usize;
            colour.row(y, 3, &mut self.scratch, &mut self.line);
            let from = self.line.get(crop.left as usize * 3..).unwrap_or_default();
            if let Some(alpha) = alpha {
                alpha.row(y, 1, &mut self.scratch, &mut self.alpha_line);
                let alpha = self.alpha_line.get(crop.left as usize..).unwrap_or_default();
                for ((pixel, colour), &alpha) in row.chunks_exact_mut(4).zip(from.chunks_exact(3)).zip(alpha) {
                    let [r, g, b, a] = pixel else { continue };
                    for (to, &from) in [r, g, b].into_iter().zip(colour) {
                        *to = if *premultiplied { unmultiplied(from, alpha) } else { from };
                    }
                    *a = alpha;
                }
            } else if let Some(from) = from.get(..row.len()) {
                row.copy_from_slice(from);
            }
            self.next += 1;
            count += 1;
        }
        Ok(count)
    }
}

impl<F: Borrow<Frame>> Picture for FrameRows<F> {
    fn warnings(&self) -> Vec<Warning> {
        Vec::new()
    }
}
