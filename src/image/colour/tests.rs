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
    let (narrow, wide) =
        (ColourTransform::new(&colours, Channels::Rgb).unwrap().unwrap(), WideTransform::new(&colours, Channels::Rgb).unwrap().unwrap());
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
