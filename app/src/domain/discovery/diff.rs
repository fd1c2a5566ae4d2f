//! The differences between two discovery documents, shown before a provider is discovered again.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A member that changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The member's name.
    pub member: String,
    /// Its value before; `None` when it was added.
    pub before: Option<Value>,
    /// Its value now; `None` when it was removed.
    pub after: Option<Value>,
}

/// The members that differ between two documents, by name.
///
/// Lists are compared as sets, since providers list items in any order, and `null` counts as absent.
pub fn diff(old: &Map<String, Value>, new: &Map<String, Value>) -> Vec<Change> {
    let names = set(old.keys().chain(new.keys()));
    names
        .into_iter()
        .filter_map(|name| {
            let present = |document: &Map<String, Value>| document.get(name).filter(|value| !value.is_null()).cloned();
            let (before, after) = (present(old), present(new));
            (!same(before.as_ref(), after.as_ref())).then(|| Change { member: name.clone(), before, after })
        })
        .collect()
}

fn same(before: Option<&Value>, after: Option<&Value>) -> bool {
    match (before, after) {
        (Some(Value::Array(before)), Some(Value::Array(after))) => as_set(before) == as_set(after),
        (before, after) => before == after,
    }
}

/// The items as text, since JSON values have no order of their own.
fn as_set(items: &[Value]) -> BTreeSet<String> {
    set(items.iter().map(Value::to_string))
}

/// Extends a set instead of collecting one: collecting compiles a sort for each type into the portal.
fn set<T: Ord>(items: impl Iterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    set.extend(items);
    set
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test may panic")]
mod tests {
    use serde_json::json;

    use super::*;

    fn changes(old: Value, new: Value) -> Vec<Change> {
        diff(old.as_object().unwrap(), new.as_object().unwrap())
    }

    #[test]
    fn names_what_is_new_gone_and_different() {
        let change = |member: &str, before: Option<Value>, after: Option<Value>| Change {
            member: member.to_owned(),
            before,
            after,
        };
        assert_eq!(
            changes(json!({"a": 1, "b": 1, "c": 1}), json!({"b": 2, "c": 1, "d": 1})),
            [
                change("a", Some(json!(1)), None),
                change("b", Some(json!(1)), Some(json!(2))),
                change("d", None, Some(json!(1))),
            ]
        );
    }

    #[test]
    fn order_repetition_and_null_are_no_change() {
        let old = json!({"scopes": ["a", "b"], "region": null});
        assert_eq!(changes(old.clone(), json!({"scopes": ["b", "a", "b"]})), []);
        assert_eq!(changes(old, json!({"scopes": ["b"]})).len(), 1);
    }
}
