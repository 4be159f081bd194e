//! The whole OpenAPI document, with the parts that never change.

use std::fmt;

use serde_json::{Value, json};

use super::tree::Tree;
use super::{InputSchema, OutputSchema};

/// The OpenAPI document of a model, as Cog prints it; `to_string()` gives Cog's bytes.
///
/// # Source
/// Cog's static schema generator; `tests/schema.rs` compares whole documents.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    /// The inputs.
    pub input: &'a InputSchema,
    /// What comes back.
    pub output: &'a OutputSchema,
    /// Whether clients may ask for server-sent events.
    pub streaming: bool,
    /// The version in `info`: for Cog, that of its command line.
    pub version: &'a str,
}

impl Document<'_> {
    /// The document as a JSON value.
    pub fn to_json(&self) -> Value {
        self.to_tree().to_json()
    }

    pub(super) fn to_tree(self) -> Tree {
        tree(Operation::Predict { streaming: self.streaming }, self.input, self.output, self.version)
    }
}

impl fmt::Display for Document<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_tree().fmt(f)
    }
}

/// What a document describes.
#[derive(Clone, Copy)]
pub(super) enum Operation {
    Predict { streaming: bool },
    Train,
}

/// How an operation is called in components, paths and texts.
struct Names {
    thing: &'static str,
    verb: &'static str,
    title: &'static str,
    summary: &'static str,
    input: &'static str,
    output: &'static str,
}

impl Operation {
    const fn names(self) -> Names {
        match self {
            Self::Predict { .. } => {
                Names { thing: "prediction", verb: "predict", title: "Prediction", summary: "Predict", input: "Input", output: "Output" }
            }
            Self::Train => Names {
                thing: "training",
                verb: "train",
                title: "Training",
                summary: "Train",
                input: "TrainingInput",
                output: "TrainingOutput",
            },
        }
    }
}

pub(super) fn tree(operation: Operation, input: &InputSchema, output: &OutputSchema, version: &str) -> Tree {
    let names = operation.names();
    // The title of an output is always `Output`.
    let mut schemas = vec![(names.input.into(), input.to_tree(names.input)), (names.output.into(), output.to_tree())];
    schemas.extend(input.choices().map(|(name, tree)| (name.into(), tree)));
    schemas.extend(constant_schemas(&names).map(|(name, schema)| (name.into(), schema.into())));
    Tree::sorted(vec![
        ("components".into(), Tree::sorted(vec![("schemas".into(), Tree::Object(schemas))])),
        ("info".into(), json!({"title": "Cog", "version": version}).into()),
        ("openapi".into(), Tree::text("3.0.2")),
        ("paths".into(), Tree::Object(paths(operation).into_iter().map(|(path, item)| (path.into(), item.into())).collect())),
    ])
}

fn constant_schemas(names: &Names) -> [(String, Value); 5] {
    let (request, response) = (format!("{}Request", names.title), format!("{}Response", names.title));
    let text = |title: &str| json!({"title": title, "type": "string"});
    let time = |title: &str| json!({"format": "date-time", "title": title, "type": "string"});
    let component = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    [
        (request.clone(), json!({"properties": {"id": text("Id"), "input": component(names.input)}, "title": request, "type": "object"})),
        (
            response.clone(),
            json!({
                "properties": {
                    "completed_at": time("Completed At"),
                    "created_at": time("Created At"),
                    "error": text("Error"),
                    "id": text("Id"),
                    "input": component(names.input),
                    "logs": text("Logs"),
                    "metrics": {"title": "Metrics", "type": "object"},
                    "output": component(names.output),
                    "started_at": time("Started At"),
                    "status": text("Status"),
                    "version": text("Version"),
                },
                "title": response,
                "type": "object",
            }),
        ),
        (
            "Status".to_owned(),
            json!({
                "description": "An enumeration.",
                "enum": ["starting", "processing", "succeeded", "canceled", "failed"],
                "title": "Status",
                "type": "string",
            }),
        ),
        (
            "HTTPValidationError".to_owned(),
            json!({
                "properties": {"detail": {"items": component("ValidationError"), "title": "Detail", "type": "array"}},
                "title": "HTTPValidationError",
                "type": "object",
            }),
        ),
        (
            "ValidationError".to_owned(),
            json!({
                "properties": {
                    "loc": {"items": {"anyOf": [{"type": "string"}, {"type": "integer"}]}, "title": "Location", "type": "array"},
                    "msg": text("Message"),
                    "type": text("Error Type"),
                },
                "required": ["loc", "msg", "type"],
                "title": "ValidationError",
                "type": "object",
            }),
        ),
    ]
}

fn paths(operation: Operation) -> [(String, Value); 4] {
    let Names { thing, verb, title, summary, .. } = operation.names();
    let any = json!({"content": {"application/json": {"schema": {}}}, "description": "Successful Response"});
    let body = |name: &str| json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}});
    let invalid = json!({"content": body("HTTPValidationError"), "description": "Validation Error"});
    let mut run = json!({
        "description": format!("Run a single {thing} on the model"),
        "operationId": format!("{verb}_{thing}s_post"),
        "requestBody": {"content": body(&format!("{title}Request"))},
        "responses": {"200": {"content": body(&format!("{title}Response")), "description": "Successful Response"}, "422": invalid},
        "summary": summary,
    });
    if let (Operation::Predict { streaming: true }, Some(fields)) = (operation, run.as_object_mut()) {
        fields.insert("x-cog-streaming".to_owned(), true.into());
    }
    let id = format!("{thing}_id");
    [
        ("/".to_owned(), json!({"get": {"operationId": "root__get", "responses": {"200": any}, "summary": "Root"}})),
        (
            "/health-check".to_owned(),
            json!({"get": {"operationId": "healthcheck_health_check_get", "responses": {"200": any}, "summary": "Healthcheck"}}),
        ),
        (format!("/{thing}s"), json!({"post": run})),
        (
            format!("/{thing}s/{{{id}}}/cancel"),
            json!({"post": {
                "operationId": format!("cancel_{thing}s__{id}__cancel_post"),
                "parameters": [{"in": "path", "name": id, "required": true, "schema": {"title": format!("{title} Id"), "type": "string"}}],
                "responses": {"200": any, "422": invalid},
                "summary": "Cancel",
            }}),
        ),
    ]
}
