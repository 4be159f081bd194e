//! What only the compiler can check: constants and types behind a name, and names across nested groups.
//!
//! Everything here runs while the program compiles; a fault is a compile error at the place of the derive.

use std::cmp::Ordering;

use super::{Change, Choices, Entry, Group, Kind, Literal, Number, Spec};

/// The constant components of Cog's document.
const COMPONENTS: &[&str] = &[
    "Input",
    "Output",
    "PredictionRequest",
    "PredictionResponse",
    "Status",
    "HTTPValidationError",
    "ValidationError",
    "TrainingInput",
    "TrainingOutput",
    "TrainingRequest",
    "TrainingResponse",
];

/// The same input, if its keys agree with its type and with each other.
///
/// # Panics
/// While compiling, with what is wrong.
#[track_caller]
pub const fn checked_input(spec: Spec) -> Spec {
    if let Some(fault) = spec.fault() {
        refuse(&[fault]);
    }
    spec
}

/// The same change, if it fits the input of the group that it names.
///
/// # Panics
/// While compiling, with what is wrong.
#[track_caller]
pub const fn checked_change(entries: &[Entry], change: Change) -> Change {
    match find(entries, Name::EMPTY, Name::EMPTY.push(change.target)) {
        None => refuse(&["the group has no input called `", change.target, "`"]),
        Some(spec) => {
            if let Some(fault) = change.apply(spec).fault() {
                refuse(&["`", change.target, "`: ", fault]);
            }
        }
    }
    change
}

/// The same entries, if no two inputs have one name and every optional group can be left out.
///
/// # Panics
/// While compiling, with the name.
#[track_caller]
pub const fn checked_entries(entries: &'static [Entry]) -> &'static [Entry] {
    check_names(entries, entries, Name::EMPTY);
    check_optional(entries);
    entries
}

/// Refuses a union without a default in an optional group.
#[track_caller]
const fn check_optional(entries: &[Entry]) {
    let mut rest = entries;
    while let [first, tail @ ..] = rest {
        if let Entry::Group(group) = first
            && group.optional
            && has_bare_union(group.entries)
        {
            refuse(&["a union in an optional group needs a default: Cog asks for a union that has none"]);
        }
        rest = tail;
    }
}

impl Spec {
    const fn fault(&self) -> Option<&'static str> {
        let is_number = matches!(self.kind, Kind::Integer(_) | Kind::Number(_));
        let is_text = matches!(self.kind, Kind::String);
        let is_file = match self.kind {
            Kind::File => true,
            Kind::List(item) => matches!(item, Kind::File),
            _ => false,
        };
        if !is_number && (self.ge.is_some() || self.le.is_some() || self.recommended.is_some()) {
            return Some("`ge`, `le` and `recommended` are for numbers, and this type is none");
        }
        if !is_text && (self.min_length.is_some() || self.max_length.is_some() || self.regex.is_some()) {
            return Some("`min_length`, `max_length` and `regex` are for texts, and this type is none");
        }
        if !is_file && self.accept.is_some() {
            return Some("`accept` is for files, and this type is none");
        }
        if let Some(choices) = self.choices
            && !matches!((choices, self.kind), (Choices::Strings(_), Kind::String) | (Choices::Integers(_), Kind::Integer(_)))
        {
            return Some("these choices are not values of this type");
        }
        if self.choices.is_some() && contains(COMPONENTS, self.name) {
            return Some("an input with choices cannot have the name of a part of Cog's document: it would overwrite that part");
        }
        if let (Some(ge), Some(le)) = (self.ge, self.le)
            && above(ge, le)
        {
            return Some("`le` is below `ge`; no value would be allowed");
        }
        if let Some((from, to)) = self.recommended
            && (above(from, to) || outside(from, self.ge, self.le) || outside(to, self.ge, self.le))
        {
            return Some("the recommended range runs backwards or reaches outside of `ge` and `le`");
        }
        match self.default {
            Some(default) => self.default_fault(default),
            None => None,
        }
    }

    const fn default_fault(&self, default: Literal) -> Option<&'static str> {
        if matches!(default, Literal::Null) {
            return if self.nullable { None } else { Some("`default = None` is for `Option`") };
        }
        if matches!(self.kind, Kind::Secret) {
            return Some("a secret has no default but `None`: the schema would show it to everybody");
        }
        if !fits(default, self.kind) {
            return Some("the default is not a value of this type");
        }
        if let Some(choices) = self.choices
            && !holds(choices, default)
        {
            return Some("the default is not one of the choices");
        }
        if let Literal::Number(number) = default {
            if outside(number, self.ge, self.le) {
                return Some("the default is outside of `ge` and `le`");
            }
            if let Some((from, to)) = self.recommended
                && outside(number, Some(from), Some(to))
            {
                return Some("the default is outside of the recommended range");
            }
        }
        None
    }
}

