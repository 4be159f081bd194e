//! Numbers of a schema: exact integers and floats, written the way Go writes them.

use std::cmp::Ordering;
use std::fmt;

use serde_json::Value;

/// A bound or a default: an exact integer, or a float.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// A whole number; JSON's range is that of `i64` and `u64`.
    Integer(i128),
    /// A finite float.
    Float(f64),
}

/// The first float past the range of `i128`, 2^127.
const I128_END: f64 = 170_141_183_460_469_231_731_687_303_715_884_105_728.0;

impl Number {
    /// The number in a JSON value, if it is one.
    pub fn from_json(value: &Value) -> Option<Self> {
        let number = value.as_number()?;
        if let Some(integer) = number.as_i64() {
            return Some(Self::Integer(integer.into()));
        }
        if let Some(integer) = number.as_u64() {
            return Some(Self::Integer(integer.into()));
        }
        number.as_f64().map(Self::Float)
    }

    /// The whole number this is, if it is one: `1` and `1.0`, not `1.5`.
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked and the fraction is zero")]
    pub const fn as_integer(self) -> Option<i128> {
        match self {
            Self::Integer(integer) => Some(integer),
            Self::Float(float) if float > -I128_END && float < I128_END => {
                let integer = float as i128;
                #[expect(clippy::cast_precision_loss, reason = "a whole float comes back unchanged")]
                if integer as f64 == float { Some(integer) } else { None }
            }
            Self::Float(_) => None,
        }
    }

    /// The nearest float.
    #[expect(clippy::cast_precision_loss, reason = "the nearest float is what is asked for")]
    pub const fn to_f64(self) -> f64 {
        match self {
            Self::Integer(integer) => integer as f64,
            Self::Float(float) => float,
        }
    }

    /// Which number is greater, exactly: an integer is never rounded to a float first. NaN counts as equal to everything.
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked; only the fraction is cut, and it is compared after")]
    pub const fn compare(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => order(a < b, a > b),
            (Self::Float(a), Self::Float(b)) => order(a < b, a > b),
            (Self::Integer(_), Self::Float(_)) => other.compare(self).reverse(),
            (Self::Float(a), Self::Integer(b)) => {
                if a >= I128_END {
                    return Ordering::Greater;
                }
                if a < -I128_END {
                    return Ordering::Less;
                }
                let whole = a as i128;
                #[expect(clippy::cast_precision_loss, reason = "a whole float comes back unchanged")]
                let fraction = a - whole as f64;
                order(whole < b || (whole == b && fraction < 0.0), whole > b || (whole == b && fraction > 0.0))
            }
        }
    }

    /// The JSON number that Cog writes: whole floats below 1e21 lose their `.0`.
    ///
    /// A float that JSON cannot say, NaN or infinite, is `null`.
    pub fn to_json(self) -> Value {
        if let Some(integer) = self.as_integer() {
            if let Ok(integer) = i64::try_from(integer) {
                return integer.into();
            }
            if let Ok(integer) = u64::try_from(integer) {
                return integer.into();
            }
        }
        self.to_f64().into()
    }
}

const fn order(less: bool, greater: bool) -> Ordering {
    if less {
        Ordering::Less
    } else if greater {
        Ordering::Greater
    } else {
        Ordering::Equal
    }
}

/// Go's spelling: shortest digits, no `.0`, an exponent below 1e-6 and from 1e21.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Integer(integer) => write!(f, "{integer}"),
            Self::Float(float) => {
                let size = float.abs();
                if size != 0.0 && !(1e-6..1e21).contains(&size) {
                    let text = format!("{float:e}");
                    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
                    let sign = if exponent.starts_with('-') { "" } else { "+" };
                    return write!(f, "{digits}e{sign}{exponent}");
                }
                write!(f, "{float}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_written_as_go_writes_them() {
        let cases = [
            (7.0, "7"),
            (0.0, "0"),
            (0.5, "0.5"),
            (-0.5, "-0.5"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (1e-6, "0.000001"),
            (1e-7, "1e-7"),
            (1.5e300, "1.5e+300"),
        ];
        for (float, expected) in cases {
            assert_eq!(Number::Float(float).to_string(), expected);
        }
    }

    #[test]
    fn whole_floats_become_json_integers() {
        assert_eq!(Number::Float(7.0).to_json(), serde_json::json!(7));
        assert_eq!(Number::Float(1e21).to_json(), serde_json::json!(1e21));
        assert_eq!(Number::Integer(u64::MAX.into()).to_json(), serde_json::json!(u64::MAX));
    }

    #[test]
    fn integers_and_floats_are_compared_without_rounding() {
        let past = Number::Float(18_446_744_073_709_551_616.0);
        let cases = [
            (past, Number::Integer(u64::MAX.into()), Ordering::Greater),
            (Number::Integer(i64::MAX.into()), Number::Float(9_223_372_036_854_775_808.0), Ordering::Less),
            (Number::Float(-1.5), Number::Integer(-1), Ordering::Less),
            (Number::Float(1.5), Number::Integer(1), Ordering::Greater),
            (Number::Float(1.0), Number::Integer(1), Ordering::Equal),
            (Number::Float(1e300), Number::Integer(i128::MAX), Ordering::Greater),
        ];
        for (a, b, expected) in cases {
            assert_eq!(a.compare(b), expected, "{a:?} against {b:?}");
            assert_eq!(b.compare(a), expected.reverse(), "{b:?} against {a:?}");
        }
    }
}
