//! Kinds of members: how each is read from a body, and what the OpenAPI document says of it.

use serde_json::{Value, json};
use vestibule_app::domain::patch::Patch;

use super::input::ObjectReader;
use crate::rest::body::Shape;

/// Which group of operations a request came through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rest::scaikey) enum Surface {
    /// The administration, which knows LDAP, how people sign in, and names the tenant in the body.
    Admin,
    /// A tenant's.
    Tenant,
}

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Create,
    Change,
}

impl Mode {
    /// The first of two values for a creation, the second for a change.
    pub(super) const fn choose<T: Copy>(self, created: T, changed: T) -> T {
        match self {
            Self::Create => created,
            Self::Change => changed,
        }
    }
}

/// A kind of member, whose value is a `T`.
pub(super) struct Member<T> {
    read: fn(&ObjectReader<'_>, &'static str) -> T,
    schema: fn() -> Value,
    limits: Option<fn() -> Value>,
    words: &'static str,
    is_required: bool,
    is_known: bool,
}

impl<T: Default> Member<T> {
    pub(super) const fn new(read: fn(&ObjectReader<'_>, &'static str) -> T, schema: fn() -> Value) -> Self {
        Self { read, schema, limits: None, words: "", is_required: false, is_known: true }
    }

    /// Adds the limits that the domain checks, and the default, to the schema.
    pub(super) const fn with(mut self, limits: fn() -> Value) -> Self {
        self.limits = Some(limits);
        self
    }

    /// What the OpenAPI document says of the member, where it depends on the kind of request.
    pub(super) const fn says(mut self, words: &'static str) -> Self {
        self.words = words;
        self
    }

    /// Lists the member as required in the OpenAPI document; reading notes itself when it is missing.
    pub(super) const fn required(mut self, is_required: bool) -> Self {
        self.is_required = is_required;
        self
    }

    /// Whether the member belongs to the body at all.
    pub(super) const fn known(mut self, is_known: bool) -> Self {
        self.is_known = is_known;
        self
    }

    pub(super) fn read(self, reader: &ObjectReader<'_>, name: &'static str) -> T {
        if self.is_known { (self.read)(reader, name) } else { T::default() }
    }

    pub(super) fn shape(self) -> Option<Shape> {
        let mut schema = (self.schema)();
        if let (Some(schema), Some(Value::Object(limits))) =
            (schema.as_object_mut(), self.limits.map(|limits| limits()))
        {
            schema.extend(limits);
        }
        self.is_known.then_some(Shape { schema, words: self.words, is_required: self.is_required })
    }
}

/// What the OpenAPI document says of members whose null is ignored.
pub(super) const NULL_CHANGES_NOTHING: &str = "Null changes nothing.";
/// What the OpenAPI document says of members that a change may only repeat.
pub(super) const CANNOT_BE_CHANGED: &str = "Cannot be changed; the current value is accepted.";

fn text_schema() -> Value {
    json!({"type": "string"})
}

fn nullable_schema() -> Value {
    json!({"type": ["string", "null"]})
}

/// A text that must be sent.
pub(super) const fn text() -> Member<String> {
    Member::new(|reader, name| reader.required_text(name).unwrap_or_default(), text_schema).required(true)
}

/// A text that must be sent on creation; in a change, null and absent change nothing.
pub(super) const fn text_of(mode: Mode) -> Member<Option<String>> {
    match mode {
        Mode::Create => Member::new(|reader, name| reader.required_text(name), text_schema).required(true),
        Mode::Change => Member::new(|reader, name| reader.text_or_null(name).value().cloned(), nullable_schema),
    }
}

/// A name: a text with a length that pydantic checks.
pub(super) const fn name(mode: Mode) -> Member<Option<String>> {
    let read: fn(&ObjectReader<'_>, &'static str) -> Option<String> = match mode {
        Mode::Create => |reader, name| {
            let text = reader.required_text(name);
            reader.check_length(name, text.as_deref());
            text
        },
        Mode::Change => |reader, name| {
            let text = reader.text_or_null(name).value().cloned();
            reader.check_length(name, text.as_deref());
            text
        },
    };
    Member { read, ..text_of(mode) }
        .with(|| json!({"minLength": 1, "maxLength": 255}))
        .says(mode.choose("", NULL_CHANGES_NOTHING))
}

/// A text, or null.
pub(super) const fn nullable() -> Member<Patch<String>> {
    Member::new(|reader, name| reader.text_or_null(name), nullable_schema)
}

/// A text; null, absent and blank mean no text.
pub(super) const fn optional() -> Member<Option<String>> {
    Member::new(|reader, name| reader.optional_text(name), nullable_schema)
}

/// A text that is not null where it is sent.
pub(super) const fn given() -> Member<Option<String>> {
    Member::new(|reader, name| reader.text(name), text_schema)
}

/// A boolean that is not null where it is sent. It is true at first.
pub(super) const fn flag() -> Member<Option<bool>> {
    Member::new(|reader, name| reader.boolean(name), || json!({"type": "boolean", "default": true}))
}

/// As [`flag`] on creation; in a change, null changes nothing.
pub(super) const fn flag_of(mode: Mode) -> Member<Option<bool>> {
    match mode {
        Mode::Create => flag(),
        Mode::Change => Member::new(
            |reader, name| reader.boolean_or_null(name).value().copied(),
            || json!({"type": ["boolean", "null"]}),
        )
        .says(NULL_CHANGES_NOTHING),
    }
}

/// A list of texts, or null.
pub(super) const fn texts_or_null() -> Member<Patch<Vec<String>>> {
    Member::new(
        |reader, name| reader.texts_or_null(name),
        || json!({"type": ["array", "null"], "items": {"type": "string"}}),
    )
}

/// The schema of one of a few words, or null. The first of them is the default.
pub(super) fn word_schema(words: &[(&str, &str)]) -> Value {
    let mut values: Vec<_> = words.iter().map(|(word, _)| Value::from(*word)).collect();
    let default = values.first().cloned();
    values.push(Value::Null);
    json!({"type": ["string", "null"], "enum": values, "default": default})
}

/// The schema of a list of such words, or null.
pub(super) fn words_schema(words: &[(&str, &str)]) -> Value {
    let values: Vec<_> = words.iter().map(|(word, _)| *word).collect();
    json!({"type": ["array", "null"], "items": {"type": "string", "enum": values}, "default": []})
}

/// The schema of an object inside that may be null.
pub(super) fn object_schema(name: &str) -> Value {
    json!({"oneOf": [{"$ref": format!("#/components/schemas/{name}")}, {"type": "null"}]})
}