/// Looks for each name of `entries` in `all`.
#[track_caller]
const fn check_names(all: &[Entry], entries: &[Entry], prefix: Name) {
    let mut rest = entries;
    while let [first, tail @ ..] = rest {
        match first {
            Entry::Input(spec) => check_name(all, prefix.push(spec.name)),
            // A changed name is looked up as what it becomes.
            Entry::Group(group) => check_group_names(all, group, group.entries, prefix, Name::EMPTY),
        }
        rest = tail;
    }
}

#[track_caller]
const fn check_group_names(all: &[Entry], group: &Group, entries: &[Entry], prefix: Name, inner: Name) {
    let mut rest = entries;
    while let [first, tail @ ..] = rest {
        match first {
            Entry::Input(spec) => check_name(all, prefix.push(group.prefix).append(group.renamed(inner.push(spec.name)))),
            Entry::Group(deeper) => check_group_names(all, group, deeper.entries, prefix, inner.push(deeper.prefix)),
        }
        rest = tail;
    }
}

#[track_caller]
const fn check_name(all: &[Entry], name: Name) {
    if count(all, Name::EMPTY, name) > 1 {
        refuse(&["two inputs are called `", name.as_str(), "`"]);
    }
}

impl Group {
    /// The name that a change gives to an input of the group, or its own.
    const fn renamed(&self, name: Name) -> Name {
        let mut changes = self.changes;
        while let [change, rest @ ..] = changes {
            if let Some(new) = change.name
                && name.equals(Name::EMPTY.push(change.target))
            {
                return Name::EMPTY.push(new);
            }
            changes = rest;
        }
        name
    }
}

const fn count(entries: &[Entry], prefix: Name, wanted: Name) -> usize {
    let (mut found, mut rest) = (0, entries);
    while let [first, tail @ ..] = rest {
        found += match first {
            Entry::Input(spec) => prefix.push(spec.name).equals(wanted) as usize,
            Entry::Group(group) => count_in_group(group, group.entries, prefix, Name::EMPTY, wanted),
        };
        rest = tail;
    }
    found
}

const fn count_in_group(group: &Group, entries: &[Entry], prefix: Name, inner: Name, wanted: Name) -> usize {
    let (mut found, mut rest) = (0, entries);
    while let [first, tail @ ..] = rest {
        found += match first {
            Entry::Input(spec) => prefix.push(group.prefix).append(group.renamed(inner.push(spec.name))).equals(wanted) as usize,
            Entry::Group(deeper) => count_in_group(group, deeper.entries, prefix, inner.push(deeper.prefix), wanted),
        };
        rest = tail;
    }
    found
}

/// The input with this name within the entries.
const fn find(entries: &[Entry], prefix: Name, wanted: Name) -> Option<Spec> {
    let mut rest = entries;
    while let [first, tail @ ..] = rest {
        match first {
            Entry::Input(spec) if prefix.push(spec.name).equals(wanted) => return Some(**spec),
            Entry::Input(_) => {}
            Entry::Group(group) => {
                if let Some(spec) = find(group.entries, prefix.push(group.prefix), wanted) {
                    return Some(spec);
                }
            }
        }
        rest = tail;
    }
    None
}

const fn has_bare_union(entries: &[Entry]) -> bool {
    let mut rest = entries;
    while let [first, tail @ ..] = rest {
        let bare = match first {
            Entry::Input(spec) => matches!(spec.kind, Kind::Union(_)) && spec.default.is_none(),
            Entry::Group(group) => has_bare_union(group.entries),
        };
        if bare {
            return true;
        }
        rest = tail;
    }
    false
}

const fn above(a: Number, b: Number) -> bool {
    matches!(a.compare(b), Ordering::Greater)
}

