//! Whether a sign-in may replace a session of another tenant: not without the person's knowledge.
//!
//! Any page can send a browser to `/login`, and through pages of ours too. If its provider then authenticates whom it wants,
//! the person goes on as somebody of another tenant. So a page of ours asks before the redirect. Its link has a proof that
//! only this browser's session gives: a page that does not know the cookie cannot make the link. Which session may be
//! replaced is sealed into the start, and checked when the browser comes back: it may have got a session meanwhile.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use vestibule_app::{
    domain::{id::TenantId, tenant::Tenant},
    service::{ServiceResult, SignInCallback, SignInRequest, SignInStep},
};

use super::{start::Start, user_sessions::UserSessions};
use crate::{
    core::random::sha256_hex,
    store::{Store, tenants},
};

/// Decides whether a session of another tenant is replaced.
#[derive(Clone)]
pub(super) struct Replacement {
    pub(super) store: Store,
    pub(super) sessions: UserSessions,
}

/// What a sign-in replaces.
pub(super) enum Replaced {
    /// No session of another tenant, or the one with this hash, to which the person agreed.
    Agreed(Option<String>),
    /// The person is asked.
    Ask(SignInStep),
}

impl Replacement {
    /// What a sign-in to a tenant replaces in a browser with this session.
    pub(super) async fn decide(
        &self,
        tenant: &Tenant,
        request: &SignInRequest,
        session: Option<&str>,
    ) -> ServiceResult<Replaced> {
        let Some((cookie, current)) = self.find_other(tenant.id, session).await? else {
            return Ok(Replaced::Agreed(None));
        };
        let confirmation = confirmation(cookie, tenant.id);
        let is_confirmed = request
            .confirmation
            .as_deref()
            .is_some_and(|given| verify_slices_are_equal(given.as_bytes(), confirmation.as_bytes()).is_ok());
        if is_confirmed {
            return Ok(Replaced::Agreed(Some(sha256_hex(cookie))));
        }
        let mut read = self.store.read().await?;
        let current = tenants::find(&mut read.conn(), current).await?.map(|tenant| tenant.name);
        let (current, wanted) = (current.unwrap_or_default(), tenant.name.clone());
        Ok(Replaced::Ask(SignInStep::Confirm { current, wanted, confirmation }))
    }

    /// Whether the session of the browser that comes back may be replaced.
    pub(super) async fn is_agreed(&self, start: &Start, callback: &SignInCallback) -> ServiceResult<bool> {
        let other = self.find_other(start.tenant, callback.session.as_deref()).await?;
        Ok(other.is_none_or(|(cookie, _)| start.replaces.as_deref() == Some(&*sha256_hex(cookie))))
    }

    /// The session, if it is of another tenant and has not ended.
    async fn find_other<'a>(
        &self,
        tenant: TenantId,
        session: Option<&'a str>,
    ) -> ServiceResult<Option<(&'a str, TenantId)>> {
        let Some(cookie) = session else { return Ok(None) };
        let current = self.sessions.find_tenant(cookie).await?;
        Ok(current.filter(|current| *current != tenant).map(|current| (cookie, current)))
    }
}

/// Proves that the person agrees: of one session, for one tenant. It is in addresses and logs, and opens no session.
fn confirmation(cookie: &str, tenant: TenantId) -> String {
    sha256_hex(&format!("replace {cookie} by {tenant}"))
}
