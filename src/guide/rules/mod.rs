//! Every rule. This file is made from the others by `COG_KIT_BLESS=1 cargo test --test guide`.

mod ck001_unused_silence;
mod ck002_unreadable_model;
mod ck003_unseen_inputs;
mod ck101_abbreviated_input;
mod ck102_unusual_name;
mod ck103_model_name_form;
mod ck104_negated_boolean;
mod ck105_variant_before_name;
mod ck106_uneven_name;
mod ck107_reserved_choice_name;
mod ck108_numbered_inputs;
mod ck201_missing_description;
mod ck202_description_repeats_name;
mod ck203_short_description;
mod ck204_unexplained_jargon;
mod ck205_garbled_text;
mod ck206_unreadable_default;
mod ck207_unreadable_limit;
mod ck208_unknown_keyword;
mod ck209_qualified_input;
mod ck210_missing_summary;
mod ck211_summary_jargon;
mod ck301_required_after_optional;
mod ck302_main_input_late;
mod ck303_related_inputs_apart;
mod ck304_split_prefix;
mod ck305_many_ungrouped_inputs;
mod ck306_condition_in_prose;
mod ck401_default_outside_limits;
mod ck402_unlimited_number;
mod ck403_wide_range_unexplained;
mod ck404_default_at_edge;
mod ck405_slow_default;
mod ck406_fixed_random_seed;
mod ck407_small_seed_range;
mod ck408_none_without_optional;
mod ck409_list_in_text;
mod ck410_plain_secret;
mod ck411_pointless_choices;
mod ck412_default_of_other_type;
mod ck413_meaningless_limit;
mod ck414_empty_range;
mod ck415_unsupported_input_type;
mod ck416_missing_output_type;
mod ck417_unreadable_choices;
mod ck418_choices_in_prose;
mod ck501_formats_unsaid;
mod ck502_orientation_ignored;
mod ck503_alpha_dropped;
mod ck504_imread_unchanged;
mod ck505_mixed_loaders;
mod ck506_size_unlimited;
mod ck507_rounds_to_zero;
mod ck508_rounding_misnamed;
mod ck509_aspect_stretched;
mod ck510_mask_smoothed;
mod ck511_fixed_output_path;
mod ck512_extension_of_upload;
mod ck513_output_format_fixed;
mod ck514_sides_swapped;
mod ck601_unpinned_requirement;
mod ck602_opencv_with_windows;
mod ck603_repeated_requirement;
mod ck604_tool_in_requirements;
mod ck605_git_without_commit;
mod ck606_unused_requirement;
mod ck701_hub_at_run_time;
mod ck702_hub_download;
mod ck703_torch_hub;
mod ck704_download_at_run_time;
mod ck705_cache_not_in_image;
mod ck706_loaded_per_prediction;
mod ck707_library_download;
mod ck801_refused_setting;
mod ck802_unknown_setting;
mod ck803_deprecated_name;
mod ck804_missing_predictor;
mod ck805_refused_output_type;
mod ck806_refused_decorator;
mod ck807_lost_setting;
mod ck808_text_kept_as_written;
mod ck809_unpublished_parameter;
mod ck810_other_definition_read;
mod ck811_unsupported_pattern;

use super::rule::Entry;

