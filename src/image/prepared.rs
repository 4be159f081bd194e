//! A prepared picture, and the conductor that makes it: decode, resample, flatten, turn, place.

use std::num::NonZeroUsize;
use std::sync::{Arc, LazyLock};
use std::thread::available_parallelism;
use std::time::Duration;

use super::alpha::{alpha_of, flatten_premultiplied, premultiplied, straight, straight_rgba};
use super::resample::{Task, resample};
use super::turn::turn;
use super::{
    Alpha, Channels, ColourSpace, Decode, Decoded, Filter, Format, Frames, ImageError, Info, Orientation, Pixels, Plan, Prepare, Region,
    Restore, Rgb, Rows, Scale, Size, Source, ahead, memory, shrink,
};

/// A picture as a model wants it: upright, 8 bits a sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    pixels: Pixels,
    alpha: Option<Pixels>,
    info: Info,
    plan: Plan,
    background: Rgb,
    profile: Option<Arc<[u8]>>,
}

impl Prepared {
    /// Width and height of the result, in pixels.
    pub const fn size(&self) -> Size {
        self.pixels.size()
    }

    /// Width and height of the picture in the file, upright, in pixels.
    pub const fn source_size(&self) -> Size {
        self.plan.source
    }

    /// The pixels.
    ///
    /// # Shape
    /// `(H, W, 3)` u8, opaque; `(H, W, 4)` with [`Alpha::Keep`].
    pub const fn pixels(&self) -> &Pixels {
        &self.pixels
    }

    /// The pixels, given away.
    pub fn into_pixels(self) -> Pixels {
        self.pixels
    }

    /// How much of the picture is seen at each pixel, with [`Alpha::Split`]: 255 where it is opaque, 0 in padding.
    ///
    /// # Shape
    /// `(H, W, 1)` u8.
    pub const fn alpha(&self) -> Option<&Pixels> {
        self.alpha.as_ref()
    }

    /// What was found in the file, and what was passed over while decoding it.
    pub const fn info(&self) -> &Info {
        &self.info
    }

    /// What was done: which part of the picture is shown, how large, and where.
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The ICC profile of the pixels' colours, with [`ColourSpace::File`]; none for sRGB.
    pub fn icc_profile(&self) -> Option<Arc<[u8]>> {
        self.profile.clone()
    }

    /// The way back: what a model found or made on this picture, in the geometry of the original.
    pub const fn restore(&self) -> Restore {
        Restore::new(self.plan, self.info.orientation, self.background)
    }
}

/// A frame of an animation as a model wants it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PreparedFrame {
    /// Its number in the file, from 0.
    pub index: u32,
    /// How long it is shown, as the file says; browsers turn 10 ms and less into 100 ms.
    pub duration: Duration,
    /// The frame.
    pub prepared: Prepared,
}

impl Prepare {
    /// The picture as asked for; of an animation, its first frame.
    ///
    /// # Errors
    /// Those of [`plan`](Self::plan), [`ImageError::TooMuchMemory`] before anything is decoded, and whatever is wrong with the picture's data.
    pub fn apply(&self, source: &Source<'_>) -> Result<Prepared, ImageError> {
        let info = source.info();
        let plan = self.plan(info.size())?;
        let (options, threads) = self.decoding(source, &plan);
        let task = shrink::Task {
            region: info.orientation.stored_region(plan.crop, info.stored_size),
            size: info.orientation.upright_size(plan.content),
            filter: self.filter,
        };
        if task.is_for_planes()
            && let Some(outcome) = source.planes(&options, threads, |planes| shrink::shrink(planes, &task))
        {
            let (shown, decoded) = outcome?;
            return self.finished(shown, plan, &decoded, source);
        }
        // JPEG alone: for others, decoders that hand out colours are as quick.
        if task.is_copy()
            && info.format == Format::Jpeg
            && let Some(outcome) = source.planes(&options, threads, |planes| shrink::copy(planes, task.region))
            && let (Some(shown), decoded) = outcome?
        {
            return self.finished(shown, plan, &decoded, source);
        }
        let mut result = Err(ImageError::Damaged { format: info.format, reason: "it has no pixels".to_owned() });
        let mut sink = |rows: &mut dyn Rows| {
            result = Ok(shown(rows, &plan, info.orientation, self.filter)?);
            Ok(())
        };
        // There is nothing to be done beside the decoder of HEIC, which has no rows before it has them all, and has threads of its own.
        let has_rows_early = !matches!(info.format, Format::Samples | Format::Heic);
        let is_worth_a_thread = task.blends() && info.stored_size.pixels() >= WORTH_A_THREAD && has_rows_early;
        let decoded = match is_worth_a_thread && threads > NonZeroUsize::MIN {
            true => ahead::decode(source, &options, &mut sink)?,
            false => source.decode(&options, &mut sink)?,
        };
        self.finished(result?, plan, &decoded, source)
    }

