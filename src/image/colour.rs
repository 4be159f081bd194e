//! Any colours to sRGB, by `moxcms`.
//!
//! A profile that is broken, of a kind that has nothing to do with pictures, or for other channels than the picture has, is left aside; the caller flags it.

mod cache;

use std::{borrow::Cow, sync::Arc};

use moxcms::{
    CicpColorPrimaries, CicpProfile, ColorProfile, Layout, MatrixCoefficients, ParsingOptions, ProfileClass, TransferCharacteristics,
    Transform8BitExecutor, Transform16BitExecutor, TransformOptions,
};

use super::{Channels, ImageError, Pixels, guard::contained, hdr, icc};

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
    let Ok(Ok(parsed)) = contained(|| parse(profile)) else {
        return unfit(
            format!("{} bytes that are no usable profile", profile.len()),
            "an ICC profile of an input, display, output or color space",
        );
    };
    let kind = match parsed.color_space {
        moxcms::DataColorSpace::Rgb => ProfileColors::Rgb,
        moxcms::DataColorSpace::Gray => ProfileColors::Gray,
        other => return unfit(format!("a profile for {}", format!("{other:?}").to_ascii_uppercase()), "one for RGB or gray"),
    };
    Ok(kind)
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
mod tests {
    use super::*;

    #[test]
    fn srgb_itself_needs_no_transform() {
        let srgb = ColorProfile::new_srgb().encode().unwrap();
        assert!(ColourTransform::new(&Colours::Icc(srgb.into()), Channels::Rgb).unwrap().is_none());
        for transfer in [1, 2, 6, 13] {
            assert!(ColourTransform::new(&Colours::Cicp { primaries: 1, transfer }, Channels::Rgb).unwrap().is_none());
        }
    }

    #[test]
    fn wide_colours_are_brought_into_srgb_and_alpha_stays() {
        let p3 = ColorProfile::new_display_p3().encode().unwrap();
        for colours in [Colours::Icc(p3.into()), Colours::Cicp { primaries: 12, transfer: 13 }] {
            let transform = ColourTransform::new(&colours, Channels::Rgba).unwrap().unwrap();
            let mut pixels = [128, 128, 128, 7, 200, 100, 50, 9];
            transform.apply(&mut pixels, Channels::Rgba);
            assert!(pixels[..3].iter().all(|&grey| grey.abs_diff(128) <= 1), "grey stays grey: {pixels:?}");
            assert!(pixels[4] > 205 && pixels[5] < 100, "{pixels:?}");
            assert_eq!((pixels[3], pixels[7]), (7, 9));
        }
    }

    #[test]
    fn grey_profiles_change_grey_pixels_and_nothing_else() {
        let gamma = ColorProfile::new_gray_with_gamma(1.0).encode().unwrap();
        let colours = Colours::Icc(gamma.into());
        let transform = ColourTransform::new(&colours, Channels::LumaAlpha).unwrap().unwrap();
        let mut pixels = [55, 3, 255, 4];
        transform.apply(&mut pixels, Channels::LumaAlpha);
        // Linear light 55/255 is 128 in sRGB.
        assert!(pixels[0].abs_diff(128) <= 1 && pixels[2] == 255, "{pixels:?}");
        assert_eq!((pixels[1], pixels[3]), (3, 4));
        assert_eq!(ColourTransform::new(&colours, Channels::Rgb).unwrap_err(), Unfit);
    }

    /// A profile with its tag of this name moved to the end, under another name or with other data.
    fn edited(profile: &[u8], tag: &[u8; 4], edit: impl FnOnce(&mut Vec<u8>, usize)) -> Vec<u8> {
        let mut profile = profile.to_vec();
        let count = usize::from(profile[131]);
        let at = (0..count).map(|index| 132 + index * 12).find(|&at| profile[at..at + 4] == *tag).unwrap();
        edit(&mut profile, at);
        profile
    }

    #[test]
    fn faults_that_do_not_matter_do_not_disqualify_a_profile() {
        let p3 = ColorProfile::new_display_p3().encode().unwrap();
        let place = |profile: &[u8], at: usize| usize::from(profile[at + 6]) << 8 | usize::from(profile[at + 7]);
        let corbis = |tag: &[u8; 4], profile: &[u8]| {
            edited(profile, tag, |profile, at| {
                let start = place(profile, at);
                profile[start..start + 4].copy_from_slice(&[0x17, 0xa5, 0x05, 0xb8]);
            })
        };
        let far = |tag: &[u8; 4]| edited(&p3, tag, |profile, at| profile[at + 4..at + 8].fill(0x7f));
        let mut wrong_size = p3.clone();
        wrong_size[..4].copy_from_slice(&7u32.to_be_bytes());
        let cases = [
            ("types of Corbis", corbis(b"bXYZ", &corbis(b"gXYZ", &corbis(b"rXYZ", &p3)))),
            ("a description outside of the file", far(b"desc")),
            ("a white point outside of the file", far(b"wtpt")),
            ("a wrong size", wrong_size),
        ];
        for (fault, profile) in cases {
            let transform = ColourTransform::new(&Colours::Icc(profile.into()), Channels::Rgb).expect(fault).expect(fault);
            let mut pixel = [200, 100, 50];
            transform.apply(&mut pixel, Channels::Rgb);
            assert!(pixel[0] > 205 && pixel[1] < 100, "{fault}: {pixel:?}");
        }
        for tag in [b"rXYZ", b"gTRC"] {
            let without = edited(&p3, tag, |profile, at| profile[at..at + 4].fill(b'x'));
            assert_eq!(ColourTransform::new(&Colours::Icc(without.into()), Channels::Rgb).unwrap_err(), Unfit, "{tag:?}");
        }
    }

