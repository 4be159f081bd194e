use super::*;
use crate::image::{Channels, Format};

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
