//! The arithmetic coder of VP8: bits, each with the probability of being 0.

/// A stream of bits.
#[derive(Debug, Clone)]
pub(super) struct Bools<'a> {
    /// What was not taken yet.
    bytes: &'a [u8],
    /// The bits that are looked at, from the highest one down.
    value: u64,
    /// How many of them there are beyond the eight that a decision takes.
    spare: i32,
    /// One less than the range, which is 128 to 255 once there was a bit.
    range: u8,
    /// Whether bits were made up behind the end.
    has_ended: bool,
}

/// Ranges shifted until they are 128 at least, and by how much; all ranges less 1.
const NORMAL: [[u8; 2]; 256] = {
    let mut table = [[0; 2]; 256];
    let mut range = 1_u8;
    while range > 0 {
        let shift = range.leading_zeros();
        table[range as usize - 1] = [(range << shift) - 1, shift.to_le_bytes()[0]];
        range = range.wrapping_add(1);
    }
    table
};

impl<'a> Bools<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, value: 0, spare: -8, range: 254, has_ended: false }
    }

    /// Whether more bits were read than there are.
    pub(super) const fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// A bit that is 0 in `probability` of 256 cases.
    #[inline(always)]
    pub(super) fn bit(&mut self, probability: u8) -> bool {
        if self.spare < 0 {
            self.load();
        }
        // One less than where the range is split, and where it is.
        let split = (u32::from(self.range) * u32::from(probability)) >> 8;
        let threshold = (u64::from(split) + 1) << 56;
        // A branch can be foreseen, so that nothing waits for the comparison; for that its two ways must not look the same.
        if self.value >= threshold {
            let range = u32::from(self.range) - split;
            let shift = range.leading_zeros().wrapping_sub(24);
            self.range = (range << shift).wrapping_sub(1).to_le_bytes()[0];
            self.value = (self.value - threshold) << shift;
            self.spare -= shift.cast_signed();
            true
        } else {
            let [range, shift] = NORMAL[split as usize & 255];
            self.range = range;
            self.value <<= shift;
            self.spare -= i32::from(shift);
            false
        }
    }

    /// The number, or what it is below 0: both as likely. Not for the first bit of a stream.
    #[inline(always)]
    pub(super) fn signed(&mut self, number: i32) -> i32 {
        if self.spare < 0 {
            self.load();
        }
        let range = u32::from(self.range) + 1;
        let split = range.div_ceil(2);
        let threshold = u64::from(split) << 56;
        // Nobody can foresee it, so that a branch would cost more than to do both.
        let is_set = self.value >= threshold;
        self.value = if is_set { self.value - threshold } else { self.value } << 1;
        self.range = ((if is_set { range - split } else { split } << 1) - 1).to_le_bytes()[0];
        self.spare -= 1;
        if is_set { -number } else { number }
    }

    /// A number of so many bits, the highest first.
    pub(super) fn number(&mut self, bits: u32) -> u8 {
        (0..bits).fold(0, |number, _| number << 1 | u8::from(self.bit(128)))
    }

    /// Whether something is so.
    pub(super) fn flag(&mut self) -> bool {
        self.bit(128)
    }

    /// A number of so many bits and its sign, if it is there.
    pub(super) fn optional(&mut self, bits: u32) -> Option<i32> {
        self.flag().then(|| {
            let number = i32::from(self.number(bits));
            if self.flag() { -number } else { number }
        })
    }

    #[inline(always)]
    fn load(&mut self) {
        // Bits that are left: 1 to 7, and none at the beginning.
        let left = (8 + self.spare).cast_unsigned();
        if let Some((&next, rest)) = self.bytes.split_first_chunk::<8>() {
            // Seven of them: there is no room for all eight.
            self.value |= (u64::from_be_bytes(next) & !0xff) >> left;
            self.spare += 56;
            self.bytes = self.bytes.get(7..).unwrap_or(rest);
        } else {
            self.load_last(left);
        }
    }

    #[cold]
    fn load_last(&mut self, left: u32) {
        match self.bytes.split_first() {
            Some((&byte, rest)) => {
                self.value |= u64::from(byte) << 56 >> left;
                self.bytes = rest;
            }
            None => self.has_ended = true,
        }
        self.spare += 8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The coder as RFC 6386 has it in section 7.
    struct Writer {
        bytes: Vec<u8>,
        range: u32,
        bottom: u32,
        bits: i32,
    }

    impl Writer {
        fn write(&mut self, is_set: bool, probability: u8) {
            let split = 1 + (((self.range - 1) * u32::from(probability)) >> 8);
            if is_set {
                if self.bottom.checked_add(split).is_none() {
                    carry(&mut self.bytes);
                }
                self.bottom = self.bottom.wrapping_add(split);
                self.range -= split;
            } else {
                self.range = split;
            }
            while self.range < 128 {
                self.range <<= 1;
                if self.bottom & (1 << 31) != 0 {
                    carry(&mut self.bytes);
                }
                self.bottom <<= 1;
                self.bits -= 1;
                if self.bits == 0 {
                    self.bytes.push((self.bottom >> 24) as u8);
                    self.bottom &= (1 << 24) - 1;
                    self.bits = 8;
                }
            }
        }
    }

    fn carry(bytes: &mut [u8]) {
        for byte in bytes.iter_mut().rev() {
            *byte = byte.wrapping_add(1);
            if *byte != 0 {
                break;
            }
        }
    }

    #[test]
    fn what_was_written_is_read() {
        let mut random = 1u32;
        let mut next = || {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            random >> 16
        };
        let bits: Vec<(bool, u8)> = (0..20_000).map(|_| (next() & 1 == 0, (next() % 255 + 1) as u8)).collect();
        let mut writer = Writer { bytes: Vec::new(), range: 255, bottom: 0, bits: 24 };
        writer.write(true, 128);
        for &(is_set, probability) in &bits {
            writer.write(is_set, probability);
            writer.write(!is_set, 128);
        }
        (0..32).for_each(|_| writer.write(false, 128));
        let mut bools = Bools::new(&writer.bytes);
        assert!(bools.flag());
        for (at, &(is_set, probability)) in bits.iter().enumerate() {
            assert_eq!(bools.bit(probability), is_set, "bit {at}");
            assert_eq!(bools.signed(1), if is_set { 1 } else { -1 }, "sign {at}");
        }
        assert!(!bools.has_ended());
        (0..32 * 8).for_each(|_| _ = bools.flag());
        assert!(bools.has_ended());
    }
}
