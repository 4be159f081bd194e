//! The container of HEIC and AVIF, by `heifer-isobmff`: which items make up the picture, and how it is cropped and turned.
//!
//! Animated AVIF files hold their frames in a track instead, which `heif/sequence.rs` reads.

mod samples;
mod sequence;

use std::borrow::Cow;

use heifer_isobmff::{
    Error, FourCC, HeifFile, ItemId,
    boxes::{ColorInfo, Property},
};

pub(super) use self::{
    samples::Samples,
    sequence::{Sequence, Track, sequence},
};
use super::{Colours, Format, ImageError, Info, Orientation, Size, bytes};

/// Alpha by its names in AVIF and in HEIC.
const ALPHA: [&str; 2] = ["urn:mpeg:mpegB:cicp:systems:auxiliary:alpha", "urn:mpeg:hevc:2015:auxid:1"];

/// The header of the primary picture, or of a sequence of AVIF.
///
/// An AVIF picture is handed out as stored, for us to turn; the HEIC decoder turns pictures itself. EXIF says nothing here: it repeats, or contradicts.
pub(super) fn info(format: Format, bytes: &[u8]) -> Result<Info, ImageError> {
    if format == Format::Avif
        && let Some(sequence) = sequence(bytes)?
    {
        return sequence.info();
    }
    let file = parse(format, bytes)?;
    let id = file.primary_id;
    let placing = placing_of_item(format, &file, id)?;
    let depth = properties(&file, id).chain(properties(&file, first_tile(&file, id))).find_map(|property| match property {
        Property::PixelInfo(bits) => bits.first().copied(),
        _ => None,
    });
    let tiles = file.referenced_items(id, b"dimg");
    let has_alpha = alpha_of(&file, id).is_some() || tiles.iter().any(|&tile| alpha_of(&file, tile).is_some());
    let (stored_size, orientation) = match format {
        Format::Avif => (placing.crop.size, placing.orientation),
        _ => (placing.orientation.upright_size(placing.crop.size), Orientation::Upright),
    };
    Ok(Info { orientation, has_alpha, bit_depth: depth.unwrap_or(8), ..Info::new(format, stored_size) })
}

/// The colours of the primary picture, or of a sequence of AVIF.
pub(super) fn colours(format: Format, bytes: &[u8]) -> Option<Colours<'static>> {
    if format == Format::Avif
        && let Some(sequence) = sequence(bytes).ok()?
    {
        return colours_of(sequence.colour.properties.iter());
    }
    let file = parse(format, bytes).ok()?;
    let id = file.primary_id;
    colours_of(properties(&file, id).chain(properties(&file, first_tile(&file, id))))
}

fn colours_of<'p>(properties: impl Iterator<Item = &'p Property>) -> Option<Colours<'static>> {
    let mut points = None;
    for property in properties {
        match property {
            Property::Color(ColorInfo::Icc(profile)) => return Some(Colours::Icc(Cow::Owned(profile.clone()))),
            Property::Color(ColorInfo::Nclx { primaries, transfer, .. }) => points = points.or(Some((*primaries, *transfer))),
            _ => {}
        }
    }
    let (primaries, transfer) = points?;
    Some(Colours::Cicp { primaries: u8::try_from(primaries).ok()?, transfer: u8::try_from(transfer).ok()? })
}

/// A coded picture of one or more tiles of equal size.
pub(super) struct Coded<'a> {
    /// The data of each tile, row by row.
    pub(super) tiles: Vec<Cow<'a, [u8]>>,
    /// Tiles in a row.
    pub(super) columns: usize,
    /// Width and height of the whole.
    pub(super) size: Size,
    /// How its samples become colours; where the container says so.
    pub(super) yuv: Option<Yuv>,
}

/// Matrix and primaries of ITU-T H.273, and whether samples use the full range.
pub(super) type Yuv = (u16, u16, bool);

