//! Pictures of six megapixels, from bytes to pixels and back: whole pipelines, and the steps that the public API shows alone.
//!
//! ```text
//! cargo bench --no-default-features --features image --bench image            # everything
//! cargo bench --no-default-features --features image --bench image -- decode  # what has this in its name
//! ```
//!
//! `elem/s` are pixels per second of the picture that goes in. `--features fast-jpeg` measures the C library instead, where it is used.

mod drawn;
mod files;

use std::{hint::black_box, num::NonZeroUsize, time::Duration};

use cog_kit::image::{
    Alpha, Channels, Encode, Filter, Layout, Limits, Mask, MaskChannel, Normalize, Orientation, Pixels, Prepare, Quality, Size, Snap,
    Source, Truncated,
};
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main, measurement::WallTime};
use drawn::SIZE;
use files::Files;

type Group<'a> = BenchmarkGroup<'a, WallTime>;

fn source(file: &[u8]) -> Source<'_> {
    Source::new(file, &Limits::default()).unwrap()
}

fn samples(pixels: &Pixels) -> Source<'_> {
    Source::from_samples(pixels.as_bytes(), pixels.size(), pixels.channels()).unwrap()
}

/// On one thread, so that steps are not hidden behind each other.
fn single() -> Prepare {
    Prepare::new().threads(NonZeroUsize::MIN)
}

fn decode(group: &mut Group<'_>, files: &Files) {
    let cases = [
        ("jpeg", &files.jpeg),
        ("progressive jpeg", &files.progressive_jpeg),
        ("png", &files.png),
        ("png with alpha", &files.png_rgba),
        ("webp", &files.webp),
        ("lossless webp", &files.lossless_webp),
        ("gif", &files.gif),
    ];
    for (name, file) in cases {
        group.bench_function(name, |bencher| {
            bencher.iter(|| source(black_box(file)).to_pixels(Truncated::Refuse).unwrap());
        });
    }
}

fn prepare(group: &mut Group<'_>, files: &Files) {
    let cases = [
        ("jpeg to a half", &files.jpeg, 1500),
        ("jpeg to a quarter", &files.jpeg, 750),
        ("jpeg to 1024", &files.jpeg, 1024),
        ("progressive jpeg to 1024", &files.progressive_jpeg, 1024),
        ("png to 1024", &files.png, 1024),
        ("png with alpha to 1024", &files.png_rgba, 1024),
        ("webp to 1024", &files.webp, 1024),
        ("lossless webp to 1024", &files.lossless_webp, 1024),
        ("gif to 1024", &files.gif, 1024),
    ];
    for (name, file, max_side) in cases {
        for (threads, count) in [("one thread", NonZeroUsize::MIN), ("two threads", NonZeroUsize::MIN.saturating_add(1))] {
            let prepare = Prepare::new().max_side(max_side).threads(count);
            let prepared = prepare.apply(&source(file)).unwrap();
            assert_eq!(prepared.size(), Size::new(max_side, (max_side * 2).div_ceil(3)), "{name}");
            group.bench_function(format!("{name}, {threads}"), |bencher| {
                bencher.iter(|| prepare.apply(&source(black_box(file))).unwrap());
            });
        }
    }
    for quality in [Quality::Fast, Quality::High, Quality::Exact] {
        let prepare = single().max_side(1024).quality(quality);
        group.bench_function(format!("jpeg to 1024, {quality:?} quality"), |bencher| {
            bencher.iter(|| prepare.apply(&source(black_box(&files.jpeg))).unwrap());
        });
    }
}

/// One step at a time, on samples that need no decoder.
fn steps(group: &mut Group<'_>, files: &Files) {
    let (rgb, rgba) = (samples(&files.rgb), samples(&files.rgba));
    let turned = rgb.clone().with_orientation(Orientation::Rotate90);
    let mirrored = rgb.clone().with_orientation(Orientation::FlipHorizontal);
    let small = single().max_side(1024);
    let cases = [
        ("pixels as they are", &rgb, single()),
        ("resample to 1024, lanczos3", &rgb, small.clone()),
        ("resample to 1024, bilinear", &rgb, small.clone().filter(Filter::Bilinear)),
        ("resample to 1024, box", &rgb, small.clone().filter(Filter::Box)),
        ("resample to 1024, alpha kept", &rgba, small.clone().alpha(Alpha::Keep)),
        ("flatten", &rgba, single()),
        ("split alpha off", &rgba, single().alpha(Alpha::Split)),
        ("turn by a quarter", &turned, single()),
        ("mirror", &mirrored, single()),
        ("resample to 1024, then turn by a quarter", &turned, small.clone()),
        ("snap to 64, crop", &rgb, single().multiple_of(64)),
        ("snap to 64, pad", &rgb, single().multiple_of(64).snap(Snap::Pad)),
        ("snap to 64, nearest", &rgb, single().multiple_of(64).snap(Snap::Nearest)),
    ];
    for (name, source, prepare) in cases {
        group.bench_function(name, |bencher| bencher.iter(|| prepare.apply(black_box(source)).unwrap()));
    }
}

