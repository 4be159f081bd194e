//! Bands against whole pictures, and both against a float reference.
#![expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "small numbers")]

use super::*;

/// Hands out a picture in memory, as a decoder would, never more than `at_once` rows.
struct PixelRows<'a> {
    pixels: &'a Pixels,
    at_once: usize,
    done: usize,
}

impl Rows for PixelRows<'_> {
    fn size(&self) -> Size {
        self.pixels.size()
    }

    fn channels(&self) -> Channels {
        self.pixels.channels()
    }

    fn read(&mut self, band: &mut [u8]) -> Result<u32, ImageError> {
        let row = self.pixels.size().width as usize * self.pixels.channels().count();
        let left = &self.pixels.as_bytes()[self.done * row..];
        let rows = (band.len() / row).min(left.len() / row).min(self.at_once);
        band[..rows * row].copy_from_slice(&left[..rows * row]);
        self.done += rows;
        Ok(rows as u32)
    }

    fn take_whole(&mut self) -> Option<Pixels> {
        (self.at_once == WHOLE).then(|| self.pixels.clone())
    }
}

/// For `at_once`: not in rows at all.
const WHOLE: usize = usize::MAX;

/// Smooth waves with hard edges in them, and noise.
fn picture(size: Size, channels: Channels) -> Pixels {
    let mut data = Vec::new();
    let mut noise = 12_345_u32;
    for y in 0..size.height {
        for x in 0..size.width {
            for sample in 0..channels.count() {
                noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let wave = (f64::from(x) * 0.07 + sample as f64).sin() + (f64::from(y) * 0.05).cos();
                let edge = if (x / 37 + y / 23) % 2 == 0 { 40.0 } else { 0.0 };
                data.push((100.0 + 40.0 * wave + edge + f64::from(noise >> 28)).clamp(0.0, 255.0) as u8);
            }
        }
    }
    Pixels::new(size, channels, data).unwrap()
}

fn in_bands(pixels: &Pixels, task: &Task, at_once: usize) -> Pixels {
    // So little memory that even these small pictures need many bands.
    Scratch::default().resample(&mut PixelRows { pixels, at_once, done: 0 }, task, 8 << 10).unwrap()
}

fn largest_difference(a: &Pixels, b: &Pixels) -> u8 {
    assert_eq!((a.size(), a.channels()), (b.size(), b.channels()));
    a.as_bytes().iter().zip(b.as_bytes()).map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(0)
}

const SIZE: Size = Size::new(213, 500);

fn tasks() -> Vec<Task> {
    let mut tasks = Vec::new();
    for filter in [Filter::Nearest, Filter::Box, Filter::Bilinear, Filter::CatmullRom, Filter::Mitchell, Filter::Lanczos3] {
        for region in [
            Region::whole(SIZE),
            Region::new(0.0, 0.0, 212.5, 499.25),
            Region::new(10.0, 230.0, 200.0, 200.0),
            Region::new(30.25, 3.75, 131.5, 490.0),
            Region::new(0.0, 400.0, 213.0, 100.0),
        ] {
            for size in
                [Size::new(71, 167), Size::new(200, 200), Size::new(213, 33), Size::new(33, 500), Size::new(233, 533), Size::new(1, 1)]
            {
                tasks.push(Task { region, size, filter });
            }
        }
    }
    tasks
}

#[test]
fn bands_and_whole_pictures_agree() {
    for channels in [Channels::Luma, Channels::Rgb] {
        let pixels = picture(SIZE, channels);
        for task in tasks() {
            let enlarges = f64::from(task.size.height) > task.region.height || f64::from(task.size.width) > task.region.width;
            if channels == Channels::Luma && task.filter != Filter::Lanczos3 {
                continue;
            }
            if task.filter == Filter::Box && enlarges {
                // Each pixel is then one of two neighbours, and between equals the last bit of the arithmetic decides.
                continue;
            }
            let whole = resample_pixels(&pixels, &task).unwrap();
            for at_once in [7, 1000, WHOLE] {
                let difference = largest_difference(&in_bands(&pixels, &task, at_once), &whole);
                assert!(difference <= 2, "{channels:?} {task:?}: off by {difference}");
            }
        }
    }
}

#[test]
fn pixels_that_need_no_resampling_stay_as_they_are() {
    let pixels = picture(Size::new(50, 40), Channels::Rgb);
    let whole = Task { region: Region::whole(pixels.size()), size: pixels.size(), filter: Filter::Lanczos3 };
    assert_eq!(in_bands(&pixels, &whole, 3), pixels);
    assert_eq!(in_bands(&pixels, &whole, WHOLE), pixels);
    let part = Task { region: Region::new(3.0, 5.0, 40.0, 30.0), size: Size::new(40, 30), filter: Filter::Lanczos3 };
    for at_once in [3, WHOLE] {
        let cut = in_bands(&pixels, &part, at_once);
        for y in 0..30 {
            assert_eq!(cut.as_bytes()[y * 120..][..120], pixels.as_bytes()[((y + 5) * 50 + 3) * 3..][..120], "row {y}");
        }
    }
}

