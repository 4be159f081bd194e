//! AVIF by `re_rav1d`: grids, alpha, 8 to 12 bits, and sequences; rows are converted to RGB as they are asked for.

mod av1;
mod convert;
mod frame;

use std::{rc::Rc, time::Duration};

use self::{
    av1::{Decoder, Failure, Image},
    convert::{Plane, Planes},
    frame::{Decoded, Frame, FrameRows, Mosaic},
};
use super::{
    Channels, Decode, Format, ImageError, Limits, Picture, Pixels, Player, Rows, Size, Warning, buffer,
    heif::{self, Coded, Crop, Samples, Sequence, Still, Track, Yuv},
    safe_decoders_only, unmultiplied,
};

/// The planes of a decoded picture; they share its memory.
type Tile = Planes<av1::Plane>;

/// Decodes the primary picture, or the first frame of a sequence; it is not turned.
pub(super) fn open<'a>(bytes: &'a [u8], options: &Decode, limits: &Limits) -> Result<Box<dyn Picture + 'a>, ImageError> {
    refuse_assembly()?;
    let frame = match heif::sequence(bytes)? {
        Some(sequence) => {
            let first = SequencePlayer::new(bytes, &sequence, limits)?.next_frame()?;
            first.ok_or_else(|| damaged("it has no frame".to_owned()))?.0
        }
        None => still(&heif::still(bytes)?, options, limits)?,
    };
    Ok(Box::new(FrameRows::new(frame)))
}

/// Opens the animation.
pub(super) fn play<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Box<dyn Player + 'a>, ImageError> {
    refuse_assembly()?;
    let sequence = heif::sequence(bytes)?.ok_or_else(|| damaged("it has no frames".to_owned()))?;
    Ok(Box::new(SequencePlayer::new(bytes, &sequence, limits)?))
}

fn refuse_assembly() -> Result<(), ImageError> {
    if cfg!(feature = "fast-avif") && safe_decoders_only() {
        return Err(unsupported("COG_KIT_SAFE_DECODERS is set, and its decoder is in assembly".to_owned()));
    }
    Ok(())
}

fn still(still: &Still<'_>, options: &Decode, limits: &Limits) -> Result<Frame, ImageError> {
    let mosaic = |coded: &Coded<'_>| {
        limits.check_size(coded.size)?;
        let tiles = coded.tiles.iter().map(|data| {
            options.deadline.check(Format::Avif)?;
            Stream::new(coded.tile_pixels.min(limits.max_pixels))?.decode(data, coded.yuv)
        });
        Mosaic::new(tiles, coded.columns, coded.size)
    };
    Frame::new(mosaic(&still.colour)?, still.alpha.as_ref().map(mosaic).transpose()?, still.premultiplied, still.crop)
}

/// Decodes the frames of a sequence, each of which may need the ones before it.
struct SequencePlayer<'a> {
    colour: Layer<'a>,
    alpha: Option<Layer<'a>>,
    premultiplied: bool,
    crop: Crop,
    shown: Option<Frame>,
}

impl<'a> SequencePlayer<'a> {
    fn new(bytes: &'a [u8], sequence: &Sequence<'a>, limits: &Limits) -> Result<Self, ImageError> {
        Ok(Self {
            colour: Layer::new(bytes, &sequence.colour, limits)?,
            alpha: sequence.alpha.as_ref().map(|track| Layer::new(bytes, track, limits)).transpose()?,
            premultiplied: sequence.premultiplied,
            crop: sequence.crop()?,
            shown: None,
        })
    }

    fn next_frame(&mut self) -> Result<Option<(Frame, Duration)>, ImageError> {
        let Some((colour, duration)) = self.colour.next()? else { return Ok(None) };
        let alpha = match &mut self.alpha {
            Some(layer) => layer.next()?.map(|(alpha, _)| alpha),
            None => None,
        };
        Ok(Some((Frame::new(colour, alpha, self.premultiplied, self.crop)?, duration)))
    }
}

