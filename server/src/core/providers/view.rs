//! Shows one provider to a caller: its settings, its state, and what deleting it affects.

use vestibule_app::{
    domain::{
        actor::{Actor, Decision, Owner, Permission},
        id::ProviderId,
        problem::ServiceError,
        provider::{
            IdentityProvider,
            detail::{Impact, ProviderDetail},
        },
    },
    service::{ProviderRef, ServiceResult},
};

use super::{ProviderSecrets, WHAT, get_for, secrets};
use crate::{
    core::{
        permission::{RowOwner, require, require_somewhere},
        public_address::PublicAddress,
    },
    store::{Lock, Store, assignments, connection_tests, group_mappings, providers as rows, sign_in::links, tenants},
};

/// Shows providers.
pub(super) struct ProviderView {
    pub(super) store: Store,
    pub(super) secrets: ProviderSecrets,
    /// For callback URLs.
    pub(super) address: PublicAddress,
}

impl ProviderView {
    pub(super) async fn look_up(&self, actor: &Actor, provider: &ProviderRef) -> ServiceResult<IdentityProvider> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        require_somewhere(actor, Permission::LookUpProvider)?;
        let stored = rows::find(conn, provider).await?.ok_or_else(|| ServiceError::not_found(WHAT))?;
        let owned = RowOwner::load(conn, stored.provider.owner).await?;
        match require(actor, Permission::LookUpProvider, owned.owner(), WHAT) {
            // Another tenant's, but linked to a tenant within reach.
            Err(ServiceError::NotFound { .. })
                if assignments::is_within(conn, stored.provider.id, &actor.reach()).await? =>
            {
                Ok(stored.provider)
            }
            decided => decided.map(|()| stored.provider),
        }
    }

    pub(super) async fn get(&self, actor: &Actor, provider: &ProviderRef) -> ServiceResult<IdentityProvider> {
        let mut read = self.store.read().await?;
        let stored = get_for(&mut read.conn(), actor, Permission::ViewProvider, provider).await?;
        let may_see = actor.decide(Permission::RevealSecrets, Owner::Platform) == Decision::Allowed;
        Ok(if may_see { self.secrets.open(stored) } else { self.secrets.keep_sealed(stored) })
    }

    pub(super) async fn get_detail(&self, actor: &Actor, id: ProviderId) -> ServiceResult<ProviderDetail> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        let stored = get_for(conn, actor, Permission::ViewProvider, &ProviderRef::Id(id)).await?;
        let owner_name = match stored.provider.owner {
            Some(tenant) => tenants::find(conn, tenant).await?.map(|tenant| tenant.name),
            None => None,
        };
        let is_stored = secrets::is_stored(&stored.provider);
        let changed_by = Some(stored.changed_by.clone());
        let provider = self.secrets.keep_sealed(stored);
        Ok(ProviderDetail {
            callback_url: self.address.callback_url(id),
            discovery: rows::find_discovery(conn, id).await?,
            health: connection_tests::find_health(conn, id, Lock::None).await?,
            changed_by,
            owner_name,
            has_lost_secret: is_stored && !secrets::is_stored(&provider),
            provider,
        })
    }

    pub(super) async fn get_impact(&self, actor: &Actor, id: ProviderId) -> ServiceResult<Impact> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        get_for(conn, actor, Permission::ManageProviders, &ProviderRef::Id(id)).await?;
        Ok(Impact {
            tenants: rows::count_tenants(conn, id).await?,
            group_mappings: group_mappings::count_of_provider(conn, id).await?,
        })
    }

    pub(super) async fn count_links_to_move(
        &self,
        actor: &Actor,
        id: ProviderId,
        user_claim: &str,
    ) -> ServiceResult<u64> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        get_for(conn, actor, Permission::ManageProviders, &ProviderRef::Id(id)).await?;
        let claims: Vec<_> = user_claim.split_whitespace().collect();
        let by_claim = links::count_by_claim(conn, id).await?;
        Ok(by_claim.iter().filter(|(claim, _)| !claims.contains(&claim.as_str())).map(|(_, count)| count).sum())
    }
}