    /// How a picture is to be decoded for a plan, and on how many threads.
    pub(super) fn decoding(&self, source: &Source<'_>, plan: &Plan) -> (Decode, NonZeroUsize) {
        let scale = match plan.shrink {
            8 => Scale::Eighth,
            4 => Scale::Quarter,
            2 => Scale::Half,
            _ => Scale::Whole,
        };
        let threads = self.threads.unwrap_or_else(default_threads);
        let beside = memory::prepared(self, plan, source.info());
        (Decode { scale, truncated: self.truncated, beside, threads: Some(threads) }, threads)
    }

    /// The wanted frames of an animation as asked for, each resampled as soon as it is decoded; of a still picture, that one.
    ///
    /// # Errors
    /// Those of [`apply`](Self::apply), and of too many frames or pixels in all.
    pub fn apply_frames(&self, source: &Source<'_>, which: Frames) -> Result<Vec<PreparedFrame>, ImageError> {
        let info = source.info();
        let plan = self.plan(info.size())?;
        let mut frames = Vec::new();
        let beside = memory::prepared_frames(self, &plan, info, which.count(info.frames));
        let options = Decode { truncated: self.truncated, beside, ..Decode::default() };
        let decoded = source.decode_frames(which, &options, &mut |index, duration, rows| {
            frames.push((index, duration, shown(rows, &plan, info.orientation, self.filter)?));
            Ok(())
        })?;
        let finished = |(index, duration, shown)| {
            let prepared = self.finished(shown, plan, &decoded, source)?;
            Ok(PreparedFrame { index, duration, prepared })
        };
        frames.into_iter().map(finished).collect()
    }

    /// What is shown, made into what was asked for: in sRGB, alpha over the background or kept, upright, in its place.
    fn finished(&self, mut shown: Pixels, plan: Plan, decoded: &Decoded, source: &Source<'_>) -> Result<Prepared, ImageError> {
        let mut info = source.info().clone();
        for &warning in &decoded.warnings {
            if !info.warnings.contains(&warning) {
                info.warnings.push(warning);
            }
        }
        let mut profile = None;
        if let Some(colour) = &decoded.colour {
            profile = self.kept_profile(source, shown.channels()).filter(|_| !colour.is_tone_map());
            if profile.is_none() {
                // Profiles speak of straight colours.
                shown = premultiplied(colour.to_srgb(straight(shown)));
            }
        }
        let alpha = match self.alpha {
            Alpha::Split => Some(placed(turn(alpha_of(&shown)?, info.orientation)?, &plan, &[0])?),
            Alpha::Flatten | Alpha::Keep => None,
        };
        let [red, green, blue] = self.background.to_array();
        let pixels = match self.alpha {
            Alpha::Keep => placed(turn(straight_rgba(shown)?, info.orientation)?, &plan, &[red, green, blue, 0])?,
            Alpha::Flatten | Alpha::Split => {
                let flat = flatten_premultiplied(shown, self.background)?;
                placed(turn(flat, info.orientation)?, &plan, &[red, green, blue])?
            }
        };
        Ok(Prepared { pixels, alpha, info, plan, background: self.background, profile })
    }

    /// The profile of a file whose colours are to stay as they are.
    fn kept_profile(&self, source: &Source<'_>, channels: Channels) -> Option<Arc<[u8]>> {
        match (self.colours, channels) {
            (ColourSpace::File, Channels::Rgb | Channels::Rgba) => source.icc_profile().map(|profile| Arc::from(profile.as_ref())),
            _ => None,
        }
    }
}

/// Pixels of a picture from which on a second thread earns what it costs to start it.
const WORTH_A_THREAD: u64 = 500_000;

/// Two threads where there are as many: one that reads, and one that makes pixels of what was read.
fn default_threads() -> NonZeroUsize {
    // Asking takes longer than decoding a small picture.
    static THREADS: LazyLock<NonZeroUsize> =
        LazyLock::new(|| available_parallelism().map_or(NonZeroUsize::MIN, |threads| threads.min(NonZeroUsize::MIN.saturating_add(1))));
    *THREADS
}

/// The part of a picture that the plan shows, as stored: not upright yet, premultiplied if it has alpha.
pub(super) fn shown(rows: &mut dyn Rows, plan: &Plan, orientation: Orientation, filter: Filter) -> Result<Pixels, ImageError> {
    let stored = orientation.upright_size(plan.source);
    let (across, down) = shrunk_by(stored, rows.size());
    let crop = orientation.stored_region(plan.crop, stored);
    let region = Region::new(crop.left / across, crop.top / down, crop.width / across, crop.height / down);
    resample(rows, &Task { region, size: orientation.upright_size(plan.content), filter })
}

