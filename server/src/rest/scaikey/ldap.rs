//! `ldap_config`: how its members are read, shown and described.
//!
//! Names, values and ranges are those of [`LdapConfig::fields`]. What only this API has are further members, and words and
//! limits for its document. A member that is left out gets its default. Secrets are read
//! and never shown.

use std::{borrow::Cow, iter::once};

use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};
use vestibule_app::domain::provider::{LdapBind, LdapConfig, LdapEntry, LdapField, LdapFieldKind, LdapValue};

use super::input::ObjectReader;
use crate::rest::body::{Members, Shape, schemas};

/// A member of `ldap_config`.
enum Member {
    /// A field of the domain.
    Field(&'static LdapField),
    /// A member of requests that is read together with `urls`.
    Alternative { name: &'static str, schema: fn() -> Value },
    /// A member of answers: whether a secret is stored.
    Recorded { name: &'static str, words: &'static str, is_stored: fn(&LdapConfig) -> bool },
}

/// The members in the order of this API: each field of the domain, then what is related to it.
fn members() -> impl Iterator<Item = Member> {
    let late = LdapConfig::field(LATE.0);
    LdapConfig::fields().iter().filter(|field| field.name != LATE.0).flat_map(move |field| {
        let late = late.filter(|_| field.name == LATE.1);
        once(Member::Field(field)).chain(related(field.name)).chain(late.map(Member::Field))
    })
}

/// The one field that this API has in another place than the domain: after the second.
const LATE: (&str, &str) = ("disabled_filter", "external_id_attribute");

/// The members that only this API has, by the field that they follow.
fn related(field: &str) -> Vec<Member> {
    let alternative = |name, schema| Member::Alternative { name, schema };
    match field {
        "urls" => vec![
            alternative("url", || json!({"type": "string"})),
            alternative("host", || json!({"type": "string"})),
            alternative("port", || json!({"type": "integer", "format": "int32", "minimum": 1, "maximum": 65535})),
            alternative("use_ssl", || json!({"type": "boolean", "default": false})),
        ],
        "client_key" => vec![Member::Recorded {
            name: "client_key_set",
            words: "Whether there is a key; it is never shown.",
            is_stored: |config| config.has_client_key,
        }],
        "bind_password" => vec![Member::Recorded {
            name: "bind_password_set",
            words: "Whether there is a password for the bind; it is never shown.",
            is_stored: |config| config.has_bind_password,
        }],
        _ => Vec::new(),
    }
}

/// What the document says of a field in requests, besides its kind.
fn described(field: &str) -> (&'static str, Option<Value>) {
    match field {
        "urls" => (
            "Tried in order. `url`, or `host` with `port` and `use_ssl`, are accepted in its place.",
            Some(json!({"minItems": 1, "maxItems": 8})),
        ),
        "start_tls" => ("Not with `ldaps://`.", None),
        "ca_certificate" => ("Authorities of the servers, in PEM.", None),
        "client_certificate" => ("In PEM.", None),
        "client_key" => ("In PEM. In a change, null and absent keep the stored one.", None),
        "bind_dn" => ("Required for `simple`.", None),
        "bind_password" => ("In a change, null and absent keep the stored one.", Some(json!({"minLength": 1}))),
        "base_dn" => ("", Some(json!({"minLength": 1, "maxLength": 1024}))),
        "page_size" => ("0 requests everything at once.", None),
        _ => ("", None),
    }
}

/// The only field that has to be sent by its own name.
const REQUIRED: &str = "base_dn";

/// The member that holds the domain's field of this name, which is the same.
pub(super) fn setting(field: &str) -> Option<&'static str> {
    LdapConfig::field(field).map(|field| field.name)
}

/// Members that `read` does not look for: those of answers, and those that are read only where `urls` is missing.
pub(super) const FURTHER: [&str; 4] = ["port", "use_ssl", "client_key_set", "bind_password_set"];

/// Reads `ldap_config`.
pub(super) fn read(reader: &ObjectReader<'_>) -> LdapConfig {
    let mut config = LdapConfig::default();
    for member in members() {
        let Member::Field(field) = member else { continue };
        match field.name {
            "urls" => config.urls = read_urls(reader),
            REQUIRED => config.base_dn = reader.required_text(REQUIRED).unwrap_or_default(),
            name => {
                if let Some(entry) = read_entry(reader, field) {
                    // An entry is always of its field's kind.
                    field.set_exactly(&mut config, &entry).ok();
                } else if name == "bind_type" && reader.mentions(name) {
                    // An unreadable kind demands no other member.
                    config.bind_type = LdapBind::Anonymous;
                }
            }
        }
    }
    config
}

/// Reads the value of a field. Returns `None` where it was not sent or has a fault, which is noted.
fn read_entry(reader: &ObjectReader<'_>, field: &LdapField) -> Option<LdapEntry> {
    let name = field.name;
    let text = match field.kind {
        LdapFieldKind::Switch => return reader.boolean(name).map(LdapEntry::Switch),
        // The name of an object class stands in for items that are no texts.
        LdapFieldKind::List(_) | LdapFieldKind::ObjectClasses => return reader.texts(name, "top").map(LdapEntry::List),
        // Larger numbers may not fit the field; the domain rejects the first that is out of range as well.
        LdapFieldKind::Number { most, .. } => reader.whole(name).map(|number| number.min(most + 1).to_string()),
        LdapFieldKind::Choice(names) => reader.choice(name, names, |(text, _)| text).map(|(text, _)| text.to_owned()),
        // Absent and null keep the stored secret, so that both read as none; an empty one is a value.
        LdapFieldKind::Password | LdapFieldKind::PrivateKey => reader.text_or_null(name).value().cloned(),
        _ if is_nullable(field) => reader.optional_text(name),
        _ => reader.text(name),
    };
    text.map(LdapEntry::Text)
}

/// Whether a text has no default, so that null means that there is none.
fn is_nullable(field: &LdapField) -> bool {
    matches!(field.value(&LdapConfig::default()), LdapValue::Text(None) | LdapValue::Secret)
}

/// The schema of a field's values.
fn schema_of(field: &LdapField) -> Value {
    match field.kind {
        LdapFieldKind::Switch => json!({"type": "boolean"}),
        LdapFieldKind::Number { .. } => json!({"type": "integer", "format": "int32", "minimum": 0}),
        LdapFieldKind::Choice(names) => {
            json!({"type": "string", "enum": names.iter().map(|(text, _)| text).collect::<Vec<_>>()})
        }
        LdapFieldKind::List(_) | LdapFieldKind::ObjectClasses => json!({"type": "array", "items": {"type": "string"}}),
        _ if is_nullable(field) => json!({"type": ["string", "null"]}),
        _ => json!({"type": "string"}),
    }
}

schemas! {
    /// LDAP Identity Provider configuration.
    pub(super) LdapBody as "IdPLDAPConfig" = written();
}

fn written() -> Members {
    let usual = LdapConfig::default();
    let mut body = Members::default();
    for member in members() {
        let (name, words, schema) = match member {
            Member::Recorded { .. } => continue,
            Member::Alternative { name, schema } => (name, "", schema()),
            Member::Field(field) => {
                let (words, limits) = described(field.name);
                let mut schema = schema_of(field);
                if let Ok(default @ (Value::Bool(_) | Value::Number(_) | Value::String(_))) =
                    serde_json::to_value(Shown(field.value(&usual)))
                    && field.name != REQUIRED
                {
                    schema["default"] = default;
                }
                if let LdapFieldKind::Number { least, most } = field.kind {
                    schema["minimum"] = least.into();
                    schema["maximum"] = most.into();
                }
                if let (Some(schema), Some(Value::Object(limits))) = (schema.as_object_mut(), limits) {
                    schema.extend(limits);
                }
                (field.name, words, schema)
            }
        };
        body.add(name, &[words], Some(Shape { schema, words: "", is_required: name == REQUIRED }));
    }
    body
}

/// `ldap_config` of an answer.
pub(super) struct Ldap<'a>(pub(super) &'a LdapConfig);

