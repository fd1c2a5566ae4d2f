//! The settings of a directory as forms hold them, sent and shown.

use crate::{
    api::directories::{LdapForm, texts_of},
    domain::{
        problem::ProblemCode,
        provider::{LdapBind, LdapConfig, LdapVendor},
    },
};

use super::{problems::Problems, words};

pub use super::ldap_table::{Input, Offered, SETTINGS, Section, Setting, section_of, settings_of};

/// What a setting is while it is left empty, by product; empty when it has no such default.
pub fn usual(name: &str, vendor: LdapVendor) -> &'static str {
    match name {
        "user_object_classes" => vendor.user_object_class(),
        "group_object_classes" => vendor.group_object_class(),
        "username_attribute" => vendor.username_attribute(),
        "external_id_attribute" => vendor.external_id_attribute(),
        "disabled_filter" => vendor.disabled_filter().unwrap_or_default(),
        "user_base_dn" | "group_base_dn" => "The base DN",
        _ => "",
    }
}

/// The settings as texts, and the password.
#[derive(Debug, Clone, PartialEq)]
pub struct LdapDraft {
    /// Settings by name; lists with a row on each line.
    pub texts: Vec<(&'static str, String)>,
    /// A new bind password. `None` keeps the stored one.
    pub password: Option<String>,
}

impl LdapDraft {
    /// What is stored.
    pub fn of(config: &LdapConfig) -> Self {
        // In the order of the inputs, so that both compare. The key is stored and never comes back.
        let mut known = texts_of(config);
        let mut text = |name| {
            known.iter_mut().find(|(known, _)| *known == name).map(|(_, text)| std::mem::take(text)).unwrap_or_default()
        };
        let texts = SETTINGS.iter().map(|setting| (setting.name, text(setting.name))).collect();
        Self { texts, password: None }
    }

    /// A setting.
    pub fn text(&self, name: &str) -> &str {
        self.texts.iter().find(|(known, _)| *known == name).map(|(_, text)| text.as_str()).unwrap_or_default()
    }

    /// The product.
    pub fn vendor(&self) -> LdapVendor {
        self.text("vendor").parse().unwrap_or(LdapVendor::Generic)
    }

    /// What counts for a setting: what was entered, else what the product has.
    pub fn effective(&self, name: &'static str) -> &str {
        match self.text(name).trim() {
            "" => usual(name, self.vendor()),
            text => text,
        }
    }

    fn is_simple(&self) -> bool {
        self.text("bind_type") == LdapBind::Simple.as_str()
    }

    /// What the server is sent. A password that nothing needs any more is removed.
    pub fn to_wire(&self) -> LdapForm {
        let is_sent = |name: &&(&str, String)| name.0 != "client_key" || !name.1.trim().is_empty();
        let mut form: Vec<_> =
            self.texts.iter().filter(is_sent).map(|(name, text)| ((*name).to_owned(), text.clone())).collect();
        let password = if self.is_simple() { self.password.clone() } else { Some(String::new()) };
        form.extend(password.map(|password| ("bind_password".to_owned(), password)));
        LdapForm(form)
    }

    /// What is wrong before anything is sent; the server judges the rest.
    pub fn check(&self, is_stored: bool) -> Problems {
        let mut problems = Problems::default();
        problems.require("urls", self.text("urls"), "Add the address of a server.");
        if self.is_simple() {
            problems.require(
                "bind_dn",
                self.text("bind_dn"),
                "Enter the name of the account that reads the directory.",
            );
            let is_blank = self.password.as_deref().is_none_or(str::is_empty);
            if is_blank && (self.password.is_some() || !is_stored) {
                let message = "Enter the password of the account that reads the directory.";
                problems.add("bind_password", ProblemCode::Blank, message);
            }
        }
        problems.require("base_dn", self.text("base_dn"), "Enter the DN that everything lies below.");
        problems
    }

    /// The lists of rows, by the name of their field.
    pub fn rows(&self) -> Vec<(&'static str, Vec<String>)> {
        let is_list = |setting: &&Setting| matches!(setting.input, Input::Rows(..));
        SETTINGS.iter().filter(is_list).map(|setting| (setting.name, rows(self.text(setting.name)))).collect()
    }

