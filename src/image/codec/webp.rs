//! WebP: lossy pictures, both ways, by libwebp; the rest by `webp/pure.rs`.
#![allow(unsafe_code)]

pub(super) mod header;
mod planes;
mod pure;
mod worker;

use std::{
    ffi::{c_int, c_void},
    num::NonZeroUsize,
    ptr, slice,
};

use libwebp_sys::{
    VP8StatusCode, WEBP_CSP_MODE, WebPConfig, WebPDecoderConfig, WebPEncode, WebPFreeDecBuffer, WebPIDecGetRGB, WebPIDecode, WebPIDecoder,
    WebPIDelete, WebPIUpdate, WebPMemoryWrite, WebPMemoryWriter, WebPMemoryWriterClear, WebPMemoryWriterInit, WebPPicture, WebPPictureFree,
    WebPPictureImportRGB, WebPPictureImportRGBA, WebPValidateConfig,
};

use self::{
    header::Coding,
    planes::{Waiting, WaitingPlanes},
    worker::{Progress, beside_decoding},
};
use super::{
    Channels, Decode, Format, ImageError, Info, Picture, Pixels, Planes, Player, Truncated, Warning, buffer, missing, whole::Whole,
};

/// The longest side that the format can hold.
const MAX_SIDE: u32 = 16_383;

/// Rows that wait to be worked on, about as many as there are when libwebp runs beside that.
const ROWS_AHEAD: u32 = 64;

/// Decodes the picture, or the first frame of an animation on its canvas.
pub(super) fn open<'a>(bytes: &'a [u8], info: &Info, options: &Decode) -> Result<Box<dyn Picture + 'a>, ImageError> {
    match header::coding(bytes) {
        Some(Coding::Lossy) if !super::safe_decoders_only() => decode_lossy(bytes, info, options),
        Some(_) => pure::open(bytes, info, options),
        None => Err(ImageError::Truncated { format: Format::WebP, reason: "it has no pixels".to_owned() }),
    }
}

/// Hands a lossy picture without alpha to `work` in planes; none, and no call, if it is another or damaged.
pub(super) fn with_planes<T>(bytes: &[u8], info: &Info, threads: NonZeroUsize, work: impl FnOnce(&mut dyn Planes) -> T) -> Option<T> {
    if !matches!(header::coding(bytes), Some(Coding::Lossy)) || info.has_alpha || super::safe_decoders_only() {
        return None;
    }
    let is_shared = threads > NonZeroUsize::MIN;
    let waiting = Waiting::new(info.stored_size, if is_shared { ROWS_AHEAD } else { info.stored_size.height });
    let decode = |progress: &Progress| decode_planes(bytes, &Sink { waiting: &waiting, progress }, is_shared);
    let work = |progress: &Progress| work(&mut WaitingPlanes::new(&waiting, progress));
    if is_shared {
        return beside_decoding(decode, work);
    }
    let progress = Progress::default();
    let is_whole = decode(&progress);
    progress.ended();
    is_whole.then(|| work(&progress))
}

/// Where the rows go.
struct Sink<'a> {
    waiting: &'a Waiting,
    progress: &'a Progress,
}

/// Decodes a file; false if anything is wrong, or if nobody wants more of it.
fn decode_planes(bytes: &[u8], sink: &Sink<'_>, is_shared: bool) -> bool {
    let Ok(mut config) = WebPDecoderConfig::new() else { return false };
    config.options.use_threads = c_int::from(is_shared);
    config.output.colorspace = WEBP_CSP_MODE::MODE_YUV;
    // SAFETY: `config`, `sink` and `bytes` outlive the decoder, which is deleted below. libwebp calls `put` from within the update, or lets a worker do so, for
    // which it waits before it returns; the memory for a whole picture that it sets aside is never touched.
    unsafe {
        let decoder = WebPIDecode(ptr::null(), 0, &raw mut config);
        if decoder.is_null() {
            return false;
        }
        let is_ours = set_hooks(decoder, Some(put), Some(setup), None, ptr::from_ref(sink).cast_mut().cast());
        let status = if is_ours == 0 { VP8StatusCode::VP8_STATUS_INVALID_PARAM } else { WebPIUpdate(decoder, bytes.as_ptr(), bytes.len()) };
        WebPIDelete(decoder);
        WebPFreeDecBuffer(&raw mut config.output);
        status == VP8StatusCode::VP8_STATUS_OK && sink.waiting.is_whole()
    }
}

