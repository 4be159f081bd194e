//! Arithmetic coding of coefficients, sequential and progressive (ITU-T T.81 F.2.4, G.1.3).

mod qm;

use super::super::{
    baseline::{
        conceal::low_bits,
        huffman::{Block, ZIGZAG},
    },
    faults::Faults,
    restart::resume,
};
use super::{
    entropy::Entropy,
    frame::{Process, Scan},
    tables::Conditioning,
};
use qm::{EVEN, QmDecoder};

/// Statistics bins of a DC table, and of an AC table (Tables F.4, F.5).
const DC_BINS: usize = 64;
const AC_BINS: usize = 256;

/// Magnitudes from which on a code makes no sense.
const TOO_LARGE: i32 = 1 << 15;

/// A scan of arithmetic coding.
pub(super) struct Arithmetic<'a> {
    data: &'a [u8],
    decoder: QmDecoder<'a>,
    /// Where the decoder started in `data`.
    start: usize,
    restart: Option<usize>,
    /// MCUs up to the next restart marker, and its number of 8.
    left: usize,
    next: u8,
    /// Whether nothing more can be read in this interval.
    is_exhausted: bool,
    faults: Faults,
    work: Work,
    low: u8,
    members: Vec<Member>,
    statistics: Statistics,
}

/// What the scan has of each block.
#[derive(Clone, Copy)]
enum Work {
    /// All coefficients.
    Whole,
    FirstDc,
    NextDc,
    FirstAc(usize, usize),
    NextAc(usize, usize),
}

/// What is known of a component of the scan.
struct Member {
    dc: usize,
    ac: usize,
    /// The bounds of small differences of DC coefficients, and the last AC coefficient of low frequency.
    bounds: (u8, u8),
    low_frequencies: u8,
    prediction: i32,
    /// Where the statistics of the next difference start, by the size of the one before.
    context: usize,
}

struct Statistics {
    dc: Vec<[u8; DC_BINS]>,
    ac: Vec<[u8; AC_BINS]>,
    even: u8,
}

impl Statistics {
    fn new() -> Self {
        Self { dc: vec![[0; DC_BINS]; 16], ac: vec![[0; AC_BINS]; 16], even: EVEN }
    }
}

impl<'a> Arithmetic<'a> {
    pub(super) fn new(process: Process, scan: &Scan, conditioning: &Conditioning, restart: Option<usize>, data: &'a [u8]) -> Self {
        let work = match (process, scan.spectrum, scan.bits.0) {
            (Process::Progressive, (0, _), 0) => Work::FirstDc,
            (Process::Progressive, (0, _), _) => Work::NextDc,
            (Process::Progressive, (first, last), 0) => Work::FirstAc(first, last),
            (Process::Progressive, (first, last), _) => Work::NextAc(first, last),
            _ => Work::Whole,
        };
        let members = scan.members.iter().map(|member| Member {
            dc: member.dc,
            ac: member.ac,
            bounds: conditioning.dc.get(member.dc).copied().unwrap_or((0, 1)),
            low_frequencies: conditioning.ac.get(member.ac).copied().unwrap_or(5),
            prediction: 0,
            context: 0,
        });
        Self {
            data,
            decoder: QmDecoder::new(data),
            start: 0,
            restart,
            left: restart.unwrap_or(usize::MAX),
            next: 0,
            is_exhausted: false,
            faults: Faults::default(),
            work,
            low: scan.bits.1,
            members: members.collect(),
            statistics: Statistics::new(),
        }
    }

    fn resynchronize(&mut self) {
        let resumed = resume(self.data, self.position(), self.next);
        self.faults.add(resumed.faults);
        self.start = resumed.at;
        self.decoder = QmDecoder::new(self.data.get(resumed.at..).unwrap_or_default());
        self.is_exhausted = resumed.is_missing;
        self.next = (self.next + 1) % 8;
        self.left = self.restart.unwrap_or(usize::MAX);
        self.statistics = Statistics::new();
        for member in &mut self.members {
            (member.prediction, member.context) = (0, 0);
        }
    }
}

impl Entropy for Arithmetic<'_> {
    fn begin(&mut self) -> bool {
        if self.left == 0 {
            self.resynchronize();
        }
        self.left -= 1;
        !self.is_exhausted
    }

    fn block(&mut self, member: usize, block: &mut Block, has_waves: &mut bool) {
        let Some(member) = self.members.get_mut(member).filter(|_| !self.is_exhausted) else { return };
        let mut coder = Coder { decoder: &mut self.decoder, statistics: &mut self.statistics };
        let read = match self.work {
            Work::Whole => {
                *block = [0; 64];
                member.read_dc(&mut coder, block, 0).and_then(|()| member.read_band(&mut coder, block, (1, 63), 0))
            }
            Work::FirstDc => member.read_dc(&mut coder, block, self.low).map(|()| false),
            Work::NextDc => {
                block[0] |= i16::from(coder.even()) << self.low;
                Some(false)
            }
            Work::FirstAc(first, last) => member.read_band(&mut coder, block, (first, last), self.low),
            Work::NextAc(first, last) => member.refine_band(&mut coder, block, (first, last), self.low),
        };
        if read.is_none() {
            self.is_exhausted = true;
            self.faults.is_damaged = true;
        }
        // What was read before the fault stays.
        *has_waves |= read.unwrap_or(true);
    }

    fn end(&mut self) {
        // An encoder leaves out zeros in front of a marker, so to read beyond it is no fault; to read beyond the end of the file is.
        if self.decoder.is_past_file() {
            self.is_exhausted = true;
            self.faults.is_truncated = true;
        }
    }

    fn faults(&self) -> Faults {
        self.faults
    }

    fn position(&self) -> usize {
        self.start + self.decoder.position()
    }
}

