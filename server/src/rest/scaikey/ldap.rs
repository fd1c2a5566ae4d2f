//! `ldap_config`: one table of its members, from which it is read, shown and described.
//!
//! A member that is left out gets its default. Secrets are read and never shown. Ranges of numbers are those of
//! [`LdapConfig::fields`].

use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};
use vestibule_app::domain::{
    provider::{
        DeltaStrategy, LdapBind, LdapConfig, LdapFieldKind, LdapScope, LdapVendor, LinkExisting, MemberFormat,
        MissingUsers, Reactivate, Referrals,
    },
    secret::Secret,
};

use super::input::ObjectReader;
use crate::rest::body::{Members, Shape, schemas};

/// A member of `ldap_config`.
struct Setting {
    name: &'static str,
    words: &'static str,
    read: Option<fn(&ObjectReader<'_>, &'static str, &mut LdapConfig)>,
    show: Option<fn(&LdapConfig) -> Shown<'_>>,
    schema: fn(&LdapConfig) -> Value,
    limits: Option<fn() -> Value>,
    is_required: bool,
}

/// A member that holds `config.$($field).+`.
macro_rules! setting {
    ($name:literal, $($field:ident).+) => {
        Setting {
            name: $name,
            words: "",
            read: Some(|reader, name, config| {
                if let Some(value) = SettingValue::read(reader, name) {
                    config.$($field).+ = value;
                }
            }),
            show: Some(|config| config.$($field).+.shown()),
            schema: |config| config.$($field).+.schema(),
            limits: None,
            is_required: false,
        }
    };
}

impl Setting {
    const fn says(mut self, words: &'static str) -> Self {
        self.words = words;
        self
    }

    const fn within(mut self, limits: fn() -> Value) -> Self {
        self.limits = Some(limits);
        self
    }

    const fn read_by(mut self, read: fn(&ObjectReader<'_>, &'static str, &mut LdapConfig)) -> Self {
        self.read = Some(read);
        self
    }

    const fn required(mut self) -> Self {
        self.is_required = true;
        self
    }

    /// A secret, which is never shown.
    const fn secret(mut self) -> Self {
        self.show = None;
        self
    }

    /// A member of answers.
    const fn shown(name: &'static str, show: fn(&LdapConfig) -> Shown<'_>) -> Self {
        Self {
            name,
            words: "",
            read: None,
            show: Some(show),
            schema: |_| Value::Null,
            limits: None,
            is_required: false,
        }
    }

    /// A member that is read together with `urls`.
    const fn alternative(name: &'static str, schema: fn(&LdapConfig) -> Value) -> Self {
        Self { name, words: "", read: Some(|_, _, _| {}), show: None, schema, limits: None, is_required: false }
    }
}

