//! Servers that are broken or mean no good: each ends in an error that says so, and nothing else happens.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use vestibule::{domain::provider::LdapConfig, testing::protocol::ldap::LdapErrorKind};

use super::{open, reader, refusal};

/// An element with a length of four bytes.
fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).expect("a short content").to_be_bytes();
    [&[tag, 0x84], length.as_slice(), content].concat()
}

fn message(id: u8, body: &[u8]) -> Vec<u8> {
    tlv(0x30, &[&tlv(0x02, &[id]), body].concat())
}

fn result(tag: u8, code: u8) -> Vec<u8> {
    tlv(tag, &[tlv(0x0a, &[code]), tlv(0x04, b""), tlv(0x04, b"")].concat())
}

/// A server that reads a request and sends `answer`, again and again for as long as it has answers, and then waits.
async fn serve(answers: Vec<Vec<u8>>) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let url = format!("ldap://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream, answers.clone()));
        }
    });
    url
}

async fn answer(mut stream: TcpStream, answers: Vec<Vec<u8>>) {
    let mut request = [0; 1024];
    for answer in answers {
        if !matches!(stream.read(&mut request).await, Ok(1..)) || stream.write_all(&answer).await.is_err() {
            return;
        }
    }
    while matches!(stream.read(&mut request).await, Ok(1..)) {}
}

/// The settings of such a server, with little patience.
fn impatient(url: String) -> LdapConfig {
    let mut config = reader(url);
    config.limits.operation_timeout_seconds = 2;
    config
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_that_no_server_sends_end_the_connection() {
    let deep = (0..100_000).fold(Vec::new(), |mut nested: Vec<u8>, _| {
        // From the inside to the outside; the lengths are those of what is there already.
        let length = u32::try_from(nested.len()).expect("a short content").to_be_bytes();
        nested.splice(0..0, [&[0xa0, 0x84], length.as_slice()].concat());
        nested
    });
    for (what, answer) in [
        ("web page", b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()),
        ("nesting", message(1, &deep)),
        ("endless length", vec![0x30, 0x84, 0xff, 0xff, 0xff, 0xff]),
        ("indefinite length", vec![0x30, 0x80]),
        ("result without a code", message(1, &tlv(0x61, b""))),
        ("entry in answer to a bind", message(1, &tlv(0x64, &[tlv(0x04, b""), tlv(0x30, b"")].concat()))),
        ("search result in answer to a bind", message(1, &result(0x65, 0))),
        ("length within that is longer than the message", message(1, b"\x61\x7f\x0a\x01\x00")),
        ("unknown operation", message(1, &tlv(0x6f, b""))),
    ] {
        let url = serve(vec![answer]).await;
        let error = refusal(open(&impatient(url)).await);
        assert_eq!(error.kind, LdapErrorKind::Lost, "{what}: {error}");
        assert!(error.message.contains("does not speak LDAP"), "{what}: {error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_of_disconnection_is_understood() {
    let notice = message(0, &result(0x78, 52));
    let error = refusal(open(&impatient(serve(vec![notice]).await)).await);
    assert_eq!(error.kind, LdapErrorKind::Lost);
    assert!(error.message.contains("result code 52"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_is_waited_for_no_longer_than_the_settings_say() {
    let mut config = impatient(serve(Vec::new()).await);
    config.limits.operation_timeout_seconds = 1;
    let error = refusal(open(&config).await);
    assert_eq!(error.kind, LdapErrorKind::Timeout);
    assert!(error.message.contains("within 1 second."), "{error}");
    // An answer to something else is no answer.
    let mut config = impatient(serve(vec![message(9, &result(0x61, 0))]).await);
    config.limits.operation_timeout_seconds = 1;
    assert_eq!(refusal(open(&config).await).kind, LdapErrorKind::Timeout);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_root_that_ends_in_the_middle_is_a_lost_connection() {
    let bound = message(1, &result(0x61, 0));
    let half = message(2, &result(0x65, 0))[..9].to_vec();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let url = format!("ldap://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a client");
        let mut request = [0; 1024];
        for answer in [bound, half] {
            assert!(stream.read(&mut request).await.expect("a request") > 0);
            stream.write_all(&answer).await.expect("a reader");
        }
    });
    let error = refusal(open(&impatient(url)).await);
    assert_eq!(error.kind, LdapErrorKind::Lost);
    assert!(error.message.contains("broke off"), "{error}");
}
