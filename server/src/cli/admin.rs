//! `vestibule admin`

use std::io::{IsTerminal as _, stdin};

use anyhow::bail;
use clap::Subcommand;
use vestibule_app::domain::{
    actor::{Actor, Role},
    administrator::NewAdministrator,
    secret::Secret,
};

use super::{instance::with_instance, token::GrantArgs};
use crate::{Vestibule, config::Config};

#[derive(Debug, Subcommand)]
pub(super) enum AdminCommand {
    /// Add an administrator; the password is read from standard input
    Create {
        /// The email address they sign in with
        #[arg(long)]
        email: String,
        #[command(flatten)]
        grant: GrantArgs,
    },
    /// Set a new password, read from standard input, and end the administrator's sessions
    ResetPassword {
        /// The email address they sign in with
        #[arg(long)]
        email: String,
    },
}

pub(super) async fn run(config: Config, command: AdminCommand) -> anyhow::Result<()> {
    with_instance(&config, async |vestibule| run_with(vestibule, command).await).await
}

async fn run_with(vestibule: &Vestibule, command: AdminCommand) -> anyhow::Result<()> {
    let administrators = vestibule.services().administrators;
    match command {
        AdminCommand::Create { email, grant } => {
            let grant = grant.resolve(vestibule, Some(Role::PlatformAdmin)).await?;
            let new = NewAdministrator { email, password: read_password()?, grant };
            let created = administrators.create(&Actor::operator(), new).await?;
            eprintln!("{} can sign in now as {}.", created.email, created.grant.role.label().to_lowercase());
        }
        AdminCommand::ResetPassword { email } => {
            administrators.reset_password(&Actor::operator(), &email, read_password()?).await?;
            eprintln!("The password was set, and the administrator's sessions have ended.");
        }
    }
    Ok(())
}

/// The first line of standard input. Arguments would be visible to other processes.
fn read_password() -> anyhow::Result<Secret> {
    if stdin().is_terminal() {
        eprint!("Password (visible while you type; pipe it in to avoid that): ");
    }
    let mut line = String::new();
    if stdin().read_line(&mut line)? == 0 {
        bail!("no password on standard input");
    }
    Ok(Secret::new(line.trim_end_matches(['\r', '\n'])))
}
