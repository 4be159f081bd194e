//! Who may import whom, where third-party crates may be named, and where `unsafe` may stand: ARCHITECTURE.md, as a test.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Module, and the siblings it may import.
const LAYERS: &[(&str, &[&str])] = &[
    ("schema", &[]),
    ("image", &[]),
    ("guide", &["schema"]),
    ("input", &["schema"]),
    ("predictor", &["input", "schema"]),
    ("serve", &["predictor", "input", "schema"]),
    ("testing", &["predictor", "input"]),
    ("cli", &["guide", "schema", "input", "image", "predictor", "serve"]),
    ("private", &["schema", "input", "predictor"]),
];

/// A file that may import more than its module.
const EXCEPTIONS: &[(&str, &[&str])] = &[("src/input/picture.rs", &["image"])];

/// A third-party crate with an API of its own, and the file (where it is large, the folder) that alone may name it.
const HOMES: &[(&str, &[&str])] = &[
    ("anyhow", &["src/predictor/error.rs"]),
    ("base64", &["src/input/data_uri.rs"]),
    ("clap", &["src/cli/", "src/bin/"]),
    ("clap_complete", &["src/cli/"]),
    ("coglet", &["src/serve/"]),
    ("fast_image_resize", &["src/image/resample.rs"]),
    ("gif", &["src/image/codec/gif.rs"]),
    ("hayro_ccitt", &["src/image/codec/tiff/unpack/fax.rs"]),
    ("heifer", &["src/image/codec/heic.rs"]),
    ("heifer_isobmff", &["src/image/codec/heif.rs", "src/image/codec/heif/"]),
    ("image_webp", &["src/image/codec/webp/pure.rs"]),
    ("jpeg_encoder", &["src/image/codec/jpeg/baseline/tests.rs"]),
    ("libdeflater", &["src/image/encode/png.rs"]),
    ("libwebp_sys", &["src/image/codec/webp.rs"]),
    ("lzma_rust2", &["src/image/codec/tiff/unpack/lzma.rs"]),
    ("mime2ext", &["src/input/media_type.rs"]),
    ("mime_guess", &["src/input/media_type.rs"]),
    ("moxcms", &["src/image/colour.rs"]),
    ("mozjpeg", &["src/image/codec/jpeg/turbo.rs"]),
    ("nix", &["src/serve/", "src/image/beside.rs"]),
    ("percent_encoding", &["src/input/"]),
    ("png", &["src/image/codec/png.rs"]),
    ("pulp", &["src/image/simd.rs"]),
    ("re_rav1d", &["src/image/codec/avif/av1.rs"]),
    ("regex_lite", &["src/input/pattern.rs", "src/guide/contract/pattern.rs"]),
    ("reqwest", &["src/input/fetch.rs", "src/input/fetch/", "src/serve/upload.rs"]),
    ("ruff_python_ast", &["src/guide/python/grammar.rs"]),
    ("ruff_python_parser", &["src/guide/python/grammar.rs"]),
    ("ruff_text_size", &["src/guide/python/grammar.rs"]),
    ("rustls", &["src/input/fetch.rs"]),
    ("schemars", &["src/predictor/object.rs"]),
    ("ruzstd", &["src/image/codec/tiff/unpack/zstd.rs"]),
    ("saphyr_parser", &["src/guide/read/yaml.rs"]),
    ("tokio", &["src/serve/", "src/input/fetch.rs", "src/input/fetch/"]),
    ("tokio_util", &["src/serve/"]),
    ("toml", &["src/guide/read/toml.rs"]),
    ("tracing_subscriber", &["src/serve/"]),
    ("tree_sitter", &["src/guide/python/syntax.rs"]),
    ("tree_sitter_python", &["src/guide/python/syntax.rs"]),
    ("ureq", &["src/guide/read/http.rs"]),
];

