//! Fax compressions (TIFF 6.0, sections 10 and 11; ITU-T T.4 and T.6), by `hayro-ccitt`. Black is 1.

use hayro_ccitt::{DecodeSettings, Decoder, DecoderContext, EncodingMode, decode};

use super::Size;

/// `T4Options`: lines after the first of a group are coded in two dimensions.
const TWO_DIMENSIONS: u64 = 1;

/// Compression 2: runs of each row, which starts at a byte.
pub(super) fn runs(data: &[u8], chunk: Size, out: &mut [u8]) -> usize {
    let settings = DecodeSettings { rows_are_byte_aligned: true, ..settings(chunk, EncodingMode::Group3_1D) };
    Rows::new(chunk, out).decode(data, settings)
}

/// Compression 32771: runs of each row, which starts at an even byte.
pub(super) fn runs_in_words(data: &[u8], chunk: Size, out: &mut [u8]) -> usize {
    let settings = DecodeSettings { rows: 1, rows_are_byte_aligned: true, ..settings(chunk, EncodingMode::Group3_1D) };
    let mut context = DecoderContext::new(settings);
    let mut rows = Rows::new(chunk, out);
    let mut at = 0usize;
    for _ in 0..chunk.height {
        let Some(rest) = data.get(at..).filter(|rest| !rest.is_empty()) else { break };
        match decode(rest, &mut rows, &mut context) {
            Ok(count) => at += count.next_multiple_of(2),
            Err(_) => break,
        }
    }
    rows.written
}

/// Compression 3: Group 3.
pub(super) fn group_3(data: &[u8], options: u64, chunk: Size, out: &mut [u8]) -> usize {
    let encoding = if options & TWO_DIMENSIONS != 0 { EncodingMode::Group3_2D } else { EncodingMode::Group3_1D };
    Rows::new(chunk, out).decode(data, DecodeSettings { end_of_block: true, ..settings(chunk, encoding) })
}

/// Compression 4: Group 4. Rows that are missing are white, as some writers leave those at the bottom out, unless the data `is_cut`.
pub(super) fn group_4(data: &[u8], is_cut: bool, chunk: Size, out: &mut [u8]) -> usize {
    let settings = DecodeSettings { end_of_block: true, ..settings(chunk, EncodingMode::Group4) };
    let mut rows = Rows::new(chunk, out);
    let is_complete = decode(data, &mut rows, &mut DecoderContext::new(settings)).is_ok();
    if is_complete && !is_cut && !data.is_empty() {
        while rows.written < rows.length() {
            rows.push_row(&[]);
        }
    }
    rows.written
}

fn settings(chunk: Size, encoding: EncodingMode) -> DecodeSettings {
    DecodeSettings {
        columns: chunk.width,
        rows: chunk.height,
        end_of_block: false,
        end_of_line: false,
        rows_are_byte_aligned: false,
        encoding,
        strict: false,
    }
}

/// Rows of one bit a pixel.
struct Rows<'a> {
    out: &'a mut [u8],
    width: u32,
    stride: usize,
    /// Bytes of the rows so far.
    written: usize,
}

impl<'a> Rows<'a> {
    fn new(chunk: Size, out: &'a mut [u8]) -> Self {
        Self { out, width: chunk.width, stride: (chunk.width as usize).div_ceil(8), written: 0 }
    }

    /// Bytes of as many whole rows as there is room for.
    const fn length(&self) -> usize {
        match self.out.len().checked_div(self.stride) {
            Some(rows) => rows * self.stride,
            None => 0,
        }
    }

    /// What was decoded before a fault stays; the caller sees that there is less than expected.
    fn decode(mut self, data: &[u8], settings: DecodeSettings) -> usize {
        if !data.is_empty() {
            let _ = decode(data, &mut self, &mut DecoderContext::new(settings));
        }
        self.written
    }
}

impl Decoder for Rows<'_> {
    fn push_row(&mut self, changes: &[u32]) {
        let Some(row) = self.out.get_mut(self.written..self.written + self.stride) else { return };
        row.fill(0);
        for run in changes.chunks(2) {
            let Some(&start) = run.first() else { continue };
            fill(row, start, run.get(1).copied().unwrap_or(self.width).min(self.width));
        }
        self.written += self.stride;
    }
}

/// Sets the bits from `start` up to `end`.
fn fill(row: &mut [u8], start: u32, end: u32) {
    let (first, last) = ((start / 8) as usize, (end / 8) as usize);
    let (head, tail) = (0xff >> (start % 8), !(0xff >> (end % 8)));
    if first >= last {
        if let Some(byte) = row.get_mut(first) {
            *byte |= head & tail;
        }
        return;
    }
    if let Some(byte) = row.get_mut(first) {
        *byte |= head;
    }
    if let Some(bytes) = row.get_mut(first + 1..last) {
        bytes.fill(0xff);
    }
    if let Some(byte) = row.get_mut(last) {
        *byte |= tail;
    }
}
