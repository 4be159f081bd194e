//! Huffman tables, looked up several bits at a time: where they fit, two codes and the numbers behind them in one go.

use super::{super::faults::Faults, bits::Bits, conceal::low_bits};

/// Bits looked up at once.
const LOOKAHEAD: u32 = 11;

/// Bits of the longest codes.
const MAX_LENGTH: usize = 16;
const MAX_BITS: u32 = 16;

/// A block's coefficients in natural order, column by column.
pub(in super::super) type Block = [i16; 64];

/// The order of coefficients in the file: where each of them goes in a [`Block`]. Longer than a block, for runs of zeros that lead out of it.
pub(in super::super) const ZIGZAG: [u8; 128] = zigzag();

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

/// What the next bits stand for: one or two coefficients, or one and the end of the block, as far as they are among those looked up.
#[derive(Debug, Clone, Copy, Default)]
struct Entry {
    /// The numbers; 0 where there is none. Where the first number is longer than what is looked up: its symbol, and how many bits that takes.
    values: [i16; 2],
    /// The zeros in front of the first number.
    run: u8,
    /// From the first number to the second, or to the zero behind it.
    step: u8,
    /// Coefficients that this is in all, and [`END`] where the block ends.
    coefficients: u8,
    /// Bits that this takes; 0 if a code or its number is longer than what is looked up.
    length: u8,
}

/// Added to the number of a block's coefficients at its end.
const END: u8 = 128;

/// Which numbers a table's symbols stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Kind {
    /// The difference of two means: the symbol is the size of the number.
    Mean,
    /// A run of zeros and the size of the number behind it.
    Waves,
    /// The same, in the first scan of a progressive image's band, where the end of a block may be that of several.
    Band,
    /// Anything; the symbol alone is looked up.
    Symbols,
}

/// A table of codes.
pub(in super::super) struct Table {
    entries: Box<[Entry; 1 << LOOKAHEAD]>,
    /// For each length: the first code that is longer, its bits left-aligned in 16.
    ends: [u32; MAX_LENGTH + 2],
    /// For each length: the place of a code's symbol, less the code.
    offsets: [i32; MAX_LENGTH + 1],
    symbols: Vec<u8>,
}

