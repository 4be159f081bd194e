//! Objects as output: maps, types of the author's own, and what a derive needs.

use std::{
    any::TypeId,
    cell::RefCell,
    collections::{BTreeMap, HashMap},
};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{Item, Output, Result, Sink};
use crate::{
    input::Json,
    schema::{OutputField, OutputSchema},
};

/// A value that may be `null`.
impl<T: Item> Item for Option<T> {
    const NULLABLE: bool = true;

    fn form() -> OutputSchema {
        T::form()
    }

    fn to_json(self) -> Result<Value> {
        self.map_or(Ok(Value::Null), T::to_json)
    }

    fn send_item(self, sink: &dyn Sink) -> Result<()> {
        match self {
            Some(item) => item.send_item(sink),
            None => sink.value(Value::Null),
        }
    }
}

/// `None` is the output `null`; the schema, in which Cog knows no optional output, is that of what may be there.
impl<T: Item> Output for Option<T> {
    fn schema() -> OutputSchema {
        T::form()
    }

    fn send(self, sink: &dyn Sink) -> Result<()> {
        self.send_item(sink)
    }
}

impl<T: Item> Item for Box<T> {
    const NULLABLE: bool = T::NULLABLE;

    fn form() -> OutputSchema {
        T::form()
    }

    fn to_json(self) -> Result<Value> {
        (*self).to_json()
    }
}

macro_rules! objects {
    ($(<$($parameter:ident: $bound:path),*> $type:ty: |$value:ident| $form:expr, $json:expr;)*) => {$(
        impl<$($parameter: $bound),*> Output for $type {
            fn schema() -> OutputSchema {
                Self::form()
            }

            fn send(self, sink: &dyn Sink) -> Result<()> {
                self.send_item(sink)
            }
        }

        impl<$($parameter: $bound),*> Item for $type {
            fn form() -> OutputSchema {
                $form
            }

            fn to_json(self) -> Result<Value> {
                let $value = self;
                $json
            }
        }
    )*};
}

objects! {
    <> Value: |value| OutputSchema::object(), Ok(value);
    <> Map<String, Value>: |map| OutputSchema::object(), Ok(Value::Object(map));
    <T: Item> BTreeMap<String, T>: |map| OutputSchema::map_of(T::form()), json_from(map);
    <T: Item> HashMap<String, T>: |map| OutputSchema::map_of(T::form()), json_from(map);
    <T: Described> Json<T>: |json| T::described(), Ok(serde_json::to_value(json.0)?);
}

fn json_from<T: Item>(map: impl IntoIterator<Item = (String, T)>) -> Result<Value> {
    map.into_iter().map(|(name, value)| Ok((name, value.to_json()?))).collect::<Result<Map<_, _>>>().map(Value::Object)
}

/// A type that serializes and describes itself: any `serde::Serialize` that is a `schemars::JsonSchema`.
pub trait Described: Serialize + Send + 'static {
    /// The form that the schema gives it.
    fn described() -> OutputSchema;
}

impl<T: Serialize + JsonSchema + Send + 'static> Described for T {
    fn described() -> OutputSchema {
        OutputSchema::from_json_schema(schemars::SchemaGenerator::default().into_root_schema_for::<T>().as_value())
    }
}

/// The form of a struct; a struct inside itself is an object of any content, as in Cog.
#[doc(hidden)]
pub fn record<T: 'static>(fields: impl FnOnce() -> Vec<OutputField>) -> OutputSchema {
    thread_local!(static OPEN: RefCell<Vec<TypeId>> = const { RefCell::new(Vec::new()) });
    let key = TypeId::of::<T>();
    if OPEN.with_borrow(|open| open.contains(&key)) {
        return OutputSchema::object();
    }
    OPEN.with_borrow_mut(|open| open.push(key));
    let fields = fields();
    OPEN.with_borrow_mut(|open| open.pop());
    OutputSchema::record(fields)
}

/// A field of a struct.
#[doc(hidden)]
pub fn record_field(name: &'static str, schema: OutputSchema, required: bool, nullable: bool) -> OutputField {
    OutputField { name: name.into(), schema, required: required && !nullable, nullable }
}
