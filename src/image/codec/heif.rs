//! The container of HEIC and AVIF, by `heifer-isobmff`: which items make up the picture, and how it is cropped and turned.
//!
//! Animated AVIF files hold their frames in a track instead, which `heif/sequence.rs` reads.

mod placing;
mod samples;
mod sequence;

use std::borrow::Cow;

use heifer_isobmff::{
    Error, FourCC, HeifFile, ItemId,
    boxes::{ColorInfo, Property},
};

use self::placing::{Placing, placing};
pub(super) use self::{
    placing::Crop,
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
    /// Pixels of a tile.
    pub(super) tile_pixels: u64,
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
                Ok::<_, ImageError>(Coded {
                    tiles,
                    columns: colour.columns,
                    tile_pixels: colour.tile_pixels,
                    size: colour.size,
                    yuv: yuv_of_items(&file, &alphas),
                })
            })
            .transpose()?,
    };
    let premultiplied = alpha_id.is_some_and(|alpha| file.referenced_items(id, b"prem").contains(&alpha));
    Ok(Still { colour, alpha, premultiplied, crop: placing_of_item(format, &file, id)?.crop })
}

fn coded<'a>(file: &HeifFile<'a>, id: ItemId, otherwise: Option<Size>) -> Result<Coded<'a>, ImageError> {
    let size = size(Format::Avif, file, id).or_else(|error| otherwise.ok_or(error))?;
    match &kind(file, id) {
        b"av01" => Ok(Coded { tiles: vec![data(file, id)?], columns: 1, tile_pixels: size.pixels(), size, yuv: yuv_of_items(file, &[id]) }),
        b"grid" => {
            let grid = file.grid(id).map_err(|failure| error(Format::Avif, &failure))?;
            let tiles = file.referenced_items(id, b"dimg");
            let expected = usize::from(grid.rows) * usize::from(grid.columns);
            if tiles.len() != expected {
                let reason = format!("found {} tiles, expected {expected}", tiles.len());
                return Err(ImageError::Damaged { format: Format::Avif, reason });
            }
            let yuv = yuv_of_items(file, &[&[id], tiles].concat());
            let tile_size = tiles.first().and_then(|&tile| self::size(Format::Avif, file, tile).ok());
            let tiles = tiles.iter().map(|&tile| data(file, tile)).collect::<Result<_, _>>()?;
            Ok(Coded { tiles, columns: grid.columns.into(), tile_pixels: tile_size.unwrap_or(size).pixels(), size, yuv })
        }
        other => {
            let reason = format!("pictures of the kind `{}` are not supported", other.escape_ascii());
            Err(ImageError::Unsupported { format: Format::Avif, reason })
        }
    }
}

/// Pixels of the primary picture, or of a frame of a sequence, as they are coded: before it is cropped, and with all of its tiles.
pub(super) fn coded_pixels(format: Format, bytes: &[u8]) -> Result<u64, ImageError> {
    if format == Format::Avif
        && let Some(sequence) = sequence(bytes)?
    {
        return Ok(sequence.colour.size.pixels());
    }
    let file = parse(format, bytes)?;
    let id = file.primary_id;
    let tiles = file.referenced_items(id, b"dimg");
    let whole = size(format, &file, id)?.pixels();
    let in_tiles = tiles.iter().filter_map(|&tile| size(format, &file, tile).ok()).map(Size::pixels).fold(0, u64::saturating_add);
    Ok(whole.max(in_tiles))
}

/// Bytes of a decoded pixel by the configuration of AV1, times two: 2 is grey in 8 bits. Without one, as many as there can be.
pub(super) fn half_bytes(bytes: &[u8]) -> Result<u64, ImageError> {
    let configuration = if let Some(sequence) = sequence(bytes)? {
        configuration(sequence.colour.properties.iter())
    } else {
        let file = parse(Format::Avif, bytes)?;
        configuration(properties(&file, first_tile(&file, file.primary_id)))
    };
    let flags = configuration.unwrap_or(0x40);
    // Grey, a quarter or half as much chroma, or all of it.
    let samples = match flags & 0x1c {
        flags if flags & 0x10 != 0 => 2,
        0x0c => 3,
        0x08 => 4,
        _ => 6,
    };
    Ok(samples * if flags & 0x40 == 0 { 1 } else { 2 })
}

/// Samples of a decoded pixel by the configuration of HEVC, times two: 2 is grey. Without one, as many as there can be.
pub(super) fn hevc_samples(bytes: &[u8]) -> Result<u64, ImageError> {
    let file = parse(Format::Heic, bytes)?;
    let chroma = properties(&file, first_tile(&file, file.primary_id)).find_map(|property| match property {
        Property::HevcConfig(configuration) => Some(configuration.chroma_format),
        _ => None,
    });
    Ok(match chroma {
        Some(0) => 2,
        Some(1) => 3,
        Some(2) => 4,
        _ => 6,
    })
}

/// The flags in `av1C` that tell bits and chroma.
fn configuration<'p>(mut properties: impl Iterator<Item = &'p Property>) -> Option<u8> {
    properties.find_map(|property| match property {
        Property::Unknown(CONFIGURATION, content) => content.get(2).copied(),
        _ => None,
    })
}

/// The box with the configuration of an AV1 decoder.
const CONFIGURATION: FourCC = FourCC(*b"av1C");

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

fn placing_of_item(format: Format, file: &HeifFile<'_>, id: ItemId) -> Result<Placing, ImageError> {
    placing(format, size(format, file, id)?, properties(file, id))
}

fn parse(format: Format, bytes: &[u8]) -> Result<HeifFile<'_>, ImageError> {
    HeifFile::parse(bytes).map_err(|failure| match failure {
        Error::MissingBox(FourCC(kind)) if kind == *b"meta" && sequence::is_named(bytes) => {
            let reason = format!("it is an {format} image sequence without a still image, of which only those coded in AV1 are supported");
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
