//! Any colours to sRGB, by `moxcms`.
//!
//! A profile that is broken, of a kind that has nothing to do with pictures, or for other channels than the picture has, is left aside; the caller flags it.

mod cache;

use std::{borrow::Cow, sync::Arc};

use moxcms::{
    CicpColorPrimaries, CicpProfile, ColorProfile, Layout, MatrixCoefficients, ParsingOptions, ProfileClass, TransferCharacteristics,
    Transform8BitExecutor, Transform16BitExecutor, TransformOptions,
};

use super::{Channels, ImageError, Pixels, bytes::slice, guard::contained, hdr, icc};

/// What a file says about its colours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Colours<'a> {
    /// An ICC profile.
    Icc(Cow<'a, [u8]>),
    /// Code points of ITU-T H.273.
    Cicp {
        /// Which red, green and blue.
        primaries: u8,
        /// Which curve.
        transfer: u8,
    },
}

impl Colours<'_> {
    /// The same, which owns its profile.
    fn into_owned(self) -> Colours<'static> {
        match self {
            Self::Icc(profile) => Colours::Icc(Cow::Owned(profile.into_owned())),
            Self::Cicp { primaries, transfer } => Colours::Cicp { primaries, transfer },
        }
    }

    /// A name to show: that of the profile, empty if it has none, or the code points; none for those of sRGB.
    pub(super) fn name(&self) -> Option<String> {
        match *self {
            Self::Icc(ref profile) => Some(icc::name(profile)),
            Self::Cicp { primaries, transfer } if hdr::is_wide(transfer) || cicp(primaries, transfer).is_some() => {
                Some(format!("CICP {primaries}/{transfer}"))
            }
            Self::Cicp { .. } => None,
        }
    }
}

/// Why there is no transform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unfit;

/// Pixels handed to the colour engine at a time.
const CHUNK: usize = 1024;

/// The way from a picture's colours to sRGB, for 8-bit samples; alpha is left alone.
#[derive(Clone)]
pub(super) struct ColourTransform {
    kind: Kind,
}

#[derive(Clone)]
enum Kind {
    Grey(Arc<[u8; 256]>),
    Rgb { channels: Channels, engine: Arc<Transform8BitExecutor> },
    ToneMap(Arc<hdr::ToneMap>),
}

impl ColourTransform {
    /// The transform for pixels with `channels`; none where it would change nothing.
    ///
    /// # Errors
    /// [`Unfit`] if the profile cannot be used with these channels.
    pub(super) fn new(colours: &Colours<'_>, channels: Channels) -> Result<Option<Self>, Unfit> {
        cache::remembered(colours, channels, || Self::make(colours, channels))
    }

    fn make(colours: &Colours<'_>, channels: Channels) -> Result<Option<Self>, Unfit> {
        let profile = match colours {
            Colours::Icc(bytes) => parse(bytes)?,
            Colours::Cicp { primaries, transfer } => match hdr::ToneMap::new(*primaries, *transfer) {
                Some(map) => return Ok(Some(Self { kind: Kind::ToneMap(Arc::new(map)) })),
                None => match cicp(*primaries, *transfer) {
                    Some(profile) => profile,
                    None => return Ok(None),
                },
            },
        };
        if let Some(code) = profile.cicp
            && let Some(map) = hdr::ToneMap::new(code.color_primaries as u8, code.transfer_characteristics as u8)
        {
            return Ok(Some(Self { kind: Kind::ToneMap(Arc::new(map)) }));
        }
        let colour = match channels {
            Channels::Luma | Channels::LumaAlpha => false,
            Channels::Rgb | Channels::Rgba => true,
        };
        // Code points fit grey pixels as well: all that is left of them there is the curve.
        match profile.color_space {
            moxcms::DataColorSpace::Rgb if colour => Self::rgb(&profile, channels),
            moxcms::DataColorSpace::Gray if !colour => Self::grey(&profile),
            moxcms::DataColorSpace::Rgb if matches!(colours, Colours::Cicp { .. }) => Ok(None),
            _ => Err(Unfit),
        }
    }

