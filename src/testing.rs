//! Contexts for an author's own tests of `predict`.

use std::{
    collections::HashMap,
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use serde_json::{Map, Value};

use crate::{
    input::Path,
    predictor::{Canceled, Context, MetricMode, Output, Result, ServerLog, Sink, check_output_file},
};

/// A [`Context`] that no server stands behind, with what was logged and measured through it.
///
/// # Examples
/// ```
/// use cog_kit::{Context, Input, Predictor, Result, testing::TestContext};
///
/// #[derive(Input)]
/// struct Inputs {
///     /// Text to count the words of.
///     text: String,
/// }
///
/// struct Count;
///
/// impl Predictor for Count {
///     type Input = Inputs;
///     type Output = u32;
///
///     fn setup() -> Result<Self> {
///         Ok(Count)
///     }
///
///     fn predict(&self, input: Inputs, ctx: &Context) -> Result<u32> {
///         let mut words = 0;
///         for word in input.text.split_whitespace() {
///             ctx.check_canceled()?;
///             ctx.log(word);
///             words += 1;
///         }
///         ctx.metric("words.total").set(words)?;
///         Ok(words)
///     }
/// }
///
/// let test = TestContext::new();
/// let inputs = Inputs { text: "one two".to_owned() };
/// assert_eq!(Count.predict(inputs, test.context())?, 2);
/// assert_eq!(test.logs(), "one\ntwo\n");
/// assert_eq!(test.metrics(), serde_json::json!({"words": {"total": 2}}));
///
/// let test = TestContext::new();
/// test.cancel();
/// assert!(Count.predict(Inputs { text: "one two".to_owned() }, test.context()).is_err());
/// # Ok::<(), cog_kit::Error>(())
/// ```
pub struct TestContext {
    context: Context,
    record: Arc<Record>,
    canceled: Arc<AtomicBool>,
}

/// Takes what a prediction says.
#[derive(Default)]
struct Record {
    said: Mutex<Said>,
    server_log: Arc<Mutex<String>>,
    canceled: Arc<AtomicBool>,
}

#[derive(Default)]
struct Said {
    logs: String,
    metrics: Map<String, Value>,
    values: Vec<Value>,
    /// Kept so that temporary files are there for the test to read.
    files: Vec<Path>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Sink for Record {
    fn log(&self, text: &str) {
        lock(&self.said).logs.push_str(text);
    }

    fn server_log(&self) -> ServerLog {
        let log = Arc::clone(&self.server_log);
        Arc::new(move |text| lock(&log).push_str(text))
    }

    fn metric(&self, name: &str, value: Value, mode: MetricMode) -> Result<()> {
        apply(&mut lock(&self.said).metrics, name, value, mode);
        Ok(())
    }

    fn value(&self, value: Value) -> Result<()> {
        self.check_canceled()?;
        lock(&self.said).values.push(value);
        Ok(())
    }

    fn file(&self, path: Path) -> Result<()> {
        self.check_canceled()?;
        check_output_file(&path)?;
        let mut said = lock(&self.said);
        said.values.push(path.to_string_lossy().into());
        said.files.push(path);
        Ok(())
    }
}

impl Record {
    fn check_canceled(&self) -> Result<(), Canceled> {
        if self.canceled.load(Ordering::Relaxed) { Err(Canceled) } else { Ok(()) }
    }
}

/// Does to the metrics what the engine does.
fn apply(metrics: &mut Map<String, Value>, name: &str, value: Value, mode: MetricMode) {
    if let Some((first, rest)) = name.split_once('.') {
        let inner = metrics.entry(first).or_insert_with(|| Map::new().into());
        if !inner.is_object() {
            *inner = Map::new().into();
        }
        if let Value::Object(inner) = inner {
            apply(inner, rest, value, mode);
        }
        return;
    }
    match mode {
        MetricMode::Replace if value.is_null() => drop(metrics.remove(name)),
        MetricMode::Replace => drop(metrics.insert(name.to_owned(), value)),
        MetricMode::Increment => {
            let sum = metrics.get(name).map_or_else(|| value.clone(), |before| sum(before, &value));
            metrics.insert(name.to_owned(), sum);
        }
        MetricMode::Append => match metrics.entry(name).or_insert_with(|| Value::Array(Vec::new())) {
            Value::Array(items) => items.push(value),
            before => *before = Value::Array(vec![before.take(), value]),
        },
    }
}

fn sum(a: &Value, b: &Value) -> Value {
    match (a.as_i64().zip(b.as_i64()), a.as_u64().zip(b.as_u64()), a.as_f64().zip(b.as_f64())) {
        (Some((a, b)), _, _) => a.wrapping_add(b).into(),
        (_, Some((a, b)), _) => a.wrapping_add(b).into(),
        (_, _, Some((a, b))) => (a + b).into(),
        _ => a.clone(),
    }
}

impl Default for TestContext {
    fn default() -> Self {
        Self::new()
    }
}

impl TestContext {
    /// The context of a prediction that has just begun, with the id `test` and no values.
    pub fn new() -> Self {
        Self::with_request("test", [])
    }

    /// The context of a prediction with this id, and with these values as the request's `context`.
    pub fn with_request<'a>(id: &str, values: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let canceled = Arc::<AtomicBool>::default();
        let record = Arc::new(Record { canceled: Arc::clone(&canceled), ..Record::default() });
        let values: HashMap<_, _> = values.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let context = Context::new(id.to_owned(), Arc::clone(&record) as Arc<dyn Sink>, Arc::clone(&canceled)).with_values(values);
        Self { context, record, canceled }
    }

    /// The context to hand to `predict`; a clone of it for a thread.
    pub const fn context(&self) -> &Context {
        &self.context
    }

    /// Cancels the prediction, as a client does.
    pub fn cancel(&self) {
        self.canceled.store(true, Ordering::Relaxed);
    }

    /// Ends the prediction, as a server does when the output has been sent. Removes the scratch directory.
    pub fn end(&self) {
        drop(self.context.end());
    }

    /// What has been logged.
    pub fn logs(&self) -> String {
        lock(&self.record.said).logs.clone()
    }

    /// What clones of the context have logged after [`TestContext::end`].
    pub fn server_log(&self) -> String {
        lock(&self.record.server_log).clone()
    }

    /// The metrics, as a client finds them under `metrics`: an object, in which a dot in a name is an object inside.
    pub fn metrics(&self) -> Value {
        Value::Object(lock(&self.record.said).metrics.clone())
    }

    /// What a client would find under `output`: a list for lists and streams, which run now, or else one value. A file is shown by its path, and is kept
    /// until this is dropped.
    ///
    /// # Errors
    /// What the stream or the output says, such as [`Canceled`] for a prediction that was canceled.
    pub fn output<O: Output>(&self, output: O) -> Result<Value> {
        lock(&self.record.said).values.clear();
        output.send(&*self.record)?;
        let mut values = std::mem::take(&mut lock(&self.record.said).values);
        Ok(if O::schema().is_list() { Value::Array(values) } else { values.pop().unwrap_or_default() })
    }
}

impl fmt::Debug for TestContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestContext").field("context", &self.context).finish_non_exhaustive()
    }
}
