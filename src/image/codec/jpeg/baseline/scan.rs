//! Entropy-coded data into coefficients, one row of MCUs at a time.

use super::{
    bits::Bits,
    frame::Frame,
    huffman::{Block, Table},
};

/// The coefficients of one row of MCUs.
pub(super) struct Strip {
    pub(super) parts: Vec<Part>,
    /// Whether the parts hold samples already, and blocks that are ready for the next.
    pub(super) is_sampled: bool,
}

/// A strip's coefficients of one component: rows of blocks from top to bottom.
///
/// Blocks without waves hold zeros but for their mean, those of a strip that was made use of included: see
/// [`samples`](super::idct::Transform::samples).
pub(super) struct Part {
    pub(super) blocks: Vec<Block>,
    /// For each block, whether there is anything in it beside its mean.
    pub(super) has_waves: Vec<bool>,
    /// Blocks in a row.
    pub(super) across: usize,
    /// Room for what the blocks become.
    pub(super) samples: Vec<u8>,
}

impl Strip {
    pub(super) fn new(frame: &Frame<'_>) -> Self {
        let part = |(across, down): (usize, usize)| {
            let across = frame.mcus.0 * across;
            Part { blocks: vec![[0; 64]; across * down], has_waves: vec![false; across * down], across, samples: Vec::new() }
        };
        Self { parts: frame.components.iter().map(|component| part(component.sampling)).collect(), is_sampled: false }
    }
}

/// Where reading has got to in the entropy-coded data.
pub(super) struct Scan<'a> {
    data: &'a [u8],
    bits: Bits<'a>,
    /// Where `bits` start in `data`.
    start: usize,
    /// MCUs up to the next restart marker.
    left: usize,
    /// The number of the next restart marker, of 8.
    marker: u8,
    means: [i32; 3],
}

impl<'a> Scan<'a> {
    /// Behind the restart marker in front of the byte `start`, `markers` of them in; or at the very start.
    pub(super) fn new(frame: &Frame<'a>, start: usize, markers: usize) -> Self {
        Self {
            data: frame.data,
            bits: Bits::new(frame.data.get(start..).unwrap_or_default()),
            start,
            left: frame.restart.unwrap_or(usize::MAX),
            marker: u8::try_from(markers % 8).unwrap_or(0),
            means: [0; 3],
        }
    }

    /// Reads the next row of MCUs; none if it is damaged, or the data ends.
    pub(super) fn read(&mut self, frame: &Frame<'_>, strip: &mut Strip) -> Option<()> {
        for mcu in 0..frame.mcus.0 {
            if self.left == 0 {
                self.restart(frame)?;
            }
            self.left -= 1;
            for ((component, part), mean) in frame.components.iter().zip(&mut strip.parts).zip(&mut self.means) {
                let (across, down) = component.sampling;
                for row in 0..down {
                    let first = row * part.across + mcu * across;
                    let blocks = part.blocks.get_mut(first..first + across)?;
                    let has_waves = part.has_waves.get_mut(first..first + across)?;
                    for (block, has_waves) in blocks.iter_mut().zip(has_waves) {
                        *has_waves = read_block(&mut self.bits, block, mean, &component.means, &component.waves)?;
                    }
                }
            }
        }
        (!self.bits.is_overrun()).then_some(())
    }

    /// Whether the marker that stands next is the one at `end`.
    pub(super) fn ends_at(&mut self, end: usize) -> bool {
        self.bits.marker().is_some_and(|marker| self.start + marker == end)
    }

    fn restart(&mut self, frame: &Frame<'_>) -> Option<()> {
        let marker = self.start + self.bits.marker()?;
        if *self.data.get(marker + 1)? != 0xd0 + self.marker {
            return None;
        }
        self.marker = (self.marker + 1) % 8;
        self.start = marker + 2;
        self.bits = Bits::new(self.data.get(self.start..)?);
        self.left = frame.restart?;
        self.means = [0; 3];
        Some(())
    }
}

#[inline(always)]
fn read_block(bits: &mut Bits<'_>, block: &mut Block, mean: &mut i32, means: &Table, waves: &Table) -> Option<bool> {
    *mean += means.difference(bits)?;
    block[0] = i16::try_from(*mean).ok()?;
    waves.waves(bits, block)
}

/// A row of MCUs that can be read by itself.
#[derive(Debug, PartialEq)]
pub(super) struct Row {
    pub(super) start: usize,
    /// Where the restart marker behind it stands; none behind the last row.
    pub(super) end: Option<usize>,
    /// Restart markers in front of it.
    pub(super) markers: usize,
}

/// The rows of MCUs, if each of them starts behind a restart marker and all markers are there.
pub(super) fn rows(frame: &Frame<'_>) -> Option<Vec<Row>> {
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
