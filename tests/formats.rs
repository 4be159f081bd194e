//! Every file of the corpus, decoded: `docs/formats.md` is written from here with `COG_KIT_BLESS=1`, and held against what is found otherwise.
#![cfg(feature = "image")]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::{
    collections::BTreeMap,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use cog_kit::image::{ImageError, Limits, Source, Truncated, Warning};

const FOLDERS: [&str; 9] = ["photos", "oriented", "alpha", "colour", "animated", "avif", "heif", "pngsuite", "damaged"];
const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/formats.md");

/// Longest time for one file; code that is not optimised gets more.
const LONGEST: Duration = Duration::from_secs(if cfg!(debug_assertions) { 12 } else { 2 });
/// Most memory of the process while one file is decoded, in KiB.
const MOST_MEMORY: u64 = 1 << 20;

#[test]
fn every_file_of_the_corpus_decodes_or_is_refused_with_reason_in_time_and_memory() {
    let corpus = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus"));
    if !corpus.is_dir() {
        eprintln!("skipped: there is no corpus");
        return;
    }
    let mut table = String::from(INTRODUCTION);
    for folder in FOLDERS {
        write!(table, "\n## {folder}\n\n| file | format | upright size | pixels | bits | frames | profile | flags or error |\n").unwrap();
        table.push_str("| --- | --- | --- | --- | --- | --- | --- | --- |\n");
        for path in files(&corpus.join(folder)) {
            table.push_str(&row(&path));
        }
    }
    table.push_str("\n## hostile\n\n| file | outcome |\n| --- | --- |\n");
    for path in files(&corpus.join("hostile")) {
        writeln!(table, "| {} | {} |", name(&path), outcome(&path)).unwrap();
    }
    table.push_str("\n## hostile/fuzz\n\nWhat became of the files that fuzzers found:\n\n| outcome | files |\n| --- | --- |\n");
    let mut outcomes = BTreeMap::<_, u32>::new();
    for path in files(&corpus.join("hostile/fuzz")) {
        *outcomes.entry(outcome(&path)).or_default() += 1;
    }
    for (outcome, count) in outcomes {
        writeln!(table, "| {outcome} | {count} |").unwrap();
    }
    if std::env::var_os("COG_KIT_BLESS").is_some() {
        fs::create_dir_all(Path::new(TABLE).parent().unwrap()).unwrap();
        fs::write(TABLE, &table).unwrap();
    } else if cfg!(not(feature = "fast-jpeg")) {
        // Another decoder words the same faults in another way.
        let written = fs::read_to_string(TABLE).unwrap();
        for (written, found) in written.lines().zip(table.lines()) {
            assert_eq!(written, found, "docs/formats.md is out of date: run `make formats`");
        }
        assert_eq!(written.len(), table.len(), "docs/formats.md is out of date: run `make formats`");
    }
}

const INTRODUCTION: &str = "\
# What becomes of real files

Written by `make formats` from the pictures of public test suites; not by hand. Every file is decoded whole, truncated ones as far as they go, under the
default limits. None panics, takes longer than two seconds (in a release build) or lets the process grow beyond 1 GiB: the test that writes this page checks it.

`scripts/compare-formats.py FOLDER` shows which files of a folder cog-kit, Pillow and libvips read, and how far their pixels are apart.

## Where readers differ, and what is done here

- **Orientation** that stands in XMP, or in ImageMagick's raw profiles of PNG, counts where there is no EXIF, as in Pillow; browsers and libvips do not turn. EXIF, XMP
  and a profile in WebP count only if the header announces them.
- **PNG**: `gAMA` and `cHRM` are not applied, as in Pillow and libvips; browsers apply them. `cICP` wins over `iCCP`.
- **TIFF**: of signed samples the lowest is black and the highest white (Pillow cuts negatives off, libvips wraps them). White is 1 in samples of floats, or 255 or 65,535
  where values reach that far (Pillow: 255; libvips: linear light). L\\*a\\*b\\* has a white of D50 (libvips: D65). Chroma of old-style JPEG is interpolated (libtiff
  repeats it). Gray with ExtraSamples of 0 is opaque, as the specification and Pillow have it.
- **CMYK** without a profile is converted by plain arithmetic, as in Pillow. JPEG in CMYK holds inverted inks, with and without Adobe's marker.
- **GIF**: the canvas grows to the first frame; later frames are cut at it, as in libvips. **WebP**: the background color of an animation is ignored.
- **JPEG** that was damaged or cut off is concealed as libjpeg does; progressive images are not smoothed across blocks where scans are missing.
";

/// The files of a folder in their order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect();
    files.retain(|path| path.extension().is_none_or(|extension| extension != "md"));
    files.sort();
    files
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// A line of the table.
fn row(path: &Path) -> String {
    let name = name(path);
    match decode(path) {
        Ok((source, channels, warnings)) => {
            let info = source.info();
            // Files with faults, of which wrong checksums are passed over.
            let is_faulty = path.parent().unwrap().ends_with("pngsuite") && name.starts_with('x');
            assert!(!is_faulty || warnings.contains(&Warning::Damaged), "{name} must be refused or flagged");
            let flags: Vec<&str> = warnings.iter().map(|warning| warning.code()).collect();
            format!(
                "| {name} | {} | {} | {channels} | {} | {} | {} | {} |\n",
                info.format,
                info.size(),
                info.bit_depth,
                info.frames,
                info.profile.as_deref().unwrap_or_default(),
                flags.join(", "),
            )
        }
        Err(error) => {
            let refusable = name.starts_with('x') || !path.parent().unwrap().ends_with("pngsuite");
            assert!(refusable || name == "PngSuite.png", "{name}: {error}");
            format!("| {name} | | | | | | | {} |\n", error.to_string().replace('|', "\\|"))
        }
    }
}

/// The outcome for a hostile file in a word or two.
fn outcome(path: &Path) -> String {
    match decode(path) {
        Ok((_, _, warnings)) if warnings.is_empty() => "decoded".to_owned(),
        Ok((_, _, warnings)) => format!("decoded, {}", warnings.iter().map(|warning| warning.code()).collect::<Vec<_>>().join(", ")),
        Err(error) => error.code().to_owned(),
    }
}

/// Decodes a file within time and memory.
fn decode(path: &Path) -> Result<(Source<'static>, String, Vec<Warning>), ImageError> {
    // The system forgets the peak that was, where it can.
    let _ = fs::write("/proc/self/clear_refs", "5");
    let start = Instant::now();
    let outcome = Source::open(path, &Limits::default()).and_then(|source| {
        let decoded = source.to_pixels(Truncated::Keep)?;
        let upright = source.info().orientation.upright_size(decoded.pixels.size());
        assert_eq!(upright, source.info().size(), "{}", name(path));
        Ok((source, format!("{:?}", decoded.pixels.channels()), decoded.warnings))
    });
    assert!(start.elapsed() < LONGEST, "{} took {:?}", name(path), start.elapsed());
    let memory = peak_memory();
    assert!(memory < MOST_MEMORY, "{} took {memory} KiB", name(path));
    if let Err(ImageError::CodecPanicked { reason, .. }) = &outcome {
        panic!("{}: {reason}", name(path));
    }
    outcome
}

/// The most memory that the process had, in KiB; 0 where the system does not say.
fn peak_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
