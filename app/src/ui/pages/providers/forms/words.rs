//! Values as text, for read-only views.

use serde_json::Value;

use crate::domain::{
    provider::{Protocol, Provisioning, detail::Impact},
    words::{agree, counted, plural},
};

/// What a protocol calls the data it sends about a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimTerm {
    /// Within a sentence.
    pub word: &'static str,
    /// At the beginning of one.
    pub title: &'static str,
}

/// OpenID Connect has claims; assertions of SAML and entries of directories have attributes.
pub const fn claim_term(protocol: Protocol) -> ClaimTerm {
    match protocol {
        Protocol::Oidc => ClaimTerm { word: "claim", title: "Claim" },
        Protocol::Saml | Protocol::Ldap => ClaimTerm { word: "attribute", title: "Attribute" },
    }
}

/// The heading of a column of claims.
pub fn in_order(term: ClaimTerm) -> String {
    format!("{}, in order", plural(term.title))
}

/// What happens to users when they sign in.
pub fn provisioning(provisioning: Provisioning) -> &'static str {
    match (provisioning.auto_create_users, provisioning.update_user_on_login) {
        (true, true) => "Unknown users are created; known users are updated at each sign-in",
        (true, false) => "Unknown users are created; known users are not changed",
        (false, true) => "Unknown users are rejected; known users are updated at each sign-in",
        (false, false) => "Unknown users are rejected; known users are not changed",
    }
}

/// Whether something is on.
pub const fn on_off(on: bool) -> &'static str {
    if on { "On" } else { "Off" }
}

/// Whether a server offers something.
pub const fn offered(is_offered: bool) -> &'static str {
    if is_offered { "Offered" } else { "Not offered" }
}

/// Items one after the other; a dash for none.
pub fn list<T: AsRef<str>>(items: &[T]) -> String {
    if items.is_empty() {
        return "–".to_owned();
    }
    items.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", ")
}

/// A member of a discovery document as text; absent members say so.
pub fn member(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "not there".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => {
            let texts: Vec<String> = items.iter().map(|item| member(Some(item))).collect();
            list(&texts)
        }
        Some(other) => other.to_string(),
    }
}

/// Who is affected by disabling or deleting.
pub fn impact(impact: Impact) -> String {
    let Impact { tenants, group_mappings } = impact;
    let mut text = match tenants {
        0 => "No tenant signs in with this provider.".to_owned(),
        count => format!("Users of {} sign in with this provider.", counted(count, "tenant")),
    };
    if group_mappings > 0 {
        let verb = agree(group_mappings, "names", "name");
        text.push_str(&format!(" {} {verb} it.", counted(group_mappings, "group mapping")));
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_member_reads_as_text() {
        assert_eq!(member(None), "not there");
        assert_eq!(member(Some(&json!("https://id.example"))), "https://id.example");
        assert_eq!(member(Some(&json!(["a", "b"]))), "a, b");
        assert_eq!(member(Some(&json!(true))), "true");
    }

    #[test]
    fn damage_is_counted() {
        let says = |tenants, group_mappings| impact(Impact { tenants, group_mappings });
        assert_eq!(says(1, 0), "Users of 1 tenant sign in with this provider.");
        assert_eq!(says(3, 1), "Users of 3 tenants sign in with this provider. 1 group mapping names it.");
    }
}
