//! Bits of entropy-coded data, the most significant first.

/// A window onto the bits of one segment of entropy-coded data, which ends at the next marker.
///
/// Behind the end there are zeros without end; [`is_overrun`](Self::is_overrun) says whether any of them was taken.
#[derive(Clone, Copy)]
pub(in super::super) struct Bits<'a> {
    data: &'a [u8],
    at: usize,
    /// The next bits, left-aligned. Behind `count` of them stand zeros, or the start of the byte at `at`.
    window: u64,
    count: u32,
    /// How many of the bits handed out or held are not in the data.
    made_up: u32,
}

impl<'a> Bits<'a> {
    pub(in super::super) const fn new(data: &'a [u8]) -> Self {
        Self { data, at: 0, window: 0, count: 0, made_up: 0 }
    }

    /// Makes at least 56 bits ready.
    #[inline(always)]
    pub(in super::super) fn refill(&mut self) {
        if let Some(&bytes) = self.data.get(self.at..).and_then(|rest| rest.first_chunk::<8>()) {
            let next = u64::from_be_bytes(bytes);
            if !has_ff(next) {
                self.window |= next >> self.count;
                let taken = (63 - self.count) >> 3;
                self.at += taken as usize;
                self.count += taken * 8;
                return;
            }
        }
        self.refill_slowly();
    }

    /// Byte by byte: near the end, and where a byte 0xff is stuffed or starts a marker.
    #[cold]
    #[inline(never)]
    fn refill_slowly(&mut self) {
        while self.count <= 56 {
            let byte = match self.data.get(self.at) {
                Some(0xff) if self.data.get(self.at + 1) == Some(&0) => {
                    self.at += 2;
                    0xff
                }
                Some(&byte) if byte != 0xff => {
                    self.at += 1;
                    byte
                }
                _ => {
                    // Enough for any number of blocks: a reader that goes on is stopped after each row of them.
                    self.made_up = self.made_up.saturating_add(8);
                    0
                }
            };
            self.window |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
    }

    /// How many bits are ready.
    #[inline(always)]
    pub(in super::super) const fn count(&self) -> u32 {
        self.count
    }

    /// The next `count` bits, at least 1 and no more than are ready.
    #[inline(always)]
    pub(in super::super) const fn peek(&self, count: u32) -> u64 {
        self.window >> (64 - count)
    }

    /// Takes bits, no more than are ready.
    #[inline(always)]
    pub(in super::super) const fn skip(&mut self, count: u32) {
        self.window <<= count;
        self.count -= count;
    }

    /// The next `size` bits, at most 16, as a number: one that starts with 0 is negative, and one of no bits is 0.
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "16 bits at most")]
    pub(in super::super) const fn number(&mut self, size: u32) -> i32 {
        let value = (self.window >> 1 >> (63 - size)) as i32;
        self.skip(size);
        // All ones where the first bit is 0.
        let negative = ((value >> (size.wrapping_sub(1) & 31)) & 1) - 1;
        value + (negative & (1 - (1 << size)))
    }

    /// The next `count` bits, at most 16 and no more than are ready, as a number that is not negative.
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "16 bits at most")]
    pub(in super::super) const fn take(&mut self, count: u32) -> u32 {
        let value = (self.window >> 1 >> (63 - count)) as u32;
        self.skip(count);
        value
    }

    /// Whether more bits were taken than there are.
    pub(in super::super) const fn is_overrun(&self) -> bool {
        self.made_up > self.count
    }

    /// How much of the data was taken into the window.
    pub(in super::super) const fn position(&self) -> usize {
        self.at
    }

    /// Whether whole bytes of the data are held that were not taken.
    pub(in super::super) const fn has_bytes(&self) -> bool {
        self.count >= self.made_up.saturating_add(8)
    }

    /// Whether the data ends, with no marker, where no more can be read.
    pub(in super::super) fn ends_with_data(&self) -> bool {
        self.data.get(self.at..).is_none_or(|rest| rest.iter().all(|&byte| byte == 0xff))
    }

    /// Where the next marker stands, if less than a byte is left in front of it.
    pub(in super::super) fn marker(&mut self) -> Option<usize> {
        self.refill();
        let left = self.count.checked_sub(self.made_up)?;
        (left < 8 && self.data.get(self.at) == Some(&0xff)).then_some(self.at)
    }
}

/// Whether any byte is 0xff.
#[inline(always)]
const fn has_ff(bytes: u64) -> bool {
    const LOW: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    (!bytes).wrapping_sub(LOW) & bytes & HIGH != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stuffed_bytes_are_one_and_bits_end_at_a_marker() {
        let data = [0x12, 0xff, 0x00, 0x34, 0xff, 0x00, 0xff, 0x00, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0xff, 0xd0, 0x77];
        let mut bits = Bits::new(&data);
        for expected in [0x12, 0xff, 0x34, 0xff, 0xff, 1, 2, 3, 4, 5, 6, 7, 8, 9] {
            bits.refill();
            assert!(bits.marker().is_none());
            assert_eq!(bits.peek(8), expected);
            bits.skip(8);
        }
        bits.skip(3);
        assert_eq!(bits.marker(), Some(18));
        bits.skip(5);
        assert_eq!((bits.marker(), bits.is_overrun()), (Some(18), false));
        bits.skip(1);
        assert_eq!((bits.marker(), bits.is_overrun()), (None, true));
    }

    #[test]
    fn every_offset_of_the_window_reads_the_same() {
        let data: Vec<u8> = (0..200_u32).map(|at| (at * 37 % 254) as u8).collect();
        for step in 1..=32_usize {
            let (mut bits, mut at, count) = (Bits::new(&data), 0, u32::try_from(step).unwrap());
            while at + step <= 1600 {
                bits.refill();
                let expected = (at..at + step).fold(0, |number, bit| number << 1 | u64::from(data[bit / 8] >> (7 - bit % 8) & 1));
                assert_eq!(bits.peek(count), expected, "{step} bits at {at}");
                bits.skip(count);
                at += step;
            }
            assert!(!bits.is_overrun());
        }
    }

    #[test]
    fn numbers_are_signed_by_their_first_bit() {
        let number = |bits: u8, size| Bits { data: &[], at: 0, window: u64::from(bits) << 56, count: 64, made_up: 0 }.number(size);
        let cases = [
            (0, 0, 0),
            (0b0, 1, -1),
            (0b1000_0000, 1, 1),
            (0b0000_0000, 3, -7),
            (0b0110_0000, 3, -4),
            (0b1000_0000, 3, 4),
            (0b1110_0000, 3, 7),
        ];
        for (bits, size, expected) in cases {
            assert_eq!(number(bits, size), expected, "{size} bits of {bits:#010b}");
        }
    }
}