    fn rgb(profile: &ColorProfile, channels: Channels) -> Result<Option<Self>, Unfit> {
        let engine = engine(profile, Layout::Rgb, Layout::Rgb)?;
        if is_identity(engine.as_ref())? {
            return Ok(None);
        }
        let engine = if channels == Channels::Rgba { self::engine(profile, Layout::Rgba, Layout::Rgba)? } else { engine };
        Ok(Some(Self { kind: Kind::Rgb { channels, engine } }))
    }

    fn grey(profile: &ColorProfile) -> Result<Option<Self>, Unfit> {
        let engine = engine(profile, Layout::Gray, Layout::Rgb)?;
        let mut table: [u8; 256] = std::array::from_fn(|index| u8::try_from(index).unwrap_or(u8::MAX));
        let mut colours = [0; 256 * 3];
        engine.transform(&table, &mut colours).map_err(|_| Unfit)?;
        let mut changes = false;
        for (entry, colour) in table.iter_mut().zip(colours.chunks_exact(3)) {
            let grey = colour.get(1).copied().unwrap_or(*entry);
            changes |= grey.abs_diff(*entry) > 1;
            *entry = grey;
        }
        Ok(changes.then(|| Self { kind: Kind::Grey(Arc::new(table)) }))
    }

    /// Converts packed pixels with the channels that the transform was made for.
    pub(super) fn apply(&self, pixels: &mut [u8], channels: Channels) {
        match &self.kind {
            Kind::Grey(table) => {
                for pixel in pixels.chunks_exact_mut(channels.count()) {
                    if let Some(grey) = pixel.first_mut() {
                        *grey = table.get(usize::from(*grey)).copied().unwrap_or(*grey);
                    }
                }
            }
            Kind::Rgb { channels: made_for, engine } if *made_for == channels => {
                let mut copy = [0; CHUNK * 4];
                for chunk in pixels.chunks_mut(CHUNK * channels.count()) {
                    let Some(copy) = copy.get_mut(..chunk.len()) else { continue };
                    copy.copy_from_slice(chunk);
                    if !matches!(contained(|| engine.transform(copy, chunk)), Ok(Ok(()))) {
                        chunk.copy_from_slice(copy);
                    }
                }
            }
            Kind::Rgb { .. } => {}
            Kind::ToneMap(map) => map.apply(pixels, channels),
        }
    }

    /// The picture in sRGB.
    pub(super) fn to_srgb(&self, mut pixels: Pixels) -> Pixels {
        let channels = pixels.channels();
        self.apply(pixels.as_bytes_mut(), channels);
        pixels
    }

    /// Whether it brings high dynamic range down to that of a screen.
    pub(super) const fn is_tone_map(&self) -> bool {
        matches!(self.kind, Kind::ToneMap(_))
    }
}

impl std::fmt::Debug for ColourTransform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = match self.kind {
            Kind::Grey(_) => "grey",
            Kind::Rgb { .. } => "rgb",
            Kind::ToneMap(_) => "tone map",
        };
        f.debug_struct("ColourTransform").field("kind", &kind).finish_non_exhaustive()
    }
}

/// The way from a picture's colours to sRGB, for 16-bit samples, which become 8-bit ones after the conversion: cut before it, a steep curve would leave
/// too few of them.
pub(super) struct WideTransform {
    kind: WideKind,
    channels: Channels,
}

enum WideKind {
    Grey(Vec<u8>),
    Rgb(Arc<Transform16BitExecutor>),
    ToneMap(hdr::WideToneMap),
}

impl WideTransform {
    /// The transform for samples with `channels`; none where it would change nothing, and samples can be cut as they are.
    ///
    /// # Errors
    /// [`Unfit`] if the profile cannot be used with these channels.
    pub(super) fn new(colours: &Colours<'_>, channels: Channels) -> Result<Option<Self>, Unfit> {
        let Some(narrow) = ColourTransform::new(colours, channels)? else { return Ok(None) };
        if let Kind::ToneMap(map) = narrow.kind {
            return Ok(Some(Self { kind: WideKind::ToneMap(hdr::WideToneMap::new(map)), channels }));
        }
        let profile = match colours {
            Colours::Icc(bytes) => parse(bytes)?,
            Colours::Cicp { primaries, transfer } => cicp(*primaries, *transfer).ok_or(Unfit)?,
        };
        let engine =
            |from, to| profile.create_transform_16bit(from, &ColorProfile::new_srgb(), to, TransformOptions::default()).map_err(|_| Unfit);
        let kind = match channels {
            Channels::Luma | Channels::LumaAlpha => {
                let greys: Vec<u16> = (0..=u16::MAX).collect();
                let mut converted = vec![0; greys.len() * 3];
                engine(Layout::Gray, Layout::Rgb)?.transform(&greys, &mut converted).map_err(|_| Unfit)?;
                WideKind::Grey(converted.as_chunks::<3>().0.iter().map(|&[_, green, _]| narrowed(green)).collect())
            }
            Channels::Rgb => WideKind::Rgb(engine(Layout::Rgb, Layout::Rgb)?),
            Channels::Rgba => WideKind::Rgb(engine(Layout::Rgba, Layout::Rgba)?),
        };
        Ok(Some(Self { kind, channels }))
    }

