//! Text, numbers, truth values, and how their limits are held.

use std::cmp::Ordering;

use serde_json::Value;

use crate::schema::{Bounds, Kind, Number};

use super::choice::{not_a_choice, position};
use super::error::shown;
use super::field::{Field, Item, NotOptional, Place};
use super::{Fault, InputError};

impl Field for String {
    const KIND: Kind = Kind::String;

    fn decode(found: &Value, place: &Place<'_>) -> Result<Self, InputError> {
        let Value::String(text) = found else { return Err(place.wrong_type(found, "string")) };
        check_choice(found, place)?;
        check_text(text, found, place)?;
        Ok(text.clone())
    }
}

impl Item for String {}
impl NotOptional for String {}

impl Field for bool {
    const KIND: Kind = Kind::Boolean;

    fn decode(found: &Value, place: &Place<'_>) -> Result<Self, InputError> {
        found.as_bool().ok_or_else(|| place.wrong_type(found, "boolean"))
    }
}

impl Item for bool {}
impl NotOptional for bool {}

/// Whole numbers: `1.0` is one, `1.5` and `true` are not.
macro_rules! integers {
    ($($type:ident: $bounds:expr;)*) => {$(
        impl Field for $type {
            const KIND: Kind = Kind::Integer($bounds);

            fn decode(found: &Value, place: &Place<'_>) -> Result<Self, InputError> {
                let number = Number::from_json(found).filter(|number| number.to_f64().fract() == 0.0);
                let number = number.ok_or_else(|| place.wrong_type(found, "integer"))?;
                check_choice(found, place)?;
                check_bounds(number, found, place, $type::MIN.into(), $type::MAX.into())?;
                // The bounds hold the number within the type.
                number.as_integer().and_then(|integer| $type::try_from(integer).ok()).ok_or_else(|| place.wrong_type(found, "integer"))
            }
        }

        impl Item for $type {}
        impl NotOptional for $type {}

        impl From<$type> for Number {
            fn from(value: $type) -> Self {
                Self::Integer(value as i128)
            }
        }
    )*};
}

integers! {
    i8: Bounds::integers(i8::MIN as i128, i8::MAX as i128);
    i16: Bounds::integers(i16::MIN as i128, i16::MAX as i128);
    i32: Bounds::integers(i32::MIN as i128, i32::MAX as i128);
    // Cog's own integer: it prints no bounds.
    i64: Bounds::NONE;
    isize: Bounds::NONE;
    u8: Bounds::integers(0, u8::MAX as i128);
    u16: Bounds::integers(0, u16::MAX as i128);
    u32: Bounds::integers(0, u32::MAX as i128);
    u64: Bounds::integers(0, u64::MAX as i128);
    usize: Bounds::integers(0, usize::MAX as i128);
}

impl Field for f64 {
    const KIND: Kind = Kind::Number(Bounds::NONE);

    fn decode(found: &Value, place: &Place<'_>) -> Result<Self, InputError> {
        let number = Number::from_json(found).ok_or_else(|| place.wrong_type(found, "number"))?;
        check_bounds(number, found, place, Number::Float(Self::MIN), Number::Float(Self::MAX))?;
        Ok(number.to_f64())
    }
}

impl Item for f64 {}
impl NotOptional for f64 {}

impl Field for f32 {
    const KIND: Kind =
        Kind::Number(Bounds { minimum: Some(Number::Float(Self::MIN as f64)), maximum: Some(Number::Float(Self::MAX as f64)) });

    fn decode(found: &Value, place: &Place<'_>) -> Result<Self, InputError> {
        let number = Number::from_json(found).ok_or_else(|| place.wrong_type(found, "number"))?;
        check_bounds(number, found, place, Number::Float(Self::MIN.into()), Number::Float(Self::MAX.into()))?;
        #[expect(clippy::cast_possible_truncation, reason = "the bounds hold it within f32; rounding to the nearest is what f32 means")]
        Ok(number.to_f64() as Self)
    }
}

impl Item for f32 {}
impl NotOptional for f32 {}

/// Refuses a number outside the bounds of the input, or outside those of its Rust type.
fn check_bounds(number: Number, found: &Value, place: &Place<'_>, least: Number, greatest: Number) -> Result<(), InputError> {
    let (minimum, maximum) = if place.limited { (place.property.minimum, place.property.maximum) } else { (None, None) };
    let minimum = minimum.unwrap_or(least);
    if number.compare(minimum) == Ordering::Less {
        return Err(place.error(Fault::BelowMinimum { found: shown(found), minimum: minimum.to_string() }));
    }
    let maximum = maximum.unwrap_or(greatest);
    if number.compare(maximum) == Ordering::Greater {
        return Err(place.error(Fault::AboveMaximum { found: shown(found), maximum: maximum.to_string() }));
    }
    Ok(())
}

/// Refuses a value that is none of the choices; `1.0` is the choice `1`.
fn check_choice(found: &Value, place: &Place<'_>) -> Result<(), InputError> {
    match place.property.choices.filter(|_| place.limited) {
        Some(choices) if position(found, choices).is_none() => Err(not_a_choice(found, choices, place)),
        _ => Ok(()),
    }
}

/// Refuses a text of the wrong length, counted in characters, or without the pattern.
fn check_text(text: &str, found: &Value, place: &Place<'_>) -> Result<(), InputError> {
    if !place.limited {
        return Ok(());
    }
    let (minimum, maximum) = (place.property.min_length, place.property.max_length);
    if minimum.is_some() || maximum.is_some() {
        let length = text.chars().count() as u64;
        if let Some(minimum) = minimum.filter(|minimum| length < *minimum) {
            return Err(place.error(Fault::TooShort { found: shown(found), minimum }));
        }
        if let Some(maximum) = maximum.filter(|maximum| length > *maximum) {
            return Err(place.error(Fault::TooLong { found: shown(found), maximum }));
        }
    }
    if place.pattern.is_some_and(|pattern| !pattern.is_in(text)) {
        let pattern = place.property.pattern.unwrap_or_default().to_owned();
        return Err(place.error(Fault::NoMatch { found: shown(found), pattern }));
    }
    Ok(())
}
