//! Entropy coding of quantized coefficients (T.81, clause F.1.2).

use super::super::super::ImageError;
use super::fdct::Block;
use super::huffman::{Code, HuffmanTable};
use super::segment;

const DHT: u8 = 0xc4;
const SOS: u8 = 0xda;

/// The symbol for sixteen zeros.
const ZRL: u8 = 0xf0;
/// The symbol for a block whose other coefficients are 0.
const EOB: u8 = 0;
/// The most magnitude bits of a DC difference, and of an AC coefficient, with samples of 8 bits (T.81, tables F.1 and F.2).
const DC_SIZES: u8 = 11;
const AC_SIZES: u8 = 10;

/// Tokens that are kept until the tables are made: 32 MB.
pub(super) const KEPT: usize = 8 << 20;
/// Tokens that are written together afterwards.
const BATCH: usize = 1 << 16;

/// Which pair of tables codes a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Luma,
    Chroma,
}

/// The tables in the order of a token's number: DC and AC of luma, DC and AC of chroma.
const TABLES: usize = 4;

/// Codes blocks of one scan.
pub(super) struct EntropyCoder {
    is_color: bool,
    /// The last DC coefficient of each component.
    predictions: [i32; 3],
    /// A symbol in the upper half: the number of its table and its 8 bits; the bits that follow it in the lower half.
    tokens: Vec<u32>,
    counts: Vec<[u32; 256]>,
    /// Tokens from which on tables are made of what came until then.
    kept: usize,
    /// None until the tables are written.
    codes: Option<Vec<[Code; 256]>>,
    bits: BitWriter,
}

impl EntropyCoder {
    pub(super) fn new(is_color: bool, kept: usize) -> Self {
        Self {
            is_color,
            predictions: [0; 3],
            tokens: Vec::new(),
            counts: vec![[0; 256]; TABLES],
            kept,
            codes: None,
            bits: BitWriter::default(),
        }
    }

    /// Codes a block of a component.
    #[inline(always)]
    pub(super) fn block(&mut self, component: usize, class: Class, block: &Block) {
        let table = if class == Class::Luma { 0 } else { 2 };
        let difference = block.dc() - self.predictions[component];
        self.predictions[component] = block.dc();
        let (size, bits) = magnitude(difference);
        self.token(table, size, bits);

        let mut left = block.nonzero() & !1;
        let mut next = 1;
        while left != 0 {
            let place = left.trailing_zeros();
            left &= left - 1;
            let mut run = place - next;
            while run >= 16 {
                self.token(table + 1, u32::from(ZRL), 0);
                run -= 16;
            }
            let (size, bits) = magnitude(block.zigzag(place as usize));
            self.token(table + 1, run << 4 | size, bits);
            next = place + 1;
        }
        if next < 64 {
            self.token(table + 1, u32::from(EOB), 0);
        }
    }

    /// Codes a block that no one sees, in the fewest bits: as flat as the one before.
    #[inline(always)]
    pub(super) fn empty_block(&mut self, class: Class) {
        let table = if class == Class::Luma { 0 } else { 2 };
        self.token(table, 0, 0);
        self.token(table + 1, u32::from(EOB), 0);
    }

    #[inline(always)]
    fn token(&mut self, table: u32, symbol: u32, bits: u32) {
        self.counts[table as usize & (TABLES - 1)][symbol as usize & 0xff] += 1;
        self.tokens.push(table << 24 | symbol << 16 | bits);
    }

    /// Writes what is kept if it has become much. From then on the tables stay as they are, and have codes for every symbol that may come.
    pub(super) fn write_if_full(&mut self, file: &mut Vec<u8>) -> Result<(), ImageError> {
        if self.tokens.len() < if self.codes.is_some() { BATCH } else { self.kept } {
            return Ok(());
        }
        if self.codes.is_none() {
            for (number, counts) in self.counts.iter_mut().enumerate() {
                for symbol in symbols(number) {
                    let count = &mut counts[usize::from(symbol)];
                    *count = (*count).max(1);
                }
            }
        }
        self.write(file)
    }

    /// Writes the rest of the scan.
    pub(super) fn finish(&mut self, file: &mut Vec<u8>) -> Result<(), ImageError> {
        self.write(file)?;
        self.bits.finish(file);
        Ok(())
    }

    fn write(&mut self, file: &mut Vec<u8>) -> Result<(), ImageError> {
        let codes = match self.codes.take() {
            Some(codes) => codes,
            None => self.write_tables(file)?,
        };
        for &token in &self.tokens {
            let [table, symbol, ..] = token.to_be_bytes();
            let size = if table % 2 == 0 { symbol } else { symbol & 0xf };
            let code = codes[usize::from(table)][usize::from(symbol)];
            self.bits.put(file, u32::from(code.bits) << size | token & 0xffff, u32::from(code.length) + u32::from(size));
        }
        self.tokens.clear();
        self.codes = Some(codes);
        Ok(())
    }

