//! Memory stays flat however many images are decoded, in every format, still and animated, whole and damaged.
#![cfg(all(feature = "image", target_os = "linux"))]
#![allow(unsafe_code, reason = "counts what is allocated")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod animations;

use std::{
    alloc::{GlobalAlloc, Layout, System},
    fs,
    num::NonZeroUsize,
    sync::atomic::{AtomicI64, Ordering},
    time::{Duration, Instant},
};

use animations::{Dispose, Frame, gif, png, webp};
use cog_kit::image::{Frames, Limits, Pixels, Prepare, Source, Truncated};

/// Counts the bytes that are allocated and were not freed. What codecs in C allocate is none of them.
struct Counting;

static LIVE: AtomicI64 = AtomicI64::new(0);

fn counted(size: usize) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

// SAFETY: every call is passed on as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LIVE.fetch_add(counted(layout.size()), Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        LIVE.fetch_add(counted(layout.size()), Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        LIVE.fetch_sub(counted(layout.size()), Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        LIVE.fetch_add(counted(size) - counted(layout.size()), Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.realloc(memory, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Decodes that are counted exactly, and how many bytes may stay: much less than one small block for each.
const COUNTED: usize = 100;
const STAYING: i64 = 2_000;

/// Decodes of each file while the resident memory is watched, and for how long at most.
const WATCHED: usize = 10_000;
const PATIENCE: Duration = Duration::from_millis(300);

/// By how much resident memory may differ between the middle and the end.
const NOISE: u64 = 1 << 20;

fn picture(name: &str) -> Vec<u8> {
    fs::read(format!("{}/tests/pictures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The file with its last third changed.
fn damaged(mut file: Vec<u8>) -> Vec<u8> {
    let from = file.len() * 2 / 3;
    file[from..].iter_mut().step_by(3).for_each(|byte| *byte ^= 0x5a);
    file
}

fn cut(mut file: Vec<u8>) -> Vec<u8> {
    file.truncate(file.len() * 2 / 3);
    file
}

fn files() -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    let mut add = |name: &str, file: Vec<u8>| {
        files.push((format!("{name}, damaged"), damaged(file.clone())));
        files.push((format!("{name}, cut short"), cut(file.clone())));
        files.push((name.to_owned(), file));
    };
    for name in [
        "grey.jpg",
        "oriented_1.jpg",
        "progressive.jpg",
        "cmyk.jpg",
        "disc_rgba.png",
        "disc_palette.png",
        "photo.webp",
        "disc_rgba.webp",
        "disc_animated.gif",
        "disc_animated.avif",
    ] {
        add(name, picture(name));
    }
    // The image beside the sequence, which its main brand makes the one that is read.
    let mut still = picture("disc_animated.avif");
    still[8..12].copy_from_slice(b"avif");
    add("disc.avif", still);
    let colors = [[200, 30, 40, 255], [10, 90, 200, 128]];
    let frames = [Dispose::None, Dispose::Background].map(|dispose| Frame { dispose, ..Frame::new([0, 0, 24, 16], colors) });
    add("animated.png", png(24, 16, &frames, None));
    add("animated.webp", webp(24, 16, &frames));
    add("lossless.webp", webp(24, 16, &frames[..1]));
    add("animated.gif", gif((24, 16), &frames));
    let pixels = Source::new(picture("disc_rgba.png"), &Limits::default()).unwrap().to_pixels(Truncated::Refuse).unwrap().pixels;
    add("bitmap.bmp", bitmap(&pixels));
    files.push(("still.heic".to_owned(), picture("large/still.heic")));
    files.push(("one_strip.tif".to_owned(), picture("large/one_strip.tif")));
    files
}

/// A bitmap of 32 bits a pixel.
fn bitmap(pixels: &Pixels) -> Vec<u8> {
    let size = pixels.size();
    let numbers = [54 + size.pixels() as u32 * 4, 0, 54, 40, size.width, size.height, 1 | 32 << 16, 0, 0, 0, 0, 0, 0];
    [b"BM".to_vec(), numbers.iter().flat_map(|number| number.to_le_bytes()).collect(), pixels.as_bytes().to_vec()].concat()
}

fn decode(file: &[u8]) {
    let Ok(source) = Source::new(file, &Limits::default()) else { return };
    let prepare = Prepare::new().max_side(40).threads(NonZeroUsize::MIN);
    let _ = prepare.apply(&source);
    let _ = source.to_pixels(Truncated::Keep);
    let _ = source.frames(Frames::All, Truncated::Refuse);
}

/// Resident memory, in bytes.
fn resident() -> u64 {
    let pages = fs::read_to_string("/proc/self/statm").unwrap();
    pages.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 4096
}

#[test]
fn memory_is_flat_after_thousands_of_images() {
    let mut wrong = Vec::new();
    let mut total = 0;
    for (name, file) in files() {
        let began = Instant::now();
        (0..3).for_each(|_| decode(&file));
        // What takes long is decoded less often.
        let counted = if began.elapsed() > Duration::from_millis(60) { 5 } else { COUNTED };
        let before = LIVE.load(Ordering::Relaxed);
        (0..counted).for_each(|_| decode(&file));
        let stayed = LIVE.load(Ordering::Relaxed) - before;
        let began = Instant::now();
        let mut count = 0;
        let mut middle = None;
        while count < WATCHED && began.elapsed() < PATIENCE {
            decode(&file);
            count += 1;
            if middle.is_none() && began.elapsed() > PATIENCE / 2 {
                middle = Some(resident());
            }
        }
        total += count + counted + 3;
        let grown = resident().saturating_sub(middle.unwrap_or(u64::MAX));
        let line = format!("{name}: {stayed} bytes stayed of {counted} decodes, {grown} bytes more resident in the second half of {count}");
        println!("{line}");
        if stayed > STAYING || grown > NOISE {
            wrong.push(line);
        }
    }
    println!("{total} decodes");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