/// The rules, by code.
#[rustfmt::skip]
pub(crate) static RULES: &[Entry] = &[
    Entry { code: "CK001", name: "unused-silence", page: include_str!("../../../docs/rules/CK001.md"), rule: ck001_unused_silence::RULE },
    Entry { code: "CK002", name: "unreadable-model", page: include_str!("../../../docs/rules/CK002.md"), rule: ck002_unreadable_model::RULE },
    Entry { code: "CK003", name: "unseen-inputs", page: include_str!("../../../docs/rules/CK003.md"), rule: ck003_unseen_inputs::RULE },
    Entry { code: "CK101", name: "abbreviated-input", page: include_str!("../../../docs/rules/CK101.md"), rule: ck101_abbreviated_input::RULE },
    Entry { code: "CK102", name: "unusual-name", page: include_str!("../../../docs/rules/CK102.md"), rule: ck102_unusual_name::RULE },
    Entry { code: "CK103", name: "model-name-form", page: include_str!("../../../docs/rules/CK103.md"), rule: ck103_model_name_form::RULE },
    Entry { code: "CK104", name: "negated-boolean", page: include_str!("../../../docs/rules/CK104.md"), rule: ck104_negated_boolean::RULE },
    Entry { code: "CK105", name: "variant-before-name", page: include_str!("../../../docs/rules/CK105.md"), rule: ck105_variant_before_name::RULE },
    Entry { code: "CK106", name: "uneven-name", page: include_str!("../../../docs/rules/CK106.md"), rule: ck106_uneven_name::RULE },
    Entry { code: "CK107", name: "reserved-choice-name", page: include_str!("../../../docs/rules/CK107.md"), rule: ck107_reserved_choice_name::RULE },
    Entry { code: "CK108", name: "numbered-inputs", page: include_str!("../../../docs/rules/CK108.md"), rule: ck108_numbered_inputs::RULE },
    Entry { code: "CK201", name: "missing-description", page: include_str!("../../../docs/rules/CK201.md"), rule: ck201_missing_description::RULE },
    Entry { code: "CK202", name: "description-repeats-name", page: include_str!("../../../docs/rules/CK202.md"), rule: ck202_description_repeats_name::RULE },
    Entry { code: "CK203", name: "short-description", page: include_str!("../../../docs/rules/CK203.md"), rule: ck203_short_description::RULE },
    Entry { code: "CK204", name: "unexplained-jargon", page: include_str!("../../../docs/rules/CK204.md"), rule: ck204_unexplained_jargon::RULE },
    Entry { code: "CK205", name: "garbled-text", page: include_str!("../../../docs/rules/CK205.md"), rule: ck205_garbled_text::RULE },
    Entry { code: "CK206", name: "unreadable-default", page: include_str!("../../../docs/rules/CK206.md"), rule: ck206_unreadable_default::RULE },
    Entry { code: "CK207", name: "unreadable-limit", page: include_str!("../../../docs/rules/CK207.md"), rule: ck207_unreadable_limit::RULE },
    Entry { code: "CK208", name: "unknown-keyword", page: include_str!("../../../docs/rules/CK208.md"), rule: ck208_unknown_keyword::RULE },
    Entry { code: "CK209", name: "qualified-input", page: include_str!("../../../docs/rules/CK209.md"), rule: ck209_qualified_input::RULE },
    Entry { code: "CK210", name: "missing-summary", page: include_str!("../../../docs/rules/CK210.md"), rule: ck210_missing_summary::RULE },
    Entry { code: "CK211", name: "summary-jargon", page: include_str!("../../../docs/rules/CK211.md"), rule: ck211_summary_jargon::RULE },
    Entry { code: "CK301", name: "required-after-optional", page: include_str!("../../../docs/rules/CK301.md"), rule: ck301_required_after_optional::RULE },
    Entry { code: "CK302", name: "main-input-late", page: include_str!("../../../docs/rules/CK302.md"), rule: ck302_main_input_late::RULE },
    Entry { code: "CK303", name: "related-inputs-apart", page: include_str!("../../../docs/rules/CK303.md"), rule: ck303_related_inputs_apart::RULE },
    Entry { code: "CK304", name: "split-prefix", page: include_str!("../../../docs/rules/CK304.md"), rule: ck304_split_prefix::RULE },
    Entry { code: "CK305", name: "many-ungrouped-inputs", page: include_str!("../../../docs/rules/CK305.md"), rule: ck305_many_ungrouped_inputs::RULE },
    Entry { code: "CK306", name: "condition-in-prose", page: include_str!("../../../docs/rules/CK306.md"), rule: ck306_condition_in_prose::RULE },
    Entry { code: "CK401", name: "default-outside-limits", page: include_str!("../../../docs/rules/CK401.md"), rule: ck401_default_outside_limits::RULE },
    Entry { code: "CK402", name: "unlimited-number", page: include_str!("../../../docs/rules/CK402.md"), rule: ck402_unlimited_number::RULE },
    Entry { code: "CK403", name: "wide-range-unexplained", page: include_str!("../../../docs/rules/CK403.md"), rule: ck403_wide_range_unexplained::RULE },
    Entry { code: "CK404", name: "default-at-edge", page: include_str!("../../../docs/rules/CK404.md"), rule: ck404_default_at_edge::RULE },
    Entry { code: "CK405", name: "slow-default", page: include_str!("../../../docs/rules/CK405.md"), rule: ck405_slow_default::RULE },
    Entry { code: "CK406", name: "fixed-random-seed", page: include_str!("../../../docs/rules/CK406.md"), rule: ck406_fixed_random_seed::RULE },
    Entry { code: "CK407", name: "small-seed-range", page: include_str!("../../../docs/rules/CK407.md"), rule: ck407_small_seed_range::RULE },
    Entry { code: "CK408", name: "none-without-optional", page: include_str!("../../../docs/rules/CK408.md"), rule: ck408_none_without_optional::RULE },
    Entry { code: "CK409", name: "list-in-text", page: include_str!("../../../docs/rules/CK409.md"), rule: ck409_list_in_text::RULE },
    Entry { code: "CK410", name: "plain-secret", page: include_str!("../../../docs/rules/CK410.md"), rule: ck410_plain_secret::RULE },
    Entry { code: "CK411", name: "pointless-choices", page: include_str!("../../../docs/rules/CK411.md"), rule: ck411_pointless_choices::RULE },
    Entry { code: "CK412", name: "default-of-other-type", page: include_str!("../../../docs/rules/CK412.md"), rule: ck412_default_of_other_type::RULE },
    Entry { code: "CK413", name: "meaningless-limit", page: include_str!("../../../docs/rules/CK413.md"), rule: ck413_meaningless_limit::RULE },
    Entry { code: "CK414", name: "empty-range", page: include_str!("../../../docs/rules/CK414.md"), rule: ck414_empty_range::RULE },
    Entry { code: "CK415", name: "unsupported-input-type", page: include_str!("../../../docs/rules/CK415.md"), rule: ck415_unsupported_input_type::RULE },
    Entry { code: "CK416", name: "missing-output-type", page: include_str!("../../../docs/rules/CK416.md"), rule: ck416_missing_output_type::RULE },
    Entry { code: "CK417", name: "unreadable-choices", page: include_str!("../../../docs/rules/CK417.md"), rule: ck417_unreadable_choices::RULE },
    Entry { code: "CK418", name: "choices-in-prose", page: include_str!("../../../docs/rules/CK418.md"), rule: ck418_choices_in_prose::RULE },
    Entry { code: "CK501", name: "formats-unsaid", page: include_str!("../../../docs/rules/CK501.md"), rule: ck501_formats_unsaid::RULE },
    Entry { code: "CK502", name: "orientation-ignored", page: include_str!("../../../docs/rules/CK502.md"), rule: ck502_orientation_ignored::RULE },
    Entry { code: "CK503", name: "alpha-dropped", page: include_str!("../../../docs/rules/CK503.md"), rule: ck503_alpha_dropped::RULE },
    Entry { code: "CK504", name: "imread-unchanged", page: include_str!("../../../docs/rules/CK504.md"), rule: ck504_imread_unchanged::RULE },
    Entry { code: "CK505", name: "mixed-loaders", page: include_str!("../../../docs/rules/CK505.md"), rule: ck505_mixed_loaders::RULE },
    Entry { code: "CK506", name: "size-unlimited", page: include_str!("../../../docs/rules/CK506.md"), rule: ck506_size_unlimited::RULE },
    Entry { code: "CK507", name: "rounds-to-zero", page: include_str!("../../../docs/rules/CK507.md"), rule: ck507_rounds_to_zero::RULE },
    Entry { code: "CK508", name: "rounding-misnamed", page: include_str!("../../../docs/rules/CK508.md"), rule: ck508_rounding_misnamed::RULE },
    Entry { code: "CK509", name: "aspect-stretched", page: include_str!("../../../docs/rules/CK509.md"), rule: ck509_aspect_stretched::RULE },
    Entry { code: "CK510", name: "mask-smoothed", page: include_str!("../../../docs/rules/CK510.md"), rule: ck510_mask_smoothed::RULE },
    Entry { code: "CK511", name: "fixed-output-path", page: include_str!("../../../docs/rules/CK511.md"), rule: ck511_fixed_output_path::RULE },
    Entry { code: "CK512", name: "extension-of-upload", page: include_str!("../../../docs/rules/CK512.md"), rule: ck512_extension_of_upload::RULE },
    Entry { code: "CK513", name: "output-format-fixed", page: include_str!("../../../docs/rules/CK513.md"), rule: ck513_output_format_fixed::RULE },
    Entry { code: "CK514", name: "sides-swapped", page: include_str!("../../../docs/rules/CK514.md"), rule: ck514_sides_swapped::RULE },
    Entry { code: "CK601", name: "unpinned-requirement", page: include_str!("../../../docs/rules/CK601.md"), rule: ck601_unpinned_requirement::RULE },
    Entry { code: "CK602", name: "opencv-with-windows", page: include_str!("../../../docs/rules/CK602.md"), rule: ck602_opencv_with_windows::RULE },
    Entry { code: "CK603", name: "repeated-requirement", page: include_str!("../../../docs/rules/CK603.md"), rule: ck603_repeated_requirement::RULE },
    Entry { code: "CK604", name: "tool-in-requirements", page: include_str!("../../../docs/rules/CK604.md"), rule: ck604_tool_in_requirements::RULE },
    Entry { code: "CK605", name: "git-without-commit", page: include_str!("../../../docs/rules/CK605.md"), rule: ck605_git_without_commit::RULE },
    Entry { code: "CK606", name: "unused-requirement", page: include_str!("../../../docs/rules/CK606.md"), rule: ck606_unused_requirement::RULE },
    Entry { code: "CK701", name: "hub-at-run-time", page: include_str!("../../../docs/rules/CK701.md"), rule: ck701_hub_at_run_time::RULE },
    Entry { code: "CK702", name: "hub-download", page: include_str!("../../../docs/rules/CK702.md"), rule: ck702_hub_download::RULE },
    Entry { code: "CK703", name: "torch-hub", page: include_str!("../../../docs/rules/CK703.md"), rule: ck703_torch_hub::RULE },
    Entry { code: "CK704", name: "download-at-run-time", page: include_str!("../../../docs/rules/CK704.md"), rule: ck704_download_at_run_time::RULE },
    Entry { code: "CK705", name: "cache-not-in-image", page: include_str!("../../../docs/rules/CK705.md"), rule: ck705_cache_not_in_image::RULE },
    Entry { code: "CK706", name: "loaded-per-prediction", page: include_str!("../../../docs/rules/CK706.md"), rule: ck706_loaded_per_prediction::RULE },
    Entry { code: "CK707", name: "library-download", page: include_str!("../../../docs/rules/CK707.md"), rule: ck707_library_download::RULE },
    Entry { code: "CK801", name: "refused-setting", page: include_str!("../../../docs/rules/CK801.md"), rule: ck801_refused_setting::RULE },
    Entry { code: "CK802", name: "unknown-setting", page: include_str!("../../../docs/rules/CK802.md"), rule: ck802_unknown_setting::RULE },
    Entry { code: "CK803", name: "deprecated-name", page: include_str!("../../../docs/rules/CK803.md"), rule: ck803_deprecated_name::RULE },
    Entry { code: "CK804", name: "missing-predictor", page: include_str!("../../../docs/rules/CK804.md"), rule: ck804_missing_predictor::RULE },
    Entry { code: "CK805", name: "refused-output-type", page: include_str!("../../../docs/rules/CK805.md"), rule: ck805_refused_output_type::RULE },
    Entry { code: "CK806", name: "refused-decorator", page: include_str!("../../../docs/rules/CK806.md"), rule: ck806_refused_decorator::RULE },
    Entry { code: "CK807", name: "lost-setting", page: include_str!("../../../docs/rules/CK807.md"), rule: ck807_lost_setting::RULE },
    Entry { code: "CK808", name: "text-kept-as-written", page: include_str!("../../../docs/rules/CK808.md"), rule: ck808_text_kept_as_written::RULE },
    Entry { code: "CK809", name: "unpublished-parameter", page: include_str!("../../../docs/rules/CK809.md"), rule: ck809_unpublished_parameter::RULE },
    Entry { code: "CK810", name: "other-definition-read", page: include_str!("../../../docs/rules/CK810.md"), rule: ck810_other_definition_read::RULE },
    Entry { code: "CK811", name: "unsupported-pattern", page: include_str!("../../../docs/rules/CK811.md"), rule: ck811_unsupported_pattern::RULE },
];
