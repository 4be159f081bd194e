//! A request and the struct it becomes.

use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{OnceLock, PoisonError, RwLock};

use serde_json::{Map, Value};

use crate::schema::{Entry, InputSchema, Property};

use super::field::{FieldType, Place};
use super::pattern::Pattern;
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
        let mut reader = Reader { inputs: shared_inputs::<Self>().iter(), request, sources, faults: Vec::new() };
        match Self::read(&mut reader) {
            Some(input) if reader.faults.is_empty() => Ok(input),
            _ => Err(InputError { fields: reader.faults }),
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
    inputs: std::slice::Iter<'a, Prepared>,
    request: &'a Map<String, Value>,
    sources: &'a Sources,
    faults: Vec<FieldError>,
}

impl Reader<'_> {
    /// The next input, or nothing if it is faulty.
    pub fn next<T>(&mut self, field: FieldType<T>) -> Option<T> {
        // A derive asks for as many inputs as it described.
        let Prepared { property, pattern } = self.inputs.next()?;
        let place = Place { property, pattern: pattern.as_ref(), item: None, limited: true, sources: self.sources };
        let found = given(self.request, property).or(property.default.as_ref());
        let value = match found {
            Some(found) => (field.decode)(found, &place),
            None => (field.absent)().ok_or_else(|| place.error(Fault::Missing)),
        };
        value.map_err(|error| self.faults.extend(error.fields)).ok()
    }

    /// The inputs of a group, or nothing if one is faulty.
    pub fn group<T>(&mut self, group: GroupType<T>) -> Option<T> {
        (group.read)(self)
    }

    /// The inputs of a group that may be missing: it is, if none of its inputs was given.
    pub fn optional_group<T>(&mut self, group: GroupType<T>) -> Option<Option<T>> {
        let count = Entry::count(group.entries);
        let inputs = self.inputs.as_slice().get(..count).unwrap_or_default();
        if inputs.iter().all(|input| given(self.request, &input.property).is_none()) {
            self.inputs.by_ref().take(count).for_each(drop);
            return Some(None);
        }
        (group.read)(self).map(Some)
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
