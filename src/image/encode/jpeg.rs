//! JPEG by `jpeg-encoder`.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::super::{Channels, Format, ImageError, Pixels};

/// A baseline JPEG file with colour at half resolution (4:2:0); alpha must have been flattened.
pub(super) fn encode(pixels: &Pixels, quality: u8, profile: Option<&[u8]>) -> Result<Vec<u8>, ImageError> {
    let failed = |reason: String| ImageError::Encode { format: Format::Jpeg, reason };
    let colour = match pixels.channels() {
        Channels::Luma => ColorType::Luma,
        Channels::Rgb => ColorType::Rgb,
        Channels::LumaAlpha | Channels::Rgba => return Err(failed("JPEG has no alpha".to_owned())),
    };
    let (Ok(width), Ok(height)) = (u16::try_from(pixels.size().width), u16::try_from(pixels.size().height)) else {
        return Err(failed("its sides do not fit 16 bits".to_owned()));
    };
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, quality.max(1));
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    if let Some(profile) = profile {
        encoder.add_icc_profile(profile).map_err(|error| failed(error.to_string()))?;
    }
    encoder.encode(pixels.as_bytes(), width, height, colour).map_err(|error| failed(error.to_string()))?;
    Ok(file)
}
