//! The schema accepts a value exactly when decoding does, for every type of input and every odd value.
#![cfg(feature = "input")]

use cog_kit::input::{ImageOutput, ImageSize, Sampling, Seed, Sources};
use cog_kit::schema::{Document, InputSchema, OutputSchema};
use cog_kit::{Choice, File, Input, Json, Path, Secret, Union};
use jsonschema::Validator;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Map, Value, json};

#[derive(Choice)]
enum Word {
    #[choice("K_EULER")]
    Euler,
    #[choice("é")]
    Accent,
}

#[derive(Choice)]
enum Count {
    #[choice(-1)]
    Minus,
    #[choice(4)]
    Four,
}

#[derive(Union)]
#[expect(dead_code, reason = "only decoded")]
enum TextOrFloat {
    Text(String),
    Float(f64),
}

#[derive(Union)]
#[expect(dead_code, reason = "only decoded")]
enum Many {
    Small(Vec<u8>),
    Whole(i32),
    Truth(bool),
    Any(Map<String, Value>),
}

/// A type of input with its keys: a name, the schema of the property, and whether decoding accepts a value.
struct Case {
    name: &'static str,
    schema: InputSchema,
    validator: Validator,
    decode: fn(&Map<String, Value>) -> bool,
}

/// The schema of the inputs, in the words of JSON Schema: references put in place, and `nullable` as a choice of null.
fn plain(schema: &InputSchema) -> Value {
    let output = OutputSchema::string();
    let document = Document { input: schema, output: &output, streaming: false, version: "" }.to_json();
    let schemas = &document["components"]["schemas"];
    let mut input = schemas["Input"].clone();
    for (name, property) in input["properties"].as_object_mut().unwrap() {
        let fields = property.as_object_mut().unwrap();
        if fields.remove("allOf").is_some() {
            fields.insert("allOf".to_owned(), json!([schemas[name]]));
        }
        if fields.contains_key("nullable") {
            *property = json!({"anyOf": [property, {"type": "null"}]});
        }
    }
    input
}

macro_rules! cases {
    ($($name:literal: $type:ty $(, $key:ident $(= $value:expr)?)*;)*) => {
        vec![$({
            #[derive(Input)]
            #[expect(dead_code, reason = "only decoded")]
            struct Inputs {
                #[input(description = None $(, $key $(= $value)?)*)]
                x: $type,
            }
            let schema = Inputs::schema();
            let validator = jsonschema::validator_for(&plain(&schema)["properties"]["x"]).unwrap();
            Case { name: $name, schema, validator, decode: |request| Inputs::decode(request, &Sources::remote()).is_ok() }
        }),*]
    };
}

fn cases() -> Vec<Case> {
    cases! {
        "String": String;
        "String, lengths": String, min_length = 2, max_length = 4;
        "String, pattern": String, regex = r"^\w{1,3}[\s\d]?$";
        "String, pattern anywhere": String, regex = r"[^\S\d]é?";
        "String, choices": String, choices = ["a", "true", "1"];
        "String, default": String, default = "a";
        "bool": bool;
        "i8": i8;
        "i16": i16;
        "i32": i32;
        "u8": u8;
        "u16": u16;
        "u32": u32;
        "u64": u64;
        "usize": usize;
        "i32, bounds": i32, ge = -3, le = 300;
        "u8, one bound": u8, ge = 3;
        "i64, bounds": i64, ge = -9007199254740993, le = 9007199254740993;
        "i64, choices": i64, choices = [1, -1, 256];
        "u8, choices": u8, choices = [1, 255];
        "f64": f64;
        "f64, bounds": f64, ge = -0.5, le = 256;
        "f32": f32;
        "f32, bounds": f32, ge = 0, le = 0.1;
        "Option<String>": Option<String>, min_length = 1;
        "Option<i32>, null": Option<i32>, default = None, ge = 0;
        "Option<u8>, default": Option<u8>, default = 3;
        "Option<bool>": Option<bool>;
        "Option<f64>": Option<f64>;
        "Option<Vec<u8>>": Option<Vec<u8>>;
        "Option<String>, choices": Option<String>, default = None, choices = ["a", "b"];
        "Vec<String>": Vec<String>;
        "Vec<u8>": Vec<u8>, default = [1, 2];
        "Vec<i16>": Vec<i16>;
        "Vec<f32>": Vec<f32>;
        "Vec<bool>": Vec<bool>;
        "Vec<Map>": Vec<Map<String, Value>>;
        "Vec<Secret>": Vec<Secret>;
        "Map": Map<String, Value>;
        "Json": Json<Value>;
        "Option<Json>": Option<Json<Map<String, Value>>>, default = None;
        "Secret": Secret;
        "Option<Secret>": Option<Secret>, default = None;
        "Choice of texts": Word;
        "Choice of numbers": Count, default = 4;
        "Option<Choice>": Option<Count>;
        "Union": TextOrFloat;
        "Union of many": Many;
        "Option<Union>": Option<Many>, default = None;
        "Seed": Seed, default = None;
    }
}

