//! Samples of a row of MCUs: RGB to YCbCr (JFIF 1.02; ITU-T T.871, clause 7), and chroma as the mean of the pixels that it stands for.

use super::super::super::{Channels, Pixels};

/// Bits of the fraction in the weights.
const FRACTION: u32 = 16;
/// Weights of red, green and blue; each row sums up to 1, or to 0.
const Y: [i32; 3] = [19_595, 38_470, 7_471];
const CB: [i32; 3] = [-11_059, -21_709, 32_768];
const CR: [i32; 3] = [32_768, -27_439, -5_329];

/// Eight or sixteen lines of samples, as wide as a whole number of MCUs; what lies outside of the image repeats its edge.
pub(super) struct McuRow {
    is_color: bool,
    factors: (usize, usize),
    /// MCUs.
    count: usize,
    luma: Vec<u8>,
    chroma: [Vec<u8>; 2],
    /// Red, green and blue of the lines that share one line of chroma.
    channels: [[Vec<u8>; 3]; 2],
    /// Sums of red, green and blue over the pixels that share a chroma sample.
    sums: [Vec<u16>; 3],
}

impl McuRow {
    /// Buffers for images like this one, with so many luma samples for one of chroma, across and down.
    pub(super) fn new(pixels: &Pixels, horizontal: usize, vertical: usize) -> Self {
        let is_color = pixels.channels() == Channels::Rgb;
        let count = (pixels.size().width as usize).div_ceil(8 * horizontal);
        let width = count * 8 * horizontal;
        let (line, chroma_line) = if is_color { (width, count * 8) } else { (0, 0) };
        Self {
            is_color,
            factors: (horizontal, vertical),
            count,
            luma: vec![0; width * 8 * vertical],
            chroma: [(); 2].map(|()| vec![0; chroma_line * 8]),
            channels: [(); 2].map(|()| [(); 3].map(|()| vec![0; line])),
            sums: [(); 3].map(|()| vec![0; chroma_line]),
        }
    }

    #[inline(always)]
    pub(super) const fn is_color(&self) -> bool {
        self.is_color
    }

    #[inline(always)]
    pub(super) const fn factors(&self) -> (usize, usize) {
        self.factors
    }

    /// How many MCUs lie side by side.
    #[inline(always)]
    pub(super) const fn count(&self) -> usize {
        self.count
    }

    /// The luma block in this column and row of blocks.
    #[inline(always)]
    pub(super) fn luma(&self, column: usize, row: usize) -> [&[u8; 8]; 8] {
        let blocks = self.count * self.factors.0;
        block(self.luma.as_chunks().0, blocks, row * 8 * blocks + column)
    }

    /// A block of Cb (0) or Cr (1).
    #[inline(always)]
    pub(super) fn chroma(&self, component: usize, column: usize) -> [&[u8; 8]; 8] {
        block(self.chroma[component].as_chunks().0, self.count, column)
    }

    /// Takes the lines from `top` on.
    #[inline(always)]
    pub(super) fn fill(&mut self, pixels: &Pixels, top: usize) {
        let last = (pixels.size().height as usize).saturating_sub(1);
        let stride = pixels.size().width as usize * pixels.channels().count();
        let line = |y: usize| pixels.as_bytes().get(y.min(last) * stride..).and_then(|rest| rest.get(..stride)).unwrap_or_default();
        let width = self.count * 8 * self.factors.0;
        if !self.is_color {
            for (y, target) in (top..).zip(self.luma.chunks_exact_mut(width)) {
                padded(line(y), target);
            }
            return;
        }
        let vertical = self.factors.1;
        let [cb, cr] = &mut self.chroma;
        let chroma = cb.chunks_exact_mut(self.count * 8).zip(cr.chunks_exact_mut(self.count * 8));
        for ((first, luma), (cb, cr)) in (top..).step_by(vertical).zip(self.luma.chunks_exact_mut(width * vertical)).zip(chroma) {
            for ((y, luma), channels) in (first..).zip(luma.chunks_exact_mut(width)).zip(&mut self.channels) {
                split(line(y), channels);
                weighted(channels, Y, luma);
            }
            let [upper, lower] = &self.channels;
            match self.factors {
                (1, _) => {
                    converted::<_, 0>(upper, CB, cb);
                    converted::<_, 0>(upper, CR, cr);
                }
                (_, 1) => {
                    for (sums, line) in self.sums.iter_mut().zip(upper) {
                        sums_of_2(line, sums);
                    }
                    converted::<_, 1>(&self.sums, CB, cb);
                    converted::<_, 1>(&self.sums, CR, cr);
                }
                _ => {
                    for ((sums, upper), lower) in self.sums.iter_mut().zip(upper).zip(lower) {
                        sums_of_4(upper, lower, sums);
                    }
                    converted::<_, 2>(&self.sums, CB, cb);
                    converted::<_, 2>(&self.sums, CR, cr);
                }
            }
        }
    }
}

/// Eight lines of eight samples, `stride` blocks apart.
#[inline(always)]
fn block(samples: &[[u8; 8]], stride: usize, at: usize) -> [&[u8; 8]; 8] {
    const NONE: &[u8; 8] = &[0; 8];
    std::array::from_fn(|line| samples.get(at + line * stride).unwrap_or(NONE))
}

/// A line, and its last sample until `target` is full.
#[inline(always)]
fn padded(line: &[u8], target: &mut [u8]) {
    let (inside, outside) = target.split_at_mut(line.len().min(target.len()));
    inside.copy_from_slice(&line[..inside.len()]);
    outside.fill(line.last().copied().unwrap_or_default());
}

