//! Entropy-coded data into coefficients, one row of MCUs at a time.

use super::{
    super::{faults::Faults, restart::Intervals},
    bits::Bits,
    frame::Frame,
    huffman::{Block, Table},
};

/// The coefficients of one row of MCUs.
pub(in super::super) struct Strip {
    pub(in super::super) parts: Vec<Part>,
    /// Whether the parts hold samples already, and blocks that are ready for the next.
    pub(in super::super) is_sampled: bool,
    /// What was concealed up to here.
    pub(in super::super) faults: Faults,
}

/// A strip's coefficients of one component: rows of blocks from top to bottom.
///
/// Blocks without waves hold zeros but for their mean, those of a strip that was made use of included: see
/// [`samples`](super::idct::Transform::samples).
pub(in super::super) struct Part {
    pub(in super::super) blocks: Vec<Block>,
    /// For each block, whether there is anything in it beside its mean.
    pub(in super::super) has_waves: Vec<bool>,
    /// Blocks in a row.
    pub(in super::super) across: usize,
    /// Room for what the blocks become.
    pub(in super::super) samples: Vec<u8>,
}

impl Strip {
    /// Room for a row of `mcus` MCUs, with so many blocks of each component in an MCU, across and down.
    pub(in super::super) fn new(mcus: usize, samplings: impl Iterator<Item = (usize, usize)>) -> Self {
        let part = |(across, down): (usize, usize)| {
            let across = mcus * across;
            Part { blocks: vec![[0; 64]; across * down], has_waves: vec![false; across * down], across, samples: Vec::new() }
        };
        Self { parts: samplings.map(part).collect(), is_sampled: false, faults: Faults::default() }
    }

    /// Takes out all that was read.
    pub(in super::super) fn clear(&mut self) {
        for part in &mut self.parts {
            part.blocks.fill([0; 64]);
            part.has_waves.fill(false);
        }
    }
}

/// Where reading has got to in the entropy-coded data.
#[derive(Clone, Copy)]
pub(in super::super) struct Scan<'a> {
    pub(super) intervals: Intervals<'a>,
    pub(super) means: [i32; 3],
}

impl<'a> Scan<'a> {
    /// Behind the restart marker in front of the byte `start`, `markers` of them in; or at the very start.
    pub(in super::super) fn new(frame: &Frame<'a>, start: usize, markers: usize) -> Self {
        Self { intervals: Intervals::new(frame.data, frame.restart, start, markers), means: [0; 3] }
    }

    /// Reads the next row of MCUs. What is damaged is concealed, and the strip says so.
    pub(in super::super) fn read(&mut self, frame: &Frame<'_>, strip: &mut Strip) {
        let before = *self;
        if before.intervals.is_exhausted() || self.read_intact(frame, strip).is_none() {
            *self = before;
            self.read_damaged(frame, strip);
        }
        strip.faults = self.intervals.faults;
    }

    /// Reads the next row of MCUs; none if it is damaged, or the data ends.
    fn read_intact(&mut self, frame: &Frame<'_>, strip: &mut Strip) -> Option<()> {
        for mcu in 0..frame.mcus.0 {
            if self.intervals.is_at_end() {
                self.intervals.restart()?;
                self.means = [0; 3];
            }
            self.intervals.count_mcu();
            for ((component, part), mean) in frame.components.iter().zip(&mut strip.parts).zip(&mut self.means) {
                let (across, down) = component.sampling;
                for row in 0..down {
                    let first = row * part.across + mcu * across;
                    let blocks = part.blocks.get_mut(first..first + across)?;
                    let has_waves = part.has_waves.get_mut(first..first + across)?;
                    for (block, has_waves) in blocks.iter_mut().zip(has_waves) {
                        *has_waves = read_block(&mut self.intervals.bits, block, mean, &component.means, &component.waves)?;
                    }
                }
            }
        }
        (!self.intervals.bits.is_overrun()).then_some(())
    }

    /// Whether the marker that stands next is the one at `end`.
    pub(in super::super) fn ends_at(&mut self, end: usize) -> bool {
        self.intervals.ends_at(end)
    }
}

/// Reads a block of zeros; none if it is damaged.
#[inline(always)]
pub(in super::super) fn read_block(bits: &mut Bits<'_>, block: &mut Block, mean: &mut i32, means: &Table, waves: &Table) -> Option<bool> {
    *mean += means.difference(bits)?;
    block[0] = i16::try_from(*mean).ok()?;
    waves.waves(bits, block)
}

/// A row of MCUs that can be read by itself.
#[derive(Debug, PartialEq)]
pub(in super::super) struct Row {
    pub(in super::super) start: usize,
    /// Where the restart marker behind it stands; none behind the last row.
    pub(in super::super) end: Option<usize>,
    /// Restart markers in front of it.
    pub(in super::super) markers: usize,
}

/// The rows of MCUs, if each of them starts behind a restart marker and all markers are there.
pub(in super::super) fn rows(frame: &Frame<'_>) -> Option<Vec<Row>> {
    let interval = frame.restart.filter(|&interval| frame.mcus.0.is_multiple_of(interval))?;
    let each = frame.mcus.0 / interval;
    let all = each * frame.mcus.1 - 1;
    let mut rows = Vec::with_capacity(frame.mcus.1);
    let (mut start, mut at, mut markers) = (0, 0, 0);
    while markers < all {
        at += frame.data.get(at..)?.iter().position(|&byte| byte == 0xff)?;
        let marker = *frame.data.get(at + 1)?;
        match marker {
            0 => {}
            0xff => at -= 1,
            _ if marker != 0xd0 + u8::try_from(markers % 8).ok()? => return None,
            _ => {
                markers += 1;
                if markers.is_multiple_of(each) {
                    rows.push(Row { start, end: Some(at), markers: markers - each });
                    start = at + 2;
                }
            }
        }
        at += 2;
    }
    rows.push(Row { start, end: None, markers: all + 1 - each });
    Some(rows)
}
