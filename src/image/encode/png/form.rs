//! Forms in which a PNG file can hold the same pixels: color types and bit depths (ISO/IEC 15948, 11.2.1).

use std::borrow::Cow;

use super::super::super::{Channels, Pixels};
use super::filter::{Filter, Strategy};

const GRAY: u8 = 0;
const RGB: u8 = 2;
const PALETTE: u8 = 3;
const GRAY_ALPHA: u8 = 4;
const RGBA: u8 = 6;

/// The most colors of a palette.
const MOST_COLORS: usize = 256;

/// Samples as a file stores them before they are filtered.
pub(super) struct Form<'a> {
    pub(super) color_type: u8,
    pub(super) bit_depth: u8,
    /// Red, green, blue and alpha; those that are not opaque come first.
    pub(super) palette: Vec<[u8; 4]>,
    height: usize,
    row_bytes: usize,
    pixel_bytes: usize,
    rows: Cow<'a, [u8]>,
}

impl<'a> Form<'a> {
    /// Samples of 8 bits.
    fn whole(pixels: Cow<'a, Pixels>) -> Self {
        let color_type = match pixels.channels() {
            Channels::Luma => GRAY,
            Channels::LumaAlpha => GRAY_ALPHA,
            Channels::Rgb => RGB,
            Channels::Rgba => RGBA,
        };
        let pixel_bytes = pixels.channels().count();
        let (width, height) = (pixels.size().width as usize, pixels.size().height as usize);
        let rows = match pixels {
            Cow::Borrowed(pixels) => Cow::Borrowed(pixels.as_bytes()),
            Cow::Owned(pixels) => Cow::Owned(pixels.into_bytes()),
        };
        Self { color_type, bit_depth: 8, palette: Vec::new(), height, row_bytes: width * pixel_bytes, pixel_bytes, rows }
    }

    /// One sample for each pixel, of 8 bits or fewer.
    fn packed(pixels: &Pixels, color_type: u8, bit_depth: u8, samples: impl Iterator<Item = u8>) -> Self {
        let (width, height) = (pixels.size().width as usize, pixels.size().height as usize);
        let in_a_byte = usize::from(8 / bit_depth.max(1));
        let row_bytes = width.div_ceil(in_a_byte);
        let mut rows = Vec::with_capacity(row_bytes * height);
        let (mut held, mut count, mut column) = (0_u8, 0, 0);
        for sample in samples {
            // At 8 bits nothing is held.
            held = held.checked_shl(u32::from(bit_depth)).unwrap_or(0) | sample;
            (count, column) = (count + 1, column + 1);
            if count == in_a_byte || column == width {
                let missing = (in_a_byte - count) * usize::from(bit_depth);
                rows.push(held << missing);
                (held, count) = (0, 0);
            }
            if column == width {
                column = 0;
            }
        }
        Self { color_type, bit_depth, palette: Vec::new(), height, row_bytes, pixel_bytes: 1, rows: Cow::Owned(rows) }
    }

    /// Bytes that the chunks PLTE and tRNS take.
    pub(super) fn palette_bytes(&self) -> usize {
        const CHUNK: usize = 12;
        match (self.palette.len(), self.palette.iter().filter(|&&[.., alpha]| alpha != u8::MAX).count()) {
            (0, _) => 0,
            (colors, 0) => CHUNK + colors * 3,
            (colors, transparent) => CHUNK + colors * 3 + CHUNK + transparent,
        }
    }

    pub(super) const fn height(&self) -> usize {
        self.height
    }

    pub(super) const fn row_bytes(&self) -> usize {
        self.row_bytes
    }

    /// Bytes of a pixel, at least 1: how far apart filters look.
    pub(super) const fn pixel_bytes(&self) -> usize {
        self.pixel_bytes
    }

    pub(super) fn row(&self, row: usize) -> &[u8] {
        self.rows.get(row * self.row_bytes..).and_then(|rest| rest.get(..self.row_bytes)).unwrap_or_default()
    }

    /// Which filters are worth a trial: of numbers of colors and parts of bytes, differences say little.
    pub(super) const fn strategies(&self) -> &'static [Strategy] {
        if self.bit_depth < 8 || self.color_type == PALETTE {
            &[Strategy::Fixed(Filter::None), Strategy::Fixed(Filter::Up)]
        } else {
            &[
                Strategy::Fixed(Filter::None),
                Strategy::Fixed(Filter::Sub),
                Strategy::Fixed(Filter::Up),
                Strategy::Fixed(Filter::Paeth),
                Strategy::LeastSum,
            ]
        }
    }
}

