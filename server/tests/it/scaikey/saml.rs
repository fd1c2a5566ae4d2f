//! SAML providers, whose certificates are read when they are written.

use serde_json::{Value, json};

use super::api::{ADMIN, Api, text};

const GOOD: &str = include_str!("../../data/saml/certificates/good.pem");
const NEXT: &str = include_str!("../../data/saml/certificates/next.pem");

fn saml(name: &str, certificate: &str) -> Value {
    json!({
        "name": name,
        "protocol": "SAML",
        "saml_config": {"entity_id": "urn:idp", "sso_url": "https://idp.example/sso", "certificate": certificate},
    })
}

#[tokio::test]
async fn settings_are_shown_with_their_defaults_and_every_certificate() {
    let api = Api::start().await;
    let tenant = api.tenant("Acme", None).await;
    let (older, newer) = (GOOD.trim(), NEXT.trim());
    let body = saml("adfs", &format!("{older}\n{newer}\n"));
    let data =
        api.send_as(Some(&tenant.token), "POST", &tenant.providers, Some(body)).await.expect(201)["data"].clone();
    assert_eq!((&data["protocol"], &data["oidc_config"]), (&json!("SAML"), &json!(null)));
    assert_eq!(
        data["saml_config"],
        json!({
            "entity_id": "urn:idp", "sso_url": "https://idp.example/sso", "slo_url": null,
            "certificate": format!("{newer}\n{older}"), "sign_requests": true, "want_assertions_signed": true,
            "name_id_format": "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
        })
    );
    // What is shown can be written back.
    let path = tenant.path(text(&data["id"]));
    let change = json!({"saml_config": data["saml_config"]});
    let changed = api.send_as(Some(&tenant.token), "PATCH", &path, Some(change)).await.expect(200)["data"].clone();
    assert_eq!(changed["saml_config"], data["saml_config"]);
}

#[tokio::test]
async fn a_certificate_without_its_frame_is_read_too() {
    let api = Api::start().await;
    let bare: String = GOOD.lines().filter(|line| !line.starts_with("-----")).collect();
    let data = api.send("POST", ADMIN, Some(saml("adfs", &bare))).await.expect(201)["data"].clone();
    assert_eq!(data["saml_config"]["certificate"], GOOD.trim());
    let path = format!("{ADMIN}{}", text(&data["id"]));
    let mut config = saml("adfs", NEXT)["saml_config"].clone();
    config["slo_url"] = json!("https://idp.example/slo");
    config["sign_requests"] = json!("off");
    let changed = api.send("PATCH", &path, Some(json!({"saml_config": config}))).await.expect(200)["data"].clone();
    let changed = &changed["saml_config"];
    assert_eq!((&changed["certificate"], &changed["sign_requests"]), (&json!(NEXT.trim()), &json!(false)));
    assert_eq!(changed["slo_url"], "https://idp.example/slo");
}

#[tokio::test]
async fn a_certificate_in_base64_of_pem_is_read_too() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let api = Api::start().await;
    let data = api.send("POST", ADMIN, Some(saml("adfs", &STANDARD.encode(GOOD)))).await.expect(201)["data"].clone();
    assert_eq!(data["saml_config"]["certificate"], GOOD.trim());
}

#[tokio::test]
async fn what_is_no_certificate_is_reported_at_its_place() {
    let api = Api::start().await;
    for certificate in ["nonsense", " "] {
        let reported = api.send("POST", ADMIN, Some(saml("adfs", certificate))).await.expect(422)["detail"].clone();
        assert_eq!(reported[0]["loc"], json!(["body", "saml_config", "certificate"]), "{certificate:?}");
    }
    let mut body = saml("adfs", GOOD);
    body["saml_config"]["sso_url"] = json!("javascript:alert(1)");
    let reported = api.send("POST", ADMIN, Some(body)).await.expect(422)["detail"].clone();
    assert_eq!(reported[0]["loc"], json!(["body", "saml_config", "sso_url"]));
}
