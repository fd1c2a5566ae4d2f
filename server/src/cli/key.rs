//! `vestibule key`

use anyhow::{Context as _, bail};
use clap::Subcommand;
use vestibule_app::domain::{
    actor::Actor,
    words::{agree, counted},
};

use super::instance::with_instance;
use crate::{
    Vestibule,
    config::{Config, KeySource, load_vault, prepend_key},
};

#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Create a key, put it first in the key file, and seal every secret with it
    Rotate,
}

pub(super) async fn run(config: Config, command: KeyCommand) -> anyhow::Result<()> {
    let KeyCommand::Rotate = command;
    // Fails before anything changes if a secret cannot be opened.
    with_instance(&config, async |vestibule| rotate(vestibule, &config).await).await
}

async fn rotate(vestibule: &Vestibule, config: &Config) -> anyhow::Result<()> {
    match &config.key {
        KeySource::File(path) => {
            prepend_key(path, &crate::core::vault::Vault::generate())?;
            eprintln!("Put a new key first in {}; the others still open what they sealed.", path.display());
        }
        KeySource::Given(_) => {
            eprintln!("Sealing with the first key of VESTIBULE_KEY.");
        }
        KeySource::Missing => bail!("there is no key to rotate"),
    }
    let vault = load_vault(&config.key, false)?;
    let count = vestibule.reseal(&Actor::operator(), &vault).await.context("sealing failed; run it again")?;
    let are = agree(count, "is", "are");
    eprintln!("{} {are} sealed with key {} now.", counted(count, "secret"), vault.active_key());
    eprintln!("Give every node this key and restart it; then you can remove the older keys.");
    Ok(())
}
