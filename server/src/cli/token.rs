//! `vestibule token`

use anyhow::bail;
use clap::{Args, Subcommand};
use vestibule_app::{
    domain::{
        actor::{Actor, Grant, Role},
        problem::ServiceError,
        token::NewApiToken,
    },
    service::TenantRef,
};

use super::instance::with_instance;
use crate::{Vestibule, config::Config};

#[derive(Debug, Subcommand)]
pub(super) enum TokenCommand {
    /// Create a token and print it on standard output, and nothing else
    Create {
        /// A name that administrators recognise
        #[arg(long)]
        name: String,
        #[command(flatten)]
        grant: GrantArgs,
        /// Lifetime, such as 90d, 12h or 30m; without it, the token never expires
        #[arg(long, value_parser = parse_duration)]
        expires: Option<i64>,
    },
}

/// A role, and the tenant or partner that it needs.
#[derive(Debug, Args)]
pub(super) struct GrantArgs {
    /// platform_admin, platform_reader, platform_support, partner_admin, tenant_admin or tenant_member
    #[arg(long, value_parser = |text: &str| text.parse::<Role>())]
    role: Option<Role>,
    /// Tenant of a tenant role: its id or slug
    #[arg(long)]
    tenant: Option<String>,
    /// Partner of a partner administrator
    #[arg(long)]
    partner: Option<String>,
}

impl GrantArgs {
    /// Looks up the tenant.
    pub(super) async fn resolve(self, vestibule: &Vestibule, default: Option<Role>) -> anyhow::Result<Grant> {
        let Some(role) = self.role.or(default) else {
            let roles: Vec<_> = Role::ALL.iter().map(|role| role.as_str()).collect();
            bail!("--role is missing: one of {}", roles.join(", "));
        };
        let tenant = match &self.tenant {
            None => None,
            Some(text) => {
                let found = vestibule.services().tenants.get(&Actor::operator(), &TenantRef::parse(text)).await;
                match found {
                    Ok(tenant) => Some(tenant.id),
                    Err(ServiceError::NotFound { .. }) => bail!("--tenant: there is no tenant {text:?}"),
                    Err(error) => return Err(error.into()),
                }
            }
        };
        Ok(Grant { role, tenant, partner: self.partner })
    }
}

pub(super) async fn run(config: Config, command: TokenCommand) -> anyhow::Result<()> {
    let TokenCommand::Create { name, grant, expires } = command;
    with_instance(&config, async |vestibule| {
        let grant = grant.resolve(vestibule, None).await?;
        let new = NewApiToken { name, grant, lifetime_seconds: expires };
        let (_, secret) = vestibule.services().tokens.create(&Actor::operator(), new).await?;
        println!("{}", secret.expose());
        Ok(())
    })
    .await
}

/// Parses a number with the unit d, h, m or s, into seconds.
fn parse_duration(text: &str) -> Result<i64, String> {
    let wrong = || format!("{text:?} is not a duration such as 90d, 12h or 30m");
    let unit = text.chars().last().ok_or_else(wrong)?;
    let seconds = match unit {
        'd' => 24 * 60 * 60,
        'h' => 60 * 60,
        'm' => 60,
        's' => 1,
        _ => return Err(wrong()),
    };
    let number: i64 = text[..text.len() - 1].parse().map_err(|_| wrong())?;
    // At most a hundred years, so that later sums do not overflow.
    match number.checked_mul(seconds) {
        Some(total) if (1..=100 * 366 * 24 * 60 * 60).contains(&total) => Ok(total),
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_has_a_unit() {
        assert_eq!(parse_duration("90d"), Ok(90 * 24 * 60 * 60));
        assert_eq!(parse_duration("30m"), Ok(1800));
        for wrong in ["", "d", "90", "-1d", "0d", "1y", "99999999999999999d", "1.5h", "ä"] {
            assert!(parse_duration(wrong).is_err(), "{wrong} was accepted");
        }
    }
}
