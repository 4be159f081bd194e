//! JSON Schema documents, rewritten to the forms that Cog prints for outputs.

use serde_json::{Map, Value};

use super::{OutputField, OutputSchema};

impl OutputSchema {
    /// The form of the values that a JSON Schema (draft 2020-12, as `schemars` writes it) describes.
    ///
    /// References are put in place, a type inside itself becomes an object of any content, `null` beside another type becomes `nullable`, and
    /// what Cog has no words for (choices, limits, unions, tuples) is told by its JSON type alone.
    pub fn from_json_schema(schema: &Value) -> Self {
        let definitions = schema.get("$defs").and_then(Value::as_object).cloned().unwrap_or_default();
        Reader { definitions: &definitions, open: Vec::new() }.read(schema).0
    }
}

struct Reader<'a> {
    definitions: &'a Map<String, Value>,
    /// The definitions that are being read, outermost first.
    open: Vec<&'a str>,
}

impl<'a> Reader<'a> {
    /// The form, and whether the value may be `null`.
    fn read(&mut self, schema: &'a Value) -> (OutputSchema, bool) {
        if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix("#/$defs/")) {
            return self.definition(name);
        }
        if let Some([only]) = schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
            return self.read(only);
        }
        for key in ["anyOf", "oneOf"] {
            if let Some(schemas) = schema.get(key).and_then(Value::as_array) {
                return self.any_of(schemas);
            }
        }
        let (name, nullable) = json_type(schema);
        let form = match name {
            Some("string") if schema.get("format").and_then(Value::as_str) == Some("uri") => OutputSchema::uri(),
            Some("string") => OutputSchema::string(),
            Some("integer") => OutputSchema::integer(),
            Some("number") => OutputSchema::number(),
            Some("boolean") => OutputSchema::boolean(),
            Some("array") => OutputSchema::list_of(schema.get("items").map_or_else(OutputSchema::object, |items| self.read(items).0)),
            _ => self.object(schema),
        };
        (form, nullable)
    }

    fn definition(&mut self, name: &'a str) -> (OutputSchema, bool) {
        match self.definitions.get(name) {
            Some(schema) if !self.open.contains(&name) => {
                self.open.push(name);
                let form = self.read(schema);
                self.open.pop();
                form
            }
            _ => (OutputSchema::object(), false),
        }
    }

    fn any_of(&mut self, schemas: &'a [Value]) -> (OutputSchema, bool) {
        let is_null = |schema: &&Value| schema.get("type").and_then(Value::as_str) == Some("null");
        let nullable = schemas.iter().any(|schema| is_null(&schema));
        let mut forms: Vec<(OutputSchema, bool)> =
            schemas.iter().filter(|schema| !is_null(schema)).map(|schema| self.read(schema)).collect();
        forms.dedup();
        match forms.pop() {
            // Several texts, each with a description of its own, are still text.
            Some((form, own)) if forms.is_empty() => (form, nullable || own),
            _ => (OutputSchema::object(), nullable),
        }
    }

    fn object(&mut self, schema: &'a Value) -> OutputSchema {
        if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
            let required = schema.get("required").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            let fields = properties.iter().map(|(name, property)| {
                let (form, nullable) = self.read(property);
                let required = !nullable && required.iter().any(|required| required == name.as_str());
                OutputField { name: name.clone().into(), schema: form, required, nullable }
            });
            return OutputSchema::record(fields.collect());
        }
        match schema.get("additionalProperties") {
            Some(values @ Value::Object(fields)) if !fields.is_empty() => OutputSchema::map_of(self.read(values).0),
            _ => OutputSchema::object(),
        }
    }
}

/// The type that is not `null`, if there is one, and whether `null` stands beside it.
fn json_type(schema: &Value) -> (Option<&str>, bool) {
    match schema.get("type") {
        Some(Value::String(name)) => (Some(name), false),
        Some(Value::Array(names)) => {
            let mut names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
            let count = names.len();
            names.retain(|name| *name != "null");
            let nullable = names.len() < count;
            match names.as_slice() {
                [only] => (Some(only), nullable),
                _ => (None, nullable),
            }
        }
        _ => {
            // A closed set of texts needs no type of its own.
            let values = schema.get("enum").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            let texts = schema.get("const").is_some_and(Value::is_string) || (!values.is_empty() && values.iter().all(Value::is_string));
            (texts.then_some("string"), false)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_schema_becomes_the_forms_of_cog() {
        let cases = [
            (json!({"type": "integer", "format": "uint32", "minimum": 0}), json!({"type": "integer", "title": "Output"})),
            (json!({"oneOf": [{"const": "a"}, {"type": "string", "const": "b"}]}), json!({"type": "string", "title": "Output"})),
            (json!({"anyOf": [{"type": "string"}, {"type": "integer"}]}), json!({"type": "object", "title": "Output"})),
            (json!(true), json!({"type": "object", "title": "Output"})),
            (
                json!({"type": "array", "items": {"type": ["number", "null"]}}),
                json!({"type": "array", "items": {"type": "number"}, "title": "Output"}),
            ),
            (
                json!({"type": "object", "additionalProperties": {"type": "boolean"}}),
                json!({"type": "object", "additionalProperties": {"type": "boolean"}, "title": "Output"}),
            ),
            (
                json!({
                    "type": "object",
                    "properties": {"next": {"anyOf": [{"$ref": "#/$defs/Node"}, {"type": "null"}]}, "a_b": {"$ref": "#/$defs/Node"}},
                    "required": ["next", "a_b"],
                    "$defs": {"Node": {"type": "object", "properties": {"self": {"$ref": "#/$defs/Node"}}}},
                }),
                json!({
                    "type": "object",
                    "title": "Output",
                    "required": ["a_b"],
                    "properties": {
                        "a_b": {"title": "A B", "type": "object", "properties": {"self": {"title": "Self", "type": "object"}}},
                        "next": {
                            "title": "Next", "type": "object", "nullable": true,
                            "properties": {"self": {"title": "Self", "type": "object"}},
                        },
                    },
                }),
            ),
        ];
        for (schema, expected) in cases {
            assert_eq!(OutputSchema::from_json_schema(&schema).to_tree().to_json(), expected, "{schema}");
        }
    }
}
