//! The settings of a directory as inputs hold them, and what they mean.

use crate::{
    api::{ApiError, directories::DirectoryForm, provider_form::LdapForm, wire::SecretInput},
    domain::{
        id::{ProviderId, TenantId},
        mapping::UserMapping,
        patch::Patch,
        problem::ProblemCode,
        provider::{LdapBind, LdapConfig, LdapEntry, LdapField, LdapFieldKind, LdapSection, LdapValue, LdapVendor},
        secret::Secret,
    },
};

use super::{problems::Problems, words};

/// The settings that have an entry in the draft. The bind password has its own input.
pub fn entry_fields() -> impl Iterator<Item = &'static LdapField> {
    LdapConfig::fields().iter().filter(|field| field.kind != LdapFieldKind::Password)
}

/// The default of an empty setting; empty when there is none.
pub fn default_text(field: &LdapField, vendor: LdapVendor) -> &'static str {
    match field.kind {
        LdapFieldKind::BaseDn if field.name != "base_dn" => "The base DN",
        _ => field.product_default(vendor).unwrap_or_default(),
    }
}

/// What the inputs of a directory hold.
#[derive(Debug, Clone, PartialEq)]
pub struct LdapDraft {
    /// The entries by setting, in the order of the table.
    pub entries: Vec<(&'static str, LdapEntry)>,
    /// What happens to the stored bind password, which is never sent to the browser.
    pub password: Patch<SecretInput>,
}

impl LdapDraft {
    /// The draft of a stored configuration. Secrets stay on the server, so their entries are empty.
    pub fn of(config: &LdapConfig) -> Self {
        let entries = entry_fields().map(|field| (field.name, field.value(config).to_entry())).collect();
        Self { entries, password: Patch::Keep }
    }

    /// The settings. Entries that are blank, or not of their kind, stand for the defaults.
    pub fn config(&self) -> LdapConfig {
        self.read().0
    }

    /// The request that creates or changes a directory. A bind that needs no password removes the stored one.
    pub fn form(&self) -> LdapForm {
        let mut config = self.config();
        let bind_password = match config.bind_type {
            LdapBind::Simple => self.password.clone(),
            LdapBind::Anonymous | LdapBind::SaslExternal => Patch::Clear,
        };
        let key = |key: Secret| Patch::Set(SecretInput(key.expose().to_owned()));
        let client_key = config.client_key.take().map_or(Patch::Keep, key);
        LdapForm { config, bind_password, client_key }
    }

    /// The request that reads a directory with these settings.
    ///
    /// # Errors
    ///
    /// Entries that are not of their kind.
    pub fn directory(
        &self,
        provider: Option<ProviderId>,
        owner: Option<TenantId>,
        mapping: UserMapping,
    ) -> Result<DirectoryForm, ApiError> {
        match self.read().1.into_error() {
            Some(error) => Err(error),
            None => Ok(DirectoryForm { provider, owner, settings: self.form(), mapping }),
        }
    }

    /// What is missing or not of its kind, found before anything is sent; the server checks everything.
    pub fn check(&self, is_stored: bool) -> Problems {
        let (config, unread) = self.read();
        let mut problems = Problems::default();
        if config.urls.is_empty() {
            problems.add("urls", ProblemCode::Blank, "Add the URL of a server.");
        }
        if config.bind_type == LdapBind::Simple {
            let bind_dn = config.bind_dn.as_deref().unwrap_or_default();
            problems.require("bind_dn", bind_dn, "Enter the DN of the account that reads the directory.");
            let is_missing = match &self.password {
                Patch::Keep => !is_stored,
                Patch::Clear => true,
                Patch::Set(password) => password.0.is_empty(),
            };
            if is_missing {
                let message = "Enter the password of the account that reads the directory.";
                problems.add("bind_password", ProblemCode::Blank, message);
            }
        }
        problems.require("base_dn", &config.base_dn, "Enter the base DN of the directory.");
        problems.0.extend(unread.0);
        problems
    }

    /// The rows of each list, by the name of its field.
    pub fn list_items(&self) -> Vec<(&'static str, Vec<String>)> {
        let rows = |(name, entry): &(&'static str, LdapEntry)| match entry {
            LdapEntry::List(rows) => Some((*name, rows.clone())),
            LdapEntry::Text(_) | LdapEntry::Switch(_) => None,
        };
        self.entries.iter().filter_map(rows).collect()
    }