/// A picture with its alpha, and the part of it that is shown.
pub(super) struct Still<'a> {
    /// The colours.
    pub(super) colour: Coded<'a>,
    /// The alpha.
    pub(super) alpha: Option<Coded<'a>>,
    /// Whether the colours were multiplied by alpha.
    pub(super) premultiplied: bool,
    /// The part that is shown.
    pub(super) crop: Crop,
}

/// The primary picture of an AVIF file.
pub(super) fn still(bytes: &[u8]) -> Result<Still<'_>, ImageError> {
    let format = Format::Avif;
    let file = parse(format, bytes)?;
    let id = file.primary_id;
    let colour = coded(&file, id, None)?;
    let tiles = file.referenced_items(id, b"dimg");
    let alpha_id = alpha_of(&file, id);
    let alpha = match alpha_id {
        // Without a size of its own it has the picture's.
        Some(alpha) => Some(coded(&file, alpha, Some(colour.size))?),
        // A grid may also have its alpha tile by tile.
        None => tiles
            .iter()
            .map(|&tile| alpha_of(&file, tile))
            .collect::<Option<Vec<_>>>()
            .filter(|tiles| !tiles.is_empty())
            .map(|alphas| {
                let tiles = alphas.iter().map(|&tile| data(&file, tile)).collect::<Result<_, _>>()?;
                Ok::<_, ImageError>(Coded { tiles, columns: colour.columns, size: colour.size, yuv: yuv_of_items(&file, &alphas) })
            })
            .transpose()?,
    };
    let premultiplied = alpha_id.is_some_and(|alpha| file.referenced_items(id, b"prem").contains(&alpha));
    Ok(Still { colour, alpha, premultiplied, crop: placing_of_item(format, &file, id)?.crop })
}

fn coded<'a>(file: &HeifFile<'a>, id: ItemId, otherwise: Option<Size>) -> Result<Coded<'a>, ImageError> {
    let size = size(Format::Avif, file, id).or_else(|error| otherwise.ok_or(error))?;
    match &kind(file, id) {
        b"av01" => Ok(Coded { tiles: vec![data(file, id)?], columns: 1, size, yuv: yuv_of_items(file, &[id]) }),
        b"grid" => {
            let grid = file.grid(id).map_err(|failure| error(Format::Avif, &failure))?;
            let tiles = file.referenced_items(id, b"dimg");
            let expected = usize::from(grid.rows) * usize::from(grid.columns);
            if tiles.len() != expected {
                let reason = format!("found {} tiles, expected {expected}", tiles.len());
                return Err(ImageError::Damaged { format: Format::Avif, reason });
            }
            let yuv = yuv_of_items(file, &[&[id], tiles].concat());
            let tiles = tiles.iter().map(|&tile| data(file, tile)).collect::<Result<_, _>>()?;
            Ok(Coded { tiles, columns: grid.columns.into(), size, yuv })
        }
        other => {
            let reason = format!("pictures of the kind `{}` are not supported", other.escape_ascii());
            Err(ImageError::Unsupported { format: Format::Avif, reason })
        }
    }
}

/// Whether the primary picture, or a sequence without one, is coded in AV1; none if there is no telling.
pub(super) fn is_av1(bytes: &[u8]) -> Option<bool> {
    let Ok(file) = HeifFile::parse(bytes) else {
        return sequence(bytes).ok()?.map(|_| true);
    };
    match &kind(&file, first_tile(&file, file.primary_id)) {
        b"av01" => Some(true),
        b"hvc1" | b"hev1" => Some(false),
        _ => None,
    }
}

/// The item itself, or the first one that it is derived from.
fn first_tile(file: &HeifFile<'_>, id: ItemId) -> ItemId {
    file.referenced_items(id, b"dimg").first().copied().unwrap_or(id)
}

fn kind(file: &HeifFile<'_>, id: ItemId) -> [u8; 4] {
    file.item(id).map_or(*b"    ", |item| item.item_type.0)
}

