//! The command line of the binary.

mod admin;
mod doctor;
mod instance;
mod key;
mod metrics;
mod serve;
mod token;
mod trace;

use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use tokio_rustls::rustls;

use crate::{
    config::{Config, Overrides},
    rest,
    store::Store,
    telemetry,
};

/// What the names of values in the help mean.
const VALUE_NAMES: &str = "LIST is separated by commas; BOOL is true or false.";

/// Manages the identity providers that your customers sign in with
#[derive(Debug, Parser)]
#[command(name = "vestibule", version, about, after_help = VALUE_NAMES)]
pub struct Cli {
    #[command(flatten)]
    overrides: Overrides,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the portal and the APIs (the default)
    #[command(after_help = VALUE_NAMES)]
    Serve,
    /// Apply pending migrations
    Migrate,
    /// Check this deployment and say what to fix
    Doctor,
    /// Manage API tokens
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// Manage the people who sign in to the portal
    #[command(subcommand)]
    Admin(admin::AdminCommand),
    /// Manage the key that seals secrets
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Print the configuration file with every key and its default
    Config,
    /// Show what happened in a sign-in
    Trace {
        /// The reference that the person was shown
        reference: String,
    },
    /// Print the OpenAPI description of a dialect, or of the API of sign-ins
    Openapi {
        /// The dialect
        #[arg(value_parser = rest::DESCRIPTIONS.map(|description| description.name))]
        dialect: String,
    },
}

impl Cli {
    /// Runs the command.
    ///
    /// # Errors
    /// The failure, with its cause.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let command = self.command.unwrap_or(Command::Serve);
        if matches!(command, Command::Config) {
            print!("{}", crate::config::commented_defaults());
            return Ok(ExitCode::SUCCESS);
        }
        if let Command::Openapi { dialect } = &command {
            let known = rest::DESCRIPTIONS.into_iter().find(|description| description.name == dialect);
            print!("{}", known.context("no such dialect")?.to_text()?);
            return Ok(ExitCode::SUCCESS);
        }
        let config = Config::load(self.overrides)?;
        install_cryptography();
        let filter = if matches!(command, Command::Serve) { config.log.as_str() } else { "warn" };
        let collector = config.collector.as_ref().filter(|_| matches!(command, Command::Serve));
        let _telemetry = telemetry::install(config.log_format, filter, collector).map_err(anyhow::Error::msg)?;
        match command {
            Command::Serve => serve::run(config).await?,
            Command::Migrate => {
                let store = Store::connect(&config.database, config.database_options)
                    .await
                    .context("the database cannot be opened")?;
                let migrated = store.migrate().await;
                store.close().await;
                migrated?;
                eprintln!("The database is up to date.");
            }
            Command::Doctor => return doctor::run(config).await,
            Command::Token(command) => token::run(config, command).await?,
            Command::Admin(command) => admin::run(config, command).await?,
            Command::Key(command) => key::run(config, command).await?,
            Command::Trace { reference } => trace::run(config, &reference).await?,
            Command::Config | Command::Openapi { .. } => {}
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// PostgreSQL with `sslmode=verify-ca` reads the cryptography provider of the process, which is the binary's own to choose.
fn install_cryptography() {
    // One that is installed already serves as well.
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
}
