//! Lossless coding with prediction (ITU-T T.81 Annex H).

use super::super::{
    super::{Format, ImageError, limits::Deadline},
    baseline::huffman::{Kind, Table},
    faults::Faults,
    restart::Intervals,
};
use super::{
    frame::{Frame, Scan},
    tables::{Class, Tables},
};

/// Room for the samples of each component, in whole MCUs.
pub(super) fn planes(frame: &Frame) -> Vec<Vec<u8>> {
    frame.samplings().map(|(across, down)| vec![128; frame.mcus.0 * across * frame.mcus.1 * down]).collect()
}

/// Reads a scan into the planes; returns what was concealed, and how many bytes were read.
pub(super) fn read_scan(
    frame: &Frame,
    scan: &Scan,
    tables: &Tables,
    restart: Option<usize>,
    data: &[u8],
    planes: &mut [Vec<u8>],
    deadline: &Deadline,
) -> Result<(Faults, usize), ImageError> {
    let mut members = Vec::with_capacity(scan.members.len());
    for member in &scan.members {
        let Some(component) = frame.components.get(member.component) else { continue };
        let (sampling, units) = if scan.members.len() == 1 { ((1, 1), component.units) } else { (component.sampling, frame.mcus) };
        members.push(Member {
            table: tables.huffman(Class::Dc, member.dc, Kind::Symbols)?,
            component: member.component,
            stride: frame.mcus.0 * component.sampling.0,
            sampling,
            units,
            starts_at: 0,
        });
    }
    let (across, down) = members.first().map_or((0, 0), |member| member.units);
    // H.1.1: restart intervals are whole rows, so that prediction can begin anew.
    if restart.is_some_and(|interval| across != 0 && !interval.is_multiple_of(across)) {
        return Err(super::super::damaged("found a restart interval that is not a multiple of a row in lossless coding"));
    }
    let mut intervals = Intervals::new(data, restart, 0, 0);
    let predictor = Predictor { number: scan.spectrum.0, shift: scan.bits.1 };
    for row in 0..down {
        deadline.check(Format::Jpeg)?;
        for column in 0..across {
            if intervals.begin_mcu() {
                members.iter_mut().for_each(|member| member.starts_at = row * member.sampling.1);
            }
            if intervals.is_exhausted() {
                continue;
            }
            for member in &members {
                let Some(plane) = planes.get_mut(member.component) else { continue };
                member.read(&mut intervals, predictor, plane, (column, row));
            }
            intervals.end_mcu();
        }
    }
    Ok((intervals.faults, intervals.position()))
}

/// A component of the scan.
struct Member {
    table: Table,
    component: usize,
    /// Samples in a row of its plane.
    stride: usize,
    /// Its samples in an MCU, and MCUs in the scan.
    sampling: (usize, usize),
    units: (usize, usize),
    /// The row in which the restart interval began.
    starts_at: usize,
}

/// How a sample is told from those before it (Table H.1), without its `shift` lowest bits.
#[derive(Clone, Copy)]
struct Predictor {
    number: usize,
    shift: u8,
}

impl Member {
    fn read(&self, intervals: &mut Intervals<'_>, predictor: Predictor, plane: &mut [u8], (column, row): (usize, usize)) {
        for y in row * self.sampling.1..(row + 1) * self.sampling.1 {
            for x in column * self.sampling.0..(column + 1) * self.sampling.0 {
                let at = y * self.stride + x;
                let known = |distance: usize| {
                    i32::from(at.checked_sub(distance).and_then(|at| plane.get(at)).map_or(0, |&sample| sample) >> predictor.shift)
                };
                let is_first_row = y == self.starts_at;
                let predicted = match (x == 0, is_first_row) {
                    (true, true) => 128 >> predictor.shift,
                    (false, true) => known(1),
                    (true, false) => known(self.stride),
                    (false, false) => predictor.predict(known(1), known(self.stride), known(self.stride + 1)),
                };
                let sample = predicted.wrapping_add(difference(&self.table, intervals));
                if let Some(target) = plane.get_mut(at) {
                    *target = low_byte(sample << predictor.shift);
                }
            }
        }
    }
}

impl Predictor {
    /// The value for the samples to the left, above, and above to the left.
    const fn predict(self, left: i32, above: i32, corner: i32) -> i32 {
        match self.number {
            1 => left,
            2 => above,
            3 => corner,
            4 => left + above - corner,
            5 => left + ((above - corner) >> 1),
            6 => above + ((left - corner) >> 1),
            _ => (left + above) >> 1,
        }
    }
}

/// The difference to the value that was predicted; the longest one has no bits of its own (H.1.2.2).
fn difference(table: &Table, intervals: &mut Intervals<'_>) -> i32 {
    let (bits, faults) = (&mut intervals.bits, &mut intervals.faults);
    bits.refill();
    match table.next_symbol(bits).unwrap_or_else(|| table.code(bits, faults)) {
        size @ 0..=15 => bits.number(size.into()),
        16 => 32768,
        _ => {
            faults.is_damaged = true;
            0
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "sums are taken modulo the sample's range")]
const fn low_byte(sample: i32) -> u8 {
    sample as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predictors_are_those_of_the_standard() {
        let values = (1..=7).map(|number| Predictor { number, shift: 0 }.predict(10, 21, 4));
        assert_eq!(values.collect::<Vec<_>>(), [10, 21, 4, 27, 18, 24, 15]);
    }
}
