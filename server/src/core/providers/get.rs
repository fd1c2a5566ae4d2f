//! Gets a stored provider for a caller with a permission on it.

use vestibule_app::{
    domain::{
        actor::{Actor, Permission},
        problem::ServiceError,
    },
    service::{ProviderRef, ServiceResult},
};

use super::WHAT;
use crate::{
    core::permission::{RowOwner, require, require_somewhere},
    store::{
        Conn,
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