/// Whether only the schema accepts a value.
type Wider = fn(&Value) -> bool;

/// Types whose schema is wider than what they hold, with the values that only the schema accepts.
fn wider_cases() -> Vec<(Case, Wider)> {
    // Cog's integer has no bounds; ours has 64 bits.
    let beyond_64_bits: Wider = |value| {
        value.as_i64().is_none()
            && value.as_f64().is_some_and(|float| !(-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&float))
    };
    // `format: uri` is not checked; a file must come from somewhere.
    let no_uri: Wider = |value| match value {
        Value::Array(items) => !items.iter().all(|item| item.as_str().is_some_and(|text| text.starts_with("data:,"))),
        value => !value.as_str().is_some_and(|text| text.starts_with("data:,")),
    };
    let cases = cases! {
        "i64": i64;
        "isize": isize;
        "Option<i64>": Option<i64>;
        "Path": Path;
        "Option<Path>": Option<Path>;
        "Vec<Path>": Vec<Path>;
        "File": File;
    };
    cases
        .into_iter()
        .map(|case| if case.name.contains('6') || case.name == "isize" { (case, beyond_64_bits) } else { (case, no_uri) })
        .collect()
}

/// The struct that the whole-request test decodes: groups within groups, one that may be absent, and every ready-made input.
#[derive(Input)]
#[expect(dead_code, reason = "only decoded")]
struct Whole {
    #[input(description = None)]
    x: String,
    #[input(group(prefix = "", num_inference_steps(default = 4, le = 12, recommended = 1..=8)))]
    sampling: Sampling,
    #[input(group)]
    size: ImageSize,
    #[input(group)]
    tile: Option<Tile>,
    #[input(group(prefix = ""))]
    output: ImageOutput,
    #[input(description = None, default = None)]
    seed: Seed,
}

#[derive(Input)]
#[expect(dead_code, reason = "only decoded")]
struct Tile {
    #[input(description = None)]
    side: u16,
    #[input(group)]
    edge: Edge,
}

#[derive(Input)]
#[expect(dead_code, reason = "only decoded")]
struct Edge {
    #[input(description = None, default = "b", choices = ["a", "b"])]
    kind: String,
}

fn number() -> impl Strategy<Value = Value> {
    let edges =
        [0_i64, 1, -1, 3, 4, 127, 128, 255, 256, 300, 301, -128, -129, 32767, 32768, 65535, 65536, 9007199254740993, i64::MIN, i64::MAX];
    let odd = [
        -0.0,
        0.5,
        -0.5,
        0.1,
        0.1_f32.into(),
        1e-7,
        1e18,
        1e19,
        1.8446744073709552e19,
        -9.223_372_036_854_776e18,
        3.4028234663852886e38,
        3.5e38,
        1e300,
    ];
    prop_oneof![
        (prop::sample::select(edges.to_vec()), -2..=2_i64).prop_map(|(edge, off)| edge.saturating_add(off).into()),
        (prop::sample::select(edges.to_vec()), -1..=1_i64).prop_map(|(edge, off)| (edge.saturating_add(off) as f64).into()),
        prop::sample::select(odd.to_vec()).prop_map(Value::from),
        Just(u64::MAX.into()),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (-600..600_i32).prop_map(|half| (f64::from(half) / 2.0).into()),
    ]
}

fn text() -> impl Strategy<Value = Value> {
    let known = [
        "",
        "a",
        "b",
        "true",
        "1",
        "null",
        "K_EULER",
        "é",
        "ab1",
        "ab ",
        "a\u{a0}",
        "\u{2003}é",
        "x\ty",
        "data:,a",
        "data:,",
        "http:",
        "0.5",
        "٣",
        "a\n",
    ];
    prop_oneof![prop::sample::select(known.to_vec()).prop_map(Value::from), ".{0,6}".prop_map(Value::from)]
}

