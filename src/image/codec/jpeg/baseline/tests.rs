use std::num::NonZeroUsize;

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::super::super::super::{Decode, Filter, Limits, Pixels, Region, Source, Truncated, Warning, shrink, source::collect};
use super::*;

const SIZE: Size = Size::new(157, 93);

/// A drawing with soft and hard edges, as a file.
fn file(sampling: SamplingFactor, restart: u16, colour: ColorType) -> Vec<u8> {
    let mut samples = Vec::new();
    for y in 0..SIZE.height {
        for x in 0..SIZE.width {
            let (x, y) = (f64::from(x), f64::from(y));
            let waves = [(x * 0.11).sin() * (y * 0.07).cos(), (x * 0.05 + y * 0.09).sin(), (y * 0.13 - x * 0.02).cos()];
            let edge = if (x - 80.0).hypot(y - 40.0) < 30.0 { 40.0 } else { 0.0 };
            let pixel = waves.map(|wave| (100.0 + 60.0 * wave + edge) as u8);
            samples.extend(&pixel[..if colour == ColorType::Luma { 1 } else { 3 }]);
        }
    }
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 90);
    encoder.set_sampling_factor(sampling);
    if restart > 0 {
        encoder.set_restart_interval(restart);
    }
    let [width, height] = [SIZE.width, SIZE.height].map(|side| side.try_into().unwrap());
    encoder.encode(&samples, width, height, colour).unwrap();
    file
}

/// What this decoder makes of a file; none if it does not take it, or if it is cut short.
fn planes(file: &[u8], scale: Scale, threads: usize, region: Region, size: Size) -> Option<Pixels> {
    decoded(file, (scale, Truncated::Refuse), threads, region, size).map(|(pixels, _)| pixels)
}

/// The same, with what it notices, where a file that is cut short may be kept.
fn decoded(
    file: &[u8],
    (scale, truncated): (Scale, Truncated),
    threads: usize,
    region: Region,
    size: Size,
) -> Option<(Pixels, Vec<Warning>)> {
    let info = Source::new(file, &Limits::default()).unwrap().info().clone();
    let task = shrink::Task { region, size, filter: Filter::Lanczos3 };
    // Small pictures are not worth a second thread, but for tests.
    let frame = frame::read(file).filter(|frame| frame.size == info.stored_size)?;
    let (transforms, layouts) = plan(&frame, scale);
    let threads = NonZeroUsize::new(threads).unwrap();
    let work = |planes: &mut dyn Planes| {
        let pixels = match task.is_copy() {
            true => shrink::copy(planes, region).map(Option::unwrap),
            false => shrink::shrink(planes, &task),
        };
        pixels.map(|pixels| (pixels, planes.warnings()))
    };
    with_planes_of(&frame, (&transforms, &layouts), truncated, threads, work).ok()
}

fn psnr(a: &[u8], b: &[u8]) -> f64 {
    assert_eq!(a.len(), b.len());
    let error: f64 = a.iter().zip(b).map(|(a, b)| f64::from(a.abs_diff(*b)).powi(2)).sum();
    10.0 * (255.0 * 255.0 * a.len() as f64 / error).log10()
}

/// The same by the decoder that comes next, in whole pixels, and by the resampler for those.
fn rows(file: &[u8], scale: Scale, region: Region, size: Size) -> Pixels {
    let source = Source::new(file, &Limits::default()).unwrap();
    let divisor = f64::from(scale.divisor());
    let region = Region::new(region.left / divisor, region.top / divisor, region.width / divisor, region.height / divisor);
    let mut found = None;
    let decode = Decode { scale, ..Decode::default() };
    source
        .decode(&decode, &mut |rows| {
            let task = super::super::super::super::resample::Task { region, size, filter: Filter::Lanczos3 };
            found = Some(super::super::super::super::resample::resample(rows, &task)?);
            Ok(())
        })
        .unwrap();
    found.unwrap()
}

