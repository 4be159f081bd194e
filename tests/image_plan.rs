//! Every promise that a plan makes, held against any size and any options.
#![cfg(feature = "image")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use cog_kit::image::{AspectRatio, Fit, ImageError, Plan, PlanSize, Point, Prepare, Quality, Size, Snap, Upscale};
use proptest::prelude::*;

const FITS: [Fit; 5] = [Fit::Cover, Fit::Contain, Fit::Inside, Fit::Outside, Fit::Fill];
const SNAPS: [Snap; 5] = [Snap::Crop, Snap::Pad, Snap::Nearest, Snap::Down, Snap::Up];

fn sizes() -> impl Strategy<Value = Size> {
    // Half of them small, where rounding hurts most.
    prop_oneof![(1_u32..300, 1_u32..300), (1_u32..16_000, 1_u32..16_000)].prop_map(|(width, height)| Size::new(width, height))
}

fn snaps() -> impl Strategy<Value = Snap> {
    prop::sample::select(SNAPS.to_vec())
}

fn fits() -> impl Strategy<Value = Fit> {
    prop::sample::select(FITS.to_vec())
}

/// What holds for every plan.
fn check_sound(plan: &Plan, step: u32) -> Result<(), TestCaseError> {
    let Plan { source, crop, content, left, top, output, .. } = *plan;
    prop_assert!(output.width >= step && output.height >= step && !content.is_empty(), "{plan:?}");
    prop_assert!(output.width % step == 0 && output.height % step == 0, "{plan:?}");
    prop_assert!(crop.left >= 0.0 && crop.top >= 0.0 && crop.width > 0.0 && crop.height > 0.0, "{plan:?}");
    prop_assert!(crop.right() <= f64::from(source.width) + 1e-9 && crop.bottom() <= f64::from(source.height) + 1e-9, "{plan:?}");
    prop_assert!(left + content.width <= output.width && top + content.height <= output.height, "{plan:?}");
    prop_assert!(left.abs_diff(output.width - content.width - left) <= 1, "not centred: {plan:?}");
    prop_assert!(top.abs_diff(output.height - content.height - top) <= 1, "not centred: {plan:?}");
    Ok(())
}

