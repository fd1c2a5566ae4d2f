//! Bodies that nobody reads: the connection goes on, or the answer says that it does not.

use tokio::io::AsyncWriteExt as _;

use super::{Served, patient};
use crate::support::TestApp;

/// Requests that are answered before their body is read, by door.
const REFUSED: [(&str, &str, u16); 6] = [
    ("/api/identity-providers/", "authorization: Token wrong", 401),
    ("/api/v1/admin/identity-providers/", "authorization: Bearer wrong", 401),
    ("/api/IdentityProvider/", "authorization: Bearer wrong", 405),
    ("/_ui/fn/providers/list", "origin: https://evil.example", 403),
    ("/_ui/connection-tests", "content-type: text/plain", 415),
    ("/a/page", "content-type: text/plain", 405),
];

fn head(path: &str, header: &str, length: &str) -> String {
    format!("POST /sso{path} HTTP/1.1\r\nhost: x\r\n{header}\r\n{length}\r\n\r\n")
}

#[tokio::test]
async fn a_connection_goes_on_after_a_body_that_nobody_read() {
    let app = TestApp::start().await;
    let served = Served::start(app.router.clone(), patient()).await;
    for (path, header, status) in REFUSED {
        let mut client = served.connect().await;
        for body in [100 * 1024, 5, 0, 256 * 1024] {
            client.send(head(path, header, &format!("content-length: {body}"))).await;
            client.send(vec![b'x'; body]).await;
            let answer = client.receive().await;
            assert_eq!(answer.status, status, "{path}: {}", answer.body);
            assert!(!answer.closes(), "{path}: {}", answer.head);
        }
        let chunk = "x".repeat(50_000);
        client.send(head(path, header, "transfer-encoding: chunked")).await;
        client.send(format!("{:x}\r\n{chunk}\r\n0\r\n\r\n", chunk.len())).await;
        assert!(!client.receive().await.closes(), "{path}");
        assert_eq!(client.get("/sso/healthz").await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn a_longer_body_ends_the_connection_and_the_answer_says_so() {
    const LENGTH: usize = 50 << 20;
    let app = TestApp::start().await;
    let served = Served::start(app.router.clone(), patient()).await;
    for (path, header, status) in REFUSED {
        for length in [format!("content-length: {LENGTH}"), "transfer-encoding: chunked".to_owned()] {
            let mut client = served.connect().await;
            client.send(head(path, header, &length)).await;
            if length.ends_with("chunked") {
                client.send(format!("{LENGTH:x}\r\n")).await;
            }
            let (mut reading, mut writing) = client.stream.into_split();
            let sending = tokio::spawn(async move {
                let _ = writing.write_all(&vec![b'x'; LENGTH]).await;
                writing
            });
            let mut answer = Vec::new();
            tokio::io::AsyncReadExt::read_to_end(&mut reading, &mut answer).await.expect("an orderly end");
            let answer = String::from_utf8(answer).expect("text").to_ascii_lowercase();
            assert!(answer.starts_with(&format!("http/1.1 {status}")), "{path}: {answer}");
            assert!(answer.contains("\r\nconnection: close\r\n"), "{path}: {answer}");
            drop(sending.await);
        }
    }
}

#[tokio::test]
async fn a_client_that_waits_to_be_asked_for_its_body_is_not_asked_in_vain() {
    let app = TestApp::start().await;
    let served = Served::start(app.router.clone(), patient()).await;
    let (path, header, status) = REFUSED[0];
    let mut client = served.connect().await;
    client.send(head(path, &format!("{header}\r\nexpect: 100-continue"), "content-length: 1000")).await;
    let answer = client.receive().await;
    assert_eq!(answer.status, status);
    assert!(answer.closes(), "{}", answer.head);
}

#[tokio::test]
async fn over_http_2_nothing_is_said_of_the_connection() {
    let app = TestApp::start().await;
    let served = Served::start(app.router.clone(), patient()).await;
    let client = reqwest::Client::builder().http2_prior_knowledge().build().expect("a client");
    let url = format!("http://{}/sso/api/identity-providers/", served.address);
    for length in [100 * 1024, 10 << 20, 5] {
        let request = client.post(&url).header("authorization", "Token wrong").body("x".repeat(length));
        let answer = request.send().await.expect("an answer");
        assert_eq!((answer.status().as_u16(), answer.headers().get("connection")), (401, None));
    }
}