const fn outside(number: Number, least: Option<Number>, greatest: Option<Number>) -> bool {
    let below = match least {
        Some(least) => above(least, number),
        None => false,
    };
    let beyond = match greatest {
        Some(greatest) => above(number, greatest),
        None => false,
    };
    below || beyond
}

/// Whether a literal is a value of a kind.
const fn fits(literal: Literal, kind: Kind) -> bool {
    match (literal, kind) {
        (Literal::Boolean(_), Kind::Boolean) | (Literal::String(_), Kind::String | Kind::File) | (Literal::Object(_), Kind::Object) => true,
        (Literal::Number(number), Kind::Integer(bounds)) => {
            number.as_integer().is_some() && !outside(number, bounds.minimum, bounds.maximum)
        }
        (Literal::Number(number), Kind::Number(bounds)) => !outside(number, bounds.minimum, bounds.maximum),
        (Literal::List(items), Kind::List(kind)) => {
            let mut rest = items;
            while let [first, tail @ ..] = rest {
                if !fits(*first, *kind) {
                    return false;
                }
                rest = tail;
            }
            true
        }
        (literal, Kind::Union(kinds)) => {
            let mut rest = kinds;
            while let [first, tail @ ..] = rest {
                if fits(literal, *first) {
                    return true;
                }
                rest = tail;
            }
            false
        }
        _ => false,
    }
}

/// Whether a literal is one of the choices.
const fn holds(choices: Choices, literal: Literal) -> bool {
    match (choices, literal) {
        (Choices::Strings(texts), Literal::String(wanted)) => contains(texts, wanted),
        (Choices::Integers(integers), Literal::Number(wanted)) => {
            let mut rest = integers;
            while let [first, tail @ ..] = rest {
                if matches!(wanted.compare(Number::Integer(*first as i128)), Ordering::Equal) {
                    return true;
                }
                rest = tail;
            }
            false
        }
        _ => false,
    }
}

const fn contains(texts: &[&str], wanted: &str) -> bool {
    let mut rest = texts;
    while let [first, tail @ ..] = rest {
        if equal(first.as_bytes(), wanted.as_bytes()) {
            return true;
        }
        rest = tail;
    }
    false
}

const fn equal(mut a: &[u8], mut b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    while let ([x, a_rest @ ..], [y, b_rest @ ..]) = (a, b) {
        if *x != *y {
            return false;
        }
        (a, b) = (a_rest, b_rest);
    }
    true
}

/// A name put together while compiling, or a message about one.
#[derive(Clone, Copy)]
struct Text<const SIZE: usize> {
    bytes: [u8; SIZE],
    length: usize,
}

/// The longest name, in bytes.
type Name = Text<160>;

impl<const SIZE: usize> Text<SIZE> {
    const EMPTY: Self = Self { bytes: [0; SIZE], length: 0 };

    /// Adds `part`, after a `_` if both sides hold something.
    const fn push(self, part: &str) -> Self {
        if self.length == 0 || part.is_empty() { self.write(part) } else { self.write("_").write(part) }
    }

    const fn append(self, part: Self) -> Self {
        self.push(part.as_str())
    }

    /// Adds `part`; what does not fit is left out.
    const fn write(mut self, part: &str) -> Self {
        let mut rest = part.as_bytes();
        while let [first, tail @ ..] = rest {
            if self.length < SIZE {
                self.bytes[self.length] = *first;
                self.length += 1;
            }
            rest = tail;
        }
        self
    }

    const fn equals(self, other: Self) -> bool {
        equal(self.written(), other.written())
    }

    const fn written(&self) -> &[u8] {
        self.bytes.split_at(self.length).0
    }

    const fn as_str(&self) -> &str {
        match std::str::from_utf8(self.written()) {
            Ok(text) => text,
            Err(_) => "…",
        }
    }
}

/// Stops compiling, with a message in several parts.
#[track_caller]
#[expect(clippy::panic, reason = "a panic while compiling is a compile error")]
const fn refuse(parts: &[&str]) -> ! {
    let (mut message, mut rest) = (Text::<512>::EMPTY, parts);
    while let [first, tail @ ..] = rest {
        message = message.write(first);
        rest = tail;
    }
    panic!("{}", message.as_str())
}
