//! What every pixel of the result is made of, in one direction.

use std::ops::Range;

use super::super::{Filter, resample::lanczos3};

/// A weight of one.
pub(super) const ONE: i16 = 1 << ONE_BITS;
pub(super) const ONE_BITS: u32 = 14;

/// For each pixel of the result, the pixels it is made of and how much of each.
pub(super) struct Weights {
    /// For each pixel of the result: its first source pixel, and where its weights start.
    pixels: Vec<(usize, usize)>,
    weights: Vec<f32>,
}

impl Weights {
    /// `length` source pixels from `start` on become `output` pixels; there are `source` of them in all.
    pub(super) fn new(start: f64, length: f64, output: u32, source: u32, filter: Filter) -> Self {
        let scale = length / f64::from(output);
        let widened = scale.max(1.0);
        let radius = support(filter) * widened;
        let mut found = Self { pixels: Vec::with_capacity(output as usize + 1), weights: Vec::new() };
        let mut weights = Vec::new();
        for pixel in 0..output {
            let middle = start + (f64::from(pixel) + 0.5) * scale;
            let (first, end) = (whole(middle - radius).min(source - 1), whole((middle + radius).ceil()).min(source));
            weights.clear();
            weights.extend((first..end.max(first + 1)).map(|at| kernel(filter, (f64::from(at) + 0.5 - middle) / widened)));
            let sum: f64 = weights.iter().sum();
            // A kernel that reaches no middle of a pixel takes the one it lies in.
            let share = |weight: &f64| if sum == 0.0 { 1.0 } else { *weight / sum };
            if sum == 0.0 {
                weights.truncate(1);
            }
            found.pixels.push((first as usize, found.weights.len()));
            #[expect(clippy::cast_possible_truncation, reason = "rounded to the precision of the work")]
            found.weights.extend(weights.iter().map(|weight| share(weight) as f32));
        }
        found.pixels.push((source as usize, found.weights.len()));
        found
    }

    /// The same for a source of half as many pixels, `half` in all, that is first made twice as large: by a triangle, which is what libjpeg's fancy
    /// upsampling of chroma is.
    pub(super) fn of_half(&self, half: u32) -> Self {
        let last = (half as usize).saturating_sub(1);
        let mut found = Self { pixels: Vec::with_capacity(self.pixels.len()), weights: Vec::with_capacity(self.weights.len()) };
        for pixel in 0..self.len() {
            let (first, weights) = self.of(pixel);
            let ends = |at: usize| {
                let near = (at / 2).min(last);
                let far = if at.is_multiple_of(2) { near.saturating_sub(1) } else { (near + 1).min(last) };
                (near, far)
            };
            let (start, end) = (ends(first), ends(first + weights.len().max(1) - 1));
            let (start, end) = (start.0.min(start.1), end.0.max(end.1));
            let place = found.weights.len();
            found.weights.resize(place + end + 1 - start, 0.0);
            for (at, weight) in (first..).zip(weights) {
                let (near, far) = ends(at);
                for (to, share) in [(near, 0.75), (far, 0.25)] {
                    if let Some(sum) = found.weights.get_mut(place + to - start) {
                        *sum += weight * share;
                    }
                }
            }
            found.pixels.push((start, place));
        }
        found.pixels.push((half as usize, found.weights.len()));
        found
    }

    /// The first source pixel of a pixel, and the weights from there on.
    fn of(&self, pixel: usize) -> (usize, &[f32]) {
        match self.pixels.get(pixel..pixel + 2) {
            Some(&[(first, start), (_, end)]) => (first, self.weights.get(start..end).unwrap_or_default()),
            _ => (0, &[]),
        }
    }

    /// The number of pixels in the result.
    fn len(&self) -> usize {
        self.pixels.len() - 1
    }

