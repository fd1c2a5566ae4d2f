//! The values of a provider: written through one door, read through all that show it.

use serde_json::{Value, json};

use super::{
    doors::{ADMIN, AVEVA, Doors, WALDUR, linked_to, of_tenant},
    writing::Writer,
};

/// What a provider is, in the domain's words.
struct Expected {
    slug: &'static str,
    display_name: Option<&'static str>,
    enabled: bool,
    /// Null, or the scopes beside `openid`.
    extra: Option<Vec<&'static str>>,
    user_claim: &'static str,
    /// Every user field that is mapped.
    mapping: Value,
}

impl Expected {
    fn of(writer: Writer) -> Self {
        Self {
            slug: writer.slug(),
            display_name: writer.display_name(),
            enabled: true,
            extra: Some(vec!["groups", "email"]),
            user_claim: "sub",
            mapping: json!({"email": "mail", "first_name": "given_name", "last_name": "family_name"}),
        }
    }

    /// Reads the provider through every door and compares.
    async fn check(&self, doors: &Doors, id: &str) {
        let discovery_url = doors.app.openid.discovery_url();
        let issuer = discovery_url.trim_end_matches("/.well-known/openid-configuration");
        let label = self.display_name.unwrap_or("okta");
        let is_owned = self.slug.starts_with("acme--");

        let config = json!({
            "issuer": issuer, "client_id": "c", "client_secret": null, "client_secret_set": true,
            "authorization_endpoint": null, "token_endpoint": null, "userinfo_endpoint": null, "jwks_uri": null,
            "scopes": std::iter::once("openid").chain(self.extra.iter().flatten().copied()).collect::<Vec<_>>(),
        });
        // Tenants do not see how people sign in.
        let mut admin_config = config.clone();
        admin_config.as_object_mut().expect("an object").extend(
            json!({
                "token_endpoint_auth_method": "client_secret_basic", "response_mode": "query", "userinfo": "auto",
                "id_token_signing_algs": [], "allowed_issuers": [], "prompt": [], "acr_values": [], "max_age": null,
            })
            .as_object()
            .expect("an object")
            .clone(),
        );
        let admin = doors.rest("GET", &format!("{ADMIN}{id}"), None).await.expect(200)["data"].clone();
        let tenant_id = is_owned.then(|| doors.acme.prefixed());
        let mut seen = vec![(admin.clone(), json!(tenant_id), &admin_config)];
        for tenant in [doors.acme, doors.globex] {
            let one = doors.rest("GET", &of_tenant(tenant, id), None).await.expect(200)["data"].clone();
            seen.push((one, json!(tenant.prefixed()), &config));
        }
        assert_eq!(admin["slug"], self.slug);
        for (data, tenant_id, config) in seen {
            assert_eq!(data["tenant_id"], tenant_id);
            assert_eq!(
                (&data["name"], &data["display_name"], &data["enabled"], &data["oidc_config"]),
                (&json!("okta"), &json!(self.display_name), &json!(self.enabled), config)
            );
            assert_eq!(data["attribute_mapping"], self.shown_by_scaikey());
        }

        let object = json!({
            "Id": id, "DisplayName": label, "Scheme": self.slug, "UserIdClaimType": self.user_claim,
        });
        for path in [
            format!("{AVEVA}{id}"),
            format!("{AVEVA}schemes/{}", self.slug),
            linked_to(doors.acme, id),
            linked_to(doors.globex, id),
        ] {
            assert_eq!(doors.rest("GET", &path, None).await.expect(200), object, "{path}");
        }

        let portal = doors.opened(id).await;
        let oidc = &portal["config"]["oidc"];
        assert_eq!(
            (&portal["slug"], &portal["name"], &portal["display_name"], &portal["enabled"]),
            (&json!(self.slug), &json!("okta"), &json!(self.display_name), &json!(self.enabled))
        );
        assert_eq!(
            (&oidc["issuer"], &oidc["discovery_url"], &oidc["extra_scopes"]),
            (&json!(issuer), &json!(discovery_url), &json!(self.extra))
        );
        assert_eq!(
            (&portal["mapping"]["user_claim"], &portal["mapping"]["attributes"]),
            (&json!(self.user_claim), &self.mapping)
        );
        assert!(!portal.to_string().contains("hush hush"));

        let waldur = doors.rest("GET", &format!("{WALDUR}{}/", self.slug), None).await;
        if is_owned {
            assert_eq!(waldur.status, 404);
            return;
        }
        let waldur = waldur.expect(200);
        for (key, expected) in [
            ("provider", json!(self.slug)),
            ("label", json!(label)),
            ("is_active", json!(self.enabled)),
            ("discovery_url", json!(discovery_url)),
            ("client_secret", json!("hush hush")),
            ("extra_scope", json!(self.extra.as_ref().map(|scopes| scopes.join(" ")))),
            ("user_claim", json!(self.user_claim)),
            ("attribute_mapping", self.shown_by_waldur()),
        ] {
            assert_eq!(waldur[key], expected, "{key}");
        }
    }

