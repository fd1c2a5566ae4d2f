//! Puts an instance together from the configuration.

use anyhow::Context as _;

use crate::{
    Builder, Dialect, Vestibule,
    config::{Config, load_vault},
    core::{key::is_sealed, keys::Keys},
    store::Store,
};

/// An instance as the configuration describes it. `base_url` fills in when none is configured.
pub(super) async fn build(config: &Config, base_url: &str) -> anyhow::Result<Vestibule> {
    build_with(config, base_url, |builder| builder).await
}

/// Runs a command that answers no requests with an instance, and closes the instance whether the command succeeds or not.
pub(super) async fn with_instance<T>(
    config: &Config,
    command: impl AsyncFnOnce(&Vestibule) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let vestibule = build_with(config, "http://localhost", Builder::offline).await?;
    let outcome = command(&vestibule).await;
    vestibule.close().await;
    outcome
}

async fn build_with(
    config: &Config,
    base_url: &str,
    settings: impl FnOnce(Builder) -> Builder,
) -> anyhow::Result<Vestibule> {
    let store =
        Store::connect(&config.database, config.database_options).await.context("the database cannot be opened")?;
    let built = async { Ok(settings(builder(config, base_url, store.clone()).await?).build().await?) }.await;
    if built.is_err() {
        store.close().await;
    }
    built
}

async fn builder(config: &Config, base_url: &str, store: Store) -> anyhow::Result<Builder> {
    let vault = load_vault(&config.key, !is_sealed(&store).await?)?;
    let source = config.key.clone();
    let keys = Keys::new(vault, Some(Box::new(move || load_vault(&source, false).ok())));
    let base_url = config.base_url.as_ref().map_or(base_url, url::Url::as_str);
    let mut dialects = Vec::new();
    if config.waldur {
        dialects.push(Dialect::Waldur { anonymous_reading: config.waldur_anonymous_reading });
    }
    if config.scaikey {
        dialects.push(Dialect::ScaiKey);
    }
    if config.aveva {
        dialects.push(Dialect::Aveva);
    }
    let mut builder = Vestibule::builder();
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
        .sign_in_retention_days(config.sign_in_retention_days)
        .sign_in_claims_retention_days(config.sign_in_claims_retention_days)
        .connection_tests(config.connection_tests)
        .session_lifetimes(config.session_lifetimes))
}
