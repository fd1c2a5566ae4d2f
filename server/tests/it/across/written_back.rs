//! Reading an object and writing it back, through every dialect that writes, changes nothing but `updated_at`: not what
//! is stored, not its version, not what is read again, and the audit log has no entry.

use serde_json::{Value, json};
use vestibule::{
    domain::{
        actor::Actor,
        id::ProviderId,
        provider::{IdentityProvider, Slug},
    },
    service::ProviderRef,
};

use super::{
    doors::{ADMIN, Doors, WALDUR, of_tenant},
    writing::Writer,
};
use crate::support::{
    ALL,
    app::{CERTIFICATE, saml_provider},
    tls::Identity,
};

const NEXT: &str = include_str!("../../data/saml/certificates/next.pem");

/// A provider with its secrets, without what shows that it was written.
async fn stored(doors: &Doors, id: &str) -> IdentityProvider {
    let reference = ProviderRef::Id(id.parse::<ProviderId>().expect("an id"));
    let stored = doors.app.services.providers.get(&Actor::operator(), &reference).await.expect("the provider");
    IdentityProvider { updated_at: None, ..stored }
}

async fn audit_entries(doors: &Doors) -> u64 {
    let log = doors.app.services.audit.list(&Actor::operator(), &Default::default(), ALL).await.expect("the log");
    log.total
}

/// What a door answers to GET, as its client writes it back.
async fn read(doors: &Doors, path: &str) -> Value {
    let answer = doors.rest("GET", path, None).await.expect(200);
    if path.starts_with(WALDUR) { answer } else { answer["data"].clone() }
}

fn undated(mut object: Value) -> Value {
    object.as_object_mut().expect("an object").remove("updated_at");
    object
}

/// Reads through one door and writes back, as a whole and member by member.
async fn write_back(doors: &Doors, id: &str, method: &str, path: &str) {
    let (before, shown) = (stored(doors, id).await, read(doors, path).await);
    let entries = audit_entries(doors).await;
    let mut bodies = vec![shown.clone()];
    if method == "PATCH" {
        let members = shown.as_object().expect("an object");
        bodies.extend(members.iter().map(|(name, value)| json!({ name: value })));
    }
    for body in bodies {
        doors.app.clock.advance(60);
        let answer = doors.rest(method, path, Some(body.clone())).await;
        assert_eq!(answer.status, 200, "{method} {path} {body}: {}", answer.text());
        assert_eq!(stored(doors, id).await, before, "{method} {path} {body}");
        assert_eq!(audit_entries(doors).await, entries, "{method} {path} {body}");
        assert_eq!(undated(read(doors, path).await), undated(shown.clone()), "{method} {path} {body}");
    }
}

/// Every door that writes this provider.
async fn write_back_everywhere(doors: &Doors, id: &str, slug: &str) {
    let is_open_id = stored(doors, id).await.oidc().is_some();
    write_back(doors, id, "PATCH", &format!("{ADMIN}{id}")).await;
    for tenant in [doors.acme, doors.globex] {
        doors.link(tenant, id).await;
        write_back(doors, id, "PATCH", &of_tenant(tenant, id)).await;
    }
    if is_open_id && Slug::platform(slug).is_ok() {
        let path = format!("{WALDUR}{slug}/");
        write_back(doors, id, "PATCH", &path).await;
        // PUT reads the discovery document, which a provider made by ScaiKey has not been asked for yet.
        let shown = read(doors, &path).await;
        doors.rest("PUT", &path, Some(shown)).await.expect(200);
        write_back(doors, id, "PUT", &path).await;
        write_back(doors, id, "PATCH", &path).await;
    }
}

#[tokio::test]
async fn an_openid_provider_of_any_writer_is_written_back() {
    for writer in Writer::ALL {
        let doors = Doors::open().await;
        let id = writer.create(&doors).await;
        write_back_everywhere(&doors, &id, writer.slug()).await;
    }
}

