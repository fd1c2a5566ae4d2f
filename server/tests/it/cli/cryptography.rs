//! The binary chooses the cryptography of its process.

use std::{
    io::{Read, Write},
    net::TcpListener,
};

use super::{Deployment, text};

/// A PostgreSQL server that accepts one request for TLS, and hangs up when the handshake begins. Returns its port.
fn server_with_tls() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        let (mut client, _) = listener.accept().expect("a client");
        let mut request = [0; 8];
        client.read_exact(&mut request).expect("a request for TLS");
        client.write_all(b"S").expect("an answer");
        let handshake = client.read(&mut request).expect("a handshake");
        assert!(handshake > 0 && request[0] == 22, "{request:?}");
    });
    port
}

#[test]
fn certificates_of_a_database_are_verified_without_its_name() {
    let deployment = Deployment::new();
    let url = format!("postgres://vestibule@127.0.0.1:{}/vestibule?sslmode=verify-ca", server_with_tls());
    let run = deployment.command(&["migrate"]).env("VESTIBULE_DATABASE_URL", url).output().expect("the binary starts");
    let message = text(&run.stderr);
    // The library rejects this setting in a process without a provider.
    assert!(!run.status.success() && message.contains("the database cannot be opened: database error"), "{message}");
    assert!(!message.contains("panicked"), "{message}");
}
