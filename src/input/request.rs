//! A request and the struct it becomes.

use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{OnceLock, PoisonError, RwLock};

use serde_json::{Map, Value};

use crate::schema::{Entry, InputSchema, Property};

use super::field::{FieldType, Place};
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
        let schema = shared_schema::<Self>();
        let mut reader = Reader { properties: schema.properties().iter(), request, sources, faults: Vec::new() };
        match Self::read(&mut reader) {
            Some(input) if reader.faults.is_empty() => Ok(input),
            _ => Err(InputError { fields: reader.faults }),
        }
    }
}

/// Hands out the inputs of a request one after the other, and keeps what is wrong with them.
#[doc(hidden)]
#[derive(Debug)]
pub struct Reader<'a> {
    properties: std::slice::Iter<'a, Property>,
    request: &'a Map<String, Value>,
    sources: &'a Sources,
    faults: Vec<FieldError>,
}

impl Reader<'_> {
    /// The next input, or nothing if it is faulty.
    pub fn next<T>(&mut self, field: FieldType<T>) -> Option<T> {
        // A derive asks for as many inputs as it described.
        let property = self.properties.next()?;
        let place = Place { property, item: None, sources: self.sources };
        let found = self.request.get(&property.name).or(property.default.as_ref());
        let value = match found {
            Some(found) => (field.decode)(found, &place),
            None => (field.absent)().ok_or_else(|| place.error(Fault::Missing)),
        };
        value.map_err(|error| self.faults.extend(error.fields)).ok()
    }
}

/// The schema of a type, made once for the whole process.
fn shared_schema<T: Input>() -> &'static InputSchema {
    static SCHEMAS: OnceLock<RwLock<HashMap<TypeId, &'static InputSchema>>> = OnceLock::new();
    let schemas = SCHEMAS.get_or_init(RwLock::default);
    let key = TypeId::of::<T>();
    if let Some(schema) = schemas.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
        return schema;
    }
    // One schema a type, as many as a program has types: the leak is bounded.
    schemas.write().unwrap_or_else(PoisonError::into_inner).entry(key).or_insert_with(|| Box::leak(Box::new(T::schema())))
}
