//! Zstandard (RFC 8878), by `ruzstd`.

use std::io::{Cursor, Read};

use ruzstd::decoding::StreamingDecoder;

use super::{super::damaged, ImageError};

/// A window as small as any block may be.
const SMALLEST_WINDOW: usize = 128 << 10;

/// Unpacks one frame.
pub(super) fn unpack(data: &[u8], most: usize, out: &mut [u8]) -> Result<usize, ImageError> {
    let window = most.max(SMALLEST_WINDOW);
    // Nothing refers farther back than there are bytes, so a larger window than these would only take memory.
    let mut head = [0; 6];
    let count = data.len().min(head.len());
    let (start, rest) = data.split_at(count);
    head.iter_mut().zip(start).for_each(|(to, from)| *to = *from);
    let [.., flags, descriptor] = &mut head;
    let is_single_segment = *flags & 0x20 != 0;
    if !is_single_segment {
        *descriptor = (*descriptor).min(window_descriptor(window));
    }
    let Some(head) = head.get(..count) else { return Ok(0) };
    let mut source = Cursor::new(head).chain(rest);
    let limit = u64::try_from(window).unwrap_or(u64::MAX).saturating_mul(2);
    match StreamingDecoder::new_with_max_window_size(&mut source, limit) {
        Ok(decoder) => super::read(decoder, out),
        Err(_) if data.len() < 18 => Ok(0),
        Err(failure) => Err(damaged(failure.to_string())),
    }
}

/// The smallest window of a power of two that holds so many bytes, as RFC 8878, section 3.1.1.1.2, writes it.
fn window_descriptor(length: usize) -> u8 {
    let log = usize::BITS - (length - 1).leading_zeros();
    u8::try_from(log.clamp(10, 41) - 10).unwrap_or(0) << 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_no_smaller_than_asked_for() {
        for (length, log) in [(1 << 17, 17), ((1 << 17) + 1, 18), (1 << 20, 20), ((1 << 23) - 1, 23)] {
            assert_eq!(window_descriptor(length), (log - 10) << 3);
        }
    }
}
