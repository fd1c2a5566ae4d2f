//! `discover_metadata` and `generate-mapping`.

use serde_json::json;

use super::{api::Api, documents::address_of_nobody};

const ACTIONS: [&str; 2] = ["discover_metadata/", "generate-mapping/"];

#[tokio::test]
async fn discovery_tells_claims_scopes_endpoints_and_suggestions() {
    let api = Api::start().await;
    let address = api.documents.discovery_url_of("good");
    let found = api.staff("POST", ACTIONS[0], Some(json!({"discovery_url": address}))).await.expect(200);
    assert_eq!(
        found["claims_supported"],
        json!(["sub", "email", "given_name", "family_name", "schacHomeOrganization"])
    );
    assert_eq!(found["scopes_supported"], json!(["openid", "profile", "email", "offline_access"]));
    assert_eq!(found["suggested_scopes"], json!(["email", "openid", "profile"]));
    let endpoints = found["endpoints"].as_object().map(|endpoints| endpoints.keys().cloned().collect::<Vec<_>>());
    let mut expected =
        ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "end_session_endpoint", "jwks_uri"];
    expected.sort_unstable();
    assert_eq!(
        endpoints.map(|mut keys| {
            keys.sort();
            keys
        }),
        Some(expected.map(str::to_owned).to_vec())
    );
    let fields = found["waldur_fields"].as_array().cloned().unwrap_or_default();
    assert_eq!(fields.len(), 24);
    assert_eq!(
        fields[0],
        json!({
            "field": "first_name",
            "description": "User's first/given name",
            "suggested_claims": ["given_name", "first_name", "firstName", "givenName"],
            "available_claims": ["given_name"],
        })
    );
}

#[tokio::test]
async fn a_provider_that_lists_no_claims_is_fine() {
    let api = Api::start().await;
    let sent = json!({"discovery_url": api.documents.discovery_url_of("silent"), "verify_ssl": true});
    let found = api.staff("POST", ACTIONS[0], Some(sent.clone())).await.expect(200);
    assert_eq!((&found["claims_supported"], &found["scopes_supported"]), (&json!([]), &json!([])));
    assert_eq!(found["suggested_scopes"], json!(["openid"]));
    let generated = api.staff("POST", ACTIONS[1], Some(sent)).await.expect(200);
    assert_eq!(generated, json!({"attribute_mapping": {}, "extra_scope": ""}));
}

#[tokio::test]
async fn a_mapping_is_generated_from_the_listed_claims() {
    let api = Api::start().await;
    let generated = api
        .staff("POST", ACTIONS[1], Some(json!({"discovery_url": api.documents.discovery_url_of("good")})))
        .await
        .expect(200);
    assert_eq!(
        generated,
        json!({
            "attribute_mapping": {
                "first_name": "given_name",
                "last_name": "family_name",
                "organization": "schacHomeOrganization",
                "civil_number": "sub",
                "email": "email",
            },
            "extra_scope": "email profile",
        })
    );
}

#[tokio::test]
async fn a_mapping_needs_no_endpoints_but_discovery_does() {
    let api = Api::start().await;
    let sent = json!({"discovery_url": api.documents.discovery_url_of("incomplete")});
    let message = "Missing required endpoint in discovery document: 'userinfo_endpoint'";
    assert_eq!(
        api.staff("POST", ACTIONS[0], Some(sent.clone())).await.expect(400),
        json!({"discovery_url": [message]})
    );
    api.staff("POST", ACTIONS[1], Some(sent)).await.expect(200);
}

