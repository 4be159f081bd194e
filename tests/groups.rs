//! Structs of inputs inside others.
#![cfg(feature = "input")]
#![allow(clippy::unwrap_used, reason = "a test may stop at what it does not expect")]

use cog_kit::input::{InputError, Sources};
use cog_kit::schema::{Document, OutputSchema};
use cog_kit::{Choice, Input, Json, Secret, Union};
use serde_json::{Value, json};

#[derive(Input, Debug)]
struct ControlNet {
    /// How strongly the pose is held.
    #[input(default = 0.5, ge = 0, le = 1)]
    strength: f64,
    /// The pose to hold.
    pose: String,
}

#[derive(Debug, PartialEq, Choice)]
enum Scheduler {
    #[choice("K_EULER")]
    Euler,
    DDIM,
}

#[derive(Debug, PartialEq, Choice)]
enum Grid {
    #[choice(1)]
    One = 7,
    #[choice(4)]
    Four = 3,
}

#[derive(Debug, PartialEq, Union)]
enum Word {
    Number(i64),
    Text(String),
    List(Vec<u8>),
}

#[derive(Input, Debug)]
struct Sampling {
    /// How many steps.
    #[input(default = 20, ge = 1, le = 100)]
    steps: u32,
    /// Which one.
    #[input(default = Scheduler::Euler)]
    scheduler: Scheduler,
    /// How many tiles.
    #[input(default = 4)]
    grid: Grid,
}

#[derive(Input, Debug)]
struct Inputs {
    /// What to paint.
    #[input(regex = r"^\w+\s\w+$")]
    prompt: String,
    #[input(group(prefix = "", steps(default = 28, le = 50, name = "num_inference_steps"), grid(default = 1)))]
    sampling: Sampling,
    #[input(group(title = "ControlNet"))]
    cn: Option<ControlNet>,
    /// A word or a number.
    #[input(default = None, group = "Words")]
    word: Option<Word>,
    /// Anything.
    #[input(default = json!({ "b": [1, 2.5], "a": null }), group = "Words")]
    options: Json<Value>,
    /// A key.
    #[input(default = None)]
    key: Option<Secret>,
}

fn decode(request: &Value) -> Result<Inputs, InputError> {
    Inputs::decode(request.as_object().unwrap(), &Sources::remote())
}

#[test]
fn groups_decide_names_and_order_and_carry_their_title() {
    let (input, output) = (Inputs::schema(), OutputSchema::string());
    let document = Document { input: &input, output: &output, streaming: false, version: "dev" }.to_json();
    let properties = &document["components"]["schemas"]["Input"]["properties"];
    let names: Vec<&str> = input.properties().iter().map(|property| property.name.as_str()).collect();
    assert_eq!(names, ["prompt", "num_inference_steps", "scheduler", "grid", "cn_strength", "cn_pose", "word", "options", "key"]);
    let steps = json!({
        "default": 28, "description": "How many steps.", "maximum": 50, "minimum": 1, "title": "Num Inference Steps", "type": "integer",
        "x-group": "Sampling", "x-order": 1,
    });
    assert_eq!(properties["num_inference_steps"], steps);
    let pose = json!({
        "description": "The pose to hold.", "nullable": true, "title": "Cn Pose", "type": "string", "x-group": "ControlNet", "x-order": 5,
    });
    assert_eq!(properties["cn_pose"], pose);
    assert_eq!(properties["word"]["anyOf"][1], json!({"nullable": true, "type": "string"}));
    assert_eq!(document["components"]["schemas"]["grid"]["enum"], json!([1, 4]));
    assert_eq!(properties["grid"]["default"], 1);
    assert_eq!(document["components"]["schemas"]["Input"]["required"], json!(["prompt"]));
}

#[test]
fn a_group_that_may_be_missing_is_missing_when_nothing_of_it_was_given() {
    let inputs = decode(&json!({"prompt": "a b", "cn_pose": null})).unwrap();
    assert!(inputs.cn.is_none() && inputs.word.is_none() && inputs.key.is_none());
    assert_eq!((inputs.sampling.steps, inputs.sampling.scheduler, inputs.sampling.grid), (28, Scheduler::Euler, Grid::One));
    assert_eq!(inputs.options.0, json!({"b": [1, 2.5], "a": null}));

    let inputs = decode(&json!({"prompt": "a b", "cn_pose": "x", "key": "hunter2", "scheduler": "DDIM", "grid": 4.0})).unwrap();
    let cn = inputs.cn.as_ref().unwrap();
    assert_eq!((cn.strength, cn.pose.as_str()), (0.5, "x"));
    assert_eq!((&inputs.sampling.scheduler, &inputs.sampling.grid), (&Scheduler::DDIM, &Grid::Four));
    assert!(!format!("{inputs:?}").contains("hunter2"));
    assert_eq!(inputs.key.unwrap().expose(), "hunter2");

    assert_eq!(decode(&json!({"prompt": "a b", "cn_strength": 1})).unwrap_err().to_string(), "cn_pose: Field required");
}

#[test]
fn a_union_takes_the_first_type_that_fits() {
    let word = |value: Value| decode(&json!({"prompt": "a b", "word": value})).map(|inputs| inputs.word.unwrap());
    assert_eq!(word(json!(3.0)).unwrap(), Word::Number(3));
    assert_eq!(word(json!("3")).unwrap(), Word::Text("3".into()));
    assert_eq!(word(json!([3])).unwrap(), Word::List(vec![3]));
    let error = word(json!([256])).unwrap_err().to_string();
    assert_eq!(error, "word: a list of 1 item is not valid under any of the schemas listed in the 'anyOf' keyword");
}

#[test]
fn mistakes_in_groups_are_told_by_the_full_name() {
    let request = json!({"prompt": "a  b", "cn_pose": 1, "num_inference_steps": 51, "scheduler": "X", "options": [], "key": 12345});
    let expected = [
        "prompt: \"a  b\" does not match \"^\\w+\\s\\w+$\"",
        "num_inference_steps: 51 is greater than the maximum of 50",
        "scheduler: \"X\" is not one of [\"K_EULER\",\"DDIM\"]",
        "cn_pose: 1 is not of type \"string\"",
        "options: a list of 0 items is not of type \"object\"",
        "key: ********** is not of type \"string\"",
    ];
    assert_eq!(decode(&request).unwrap_err().to_string(), expected.join("; "));
}
