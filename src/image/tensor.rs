//! Pixels as the floating-point numbers that a network reads, and back.

use super::names::names;
use super::{Channels, ImageError, Pixels, Size};

/// In which order the numbers of a tensor stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Layout {
    /// `(C, H, W)`: one plane a channel, as PyTorch's networks read it.
    #[default]
    Chw,
    /// `(H, W, C)`: pixel by pixel, as NumPy and TensorFlow keep it.
    Hwc,
}

names!(Layout, "layout", Chw = "chw", Hwc = "hwc");

/// What 0–255 becomes.
///
/// # Source
/// The same operations in the same order as torchvision's `ToTensor` and `Normalize`, in `f32`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Normalize {
    /// 0 becomes `low`, 255 becomes `high`.
    Range {
        /// What black becomes.
        low: f32,
        /// What white becomes.
        high: f32,
    },
    /// 0–255 becomes 0–1, less `mean`, divided by `std`; for RGB alone.
    MeanStd {
        /// Of red, green, blue, in 0–1.
        mean: [f32; 3],
        /// Of red, green, blue, in 0–1.
        std: [f32; 3],
    },
}

impl Default for Normalize {
    fn default() -> Self {
        Self::UNIT
    }
}

impl Normalize {
    /// 0 to 1.
    pub const UNIT: Self = Self::Range { low: 0.0, high: 1.0 };
    /// −1 to 1, as most diffusion models want it.
    pub const SIGNED: Self = Self::Range { low: -1.0, high: 1.0 };
    /// Mean and deviation of ImageNet.
    pub const IMAGENET: Self = Self::MeanStd { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
    /// Mean and deviation that CLIP was trained with.
    pub const CLIP: Self = Self::MeanStd { mean: [0.481_454_66, 0.457_827_5, 0.408_210_73], std: [0.268_629_54, 0.261_302_6, 0.275_777_1] };

    fn check(&self, channels: Channels) -> Result<(), ImageError> {
        match self {
            Self::MeanStd { .. } if channels != Channels::Rgb => {
                Err(ImageError::ChannelCount { found: channels.count(), expected: "3, red, green and blue, for a mean of each" })
            }
            _ => Ok(()),
        }
    }

    /// What a sample of a channel becomes.
    fn forward(&self, channel: usize, sample: u8) -> f32 {
        let unit = f32::from(sample) / 255.0;
        match self {
            Self::Range { low, high } => unit * (high - low) + low,
            Self::MeanStd { mean, std } => (unit - of(mean, channel)) / of(std, channel),
        }
    }

    /// The sample that a number of a channel stands for; 0 for what is no number.
    fn back(&self, channel: usize, number: f32) -> u8 {
        let unit = match self {
            Self::Range { low, high } => (number - low) / (high - low),
            Self::MeanStd { mean, std } => number * of(std, channel) + of(mean, channel),
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates, and maps no number to 0")]
        let sample = (unit * 255.0).round() as u8;
        sample
    }
}

fn of(values: &[f32; 3], channel: usize) -> f32 {
    values.get(channel).copied().unwrap_or_default()
}

/// A picture as floating-point numbers.
#[derive(Clone, PartialEq)]
pub struct Tensor {
    size: Size,
    channels: Channels,
    layout: Layout,
    data: Vec<f32>,
}

impl Tensor {
    /// A tensor from its numbers.
    ///
    /// # Errors
    /// [`ImageError::WrongLength`], in bytes, if `data` does not hold `height × width × channels` numbers.
    pub fn new(size: Size, channels: Channels, layout: Layout, data: Vec<f32>) -> Result<Self, ImageError> {
        let expected = size.pixels().saturating_mul(channels.count() as u64 * 4);
        let found = data.len() as u64 * 4;
        if found == expected { Ok(Self { size, channels, layout, data }) } else { Err(ImageError::WrongLength { found, expected }) }
    }

    /// Width and height in pixels.
    pub const fn size(&self) -> Size {
        self.size
    }

    /// In which order the numbers stand.
    pub const fn layout(&self) -> Layout {
        self.layout
    }

    /// The length of each dimension: `[C, H, W]` or `[H, W, C]`.
    pub const fn shape(&self) -> [usize; 3] {
        let (height, width, channels) = (self.size.height as usize, self.size.width as usize, self.channels.count());
        match self.layout {
            Layout::Chw => [channels, height, width],
            Layout::Hwc => [height, width, channels],
        }
    }

    /// The numbers, densely packed.
    pub fn as_slice(&self) -> &[f32] {
        &self.data
    }

    /// The numbers, given away.
    pub fn into_vec(self) -> Vec<f32> {
        self.data
    }

    /// The pixels that these numbers stand for, rounded and cut off at 0 and 255.
    ///
    /// # Shape
    /// `(C, H, W)` or `(H, W, C)` f32 → `(H, W, C)` u8.
    ///
    /// # Errors
    /// [`ImageError::ChannelCount`] for a mean of each colour and other than three channels.
    pub fn to_pixels(&self, normalize: Normalize) -> Result<Pixels, ImageError> {
        normalize.check(self.channels)?;
        let count = self.channels.count();
        let mut data = vec![0; self.data.len()];
        match self.layout {
            Layout::Hwc => {
                for (to, from) in data.chunks_exact_mut(count).zip(self.data.chunks_exact(count)) {
                    for (channel, (to, &from)) in to.iter_mut().zip(from).enumerate() {
                        *to = normalize.back(channel, from);
                    }
                }
            }
            Layout::Chw => {
                let plane = (self.data.len() / count).max(1);
                for (channel, plane) in self.data.chunks_exact(plane).enumerate() {
                    for (to, &from) in data.iter_mut().skip(channel).step_by(count).zip(plane) {
                        *to = normalize.back(channel, from);
                    }
                }
            }
        }
        Pixels::new(self.size, self.channels, data)
    }
}

impl std::fmt::Debug for Tensor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tensor").field("shape", &self.shape()).field("layout", &self.layout).finish_non_exhaustive()
    }
}

