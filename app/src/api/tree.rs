//! Deserializes the server's responses from a tree of JSON values.
//!
//! `serde_json` could deserialize the text directly, and faster. But its deserializer is generated again for every
//! type, including white space, escapes and positions, and the browser would download all of that. This one asks for
//! the single kind of value that a well-formed response has at each place, which is a few instructions.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{
        DeserializeSeed, EnumAccess, Error as _, Expected, IntoDeserializer, MapAccess, SeqAccess, Unexpected,
        VariantAccess, Visitor,
    },
    forward_to_deserialize_any,
};
use serde_json::{Map, Value};

/// Deserializes a response.
pub(super) fn read<'de, T: Deserialize<'de>>(value: &'de Value) -> Result<T, Error> {
    T::deserialize(Tree(value))
}

/// A value as a source for serde.
#[derive(Clone, Copy)]
struct Tree<'de>(&'de Value);

/// Why a response cannot be deserialized: most likely portal and server are of different versions.
#[derive(Debug)]
pub(super) struct Error(String);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl serde::de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }

    /// Reports less than serde would, which would bring in the formatting of floating-point numbers.
    fn invalid_type(_found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self(format!("expected {expected}"))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(found, expected)
    }
}

/// The message for a value of an unexpected kind.
#[cold]
fn unexpected(value: &Value, wanted: &str) -> Error {
    let found = match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    };
    Error::custom(format_args!("expected {wanted}, found {found}"))
}

impl<'de> Tree<'de> {
    fn text(self) -> Result<&'de str, Error> {
        self.0.as_str().ok_or_else(|| unexpected(self.0, "a string"))
    }

    fn array(self) -> Result<Items<'de>, Error> {
        self.0.as_array().map(|items| Items(items.iter())).ok_or_else(|| unexpected(self.0, "an array"))
    }

    fn object(self) -> Result<Members<'de>, Error> {
        self.0.as_object().map(Members::of).ok_or_else(|| unexpected(self.0, "an object"))
    }

    fn fields(self, names: &'static [&'static str]) -> Result<Fields<'de>, Error> {
        let members = self.0.as_object().ok_or_else(|| unexpected(self.0, "an object"))?;
        Ok(Fields { members, names: names.iter() })
    }

    fn signed(self) -> Result<i64, Error> {
        self.0.as_i64().ok_or_else(|| unexpected(self.0, "a whole number"))
    }

    fn unsigned(self) -> Result<u64, Error> {
        self.0.as_u64().ok_or_else(|| unexpected(self.0, "a positive whole number"))
    }
}

macro_rules! whole_numbers {
    ($($method:ident $read:ident $visit:ident,)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            visitor.$visit(self.$read()?)
        })*
    };
}

impl<'de> Deserializer<'de> for Tree<'de> {
    type Error = Error;

    /// For types that inspect the value first: tagged and untagged enums.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(value), ..) => visitor.visit_u64(value),
                (None, Some(value), _) => visitor.visit_i64(value),
                (None, None, value) => visitor.visit_f64(value.unwrap_or_default()),
            },
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(items) => visitor.visit_seq(Items(items.iter())),
            Value::Object(members) => visitor.visit_map(Members::of(members)),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_bool(self.0.as_bool().ok_or_else(|| unexpected(self.0, "a boolean"))?)
    }

    whole_numbers! {
        deserialize_i8 signed visit_i64,
        deserialize_i16 signed visit_i64,
        deserialize_i32 signed visit_i64,
        deserialize_i64 signed visit_i64,
        deserialize_u8 unsigned visit_u64,
        deserialize_u16 unsigned visit_u64,
        deserialize_u32 unsigned visit_u64,
        deserialize_u64 unsigned visit_u64,
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_borrowed_str(self.text()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_null() { visitor.visit_unit() } else { Err(unexpected(self.0, "null")) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(self.array()?)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(self.object()?)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_seq(self.fields(fields)?)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(self.variant()?)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! { i128 u128 f32 f64 char bytes byte_buf unit_struct }
}

/// The items of an array.
struct Items<'de>(std::slice::Iter<'de, Value>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        self.0.next().map(|item| seed.deserialize(Tree(item))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

/// The members of an object.
struct Members<'de> {
    rest: serde_json::map::Iter<'de>,
    value: &'de Value,
}

impl<'de> Members<'de> {
    fn of(members: &'de Map<String, Value>) -> Self {
        Self { rest: members.iter(), value: &Value::Null }
    }

    fn next(&mut self) -> Option<&'de str> {
        let (name, value) = self.rest.next()?;
        self.value = value;
        Some(name)
    }
}

impl<'de> MapAccess<'de> for Members<'de> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        self.next().map(|name| seed.deserialize(Name(name))).transpose()
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        seed.deserialize(Tree(self.value))
    }
}