/// The first fields of libwebp's `VP8Io`: rows that are done.
#[repr(C)]
struct Io {
    size: [c_int; 2],
    top: c_int,
    width: c_int,
    height: c_int,
    planes: [*const u8; 3],
    stride: c_int,
    half_stride: c_int,
    sink: *const c_void,
}

unsafe extern "C" {
    #[link_name = "WebPISetIOHooks"]
    fn set_hooks(
        decoder: *mut WebPIDecoder,
        put: Option<unsafe extern "C" fn(*const Io) -> c_int>,
        setup: Option<unsafe extern "C" fn(*mut Io) -> c_int>,
        teardown: Option<unsafe extern "C" fn(*const Io)>,
        sink: *mut c_void,
    ) -> c_int;
}

/// Nothing is cropped or scaled.
const unsafe extern "C" fn setup(_: *mut Io) -> c_int {
    1
}

/// Takes rows; 0 if nobody wants more of them.
unsafe extern "C" fn put(io: *const Io) -> c_int {
    // SAFETY: libwebp calls with what it was given in `decode_planes`.
    let (io, sink) = unsafe { (&*io, &*(*io).sink.cast::<Sink<'_>>()) };
    let lines = |plane: usize, width: c_int, height: c_int, stride: c_int| {
        let (first, stride) = (io.planes[plane], isize::try_from(stride).unwrap_or(0));
        // SAFETY: there are `height` rows of luma and half as many of chroma, and `stride` bytes from one to the next.
        (0..)
            .take(usize::try_from(height).unwrap_or(0))
            .map(move |row| unsafe { slice::from_raw_parts(first.offset(row * stride), usize::try_from(width).unwrap_or(0)) })
    };
    let half = |side: c_int| (side + 1) / 2;
    let chroma = |plane| lines(plane, half(io.width), half(io.height), io.half_stride);
    sink.waiting.add(u32::try_from(io.height).unwrap_or(0), [lines(0, io.width, io.height, io.stride), chroma(1), chroma(2)]);
    c_int::from(!sink.progress.is_over())
}

/// Opens the animation.
pub(super) fn play<'a>(bytes: &'a [u8], info: &Info) -> Result<Box<dyn Player + 'a>, ImageError> {
    pure::play(bytes, info)
}

