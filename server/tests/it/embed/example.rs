//! The example runs and does what it says.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use serde_json::Value;

/// The example's process; it ends with the test.
struct Example(Child);

impl Drop for Example {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn the_example_serves_its_own_pages_and_the_portal() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(binary());
    let started = command.env("TMPDIR", folder.path()).stdout(Stdio::piped()).spawn();
    let mut example = Example(started.expect("the example starts"));
    let mut line = String::new();
    let output = example.0.stdout.take().expect("its output");
    BufReader::new(output).read_line(&mut line).expect("a line");
    let address = line.trim().trim_end_matches('/').to_owned();
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let own = client.get(&address).send().await.expect("an answer").text().await.expect("text");
    assert!(own.starts_with("The host application."), "{own}");
    let entered = client.get(format!("{address}/enter")).send().await.expect("an answer");
    let cookie = entered.headers()["set-cookie"].to_str().expect("text").split(';').next().expect("a value").to_owned();
    let status = async |cookie: &str| -> Value {
        let request = client.post(format!("{address}/internal/sso/_ui/fn/session/status"));
        let request = request.header("origin", &address).header("cookie", cookie).json(&serde_json::json!({}));
        request.send().await.expect("an answer").json().await.expect("JSON")
    };
    // With and without the slash, since people type either.
    for page in ["/internal/sso", "/internal/sso/", "/internal/sso/providers"] {
        let page = client.get(format!("{address}{page}")).send().await.expect("an answer");
        assert!(page.headers().contains_key("content-security-policy"), "{}", page.status());
    }
    assert_eq!(status(&cookie).await["user"]["name"], "ada");
    assert!(status("").await["user"].is_null());
}

/// The built example. `cargo test` makes it with the tests; a run of single targets does not.
fn binary() -> PathBuf {
    let tests = std::env::current_exe().expect("this binary");
    let profile = tests.parent().and_then(|deps| deps.parent()).expect("the folder of the profile");
    let binary = profile.join("examples").join(format!("embed{}", std::env::consts::EXE_SUFFIX));
    if !binary.exists() {
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        let built = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--example", "embed", "--manifest-path", manifest])
            .status();
        assert!(built.is_ok_and(|status| status.success()) && binary.exists(), "the example does not build");
    }
    binary
}
