//! One input as people read it: name, type, description, default, limits.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::group::Placed;
use super::tree::Tree;
use super::{Bounds, Choices, Kind, Literal, Number, Spec};

/// One input of a model.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Property {
    /// The name in a request.
    pub name: String,
    /// The type.
    pub kind: Kind,
    /// Whether it may be missing although it has no default.
    pub nullable: bool,
    /// What it is for, with the sentence about the recommended range; `None` only if its author said so.
    pub description: Option<String>,
    /// What it is when a request leaves it out; `null` for an optional input that says so.
    pub default: Option<Value>,
    /// The least value allowed, written or given by the Rust type.
    pub minimum: Option<Number>,
    /// The greatest value allowed, written or given by the Rust type.
    pub maximum: Option<Number>,
    /// The range in which results are best.
    pub recommended: Option<(Number, Number)>,
    /// The least length of a text, in characters.
    pub min_length: Option<u64>,
    /// The greatest length of a text, in characters.
    pub max_length: Option<u64>,
    /// A pattern that must be found in the text.
    pub pattern: Option<&'static str>,
    /// The same pattern as the decoder's engine spells it.
    #[doc(hidden)]
    pub compiled_pattern: Option<&'static str>,
    /// The closed set of values.
    pub choices: Option<Choices>,
    /// The media types that a file picker offers.
    pub accept: Option<&'static str>,
    /// Whether it will go away.
    pub deprecated: bool,
    /// The title of the group that it stands in; groups in groups are joined by ` / `.
    pub group: Option<String>,
}

impl Property {
    pub(super) fn new(placed: Placed) -> Self {
        let spec = &placed.spec;
        // A closed set bounds its values already.
        let own = if spec.choices.is_some() { Bounds::NONE } else { spec.kind.bounds() };
        Self {
            name: placed.name,
            kind: spec.kind,
            nullable: spec.nullable,
            description: description(spec),
            default: spec.default.map(Literal::to_json),
            minimum: spec.ge.or(own.minimum),
            maximum: spec.le.or(own.maximum),
            recommended: spec.recommended,
            min_length: spec.min_length,
            max_length: spec.max_length,
            pattern: spec.regex.map(|(written, _)| written),
            compiled_pattern: spec.regex.map(|(_, compiled)| compiled),
            choices: spec.choices,
            accept: spec.accept,
            deprecated: spec.deprecated,
            group: placed.group,
        }
    }

    /// Whether a request must give it. Cog asks for a union even if it may be `null`.
    pub const fn is_required(&self) -> bool {
        self.default.is_none() && (!self.nullable || matches!(self.kind, Kind::Union(_)))
    }

    /// The title that Cog makes of its name: `num_steps` becomes `Num Steps`.
    pub fn title(&self) -> String {
        title(&self.name)
    }

    /// The schema, at its position among the inputs.
    pub(super) fn to_tree(&self, position: usize) -> Tree {
        let mut fields = if self.choices.is_some() {
            vec![("allOf".into(), json!([{"$ref": format!("#/components/schemas/{}", self.name)}]).into())]
        } else {
            let mut fields = fragment(self.kind, Bounds { minimum: self.minimum, maximum: self.maximum }, self.nullable);
            fields.push(("title".into(), Tree::text(self.title())));
            fields
        };
        let mut push = |key: &'static str, value: Option<Value>| fields.extend(value.map(|value| (key.into(), value.into())));
        push("default", self.default.clone());
        push("nullable", self.nullable.then_some(true.into()));
        push("description", self.description.clone().map(Value::from));
        push("minLength", self.min_length.map(Value::from));
        push("maxLength", self.max_length.map(Value::from));
        push("pattern", self.pattern.map(Value::from));
        push("deprecated", self.deprecated.then_some(true.into()));
        push("x-cog-accept", self.accept.map(Value::from));
        push("x-group", self.group.as_deref().map(Value::from));
        push("x-order", Some(position.into()));
        Tree::sorted(fields)
    }

    /// The component that lists its choices.
    pub(super) fn choices_tree(&self) -> Option<Tree> {
        let choices = self.choices?;
        Some(json!({"description": "An enumeration.", "enum": choices.to_json(), "title": self.name, "type": choices.json_type()}).into())
    }
}