fn data<'a>(file: &HeifFile<'a>, id: ItemId) -> Result<Cow<'a, [u8]>, ImageError> {
    file.item_data(id).map_err(|failure| error(Format::Avif, &failure))
}

fn properties<'f>(file: &'f HeifFile<'_>, id: ItemId) -> impl Iterator<Item = &'f Property> {
    file.item_properties(id).into_iter().flatten()
}

fn alpha_of(file: &HeifFile<'_>, id: ItemId) -> Option<ItemId> {
    let is_alpha = |property: &Property| matches!(property, Property::AuxiliaryType(name) if ALPHA.contains(&name.as_str()));
    file.referencing_items(id, b"auxl").into_iter().find(|&other| properties(file, other).any(is_alpha))
}

fn yuv_of_items(file: &HeifFile<'_>, ids: &[ItemId]) -> Option<Yuv> {
    yuv(ids.iter().flat_map(|&id| properties(file, id)))
}

fn yuv<'p>(mut properties: impl Iterator<Item = &'p Property>) -> Option<Yuv> {
    properties.find_map(|property| match *property {
        Property::Color(ColorInfo::Nclx { primaries, matrix, full_range, .. }) => Some((matrix, primaries, full_range)),
        _ => None,
    })
}

fn size(format: Format, file: &HeifFile<'_>, id: ItemId) -> Result<Size, ImageError> {
    let found = match &kind(file, id) {
        b"grid" => file.grid(id).map(|grid| Some((grid.output_width, grid.output_height))),
        _ => file.image_size(id),
    };
    match found.map_err(|failure| error(format, &failure))? {
        Some((width, height)) => Ok(Size::new(width, height)),
        None => Err(ImageError::Damaged { format, reason: "it does not say its size".to_owned() }),
    }
}

/// A rectangle of a picture, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Crop {
    pub(super) left: u32,
    pub(super) top: u32,
    pub(super) size: Size,
}

/// What is shown of a coded picture, and how it is to be turned.
struct Placing {
    crop: Crop,
    orientation: Orientation,
}

fn placing_of_item(format: Format, file: &HeifFile<'_>, id: ItemId) -> Result<Placing, ImageError> {
    placing(format, size(format, file, id)?, properties(file, id))
}

/// Crop, turns and mirrors of a picture of `size`; by the rules of the container they stand in this order.
fn placing<'p>(format: Format, size: Size, properties: impl Iterator<Item = &'p Property>) -> Result<Placing, ImageError> {
    let mut crop = Crop { left: 0, top: 0, size };
    let mut turn = Turn::default();
    for property in properties {
        match *property {
            Property::CleanAperture { width, height, horiz_offset, vert_offset } => {
                if turn != Turn::default() {
                    return Err(ImageError::Unsupported { format, reason: "it is cropped after it was turned".to_owned() });
                }
                let (across, down) = (span(crop.size.width, width, horiz_offset), span(crop.size.height, height, vert_offset));
                let (Some((left, width)), Some((top, height))) = (across, down) else {
                    return Err(ImageError::Damaged { format, reason: "it is cropped to nothing".to_owned() });
                };
                crop = Crop { left, top, size: Size::new(width, height) };
            }
            Property::Rotation(quarters) => turn = turn.counter_clockwise(quarters),
            Property::Mirror(top_and_bottom) => turn = turn.mirror(top_and_bottom),
            _ => {}
        }
    }
    Ok(Placing { crop, orientation: turn.orientation() })
}

/// Start and length of what is left of a side of `whole` pixels; none if that is nothing.
fn span(whole: u32, length: (u32, u32), offset: (i32, u32)) -> Option<(u32, u32)> {
    if length.1 == 0 || offset.1 == 0 {
        return None;
    }
    let length = f64::from(length.0) / f64::from(length.1);
    let centre = f64::from(offset.0) / f64::from(offset.1) + (f64::from(whole) - 1.0) / 2.0;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates, which is what is wanted")]
    let (start, length) = ((centre - (length - 1.0) / 2.0).round() as u32, length.round() as u32);
    let start = start.min(whole);
    let length = length.min(whole - start);
    (length > 0).then_some((start, length))
}

