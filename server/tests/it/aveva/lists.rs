//! Lists: of every provider, and of a tenant's.

use vestibule::domain::provider::ProviderPatch;

use super::api::{Api, refusal, schemes, shown};

#[tokio::test]
async fn the_list_holds_everybodys_providers_in_the_order_of_their_creation() {
    let api = Api::start().await;
    let first = api.app.create("Zebra").await;
    api.app.clock.advance(1);
    let second = api.app.create_for(api.a, "Ant").await;
    let answer = api.call("GET", "/api/IdentityProvider/").await;
    assert_eq!(answer.expect(200), serde_json::json!([shown(&first, "sub"), shown(&second, "sub")]));
    assert_eq!(answer.header("total-count"), Some("2"));
    assert_eq!(answer.header("content-type"), Some("application/json"));
}

#[tokio::test]
async fn an_empty_list_is_an_empty_array() {
    let api = Api::start().await;
    for path in ["/api/IdentityProvider/", "/api/Tenants/a/IdentityProvider/"] {
        let answer = api.call("GET", path).await;
        answer.expect(200);
        assert_eq!((answer.text(), answer.header("total-count")), ("[]", Some("0")), "{path}");
    }
}

#[tokio::test]
async fn skip_and_count_page_both_lists() {
    let api = Api::start().await;
    for name in ["p1", "p2", "p3", "p4"] {
        let provider = api.app.create(name).await;
        api.add("a", &provider).await;
        api.app.clock.advance(1);
    }
    for list in ["/api/IdentityProvider/", "/api/Tenants/a/IdentityProvider/"] {
        for (query, expected) in [
            ("", vec!["p1", "p2", "p3", "p4"]),
            ("?skip=1&count=2", vec!["p2", "p3"]),
            ("?skip=3", vec!["p4"]),
            ("?skip=4", vec![]),
            ("?count=0", vec![]),
            ("?Count=1", vec!["p1"]),
            ("?query=p3", vec!["p1", "p2", "p3", "p4"]),
            ("?query=&skip=0&count=100", vec!["p1", "p2", "p3", "p4"]),
        ] {
            let answer = api.call("GET", &format!("{list}{query}")).await;
            assert_eq!(schemes(&answer.expect(200)), expected, "{list}{query}");
            assert_eq!(answer.header("total-count"), Some("4"), "{list}{query}");
        }
    }
}

#[tokio::test]
async fn a_hundred_are_listed_unless_more_are_asked_for() {
    let api = Api::start().await;
    for number in 0..101 {
        api.app.create(&format!("p{number}")).await;
    }
    let answer = api.call("GET", "/api/IdentityProvider/").await;
    assert_eq!(schemes(&answer.expect(200)).len(), 100);
    assert_eq!(answer.header("total-count"), Some("101"));
    let answer = api.call("GET", "/api/IdentityProvider/?count=1000").await;
    assert_eq!(schemes(&answer.expect(200)).len(), 101);
}

#[tokio::test]
async fn numbers_out_of_bounds_are_invalid() {
    let api = Api::start().await;
    for list in ["/api/IdentityProvider/", "/api/Tenants/a/IdentityProvider/"] {
        for (query, reason) in [
            ("skip=-1", "skip must be a number of 0 or more."),
            ("skip=x", "skip must be a number of 0 or more."),
            ("skip=", "skip must be a number of 0 or more."),
            ("skip=2147483648", "skip must be a number of 0 or more."),
            ("count=1001", "count must be a number from 0 to 1000."),
            ("count=-1", "count must be a number from 0 to 1000."),
            ("count=1.5", "count must be a number from 0 to 1000."),
        ] {
            let answer = api.call("GET", &format!("{list}?{query}")).await;
            assert_eq!(refusal(&answer, 400, "Missing or invalid inputs."), reason, "{list}?{query}");
        }
    }
}

#[tokio::test]
async fn head_tells_the_size_of_a_list() {
    let api = Api::start().await;
    let okta = api.app.create("Okta").await;
    api.add("a", &okta).await;
    for list in ["/api/IdentityProvider/", "/api/Tenants/a/IdentityProvider/"] {
        let answer = api.call("HEAD", list).await;
        assert_eq!((answer.status, answer.header("total-count")), (200, Some("1")), "{list}");
        assert!(answer.body.is_empty());
        assert!(answer.header("operation-id").is_some());
    }
}

#[tokio::test]
async fn a_tenants_list_holds_its_own_and_linked_ones_enabled_or_not() {
    let api = Api::start().await;
    let own = api.app.create_for(api.a, "Own").await;
    api.app.clock.advance(1);
    let shared = api.app.create("Shared").await;
    api.app.create_for(api.b, "Foreign").await;
    api.add("a", &shared).await;
    let patch = ProviderPatch { enabled: Some(false), ..ProviderPatch::default() };
    api.app.update(&own, patch).await.expect("a change");
    let prefixed = api.a.prefixed();
    for tenant in ["a", &api.a.to_string(), &prefixed] {
        let answer = api.call("GET", &format!("/api/Tenants/{tenant}/IdentityProvider/")).await;
        assert_eq!(schemes(&answer.expect(200)), ["a--own", "shared"], "{tenant}");
    }
    let answer = api.call("GET", "/api/Tenants/nobody/IdentityProvider/").await;
    assert_eq!(refusal(&answer, 404, "Tenant not found."), "There is no tenant \"nobody\".");
}
