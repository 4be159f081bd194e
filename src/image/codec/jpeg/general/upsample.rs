//! Components as large as the image: triangle filters for those that are half as large, across, down or both, and replication for all others, as
//! libjpeg-turbo does by default.

use super::super::super::{super::simd::widest, Size};

/// Bytes behind the last sample of a row, for loops that take several at a time.
pub(super) const SLACK: usize = 32;

/// The samples of one component around the row that is handed out next.
pub(super) struct Plane {
    size: Size,
    /// Bytes from a row to the next.
    stride: usize,
    bytes: Vec<u8>,
    /// The number of the first row held, and how many are.
    first: usize,
    held: usize,
    filter: Filter,
    /// A row between two rows of samples, four times as bright, with its first and last sample twice.
    tall: Vec<i16>,
    /// A row as wide as the image, sixteen times as bright.
    wide: Vec<i16>,
}

/// How a component becomes as large as the image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Filter {
    /// It is as large.
    None,
    /// Blended where it is half as large: across, down.
    Triangle(bool, bool),
    /// Replicated: for so many pixels there are so many samples, across and down.
    Replicate([usize; 2], [usize; 2]),
}

impl Plane {
    /// A component with `across` samples for `across_of` pixels, and so down; `smooth` unless the image is decoded so small that there is nothing to blend.
    pub(super) fn new(
        size: Size,
        stride: usize,
        width: usize,
        [across, across_of]: [usize; 2],
        [down, down_of]: [usize; 2],
        smooth: bool,
    ) -> Self {
        let (is_half_across, is_half_down) = (across * 2 == across_of, down * 2 == down_of);
        let is_wide_enough = !is_half_across || size.width > 2;
        let filter = match (across == across_of, down == down_of) {
            (true, true) => Filter::None,
            (is_whole_across, is_whole_down)
                if (is_whole_across || is_half_across) && (is_whole_down || is_half_down) && is_wide_enough && smooth =>
            {
                Filter::Triangle(is_half_across, is_half_down)
            }
            _ => Filter::Replicate([across, across_of], [down, down_of]),
        };
        let samples = size.width as usize;
        Self {
            size,
            stride,
            bytes: Vec::new(),
            first: 0,
            held: 0,
            filter,
            tall: vec![0; samples + 2],
            wide: vec![0; (samples * 2).max(width) + SLACK],
        }
    }

    /// Whether rows are handed out as they are.
    pub(super) fn is_whole(&self) -> bool {
        self.filter == Filter::None
    }

    /// The rows of samples that row `y` of the image is made of, the nearer one first.
    fn rows(&self, y: usize) -> (usize, usize) {
        let last = (self.size.height as usize).saturating_sub(1);
        let (near, far) = match self.filter {
            Filter::None | Filter::Triangle(_, false) => (y, y),
            Filter::Triangle(_, true) if y.is_multiple_of(2) => (y / 2, (y / 2).saturating_sub(1)),
            Filter::Triangle(_, true) => (y / 2, y / 2 + 1),
            Filter::Replicate(_, [down, down_of]) => (y * down / down_of, y * down / down_of),
        };
        (near.min(last), far.min(last))
    }

    /// Whether all rows are there that row `y` of the image is made of.
    pub(super) fn has(&self, y: usize) -> bool {
        let (near, far) = self.rows(y);
        near.max(far) < self.first + self.held
    }

    /// Where the next `count` rows go; those that row `y` of the image and the rows below it do not need may be gone from now on.
    pub(super) fn next_rows(&mut self, count: usize, y: usize) -> &mut [u8] {
        let (near, far) = self.rows(y);
        let gone = near.min(far).saturating_sub(self.first).min(self.held);
        self.bytes.copy_within(gone * self.stride..self.held * self.stride, 0);
        self.first += gone;
        self.held -= gone;
        let start = self.held * self.stride;
        let end = start + count * self.stride;
        if self.bytes.len() < end + SLACK {
            self.bytes.resize(end + SLACK, 0);
        }
        self.held += count;
        self.bytes.get_mut(start..end).unwrap_or_default()
    }

    /// The samples of a row as they are, and something behind them.
    pub(super) fn row(&self, y: usize) -> &[u8] {
        let start = y.saturating_sub(self.first) * self.stride;
        self.bytes.get(start..).unwrap_or_default()
    }

