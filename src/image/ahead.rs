//! Rows that another thread decodes while those before them are worked on.

use std::{
    sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel},
    thread::scope,
};

use super::{Channels, Decode, Decoded, ImageError, Pixels, Rows, Size, Source, beside};

/// Bytes of rows that are handed over at once: about what stays in a core's own cache.
const BAND_BYTES: usize = 256 << 10;

/// Bands that may wait to be worked on.
const WAITING: usize = 4;

/// Hands the rows of a picture to `sink`, as [`Source::decode`] does, decoded on a second thread.
///
/// # Errors
/// Whatever is wrong with the data, and what `sink` returns.
pub(super) fn decode(
    source: &Source<'_>,
    options: &Decode,
    sink: &mut dyn FnMut(&mut dyn Rows) -> Result<(), ImageError>,
) -> Result<Decoded, ImageError> {
    let (heads, head) = sync_channel(1);
    let (filled, bands) = sync_channel(WAITING);
    let (emptied, free) = channel();
    scope(|scope| {
        let read = move || {
            source.decode(options, &mut |rows| {
                let whole = rows.take_whole();
                let left = if whole.is_some() { 0 } else { rows.size().height };
                let head = Head { size: rows.size(), channels: rows.channels(), whole };
                if heads.send(head).is_ok() { forward(rows, left, &filled, &free) } else { Ok(()) }
            })
        };
        let Some(reader) = beside::spawn(scope, "cog-kit rows", [read]).pop() else {
            return source.decode(options, sink);
        };
        // Without a head, the reader says why there is none.
        let result = head.recv().map(|head| sink(&mut Ahead { head, bands, emptied, band: Vec::new(), done: 0 }));
        let decoded = reader.join().unwrap_or_else(|_| {
            let reason = "the thread that decodes it stopped".to_owned();
            Err(ImageError::CodecPanicked { format: source.info().format, reason })
        })?;
        result.unwrap_or(Ok(()))?;
        Ok(decoded)
    })
}

/// Sends row after row, `left` in all, until nobody wants more.
fn forward(rows: &mut dyn Rows, mut left: u32, filled: &SyncSender<Vec<u8>>, free: &Receiver<Vec<u8>>) -> Result<(), ImageError> {
    let row_bytes = rows.size().width as usize * rows.channels().count();
    let most = u32::try_from(BAND_BYTES / row_bytes.max(1)).unwrap_or(u32::MAX).max(1);
    while left > 0 {
        let mut band = free.try_recv().unwrap_or_default();
        band.resize(most.min(left) as usize * row_bytes, 0);
        let count = rows.read(&mut band)?;
        band.truncate(count as usize * row_bytes);
        left = left.saturating_sub(count);
        if count == 0 || filled.send(band).is_err() {
            break;
        }
    }
    Ok(())
}

/// What is known of the rows before the first of them.
struct Head {
    size: Size,
    channels: Channels,
    whole: Option<Pixels>,
}

/// The other end.
struct Ahead {
    head: Head,
    bands: Receiver<Vec<u8>>,
    emptied: Sender<Vec<u8>>,
    band: Vec<u8>,
    /// Bytes of the band that were handed out.
    done: usize,
}

impl Rows for Ahead {
    fn size(&self) -> Size {
        self.head.size
    }

    fn channels(&self) -> Channels {
        self.head.channels
    }

    fn read(&mut self, band: &mut [u8]) -> Result<u32, ImageError> {
        let row_bytes = (self.head.size.width as usize * self.head.channels.count()).max(1);
        if self.done == self.band.len() {
            // Nothing comes after an error, which the reader returns.
            let Ok(next) = beside::look(|| self.bands.try_recv().ok()).map_or_else(|| self.bands.recv(), Ok) else { return Ok(0) };
            let band = std::mem::replace(&mut self.band, next);
            self.done = 0;
            // A reader that is done needs no more of them.
            let _ = self.emptied.send(band);
        }
        let rest = self.band.get(self.done..).unwrap_or_default();
        let length = rest.len().min(band.len());
        if let (Some(to), Some(from)) = (band.get_mut(..length), rest.get(..length)) {
            to.copy_from_slice(from);
        }
        self.done += length;
        Ok(u32::try_from(length / row_bytes).unwrap_or(u32::MAX))
    }

    fn take_whole(&mut self) -> Option<Pixels> {
        self.head.whole.take()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Encode, Limits, Truncated, source::collect};
    use super::*;

    fn file(width: u32, height: u32) -> Vec<u8> {
        let samples: Vec<u8> = (0..width * height * 3).map(|at| (at * 7 % 251) as u8).collect();
        Encode::png().to_vec(&Pixels::new(Size::new(width, height), Channels::Rgb, samples).unwrap()).unwrap()
    }

    fn pixels(file: &[u8], truncated: Truncated, is_ahead: bool) -> Result<(Pixels, usize), ImageError> {
        let source = Source::new(file, &Limits::default())?;
        let options = Decode { truncated, ..Decode::default() };
        let mut pixels = None;
        let mut sink = |rows: &mut dyn Rows| {
            pixels = Some(collect(rows)?);
            Ok(())
        };
        let decoded = if is_ahead { decode(&source, &options, &mut sink)? } else { source.decode(&options, &mut sink)? };
        Ok((pixels.unwrap(), decoded.warnings.len()))
    }

    #[test]
    fn the_rows_the_warnings_and_the_errors_are_the_same() {
        let file = file(400, 700);
        for length in [file.len(), file.len() * 2 / 3, 200, 60] {
            for truncated in [Truncated::Refuse, Truncated::Keep] {
                let (one, two) = (pixels(&file[..length], truncated, false), pixels(&file[..length], truncated, true));
                assert_eq!(format!("{two:?}"), format!("{one:?}"), "{length} bytes, {truncated:?}");
                assert!(length < file.len() || one.is_ok());
            }
        }
    }

    #[test]
    fn a_sink_that_wants_no_more_ends_the_reading() {
        let file = file(300, 3000);
        let source = Source::new(&file[..], &Limits::default()).unwrap();
        let error = || ImageError::Resample { reason: "enough".to_owned() };
        let found = decode(&source, &Decode::default(), &mut |rows| {
            let mut row = vec![0; 900];
            assert_eq!(rows.read(&mut row).unwrap(), 1);
            Err(error())
        });
        assert_eq!(found.unwrap_err().to_string(), error().to_string());
    }
}
