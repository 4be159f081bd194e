//! Filters (ISO/IEC 15948, clause 9).

use std::ops::Range;

use super::super::super::simd::widest;
use super::form::Form;

/// How the filters of an image's rows are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strategy {
    /// The same one for every row.
    Fixed(Filter),
    /// For each row, the one whose results have the least sum of magnitudes (clause 12.7).
    LeastSum,
}

/// A filter type, by its number in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filter {
    None = 0,
    Sub = 1,
    Up = 2,
    Average = 3,
    Paeth = 4,
}

const FILTERS: [Filter; 5] = [Filter::None, Filter::Sub, Filter::Up, Filter::Average, Filter::Paeth];

/// Filtered rows, the number of its filter before each.
pub(super) fn filtered(form: &Form<'_>, strategy: Strategy, rows: Range<usize>) -> Vec<u8> {
    let length = form.row_bytes();
    let mut output = Vec::with_capacity(rows.len() * (length + 1));
    let zeros = vec![0; length];
    let mut results = match strategy {
        Strategy::Fixed(_) => vec![vec![0; length]],
        Strategy::LeastSum => vec![vec![0; length]; FILTERS.len()],
    };
    for row in rows {
        let above = row.checked_sub(1).map_or(zeros.as_slice(), |above| form.row(above));
        let current = form.row(row);
        let chosen = match (strategy, results.as_mut_slice()) {
            (Strategy::Fixed(filter), [result, ..]) => {
                apply(filter, form.pixel_bytes(), above, current, result);
                Some((filter, &results[0]))
            }
            _ => {
                let sums =
                    FILTERS.iter().zip(&mut results).map(|(&filter, result)| apply(filter, form.pixel_bytes(), above, current, result));
                let sums: Vec<_> = sums.collect();
                FILTERS.into_iter().zip(&results).zip(sums).min_by_key(|&(_, sum)| sum).map(|(chosen, _)| chosen)
            }
        };
        if let Some((filter, result)) = chosen {
            output.push(filter as u8);
            output.extend_from_slice(result);
        }
    }
    output
}

/// Filters a row, and sums up the magnitudes of the results, taken as signed.
fn apply(filter: Filter, pixel: usize, above: &[u8], current: &[u8], result: &mut [u8]) -> u64 {
    let (start, rest) = current.split_at(pixel.min(current.len()));
    let (above_start, above_rest) = above.split_at(pixel.min(above.len()));
    widest(
        #[inline(always)]
        || {
            let (result_start, result_rest) = result.split_at_mut(pixel.min(result.len()));
            // Left of the first pixel all samples are 0.
            for ((result, &x), &b) in result_start.iter_mut().zip(start).zip(above_start) {
                *result = x.wrapping_sub(predicted(filter, 0, b, 0));
            }
            let neighbors = current.iter().zip(above).zip(above_rest).zip(rest).zip(result_rest);
            match filter {
                Filter::None => neighbors.for_each(|((_, &x), result)| *result = x),
                Filter::Sub => neighbors.for_each(|((((&a, _), _), &x), result)| *result = x.wrapping_sub(a)),
                Filter::Up => neighbors.for_each(|(((_, &b), &x), result)| *result = x.wrapping_sub(b)),
                Filter::Average => neighbors.for_each(|((((&a, _), &b), &x), result)| *result = x.wrapping_sub(average(a, b))),
                Filter::Paeth => neighbors.for_each(|((((&a, &c), &b), &x), result)| *result = x.wrapping_sub(paeth(a, b, c))),
            }
            result
                .chunks(1 << 12)
                .map(|part| u64::from(part.iter().map(|&byte| u32::from(byte.cast_signed().unsigned_abs())).sum::<u32>()))
                .sum()
        },
    )
}

/// What a filter expects of a sample with `a` to the left, `b` above and `c` above to the left.
fn predicted(filter: Filter, a: u8, b: u8, c: u8) -> u8 {
    match filter {
        Filter::None => 0,
        Filter::Sub => a,
        Filter::Up => b,
        Filter::Average => average(a, b),
        Filter::Paeth => paeth(a, b, c),
    }
}

#[inline(always)]
fn average(a: u8, b: u8) -> u8 {
    (a & b) + ((a ^ b) >> 1)
}

/// Of the neighbors the one nearest to `a + b - c`.
#[inline(always)]
fn paeth(a: u8, b: u8, c: u8) -> u8 {
    let [wide_a, wide_b, wide_c] = [a, b, c].map(i16::from);
    let (to_a, to_b) = ((wide_b - wide_c).abs(), (wide_a - wide_c).abs());
    let to_c = (wide_a + wide_b - 2 * wide_c).abs();
    let nearer = if to_b <= to_c { b } else { c };
    if to_a <= to_b && to_a <= to_c { a } else { nearer }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_those_of_the_standard() {
        let (above, current) = ([10, 20, 30, 40, 50, 60], [11, 22, 33, 44, 55, 66]);
        let found = |filter| {
            let mut result = [0; 6];
            let sum = apply(filter, 3, &above, &current, &mut result);
            assert_eq!(sum, result.iter().map(|&byte| u64::from(byte.cast_signed().unsigned_abs())).sum::<u64>());
            result
        };
        assert_eq!(found(Filter::None), current);
        assert_eq!(found(Filter::Sub), [11, 22, 33, 33, 33, 33]);
        assert_eq!(found(Filter::Up), [1, 2, 3, 4, 5, 6]);
        assert_eq!(found(Filter::Average), [6, 12, 18, 19, 19, 20]);
        assert_eq!(found(Filter::Paeth), [1, 2, 3, 4, 5, 6]);
        assert_eq!([paeth(10, 20, 30), paeth(1, 2, 1), paeth(200, 100, 100), paeth(5, 5, 5)], [10, 2, 200, 5]);
        assert_eq!([average(255, 255), average(255, 254), average(1, 0)], [255, 254, 0]);
    }
}