#[test]
fn transparent_colours_do_not_bleed() {
    // Opaque black beside transparent red.
    let row: Vec<u8> = (0..64).flat_map(|x| if x < 32 { [0, 0, 0, 255] } else { [255, 0, 0, 0] }).collect();
    let pixels = Pixels::new(Size::new(64, 64), Channels::Rgba, row.repeat(64)).unwrap();
    let task = Task { region: Region::whole(pixels.size()), size: Size::new(9, 9), filter: Filter::Lanczos3 };
    for resampled in [in_bands(&pixels, &task, 10), resample_pixels(&pixels, &task).unwrap()] {
        assert!(resampled.as_bytes().chunks(4).all(|pixel| pixel[0] == 0), "red shows");
        assert!(resampled.as_bytes().chunks(4).any(|pixel| pixel[3] > 0 && pixel[3] < 255), "no soft edge");
    }
}

#[test]
fn rows_that_stop_early_are_an_error() {
    let pixels = picture(Size::new(20, 20), Channels::Rgb);
    let task = Task { region: Region::whole(Size::new(20, 20)), size: Size::new(10, 10), filter: Filter::Box };
    let mut rows = PixelRows { pixels: &pixels, at_once: 8, done: 15 };
    assert_eq!(resample(&mut rows, &task).unwrap_err().code(), "image.wrong_length");
}

/// Lanczos in floating point, by its definition.
fn reference(pixels: &Pixels, region: Region, size: Size) -> Vec<f64> {
    let lanczos = |x: f64| {
        let sinc = |x: f64| if x == 0.0 { 1.0 } else { (std::f64::consts::PI * x).sin() / (std::f64::consts::PI * x) };
        if x.abs() < 3.0 { sinc(x) * sinc(x / 3.0) } else { 0.0 }
    };
    let weights = |start: f64, length: f64, source: u32, output: u32| -> Vec<(usize, Vec<f64>)> {
        let scale = length / f64::from(output);
        let wide = scale.max(1.0);
        (0..output)
            .map(|pixel| {
                let centre = start + (f64::from(pixel) + 0.5) * scale;
                let from = (centre - 3.0 * wide).floor().max(0.0) as usize;
                let to = (centre + 3.0 * wide).ceil().min(f64::from(source)) as usize;
                let weights: Vec<f64> = (from..to).map(|x| lanczos((x as f64 + 0.5 - centre) / wide)).collect();
                let sum: f64 = weights.iter().sum();
                (from, weights.iter().map(|weight| weight / sum).collect())
            })
            .collect()
    };
    let (width, height, count) = (pixels.size().width as usize, pixels.size().height as usize, pixels.channels().count());
    let across = weights(region.left, region.width, pixels.size().width, size.width);
    let down = weights(region.top, region.height, pixels.size().height, size.height);
    let mut rows = vec![0.0; size.width as usize * height * count];
    for y in 0..height {
        for (x, (from, weights)) in across.iter().enumerate() {
            for sample in 0..count {
                rows[(y * across.len() + x) * count + sample] = weights
                    .iter()
                    .enumerate()
                    .map(|(i, weight)| weight * f64::from(pixels.as_bytes()[(y * width + from + i) * count + sample]))
                    .sum();
            }
        }
    }
    let row = across.len() * count;
    let mut output = vec![0.0; row * down.len()];
    for (y, (from, weights)) in down.iter().enumerate() {
        for i in 0..row {
            let sum: f64 = weights.iter().enumerate().map(|(k, weight)| weight * rows[(from + k) * row + i]).sum();
            output[y * row + i] = sum.clamp(0.0, 255.0);
        }
    }
    output
}

#[test]
fn lanczos_is_within_50_db_of_a_float_reference() {
    let pixels = picture(Size::new(333, 517), Channels::Rgb);
    for (region, size) in [
        (Region::whole(pixels.size()), Size::new(100, 155)),
        (Region::new(20.5, 3.25, 300.0, 444.4), Size::new(128, 190)),
        (Region::whole(pixels.size()), Size::new(320, 500)),
        (Region::whole(pixels.size()), Size::new(400, 600)),
    ] {
        let expected = reference(&pixels, region, size);
        let found = in_bands(&pixels, &Task { region, size, filter: Filter::Lanczos3 }, 16);
        let error: f64 = found.as_bytes().iter().zip(&expected).map(|(a, b)| (f64::from(*a) - b).powi(2)).sum();
        let psnr = 10.0 * (255.0 * 255.0 * expected.len() as f64 / error).log10();
        assert!(psnr >= 50.0, "{size}: {psnr:.1} dB");
    }
}
