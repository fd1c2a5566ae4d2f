//! `vestibule doctor`: checks a deployment and prints one line for each finding, with what to fix. It changes no settings
//! and creates no database.

use std::process::ExitCode;

use super::instance::with_instance;
use crate::{
    config::{Config, KeySource, load_vault},
    core::key::is_sealed,
    store::{DatabaseUrl, Store},
};

/// Collects findings and prints them as they come.
#[derive(Default)]
struct Report {
    failed: bool,
}

impl Report {
    fn ok(&self, text: &str) {
        println!("ok       {text}");
    }

    fn warn(&self, text: &str) {
        println!("warning  {text}");
    }

    fn code(&self) -> ExitCode {
        if self.failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }

    fn fail(&mut self, text: &str) {
        self.failed = true;
        println!("FAILED   {text}");
    }
}

pub(super) async fn run(config: Config) -> anyhow::Result<ExitCode> {
    let mut report = Report::default();
    check_address(&config, &report);
    check_files(&config, &mut report);
    if matches!(&config.database, DatabaseUrl::Sqlite(path) if !path.exists()) {
        // Connecting would create it; a check changes nothing.
        return Ok(report.code());
    }
    match Store::connect(&config.database, config.database_options).await {
        Err(error) => report.fail(&format!("database: {}. Check the URL and that the server runs.", chain(&error))),
        Ok(store) => {
            check_database(&config, &store, &mut report).await;
            store.close().await;
        }
    }
    Ok(report.code())
}

fn check_address(config: &Config, report: &Report) {
    match &config.base_url {
        Some(url) if url.scheme() == "https" => report.ok(&format!("base_url: {url}")),
        Some(url) => {
            report.warn(&format!("base_url: {url} does not use https; session cookies can be read in transit."))
        }
        None => report.warn("base_url: not set. Set VESTIBULE_BASE_URL to the URL that browsers use."),
    }
    if config.base_url.is_some() && config.listen.ip().is_unspecified() {
        report.warn("listen: every network interface. Bind the loopback address if a proxy is in front.");
    }
    if config.outbound.allows_insecure_tls() {
        report.warn(
            "outbound: providers may turn off TLS verification. Set VESTIBULE_FORBID_INSECURE_TLS=true to forbid it.",
        );
    }
}

fn check_files(config: &Config, report: &mut Report) {
    let mut files = Vec::new();
    if let DatabaseUrl::Sqlite(path) = &config.database {
        files.push(("database", path));
    }
    if let KeySource::File(path) = &config.key {
        files.push(("key", path));
    }
    for (what, path) in files {
        let shown = path.display();
        match std::fs::metadata(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                report.warn(&format!("{what} file: {shown} does not exist yet; the first start creates it."));
            }
            Err(error) => report.fail(&format!("{what} file: {shown}: {error}.")),
            Ok(metadata) => check_mode(what, &shown.to_string(), &metadata, report),
        }
    }
}

#[cfg(unix)]
fn check_mode(what: &str, path: &str, metadata: &std::fs::Metadata, report: &mut Report) {
    let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777;
    if mode & 0o077 == 0 {
        report.ok(&format!("{what} file: {path}"));
    } else {
        report.fail(&format!("{what} file: {path} has mode {mode:03o}, so others can read it. Run: chmod 600 {path}"));
    }
}

#[cfg(not(unix))]
fn check_mode(what: &str, path: &str, _: &std::fs::Metadata, report: &mut Report) {
    report.ok(&format!("{what} file: {path}"));
}

async fn check_database(config: &Config, store: &Store, report: &mut Report) {
    let kind = if store.is_postgres() { "PostgreSQL" } else { "SQLite" };
    match store.is_migrated().await {
        Ok(true) => report.ok(&format!("database: {kind}, up to date")),
        Ok(false) => {
            return report.warn(&format!("database: {kind}, migrations are pending. Run: vestibule migrate"));
        }
        Err(error) => return report.fail(&format!("database: {}", chain(&error))),
    }
    let sealed = is_sealed(store).await.unwrap_or(false);
    if !sealed {
        return report.ok("key: the database holds no sealed secrets");
    }
    match load_vault(&config.key, false) {
        Err(error) => report.fail(&format!("key: {}", chain(&error))),
        Ok(_) => {
            let checked = with_instance(config, async |vestibule| {
                report.ok("key: opens what the database holds");
                check_people(vestibule, report).await;
                Ok(())
            });
            if let Err(error) = checked.await {
                report.fail(&format!("key: {error:#}"));
            }
        }
    }
}

async fn check_people(vestibule: &crate::Vestibule, report: &mut Report) {
    match vestibule.services().set_up.is_open().await {
        Ok(false) => report.ok("administrators: there is at least one"),
        Ok(true) => report.warn("administrators: none. Open the set-up link that `vestibule serve` prints."),
        Err(error) => report.fail(&format!("administrators: {error}")),
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    crate::core::error_chain(error)
}