/// The fields of a struct, looked up one after the other in the order of their declaration.
///
/// The code that serde derives for a sequence is half of that for a map, whose keys come in any order. An absent member
/// reads as null, so an option becomes `None`; the server writes all members.
struct Fields<'de> {
    members: &'de Map<String, Value>,
    names: std::slice::Iter<'static, &'static str>,
}

impl<'de> Fields<'de> {
    fn next(&mut self) -> Option<&'de Value> {
        self.names.next().map(|name| self.members.get(*name).unwrap_or(&Value::Null))
    }
}

impl<'de> SeqAccess<'de> for Fields<'de> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        self.next().map(|value| seed.deserialize(Tree(value))).transpose()
    }
}

/// The name of a member or of a variant.
struct Name<'de>(&'de str);

impl<'de> Deserializer<'de> for Name<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_borrowed_str(self.0)
    }

    /// A key that is an enum without data.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.0.into_deserializer().deserialize_enum(name, variants, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// A variant: its name alone, or an object with one member of that name.
struct Variant<'de> {
    name: &'de str,
    content: Tree<'de>,
}

impl<'de> Tree<'de> {
    fn variant(self) -> Result<Variant<'de>, Error> {
        if let Value::String(name) = self.0 {
            return Ok(Variant { name, content: Tree(&Value::Null) });
        }
        let mut members = self.object()?;
        let name = members.next().ok_or_else(|| unexpected(self.0, "a variant"))?;
        Ok(Variant { name, content: Tree(members.value) })
    }
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Error;
    type Variant = Tree<'de>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Tree<'de>), Error> {
        Ok((seed.deserialize(Name(self.name))?, self.content))
    }
}

impl<'de> VariantAccess<'de> for Tree<'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Error> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(self.array()?)
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(self.fields(fields)?)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test may panic")]
mod tests {
    use std::collections::BTreeMap;

    use serde::Serialize;
    use serde_json::json;

    use super::*;
    use crate::{
        api::ApiError,
        domain::{
            actor::{Grant, Role},
            id::TenantId,
            mapping::{
                AttributeMapping, UserField,
                suggest::{SuggestionReason, Vendor},
            },
            page::Page,
            problem::{ProblemCode, ServiceError, UpstreamCause},
            provider::{LdapConfig, ProviderConfig, Slug},
            timestamp::Timestamp,
        },
    };

    #[track_caller]
    fn survives<T: Serialize + for<'de> Deserialize<'de> + PartialEq + fmt::Debug>(value: T) {
        let written = serde_json::to_value(&value).unwrap();
        assert_eq!(read::<T>(&written).unwrap(), value);
    }

    #[test]
    fn reads_what_the_server_writes() {
        survives(());
        survives((Some(true), None::<u32>, -5_i64, 1.5_f64, "text".to_owned()));
        survives(BTreeMap::from([("a".to_owned(), vec![1_u8, 2])]));
        survives(Timestamp(1_700_000_000_000_000));
        survives(Slug::stored("okta".to_owned()));
        survives(Page { items: vec![Grant::platform(Role::PlatformReader)], total: 1 });
        survives(Grant { role: Role::TenantAdmin, tenant: Some(TenantId(uuid::Uuid::max())), partner: None });
        survives(AttributeMapping::new().with(UserField::Email, "email mail"));
        survives(
            [
                SuggestionReason::Exact,
                SuggestionReason::KnownProvider(Vendor::Okta),
                SuggestionReason::OnlyWithScope("email".to_owned()),
            ]
            .to_vec(),
        );
        survives(ProviderConfig::Ldap(LdapConfig::default()));
        let upstream = ServiceError::Upstream {
            message: "No answer.".to_owned(),
            advice: String::new(),
            cause: UpstreamCause::Status { status: 502 },
        };
        for error in [ServiceError::Forbidden, upstream, ServiceError::invalid("name", ProblemCode::Blank, "Empty.")] {
            survives(ApiError::Service(error));
        }
        survives(ApiError::Offline);
    }

    #[test]
    fn what_is_left_out_is_absent_and_what_is_unknown_is_ignored() {
        let grant: Grant = read(&json!({"role": "platform_reader", "tenant": null, "new": [1]})).unwrap();
        assert_eq!(grant, Grant::platform(Role::PlatformReader));
    }

    #[test]
    fn says_what_is_wrong_with_an_answer() {
        let wrong = |answer: Value| read::<Page<String>>(&answer).unwrap_err().to_string();
        assert_eq!(wrong(json!([])), "expected an object, found an array");
        assert_eq!(wrong(json!({"items": ["a"], "total": -1})), "expected a positive whole number, found a number");
        assert_eq!(wrong(json!({"items": []})), "expected a positive whole number, found null");
    }
}
