//! A setting with its words, its kind and access to its value.

#[cfg(feature = "service")]
use super::value::InvalidLdapValue;
use super::{
    super::{LdapConfig, LdapVendor},
    kind::{LdapFieldKind, LdapSection},
    value::LdapValue,
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
    #[cfg(feature = "service")]
    pub(super) set: fn(&mut LdapConfig, &str) -> Result<(), InvalidLdapValue>,
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

    /// Sets it from the text of a form: lists have an item on each line, switches are `true` or `false`. Blank text
    /// leaves the configuration unchanged, except that a secret is taken exactly as entered.
    ///
    /// # Errors
    ///
    /// The text is not of the field's kind.
    #[cfg(feature = "service")]
    pub fn set(&self, config: &mut LdapConfig, text: &str) -> Result<(), InvalidLdapValue> {
        match text.trim() {
            _ if self.kind.is_secret() => (self.set)(config, text),
            "" => Ok(()),
            text => (self.set)(config, text),
        }
    }
}