#[tokio::test]
async fn values_that_a_dialect_shows_otherwise_or_would_not_take_are_written_back() {
    let long = "x".repeat(240);
    for writer in Writer::OF_THE_PLATFORM {
        let doors = Doors::open().await;
        let id = writer.create(&doors).await;
        // Longer than Waldur takes, mapped for nobody, and with an origin twice.
        let change = json!({
            "label": format!("Name {long}"),
            "connection": {"oidc": {
                "client_id": format!("client {long}"), "client_secret": "hush again",
                "extra_scopes": ["groups", "openid", "email", &long], "pkce": false, "post_logout_redirect": false,
            }},
            "user_claim": format!("sub {}", "y".repeat(100)), "extra_fields": format!("a {long}"),
            "attributes": {"display_name": "name", "groups": "roles", "civil_number": "pno phone"},
            "protected_fields": ["email", "anything"], "allowed_domains": ["Bücher.example", "example.com"],
            "allowed_redirects": ["https://App.example.com/", "https://app.example.com:443"],
            "management_url": format!("https://id.example.com/{long}"),
            "provisioning": {"auto_create_users": false, "update_user_on_login": false}, "enabled": false,
        });
        doors.save(&id, change).await.expect(200);
        write_back_everywhere(&doors, &id, writer.slug()).await;
    }
}

#[tokio::test]
async fn settings_of_signing_in_stay_when_dialects_that_do_not_know_them_write() {
    for writer in Writer::OF_THE_PLATFORM {
        let doors = Doors::open().await;
        let id = writer.create(&doors).await;
        let path = format!("{ADMIN}{id}");
        let mut change = json!({
            "oidc_config": read(&doors, &path).await["oidc_config"], "linking": "ask", "email_trust": "always",
            "match_existing_users": true, "confirmed_domains": ["Bücher.example", "corp.example"],
            "update_policy": {"default": "when_empty", "fields": {"email": "never", "username": "always"}},
        });
        let settings = json!({
            "token_endpoint_auth_method": "none", "response_mode": "form_post", "id_token_signing_algs": ["PS256"],
            "allowed_issuers": ["https://id.example.com", "https://id.example.com/"], "userinfo": "always",
            "max_age": 86400, "prompt": ["none"], "acr_values": ["urn:a", "urn:b"],
        });
        change["oidc_config"].as_object_mut().expect("an object").extend(settings.as_object().expect("one").clone());
        doors.rest("PATCH", &path, Some(change)).await.expect(200);
        let set = stored(&doors, &id).await;
        let form = json!({"connection": {"oidc": {"client_id": "another", "pkce": false}}, "enabled": false});
        doors.save(&id, form).await.expect(200);
        write_back_everywhere(&doors, &id, writer.slug()).await;
        // Waldur writes everything that it knows otherwise, by PUT and by PATCH, as the portal did with its form.
        let waldur = format!("{WALDUR}{}/", writer.slug());
        let body = json!({
            "client_id": "other", "client_secret": "other", "label": "Other", "enable_pkce": false,
            "discovery_url": doors.app.openid.discovery_url(), "user_claim": "email",
        });
        doors.rest("PUT", &waldur, Some(body)).await.expect(200);
        doors.rest("PATCH", &waldur, Some(json!({"enable_pkce": true, "label": "Again"}))).await.expect(200);
        let after = stored(&doors, &id).await;
        assert_eq!(after.sign_in, set.sign_in, "{writer:?}");
        assert_eq!(after.oidc().map(|oidc| &oidc.sign_in), set.oidc().map(|oidc| &oidc.sign_in), "{writer:?}");
        assert_ne!(after.oidc().map(|oidc| &oidc.client_id), set.oidc().map(|oidc| &oidc.client_id));
    }
}