#[tokio::test]
async fn failures_are_worded_by_their_cause() {
    let api = Api::start().await;
    let nobody = address_of_nobody().await;
    let missing = api.documents.discovery_url_of("absent");
    let not_found = format!("Unable to fetch discovery document: 404 Client Error: Not Found for url: {missing}");
    let broken = api.documents.discovery_url_of("broken");
    let failed =
        format!("Unable to fetch discovery document: 500 Server Error: Internal Server Error for url: {broken}");
    for (address, message) in [
        (nobody.clone(), "Unable to connect to the discovery URL."),
        (api.documents.discovery_url_of("page"), "Invalid JSON in discovery response."),
        (missing, &*not_found),
        (broken, &*failed),
    ] {
        let answer = api.staff("POST", ACTIONS[0], Some(json!({"discovery_url": address}))).await.expect(400);
        assert_eq!(answer, json!({"discovery_url": [message]}));
    }
    let answer = api.staff("POST", ACTIONS[1], Some(json!({"discovery_url": nobody}))).await.expect(400);
    let message = answer["discovery_url"][0].as_str().unwrap_or_default();
    assert!(message.starts_with("Unable to fetch discovery document: "), "{message}");
}

#[tokio::test]
async fn both_actions_judge_their_input() {
    let api = Api::start().await;
    for action in ACTIONS {
        for (sent, errors) in [
            (json!({}), json!({"discovery_url": ["This field is required."]})),
            (json!({"discovery_url": ""}), json!({"discovery_url": ["This field may not be blank."]})),
            (
                json!({"discovery_url": "nowhere", "verify_ssl": "maybe"}),
                json!({"discovery_url": ["Enter a valid URL."], "verify_ssl": ["Must be a valid boolean."]}),
            ),
        ] {
            assert_eq!(api.staff("POST", action, Some(sent)).await.expect(400), errors, "{action}");
        }
    }
}

#[tokio::test]
async fn both_actions_call_no_forbidden_address() {
    let api = Api::start().await;
    for action in ACTIONS {
        for address in ["http://169.254.169.254/latest", "http://[::ffff:169.254.169.254]/x", "http://[fe80::1]/x"] {
            let answer = api.staff("POST", action, Some(json!({"discovery_url": address}))).await.expect(400);
            let message = answer["discovery_url"][0].as_str().unwrap_or_default();
            assert!(!message.is_empty() && !message.starts_with("Unable to"), "{address}: {answer}");
        }
    }
}

#[tokio::test]
async fn an_optional_endpoint_that_cannot_be_used_is_left_out_alone() {
    let api = Api::start().await;
    let sent = json!({"discovery_url": api.documents.discovery_url_of("half")});
    let found = api.staff("POST", ACTIONS[0], Some(sent)).await.expect(200);
    let good = json!({"discovery_url": api.documents.discovery_url_of("good")});
    let mut expected = api.staff("POST", ACTIONS[0], Some(good)).await.expect(200);
    let endpoints = expected["endpoints"].as_object_mut().expect("an object");
    endpoints.remove("end_session_endpoint").expect("an address");
    assert_eq!(found.to_string().replace("/half/", "/good/"), expected.to_string());
}

#[tokio::test]
async fn every_required_endpoint_that_cannot_be_used_is_named() {
    let api = Api::start().await;
    let sent = json!({"discovery_url": api.documents.discovery_url_of("relative")});
    let reported = api.staff("POST", ACTIONS[0], Some(sent)).await.expect(400)["discovery_url"].clone();
    assert_eq!(reported.as_array().map(Vec::len), Some(3), "{reported}");
    let list = json!({"discovery_url": api.documents.discovery_url_of("list")});
    for action in ACTIONS {
        let reported = api.staff("POST", action, Some(list.clone())).await.expect(400);
        assert_eq!(reported, json!({"discovery_url": ["The discovery response is JSON, but not an object."]}));
    }
}

#[tokio::test]
async fn a_text_in_place_of_a_list_is_its_values() {
    let api = Api::start().await;
    let sent = json!({"discovery_url": api.documents.discovery_url_of("text")});
    let found = api.staff("POST", ACTIONS[0], Some(sent)).await.expect(200);
    assert_eq!(found["claims_supported"], json!(["sub", "email"]));
    assert_eq!(found["scopes_supported"], json!(["openid", "email"]));
}
