//! WebP: lossy images in planes by `webp/vp8.rs`, in rows and with alpha by libwebp, lossless ones by `webp/pure.rs`, animations by `webp/animation.rs`.
#![allow(unsafe_code)]

mod animation;
pub(super) mod header;
mod pure;
mod vp8;

use std::{ffi::c_int, num::NonZeroUsize, ptr, slice};

use libwebp_sys::{
    VP8StatusCode, WEBP_CSP_MODE, WebPConfig, WebPDecoderConfig, WebPEncode, WebPFreeDecBuffer, WebPIDecGetRGB, WebPIDecode, WebPIDelete,
    WebPIUpdate, WebPMemoryWrite, WebPMemoryWriter, WebPMemoryWriterClear, WebPMemoryWriterInit, WebPPicture, WebPPictureFree,
    WebPPictureImportRGB, WebPPictureImportRGBA, WebPValidateConfig,
};

use self::header::Coding;
use super::{
    Attempt, Channels, Decode, Format, ImageError, Info, Picture, Pixels, Planes, Player, Size, Truncated, Warning, buffer, missing,
    whole::Whole,
};

/// The longest side that the format can hold.
const MAX_SIDE: u32 = 16_383;

/// Bytes of a file that libwebp decodes between two looks at the clock.
const STEP: usize = 64 << 10;

/// Decodes the picture, or the first frame of an animation on its canvas.
pub(super) fn open<'a>(bytes: &'a [u8], info: &Info, options: &Decode) -> Result<Box<dyn Picture + 'a>, ImageError> {
    match header::coding(bytes) {
        Some(Coding::Animation) => animation::open(bytes, info, options),
        Some(Coding::Lossy) if !super::safe_decoders_only() => {
            let channels = if info.has_alpha { Channels::Rgba } else { Channels::Rgb };
            let (pixels, warnings) = decode_lossy(bytes, info.stored_size, channels, options)?;
            Ok(Whole::boxed(pixels, warnings))
        }
        Some(_) => pure::open(bytes, info, options),
        None => Err(ImageError::Truncated { format: Format::WebP, reason: "it has no pixels".to_owned() }),
    }
}

/// Hands a lossy image without alpha to `work` in planes.
pub(super) fn with_planes<T>(
    bytes: &[u8],
    info: &Info,
    truncated: Truncated,
    threads: NonZeroUsize,
    work: impl FnOnce(&mut dyn Planes) -> Result<T, ImageError>,
) -> Attempt<(T, Vec<Warning>)> {
    match header::lossy(bytes) {
        Some(lossy) if !info.has_alpha => vp8::with_planes(lossy, info.stored_size, truncated, threads, work),
        _ => Attempt::Unsupported,
    }
}

/// Opens the animation.
pub(super) fn play<'a>(bytes: &'a [u8], info: &Info, options: &Decode) -> Result<Box<dyn Player + 'a>, ImageError> {
    animation::play(bytes, info, options)
}