/// Files that bind a C codec or share memory with Python's libraries: the only ones in which `unsafe` may stand.
const UNSAFE: &[&str] = &[
    "python/src/share/arrow.rs",
    "python/src/share/dlpack.rs",
    "python/src/share/mod.rs",
    "python/src/share/read.rs",
    "src/image/codec/avif/av1.rs",
    "src/image/codec/jpeg/turbo.rs",
    "src/image/codec/webp.rs",
];

/// Lines that a file may have, tests included.
const LONGEST: usize = 420;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below `folder`, with its path from the root and its code, comments left out.
fn sources(folder: &str) -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), &mut found);
    found.sort();
    found
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            let code = text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
            (path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/"), code)
        })
        .collect()
}

/// The first names behind every `crate::`, one or several in braces.
fn imports(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, marker) in code.match_indices("crate::") {
        if at > 0 && code[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_' || before == '$') {
            continue;
        }
        let rest = &code[at + marker.len()..];
        if !rest.starts_with('{') {
            found.insert(first_name(rest));
            continue;
        }
        let mut depth = 0;
        for (index, letter) in rest.char_indices() {
            match letter {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
            if depth == 1 && (letter == '{' || letter == ',') {
                found.insert(first_name(rest[index + 1..].trim_start()));
            }
        }
    }
    found.remove("");
    found
}

fn first_name(text: &str) -> String {
    text.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect()
}

/// Whether code names a crate: a module of ours with the same name, declared or imported here, is none.
fn names(code: &str, name: &str) -> bool {
    let is_word = |text: &str| text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|word| word == name);
    let own = code.split(';').map(str::trim).any(|item| {
        item.ends_with(&format!("mod {name}"))
            || item
                .rsplit("use ")
                .next()
                .is_some_and(|import| (import.starts_with("super::") || import.starts_with("crate::")) && is_word(import))
    });
    !own && code.match_indices(name).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        code[at + name.len()..].starts_with("::") && !before.is_some_and(|letter| letter.is_alphanumeric() || "_:".contains(letter))
    })
}

#[test]
fn imports_are_found_in_every_form() {
    let code = "use crate::schema::Document;\nuse crate::{\n    input::{Input, Path},\n    predictor::Result,\n};\nfn f() { crate::image::g() }\n$crate::private::x";
    assert_eq!(imports(code).into_iter().collect::<Vec<_>>(), ["image", "input", "predictor", "schema"]);
    for (code, expected) in [
        ("use png::Decoder;", true),
        ("fn f() { png::g() }", true),
        ("crate::png::x; not_png::y", false),
        ("mod png;\nfn f() { png::g() }", false),
        ("use super::{codec::png, Size};\nfn f() { png::g() }", false),
    ] {
        assert_eq!(names(code, "png"), expected, "{code}");
    }
}