/// By how much the shape of what is shown differs from its shape in the result, in pixels of the result.
fn stretched_by(plan: &Plan) -> f64 {
    let across = f64::from(plan.content.width) / plan.crop.width;
    let down = f64::from(plan.content.height) / plan.crop.height;
    // One side fits exactly at one of the two scales; the other is off by this much.
    (plan.crop.height * (across - down)).abs().min((plan.crop.width * (across - down)).abs())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn limits_hold_and_nothing_is_enlarged(
        source in sizes(),
        max_side in prop::option::of(1_u32..3000),
        max_pixels in prop::option::of(1_u64..4_000_000),
        step in prop::sample::select(vec![1_u32, 2, 7, 8, 16, 64, 100]),
        snap in snaps(),
    ) {
        let mut options = Prepare::new().multiple_of(step).snap(snap);
        if let Some(limit) = max_side { options = options.max_side(limit); }
        if let Some(limit) = max_pixels { options = options.max_pixels(limit); }
        let plan = options.plan(source).unwrap();
        check_sound(&plan, step)?;

        if let Some(limit) = max_side {
            prop_assert!(plan.output.max_side() <= limit.max(step), "{plan:?}");
        }
        if let Some(limit) = max_pixels {
            prop_assert!(plan.output.pixels() <= limit || plan.output == Size::new(step, step), "{plan:?}");
        }
        for (side, content, output) in [
            (source.width, plan.content.width, plan.output.width),
            (source.height, plan.content.height, plan.output.height),
        ] {
            match snap {
                Snap::Pad => prop_assert!(content <= side, "{plan:?}"),
                Snap::Crop | Snap::Down => prop_assert!(output <= side.max(step), "{plan:?}"),
                Snap::Nearest | Snap::Up => prop_assert!(output < side + step, "{plan:?}"),
            }
        }
        if max_side.is_none() && max_pixels.is_none() {
            prop_assert!(plan.output.width.abs_diff(source.width) < step && plan.output.height.abs_diff(source.height) < step, "{plan:?}");
        }
    }

    #[test]
    fn shapes_stay_true_where_the_mode_promises_it(source in sizes(), max_side in 64_u32..3000, step in prop::sample::select(vec![1_u32, 8, 64])) {
        for snap in [Snap::Crop, Snap::Pad] {
            let plan = Prepare::new().max_side(max_side).multiple_of(step).snap(snap).plan(source).unwrap();
            let below_a_step = plan.output.width.min(plan.output.height) == step;
            if snap == Snap::Pad || !below_a_step {
                // Whole pixels are as true as it gets.
                prop_assert!(stretched_by(&plan) <= 0.51 || plan.content.width.min(plan.content.height) == 1, "{plan:?}");
            }
            if snap == Snap::Pad {
                prop_assert_eq!(plan.crop.width, f64::from(source.width));
                prop_assert_eq!(plan.crop.height, f64::from(source.height));
            } else {
                let lost_across = 1.0 - plan.crop.width / f64::from(source.width);
                let lost_down = 1.0 - plan.crop.height / f64::from(source.height);
                prop_assert!(lost_across.min(lost_down) <= 1e-9, "cut on both sides: {:?}", plan);
                let a_step = f64::from(step) / f64::from(plan.output.width.min(plan.output.height) + step);
                prop_assert!(lost_across.max(lost_down) <= a_step, "{plan:?}");
            }
        }
        for snap in [Snap::Nearest, Snap::Down, Snap::Up] {
            let plan = Prepare::new().max_side(max_side).multiple_of(step).snap(snap).plan(source).unwrap();
            prop_assert_eq!(plan.content, plan.output);
            prop_assert!(plan.output.width.min(plan.output.height) == step || stretched_by(&plan) <= f64::from(step), "{plan:?}");
        }
    }

    #[test]
    fn fits_keep_their_word(
        source in sizes(),
        target in (1_u32..2000, 1_u32..2000).prop_map(|(width, height)| Size::new(width, height)),
        fit in fits(),
        upscale in prop::bool::ANY,
    ) {
        let upscale = if upscale { Upscale::Allowed } else { Upscale::Never };
        let options = Prepare::new().size(target.width, target.height).fit(fit).upscale(upscale);
        let plan = match options.plan(source) {
            Err(ImageError::OutputTooLarge { .. }) => return Ok(()),
            plan => plan.unwrap(),
        };
        check_sound(&plan, 1)?;
        let whole = plan.crop.width == f64::from(source.width) && plan.crop.height == f64::from(source.height);
        match fit {
            Fit::Cover => {
                prop_assert_eq!(plan.output, target);
                prop_assert!(stretched_by(&plan) < 1e-6, "{plan:?}");
                prop_assert!(plan.crop.width == f64::from(source.width) || plan.crop.height == f64::from(source.height), "{plan:?}");
            }
            Fit::Contain => {
                prop_assert_eq!(plan.output, target);
                prop_assert!(whole && (stretched_by(&plan) <= 0.51 || plan.content.width.min(plan.content.height) == 1), "{plan:?}");
                prop_assert!(upscale == Upscale::Allowed || (plan.content.width <= source.width && plan.content.height <= source.height), "{plan:?}");
            }
            Fit::Fill => {
                prop_assert_eq!(plan.output, target);
                prop_assert!(whole && !plan.is_padded(), "{plan:?}");
            }
            Fit::Inside => {
                prop_assert!(plan.output.width <= target.width && plan.output.height <= target.height, "{plan:?}");
                prop_assert!(whole && (stretched_by(&plan) <= 0.51 || plan.output.width.min(plan.output.height) == 1), "{plan:?}");
                let touches = plan.output.width == target.width || plan.output.height == target.height;
                prop_assert!(touches || (upscale == Upscale::Never && plan.output == source), "{plan:?}");
            }
            Fit::Outside => {
                let covers = plan.output.width >= target.width && plan.output.height >= target.height;
                prop_assert!(covers || (upscale == Upscale::Never && plan.output == source), "{plan:?}");
                prop_assert!(whole && stretched_by(&plan) <= 0.51, "{plan:?}");
            }
        }
    }

    #[test]
    fn fits_snap_to_multiples(source in sizes(), target in sizes(), fit in fits(), snap in snaps(), step in prop::sample::select(vec![8_u32, 64])) {
        let options = Prepare::new().size(target.width, target.height).fit(fit).multiple_of(step).snap(snap).max_side(4096);
        let plan = options.plan(source).unwrap();
        check_sound(&plan, step)?;
        prop_assert!(plan.output.max_side() <= 4096);
        if fit == Fit::Inside {
            prop_assert!(plan.output.width <= target.width.max(step) && plan.output.height <= target.height.max(step), "{plan:?}");
        }
    }

    #[test]
    fn points_go_there_and_back(source in sizes(), target in 1_u32..3000, fit in fits(), x in 0.0..1.0, y in 0.0..1.0) {
        let plan = Prepare::new().size(target, target / 2 + 1).fit(fit).upscale(Upscale::Allowed).max_side(4000).plan(source).unwrap();
        let point = Point::new(x * f64::from(source.width), y * f64::from(source.height));
        let back = plan.to_source(plan.to_output(point));
        prop_assert!((back.x - point.x).abs() < 1e-6 && (back.y - point.y).abs() < 1e-6, "{plan:?}: {point:?} came back as {back:?}");
    }

    #[test]
    fn sizes_for_generation_keep_to_ratio_and_multiple(
        across in 1_u32..100, down in 1_u32..100, megapixels in 0.01..16.0, step in prop::sample::select(vec![1_u32, 8, 16, 64, 100]),
        max_side in prop::option::of(64_u32..5000),
    ) {
        let ratio = f64::from(across) / f64::from(down);
        let mut options = PlanSize::new().aspect_ratio(AspectRatio::new(across.into(), down.into()).unwrap()).megapixels(megapixels).multiple_of(step);
        if let Some(limit) = max_side { options = options.max_side(limit); }
        let size = options.plan().unwrap();
        prop_assert!(size.width % step == 0 && size.height % step == 0 && !size.is_empty(), "{size}");
        prop_assert!(max_side.is_none_or(|limit| size.max_side() <= limit.max(step)), "{size}");
        let (width, height, half) = (f64::from(size.width), f64::from(size.height), f64::from(step) / 2.0 + 1e-6);
        let keeps_ratio = (height - width / ratio).abs() <= half || (width - height * ratio).abs() <= half;
        let is_limited = max_side.is_some_and(|limit| size.max_side() + step > limit) && size.width.min(size.height) == step;
        prop_assert!(keeps_ratio || is_limited, "{size} for {across}:{down}");
        let shortest = (megapixels * 1_048_576.0 * ratio.min(1.0 / ratio)).sqrt();
        // Of few steps, the next one is far away.
        if max_side.is_none() && shortest > 4.0 * f64::from(step) {
            let pixels = width * height / 1_048_576.0;
            prop_assert!(pixels < megapixels * 1.8 && pixels > megapixels / 1.8, "{size} for {megapixels} megapixels");
        }
    }

    #[test]
    fn decoders_leave_enough_to_the_filter(source in sizes(), max_side in 1_u32..3000) {
        for (quality, left, left_of_8, most) in
            [(Quality::Fast, 2.0, 3.0, 8), (Quality::High, 3.0, 3.0, 4), (Quality::Exact, f64::INFINITY, f64::INFINITY, 1)]
        {
            let plan = Prepare::new().max_side(max_side).quality(quality).plan(source).unwrap();
            // Small pictures are spared.
            let (left, most) = if quality == Quality::Fast && source.pixels() < 1 << 20 { (3.0, 4) } else { (left, most) };
            let (across, down) = plan.scale();
            let is_fit = |shrink: u32| (1.0 / across).min(1.0 / down) / f64::from(shrink) >= if shrink == 8 { left_of_8 } else { left };
            prop_assert!(plan.shrink == 1 || is_fit(plan.shrink), "{plan:?}");
            prop_assert!(plan.shrink <= most && (plan.shrink == most || !is_fit(plan.shrink * 2)), "{plan:?}");
        }
    }
}