impl Table {
    /// `counts[n]` codes of n + 1 bits for these `symbols`; none if that makes no table.
    pub(in super::super) fn new(counts: &[u8; MAX_LENGTH], symbols: &[u8], kind: Kind) -> Option<Self> {
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
                // All ones is no code.
                if code + 1 >= 1 << length || kind == Kind::Mean && symbol > 15 {
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
        if matches!(kind, Kind::Waves | Kind::Band) {
            table.pair();
        }
        Some(table)
    }

    /// Puts what comes behind a coefficient beside it, where all of its bits are looked up as well.
    fn pair(&mut self) {
        let single = self.entries.clone();
        for (bits, entry) in self.entries.iter_mut().enumerate() {
            let Some(next) = single.get((bits << entry.length) % (1 << LOOKAHEAD)) else { continue };
            if entry.length == 0 || entry.coefficients >= END || next.length == 0 || u32::from(entry.length + next.length) > LOOKAHEAD {
                continue;
            }
            entry.values[1] = next.values[0];
            entry.step = entry.coefficients - entry.run + next.run;
            entry.coefficients += next.coefficients;
            entry.length += next.length;
        }
    }

    #[inline(always)]
    fn look_up(&self, bits: &Bits<'_>) -> Entry {
        #[expect(clippy::cast_possible_truncation, reason = "as many bits as the table has entries for")]
        let index = bits.peek(LOOKAHEAD) as usize;
        self.entries[index % (1 << LOOKAHEAD)]
    }

    /// Takes a code of any length, whose entry this is; none if there is no such code.
    #[inline(always)]
    fn symbol(&self, entry: Entry, bits: &mut Bits<'_>) -> Option<u8> {
        match entry.values {
            [symbol, length] if entry.length == 0 && length > 0 => {
                bits.skip(length.unsigned_abs().into());
                u8::try_from(symbol).ok()
            }
            _ => self.search(bits),
        }
    }

    /// Takes a code of any length.
    #[inline(always)]
    pub(in super::super) fn next_symbol(&self, bits: &mut Bits<'_>) -> Option<u8> {
        self.symbol(self.look_up(bits), bits)
    }

    /// Takes a code of a damaged block, and makes enough bits ready for the number behind it; a code that does not exist is longer than all others
    /// and stands for zero.
    pub(in super::super) fn code(&self, bits: &mut Bits<'_>, faults: &mut Faults) -> u8 {
        bits.refill();
        self.search(bits).unwrap_or_else(|| {
            bits.skip(MAX_BITS + 1);
            faults.is_damaged = true;
            0
        })
    }

    #[inline(never)]
    fn search(&self, bits: &mut Bits<'_>) -> Option<u8> {
        let next = u32::try_from(bits.peek(MAX_BITS)).ok()?;
        let length = (1..=MAX_LENGTH).find(|&length| self.ends.get(length).is_some_and(|&end| next < end))?;
        let code = i32::try_from(next >> (MAX_LENGTH - length)).ok()?;
        bits.skip(u32::try_from(length).ok()?);
        self.symbols.get(usize::try_from(code + self.offsets.get(length)?).ok()?).copied()
    }

    /// Takes the difference of a block's mean to the one before; none if there is no such code.
    #[inline(always)]
    pub(in super::super) fn difference(&self, bits: &mut Bits<'_>) -> Option<i32> {
        bits.refill();
        let entry = self.look_up(bits);
        if entry.length != 0 {
            bits.skip(entry.length.into());
            return Some(entry.values[0].into());
        }
        let size = self.symbol(entry, bits)?;
        Some(bits.number(size.into()))
    }

    /// Takes the rest of a block, behind its mean, into a block of zeros; returns whether there is any, and none if there is no such code or too
    /// many coefficients.
    #[inline(always)]
    pub(in super::super) fn waves(&self, bits: &mut Bits<'_>, block: &mut Block) -> Option<bool> {
        let mut at = 1;
        while at < 64 {
            // Whatever is looked up, and any code and its number, is 31 bits at most.
            if bits.count() < 32 {
                bits.refill();
            }
            let entry = self.look_up(bits);
            let first = at + usize::from(entry.run);
            // What comes behind the last coefficient is not of this block.
            if entry.length == 0 || first >= 63 {
                at = self.wave(entry, bits, block, at)?;
                continue;
            }
            bits.skip(entry.length.into());
            // Where there is no second number, a zero is written on a zero.
            block[usize::from(ZIGZAG[first % 128] % 64)] = entry.values[0];
            block[usize::from(ZIGZAG[(first + usize::from(entry.step)) % 128] % 64)] = entry.values[1];
            at += usize::from(entry.coefficients);
        }
        let is_whole = at == 64 || at > END.into() && at <= usize::from(END) + 64;
        is_whole.then_some(at != 1 + usize::from(END))
    }

    /// Takes the first bits of a band of coefficients, `low` bits short, into a block that has none of them yet. Returns the number of blocks that end
    /// here, this one included, or 0 for a band that is full; and whether it has any coefficients.
    #[inline(always)]
    pub(in super::super) fn band(
        &self,
        bits: &mut Bits<'_>,
        block: &mut Block,
        (first, last): (usize, usize),
        low: u8,
        faults: &mut Faults,
    ) -> (u32, bool) {
        let mut at = first;
        while at <= last {
            if bits.count() < 33 {
                bits.refill();
            }
            let entry = self.look_up(bits);
            let here = at + usize::from(entry.run);
            let there = here + usize::from(entry.step);
            if entry.length == 0 || there > last {
                let symbol = self.symbol(entry, bits).unwrap_or_else(|| self.code(bits, faults));
                let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
                match (run, size) {
                    (15, 0) => at += 16,
                    (_, 0) => return ((1 << run) + bits.take(run), at > first),
                    _ => {
                        at += run as usize + 1;
                        let value = bits.number(size);
                        if at <= last + 1 {
                            block[usize::from(ZIGZAG[(at - 1) % 128] % 64)] = low_bits(value << low);
                        }
                    }
                }
                continue;
            }
            bits.skip(entry.length.into());
            block[usize::from(ZIGZAG[here % 128] % 64)] = entry.values[0] << low;
            block[usize::from(ZIGZAG[there % 128] % 64)] = entry.values[1] << low;
            at += usize::from(entry.coefficients);
        }
        let end = usize::from(END);
        // A run that leads out of the band.
        faults.is_damaged |= at > last + 1 && at < end;
        (u32::from(at >= end), at % end > first)
    }

    /// Takes one coefficient, or the end of the block, from number `at` on, and returns what number comes next.
    #[inline(never)]
    #[expect(clippy::cast_possible_truncation, reason = "numbers have at most 15 bits here")]
    fn wave(&self, entry: Entry, bits: &mut Bits<'_>, block: &mut Block, at: usize) -> Option<usize> {
        let symbol = self.symbol(entry, bits)?;
        let (run, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
        match (run, size) {
            (15, 0) => Some(at + 16),
            (_, 0) => Some(at + usize::from(END)),
            _ => {
                block[usize::from(ZIGZAG[(at + run) % 128] % 64)] = bits.number(size) as i16;
                Some(at + run + 1)
            }
        }
    }
}

impl Entry {
    /// What a code of `length` bits for `symbol` stands for, when the `free` bits behind it are `rest`.
    #[expect(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "all of it is within the bits looked up")]
    const fn new(length: u32, symbol: u8, rest: u32, free: u32, kind: Kind) -> Self {
        let (run, size) = match kind {
            Kind::Mean => (0, symbol as u32),
            Kind::Waves | Kind::Band => (symbol >> 4, symbol as u32 & 15),
            Kind::Symbols => (0, 0),
        };
        let none = Self { values: [0; 2], run: 0, step: 1, coefficients: 0, length: 0 };
        // Behind the end of several blocks stands their number.
        let is_end_of_many = matches!(kind, Kind::Band) && size == 0 && run > 0 && run < 15;
        if size > free || is_end_of_many || matches!(kind, Kind::Symbols) {
            return Self { values: [symbol as i16, length as i16], ..none };
        }
        let length = (length + size) as u8;
        if size == 0 {
            let coefficients = match (kind, run) {
                (Kind::Waves | Kind::Band, 15) => 16,
                (Kind::Waves | Kind::Band, _) => END,
                (Kind::Mean | Kind::Symbols, _) => 1,
            };
            return Self { coefficients, length, ..none };
        }
        let value = (rest >> (free - size)) as i32;
        let value = if value >> (size - 1) == 0 { value + 1 - (1 << size) } else { value };
        Self { values: [value as i16, 0], run, coefficients: run + 1, length, ..none }
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
        assert_eq!(table.waves(&mut bits, &mut block), Some(true));
        let at = |number: usize| block[usize::from(ZIGZAG[number])];
        assert_eq!([at(1), at(2), at(5), at(9), at(26), at(27)], [1, -2, 32, -1, 32767, -1022]);
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
        assert_eq!(read("0"), Some(false));
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
        assert!(table(&[1], &[15], Kind::Mean) && !table(&[1], &[16], Kind::Mean), "a mean of 16 bits");
    }
}
