//! The samples of a track: where in the file each one is, and how long it lasts.
//!
//! The tables are read as they lie in the file, entry by entry, so that nothing is allocated that a claimed count decides.

use std::{ops::Range, time::Duration};

use super::{
    Format, ImageError,
    bytes::{self, u32_be},
};

/// The samples of a track, in their order.
#[derive(Debug, Clone)]
pub(in super::super) struct Samples<'a> {
    tables: Tables<'a>,
    /// The number of the next sample, from 0.
    next: u32,
    /// Where in the file the next sample is, if its chunk has more.
    offset: u64,
    /// Samples that are left in the chunk.
    left: u32,
    /// The number of the next chunk, from 0.
    chunk: usize,
    /// The entry of `chunk_runs` that holds for it.
    run: usize,
    /// The next entry of `durations`, what is left of the last one, and what it says.
    time: usize,
    lasting: u32,
    delta: u32,
}

/// The tables of a track.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tables<'a> {
    /// Units of time in a second.
    timescale: u32,
    count: u32,
    /// The size of every sample; 0 if each has its own in `sizes`.
    size: u32,
    sizes: Table<'a, 4>,
    /// Where the chunks start, in 32 bits or in 64.
    chunks: Chunks<'a>,
    /// From which chunk on (from 1) there are how many samples in each.
    chunk_runs: Table<'a, 12>,
    /// How many samples last how long.
    durations: Table<'a, 8>,
}

/// Entries of `N` bytes.
#[derive(Debug, Clone, Copy, Default)]
struct Table<'a, const N: usize>(&'a [u8]);

#[derive(Debug, Clone, Copy)]
enum Chunks<'a> {
    Short(Table<'a, 4>),
    Long(Table<'a, 8>),
}

impl<'a> Tables<'a> {
    /// The tables in the content of an `stbl` box, found by `find`, in a file of `length` bytes.
    pub(super) fn read(timescale: u32, length: usize, find: impl Fn(&[u8; 4]) -> Option<&'a [u8]>) -> Result<Self, ImageError> {
        let found = |kind: &[u8; 4]| find(kind).ok_or_else(|| damaged(format!("the track has no `{}` box", kind.escape_ascii())));
        if timescale == 0 {
            return Err(damaged("found a timescale of 0, expected the units of time in a second".to_owned()));
        }
        let sizes = found(b"stsz")?;
        let (Some(size), Some(count)) = (u32_be(sizes, 4), u32_be(sizes, 8)) else { return Err(short(b"stsz", 0, sizes)) };
        // With one size for all, no table bounds the count; the samples do.
        if u64::from(size) * u64::from(count) > length as u64 {
            return Err(damaged(format!("found {count} samples of {size} bytes, in a file of {length} bytes")));
        }
        let sizes = if size == 0 { Table::read(b"stsz", sizes, 8)? } else { Table::default() };
        let chunks = match find(b"stco") {
            Some(chunks) => Chunks::Short(Table::read(b"stco", chunks, 4)?),
            None => Chunks::Long(Table::read(b"co64", found(b"co64")?, 4)?),
        };
        let chunk_runs = Table::read(b"stsc", found(b"stsc")?, 4)?;
        let durations = Table::read(b"stts", found(b"stts")?, 4)?;
        Ok(Self { timescale, count, size, sizes, chunks, chunk_runs, durations })
    }

    /// How many samples there are.
    pub(super) const fn count(&self) -> u32 {
        self.count
    }

    pub(super) const fn samples(self) -> Samples<'a> {
        Samples { tables: self, next: 0, offset: 0, left: 0, chunk: 0, run: 0, time: 0, lasting: 0, delta: 0 }
    }
}

