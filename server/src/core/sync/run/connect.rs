//! Connecting to the directory: the only step of a run that has the bind password. While the run reads, the connection
//! keeps the password only if referrals are followed.

use vestibule_app::domain::{provider::LdapConfig, sync::SyncServer};

use super::super::{error::RunError, journal::Journal, limits::RunLimits};
use crate::protocol::{http::OutboundClient, ldap::Directory};

/// Connects once.
pub(super) struct Connector {
    pub(super) config: LdapConfig,
    /// Its policy and its name lookup hold for LDAP too.
    pub(super) outbound: OutboundClient,
}

impl Connector {
    /// Connects, and logs which server answered.
    pub(super) async fn connect(self, limits: &RunLimits, journal: &mut Journal) -> Result<Directory, RunError> {
        let Self { config, outbound } = self;
        let directory = limits.wait(Directory::open(outbound.policy(), outbound.lookup(), &config)).await?;
        let root = directory.root();
        journal.log.server = Some(SyncServer {
            url: directory.url().to_owned(),
            vendor: root.vendor,
            product: root.product.clone(),
            paged: root.pages && config.limits.page_size > 0,
        });
        if !root.pages && config.limits.page_size > 0 {
            journal.warn(
                "The server does not offer paged results (RFC 2696), so all results are requested at once and its size \
                 limit holds.",
            );
        }
        Ok(directory)
    }
}