/// The forms that may be smallest. Gray has at least so many bits. With a profile, colors stay colors and gray stays gray, as the profile is for one.
pub(super) fn candidates(pixels: &Pixels, has_profile: bool, fewest_bits: u8) -> Vec<Form<'_>> {
    let mut reduced = Cow::Borrowed(pixels);
    if reduced.channels().has_alpha() && is_opaque(&reduced) {
        reduced = Cow::Owned(without_alpha(&reduced));
    }
    if !has_profile && is_gray(&reduced) {
        reduced = Cow::Owned(as_gray(&reduced));
    }
    let is_gray = matches!(reduced.channels(), Channels::Luma | Channels::LumaAlpha);
    if reduced.channels() == Channels::Luma {
        let depth = gray_depth(reduced.as_bytes(), fewest_bits);
        if depth < 8 {
            let samples = reduced.as_bytes().iter().map(|&gray| gray >> (8 - depth));
            return vec![Form::packed(pixels, GRAY, depth, samples)];
        }
    } else if !(has_profile && is_gray)
        && let Some(palette) = Palette::of(&reduced)
    {
        let mut form = Form::packed(pixels, PALETTE, palette.bit_depth(), palette.indices(&reduced));
        form.palette = palette.colors;
        return vec![form, Form::whole(reduced)];
    }
    vec![Form::whole(reduced)]
}

fn is_opaque(pixels: &Pixels) -> bool {
    pixels.as_bytes().chunks_exact(pixels.channels().count()).all(|pixel| pixel.last() == Some(&u8::MAX))
}

fn without_alpha(pixels: &Pixels) -> Pixels {
    let samples = pixels.as_bytes();
    let (channels, data) = match pixels.channels() {
        Channels::LumaAlpha => (Channels::Luma, samples.as_chunks::<2>().0.iter().map(|&[gray, _]| gray).collect()),
        Channels::Rgba => {
            (Channels::Rgb, samples.as_chunks::<4>().0.iter().flat_map(|&[red, green, blue, _]| [red, green, blue]).collect())
        }
        channels => (channels, samples.to_vec()),
    };
    Pixels::new(pixels.size(), channels, data).unwrap_or_else(|_| pixels.clone())
}

/// Whether colors have equal samples of red, green and blue.
fn is_gray(pixels: &Pixels) -> bool {
    let samples = pixels.as_bytes();
    match pixels.channels() {
        Channels::Luma | Channels::LumaAlpha => false,
        Channels::Rgb => samples.as_chunks::<3>().0.iter().all(|&[red, green, blue]| red == green && green == blue),
        Channels::Rgba => samples.as_chunks::<4>().0.iter().all(|&[red, green, blue, _]| red == green && green == blue),
    }
}

fn as_gray(pixels: &Pixels) -> Pixels {
    let samples = pixels.as_bytes();
    let (channels, data) = match pixels.channels() {
        Channels::Rgb => (Channels::Luma, samples.as_chunks::<3>().0.iter().map(|&[gray, ..]| gray).collect()),
        Channels::Rgba => (Channels::LumaAlpha, samples.as_chunks::<4>().0.iter().flat_map(|&[gray, _, _, alpha]| [gray, alpha]).collect()),
        channels => (channels, samples.to_vec()),
    };
    Pixels::new(pixels.size(), channels, data).unwrap_or_else(|_| pixels.clone())
}

/// The fewest bits that hold every level of gray exactly, at least as many as given.
fn gray_depth(samples: &[u8], fewest: u8) -> u8 {
    let mut is_used = [false; 256];
    for &sample in samples {
        is_used[usize::from(sample)] = true;
    }
    let fits = |step: usize| is_used.iter().enumerate().all(|(level, &is_used)| !is_used || level.is_multiple_of(step));
    let depths = [(1, 255), (2, 85), (4, 17)].into_iter().filter(|&(depth, _)| depth >= fewest);
    depths.into_iter().find(|&(_, step)| fits(step)).map_or(8, |(depth, _)| depth)
}

/// The colors of an image that has few.
struct Palette {
    colors: Vec<[u8; 4]>,
    table: Table,
}

impl Palette {
    /// None if there are more than 256.
    fn of(pixels: &Pixels) -> Option<Self> {
        let mut table = Table::new();
        let mut colors = Vec::new();
        let mut last = None;
        for color in colors_of(pixels) {
            if last == Some(color) {
                continue;
            }
            last = Some(color);
            let entry = table.entry(color);
            if entry.is_none() {
                if colors.len() == MOST_COLORS {
                    return None;
                }
                *entry = Some((color, 0));
                colors.push(color);
            }
        }
        // Similar colors get similar numbers; those that are not opaque come first, so that tRNS ends with them.
        colors.sort_by_key(|&[red, green, blue, alpha]| {
            (alpha == u8::MAX, u32::from(red) * 3 + u32::from(green) * 6 + u32::from(blue), [alpha, red, green, blue])
        });
        for (index, &color) in (0..=u8::MAX).zip(&colors) {
            *table.entry(color) = Some((color, index));
        }
        Some(Self { colors, table })
    }

    const fn bit_depth(&self) -> u8 {
        match self.colors.len() {
            ..=2 => 1,
            3..=4 => 2,
            5..=16 => 4,
            _ => 8,
        }
    }

    /// The number of each pixel's color.
    fn indices(&self, pixels: &Pixels) -> impl Iterator<Item = u8> {
        colors_of(pixels).map(|color| self.table.get(color).map_or(0, |(_, index)| index))
    }
}

