//! The values of settings, independent of their members' types.

use std::{fmt, str::FromStr};

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

/// What an input of a form holds: text as typed, also of numbers, choices and secrets, so its texts are not printed.
#[derive(Clone, PartialEq, Eq)]
pub enum LdapEntry {
    /// A text.
    Text(String),
    /// A switch.
    Switch(bool),
    /// The rows of a list.
    List(Vec<String>),
}

impl fmt::Debug for LdapEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(_) => f.write_str("Text(••••)"),
            Self::Switch(is_on) => f.debug_tuple("Switch").field(is_on).finish(),
            Self::List(rows) => f.debug_tuple("List").field(rows).finish(),
        }
    }
}

impl LdapValue<'_> {
    /// What an input holds that shows the value.
    pub fn to_entry(self) -> LdapEntry {
        match self {
            Self::Switch(is_on) => LdapEntry::Switch(is_on),
            Self::List(items) => LdapEntry::List(items.to_vec()),
            other => LdapEntry::Text(other.to_text()),
        }
    }

    /// The value as text, empty where it is not set; a list with commas.
    pub fn to_text(self) -> String {
        match self {
            Self::Text(text) => text.unwrap_or_default().to_owned(),
            Self::Number(number) => number.to_string(),
            Self::Switch(is_on) => if is_on { "true" } else { "false" }.to_owned(),
            Self::List(items) => items.join(", "),
            Self::Choice(choice) => choice.to_owned(),
            Self::Secret => String::new(),
        }
    }
}

/// What was entered is not of the setting's kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a value of this setting")]
pub struct InvalidLdapValue;

/// A type that settings have.
pub(super) trait SettingType: Sized {
    fn value(&self) -> LdapValue<'_>;

    /// Reads an entry as it is.
    fn read(entry: &LdapEntry) -> Result<Self, InvalidLdapValue>;
}

impl LdapEntry {
    /// The entry without space around texts and without blank rows.
    pub(super) fn trimmed(&self) -> Self {
        match self {
            Self::Text(text) => Self::Text(text.trim().to_owned()),
            Self::Switch(is_on) => Self::Switch(*is_on),
            Self::List(rows) => {
                let rows = rows.iter().map(|row| row.trim()).filter(|row| !row.is_empty());
                Self::List(rows.map(str::to_owned).collect())
            }
        }
    }

    fn text(&self) -> Result<&str, InvalidLdapValue> {
        if let Self::Text(text) = self { Ok(text) } else { Err(InvalidLdapValue) }
    }
}

impl SettingType for String {
    fn value(&self) -> LdapValue<'_> {
        LdapValue::Text(Some(self))
    }

    fn read(entry: &LdapEntry) -> Result<Self, InvalidLdapValue> {
        entry.text().map(str::to_owned)
    }
}

impl SettingType for Option<String> {
    fn value(&self) -> LdapValue<'_> {
        LdapValue::Text(self.as_deref())
    }

    fn read(entry: &LdapEntry) -> Result<Self, InvalidLdapValue> {
        String::read(entry).map(Some)
    }
}

impl SettingType for Vec<String> {
    fn value(&self) -> LdapValue<'_> {
        LdapValue::List(self)
    }

    fn read(entry: &LdapEntry) -> Result<Self, InvalidLdapValue> {
        if let LdapEntry::List(rows) = entry { Ok(rows.clone()) } else { Err(InvalidLdapValue) }
    }
}

impl SettingType for Option<Secret> {
    fn value(&self) -> LdapValue<'_> {
        LdapValue::Secret
    }

    fn read(entry: &LdapEntry) -> Result<Self, InvalidLdapValue> {
        entry.text().map(|text| Some(Secret::new(text)))
    }
}

impl SettingType for bool {
    fn value(&self) -> LdapValue<'_> {
        LdapValue::Switch(*self)
    }

    fn read(entry: &LdapEntry) -> Result<Self, InvalidLdapValue> {
        if let LdapEntry::Switch(is_on) = entry { Ok(*is_on) } else { Err(InvalidLdapValue) }
    }
}

fn parsed<T: FromStr>(entry: &LdapEntry) -> Result<T, InvalidLdapValue> {
    entry.text()?.parse().map_err(|_| InvalidLdapValue)
}

macro_rules! parsed_types {
    ($($type:ty: |$value:ident| $shown:expr;)+) => {$(
        impl SettingType for $type {
            fn value(&self) -> LdapValue<'_> {
                let $value = *self;
                $shown
            }

            fn read(entry: &LdapEntry) -> Result<Self, InvalidLdapValue> {
                parsed(entry)
            }
        }
    )+};
}

parsed_types! {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entered_secret_is_not_printed() {
        assert_eq!(format!("{:?}", LdapEntry::Text("private key".to_owned())), "Text(••••)");
    }
}