fn decode_lossy<'a>(bytes: &'a [u8], info: &Info, options: &Decode) -> Result<Box<dyn Picture + 'a>, ImageError> {
    let damaged = |reason: String| ImageError::Damaged { format: Format::WebP, reason };
    let size = info.stored_size;
    let channels = if info.has_alpha { Channels::Rgba } else { Channels::Rgb };
    let (Ok(width), Ok(height)) = (c_int::try_from(size.width), c_int::try_from(size.height)) else {
        return Err(damaged(format!("found a picture of {size} pixels, expected at most {MAX_SIDE} a side")));
    };
    let stride = size.width as usize * channels.count();
    let mut data = buffer(Format::WebP, size.pixels() * channels.count() as u64, missing(channels))?;

    let mut config = WebPDecoderConfig::new().map_err(|()| damaged("libwebp is of another version".to_owned()))?;
    config.output.colorspace = if info.has_alpha { WEBP_CSP_MODE::MODE_RGBA } else { WEBP_CSP_MODE::MODE_RGB };
    config.output.is_external_memory = 1;
    config.output.width = width;
    config.output.height = height;
    // SAFETY: for the two colour modes set above, `RGBA` is the part of the union that libwebp reads.
    let output = unsafe { &mut config.output.u.RGBA };
    output.rgba = data.as_mut_ptr();
    output.stride = c_int::try_from(stride).map_err(|_| damaged("its rows are too long".to_owned()))?;
    output.size = data.len();

    // SAFETY: without input the call only allocates; `config` and `data` outlive the decoder, which is deleted below. libwebp holds the size of what
    // it decodes against `output.size` and `output.stride` and refuses a picture that does not fit.
    let decoder = unsafe { WebPIDecode(ptr::null(), 0, &raw mut config) };
    if decoder.is_null() {
        return Err(damaged("libwebp could not start".to_owned()));
    }
    let mut rows: c_int = 0;
    // SAFETY: `decoder` is not null and `bytes` lives on; the getter takes null for what is not asked for.
    let status = unsafe {
        let status = WebPIUpdate(decoder, bytes.as_ptr(), bytes.len());
        WebPIDecGetRGB(decoder, &raw mut rows, ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
        WebPIDelete(decoder);
        WebPFreeDecBuffer(&raw mut config.output);
        status
    };
    let warnings = match (status, options.truncated) {
        (VP8StatusCode::VP8_STATUS_OK, _) if rows == height => Vec::new(),
        (VP8StatusCode::VP8_STATUS_SUSPENDED | VP8StatusCode::VP8_STATUS_NOT_ENOUGH_DATA, Truncated::Keep) => vec![Warning::Truncated],
        (VP8StatusCode::VP8_STATUS_SUSPENDED | VP8StatusCode::VP8_STATUS_NOT_ENOUGH_DATA, Truncated::Refuse) => {
            let reason = format!("found {rows} of {height} rows");
            return Err(ImageError::Truncated { format: Format::WebP, reason });
        }
        (VP8StatusCode::VP8_STATUS_OUT_OF_MEMORY, _) => {
            return Err(ImageError::Unsupported { format: Format::WebP, reason: format!("no memory for {size} pixels") });
        }
        (status, _) => return Err(damaged(format!("libwebp stopped after {rows} rows: {status:?}"))),
    };
    Ok(Whole::boxed(Pixels::new(size, channels, data)?, warnings))
}

