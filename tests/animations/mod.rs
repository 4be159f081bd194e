//! Writes small animations of any geometry in GIF, PNG and WebP, and composes them in the plainest way there is: a pixel at a time, in floats.
#![allow(dead_code, clippy::unwrap_used, reason = "each test program uses a part of this, and a test that cannot go on should stop")]

/// What becomes of a frame's area before the next frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dispose {
    None,
    Background,
    Previous,
}

/// A frame of two colors in a checkerboard of pixels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    pub(crate) left: u32,
    pub(crate) top: u32,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) dispose: Dispose,
    /// Whether it is blended over the canvas; else it takes the place of what is there.
    pub(crate) over: bool,
    /// RGBA, straight.
    pub(crate) colors: [[u8; 4]; 2],
    pub(crate) milliseconds: u32,
}

impl Frame {
    /// An opaque frame that stays.
    pub(crate) fn new(area: [u32; 4], colors: [[u8; 4]; 2]) -> Self {
        let [left, top, width, height] = area;
        Self { left, top, width, height, dispose: Dispose::None, over: true, colors, milliseconds: 40 }
    }

    fn pixel(&self, x: u32, y: u32) -> [u8; 4] {
        self.colors[usize::from((x + y) % 2 == 1)]
    }

    fn pixels(&self) -> impl Iterator<Item = [u8; 4]> + '_ {
        (0..self.height).flat_map(move |y| (0..self.width).map(move |x| self.pixel(x, y)))
    }
}

/// What each frame shows: RGBA of the whole canvas.
pub(crate) fn composed(width: u32, height: u32, frames: &[Frame]) -> Vec<Vec<[f64; 4]>> {
    let mut canvas = vec![[0.0; 4]; (width * height) as usize];
    let mut shown = Vec::new();
    for frame in frames {
        let before = canvas.clone();
        let inside = |x: u32, y: u32| (x < width && y < height).then_some((y * width + x) as usize);
        let places: Vec<_> = (0..frame.height)
            .flat_map(|y| (0..frame.width).map(move |x| (x, y)))
            .filter_map(|(x, y)| Some((frame.pixel(x, y), inside(frame.left + x, frame.top + y)?)))
            .collect();
        for &(pixel, at) in &places {
            let source = pixel.map(f64::from);
            canvas[at] = if frame.over { over(source, canvas[at]) } else { source };
        }
        shown.push(canvas.clone());
        match frame.dispose {
            Dispose::None => {}
            Dispose::Background => places.iter().for_each(|&(_, at)| canvas[at] = [0.0; 4]),
            Dispose::Previous => canvas = before,
        }
    }
    shown
}

/// Porter and Duff's "over", of straight colors.
fn over(source: [f64; 4], below: [f64; 4]) -> [f64; 4] {
    let (top, rest) = (source[3] / 255.0, below[3] / 255.0 * (1.0 - source[3] / 255.0));
    let alpha = top + rest;
    if alpha == 0.0 {
        return [0.0; 4];
    }
    let mix = |channel: usize| (source[channel] * top + below[channel] * rest) / alpha;
    [mix(0), mix(1), mix(2), alpha * 255.0]
}

/// A GIF file (GIF89a). Its frames know no blending: a pixel is opaque, or leaves what is there.
pub(crate) fn gif(screen: (u16, u16), frames: &[Frame]) -> Vec<u8> {
    let mut file = b"GIF89a".to_vec();
    file.extend([screen.0.to_le_bytes(), screen.1.to_le_bytes()].concat());
    file.extend([0x00, 0, 0]);
    for frame in frames {
        let disposal = match frame.dispose {
            Dispose::None => 1,
            Dispose::Background => 2,
            Dispose::Previous => 3,
        };
        let clear = frame.colors.iter().position(|color| color[3] == 0);
        let delay = u16::try_from(frame.milliseconds / 10).unwrap().to_le_bytes();
        file.extend([0x21, 0xf9, 4, disposal << 2 | u8::from(clear.is_some()), delay[0], delay[1]]);
        file.extend([u8::try_from(clear.unwrap_or(0)).unwrap(), 0, 0x2c]);
        for number in [frame.left, frame.top, frame.width, frame.height] {
            file.extend(u16::try_from(number).unwrap().to_le_bytes());
        }
        file.push(0x81);
        let colors = [frame.colors[0], frame.colors[1], [0; 4], [0; 4]];
        file.extend(colors.iter().flat_map(|color| [color[0], color[1], color[2]]));
        // LZW whose codes never grow: 2 bits a pixel, cleared after every two.
        let mut bits = Bits::default();
        for (at, pixel) in frame.pixels().enumerate() {
            if at % 2 == 0 {
                bits.put(4, 3);
            }
            bits.put(u32::from(pixel != frame.colors[0]), 3);
        }
        bits.put(5, 3);
        file.push(2);
        for block in bits.bytes.chunks(255) {
            file.push(u8::try_from(block.len()).unwrap());
            file.extend(block);
        }
        file.push(0);
    }
    file.push(0x3b);
    file
}

