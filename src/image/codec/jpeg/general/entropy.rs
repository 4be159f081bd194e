//! The order in which a scan's data units are coded (ITU-T T.81 A.2), whatever codes them.

use super::super::{
    super::{Deadline, Format, ImageError},
    baseline::{
        huffman::Block,
        scan::{Part, Strip},
    },
    faults::Faults,
};
use super::frame::{Frame, Member, Scan};

/// A decoder of one scan's entropy-coded data.
pub(super) trait Entropy {
    /// Begins an MCU; false if nothing is left to read for it.
    fn begin(&mut self) -> bool;

    /// Reads what the scan has of a block of its component number `member`; `has_waves` says whether it may have AC coefficients.
    fn block(&mut self, member: usize, block: &mut Block, has_waves: &mut bool);

    /// Ends an MCU that had data.
    fn end(&mut self);

    /// What was concealed so far.
    fn faults(&self) -> Faults;

    /// Bytes of the data that were read.
    fn position(&self) -> usize;
}

/// Reads a row of MCUs of a scan whose components are interleaved, or of the only component.
pub(super) fn read_row(frame: &Frame, members: &[Member], strip: &mut Strip, entropy: &mut (impl Entropy + ?Sized)) {
    for mcu in 0..frame.mcus.0 {
        if !entropy.begin() {
            continue;
        }
        for (number, member) in members.iter().enumerate() {
            let Some(component) = frame.components.get(member.component) else { continue };
            let Some(part) = strip.parts.get_mut(member.component) else { continue };
            let (across, down) = component.sampling;
            for row in 0..down {
                read_blocks(part, row * part.across + mcu * across, across, number, entropy);
            }
        }
        entropy.end();
    }
}

/// Reads a whole scan into strips, one for each row of MCUs.
pub(super) fn read_scan(
    frame: &Frame,
    scan: &Scan,
    strips: &mut [Strip],
    entropy: &mut (impl Entropy + ?Sized),
    deadline: &Deadline,
) -> Result<(), ImageError> {
    match scan.members.as_slice() {
        [only] => {
            let Some(component) = frame.components.get(only.component) else { return Ok(()) };
            let down = component.sampling.1;
            for row in 0..component.units.1 {
                deadline.check(Format::Jpeg)?;
                let Some(part) = strips.get_mut(row / down).and_then(|strip| strip.parts.get_mut(only.component)) else { break };
                let first = row % down * part.across;
                for at in first..first + component.units.0 {
                    if entropy.begin() {
                        read_blocks(part, at, 1, 0, entropy);
                        entropy.end();
                    }
                }
            }
        }
        members => {
            for strip in strips {
                deadline.check(Format::Jpeg)?;
                read_row(frame, members, strip, entropy);
            }
        }
    }
    Ok(())
}

#[inline(always)]
fn read_blocks(part: &mut Part, first: usize, count: usize, member: usize, entropy: &mut (impl Entropy + ?Sized)) {
    let (Some(blocks), Some(has_waves)) = (part.blocks.get_mut(first..first + count), part.has_waves.get_mut(first..first + count)) else {
        return;
    };
    for (block, has_waves) in blocks.iter_mut().zip(has_waves) {
        entropy.block(member, block, has_waves);
    }
}
