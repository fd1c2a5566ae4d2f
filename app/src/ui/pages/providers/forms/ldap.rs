//! The settings of a directory as forms hold, send and show them.

use crate::{
    api::directories::LdapForm,
    domain::{
        problem::ProblemCode,
        provider::{LdapBind, LdapConfig, LdapField, LdapFieldKind, LdapSection, LdapVendor},
    },
};

use super::{lists::filled, problems::Problems, words};

/// The settings that the form holds as texts. The bind password has its own input.
pub fn text_fields() -> impl Iterator<Item = &'static LdapField> {
    LdapConfig::fields().iter().filter(|field| field.kind != LdapFieldKind::Password)
}

/// The default of an empty setting; empty when there is none.
pub fn default_text(field: &LdapField, vendor: LdapVendor) -> &'static str {
    match field.kind {
        LdapFieldKind::BaseDn if field.name != "base_dn" => "The base DN",
        _ => field.product_default(vendor).unwrap_or_default(),
    }
}

/// The settings as texts, and the password.
#[derive(Debug, Clone, PartialEq)]
pub struct LdapDraft {
    /// Settings by name, in the order of the table; lists with an item on each line.
    pub texts: Vec<(&'static str, String)>,
    /// A new bind password. `None` keeps the stored one.
    pub password: Option<String>,
}

impl LdapDraft {
    /// The draft of a stored configuration. Secrets stay on the server, so their texts are empty.
    pub fn of(config: &LdapConfig) -> Self {
        let texts = text_fields().map(|field| (field.name, field.value(config).to_text("\n"))).collect();
        Self { texts, password: None }
    }

    /// The text of a setting.
    pub fn text(&self, name: &str) -> &str {
        self.texts.iter().find(|(known, _)| *known == name).map(|(_, text)| text.as_str()).unwrap_or_default()
    }

    /// The product.
    pub fn vendor(&self) -> LdapVendor {
        self.text("vendor").parse().unwrap_or(LdapVendor::Generic)
    }

    /// The value of a setting: the input, else the default.
    pub fn effective(&self, name: &str) -> &str {
        match (self.text(name).trim(), LdapConfig::field(name)) {
            ("", Some(field)) => default_text(field, self.vendor()),
            (text, _) => text,
        }
    }

    fn is_simple(&self) -> bool {
        self.text("bind_type") == LdapBind::Simple.as_str()
    }

    /// What the form sends. A bind that needs no password removes the stored one.
    pub fn to_wire(&self) -> LdapForm {
        let is_sent = |name: &&(&str, String)| name.0 != "client_key" || !name.1.trim().is_empty();
        let mut form: Vec<_> =
            self.texts.iter().filter(is_sent).map(|(name, text)| ((*name).to_owned(), text.clone())).collect();
        let password = if self.is_simple() { self.password.clone() } else { Some(String::new()) };
        form.extend(password.map(|password| ("bind_password".to_owned(), password)));
        LdapForm(form)
    }

    /// What is missing, found before anything is sent; the server checks everything.
    pub fn check(&self, is_stored: bool) -> Problems {
        let mut problems = Problems::default();
        problems.require("urls", self.text("urls"), "Add the URL of a server.");
        if self.is_simple() {
            problems.require("bind_dn", self.text("bind_dn"), "Enter the DN of the account that reads the directory.");
            let is_blank = self.password.as_deref().is_none_or(str::is_empty);
            if is_blank && (self.password.is_some() || !is_stored) {
                let message = "Enter the password of the account that reads the directory.";
                problems.add("bind_password", ProblemCode::Blank, message);
            }
        }
        problems.require("base_dn", self.text("base_dn"), "Enter the base DN of the directory.");
        problems
    }

    /// The items of each list, by the name of its field.
    pub fn list_items(&self) -> Vec<(&'static str, Vec<String>)> {
        let is_list = |field: &&LdapField| matches!(field.kind, LdapFieldKind::List(_) | LdapFieldKind::ObjectClasses);
        text_fields().filter(is_list).map(|field| (field.name, lines(self.text(field.name)))).collect()
    }

