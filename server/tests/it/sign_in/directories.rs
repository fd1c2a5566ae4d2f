//! People who sign in before a directory has them.

use serde_json::json;
use vestibule::{
    Secret,
    domain::{
        actor::Actor,
        mapping::UserMapping,
        provider::{ConfigInput, LdapConfig, LinkExisting, NewProvider},
        sync::{EntryCode, SyncEntryFilter, SyncMode, SyncOptions, WantedMode},
    },
};

use super::browser::{Browser, Place};
use crate::support::{
    ALL,
    app::oidc_provider,
    slapd::{READER, READER_PASSWORD, SUFFIX, Slapd},
};

/// A directory of the platform, whose only person has a user name and an address.
fn directory(slapd: &Slapd, link_existing: LinkExisting) -> NewProvider {
    let mut config = LdapConfig {
        urls: vec![format!("ldap://127.0.0.1:{}", slapd.port())],
        bind_dn: Some(READER.to_owned()),
        bind_password: Some(Secret::new(READER_PASSWORD)),
        base_dn: SUFFIX.to_owned(),
        ..LdapConfig::default()
    };
    config.sync.link_existing = link_existing;
    NewProvider {
        config: ConfigInput::Ldap(Box::new(config.into())),
        mapping: UserMapping::default(),
        ..oidc_provider("Directory", String::new())
    }
}

/// Somebody signs in with the unverified address or the name of the managing director before the directory is read.
#[tokio::test]
async fn directories_take_over_no_user_who_signs_in() {
    for (link_existing, sub, email, code) in [
        (LinkExisting::Email, "eve", "ceo@corp.example", EntryCode::EmailTaken),
        (LinkExisting::Username, "ceo", "eve@evil.example", EntryCode::UsernameTaken),
    ] {
        let place = Place::new().await;
        place.openid.claims(move |claims| {
            claims["sub"] = json!(sub);
            claims["email"] = json!(email);
            claims["email_verified"] = json!(false);
        });
        let mut browser = Browser::default();
        assert_eq!(browser.sign_in(&place, "").await.status, 303);
        let slapd = Slapd::setup()
            .entries(&format!(
                "dn: uid=ceo,{SUFFIX}\nobjectClass: inetOrgPerson\nuid: ceo\ncn: Carla\nsn: Ceo\nmail: ceo@corp.example\n"
            ))
            .start();
        let provider = place.app.create_new(directory(&slapd, link_existing)).await.expect("a provider");
        let syncs = &place.app.services.syncs;
        for dry_run in [true, false] {
            let options = SyncOptions { mode: WantedMode::Full, dry_run, confirmed_vanished: None };
            let log = syncs.start(&Actor::operator(), provider.id, options).await.expect("a log");
            assert_eq!((log.mode, log.users.failed, log.users.updated), (SyncMode::Full, 1, 0), "{log:?}");
            let filter = SyncEntryFilter { code: Some(code), ..SyncEntryFilter::default() };
            let entries =
                syncs.list_entries(&Actor::operator(), provider.id, log.id, filter, ALL).await.expect("entries");
            let message = entries.items[0].message.as_deref().unwrap_or_default();
            assert!(
                message.contains("signs in with an identity provider, so no entry takes the user over"),
                "{message}"
            );
        }
        let [user] = &place.users().await[..] else { panic!("one user") };
        assert_eq!((user.profile.username.as_str(), user.profile.email.as_deref()), (sub, Some(email)));
        assert!(!user.email_verified);
    }
}
