//! Whether a sign-in would replace a session of another tenant without the person's knowledge.
//!
//! Any page can send a browser to `/login`. If its provider then authenticates whom it wants, the person goes on as somebody
//! of another tenant. So a page of ours asks first. Its link has a proof that only this browser's session gives: a page
//! that does not know the cookie cannot make the link.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use vestibule_app::{
    domain::{id::TenantId, tenant::Tenant},
    service::{ServiceResult, SignInBrowser, SignInRequest, SignInStep},
};

use super::user_sessions::UserSessions;
use crate::{
    core::random::sha256_hex,
    store::{Store, tenants},
};

/// Asks before a session of another tenant is replaced.
pub(super) struct Replacement {
    pub(super) store: Store,
    pub(super) sessions: UserSessions,
}

impl Replacement {
    /// The question, where there is one: another page than our own began the sign-in, the browser has a session of another
    /// tenant, and the person has not agreed.
    pub(super) async fn ask(
        &self,
        tenant: &Tenant,
        request: &SignInRequest,
        browser: &SignInBrowser,
    ) -> ServiceResult<Option<SignInStep>> {
        let Some(cookie) = browser.session.as_deref().filter(|_| !browser.is_on_own_page) else { return Ok(None) };
        let Some(current) = self.sessions.find_tenant(cookie).await? else { return Ok(None) };
        let confirmation = confirmation(cookie, tenant.id);
        let is_confirmed = request
            .confirmation
            .as_deref()
            .is_some_and(|given| verify_slices_are_equal(given.as_bytes(), confirmation.as_bytes()).is_ok());
        if current == tenant.id || is_confirmed {
            return Ok(None);
        }
        let mut read = self.store.read().await?;
        let current = tenants::find(&mut read.conn(), current).await?.map(|tenant| tenant.name);
        let (current, wanted) = (current.unwrap_or_default(), tenant.name.clone());
        Ok(Some(SignInStep::Confirm { current, wanted, confirmation }))
    }
}

/// Proves that the person agrees: of one session, for one tenant. It is in addresses and logs, and opens no session.
fn confirmation(cookie: &str, tenant: TenantId) -> String {
    sha256_hex(&format!("replace {cookie} by {tenant}"))
}