/// A PNG file with animation chunks, all of whose frames have alpha. With a `default` image, that is no part of the animation.
pub(crate) fn png(width: u32, height: u32, frames: &[Frame], default: Option<Frame>) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |name: &[u8; 4], data: &[u8]| {
        file.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        let named = [name, data].concat();
        file.extend(&named);
        file.extend(crc(&named).to_be_bytes());
    };
    chunk(b"IHDR", &[&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat());
    chunk(b"acTL", &[u32::try_from(frames.len()).unwrap().to_be_bytes(), [0; 4]].concat());
    if let Some(default) = default {
        chunk(b"IDAT", &deflated(&default));
    }
    let mut sequence = 0_u32;
    for (number, frame) in frames.iter().enumerate() {
        let mut control = Vec::new();
        for value in [sequence, frame.width, frame.height, frame.left, frame.top] {
            control.extend(value.to_be_bytes());
        }
        control.extend(u16::try_from(frame.milliseconds).unwrap().to_be_bytes());
        control.extend(1000_u16.to_be_bytes());
        control.extend([frame.dispose as u8, u8::from(frame.over)]);
        chunk(b"fcTL", &control);
        sequence += 1;
        if number == 0 && default.is_none() {
            chunk(b"IDAT", &deflated(frame));
        } else {
            chunk(b"fdAT", &[&sequence.to_be_bytes()[..], &deflated(frame)].concat());
            sequence += 1;
        }
    }
    chunk(b"IEND", &[]);
    file
}

/// The rows of a frame in a zlib stream of one stored block.
fn deflated(frame: &Frame) -> Vec<u8> {
    let mut rows = Vec::new();
    for (at, pixel) in frame.pixels().enumerate() {
        if at % frame.width as usize == 0 {
            rows.push(0);
        }
        rows.extend(pixel);
    }
    let length = u16::try_from(rows.len()).unwrap();
    let (low, high) = rows.iter().fold((1, 0), |(low, high), &byte| {
        let low = (low + u32::from(byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    [&[0x78, 1, 1][..], &length.to_le_bytes(), &(!length).to_le_bytes(), &rows, &(high << 16 | low).to_be_bytes()].concat()
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

/// A lossless WebP file with animation chunks; offsets are even, and `Dispose::Previous` is none of its kinds.
pub(crate) fn webp(width: u32, height: u32, frames: &[Frame]) -> Vec<u8> {
    let chunk = |name: &[u8; 4], data: &[u8]| {
        let padding = vec![0; data.len() % 2];
        [name, &u32::try_from(data.len()).unwrap().to_le_bytes()[..], data, &padding].concat()
    };
    let three = |number: u32| number.to_le_bytes()[..3].to_vec();
    let mut body = b"WEBP".to_vec();
    body.extend(chunk(b"VP8X", &[&[0x12, 0, 0, 0][..], &three(width - 1), &three(height - 1)].concat()));
    body.extend(chunk(b"ANIM", &[0; 6]));
    for frame in frames {
        assert!(frame.left % 2 == 0 && frame.top % 2 == 0 && frame.dispose != Dispose::Previous);
        let flags = u8::from(frame.dispose == Dispose::Background) | u8::from(!frame.over) << 1;
        let numbers = [frame.left / 2, frame.top / 2, frame.width - 1, frame.height - 1, frame.milliseconds];
        let header: Vec<u8> = numbers.into_iter().flat_map(three).chain([flags]).collect();
        body.extend(chunk(b"ANMF", &[header, chunk(b"VP8L", &lossless(frame))].concat()));
    }
    chunk(b"RIFF", &body)
}

/// The VP8L stream of a frame: one prefix code of at most two symbols for each channel (WebP Lossless Bitstream Specification, 6.2).
fn lossless(frame: &Frame) -> Vec<u8> {
    let [one, two] = frame.colors;
    let mut bits = Bits { bytes: vec![0x2f], ..Bits::default() };
    bits.put(frame.width - 1, 14);
    bits.put(frame.height - 1, 14);
    bits.put(u32::from(one[3] < 255 || two[3] < 255), 1);
    // Version, and neither transforms nor a color cache nor several groups of codes.
    bits.put(0, 3 + 3);
    let order = [1, 0, 2, 3];
    for channel in order {
        let (low, high) = (one[channel].min(two[channel]), one[channel].max(two[channel]));
        bits.put(1 | u32::from(low != high) << 1 | 1 << 2, 3);
        bits.put(low.into(), 8);
        if low != high {
            bits.put(high.into(), 8);
        }
    }
    // The code of distances, of which there are none.
    bits.put(1, 4);
    for pixel in frame.pixels() {
        for channel in order.into_iter().filter(|&channel| one[channel] != two[channel]) {
            bits.put(u32::from(pixel[channel] == one[channel].max(two[channel])), 1);
        }
    }
    bits.bytes
}

/// Bits, the lowest first.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    used: u32,
}

impl Bits {
    fn put(&mut self, value: u32, count: u32) {
        for at in 0..count {
            if self.used.is_multiple_of(8) {
                self.bytes.push(0);
            }
            *self.bytes.last_mut().unwrap() |= u8::try_from(value >> at & 1).unwrap() << (self.used % 8);
            self.used += 1;
        }
    }
}
