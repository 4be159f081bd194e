//! What changed between two documents.

use std::fmt;

use serde_json::Value;

/// One place where two JSON documents differ.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The way to it: `components.schemas.Input.properties.steps.maximum`.
    pub path: String,
    /// What stands there in the old document, if anything does.
    pub old: Option<Value>,
    /// What stands there in the new document, if anything does.
    pub new: Option<Value>,
}

/// Two lines as of a diff: `-` what was there, `+` what is.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = [("-", &self.old), ("+", &self.new)].into_iter().filter_map(|(sign, value)| Some((sign, value.as_ref()?)));
        for (position, (sign, value)) in lines.enumerate() {
            write!(f, "{}{sign} {}: {value}", if position == 0 { "" } else { "\n" }, self.path)?;
        }
        Ok(())
    }
}

/// Every place where two JSON documents differ, the smallest that tells them apart; the order of keys does not count.
pub fn differences(old: &Value, new: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(String::new(), Some(old), Some(new), &mut found);
    found
}

fn compare(path: String, old: Option<&Value>, new: Option<&Value>, found: &mut Vec<Difference>) {
    match (old, new) {
        (Some(Value::Object(old)), Some(Value::Object(new))) => {
            let added = new.keys().filter(|key| !old.contains_key(*key));
            for key in old.keys().chain(added) {
                let dot = if path.is_empty() { "" } else { "." };
                compare(format!("{path}{dot}{key}"), old.get(key), new.get(key), found);
            }
        }
        (old, new) if old != new => found.push(Difference { path, old: old.cloned(), new: new.cloned() }),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn differences_are_told_where_they_are() {
        let old = json!({"a": {"b": 1, "c": [1, 2]}, "gone": true});
        let new = json!({"a": {"b": 2, "c": [1, 2]}, "new": {"d": null}});
        let lines: Vec<String> = differences(&old, &new).iter().map(Difference::to_string).collect();
        assert_eq!(lines, ["- a.b: 1\n+ a.b: 2", "- gone: true", "+ new: {\"d\":null}"]);
        assert!(differences(&old, &old).is_empty());
    }
}
