//! Writes TIFF files, byte by byte.
#![allow(dead_code, unreachable_pub, reason = "each test program uses a part of this")]

/// How the numbers of a file are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    pub big_endian: bool,
    /// BigTIFF: offsets have 64 bits.
    pub big: bool,
}

pub const LITTLE: Form = Form { big_endian: false, big: false };
pub const FORMS: [Form; 4] =
    [LITTLE, Form { big_endian: true, big: false }, Form { big_endian: false, big: true }, Form { big_endian: true, big: true }];

impl Form {
    pub fn number(self, value: u64, size: usize) -> Vec<u8> {
        let bytes = if self.big_endian { value.to_be_bytes()[8 - size..].to_vec() } else { value.to_le_bytes()[..size].to_vec() };
        assert!(size == 8 || value >> (size * 8) == 0, "{value} in {size} bytes");
        bytes
    }

    const fn word(self) -> usize {
        if self.big { 8 } else { 4 }
    }
}

/// One IFD: its tags, as number and values, and the data of its strips or tiles.
#[derive(Debug, Clone, Default)]
pub struct Image {
    pub tags: Vec<(u16, Vec<u64>)>,
    pub texts: Vec<(u16, &'static str)>,
    pub chunks: Vec<Vec<u8>>,
    /// IFDs below this one.
    pub children: Vec<Image>,
}

impl Image {
    /// An image in one strip; `tags` beyond those that every image has.
    pub fn new(width: u64, height: u64, bits: u64, photometric: u64, samples: u64, tags: &[(u16, &[u64])], strip: &[u8]) -> Self {
        let all = [
            (256, vec![width]),
            (257, vec![height]),
            (258, vec![bits; usize::try_from(samples).unwrap()]),
            (262, vec![photometric]),
            (277, vec![samples]),
        ];
        let mut image = Self { tags: all.to_vec(), chunks: vec![strip.to_vec()], ..Self::default() };
        for (tag, values) in tags {
            image = image.with(*tag, values);
        }
        image
    }

    /// The same with another value of a tag; without it, if there are no values.
    pub fn with(mut self, tag: u16, values: &[u64]) -> Self {
        self.tags.retain(|(other, _)| *other != tag);
        if !values.is_empty() {
            self.tags.push((tag, values.to_vec()));
        }
        self
    }

    pub fn file(self) -> Vec<u8> {
        file(LITTLE, &[self])
    }
}

/// A file with a chain of IFDs.
pub fn file(form: Form, images: &[Image]) -> Vec<u8> {
    let mut file = if form.big_endian { b"MM".to_vec() } else { b"II".to_vec() };
    file.extend(form.number(if form.big { 43 } else { 42 }, 2));
    if form.big {
        file.extend([form.number(8, 2), form.number(0, 2)].concat());
    }
    let mut link = file.len();
    file.extend(vec![0; form.word()]);
    for image in images {
        let (at, next) = write(form, &mut file, image);
        let offset = form.number(at as u64, form.word());
        file[link..link + form.word()].copy_from_slice(&offset);
        link = next;
    }
    file
}

/// Appends an IFD with all it refers to; returns where it is, and where the offset of the next one belongs.
fn write(form: Form, file: &mut Vec<u8>, image: &Image) -> (usize, usize) {
    let children: Vec<u64> = image.children.iter().map(|child| write(form, file, child).0 as u64).collect();
    let mut tags = image.tags.clone();
    if !children.is_empty() {
        tags.push((330, children));
    }
    let tiled = tags.iter().any(|(tag, _)| *tag == 322);
    let mut offsets = Vec::new();
    for chunk in &image.chunks {
        offsets.push(file.len() as u64);
        file.extend(chunk);
    }
    let has = |tag: u16| image.tags.iter().any(|(other, _)| *other == tag);
    if !image.chunks.is_empty() && !has(273) {
        tags.push((if tiled { 324 } else { 273 }, offsets));
        if !has(279) {
            tags.push((if tiled { 325 } else { 279 }, image.chunks.iter().map(|chunk| chunk.len() as u64).collect()));
        }
    }
    let mut entries: Vec<(u16, u64, usize, Vec<u8>)> = Vec::new();
    for (tag, values) in &tags {
        // SHORT where all values fit, LONG (or LONG8) where they do not.
        let (kind, size) = if values.iter().all(|&value| value < 1 << 16) {
            (3, 2)
        } else if form.big {
            (16, 8)
        } else {
            (4, 4)
        };
        entries.push((*tag, kind, values.len(), values.iter().flat_map(|&value| form.number(value, size)).collect()));
    }
    for (tag, text) in &image.texts {
        entries.push((*tag, 2, text.len(), text.as_bytes().to_vec()));
    }
    entries.sort();
    let mut directory = form.number(entries.len() as u64, if form.big { 8 } else { 2 });
    for (tag, kind, count, mut data) in entries {
        if data.len() > form.word() {
            let at = file.len() as u64;
            file.extend(&data);
            data = form.number(at, form.word());
        }
        data.resize(form.word(), 0);
        directory.extend([form.number(tag.into(), 2), form.number(kind, 2), form.number(count as u64, form.word()), data].concat());
    }
    let at = file.len();
    file.extend(&directory);
    let next = file.len();
    file.extend(vec![0; form.word()]);
    (at, next)
}