#[test]
fn well_known_sizes_come_out_as_people_expect() {
    let cases = [
        // The long side sets the scale, the short one is rounded.
        (Prepare::new().max_side(1024), (4000, 3000), (1024, 768)),
        (Prepare::new().max_side(1024), (4000, 2999), (1024, 768)),
        (Prepare::new().max_side(1024), (3000, 4000), (768, 1024)),
        (Prepare::new().max_side(1024), (640, 480), (640, 480)),
        // Multiples, never 0, never above the limit.
        (Prepare::new().multiple_of(8), (3, 3), (8, 8)),
        (Prepare::new().multiple_of(8), (512, 512), (512, 512)),
        (Prepare::new().multiple_of(8), (511, 511), (504, 504)),
        (Prepare::new().max_side(1000).multiple_of(64), (4000, 2600), (960, 640)),
        (Prepare::new().max_side(1000).multiple_of(64).snap(Snap::Up), (4000, 2600), (960, 640)),
        (Prepare::new().max_side(1000).multiple_of(64).snap(Snap::Down), (4000, 2600), (960, 576)),
        (Prepare::new().max_side(5).multiple_of(8), (640, 480), (8, 8)),
        // Pixel budgets.
        (Prepare::new().megapixels(1.0).multiple_of(16), (4000, 4000), (1024, 1024)),
        (Prepare::new().megapixels(1.0).multiple_of(16), (1920, 1080), (1360, 768)),
        (Prepare::new().max_pixels(1_000_000), (2000, 2000), (1000, 1000)),
        // Boxes.
        (Prepare::new().size(512, 512), (640, 480), (512, 512)),
        (Prepare::new().size(640, 640).fit(Fit::Contain), (1920, 1080), (640, 640)),
        (Prepare::new().size(640, 640).fit(Fit::Inside), (1920, 1080), (640, 360)),
        (Prepare::new().size(640, 640).fit(Fit::Outside), (1920, 1080), (1138, 640)),
        (Prepare::new().size(640, 640).fit(Fit::Outside), (320, 640), (320, 640)),
    ];
    for (options, (width, height), (expected_width, expected_height)) in cases {
        let plan = options.plan(Size::new(width, height)).unwrap();
        assert_eq!(plan.output, Size::new(expected_width, expected_height), "{width}x{height} {options:?}");
    }
}

