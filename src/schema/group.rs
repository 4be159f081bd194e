//! Groups: a struct of inputs as part of another, under a prefix and a title.

use super::{Choices, Literal, Number, Spec};

/// One thing that a struct contributes, in order of declaration.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Entry {
    /// One input.
    Input(&'static Spec),
    /// The inputs of another struct.
    Group(Group),
}

impl Entry {
    /// How many inputs the entries come to.
    pub const fn count(entries: &[Self]) -> usize {
        let (mut count, mut rest) = (0, entries);
        while let [first, tail @ ..] = rest {
            count += match first {
                Self::Input(_) => 1,
                Self::Group(group) => Self::count(group.entries),
            };
            rest = tail;
        }
        count
    }
}

/// The inputs of another struct, as they appear in the outer one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Group {
    pub(super) entries: &'static [Entry],
    pub(super) prefix: &'static str,
    pub(super) title: &'static str,
    pub(super) optional: bool,
    pub(super) changes: &'static [Change],
}

impl Group {
    /// A group whose inputs get `prefix` and `_` before their names; an empty prefix leaves them alone.
    pub const fn new(entries: &'static [Entry], optional: bool, prefix: &'static str, title: &'static str) -> Self {
        Self { entries, prefix, title, optional, changes: &[] }
    }

    /// What this use of the group does differently.
    #[must_use]
    pub const fn changes(mut self, changes: &'static [Change]) -> Self {
        self.changes = changes;
        self
    }
}

/// What one use of a group says of one of its inputs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// The input's name within the group.
    pub(super) target: &'static str,
    pub(super) name: Option<&'static str>,
    description: Option<Option<&'static str>>,
    default: Option<Literal>,
    ge: Option<Number>,
    le: Option<Number>,
    recommended: Option<(Number, Number)>,
    choices: Option<Choices>,
    deprecated: bool,
}

impl Change {
    /// A change that changes nothing yet.
    pub const fn new(target: &'static str) -> Self {
        Self {
            target,
            name: None,
            description: None,
            default: None,
            ge: None,
            le: None,
            recommended: None,
            choices: None,
            deprecated: false,
        }
    }

    /// Another name, still with the group's prefix.
    #[must_use]
    pub const fn name(mut self, name: &'static str) -> Self {
        self.name = Some(name);
        self
    }

    /// Another description.
    #[must_use]
    pub const fn description(mut self, description: Option<&'static str>) -> Self {
        self.description = Some(description);
        self
    }

    /// Another default.
    #[must_use]
    pub const fn default(mut self, default: Literal) -> Self {
        self.default = Some(default);
        self
    }

    /// Another least value.
    #[must_use]
    pub const fn ge(mut self, ge: Number) -> Self {
        self.ge = Some(ge);
        self
    }

    /// Another greatest value.
    #[must_use]
    pub const fn le(mut self, le: Number) -> Self {
        self.le = Some(le);
        self
    }

    /// Another range in which results are best.
    #[must_use]
    pub const fn recommended(mut self, from: Number, to: Number) -> Self {
        self.recommended = Some((from, to));
        self
    }

    /// Other choices.
    #[must_use]
    pub const fn choices(mut self, choices: Choices) -> Self {
        self.choices = Some(choices);
        self
    }

    /// Marks the input as one that will go away.
    #[must_use]
    pub const fn deprecated(mut self) -> Self {
        self.deprecated = true;
        self
    }

    /// The input after the change.
    pub(super) const fn apply(self, mut spec: Spec) -> Spec {
        if let Some(name) = self.name {
            spec.name = name;
        }
        if let Some(description) = self.description {
            spec.description = description;
        }
        if self.default.is_some() {
            spec.default = self.default;
        }
        if self.ge.is_some() {
            spec.ge = self.ge;
        }
        if self.le.is_some() {
            spec.le = self.le;
        }
        if self.recommended.is_some() {
            spec.recommended = self.recommended;
        }
        if self.choices.is_some() {
            spec.choices = self.choices;
        }
        spec.deprecated |= self.deprecated;
        spec
    }
}

/// An input in its place: with its full name and the titles of its groups.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Placed {
    pub(super) name: String,
    pub(super) group: Option<String>,
    pub(super) spec: Spec,
}

/// The inputs of all entries, in order.
pub(super) fn placed(entries: &[Entry]) -> Vec<Placed> {
    let mut all = Vec::new();
    for entry in entries {
        match entry {
            Entry::Input(spec) => all.push(Placed { name: spec.name.to_owned(), group: spec.group.map(str::to_owned), spec: **spec }),
            Entry::Group(group) => all.extend(placed(group.entries).into_iter().map(|placed| group.place(placed))),
        }
    }
    all
}

impl Group {
    fn place(&self, mut placed: Placed) -> Placed {
        if let Some(change) = self.changes.iter().find(|change| change.target == placed.name) {
            placed.spec = change.apply(placed.spec);
            if let Some(name) = change.name {
                placed.name = name.to_owned();
            }
        }
        if !self.prefix.is_empty() {
            placed.name = format!("{}_{}", self.prefix, placed.name);
        }
        placed.group = Some(match placed.group {
            Some(inner) => format!("{} / {inner}", self.title),
            None => self.title.to_owned(),
        });
        placed.spec.nullable |= self.optional;
        placed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Bounds, Facts, Kind};

    const INTEGER: Facts = Facts { kind: Kind::Integer(Bounds::NONE), nullable: false, choices: None };
    const INNER: &[Entry] = &[Entry::Input(&Spec::new("steps", None, INTEGER)), Entry::Input(&Spec::new("scale", None, INTEGER))];
    const MIDDLE: &[Entry] = &[Entry::Input(&Spec::new("on", None, INTEGER)), Entry::Group(Group::new(INNER, false, "deep", "Deep"))];

    #[test]
    fn groups_nest_with_their_prefixes_and_titles_and_keep_the_order() {
        const CHANGE: &[Change] = &[Change::new("deep_steps").name("depth").ge(Number::Integer(3))];
        let outer = [
            Entry::Group(Group::new(MIDDLE, true, "cn", "ControlNet").changes(CHANGE)),
            Entry::Group(Group::new(INNER, false, "", "Rest")),
        ];
        let all = placed(&outer);
        let names: Vec<_> = all.iter().map(|placed| (placed.name.as_str(), placed.group.as_deref().unwrap_or_default())).collect();
        let expected = [
            ("cn_on", "ControlNet"),
            ("cn_depth", "ControlNet / Deep"),
            ("cn_deep_scale", "ControlNet / Deep"),
            ("steps", "Rest"),
            ("scale", "Rest"),
        ];
        assert_eq!(names, expected);
        assert_eq!(all[1].spec.ge, Some(Number::Integer(3)));
        assert!(all[2].spec.nullable && !all[3].spec.nullable);
        assert_eq!(Entry::count(&outer), all.len());
    }
}
