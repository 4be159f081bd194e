//! The inputs of a model, in order.

use super::group::placed;
use super::tree::Tree;
use super::{Entry, Property};

/// The inputs of a model, in the order in which they are shown.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct InputSchema {
    properties: Vec<Property>,
}

impl InputSchema {
    /// The inputs that a struct contributes, in order of declaration.
    pub fn new(entries: &[Entry]) -> Self {
        Self { properties: placed(entries).into_iter().map(Property::new).collect() }
    }

    /// The inputs; a position here is the input's `x-order`.
    pub fn properties(&self) -> &[Property] {
        &self.properties
    }

    /// The input with this name.
    pub fn property(&self, name: &str) -> Option<&Property> {
        self.properties.iter().find(|property| property.name == name)
    }

    /// The component of the inputs, which has its name as its title.
    pub(super) fn to_tree(&self, title: &'static str) -> Tree {
        let properties = self
            .properties
            .iter()
            .enumerate()
            .map(|(position, property)| (property.name.clone().into(), property.to_tree(position)))
            .collect();
        let required: Vec<Tree> =
            self.properties.iter().filter(|property| property.is_required()).map(|property| Tree::text(property.name.clone())).collect();
        let mut fields = vec![
            ("properties".into(), Tree::Object(properties)),
            ("title".into(), Tree::text(title)),
            ("type".into(), Tree::text("object")),
        ];
        if !required.is_empty() {
            fields.push(("required".into(), Tree::List(required)));
        }
        Tree::sorted(fields)
    }

    /// One component for each input that has choices.
    pub(super) fn choices(&self) -> impl Iterator<Item = (String, Tree)> + '_ {
        self.properties.iter().filter_map(|property| Some((property.name.clone(), property.choices_tree()?)))
    }
}