    /// Converts packed 16-bit samples to as many 8-bit ones; alpha is only cut.
    pub(super) fn apply(&self, wide: &[u16], narrow: &mut [u8]) {
        let count = self.channels.count();
        for (sample, &wide) in narrow.iter_mut().zip(wide) {
            *sample = narrowed(wide);
        }
        match &self.kind {
            WideKind::Grey(table) => {
                for (pixel, wide) in narrow.chunks_exact_mut(count).zip(wide.chunks_exact(count)) {
                    if let (Some(grey), Some(&wide)) = (pixel.first_mut(), wide.first()) {
                        *grey = table.get(usize::from(wide)).copied().unwrap_or(*grey);
                    }
                }
            }
            WideKind::Rgb(engine) => {
                let mut converted = [0u16; CHUNK * 4];
                for (wide, narrow) in wide.chunks(CHUNK * count).zip(narrow.chunks_mut(CHUNK * count)) {
                    let Some(converted) = converted.get_mut(..wide.len()) else { continue };
                    if matches!(contained(|| engine.transform(wide, converted)), Ok(Ok(()))) {
                        for (sample, &wide) in narrow.iter_mut().zip(converted.iter()) {
                            *sample = narrowed(wide);
                        }
                    }
                }
            }
            WideKind::ToneMap(map) => map.apply(wide, narrow, self.channels),
        }
    }

    /// Whether it brings high dynamic range down to that of a screen.
    pub(super) const fn is_tone_map(&self) -> bool {
        matches!(self.kind, WideKind::ToneMap(_))
    }
}

/// The 8-bit sample nearest to a 16-bit one.
pub(super) fn narrowed(wide: u16) -> u8 {
    u8::try_from((u32::from(wide) * 255 + 32_767) / 65_535).unwrap_or(u8::MAX)
}

/// The way from ink amounts (255 is full) to sRGB.
pub(super) struct CmykTransform(Arc<Transform8BitExecutor>);

impl CmykTransform {
    /// The transform of a CMYK profile.
    ///
    /// # Errors
    /// [`Unfit`] if it is no such profile, or broken.
    pub(super) fn new(profile: &[u8]) -> Result<Self, Unfit> {
        let profile = parse(profile)?;
        if profile.color_space != moxcms::DataColorSpace::Cmyk {
            return Err(Unfit);
        }
        engine(&profile, Layout::Rgba, Layout::Rgb).map(Self)
    }

    /// Converts packed CMYK to packed RGB.
    ///
    /// # Errors
    /// [`Unfit`] if the lengths do not belong together.
    pub(super) fn apply(&self, cmyk: &[u8], rgb: &mut [u8]) -> Result<(), Unfit> {
        self.0.transform(cmyk, rgb).map_err(|_| Unfit)
    }
}

/// The colors that a profile is for, of those that pixels can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ProfileColors {
    Gray,
    Rgb,
}

/// What colors a profile is for.
///
/// # Errors
/// [`ImageError::UnfitProfile`] if it is damaged, too large, or for neither gray nor RGB.
pub(super) fn profile_colors(profile: &[u8]) -> Result<ProfileColors, ImageError> {
    let unfit = |found, expected| Err(ImageError::UnfitProfile { found, expected });
    if profile.len() > icc::MAX_BYTES {
        return unfit(format!("{} bytes", profile.len()), "at most 4194304");
    }
    // The color space of the data, and the signature of all profiles (ICC.1:2022, sections 7.2.8 and 7.2.11).
    let kind = match (slice(profile, 16, 4), slice(profile, 36, 4)) {
        (Some(b"RGB "), Some(b"acsp")) => Some(ProfileColors::Rgb),
        (Some(b"GRAY"), Some(b"acsp")) => Some(ProfileColors::Gray),
        (Some(other), Some(b"acsp")) => {
            return unfit(format!("a profile for {}", String::from_utf8_lossy(other).trim_end()), "one for RGB or gray");
        }
        _ => None,
    };
    kind.filter(|_| matches!(contained(|| parse(profile)), Ok(Ok(_)))).ok_or_else(|| ImageError::UnfitProfile {
        found: format!("{} bytes that are no usable profile", profile.len()),
        expected: "an ICC profile of an input, display, output or color space",
    })
}