impl Serialize for Ldap<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(members().filter_map(|member| match member {
            Member::Field(field) if !field.kind.is_secret() => Some((field.name, Shown(field.value(self.0)))),
            Member::Recorded { name, is_stored, .. } => Some((name, Shown(LdapValue::Switch(is_stored(self.0))))),
            Member::Field(_) | Member::Alternative { .. } => None,
        }))
    }
}

impl PartialSchema for Ldap<'_> {
    fn schema() -> RefOr<Schema> {
        let mut shown = Members::default();
        for member in members() {
            let (name, words, schema) = match member {
                Member::Field(field) if !field.kind.is_secret() => (field.name, "", schema_of(field)),
                Member::Recorded { name, words, .. } => (name, words, json!({"type": "boolean"})),
                Member::Field(_) | Member::Alternative { .. } => continue,
            };
            shown.add(name, &[words], Some(Shape { schema, words: "", is_required: true }));
        }
        shown.into_schema("`ldap_config`.")
    }
}

impl ToSchema for Ldap<'_> {
    fn name() -> Cow<'static, str> {
        "IdPLDAPConfigResponse".into()
    }
}

/// A value as an answer shows it.
struct Shown<'a>(LdapValue<'a>);

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            LdapValue::Text(text) => text.serialize(serializer),
            LdapValue::Number(number) => number.serialize(serializer),
            LdapValue::Switch(is_on) => is_on.serialize(serializer),
            LdapValue::List(items) => items.serialize(serializer),
            LdapValue::Choice(choice) => choice.serialize(serializer),
            LdapValue::Secret => serializer.serialize_none(),
        }
    }
}