#[test]
fn a_letterbox_lies_in_the_middle() {
    let plan = Prepare::new().size(640, 640).fit(Fit::Contain).plan(Size::new(1920, 1080)).unwrap();
    assert_eq!((plan.content, plan.left, plan.top), (Size::new(640, 360), 0, 140));
    assert_eq!(plan.to_output(Point::new(960.0, 540.0)), Point::new(320.0, 320.0));
    let small = Prepare::new().size(640, 640).fit(Fit::Contain).plan(Size::new(64, 32)).unwrap();
    assert_eq!(small.content, Size::new(64, 32));
}

#[test]
fn cutting_at_full_size_takes_pixels_as_they_are() {
    let plan = Prepare::new().multiple_of(8).plan(Size::new(517, 512)).unwrap();
    assert_eq!((plan.crop.left, plan.crop.top, plan.scale()), (2.0, 0.0, (1.0, 1.0)));
}

#[test]
fn options_that_mean_nothing_are_refused() {
    let size = Size::new(640, 480);
    for (options, code) in [
        (Prepare::new().multiple_of(0), "image.zero_step"),
        (Prepare::new().max_side(0), "image.zero_option"),
        (Prepare::new().max_pixels(0), "image.zero_option"),
        (Prepare::new().megapixels(f64::NAN), "image.zero_option"),
        (Prepare::new().size(0, 10), "image.zero_option"),
        (Prepare::new().multiple_of(u32::MAX), "image.output_too_large"),
        (Prepare::new().size(u32::MAX, u32::MAX), "image.output_too_large"),
    ] {
        assert_eq!(options.plan(size).unwrap_err().code(), code, "{options:?}");
    }
    assert_eq!(Prepare::new().plan(Size::new(0, 4)).unwrap_err().code(), "image.zero_option");
}
