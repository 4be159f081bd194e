//! Quantization tables, Huffman tables and conditioning of arithmetic coding, as they are defined between scans (ITU-T T.81 B.2.4).

use super::super::{
    super::{
        ImageError,
        bytes::{slice, u8_at, u16_be},
    },
    baseline::huffman::{Kind, Table},
    damaged,
};

/// Quantization steps in zigzag order.
pub(super) type Steps = [u16; 64];

/// All tables that are defined so far, by their numbers.
#[derive(Default)]
pub(super) struct Tables {
    steps: [Option<Steps>; 4],
    dc: [Option<Codes>; 4],
    ac: [Option<Codes>; 4],
    pub(super) conditioning: Conditioning,
}

/// Which of the two kinds of Huffman tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// For DC coefficients, and for lossless coding.
    Dc,
    /// For AC coefficients.
    Ac,
}

/// A Huffman table as it is defined: how many codes there are of each length, and their symbols.
struct Codes {
    counts: [u8; 16],
    symbols: Vec<u8>,
}

/// What the statistics of arithmetic coding are conditioned on (F.1.4.4.1.2, F.1.4.4.2.1).
#[derive(Clone)]
pub(super) struct Conditioning {
    /// The bounds L and U of small differences, for each DC table.
    pub(super) dc: [(u8, u8); 16],
    /// The last coefficient of low frequency, for each AC table.
    pub(super) ac: [u8; 16],
}

impl Default for Conditioning {
    fn default() -> Self {
        Self { dc: [(0, 1); 16], ac: [5; 16] }
    }
}

impl Tables {
    /// Reads a DQT segment.
    pub(super) fn define_steps(&mut self, data: &[u8]) -> Result<(), ImageError> {
        let wrong = || damaged("a quantization table is cut off or has a number above 3");
        let mut at = 0;
        while let Some(head) = u8_at(data, at) {
            let target = self.steps.get_mut(usize::from(head & 15)).ok_or_else(wrong)?;
            let mut steps = [0; 64];
            let bytes = if head >> 4 == 0 { 1 } else { 2 };
            for (number, step) in steps.iter_mut().enumerate() {
                let place = at + 1 + number * bytes;
                let found = if bytes == 1 { u8_at(data, place).map(u16::from) } else { u16_be(data, place) };
                *step = found.ok_or_else(wrong)?;
            }
            *target = Some(steps);
            at += 1 + 64 * bytes;
        }
        Ok(())
    }

    /// Reads a DHT segment.
    pub(super) fn define_codes(&mut self, data: &[u8]) -> Result<(), ImageError> {
        let wrong = || damaged("a Huffman table is cut off or has a number above 3");
        let mut at = 0;
        while let Some(head) = u8_at(data, at) {
            let counts = *data.get(at + 1..).and_then(<[u8]>::first_chunk::<16>).ok_or_else(wrong)?;
            let count = counts.iter().map(|&count| usize::from(count)).sum();
            let symbols = slice(data, at + 17, count).filter(|symbols| symbols.len() <= 256).ok_or_else(wrong)?.to_vec();
            let tables = match head >> 4 {
                0 => &mut self.dc,
                1 => &mut self.ac,
                _ => return Err(wrong()),
            };
            *tables.get_mut(usize::from(head & 15)).ok_or_else(wrong)? = Some(Codes { counts, symbols });
            at += 17 + count;
        }
        Ok(())
    }

    /// Reads a DAC segment.
    pub(super) fn define_conditioning(&mut self, data: &[u8]) -> Result<(), ImageError> {
        for &[number, value] in data.as_chunks::<2>().0 {
            let place = usize::from(number & 15);
            let (lower, upper) = (value & 15, value >> 4);
            match (number >> 4, self.conditioning.dc.get_mut(place), self.conditioning.ac.get_mut(place)) {
                (0, Some(dc), _) if lower <= upper => *dc = (lower, upper),
                (1, _, Some(ac)) => *ac = value,
                _ => return Err(damaged("a conditioning table of arithmetic coding is out of order")),
            }
        }
        Ok(())
    }

    /// The quantization table of a component.
    pub(super) fn steps(&self, number: usize) -> Result<Steps, ImageError> {
        let found = self.steps.get(number).copied().flatten();
        found.ok_or_else(|| damaged(&format!("found a scan before its quantization table {number}")))
    }

    /// A Huffman table; where it is not defined, the one that Motion JPEG leaves out, from Annex K.3.
    pub(super) fn huffman(&self, class: Class, number: usize, kind: Kind) -> Result<Table, ImageError> {
        let tables = if class == Class::Dc { &self.dc } else { &self.ac };
        let table = match (tables.get(number), class, number) {
            (Some(Some(codes)), ..) => Table::new(&codes.counts, &codes.symbols, kind),
            (_, Class::Dc, 0) => Table::new(&LUMINANCE_DC, &DIFFERENCES, kind),
            (_, Class::Dc, 1) => Table::new(&CHROMINANCE_DC, &DIFFERENCES, kind),
            (_, Class::Ac, 0) => Table::new(&LUMINANCE_AC, &LUMINANCE_AC_SYMBOLS, kind),
            (_, Class::Ac, 1) => Table::new(&CHROMINANCE_AC, &CHROMINANCE_AC_SYMBOLS, kind),
            _ => return Err(damaged(&format!("found a scan before its Huffman table {number}"))),
        };
        table.ok_or_else(|| damaged("found a Huffman table that is not possible"))
    }
}

/// Tables K.3 and K.4.
const LUMINANCE_DC: [u8; 16] = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];
const CHROMINANCE_DC: [u8; 16] = [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0];
const DIFFERENCES: [u8; 12] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

/// Tables K.5 and K.6.
const LUMINANCE_AC: [u8; 16] = [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125];
const CHROMINANCE_AC: [u8; 16] = [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 119];
const LUMINANCE_AC_SYMBOLS: [u8; 162] = [
    0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61, 0x07, 0x22, 0x71, 0x14, 0x32, 0x81, 0x91,
    0xa1, 0x08, 0x23, 0x42, 0xb1, 0xc1, 0x15, 0x52, 0xd1, 0xf0, 0x24, 0x33, 0x62, 0x72, 0x82, 0x09, 0x0a, 0x16, 0x17, 0x18, 0x19, 0x1a,
    0x25, 0x26, 0x27, 0x28, 0x29, 0x2a, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a, 0x53,
    0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79,
    0x7a, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9a, 0xa2, 0xa3, 0xa4, 0xa5,
    0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6, 0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9,
    0xca, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0xda, 0xe1, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xf1, 0xf2,
    0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa,
];
const CHROMINANCE_AC_SYMBOLS: [u8; 162] = [
    0x00, 0x01, 0x02, 0x03, 0x11, 0x04, 0x05, 0x21, 0x31, 0x06, 0x12, 0x41, 0x51, 0x07, 0x61, 0x71, 0x13, 0x22, 0x32, 0x81, 0x08, 0x14,
    0x42, 0x91, 0xa1, 0xb1, 0xc1, 0x09, 0x23, 0x33, 0x52, 0xf0, 0x15, 0x62, 0x72, 0xd1, 0x0a, 0x16, 0x24, 0x34, 0xe1, 0x25, 0xf1, 0x17,
    0x18, 0x19, 0x1a, 0x26, 0x27, 0x28, 0x29, 0x2a, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a,
    0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78,
    0x79, 0x7a, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9a, 0xa2, 0xa3,
    0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6, 0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7,
    0xc8, 0xc9, 0xca, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0xda, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xf2,
    0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa,
];
