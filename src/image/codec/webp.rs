//! WebP: lossy pictures, both ways, by libwebp; the rest by `webp/pure.rs`.
#![allow(unsafe_code)]

pub(super) mod header;
mod planes;
mod pure;

use std::{ffi::c_int, num::NonZeroUsize, ptr, slice};

use libwebp_sys::{
    VP8StatusCode, WEBP_CSP_MODE, WebPConfig, WebPDecode, WebPDecoderConfig, WebPEncode, WebPFreeDecBuffer, WebPIDecGetRGB, WebPIDecode,
    WebPIDelete, WebPIUpdate, WebPMemoryWrite, WebPMemoryWriter, WebPMemoryWriterClear, WebPMemoryWriterInit, WebPPicture, WebPPictureFree,
    WebPPictureImportRGB, WebPPictureImportRGBA, WebPValidateConfig, WebPYUVABuffer,
};

use self::header::Coding;
use super::{
    Channels, Decode, Format, ImageError, Info, Picture, Pixels, Planes, Player, Truncated, Warning, buffer, missing, whole::Whole,
};

/// The longest side that the format can hold.
const MAX_SIDE: u32 = 16_383;

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
    let mut planes = planes::WholePlanes::new(info.stored_size)?;
    let mut config = WebPDecoderConfig::new().ok()?;
    // One thread reads, and another filters what was read.
    config.options.use_threads = c_int::from(threads.get() > 1);
    config.output.colorspace = WEBP_CSP_MODE::MODE_YUV;
    config.output.is_external_memory = 1;
    let size = info.stored_size;
    (config.output.width, config.output.height) = (c_int::try_from(size.width).ok()?, c_int::try_from(size.height).ok()?);
    let [luma, blue, red] = planes.parts();
    config.output.u.YUVA = WebPYUVABuffer {
        y: luma.as_mut_ptr(),
        u: blue.as_mut_ptr(),
        v: red.as_mut_ptr(),
        a: ptr::null_mut(),
        y_stride: config.output.width,
        u_stride: (config.output.width + 1) / 2,
        v_stride: (config.output.width + 1) / 2,
        a_stride: 0,
        y_size: luma.len(),
        u_size: blue.len(),
        v_size: red.len(),
        a_size: 0,
    };
    // SAFETY: the buffers hold as many rows of as many bytes as the strides and sizes say, of which libwebp makes sure, and they outlive the call;
    // `bytes` is only read. What libwebp allocated for itself is given back.
    let status = unsafe {
        let status = WebPDecode(bytes.as_ptr(), bytes.len(), &raw mut config);
        WebPFreeDecBuffer(&raw mut config.output);
        status
    };
    (status == VP8StatusCode::VP8_STATUS_OK).then(|| work(&mut planes))
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
