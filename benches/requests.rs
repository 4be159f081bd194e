//! A request as most models get it: fifteen inputs, with and without a photo inside. `benches/schema` has the largest, and documents.
//!
//! ```text
//! cargo bench --no-default-features --features image,input --bench requests
//! ```

use std::hint::black_box;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use cog_kit::input::{Choice, ImageOutput, Sampling, Secret, Seed, Sources};
use cog_kit::{Image, Input, Path};
use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::{Map, Value, json};

/// A photo of 1200 × 1600 pixels, 115 kB.
const PHOTO: &[u8] = include_bytes!("../tests/pictures/phone.jpg");

/// How noise is taken away from step to step.
#[derive(Choice, Debug, Clone, Copy, PartialEq)]
enum Scheduler {
    Ddim,
    Euler,
    Pndm,
}

/// What an image-to-image model asks for.
#[derive(Input)]
#[expect(dead_code, reason = "no model reads them here")]
struct Inputs {
    /// What the picture shows.
    #[input(min_length = 1, max_length = 4000)]
    prompt: String,
    #[input(group(prefix = ""))]
    sampling: Sampling,
    /// Picture to start from.
    #[input(default = None, accept = "image/*")]
    image: Option<Image>,
    /// White where the picture is to be painted anew.
    #[input(default = None, accept = "image/*")]
    mask: Option<Path>,
    /// How far the result may go from the picture.
    #[input(default = 0.8, ge = 0, le = 1)]
    strength: f64,
    /// Longest side of the result in pixels.
    #[input(default = 1024, ge = 256, le = 2048)]
    max_side: u32,
    /// How noise is taken away from step to step.
    #[input(default = Scheduler::Euler)]
    scheduler: Scheduler,
    /// Addresses of LoRA weights.
    #[input(default = [])]
    loras: Vec<String>,
    /// Opens weights that are not public.
    #[input(default = None)]
    token: Option<Secret>,
    /// Makes a result repeatable.
    #[input(default = None)]
    seed: Seed,
    #[input(group(prefix = ""))]
    output: ImageOutput,
}

fn request() -> Map<String, Value> {
    let Value::Object(request) = json!({
        "prompt": "a lighthouse on a cliff, storm, oil on canvas",
        "negative_prompt": "blurry, text",
        "num_inference_steps": 30,
        "guidance_scale": 7.5,
        "num_outputs": 1,
        "image": null,
        "mask": null,
        "strength": 0.7,
        "max_side": 1024,
        "scheduler": "Pndm",
        "loras": ["https://example.com/one.safetensors", "https://example.com/two.safetensors"],
        "token": "not a real one",
        "seed": 42,
        "output_format": "png",
        "output_quality": 90,
    }) else {
        unreachable!("an object is written above")
    };
    request
}

fn with(name: &str, value: Value) -> Map<String, Value> {
    let mut request = request();
    assert!(request.insert(name.to_owned(), value).is_some(), "{name}");
    request
}

fn decode(criterion: &mut Criterion) {
    let sources = Sources::remote();
    let photo = json!(format!("data:image/jpeg;base64,{}", STANDARD.encode(PHOTO)));
    assert_eq!(Inputs::schema().properties().len(), request().len());
    let inputs = Inputs::decode(&request(), &sources).map_err(|error| error.to_string()).unwrap();
    assert_eq!((inputs.scheduler, inputs.loras.len(), inputs.output.output_quality), (Scheduler::Pndm, 2, 90));
    let mut group = criterion.benchmark_group("15 inputs");
    let mut run = |name: &str, request: &Map<String, Value>| {
        group.bench_function(name, |bencher| {
            bencher.iter(|| Inputs::decode(black_box(request), &sources).map_err(|error| error.to_string()).unwrap());
        });
    };
    run("decode", &request());
    run("decode one alone, the others by default", &Map::from_iter([("prompt".to_owned(), json!("a lighthouse"))]));
    // From text to a picture whose header is read, in memory; and to a file in a folder of its own, which is removed again.
    run("decode with a photo as Image", &with("image", photo.clone()));
    run("decode with a photo as Path", &with("mask", photo));
    group.finish();
}

criterion_group!(benches, decode);
criterion_main!(benches);
