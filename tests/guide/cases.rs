//! Small models on which the linter was wrong once. Each stands for its kind.

use std::path::{Path, PathBuf};

use cog_kit::guide::{Finding, Level, check};

use crate::support::root;

fn folder(name: &str) -> PathBuf {
    root().join("tests/guide/cases").join(name)
}

fn findings(name: &str) -> Vec<Finding> {
    check(folder(name).to_str().unwrap()).unwrap().findings().to_vec()
}

fn codes(name: &str) -> Vec<&'static str> {
    findings(name).iter().map(|finding| finding.code).collect()
}

/// The one finding of a rule.
fn only(name: &str, code: &str) -> Finding {
    let mut found: Vec<_> = findings(name).into_iter().filter(|finding| finding.code == code).collect();
    assert_eq!(found.len(), 1, "{name} {code}: {found:#?}");
    found.remove(0)
}

/// A copy that may be written to.
fn copy(name: &str) -> tempfile::TempDir {
    let scratch = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(folder(name)).unwrap().map(Result::unwrap) {
        std::fs::copy(entry.path(), scratch.path().join(entry.file_name())).unwrap();
    }
    scratch
}

#[test]
fn the_guides_own_words_are_not_jargon() {
    for (name, code) in [("ck211_guide_example", "CK211"), ("ck211_badges", "CK211"), ("ck204_plain_words", "CK204")] {
        assert!(!codes(name).contains(&code), "{name}: {:?}", codes(name));
    }
}

#[test]
fn functions_that_nothing_calls_download_nothing() {
    let found = codes("ck701_uncalled_helper");
    assert!(!found.contains(&"CK701") && !found.contains(&"CK705"), "{found:?}");
}

#[test]
fn a_package_that_is_imported_deep_down_or_too_far_to_look_is_not_called_unused() {
    let scratch = copy("ck211_badges");
    std::fs::write(scratch.path().join("requirements.txt"), "pandas==2.2.0\n").unwrap();
    let write = |name: String, text: &str| std::fs::write(scratch.path().join(name), text).unwrap();
    for number in 0..450 {
        write(format!("a{number}.py"), "x = 1\n");
    }
    let found = || check(scratch.path().to_str().unwrap()).unwrap().findings().iter().any(|finding| finding.code == "CK606");
    assert!(found());
    std::fs::create_dir(scratch.path().join("pkg")).unwrap();
    write("pkg/table.py".to_owned(), "import pandas\n");
    assert!(!found());
    std::fs::remove_file(scratch.path().join("pkg/table.py")).unwrap();
    for number in 0..4_000 {
        write(format!("b{number}.py"), "");
    }
    assert!(!found());
}

#[test]
fn a_decorator_is_turned_into_the_signature() {
    let finding = only("decorator", "CK415");
    assert_eq!(finding.instead, "`steps_wanted: int = Input(default=5, ge=1, le=9, description=\"How many steps to take.\")`");
    assert!(!codes("decorator").contains(&"CK201"));
}

#[test]
fn a_positional_text_is_a_description() {
    let finding = only("positional_default", "CK206");
    assert_eq!((finding.level, finding.instead.as_str()), (Level::Warning, "`description=\"What to write about, in plain words.\"`"));
}

#[test]
fn families_are_named_as_they_are() {
    let finding = only("ck108_names", "CK108");
    assert!(finding.message.contains("`style_0` to `style_2`"), "{}", finding.message);
}

#[test]
fn a_fix_keeps_what_pip_would_refuse() {
    for name in ["fix_hash", "fix_no_such_version"] {
        let scratch = copy(name);
        let before = std::fs::read(scratch.path().join("requirements.txt")).unwrap();
        let report = check(scratch.path().to_str().unwrap()).unwrap();
        assert!(report.findings().iter().any(|finding| finding.code == "CK602"), "{name}");
        report.fix().unwrap();
        assert_eq!(std::fs::read(scratch.path().join("requirements.txt")).unwrap(), before, "{name}");
    }
}

#[test]
fn an_unreadable_part_leaves_the_rest_of_the_report() {
    assert!(only("utf16_requirements", "CK002").message.contains("UTF-16"));
    let codes = codes("utf16_requirements");
    assert!(codes.len() > 1, "{codes:?}");
}

