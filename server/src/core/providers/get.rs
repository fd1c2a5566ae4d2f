//! Gets a stored provider for a caller with a permission on it.

use vestibule_app::{
    domain::{
        actor::{Actor, Permission},
        problem::ServiceError,
        provider::detail::LastDiscovery,
    },
    service::{ProviderRef, ServiceResult},
};

use super::{ProviderSecrets, WHAT};
use crate::{
    core::permission::{RowOwner, require, require_somewhere},
    store::{
        Conn, Store,
        providers::{self as rows, StoredProvider},
    },
};

/// Gets a provider and checks the permission. For callers it is hidden from it is "not found".
pub(in crate::core) async fn get_for(
    conn: &mut Conn<'_>,
    actor: &Actor,
    permission: Permission,
    provider: &ProviderRef,
) -> ServiceResult<StoredProvider> {
    require_somewhere(actor, permission)?;
    let stored = rows::find(conn, provider).await?.ok_or_else(|| ServiceError::not_found(WHAT))?;
    let owned = RowOwner::load(conn, stored.provider.owner).await?;
    require(actor, permission, owned.owner(), WHAT)?;
    Ok(stored)
}

/// The provider with its secrets opened, for a caller who may change it.
pub(super) async fn get_for_change(
    store: &Store,
    secrets: &ProviderSecrets,
    actor: &Actor,
    provider: &ProviderRef,
    expected_version: Option<i64>,
) -> ServiceResult<(StoredProvider, Option<LastDiscovery>)> {
    let mut read = store.read().await?;
    let conn = &mut read.conn();
    let mut stored = get_for(conn, actor, Permission::ManageProviders, provider).await?;
    if expected_version.is_some_and(|version| version != stored.provider.version) {
        return Err(ServiceError::Conflict { what: WHAT.to_owned(), by: Some(stored.changed_by) });
    }
    // A secret that does not open stays, unless the change brings another one.
    secrets.try_open(&mut stored);
    let last = rows::find_discovery(conn, stored.provider.id).await?;
    Ok((stored, last))
}
