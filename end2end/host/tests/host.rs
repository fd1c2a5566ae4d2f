//! The application with Vestibule in it, as its users and clients see it.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
};

use p256::{elliptic_curve::sec1::ToEncodedPoint as _, pkcs8::EncodePrivateKey as _};
use reqwest::{Client, RequestBuilder, Response, header, redirect::Policy};
use serde_json::{Value, json};
use vestibule::{Builder, Dialect, JwtSettings, OutboundPolicy, Secret, ServeLimits, Vestibule, domain::actor::Actor};

const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

/// The application's process; it ends with the test.
struct Host {
    process: Child,
    origin: String,
    client: Client,
}

impl Host {
    fn start(folder: &Path) -> Self {
        std::fs::write(folder.join("vestibule.key"), KEY).expect("a key");
        let mut command = Command::new(env!("CARGO_BIN_EXE_host"));
        command.current_dir(folder).env("ADDRESS", "127.0.0.1:0").stdout(Stdio::piped());
        let mut process = command.spawn().expect("the application starts");
        let mut origin = String::new();
        BufReader::new(process.stdout.take().expect("its output")).read_line(&mut origin).expect("a line");
        let client = Client::builder().redirect(Policy::none()).build().expect("a client");
        Self { process, origin: origin.trim().to_owned(), client }
    }

    async fn get(&self, path: &str) -> Response {
        send(self.client.get(format!("{}{path}", self.origin))).await
    }

    /// Signs in and returns the cookie.
    async fn sign_in(&self, name: &str) -> String {
        let answer = self.get(&format!("/sign-in/{name}")).await;
        let cookie = answer.headers()[header::SET_COOKIE].to_str().expect("text");
        cookie.split(';').next().expect("a value").to_owned()
    }