impl Player for SequencePlayer<'_> {
    fn next(&mut self) -> Result<Option<Duration>, ImageError> {
        let Some((frame, duration)) = self.next_frame()? else { return Ok(None) };
        self.shown = Some(frame);
        Ok(Some(duration))
    }

    fn pixels(&self) -> Result<Pixels, ImageError> {
        self.shown.as_ref().ok_or_else(|| damaged("it has no frame".to_owned()))?.pixels()
    }
}

/// A track that is being decoded.
struct Layer<'a> {
    bytes: &'a [u8],
    stream: Stream,
    samples: Samples<'a>,
    size: Size,
    yuv: Option<Yuv>,
}

impl<'a> Layer<'a> {
    fn new(bytes: &'a [u8], track: &Track<'a>, limits: &Limits) -> Result<Self, ImageError> {
        limits.check_size(track.size)?;
        Ok(Self { bytes, stream: Stream::new(track.size.pixels())?, samples: track.samples(), size: track.size, yuv: track.yuv() })
    }

    fn next(&mut self) -> Result<Option<(Mosaic, Duration)>, ImageError> {
        let Some((place, duration)) = self.samples.next()? else { return Ok(None) };
        let range = usize::try_from(place.start).ok().zip(usize::try_from(place.end).ok());
        let data = range.and_then(|(start, end)| self.bytes.get(start..end)).ok_or_else(|| {
            let reason = format!("the data of a frame ends at byte {}, the file at byte {}", place.end, self.bytes.len());
            ImageError::Truncated { format: Format::Avif, reason }
        })?;
        let tile = self.stream.decode(data, self.yuv);
        Ok(Some((Mosaic::new([tile], 1, self.size)?, duration)))
    }
}

/// A decoder of images that may build on one another.
struct Stream {
    decoder: Decoder,
    /// Pixels that an image may have.
    pixels: u64,
}

impl Stream {
    /// A decoder that refuses images with more pixels than the container says: memory was estimated for these.
    fn new(pixels: u64) -> Result<Self, ImageError> {
        let decoder = Decoder::new(u32::try_from(pixels).unwrap_or(u32::MAX)).map_err(|failure| failed(&failure, pixels))?;
        Ok(Self { decoder, pixels })
    }

    /// The image in the next piece of the stream; `yuv` is what the container says of its colors.
    fn decode(&mut self, data: &[u8], yuv: Option<Yuv>) -> Result<Decoded, ImageError> {
        if data.is_empty() {
            return Err(damaged("found a picture without data".to_owned()));
        }
        let image = self.decoder.decode(data).map_err(|failure| failed(&failure, self.pixels))?;
        let image = image.ok_or_else(|| damaged("found data without an image".to_owned()))?;
        let own = || image.matrix().map_or((2, 2, false), |(matrix, full_range)| (matrix, 2, full_range));
        let yuv = yuv.unwrap_or_else(own);
        Ok((planes(image), yuv))
    }
}

fn failed(failure: &Failure, pixels: u64) -> ImageError {
    damaged(match failure {
        Failure::TooLarge => format!("found a picture of more than {pixels} pixels"),
        Failure::Again => "found data that the decoder does not take".to_owned(),
        Failure::Other(reason) => (*reason).to_owned(),
    })
}

fn planes(image: Image) -> Tile {
    let image = Rc::new(image);
    let plane = |index| Plane { samples: av1::Plane::new(Rc::clone(&image), index), stride: image.stride(index.min(1)) };
    let (half_width, half_height) = image.subsampling();
    Planes {
        width: image.width(),
        height: image.height(),
        bits: image.bits(),
        luma: plane(0),
        chroma: (!image.is_gray()).then(|| [plane(1), plane(2)]),
        half_width,
        half_height,
    }
}

const fn damaged(reason: String) -> ImageError {
    ImageError::Damaged { format: Format::Avif, reason }
}

const fn unsupported(reason: String) -> ImageError {
    ImageError::Unsupported { format: Format::Avif, reason }
}
