//! Huffman tables, looked up several bits at a time; where they fit, a code and the number behind it in one go.

use super::bits::Bits;

/// Bits looked up at once.
const LOOKAHEAD: u32 = 10;

/// Bits of the longest codes.
const MAX_LENGTH: usize = 16;
const MAX_BITS: u32 = 16;

/// A block's coefficients in natural order, column by column.
pub(super) type Block = [i16; 64];

/// The order of coefficients in the file: where each of them goes in a [`Block`]. Longer than a block, for runs of zeros that lead out of it.
pub(super) const ZIGZAG: [u8; 128] = zigzag();

const fn zigzag() -> [u8; 128] {
    let mut order = [63; 128];
    let (mut x, mut y, mut at) = (0_u8, 0_u8, 0);
    while at < 64 {
        order[at] = x * 8 + y;
        let (along, across) = if (x + y) % 2 == 0 { (&mut x, &mut y) } else { (&mut y, &mut x) };
        if *along == 7 {
            *across += 1;
        } else if *across == 0 {
            *along += 1;
        } else {
            *along += 1;
            *across -= 1;
        }
        at += 1;
    }
    order
}

/// What the next bits stand for.
#[derive(Debug, Clone, Copy, Default)]
struct Entry {
    /// The number behind the run of zeros; 0 if its bits are not among those looked up, or if there is none.
    value: i16,
    /// The zeros in front of the number; the symbol where there is no number.
    run: u8,
    /// Bits that this takes; 0 if the code is longer than what is looked up.
    length: u8,
}

/// Which numbers a table's symbols stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The difference of two means: the symbol is the size of the number.
    Mean,
    /// A run of zeros and the size of the number behind it.
    Waves,
}

/// A table of codes.
pub(super) struct Table {
    entries: Box<[Entry; 1 << LOOKAHEAD]>,
    /// For each length: the first code that is longer, its bits left-aligned in 16.
    ends: [u32; MAX_LENGTH + 2],
    /// For each length: the place of a code's symbol, less the code.
    offsets: [i32; MAX_LENGTH + 1],
    symbols: Vec<u8>,
}

impl Table {
    /// `counts[n]` codes of n + 1 bits for these `symbols`; none if that makes no table.
    pub(super) fn new(counts: &[u8; MAX_LENGTH], symbols: &[u8], kind: Kind) -> Option<Self> {
        let mut table = Self {
            entries: Box::new([Entry::default(); 1 << LOOKAHEAD]),
            ends: [u32::MAX; MAX_LENGTH + 2],
            offsets: [0; MAX_LENGTH + 1],
            symbols: symbols.to_vec(),
        };
        let (mut code, mut place) = (0_u32, 0_usize);
        let lengths = (1_u32..).zip(counts).zip(table.offsets.iter_mut().skip(1).zip(table.ends.iter_mut().skip(1)));
        for ((length, &count), (offset, end)) in lengths {
            *offset = i32::try_from(place).ok()? - i32::try_from(code).ok()?;
            for _ in 0..count {
                let symbol = *symbols.get(place)?;
                // A mean of 8-bit samples has at most 11 bits; all ones is no code.
                if code + 1 >= 1 << length || kind == Kind::Mean && symbol > 11 {
                    return None;
                }
                if let Some(free) = LOOKAHEAD.checked_sub(length) {
                    for rest in 0..1_u32 << free {
                        *table.entries.get_mut((code << free | rest) as usize)? = Entry::new(length, symbol, rest, free, kind);
                    }
                }
                code += 1;
                place += 1;
            }
            *end = code << (MAX_BITS - length);
            code <<= 1;
        }
        Some(table)
    }

    #[inline(always)]
    fn look_up(&self, bits: &Bits<'_>) -> Entry {
        #[expect(clippy::cast_possible_truncation, reason = "as many bits as the table has entries for")]
        let index = bits.peek(LOOKAHEAD) as usize;
        self.entries[index % (1 << LOOKAHEAD)]
    }