/// The keys of a type, with the bounds of its values.
fn fragment(kind: Kind, bounds: Bounds, nullable: bool) -> Vec<(Cow<'static, str>, Tree)> {
    if let Kind::Union(kinds) = kind {
        let any = kinds.iter().map(|kind| {
            let mut fields = fragment(*kind, kind.bounds(), false);
            fields.extend(nullable.then(|| ("nullable".into(), Tree::from(Value::Bool(true)))));
            Tree::sorted(fields)
        });
        return vec![("anyOf".into(), Tree::List(any.collect()))];
    }
    let mut fields = vec![("type".into(), Tree::text(kind.json_type()))];
    match kind {
        Kind::File => fields.push(("format".into(), Tree::text("uri"))),
        Kind::Secret => {
            fields.push(("format".into(), Tree::text("password")));
            fields.push(("writeOnly".into(), Value::Bool(true).into()));
            fields.push(("x-cog-secret".into(), Value::Bool(true).into()));
        }
        Kind::List(item) => fields.push(("items".into(), Tree::sorted(fragment(*item, item.bounds(), false)))),
        Kind::Integer(_) | Kind::Number(_) => {
            fields.extend(bounds.minimum.map(|minimum| ("minimum".into(), minimum.to_json().into())));
            fields.extend(bounds.maximum.map(|maximum| ("maximum".into(), maximum.to_json().into())));
        }
        Kind::String | Kind::Boolean | Kind::Object | Kind::Union(_) => {}
    }
    fields
}

/// The description, and the sentence about the recommended range.
fn description(spec: &Spec) -> Option<String> {
    let Some((from, to)) = spec.recommended else { return spec.description.map(str::to_owned) };
    let text = spec.description.unwrap_or_default();
    let stop = if text.is_empty() || text.ends_with(['.', '!', '?', ':']) { "" } else { "." };
    let space = if text.is_empty() { "" } else { " " };
    Some(format!("{text}{stop}{space}Best results between {from} and {to}."))
}

/// Cog's titles: split at `_`, the first byte of each part in upper case, nothing else changed.
pub(super) fn title(name: &str) -> String {
    let parts = name.split('_').map(|part| {
        let mut characters = part.chars();
        characters.next().map_or_else(String::new, |first| format!("{}{}", first.to_ascii_uppercase(), characters.as_str()))
    });
    parts.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Facts;

    const INTEGER: Facts = Facts { kind: Kind::Integer(Bounds::integers(0, 255)), nullable: false, choices: None };

    #[test]
    fn titles_follow_the_rule_of_cog() {
        let cases =
            [("seed", "Seed"), ("num_steps", "Num Steps"), ("imageURL2", "ImageURL2"), ("a__b", "A  B"), ("_x", " X"), ("x_", "X ")];
        for (name, expected) in cases {
            assert_eq!(title(name), expected);
        }
    }

    #[test]
    fn guidance_ends_the_description_with_a_sentence_of_its_own() {
        let spec = |text| Spec::new("steps", Some(text), INTEGER).recommended(Number::Integer(20), Number::Integer(50));
        let cases = [
            ("Steps.", "Steps. Best results between 20 and 50."),
            ("Steps", "Steps. Best results between 20 and 50."),
            ("", "Best results between 20 and 50."),
        ];
        for (text, expected) in cases {
            assert_eq!(description(&spec(text)).as_deref(), Some(expected));
        }
    }

    #[test]
    fn an_enum_input_has_no_type_of_its_own() {
        let spec = Spec::new("grid", Some("Tiles."), INTEGER).choices(Choices::Integers(&[1, 2]));
        let property = Property::new(Placed { name: "grid".to_owned(), group: None, spec });
        let expected = json!({"allOf": [{"$ref": "#/components/schemas/grid"}], "description": "Tiles.", "x-order": 3});
        assert_eq!(property.to_tree(3).to_json(), expected);
        assert_eq!(property.choices_tree().map(|tree| tree.to_json()["enum"].clone()), Some(json!([1, 2])));
    }
}
