use super::*;
use crate::image::{Channels, Format, Frames, Prepare, codec::attempt};

/// A file of the corpus, where there is one.
fn corpus(name: &str) -> Option<Vec<u8>> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus")).join(name);
    let bytes = std::fs::read(path).ok();
    if bytes.is_none() {
        eprintln!("skipped: there is no corpus file `{name}`");
    }
    bytes
}

fn decode(bytes: &[u8], limits: &Limits, scale: Scale) -> Pixels {
    let source = Source::new(bytes, limits).unwrap();
    let mut pixels = None;
    let options = Decode { scale, ..Decode::default() };
    source
        .decode(&options, &mut |rows| {
            pixels = Some(collect(rows)?);
            Ok(())
        })
        .unwrap();
    pixels.unwrap()
}

/// The mean of each block of `n` by `n` pixels; blocks at the far edges may be smaller.
fn shrunk(pixels: &Pixels, n: usize) -> Vec<u8> {
    let (width, height, count) = (pixels.size().width as usize, pixels.size().height as usize, pixels.channels().count());
    let mut out = Vec::new();
    for (top, left) in (0..height).step_by(n).flat_map(|top| (0..width).step_by(n).map(move |left| (top, left))) {
        for channel in 0..count {
            let block =
                (top..height.min(top + n)).flat_map(|y| (left..width.min(left + n)).map(move |x| (y * width + x) * count + channel));
            let (sum, number) = block.fold((0, 0), |(sum, number), at| (sum + u32::from(pixels.as_bytes()[at]), number + 1));
            out.push(u8::try_from((sum + number / 2) / number).unwrap());
        }
    }
    out
}

fn psnr(a: &[u8], b: &[u8]) -> f64 {
    assert_eq!(a.len(), b.len());
    let sum: f64 = a.iter().zip(b).map(|(&a, &b)| (f64::from(a) - f64::from(b)).powi(2)).sum();
    10.0 * (255.0 * 255.0 * a.len() as f64 / sum.max(1e-9)).log10()
}

#[test]
fn a_scaled_jpeg_is_the_mean_of_its_blocks() {
    for name in ["photos/2569067123_aca715a2ee_o.jpg", "photos/concert.jpg", "photos/flowers.jpeg", "oriented/Landscape_6.jpg"] {
        let Some(bytes) = corpus(name) else { continue };
        let whole = decode(&bytes, &Limits::default(), Scale::Whole);
        for scale in [Scale::Half, Scale::Quarter, Scale::Eighth] {
            let scaled = decode(&bytes, &Limits::default(), scale);
            assert_eq!(scaled.size(), scale.size(whole.size()), "{name} {scale:?}");
            let found = psnr(scaled.as_bytes(), &shrunk(&whole, usize::from(scale.divisor())));
            assert!(found > 33.0, "{name} {scale:?}: {found:.1} dB");
        }
    }
}

#[test]
fn a_decoder_that_cannot_scale_hands_out_the_whole_picture() {
    let own = |name: &str| std::fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures").join(name)).unwrap();
    let half = |name| decode(&own(name), &Limits::default(), Scale::Half).size();
    assert_eq!(half("jpeg/lossless.jpg"), Size::new(97, 61));
    // Other coding processes have smaller scales, whatever the colors.
    for name in ["jpeg/arithmetic.jpg", "jpeg/cmyk_no_adobe.jpg", "jpeg/sample_31.jpg", "jpeg/scans_cb_cr_y.jpg"] {
        assert_eq!(half(name), Size::new(49, 31), "{name}");
    }
}

#[test]
fn a_giant_grey_jpeg_is_served_at_an_eighth_where_the_limits_allow_it() {
    let Some(bytes) = corpus("hostile/giant-image.jpg") else { return };
    let refused = Source::new(bytes.as_slice(), &Limits::default()).unwrap_err();
    assert_eq!(refused.code(), "image.too_many_pixels");
    let limits = Limits { max_pixels: 400_000_000, ..Limits::default() };
    let source = Source::new(bytes.as_slice(), &limits).unwrap();
    assert_eq!(source.info().format, Format::Jpeg);
    let pixels = decode(&bytes, &limits, Scale::Eighth);
    assert_eq!((pixels.size(), pixels.channels()), (Scale::Eighth.size(source.info().stored_size), Channels::Luma));
}

#[test]
fn rows_come_in_bands_of_any_height_and_add_up_to_the_whole() {
    for name in ["photos/320x240.jpg", "photos/1.webp", "pngsuite/basn6a16.png", "pngsuite/basi2c08.png", "avif/sofa_grid1x5_420.avif"] {
        let Some(bytes) = corpus(name) else { continue };
        let source = Source::new(bytes.as_slice(), &Limits::default()).unwrap();
        let whole = decode(&bytes, &Limits::default(), Scale::Whole);
        for height in [1, 7, 64] {
            let mut found = Vec::new();
            source
                .decode(&Decode::default(), &mut |rows| {
                    let stride = rows.size().width as usize * rows.channels().count();
                    let mut band = vec![0; stride * height];
                    loop {
                        match rows.read(&mut band)? as usize {
                            0 => return Ok(()),
                            count => found.extend_from_slice(&band[..count * stride]),
                        }
                    }
                })
                .unwrap();
            assert_eq!(found, whole.as_bytes(), "{name} in bands of {height}");
        }
    }
}

/// A file of `tests/pictures`.
fn own(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pictures")).join(name)).unwrap()
}