    /// Whether something can be read on the way.
    pub fn is_plain(&self) -> bool {
        let is_plain =
            |url: String| url.trim_start().get(..7).is_some_and(|start| start.eq_ignore_ascii_case("ldap://"));
        self.text("start_tls") != "true" && rows(self.text("urls")).into_iter().any(is_plain)
    }

    /// The settings of a section in words; what is not set is left out.
    pub fn facts(&self, section: Section) -> Vec<(&'static str, String)> {
        let fact = |setting: &Setting| {
            let text = self.effective(setting.name);
            let words = match setting.input {
                Input::Flag => words::on_off(text == "true").to_owned(),
                Input::Choice(choices) => {
                    choices.iter().find(|(value, _)| *value == text).map(|(_, label)| (*label).to_owned())?
                }
                Input::Rows(..) => words::list(&super::lists::filled(&rows(text))),
                Input::Lines if !text.is_empty() => "Set".to_owned(),
                Input::Text(_) | Input::Number | Input::Lines => text.to_owned(),
            };
            (!words.is_empty()).then_some((setting.label, words))
        };
        settings_of(section).filter_map(fact).collect()
    }
}

/// The rows of a list.
pub fn rows(text: &str) -> Vec<String> {
    if text.is_empty() { Vec::new() } else { text.split('\n').map(str::to_owned).collect() }
}

#[cfg(test)]
mod tests {
    use super::{super::step::Step, *};

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
    fn every_setting_is_asked_for_once_and_no_other() {
        let mut asked: Vec<_> =
            SETTINGS.iter().map(|setting| setting.name).filter(|name| *name != "client_key").collect();
        let mut known: Vec<_> = texts_of(&LdapConfig::default()).iter().map(|(name, _)| *name).collect();
        asked.sort_unstable();
        known.sort_unstable();
        assert_eq!(asked, known);
        let in_order: Vec<_> = draft().texts.iter().map(|(name, _)| *name).collect();
        assert_eq!(in_order, SETTINGS.iter().map(|setting| setting.name).collect::<Vec<_>>());
    }

    #[test]
    fn what_is_missing_is_told_at_its_field() {
        let fields = |draft: LdapDraft, is_stored| {
            draft.check(is_stored).0.into_iter().map(|problem| problem.field).collect::<Vec<_>>()
        };
        assert_eq!(fields(draft(), false), ["urls", "bind_dn", "bind_password", "base_dn"]);
        assert_eq!(fields(draft(), true), ["urls", "bind_dn", "base_dn"]);
        let anonymous = with(&[("bind_type", "anonymous"), ("urls", "ldaps://a"), ("base_dn", "dc=a")]);
        assert!(anonymous.check(false).is_empty());
    }

    #[test]
    fn a_password_is_sent_when_it_is_typed_and_removed_when_nobody_needs_it() {
        let sent = |draft: &LdapDraft| draft.to_wire().0.into_iter().find(|(name, _)| name == "bind_password");
        assert_eq!(sent(&draft()), None);
        let typed = LdapDraft { password: Some(" x".to_owned()), ..draft() };
        assert_eq!(sent(&typed).map(|(_, text)| text).as_deref(), Some(" x"));
        assert_eq!(sent(&with(&[("bind_type", "anonymous")])).map(|(_, text)| text).as_deref(), Some(""));
    }

    #[test]
    fn what_is_not_encrypted_is_known() {
        assert!(with(&[("urls", "ldaps://a\nLDAP://b")]).is_plain());
        assert!(!with(&[("urls", "ldap://b"), ("start_tls", "true")]).is_plain());
        assert!(!with(&[("urls", "ldaps://a\n")]).is_plain());
    }

    #[test]
    fn facts_show_what_counts() {
        let facts = with(&[("vendor", "active_directory")]).facts(Section::Identity);
        let ids = [("User name attribute", "sAMAccountName"), ("Identifying attribute", "objectGUID")];
        assert_eq!(facts, ids.map(|(label, text)| (label, text.to_owned())));
    }

    #[test]
    fn problems_find_their_steps() {
        for (field, step) in [
            ("urls.1", Step::Connect),
            ("bind_password", Step::Connect),
            ("user_object_classes.0", Step::Users),
            ("group_filter", Step::Groups),
            ("missing_users", Step::Options),
        ] {
            assert_eq!(section_of(field).map(Step::of_section), Some(step), "{field}");
        }
        assert_eq!(section_of("name"), None);
    }
}
