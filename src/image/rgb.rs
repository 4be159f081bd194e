//! An opaque colour.

use std::fmt;
use std::str::FromStr;

use super::ImageError;

/// An opaque colour in sRGB, 0–255 each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rgb {
    /// Red.
    pub red: u8,
    /// Green.
    pub green: u8,
    /// Blue.
    pub blue: u8,
}

impl Rgb {
    /// White, (255, 255, 255).
    pub const WHITE: Self = Self::new(255, 255, 255);
    /// Black, (0, 0, 0).
    pub const BLACK: Self = Self::new(0, 0, 0);
    /// The grey that models of the YOLO family are trained to see around a picture, (114, 114, 114).
    pub const LETTERBOX_GREY: Self = Self::new(114, 114, 114);

    /// A colour from its three samples.
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// Red, green, blue.
    pub const fn to_array(self) -> [u8; 3] {
        [self.red, self.green, self.blue]
    }
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

/// Reads `#rrggbb`, `#rgb`, or one of `white`, `black`, `grey` (`gray`), `red`, `green`, `blue` as CSS defines them.
impl FromStr for Rgb {
    type Err = ImageError;

    fn from_str(text: &str) -> Result<Self, ImageError> {
        let unknown = || ImageError::UnknownColour { found: text.to_owned() };
        let named = match text.to_ascii_lowercase().as_str() {
            "white" => Some(Self::WHITE),
            "black" => Some(Self::BLACK),
            "grey" | "gray" => Some(Self::new(128, 128, 128)),
            "red" => Some(Self::new(255, 0, 0)),
            "green" => Some(Self::new(0, 128, 0)),
            "blue" => Some(Self::new(0, 0, 255)),
            _ => None,
        };
        if let Some(colour) = named {
            return Ok(colour);
        }
        let digits = text.strip_prefix('#').ok_or_else(unknown)?;
        let nibbles: Option<Vec<u8>> = digits.chars().map(|digit| digit.to_digit(16).and_then(|value| u8::try_from(value).ok())).collect();
        match nibbles.as_deref() {
            Some(&[r, g, b]) => Ok(Self::new(r * 17, g * 17, b * 17)),
            Some(&[r, r2, g, g2, b, b2]) => Ok(Self::new(r * 16 + r2, g * 16 + g2, b * 16 + b2)),
            _ => Err(unknown()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_as_css_writes_them() {
        for (text, expected) in [
            ("white", Rgb::WHITE),
            ("Black", Rgb::BLACK),
            ("#fff", Rgb::WHITE),
            ("#727272", Rgb::LETTERBOX_GREY),
            ("#0A10ff", Rgb::new(10, 16, 255)),
        ] {
            assert_eq!(text.parse::<Rgb>().unwrap(), expected, "{text}");
        }
        assert_eq!(Rgb::new(10, 16, 255).to_string(), "#0a10ff");
    }

    #[test]
    fn what_is_no_colour_is_refused() {
        for text in ["", "#", "#ff", "#fffff", "#ggg", "ffffff", "#ééé", "transparent"] {
            assert!(text.parse::<Rgb>().is_err(), "{text}");
        }
    }
}
