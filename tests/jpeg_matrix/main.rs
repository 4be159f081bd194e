//! JPEG files of every kind that is coded by Huffman codes, written here: sampling factors, scans, restart intervals, components.
#![cfg(feature = "image")]
#![allow(
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a test that cannot go on should stop"
)]

mod lossless;
mod writer;

use std::{
    sync::LazyLock,
    time::{Duration, Instant},
};

use cog_kit::image::{ImageError, Limits, Pixels, Prepare, Source, Truncated, Warning};
use writer::{Form, Image, write};

const SIZE: (usize, usize) = (83, 61);

/// Smooth waves, others in each component.
fn value(component: usize, x: f64, y: f64) -> f64 {
    let (x, y) = (x / SIZE.0 as f64, y / SIZE.1 as f64);
    match component {
        0 => 128.0 + 60.0 * (x * 3.0).sin() * (y * 2.0 + 0.5).cos(),
        1 => 120.0 + 40.0 * (x * 2.0 + y * 3.0).sin(),
        2 => 136.0 + 40.0 * (y * 4.0 - x).cos(),
        _ => 90.0 + 60.0 * x,
    }
}

fn pixels(file: &[u8]) -> Result<(Pixels, Vec<Warning>), ImageError> {
    let stored = Source::new(file, &Limits::default())?.to_pixels(Truncated::Refuse)?;
    Ok((stored.pixels, stored.warnings))
}

/// The pixels of a file in which nothing is wrong.
fn intact(file: &[u8], what: &str) -> Pixels {
    let (pixels, warnings) = pixels(file).unwrap_or_else(|error| panic!("{what}: {error}"));
    assert!(warnings.is_empty(), "{what}: {warnings:?}");
    pixels
}

/// Whether two decoders' pixels are the same; one in C may round in another way.
fn alike(a: &Pixels, b: &Pixels) -> bool {
    if !cfg!(feature = "fast-jpeg") {
        return a == b;
    }
    let error: f64 = a.as_bytes().iter().zip(b.as_bytes()).map(|(a, b)| f64::from(a.abs_diff(*b)).powi(2)).sum();
    a.size() == b.size() && a.channels() == b.channels() && error / (a.as_bytes().len() as f64) < 255.0 * 255.0 / 10_f64.powf(4.5)
}

/// How far the pixels are from the waves that they were made of, in decibels.
fn fidelity(pixels: &Pixels) -> f64 {
    let count = pixels.channels().count();
    let mut error = 0.0;
    for (at, pixel) in pixels.as_bytes().chunks(count).enumerate() {
        let (x, y) = ((at % SIZE.0) as f64, (at / SIZE.0) as f64);
        let [luma, blue, red] = [0, 1, 2].map(|component| value(component, x, y));
        let (blue, red) = (blue - 128.0, red - 128.0);
        let expected = match count {
            1 => vec![luma],
            _ => vec![luma + 1.402 * red, luma - 0.344_136 * blue - 0.714_136 * red, luma + 1.772 * blue],
        };
        error += pixel.iter().zip(expected).map(|(&found, expected)| (f64::from(found) - expected.clamp(0.0, 255.0)).powi(2)).sum::<f64>();
    }
    10.0 * (255.0 * 255.0 * pixels.as_bytes().len() as f64 / error).log10()
}

type Sampling = (usize, usize);

/// Every sampling of three components; not all of them can be interleaved.
fn samplings() -> Vec<[Sampling; 3]> {
    let factors: Vec<Sampling> = (1..=4).flat_map(|across| (1..=4).map(move |down| (across, down))).collect();
    let mut found = Vec::new();
    for &luma in &factors {
        for &blue in &factors {
            // The other chroma is as large as this one, as luma, or of a size of its own.
            for red in [blue, luma, (1, 1), (4, 2)] {
                found.push([luma, blue, red]);
            }
        }
    }
    found.dedup();
    found
}

/// The files of each image, and what they are.
type Files = Vec<(String, Vec<(String, Vec<u8>)>)>;