#[tokio::test]
async fn a_public_client_and_a_provider_with_endpoints_by_hand_are_written_back() {
    let doors = Doors::open().await;
    let issuer = doors.app.openid.discovery_url().replace("/.well-known/openid-configuration", "");
    let body = json!({
        "name": "Public", "protocol": "OIDC", "display_name": "Public", "allowed_domains": ["example.com"],
        "oidc_config": {
            "issuer": issuer, "client_id": "c", "scopes": ["email", "openid"],
            "authorization_endpoint": "https://id.example.com/a", "token_endpoint": "https://id.example.com/t",
            "userinfo_endpoint": "https://id.example.com/u", "jwks_uri": "https://id.example.com/k",
        },
    });
    let id = super::doors::bare(&doors.rest("POST", ADMIN, Some(body)).await.expect(201)["data"]["id"]);
    write_back_everywhere(&doors, &id, "public").await;
    // Waldur asks for a secret, and takes one that is none where none is stored.
    let shown = read(&doors, &format!("{WALDUR}public/")).await;
    assert_eq!(shown["client_secret"], "");
    let owned = doors.app.create_for(doors.acme, "Owned").await;
    write_back_everywhere(&doors, &owned.id.to_string(), owned.slug.as_str()).await;
}

#[tokio::test]
async fn a_saml_provider_with_everything_is_written_back() {
    let doors = Doors::open().await;
    let mut new = saml_provider("ADFS");
    if let vestibule::domain::provider::ConfigInput::Saml(input) = &mut new.config {
        use vestibule::domain::provider::{SamlEndpoint, SamlService};
        input.certificate = format!("{CERTIFICATE}\n{NEXT}");
        input.slo_url = Some("https://idp.example.com/slo?a=b".to_owned());
        (input.sign_requests, input.want_assertions_signed) = (false, false);
        input.name_id_format = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent".to_owned();
        input.metadata_url = Some("https://idp.example.com/metadata".to_owned());
        input.endpoints = vec![SamlEndpoint {
            service: SamlService::SingleLogout,
            binding: "urn:oasis:names:tc:SAML:2.0:bindings:SOAP".to_owned(),
            location: "https://idp.example.com/soap".to_owned(),
            response_location: Some("https://idp.example.com/soap/answer".to_owned()),
        }];
    }
    new.display_name = Some("Our ADFS".to_owned());
    new.allowed_domains = vec!["example.com".to_owned()];
    let provider = doors.app.create_new(new).await.expect("a provider");
    write_back_everywhere(&doors, &provider.id.to_string(), provider.slug.as_str()).await;
}

#[tokio::test]
async fn a_directory_with_every_setting_is_written_back() {
    let doors = Doors::open().await;
    let client = Identity::self_signed("client.example");
    let body = json!({
        "name": "Directory", "provider_type": "LDAP", "tenant_id": doors.acme.prefixed(),
        "ldap_config": {
            "vendor": "openldap", "urls": ["ldap://dc1.corp.example", "LDAP://DC2.corp.example:389/"],
            "start_tls": true, "ca_certificate": client.certificate_pem(),
            "client_certificate": client.certificate_pem(), "client_key": client.key_pem(),
            "bind_type": "simple", "bind_dn": "CN=svc, DC=corp,DC=example", "bind_password": "hush hush",
            "base_dn": "DC=corp,DC=example", "user_base_dn": "OU=People,DC=corp,DC=example",
            "user_search_scope": "one_level", "user_object_classes": ["person", "top"],
            "user_filter": "(mail=*)", "username_attribute": "cn", "external_id_attribute": "entryUUID",
            "disabled_filter": "(pwdAccountLockedTime=*)", "sync_groups": true,
            "group_base_dn": "OU=Groups,DC=corp,DC=example", "group_search_scope": "one_level",
            "group_object_classes": ["groupOfNames"], "group_filter": "(cn=*)", "group_name_attribute": "ou",
            "group_member_attribute": "uniqueMember", "group_member_format": "username", "nested_groups": true,
            "page_size": 0, "connect_timeout_seconds": 6, "operation_timeout_seconds": 31,
            "sync_timeout_seconds": 901, "max_entries": 200_001, "referrals": "follow", "sync_enabled": true,
            "sync_interval_minutes": 61, "full_sync_interval_hours": 25, "delta_strategy": "none",
            "clock_skew_seconds": 301, "missing_users": "ignore", "reactivate": "never",
            "max_deactivation_percent": 21, "link_existing": "email", "trust_email": true,
        },
        "attribute_mapping": {"email": "mail", "display_name": null, "groups": "memberOf"},
        "allowed_domains": ["corp.example"], "auto_create_users": false,
    });
    let id = super::doors::bare(&doors.rest("POST", ADMIN, Some(body)).await.expect(201)["data"]["id"]);
    write_back_everywhere(&doors, &id, "acme--directory").await;
    let vestibule::domain::provider::ProviderConfig::Ldap(config) = stored(&doors, &id).await.config else {
        panic!("a directory")
    };
    assert_eq!(config.bind_password.map(|secret| secret.expose().to_owned()).as_deref(), Some("hush hush"));
    assert!(config.client_key.is_some());
}

