//! A struct of 78 inputs: how long its document takes to build, and a full request to decode.
//!
//! ```text
//! cargo bench --no-default-features --features input --bench schema
//! ```

use std::hint::black_box;

use cog_kit::input::{Seed, Sources};
use cog_kit::schema::{Document, OutputSchema};
use cog_kit::{Input, Path};
use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::{Map, Value, json};

include!("large.rs");

/// A value for every input; pictures are null, because fetching one is not decoding.
fn full_request() -> Map<String, Value> {
    let value = |property: &cog_kit::schema::Property| {
        let value = match property.name.as_str() {
            "prompt" => json!("a lighthouse on a cliff, storm, oil on canvas"),
            "seed" => json!(42),
            "lora_url" => json!("https://example.com/weights.tar"),
            _ => property.default.clone().unwrap_or_default(),
        };
        (property.name.clone(), value)
    };
    Inputs::schema().properties().iter().map(value).collect()
}

fn decode(criterion: &mut Criterion) {
    let (request, sources) = (full_request(), Sources::remote());
    assert_eq!(request.len(), 78);
    let mut group = criterion.benchmark_group("78 inputs");
    group.bench_function("decode a full request", |bencher| {
        bencher.iter(|| Inputs::decode(black_box(&request), &sources).map_err(|error| error.to_string()).unwrap());
    });
    group.bench_function("decode defaults", |bencher| {
        let request = Map::from_iter([("prompt".to_owned(), json!("a lighthouse"))]);
        bencher.iter(|| Inputs::decode(black_box(&request), &sources).map_err(|error| error.to_string()).unwrap());
    });
    let wrong: Map<String, Value> = request.iter().map(|(name, _)| (name.clone(), json!({}))).collect();
    group.bench_function("refuse every field", |bencher| bencher.iter(|| Inputs::decode(black_box(&wrong), &sources).is_err()));
    group.bench_function("build the document", |bencher| {
        bencher.iter(|| {
            let (input, output) = (Inputs::schema(), OutputSchema::string());
            Document { input: &input, output: &output, streaming: false, version: "" }.to_json()
        });
    });
    group.finish();
}

criterion_group!(benches, decode);
criterion_main!(benches);
