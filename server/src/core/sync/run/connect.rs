//! Connecting to the directory.

use vestibule_app::domain::sync::SyncServer;

use super::super::{context::RunContext, error::RunError, journal::Journal};
use crate::protocol::{http::OutboundClient, ldap::Directory};

/// Connects, and logs which server answered.
pub(super) async fn connect(
    context: &RunContext,
    journal: &mut Journal,
    outbound: &OutboundClient,
) -> Result<Directory, RunError> {
    let RunContext { config, limits, .. } = context;
    let directory = limits.wait(Directory::open(outbound.policy(), outbound.lookup(), config)).await?;
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
