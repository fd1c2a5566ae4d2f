//! What a discovery document promises, and how often it and the keys are asked for.

use std::rc::Rc;

use serde_json::{Value, json};
use tokio::task::{JoinSet, LocalSet};
use vestibule::domain::{
    actor::Actor,
    provider::{ConfigInput, DiscoveryDemand, OidcEndpoints},
};

use super::{
    browser::{Browser, Place, new_provider},
    provider::{KEYS, SigningProvider, TOKEN},
};

/// A provider with another document.
async fn publishing(change: impl Fn(&mut Value) + Send + 'static) -> Place {
    let openid = SigningProvider::start().await;
    openid.document(change);
    Place::new().await.at(openid, "Other").await
}

async fn sign_in(place: &Place, further: &[(&str, &str)]) -> u16 {
    let mut browser = Browser::default();
    let mut callback = browser.begin(place, "provider=other").await;
    callback.extend(further.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    browser.finish(place, &callback).await.status
}

async fn rediscover(place: &Place) {
    let providers = &place.app.services.providers;
    let version =
        providers.preview_rediscovery(&Actor::operator(), place.provider.id).await.expect("a preview").version;
    providers.rediscover(&Actor::operator(), place.provider.id, version).await.expect("a discovery");
}

#[tokio::test]
async fn a_callback_names_its_issuer_where_the_document_promises_it() {
    let place = publishing(|document| document["authorization_response_iss_parameter_supported"] = json!(true)).await;
    let issuer = place.openid.issuer();
    assert_eq!(sign_in(&place, &[("iss", &issuer)]).await, 303);
    let before = place.openid.token_requests();
    for (further, reason) in [
        (vec![], "the callback names no issuer (iss), which the provider's discovery document promises"),
        (vec![("iss", format!("{issuer}/"))], "the callback comes from the issuer"),
        (vec![("iss", String::new())], "the callback comes from the issuer"),
        (vec![("error", "access_denied".to_owned())], "the callback names no issuer (iss)"),
        (vec![("iss", issuer.clone()), ("iss", issuer.clone())], "the callback has iss twice"),
    ] {
        let further: Vec<_> = further.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(sign_in(&place, &further).await, 403, "{further:?}");
        place.check_reason(reason);
    }
    assert_eq!(place.openid.token_requests(), before, "nothing is asked of a provider that may be another one");
    // The document stops promising it.
    place.openid.document(|_| {});
    rediscover(&place).await;
    assert_eq!(sign_in(&place, &[]).await, 303);
}

#[tokio::test]
async fn without_a_list_the_algorithms_of_the_document_are_accepted() {
    for (listed, is_accepted) in [
        (json!(["ES256", "RS256"]), true),
        (json!(["ES256", "PS256"]), false),
        // Nothing that is supported here.
        (json!(["HS256", "ES512", "none"]), true),
        (Value::Null, true),
    ] {
        let list = listed.clone();
        let place = publishing(move |document| {
            document["id_token_signing_alg_values_supported"] = list.clone();
        })
        .await;
        assert_eq!(sign_in(&place, &[]).await == 303, is_accepted, "{listed}");
        if !is_accepted {
            place.check_reason("is signed with RS256, which is not allowed");
        }
    }
}

#[tokio::test]
async fn a_hundred_sign_ins_at_once_ask_for_the_keys_once_and_for_no_document() {
    let place = Place::new().await;
    let [documents, keys] = [place.openid.discovery_requests(), place.openid.key_requests()];
    let place = Rc::new(place);
    let mut running = JoinSet::new();
    let local = LocalSet::new();
    for _ in 0..100 {
        let place = place.clone();
        running.spawn_local_on(
            async move {
                let mut browser = Browser::default();
                let callback = browser.begin(&place, "").await;
                browser.finish(&place, &callback).await.status
            },
            &local,
        );
    }
    for status in local.run_until(running.join_all()).await {
        assert_eq!(status, 303, "{}", place.logged());
    }
    assert_eq!(place.openid.discovery_requests(), documents);
    assert_eq!(place.openid.key_requests(), keys + 1);
    assert_eq!((place.openid.token_requests(), place.openid.user_info_requests()), (100, 0));
}

#[tokio::test]
async fn settings_entered_by_hand_need_no_document() {
    let place = Place::new().await;
    let openid = SigningProvider::start().await;
    let mut new = new_provider(&place.app, &openid, "Other");
    if let ConfigInput::Oidc(oidc) = &mut new.config {
        oidc.demand = DiscoveryDemand::Later;
        oidc.discovery_url = openid.issuer();
        let at = |path: &str| Some(format!("{}{path}", openid.issuer()));
        oidc.overrides = OidcEndpoints {
            authorization: at("/authorize"),
            token: at(TOKEN),
            jwks: at(KEYS),
            ..OidcEndpoints::default()
        };
    }
    let place = place.with_provider(openid, new).await;
    assert_eq!(sign_in(&place, &[]).await, 303, "{}", place.logged());
    assert_eq!((place.openid.discovery_requests(), place.openid.key_requests()), (0, 1));
}