    fn read(&self) -> (LdapConfig, Problems) {
        let (mut config, mut problems) = (LdapConfig::default(), Problems::default());
        for (name, entry) in &self.entries {
            let Some(field) = LdapConfig::field(name) else { continue };
            if field.set(&mut config, entry).is_err() {
                let message = match field.kind {
                    LdapFieldKind::Number { .. } => "Enter a whole number that is within the limits.",
                    _ => "Choose one of the listed values.",
                };
                problems.add(field.name, ProblemCode::NotAllowed, message);
            }
        }
        (config, problems)
    }
}

/// The settings of a section, labelled; those without a value are left out.
pub fn facts(config: &LdapConfig, section: LdapSection) -> Vec<(&'static str, String)> {
    let fact = |field: &'static LdapField| {
        let default = default_text(field, config.vendor);
        let shown = match (field.value(config), field.kind) {
            (LdapValue::Switch(is_on), _) => words::on_off(is_on).to_owned(),
            (LdapValue::Number(number), _) => number.to_string(),
            (LdapValue::Choice(chosen), LdapFieldKind::Choice(choices)) => {
                choices.iter().find(|(value, _)| *value == chosen).map(|(_, label)| (*label).to_owned())?
            }
            (LdapValue::List([]), _) if !default.is_empty() => default.to_owned(),
            (LdapValue::List(items), _) => words::list(items),
            (LdapValue::Text(Some(_)), LdapFieldKind::Certificates) => "Set".to_owned(),
            (LdapValue::Secret, LdapFieldKind::PrivateKey) if config.client_key.is_some() => "Set".to_owned(),
            (LdapValue::Text(text), _) => text.filter(|text| !text.is_empty()).unwrap_or(default).to_owned(),
            (LdapValue::Choice(_) | LdapValue::Secret, _) => return None,
        };
        (!shown.is_empty()).then_some((field.label, shown))
    };
    section.fields().into_iter().filter_map(fact).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> LdapDraft {
        LdapDraft::of(&LdapConfig::default())
    }

    fn with(changes: &[(&'static str, &str)]) -> LdapDraft {
        let mut draft = draft();
        for (name, text) in changes {
            let place = draft.entries.iter_mut().find(|(known, _)| known == name);
            let entry = &mut place.expect("a setting").1;
            *entry = match entry {
                LdapEntry::Text(_) => LdapEntry::Text((*text).to_owned()),
                LdapEntry::Switch(_) => LdapEntry::Switch(*text == "true"),
                LdapEntry::List(_) => LdapEntry::List(text.split('\n').map(str::to_owned).collect()),
            };
        }
        draft
    }

    fn fields(problems: Problems) -> Vec<String> {
        problems.0.into_iter().map(|problem| problem.field).collect()
    }

    #[test]
    fn every_setting_is_read_as_it_was_shown() {
        let changes = [("page_size", "7"), ("vendor", "389ds"), ("start_tls", "true"), ("urls", "ldap://a\nldap://b")];
        let config = with(&changes).config();
        assert_eq!((config.limits.page_size, config.vendor, config.start_tls), (7, LdapVendor::Ds389, true));
        assert_eq!(config.urls, ["ldap://a", "ldap://b"]);
        assert_eq!(LdapDraft::of(&config).config(), config);
        assert_eq!(draft().config(), LdapConfig::default());
    }

    #[test]
    fn what_is_missing_is_reported_at_its_field() {
        assert_eq!(fields(draft().check(false)), ["urls", "bind_dn", "bind_password", "base_dn"]);
        assert_eq!(fields(draft().check(true)), ["urls", "bind_dn", "base_dn"]);
        let anonymous = with(&[("bind_type", "anonymous"), ("urls", "ldaps://a"), ("base_dn", "dc=a")]);
        assert!(anonymous.check(false).is_empty());
    }

    #[test]
    fn what_is_no_number_is_reported_at_its_field_and_not_sent() {
        for text in ["many", "1.5", "-1", "70000"] {
            let wrong =
                with(&[("bind_type", "anonymous"), ("urls", "ldaps://a"), ("base_dn", "dc=a"), ("page_size", text)]);
            let problems = wrong.check(false);
            assert_eq!(problems.0[0].message, "Enter a whole number that is within the limits.", "{text}");
            assert_eq!(fields(problems), ["page_size"], "{text}");
            let refused = wrong.directory(None, None, UserMapping::default());
            assert_eq!(refused.err().map(|error| error.problems().len()), Some(1), "{text}");
        }
    }

    #[test]
    fn a_password_is_sent_when_it_is_entered_and_removed_when_no_bind_needs_it() {
        assert_eq!(draft().form().bind_password, Patch::Keep);
        let entered = SecretInput(" x".to_owned());
        let typed = LdapDraft { password: Patch::Set(entered.clone()), ..draft() };
        assert_eq!(typed.form().bind_password, Patch::Set(entered));
        assert_eq!(with(&[("bind_type", "anonymous")]).form().bind_password, Patch::Clear);
    }

    #[test]
    fn a_key_is_sent_as_entered_or_kept() {
        assert_eq!(with(&[("client_key", " ")]).form().client_key, Patch::Keep);
        let form = with(&[("client_key", " key\n")]).form();
        assert_eq!(form.client_key, Patch::Set(SecretInput(" key\n".to_owned())));
    }

    #[test]
    fn a_plain_connection_is_detected() {
        let is_plain = |changes: &[(&'static str, &str)]| with(changes).config().has_plain_connection();
        assert!(is_plain(&[("urls", "ldaps://a\nLDAP://b")]));
        assert!(!is_plain(&[("urls", "ldap://b"), ("start_tls", "true")]));
        assert!(!is_plain(&[("urls", "ldaps://a\n")]));
    }

    #[test]
    fn facts_show_the_defaults_of_the_product() {
        let facts = facts(&with(&[("vendor", "active_directory")]).config(), LdapSection::UserAttributes);
        let ids = [("User name attribute", "sAMAccountName"), ("Permanent identifier", "objectGUID")];
        assert_eq!(facts, ids.map(|(label, text)| (label, text.to_owned())));
    }
}
