//! What a prediction gives back, and where it goes.

use std::sync::Arc;

use serde_json::Value;

use super::{MetricMode, Result, bail, error::Context as _};
use crate::{
    input::{Path, Secret},
    schema::OutputSchema,
};

/// Writes text to the log of the server, or of whatever else runs predictions.
pub type ServerLog = Arc<dyn Fn(&str) + Send + Sync>;

/// Where a prediction's logs, metrics and output go: the server, or the command line.
pub trait Sink: Send + Sync {
    /// Adds text to the logs.
    fn log(&self, text: &str);

    /// Where text goes that is logged after the prediction has ended. It must not hold on to the sink.
    fn server_log(&self) -> ServerLog {
        Arc::new(|text| eprint!("{text}"))
    }

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
    message = "`{Self}` cannot be the output of a predictor",
    label = "not an output",
    note = "outputs are text, numbers, `bool`, `Path`, `Option`, lists and maps of them, `Json`, `Stream`, `ConcatenateStream`, and structs that derive `cog_kit::Output`"
)]
pub trait Output: Send + 'static {
    /// Whether it is sent piece by piece while the prediction runs.
    const STREAMS: bool = false;

    /// The form that the schema gives it.
    fn schema() -> OutputSchema;

    /// Hands it to the client.
    ///
    /// # Errors
    /// Whatever the sink says.
    fn send(self, sink: &dyn Sink) -> Result<()>;
}

/// A value that may stand in a list, a stream or an object.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in the output of a predictor",
    label = "not a part of an output",
    note = "outputs are made of text, numbers, `bool`, `Path`, `Option`, lists and maps of them, `Json`, and structs that derive `cog_kit::Output`"
)]
pub trait Item: Send + 'static {
    /// Whether it may be `null`.
    const NULLABLE: bool = false;

    /// The form that the schema gives it.
    fn form() -> OutputSchema;

    /// The value as JSON; a file inside an object or a nested list becomes a data URI.
    ///
    /// # Errors
    /// A file could not be read, or the value has no JSON.
    fn to_json(self) -> Result<Value>;

    /// Hands it over as one item of a list or a stream.
    ///
    /// # Errors
    /// Those of [`Item::to_json`], and whatever the sink says.
    fn send_item(self, sink: &dyn Sink) -> Result<()>
    where
        Self: Sized,
    {
        sink.value(self.to_json()?)
    }
}

/// Refuses a file that cannot be handed over, and says what it is.
pub(crate) fn check_output_file(path: &Path) -> Result<()> {
    let Err(error) = path.open_regular() else { return Ok(()) };
    let shown = path.display();
    if error.kind() != std::io::ErrorKind::NotFound {
        bail!("output file `{shown}` could not be read: {error}");
    }
    if path.is_symlink() {
        bail!("output file `{shown}` is a symbolic link to a file that does not exist");
    }
    bail!("output file `{shown}` does not exist")
}

macro_rules! scalars {
    ($form:ident: $($type:ty),+) => {$(
        impl Output for $type {
            fn schema() -> OutputSchema {
                OutputSchema::$form()
            }

            fn send(self, sink: &dyn Sink) -> Result<()> {
                self.send_item(sink)
            }
        }

        impl Item for $type {
            fn form() -> OutputSchema {
                OutputSchema::$form()
            }

            fn to_json(self) -> Result<Value> {
                Ok(Value::from(self))
            }
        }
    )+};
}

scalars!(string: String, &'static str);
scalars!(boolean: bool);
scalars!(integer: i8, i16, i32, i64, u8, u16, u32, u64, isize, usize);
scalars!(number: f32, f64);

impl Output for Path {
    fn schema() -> OutputSchema {
        OutputSchema::uri()
    }

    fn send(self, sink: &dyn Sink) -> Result<()> {
        sink.file(self)
    }
}

impl Item for Path {
    fn form() -> OutputSchema {
        OutputSchema::uri()
    }

    fn to_json(self) -> Result<Value> {
        self.to_data_uri().map(Value::from).with_context(|| format!("output file `{}` could not be read", self.display()))
    }

    fn send_item(self, sink: &dyn Sink) -> Result<()> {
        sink.file(self)
    }
}

/// The text goes to the client as it is; only the schema calls it a secret.
impl Output for Secret {
    fn schema() -> OutputSchema {
        OutputSchema::secret()
    }

    fn send(self, sink: &dyn Sink) -> Result<()> {
        self.send_item(sink)
    }
}

impl Item for Secret {
    fn form() -> OutputSchema {
        OutputSchema::secret()
    }

    fn to_json(self) -> Result<Value> {
        Ok(Value::from(self.expose()))
    }
}

/// A list is handed over item by item.
impl<T: Item> Output for Vec<T> {
    fn schema() -> OutputSchema {
        Self::form()
    }

    fn send(self, sink: &dyn Sink) -> Result<()> {
        self.into_iter().try_for_each(|item| item.send_item(sink))
    }
}

impl<T: Item> Item for Vec<T> {
    fn form() -> OutputSchema {
        OutputSchema::list_of(T::form())
    }

    fn to_json(self) -> Result<Value> {
        self.into_iter().map(T::to_json).collect()
    }
}