/// The decoder beside the statistics of its decisions.
struct Coder<'c, 'a> {
    decoder: &'c mut QmDecoder<'a>,
    statistics: &'c mut Statistics,
}

impl Coder<'_, '_> {
    fn dc(&mut self, table: usize, bin: usize) -> bool {
        let bin = self.statistics.dc.get_mut(table).and_then(|bins| bins.get_mut(bin));
        bin.is_some_and(|bin| self.decoder.decide(bin))
    }

    fn ac(&mut self, table: usize, bin: usize) -> bool {
        let bin = self.statistics.ac.get_mut(table).and_then(|bins| bins.get_mut(bin));
        bin.is_some_and(|bin| self.decoder.decide(bin))
    }

    /// A decision of even odds.
    fn even(&mut self) -> bool {
        self.statistics.even = EVEN;
        self.decoder.decide(&mut self.statistics.even)
    }
}

impl Member {
    /// Reads a DC coefficient (F.2.4.1); none if its code makes no sense.
    fn read_dc(&mut self, coder: &mut Coder<'_, '_>, block: &mut Block, low: u8) -> Option<()> {
        let table = self.dc;
        let context = self.context;
        self.context = 0;
        if coder.dc(table, context) {
            let is_negative = coder.dc(table, context + 1);
            let mut bin = context + 2 + usize::from(is_negative);
            let mut magnitude = i32::from(coder.dc(table, bin));
            if magnitude != 0 {
                // X1 of Table F.4.
                bin = 20;
                while coder.dc(table, bin) {
                    magnitude <<= 1;
                    if magnitude == TOO_LARGE {
                        return None;
                    }
                    bin += 1;
                }
            }
            let bound = |exponent: u8| (1 << exponent) >> 1;
            let sign = if is_negative { 4 } else { 0 };
            if magnitude >= bound(self.bounds.0) {
                self.context = if magnitude > bound(self.bounds.1) { 12 + sign } else { 4 + sign };
            }
            let size = rest_of(magnitude, || coder.dc(table, bin + 14));
            self.prediction = self.prediction.wrapping_add(if is_negative { -size } else { size });
        }
        block[0] = low_bits(self.prediction << low);
        Some(())
    }

    /// Reads AC coefficients (F.2.4.2), whether there are any; none if their code makes no sense.
    fn read_band(&self, coder: &mut Coder<'_, '_>, block: &mut Block, (first, last): (usize, usize), low: u8) -> Option<bool> {
        let table = self.ac;
        let mut at = first;
        while at <= last && !coder.ac(table, 3 * (at - 1)) {
            while !coder.ac(table, 3 * (at - 1) + 1) {
                at += 1;
                if at > last {
                    return None;
                }
            }
            let is_negative = coder.even();
            let mut bin = 3 * (at - 1) + 2;
            let mut magnitude = i32::from(coder.ac(table, bin));
            if magnitude != 0 && coder.ac(table, bin) {
                magnitude = 2;
                // X2 of Table F.5.
                bin = if at <= usize::from(self.low_frequencies) { 189 } else { 217 };
                while coder.ac(table, bin) {
                    magnitude <<= 1;
                    if magnitude == TOO_LARGE {
                        return None;
                    }
                    bin += 1;
                }
            }
            let size = rest_of(magnitude, || coder.ac(table, bin + 14));
            block[usize::from(ZIGZAG[at % 128] % 64)] = low_bits((if is_negative { -size } else { size }) << low);
            at += 1;
        }
        Some(at > first)
    }

    /// Reads one more bit of AC coefficients (G.1.3.3), whether there are new ones; none if their code makes no sense.
    fn refine_band(&self, coder: &mut Coder<'_, '_>, block: &mut Block, (first, last): (usize, usize), low: u8) -> Option<bool> {
        let table = self.ac;
        let one = 1_i16 << low;
        let place = |at: usize| usize::from(ZIGZAG[at % 128] % 64);
        // The end of block cannot come in front of the last coefficient that is known.
        let known = (1..=last).rev().find(|&at| block[place(at)] != 0).unwrap_or(0);
        let mut has_new = false;
        let mut at = first;
        while at <= last && (at <= known || !coder.ac(table, 3 * (at - 1))) {
            loop {
                let wave = &mut block[place(at)];
                if *wave != 0 {
                    if coder.ac(table, 3 * (at - 1) + 2) {
                        *wave = wave.wrapping_add(if *wave < 0 { -one } else { one });
                    }
                    break;
                }
                if coder.ac(table, 3 * (at - 1) + 1) {
                    *wave = if coder.even() { -one } else { one };
                    has_new = true;
                    break;
                }
                at += 1;
                if at > last {
                    return None;
                }
            }
            at += 1;
        }
        Some(has_new)
    }
}

/// The size of a number whose highest bit is known, by its further bits (Figure F.24).
fn rest_of(magnitude: i32, mut next: impl FnMut() -> bool) -> i32 {
    let mut size = magnitude;
    let mut bit = magnitude >> 1;
    while bit != 0 {
        if next() {
            size |= bit;
        }
        bit >>= 1;
    }
    size + 1
}