    #[test]
    fn wide_samples_are_converted_before_they_are_cut() {
        let mut linear = ColorProfile::new_srgb();
        linear.update_rgb_colorimetry_from_cicp(CicpProfile {
            color_primaries: CicpColorPrimaries::Bt709,
            transfer_characteristics: TransferCharacteristics::Linear,
            matrix_coefficients: MatrixCoefficients::Identity,
            full_range: true,
        });
        let linear = linear.encode().unwrap();
        let grey = ColorProfile::new_gray_with_gamma(1.0).encode().unwrap();
        // Samples that all become 0 or 1 when they are cut first; the shades are those of the sRGB curve.
        let dark = [0u16, 20, 60, 100, 200, 300, 500];
        let expected = dark.map(|wide| {
            let light = f64::from(wide) / 65_535.0;
            255.0 * if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 }
        });
        for (profile, channels) in
            [(linear.clone(), Channels::Rgb), (linear, Channels::Rgba), (grey.clone(), Channels::Luma), (grey, Channels::LumaAlpha)]
        {
            let transform = WideTransform::new(&Colours::Icc(profile.into()), channels).unwrap().unwrap();
            let mut pixels = Vec::new();
            for wide in dark {
                pixels.extend(vec![wide; channels.count()]);
                if channels.has_alpha() {
                    *pixels.last_mut().unwrap() = 0x8080;
                }
            }
            let mut narrow = vec![0; pixels.len()];
            transform.apply(&pixels, &mut narrow);
            for (pixel, expected) in narrow.chunks_exact(channels.count()).zip(expected) {
                assert!((f64::from(pixel[0]) - expected).abs() <= 1.0, "{channels:?}: {narrow:?}");
                assert!(!channels.has_alpha() || pixel.last() == Some(&0x80), "{channels:?}: {narrow:?}");
            }
        }
        let srgb = ColorProfile::new_srgb().encode().unwrap();
        assert!(WideTransform::new(&Colours::Icc(srgb.into()), Channels::Rgb).unwrap().is_none());
    }

    #[test]
    fn wide_high_dynamic_range_agrees_with_the_narrow_one() {
        let colours = Colours::Cicp { primaries: 9, transfer: 16 };
        let (narrow, wide) = (
            ColourTransform::new(&colours, Channels::Rgb).unwrap().unwrap(),
            WideTransform::new(&colours, Channels::Rgb).unwrap().unwrap(),
        );
        for code in (0..=255u8).step_by(5) {
            let (mut expected, mut found) = ([code, 255 - code, code / 2], [0; 3]);
            wide.apply(&expected.map(|sample| u16::from(sample) * 257), &mut found);
            narrow.apply(&mut expected, Channels::Rgb);
            assert!(found.iter().zip(expected).all(|(found, expected)| found.abs_diff(expected) <= 1), "{found:?}, expected {expected:?}");
        }
        assert!(wide.is_tone_map());
    }

    #[test]
    fn sixteen_bits_become_eight_by_rounding() {
        for (wide, expected) in
            [(0, 0), (128, 0), (129, 1), (257, 1), (32_767, 127), (32_768, 128), (65_406, 254), (65_407, 255), (65_535, 255)]
        {
            assert_eq!(narrowed(wide), expected, "{wide}");
        }
    }

    #[test]
    fn broken_and_foreign_profiles_are_unfit() {
        let p3 = ColorProfile::new_display_p3().encode().unwrap();
        assert_eq!(ColourTransform::new(&Colours::Icc(p3.clone().into()), Channels::Luma).unwrap_err(), Unfit);
        assert_eq!(ColourTransform::new(&Colours::Icc(p3[..p3.len() / 2].into()), Channels::Rgb).unwrap_err(), Unfit);
        assert_eq!(ColourTransform::new(&Colours::Icc(Cow::Borrowed(b"")), Channels::Rgb).unwrap_err(), Unfit);
        assert!(CmykTransform::new(&p3).is_err());
    }
}
