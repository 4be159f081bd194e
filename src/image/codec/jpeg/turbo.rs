//! JPEG by the C library behind `mozjpeg`, a sibling of libjpeg-turbo: row by row, at any scale, with SIMD.
#![allow(unsafe_code)]

use std::{cell::Cell, ffi::c_int, mem};

use mozjpeg::{ColorSpace, Decompress, decompress::DecompressStarted};
use mozjpeg_sys::{
    JWRN_HIT_MARKER, JWRN_HUFF_BAD_CODE, JWRN_JPEG_EOF, JWRN_MUST_RESYNC, jpeg_common_struct, jpeg_error_mgr, jpeg_std_error,
};

use super::{
    super::{Channels, Decode, Format, ImageError, Info, Picture, Rows, Size, Truncated, Warning, contained},
    header,
};

/// Opens the decoder for an image in one scan; none for others, which it would decode before its first row, and where it finds anything to complain of
/// in the headers, so that another may say what it is.
pub(super) fn open<'a>(bytes: &'a [u8], info: &Info, options: &Decode) -> Option<Box<dyn Picture + 'a>> {
    contained(|| start(bytes, info, options)).ok().flatten()
}

fn start<'a>(bytes: &'a [u8], info: &Info, options: &Decode) -> Option<Box<dyn Picture + 'a>> {
    if !header::is_in_one_scan(bytes) {
        return None;
    }
    SEEN.take();
    let mut decoder = Decompress::with_err(error_manager()).from_mem(bytes).ok()?;
    if decoder.size() != (info.stored_size.width as usize, info.stored_size.height as usize) {
        return None;
    }
    let (channels, colours) = match decoder.components().len() {
        1 => (Channels::Luma, ColorSpace::JCS_GRAYSCALE),
        3 => (Channels::Rgb, ColorSpace::JCS_RGB),
        _ => return None,
    };
    decoder.scale(8 / options.scale.divisor());
    let decoder = decoder.to_colorspace(colours).ok()?;
    let size = options.scale.size(info.stored_size);
    if (decoder.width(), decoder.height()) != (size.width as usize, size.height as usize) {
        return None;
    }
    let keep = options.truncated == Truncated::Keep;
    Some(Box::new(TurboRows { decoder, size, channels, next: 0, keep, seen: SEEN.take() }))
}

struct TurboRows<'a> {
    decoder: DecompressStarted<&'a [u8]>,
    size: Size,
    channels: Channels,
    next: u32,
    keep: bool,
    seen: Seen,
}

impl TurboRows<'_> {
    /// An image in one scan may lack its end marker and still be whole.
    const fn is_truncated(&self) -> bool {
        self.seen.end_of_file && self.seen.missing_data
    }
}

impl Rows for TurboRows<'_> {
    fn size(&self) -> Size {
        self.size
    }

    fn channels(&self) -> Channels {
        self.channels
    }

    fn read(&mut self, band: &mut [u8]) -> Result<u32, ImageError> {
        let stride = self.size.width as usize * self.channels.count();
        let rows = u32::try_from(band.len() / stride).unwrap_or(u32::MAX).min(self.size.height - self.next);
        let Some(band) = band.get_mut(..rows as usize * stride).filter(|band| !band.is_empty()) else { return Ok(0) };
        SEEN.set(self.seen);
        let outcome = contained(|| self.decoder.read_scanlines_into(band).map(|_| ()));
        self.seen = SEEN.take();
        match outcome {
            Ok(Ok(())) => {}
            Ok(Err(failure)) => return Err(damaged(failure.to_string())),
            Err(reason) => return Err(damaged(reason)),
        }
        self.next += rows;
        if self.is_truncated() && !self.keep {
            let reason = format!("found data for less than {} of {} rows", self.next, self.size.height);
            return Err(ImageError::Truncated { format: Format::Jpeg, reason });
        }
        Ok(rows)
    }
}

impl Picture for TurboRows<'_> {
    fn warnings(&self) -> Vec<Warning> {
        if self.is_truncated() {
            vec![Warning::Truncated]
        } else if self.seen.missing_data || self.seen.bad_data {
            vec![Warning::Damaged]
        } else {
            Vec::new()
        }
    }
}

const fn damaged(reason: String) -> ImageError {
    ImageError::Damaged { format: Format::Jpeg, reason }
}

/// What the library warned of.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    end_of_file: bool,
    missing_data: bool,
    bad_data: bool,
}

thread_local! {
    /// What the library warned of since this was last taken, on this thread.
    static SEEN: Cell<Seen> = const { Cell::new(Seen { end_of_file: false, missing_data: false, bad_data: false }) };
}

/// The library's own error manager, but for two things: a fatal error unwinds, and warnings are kept in `SEEN`.
fn error_manager() -> jpeg_error_mgr {
    // SAFETY: the struct holds numbers and optional function pointers, for which zero is a value; the library then fills in all of it.
    let mut manager = unsafe {
        let mut manager: jpeg_error_mgr = mem::zeroed();
        jpeg_std_error(&mut manager);
        manager
    };
    manager.error_exit = Some(unwind);
    manager.emit_message = Some(note);
    manager
}

#[cold]
extern "C-unwind" fn unwind(common: &mut jpeg_common_struct) {
    std::panic::resume_unwind(Box::new(format!("libjpeg stopped with its error {}", code(common))));
}

#[cold]
extern "C-unwind" fn note(common: &mut jpeg_common_struct, level: c_int) {
    // Levels from 0 are remarks.
    if level >= 0 {
        return;
    }
    let mut seen = SEEN.get();
    match code(common) {
        JWRN_JPEG_EOF => seen.end_of_file = true,
        JWRN_HIT_MARKER => seen.missing_data = true,
        JWRN_HUFF_BAD_CODE | JWRN_MUST_RESYNC => seen.bad_data = true,
        _ => {}
    }
    SEEN.set(seen);
}

fn code(common: &jpeg_common_struct) -> c_int {
    // SAFETY: the library calls back with the error manager in place that was handed to it, which lives as long as the decoder.
    unsafe { common.err.as_ref() }.map_or(0, |manager| manager.msg_code)
}
