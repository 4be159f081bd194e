//! Decoders that are stopped at the deadline within their work, not only after it.

use std::io::{self, BufRead, ErrorKind, Read, Seek, SeekFrom};

use super::{Deadline, Format, ImageError, Levels, PlaneLayout, Planes};

/// Reads between two looks at the clock.
const READS: u32 = 256;

/// Planes whose deadline is checked at every strip.
pub(super) struct TimedPlanes<'a> {
    pub(super) planes: &'a mut dyn Planes,
    pub(super) format: Format,
    pub(super) deadline: Deadline,
}

impl Planes for TimedPlanes<'_> {
    fn layouts(&self) -> &[PlaneLayout] {
        self.planes.layouts()
    }

    fn levels(&self) -> Levels {
        self.planes.levels()
    }

    fn read(&mut self, targets: &mut [&mut [u8]]) -> Result<(), ImageError> {
        self.deadline.check(self.format)?;
        self.planes.read(targets)
    }
}

/// What a read fails with once the deadline has passed.
#[derive(Debug, thiserror::Error)]
#[error("the time is up")]
struct TimeIsUp(Deadline);

/// The error of a decode that a [`TimedReader`] has stopped, if it has.
pub(super) fn too_slow(error: &io::Error, format: Format) -> Option<ImageError> {
    error.get_ref()?.downcast_ref::<TimeIsUp>().map(|over| over.0.error(format))
}

/// The bytes of a file for a decoder that reads them as it goes; reads fail once the deadline has passed.
pub(super) struct TimedReader<R> {
    reader: R,
    deadline: Deadline,
    reads: u32,
}

impl<R> TimedReader<R> {
    pub(super) const fn new(reader: R, deadline: Deadline) -> Self {
        Self { reader, deadline, reads: 0 }
    }

    fn check(&mut self) -> io::Result<()> {
        self.reads = self.reads.wrapping_add(1);
        if self.reads.is_multiple_of(READS) && self.deadline.is_over() {
            return Err(io::Error::new(ErrorKind::TimedOut, TimeIsUp(self.deadline)));
        }
        Ok(())
    }
}

impl<R: Read> Read for TimedReader<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        self.check()?;
        self.reader.read(target)
    }
}

impl<R: BufRead> BufRead for TimedReader<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.check()?;
        self.reader.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.reader.consume(count);
    }
}

impl<R: Seek> Seek for TimedReader<R> {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.reader.seek(position)
    }
}
