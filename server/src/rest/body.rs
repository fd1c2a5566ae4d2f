//! Bodies of requests: each is declared once, and both read and described from its declaration.
//!
//! [`body!`] declares the members. Each has a kind, which is a dialect's own type with two methods: `read` takes the
//! member out of a request and notes what is wrong with it, `shape` is what the OpenAPI document says of it. A body is
//! always read to its end, so that one answer names every problem.

use serde_json::{Map, Value, json};
use utoipa::openapi::{RefOr, Schema};

/// What the OpenAPI document says of a member.
pub(super) struct Shape {
    /// Its schema without words.
    pub(super) schema: Value,
    /// What its kind says of it, beside the declaration.
    pub(super) words: &'static str,
    /// Whether it must be sent.
    pub(super) is_required: bool,
}

/// The members of a body as its schema lists them.
#[derive(Default)]
pub(super) struct Members {
    properties: Map<String, Value>,
    required: Vec<&'static str>,
}

impl Members {
    /// Adds a member. One without a shape does not belong to this form of the body.
    pub(super) fn add(&mut self, name: &'static str, words: &[&str], shape: Option<Shape>) {
        let Some(Shape { mut schema, words: kind, is_required }) = shape else { return };
        let words = words.iter().map(|line| line.trim()).chain([kind]).filter(|line| !line.is_empty());
        let words = words.collect::<Vec<_>>().join(" ");
        if !words.is_empty() {
            // The words of a member that may be null belong to what it is otherwise.
            let described = if schema["oneOf"].is_array() { &mut schema["oneOf"][0] } else { &mut schema };
            described["description"] = words.into();
        }
        self.properties.insert(name.to_owned(), schema);
        if is_required {
            self.required.push(name);
        }
    }

    /// The schema of the whole body.
    pub(super) fn into_schema(self, words: &str) -> RefOr<Schema> {
        let Self { properties, required } = self;
        let schema = json!({"type": "object", "description": words, "required": required, "properties": properties});
        serde_json::from_value(schema).expect("the schemas of members are schemas")
    }
}

/// Declares a body: a struct, `read` and `members`. Kinds may depend on the arguments behind the name.
macro_rules! body {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident($($arg:ident: $arg_type:ty),*) from $reader:ty {
            $($(#[doc = $words:literal])* $member_vis:vis $member:ident: $value:ty = $kind:expr,)+
        }
    ) => {
        $(#[$meta])*
        $vis struct $name {
            $($(#[doc = $words])* $member_vis $member: $value,)+
        }

        impl $name {
            /// Reads the members in the order of their declaration.
            $vis fn read(reader: $reader, $($arg: $arg_type),*) -> Self {
                Self { $($member: $kind.read(reader, stringify!($member)),)+ }
            }

            /// What the OpenAPI document says of the members.
            $vis fn members($($arg: $arg_type),*) -> $crate::rest::body::Members {
                let mut members = $crate::rest::body::Members::default();
                $(members.add(stringify!($member), &[$($words),*], $kind.shape());)+
                members
            }
        }
    };
}

/// Gives names in the OpenAPI document to forms of bodies, with the schemas that they refer to.
macro_rules! schemas {
    ($($(#[doc = $words:literal])+ $vis:vis $name:ident as $schema:literal = $members:expr $(, with $($inner:ty),+)?;)+) => {$(
        $(#[doc = $words])+
        $vis enum $name {}

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                $members.into_schema(concat!($($words),+).trim())
            }
        }

        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                $schema.into()
            }

            fn schemas(schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>) {
                $($(
                    schemas.push((<$inner as utoipa::ToSchema>::name().into_owned(), <$inner as utoipa::PartialSchema>::schema()));
                    <$inner as utoipa::ToSchema>::schemas(schemas);
                )+)?
                let _ = schemas;
            }
        }
    )+};
}

pub(super) use {body, schemas};
