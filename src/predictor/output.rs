//! What a prediction gives back, and where it goes.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use super::{MetricMode, Result};
use crate::{
    input::{Path, to_data_uri},
    schema::OutputSchema,
};

/// Where a prediction's logs, metrics and output go: the server, or the command line.
pub trait Sink: Send + Sync {
    /// Adds text to the logs.
    fn log(&self, text: &str);

    /// Tells a metric whose name and type have been checked.
    ///
    /// # Errors
    /// The other side is gone.
    fn metric(&self, name: &str, value: Value, mode: MetricMode) -> Result<()>;

    /// Hands over a value: the output, or the next item of a list.
    ///
    /// # Errors
    /// The other side is gone, or the prediction was canceled.
    fn value(&self, value: Value) -> Result<()>;

    /// Hands over a file: the output, or the next item of a list. The sink keeps the file until it has been read.
    ///
    /// # Errors
    /// There is no such file, the other side is gone, or the prediction was canceled.
    fn file(&self, path: Path) -> Result<()>;
}

/// A type that `predict` may return.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a type that a prediction can give back",
    label = "not an output",
    note = "outputs are text, numbers, `bool`, `Path`, `serde_json::Value`, maps, and `Option`, `Vec`, `Stream` and `ConcatenateStream` of them"
)]
pub trait Output: Send + 'static {
    /// Whether items are sent one by one while the prediction runs.
    const STREAMS: bool = false;

    /// The form that the schema gives it.
    fn schema() -> OutputSchema;

    /// Hands it to the client.
    ///
    /// # Errors
    /// Whatever the sink says.
    fn send(self, sink: &dyn Sink) -> Result<()>;
}

/// A type that may stand inside of an output: in a list, a stream, an object.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand inside of an output",
    label = "not a type that can be listed, streamed or put in an object"
)]
pub trait Item: Send + 'static {
    /// Whether it may be `null`.
    const NULLABLE: bool = false;

    /// The form that the schema gives it.
    fn schema() -> OutputSchema;

    /// The value as it stands inside of an object: a file as a data URI.
    ///
    /// # Errors
    /// A file could not be read.
    fn into_json(self) -> Result<Value>;

    /// Hands it to the client as an item of its own.
    ///
    /// # Errors
    /// Whatever the sink says.
    fn send(self, sink: &dyn Sink) -> Result<()>
    where
        Self: Sized,
    {
        sink.value(self.into_json()?)
    }
}

/// An item can be a whole output. Lists cannot be in this list: they are sent item by item.
macro_rules! single_output {
    ($type:ty $(, $generic:ident)?) => {
        impl $(<$generic: Item>)? Output for $type {
            fn schema() -> OutputSchema {
                <Self as Item>::schema()
            }

            fn send(self, sink: &dyn Sink) -> Result<()> {
                Item::send(self, sink)
            }
        }
    };
}

macro_rules! scalar_item {
    ($form:ident: $($type:ty),+) => {$(
        impl Item for $type {
            fn schema() -> OutputSchema {
                OutputSchema::$form()
            }

            fn into_json(self) -> Result<Value> {
                Ok(Value::from(self))
            }
        }

        single_output!($type);
    )+};
}

scalar_item!(string: String, &'static str);
scalar_item!(boolean: bool);
scalar_item!(integer: i8, i16, i32, i64, u8, u16, u32, u64, isize, usize);
scalar_item!(number: f32, f64);
scalar_item!(object: Value, Map<String, Value>);

impl Item for Path {
    fn schema() -> OutputSchema {
        OutputSchema::uri()
    }

    fn into_json(self) -> Result<Value> {
        Ok(Value::String(to_data_uri(&self)?))
    }

    fn send(self, sink: &dyn Sink) -> Result<()> {
        sink.file(self)
    }
}

single_output!(Path);

impl<T: Item> Item for Option<T> {
    const NULLABLE: bool = true;

    fn schema() -> OutputSchema {
        T::schema()
    }

    fn into_json(self) -> Result<Value> {
        self.map_or(Ok(Value::Null), T::into_json)
    }

    fn send(self, sink: &dyn Sink) -> Result<()> {
        match self {
            Some(item) => item.send(sink),
            None => sink.value(Value::Null),
        }
    }
}

single_output!(Option<T>, T);

impl<T: Item> Item for Vec<T> {
    fn schema() -> OutputSchema {
        OutputSchema::list_of(T::schema())
    }

    fn into_json(self) -> Result<Value> {
        self.into_iter().map(T::into_json).collect()
    }
}

/// A list is handed over item by item.
impl<T: Item> Output for Vec<T> {
    fn schema() -> OutputSchema {
        <Self as Item>::schema()
    }

    fn send(self, sink: &dyn Sink) -> Result<()> {
        self.into_iter().try_for_each(|item| item.send(sink))
    }
}

macro_rules! map_item {
    ($map:ident) => {
        impl<T: Item> Item for $map<String, T> {
            fn schema() -> OutputSchema {
                OutputSchema::map_of(T::schema())
            }

            fn into_json(self) -> Result<Value> {
                self.into_iter().map(|(name, item)| Ok((name, item.into_json()?))).collect()
            }
        }

        single_output!($map<String, T>, T);
    };
}

map_item!(BTreeMap);
map_item!(HashMap);
