//! Optional inputs and lists.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::Value;

use crate::schema::{Choices, Kind};

use super::InputError;
use super::field::{Field, Item, NotOptional, Place};

/// Downloads of one list that run at a time, as in Cog.
const AT_A_TIME: usize = 8;

/// An input that may be left out. `null` says the same, for Cog's parent process puts it where an optional input is missing.
impl<T: NotOptional> Field for Option<T> {
    const KIND: Kind = T::KIND;
    const CHOICES: Option<Choices> = T::CHOICES;
    const NULLABLE: bool = true;

    fn decode(found: &Value, place: &Place<'_>) -> Result<Self, InputError> {
        if found.is_null() {
            return Ok(None);
        }
        T::decode(found, place).map(Some)
    }

    fn absent(_: &Place<'_>) -> Option<Self> {
        Some(None)
    }
}

impl<T: Item> Field for Vec<T> {
    const KIND: Kind = Kind::List(&T::KIND);

    fn decode(found: &Value, place: &Place<'_>) -> Result<Self, InputError> {
        let Value::Array(items) = found else { return Err(place.wrong_type(found, "array")) };
        let decode = |position, item: &Value| T::decode(item, &place.at_item(position));
        // Only files take their time.
        let parallel = T::KIND == Kind::File && items.len() > 1;
        let decoded = if parallel {
            in_parallel(items, &decode)
        } else {
            items.iter().enumerate().map(|(position, item)| decode(position, item)).collect()
        };
        let (mut list, mut faults) = (Self::with_capacity(decoded.len()), Vec::new());
        for item in decoded {
            match item {
                Ok(item) => list.push(item),
                Err(error) => faults.extend(error.fields),
            }
        }
        if faults.is_empty() { Ok(list) } else { Err(InputError { fields: faults }) }
    }
}

/// The results of `work` on every item, in order; at most 8 at a time.
fn in_parallel<I: Sync, R: Send>(items: &[I], work: &(impl Fn(usize, &I) -> R + Sync)) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let run = || {
        let mut done = Vec::new();
        loop {
            let position = next.fetch_add(1, Ordering::Relaxed);
            match items.get(position) {
                Some(item) => done.push((position, work(position, item))),
                None => return done,
            }
        }
    };
    let mut done = thread::scope(|scope| {
        let others: Vec<_> = (1..items.len().min(AT_A_TIME)).map(|_| scope.spawn(run)).collect();
        let mut done = run();
        for other in others {
            done.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        done
    });
    done.sort_by_key(|(position, _)| *position);
    done.into_iter().map(|(_, result)| result).collect()
}

impl<T: Item> NotOptional for Vec<T> {}