/// Every file of the matrix.
static FILES: LazyLock<Files> = LazyLock::new(files);

fn files() -> Files {
    let mut found = Vec::new();
    for samplings in samplings() {
        let image = Image::new(SIZE, &samplings, value);
        let mut forms =
            vec![("cb, cr, y", Form::new(&[&[1], &[2], &[0]])), ("y+cb, cr, restarts", Form::new(&[&[0, 1], &[2]]).restarting(5))];
        if image.units(&[0, 1, 2]) <= 10 {
            forms.push(("interleaved", Form::new(&[&[0, 1, 2]])));
            forms.push(("interleaved, restarts", Form::new(&[&[0, 1, 2]]).restarting(1)));
            forms.push(("progressive, restarts", Form::new(&[&[0, 1, 2]]).restarting(3).progressive()));
        }
        if image.units(&[0, 1]) > 10 {
            forms.remove(1);
        }
        forms.push(("progressive, cr, y, cb", Form::new(&[&[2], &[0], &[1]]).progressive()));
        found.push((format!("{samplings:?}"), forms.into_iter().map(|(name, form)| (name.to_owned(), write(&image, &form))).collect()));
    }
    for sampling in [(1, 1), (2, 2), (1, 2), (4, 3)] {
        // Factors that have no meaning for a single component.
        let mut gray = Image::new(SIZE, &[(1, 1)], value);
        gray.components[0].sampling = sampling;
        let forms = [Form::new(&[&[0]]), Form::new(&[&[0]]).restarting(4), Form::new(&[&[0]]).progressive().restarting(2)];
        found.push((format!("gray {sampling:?}"), forms.iter().map(|form| (format!("{form:?}"), write(&gray, form))).collect()));
    }
    found
}

#[test]
fn every_sampling_and_scan_structure_shows_the_same_image() {
    let mut count = 0;
    for (name, files) in FILES.iter() {
        let mut first: Option<Pixels> = None;
        for (form, file) in files {
            let what = format!("{name}, {form}");
            let pixels = intact(file, &what);
            // Samples that are shared by more pixels, or by a fraction of pixels, are replicated.
            let expected = if name.contains('3') || name.contains('4') { 27.0 } else { 33.0 };
            assert!(fidelity(&pixels) > expected, "{what}: {:.1} dB", fidelity(&pixels));
            assert!(alike(first.get_or_insert_with(|| pixels.clone()), &pixels), "{what}: others have the same coefficients");
            count += 1;
        }
    }
    assert!(count > 2000, "{count}");
    println!("{count} files");
}

#[test]
fn preparing_shows_the_same_image_whatever_the_scans() {
    for samplings in
        [[(2, 2), (1, 1), (1, 1)], [(1, 1), (1, 1), (1, 1)], [(2, 1), (1, 1), (1, 1)], [(4, 1), (1, 1), (2, 1)], [(1, 2), (2, 1), (1, 1)]]
    {
        let image = Image::new(SIZE, &samplings, value);
        let interleaved = Form::new(&[&[0, 1, 2]]);
        let forms = [interleaved.clone(), interleaved.progressive(), Form::new(&[&[2], &[1], &[0]])];
        for prepare in [Prepare::new(), Prepare::new().max_side(50), Prepare::new().max_side(13)] {
            let prepared = forms.iter().map(|form| prepare.apply(&Source::new(write(&image, form), &Limits::default()).unwrap()).unwrap());
            let prepared: Vec<Pixels> = prepared.map(|prepared| prepared.pixels().clone()).collect();
            assert!(prepared.iter().all(|pixels| alike(pixels, &prepared[0])), "{samplings:?}, {prepare:?}");
        }
    }
}

/// The `JFIF` and `Adobe` segments.
const JFIF: &[u8] = b"\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0";
const fn adobe(transform: u8) -> [u8; 16] {
    [0xff, 0xee, 0, 14, b'A', b'd', b'o', b'b', b'e', 0, 100, 0, 0, 0, 0, transform]
}

