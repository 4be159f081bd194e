//! Pictures as hard as photos: smooth shapes, a few edges, and the noise of a sensor. The same on every machine and in every run.

use cog_kit::image::{Channels, Pixels, Size};

/// Six megapixels, the sides of a 3:2 camera; no multiples of 16, like most.
pub(crate) const SIZE: Size = Size::new(3000, 2000);

/// An opaque picture.
pub(crate) fn photo(size: Size) -> Pixels {
    draw(size, Channels::Rgb)
}

/// The same picture cut out along an ellipse with a soft edge: a third is transparent.
pub(crate) fn cut_out(size: Size) -> Pixels {
    draw(size, Channels::Rgba)
}

fn draw(size: Size, channels: Channels) -> Pixels {
    let mut noise = Noise(0x9e37_79b9_7f4a_7c15);
    let mut samples = Vec::with_capacity(size.pixels() as usize * channels.count());
    for y in 0..size.height {
        for x in 0..size.width {
            let (u, v) = (x as f32 / size.width as f32, y as f32 / size.height as f32);
            // A slow wave and a quick one of little height, and a horizon as an edge; light has more noise than colour, as in cameras.
            let sky = if v < 0.4 + 0.03 * (u * 21.0).sin() { 60.0 } else { 0.0 };
            let light = 90.0 + sky + 45.0 * (u * 9.0 + v * 5.0).sin() + 14.0 * (u * 160.0 - v * 90.0).sin() + noise.up_to(11.0);
            for (phase, share) in [(0.0, 1.0), (2.1, 0.95), (4.2, 0.9)] {
                samples.push((light * share + 22.0 * (u * 6.0 - v * 4.0 + phase).sin() + noise.up_to(2.0)) as u8);
            }
            if channels.has_alpha() {
                let distance = ((u - 0.5) * (u - 0.5) + (v - 0.5) * (v - 0.5)).sqrt();
                samples.push(((0.46 - distance) * 255.0 / 0.02).clamp(0.0, 255.0) as u8);
            }
        }
    }
    Pixels::new(size, channels, samples).unwrap()
}

/// Xorshift: all that noise has to be is hard to compress and the same each time.
struct Noise(u64);

impl Noise {
    /// A number from `-most` to `most`.
    fn up_to(&mut self, most: f32) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 40) as f32 / (1_u64 << 23) as f32 - 1.0) * most
    }
}