const SETTINGS: [Setting; 49] = [
    setting!("vendor", vendor),
    setting!("urls", urls)
        .says("Tried in order. `url`, or `host` with `port` and `use_ssl`, are accepted in its place.")
        .within(|| json!({"minItems": 1, "maxItems": 8}))
        .read_by(|reader, _, config| config.urls = read_urls(reader)),
    Setting::alternative("url", |_| json!({"type": "string"})),
    Setting::alternative("host", |_| json!({"type": "string"})),
    Setting::alternative("port", |_| json!({"type": "integer", "format": "int32", "minimum": 1, "maximum": 65535})),
    Setting::alternative("use_ssl", |_| json!({"type": "boolean", "default": false})),
    setting!("start_tls", start_tls).says("Not with `ldaps://`."),
    setting!("tls_verify", tls_verify),
    setting!("ca_certificate", ca_certificate).says("Authorities of the servers, in PEM."),
    setting!("client_certificate", client_certificate).says("In PEM."),
    setting!("client_key", client_key).says("In PEM. In a change, null and absent keep the stored one.").secret(),
    Setting::shown("client_key_set", |config| Shown::Flag(config.has_client_key))
        .says("Whether there is a key; it is never shown."),
    setting!("bind_type", bind_type).read_by(|reader, name, config| {
        config.bind_type = match SettingValue::read(reader, name) {
            Some(bind) => bind,
            // An unreadable kind demands no other member.
            None if reader.mentions(name) => LdapBind::Anonymous,
            None => config.bind_type,
        }
    }),
    setting!("bind_dn", bind_dn).says("Required for `simple`."),
    setting!("bind_password", bind_password)
        .says("In a change, null and absent keep the stored one.")
        .within(|| json!({"minLength": 1}))
        .secret(),
    Setting::shown("bind_password_set", |config| Shown::Flag(config.has_bind_password))
        .says("Whether there is a password for the bind; it is never shown."),
    setting!("base_dn", base_dn)
        .within(|| json!({"minLength": 1, "maxLength": 1024}))
        .read_by(|reader, name, config| config.base_dn = reader.required_text(name).unwrap_or_default())
        .required(),
    setting!("user_base_dn", user_base_dn),
    setting!("user_search_scope", user_search_scope),
    setting!("user_object_classes", user_object_classes),
    setting!("user_filter", user_filter),
    setting!("username_attribute", username_attribute),
    setting!("external_id_attribute", external_id_attribute),
    setting!("disabled_filter", disabled_filter),
    setting!("sync_groups", groups.enabled),
    setting!("group_base_dn", groups.base_dn),
    setting!("group_search_scope", groups.search_scope),
    setting!("group_object_classes", groups.object_classes),
    setting!("group_filter", groups.filter),
    setting!("group_name_attribute", groups.name_attribute),
    setting!("group_member_attribute", groups.member_attribute),
    setting!("group_member_format", groups.member_format),
    setting!("nested_groups", groups.nested),
    setting!("page_size", limits.page_size).says("0 requests everything at once."),
    setting!("connect_timeout_seconds", limits.connect_timeout_seconds),
    setting!("operation_timeout_seconds", limits.operation_timeout_seconds),
    setting!("sync_timeout_seconds", limits.sync_timeout_seconds),
    setting!("max_entries", limits.max_entries),
    setting!("referrals", limits.referrals),
    setting!("sync_enabled", sync.enabled),
    setting!("sync_interval_minutes", sync.interval_minutes),
    setting!("full_sync_interval_hours", sync.full_interval_hours),
    setting!("delta_strategy", sync.delta_strategy),
    setting!("clock_skew_seconds", sync.clock_skew_seconds),
    setting!("missing_users", sync.missing_users),
    setting!("reactivate", sync.reactivate),
    setting!("max_deactivation_percent", sync.max_deactivation_percent),
    setting!("link_existing", sync.link_existing),
    setting!("trust_email", sync.trust_email),
];

/// The member that holds the domain's field of this name, which is the same.
pub(super) fn setting(field: &str) -> Option<&'static str> {
    SETTINGS.iter().find(|setting| setting.name == field && setting.read.is_some()).map(|setting| setting.name)
}

/// Members that `read` does not look for: those of answers, and those that are read only where `urls` is missing.
pub(super) const FURTHER: [&str; 4] = ["port", "use_ssl", "client_key_set", "bind_password_set"];

/// Reads `ldap_config`.
pub(super) fn read(reader: &ObjectReader<'_>) -> LdapConfig {
    let mut config = LdapConfig::default();
    for Setting { name, read, .. } in &SETTINGS {
        if let Some(read) = read {
            read(reader, name, &mut config);
        }
    }
    config
}

schemas! {
    /// LDAP Identity Provider configuration.
    pub(super) LdapBody as "IdPLDAPConfig" = written();
}

fn written() -> Members {
    let usual = LdapConfig::default();
    let mut members = Members::default();
    for Setting { name, words, read, schema, limits, is_required, .. } in &SETTINGS {
        if read.is_none() {
            continue;
        }
        let mut schema = schema(&usual);
        if let Some(LdapFieldKind::Number { least, most }) = LdapConfig::field(name).map(|field| field.kind) {
            schema["minimum"] = least.into();
            schema["maximum"] = most.into();
        }
        if let (Some(schema), Some(Value::Object(limits))) = (schema.as_object_mut(), limits.map(|limits| limits())) {
            schema.extend(limits);
        }
        if *is_required {
            schema.as_object_mut().map(|schema| schema.remove("default"));
        }
        members.add(name, &[words], Some(Shape { schema, words: "", is_required: *is_required }));
    }
    members
}

/// `ldap_config` of an answer.
pub(super) struct Ldap<'a>(pub(super) &'a LdapConfig);

impl Serialize for Ldap<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let shown = SETTINGS.iter().filter_map(|setting| Some((setting.name, setting.show?(self.0))));
        serializer.collect_map(shown)
    }
}

