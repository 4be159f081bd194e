//! Sequential Huffman coding, baseline and extended (ITU-T T.81 F.2.2).

use super::super::{
    super::ImageError,
    baseline::{
        conceal::read_damaged_block,
        huffman::{Block, Kind, Table},
        scan::read_block,
    },
    faults::Faults,
    restart::Intervals,
};
use super::{
    entropy::Entropy,
    frame::Scan,
    tables::{Class, Tables},
};

/// A scan of sequential Huffman coding.
pub(super) struct Sequential<'a> {
    intervals: Intervals<'a>,
    /// DC and AC tables of each component of the scan.
    tables: Vec<[Table; 2]>,
    /// The DC coefficient that went before, for each component.
    predictions: [i32; 4],
}

impl<'a> Sequential<'a> {
    pub(super) fn new(scan: &Scan, tables: &Tables, restart: Option<usize>, data: &'a [u8]) -> Result<Self, ImageError> {
        let tables = scan
            .members
            .iter()
            .map(|member| Ok([tables.huffman(Class::Dc, member.dc, Kind::Mean)?, tables.huffman(Class::Ac, member.ac, Kind::Waves)?]));
        Ok(Self { intervals: Intervals::new(data, restart, 0, 0), tables: tables.collect::<Result<_, ImageError>>()?, predictions: [0; 4] })
    }
}

impl Entropy for Sequential<'_> {
    fn begin(&mut self) -> bool {
        if self.intervals.begin_mcu() {
            self.predictions = [0; 4];
        }
        !self.intervals.is_exhausted()
    }

    fn block(&mut self, member: usize, block: &mut Block, has_waves: &mut bool) {
        let (Some([dc, ac]), Some(prediction)) = (self.tables.get(member), self.predictions.get_mut(member)) else { return };
        let before = (self.intervals.bits, *prediction);
        // A component may be in several scans, of which the last one counts.
        *block = [0; 64];
        *has_waves = read_block(&mut self.intervals.bits, block, prediction, dc, ac).unwrap_or_else(|| {
            (self.intervals.bits, *prediction) = before;
            *block = [0; 64];
            read_damaged_block(&mut self.intervals.bits, block, prediction, [dc, ac], &mut self.intervals.faults)
        });
    }

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