fn odd_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), number(), number(), text(), text()];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((text(), inner), 0..3).prop_map(|fields| fields
                .into_iter()
                .map(|(key, value)| (key.as_str().unwrap().to_owned(), value))
                .collect::<Map<_, _>>()
                .into()),
        ]
    })
}

fn request(value: Value) -> Map<String, Value> {
    Map::from_iter([("x".to_owned(), value)])
}

fn runner() -> TestRunner {
    TestRunner::new(Config { cases: 4000, failure_persistence: None, ..Config::default() })
}

#[test]
fn the_schema_accepts_exactly_what_decoding_accepts() {
    let cases = cases();
    let check = |value: Value| {
        for case in &cases {
            let (schema, decoding) = (case.validator.is_valid(&value), (case.decode)(&request(value.clone())));
            prop_assert_eq!(schema, decoding, "{}: the schema says {}, decoding {}, of {}", case.name, schema, decoding, value);
        }
        Ok(())
    };
    runner().run(&odd_json(), check).unwrap();
}

/// Some of the inputs of [`Whole`], most with a value that they take.
fn whole_request() -> impl Strategy<Value = Map<String, Value>> {
    let good = json!({
        "x": "a", "negative_prompt": "a", "num_inference_steps": 5, "guidance_scale": 3, "num_outputs": 2.0, "size_aspect_ratio": "16:9",
        "size_megapixels": 0.5, "size_width": 64, "size_height": null, "tile_side": 8, "tile_edge_kind": "a", "output_format": "png",
        "output_quality": 9, "seed": 1,
    });
    let good: Vec<_> = good.as_object().unwrap().clone().into_iter().collect();
    assert_eq!(good.len(), Whole::schema().properties().len());
    let count = good.len();
    prop::sample::subsequence(good, count / 2..=count).prop_flat_map(|fields| {
        let field = |(name, value): (String, Value)| (Just(name), prop_oneof![20 => Just(value), 1 => odd_json()]);
        fields.into_iter().map(field).collect::<Vec<_>>().prop_map(|fields| fields.into_iter().collect())
    })
}

#[test]
fn whole_requests_are_accepted_by_both_or_by_none() {
    let validator = jsonschema::validator_for(&plain(&Whole::schema())).unwrap();
    let accepted = std::cell::Cell::new(0);
    let check = |request: Map<String, Value>| {
        // A group that may be absent asks for its own required inputs once one of it is given; no key of Cog's document says that.
        let given = |name: &str| request.get(name).is_some_and(|value| !value.is_null());
        let schema = validator.is_valid(&Value::Object(request.clone())) && (given("tile_side") || !given("tile_edge_kind"));
        let decoding = Whole::decode(&request, &Sources::remote());
        prop_assert_eq!(schema, decoding.is_ok(), "the schema says {}, decoding {:?}, of {:?}", schema, decoding.err(), request);
        accepted.set(accepted.get() + usize::from(schema));
        Ok(())
    };
    runner().run(&whole_request(), check).unwrap();
    assert!((400..3600).contains(&accepted.get()), "{} of 4000 requests were accepted: too few of one kind", accepted.get());
}

#[test]
fn what_only_the_schema_accepts_is_known() {
    let cases = wider_cases();
    let check = |value: Value| {
        for (case, known) in &cases {
            let (schema, decoding) = (case.validator.is_valid(&value), (case.decode)(&request(value.clone())));
            let expected = schema && (!known(&value) || value.is_null());
            prop_assert_eq!(decoding, expected, "{}: decoding says {} of {}", case.name, decoding, value);
        }
        Ok(())
    };
    runner().run(&odd_json(), check).unwrap();
}

#[test]
fn a_missing_input_is_refused_exactly_when_the_schema_requires_it() {
    for case in cases().into_iter().chain(wider_cases().into_iter().map(|(case, _)| case)) {
        let required = case.schema.properties()[0].is_required();
        // Cog asks for a union even if it may be null; nobody but the schema minds.
        assert_eq!((case.decode)(&Map::new()), !required, "{}", case.name);
    }
}

#[test]
fn every_default_is_a_value_of_its_schema() {
    for case in cases() {
        if let Some(default) = &case.schema.properties()[0].default {
            assert!(case.validator.is_valid(default), "{}: {default}", case.name);
        }
    }
}
