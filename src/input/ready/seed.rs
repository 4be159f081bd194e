//! The number that makes a result repeatable.

use std::fmt;
use std::hash::{BuildHasher, RandomState};

use serde_json::Value;

use crate::input::InputError;
use crate::input::field::{Field, NotOptional, Place};
use crate::schema::{Bounds, Kind};

/// A 32-bit seed: the one that was asked for, 0 included, or a random one, which is logged so that the result can be had again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Seed(u32);

impl Seed {
    /// The number.
    pub const fn value(self) -> u32 {
        self.0
    }

    /// A random seed; all 4,294,967,296 are equally likely.
    pub fn random() -> Self {
        // The hasher's keys come from the system's source of randomness.
        #[expect(clippy::cast_possible_truncation, reason = "the lower half of a hash is as random as the whole")]
        Self(RandomState::new().hash_one(()) as u32)
    }
}

impl fmt::Display for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<Seed> for u32 {
    fn from(seed: Seed) -> Self {
        seed.0
    }
}

impl From<Seed> for u64 {
    fn from(seed: Seed) -> Self {
        seed.0.into()
    }
}

impl Field for Seed {
    const KIND: Kind = Kind::Integer(Bounds::integers(0, u32::MAX as i128));
    const NULLABLE: bool = true;

    fn decode(found: &Value, place: &Place<'_>) -> Result<Self, InputError> {
        if found.is_null() {
            let seed = Self::random();
            place.log(&format!("{}: {seed} (random)", place.path()));
            return Ok(seed);
        }
        u32::decode(found, place).map(Self)
    }

    fn absent(place: &Place<'_>) -> Option<Self> {
        Self::decode(&Value::Null, place).ok()
    }
}

impl NotOptional for Seed {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_seeds_use_the_whole_range() {
        let seeds: Vec<u32> = (0..256).map(|_| Seed::random().value()).collect();
        let (ones, zeros) = seeds.iter().fold((0, u32::MAX), |(ones, zeros), seed| (ones | seed, zeros & seed));
        assert_eq!((ones, zeros), (u32::MAX, 0), "every bit is sometimes set and sometimes not");
    }
}
