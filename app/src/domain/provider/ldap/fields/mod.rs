//! The settings of a directory as one table.
//!
//! Forms, the audit log, checks, problems and ScaiKey's API take names, kinds and values from here, and forms their labels
//! as well. A new setting is a member of [`LdapConfig`] and a line of the table.

mod field;
mod kind;
mod table;
mod value;

pub use field::LdapField;
pub use kind::{LdapFieldKind, LdapSection};
pub use value::{InvalidLdapValue, LdapEntry, LdapValue};

use super::LdapConfig;

impl LdapConfig {
    /// Every setting, section by section.
    pub const fn fields() -> &'static [LdapField] {
        &table::FIELDS
    }

    /// The setting with a name.
    pub fn field(name: &str) -> Option<&'static LdapField> {
        Self::fields().iter().find(|field| field.name == name)
    }

    /// The settings without space around texts and without blank ones. Leaves out secrets and what is recorded about
    /// them.
    pub fn trimmed(&self) -> Self {
        let mut trimmed = Self::default();
        for field in Self::fields() {
            // A value is always of its field's kind.
            field.set(&mut trimmed, &field.value(self).to_entry()).ok();
        }
        trimmed
    }
}

impl LdapSection {
    /// The section's settings in the order of forms.
    pub fn fields(self) -> Vec<&'static LdapField> {
        let mut fields: Vec<_> = LdapConfig::fields().iter().filter(|field| field.section == self).collect();
        // The audit log lists the run timeout with the limits; in forms it ends the schedule.
        fields.sort_by_key(|field| field.name == "sync_timeout_seconds");
        fields
    }
}

#[cfg(all(test, feature = "service"))]
#[expect(clippy::unwrap_used, reason = "a failing test may panic")]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::Value;

    use super::*;

    /// What a configuration records beside its settings.
    const RECORDS: [&str; 3] = ["has_client_key", "has_bind_password", "bind_password_changed_at"];

    fn members(config: &LdapConfig) -> BTreeMap<String, Value> {
        let mut members = BTreeMap::new();
        for (name, value) in serde_json::to_value(config).unwrap().as_object().unwrap() {
            match value.as_object() {
                Some(inner) => {
                    members.extend(inner.iter().map(|(key, value)| (format!("{name}.{key}"), value.clone())))
                }
                None => _ = members.insert(name.clone(), value.clone()),
            }
        }
        members.retain(|path, _| !RECORDS.contains(&path.as_str()));
        members
    }

    fn as_json(value: LdapValue<'_>) -> Value {
        match value {
            LdapValue::Text(text) => text.into(),
            LdapValue::Number(number) => number.into(),
            LdapValue::Switch(is_on) => is_on.into(),
            LdapValue::List(items) => items.into(),
            LdapValue::Choice(choice) => choice.into(),
            LdapValue::Secret => unreachable!("secrets are not serialised"),
        }
    }

    fn is_shown(field: &&LdapField) -> bool {
        !field.kind.is_secret()
    }

    #[test]
    fn every_serialised_member_has_its_field_with_its_value() {
        let config = LdapConfig { user_filter: Some("(a=b)".to_owned()), ..LdapConfig::default() };
        let fields: BTreeMap<_, _> = LdapConfig::fields()
            .iter()
            .filter(is_shown)
            .map(|field| (field.path.replace(' ', ""), as_json(field.value(&config))))
            .collect();
        assert_eq!(fields, members(&config));
        assert_eq!(fields.len(), LdapConfig::fields().iter().filter(is_shown).count());
    }

    #[test]
    fn a_name_stands_for_one_field() {
        for field in LdapConfig::fields() {
            assert!(std::ptr::eq(LdapConfig::field(field.name).unwrap(), field), "{}", field.name);
        }
        assert!(LdapConfig::field("colour").is_none());
    }

    #[test]
    fn kinds_and_values_agree() {
        let config = LdapConfig::default();
        for field in LdapConfig::fields() {
            let agrees = match (field.kind, field.value(&config)) {
                (LdapFieldKind::Number { .. }, LdapValue::Number(_))
                | (LdapFieldKind::Switch, LdapValue::Switch(_))
                | (LdapFieldKind::List(_) | LdapFieldKind::ObjectClasses, LdapValue::List(_))
                | (LdapFieldKind::PrivateKey | LdapFieldKind::Password, LdapValue::Secret) => true,
                (LdapFieldKind::Choice(names), LdapValue::Choice(value)) => {
                    names.iter().any(|(name, _)| *name == value)
                }
                (kind, LdapValue::Text(_)) => kind.is_text(),
                _ => false,
            };
            assert!(agrees, "{}", field.name);
        }
    }

    #[test]
    fn what_is_read_back_is_what_was_written() {
        let text = |text: &str| LdapEntry::Text(text.to_owned());
        for field in LdapConfig::fields().iter().filter(is_shown) {
            let entry = match field.kind {
                LdapFieldKind::Number { most, .. } => text(&most.to_string()),
                LdapFieldKind::Switch => LdapEntry::Switch(true),
                LdapFieldKind::Choice(names) => text(names.last().unwrap().0),
                LdapFieldKind::List(_) | LdapFieldKind::ObjectClasses => {
                    LdapEntry::List(vec!["a".to_owned(), "b".to_owned()])
                }
                _ => text("a"),
            };
            let mut config = LdapConfig::default();
            field.set(&mut config, &entry).unwrap();
            assert_eq!(field.value(&config).to_entry(), entry, "{}", field.name);
        }
    }

    #[test]
    fn numbers_beyond_their_type_unknown_choices_and_other_kinds_are_refused() {
        let text = |text: &str| LdapEntry::Text(text.to_owned());
        for (name, entry) in [
            ("page_size", text("70000")),
            ("page_size", text("-1")),
            ("page_size", text("many")),
            ("start_tls", text("yes")),
            ("vendor", text("x")),
            ("urls", text("ldap://a")),
            ("bind_dn", LdapEntry::Switch(true)),
        ] {
            let mut config = LdapConfig::default();
            let outcome = LdapConfig::field(name).unwrap().set(&mut config, &entry);
            assert_eq!(outcome, Err(InvalidLdapValue), "{name}={entry:?}");
            assert_eq!(config, LdapConfig::default());
        }
    }

    #[test]
    fn blank_entries_keep_defaults_and_rows_are_trimmed() {
        let mut config = LdapConfig::default();
        for (name, entry) in [
            ("page_size", LdapEntry::Text(" ".to_owned())),
            ("group_name_attribute", LdapEntry::Text(String::new())),
            ("urls", LdapEntry::List(vec![" ldap://a ".to_owned(), " ".to_owned()])),
            ("client_key", LdapEntry::Text(" key ".to_owned())),
        ] {
            LdapConfig::field(name).unwrap().set(&mut config, &entry).unwrap();
        }
        let expected = LdapConfig {
            urls: vec!["ldap://a".to_owned()],
            client_key: Some(crate::domain::secret::Secret::new(" key ")),
            ..LdapConfig::default()
        };
        assert_eq!(config, expected);
    }

    #[test]
    fn the_run_timeout_ends_the_schedule() {
        let names = LdapSection::Schedule.fields().into_iter().map(|field| field.name).collect::<Vec<_>>();
        assert_eq!((names.first(), names.last()), (Some(&"sync_enabled"), Some(&"sync_timeout_seconds")));
    }
}
