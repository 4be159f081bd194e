//! A sequence of AVIF: frames coded one from another, in a track, and their alpha in a second one.
//!
//! Only what follows from the first to the last frame is read. Edit lists, which say how often to play it, and fragments (`moof`) are passed over.

use heifer_isobmff::{
    BoxIter, Error, FourCC,
    boxes::{self, Property},
    read_box_header,
};

use super::{
    ALPHA, Crop, Format, ImageError, Info, Orientation, Placing, Samples, Size, Yuv,
    bytes::{slice, u16_be, u32_be},
    configuration, error, placing,
    samples::Tables,
    yuv,
};

/// The box that says what an auxiliary track is for.
const MEANING: FourCC = FourCC(*b"auxi");

/// Bytes in a sample entry of a picture, before the boxes in it.
const SAMPLE_ENTRY: usize = 78;

/// The frames of an animation.
pub(in super::super) struct Sequence<'a> {
    /// The colours.
    pub(in super::super) colour: Track<'a>,
    /// The alpha, in as many frames.
    pub(in super::super) alpha: Option<Track<'a>>,
    /// Whether the colours were multiplied by alpha.
    pub(in super::super) premultiplied: bool,
}

/// A track of pictures coded in AV1.
pub(in super::super) struct Track<'a> {
    id: u32,
    /// Width and height of the coded frames.
    pub(in super::super) size: Size,
    /// The boxes in its sample entry, which mean what they mean for an item.
    pub(super) properties: Vec<Property>,
    /// How its header turns it.
    matrix: Orientation,
    /// The tracks that it is auxiliary to.
    auxiliary_to: Vec<u32>,
    /// The tracks of alpha by which its colours were multiplied.
    multiplied_by: Vec<u32>,
    tables: Tables<'a>,
}

impl<'a> Sequence<'a> {
    /// What the track says of its frames.
    pub(super) fn info(&self) -> Result<Info, ImageError> {
        let placing = self.placing()?;
        Ok(Info {
            orientation: placing.orientation,
            has_alpha: self.alpha.is_some(),
            bit_depth: self.colour.bits(),
            frames: self.colour.tables.count(),
            ..Info::new(Format::Avif, placing.crop.size)
        })
    }

    /// The part of the frames that is shown.
    pub(in super::super) fn crop(&self) -> Result<Crop, ImageError> {
        Ok(self.placing()?.crop)
    }

    /// Crop and turn by the sample entry, as an item has them; where that turns nothing, the matrix of the track does.
    fn placing(&self) -> Result<Placing, ImageError> {
        let track = &self.colour;
        let placing = placing(Format::Avif, track.size, track.properties.iter())?;
        let is_turned = track.properties.iter().any(|property| matches!(property, Property::Rotation(_) | Property::Mirror(_)));
        Ok(if is_turned { placing } else { Placing { orientation: track.matrix, ..placing } })
    }
}

impl<'a> Track<'a> {
    /// How its samples become colours; where the container says so.
    pub(in super::super) fn yuv(&self) -> Option<Yuv> {
        yuv(self.properties.iter())
    }

    /// Its samples, from the first.
    pub(in super::super) const fn samples(&self) -> Samples<'a> {
        self.tables.samples()
    }

    /// Bits in a sample, by `av1C`.
    fn bits(&self) -> u8 {
        match configuration(self.properties.iter()).map_or(0, |flags| flags & 0x60) {
            0x40 => 10,
            0x60 => 12,
            _ => 8,
        }
    }

    /// Whether it may be what stands for alpha; without a word on its meaning it may.
    fn may_be_alpha(&self) -> bool {
        self.properties.iter().all(|property| match property {
            Property::Unknown(MEANING, content) => {
                let name = content.get(4..).and_then(|name| name.split(|&byte| byte == 0).next());
                ALPHA.iter().any(|alpha| Some(alpha.as_bytes()) == name)
            }
            _ => true,
        })
    }
}

/// The sequence of a file whose main brand says that it is one, or that has no picture beside it; none if there is no track coded in AV1.
///
/// # Errors
/// [`ImageError::Damaged`] or [`ImageError::Truncated`] if there is one that cannot be read.
pub(in super::super) fn sequence(bytes: &[u8]) -> Result<Option<Sequence<'_>>, ImageError> {
    if slice(bytes, 8, 4) != Some(b"avis") && top_level(bytes, b"meta").is_some() {
        return Ok(None);
    }
    let Some(movie) = top_level(bytes, b"moov") else { return Ok(None) };
    let mut tracks = Vec::new();
    for child in BoxIter::new(movie) {
        let child = child.map_err(|failure| refused(&failure))?;
        if child.header.box_type.0 == *b"trak" {
            tracks.extend(track(child.content, bytes.len())?);
        }
    }
    let Some(colour) = tracks.iter().position(|track| track.auxiliary_to.is_empty()).map(|found| tracks.swap_remove(found)) else {
        return Ok(None);
    };
    let alpha = tracks.into_iter().find(|track| track.auxiliary_to.contains(&colour.id) && track.may_be_alpha());
    if let Some(alpha) = &alpha
        && alpha.tables.count() != colour.tables.count()
    {
        let reason = format!("found {} frames of alpha, expected {}", alpha.tables.count(), colour.tables.count());
        return Err(ImageError::Damaged { format: Format::Avif, reason });
    }
    let premultiplied = alpha.as_ref().is_some_and(|alpha| colour.multiplied_by.contains(&alpha.id));
    Ok(Some(Sequence { colour, alpha, premultiplied }))
}

/// The main brands of files that are image sequences (ISO/IEC 23008-12, and the AVIF specification).
const BRANDS: [&[u8]; 6] = [b"hevc", b"hevx", b"hevm", b"hevs", b"msf1", b"avis"];