impl PartialSchema for Ldap<'_> {
    fn schema() -> RefOr<Schema> {
        let usual = LdapConfig::default();
        let mut members = Members::default();
        for Setting { name, words, read, show, schema, .. } in &SETTINGS {
            if show.is_none() {
                continue;
            }
            let (schema, words) = match read {
                None => (json!({"type": "boolean"}), *words),
                Some(_) => {
                    let mut schema = schema(&usual);
                    schema.as_object_mut().map(|schema| schema.remove("default"));
                    (schema, "")
                }
            };
            members.add(name, &[words], Some(Shape { schema, words: "", is_required: true }));
        }
        members.into_schema("`ldap_config`.")
    }
}

impl ToSchema for Ldap<'_> {
    fn name() -> std::borrow::Cow<'static, str> {
        "IdPLDAPConfigResponse".into()
    }
}

/// A value as an answer shows it.
#[derive(Serialize)]
#[serde(untagged)]
enum Shown<'a> {
    Flag(bool),
    Number(u32),
    Text(Option<&'a str>),
    Texts(&'a [String]),
}

/// A type of settings.
trait SettingValue: Sized {
    /// Reads a value that was sent.
    fn read(reader: &ObjectReader<'_>, name: &'static str) -> Option<Self>;

    /// The value as an answer shows it.
    fn shown(&self) -> Shown<'_>;

    /// The schema of values of this type, with this one as the default.
    fn schema(&self) -> Value;
}

macro_rules! values {
    ($($type:ty: ($reader:ident, $name:ident) => $read:expr, $value:ident => $shown:expr, $schema:expr;)+) => {$(
        impl SettingValue for $type {
            fn read($reader: &ObjectReader<'_>, $name: &'static str) -> Option<Self> {
                $read
            }

            fn shown(&self) -> Shown<'_> {
                let $value = self;
                $shown
            }

            fn schema(&self) -> Value {
                let mut schema: Value = $schema;
                if let Ok(default @ (Value::Bool(_) | Value::Number(_) | Value::String(_))) =
                    serde_json::to_value(self.shown())
                {
                    schema["default"] = default;
                }
                schema
            }
        }
    )+};
}

values! {
    bool: (reader, name) => reader.boolean(name), value => Shown::Flag(*value), json!({"type": "boolean"});
    String: (reader, name) => reader.text(name), value => Shown::Text(Some(value)), json!({"type": "string"});
    Option<String>: (reader, name) => Some(reader.optional_text(name)),
        value => Shown::Text(value.as_deref()), json!({"type": ["string", "null"]});
    // Absent and null keep the stored secret, so that both read as none; an empty one is a value. None is ever shown.
    Option<Secret>: (reader, name) => Some(reader.text_or_null(name).value().cloned().map(Secret::new)),
        _value => Shown::Text(None), json!({"type": ["string", "null"]});
    // The name of an object class stands in for items that are no texts.
    Vec<String>: (reader, name) => reader.texts(name, "top"),
        value => Shown::Texts(value), json!({"type": "array", "items": {"type": "string"}});
}

macro_rules! numbers {
    // A number that does not fit is out of range in any case, and the domain refuses the largest one as well.
    ($($type:ty)+) => { values! {$(
        $type: (reader, name) => reader.whole(name).map(|number| Self::try_from(number).unwrap_or(Self::MAX)),
            value => Shown::Number(u32::from(*value)), json!({"type": "integer", "format": "int32", "minimum": 0});
    )+} };
}

macro_rules! words {
    ($($type:ty)+) => { values! {$(
        $type: (reader, name) => reader.choice(name, Self::ALL, Self::as_str),
            value => Shown::Text(Some(value.as_str())),
            json!({"type": "string", "enum": Self::ALL.iter().map(|value| value.as_str()).collect::<Vec<_>>()});
    )+} };
}

numbers! { u8 u16 u32 }
words! { DeltaStrategy LdapBind LdapScope LdapVendor LinkExisting MemberFormat MissingUsers Reactivate Referrals }

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
        fn leaves(value: &Value) -> usize {
            value.as_object().map_or(1, |members| members.values().map(leaves).sum())
        }
        let config = serde_json::to_value(LdapConfig::default()).expect("JSON");
        let shown = SETTINGS.iter().filter(|setting| setting.show.is_some()).count();
        // All but the moment when the bind password was changed.
        assert_eq!(shown, leaves(&config) - 1);
    }

    #[test]
    fn every_member_has_a_name_of_its_own() {
        let names: std::collections::BTreeSet<_> = SETTINGS.iter().map(|setting| setting.name).collect();
        assert_eq!(names.len(), SETTINGS.len());
    }
}
