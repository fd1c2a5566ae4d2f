//! The ways to write one and the same provider.

use serde_json::{Value, json};

use super::doors::{ADMIN, Doors, WALDUR, bare, of_tenant};

/// Where a provider is created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writer {
    Waldur,
    Admin,
    Tenant,
    Portal,
}

impl Writer {
    pub(super) const ALL: [Self; 4] = [Self::Waldur, Self::Admin, Self::Tenant, Self::Portal];
    /// Those who create providers of the platform, which every dialect shows.
    pub(super) const OF_THE_PLATFORM: [Self; 3] = [Self::Waldur, Self::Admin, Self::Portal];

    /// Creates the OpenID provider `okta` with these scopes beside `openid`, and answers its identifier.
    pub(super) async fn create(self, doors: &Doors) -> String {
        let discovery_url = doors.app.openid.discovery_url();
        let issuer = discovery_url.trim_end_matches("/.well-known/openid-configuration").to_owned();
        match self {
            Self::Waldur => {
                let body = json!({
                    "provider": "okta", "label": "Our Okta", "client_id": "c", "client_secret": "hush hush",
                    "discovery_url": discovery_url, "extra_scope": "groups email",
                    "attribute_mapping": {"email": "mail", "first_name": "given_name", "last_name": "family_name"},
                });
                doors.rest("POST", WALDUR, Some(body)).await.expect(201);
                let id = doors.rest("GET", ADMIN, None).await.expect(200)["data"][0]["id"].clone();
                bare(&id)
            }
            Self::Admin => bare(&doors.rest("POST", ADMIN, Some(scaikey(&issuer))).await.expect(201)["data"]["id"]),
            Self::Tenant => {
                let answer = doors.rest("POST", &of_tenant(doors.acme, ""), Some(scaikey(&issuer))).await;
                bare(&answer.expect(201)["data"]["id"])
            }
            Self::Portal => {
                let form = json!({
                    "slug": "okta", "label": "okta", "owner": null, "enabled": true,
                    "provisioning": {"auto_create_users": true, "update_user_on_login": true},
                    "connection": {"oidc": {
                        "discovery_url": discovery_url, "client_id": "c", "client_secret": "hush hush",
                        "verify_tls": true, "extra_scopes": ["groups", "email"], "pkce": true,
                        "post_logout_redirect": true,
                    }},
                    "mapping": {
                        "user_field": "username", "user_claim": "sub", "extra_fields": null, "protected_fields": [],
                        "attributes": {"email": "mail", "first_name": "given_name", "last_name": "family_name"},
                    },
                    "allowed_domains": [], "allowed_redirects": [], "management_url": "",
                });
                bare(&doors.portal("providers/create", json!({ "form": form })).await.expect(200))
            }
        }
    }

    /// The slug that the provider gets.
    pub(super) const fn slug(self) -> &'static str {
        match self {
            Self::Tenant => "acme--okta",
            Self::Waldur | Self::Admin | Self::Portal => "okta",
        }
    }

    /// The name to show, where it differs from the name.
    pub(super) const fn display_name(self) -> Option<&'static str> {
        match self {
            // The portal knows one name.
            Self::Portal => None,
            Self::Waldur | Self::Admin | Self::Tenant => Some("Our Okta"),
        }
    }
}

fn scaikey(issuer: &str) -> Value {
    json!({
        "name": "okta", "display_name": "Our Okta", "protocol": "OIDC",
        "oidc_config": {
            "issuer": issuer, "client_id": "c", "client_secret": "hush hush", "scopes": ["openid", "groups", "email"],
        },
        "attribute_mapping": {
            "email": "mail", "first_name": "given_name", "last_name": "family_name", "display_name": null, "groups": null,
        },
    })
}