fn parse(bytes: &[u8]) -> Result<ColorProfile, Unfit> {
    let options = ParsingOptions { max_profile_size: icc::MAX_BYTES, ..ParsingOptions::default() };
    if bytes.len() >= icc::MAX_BYTES {
        return Err(Unfit);
    }
    let parse = |tags: &&[&[u8; 4]]| ColorProfile::new_from_slice_with_options(&icc::with_tags_only(bytes, tags), options).ok();
    let profile = [icc::CONVERSION, icc::ESSENTIAL].iter().find_map(parse).filter(is_complete).ok_or(Unfit)?;
    match profile.profile_class {
        ProfileClass::InputDevice | ProfileClass::DisplayDevice | ProfileClass::OutputDevice | ProfileClass::ColorSpace => Ok(profile),
        _ => Err(Unfit),
    }
}

/// Whether a profile has what a conversion needs: a table, or the curves and primaries of its channels.
fn is_complete(profile: &ColorProfile) -> bool {
    let tables = [&profile.lut_a_to_b_perceptual, &profile.lut_a_to_b_colorimetric, &profile.lut_a_to_b_saturation];
    let curves = [&profile.red_trc, &profile.green_trc, &profile.blue_trc];
    let primaries = [profile.red_colorant, profile.green_colorant, profile.blue_colorant];
    tables.iter().any(|table| table.is_some())
        || match profile.color_space {
            moxcms::DataColorSpace::Rgb => {
                curves.iter().all(|curve| curve.is_some()) && primaries.iter().all(|primary| primary.x + primary.y + primary.z > 0.0)
            }
            moxcms::DataColorSpace::Gray => profile.gray_trc.is_some(),
            _ => false,
        }
}

fn engine(profile: &ColorProfile, from: Layout, to: Layout) -> Result<Arc<Transform8BitExecutor>, Unfit> {
    profile.create_transform_8bit(from, &ColorProfile::new_srgb(), to, TransformOptions::default()).map_err(|_| Unfit)
}

/// The profile of code points for pictures without high dynamic range; none where it is sRGB, or unknown and best taken for it.
///
/// The curves of television (1, 6, 14, 15) count as that of sRGB: so do browsers, and so did who encoded the file.
fn cicp(primaries: u8, transfer: u8) -> Option<ColorProfile> {
    let transfer = match transfer {
        4 | 5 | 8 => transfer,
        _ => 13,
    };
    let primaries = match primaries {
        9 | 11 | 12 => primaries,
        _ => 1,
    };
    if (primaries, transfer) == (1, 13) {
        return None;
    }
    Some(ColorProfile::new_from_cicp(CicpProfile {
        color_primaries: CicpColorPrimaries::try_from(primaries).ok()?,
        transfer_characteristics: TransferCharacteristics::try_from(transfer).ok()?,
        matrix_coefficients: MatrixCoefficients::Identity,
        full_range: true,
    }))
}

/// Whether an RGB transform changes no sample by more than 1, on a grid of colours.
fn is_identity(engine: &Transform8BitExecutor) -> Result<bool, Unfit> {
    const STEPS: [u8; 6] = [0, 51, 102, 153, 204, 255];
    let from: Vec<u8> = STEPS.iter().flat_map(|&r| STEPS.iter().flat_map(move |&g| STEPS.iter().flat_map(move |&b| [r, g, b]))).collect();
    let mut to = vec![0; from.len()];
    engine.transform(&from, &mut to).map_err(|_| Unfit)?;
    Ok(from.iter().zip(&to).all(|(from, to)| from.abs_diff(*to) <= 1))
}

#[cfg(test)]
mod tests;