    /// Whether a connection to one of the servers is not encrypted.
    pub fn has_plain_connection(&self) -> bool {
        let is_plain =
            |url: String| url.trim_start().get(..7).is_some_and(|start| start.eq_ignore_ascii_case("ldap://"));
        self.text("start_tls") != "true" && lines(self.text("urls")).into_iter().any(is_plain)
    }

    /// The settings of a section, labelled; those without a value are left out.
    pub fn facts(&self, section: LdapSection) -> Vec<(&'static str, String)> {
        let fact = |field: &'static LdapField| {
            let text = self.effective(field.name);
            let shown = match field.kind {
                LdapFieldKind::Switch => words::on_off(text == "true").to_owned(),
                LdapFieldKind::Choice(choices) => {
                    choices.iter().find(|(value, _)| *value == text).map(|(_, label)| (*label).to_owned())?
                }
                LdapFieldKind::List(_) | LdapFieldKind::ObjectClasses => words::list(&filled(&lines(text))),
                LdapFieldKind::Certificates | LdapFieldKind::PrivateKey if !text.is_empty() => "Set".to_owned(),
                _ => text.to_owned(),
            };
            (!shown.is_empty()).then_some((field.label, shown))
        };
        section.fields().into_iter().filter(|field| field.kind != LdapFieldKind::Password).filter_map(fact).collect()
    }
}

/// The lines of a text; none when it is empty.
pub fn lines(text: &str) -> Vec<String> {
    if text.is_empty() { Vec::new() } else { text.split('\n').map(str::to_owned).collect() }
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
            let place = draft.texts.iter_mut().find(|(known, _)| known == name);
            place.expect("a setting").1 = (*text).to_owned();
        }
        draft
    }

    #[test]
    fn what_is_missing_is_reported_at_its_field() {
        let fields = |draft: LdapDraft, is_stored| {
            draft.check(is_stored).0.into_iter().map(|problem| problem.field).collect::<Vec<_>>()
        };
        assert_eq!(fields(draft(), false), ["urls", "bind_dn", "bind_password", "base_dn"]);
        assert_eq!(fields(draft(), true), ["urls", "bind_dn", "base_dn"]);
        let anonymous = with(&[("bind_type", "anonymous"), ("urls", "ldaps://a"), ("base_dn", "dc=a")]);
        assert!(anonymous.check(false).is_empty());
    }

    #[test]
    fn a_password_is_sent_when_it_is_entered_and_removed_when_no_bind_needs_it() {
        let sent = |draft: &LdapDraft| draft.to_wire().0.into_iter().find(|(name, _)| name == "bind_password");
        assert_eq!(sent(&draft()), None);
        let typed = LdapDraft { password: Some(" x".to_owned()), ..draft() };
        assert_eq!(sent(&typed).map(|(_, text)| text).as_deref(), Some(" x"));
        assert_eq!(sent(&with(&[("bind_type", "anonymous")])).map(|(_, text)| text).as_deref(), Some(""));
    }

    #[test]
    fn a_plain_connection_is_detected() {
        assert!(with(&[("urls", "ldaps://a\nLDAP://b")]).has_plain_connection());
        assert!(!with(&[("urls", "ldap://b"), ("start_tls", "true")]).has_plain_connection());
        assert!(!with(&[("urls", "ldaps://a\n")]).has_plain_connection());
    }

    #[test]
    fn facts_show_the_defaults_of_the_product() {
        let facts = with(&[("vendor", "active_directory")]).facts(LdapSection::UserAttributes);
        let ids = [("User name attribute", "sAMAccountName"), ("Permanent identifier", "objectGUID")];
        assert_eq!(facts, ids.map(|(label, text)| (label, text.to_owned())));
    }
}
