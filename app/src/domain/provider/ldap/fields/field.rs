//! A setting with its words, its kind and access to its value.

use super::{
    super::{LdapConfig, LdapVendor},
    kind::{LdapFieldKind, LdapSection},
    value::{InvalidLdapValue, LdapEntry, LdapValue},
};

/// A setting of a directory.
pub struct LdapField {
    /// Its name in forms, problems and the audit log.
    pub name: &'static str,
    /// What it is about.
    pub section: LdapSection,
    /// What it holds, which decides how it is entered and checked.
    pub kind: LdapFieldKind,
    /// Its label.
    pub label: &'static str,
    /// What it does.
    pub help: &'static str,
    pub(super) product_default: fn(LdapVendor) -> Option<&'static str>,
    pub(super) get: fn(&LdapConfig) -> LdapValue<'_>,
    pub(super) set: fn(&mut LdapConfig, &LdapEntry) -> Result<(), InvalidLdapValue>,
    #[cfg(all(test, feature = "service"))]
    pub(super) path: &'static str,
}

impl LdapField {
    /// Its value in a configuration.
    pub fn value<'a>(&self, config: &'a LdapConfig) -> LdapValue<'a> {
        (self.get)(config)
    }

    /// The default of an empty setting, where it depends on the product.
    pub fn product_default(&self, vendor: LdapVendor) -> Option<&'static str> {
        (self.product_default)(vendor)
    }

    /// Sets it to what was entered in a form. Blank text leaves the configuration unchanged. Space around texts and
    /// blank rows do not count, except in secrets.
    ///
    /// # Errors
    ///
    /// The entry is not of the field's kind.
    pub fn set(&self, config: &mut LdapConfig, entry: &LdapEntry) -> Result<(), InvalidLdapValue> {
        match entry {
            LdapEntry::Text(text) if text.trim().is_empty() => Ok(()),
            LdapEntry::Text(_) if self.kind.is_secret() => self.set_exactly(config, entry),
            entry => self.set_exactly(config, &entry.trimmed()),
        }
    }

    /// Sets it to this value as it is, also to a blank one.
    ///
    /// # Errors
    ///
    /// The entry is not of the field's kind.
    pub fn set_exactly(&self, config: &mut LdapConfig, entry: &LdapEntry) -> Result<(), InvalidLdapValue> {
        (self.set)(config, entry)
    }
}
