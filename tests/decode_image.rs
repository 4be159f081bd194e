//! Pictures that a request brings.
#![cfg(all(feature = "input", feature = "image"))]
#![allow(clippy::unwrap_used, reason = "a test may stop at what it does not expect")]

use base64::Engine as _;
use cog_kit::image::{Channels, Encode, Pixels, Prepare, Size};
use cog_kit::input::{InputLimits, Sources};
use cog_kit::{Image, Input};
use serde_json::json;

#[derive(Input, Debug)]
struct Inputs {
    /// A picture.
    image: Image,
    /// More pictures.
    #[input(default = [], name = "more")]
    _more: Vec<Image>,
}

fn data_uri(bytes: &[u8]) -> String {
    format!("data:image/png;base64,{}", base64::engine::general_purpose::STANDARD.encode(bytes))
}

fn png() -> Vec<u8> {
    let pixels = Pixels::new(Size::new(40, 20), Channels::Rgb, vec![200; 40 * 20 * 3]).unwrap();
    Encode::png().to_vec(&pixels).unwrap()
}

#[test]
fn a_picture_is_read_whatever_its_sender_calls_it() {
    let request = json!({"image": data_uri(&png()).replace("png", "jpeg")});
    let inputs = Inputs::decode(request.as_object().unwrap(), &Sources::remote()).unwrap();
    assert_eq!(inputs.image.info().size(), Size::new(40, 20));
    let prepared = inputs.image.prepare(&Prepare::new().max_side(20).multiple_of(8)).unwrap();
    assert_eq!((prepared.pixels().size().width % 8, prepared.pixels().size().height % 8), (0, 0));
}

#[test]
fn what_is_no_picture_is_told_by_its_name() {
    let request = json!({"image": "data:text/plain,hello", "more": [data_uri(&png()), data_uri(b"GIF")]});
    let error = Inputs::decode(request.as_object().unwrap(), &Sources::remote()).unwrap_err();
    let names: Vec<_> = error.fields.iter().map(|field| (field.path.as_str(), field.code())).collect();
    assert_eq!(names, [("image", "image.unknown_format"), ("more/1", "image.unknown_format")]);
    assert!(error.to_string().starts_with("image: not a picture in a known format: found "), "{error}");
}

#[test]
fn pixels_that_cannot_be_decoded_are_told_by_the_inputs_name() {
    let mut bytes = png();
    bytes.truncate(bytes.len() / 2);
    let request = json!({"image": data_uri(&bytes)});
    // Whether the header or the pixels give out first is the codec's affair; both name the input.
    let error = match Inputs::decode(request.as_object().unwrap(), &Sources::remote()) {
        Ok(inputs) => inputs.image.prepare(&Prepare::new()).map(|_| ()).unwrap_err().to_string(),
        Err(error) => error.to_string(),
    };
    assert!(error.starts_with("image: "), "{error}");
}

#[test]
fn an_image_beyond_a_limit_is_told_by_what_raises_it() {
    let request = json!({"image": data_uri(&png())});
    let mut limits = InputLimits::default();
    limits.max_image_pixels = 799;
    let mut small = InputLimits::default();
    small.max_image_bytes = 20;
    let mut smaller = InputLimits::default();
    (smaller.max_image_bytes, smaller.max_file_bytes) = (30, 20);
    let mut tight = InputLimits::default();
    tight.max_image_memory = 1024;
    for (limits, flag) in
        [(limits, "max-image-pixels"), (small, "max-image-bytes"), (smaller, "max-file-bytes"), (tight, "max-image-memory")]
    {
        let decoded = Inputs::decode(request.as_object().unwrap(), &Sources::remote().limits(limits));
        let error = match decoded {
            Ok(inputs) => inputs.image.prepare(&Prepare::new()).map(|_| ()).unwrap_err().to_string(),
            Err(error) => error.to_string(),
        };
        let variable = format!("COG_KIT_{}", flag.to_uppercase().replace('-', "_"));
        assert!(error.starts_with("image: ") && error.ends_with(&format!("; `--{flag}` or `{variable}` raises the limit")), "{error}");
    }
    assert!(Inputs::decode(request.as_object().unwrap(), &Sources::remote()).is_ok());
}