const SAMPLINGS: [SamplingFactor; 4] = [SamplingFactor::F_1_1, SamplingFactor::F_2_1, SamplingFactor::F_1_2, SamplingFactor::F_2_2];

#[test]
fn other_decoders_come_to_the_same_whatever_the_sampling_the_part_and_the_scale() {
    let parts = [
        (Region::whole(SIZE), Size::new(61, 37)),
        (Region::new(33.3, 20.0, 100.7, 71.2), Size::new(40, 31)),
        (Region::new(0.0, 0.0, 30.0, 20.0), Size::new(47, 33)),
        (Region::whole(SIZE), SIZE),
        (Region::new(31.0, 20.0, 101.0, 71.0), Size::new(101, 71)),
    ];
    for sampling in SAMPLINGS {
        let file = file(sampling, 0, ColorType::Rgb);
        for (region, size) in parts {
            // Decoders differ in how they enlarge chroma: this one is nearer to libjpeg.
            let found = planes(&file, Scale::Whole, 1, region, size).unwrap();
            let agreement = psnr(found.as_bytes(), rows(&file, Scale::Whole, region, size).as_bytes());
            assert!(agreement > 37.0, "{sampling:?}, {region:?}: {agreement:.1} dB");
        }
        for scale in [Scale::Half, Scale::Quarter, Scale::Eighth] {
            let (region, size) = (Region::whole(SIZE), Size::new(15, 9));
            let found = planes(&file, scale, 1, region, size).unwrap();
            let agreement = psnr(found.as_bytes(), rows(&file, Scale::Whole, region, size).as_bytes());
            let expected = if scale == Scale::Half { 50.0 } else { 41.0 };
            assert!(agreement > expected, "{sampling:?}, {scale:?}: {agreement:.1} dB");
        }
    }
}

#[test]
fn grey_is_read_as_one_plane_whatever_its_sampling() {
    for restart in [0, 7, 20] {
        let file = file(SamplingFactor::F_2_2, restart, ColorType::Luma);
        let (region, size) = (Region::whole(SIZE), Size::new(60, 36));
        let found = planes(&file, Scale::Whole, 1, region, size).unwrap();
        let agreement = psnr(found.as_bytes(), rows(&file, Scale::Whole, region, size).as_bytes());
        assert!(agreement > 50.0, "every {restart}: {agreement:.1} dB");
    }
}

#[test]
fn any_number_of_threads_makes_the_same_pixels() {
    // 10 or 20 MCUs a row: markers behind each, at the ends of rows, and across them.
    for sampling in [SamplingFactor::F_2_2, SamplingFactor::F_1_1] {
        for restart in [0, 1, 2, 5, 10, 20, 7, 40] {
            let file = file(sampling, restart, ColorType::Rgb);
            let (region, size) = (Region::whole(SIZE), Size::new(60, 36));
            let one = planes(&file, Scale::Whole, 1, region, size).unwrap();
            for threads in [2, 3, 4, usize::MAX] {
                assert!(
                    planes(&file, Scale::Whole, threads, region, size).unwrap() == one,
                    "{sampling:?}, every {restart}, {threads} threads"
                );
            }
        }
    }
}

#[test]
fn rows_are_found_by_their_markers_where_markers_are_at_their_ends() {
    for (restart, is_found) in [(0, false), (1, true), (5, true), (10, true), (3, false), (20, false)] {
        let file = file(SamplingFactor::F_2_2, restart, ColorType::Rgb);
        let frame = frame::read(&file).unwrap();
        let found = scan::rows(&frame);
        assert_eq!(found.is_some(), is_found, "every {restart}");
        let Some(found) = found else { continue };
        assert_eq!(found.len(), frame.mcus.1);
        for (number, row) in found.iter().enumerate() {
            assert_eq!(row.markers, number * 10 / usize::from(restart));
            assert_eq!(row.end.map(|end| frame.data[end]), (number + 1 < found.len()).then_some(0xff));
        }
    }
}