    /// What the portal knows of the visitor.
    async fn status(&self, cookie: &str) -> Value {
        let request = self.client.post(format!("{}/internal/sso/_ui/fn/session/status", self.origin));
        let request = request.header(header::ORIGIN, &self.origin).header(header::COOKIE, cookie);
        send(request.json(&json!({}))).await.json().await.expect("JSON")
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

async fn send(request: RequestBuilder) -> Response {
    request.send().await.expect("an answer")
}

#[tokio::test]
async fn the_portal_is_below_its_path_and_the_dialects_below_theirs() {
    let folder = tempfile::tempdir().expect("a folder");
    let host = Host::start(folder.path());
    assert_eq!(host.get("/").await.text().await.expect("text"), "The application's own page");
    for path in ["/internal/sso", "/internal/sso/", "/internal/sso/providers"] {
        let page = host.get(path).await;
        assert_eq!(page.status(), 200, "{path}");
        let text = page.text().await.expect("text");
        assert!(text.contains(r#"<base href="/internal/sso/""#), "{path}: {text}");
        assert!(text.contains("wasm"), "the package contains no built portal: {text}");
    }
    let answer = host.get("/idp/api/v1/admin/identity-providers").await;
    assert_eq!(answer.headers()[header::LOCATION], "/idp/api/v1/admin/identity-providers/");
    assert_eq!(host.get("/idp/api/v1/admin/identity-providers/").await.status(), 401);
    let document: Value = host.get("/idp/api/openapi/scaikey.json").await.json().await.expect("JSON");
    assert_eq!(document["servers"][0]["url"], format!("{}/idp", host.origin));
    // Neither has what is the other's, and the metrics are nowhere.
    assert_eq!(host.get("/internal/sso/api/v1/admin/identity-providers/").await.status(), 404);
    assert_eq!(host.get("/idp/healthz").await.status(), 404);
    let metrics = host.get("/internal/sso/metrics").await.text().await.expect("text");
    assert!(!metrics.contains("vestibule_http"), "{metrics}");
}

#[tokio::test]
async fn the_sign_in_of_the_application_decides() {
    let folder = tempfile::tempdir().expect("a folder");
    let host = Host::start(folder.path());
    let anonymous = host.status("").await;
    assert_eq!((&anonymous["user"], &anonymous["sign_in_url"]), (&Value::Null, &json!("/sign-in/ada")));
    let ada = host.status(&host.sign_in("ada").await).await;
    assert_eq!((&ada["user"]["name"], &ada["user"]["grant"]["role"]), (&json!("ada"), &json!("platform_admin")));
    let bob = host.status(&host.sign_in("bob").await).await;
    assert_eq!((&bob["user"], &bob["without_role"]), (&Value::Null, &json!("bob")));
}

#[tokio::test]
async fn pages_of_the_application_are_for_people_who_signed_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let host = Host::start(folder.path());
    let page = host.client.get(format!("{}/orders", host.origin)).header(header::ACCEPT, "text/html");
    let answer = send(page).await;
    assert_eq!(answer.status(), 303);
    assert_eq!(answer.headers()[header::LOCATION], "/internal/sso/login?return_to=%2Forders");
    assert_eq!(host.get("/orders").await.status(), 401);
    // The sign-in of the application is another one.
    let cookie = host.sign_in("ada").await;
    let request = host.client.get(format!("{}/orders", host.origin)).header(header::COOKIE, cookie);
    assert_eq!(send(request).await.status(), 401);
    // No provider is set up, and the page says so.
    let answer = host.get("/internal/sso/login?return_to=%2Forders").await;
    assert_eq!(answer.status(), 404);
    assert!(answer.text().await.expect("text").contains("There is no identity provider to sign in with."));
}

#[tokio::test]
async fn the_application_connects_with_its_own_cryptography() {
    let folder = tempfile::tempdir().expect("a folder");
    let host = Host::start(folder.path());
    assert_eq!(host.get("/cryptography").await.text().await.expect("text"), "Ring");
}

#[test]
fn providers_are_managed_in_code_without_the_portal() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("vestibule.key"), KEY).expect("a key");
    let signing = rcgen::generate_simple_self_signed(["idp.example.com".to_owned()]).expect("a certificate");
    std::fs::write(folder.path().join("idp.pem"), signing.cert.pem()).expect("a certificate");
    let output = Command::new(env!("CARGO_BIN_EXE_services")).current_dir(folder.path()).output();
    let output = output.expect("the program starts");
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let [created, listed] = text.lines().collect::<Vec<_>>()[..] else { panic!("two lines and not {text}") };
    assert!(created.starts_with("created ADFS as ") && listed == "there is ADFS", "{text}");
    assert!(folder.path().join("vestibule.db").exists() && !folder.path().join("vestibule.db-wal").exists());
}

#[tokio::test]
async fn the_application_stops_without_leaving_a_write_ahead_log() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut host = Host::start(folder.path());
    assert!(folder.path().join("app.db-wal").exists());
    let asked = Command::new("kill").args(["-INT", &host.process.id().to_string()]).status();
    assert!(asked.expect("kill starts").success());
    assert!(host.process.wait().expect("an end").success());
    assert!(folder.path().join("app.db").exists() && !folder.path().join("app.db-wal").exists());
}

