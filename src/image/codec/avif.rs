//! AVIF by `re_rav1d`: grids, alpha, 8 to 12 bits; rows are converted to RGB as they are asked for.

mod convert;

use re_rav1d::dav1d::{
    Decoder, Error as Av1Error, Picture as Av1Picture, PixelLayout, PlanarImageComponent as Component, Plane as Av1Plane, Settings,
    pixel::YUVRange,
};

use self::convert::{Matrix, Plane, Planes, Scratch};
use super::{
    Channels, Format, ImageError, Limits, Picture, Rows, Size, Warning,
    heif::{self, Coded, Crop},
};

/// Decodes the primary picture; it is not turned.
pub(super) fn open<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Box<dyn Picture + 'a>, ImageError> {
    let still = heif::still(bytes)?;
    let colour = Mosaic::decode(&still.colour, limits)?;
    let alpha = still.alpha.as_ref().map(|alpha| Mosaic::decode(alpha, limits)).transpose()?;
    if let Some(alpha) = &alpha
        && alpha.size != colour.size
    {
        return Err(damaged(format!("found alpha of {} pixels, expected {}", alpha.size, colour.size)));
    }
    let line = vec![0; colour.size.width as usize * 3];
    let alpha_line = alpha.as_ref().map_or_else(Vec::new, |alpha| vec![255; alpha.size.width as usize]);
    Ok(Box::new(AvifRows {
        colour,
        alpha,
        premultiplied: still.premultiplied,
        crop: still.crop,
        next: 0,
        line,
        alpha_line,
        scratch: Scratch::default(),
    }))
}

/// Decoded tiles of equal size.
struct Mosaic {
    tiles: Vec<Planes<Av1Plane>>,
    columns: usize,
    size: Size,
    matrix: Matrix,
}

impl Mosaic {
    fn decode(coded: &Coded<'_>, limits: &Limits) -> Result<Self, ImageError> {
        limits.check_size(coded.size)?;
        let mut tiles: Vec<Planes<Av1Plane>> = Vec::new();
        let mut matrix = None;
        for data in &coded.tiles {
            let picture = decode_av1(data.to_vec(), limits)?;
            let tile = planes(&picture);
            if let Some(first) = tiles.first()
                && (first.width, first.height, first.bits) != (tile.width, tile.height, tile.bits)
            {
                return Err(damaged("found tiles of unequal size or depth".to_owned()));
            }
            if matrix.is_none() {
                // The getters for the stream's own codes panic on reserved ones, which ends this picture alone.
                let (code, primaries, full_range) =
                    coded.yuv.unwrap_or_else(|| (picture.matrix_coefficients() as u16, 2, picture.color_range() == YUVRange::Full));
                let reason = || format!("matrix coefficients {code} are not supported");
                matrix = Some(Matrix::new(code, primaries, full_range, tile.bits).ok_or_else(|| unsupported(reason()))?);
            }
            tiles.push(tile);
        }
        let (Some(first), Some(matrix)) = (tiles.first(), matrix) else {
            return Err(damaged("it has no tiles".to_owned()));
        };
        let rows = tiles.len() / coded.columns.max(1);
        let covered = (first.width * coded.columns, first.height * rows);
        if covered.0 < coded.size.width as usize || covered.1 < coded.size.height as usize {
            return Err(damaged(format!("found tiles for {}x{} pixels, expected {}", covered.0, covered.1, coded.size)));
        }
        Ok(Self { tiles, columns: coded.columns, size: coded.size, matrix })
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

struct AvifRows {
    colour: Mosaic,
    alpha: Option<Mosaic>,
    premultiplied: bool,
    crop: Crop,
    next: u32,
    line: Vec<u8>,
    alpha_line: Vec<u8>,
    scratch: Scratch,
}

impl Rows for AvifRows {
    fn size(&self) -> Size {
        self.crop.size
    }

    fn channels(&self) -> Channels {
        if self.alpha.is_some() { Channels::Rgba } else { Channels::Rgb }
    }

    fn read(&mut self, band: &mut [u8]) -> Result<u32, ImageError> {
        let channels = self.channels().count();
        let mut count = 0;
        for row in band.chunks_exact_mut(self.crop.size.width as usize * channels) {
            if self.next == self.crop.size.height {
                break;
            }
            let y = (self.crop.top + self.next) as usize;
            self.colour.row(y, 3, &mut self.scratch, &mut self.line);
            let from = self.line.get(self.crop.left as usize * 3..).unwrap_or_default();
            if let Some(alpha) = &self.alpha {
                alpha.row(y, 1, &mut self.scratch, &mut self.alpha_line);
                let alpha = self.alpha_line.get(self.crop.left as usize..).unwrap_or_default();
                for ((pixel, colour), &alpha) in row.chunks_exact_mut(4).zip(from.chunks_exact(3)).zip(alpha) {
                    let [r, g, b, a] = pixel else { continue };
                    for (to, &from) in [r, g, b].into_iter().zip(colour) {
                        *to = if self.premultiplied { unmultiplied(from, alpha) } else { from };
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

impl Picture for AvifRows {
    fn warnings(&self) -> Vec<Warning> {
        Vec::new()
    }
}

fn unmultiplied(colour: u8, alpha: u8) -> u8 {
    let (colour, alpha) = (u32::from(colour), u32::from(alpha));
    (colour * 255 + alpha / 2).checked_div(alpha).map_or(0, |straight| u8::try_from(straight).unwrap_or(u8::MAX))
}

/// A decoded picture as planes; they share its memory.
fn planes(picture: &Av1Picture) -> Planes<Av1Plane> {
    let plane = |component| Plane { samples: picture.plane(component), stride: picture.stride(component) as usize };
    let layout = picture.pixel_layout();
    Planes {
        width: picture.width() as usize,
        height: picture.height() as usize,
        bits: u32::try_from(picture.bit_depth()).unwrap_or(8).clamp(8, 12),
        luma: plane(Component::Y),
        // To ask a grey picture for chroma would panic.
        chroma: (layout != PixelLayout::I400).then(|| [plane(Component::U), plane(Component::V)]),
        half_width: matches!(layout, PixelLayout::I420 | PixelLayout::I422),
        half_height: layout == PixelLayout::I420,
    }
}

fn decode_av1(data: Vec<u8>, limits: &Limits) -> Result<Av1Picture, ImageError> {
    if data.is_empty() {
        return Err(damaged("found a tile without data".to_owned()));
    }
    let mut settings = Settings::new();
    settings.set_n_threads(1);
    settings.set_max_frame_delay(1); // there is one frame
    settings.set_all_layers(false); // of a layered picture only the best
    settings.set_frame_size_limit(u32::try_from(limits.max_pixels).unwrap_or(u32::MAX));
    let failed = |failure: Av1Error| damaged(failure.to_string());
    let mut decoder = Decoder::with_settings(&settings).map_err(failed)?;
    // `Again` means "there is more to send" of one call and "send more" of the other.
    let pass_again = |failure: Av1Error| if failure.is_again() { Ok(()) } else { Err(failure) };
    decoder.send_data(data, None, None, None).or_else(pass_again).map_err(failed)?;
    decoder
        .get_picture()
        .or_else(|failure| pass_again(failure).and_then(|()| decoder.send_pending_data()).and_then(|()| decoder.get_picture()))
        .map_err(failed)
}

const fn damaged(reason: String) -> ImageError {
    ImageError::Damaged { format: Format::Avif, reason }
}

const fn unsupported(reason: String) -> ImageError {
    ImageError::Unsupported { format: Format::Avif, reason }
}