/// Files of one color in each component, and the mean of their pixels.
fn flat(values: &[f64], ids: Option<&[u8]>, marks: &[u8], scans: &[&[usize]]) -> Vec<u8> {
    let mut image = Image::new(SIZE, &vec![(1, 1); values.len()], |component, _, _| values[component]);
    for (component, &id) in image.components.iter_mut().zip(ids.unwrap_or_default()) {
        component.id = id;
    }
    let file = write(&image, &Form::new(scans).marked(marks));
    pixels(&file).unwrap().0.as_bytes()[..3].to_vec()
}

fn near(found: &[u8], expected: [u8; 3]) -> bool {
    found.iter().zip(expected).all(|(&found, expected)| found.abs_diff(expected) <= 3)
}

#[test]
fn components_are_luma_and_chroma_or_red_green_and_blue_as_libjpeg_decides() {
    let red = [0x52, 0x47, 0x42];
    let all: &[&[usize]] = &[&[0, 1, 2]];
    let rgb = [200, 60, 90];
    let values = [200.0, 60.0, 90.0];
    let ycc_of = |y: f64, cb: f64, cr: f64| {
        [y + 1.402 * (cr - 128.0), y - 0.344_136 * (cb - 128.0) - 0.714_136 * (cr - 128.0), y + 1.772 * (cb - 128.0)]
            .map(|v| v.round().clamp(0.0, 255.0) as u8)
    };
    let shown = ycc_of(200.0, 60.0, 90.0);
    for (ids, marks, expected) in [
        (None, JFIF, shown),
        (None, &[][..], shown),
        (None, &adobe(1)[..], shown),
        (None, &adobe(0)[..], rgb),
        (Some(&red[..]), &[][..], rgb),
        (Some(&red[..]), JFIF, shown),
        (Some(&red[..]), &adobe(1)[..], shown),
        (Some(&[0, 1, 2][..]), &[][..], shown),
        (Some(&[b'r', b'g', b'b'][..]), &[][..], shown),
    ] {
        for scans in [all, &[&[0], &[1], &[2]]] {
            let found = flat(&values, ids, marks, scans);
            assert!(near(&found, expected), "{ids:?}, {marks:?}: {found:?}, expected {expected:?}");
        }
    }
}

#[test]
fn four_components_are_inverted_inks_with_adobes_marker_and_without() {
    let all: &[&[usize]] = &[&[0, 1, 2, 3]];
    let values = [220.0, 40.0, 40.0, 255.0];
    for marks in [&[][..], &adobe(0)[..]] {
        for scans in [all, &[&[3], &[1], &[0], &[2]]] {
            let found = flat(&values, None, marks, scans);
            assert!(near(&found, [220, 40, 40]), "{marks:?}: {found:?}");
        }
    }
    // YCCK: Y, Cb and Cr stand for what is left of the inks that are left of white.
    let [y, cb, cr] = ycc([220.0, 40.0, 40.0].map(|ink| 255.0 - ink));
    let found = flat(&[y, cb, cr, 255.0], None, &adobe(2), all);
    assert!(near(&found, [220, 40, 40]), "{found:?}");
}

/// Y, Cb and Cr of a color.
fn ycc([red, green, blue]: [f64; 3]) -> [f64; 3] {
    let luma = 0.299 * red + 0.587 * green + 0.114 * blue;
    [luma, 128.0 + (blue - luma) / 1.772, 128.0 + (red - luma) / 1.402]
}

