//! Restart intervals of Huffman-coded data (ITU-T T.81 E.2.4), and the way back into step behind damage.

use super::{baseline::bits::Bits, faults::Faults};

/// Huffman-coded data of one scan, interval after interval.
///
/// Damage is concealed as by libjpeg: what cannot be read is zero up to the next restart marker.
#[derive(Clone, Copy)]
pub(super) struct Intervals<'a> {
    data: &'a [u8],
    pub(super) bits: Bits<'a>,
    /// Where `bits` start in `data`.
    start: usize,
    /// MCUs in an interval; none without restart markers.
    interval: Option<usize>,
    /// MCUs up to the next restart marker.
    left: usize,
    /// The number of the next restart marker, of 8.
    next: u8,
    /// Whether the data of this interval ended early, so that there is nothing to read for the rest of it.
    is_exhausted: bool,
    pub(super) faults: Faults,
}

impl<'a> Intervals<'a> {
    /// From byte `start` of the entropy-coded data on, behind `markers` restart markers.
    pub(super) fn new(data: &'a [u8], interval: Option<usize>, start: usize, markers: usize) -> Self {
        Self {
            data,
            bits: Bits::new(data.get(start..).unwrap_or_default()),
            start,
            interval,
            left: interval.unwrap_or(usize::MAX),
            next: u8::try_from(markers % 8).unwrap_or(0),
            is_exhausted: false,
            faults: Faults::default(),
        }
    }

    /// Whether nothing is left to read for this interval.
    pub(super) const fn is_exhausted(&self) -> bool {
        self.is_exhausted
    }

    /// Whether a restart marker belongs in front of the next MCU.
    #[inline(always)]
    pub(super) const fn is_at_end(&self) -> bool {
        self.left == 0
    }

    /// Counts an MCU.
    #[inline(always)]
    pub(super) const fn count_mcu(&mut self) {
        self.left -= 1;
    }

    /// Moves behind the restart marker, which must be the next thing in the data and the expected one.
    pub(super) fn restart(&mut self) -> Option<()> {
        let marker = self.start + self.bits.marker()?;
        if *self.data.get(marker + 1)? != 0xd0 + self.next {
            return None;
        }
        self.start_at(marker + 2);
        Some(())
    }

    /// Moves to where reading goes on, whatever stands in between.
    pub(super) fn resynchronize(&mut self) {
        let has_bytes = self.bits.has_bytes();
        let resumed = resume(self.data, self.position(), self.next);
        self.start_at(resumed.at);
        self.is_exhausted &= resumed.is_missing;
        self.faults.add(resumed.faults);
        self.faults.is_damaged |= has_bytes;
    }

    fn start_at(&mut self, start: usize) {
        self.start = start;
        self.bits = Bits::new(self.data.get(start..).unwrap_or_default());
        self.left = self.interval.unwrap_or(usize::MAX);
        self.next = (self.next + 1) % 8;
    }

    /// Begins an MCU, and says whether an interval begins with it.
    pub(super) fn begin_mcu(&mut self) -> bool {
        let restarts = self.left == 0;
        if restarts {
            self.resynchronize();
        }
        self.left -= 1;
        restarts
    }

    /// Ends an MCU: if it took more bits than there are, nothing more is read in this interval.
    #[inline(always)]
    pub(super) fn end_mcu(&mut self) {
        if self.bits.is_overrun() {
            self.exhaust();
        }
    }

    #[cold]
    fn exhaust(&mut self) {
        self.is_exhausted = true;
        self.faults.add(if self.bits.ends_with_data() { Faults::TRUNCATED } else { Faults::DAMAGED });
    }

    /// How much of the data was read, all but the bits that are held.
    pub(super) const fn position(&self) -> usize {
        self.start + self.bits.position()
    }

    /// Whether nothing but fill bytes is left in front of the marker at `end`.
    pub(super) fn ends_at(&mut self, end: usize) -> bool {
        self.bits.refill();
        let between = self.data.get(self.position()..end);
        !self.bits.has_bytes() && between.is_some_and(|bytes| bytes.iter().all(|&byte| byte == 0xff))
    }
}

/// Where entropy decoding goes on.
#[derive(Debug, PartialEq)]
pub(super) struct Resumed {
    /// Behind the restart marker; in front of the marker that stands there instead, or at the end of the data.
    pub(super) at: usize,
    /// Whether there is no data for the interval that begins.
    pub(super) is_missing: bool,
    pub(super) faults: Faults,
}

/// Looks for the restart marker number `expected` of 8 from byte `from` on.
///
/// If another stands there, a marker that is at most two ahead belongs to a later interval, and one that is at most two behind is a
/// remnant of an earlier one: so does libjpeg by default (`jpeg_resync_to_restart`).
pub(super) fn resume(data: &[u8], from: usize, expected: u8) -> Resumed {
    let mut faults = Faults::default();
    let mut at = from;
    while let Some((start, marker)) = next_marker(data, at) {
        faults.is_damaged |= data.get(at..start).is_some_and(|between| between.iter().any(|&byte| byte != 0xff));
        let found = |at, is_missing, faults| Resumed { at, is_missing, faults };
        let ahead = marker.wrapping_sub(0xd0).wrapping_sub(expected) % 8;
        match marker {
            0xd0..=0xd7 if ahead == 0 => return found(start + 2, false, faults),
            0xd0..=0xd7 if matches!(ahead, 3..=5) => return found(start + 2, false, Faults::DAMAGED),
            0x01..=0xbf => {}
            0xd0..=0xd7 if matches!(ahead, 6 | 7) => {}
            _ => return found(start, true, Faults::DAMAGED),
        }
        faults = Faults::DAMAGED;
        at = start + 2;
    }
    Resumed { at: data.len(), is_missing: true, faults: Faults::TRUNCATED }
}

/// The next marker from byte `at` on: where its last byte 0xff stands, and the byte behind that.
pub(super) fn next_marker(data: &[u8], at: usize) -> Option<(usize, u8)> {
    let rest = data.get(at..)?;
    let found = rest.windows(2).position(|pair| matches!(pair, [0xff, 0x01..=0xfe]))?;
    rest.get(found + 1).map(|&marker| (at + found, marker))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn restart_markers_are_found_behind_damage_as_by_libjpeg() {
        let found = |at, is_missing, faults| Resumed { at, is_missing, faults };
        for (data, expected) in [
            (&b"\xff\xd3data"[..], found(2, false, Faults::default())),
            (b"\xff\xff\xff\xd3data", found(4, false, Faults::default())),
            (b"ab\xff\x00\xff\xd3data", found(6, false, Faults::DAMAGED)),
            (b"\xff\x02\xff\xd3", found(4, false, Faults::DAMAGED)),
            // One or two intervals are missing.
            (b"\xff\xd4data", found(0, true, Faults::DAMAGED)),
            (b"a\xff\xd5data", found(1, true, Faults::DAMAGED)),
            // Markers of intervals that went before.
            (b"\xff\xd2data\xff\xd3", found(8, false, Faults::DAMAGED)),
            (b"\xff\xd1\xff\xd9", found(2, true, Faults::DAMAGED)),
            // Too far away to tell.
            (b"\xff\xd6data", found(2, false, Faults::DAMAGED)),
            (b"\xff\xd0data", found(2, false, Faults::DAMAGED)),
            (b"\xff\xd9", found(0, true, Faults::DAMAGED)),
            (b"data\xff", found(5, true, Faults::TRUNCATED)),
        ] {
            assert_eq!(resume(data, 0, 3), expected, "{}", data.escape_ascii());
        }
    }
}