    /// The symbol of an entry without a number, whose bits were taken; or that of a longer code, which is taken.
    #[inline(always)]
    fn symbol(&self, entry: Entry, bits: &mut Bits<'_>) -> Option<u8> {
        if entry.length != 0 { Some(entry.run) } else { self.long(bits) }
    }

    #[cold]
    #[inline(never)]
    fn long(&self, bits: &mut Bits<'_>) -> Option<u8> {
        let next = u32::try_from(bits.peek(MAX_BITS)).ok()?;
        let length = (LOOKAHEAD as usize + 1..=MAX_LENGTH).find(|&length| self.ends.get(length).is_some_and(|&end| next < end))?;
        let code = i32::try_from(next >> (MAX_LENGTH - length)).ok()?;
        bits.skip(u32::try_from(length).ok()?);
        self.symbols.get(usize::try_from(code + self.offsets.get(length)?).ok()?).copied()
    }

    /// Takes the difference of a block's mean to the one before; none if there is no such code.
    #[inline(always)]
    pub(super) fn difference(&self, bits: &mut Bits<'_>) -> Option<i32> {
        bits.refill();
        let entry = self.look_up(bits);
        bits.skip(entry.length.into());
        if entry.value != 0 {
            return Some(entry.value.into());
        }
        let size = self.symbol(entry, bits)?;
        Some(bits.number(size.into()))
    }

    /// Takes the rest of a block, behind its mean, into a block of zeros; returns the number of the last coefficient that is not 0, and none if
    /// there is no such code or too many coefficients.
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "numbers have at most 15 bits here, and blocks 64 coefficients")]
    pub(super) fn waves(&self, bits: &mut Bits<'_>, block: &mut Block) -> Option<u8> {
        let (mut at, mut last) = (1, 0);
        while at < 64 {
            // A code and its number are 31 bits at most.
            if bits.count() < 32 {
                bits.refill();
            }
            let entry = self.look_up(bits);
            bits.skip(entry.length.into());
            let value = if entry.value != 0 {
                at += usize::from(entry.run);
                entry.value
            } else {
                let symbol = self.symbol(entry, bits)?;
                let (run, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
                if size == 0 {
                    if run != 15 {
                        break;
                    }
                    at += 16;
                    continue;
                }
                at += run;
                bits.number(size) as i16
            };
            block[usize::from(ZIGZAG[at % 128] % 64)] = value;
            last = at;
            at += 1;
        }
        (at <= 64).then_some(last as u8)
    }
}