/// Whether a file has tracks, or says by its main brand that it should have.
pub(super) fn is_named(bytes: &[u8]) -> bool {
    slice(bytes, 8, 4).is_some_and(|brand| BRANDS.contains(&brand)) || top_level(bytes, b"moov").is_some()
}

/// The content of the first box of a kind; of one that the file cuts off, what is there.
fn top_level<'a>(file: &'a [u8], kind: &[u8; 4]) -> Option<&'a [u8]> {
    let mut rest = file;
    loop {
        let header = read_box_header(rest).ok()?;
        let length = header.size.map_or(Some(rest.len()), |size| usize::try_from(size).ok()).unwrap_or(usize::MAX).min(rest.len());
        let (found, later) = rest.split_at(length);
        if header.box_type.0 == *kind {
            return found.get(usize::try_from(header.header_size).ok()?..);
        }
        rest = later;
    }
}

/// The content of the first box of a kind among `boxes`.
fn child<'a>(boxes: &'a [u8], kind: &[u8; 4]) -> Result<Option<&'a [u8]>, ImageError> {
    for child in BoxIter::new(boxes) {
        let child = child.map_err(|failure| refused(&failure))?;
        if child.header.box_type.0 == *kind {
            return Ok(Some(child.content));
        }
    }
    Ok(None)
}

/// The content of a box inside of others, from the outer to the inner.
fn descendant<'a>(boxes: &'a [u8], path: &[&[u8; 4]]) -> Result<Option<&'a [u8]>, ImageError> {
    let mut found = boxes;
    for kind in path {
        let Some(content) = child(found, kind)? else { return Ok(None) };
        found = content;
    }
    Ok(Some(found))
}

/// A track with frames in AV1, in a file of `length` bytes; none if it holds anything else.
fn track(content: &[u8], length: usize) -> Result<Option<Track<'_>>, ImageError> {
    let Some(table) = descendant(content, &[b"mdia", b"minf", b"stbl"])? else { return Ok(None) };
    // A full box, and the number of entries; of several, the first is asked.
    let Some(entries) = child(table, b"stsd")?.and_then(|entries| entries.get(8..)) else { return Ok(None) };
    let Some(entry) = child(entries, b"av01")? else { return Ok(None) };
    let short = |kind: &str| ImageError::Damaged { format: Format::Avif, reason: format!("the `{kind}` box of a track is too short") };
    let (Some(width), Some(height), Some(properties)) = (u16_be(entry, 24), u16_be(entry, 26), entry.get(SAMPLE_ENTRY..)) else {
        return Err(short("av01"));
    };
    let header = child(content, b"tkhd")?.unwrap_or_default();
    // Times have 64 bits in version 1, and 32 before.
    let (id_at, matrix_at) = if header.first() == Some(&1) { (20, 52) } else { (12, 40) };
    let Some(id) = u32_be(header, id_at) else { return Err(short("tkhd")) };
    let media = descendant(content, &[b"mdia", b"mdhd"])?.unwrap_or_default();
    let timescale = u32_be(media, if media.first() == Some(&1) { 20 } else { 12 }).ok_or_else(|| short("mdhd"))?;
    let mut found = [const { None }; TABLES.len()];
    for (kind, found) in TABLES.iter().zip(&mut found) {
        *found = child(table, kind)?;
    }
    let tables = Tables::read(timescale, length, |kind| {
        TABLES.iter().zip(&found).find(|&(name, _)| *name == kind).and_then(|(_, &content)| content)
    })?;
    if tables.count() == 0 {
        return Ok(None);
    }
    let references = child(content, b"tref")?.unwrap_or_default();
    let references = |kind| Ok::<_, ImageError>(child(references, kind)?.map(ids).unwrap_or_default());
    Ok(Some(Track {
        id,
        size: Size::new(width.into(), height.into()),
        properties: boxes::parse_property_container(properties).map_err(|failure| refused(&failure))?,
        matrix: slice(header, matrix_at, 36).and_then(turned).unwrap_or(Orientation::Upright),
        auxiliary_to: references(b"auxl")?,
        multiplied_by: references(b"prem")?,
        tables,
    }))
}

/// The tables of samples that are read.
const TABLES: [&[u8; 4]; 5] = [b"stsz", b"stco", b"co64", b"stsc", b"stts"];

/// The numbers of tracks in a reference.
fn ids(content: &[u8]) -> Vec<u32> {
    content.chunks_exact(4).filter_map(|id| u32_be(id, 0)).collect()
}

/// The orientation that a matrix of nine fixed-point numbers means; none if it does more than to turn and to mirror.
fn turned(matrix: &[u8]) -> Option<Orientation> {
    let number = |index: usize| match u32_be(matrix, index * 4) {
        Some(0) => Some(0),
        Some(0x1_0000) => Some(1),
        Some(0xffff_0000) => Some(-1),
        _ => None,
    };
    // Columns go to (a, b), rows to (c, d), both to the right and downwards; the numbers between are for perspective.
    Some(match (number(0)?, number(1)?, number(3)?, number(4)?) {
        (1, 0, 0, 1) => Orientation::Upright,
        (0, 1, -1, 0) => Orientation::Rotate90,
        (-1, 0, 0, -1) => Orientation::Rotate180,
        (0, -1, 1, 0) => Orientation::Rotate270,
        (-1, 0, 0, 1) => Orientation::FlipHorizontal,
        (1, 0, 0, -1) => Orientation::FlipVertical,
        (0, 1, 1, 0) => Orientation::Transpose,
        (0, -1, -1, 0) => Orientation::Transverse,
        _ => return None,
    })
}

fn refused(failure: &Error) -> ImageError {
    error(Format::Avif, failure)
}

#[cfg(test)]
mod tests;
