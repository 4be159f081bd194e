//! What `max_memory` is held against, beside what the process really takes: format by format, and in every way to decode.
#![cfg(all(feature = "image", target_os = "linux"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use cog_kit::image::{Alpha, Encode, EncodeFormat, Fit, Frames, ImageError, Limits, Prepare, Source, Truncated};

/// The file that a process of its own decodes, and the way in which it does.
const FILE: &str = "COG_KIT_MEASURED_FILE";
const WAY: &str = "COG_KIT_MEASURED_WAY";

/// By how much more may be reckoned than is taken; and what is reckoned for every picture, however little it takes.
const MOST: u64 = 3;
const ANY: u64 = 5 << 20;

/// The ways to decode a picture.
const WAYS: [&str; 6] = ["small", "whole", "padded", "pixels", "frames", "small frames"];

fn decode(source: &Source<'_>, way: &str) -> Result<(), ImageError> {
    let small = Prepare::new().max_side(600);
    match way {
        "small" => small.apply(source).map(drop),
        "whole" => Prepare::new().apply(source).map(drop),
        "padded" => Prepare::new().size(1600, 1600).fit(Fit::Contain).alpha(Alpha::Split).apply(source).map(drop),
        "pixels" => source.to_pixels(Truncated::Refuse).map(drop),
        "frames" => source.frames(Frames::All, Truncated::Refuse).map(drop),
        "small frames" => small.apply_frames(source, Frames::All).map(drop),
        other => panic!("{other}"),
    }
}

/// Large pictures in every format: smooth, so that their files are small, and those that are easily made here.
fn files() -> Vec<PathBuf> {
    let own = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pictures/large"));
    let mut files: Vec<PathBuf> = fs::read_dir(own).unwrap().map(|entry| entry.unwrap().path()).collect();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("memory");
    fs::create_dir_all(&folder).unwrap();
    let mut add = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        fs::write(&path, bytes).unwrap();
        files.push(path);
    };
    let pixels = Source::open(own.join("interlaced.png"), &Limits::default()).unwrap().to_pixels(Truncated::Refuse).unwrap().pixels;
    for (format, name) in [(EncodeFormat::Jpeg, "baseline.jpg"), (EncodeFormat::Png, "plain.png"), (EncodeFormat::WebP, "lossy.webp")] {
        add(name, &Encode::new(format).to_vec(&pixels).unwrap());
    }
    for (name, compression, data) in [("plain.bmp", 0, vec![77; 2400 * 1600]), ("runs.bmp", 1, [240, 77].repeat(10 * 1600))] {
        let header = [1078 + data.len(), 0, 1078, 40, 2400, 1600, 1 | 8 << 16, compression, 0, 0, 0, 256, 0];
        let header = header.iter().flat_map(|&number| u32::try_from(number).unwrap().to_le_bytes());
        // In runs, each row is ended by two zeros.
        let data: Vec<u8> = match compression {
            1 => data.chunks(20).flat_map(|row| [row, &[0, 0]].concat()).collect(),
            _ => data,
        };
        add(name, &[b"BM".to_vec(), header.collect(), vec![128; 1024], data].concat());
    }
    let png = fs::read(own.join("interlaced.png")).unwrap();
    let entry =
        [&[0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 32, 0][..], &u32::try_from(png.len()).unwrap().to_le_bytes(), &[22, 0, 0, 0]].concat();
    add("interlaced.ico", &[entry, png].concat());
    files.sort();
    files
}

/// A line of `/proc/self/status`, in bytes.
fn status(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() << 10
}

#[test]
#[ignore = "run by the test below, in a process of its own"]
fn decode_one_file_and_say_what_it_took() {
    let source = Source::open(env::var(FILE).unwrap(), &Limits::default()).unwrap();
    let before = status("VmRSS");
    decode(&source, &env::var(WAY).unwrap()).unwrap();
    println!("taken: {}", status("VmHWM").saturating_sub(before));
}

fn taken(path: &Path, way: &str) -> u64 {
    let outcome = Command::new(env::current_exe().unwrap())
        .args(["--exact", "--ignored", "--nocapture", "decode_one_file_and_say_what_it_took"])
        .env(FILE, path)
        .env(WAY, way)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&outcome.stdout);
    let taken = said.lines().find_map(|line| line.split_once("taken: "));
    taken.unwrap_or_else(|| panic!("{}, {way}: {said}{}", path.display(), String::from_utf8_lossy(&outcome.stderr))).1.parse().unwrap()
}

#[test]
fn memory_is_reckoned_from_the_header_as_more_than_is_taken_and_not_much_more() {
    let mut wrong = Vec::new();
    for path in files() {
        let open = |max_memory| Source::open(&path, &Limits { max_memory, ..Limits::default() }).unwrap();
        for way in WAYS.into_iter().filter(|way| !way.ends_with("frames") || open(1).info().frames > 1) {
            let taken = taken(&path, way);
            let found = match decode(&open(taken.saturating_sub(1)), way) {
                Err(ImageError::TooMuchMemory { found, .. }) => Some(found),
                _ => None,
            };
            let megabytes = |bytes: u64| bytes as f64 / 1e6;
            let line = format!(
                "{:>16} {way:>12}: taken {:5.1} MB, reckoned at most {:5.1} MB",
                path.file_name().unwrap().display(),
                megabytes(taken),
                megabytes(found.unwrap_or(0)),
            );
            println!("{line}");
            // What is named may be what rows take, where planes do with less.
            let most = taken * MOST + ANY;
            if found.is_none_or(|found| found < taken || (found > most && decode(&open(most), way).is_err())) {
                wrong.push(line);
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_picture_that_takes_too_much_is_refused_before_it_is_decoded() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pictures/large/progressive.jpg");
    let open = |max_memory| Source::open(path, &Limits { max_memory, ..Limits::default() }).unwrap();
    let refused = Prepare::new().max_side(600).apply(&open(10_000_000)).unwrap_err();
    assert_eq!(refused.code(), "image.too_much_memory");
    let text = refused.to_string();
    assert!(text.starts_with("decoding the JPEG file may take ") && text.ends_with(" bytes of memory, the limit is 10000000"), "{text}");
    let ImageError::TooMuchMemory { found, .. } = refused else { panic!("{refused}") };
    assert!(Prepare::new().max_side(600).apply(&open(found)).is_ok(), "what was reckoned is enough");
    assert!(Prepare::new().max_side(600).apply(&open(found - 1)).is_err());
}
