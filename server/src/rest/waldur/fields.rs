//! Kinds of fields: how each is read from a request, and what the OpenAPI document says of it.

use serde_json::{Value, json};
use vestibule_app::domain::{mapping::AttributeMapping, patch::Patch};

use super::{input::FieldReader, key::is_key, suggestions::FIELDS};
use crate::rest::body::Shape;

/// A kind of field, whose value is a `T`.
pub(super) struct Field<T> {
    read: fn(&mut FieldReader<'_>, &'static str, usize) -> T,
    schema: fn(usize) -> Value,
    limit: usize,
    is_required: bool,
    is_known: bool,
}

impl<T: Default> Field<T> {
    const fn new(
        read: fn(&mut FieldReader<'_>, &'static str, usize) -> T,
        schema: fn(usize) -> Value,
        limit: usize,
    ) -> Self {
        Self { read, schema, limit, is_required: false, is_known: true }
    }

    /// Whether the field must be sent.
    pub(super) const fn required(mut self, is_required: bool) -> Self {
        self.is_required = is_required;
        self
    }

    /// Whether the field belongs to the body at all.
    pub(super) const fn known(mut self, is_known: bool) -> Self {
        self.is_known = is_known;
        self
    }

    pub(super) fn read(self, reader: &mut FieldReader<'_>, name: &'static str) -> T {
        if !self.is_known {
            return T::default();
        }
        if self.is_required {
            reader.require(name);
        }
        (self.read)(reader, name, self.limit)
    }

    pub(super) fn shape(self) -> Option<Shape> {
        let Self { schema, limit, is_required, is_known, .. } = self;
        is_known.then(|| Shape { schema: schema(limit), words: "", is_required })
    }
}

/// A text that is not blank.
pub(super) const fn text(limit: usize) -> Field<Option<String>> {
    Field::new(
        |reader, name, limit| reader.text(name, limit),
        |limit| json!({"type": "string", "minLength": 1, "maxLength": limit}),
        limit,
    )
}

/// A text that may be blank.
pub(super) const fn text_or_blank(limit: usize) -> Field<Option<String>> {
    Field::new(
        |reader, name, limit| reader.text_or_blank(name, limit),
        |limit| json!({"type": "string", "maxLength": limit}),
        limit,
    )
}

/// A text that may be blank or null.
pub(super) const fn text_or_null(limit: usize) -> Field<Patch<String>> {
    Field::new(
        |reader, name, limit| reader.text_or_null(name, limit),
        |limit| json!({"type": ["string", "null"], "maxLength": limit}),
        limit,
    )
}

/// The address of a discovery document. What it must be beyond its length depends on the operation.
pub(super) const fn address(limit: usize) -> Field<Option<String>> {
    let schema = |limit| json!({"type": "string", "format": "uri", "maxLength": limit});
    Field::new(|reader, name, limit| reader.text(name, limit), schema, limit)
}

/// The key of a new provider.
pub(super) const fn key() -> Field<Option<String>> {
    let read = |reader: &mut FieldReader<'_>, name, limit| {
        let key = reader.text(name, limit)?;
        if key.chars().count() <= limit && !is_key(&key) {
            reader.errors.push(name, "Invalid provider.");
            return None;
        }
        Some(key)
    };
    Field::new(read, |limit| json!({"type": "string", "maxLength": limit, "pattern": KEY_PATTERN}), 32).required(true)
}

/// What a provider's key looks like, as a regular expression.
pub(super) const KEY_PATTERN: &str = "^[a-z0-9][a-z0-9_-]{0,31}$";

/// Yes or no.
pub(super) const fn flag() -> Field<Option<bool>> {
    Field::new(|reader, name, _| reader.boolean(name), |_| json!({"type": "boolean"}), 0)
}

/// Yes or no, which counts even where it repeats what is stored.
pub(super) const fn flag_as_sent() -> Field<Option<bool>> {
    Field::new(|reader, name, _| reader.boolean_as_sent(name), |_| json!({"type": "boolean"}), 0)
}

/// A list of texts.
pub(super) const fn texts() -> Field<Option<Vec<String>>> {
    Field::new(|reader, name, _| reader.texts(name), |_| json!({"type": "array", "items": {"type": "string"}}), 0)
}

/// A list of origins.
pub(super) const fn origins() -> Field<Option<Vec<String>>> {
    Field::new(|reader, name, _| reader.origins(name), |_| json!({"type": "array", "items": {"type": "string"}}), 0)
}

/// User fields, each with the claims that fill it.
pub(super) const fn mapping() -> Field<Option<AttributeMapping>> {
    let schema = |_| {
        let names: Vec<_> = FIELDS.iter().map(|field| field.as_str()).collect();
        json!({
            "type": "object",
            "propertyNames": {"type": "string", "enum": names},
            "additionalProperties": {"type": "string", "minLength": 1},
        })
    };
    Field::new(|reader, name, _| reader.mapping(name), schema, 0)
}