/// Mirrored left to right if so, and then turned clockwise by quarters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Turn {
    mirrored: bool,
    quarters: u8,
}

impl Turn {
    const fn counter_clockwise(self, quarters: u8) -> Self {
        Self { quarters: (self.quarters + 4 - quarters % 4) % 4, ..self }
    }

    /// A mirror behind a turn is the opposite turn behind a mirror; top and bottom are left and right, turned by half.
    const fn mirror(self, top_and_bottom: bool) -> Self {
        let half = if top_and_bottom { 2 } else { 0 };
        Self { mirrored: !self.mirrored, quarters: (4 - self.quarters + half) % 4 }
    }

    const fn orientation(self) -> Orientation {
        match (self.mirrored, self.quarters) {
            (false, 1) => Orientation::Rotate90,
            (false, 2) => Orientation::Rotate180,
            (false, 3) => Orientation::Rotate270,
            (false, _) => Orientation::Upright,
            (true, 1) => Orientation::Transverse,
            (true, 2) => Orientation::FlipVertical,
            (true, 3) => Orientation::Transpose,
            (true, _) => Orientation::FlipHorizontal,
        }
    }
}

fn parse(format: Format, bytes: &[u8]) -> Result<HeifFile<'_>, ImageError> {
    HeifFile::parse(bytes).map_err(|failure| match failure {
        Error::MissingBox(FourCC(kind)) if kind == *b"meta" && sequence::is_there(bytes) => {
            let reason = "it is a sequence without a picture of its own, and only sequences coded in AV1 are read".to_owned();
            ImageError::Unsupported { format, reason }
        }
        failure => error(format, &failure),
    })
}

fn error(format: Format, error: &Error) -> ImageError {
    match error {
        Error::UnexpectedEof => ImageError::Truncated { format, reason: "the data ends early".to_owned() },
        other => ImageError::Damaged { format, reason: other.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_and_mirrors_add_up() {
        let plain = Turn::default();
        let cases = [
            (plain, Orientation::Upright),
            (plain.counter_clockwise(1), Orientation::Rotate270),
            (plain.counter_clockwise(3), Orientation::Rotate90),
            (plain.mirror(false), Orientation::FlipHorizontal),
            (plain.mirror(true), Orientation::FlipVertical),
            (plain.counter_clockwise(1).counter_clockwise(1), Orientation::Rotate180),
            // A quarter counter-clockwise sends (x, y) to (y, w-1-x); the mirrors then exchange the axes.
            (plain.counter_clockwise(1).mirror(true), Orientation::Transpose),
            (plain.counter_clockwise(1).mirror(false), Orientation::Transverse),
            (plain.counter_clockwise(2).mirror(true), Orientation::FlipHorizontal),
            (plain.mirror(true).mirror(false), Orientation::Rotate180),
        ];
        for (turn, expected) in cases {
            assert_eq!(turn.orientation(), expected, "{turn:?}");
        }
    }

    #[test]
    fn crops_stay_inside() {
        let cases = [
            ((100, (50, 1), (0, 1)), Some((25, 50))),
            ((100, (50, 1), (25, 1)), Some((50, 50))),
            ((100, (50, 1), (-40, 1)), Some((0, 50))),
            ((100, (50, 1), (1000, 1)), None),
            ((100, (0, 1), (0, 1)), None),
            ((100, (1, 0), (0, 1)), None),
            ((100, (u32::MAX, 1), (0, 1)), Some((0, 100))),
        ];
        for ((whole, length, offset), expected) in cases {
            assert_eq!(span(whole, length, offset), expected, "{whole} {length:?} {offset:?}");
        }
    }
}