    /// Row `y` of the image, sixteen times as bright, and something behind it.
    pub(super) fn wide_row(&mut self, y: usize) -> &[i16] {
        let (near, far) = self.rows(y);
        let width = self.size.width as usize;
        let row = |y: usize| {
            let start = y.saturating_sub(self.first) * self.stride;
            self.bytes.get(start..start + width).unwrap_or_default()
        };
        match self.filter {
            Filter::None => times_sixteen(row(near), &mut self.wide),
            Filter::Triangle(is_half_across, _) => {
                blend(row(near), row(far), &mut self.tall);
                if is_half_across {
                    double(&self.tall, &mut self.wide);
                } else {
                    for (wide, tall) in self.wide.iter_mut().zip(self.tall.iter().skip(1)) {
                        *wide = tall * 4;
                    }
                }
            }
            Filter::Replicate([across, across_of], _) => {
                let row = row(near);
                for (x, wide) in self.wide.iter_mut().enumerate() {
                    *wide = row.get(x * across / across_of).map_or(0, |&sample| i16::from(sample) << 4);
                }
            }
        }
        &self.wide
    }
}

fn times_sixteen(row: &[u8], wide: &mut [i16]) {
    widest(
        #[inline(always)]
        || {
            for (wide, &sample) in wide.iter_mut().zip(row) {
                *wide = i16::from(sample) << 4;
            }
        },
    );
}

/// Three times a row and once another, with the first and the last sample twice.
fn blend(near: &[u8], far: &[u8], tall: &mut [i16]) {
    if let [first, middle @ .., last] = tall {
        widest(
            #[inline(always)]
            || {
                for ((sum, &near), &far) in middle.iter_mut().zip(near).zip(far) {
                    *sum = i16::from(near) * 3 + i16::from(far);
                }
            },
        );
        (*first, *last) = (middle.first().copied().unwrap_or_default(), middle.last().copied().unwrap_or_default());
    }
}

/// Twice as many samples: three times one, and once the next on either side.
fn double(tall: &[i16], wide: &mut [i16]) {
    let pairs = wide.as_chunks_mut::<2>().0;
    let (before, middle, after) = (tall, tall.get(1..).unwrap_or_default(), tall.get(2..).unwrap_or_default());
    widest(
        #[inline(always)]
        || {
            for (((pair, &before), &middle), &after) in pairs.iter_mut().zip(before).zip(middle).zip(after) {
                *pair = [middle * 3 + before, middle * 3 + after];
            }
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of the image, made of these rows of samples.
    fn rows(samples: &[&[u8]], width: usize, height: usize, across: [usize; 2], down: [usize; 2]) -> Vec<Vec<u8>> {
        let size = Size::new(samples[0].len() as u32, samples.len() as u32);
        let mut plane = Plane::new(size, samples[0].len(), width, across, down, true);
        let mut left = samples.iter();
        let row = |y| {
            while !plane.has(y) {
                plane.next_rows(1, y).copy_from_slice(left.next().unwrap());
            }
            plane.wide_row(y)[..width].iter().map(|&sample| u8::try_from((sample + 8) >> 4).unwrap()).collect()
        };
        (0..height).map(row).collect()
    }

    #[test]
    fn halves_are_blended_and_other_fractions_replicated() {
        let samples: [&[u8]; 2] = [&[0, 40, 80], &[100, 100, 20]];
        assert_eq!(rows(&samples, 3, 2, [2, 2], [1, 1]), [[0, 40, 80], [100, 100, 20]]);
        assert_eq!(rows(&samples, 6, 2, [1, 2], [1, 1]), [[0, 10, 30, 50, 70, 80], [100, 100, 100, 80, 40, 20]]);
        assert_eq!(rows(&samples, 3, 4, [1, 1], [1, 2]), [[0, 40, 80], [25, 55, 65], [75, 85, 35], [100, 100, 20]]);
        let both = rows(&samples, 5, 3, [2, 4], [1, 2]);
        assert_eq!((both[0][0], both[1][0], both[2][0], both[1][1]), (0, 25, 75, 33));
        assert_eq!(rows(&samples, 6, 4, [1, 2], [1, 4])[3], [0, 0, 40, 40, 80, 80], "not half as large both across and down");
        assert_eq!(rows(&samples, 4, 3, [2, 3], [2, 3]), [[0, 0, 40, 80], [0, 0, 40, 80], [100, 100, 100, 20]]);
        assert_eq!(rows(&[&[0, 40]], 4, 1, [1, 2], [1, 1]), [[0, 0, 40, 40]], "too narrow to be blended");
    }
}