/// Pictures that come out as they went in.
fn unchanged(group: &mut Group<'_>, files: &Files) {
    let size = files.small_rgb.size();
    let prepare = Prepare::new().max_side(512).multiple_of(2);
    let bare = samples(&files.small_rgb);
    assert_eq!(prepare.apply(&bare).unwrap().pixels(), &files.small_rgb);
    group.throughput(Throughput::Elements(size.pixels()));
    group.bench_function("pixels of 512 × 342", |bencher| bencher.iter(|| prepare.apply(black_box(&bare)).unwrap()));
    group.bench_function("jpeg of 512 × 342", |bencher| {
        bencher.iter(|| prepare.apply(&source(black_box(&files.small_jpeg))).unwrap());
    });
    group.throughput(Throughput::Elements(1));
    group.bench_function("header of a jpeg", |bencher| bencher.iter(|| source(black_box(&files.small_jpeg))));
}

/// What models give out: pictures of 1024 × 683.
fn encode(group: &mut Group<'_>, files: &Files) {
    let small = single().max_side(1024);
    let rgb = small.apply(&samples(&files.rgb)).unwrap().into_pixels();
    let rgba = small.alpha(Alpha::Keep).apply(&samples(&files.rgba)).unwrap().into_pixels();
    assert_eq!(rgba.channels(), Channels::Rgba);
    group.throughput(Throughput::Elements(rgb.size().pixels()));
    let cases = [("webp", Encode::webp(80)), ("jpg", Encode::jpeg(90)), ("png", Encode::png())];
    for (name, encode) in cases {
        group.bench_function(name, |bencher| bencher.iter(|| encode.to_vec(black_box(&rgb)).unwrap()));
        group.bench_function(format!("{name} of rgba"), |bencher| bencher.iter(|| encode.to_vec(black_box(&rgba)).unwrap()));
    }
}

/// A mask laid on a prepared picture, and results taken back to the original.
fn there_and_back(group: &mut Group<'_>, files: &Files) {
    let picture = single().max_side(1024).multiple_of(8).apply(&samples(&files.rgb)).unwrap();
    let drawn = samples(&files.rgba);
    let mask = Mask::new().channel(MaskChannel::Alpha);
    let small_mask = mask.apply(&drawn, &picture).unwrap();
    let restore = picture.restore();
    assert_eq!((small_mask.size(), restore.size()), (picture.size(), SIZE));
    group.bench_function("mask onto a picture", |bencher| bencher.iter(|| mask.apply(black_box(&drawn), &picture).unwrap()));
    group.bench_function("restore a mask", |bencher| bencher.iter(|| restore.mask(black_box(&small_mask)).unwrap()));
    group.bench_function("restore a picture", |bencher| bencher.iter(|| restore.picture(black_box(picture.pixels())).unwrap()));
    group.throughput(Throughput::Elements(picture.size().pixels()));
    let signed = picture.pixels().to_tensor(Layout::Chw, Normalize::SIGNED).unwrap();
    group.bench_function("pixels to a tensor", |bencher| {
        bencher.iter(|| black_box(picture.pixels()).to_tensor(Layout::Chw, Normalize::IMAGENET).unwrap());
    });
    group.bench_function("tensor to pixels", |bencher| bencher.iter(|| black_box(&signed).to_pixels(Normalize::SIGNED).unwrap()));
}

fn all(criterion: &mut Criterion) {
    let files = Files::new();
    type Benches = fn(&mut Group<'_>, &Files);
    let groups: [(&str, Benches); 6] = [
        ("decode", decode),
        ("prepare", prepare),
        ("steps", steps),
        ("unchanged", unchanged),
        ("encode", encode),
        ("there and back", there_and_back),
    ];
    for (name, benches) in groups {
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Elements(SIZE.pixels()));
        benches(&mut group, &files);
        group.finish();
    }
}

/// Each bench takes milliseconds, not nanoseconds: fewer samples say enough.
fn configured() -> Criterion {
    Criterion::default().sample_size(20).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2))
}

criterion_group!(name = benches; config = configured(); targets = all);
criterion_main!(benches);