#[test]
fn what_cpython_refuses_is_an_error() {
    for (name, line) in [("syntax_noindent", 3), ("syntax_python2", 0), ("syntax_nondefault", 5)] {
        let finding = only(name, "CK002");
        assert!(finding.level == Level::Error && (line == 0 || finding.place.line >= line), "{name}: {finding:#?}");
    }
}

#[test]
fn the_configuration_above_holds_however_the_folder_is_named() {
    let program = |folder: &Path, target: &str| {
        let output =
            std::process::Command::new(env!("CARGO_BIN_EXE_cog-kit")).current_dir(folder).args(["check", target]).output().unwrap();
        output.status.code()
    };
    assert_eq!(program(&folder("config_parent"), "sub"), Some(0));
    assert_eq!(program(&folder("config_parent/sub"), "."), Some(0));
    assert_eq!(program(&folder("config_parent/sub"), "run.py"), Some(0));
}

#[test]
fn a_training_is_read_with_all_rules() {
    let found: Vec<_> = findings("train").iter().map(|finding| (finding.code, finding.place.line)).collect();
    for expected in ["CK101", "CK201", "CK402"] {
        assert!(found.iter().any(|(code, line)| *code == expected && *line == 8), "{expected}: {found:?}");
    }
}

#[test]
fn what_cog_refuses_is_an_error_with_its_line() {
    for (name, code) in [
        ("opt_return", "CK805"),
        ("tuple_return", "CK805"),
        ("union_return", "CK805"),
        ("union_ge", "CK413"),
        ("stream_nonit", "CK806"),
        ("concurrent_sync", "CK806"),
        ("concurrent_var", "CK806"),
        ("yaml_pkgs_and_reqs", "CK801"),
        ("alias", "CK415"),
    ] {
        let finding = only(name, code);
        assert!(finding.level == Level::Error && finding.place.line > 1 && !finding.instead.is_empty(), "{name}: {finding:#?}");
    }
}

#[test]
fn an_unknown_setting_has_a_nearest_one() {
    let found: Vec<_> = findings("yaml_unknown").into_iter().filter(|finding| finding.code == "CK802").collect();
    let instead: Vec<_> = found.iter().map(|finding| (finding.level, finding.place.line, finding.instead.as_str())).collect();
    assert_eq!(instead, [(Level::Warning, 6, "remove it"), (Level::Warning, 7, "`build`")]);
}

#[test]
fn aliases_are_followed() {
    let codes = codes("alias");
    assert!(codes.contains(&"CK501") && codes.contains(&"CK413"), "{codes:?}");
}

#[test]
fn every_reader_of_images_is_held_to_orientation_transparency_and_size() {
    for (name, expected) in
        [("imread", &["CK503", "CK506"][..]), ("skimage", &["CK502", "CK503", "CK506"]), ("diffusers_load", &["CK503", "CK506"])]
    {
        let codes = codes(name);
        assert!(expected.iter().all(|code| codes.contains(code)), "{name}: {codes:?}");
    }
    assert!(!codes("imread").contains(&"CK502") && !codes("diffusers_load").contains(&"CK502"));
}

#[test]
fn every_download_of_setup_is_seen() {
    let lines: Vec<_> = findings("weights_by_library")
        .iter()
        .filter(|finding| finding.code.starts_with("CK70") && finding.code != "CK705")
        .map(|finding| finding.place.line)
        .collect();
    assert_eq!(lines, (10..26).collect::<Vec<_>>());
}

#[test]
fn values_in_prose_are_choices_and_letters_are_families() {
    let found = findings("closed_sets");
    let instead: Vec<_> = found.iter().filter(|finding| finding.code == "CK418").map(|finding| finding.instead.as_str()).collect();
    let expected = ["[\"low\", \"medium\", \"high\"]", "[\"fast\", \"slow\"]", "[\"anime\", \"realistic\", \"none\"]"];
    assert!(instead.len() == 3 && instead.iter().zip(expected).all(|(instead, choices)| instead.contains(choices)), "{instead:?}");
    assert!(only("closed_sets", "CK108").message.contains("`voice_a` to `voice_c`"));
}

#[test]
fn conditions_in_prose_are_seen_in_all_their_forms() {
    let count = findings("condition").iter().filter(|finding| finding.code == "CK306").count();
    assert_eq!(count, 5);
}
