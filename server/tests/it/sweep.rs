//! An authorisation sweep: every route and every server function with no credential, a bad one, and each lesser role.
//! What is missing from its tables fails, and so does a caller who gets further than the table says.

use std::collections::BTreeSet;

use axum::{body::Body, http::Request};
use serde_json::{Value, json};
use vestibule::{
    domain::{
        actor::{Actor, Grant, Role},
        group::{NewGroup, NewGroupMapping},
        tenant::{NewTenant, TenantStatus},
        token::NewApiToken,
    },
    service::TenantRef,
};

use crate::support::{
    PASSWORD, TestApp, Visitor,
    app::{CERTIFICATE, PEER},
};

/// The lesser roles in the order of the tables' columns; before them stands nobody.
const ROLES: [Role; 4] = [Role::TenantMember, Role::TenantAdmin, Role::PlatformReader, Role::PlatformSupport];

/// A server function, well-formed arguments, and what nobody and each of the lesser roles are answered, then what a
/// platform administrator is, which shows that the arguments are not what was refused.
type Function = (&'static str, Value, [u16; 5], u16);

/// Calls that only a platform administrator may make.
const ADMIN_ONLY: [u16; 5] = [401, 403, 403, 403, 403];
/// Calls that change a provider of the platform: a tenant's administrator does not see it.
const PLATFORM_PROVIDER: [u16; 5] = [401, 403, 404, 403, 403];
/// Calls that change something of a tenant: the administrator of another one does not see it.
const FOREIGN_TENANT: [u16; 5] = PLATFORM_PROVIDER;
/// Calls that list what is within reach.
const WITHIN_REACH: [u16; 5] = [401, 403, 200, 200, 403];
/// Calls about the own session: everybody who is signed in has one.
const OWN: fn(u16) -> [u16; 5] = |status| [401, status, status, status, status];
/// Calls that need no credential.
const PUBLIC: fn(u16) -> [u16; 5] = |status| [status; 5];

async fn functions(app: &TestApp) -> Vec<Function> {
    let page = json!({"offset": 0, "limit": 10});
    let reader = json!({"role": "platform_reader", "tenant": null, "partner": null});
    let provider = app.create("Okta").await.id;
    let person = app.administrator("somebody@example.com", Grant::platform(Role::PlatformReader)).await.id;
    let new =
        NewApiToken { name: "ci".to_owned(), grant: Grant::platform(Role::PlatformReader), lifetime_seconds: None };
    let token = app.new_token(new).await.0;
    let discovery_url = app.openid.discovery_url();
    let form = json!({
        "slug": null, "label": "Keycloak", "owner": null, "enabled": true,
        "provisioning": {"auto_create_users": true, "update_user_on_login": true},
        "connection": {"oidc": {"discovery_url": discovery_url, "client_id": "client", "client_secret": "secret"}},
        "mapping": {}, "allowed_domains": [], "allowed_redirects": [], "management_url": "",
    });
    let metadata_url = app.openid.discovery_url_of("nothing");
    let lasting = app.create("Lasting").await.id;
    let saml = json!({
        "slug": null, "label": "ADFS", "owner": null, "enabled": true,
        "provisioning": {"auto_create_users": true, "update_user_on_login": true},
        "connection": {"saml": {
            "entity_id": "urn:example:idp", "sso_url": "https://idp.example.com/sso", "certificate": CERTIFICATE,
        }},
        "mapping": {}, "allowed_domains": [], "allowed_redirects": [], "management_url": "",
    });
    let directory = json!({
        "config": {"urls": ["ldap://127.0.0.1:1"], "bind_dn": "cn=reader", "base_dn": "dc=example"},
        "bind_password": "secret",
    });
    let ldap = json!({
        "slug": null, "label": "Directory", "owner": null, "enabled": true,
        "provisioning": {"auto_create_users": true, "update_user_on_login": true},
        "connection": {"ldap": directory}, "mapping": {}, "allowed_domains": [], "allowed_redirects": [],
        "management_url": "",
    });
    let change = json!({"id": provider, "version": 1, "change": {"label": "Okta (Acme)"}});
    let admin = json!({"email": "new@example.com", "password": PASSWORD, "grant": reader});
    let nowhere = uuid::Uuid::from_u128(7);
    // What is read belongs to the tenant of the roles; what is changed belongs to another one.
    let tenant = app.default_tenant().await;
    let operator = Actor::operator();
    let new = NewTenant { slug: None, name: "Globex".to_owned(), partner: None, status: TenantStatus::Active };
    let other = app.services.tenants.create(&operator, new).await.expect("a tenant").id;
    let new = NewGroup { tenant: other, name: "Engineering".to_owned(), description: None };
    let group = app.services.groups.create(&operator, new).await.expect("a group").id;
    let shared = app.create("Entra").await.id;
    for id in [tenant, other] {
        app.services.assignments.link(&operator, &TenantRef::Id(id), shared).await.expect("a link");
    }
    let mapping = |external_group_id: &str| NewGroupMapping {
        claim: None,
        external_group_id: external_group_id.to_owned(),
        external_group_name: None,
        internal_group_id: group.prefixed(),
    };
    let kept = app.services.group_mappings.create(&operator, &TenantRef::Id(other), shared, mapping("ops")).await;
    let kept = kept.expect("a mapping").id;
    let (seen, foreign) = (app.database.insert_user(tenant, "ada").await, app.database.insert_user(other, "bob").await);
    vec![
        // Without a credential, by design: the sign-in page and the first run stand on these.
        ("session/status", json!({}), PUBLIC(200), 200),
        ("session/sign-in", json!({"email": "nobody@example.com", "password": PASSWORD}), PUBLIC(422), 422),
        (
            "set-up/complete",
            json!({"link_secret": "guessed", "email": "eve@example.com", "password": PASSWORD}),
            PUBLIC(422),
            422,
        ),
        (
            "providers/list",
            json!({"filter": {}, "sort": {"key": "label", "direction": "ascending"}, "page": page}),
            WITHIN_REACH,
            200,
        ),
        ("providers/get", json!({"id": provider}), [401, 403, 404, 200, 200], 200),
        ("providers/impact", json!({"id": provider}), PLATFORM_PROVIDER, 200),
        ("providers/create", json!({"form": form}), PLATFORM_PROVIDER, 200),
        ("providers/create", json!({"form": saml}), PLATFORM_PROVIDER, 200),
        ("providers/create", json!({"form": ldap}), PLATFORM_PROVIDER, 200),
        ("providers/preview-rediscovery", json!({"id": provider}), PLATFORM_PROVIDER, 200),
        ("providers/update", change, PLATFORM_PROVIDER, 200),
        ("providers/rediscover", json!({"id": provider, "version": 2}), PLATFORM_PROVIDER, 200),
        ("providers/delete", json!({"id": provider}), PLATFORM_PROVIDER, 200),
        // The server calls out, so it takes who may change something.
        ("discovery/inspect", json!({"address": discovery_url, "verify_tls": true}), [401, 403, 200, 403, 403], 200),
        ("saml-metadata/fetch", json!({"url": metadata_url, "verify_tls": true}), [401, 403, 502, 403, 403], 502),
        ("saml-metadata/read", json!({"document": ""}), [401, 403, 422, 403, 403], 422),
        // Nobody listens there.
        ("directories/inspect", json!({"form": {"provider": lasting, "settings": directory}}), PLATFORM_PROVIDER, 502),
        ("directories/sample", json!({"form": {"provider": lasting, "settings": directory}}), PLATFORM_PROVIDER, 502),
        ("connection-tests/history", json!({"provider": lasting, "page": page}), [401, 403, 404, 200, 200], 200),
        ("tenants/list", json!({"filter": {}, "page": page}), WITHIN_REACH, 200),
        ("tenants/partners", json!({}), WITHIN_REACH, 200),
        ("tenants/get", json!({"id": tenant}), WITHIN_REACH, 200),
        (
            "tenants/create",
            json!({"new": {"slug": null, "name": "Initech", "partner": null, "status": "active"}}),
            ADMIN_ONLY,
            200,
        ),
        ("tenants/update", json!({"id": other, "version": 1, "change": {"name": "Globex Ltd"}}), ADMIN_ONLY, 200),
        ("groups/list", json!({"filter": {}, "page": page}), WITHIN_REACH, 200),
        ("groups/get", json!({"id": group}), [401, 403, 404, 200, 403], 200),
        ("groups/create", json!({"new": {"tenant": other, "name": "Ops", "description": null}}), FOREIGN_TENANT, 200),
        ("groups/update", json!({"id": group, "version": 1, "change": {"name": "Research"}}), FOREIGN_TENANT, 200),
        ("group-mappings/list", json!({"tenant": tenant, "provider": shared}), WITHIN_REACH, 200),
        ("group-mappings/known-external", json!({"tenant": tenant, "provider": shared}), WITHIN_REACH, 200),
        (
            "group-mappings/create",
            json!({"tenant": other, "provider": shared, "new": mapping("eng")}),
            FOREIGN_TENANT,
            200,
        ),
        ("group-mappings/delete", json!({"tenant": other, "provider": shared, "mapping": kept}), FOREIGN_TENANT, 200),
        ("groups/delete", json!({"id": group}), FOREIGN_TENANT, 200),
        ("assignments/tenant-providers", json!({"tenant": tenant, "page": page}), [401, 403, 200, 200, 200], 200),
        ("assignments/provider-tenants", json!({"provider": shared, "page": page}), [401, 403, 404, 200, 200], 200),
        (
            "assignments/candidates",
            json!({"tenant": tenant, "search": "", "page": page}),
            [401, 403, 200, 403, 403],
            200,
        ),
        (
            "assignments/tenant-candidates",
            json!({"provider": shared, "search": "", "page": page}),
            PLATFORM_PROVIDER,
            200,
        ),
        ("assignments/link", json!({"tenant": other, "provider": shared}), FOREIGN_TENANT, 200),
        ("assignments/unlink", json!({"tenant": other, "provider": shared}), FOREIGN_TENANT, 200),
        ("users/list", json!({"filter": {}, "page": page}), WITHIN_REACH, 200),
        ("users/get", json!({"id": seen}), WITHIN_REACH, 200),
        ("users/revoke-sessions", json!({"id": foreign}), FOREIGN_TENANT, 200),
        ("users/change", json!({"id": foreign, "action": "block", "version": 1}), FOREIGN_TENANT, 200),
        ("users/change", json!({"id": foreign, "action": "unblock", "version": 2}), FOREIGN_TENANT, 200),
        ("users/change", json!({"id": foreign, "action": "reactivate", "version": 3}), FOREIGN_TENANT, 200),
        ("users/change", json!({"id": foreign, "action": "delete", "version": 3}), FOREIGN_TENANT, 200),
        ("users/identity-links", json!({"id": seen}), WITHIN_REACH, 200),
        ("users/sessions", json!({"id": seen}), WITHIN_REACH, 200),
        ("users/remove-identity-link", json!({"id": seen, "link": nowhere}), [401, 403, 404, 403, 403], 404),
        ("users/revoke-session", json!({"session": nowhere}), [401, 403, 404, 403, 403], 404),
        ("sign-ins/list", json!({"filter": {}, "page": page}), WITHIN_REACH, 200),
        ("sign-ins/get", json!({"reference": "ABCDEFGHJK"}), [401, 403, 404, 404, 404], 404),
        (
            "sign-ins/statistics",
            json!({"filter": {"tenant": null, "provider": null, "since": 0, "until": 1, "period": "day"}}),
            WITHIN_REACH,
            200,
        ),
        ("sign-ins/admit", json!({"reference": "ABCDEFGHJK"}), [401, 403, 404, 403, 403], 404),
        ("sign-ins/begin-test", json!({"provider": lasting, "tenant": null}), FOREIGN_TENANT, 200),
        (
            "sign-ins/preview",
            json!({"provider": lasting, "tenant": null, "claims": "{}"}),
            [401, 403, 404, 200, 403],
            200,
        ),
        ("tenants/delete", json!({"id": other}), ADMIN_ONLY, 200),
        // What is no directory cannot be synchronised, and anyone who may not ask is reported so before.
        ("syncs/start", json!({"provider": lasting, "options": {}}), [401, 403, 404, 403, 403], 422),
        ("syncs/cancel", json!({"provider": lasting}), PLATFORM_PROVIDER, 200),
        ("syncs/overview", json!({"provider": lasting}), [401, 403, 404, 200, 200], 200),
        ("syncs/log", json!({"provider": lasting, "id": nowhere}), [401, 403, 404, 404, 404], 404),
        ("syncs/logs", json!({"provider": lasting, "page": page}), [401, 403, 404, 200, 200], 200),
        (
            "syncs/entries",
            json!({"provider": lasting, "id": nowhere, "filter": {}, "page": page}),
            [401, 403, 404, 404, 404],
            404,
        ),
        // Who is in which group is reported of users, so support does not see it.
        ("syncs/groups", json!({"provider": lasting, "search": "", "page": page}), [401, 403, 404, 200, 403], 200),
        ("audit/list", json!({"filter": {}, "page": page}), WITHIN_REACH, 200),
        ("tokens/list", json!({"page": page}), ADMIN_ONLY, 200),
        ("tokens/create", json!({"new": {"name": "x", "grant": reader, "lifetime_seconds": null}}), ADMIN_ONLY, 200),
        ("tokens/revoke", json!({"id": token}), ADMIN_ONLY, 200),
        ("administrators/list", json!({"page": page}), ADMIN_ONLY, 200),
        ("administrators/create", json!({"form": admin}), ADMIN_ONLY, 200),
        ("administrators/set-grant", json!({"id": person, "grant": reader, "version": 1}), ADMIN_ONLY, 200),
        ("administrators/delete", json!({"id": person}), ADMIN_ONLY, 200),
        ("session/list", json!({}), OWN(200), 200),
        ("session/revoke", json!({"id": nowhere}), OWN(404), 404),
        ("session/change-password", json!({"current": "wrong", "new": "another long password"}), OWN(422), 422),
        ("slugs/suggest", json!({"name": "café"}), OWN(200), 200),
        // The last one: it ends the session that it is called in.
        ("session/sign-out", json!({}), OWN(200), 200),
    ]
}

#[tokio::test]
async fn every_server_function_refuses_who_may_not_call_it() {
    let app = TestApp::start().await;
    let admin = app.signed_in(Role::PlatformAdmin).await;
    let mut callers = vec![("nobody".to_owned(), Visitor::default())];
    for role in ROLES {
        callers.push((role.as_str().to_owned(), app.signed_in(role).await));
    }
    let name = admin.cookie.as_deref().and_then(|cookie| cookie.split_once('=')).expect("a cookie").0.to_owned();
    let bad = Visitor { cookie: Some(format!("{name}=bad")), ..Visitor::default() };
    let table = functions(&app).await;

    let registered: BTreeSet<String> = server_fn::axum::server_fn_paths()
        .map(|(path, method)| {
            assert_eq!(method, axum::http::Method::POST, "{path}");
            path.trim_start_matches("/_ui/fn/").to_owned()
        })
        .collect();
    let listed: BTreeSet<String> = table.iter().map(|(endpoint, ..)| (*endpoint).to_owned()).collect();
    assert_eq!(registered, listed);

    for (endpoint, arguments, expected, by_admin) in &table {
        for ((who, visitor), status) in callers.iter().zip(expected) {
            let answer = app.call(visitor, endpoint, arguments.clone()).await;
            // Being slowed down after too many attempts is another test's matter.
            app.clock.advance(20);
            assert_eq!(answer.status, *status, "{endpoint} by {who}: {}", answer.text());
        }
        // A bad cookie is worth as much as none.
        let answer = app.call(&bad, endpoint, arguments.clone()).await;
        app.clock.advance(20);
        assert_eq!(answer.status, expected[0], "{endpoint} with a bad cookie: {}", answer.text());
        let token = app.token(Role::PlatformAdmin).await;
        let request = app.function(&Visitor::default(), endpoint).header("authorization", format!("Bearer {token}"));
        let request = request.body(Body::from(arguments.to_string())).expect("a request");
        let answer = app.send(request, PEER).await;
        app.clock.advance(20);
        assert_eq!(answer.status, expected[0], "{endpoint} with an API token: {}", answer.text());
        let answer = app.call(&admin, endpoint, arguments.clone()).await;
        assert_eq!(answer.status, *by_admin, "{endpoint} by a platform administrator: {}", answer.text());
        app.clock.advance(20);
    }
    // Anyone who was refused has left no trace beside the refusals.
    let page = vestibule::domain::page::PageRequest { offset: 0, limit: 1000 };
    let log = app.services.audit.list(&Actor::operator(), &Default::default(), page).await.expect("the log");
    let own = ["operator", "platform_admin@example.com"];
    for entry in log.items.iter().filter(|entry| !own.contains(&entry.actor.as_str())) {
        use vestibule::domain::audit::AuditAction::{SignInFailed, SignedIn, SignedOut};
        assert!(matches!(entry.action, SignInFailed | SignedIn | SignedOut), "{entry:?}");
    }
}

/// A route: its pattern, a method, an address, a body, and what nobody, a bad token, each of the lesser roles and a
/// platform administrator are answered.
type Route = (&'static str, &'static str, String, Option<Value>, [u16; 7]);

/// Waldur's public reads: a credential that is no good is refused all the same.
const READ: [u16; 7] = [200, 401, 200, 200, 200, 200, 200];
/// What only staff may do; the last column stands apart.
const fn staff(status: u16) -> [u16; 7] {
    [401, 401, 403, 403, 403, 403, status]
}
/// What looks at no credential.
const fn open(status: u16) -> [u16; 7] {
    [status; 7]
}

/// AVEVA's operations by whom its documentation allows them.
const ANYBODY_WITH_A_ROLE: [u16; 7] = [401, 401, 403, 200, 200, 200, 200];
const CLUSTER_OPERATOR: [u16; 7] = [401, 401, 403, 403, 200, 403, 200];
/// An administrator of the tenant first, of the platform after that.
const fn account_administrator(first: u16, second: u16) -> [u16; 7] {
    [401, 401, 403, first, 403, 403, second]
}

async fn routes(app: &TestApp) -> Vec<Route> {
    // Waldur's rows delete the first one.
    app.create("Okta").await;
    let linked = app.create("Linked").await.id;
    let mut routes = waldur_and_operations(app);
    routes.extend(aveva(&linked.to_string()));
    routes.extend(scaikey(&prepare(app).await));
    routes
}

fn aveva(provider: &str) -> Vec<Route> {
    const ALL: &str = "/api/IdentityProvider/";
    const ONE: &str = "/api/IdentityProvider/{provider}";
    const BY_SCHEME: &str = "/api/IdentityProvider/schemes/{scheme}";
    const OF_TENANT: &str = "/api/Tenants/{tenant}/IdentityProvider/";
    const LINK: &str = "/api/Tenants/{tenant}/IdentityProvider/{provider}";
    let one = format!("/api/IdentityProvider/{provider}");
    let link = format!("/api/Tenants/default/IdentityProvider/{provider}");
    let route = |pattern, method, path: &str, answers| (pattern, method, path.to_owned(), None, answers);
    vec![
        route(ALL, "GET", ALL, CLUSTER_OPERATOR),
        route(ALL, "HEAD", ALL, CLUSTER_OPERATOR),
        route(ONE, "GET", &one, ANYBODY_WITH_A_ROLE),
        route(BY_SCHEME, "GET", "/api/IdentityProvider/schemes/linked", CLUSTER_OPERATOR),
        route("/api/IdentityProvider/{provider}/{*rest}", "GET", &format!("{one}/more"), open(404)),
        route(OF_TENANT, "GET", "/api/Tenants/default/IdentityProvider/", ANYBODY_WITH_A_ROLE),
        route(LINK, "POST", &link, account_administrator(201, 201)),
        route(LINK, "GET", &link, ANYBODY_WITH_A_ROLE),
        route(LINK, "DELETE", &link, account_administrator(204, 404)),
        route("/api/Tenants/{tenant}/IdentityProvider/{provider}/{*rest}", "GET", &format!("{link}/more"), open(404)),
    ]
}

/// What the rows of ScaiKey's routes are about.
struct Prepared {
    /// A provider of the platform.
    provider: String,
    tenant: String,
    /// A provider of that tenant.
    owned: String,
    mapping: String,
    group: String,
    user: String,
}

async fn prepare(app: &TestApp) -> Prepared {
    use vestibule::{
        domain::{
            group::{NewGroup, NewGroupMapping},
            tenant::{NewTenant, TenantStatus},
        },
        service::TenantRef,
    };
    let operator = Actor::operator();
    let provider = app.create("Swept").await.id;
    let new = NewTenant { slug: None, name: "Swept".to_owned(), partner: None, status: TenantStatus::Active };
    let tenant = app.services.tenants.create(&operator, new).await.expect("a tenant").id;
    let owned = app.create_for(tenant, "Owned").await.id;
    let new = NewGroup { tenant, name: "Swept".to_owned(), description: None };
    let group = app.services.groups.create(&operator, new).await.expect("a group").id;
    let new = NewGroupMapping {
        claim: None,
        external_group_id: "swept".to_owned(),
        external_group_name: None,
        internal_group_id: "swept".to_owned(),
    };
    let mapping = app.services.group_mappings.create(&operator, &TenantRef::Id(tenant), owned, new).await;
    Prepared {
        provider: provider.prefixed(),
        tenant: tenant.prefixed(),
        owned: owned.prefixed(),
        mapping: mapping.expect("a mapping").id.prefixed(),
        group: group.prefixed(),
        user: app.database.insert_user(tenant, "swept").await.prefixed(),
    }
}

/// Reads of what is not the own tenant's.
const SCAIKEY_READ: [u16; 7] = [401, 401, 403, 404, 200, 403, 200];
/// Lists, which hold what is within reach.
const SCAIKEY_LIST: [u16; 7] = [401, 401, 403, 200, 200, 403, 200];
/// Changes of what is not the own tenant's; the last column stands apart.
const fn scaikey_write(status: u16) -> [u16; 7] {
    [401, 401, 403, 404, 403, 403, status]
}

/// ScaiKey's routes. Callers with a role for a tenant have it for another one than the rows are about.
fn scaikey(prepared: &Prepared) -> Vec<Route> {
    const PROVIDERS: &str = "/api/v1/admin/identity-providers/";
    const PROVIDER: &str = "/api/v1/admin/identity-providers/{idp_id}";
    const TENANTS: &str = "/api/v1/admin/tenants/";
    const TENANT: &str = "/api/v1/admin/tenants/{tenant_id}";
    const GROUPS: &str = "/api/v1/admin/groups/";
    const GROUP: &str = "/api/v1/admin/groups/{group_id}";
    const OWN_PROVIDERS: &str = "/api/v1/tenants/{tenant_id}/identity-providers/";
    const OWN_PROVIDER: &str = "/api/v1/tenants/{tenant_id}/identity-providers/{idp_id}";
    const MAPPINGS: &str = "/api/v1/tenants/{tenant_id}/identity-providers/{idp_id}/group-mappings";
    const MAPPING: &str = "/api/v1/tenants/{tenant_id}/identity-providers/{idp_id}/group-mappings/{mapping_id}";
    const USERS: &str = "/api/v1/admin/users/";
    const USER: &str = "/api/v1/admin/users/{user_id}";
    const SIGN_INS: &str = "/api/v1/admin/sign-ins/";
    const SIGN_IN: &str = "/api/v1/admin/sign-ins/{reference}";
    const SIGN_IN_ADMIT: &str = "/api/v1/admin/sign-ins/{reference}/admit";
    const SIGN_IN_TEST: &str = "/api/v1/admin/sign-ins/test/{idp_id}";
    let Prepared { provider, tenant, owned, mapping, group, user } = prepared;
    let at = |pattern: &str, id: &str| -> String {
        let path = pattern.replace("{group_id}", group).replace("{mapping_id}", mapping).replace("{log_id}", "slg_1");
        let path = path.replace("{user_id}", user);
        path.replace("{tenant_id}", tenant).replace("{idp_id}", id)
    };
    let row = |pattern: &'static str, method: &'static str, id: &str, body: Option<Value>, expected: [u16; 7]| {
        (pattern, method, at(pattern, id), body, expected)
    };
    let openid = json!({
        "name": "New", "protocol": "OIDC", "oidc_config": {"issuer": "https://id.example", "client_id": "client"},
    });
    let pair = json!({"external_group_id": "a", "internal_group_id": "b"});
    const SYNC: &str = "/api/v1/admin/identity-providers/{idp_id}/sync";
    const LOGS: &str = "/api/v1/admin/identity-providers/{idp_id}/sync-logs";
    const LOG: &str = "/api/v1/admin/identity-providers/{idp_id}/sync-logs/{log_id}";
    const TEST: &str = "/api/v1/admin/identity-providers/{idp_id}/test";
    const OWN_TEST: &str = "/api/v1/tenants/{tenant_id}/identity-providers/{idp_id}/test";
    vec![
        row(PROVIDERS, "GET", provider, None, SCAIKEY_LIST),
        row(PROVIDERS, "POST", provider, Some(openid.clone()), [401, 401, 403, 403, 403, 403, 201]),
        row(PROVIDER, "GET", provider, None, SCAIKEY_READ),
        row(PROVIDER, "PATCH", provider, Some(json!({})), scaikey_write(200)),
        row(SYNC, "POST", provider, None, scaikey_write(400)),
        row(LOGS, "GET", provider, None, SCAIKEY_READ),
        row(LOG, "GET", provider, None, [401, 401, 403, 404, 404, 403, 404]),
        row(TEST, "POST", provider, None, scaikey_write(200)),
        row(SIGN_IN_TEST, "POST", provider, None, scaikey_write(200)),
        row(PROVIDER, "DELETE", provider, None, scaikey_write(204)),
        row(OWN_PROVIDERS, "GET", owned, None, SCAIKEY_READ),
        row(OWN_PROVIDERS, "POST", owned, Some(openid), scaikey_write(201)),
        row(OWN_PROVIDER, "GET", owned, None, SCAIKEY_READ),
        row(OWN_PROVIDER, "PATCH", owned, Some(json!({})), scaikey_write(200)),
        row(MAPPINGS, "GET", owned, None, SCAIKEY_READ),
        row(MAPPINGS, "POST", owned, Some(pair), scaikey_write(201)),
        row(MAPPING, "DELETE", owned, None, scaikey_write(204)),
        row(OWN_TEST, "POST", owned, None, scaikey_write(200)),
        row(OWN_PROVIDER, "DELETE", owned, None, scaikey_write(204)),
        row(GROUPS, "GET", owned, None, SCAIKEY_LIST),
        row(GROUPS, "POST", owned, Some(json!({"tenant_id": tenant, "name": "New"})), scaikey_write(201)),
        row(GROUP, "GET", owned, None, SCAIKEY_READ),
        row(GROUP, "PATCH", owned, Some(json!({})), scaikey_write(200)),
        row(GROUP, "DELETE", owned, None, scaikey_write(204)),
        row(USERS, "GET", owned, None, SCAIKEY_LIST),
        row(USER, "GET", owned, None, SCAIKEY_READ),
        row(USER, "PATCH", owned, Some(json!({"blocked": true})), scaikey_write(200)),
        row(SIGN_INS, "GET", owned, None, SCAIKEY_LIST),
        row(SIGN_IN, "GET", owned, None, [401, 401, 403, 404, 404, 404, 404]),
        row(SIGN_IN_ADMIT, "POST", owned, None, [401, 401, 403, 404, 403, 403, 404]),
        row(TENANTS, "GET", owned, None, SCAIKEY_LIST),
        row(TENANTS, "POST", owned, Some(json!({"name": "New"})), [401, 401, 403, 403, 403, 403, 201]),
        row(TENANT, "GET", owned, None, SCAIKEY_READ),
        row(TENANT, "PATCH", owned, Some(json!({})), [401, 401, 403, 403, 403, 403, 200]),
        row(TENANT, "DELETE", owned, None, [401, 401, 403, 403, 403, 403, 204]),
        ("/api/v1/{*rest}", "GET", "/api/v1/nothing".to_owned(), None, open(404)),
    ]
}

fn waldur_and_operations(app: &TestApp) -> Vec<Route> {
    const LIST: &str = "/api/identity-providers/";
    const ONE: &str = "/api/identity-providers/{provider}/";
    const DISCOVER: &str = "/api/identity-providers/discover_metadata/";
    const GENERATE: &str = "/api/identity-providers/generate-mapping/";
    let address = json!({"discovery_url": app.openid.discovery_url()});
    let provider = |key: &str| {
        json!({
            "provider": key, "client_id": "client", "client_secret": "secret", "label": key,
            "discovery_url": app.openid.discovery_url(),
        })
    };
    let routes = [
        // Providers read it without signing in; this one is no SAML provider.
        ("/saml/metadata/{provider}", "GET", "/saml/metadata/x", None, open(404)),
        // Credentials of callers are not looked at. No provider is set up, and no browser started a sign-in.
        ("/login", "GET", "/login", None, open(404)),
        ("/login/test", "GET", "/login/test?ticket=x", None, open(403)),
        ("/callback/{provider}", "GET", "/callback/00000000-0000-4000-8000-000000000000", None, open(403)),
        ("/callback/{provider}", "POST", "/callback/00000000-0000-4000-8000-000000000000", Some(json!({})), open(415)),
        // No page of the instance's own sent it.
        ("/logout", "POST", "/logout", None, open(403)),
        ("/healthz", "GET", "/healthz", None, open(200)),
        ("/readyz", "GET", "/readyz", None, open(200)),
        ("/metrics", "GET", "/metrics", None, open(200)),
        ("/api/openapi/{name}", "GET", "/api/openapi/waldur.json", None, open(200)),
        ("/api/docs/", "GET", "/api/docs/", None, open(200)),
        ("/api/docs/{name}", "GET", "/api/docs/waldur", None, open(200)),
        // Sessions are looked at here and tokens are not; what each role may is a test of its own.
        ("/_ui/connection-tests", "POST", "/_ui/connection-tests", Some(json!({})), open(401)),
        ("/api/identity-providers", "GET", "/api/identity-providers", None, open(301)),
        ("/api/identity-providers/{provider}", "GET", "/api/identity-providers/okta", None, open(301)),
        (LIST, "GET", LIST, None, READ),
        (LIST, "HEAD", LIST, None, READ),
        (LIST, "POST", LIST, Some(provider("new")), staff(201)),
        (ONE, "GET", "/api/identity-providers/okta/", None, READ),
        (ONE, "PUT", "/api/identity-providers/okta/", Some(provider("okta")), staff(200)),
        (ONE, "PATCH", "/api/identity-providers/okta/", Some(json!({"label": "Other"})), staff(200)),
        (ONE, "DELETE", "/api/identity-providers/okta/", None, staff(204)),
        (DISCOVER, "POST", DISCOVER, Some(address.clone()), staff(200)),
        (GENERATE, "POST", GENERATE, Some(address), staff(200)),
        // What there is to do is written in the documentation as well.
        (LIST, "OPTIONS", LIST, None, open(200)),
        (ONE, "OPTIONS", "/api/identity-providers/okta/", None, open(200)),
        (DISCOVER, "OPTIONS", DISCOVER, None, open(200)),
        (GENERATE, "OPTIONS", GENERATE, None, open(200)),
        ("/api/identity-providers/{provider}/{*rest}", "GET", "/api/identity-providers/okta/more/", None, open(404)),
    ];
    routes.map(|(pattern, method, path, body, answers)| (pattern, method, path.to_owned(), body, answers)).into()
}

#[tokio::test]
async fn every_route_refuses_who_may_not_take_it() {
    let app = TestApp::start().await;
    let mut callers = vec![("nobody", None), ("a bad token", Some("Bearer vst_bad".to_owned()))];
    for role in ROLES.into_iter().chain([Role::PlatformAdmin]) {
        callers.push((role.as_str(), Some(format!("Bearer {}", app.token(role).await))));
    }
    let table = routes(&app).await;
    let listed: BTreeSet<&str> = table.iter().map(|(pattern, ..)| *pattern).collect();
    assert_eq!(patterns_in_sources(), listed.into_iter().map(str::to_owned).collect());
    for (_, method, path, body, expected) in &table {
        for ((who, authorization), status) in callers.iter().zip(expected) {
            let mut request = Request::builder().method(*method).uri(app.path(path));
            if let Some(value) = authorization {
                request = request.header("authorization", value);
            }
            let request = match body {
                Some(body) => request.header("content-type", "application/json").body(Body::from(body.to_string())),
                None => request.body(Body::empty()),
            };
            let answer = app.send(request.expect("a request"), PEER).await;
            assert_eq!(answer.status, *status, "{method} {path} by {who}: {}", answer.text());
        }
    }
}

#[tokio::test]
async fn no_method_of_a_route_is_forgotten() {
    let app = TestApp::start().await;
    let table = routes(&app).await;
    let paths: BTreeSet<&str> = table.iter().map(|(_, _, path, ..)| path.as_str()).collect();
    let token = format!("Bearer {}", app.token(Role::TenantMember).await);
    for path in paths {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"] {
            if table.iter().any(|(_, listed, at, ..)| *listed == method && at == path) {
                continue;
            }
            let request = Request::builder().method(method).uri(app.path(path)).header("authorization", &token);
            let answer = app.send(request.body(Body::empty()).expect("a request"), PEER).await;
            assert!(matches!(answer.status, 301 | 307 | 403 | 404 | 405), "{method} {path}: {}", answer.status);
        }
    }
}

/// The patterns of all routes that the sources name as literals. The one of server functions is made from a prefix, and
/// what it leads to is the other table's matter.
pub(crate) fn patterns_in_sources() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut made = 0;
    let mut waiting = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(std::fs::read_dir(path).expect("a folder").filter_map(Result::ok).map(|entry| entry.path()));
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a source");
        for rest in text.split(".route(").skip(1) {
            match rest.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"')) {
                Some((pattern, _)) => {
                    found.insert(pattern.to_owned());
                }
                None => made += 1,
            }
        }
    }
    assert_eq!(made, 1, "a route is neither a literal nor the one of server functions");
    found
}