    /// Makes the tables and writes them, and the scan header (T.81, B.2.3).
    fn write_tables(&self, file: &mut Vec<u8>) -> Result<Vec<[Code; 256]>, ImageError> {
        let count = if self.is_color { TABLES } else { TABLES / 2 };
        let tables: Vec<_> = self.counts.iter().take(count).map(HuffmanTable::new).collect();
        let mut data = Vec::new();
        for (identifier, table) in [0x00, 0x10, 0x01, 0x11].into_iter().zip(&tables) {
            data.push(identifier);
            table.write(&mut data);
        }
        segment(file, DHT, &data)?;
        let components: &[u8] = if self.is_color { &[3, 1, 0x00, 2, 0x11, 3, 0x11] } else { &[1, 1, 0x00] };
        segment(file, SOS, &[components, &[0, 63, 0]].concat())?;
        Ok(tables.iter().map(HuffmanTable::codes).collect())
    }
}

/// Every symbol that a table may have to code.
fn symbols(table: usize) -> Vec<u8> {
    if table.is_multiple_of(2) {
        return (0..=DC_SIZES).collect();
    }
    let runs = (0..16).flat_map(|run| (1..=AC_SIZES).map(move |size| run << 4 | size));
    runs.chain([EOB, ZRL]).collect()
}

/// The category of a number, and the bits that tell it from others of its category.
#[inline(always)]
const fn magnitude(value: i32) -> (u32, u32) {
    let size = 32 - value.unsigned_abs().leading_zeros();
    let bits = (value + (value >> 31)).cast_unsigned() & ((1 << size) - 1);
    (size, bits)
}

/// Bits, from the most significant to the least, with a zero byte behind each byte of ones (T.81, F.1.2.3).
#[derive(Default)]
struct BitWriter {
    held: u64,
    /// Fewer than 32 between calls.
    count: u32,
}

impl BitWriter {
    /// At most 32 bits.
    #[inline(always)]
    fn put(&mut self, file: &mut Vec<u8>, bits: u32, count: u32) {
        self.held = self.held << count | u64::from(bits);
        self.count += count;
        if self.count >= 32 {
            self.count -= 32;
            #[expect(clippy::cast_possible_truncation, reason = "the bits above were written before")]
            let word = (self.held >> self.count) as u32;
            // Whether one of four bytes is 0xff: whether one of their complements is 0.
            if (!word).wrapping_sub(0x0101_0101) & word & 0x8080_8080 == 0 {
                file.extend_from_slice(&word.to_be_bytes());
            } else {
                stuffed(file, &word.to_be_bytes());
            }
        }
    }

    /// Fills the last byte with ones.
    fn finish(&mut self, file: &mut Vec<u8>) {
        let missing = (8 - self.count % 8) % 8;
        self.put(file, (1 << missing) - 1, missing);
        let left = self.count;
        let word = (self.held << (64 - left).min(63)).to_be_bytes();
        stuffed(file, word.get(..left as usize / 8).unwrap_or_default());
        self.count = 0;
    }
}

fn stuffed(file: &mut Vec<u8>, bytes: &[u8]) {
    for &byte in bytes {
        file.push(byte);
        if byte == 0xff {
            file.push(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn magnitudes_are_those_of_the_standard() {
        for (value, expected) in
            [(0, (0, 0)), (1, (1, 1)), (-1, (1, 0)), (2, (2, 2)), (-2, (2, 1)), (-3, (2, 0)), (1023, (10, 1023)), (-2047, (11, 0))]
        {
            assert_eq!(magnitude(value), expected, "{value}");
        }
    }

    #[test]
    fn bytes_of_ones_are_stuffed_and_the_last_one_is_filled() {
        let mut file = Vec::new();
        let mut bits = BitWriter::default();
        for _ in 0..5 {
            bits.put(&mut file, 0xff, 8);
        }
        bits.put(&mut file, 0b010, 3);
        bits.finish(&mut file);
        assert_eq!(file, [0xff, 0, 0xff, 0, 0xff, 0, 0xff, 0, 0xff, 0, 0b0101_1111]);
        for count in 0..100 {
            let (mut file, mut bits) = (Vec::new(), BitWriter::default());
            for _ in 0..count {
                bits.put(&mut file, 0, 1);
            }
            bits.finish(&mut file);
            assert_eq!(file.len(), usize::div_ceil(count, 8));
        }
    }

    #[test]
    fn tables_for_what_may_come_have_a_code_for_it() {
        assert_eq!((symbols(0).len(), symbols(1).len(), symbols(2).len()), (12, 162, 12));
    }
}
