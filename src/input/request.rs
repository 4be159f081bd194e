//! A request and the struct it becomes.

use std::any::TypeId;
use std::collections::HashMap;
use std::panic::resume_unwind;
use std::sync::{OnceLock, PoisonError, RwLock};
use std::thread::{self, JoinHandle};

use serde_json::{Map, Value};

use crate::schema::{Entry, InputSchema, Property};

use super::field::{FieldType, Place};
use super::pattern::Pattern;
use super::sources::is_url;
use super::{Fault, FieldError, InputError, Sources};

/// The inputs of a predictor: a struct that derives it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not describe inputs",
    label = "not a struct of inputs",
    note = "add `#[derive(cog_kit::Input)]` to the struct"
)]
pub trait Input: Sized + Send + 'static {
    /// What the derive wrote down about the inputs.
    #[doc(hidden)]
    const ENTRIES: &'static [Entry];

    /// Reads the struct's own inputs, in order of declaration.
    #[doc(hidden)]
    fn read(reader: &mut Reader<'_>) -> Option<Self>;

    /// The inputs in order, with their descriptions, defaults and limits.
    fn schema() -> InputSchema {
        InputSchema::new(Self::ENTRIES)
    }

    /// The struct that a request asks for: defaults filled in, numbers coerced, files fetched from `sources`.
    ///
    /// Inputs that the struct does not have are passed over, as Cog does.
    ///
    /// # Errors
    /// Everything that is wrong with the request, every field in one error.
    fn decode(request: &Map<String, Value>, sources: &Sources) -> Result<Self, InputError> {
        let sources = &sources.for_request();
        let mut reader = Reader { inputs: shared_inputs::<Self>(), position: 0, request, sources, faults: Vec::new() };
        match Self::read(&mut reader) {
            Some(input) if reader.faults.is_empty() => Ok(input),
            _ => {
                // Downloads end in any order.
                reader.faults.sort_by_key(|(position, _)| *position);
                Err(InputError { fields: reader.faults.into_iter().map(|(_, fault)| fault).collect() })
            }
        }
    }
}

/// What a request says of an input. `null` in place of one that may be missing is nothing: Cog's parent process puts it there.
fn given<'a>(request: &'a Map<String, Value>, property: &Property) -> Option<&'a Value> {
    request.get(&property.name).filter(|value| !(property.nullable && value.is_null()))
}

/// Hands out the inputs of a request one after the other, and keeps what is wrong with them.
#[doc(hidden)]
#[derive(Debug)]
pub struct Reader<'a> {
    inputs: &'static [Prepared],
    position: usize,
    request: &'a Map<String, Value>,
    sources: &'a Sources,
    faults: Vec<(usize, FieldError)>,
}

impl Reader<'_> {
    /// The next input; one that must be downloaded arrives while the others are read.
    pub fn next<T: Send + 'static>(&mut self, field: FieldType<T>) -> Pending<T> {
        let position = self.position;
        self.position += 1;
        // A derive asks for as many inputs as it described.
        let Some(Prepared { property, pattern }) = self.inputs.get(position) else { return Pending { position, state: State::Nothing } };
        let place = Place { property, pattern: pattern.as_ref(), item: None, limited: true, sources: self.sources };
        let Some(found) = given(self.request, property).or(property.default.as_ref()) else {
            let value = (field.absent)(&place).ok_or_else(|| place.error(Fault::Missing));
            return Pending { position, state: State::Done(value) };
        };
        if property.is_file() && holds_url(found) {
            let (found, sources) = (found.clone(), self.sources.clone());
            let download = move || {
                let place = Place { property, pattern: pattern.as_ref(), item: None, limited: true, sources: &sources };
                (field.decode)(&found, &place)
            };
            if let Ok(thread) = thread::Builder::new().name(format!("download {}", property.name)).spawn(download) {
                return Pending { position, state: State::Running(thread) };
            }
        }
        Pending { position, state: State::Done((field.decode)(found, &place)) }
    }

    /// The value of an input, or nothing if it is faulty.
    pub fn wait<T>(&mut self, pending: Pending<T>) -> Option<T> {
        let value = match pending.state {
            State::Nothing => return None,
            State::Done(value) => value,
            // A panic in a download is a panic of whoever asked for it.
            State::Running(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
        };
        value.map_err(|error| self.faults.extend(error.fields.into_iter().map(|fault| (pending.position, fault)))).ok()
    }

    /// The inputs of a group, or nothing if one is faulty.
    pub fn group<T>(&mut self, group: GroupType<T>) -> Option<T> {
        (group.read)(self)
    }

    /// The inputs of a group that may be missing: it is, if none of its inputs was given.
    pub fn optional_group<T>(&mut self, group: GroupType<T>) -> Option<Option<T>> {
        let count = Entry::count(group.entries);
        let inputs = self.inputs.iter().skip(self.position).take(count);
        if inputs.into_iter().all(|input| given(self.request, &input.property).is_none()) {
            self.position += count;
            return Some(None);
        }
        (group.read)(self).map(Some)
    }
}

/// An input that is read, or on its way.
#[doc(hidden)]
#[derive(Debug)]
pub struct Pending<T> {
    position: usize,
    state: State<T>,
}

#[derive(Debug)]
enum State<T> {
    Nothing,
    Done(Result<T, InputError>),
    Running(JoinHandle<Result<T, InputError>>),
}

/// Whether a value is a URL, or a list with one.
fn holds_url(found: &Value) -> bool {
    match found {
        Value::String(text) => is_url(text),
        Value::Array(items) => items.iter().any(holds_url),
        _ => false,
    }
}

/// What a struct says of itself as a group of another: the only place where it must be one of inputs, so that a wrong type is reported once.
#[doc(hidden)]
#[derive(Debug)]
pub struct GroupType<T> {
    pub entries: &'static [Entry],
    read: fn(&mut Reader<'_>) -> Option<T>,
}

/// The [`GroupType`] of a type.
#[doc(hidden)]
pub const fn group<T: Input>() -> GroupType<T> {
    GroupType { entries: T::ENTRIES, read: T::read }
}

/// An input that is ready to be decoded.
#[derive(Debug)]
struct Prepared {
    property: Property,
    pattern: Option<Pattern>,
}

/// The inputs of a type, made ready once for the whole process.
fn shared_inputs<T: Input>() -> &'static [Prepared] {
    static INPUTS: OnceLock<RwLock<HashMap<TypeId, &'static [Prepared]>>> = OnceLock::new();
    let inputs = INPUTS.get_or_init(RwLock::default);
    let key = TypeId::of::<T>();
    if let Some(inputs) = inputs.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
        return inputs;
    }
    let prepare = |property: &Property| Prepared { property: property.clone(), pattern: property.compiled_pattern.and_then(Pattern::new) };
    // As many leaks as a program has types of inputs: they are bounded, and the same for its whole life.
    let prepared = || &*Vec::leak(T::schema().properties().iter().map(prepare).collect());
    inputs.write().unwrap_or_else(PoisonError::into_inner).entry(key).or_insert_with(prepared)
}