#[tokio::test]
async fn tenants_groups_and_users_are_written_back() {
    let doors = Doors::open().await;
    let tenant = json!({"name": "Ärger & Co", "partner_id": "north"});
    let tenant = doors.rest("POST", "/api/v1/admin/tenants/", Some(tenant)).await.expect(201)["data"].clone();
    let group = json!({"tenant_id": tenant["slug"], "name": "Staff", "description": "Everybody"});
    let group = doors.rest("POST", "/api/v1/admin/groups/", Some(group)).await.expect(201)["data"].clone();
    let user = doors.app.database.insert_user(doors.acme, "ada").await;
    for path in [
        format!("/api/v1/admin/tenants/{}", tenant["slug"].as_str().expect("a slug")),
        format!("/api/v1/admin/groups/{}", group["id"].as_str().expect("an id")),
        format!("/api/v1/admin/users/{}", user.prefixed()),
    ] {
        let (shown, entries) = (read(&doors, &path).await, audit_entries(&doors).await);
        doors.app.clock.advance(60);
        let answer = doors.rest("PATCH", &path, Some(shown.clone())).await.expect(200);
        assert_eq!(undated(answer["data"].clone()), undated(shown.clone()), "{path}");
        assert_eq!(undated(read(&doors, &path).await), undated(shown), "{path}");
        assert_eq!(audit_entries(&doors).await, entries, "{path}");
    }
    // A user who is blocked stays so, and null says nothing about it.
    let path = format!("/api/v1/admin/users/{}", user.prefixed());
    doors.rest("PATCH", &path, Some(json!({"blocked": true}))).await.expect(200);
    let shown = read(&doors, &path).await;
    for body in [shown.clone(), json!({"blocked": null}), json!({})] {
        let answer = doors.rest("PATCH", &path, Some(body)).await.expect(200);
        assert_eq!(answer["data"], shown);
    }
}

#[tokio::test]
async fn a_form_of_the_portal_that_was_not_touched_changes_nothing() {
    for writer in Writer::ALL {
        let doors = Doors::open().await;
        let id = writer.create(&doors).await;
        let (before, entries) = (stored(&doors, &id).await, audit_entries(&doors).await);
        let opened = doors.opened(&id).await;
        let (oidc, mapping) = (&opened["config"]["oidc"], &opened["mapping"]);
        let label = opened["display_name"].as_str().or(opened["name"].as_str());
        let change = json!({
            "label": label, "enabled": opened["enabled"], "provisioning": opened["provisioning"],
            "connection": {"oidc": {
                "discovery_url": oidc["discovery_url"], "client_id": oidc["client_id"],
                "verify_tls": oidc["verify_tls"], "extra_scopes": oidc["extra_scopes"], "pkce": oidc["pkce"],
                "post_logout_redirect": oidc["post_logout_redirect"],
            }},
            "user_field": mapping["user_field"], "user_claim": mapping["user_claim"],
            "attributes": mapping["attributes"], "extra_fields": mapping["extra_fields"],
            "protected_fields": mapping["protected_fields"], "allowed_domains": opened["allowed_domains"],
            "allowed_redirects": opened["allowed_redirects"], "management_url": opened["management_url"],
        });
        doors.save(&id, change).await.expect(200);
        assert_eq!(stored(&doors, &id).await, before, "{writer:?}");
        assert_eq!(audit_entries(&doors).await, entries, "{writer:?}");
    }
}