/// A lossy WebP file; `quality` is 0 to 100, `method` 0 (fast) to 6 (small).
///
/// # Errors
/// [`ImageError::Unsupported`] if a side is longer than the format can hold.
pub(in crate::image) fn encode_lossy(pixels: &Pixels, quality: u8, method: u8) -> Result<Vec<u8>, ImageError> {
    let unsupported = |reason: String| ImageError::Unsupported { format: Format::WebP, reason };
    let size = pixels.size();
    if size.is_empty() || size.max_side() > MAX_SIDE {
        return Err(unsupported(format!("found a picture of {size} pixels, expected 1 to {MAX_SIDE} a side")));
    }
    let (Ok(mut config), Ok(mut picture)) = (WebPConfig::new(), WebPPicture::new()) else {
        return Err(unsupported("libwebp is of another version".to_owned()));
    };
    config.quality = f32::from(quality.min(100));
    config.method = c_int::from(method.min(6));
    config.alpha_compression = 1;
    // SAFETY: `config` was filled in by libwebp and is only read.
    if unsafe { WebPValidateConfig(&raw const config) } == 0 {
        return Err(unsupported("libwebp refuses these settings".to_owned()));
    }
    (picture.width, picture.height) = (c_int::try_from(size.width).unwrap_or(0), c_int::try_from(size.height).unwrap_or(0));
    let widened;
    let (channels, data) = match pixels.channels() {
        Channels::Luma => {
            widened = pixels.as_bytes().iter().flat_map(|&v| [v, v, v]).collect::<Vec<u8>>();
            (3, widened.as_slice())
        }
        Channels::LumaAlpha => {
            widened = pixels.as_bytes().chunks_exact(2).flat_map(|p| [p[0], p[0], p[0], p[1]]).collect::<Vec<u8>>();
            (4, widened.as_slice())
        }
        Channels::Rgb => (3, pixels.as_bytes()),
        Channels::Rgba => (4, pixels.as_bytes()),
    };
    let stride = c_int::try_from(size.width as usize * channels).unwrap_or(0);
    let mut writer = WebPMemoryWriter { mem: ptr::null_mut(), size: 0, max_size: 0, pad: [0] };
    // SAFETY: `data` holds `height` rows of `stride` bytes (`Pixels` promises it); `picture` and `writer` live to the end of the block, where what
    // libwebp allocated for both is given back; the bytes behind `writer.mem` are copied before that.
    unsafe {
        WebPMemoryWriterInit(&raw mut writer);
        picture.writer = Some(WebPMemoryWrite);
        picture.custom_ptr = (&raw mut writer).cast();
        let imported = if channels == 3 {
            WebPPictureImportRGB(&raw mut picture, data.as_ptr(), stride)
        } else {
            WebPPictureImportRGBA(&raw mut picture, data.as_ptr(), stride)
        };
        let done = imported != 0 && WebPEncode(&raw const config, &raw mut picture) != 0;
        let file = if done && !writer.mem.is_null() { Some(slice::from_raw_parts(writer.mem, writer.size).to_vec()) } else { None };
        let error = picture.error_code;
        WebPPictureFree(&raw mut picture);
        WebPMemoryWriterClear(&raw mut writer);
        file.ok_or_else(|| unsupported(format!("libwebp could not encode it: {error:?}")))
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{Limits, Size, Source};
    use super::*;

    /// Textures that take libwebp some time a row, and a width from which on it uses a worker.
    fn file(width: u32, height: u32) -> Vec<u8> {
        let samples = (0..width * height * 3).map(|at| (at.wrapping_mul(at) / 977 % 251) as u8).collect();
        encode_lossy(&Pixels::new(Size::new(width, height), Channels::Rgb, samples).unwrap(), 80, 2).unwrap()
    }

    /// The first `strips` strips of luma and chroma, as far as there are any.
    fn planes(bytes: &[u8], info: &Info, threads: usize, strips: usize) -> Option<Vec<Vec<u8>>> {
        let read = |planes: &mut dyn Planes| {
            let mut found = Vec::new();
            for _ in 0..strips {
                let mut targets: Vec<_> = planes.layouts().iter().map(|layout| vec![0; layout.rows * layout.stride]).collect();
                let mut slices: Vec<_> = targets.iter_mut().map(Vec::as_mut_slice).collect();
                planes.read(&mut slices).ok()?;
                found.append(&mut targets);
            }
            Some(found)
        };
        with_planes(bytes, info, NonZeroUsize::new(threads).unwrap(), read).flatten()
    }

    #[test]
    fn two_threads_read_what_one_does_of_whole_files_and_of_cut_ones() {
        for (width, height) in [(640, 400), (1021, 333), (5, 3)] {
            let file = file(width, height);
            let info = Source::new(&file[..], &Limits::default()).unwrap().info().clone();
            let all = height.div_ceil(16) as usize;
            let whole = planes(&file, &info, 1, all);
            assert!(whole.is_some() && planes(&file, &info, 2, all) == whole, "{width}x{height}");
            for length in [file.len() / 2, file.len() / 9] {
                let found = [1, 2].map(|threads| planes(&file[..length], &info, threads, all).is_some());
                assert_eq!(found, [false; 2], "{width}x{height}, {length} bytes");
            }
        }
    }

    #[test]
    fn who_wants_no_more_rows_ends_the_decoding() {
        let file = file(640, 4000);
        let info = Source::new(&file[..], &Limits::default()).unwrap().info().clone();
        for _ in 0..20 {
            assert!(planes(&file, &info, 2, 1).is_none());
        }
    }
}
