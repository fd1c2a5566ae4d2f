//! Reading directories: against a real one, and against servers that mean no good.

mod binds;
mod hostile;
mod searches;
mod tls;

use std::sync::Arc;

use vestibule::{
    OutboundPolicy, Secret,
    domain::provider::{LdapConfig, LdapLimits},
    testing::protocol::{
        http::{Lookup, SystemLookup},
        ldap::{Directory, Entry, LdapError, Query, users_filter},
    },
};

use crate::support::{
    lookup::Script,
    slapd::{READER, READER_PASSWORD, SUFFIX},
};

/// The name by which certificates know the directory.
const NAME: &str = "directory.example";

/// Settings that bind as the reader.
fn reader(url: impl Into<String>) -> LdapConfig {
    LdapConfig {
        urls: vec![url.into()],
        bind_dn: Some(READER.to_owned()),
        bind_password: Some(Secret::new(READER_PASSWORD)),
        base_dn: SUFFIX.to_owned(),
        limits: LdapLimits { connect_timeout_seconds: 20, ..LdapLimits::default() },
        ..LdapConfig::default()
    }
}

/// Opens a directory on this machine, which is opened by range and by name.
async fn open(config: &LdapConfig) -> Result<Directory, LdapError> {
    let policy = OutboundPolicy::parse(["127.0.0.0/8", NAME]).expect("entries").with_insecure_tls(true);
    let lookup: Arc<dyn Lookup> = match config.urls.iter().any(|url| url.contains(NAME)) {
        true => Arc::new(Script::new(&[&["127.0.0.1"]])),
        false => Arc::new(SystemLookup),
    };
    Directory::open(&policy, &lookup, config).await
}

/// Finds the users of the settings.
fn users(config: &LdapConfig) -> Query {
    Query {
        base: config.users_below().to_owned(),
        scope: config.user_search_scope,
        filter: users_filter(config),
        attributes: ["uid", "mail", "entryUUID", "memberOf"].map(str::to_owned).to_vec(),
        page_size: config.limits.page_size,
    }
}

async fn all(directory: &mut Directory, query: Query) -> Result<Vec<Entry>, LdapError> {
    let mut entries = directory.search(query).await?;
    let mut found = Vec::new();
    while let Some(entry) = entries.next().await? {
        found.push(entry);
    }
    Ok(found)
}

/// Why a directory does not open.
#[track_caller]
fn refusal(opened: Result<Directory, LdapError>) -> LdapError {
    match opened {
        Ok(directory) => panic!("{} opened", directory.url()),
        Err(error) => error,
    }
}