impl<'a, const N: usize> Table<'a, N> {
    /// The entries in the content of a box, whose number stands at `at`.
    fn read(kind: &[u8; 4], content: &'a [u8], at: usize) -> Result<Self, ImageError> {
        let claimed = u32_be(content, at).ok_or_else(|| short(kind, 0, content))?;
        let length = usize::try_from(claimed).ok().and_then(|count| count.checked_mul(N));
        let entries = length.and_then(|length| bytes::slice(content, at + 4, length));
        entries.map(Self).ok_or_else(|| short(kind, claimed, content))
    }

    fn entry(self, index: usize) -> Option<&'a [u8]> {
        bytes::slice(self.0, index.checked_mul(N)?, N)
    }

    fn numbers<const M: usize>(self, index: usize) -> Option<[u32; M]> {
        let entry = self.entry(index)?;
        let mut numbers = [0; M];
        for (at, number) in numbers.iter_mut().enumerate() {
            *number = u32_be(entry, at * 4)?;
        }
        Some(numbers)
    }
}

impl Chunks<'_> {
    fn start(self, index: usize) -> Option<u64> {
        match self {
            Self::Short(table) => table.numbers(index).map(|[start]| start.into()),
            Self::Long(table) => table.numbers(index).map(|[high, low]| u64::from(high) << 32 | u64::from(low)),
        }
    }
}

impl Samples<'_> {
    /// Where the next sample is, which may be outside of the file, and how long it lasts; none behind the last.
    pub(in super::super) fn next(&mut self) -> Result<Option<(Range<u64>, Duration)>, ImageError> {
        if self.next == self.tables.count {
            return Ok(None);
        }
        if self.left == 0 {
            self.open_chunk()?;
        }
        let size = match self.tables.size {
            0 => usize::try_from(self.next).ok().and_then(|index| self.tables.sizes.numbers(index)).map(|[size]| size),
            size => Some(size),
        };
        let size = size.ok_or_else(|| damaged(format!("the size of sample {} is missing", self.next)))?;
        let start = self.offset;
        self.offset = start.checked_add(size.into()).ok_or_else(|| damaged(format!("found a sample at byte {start}")))?;
        self.left -= 1;
        self.next += 1;
        Ok(Some((start..self.offset, self.duration())))
    }

    fn open_chunk(&mut self) -> Result<(), ImageError> {
        let Self { chunk, tables, .. } = *self;
        let missing = || damaged(format!("sample {} of {} is in none of the chunks", self.next, tables.count));
        self.offset = tables.chunks.start(chunk).ok_or_else(missing)?;
        let starts = |run| {
            let first = tables.chunk_runs.numbers(run).and_then(|[first, _, _]| first.checked_sub(1));
            first.is_some_and(|first| usize::try_from(first) == Ok(chunk))
        };
        if chunk == 0 && !starts(0) {
            return Err(damaged("found no number of samples for the first chunk".to_owned()));
        }
        if chunk > 0 && starts(self.run + 1) {
            self.run += 1;
        }
        self.left = tables.chunk_runs.numbers(self.run).map_or(0, |[_, samples, _]| samples);
        if self.left == 0 {
            return Err(damaged(format!("found chunk {chunk} without samples")));
        }
        self.chunk += 1;
        Ok(())
    }

    /// How long the sample lasts that was just found; where the table ends early, as long as the one before.
    fn duration(&mut self) -> Duration {
        while self.lasting == 0 {
            let Some([count, delta]) = self.tables.durations.numbers(self.time) else { break };
            self.time += 1;
            (self.lasting, self.delta) = (count, delta);
        }
        self.lasting = self.lasting.saturating_sub(1);
        let (delta, timescale) = (u64::from(self.delta), u64::from(self.tables.timescale));
        Duration::from_nanos((delta * 1_000_000_000 + timescale / 2) / timescale)
    }
}

fn short(kind: &[u8; 4], claimed: u32, content: &[u8]) -> ImageError {
    damaged(format!("found a `{}` box of {} bytes for {claimed} entries", kind.escape_ascii(), content.len()))
}

const fn damaged(reason: String) -> ImageError {
    ImageError::Damaged { format: Format::Avif, reason }
}

#[cfg(test)]
mod tests;