    fn shown_by_scaikey(&self) -> Value {
        let mut shown = json!({"display_name": null, "groups": null});
        for key in ["email", "first_name", "last_name", "display_name", "groups"] {
            if let Some(claims) = self.mapping.get(key) {
                shown[key] = claims.clone();
            }
        }
        shown
    }

    fn shown_by_waldur(&self) -> Value {
        let mut shown = self.mapping.clone();
        for key in ["display_name", "groups"] {
            shown.as_object_mut().expect("an object").remove(key);
        }
        shown
    }
}

/// Links a provider to both tenants, as far as it is not there already.
async fn link(doors: &Doors, id: &str) {
    for tenant in [doors.acme, doors.globex] {
        doors.link(tenant, id).await;
    }
}

#[tokio::test]
async fn a_provider_reads_the_same_wherever_it_was_created() {
    for writer in Writer::ALL {
        let doors = Doors::open().await;
        let id = writer.create(&doors).await;
        link(&doors, &id).await;
        Expected::of(writer).check(&doors, &id).await;
        let slug = writer.slug().to_owned();
        let waldur = if writer == Writer::Tenant { vec![] } else { vec![slug.clone()] };
        let all = vec![slug.clone()];
        assert_eq!(doors.listed().await, [waldur, all.clone(), all.clone(), all.clone()], "{writer:?}");
        for tenant in [doors.acme, doors.globex] {
            assert_eq!(
                doors.listed_for(tenant).await,
                [vec!["okta".to_owned()], all.clone(), all.clone()],
                "{writer:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_change_through_any_door_is_seen_through_all() {
    for writer in Writer::OF_THE_PLATFORM {
        let doors = Doors::open().await;
        let id = writer.create(&doors).await;
        link(&doors, &id).await;
        let mut expected = Expected::of(writer);
        let waldur = format!("{WALDUR}{}/", writer.slug());
        let admin = format!("{ADMIN}{id}");

        doors.rest("PATCH", &waldur, Some(json!({"label": "By Waldur", "user_claim": "eppn"}))).await.expect(200);
        expected.display_name = Some("By Waldur");
        expected.user_claim = "eppn";
        expected.check(&doors, &id).await;

        doors.rest("PATCH", &waldur, Some(json!({"extra_scope": "email profile groups"}))).await.expect(200);
        expected.extra = Some(vec!["email", "profile", "groups"]);
        expected.check(&doors, &id).await;

        doors.rest("PATCH", &admin, Some(json!({"display_name": "By ScaiKey", "enabled": false}))).await.expect(200);
        expected.display_name = Some("By ScaiKey");
        expected.enabled = false;
        expected.check(&doors, &id).await;

        let mapping =
            json!({"email": "upn mail", "first_name": "given_name", "groups": "roles", "civil_number": "pno"});
        let change = json!({"label": "By the portal", "enabled": true, "connection": {"oidc": {"extra_scopes": ["groups"]}}, "attributes": mapping});
        doors.save(&id, change).await.expect(200);
        expected.display_name = Some("By the portal");
        expected.enabled = true;
        expected.extra = Some(vec!["groups"]);
        expected.mapping = mapping;
        expected.check(&doors, &id).await;
    }
}

#[tokio::test]
async fn fields_that_a_dialect_does_not_know_survive_its_writes() {
    for writer in Writer::OF_THE_PLATFORM {
        let doors = Doors::open().await;
        let id = writer.create(&doors).await;
        link(&doors, &id).await;
        let mut expected = Expected::of(writer);
        // Two that Waldur does not know, two that ScaiKey does not know.
        let all = json!({
            "email": "mail", "display_name": "name", "groups": "roles", "civil_number": "pno", "phone_number": "phone",
        });
        doors.save(&id, json!({"attributes": all})).await.expect(200);

        let sent = json!({"attribute_mapping": {"email": "upn", "phone_number": "mobile"}});
        let waldur = format!("{WALDUR}{}/", writer.slug());
        doors.rest("PATCH", &waldur, Some(sent)).await.expect(200);
        expected.mapping = json!({"email": "upn", "display_name": "name", "groups": "roles", "phone_number": "mobile"});
        expected.check(&doors, &id).await;

        let sent = json!({"attribute_mapping": {"email": "mail", "display_name": null}});
        doors.rest("PATCH", &format!("{ADMIN}{id}"), Some(sent)).await.expect(200);
        expected.mapping = json!({
            "email": "mail", "first_name": "given_name", "last_name": "family_name", "groups": "groups",
            "phone_number": "mobile",
        });
        expected.check(&doors, &id).await;
    }
}

#[tokio::test]
async fn no_scopes_and_an_empty_list_of_scopes_stay_apart() {
    for (extra_scope, extra) in [(Value::Null, None), (json!(""), Some(vec![]))] {
        let doors = Doors::open().await;
        let id = Writer::Waldur.create(&doors).await;
        link(&doors, &id).await;
        doors.rest("PATCH", &format!("{WALDUR}okta/"), Some(json!({"extra_scope": extra_scope}))).await.expect(200);
        let mut expected = Expected { extra, ..Expected::of(Writer::Waldur) };
        expected.check(&doors, &id).await;
        // A client that writes back what it has read changes nothing.
        let path = format!("{ADMIN}{id}");
        let read = doors.rest("GET", &path, None).await.expect(200)["data"]["oidc_config"].clone();
        doors.rest("PATCH", &path, Some(json!({"oidc_config": read, "display_name": "Same"}))).await.expect(200);
        expected.display_name = Some("Same");
        expected.check(&doors, &id).await;
        doors.save(&id, json!({"label": "Also the same"})).await.expect(200);
        expected.display_name = Some("Also the same");
        expected.check(&doors, &id).await;
    }
}

#[tokio::test]
async fn openid_keeps_the_place_that_it_was_given() {
    let doors = Doors::open().await;
    let id = Writer::Admin.create(&doors).await;
    let path = format!("{ADMIN}{id}");
    let mut config = doors.rest("GET", &path, None).await.expect(200)["data"]["oidc_config"].clone();
    config["scopes"] = json!(["email", "openid", "groups"]);
    doors.rest("PATCH", &path, Some(json!({"oidc_config": config}))).await.expect(200);
    let scopes = async || doors.rest("GET", &path, None).await.expect(200)["data"]["oidc_config"]["scopes"].clone();
    let waldur = format!("{WALDUR}okta/");
    let extra = async || doors.rest("GET", &waldur, None).await.expect(200)["extra_scope"].clone();
    assert_eq!((scopes().await, extra().await), (json!(["email", "openid", "groups"]), json!("email groups")));
    doors.rest("PATCH", &waldur, Some(json!({"label": "Okta"}))).await.expect(200);
    assert_eq!(scopes().await, json!(["email", "openid", "groups"]));
    // What Waldur writes it writes without a place for `openid`.
    doors.rest("PATCH", &waldur, Some(json!({"extra_scope": "groups email"}))).await.expect(200);
    assert_eq!((scopes().await, extra().await), (json!(["openid", "groups", "email"]), json!("groups email")));
}
