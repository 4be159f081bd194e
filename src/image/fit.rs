//! How a picture goes into a box of another shape.

use super::names::names;

/// How a picture goes into the box that [`Prepare::size`](super::Prepare::size) names; the words are those of CSS and sharp.
///
/// | | result | Pillow's `ImageOps` |
/// | --- | --- | --- |
/// | `Cover` | exactly the box, edges of the picture cut off | `fit` |
/// | `Contain` | exactly the box, padded with the background: letterbox | `pad` |
/// | `Inside` | at most the box, nothing cut, nothing padded | `contain` (!) |
/// | `Outside` | at least the box, nothing cut | `cover` (!) |
/// | `Fill` | exactly the box, stretched | `resize` |
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Fit {
    /// Exactly the box: as much of the picture's middle as has the box's shape. Enlarges if it must.
    #[default]
    #[doc(alias("fit", "crop", "resize_to_fill", "fit_into_destination"))]
    Cover,
    /// Exactly the box: the whole picture in the middle, the rest filled with the background.
    #[doc(alias("pad", "letterbox"))]
    Contain,
    /// As large as the box allows, in the picture's own shape.
    #[doc(alias("thumbnail"))]
    Inside,
    /// As small as covers the box, in the picture's own shape.
    Outside,
    /// Exactly the box: the whole picture, stretched. Enlarges if it must.
    #[doc(alias("resize", "resize_exact", "stretch"))]
    Fill,
}

names!(Fit, "fit", Cover = "cover", Contain = "contain", Inside = "inside", Outside = "outside", Fill = "fill");

/// Whether a picture may be made larger than it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Upscale {
    /// No: a picture that is smaller than what was asked for stays as it is. `Fit::Cover` and `Fit::Fill` enlarge nevertheless, since
    /// nothing else gives exactly the box.
    #[default]
    Never,
    /// Yes: a smaller picture is enlarged to the box of [`Prepare::size`](super::Prepare::size). Limits such as `max_side` never enlarge.
    Allowed,
}

names!(Upscale, "upscale", Never = "never", Allowed = "allowed");
