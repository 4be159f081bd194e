//! Two fixed pipelines, one at a time and on one thread, whose instructions valgrind counts: `make bench-instructions`.
//!
//! ```text
//! instructions draw FOLDER              # writes the pictures that the pipelines read
//! instructions run PIPELINE FOLDER      # runs one; its first line says which vectors it used
//! ```
//!
//! Counts are the same from run to run where times are not, so a guard against slower code can be as narrow as a few per cent.

#[path = "../image/drawn.rs"]
mod drawn;

use std::{env, fs, num::NonZeroUsize, path::Path, process::ExitCode};

use cog_kit::image::{Encode, Limits, Prepare, Size, Source};
use drawn::{SIZE, cut_out, photo};

const JPEG: &str = "photo.jpg";
const PNG: &str = "cut-out.png";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["draw", folder] => draw(Path::new(folder)),
        ["run", "jpeg-to-1024", folder] => jpeg_to_1024(Path::new(folder)),
        ["run", "png-flattened", folder] => png_flattened(Path::new(folder)),
        // A bare `cargo bench` starts every bench, this one too.
        ["--bench"] => println!("counted by valgrind: make bench-instructions"),
        // So does `cargo test`, to see whether they run.
        [] => {
            let folder = tempfile::tempdir().unwrap();
            draw(folder.path());
            jpeg_to_1024(folder.path());
            png_flattened(folder.path());
        }
        _ => {
            eprintln!("usage: instructions draw FOLDER | run jpeg-to-1024|png-flattened FOLDER; found {arguments:?}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn draw(folder: &Path) {
    fs::write(folder.join(JPEG), Encode::jpeg(90).to_vec(&photo(SIZE)).unwrap()).unwrap();
    fs::write(folder.join(PNG), Encode::png().to_vec(&cut_out(SIZE)).unwrap()).unwrap();
}

fn jpeg_to_1024(folder: &Path) {
    run(&Prepare::new().max_side(1024), &folder.join(JPEG), Size::new(1024, 683));
}

fn png_flattened(folder: &Path) {
    run(&Prepare::new(), &folder.join(PNG), SIZE);
}

fn run(prepare: &Prepare, file: &Path, expected: Size) {
    println!("{}", vectors());
    let prepare = prepare.clone().threads(NonZeroUsize::MIN);
    let prepared = prepare.apply(&Source::open(file, &Limits::default()).unwrap()).unwrap();
    assert_eq!(prepared.size(), expected);
}

/// Which vectors the loops of cog-kit and of the resampler choose on this processor, or on the one that valgrind plays.
fn vectors() -> String {
    #[cfg(target_arch = "x86_64")]
    let own = if pulp::x86::V3::try_new().is_some() { "x86-64-v3" } else { "x86-64" };
    #[cfg(not(target_arch = "x86_64"))]
    let own = env::consts::ARCH;
    format!("{own}, resampler with {:?}", fast_image_resize::CpuExtensions::default())
}