    /// The same in whole numbers; at even source pixels only, if asked for, behind a weight of nothing where it takes one.
    pub(super) fn taps(&self, is_even: bool) -> Taps {
        let mut found =
            Taps { pixels: Vec::with_capacity(self.len() + 1), pairs: Vec::with_capacity(self.weights.len() / 2 + self.len()), end: 0 };
        let mut whole = Vec::new();
        for pixel in 0..self.len() {
            let (first, weights) = self.of(pixel);
            let gap = if is_even { first % 2 } else { 0 };
            whole.clear();
            whole.resize(gap, 0);
            #[expect(clippy::cast_possible_truncation, reason = "a float cast saturates, and no weight comes near")]
            whole.extend(weights.iter().map(|weight| (weight * f32::from(ONE)).round() as i16));
            // What is lost by rounding is made up for where it matters least.
            let lost = ONE - whole.iter().sum::<i16>();
            if let Some(largest) = whole.iter_mut().max() {
                *largest += lost;
            }
            whole.resize(whole.len().next_multiple_of(2), 0);
            found.pixels.push((first - gap, found.pairs.len()));
            found.pairs.extend_from_slice(whole.as_chunks().0);
            found.end = first + weights.len();
        }
        found.pixels.push((0, found.pairs.len()));
        found
    }
}

/// For each pixel of the result, the pixels it is made of, and how much of each as a fraction of [`ONE`], two by two.
pub(super) struct Taps {
    /// For each pixel of the result: its first source pixel, and where its weights start.
    pixels: Vec<(usize, usize)>,
    pairs: Vec<[i16; 2]>,
    /// Behind the last source pixel of all.
    end: usize,
}

impl Taps {
    /// The first source pixel of a pixel, and the weights from there on; none if there is no such pixel.
    #[inline(always)]
    pub(super) fn of(&self, pixel: usize) -> (usize, &[[i16; 2]]) {
        match self.pixels.get(pixel..pixel + 2) {
            Some(&[(first, start), (_, end)]) => (first, self.pairs.get(start..end).unwrap_or_default()),
            _ => (0, &[]),
        }
    }

    /// The number of pixels in the result.
    pub(super) fn len(&self) -> usize {
        self.pixels.len() - 1
    }

    /// The first source pixel that `pixel` or one behind it is made of.
    pub(super) fn start(&self, pixel: usize) -> usize {
        self.of(pixel).0
    }

    /// Behind the last source pixel that these pixels, as far as there are such, are made of.
    pub(super) fn end(&self, pixels: Range<usize>) -> usize {
        let (first, pairs) = self.of(pixels.end.min(self.len()) - 1);
        (first + pairs.len() * 2).min(self.end)
    }
}

/// A position in whole pixels; 0 if it lies outside of the picture.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates, which is what is wanted")]
const fn whole(position: f64) -> u32 {
    position as u32
}

/// How far a kernel reaches where nothing is shrunk, in pixels.
const fn support(filter: Filter) -> f64 {
    match filter {
        Filter::Nearest | Filter::Box => 0.5,
        Filter::Bilinear => 1.0,
        Filter::CatmullRom | Filter::Mitchell => 2.0,
        Filter::Lanczos3 => 3.0,
    }
}

/// A kernel at a distance from its middle.
fn kernel(filter: Filter, distance: f64) -> f64 {
    let x = distance.abs();
    match filter {
        // A pixel whose middle is on an edge belongs to one side of it.
        Filter::Nearest | Filter::Box => f64::from(distance > -0.5 && distance <= 0.5),
        Filter::Bilinear => (1.0 - x).max(0.0),
        Filter::CatmullRom => cubic(x, 0.0, 0.5),
        Filter::Mitchell => cubic(x, 1.0 / 3.0, 1.0 / 3.0),
        Filter::Lanczos3 => lanczos3(x),
    }
}