/// The same file as the only strip of a TIFF file.
fn in_tiff(file: &[u8], components: u16) -> Vec<u8> {
    let photometric = if components == 3 { 6 } else { 1 };
    let mut entries: Vec<(u16, u16, u32, u32)> = vec![
        (256, 4, 1, SIZE.0 as u32),
        (257, 4, 1, SIZE.1 as u32),
        (258, 3, 1, 8),
        (259, 3, 1, 7),
        (262, 3, 1, photometric),
        (273, 4, 1, 0),
        (277, 3, 1, u32::from(components)),
        (278, 4, 1, SIZE.1 as u32),
        (279, 4, 1, file.len() as u32),
    ];
    let start = 8 + 2 + entries.len() as u32 * 12 + 4;
    let bits = start + file.len() as u32;
    entries[5].3 = start;
    if components == 3 {
        entries[2] = (258, 3, 3, bits);
    }
    let mut tiff = b"II*\0\x08\0\0\0".to_vec();
    tiff.extend((entries.len() as u16).to_le_bytes());
    for (tag, kind, count, value) in entries {
        tiff.extend([tag.to_le_bytes(), kind.to_le_bytes()].as_flattened());
        tiff.extend([count.to_le_bytes(), value.to_le_bytes()].as_flattened());
    }
    tiff.extend([0; 4]);
    tiff.extend(file);
    tiff.extend([8, 0, 8, 0, 8, 0]);
    tiff
}

#[test]
fn every_file_is_the_same_inside_of_tiff() {
    let mut count = 0;
    for (name, files) in FILES.iter().step_by(5) {
        for (form, file) in files {
            let components = if name.starts_with("gray") { 1 } else { 3 };
            let (alone, inside) = (intact(file, name), intact(&in_tiff(file, components), &format!("{name}, {form}, in TIFF")));
            // TIFF has coefficients and levels of its own for luma and chroma, which round in another way.
            let is_near = alone.as_bytes().iter().zip(inside.as_bytes()).all(|(a, b)| a.abs_diff(*b) <= 1);
            assert!(alone.size() == inside.size() && (is_near || alike(&alone, &inside)), "{name}, {form}");
            count += 1;
        }
    }
    assert!(count > 200, "{count}");
}

#[test]
fn a_cut_file_shows_what_is_there_and_costs_no_more_than_the_whole() {
    let image = Image::new(SIZE, &[(2, 2), (1, 1), (1, 1)], value);
    for form in [
        Form::new(&[&[0, 1, 2]]),
        Form::new(&[&[0], &[1], &[2]]),
        Form::new(&[&[0, 1, 2]]).restarting(2),
        Form::new(&[&[0, 1, 2]]).progressive(),
    ] {
        let file = write(&image, &form);
        let whole = intact(&file, "whole");
        let cut = &file[..file.len() * 2 / 3];
        assert!(matches!(pixels(cut), Err(ImageError::Truncated { .. })), "{form:?}");
        let source = Source::new(cut, &Limits::default()).unwrap();
        let kept = source.to_pixels(Truncated::Keep).unwrap();
        assert_eq!(kept.warnings, [Warning::Truncated], "{form:?}");
        if form.scans.len() == 1 && !form.is_progressive {
            let rows = SIZE.0 * 3 * 15;
            assert_eq!(kept.pixels.as_bytes()[..rows], whole.as_bytes()[..rows], "{form:?}");
        }
        for prepare in [Prepare::new(), Prepare::new().max_side(40)] {
            assert!(matches!(prepare.apply(&source), Err(ImageError::Truncated { .. })), "{form:?}");
            let kept = prepare.truncated(Truncated::Keep).apply(&source).unwrap();
            assert_eq!(kept.info().warnings, [Warning::Truncated], "{form:?}");
        }
    }
}

