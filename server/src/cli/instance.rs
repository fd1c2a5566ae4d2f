//! Puts an instance together from the configuration.

use anyhow::Context as _;

use crate::{
    config::{Config, load_vault},
    core::{key::is_sealed, keys::Keys},
    store::Store,
};

/// An instance as the configuration describes it. `base_url` fills in when none is configured.
pub(super) async fn build(config: &Config, base_url: &str) -> anyhow::Result<crate::Vestibule> {
    Ok(builder(config, base_url).await?.build().await?)
}

/// An instance for a command that answers no requests.
pub(super) async fn build_offline(config: &Config) -> anyhow::Result<crate::Vestibule> {
    Ok(builder(config, "http://localhost").await?.offline().build().await?)
}

async fn builder(config: &Config, base_url: &str) -> anyhow::Result<crate::Builder> {
    let store =
        Store::connect(&config.database, config.database_options).await.context("the database cannot be opened")?;
    let vault = load_vault(&config.key, !is_sealed(&store).await?)?;
    let source = config.key.clone();
    let keys = Keys::new(vault, Some(Box::new(move || load_vault(&source, false).ok())));
    let base_url = config.base_url.as_ref().map_or(base_url, url::Url::as_str);
    let mut dialects = Vec::new();
    if config.waldur {
        dialects.push(crate::Dialect::Waldur { anonymous_reading: config.waldur_anonymous_reading });
    }
    if config.scaikey {
        dialects.push(crate::Dialect::ScaiKey);
    }
    if config.aveva {
        dialects.push(crate::Dialect::Aveva);
    }
    let mut builder = crate::Vestibule::builder();
    if let Some(jwt) = config.jwt.clone() {
        builder = builder.jwt(jwt);
    }
    Ok(builder
        .store(store)
        .keys(keys)
        .base_url(base_url)
        .dialects(dialects)
        .outbound(config.outbound.clone())
        .trusted_proxies(config.trusted_proxies.clone())
        .connection_tests(config.connection_tests))
}