#[test]
fn no_module_imports_upwards() {
    let modules: BTreeSet<&str> = LAYERS.iter().map(|(module, _)| *module).collect();
    let mut wrong = Vec::new();
    for (path, code) in sources("src") {
        let module = first_name(path.trim_start_matches("src/"));
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == module) else { continue };
        let extra = EXCEPTIONS.iter().find(|(file, _)| *file == path).map_or(&[] as &[&str], |(_, more)| more);
        for import in imports(&code) {
            if import != module
                && modules.contains(import.as_str())
                && !allowed.contains(&import.as_str())
                && !extra.contains(&import.as_str())
            {
                wrong.push(format!("{path} imports {import}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_module_has_a_layer() {
    for entry in fs::read_dir(root().join("src")).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().trim_end_matches(".rs").to_owned();
        assert!(name == "lib" || name == "bin" || LAYERS.iter().any(|(module, _)| *module == name), "src/{name} is not in LAYERS");
    }
}

#[test]
fn a_third_party_crate_is_named_in_one_place() {
    let mut wrong = Vec::new();
    for (path, code) in sources("src") {
        for (name, homes) in HOMES {
            if names(&code, name) && !homes.iter().any(|home| path.starts_with(home)) {
                wrong.push(format!("{path} names {name}, which belongs to {}", homes.join(" and ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn unsafe_code_stands_only_at_the_borders() {
    let mut wrong = Vec::new();
    for (path, code) in sources("src").into_iter().chain(sources("macros/src")).chain(sources("python/src")) {
        let has = code.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|word| word == "unsafe");
        if has != UNSAFE.contains(&path.as_str()) {
            wrong.push(format!("{path}: unsafe {}", if has { "stands here" } else { "is allowed and not used" }));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn python_and_programs_use_the_public_face_alone() {
    for (path, code) in sources("python/src") {
        assert!(!code.contains("cog_kit::private"), "{path} names cog_kit::private");
    }
}

#[test]
fn files_stay_short() {
    let mut wrong = Vec::new();
    for (path, code) in sources("src").into_iter().chain(sources("macros/src")).chain(sources("python/src")).chain(sources("tests")) {
        let lines = code.lines().count();
        if lines > LONGEST {
            wrong.push(format!("{path} has {lines} lines, the limit is {LONGEST}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_names_that_cogs_document_reserves_are_the_same_everywhere() {
    // The macro, the compiler's own check and the linter are built apart and cannot share a constant.
    let names = |file: &str| {
        let text = fs::read_to_string(root().join(file)).unwrap();
        let list = text.split_once(": &[&str] = &[").unwrap().1.split_once("];").unwrap().0;
        list.split('"').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>()
    };
    let files = ["macros/src/check/name.rs", "src/schema/verify.rs", "src/guide/rules/ck107_reserved_choice_name.rs"];
    let lists = files.map(names);
    assert_eq!(lists[0].len(), 11);
    assert!(lists.iter().all(|list| *list == lists[0]), "{lists:?}");
}

#[test]
fn the_list_of_cogs_own_tests_names_only_tests_that_exist() {
    let list = fs::read_to_string(root().join("tests/reference/README.md")).unwrap();
    let comparison = fs::read_to_string(root().join("tests/reference/compare.py")).unwrap();
    let rows = list.split_once("## Inputs").unwrap().1;
    let mut wrong = Vec::new();
    let mut count = 0;
    // What stands between backticks is every second piece.
    for name in rows.split('`').skip(1).step_by(2) {
        let exists = if let Some((file, test)) = name.split_once("::") {
            let file = if file.ends_with(".rs") { file.to_owned() } else { format!("tests/{file}.rs") };
            fs::read_to_string(root().join(file)).is_ok_and(|code| code.contains(&format!("fn {test}()")))
        } else if let Some(request) = name.strip_prefix("compare.py: ") {
            comparison.contains(&format!("\"{request}\""))
        } else if let Some(signature) = name.strip_prefix("signature ") {
            root().join(format!("tests/conformance/signatures/{signature}.json")).exists()
        } else if name.starts_with("ui/fail/") {
            root().join(format!("tests/{name}.rs")).exists()
        } else {
            continue;
        };
        count += 1;
        if !exists {
            wrong.push(name);
        }
    }
    assert!(wrong.is_empty() && count > 60, "{count} names, of which there are no {wrong:?}");
}

#[test]
fn every_test_that_security_names_is_there() {
    let page = fs::read_to_string(root().join("SECURITY.md")).unwrap();
    let names = page.split('`').filter_map(|text| text.split_once("::"));
    let names: Vec<_> =
        names.filter(|(file, test)| [file, test].iter().all(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '_'))).collect();
    assert!(names.len() > 20, "{names:?}");
    for (file, test) in names {
        let paths = [format!("tests/{file}.rs"), format!("tests/{file}/main.rs")];
        let text = paths.iter().find_map(|path| fs::read_to_string(root().join(path)).ok());
        assert!(
            text.is_some_and(|text| text.contains(&format!("fn {test}()"))),
            "SECURITY.md names the test {file}::{test}, which is not there"
        );
    }
}
