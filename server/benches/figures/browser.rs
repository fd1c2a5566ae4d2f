//! What a browser shows, and when: rows of the list of providers on a first visit.

use std::{env, path::Path, process::Command};

use crate::{
    database::Instance,
    process::Server,
    statistics::median,
    table::{Table, Target, Unit},
};

const FIGURE: &str = "Portal, first visit: rows on screen, 4 × slower processor, 10 Mbit/s";

/// Adds the figure, or a note about what is missing.
pub(crate) async fn measure(instance: &Instance, table: &mut Table) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../end2end");
    #[expect(clippy::disallowed_methods, reason = "scripts/browser-tests names another Chromium in the same way")]
    let chromium = env::var("VESTIBULE_CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned());
    if !Path::new(&chromium).exists() || !folder.join("node_modules/@playwright/test").exists() {
        table.note("Rows on screen were left out: Chromium or the npm packages of end2end/ are missing.");
        return;
    }
    let server = Server::start(instance).await;
    let url = format!("http://{}", server.address());
    let output = Command::new("node")
        .current_dir(&folder)
        .args(["first-rows.mjs", &url, &instance.sign_in().await])
        .env("VESTIBULE_CHROMIUM", chromium)
        .output()
        .expect("Node.js starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let visits: Vec<f64> =
        String::from_utf8_lossy(&output.stdout).lines().map(|line| line.parse().expect("milliseconds")).collect();
    table.add(FIGURE, median(&visits), Unit::Milliseconds, Target::None);
}
