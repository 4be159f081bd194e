//! What a prediction gives back, and where it goes.

use serde_json::Value;

use super::Result;
use crate::{input::Path, schema::OutputSchema};

/// Where a prediction's logs and output go: the server, or the command line.
pub trait Sink: Send + Sync {
    /// Adds text to the logs.
    fn log(&self, text: &str);

    /// Hands over a value: the output, or the next item of a list.
    ///
    /// # Errors
    /// The other side is gone.
    fn value(&self, value: Value) -> Result<()>;

    /// Hands over a file: the output, or the next item of a list. The sink keeps the file until it has been read.
    ///
    /// # Errors
    /// There is no such file, or the other side is gone.
    fn file(&self, path: Path) -> Result<()>;
}

/// A type that `predict` may return.
pub trait Output: Send + 'static {
    /// The form that the schema gives it.
    fn schema() -> OutputSchema;

    /// Hands it to the client.
    ///
    /// # Errors
    /// Whatever the sink says.
    fn send(self, sink: &dyn Sink) -> Result<()>;
}

/// An output that is one value or one file, and so may stand in a list.
pub trait Item: Output {}

macro_rules! scalar_output {
    ($form:ident: $($type:ty),+) => {$(
        impl Output for $type {
            fn schema() -> OutputSchema {
                OutputSchema::$form()
            }

            fn send(self, sink: &dyn Sink) -> Result<()> {
                sink.value(Value::from(self))
            }
        }

        impl Item for $type {}
    )+};
}

scalar_output!(string: String, &'static str);
scalar_output!(boolean: bool);
scalar_output!(integer: i8, i16, i32, i64, u8, u16, u32, u64, isize, usize);
scalar_output!(number: f32, f64);

impl Output for Path {
    fn schema() -> OutputSchema {
        OutputSchema::uri()
    }

    fn send(self, sink: &dyn Sink) -> Result<()> {
        sink.file(self)
    }
}

impl Item for Path {}

/// A list is handed over item by item.
impl<T: Item> Output for Vec<T> {
    fn schema() -> OutputSchema {
        OutputSchema::list_of(T::schema())
    }

    fn send(self, sink: &dyn Sink) -> Result<()> {
        self.into_iter().try_for_each(|item| item.send(sink))
    }
}