impl Pixels {
    /// The pixels as floating-point numbers, in one pass.
    ///
    /// # Shape
    /// `(H, W, C)` u8 → `(C, H, W)` or `(H, W, C)` f32.
    ///
    /// # Errors
    /// [`ImageError::ChannelCount`] for a mean of each colour and other than three channels.
    pub fn to_tensor(&self, layout: Layout, normalize: Normalize) -> Result<Tensor, ImageError> {
        normalize.check(self.channels())?;
        match self.channels() {
            Channels::Luma => self.looked_up::<1>(layout, normalize),
            Channels::LumaAlpha => self.looked_up::<2>(layout, normalize),
            Channels::Rgb => self.looked_up::<3>(layout, normalize),
            Channels::Rgba => self.looked_up::<4>(layout, normalize),
        }
    }

    /// There are 256 numbers a channel at most, so each is worked out once.
    fn looked_up<const N: usize>(&self, layout: Layout, normalize: Normalize) -> Result<Tensor, ImageError> {
        let tables: [[f32; 256]; N] = std::array::from_fn(|channel| {
            let mut table = [0.0; 256];
            for (sample, number) in (0..=255).zip(&mut table) {
                *number = normalize.forward(channel, sample);
            }
            table
        });
        let (pixels, _) = self.as_bytes().as_chunks::<N>();
        let mut data = vec![0.0; self.as_bytes().len()];
        match layout {
            Layout::Hwc => {
                for (to, from) in data.as_chunks_mut::<N>().0.iter_mut().zip(pixels) {
                    for channel in 0..N {
                        to[channel] = tables[channel][usize::from(from[channel])];
                    }
                }
            }
            Layout::Chw => {
                for (channel, plane) in data.chunks_exact_mut(pixels.len().max(1)).enumerate().take(N) {
                    let table = &tables[channel];
                    for (to, from) in plane.iter_mut().zip(pixels) {
                        *to = table[usize::from(from[channel])];
                    }
                }
            }
        }
        Tensor::new(self.size(), self.channels(), layout, data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture() -> Pixels {
        let bytes = (0..=255).cycle().step_by(7).take(16 * 9 * 3).collect();
        Pixels::new(Size::new(16, 9), Channels::Rgb, bytes).unwrap()
    }

    #[test]
    fn tensors_hold_what_torchvision_would_compute() {
        let pixels = picture();
        let tensor = pixels.to_tensor(Layout::Chw, Normalize::IMAGENET).unwrap();
        assert_eq!(tensor.shape(), [3, 9, 16]);
        let (mean, std) = ([0.485_f32, 0.456, 0.406], [0.229_f32, 0.224, 0.225]);
        for channel in 0..3 {
            for i in 0..9 * 16 {
                let expected = (f32::from(pixels.as_bytes()[i * 3 + channel]) / 255.0 - mean[channel]) / std[channel];
                assert_eq!(tensor.as_slice()[channel * 9 * 16 + i], expected);
            }
        }
        let signed = pixels.to_tensor(Layout::Hwc, Normalize::SIGNED).unwrap();
        assert_eq!(signed.shape(), [9, 16, 3]);
        assert_eq!((signed.as_slice()[0], pixels.as_bytes()[0]), (-1.0, 0));
    }

    #[test]
    fn pixels_survive_the_way_there_and_back() {
        for normalize in
            [Normalize::UNIT, Normalize::SIGNED, Normalize::IMAGENET, Normalize::CLIP, Normalize::Range { low: 3.0, high: -2.0 }]
        {
            for layout in [Layout::Chw, Layout::Hwc] {
                let tensor = picture().to_tensor(layout, normalize).unwrap();
                assert_eq!(tensor.to_pixels(normalize).unwrap(), picture(), "{normalize:?} {layout}");
            }
        }
        for channels in [Channels::Luma, Channels::LumaAlpha, Channels::Rgba] {
            let pixels = Pixels::new(Size::new(2, 3), channels, (0..).take(6 * channels.count()).collect()).unwrap();
            let tensor = pixels.to_tensor(Layout::Chw, Normalize::UNIT).unwrap();
            assert_eq!(tensor.to_pixels(Normalize::UNIT).unwrap(), pixels, "{channels:?}");
            assert_eq!(pixels.to_tensor(Layout::Chw, Normalize::CLIP).unwrap_err().code(), "image.channel_count");
        }
    }

    #[test]
    fn wild_numbers_are_cut_off() {
        let data = vec![-1.0, 2.0, f32::NAN, f32::INFINITY, 0.5, f32::NEG_INFINITY];
        let tensor = Tensor::new(Size::new(2, 1), Channels::Rgb, Layout::Hwc, data).unwrap();
        assert_eq!(tensor.to_pixels(Normalize::UNIT).unwrap().as_bytes(), [0, 255, 0, 255, 128, 0]);
        assert_eq!(Tensor::new(Size::new(2, 1), Channels::Rgb, Layout::Hwc, vec![0.0]).unwrap_err().code(), "image.wrong_length");
    }
}