#[test]
fn damaged_and_cut_files_are_refused_or_flagged_in_time() {
    let mut seed = 7_u64;
    let mut random = |most: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % most
    };
    let start = Instant::now();
    let (mut refused, mut flagged, mut silent) = (0, 0, 0);
    for (name, files) in FILES.iter().step_by(29) {
        for (form, file) in files {
            for _ in 0..60 {
                let mut file = file.clone();
                match random(4) {
                    0 => file.truncate(2 + random(file.len() - 2)),
                    1 => drop(file.drain(random(file.len() - 40)..).take(random(30)).count()),
                    _ => (0..=random(4)).for_each(|_| {
                        let at = 2 + random(file.len() - 2);
                        file[at] = random(256) as u8;
                    }),
                }
                let before = Instant::now();
                for truncated in [Truncated::Refuse, Truncated::Keep] {
                    let outcome = Source::new(&file[..], &Limits::default()).and_then(|source| source.to_pixels(truncated));
                    match outcome {
                        Err(ImageError::CodecPanicked { reason, .. }) => panic!("{name}, {form}: {reason}"),
                        Err(_) => refused += 1,
                        Ok(stored) if stored.warnings.is_empty() => silent += 1,
                        Ok(_) => flagged += 1,
                    }
                }
                assert!(before.elapsed() < Duration::from_secs(5), "{name}, {form}: {:?}", before.elapsed());
            }
        }
    }
    println!("{refused} refused, {flagged} flagged, {silent} neither, in {:?}", start.elapsed());
    assert!(refused > 1000 && flagged > 1000);
}

#[test]
fn the_height_may_stand_in_a_dnl_segment_behind_the_first_scan() {
    let image = Image::new(SIZE, &[(2, 2), (1, 1), (1, 1)], value);
    for form in [Form::new(&[&[0, 1, 2]]), Form::new(&[&[0], &[1], &[2]]).restarting(3), Form::new(&[&[0, 1, 2]]).progressive()] {
        let whole = write(&image, &form);
        let mut file = whole.clone();
        let frame = file.windows(2).position(|pair| matches!(pair, [0xff, 0xc0 | 0xc2])).unwrap();
        file[frame + 5..frame + 7].fill(0);
        let scan = file.windows(2).position(|pair| pair == b"\xff\xda").unwrap();
        let data = scan + 2 + usize::from(file[scan + 3]);
        let end = data + file[data..].windows(2).position(|pair| matches!(pair, [0xff, 0xc4 | 0xd9..=0xdd])).unwrap();
        assert!(Source::new(&file[..], &Limits::default()).unwrap_err().to_string().contains("DNL"), "{form:?}");
        file.splice(end..end, [0xff, 0xdc, 0, 4, 0, SIZE.1 as u8]);
        assert!(alike(&intact(&file, "with DNL"), &intact(&whole, "without")), "{form:?}");
        let prepared = Prepare::new().max_side(40).apply(&Source::new(file, &Limits::default()).unwrap()).unwrap();
        assert!(prepared.pixels() == Prepare::new().max_side(40).apply(&Source::new(whole, &Limits::default()).unwrap()).unwrap().pixels());
    }
}

#[test]
fn decoding_is_stopped_when_it_takes_too_long_whatever_decodes() {
    // The waves of the small image, on a larger one.
    let image = Image::new((1200, 900), &[(2, 2), (1, 1), (1, 1)], |component, x, y| value(component, x / 14.0, y / 14.0));
    for form in [Form::new(&[&[0, 1, 2]]), Form::new(&[&[0], &[1], &[2]]), Form::new(&[&[0, 1, 2]]).progressive()] {
        let limits = Limits { max_seconds: 0, ..Limits::default() };
        let source = Source::new(write(&image, &form), &limits).unwrap();
        let outcomes = [source.to_pixels(Truncated::Refuse).err(), Prepare::new().max_side(300).apply(&source).err()];
        for error in outcomes {
            assert_eq!(error.map(|error| error.code()), Some("image.too_slow"), "{form:?}");
        }
    }
}

#[test]
#[ignore = "writes the matrix into a folder, for other decoders to read"]
fn write_the_matrix() {
    let folder = std::path::PathBuf::from(std::env::var("COG_KIT_MATRIX").unwrap());
    for (name, files) in FILES.iter() {
        for (form, file) in files {
            let name: String =
                format!("{name} {form}").chars().filter(|letter| letter.is_alphanumeric() || *letter == ' ').take(60).collect();
            std::fs::write(folder.join(format!("{}.jpg", name.replace(' ', "_"))), file).unwrap();
        }
    }
}