#[test]
fn what_is_cut_off_is_refused_or_kept_as_asked() {
    for restart in [0, 10] {
        let file = file(SamplingFactor::F_2_2, restart, ColorType::Rgb);
        let (region, size) = (Region::whole(SIZE), SIZE);
        let start = file.len() - frame::read(&file).unwrap().data.len();
        let whole = planes(&file, Scale::Whole, 1, region, size).unwrap();
        for length in (start..file.len() - 2).step_by(97) {
            let cut = &file[..length];
            for threads in [1, 2] {
                let case = format!("{length} bytes, every {restart}, {threads} threads");
                assert!(planes(cut, Scale::Whole, threads, region, size).is_none(), "{case}");
                let (kept, warnings) = decoded(cut, (Scale::Whole, Truncated::Keep), threads, region, size).unwrap();
                assert_eq!(warnings, [Warning::Truncated], "{case}");
                let (kept, whole) = (kept.as_bytes(), whole.as_bytes());
                let same = kept.iter().zip(whole).take_while(|(kept, whole)| kept == whole).count();
                // About as much of the image is there as of the data: a fifth may be off.
                assert!(same * 5 / 4 + whole.len() / 5 > whole.len() * (length - start) / (file.len() - start), "{case}: {same} samples");
            }
        }
    }
}

#[test]
fn what_is_damaged_is_concealed_alike_on_any_number_of_threads_and_by_the_general_decoder() {
    for restart in [0, 2, 7, 10] {
        let file = file(SamplingFactor::F_2_2, restart, ColorType::Rgb);
        let (region, size) = (Region::whole(SIZE), SIZE);
        let mut noticed = 0;
        for at in (2..file.len() - 2).step_by(41) {
            let mut file = file.clone();
            file[at] ^= 0x55;
            if !Source::new(&file[..], &Limits::default()).is_ok_and(|source| source.info().stored_size == SIZE) {
                continue;
            }
            let keep = (Scale::Whole, Truncated::Keep);
            let Some(one) = decoded(&file, keep, 1, region, size) else { continue };
            let two = decoded(&file, keep, 2, region, size).unwrap();
            assert!(one == two, "byte {at}, every {restart}: {:?} and {:?}", one.1, two.1);
            let info = Source::new(&file[..], &Limits::default()).unwrap().info().clone();
            let options = Decode { truncated: Truncated::Keep, ..Decode::default() };
            let mut general = super::super::general::open(&file, &info, &options).unwrap();
            let pixels = collect(general.as_mut()).unwrap();
            assert_eq!(general.warnings(), one.1, "byte {at}, every {restart}");
            let agreement = psnr(one.0.as_bytes(), pixels.as_bytes());
            assert!(agreement > 50.0, "byte {at}, every {restart}: {agreement:.1} dB");
            noticed += usize::from(!one.1.is_empty());
        }
        assert!(noticed > 0, "every {restart}");
    }
}

#[test]
fn files_of_other_kinds_are_left_to_others() {
    let taken = file(SamplingFactor::F_2_2, 0, ColorType::Rgb);
    assert!(frame::read(&taken).is_some());
    let changed = |find: &[u8], to: &[u8]| {
        let at = taken.windows(find.len()).position(|window| window == find).unwrap();
        let mut file = taken.clone();
        file[at..at + to.len()].copy_from_slice(to);
        frame::read(&file).is_some()
    };
    assert!(frame::read(&file(SamplingFactor::F_4_1, 0, ColorType::Rgb)).is_none(), "a scan for each component");
    assert!(!changed(b"\xff\xc0", b"\xff\xc2"), "progressive");
    assert!(!changed(b"\xff\xc0\x00\x11\x08", b"\xff\xc0\x00\x11\x0c"), "12 bits");
    assert!(!changed(b"\x00\x3f\x00", b"\x01\x3f\x00"), "a scan without means");
    assert!(!changed(b"\xff\xdb\x00\x43\x00", b"\xff\xdb\x00\x43\x10"), "steps of 16 bits");
    let mut cut = taken.clone();
    cut.truncate(300);
    assert!(frame::read(&cut).is_none());
}
