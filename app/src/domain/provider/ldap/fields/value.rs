//! The values of settings, independent of their members' types.

#[cfg(feature = "service")]
use std::str::FromStr;

use crate::domain::secret::Secret;

/// The value of a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LdapValue<'a> {
    /// A text; `None` where it is not set.
    Text(Option<&'a str>),
    /// A number.
    Number(u32),
    /// A switch.
    Switch(bool),
    /// A list.
    List(&'a [String]),
    /// One of a few, as it is stored.
    Choice(&'static str),
    /// A secret, which has no text.
    Secret,
}

impl LdapValue<'_> {
    /// The value as text, empty where it is not set. `separator` stands between the items of a list.
    pub fn to_text(self, separator: &str) -> String {
        match self {
            Self::Text(text) => text.unwrap_or_default().to_owned(),
            Self::Number(number) => number.to_string(),
            Self::Switch(is_on) => if is_on { "true" } else { "false" }.to_owned(),
            Self::List(items) => items.join(separator),
            Self::Choice(choice) => choice.to_owned(),
            Self::Secret => String::new(),
        }
    }
}

/// The text is not of the setting's kind.
#[cfg(feature = "service")]
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a value of this setting")]
pub struct InvalidLdapValue;

/// A type that settings have.
pub(super) trait SettingType: Sized {
    fn value(&self) -> LdapValue<'_>;

    /// Parses a text. It is not blank, unless it is a secret's.
    #[cfg(feature = "service")]
    fn read(text: &str) -> Result<Self, InvalidLdapValue>;
}

impl SettingType for String {
    fn value(&self) -> LdapValue<'_> {
        LdapValue::Text(Some(self))
    }

    #[cfg(feature = "service")]
    fn read(text: &str) -> Result<Self, InvalidLdapValue> {
        Ok(text.to_owned())
    }
}

impl SettingType for Option<String> {
    fn value(&self) -> LdapValue<'_> {
        LdapValue::Text(self.as_deref())
    }

    #[cfg(feature = "service")]
    fn read(text: &str) -> Result<Self, InvalidLdapValue> {
        Ok(Some(text.to_owned()))
    }
}

impl SettingType for Vec<String> {
    fn value(&self) -> LdapValue<'_> {
        LdapValue::List(self)
    }

    #[cfg(feature = "service")]
    fn read(text: &str) -> Result<Self, InvalidLdapValue> {
        Ok(text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect())
    }
}

impl SettingType for Option<Secret> {
    fn value(&self) -> LdapValue<'_> {
        LdapValue::Secret
    }

    /// An empty secret removes the stored one.
    #[cfg(feature = "service")]
    fn read(text: &str) -> Result<Self, InvalidLdapValue> {
        Ok(Some(Secret::new(text)))
    }
}

#[cfg(feature = "service")]
fn parsed<T: FromStr>(text: &str) -> Result<T, InvalidLdapValue> {
    text.parse().map_err(|_| InvalidLdapValue)
}

macro_rules! setting_types {
    ($($type:ty: |$value:ident| $shown:expr;)+) => {$(
        impl SettingType for $type {
            fn value(&self) -> LdapValue<'_> {
                let $value = *self;
                $shown
            }

            #[cfg(feature = "service")]
            fn read(text: &str) -> Result<Self, InvalidLdapValue> {
                parsed(text)
            }
        }
    )+};
}

setting_types! {
    bool: |is_on| LdapValue::Switch(is_on);
    u8: |number| LdapValue::Number(number.into());
    u16: |number| LdapValue::Number(number.into());
    u32: |number| LdapValue::Number(number);
    super::super::LdapVendor: |choice| LdapValue::Choice(choice.as_str());
    super::super::LdapBind: |choice| LdapValue::Choice(choice.as_str());
    super::super::LdapScope: |choice| LdapValue::Choice(choice.as_str());
    super::super::MemberFormat: |choice| LdapValue::Choice(choice.as_str());
    super::super::Referrals: |choice| LdapValue::Choice(choice.as_str());
    super::super::DeltaStrategy: |choice| LdapValue::Choice(choice.as_str());
    super::super::MissingUsers: |choice| LdapValue::Choice(choice.as_str());
    super::super::Reactivate: |choice| LdapValue::Choice(choice.as_str());
    super::super::LinkExisting: |choice| LdapValue::Choice(choice.as_str());
}