/// Mitchell and Netravali's family of cubics.
fn cubic(x: f64, b: f64, c: f64) -> f64 {
    if x < 1.0 {
        ((12.0 - 9.0 * b - 6.0 * c) * x.powi(3) + (-18.0 + 12.0 * b + 6.0 * c) * x.powi(2) + 6.0 - 2.0 * b) / 6.0
    } else if x < 2.0 {
        ((-b - 6.0 * c) * x.powi(3) + (6.0 * b + 30.0 * c) * x.powi(2) + (-12.0 * b - 48.0 * c) * x + 8.0 * b + 24.0 * c) / 6.0
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILTERS: [Filter; 5] = [Filter::Box, Filter::Bilinear, Filter::CatmullRom, Filter::Mitchell, Filter::Lanczos3];

    #[test]
    fn every_pixel_is_made_of_ones_that_are_there_and_of_a_whole_one_in_all() {
        for filter in FILTERS {
            for (start, length, output, source) in
                [(0.0, 100.0, 33, 100), (0.0, 99.5, 99, 100), (0.25, 0.5, 3, 1), (17.3, 51.2, 7, 80), (0.0, 5.0, 20, 5)]
            {
                let weights = Weights::new(start, length, output, source, filter);
                assert_eq!(weights.len(), output as usize);
                for pixel in 0..weights.len() {
                    let (first, shares) = weights.of(pixel);
                    let sum: f32 = shares.iter().sum();
                    assert!(
                        (sum - 1.0).abs() < 1e-5 && first + shares.len() <= source as usize,
                        "{filter:?}, pixel {pixel} of {output}: {sum}"
                    );
                }
            }
        }
    }

    #[test]
    fn halves_are_enlarged_by_a_triangle_on_the_way() {
        let source = [10.0, 30.0, 20.0, 90.0, 50.0_f32];
        let enlarged = [10.0, 15.0, 25.0, 27.5, 22.5, 37.5, 72.5, 80.0, 60.0];
        let value = |weights: &Weights, pixel: usize, source: &[f32]| -> f32 {
            let (first, shares) = weights.of(pixel);
            shares.iter().zip(&source[first..]).map(|(share, sample)| share * sample).sum()
        };
        for (start, length, output) in [(0.0, 9.0, 9), (0.0, 9.0, 4), (0.7, 7.9, 3), (2.0, 5.0, 11)] {
            let whole = Weights::new(start, length, output, 9, Filter::Lanczos3);
            let half = whole.of_half(5);
            for pixel in 0..output as usize {
                let (found, expected) = (value(&half, pixel, &source), value(&whole, pixel, &enlarged));
                assert!((found - expected).abs() < 1e-4, "pixel {pixel} of {output}: {found}, expected {expected}");
            }
        }
    }

    #[test]
    fn kernels_are_one_in_their_middle_and_nothing_at_their_ends() {
        for filter in FILTERS {
            let middle = kernel(filter, 0.0);
            assert!(filter == Filter::Mitchell && (middle - 8.0 / 9.0).abs() < 1e-12 || middle == 1.0, "{filter:?}: {middle}");
            assert_eq!(kernel(filter, support(filter) + 1e-9), 0.0, "{filter:?}");
        }
        assert!((kernel(Filter::Lanczos3, 1.5) - -0.135_094_911).abs() < 1e-5);
    }

    #[test]
    fn whole_numbers_are_the_same_weights_two_by_two() {
        for filter in FILTERS {
            for (start, length, output, source) in [(0.0, 100.0, 33, 100), (0.25, 0.5, 3, 1), (17.3, 51.2, 7, 80), (1.0, 3000.0, 50, 3001)]
            {
                let weights = Weights::new(start, length, output, source, filter);
                for is_even in [false, true] {
                    let taps = weights.taps(is_even);
                    assert_eq!((taps.len(), taps.end(0..taps.len())), (weights.len(), taps.end));
                    for pixel in 0..taps.len() {
                        let ((first, shares), (start, pairs)) = (weights.of(pixel), taps.of(pixel));
                        assert!(first - start == if is_even { first % 2 } else { 0 } && taps.end(0..pixel + 1) >= first + shares.len());
                        assert_eq!(pairs.as_flattened().iter().map(|&weight| i32::from(weight)).sum::<i32>(), i32::from(ONE));
                        for (at, &found) in (start..).zip(pairs.as_flattened()) {
                            let share = at.checked_sub(first).and_then(|at| shares.get(at)).copied().unwrap_or_default();
                            assert!(
                                (f32::from(found) / f32::from(ONE) - share).abs() < 1e-3,
                                "{filter:?}, pixel {pixel}: {found}, expected {share}"
                            );
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn halves_are_means_of_two() {
        let weights = Weights::new(0.0, 8.0, 4, 8, Filter::Box);
        assert_eq!(
            (0..4).map(|pixel| weights.of(pixel)).collect::<Vec<_>>(),
            (0..4).map(|pixel| (pixel * 2, &[0.5, 0.5][..])).collect::<Vec<_>>()
        );
    }
}
