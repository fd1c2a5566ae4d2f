//! The three states of a field in a partial update: absent, null, a value.

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::Error};

/// How a partial update changes a field.
///
/// In JSON, an absent member keeps the field, null clears it, and a value sets it. A member needs
/// `#[serde(default, skip_serializing_if = "Patch::is_keep")]`, since only its struct can leave it out;
/// serialising a kept field is an error.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// The field is absent and keeps its value.
    #[default]
    Keep,
    /// The field was set to null.
    Clear,
    /// The field gets this value.
    Set(T),
}

impl<T> Patch<T> {
    /// Applies the patch to an optional field.
    pub fn apply(self, field: &mut Option<T>) {
        match self {
            Self::Keep => {}
            Self::Clear => *field = None,
            Self::Set(value) => *field = Some(value),
        }
    }

    /// Applies the patch to a field that is never absent: one that is cleared gets its default.
    pub fn apply_or_default(self, field: &mut T)
    where
        T: Default,
    {
        match self {
            Self::Keep => {}
            Self::Clear => *field = T::default(),
            Self::Set(value) => *field = value,
        }
    }

    /// Whether the field keeps its value.
    pub const fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }

    /// Converts the value, when one is set.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Patch<U> {
        match self {
            Self::Keep => Patch::Keep,
            Self::Clear => Patch::Clear,
            Self::Set(value) => Patch::Set(convert(value)),
        }
    }

    /// The value, when one is set.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Keep | Self::Clear => None,
        }
    }
}

impl Patch<String> {
    /// Sets the text without the space around it; an empty one clears.
    pub fn of_text(text: &str) -> Self {
        match text.trim() {
            "" => Self::Clear,
            text => Self::Set(text.to_owned()),
        }
    }
}

impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Keep => Err(S::Error::custom("a kept field is left out")),
            Self::Clear => serializer.serialize_none(),
            Self::Set(value) => serializer.serialize_some(value),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Clear, Self::Set))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test may panic")]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    struct Change {
        #[serde(skip_serializing_if = "Patch::is_keep")]
        name: Patch<String>,
    }

    #[test]
    fn absent_keeps_null_clears_and_a_value_sets() {
        for (name, written) in [
            (Patch::Keep, json!({})),
            (Patch::Clear, json!({"name": null})),
            (Patch::Set("a".to_owned()), json!({"name": "a"})),
        ] {
            let change = Change { name };
            assert_eq!(serde_json::to_value(&change).unwrap(), written);
            assert_eq!(serde_json::from_value::<Change>(written).unwrap(), change);
        }
    }

    #[test]
    fn a_kept_field_is_never_written_as_null() {
        let error = serde_json::to_value(Patch::<String>::Keep).unwrap_err();
        assert_eq!(error.to_string(), "a kept field is left out");
    }
}
