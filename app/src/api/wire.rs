//! What several of the portal's forms send: secrets, new administrators, and types of the domain that are stored too.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, Error},
};
use serde_json::Value;

use crate::domain::{actor::Grant, patch::Patch, secret::Secret};

/// A secret on its way from a form to the server. The server never sends one.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretInput(pub String);

impl fmt::Debug for SecretInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretInput(••••)")
    }
}

impl From<SecretInput> for Secret {
    fn from(input: SecretInput) -> Self {
        Self::new(input.0)
    }
}

/// An empty secret removes the stored one.
impl From<Patch<SecretInput>> for Patch<Secret> {
    fn from(patch: Patch<SecretInput>) -> Self {
        patch.map(Secret::from).without_empty()
    }
}

/// An administrator to add.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewAdministratorForm {
    /// The email address they sign in with.
    pub email: String,
    /// The temporary password.
    pub password: SecretInput,
    /// Their role.
    pub grant: Grant,
}

/// Deserialises a type of the domain, and rejects members that it does not know, on every level.
///
/// The types themselves ignore such members: they are stored, and another version may have written a row. Each writes
/// every member that it knows, so what it does not write back is unknown.
///
/// # Errors
///
/// An unknown member, or what the type rejects.
pub(super) fn only_known<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: DeserializeOwned + Serialize,
    D: Deserializer<'de>,
{
    let sent = Value::deserialize(deserializer)?;
    let read = T::deserialize(&sent).map_err(D::Error::custom)?;
    let known = serde_json::to_value(&read).map_err(D::Error::custom)?;
    match unknown_member(&sent, &known) {
        Some(name) => Err(D::Error::custom(format!("unknown member {name}"))),
        None => Ok(read),
    }
}

fn unknown_member<'a>(sent: &'a Value, known: &Value) -> Option<&'a str> {
    let (Value::Object(sent), Value::Object(known)) = (sent, known) else { return None };
    sent.iter().find_map(|(name, member)| match known.get(name) {
        Some(known) => unknown_member(member, known),
        None => Some(name.as_str()),
    })
}
