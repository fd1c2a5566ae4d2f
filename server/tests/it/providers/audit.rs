//! The audit log: who, what, from where, which fields; written with the change or not at all.

use std::{sync::Arc, task::Poll};

use serde_json::json;
use vestibule::{
    Secret,
    domain::{
        actor::{Actor, Role},
        audit::{AuditAction, AuditEvent, AuditFilter, AuditObject, FieldChange},
        patch::Patch,
        provider::{OidcPatch, ProviderPatch},
    },
    service::ProviderRef,
};

use crate::support::{ALL, TestApp, Visitor};

async fn log(app: &TestApp, filter: AuditFilter) -> Vec<AuditEvent> {
    app.services.audit.list(&Actor::operator(), &filter, ALL).await.expect("the log").items
}

#[tokio::test]
async fn an_entry_tells_who_did_what_to_what_from_where() {
    let app = TestApp::start().await;
    let provider = app.create("Okta").await;
    app.clock.advance(5);
    let ada = app.signed_in(Role::PlatformAdmin).await;
    let arguments = json!({"id": provider.id, "version": 1, "change": {"label": "Okta (Acme)", "enabled": false}});
    app.call(&ada, "providers/update", arguments).await.expect(200);
    let filter = AuditFilter { object_id: Some(provider.id.to_string()), ..AuditFilter::default() };
    let entries = log(&app, filter).await;
    assert_eq!(entries.len(), 2);
    let entry = &entries[0];
    assert_eq!(entry.actor, "platform_admin@example.com");
    assert_eq!((entry.action, entry.object), (AuditAction::Disabled, AuditObject::Provider));
    assert_eq!(entry.object_name, "Okta (Acme)");
    assert_eq!(entry.address.as_deref(), Some("192.0.2.1"));
    assert_eq!(entry.at, provider.created_at.plus_seconds(5));
    let change = |field: &str, before: &str, after: &str| FieldChange {
        field: field.to_owned(),
        before: Some(before.to_owned()),
        after: Some(after.to_owned()),
    };
    assert_eq!(entry.changes, [change("name", "Okta", "Okta (Acme)"), change("enabled", "true", "false")]);
}

#[tokio::test]
async fn a_changed_secret_is_named_and_not_shown() {
    let app = TestApp::start().await;
    let provider = app.create("Okta").await;
    let patch = |secret| ProviderPatch {
        oidc: Some(OidcPatch { client_secret: secret, ..OidcPatch::default() }),
        ..ProviderPatch::default()
    };
    app.update(&provider, patch(Patch::Set(Secret::new("another")))).await.expect("a change");
    app.update(&provider, patch(Patch::Set(Secret::new("another")))).await.expect("no change");
    app.update(&provider, patch(Patch::Clear)).await.expect("a change");
    let filter = AuditFilter { object: Some(AuditObject::Provider), ..AuditFilter::default() };
    let changes: Vec<_> = log(&app, filter).await.into_iter().map(|entry| entry.changes).collect();
    let hidden = FieldChange::hidden("client_secret");
    assert_eq!(changes[..2], [vec![hidden.clone()], vec![hidden.clone()]]);
    assert_eq!(changes.len(), 3, "a secret that was stored already is no change");
    assert!(changes[2].contains(&hidden));
}

#[tokio::test]
async fn each_thing_that_is_managed_leaves_entries() {
    let app = TestApp::start().await;
    let admin = app.signed_in(Role::PlatformAdmin).await;
    app.call(&Visitor::default(), "session/sign-in", json!({"email": "x@example.com", "password": "wrong"}))
        .await
        .expect(422);
    let token = json!({"new": {"name": "ci", "grant": {"role": "platform_reader", "tenant": null, "partner": null}, "lifetime_seconds": null}});
    let token = app.call(&admin, "tokens/create", token).await.expect(200);
    app.call(&admin, "tokens/revoke", json!({"id": token["token"]["id"]})).await.expect(200);
    let provider = app.create("Okta").await;
    app.services.providers.delete(&Actor::operator(), &ProviderRef::Id(provider.id)).await.expect("a deletion");
    app.call(&admin, "session/sign-out", json!({})).await.expect(200);
    let mut seen: Vec<_> =
        log(&app, AuditFilter::default()).await.into_iter().map(|entry| (entry.object, entry.action)).collect();
    seen.reverse();
    use AuditAction::{Created, Deleted, Revoked, SignInFailed, SignedIn, SignedOut};
    use AuditObject::{Administrator, Provider, Session, Token};
    assert_eq!(
        seen,
        [
            (Administrator, Created),
            (Session, SignedIn),
            (Session, SignInFailed),
            (Token, Created),
            (Token, Revoked),
            (Provider, Created),
            (Provider, Deleted),
            (Session, SignedOut),
        ]
    );
}

