//! What a block is, before its coefficients are added (RFC 6386, 12).

use super::{modes::Mode, transform::Samples};

/// What is around a small block, from the lowest sample to the left, over the corner, to the last one above and to the right.
pub(super) type Edge = [u8; 13];

/// The place of the corner in an [`Edge`].
const CORNER: usize = 4;

/// A block of 4 by 4 samples.
#[inline(always)]
pub(super) fn small(mode: Mode, edge: &Edge) -> Samples {
    let above = |x: usize| edge[CORNER + 1 + x];
    let left = |y: usize| edge[CORNER - 1 - y];
    // Of the edge around a place, of two places and of three.
    let two = |at: usize| mean2(edge[at], edge[at + 1]);
    let three = |at: usize| mean3(edge[at - 1], edge[at], edge[at + 1]);
    match mode {
        Mode::Mean => {
            let sum: u16 = (0..4).map(|at| u16::from(above(at)) + u16::from(left(at))).sum();
            [[byte((sum + 4) >> 3); 4]; 4]
        }
        Mode::Gradient => {
            let row = [above(0), above(1), above(2), above(3)];
            let corner = edge[CORNER];
            [gradient(corner, left(0), row), gradient(corner, left(1), row), gradient(corner, left(2), row), gradient(corner, left(3), row)]
        }
        Mode::Above => [[three(5), three(6), three(7), three(8)]; 4],
        Mode::Left => [[three(3); 4], [three(2); 4], [three(1); 4], [mean3(left(2), left(3), left(3)); 4]],
        Mode::DownRight => diagonal([three(1), three(2), three(3), three(4), three(5), three(6), three(7), 0, 0, 0], [3, 2, 1, 0]),
        Mode::DownLeft => {
            let end = mean3(above(6), above(7), above(7));
            diagonal([three(6), three(7), three(8), three(9), three(10), three(11), end, 0, 0, 0], [0, 1, 2, 3])
        }
        Mode::VerticalRight => {
            let (even, odd) = ([two(4), two(5), two(6), two(7)], [three(4), three(5), three(6), three(7)]);
            [even, odd, [three(3), even[0], even[1], even[2]], [three(2), odd[0], odd[1], odd[2]]]
        }
        Mode::VerticalLeft => {
            let (even, odd) = ([two(5), two(6), two(7), two(8)], [three(6), three(7), three(8), three(9)]);
            [even, odd, [even[1], even[2], even[3], three(10)], [odd[1], odd[2], odd[3], three(11)]]
        }
        Mode::HorizontalDown => {
            let along = [two(0), three(1), two(1), three(2), two(2), three(3), two(3), three(4), three(5), three(6)];
            diagonal(along, [6, 4, 2, 0])
        }
        Mode::HorizontalUp => {
            let end = left(3);
            diagonal([two(2), three(2), two(1), three(1), two(0), mean3(left(2), end, end), end, end, end, end], [0, 2, 4, 6])
        }
    }
}

/// Four samples each of those along a diagonal, from where each row starts.
#[inline(always)]
fn diagonal(along: [u8; 10], starts: [usize; 4]) -> Samples {
    let mut rows = [[0; 4]; 4];
    for (row, start) in rows.iter_mut().zip(starts) {
        *row = [along[start], along[start + 1], along[start + 2], along[start + 3]];
    }
    rows
}

/// `SIDE` by `SIDE` samples, from those around them; where there is nothing above or to the left, as the format has it for `Mean`.
#[inline(always)]
pub(super) fn large<const SIDE: usize>(
    mode: Mode,
    corner: u8,
    above: [u8; SIDE],
    left: [u8; SIDE],
    has_above: bool,
    has_left: bool,
) -> [[u8; SIDE]; SIDE] {
    match mode {
        Mode::Above => [above; SIDE],
        Mode::Left => std::array::from_fn(|y| [left[y]; SIDE]),
        Mode::Gradient => std::array::from_fn(|y| gradient(corner, left[y], above)),
        _ => {
            let sum = |samples: [u8; SIDE]| samples.iter().map(|&sample| u16::from(sample)).sum::<u16>();
            let (sum, count) = match (has_above, has_left) {
                (true, true) => (sum(above) + sum(left), 2 * SIDE),
                (true, false) => (sum(above), SIDE),
                (false, true) => (sum(left), SIDE),
                (false, false) => (128, 1),
            };
            let bits = count.trailing_zeros();
            [[byte((sum + (1 << bits >> 1)) >> bits); SIDE]; SIDE]
        }
    }
}

/// A row of what is above, changed as much as the column to the left is from the corner.
#[inline(always)]
fn gradient<const SIDE: usize>(corner: u8, left: u8, above: [u8; SIDE]) -> [u8; SIDE] {
    let change = i16::from(left) - i16::from(corner);
    let mut row = above;
    for sample in &mut row {
        *sample = u8::try_from((i16::from(*sample) + change).clamp(0, 255)).unwrap_or(255);
    }
    row
}

#[inline(always)]
fn mean2(a: u8, b: u8) -> u8 {
    byte((u16::from(a) + u16::from(b) + 1) >> 1)
}

#[inline(always)]
fn mean3(a: u8, b: u8, c: u8) -> u8 {
    byte((u16::from(a) + 2 * u16::from(b) + u16::from(c) + 2) >> 2)
}

/// A mean of bytes, which is one.
#[inline(always)]
fn byte(mean: u16) -> u8 {
    mean.to_le_bytes()[0]
}
