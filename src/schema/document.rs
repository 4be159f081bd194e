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

    fn to_tree(self) -> Tree {
        Tree::sorted(vec![
            ("components".into(), Tree::sorted(vec![("schemas".into(), self.schemas())])),
            ("info".into(), json!({"title": "Cog", "version": self.version}).into()),
            ("openapi".into(), Tree::text("3.0.2")),
            ("paths".into(), paths(self.streaming).into()),
        ])
    }

    fn schemas(self) -> Tree {
        let mut schemas = vec![("Input".into(), self.input.to_tree()), ("Output".into(), self.output.to_tree())];
        schemas.extend(self.input.choices().map(|(name, tree)| (name.into(), tree)));
        schemas.extend(constant_schemas().map(|(name, schema)| (name.into(), schema.into())));
        Tree::Object(schemas)
    }
}

impl fmt::Display for Document<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_tree().fmt(f)
    }
}

fn constant_schemas() -> [(&'static str, Value); 5] {
    let text = |title: &str| json!({"title": title, "type": "string"});
    let time = |title: &str| json!({"format": "date-time", "title": title, "type": "string"});
    let component = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    [
        (
            "PredictionRequest",
            json!({"properties": {"id": text("Id"), "input": component("Input")}, "title": "PredictionRequest", "type": "object"}),
        ),
        (
            "PredictionResponse",
            json!({
                "properties": {
                    "completed_at": time("Completed At"),
                    "created_at": time("Created At"),
                    "error": text("Error"),
                    "id": text("Id"),
                    "input": component("Input"),
                    "logs": text("Logs"),
                    "metrics": {"title": "Metrics", "type": "object"},
                    "output": component("Output"),
                    "started_at": time("Started At"),
                    "status": text("Status"),
                    "version": text("Version"),
                },
                "title": "PredictionResponse",
                "type": "object",
            }),
        ),
        (
            "Status",
            json!({
                "description": "An enumeration.",
                "enum": ["starting", "processing", "succeeded", "canceled", "failed"],
                "title": "Status",
                "type": "string",
            }),
        ),
        (
            "HTTPValidationError",
            json!({
                "properties": {"detail": {"items": component("ValidationError"), "title": "Detail", "type": "array"}},
                "title": "HTTPValidationError",
                "type": "object",
            }),
        ),
        (
            "ValidationError",
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

fn paths(streaming: bool) -> Value {
    let any = json!({"content": {"application/json": {"schema": {}}}, "description": "Successful Response"});
    let body = |name: &str| json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}});
    let invalid = json!({"content": body("HTTPValidationError"), "description": "Validation Error"});
    let mut predict = json!({
        "description": "Run a single prediction on the model",
        "operationId": "predict_predictions_post",
        "requestBody": {"content": body("PredictionRequest")},
        "responses": {"200": {"content": body("PredictionResponse"), "description": "Successful Response"}, "422": invalid},
        "summary": "Predict",
    });
    if let (true, Some(fields)) = (streaming, predict.as_object_mut()) {
        fields.insert("x-cog-streaming".to_owned(), true.into());
    }
    json!({
        "/": {"get": {"operationId": "root__get", "responses": {"200": any}, "summary": "Root"}},
        "/health-check": {"get": {"operationId": "healthcheck_health_check_get", "responses": {"200": any}, "summary": "Healthcheck"}},
        "/predictions": {"post": predict},
        "/predictions/{prediction_id}/cancel": {"post": {
            "operationId": "cancel_predictions__prediction_id__cancel_post",
            "parameters": [{"in": "path", "name": "prediction_id", "required": true, "schema": {"title": "Prediction Id", "type": "string"}}],
            "responses": {"200": any, "422": invalid},
            "summary": "Cancel",
        }},
    })
}
