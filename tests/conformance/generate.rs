//! A signature as Rust: a struct of inputs, an output type, and the types of the runner's own.

use std::fmt::Write;

use serde_json::Value;

/// Words of Rust that a Python name may be.
const KEYWORDS: &[&str] = &[
    "as", "async", "box", "const", "do", "dyn", "enum", "fn", "impl", "loop", "match", "mod", "move", "mut", "priv", "pub", "ref",
    "static", "struct", "trait", "type", "use", "where", "yield",
];

/// A program that prints the documents of all signatures as a JSON list.
pub(super) fn program(signatures: &[&Value]) -> String {
    let mut text = "#![allow(dead_code, non_snake_case, non_camel_case_types)]\n\n".to_owned();
    for (position, signature) in signatures.iter().enumerate() {
        module(&mut text, position, signature);
    }
    let documents: Vec<String> =
        (0..signatures.len()).map(|position| format!("cog_kit::serve::document::<m{position}::Model>()")).collect();
    write!(text, "fn main() {{\n    println!(\"{{}}\", serde_json::Value::from(vec![{}]));\n}}\n", documents.join(", ")).unwrap();
    text
}

fn module(text: &mut String, position: usize, signature: &Value) {
    let mut types = String::new();
    let mut fields = String::new();
    for input in signature["inputs"].as_array().unwrap() {
        let name = input["name"].as_str().unwrap();
        let rust = input_type(input, name, &mut types);
        writeln!(fields, "        #[input({})]\n        pub {}: {rust},", keys(input), ident(name)).unwrap();
    }
    let output = output_type(signature["output"].as_str().unwrap());
    for (name, model) in signature.get("models").and_then(Value::as_object).into_iter().flatten() {
        let name = record(name);
        writeln!(types, "    #[derive(Output)]\n    pub struct {name} {{").unwrap();
        for field in model.as_array().unwrap() {
            let mut rust = output_type(field["type"].as_str().unwrap());
            if rust == name {
                rust = format!("Box<{rust}>");
            }
            if field["optional"] == true {
                rust = format!("Option<{rust}>");
            } else if field["required"] == false {
                writeln!(types, "        #[output(not_required)]").unwrap();
            }
            writeln!(types, "        pub {}: {rust},", ident(field["name"].as_str().unwrap())).unwrap();
        }
        writeln!(types, "    }}").unwrap();
    }
    let streaming = signature.get("streaming").is_some_and(|streaming| streaming == true);
    writeln!(
        text,
        "/// {name}
mod m{position} {{
    use std::collections::HashMap;
    #[allow(unused_imports)]
    use cog_kit::{{ConcatenateStream, Context, File, Input, Output, Path, Predictor, Result, Secret, Stream, Union}};
    use serde_json::{{Map, Value}};

{types}
    #[derive(Input)]
    pub struct Inputs {{
{fields}    }}

    pub struct Model;

    impl Predictor for Model {{
        type Input = Inputs;
        type Output = {output};
        const STREAMING: bool = {streaming};

        fn setup() -> Result<Self> {{
            Ok(Self)
        }}

        fn predict(&self, _: Inputs, _: &Context) -> Result<{output}> {{
            unreachable!(\"only described\")
        }}
    }}

    #[allow(dead_code)]
    type Unused = (HashMap<String, u8>, Map<String, Value>);
}}
",
        name = signature["name"].as_str().unwrap(),
    )
    .unwrap();
}

/// The name of the runner's own type, which may be called like one of ours.
fn record(name: &str) -> String {
    format!("Record_{name}")
}

fn ident(name: &str) -> String {
    if KEYWORDS.contains(&name) { format!("r#{name}") } else { name.to_owned() }
}

/// The type of an input. A union becomes an enum of its own, written into `types`.
fn input_type(input: &Value, name: &str, types: &mut String) -> String {
    let python = input["type"].as_str().unwrap();
    let members: Vec<&str> = python.split(" | ").collect();
    let rust = if members.len() > 1 {
        let union = format!("Union_{name}");
        let variants: Vec<String> =
            members.iter().enumerate().map(|(position, member)| format!("V{position}({})", plain(member))).collect();
        writeln!(types, "    #[derive(Union)]\n    pub enum {union} {{ {} }}", variants.join(", ")).unwrap();
        union
    } else {
        plain(python)
    };
    // A bare `Secret` whose default is None is optional in Cog; anything else is not.
    let optional = input["optional"] == true || (python == "Secret" && input.get("default").is_some_and(Value::is_null));
    if optional { format!("Option<{rust}>") } else { rust }
}

/// The Rust type of a Python type of inputs; typed dictionaries are objects.
fn plain(python: &str) -> String {
    if let Some(item) = python.strip_prefix("list[").and_then(|rest| rest.strip_suffix(']')) {
        return format!("Vec<{}>", plain(item));
    }
    match python {
        "str" => "String",
        "int" => "i64",
        "float" => "f64",
        "bool" => "bool",
        "Path" => "Path",
        "File" => "File",
        "Secret" => "Secret",
        _ => "Map<String, Value>",
    }
    .to_owned()
}

/// The Rust type of a Python return type.
fn output_type(python: &str) -> String {
    let inside = |prefix: &str| python.strip_prefix(prefix).and_then(|rest| rest.strip_suffix(']'));
    if let Some(item) = inside("list[") {
        return format!("Vec<{}>", output_type(item));
    }
    if let Some(value) = inside("dict[str, ") {
        return format!("HashMap<String, {}>", output_type(value));
    }
    if inside("ConcatenateIterator[").or_else(|| inside("AsyncConcatenateIterator[")).is_some() {
        return "ConcatenateStream".to_owned();
    }
    if let Some(item) = inside("Iterator[").or_else(|| inside("AsyncIterator[")) {
        return format!("Stream<{}>", output_type(item));
    }
    match python {
        "list" => "Vec<Map<String, Value>>".to_owned(),
        "Any" | "dict" => "Map<String, Value>".to_owned(),
        "str" | "int" | "float" | "bool" | "Path" | "Secret" => plain(python),
        // Rust's `File` is read once and comes in; a file that goes out is a `Path`.
        "File" => "Path".to_owned(),
        model => record(model),
    }
}

/// The keys of an input, as the attribute spells them.
fn keys(input: &Value) -> String {
    let mut keys = Vec::new();
    match input.get("description") {
        None | Some(Value::Null) => keys.push("description = None".to_owned()),
        Some(text) => keys.push(format!("description = {}", literal(text))),
    }
    if let Some(default) = input.get("default") {
        let secret = input["type"] == "Secret";
        if !default.is_null() || input["optional"] == true || secret {
            let integer = input["type"] == "int";
            #[expect(clippy::cast_possible_truncation, reason = "a whole default of an integer input")]
            let default = match default.as_f64().filter(|_| integer && !default.is_i64()) {
                Some(float) => Value::from(float as i64),
                None => default.clone(),
            };
            keys.push(format!("default = {}", literal(&default)));
        }
    }
    for key in ["ge", "le", "min_length", "max_length", "regex", "choices", "accept"] {
        if let Some(value) = input.get(key).filter(|value| !value.is_null()) {
            keys.push(format!("{key} = {}", literal(value)));
        }
    }
    if input.get("deprecated").is_some_and(|deprecated| deprecated == true) {
        keys.push("deprecated".to_owned());
    }
    keys.join(", ")
}

/// A JSON value as a Rust literal.
fn literal(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(boolean) => boolean.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => format!("{text:?}"),
        Value::Array(items) => format!("[{}]", items.iter().map(literal).collect::<Vec<_>>().join(", ")),
        Value::Object(_) => format!("json!({value})"),
    }
}
