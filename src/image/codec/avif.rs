//! AVIF by `re_rav1d`: grids, alpha, 8 to 12 bits, and sequences; rows are converted to RGB as they are asked for.

mod convert;
mod frame;

use std::time::Duration;

use re_rav1d::dav1d::{
    Decoder, Error as Av1Error, Picture as Av1Picture, PixelLayout, PlanarImageComponent as Component, Plane as Av1Plane, Settings,
    pixel::YUVRange,
};

use self::{
    convert::{Plane, Planes},
    frame::{Decoded, Frame, FrameRows, Mosaic},
};
use super::{
    Channels, Decode, Format, ImageError, Limits, Picture, Pixels, Player, Rows, Size, Warning, buffer,
    heif::{self, Coded, Crop, Samples, Sequence, Still, Track, Yuv},
    safe_decoders_only, unmultiplied,
};

/// The planes of a decoded picture; they share its memory.
type Tile = Planes<Av1Plane>;

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
            Stream::new(coded.tile_pixels.min(limits.max_pixels))?.decode(data.to_vec(), coded.yuv)
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
        let tile = self.stream.decode(data.to_vec(), self.yuv);
        Ok(Some((Mosaic::new([tile], 1, self.size)?, duration)))
    }
}

/// A decoder of pictures that may build on one another.
struct Stream {
    decoder: Decoder,
    /// Pixels that a picture may have.
    pixels: u64,
}

impl Stream {
    /// A decoder that refuses pictures with more pixels than the container says: memory was reckoned for these.
    fn new(pixels: u64) -> Result<Self, ImageError> {
        let mut settings = Settings::new();
        // A panic on a thread of its own would not end the picture, but be waited for in vain.
        settings.set_n_threads(1);
        settings.set_max_frame_delay(1); // each picture is asked for at once
        settings.set_all_layers(false); // of a layered picture only the best
        settings.set_frame_size_limit(u32::try_from(pixels).unwrap_or(u32::MAX));
        let decoder = Decoder::with_settings(&settings).map_err(|failure| damaged(failure.to_string()))?;
        Ok(Self { decoder, pixels })
    }

    /// The picture in the next piece of the stream; `yuv` is what the container says of its colours.
    fn decode(&mut self, data: Vec<u8>, yuv: Option<Yuv>) -> Result<Decoded, ImageError> {
        if data.is_empty() {
            return Err(damaged("found a picture without data".to_owned()));
        }
        match self.decoder.send_data(data, None, None, None) {
            Ok(()) => {}
            // Something is left behind the image of the piece before, which has to be taken first.
            Err(failure) if failure.is_again() => {
                if self.picture()?.is_some() {
                    return Err(damaged("found several images in one sample, expected one".to_owned()));
                }
                self.decoder.send_pending_data().map_err(|failure| self.failed(failure))?;
            }
            Err(failure) => return Err(self.failed(failure)),
        }
        let picture = self.picture()?.ok_or_else(|| damaged("found data without an image".to_owned()))?;
        // The getters for the stream's own codes panic on reserved ones, which ends this picture alone.
        let own = || (picture.matrix_coefficients() as u16, 2, picture.color_range() == YUVRange::Full);
        Ok((planes(&picture), yuv.unwrap_or_else(own)))
    }

    /// The next image of the data that was sent. With one thread, sending has decoded it already.
    ///
    /// Only to be called where there is one, or something is wrong: `get_picture` of `re_rav1d` 0.1.3 leaks a block of memory whenever it has none, which
    /// keeps the allocator from giving back what lies around it.
    fn picture(&mut self) -> Result<Option<Av1Picture>, ImageError> {
        match self.decoder.get_picture() {
            Ok(picture) => Ok(Some(picture)),
            Err(failure) if failure.is_again() => Ok(None),
            Err(failure) => Err(self.failed(failure)),
        }
    }

    fn failed(&self, failure: Av1Error) -> ImageError {
        damaged(match failure {
            // The one thing that this decoder has no word for.
            Av1Error::UnknownError(_) => format!("found a picture of more than {} pixels", self.pixels),
            known => known.to_string(),
        })
    }
}

fn planes(picture: &Av1Picture) -> Tile {
    let plane = |component| Plane { samples: picture.plane(component), stride: picture.stride(component) as usize };
    let layout = picture.pixel_layout();
    Planes {
        width: picture.width() as usize,
        height: picture.height() as usize,
        bits: u32::try_from(picture.bit_depth()).unwrap_or(8).clamp(8, 12),
        luma: plane(Component::Y),
        // To ask a grey picture for chroma would panic.
        chroma: (layout != PixelLayout::I400).then(|| [plane(Component::U), plane(Component::V)]),
        half_width: matches!(layout, PixelLayout::I420 | PixelLayout::I422),
        half_height: layout == PixelLayout::I420,
    }
}

const fn damaged(reason: String) -> ImageError {
    ImageError::Damaged { format: Format::Avif, reason }
}

const fn unsupported(reason: String) -> ImageError {
    ImageError::Unsupported { format: Format::Avif, reason }
}