/// Stored pixels for one that the decoder hands out, across and down.
///
/// A decoder that shrinks by 2, 4 or 8 hands out the last pixel whole even where the picture ends within it; the picture's true edge then lies
/// inside that pixel, and dividing by the factor finds it.
fn shrunk_by(stored: Size, decoded: Size) -> (f64, f64) {
    for factor in [1_u32, 2, 4, 8] {
        if decoded == Size::new(stored.width.div_ceil(factor), stored.height.div_ceil(factor)) {
            return (factor.into(), factor.into());
        }
    }
    (f64::from(stored.width) / f64::from(decoded.width), f64::from(stored.height) / f64::from(decoded.height))
}

/// The content where the plan puts it, in a picture that is otherwise filled with one pixel.
pub(super) fn placed(content: Pixels, plan: &Plan, filling: &[u8]) -> Result<Pixels, ImageError> {
    if !plan.is_padded() {
        return Ok(content);
    }
    let channels: Channels = content.channels();
    let count = channels.count();
    let row = plan.output.width as usize * count;
    let mut data = filling.repeat(usize::try_from(plan.output.pixels()).unwrap_or(0));
    let content_row = (plan.content.width as usize * count).max(1);
    let targets = data.chunks_exact_mut(row.max(1)).skip(plan.top as usize);
    for (target, source) in targets.zip(content.as_bytes().chunks_exact(content_row)) {
        let left = plan.left as usize * count;
        if let Some(target) = target.get_mut(left..left + content_row) {
            target.copy_from_slice(source);
        }
    }
    Pixels::new(plan.output, channels, data)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hands out a picture as a decoder that shrinks by itself does: the mean of each square of `factor` pixels, the last one of what is left.
    struct Shrunk {
        source: Pixels,
        factor: u32,
        next: u32,
    }

    impl Rows for Shrunk {
        fn size(&self) -> Size {
            let size = self.source.size();
            Size::new(size.width.div_ceil(self.factor), size.height.div_ceil(self.factor))
        }

        fn channels(&self) -> Channels {
            self.source.channels()
        }

        fn read(&mut self, band: &mut [u8]) -> Result<u32, ImageError> {
            let (size, count) = (self.source.size(), self.channels().count());
            let mut rows = 0;
            for row in band.chunks_exact_mut(self.size().width as usize * count) {
                if self.next == self.size().height {
                    break;
                }
                for (x, sample) in (0..).zip(row) {
                    let (column, channel) = (x / count, x % count);
                    let mut sum = 0;
                    for dy in 0..self.factor {
                        for dx in 0..self.factor as usize {
                            let y = (self.next * self.factor + dy).min(size.height - 1) as usize;
                            let x = (column * self.factor as usize + dx).min(size.width as usize - 1);
                            sum += u32::from(self.source.as_bytes()[(y * size.width as usize + x) * count + channel]);
                        }
                    }
                    *sample = u8::try_from((sum + self.factor * self.factor / 2) / (self.factor * self.factor)).unwrap();
                }
                self.next += 1;
                rows += 1;
            }
            Ok(rows)
        }
    }

    #[test]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a small drawing")]
    fn decoders_that_shrink_move_nothing() {
        let size = Size::new(413, 277);
        let mut data = Vec::new();
        for y in 0..size.height {
            for x in 0..size.width {
                let wave = (f64::from(x) * 0.09).sin() * (f64::from(y) * 0.07).cos();
                data.extend([(128.0 + 100.0 * wave) as u8, (x * 255 / size.width) as u8, (y * 255 / size.height) as u8]);
            }
        }
        let source = Pixels::new(size, Channels::Rgb, data).unwrap();
        for number in 1..=8 {
            let orientation = Orientation::from_exif(number).unwrap();
            for options in [Prepare::new().max_side(30), Prepare::new().size(30, 30)] {
                let plan = options.plan(orientation.upright_size(size)).unwrap();
                let seen = |factor| {
                    let mut rows = Shrunk { source: source.clone(), factor, next: 0 };
                    shown(&mut rows, &plan, orientation, Filter::Lanczos3).unwrap()
                };
                let whole = seen(1);
                for factor in [2, 4] {
                    let error: f64 =
                        seen(factor).as_bytes().iter().zip(whole.as_bytes()).map(|(a, b)| f64::from(a.abs_diff(*b)).powi(2)).sum();
                    let psnr = 10.0 * (255.0 * 255.0 * whole.as_bytes().len() as f64 / error).log10();
                    // A grid that is off by the part of a pixel that does not exist gives 33 to 42 dB.
                    assert!(psnr > 50.0, "orientation {number}, by {factor}: {psnr:.1} dB");
                }
            }
        }
    }
}
