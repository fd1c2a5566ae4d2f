//! Proving an account: a person whom a provider authenticated may be a user who exists (`linking` = `ask`), and signs in
//! with a provider that the user is linked to.
//!
//! What waits for the proof is sealed into a cookie of the same browser, under a token that only our page shows: another
//! site can neither plant it nor begin the proof.

use serde::{Deserialize, Serialize};
use vestibule_app::{
    domain::{
        id::{IdentityLinkId, ProviderId, TenantId, UserId},
        provider::Linking,
        sign_in::{Decision, LinkChange, LinkKey, Refusal},
        timestamp::Timestamp,
    },
    service::ProviderRef,
};

use super::{
    lifetime::is_over,
    person::{Person, record_link},
    reason::{PROOF_OFF, Reason},
    serving::why_not_serving,
};
use crate::{
    core::new_uuid,
    store::{
        Conn, Lock, StoreResult, providers,
        sign_in::{links, serving},
        users,
    },
};

/// The longest link that is carried, in bytes: it shares its cookie with the start of the proof.
const MAX_CARRIED: usize = 1500;

/// A link that is stored when its person proves to be the user.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct PendingLink {
    /// When the person signed in with the new provider.
    pub(super) at: Timestamp,
    pub(super) tenant: TenantId,
    /// The user that the person has to prove to be.
    pub(super) user: UserId,
    /// The new provider.
    pub(super) provider: ProviderId,
    issuer: String,
    claim: String,
    value: String,
    subject: String,
}

impl PendingLink {
    /// A link of a person; nothing where it is too long to be carried.
    pub(super) fn new(key: &LinkKey, subject: &str, user: UserId, at: Timestamp) -> Option<Self> {
        let LinkKey { tenant, provider, issuer, claim, value } = key.clone();
        let length = issuer.len() + claim.len() + value.len() + subject.len();
        let subject = subject.to_owned();
        (length <= MAX_CARRIED).then_some(Self { at, tenant, user, provider, issuer, claim, value, subject })
    }

    /// Whether it was too long ago, or is ahead of the clock.
    pub(super) fn is_over(&self, now: Timestamp) -> bool {
        is_over(self.at, now)
    }

    /// The decision about the person who proves: only a link that is stored proves something, and only of its own user.
    pub(super) fn prove(&self, decision: Decision<UserId>) -> Decision<UserId> {
        match decision {
            Decision::Existing { user, link: LinkChange::Keep | LinkChange::Move, .. } if user == self.user => decision,
            Decision::Refuse(_) => decision,
            _ => Decision::Refuse(Refusal::NotProven),
        }
    }

    /// Locks the new provider and its link to the tenant. Returns why people cannot be linked to it any more, if so.
    pub(super) async fn lock(&self, conn: &mut Conn<'_>) -> StoreResult<Option<Reason>> {
        if !serving::hold(conn, self.tenant, self.provider).await? {
            return why_not_serving(conn, self.tenant, self.provider).await.map(Some);
        }
        let stored = providers::find(conn, &ProviderRef::Id(self.provider)).await?;
        let asks = stored.is_some_and(|stored| stored.provider.sign_in.linking == Linking::Ask);
        Ok((!asks).then_some(PROOF_OFF))
    }

    /// Stores the link of the user who proved it. Nothing is stored where the person has a link meanwhile.
    pub(super) async fn store(&self, conn: &mut Conn<'_>, person: &Person<'_>, now: Timestamp) -> StoreResult<()> {
        let Self { tenant, user, provider, subject, .. } = self;
        let (issuer, claim, value) = (self.issuer.clone(), self.claim.clone(), self.value.clone());
        let key = LinkKey { tenant: *tenant, provider: *provider, issuer, claim, value };
        let is_known = links::find(conn, &key).await?.is_some()
            || links::find_by_subject(conn, &key, subject).await?.is_some()
            || links::find_deleted(conn, &key, subject).await?.is_some();
        if is_known {
            return Ok(());
        }
        let Some(linked) = providers::find(conn, &ProviderRef::Id(*provider)).await? else { return Ok(()) };
        links::insert(conn, IdentityLinkId(new_uuid()), &key, subject, *user, now).await?;
        let name = users::find(conn, *user, Lock::None).await?.map(|user| user.profile.label()).unwrap_or_default();
        record_link(conn, person, *user, &name, linked.provider.label(), now).await
    }
}