/// `urls`, or what clients write in their place: `url`, or `host` with `port` and `use_ssl`.
fn read_urls(reader: &ObjectReader<'_>) -> Vec<String> {
    let mut given = ["urls", "url", "host"].into_iter().filter(|name| reader.mentions(name));
    if let Some(first) = given.next() {
        given.for_each(|name| reader.refuse(name, &format!("{first} says where the servers are; leave this out")));
    }
    if reader.mentions("urls") {
        return reader.texts("urls", STAND_IN).unwrap_or_default();
    }
    if reader.mentions("url") {
        return vec![reader.text("url").unwrap_or_else(|| STAND_IN.to_owned())];
    }
    if !reader.mentions("host") {
        reader.miss("urls");
        return Vec::new();
    }
    let scheme = if reader.boolean("use_ssl").unwrap_or_default() { "ldaps" } else { "ldap" };
    let port = reader.port("port").map(|port| format!(":{port}")).unwrap_or_default();
    vec![reader.text("host").map_or_else(|| STAND_IN.to_owned(), |host| format!("{scheme}://{host}{port}"))]
}

/// A valid address in place of an item that is no text, whose fault is noted already.
const STAND_IN: &str = "ldap://directory.invalid";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_of_the_domain_is_a_member() {
        let fields = members().filter(|member| matches!(member, Member::Field(_))).count();
        assert_eq!(fields, LdapConfig::fields().len());
    }

    #[test]
    fn every_member_has_a_name_of_its_own() {
        let names = || {
            members().map(|member| match member {
                Member::Field(field) => field.name,
                Member::Alternative { name, .. } | Member::Recorded { name, .. } => name,
            })
        };
        assert_eq!(names().collect::<std::collections::BTreeSet<_>>().len(), names().count());
        assert!(FURTHER.iter().all(|further| names().any(|name| name == *further)));
    }
}
