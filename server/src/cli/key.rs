//! `vestibule key`

use anyhow::{Context as _, bail};
use clap::Subcommand;
use vestibule_app::domain::{
    actor::Actor,
    words::{agree, counted},
};

use super::instance::build_offline;
use crate::config::{Config, KeySource, load_vault, prepend_key};

#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Make a new key, put it before the others in the key file, and seal every secret anew
    Rotate,
}

pub(super) async fn run(config: Config, command: KeyCommand) -> anyhow::Result<()> {
    let KeyCommand::Rotate = command;
    // The node must be able to open everything before anything is changed.
    let vestibule = build_offline(&config).await?;
    match &config.key {
        KeySource::File(path) => {
            prepend_key(path, &crate::core::vault::Vault::generate())?;
            eprintln!("A new key stands first in {}; the others stay for what they sealed.", path.display());
        }
        KeySource::Given(_) => {
            eprintln!("The key comes from the environment: sealing anew with the first key of VESTIBULE_KEY.");
        }
        KeySource::Missing => bail!("there is no key to rotate"),
    }
    let vault = load_vault(&config.key, false)?;
    let count =
        vestibule.core().reseal_all(&Actor::operator(), &vault).await.context("sealing anew failed; run it again")?;
    let are = agree(count, "is", "are");
    eprintln!("{} {are} sealed with key {} now.", counted(count, "secret"), vault.active_key());
    eprintln!("Give every node this key and restart them; then the older keys may go.");
    Ok(())
}