/// A lossy WebP file of 1200x800 pixels, without alpha.
fn lossy() -> Vec<u8> {
    let samples =
        (0..1200_u32 * 800 * 3).map(|at| (at / 3 % 1200 / 5 + at / 3600 / 4 + at % 3 * 30 + at.wrapping_mul(at) % 23).to_le_bytes()[0]);
    let pixels = Pixels::new(Size::new(1200, 800), Channels::Rgb, samples.collect()).unwrap();
    crate::image::Encode::new(crate::image::EncodeFormat::WebP).to_vec(&pixels).unwrap()
}

/// The same source, with so much of `max_seconds` left for every decode.
fn hurried<'a>(source: &Source<'a>, left: Duration) -> Source<'a> {
    Source { opening: Duration::from_secs(source.limits.max_seconds.into()) - left, ..source.clone() }
}

#[test]
fn what_the_header_took_counts_against_the_deadline() {
    let limits = Limits { max_seconds: 2, ..Limits::default() };
    assert!(!limits.deadline(Duration::from_secs(1)).is_over());
    let late = limits.deadline(Duration::from_secs(3));
    std::thread::sleep(Duration::from_millis(2));
    assert_eq!(late.check(Format::Gif).unwrap_err().to_string(), "decoding the GIF file takes more than 2 s, the limit");
}

#[test]
fn a_decode_whose_time_is_up_starts_one_decoder_and_no_other() {
    let prepares = [Prepare::new().max_side(60), Prepare::new()].map(|prepare| prepare.threads(NonZeroUsize::MIN));
    let mut files: Vec<(&str, Vec<u8>)> = vec![("lossy.webp", lossy())];
    let names = ["phone.jpg", "large/progressive.jpg", "large/interlaced.png", "disc_rgba.png", "large/alpha.webp", "large/lossless.webp"];
    let more =
        ["large/animated.gif", "large/animated.png", "large/animated.webp", "large/animated.avif", "large/still.avif", "large/still.heic"];
    files.extend(names.into_iter().chain(more).chain(["large/one_strip.tif"]).map(|name| (name, own(name))));
    for (name, file) in &files {
        let source = hurried(&Source::new(&file[..], &Limits::default()).unwrap(), Duration::ZERO);
        for prepare in &prepares {
            let (outcome, decoders) = attempt::counted(|| prepare.apply(&source));
            assert_eq!(outcome.unwrap_err().code(), "image.too_slow", "{name}");
            assert_eq!(decoders, 1, "{name}");
        }
        let (outcome, decoders) = attempt::counted(|| source.frames(Frames::All, Truncated::Keep));
        assert_eq!((outcome.unwrap_err().code(), decoders), ("image.too_slow", 1), "{name}");
    }
}

#[test]
fn a_deadline_ends_a_decode_in_its_middle() {
    let files = [lossy(), own("large/interlaced.png"), own("large/alpha.webp"), own("large/animated.gif"), own("phone.jpg")];
    for (number, file) in files.iter().enumerate() {
        let source = Source::new(&file[..], &Limits::default()).unwrap();
        let timed = |source: &Source<'_>| {
            let began = Instant::now();
            let outcome = Prepare::new().max_side(200).threads(NonZeroUsize::MIN).apply(source);
            (began.elapsed(), outcome.map_err(|error| error.code()).map(drop))
        };
        // The best of several tries: others may have the processor meanwhile.
        let ended = (0..20).any(|_| {
            let (whole, outcome) = timed(&source);
            assert_eq!(outcome, Ok(()), "{number}");
            let (elapsed, outcome) = timed(&hurried(&source, whole / 4));
            outcome == Err("image.too_slow") && elapsed < whole * 6 / 10
        });
        assert!(ended, "file {number} is decoded to its end");
    }
}

#[test]
fn a_lossy_webp_that_is_cut_short_is_decoded_once() {
    let file = lossy();
    for threads in [1, 2] {
        let prepare = Prepare::new().max_side(400).threads(NonZeroUsize::new(threads).unwrap());
        let whole = prepare.apply(&Source::new(&file[..], &Limits::default()).unwrap()).unwrap();
        for length in [file.len() / 3, file.len() * 2 / 3, file.len() * 9 / 10] {
            let source = Source::new(&file[..length], &Limits::default()).unwrap();
            let (refused, decoders) = attempt::counted(|| prepare.apply(&source));
            assert_eq!((refused.unwrap_err().code(), decoders), ("image.truncated", 1), "{length} bytes");
            let (kept, decoders) = attempt::counted(|| prepare.clone().truncated(Truncated::Keep).apply(&source).unwrap());
            assert_eq!((kept.info().warnings.as_slice(), decoders), ([Warning::Truncated].as_slice(), 1), "{length} bytes");
            let (kept, whole) = (kept.pixels().as_bytes(), whole.pixels().as_bytes());
            assert_eq!(kept[..400 * 3 * 60], whole[..400 * 3 * 60], "{length} bytes");
            assert!(
                kept[kept.len() - 300..].iter().all(|sample| sample.abs_diff(128) <= 1),
                "{length} bytes: {:?}",
                &kept[kept.len() - 9..]
            );
        }
    }
}

#[test]
fn rows_below_a_crop_are_missed_where_the_file_is_cut_short() {
    let file = lossy();
    // The upper half, of a file that lacks some of the lower.
    let prepare = Prepare::new().size(400, 20).threads(NonZeroUsize::MIN);
    let cut = Source::new(&file[..file.len() * 9 / 10], &Limits::default()).unwrap();
    let (outcome, decoders) = attempt::counted(|| prepare.apply(&cut));
    assert_eq!((outcome.unwrap_err().code(), decoders), ("image.truncated", 1));
    let whole = Source::new(&file[..], &Limits::default()).unwrap();
    let (outcome, decoders) = attempt::counted(|| prepare.apply(&whole));
    assert_eq!((outcome.is_ok(), decoders), (true, 1), "a part of a whole file is decoded once");
}