/// Decodes a lossy image of a file, or of the chunks of a frame: `ALPH`, if there is one, and `VP8 `.
fn decode_lossy(bytes: &[u8], size: Size, channels: Channels, options: &Decode) -> Result<(Pixels, Vec<Warning>), ImageError> {
    let damaged = |reason: String| ImageError::Damaged { format: Format::WebP, reason };
    let has_alpha = channels.has_alpha();
    let (Ok(width), Ok(height)) = (c_int::try_from(size.width), c_int::try_from(size.height)) else {
        return Err(damaged(format!("found a picture of {size} pixels, expected at most {MAX_SIDE} a side")));
    };
    let stride = size.width as usize * channels.count();
    let mut data = buffer(Format::WebP, size.pixels() * channels.count() as u64, missing(channels))?;

    let mut config = WebPDecoderConfig::new().map_err(|()| damaged("libwebp is of another version".to_owned()))?;
    config.output.colorspace = if has_alpha { WEBP_CSP_MODE::MODE_RGBA } else { WEBP_CSP_MODE::MODE_RGB };
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
    let mut status = VP8StatusCode::VP8_STATUS_SUSPENDED;
    let mut known = 0;
    while status == VP8StatusCode::VP8_STATUS_SUSPENDED && known < bytes.len() && !options.deadline.is_over() {
        known = (known + STEP).min(bytes.len());
        // SAFETY: `decoder` is not null, and `bytes`, of which it is told more each time, lives on at the same place.
        status = unsafe { WebPIUpdate(decoder, bytes.as_ptr(), known) };
    }
    // SAFETY: `decoder` is not null and not used again; the getter takes null for what is not asked for.
    unsafe {
        WebPIDecGetRGB(decoder, &raw mut rows, ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
        WebPIDelete(decoder);
        WebPFreeDecBuffer(&raw mut config.output);
    }
    options.deadline.check(Format::WebP)?;
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
    Ok((Pixels::new(size, channels, data)?, warnings))
}

/// A lossy WebP file; `quality` is 0 to 100, `method` 0 (fast) to 6 (small).
///
/// # Errors
/// [`ImageError::Unsupported`] if a side is longer than the format can hold.
pub(in crate::image) fn encode_lossy(pixels: &Pixels, quality: u8, method: u8) -> Result<Vec<u8>, ImageError> {
    let Ok(mut config) = WebPConfig::new() else { return Err(unsupported("libwebp is of another version".to_owned())) };
    config.quality = f32::from(quality.min(100));
    config.method = c_int::from(method.min(6));
    config.alpha_compression = 1;
    encode(pixels, &config)
}

fn unsupported(reason: String) -> ImageError {
    ImageError::Unsupported { format: Format::WebP, reason }
}

fn encode(pixels: &Pixels, config: &WebPConfig) -> Result<Vec<u8>, ImageError> {
    let size = pixels.size();
    if size.is_empty() || size.max_side() > MAX_SIDE {
        return Err(unsupported(format!("found a picture of {size} pixels, expected 1 to {MAX_SIDE} a side")));
    }
    let Ok(mut picture) = WebPPicture::new() else { return Err(unsupported("libwebp is of another version".to_owned())) };
    // SAFETY: `config` was filled in by libwebp and is only read.
    if unsafe { WebPValidateConfig(ptr::from_ref(config)) } == 0 {
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
        let done = imported != 0 && WebPEncode(ptr::from_ref(config), &raw mut picture) != 0;
        let file = if done && !writer.mem.is_null() { Some(slice::from_raw_parts(writer.mem, writer.size).to_vec()) } else { None };
        let error = picture.error_code;
        WebPPictureFree(&raw mut picture);
        WebPMemoryWriterClear(&raw mut writer);
        file.ok_or_else(|| unsupported(format!("libwebp could not encode it: {error:?}")))
    }
}

#[cfg(test)]
mod tests {
    use libwebp_sys::{WebPDecodeYUV, WebPFree};

    use super::super::super::{Limits, Size, Source};
    use super::*;

    /// A picture that is flat, smooth, striped and noisy in turns.
    fn pixels(width: u32, height: u32) -> Pixels {
        let mut noise = 1_u32;
        let samples = (0..width * height * 3).map(|at| {
            let (x, y) = (at / 3 % width, at / 3 / width);
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            match (x / 48 + y / 40) % 5 {
                0 => 90,
                1 => (x * 3 + y + at % 3 * 40) as u8,
                2 => ((x + y) / 6 % 2 * 200) as u8,
                3 => (noise >> 24) as u8,
                _ => (x * y / 7) as u8,
            }
        });
        Pixels::new(Size::new(width, height), Channels::Rgb, samples.collect()).unwrap()
    }

    fn read_all(planes: &mut dyn Planes) -> Result<[Vec<u8>; 3], ImageError> {
        let layouts = planes.layouts().to_vec();
        let mut found = [const { Vec::new() }; 3];
        while found[0].len() < layouts[0].stride * layouts[0].size.height as usize {
            let mut targets: Vec<_> = layouts.iter().map(|layout| vec![0; layout.rows * layout.stride]).collect();
            planes.read(&mut targets.iter_mut().map(Vec::as_mut_slice).collect::<Vec<_>>())?;
            for (found, target) in found.iter_mut().zip(targets) {
                found.extend(target);
            }
        }
        // What lies right of and below the picture is made up.
        for (found, layout) in found.iter_mut().zip(layouts) {
            let (width, height) = (layout.size.width as usize, layout.size.height as usize);
            *found = found.chunks(layout.stride).take(height).flat_map(|row| &row[..width]).copied().collect();
        }
        Ok(found)
    }

    fn ours(file: &[u8], threads: usize) -> Option<[Vec<u8>; 3]> {
        let info = Source::new(file, &Limits::default()).ok()?.info().clone();
        match with_planes(file, &info, Truncated::Refuse, NonZeroUsize::new(threads).unwrap(), read_all) {
            Attempt::Ready((planes, _)) => Some(planes),
            Attempt::Unsupported | Attempt::Failed(_) => None,
        }
    }

    /// The planes as libwebp decodes them.
    fn theirs(file: &[u8]) -> Option<[Vec<u8>; 3]> {
        let (mut size, mut strides) = ([0; 2], [0; 2]);
        let mut planes = [ptr::null_mut(); 3];
        // SAFETY: the file is as long as it says; libwebp fills in what is asked for, and frees what it gave after it was copied, or null.
        unsafe {
            let [width, height] = &mut size;
            let ([stride, half_stride], [luma, blue, red]) = (&mut strides, &mut planes);
            *luma = WebPDecodeYUV(file.as_ptr(), file.len(), width, height, blue, red, stride, half_stride);
            let copy = |plane: usize| {
                let half = |side: c_int| if plane == 0 { side } else { (side + 1) / 2 } as usize;
                let stride = strides[usize::from(plane > 0)] as usize;
                (0..half(size[1])).flat_map(|y| slice::from_raw_parts(planes[plane].add(y * stride), half(size[0])).to_vec()).collect()
            };
            let found = (!planes[0].is_null()).then(|| [0, 1, 2].map(copy));
            WebPFree(planes[0].cast());
            found
        }
    }

    #[test]
    fn planes_are_those_of_libwebp() {
        let mut config = WebPConfig::new().unwrap();
        for (index, (width, height)) in [(640, 400), (1021, 333), (5, 3), (16, 16), (17, 900), (163, 1)].into_iter().enumerate() {
            let pixels = pixels(width, height);
            for quality in [0, 30, 70, 90, 100] {
                let index = index as c_int + quality;
                (config.quality, config.method) = (quality as f32, index % 7);
                (config.filter_type, config.filter_strength, config.filter_sharpness) = (index % 3 % 2, index * 13 % 101, index % 8);
                (config.segments, config.partitions, config.sns_strength) = (index % 4 + 1, index / 2 % 4, index * 31 % 101);
                let file = encode(&pixels, &config).unwrap();
                let theirs = theirs(&file);
                assert!(theirs.is_some(), "{width}x{height}, quality {quality}");
                for threads in [1, 2] {
                    assert!(ours(&file, threads) == theirs, "{width}x{height}, quality {quality}, {threads} threads");
                }
            }
        }
    }

    #[test]
    fn what_is_cut_off_has_no_planes() {
        let file = encode_lossy(&pixels(640, 400), 80, 4).unwrap();
        for length in (0..file.len() - 2).step_by(file.len() / 40) {
            for threads in [1, 2] {
                assert!(ours(&file[..length], threads).is_none(), "{length} of {} bytes, {threads} threads", file.len());
            }
        }
    }

    #[test]
    fn what_is_damaged_is_read_as_libwebp_reads_it() {
        let file = encode_lossy(&pixels(200, 120), 60, 4).unwrap();
        for at in 20..file.len().min(600) {
            for change in [0x01, 0x80, 0xff] {
                let mut file = file.clone();
                file[at] ^= change;
                let theirs = theirs(&file);
                for threads in [1, 2] {
                    assert!(ours(&file, threads) == theirs, "byte {at} changed by {change}, {threads} threads");
                }
            }
        }
    }

    #[test]
    fn who_wants_no_more_rows_ends_the_decoding() {
        let file = encode_lossy(&pixels(640, 4000), 80, 4).unwrap();
        let info = Source::new(&file[..], &Limits::default()).unwrap().info().clone();
        for _ in 0..20 {
            let read = |planes: &mut dyn Planes| {
                let mut targets: Vec<_> = planes.layouts().iter().map(|layout| vec![0; layout.rows * layout.stride]).collect();
                planes.read(&mut targets.iter_mut().map(Vec::as_mut_slice).collect::<Vec<_>>())
            };
            let attempt = with_planes(&file, &info, Truncated::Refuse, NonZeroUsize::new(2).unwrap(), read);
            assert!(matches!(attempt, Attempt::Ready((_, warnings)) if warnings.is_empty()));
        }
    }
}