#[tokio::test]
async fn the_log_is_narrowed_by_person_and_kind() {
    let app = TestApp::start().await;
    app.signed_in(Role::PlatformAdmin).await;
    app.create("Okta").await;
    let actors = async |actor: &str| {
        let filter = AuditFilter { actor: Some(actor.to_owned()), ..AuditFilter::default() };
        log(&app, filter).await.into_iter().map(|entry| entry.actor).collect::<Vec<_>>()
    };
    assert_eq!(actors("PLATFORM_admin@").await, ["platform_admin@example.com"]);
    assert_eq!(actors("%").await, Vec::<String>::new());
    assert_eq!(actors("operator").await.len(), 2);
}

#[tokio::test]
async fn a_change_whose_entry_cannot_be_written_is_not_made() {
    let app = TestApp::start().await;
    let provider = app.create("Okta").await;
    app.database.execute("ALTER TABLE vestibule_audit_events RENAME TO gone").await;
    let patch = ProviderPatch { enabled: Some(false), ..ProviderPatch::default() };
    app.update(&provider, patch).await.expect_err("the entry cannot be written");
    app.services.providers.delete(&Actor::operator(), &ProviderRef::Id(provider.id)).await.expect_err("nor this one");
    app.create_new(app.new_provider("Keycloak")).await.expect_err("nor that one");
    app.database.execute("ALTER TABLE gone RENAME TO vestibule_audit_events").await;
    let stored = app.services.providers.get(&Actor::operator(), &ProviderRef::Id(provider.id)).await;
    assert_eq!(stored, Ok(provider));
    assert_eq!(app.services.catalogue.list(ALL).await.map(|page| page.items.len()), Ok(1));
}

#[tokio::test]
async fn entries_are_removed_when_their_time_is_over() {
    let app = TestApp::start().await;
    app.create("Old").await;
    app.clock.advance(30 * 24 * 60 * 60);
    app.create("New").await;
    assert_eq!(log(&app, AuditFilter::default()).await.len(), 2);
    let app = Arc::new(app);
    // Housekeeping never ends; it is polled until its first round has shown.
    let mut housekeeping = std::pin::pin!(app.vestibule.housekeeping(29));
    loop {
        let pending = std::future::poll_fn(|context| Poll::Ready(housekeeping.as_mut().poll(context).is_pending()));
        assert!(pending.await, "housekeeping goes on");
        let names: Vec<_> =
            log(&app, AuditFilter::default()).await.into_iter().map(|entry| entry.object_name).collect();
        if names.len() < 2 {
            assert_eq!(names, ["New"]);
            break;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn somebody_is_found_by_a_part_of_the_name_in_any_letter_case() {
    let app = TestApp::start().await;
    let provider = app.create("Okta").await;
    let grant = vestibule::domain::actor::Grant::platform(Role::PlatformAdmin);
    let actor = crate::support::app::host_actor("Jörg Müller", grant);
    app.services.providers.delete(&actor, &ProviderRef::Id(provider.id)).await.expect("a deletion");
    for (part, found) in [("müll", 1), ("JÖRG", 1), ("OPERATOR", 1), ("%", 0)] {
        let filter = AuditFilter { actor: Some(part.to_owned()), ..AuditFilter::default() };
        assert_eq!(log(&app, filter).await.len(), found, "{part}");
    }
}