/// Every pixel as red, green, blue and alpha.
fn colors_of(pixels: &Pixels) -> impl Iterator<Item = [u8; 4]> {
    let samples = pixels.as_bytes();
    let channels = pixels.channels();
    samples.chunks_exact(channels.count()).map(|pixel| match *pixel {
        [gray] => [gray, gray, gray, u8::MAX],
        [gray, alpha] => [gray, gray, gray, alpha],
        [red, green, blue] => [red, green, blue, u8::MAX],
        [red, green, blue, alpha, ..] => [red, green, blue, alpha],
        [] => [0; 4],
    })
}

/// Colors and their numbers, found by hashing with linear probing; never more than a quarter full.
struct Table {
    entries: Vec<Option<([u8; 4], u8)>>,
}

impl Table {
    const BITS: u32 = 10;

    fn new() -> Self {
        Self { entries: vec![None; 1 << Self::BITS] }
    }

    fn place(&self, color: [u8; 4]) -> usize {
        let hash = u32::from_le_bytes(color).wrapping_mul(0x9e37_79b1) >> (32 - Self::BITS);
        let mut place = hash as usize;
        while self.entries[place].is_some_and(|(found, _)| found != color) {
            place = (place + 1) % self.entries.len();
        }
        place
    }

    fn entry(&mut self, color: [u8; 4]) -> &mut Option<([u8; 4], u8)> {
        let place = self.place(color);
        &mut self.entries[place]
    }

    fn get(&self, color: [u8; 4]) -> Option<([u8; 4], u8)> {
        self.entries[self.place(color)]
    }
}

#[cfg(test)]
#[allow(clippy::cast_possible_truncation, reason = "samples of drawings")]
mod tests {
    use super::super::super::super::Size;
    use super::*;

    fn image(width: u32, channels: Channels, data: Vec<u8>) -> Pixels {
        let height = u32::try_from(data.len() / channels.count()).unwrap() / width;
        Pixels::new(Size::new(width, height), channels, data).unwrap()
    }

    fn kinds(pixels: &Pixels, has_profile: bool) -> Vec<(u8, u8)> {
        candidates(pixels, has_profile, 2).iter().map(|form| (form.color_type, form.bit_depth)).collect()
    }

    #[test]
    fn content_decides_on_the_form() {
        let gray = image(2, Channels::Rgb, vec![7, 7, 7, 90, 90, 90]);
        assert_eq!(kinds(&gray, false), [(GRAY, 8)]);
        assert_eq!(kinds(&gray, true), [(PALETTE, 1), (RGB, 8)]);
        let opaque = image(1, Channels::Rgba, vec![1, 2, 3, 255, 4, 5, 6, 255]);
        assert_eq!(kinds(&opaque, false), [(PALETTE, 1), (RGB, 8)]);
        assert_eq!(kinds(&image(2, Channels::LumaAlpha, vec![0, 255, 255, 255]), false), [(GRAY, 2)]);
        assert_eq!(candidates(&image(2, Channels::Luma, vec![0, 255]), false, 1)[0].bit_depth, 1);
        assert_eq!(candidates(&image(2, Channels::Luma, vec![0, 85]), false, 1)[0].bit_depth, 2);
        assert_eq!(kinds(&image(2, Channels::Luma, vec![0, 34]), false), [(GRAY, 4)]);
        assert_eq!(kinds(&image(2, Channels::Luma, vec![0, 33]), false), [(GRAY, 8)]);
        assert_eq!(kinds(&image(2, Channels::LumaAlpha, vec![9, 8, 7, 6]), true), [(GRAY_ALPHA, 8)]);
        let many = image(16, Channels::Rgb, (0..17 * 16).flat_map(|index: u32| [(index % 256) as u8, (index / 256) as u8, 1]).collect());
        assert_eq!(kinds(&many, false), [(RGB, 8)]);
    }

    #[test]
    fn transparent_entries_come_first_and_indices_name_their_colors() {
        let data = vec![200, 0, 0, 255, 1, 2, 3, 0, 9, 9, 9, 128, 200, 0, 0, 255, 0, 0, 1, 255];
        let pixels = image(5, Channels::Rgba, data.clone());
        let palette = Palette::of(&pixels).unwrap();
        assert_eq!(palette.colors.iter().map(|color| color[3] == 255).collect::<Vec<_>>(), [false, false, true, true]);
        let back: Vec<u8> = palette.indices(&pixels).flat_map(|index| palette.colors[usize::from(index)]).collect();
        assert_eq!(back, data);
    }

    #[test]
    fn samples_are_packed_from_the_left_and_rows_end_with_a_byte() {
        let pixels = image(5, Channels::Luma, vec![0; 10]);
        let form = Form::packed(&pixels, GRAY, 2, [3, 0, 1, 2, 3, 0, 0, 0, 0, 1].into_iter());
        assert_eq!((form.row(0), form.row(1)), ([0b11_00_01_10, 0b11_00_00_00].as_slice(), [0, 0b01_00_00_00].as_slice()));
        let form = Form::packed(&pixels, PALETTE, 8, 0..10);
        assert_eq!(form.row(1), [5, 6, 7, 8, 9]);
    }
}
