//! Progressive Huffman coding (ITU-T T.81 G.2): spectral selection and successive approximation.

use super::super::{
    super::ImageError,
    baseline::{
        bits::Bits,
        conceal::low_bits,
        huffman::{Block, Kind, Table, ZIGZAG},
    },
    faults::Faults,
    restart::Intervals,
};
use super::{
    entropy::Entropy,
    frame::Scan,
    tables::{Class, Tables},
};

/// A scan of progressive Huffman coding.
pub(super) struct Progressive<'a> {
    intervals: Intervals<'a>,
    kind: ScanKind,
    /// The bit position of this scan.
    low: u8,
}

enum ScanKind {
    /// The first bits of DC coefficients: a table for each component, and the coefficient that went before.
    FirstDc(Vec<Table>, [i32; 4]),
    /// One more bit of DC coefficients.
    NextDc,
    /// The first bits of a band of AC coefficients.
    FirstAc(Band),
    /// One more bit of a band of AC coefficients.
    NextAc(Band),
}

/// A band of AC coefficients.
struct Band {
    table: Table,
    first: usize,
    last: usize,
    /// Blocks that follow without new coefficients in this band.
    run: u32,
}

impl<'a> Progressive<'a> {
    pub(super) fn new(scan: &Scan, tables: &Tables, restart: Option<usize>, data: &'a [u8]) -> Result<Self, ImageError> {
        let (first, last) = scan.spectrum;
        let (high, low) = scan.bits;
        let band = |kind| {
            let number = scan.members.first().map_or(0, |member| member.ac);
            Ok::<_, ImageError>(Band { table: tables.huffman(Class::Ac, number, kind)?, first, last, run: 0 })
        };
        let kind = match (first, high) {
            (0, 0) => {
                let tables = scan.members.iter().map(|member| tables.huffman(Class::Dc, member.dc, Kind::Mean));
                ScanKind::FirstDc(tables.collect::<Result<_, _>>()?, [0; 4])
            }
            (0, _) => ScanKind::NextDc,
            (_, 0) => ScanKind::FirstAc(band(Kind::Band)?),
            _ => ScanKind::NextAc(band(Kind::Symbols)?),
        };
        Ok(Self { intervals: Intervals::new(data, restart, 0, 0), kind, low })
    }
}

impl Entropy for Progressive<'_> {
    #[inline]
    fn begin(&mut self) -> bool {
        if self.intervals.begin_mcu() {
            match &mut self.kind {
                ScanKind::FirstDc(_, predictions) => *predictions = [0; 4],
                ScanKind::FirstAc(band) | ScanKind::NextAc(band) => band.run = 0,
                ScanKind::NextDc => {}
            }
        }
        !self.intervals.is_exhausted()
    }

    #[inline]
    fn block(&mut self, member: usize, block: &mut Block, has_waves: &mut bool) {
        let Intervals { bits, faults, .. } = &mut self.intervals;
        match &mut self.kind {
            ScanKind::FirstDc(tables, predictions) => {
                let (Some(table), Some(prediction)) = (tables.get(member), predictions.get_mut(member)) else { return };
                let before = *bits;
                let difference = table.difference(bits).unwrap_or_else(|| {
                    *bits = before;
                    let size = table.code(bits, faults).min(16);
                    bits.number(size.into())
                });
                *prediction = prediction.wrapping_add(difference);
                block[0] = low_bits(*prediction << self.low);
            }
            ScanKind::NextDc => block[0] |= i16::from(bit(bits)) << self.low,
            ScanKind::FirstAc(band) => *has_waves |= band.read_first(bits, block, self.low, faults),
            // Blocks without coefficients have none to refine.
            ScanKind::NextAc(band) if band.run > 0 && !*has_waves => band.run -= 1,
            ScanKind::NextAc(band) => *has_waves |= band.read_next(bits, block, self.low, faults),
        }
    }

    #[inline]
    fn end(&mut self) {
        self.intervals.end_mcu();
    }

    fn faults(&self) -> Faults {
        self.intervals.faults
    }

    fn position(&self) -> usize {
        self.intervals.position()
    }
}

/// One bit.
#[inline(always)]
fn bit(bits: &mut Bits<'_>) -> bool {
    if bits.count() == 0 {
        bits.refill();
    }
    let bit = bits.peek(1) != 0;
    bits.skip(1);
    bit
}

impl Band {
    /// Reads the first bits of the band (G.1.2.2); true if there are any.
    #[inline(always)]
    fn read_first(&mut self, bits: &mut Bits<'_>, block: &mut Block, low: u8, faults: &mut Faults) -> bool {
        if self.run > 0 {
            self.run -= 1;
            return false;
        }
        let (run, has_new) = self.table.band(bits, block, (self.first, self.last), low, faults);
        self.run = run.saturating_sub(1);
        has_new
    }

    /// Reads one more bit of the band (G.1.2.3); true if there are new coefficients.
    #[inline(always)]
    fn read_next(&mut self, bits: &mut Bits<'_>, block: &mut Block, low: u8, faults: &mut Faults) -> bool {
        let one = 1_i16 << low;
        let mut at = self.first;
        let mut has_new = false;
        while self.run == 0 && at <= self.last {
            bits.refill();
            let symbol = self.table.next_symbol(bits).unwrap_or_else(|| self.table.code(bits, faults));
            let (zeros, size) = (u32::from(symbol >> 4), symbol & 15);
            let mut value = 0;
            if size > 0 {
                // New coefficients have a single bit.
                faults.is_damaged |= size != 1;
                value = if bit(bits) { one } else { -one };
            } else if zeros < 15 {
                self.run = (1 << zeros) + bits.take(zeros);
                break;
            }
            at = refine(bits, block, at..=self.last, zeros, one);
            if value != 0 && at <= self.last {
                block[usize::from(ZIGZAG[at % 128] % 64)] = value;
                has_new = true;
            }
            at += 1;
        }
        if self.run > 0 {
            refine(bits, block, at..=self.last, u32::MAX, one);
            self.run -= 1;
        }
        has_new
    }
}

/// Reads one more bit for each coefficient that is not zero, past `zeros` that are, and returns the place of the zero behind them.
#[inline(always)]
fn refine(bits: &mut Bits<'_>, block: &mut Block, band: std::ops::RangeInclusive<usize>, mut zeros: u32, one: i16) -> usize {
    let end = *band.end() + 1;
    for at in band {
        let wave = &mut block[usize::from(ZIGZAG[at % 128] % 64)];
        if *wave == 0 {
            if zeros == 0 {
                return at;
            }
            zeros -= 1;
        } else if bit(bits) && *wave & one == 0 {
            *wave = wave.wrapping_add(if *wave > 0 { one } else { -one });
        }
    }
    end
}