/// This process enables two providers of rustls and installs none.
#[tokio::test]
async fn tls_works_without_a_cryptography_provider_of_the_process() {
    assert!(std::panic::catch_unwind(rustls::ClientConfig::builder).is_err(), "rustls chose between two providers");
    let origin = serve_tls(r#"{"issuer": "https://id.example.com"}"#);
    let folder = tempfile::tempdir().expect("a folder");
    let policy = OutboundPolicy::parse(["127.0.0.1"]).expect("a policy").with_insecure_tls(true);
    let vestibule = instance(folder.path()).outbound(policy).build().await.expect("an instance");
    let document = vestibule.services().discovery.fetch_document(&Actor::host("test"), &origin, false).await;
    assert_eq!(document.expect("a document")["issuer"], "https://id.example.com");
    vestibule.close().await;
    assert!(rustls::crypto::CryptoProvider::get_default().is_none());
}

/// This process enables one provider of jsonwebtoken and two of rustls, and installs none.
#[tokio::test]
async fn tokens_are_checked_beside_the_cryptography_of_the_application() {
    let secret = p256::SecretKey::from_slice(&[7; 32]).expect("a key");
    let point = secret.public_key().to_encoded_point(false);
    let base64 = |bytes: Option<&p256::FieldBytes>| url_safe(bytes.expect("a coordinate"));
    let jwk = json!({"kty": "EC", "crv": "P-256", "kid": "one", "x": base64(point.x()), "y": base64(point.y())});
    let keys = axum::Json(json!({"keys": [jwk]}));
    let keys = axum::Router::new().route("/keys", axum::routing::get(move || std::future::ready(keys.clone())));
    let issuer = serve(keys).await;

    let folder = tempfile::tempdir().expect("a folder");
    let vestibule = instance(folder.path())
        .dialects([Dialect::ScaiKey])
        .outbound(OutboundPolicy::parse(["127.0.0.1"]).expect("a policy"))
        .jwt(JwtSettings {
            issuer: issuer.clone(),
            audience: "vestibule".to_owned(),
            jwks_url: Some(format!("{issuer}/keys").parse().expect("a URL")),
            leeway_seconds: 60,
            timeout: JwtSettings::TIMEOUT,
        })
        .build()
        .await
        .expect("an instance");
    let origin = serve(vestibule.dialects_router()).await;

    let der = secret.to_pkcs8_der().expect("a key");
    let header = jsonwebtoken::Header {
        kid: Some("one".to_owned()),
        ..jsonwebtoken::Header::new(jsonwebtoken::Algorithm::ES256)
    };
    let claims =
        json!({"iss": issuer, "aud": "vestibule", "sub": "ada", "exp": 4_000_000_000_u64, "role": "super_admin"});
    // The application's own use of the crate.
    let token = jsonwebtoken::encode(&header, &claims, &jsonwebtoken::EncodingKey::from_ec_der(der.as_bytes()));
    let token = token.expect("a token");
    for (token, status) in [(token.clone(), 200), (format!("{}A", &token[..token.len() - 4]), 401)] {
        let request = Client::new().get(format!("{origin}/api/v1/admin/identity-providers/")).bearer_auth(token);
        assert_eq!(send(request).await.status(), status);
    }
    vestibule.close().await;
}

fn instance(folder: &Path) -> Builder {
    Vestibule::builder()
        .database_url(format!("sqlite:{}", folder.join("v.db").display()))
        .key(Secret::new(KEY))
        .base_url("https://app.example.com")
}

/// Answers one request over TLS, with a certificate that no authority signed.
fn serve_tls(json: &'static str) -> String {
    let rcgen::CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let key = rustls::pki_types::PrivatePkcs8KeyDer::from(signing_key.serialize_der());
    let config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key.into())
        .expect("a certificate with its key");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let origin = format!("https://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        let (client, _) = listener.accept().expect("a client");
        let session = rustls::ServerConnection::new(Arc::new(config)).expect("a session");
        let mut stream = rustls::StreamOwned::new(session, client);
        let mut lines = BufReader::new(&mut stream).lines();
        while lines.next().expect("a line").expect("text") != "" {}
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";
        write!(stream, "{head}content-length: {}\r\n\r\n{json}", json.len()).expect("an answer");
        stream.flush().expect("an answer");
    });
    origin
}

async fn serve(router: axum::Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let origin = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(vestibule::serve(listener, router, ServeLimits::default(), std::future::pending()));
    origin
}

/// Base64 for URLs, without padding (RFC 4648, section 5).
fn url_safe(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bits = |at: usize| {
        (0..6).fold(0, |value, bit| {
            let position = at * 6 + bit;
            let byte = bytes.get(position / 8).copied().unwrap_or(0);
            value << 1 | usize::from(byte >> (7 - position % 8) & 1)
        })
    };
    (0..(bytes.len() * 8).div_ceil(6)).map(|at| char::from(DIGITS[bits(at)])).collect()
}