impl Entry {
    /// What a code of `length` bits for `symbol` stands for, when the `free` bits behind it are `rest`.
    #[expect(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "all of it is within the bits looked up")]
    const fn new(length: u32, symbol: u8, rest: u32, free: u32, kind: Kind) -> Self {
        let (run, size) = match kind {
            Kind::Mean => (0, symbol as u32),
            Kind::Waves => (symbol >> 4, symbol as u32 & 15),
        };
        if size == 0 || size > free {
            return Self { value: 0, run: symbol, length: length as u8 };
        }
        let value = (rest >> (free - size)) as i32;
        let value = if value >> (size - 1) == 0 { value + 1 - (1 << size) } else { value };
        Self { value: value as i16, run, length: (length + size) as u8 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_that_of_the_standard() {
        // Figure A.6 of ITU T.81, row by row: the number of the coefficient at each place.
        let standard: [[u8; 8]; 8] = [
            [0, 1, 5, 6, 14, 15, 27, 28],
            [2, 4, 7, 13, 16, 26, 29, 42],
            [3, 8, 12, 17, 25, 30, 41, 43],
            [9, 11, 18, 24, 31, 40, 44, 53],
            [10, 19, 23, 32, 39, 45, 52, 54],
            [20, 22, 33, 38, 46, 51, 55, 60],
            [21, 34, 37, 47, 50, 56, 59, 61],
            [35, 36, 48, 49, 57, 58, 62, 63],
        ];
        for (y, row) in standard.iter().enumerate() {
            for (x, &number) in row.iter().enumerate() {
                assert_eq!(usize::from(ZIGZAG[usize::from(number)]), x * 8 + y);
            }
        }
    }

    /// Codes 0, 10, 110 … of 1 to 15 bits, for these symbols.
    fn ladder(symbols: &[u8], kind: Kind) -> Table {
        let mut counts = [0; MAX_LENGTH];
        counts[..symbols.len()].fill(1);
        Table::new(&counts, symbols, kind).unwrap()
    }

    /// Bits written as text, as bytes that end with ones and a marker.
    fn data(bits: &str) -> Vec<u8> {
        let mut bits = bits.replace(' ', "");
        while !bits.len().is_multiple_of(8) {
            bits.push('1');
        }
        let mut bytes = Vec::new();
        for bits in bits.as_bytes().chunks(8) {
            let byte = bits.iter().fold(0, |byte, bit| byte << 1 | (bit - b'0'));
            bytes.push(byte);
            if byte == 0xff {
                bytes.push(0);
            }
        }
        bytes.extend([0xff, 0xd9]);
        bytes
    }

    #[test]
    fn short_and_long_codes_are_read_alike() {
        // End of block, then sizes 1 to 10 and a run of 2, 16 zeros, and a number of 15 bits behind a code of 14.
        let symbols = [0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x26, 0x07, 0x08, 0x09, 0x0a, 0x31, 0xf0, 0x0f];
        let table = ladder(&symbols, Kind::Waves);
        let file = data(
            "10 1  110 01  1111110 100000  111111111110 0  1111111111110  11111111111110 111111111111111 \
             11111111110 0000000001  0",
        );
        let mut bits = Bits::new(&file);
        let mut block = [0; 64];
        let last = table.waves(&mut bits, &mut block).unwrap();
        let at = |number: usize| block[usize::from(ZIGZAG[number])];
        assert_eq!([at(1), at(2), at(5), at(9), at(26), at(27)], [1, -2, 32, -1, 32767, -1022]);
        assert_eq!(last, 27);
        assert_eq!(block.iter().filter(|&&number| number != 0).count(), 6);
        assert!(bits.marker().is_some());
    }

    #[test]
    fn means_are_differences_of_any_size() {
        let table = ladder(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], Kind::Mean);
        let file = data("0  10 0  110 11  111111111110 10000000000");
        let mut bits = Bits::new(&file);
        let found: Vec<_> = (0..4).map(|_| table.difference(&mut bits)).collect();
        assert_eq!(found, [Some(0), Some(-1), Some(3), Some(1024)]);
        assert!(!bits.is_overrun());
    }

    #[test]
    fn codes_that_do_not_exist_and_blocks_that_are_too_long_are_refused() {
        let table = ladder(&[0x00, 0xf0, 0xf1], Kind::Waves);
        let read = |text: &str| table.waves(&mut Bits::new(&data(text)), &mut [0; 64]);
        assert_eq!(read("0"), Some(0));
        assert_eq!(read("111 1"), None, "a code that no symbol has");
        assert_eq!(read("10 10 10 1101 0"), None, "a run that leads out of the block");
        assert_eq!(read("10 10 10 10 0"), None, "64 zeros");
    }

    #[test]
    fn tables_that_are_none_are_refused() {
        let table = |counts: &[u8], symbols: &[u8], kind| {
            let mut all = [0; MAX_LENGTH];
            all[..counts.len()].copy_from_slice(counts);
            Table::new(&all, symbols, kind).is_some()
        };
        assert!(table(&[1], &[0], Kind::Waves));
        assert!(!table(&[2], &[0, 1], Kind::Waves), "all ones");
        assert!(!table(&[1, 2], &[0, 1, 2], Kind::Waves), "more codes than there are");
        assert!(!table(&[1, 1], &[0], Kind::Waves), "symbols are missing");
        assert!(!table(&[1], &[12], Kind::Mean), "a mean of 12 bits");
    }
}
