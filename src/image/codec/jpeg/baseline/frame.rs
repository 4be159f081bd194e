//! What the headers say of a picture that is read here; anything unusual is left to other decoders.

use std::sync::Arc;

use super::{
    super::{
        super::{
            Size,
            bytes::{slice, u8_at, u16_be},
        },
        header::Segments,
    },
    huffman::{Kind, Table},
};

/// A picture in one scan of Huffman-coded blocks: grey, or luma and chroma.
pub(in super::super) struct Frame<'a> {
    pub(in super::super) size: Size,
    pub(in super::super) components: Vec<Component>,
    /// Blocks of the largest component in an MCU, across and down.
    pub(in super::super) sampling: (usize, usize),
    /// MCUs in the picture, across and down.
    pub(in super::super) mcus: (usize, usize),
    /// MCUs between two restart markers; none without such markers.
    pub(in super::super) restart: Option<usize>,
    /// The entropy-coded data, and all behind it.
    pub(in super::super) data: &'a [u8],
}

/// One component of a frame.
pub(in super::super) struct Component {
    /// Its blocks in an MCU, across and down.
    pub(in super::super) sampling: (usize, usize),
    /// Quantisation steps, in the order of the file.
    pub(in super::super) steps: [u16; 64],
    pub(in super::super) means: Arc<Table>,
    pub(in super::super) waves: Arc<Table>,
}

/// What a frame header says of a component, with the number of its quantisation table.
struct Described {
    id: u8,
    sampling: (usize, usize),
    steps: usize,
}

/// Tables that were defined so far, by their numbers.
#[derive(Default)]
struct Tables {
    steps: [Option<[u16; 64]>; 4],
    means: [Option<Arc<Table>>; 4],
    waves: [Option<Arc<Table>>; 4],
}

/// The frame of a file; none if it is of another kind, or if anything in front of the scan is out of order.
pub(in super::super) fn read(bytes: &[u8]) -> Option<Frame<'_>> {
    let mut tables = Tables::default();
    let mut frame = None;
    let mut restart = 0;
    let (mut is_jfif, mut adobe) = (false, None);
    let mut segments = Segments::new(bytes);
    while let Some(segment) = segments.next() {
        let data = segment.data;
        match segment.marker {
            0xc0 | 0xc1 if frame.is_none() => frame = Some(described(data)?),
            0xc4 => tables.read_codes(data)?,
            0xc0..=0xcf => return None,
            0xdb => tables.read_steps(data)?,
            0xdd => restart = u16_be(data, 0)?,
            0xe0 => is_jfif |= data.starts_with(b"JFIF\0"),
            0xee if data.starts_with(b"Adobe") => adobe = Some(u8_at(data, 11)?),
            0xda => {
                let (size, described) = frame?;
                if !has_luma_and_chroma(&described, is_jfif, adobe) {
                    return None;
                }
                let components = components(data, &described, &tables)?;
                return Frame::new(size, components, usize::from(restart), segments.rest());
            }
            _ => {}
        }
    }
    None
}

impl<'a> Frame<'a> {
    fn new(size: Size, components: Vec<Component>, restart: usize, data: &'a [u8]) -> Option<Self> {
        let largest = |of: fn((usize, usize)) -> usize| components.iter().map(|component| of(component.sampling)).max();
        let sampling = (largest(|sampling| sampling.0)?, largest(|sampling| sampling.1)?);
        // Luma is not smaller than chroma, and there is a whole number of its blocks for each of those.
        let first = components.first()?.sampling;
        let is_usual = |of: (usize, usize)| sampling.0.is_multiple_of(of.0) && sampling.1.is_multiple_of(of.1);
        if first != sampling || !components.iter().all(|component| is_usual(component.sampling)) {
            return None;
        }
        let mcus = ((size.width as usize).div_ceil(8 * sampling.0), (size.height as usize).div_ceil(8 * sampling.1));
        Some(Self { size, components, sampling, mcus, restart: Some(restart).filter(|&restart| restart > 0), data })
    }
}

fn described(data: &[u8]) -> Option<(Size, Vec<Described>)> {
    let (depth, height, width) = (u8_at(data, 0)?, u16_be(data, 1)?, u16_be(data, 3)?);
    let (found, _) = data.get(6..)?.as_chunks::<3>();
    let mut components: Vec<_> = found
        .iter()
        .map(|&[id, sampling, steps]| Described {
            id,
            sampling: (usize::from(sampling >> 4), usize::from(sampling & 15)),
            steps: steps.into(),
        })
        .collect();
    if depth != 8 || !matches!(components.len(), 1 | 3) || components.len() != usize::from(u8_at(data, 5)?) {
        return None;
    }
    if let [only] = components.as_mut_slice() {
        // A scan of one component is not interleaved: its MCU is one block, whatever the header says.
        only.sampling = (1, 1);
    }
    let is_allowed = |count| (1..=4).contains(&count);
    if !components.iter().all(|component| is_allowed(component.sampling.0) && is_allowed(component.sampling.1)) {
        return None;
    }
    Some((Size::new(width.into(), height.into()), components))
}

/// Whether three components are luma and chroma, as libjpeg decides it.
fn has_luma_and_chroma(components: &[Described], is_jfif: bool, adobe: Option<u8>) -> bool {
    match components {
        [a, b, c] => match adobe {
            _ if is_jfif => true,
            Some(transform) => transform != 0,
            None => [a.id, b.id, c.id] != *b"RGB",
        },
        _ => true,
    }
}

fn components(scan: &[u8], described: &[Described], tables: &Tables) -> Option<Vec<Component>> {
    if usize::from(u8_at(scan, 0)?) != described.len() {
        return None;
    }
    // All coefficients, at once: what only progressive pictures have otherwise.
    let (found, rest) = scan.get(1..)?.as_chunks::<2>();
    let (selectors, spectrum) = (found.get(..described.len())?, found.get(described.len()..)?);
    if spectrum != [[0, 63]] || rest != [0] {
        return None;
    }
    let pairs = selectors.iter().zip(described);
    pairs
        .map(|(&[id, numbers], described)| {
            let table = |tables: &[Option<Arc<Table>>; 4], number: u8| tables.get(usize::from(number))?.clone();
            Some(Component {
                sampling: described.sampling,
                steps: (id == described.id).then_some((*tables.steps.get(described.steps)?)?)?,
                means: table(&tables.means, numbers >> 4)?,
                waves: table(&tables.waves, numbers & 15)?,
            })
        })
        .collect()
}

impl Tables {
    fn read_codes(&mut self, data: &[u8]) -> Option<()> {
        let mut at = 0;
        while at < data.len() {
            let class = u8_at(data, at)?;
            let counts = data.get(at + 1..)?.first_chunk::<16>()?;
            let count = counts.iter().map(|&count| usize::from(count)).sum();
            let symbols = slice(data, at + 17, count)?;
            let (tables, kind) = match class >> 4 {
                0 => (&mut self.means, Kind::Mean),
                1 => (&mut self.waves, Kind::Waves),
                _ => return None,
            };
            *tables.get_mut(usize::from(class & 15))? = Some(Arc::new(Table::new(counts, symbols, kind)?));
            at += 17 + count;
        }
        Some(())
    }

    fn read_steps(&mut self, data: &[u8]) -> Option<()> {
        let mut at = 0;
        while at < data.len() {
            // Steps of 16 bits are for samples of more than 8.
            let number = usize::from(u8_at(data, at)?);
            *self.steps.get_mut(number)? = Some(data.get(at + 1..)?.first_chunk::<64>()?.map(u16::from));
            at += 65;
        }
        Some(())
    }
}
