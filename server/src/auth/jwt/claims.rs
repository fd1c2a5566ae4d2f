//! The claims of a trusted token as a name and a role.

use serde_json::{Map, Value};
use vestibule_app::domain::actor::{Grant, Role};

/// What a token says of its bearer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::auth) struct TokenBearer {
    /// The name for the audit log.
    pub(in crate::auth) name: String,
    /// What the bearer may do.
    pub(in crate::auth) rights: BearerRights,
}

/// What a token lets its bearer do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::auth) enum BearerRights {
    /// A role.
    Grant(Grant),
    /// To manage a tenant, which is looked up later.
    Tenant(String),
    /// Nothing: a user without a role.
    Nothing,
    /// Nothing: a platform token that was issued without the scopes for it.
    LacksScope,
}

/// Names longer than any identifier are cut.
const LONGEST_NAME: usize = 200;

impl TokenBearer {
    /// Reads the claims. What is malformed grants nothing.
    pub(in crate::auth) fn of(claims: &Map<String, Value>) -> Self {
        let text = |name: &str| {
            let text = claims.get(name).and_then(Value::as_str).map(str::trim);
            text.filter(|text| !text.is_empty())
        };
        let name = text("sub").or_else(|| text("client_id")).unwrap_or("unknown");
        let name = name.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
        let rights = if claims.get("platform_token") == Some(&Value::Bool(true)) {
            let has = |scope: &str| text("scope").unwrap_or_default().split_ascii_whitespace().any(|has| has == scope);
            match (has("admin:write"), has("admin:read")) {
                (true, _) => BearerRights::Grant(Grant::platform(Role::PlatformAdmin)),
                (false, true) => BearerRights::Grant(Grant::platform(Role::PlatformReader)),
                (false, false) => BearerRights::LacksScope,
            }
        } else {
            match (text("role"), text("partner_id"), text("tenant_id")) {
                (Some("super_admin"), ..) => BearerRights::Grant(Grant::platform(Role::PlatformAdmin)),
                (Some("partner_admin"), Some(partner), _) => BearerRights::Grant(Grant {
                    role: Role::PartnerAdmin,
                    tenant: None,
                    partner: Some(partner.to_owned()),
                }),
                (Some("tenant_admin"), _, Some(tenant)) => BearerRights::Tenant(tenant.to_owned()),
                _ => BearerRights::Nothing,
            }
        };
        Self { name, rights }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rights(claims: Value) -> BearerRights {
        TokenBearer::of(claims.as_object().expect("an object")).rights
    }

    #[test]
    fn roles_and_scopes_grant_what_they_say() {
        let platform = |role| BearerRights::Grant(Grant::platform(role));
        for (claims, expected) in [
            (json!({"role": "super_admin"}), platform(Role::PlatformAdmin)),
            (json!({"role": "tenant_admin", "tenant_id": "tnt_1"}), BearerRights::Tenant("tnt_1".to_owned())),
            (json!({"role": "tenant_admin"}), BearerRights::Nothing),
            (json!({"role": "partner_admin", "partner_id": " "}), BearerRights::Nothing),
            (json!({"role": ["super_admin"]}), BearerRights::Nothing),
            (json!({"role": "user"}), BearerRights::Nothing),
            (json!({"scope": "admin:write"}), BearerRights::Nothing),
            (json!({"platform_token": true, "scope": "a admin:write"}), platform(Role::PlatformAdmin)),
            (json!({"platform_token": true, "scope": "admin:read"}), platform(Role::PlatformReader)),
            (json!({"platform_token": true, "scope": "admin:reader"}), BearerRights::LacksScope),
            (json!({"platform_token": true, "role": "super_admin"}), BearerRights::LacksScope),
            (json!({"platform_token": "true", "scope": "admin:write"}), BearerRights::Nothing),
        ] {
            assert_eq!(rights(claims.clone()), expected, "{claims}");
        }
    }

    #[test]
    fn the_name_is_the_subject_or_else_the_client() {
        let name = |claims: Value| TokenBearer::of(claims.as_object().expect("an object")).name;
        assert_eq!(name(json!({"sub": "usr_1", "client_id": "app"})), "usr_1");
        assert_eq!(name(json!({"sub": "", "client_id": "a\npp"})), "app");
        assert_eq!(name(json!({"sub": "x".repeat(500)})).len(), LONGEST_NAME);
    }
}