/// A line of RGB as three lines.
#[inline(always)]
fn split(line: &[u8], channels: &mut [Vec<u8>; 3]) {
    let (pixels, _) = line.as_chunks::<3>();
    let [red, green, blue] = channels;
    for (((pixel, red), green), blue) in pixels.iter().zip(red.iter_mut()).zip(green.iter_mut()).zip(blue.iter_mut()) {
        [*red, *green, *blue] = *pixel;
    }
    let last = pixels.last().copied().unwrap_or_default();
    for (channel, last) in channels.iter_mut().zip(last) {
        channel[pixels.len()..].fill(last);
    }
}

/// Luma of a line.
#[inline(always)]
fn weighted([red, green, blue]: &[Vec<u8>; 3], weights: [i32; 3], target: &mut [u8]) {
    for (((target, &red), &green), &blue) in target.iter_mut().zip(red).zip(green).zip(blue) {
        let sum = i32::from(red) * weights[0] + i32::from(green) * weights[1] + i32::from(blue) * weights[2];
        *target = byte((sum + (1 << (FRACTION - 1))) >> FRACTION);
    }
}

/// A line of Cb or Cr, from red, green and blue that are 2^`BITS` times too large.
#[inline(always)]
fn converted<T: Copy + Into<i32>, const BITS: u32>([red, green, blue]: &[Vec<T>; 3], weights: [i32; 3], target: &mut [u8]) {
    // Half a step less than half, so that the largest sum does not round up to 256.
    let offset = (128 << (FRACTION + BITS)) + (1 << (FRACTION + BITS - 1)) - 1;
    for (((target, &red), &green), &blue) in target.iter_mut().zip(red).zip(green).zip(blue) {
        let sum = red.into() * weights[0] + green.into() * weights[1] + blue.into() * weights[2];
        *target = byte((sum + offset) >> (FRACTION + BITS));
    }
}

/// Sums of two pixels side by side.
#[inline(always)]
fn sums_of_2(line: &[u8], sums: &mut [u16]) {
    for (sum, &[left, right]) in sums.iter_mut().zip(line.as_chunks().0) {
        *sum = u16::from(left) + u16::from(right);
    }
}

/// Sums of squares of four pixels.
#[inline(always)]
fn sums_of_4(upper: &[u8], lower: &[u8], sums: &mut [u16]) {
    for ((sum, &[a, b]), &[c, d]) in sums.iter_mut().zip(upper.as_chunks().0).zip(lower.as_chunks().0) {
        *sum = u16::from(a) + u16::from(b) + u16::from(c) + u16::from(d);
    }
}

/// A sample: the weights above keep sums within 0 to 255.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "weights whose sum is 1 or 0 keep the result within a byte")]
#[inline(always)]
const fn byte(sample: i32) -> u8 {
    sample as u8
}

#[cfg(test)]
#[allow(clippy::cast_possible_truncation, reason = "samples of drawings")]
mod tests {
    use super::super::super::super::Size;
    use super::*;

    fn row(width: u32, height: u32, factors: (usize, usize), pixel: impl Fn(u32, u32) -> [u8; 3]) -> McuRow {
        let data = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).flat_map(|(x, y)| pixel(x, y)).collect();
        let pixels = Pixels::new(Size::new(width, height), Channels::Rgb, data).unwrap();
        let mut row = McuRow::new(&pixels, factors.0, factors.1);
        row.fill(&pixels, 0);
        row
    }

    fn ycbcr([red, green, blue]: [f64; 3]) -> [f64; 3] {
        [
            0.299 * red + 0.587 * green + 0.114 * blue,
            -0.168_736 * red - 0.331_264 * green + 0.5 * blue + 128.0,
            0.5 * red - 0.418_688 * green - 0.081_312 * blue + 128.0,
        ]
    }

    #[test]
    fn colors_are_converted_to_the_nearest_sample() {
        for color in
            [[0, 0, 0], [255; 3], [255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 0], [0, 255, 255], [255, 0, 255], [17, 130, 201]]
        {
            let row = row(8, 8, (1, 1), |_, _| color);
            let expected = ycbcr(color.map(f64::from));
            let found = [row.luma(0, 0)[0][0], row.chroma(0, 0)[0][0], row.chroma(1, 0)[0][0]];
            for (found, expected) in found.into_iter().zip(expected) {
                assert!((f64::from(found) - expected).abs() < 0.51, "{color:?}: {found} for {expected}");
            }
        }
    }

    #[test]
    fn chroma_is_the_mean_of_its_pixels() {
        let (red, blue) = ([220, 40, 40], [40, 40, 220]);
        let expected = ycbcr([130.0, 40.0, 130.0]);
        for factors in [(2, 1), (2, 2)] {
            let row = row(32, 16, factors, |x, _| if x % 2 == 0 { red } else { blue });
            for component in 0..2 {
                for &sample in row.chroma(component, 1).iter().copied().flatten() {
                    assert!((f64::from(sample) - expected[component + 1]).abs() <= 0.51, "{factors:?}: {sample}");
                }
            }
        }
        let rows = row(16, 16, (2, 2), |_, y| if y % 2 == 0 { red } else { blue });
        assert!((f64::from(rows.chroma(0, 0)[3][3]) - expected[1]).abs() <= 0.51);
    }

    #[test]
    fn what_lies_outside_repeats_the_edge() {
        let row = row(9, 3, (2, 2), |x, y| [(x * 20) as u8, (y * 60) as u8, 0]);
        let luma = ycbcr([160.0, 120.0, 0.0])[0];
        assert!((f64::from(row.luma(1, 1)[7][7]) - luma).abs() <= 0.51);
        let cb = ycbcr([160.0, 120.0, 0.0])[1];
        assert!((f64::from(row.chroma(0, 0)[7][7]) - cb).abs() <= 0.51);
    }
}
