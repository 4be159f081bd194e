//! Rows of luma and chroma to rows of 8-bit RGB.

/// The planes of a decoded picture; chroma is absent from a grey one.
pub(super) struct Planes<P> {
    pub(super) width: usize,
    pub(super) height: usize,
    /// 8, 10 or 12.
    pub(super) bits: u32,
    pub(super) luma: Plane<P>,
    pub(super) chroma: Option<[Plane<P>; 2]>,
    /// Whether chroma has half the columns.
    pub(super) half_width: bool,
    /// Whether chroma has half the rows.
    pub(super) half_height: bool,
}

/// Samples of one byte, or of two in the order of the machine; `stride` is in bytes.
pub(super) struct Plane<P> {
    pub(super) samples: P,
    pub(super) stride: usize,
}

/// Fixed-point conversion (16 bits) of luma and chroma to 8-bit RGB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Matrix {
    rows: [[i32; 3]; 3],
    luma_zero: i32,
    chroma_zero: i32,
}

impl Matrix {
    /// The conversion for code points of ITU-T H.273; none if they are not supported.
    pub(super) fn new(code: u16, primaries: u16, full_range: bool, bits: u32) -> Option<Self> {
        let unit = f64::from(1u32 << (bits - 8));
        let (luma_zero, luma_span, chroma_span) =
            if full_range { (0.0, 256.0 * unit - 1.0, 256.0 * unit - 1.0) } else { (16.0 * unit, 219.0 * unit, 224.0 * unit) };
        let weights = |red: f64, blue: f64| {
            let (u, v, green) = (2.0 * (1.0 - blue), 2.0 * (1.0 - red), 1.0 - red - blue);
            [[1.0, 0.0, v], [1.0, -u * blue / green, -v * red / green], [1.0, u, 0.0]]
        };
        let rows = match (code, primaries) {
            (0, _) => [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]],
            (1, _) | (12, 1) => weights(0.2126, 0.0722),
            (2 | 5 | 6, _) => weights(0.299, 0.114), // 2 is "unspecified"
            (4, _) => weights(0.30, 0.11),
            (7, _) => weights(0.212, 0.087),
            // YCgCo, whose planes are Cg and Co.
            (8, _) => [[1.0, -1.0, 1.0], [1.0, 1.0, 0.0], [1.0, -1.0, -1.0]],
            (9, _) | (12, 9) => weights(0.2627, 0.0593),
            (12, 12) => weights(0.229, 0.0793), // from the primaries, here of Display P3
            _ => return None,
        };
        // With matrix 0 the planes are green, blue and red, all of them like luma.
        let (chroma_zero, chroma_span) = if code == 0 { (luma_zero, luma_span) } else { (128.0 * unit, chroma_span) };
        let fixed = |weight: f64, span: f64| rounded(weight / span * 255.0 * 65_536.0);
        let rows = rows.map(|[y, u, v]| [fixed(y, luma_span), fixed(u, chroma_span), fixed(v, chroma_span)]);
        Some(Self { rows, luma_zero: rounded(luma_zero), chroma_zero: rounded(chroma_zero) })
    }

    fn sample(&self, row: [i32; 3], y: i32, u: i32, v: i32) -> u8 {
        let [a, b, c] = row;
        let sum = a * (y - self.luma_zero) + b * (u - self.chroma_zero) + c * (v - self.chroma_zero);
        let sum = (sum + (1 << 15)) >> 16;
        #[expect(clippy::cast_sign_loss, reason = "clamped to 0..=255 first")]
        let sample = sum.clamp(0, 255) as u8;
        sample
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the weights are far below the limits of 32 bits")]
fn rounded(value: f64) -> i32 {
    value.round() as i32
}

/// Rows of samples that are reused from row to row.
#[derive(Default)]
pub(super) struct Scratch {
    luma: Vec<i32>,
    near: Vec<i32>,
    far: Vec<i32>,
    chroma: [Vec<i32>; 2],
}

impl<P: AsRef<[u8]>> Planes<P> {
    /// Row `y` as packed RGB; `out` may be shorter than the row.
    pub(super) fn rgb_row(&self, matrix: &Matrix, y: usize, scratch: &mut Scratch, out: &mut [u8]) {
        self.luma.read(y, self.width, self.bits, &mut scratch.luma);
        let Some(planes) = &self.chroma else {
            // Without chroma every channel is green, which has weight 1 on luma in every matrix.
            for (pixel, &luma) in out.chunks_exact_mut(3).zip(&scratch.luma) {
                pixel.fill(matrix.sample(matrix.rows[1], luma, matrix.chroma_zero, matrix.chroma_zero));
            }
            return;
        };
        let (columns, rows) =
            (self.width.div_ceil(1 << u32::from(self.half_width)), self.height.div_ceil(1 << u32::from(self.half_height)));
        let (near_row, far_row) = if self.half_height { (y / 2, beside(y, rows - 1)) } else { (y, y) };
        for (plane, chroma) in planes.iter().zip(&mut scratch.chroma) {
            plane.read(near_row, columns, self.bits, &mut scratch.near);
            plane.read(far_row, columns, self.bits, &mut scratch.far);
            for (near, far) in scratch.near.iter_mut().zip(&scratch.far) {
                *near = *near * 3 + far;
            }
            widen(&scratch.near, self.width, self.half_width, chroma);
        }
        let [u, v] = &scratch.chroma;
        for (((pixel, &y), &u), &v) in out.chunks_exact_mut(3).zip(&scratch.luma).zip(u).zip(v) {
            for (sample, row) in pixel.iter_mut().zip(matrix.rows) {
                *sample = matrix.sample(row, y, u, v);
            }
        }
    }

    /// Row `y` of luma as 8-bit samples; for alpha.
    pub(super) fn luma_row(&self, matrix: &Matrix, y: usize, scratch: &mut Scratch, out: &mut [u8]) {
        self.luma.read(y, self.width, self.bits, &mut scratch.luma);
        for (sample, &luma) in out.iter_mut().zip(&scratch.luma) {
            *sample = matrix.sample(matrix.rows[1], luma, matrix.chroma_zero, matrix.chroma_zero);
        }
    }
}

impl<P: AsRef<[u8]>> Plane<P> {
    fn read(&self, y: usize, width: usize, bits: u32, out: &mut Vec<i32>) {
        let row = self.samples.as_ref().get(y * self.stride..).unwrap_or_default();
        out.clear();
        if bits == 8 {
            out.extend(row.iter().take(width).map(|&sample| i32::from(sample)));
        } else {
            out.extend(row.chunks_exact(2).take(width).map(|pair| i32::from(u16::from_ne_bytes([pair[0], pair[1]]))));
        }
    }
}

/// The neighbour of the sample `at / 2` on the side of `at`, which weighs 1 against 3.
fn beside(at: usize, last: usize) -> usize {
    if at.is_multiple_of(2) { (at / 2).saturating_sub(1) } else { last.min(at / 2 + 1) }
}

/// Four times a row of chroma to one sample a pixel.
fn widen(row: &[i32], width: usize, half: bool, out: &mut Vec<i32>) {
    out.clear();
    if !half {
        out.extend(row.iter().take(width).map(|&sample| (sample * 4 + 8) >> 4));
        return;
    }
    for (index, &sample) in row.iter().enumerate() {
        let before = row.get(index.wrapping_sub(1)).copied().unwrap_or(sample);
        let after = row.get(index + 1).copied().unwrap_or(sample);
        out.push((sample * 3 + before + 8) >> 4);
        out.push((sample * 3 + after + 8) >> 4);
    }
    out.truncate(width);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn black_white_and_grey_stay_neutral_in_every_matrix_and_range() {
        for (code, primaries) in [(1, 1), (2, 2), (4, 4), (5, 1), (6, 1), (7, 7), (8, 1), (9, 9), (12, 1), (12, 9), (12, 12)] {
            for bits in [8, 10, 12] {
                for full_range in [false, true] {
                    let matrix = Matrix::new(code, primaries, full_range, bits).unwrap();
                    let unit = 1 << (bits - 8);
                    let (black, white) = if full_range { (0, (256 << (bits - 8)) - 1) } else { (16 * unit, 235 * unit) };
                    for (luma, expected) in [(black, 0), (white, 255)] {
                        for row in matrix.rows {
                            assert_eq!(matrix.sample(row, luma, 128 * unit, 128 * unit), expected, "{code} {bits} {full_range}");
                        }
                    }
                }
            }
        }
        assert_eq!(Matrix::new(3, 1, true, 8), None);
    }

    #[test]
    fn chroma_is_widened_between_its_neighbours() {
        let mut out = Vec::new();
        widen(&[0, 16, 16], 5, true, &mut out);
        assert_eq!(out, [0, 1, 3, 4, 4]);
        widen(&[4, 8], 2, false, &mut out);
        assert_eq!(out, [1, 2]);
    }

    #[test]
    fn identity_reads_green_blue_and_red() {
        let planes = Planes {
            width: 1,
            height: 1,
            bits: 8,
            luma: Plane { samples: vec![2], stride: 1 },
            chroma: Some([Plane { samples: vec![3], stride: 1 }, Plane { samples: vec![1], stride: 1 }]),
            half_width: false,
            half_height: false,
        };
        let mut out = [0; 3];
        planes.rgb_row(&Matrix::new(0, 1, true, 8).unwrap(), 0, &mut Scratch::default(), &mut out);
        assert_eq!(out, [1, 2, 3]);
    }
}
