//! Who is signed in, as far as the portal knows.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::{
        ApiError,
        session::{Status, session_status, sign_out},
    },
    domain::{
        actor::{Actor, Decision, Grant, Identity, Owner, Permission, Reach},
        id::TenantId,
        session::CurrentUser,
    },
};

/// Who is signed in. Provided once by the root; `use_context::<Session>()` or [`Session::current`] finds it.
#[derive(Clone, Copy)]
pub struct Session {
    status: RwSignal<Option<Result<Status, ApiError>>>,
    left: RwSignal<bool>,
}

impl Session {
    /// Provides the session and asks the server who is signed in.
    pub fn provide() -> Self {
        let session = Self { status: RwSignal::new(None), left: RwSignal::new(false) };
        provide_context(session);
        session.reload();
        session
    }

    /// The session of the running portal.
    pub fn current() -> Self {
        expect_context()
    }

    /// The last status; `None` before the first response. Tracked.
    pub fn status(self) -> Option<Result<Status, ApiError>> {
        self.status.get()
    }

    /// Asks the server again.
    pub fn reload(self) {
        spawn_local(async move {
            let _ = self.refresh().await;
        });
    }

    /// Asks the server again and waits for the answer.
    pub async fn refresh(self) -> Result<Status, ApiError> {
        let status = session_status().await;
        if matches!(&status, Ok(Status { user: Some(_), .. })) {
            self.left.try_set(false);
        }
        // The last status is kept while the server cannot be reached: an outage must not close a page.
        self.status.update(|known| {
            if status.is_ok() || !matches!(known, Some(Ok(_))) {
                *known = Some(status.clone());
            }
        });
        status
    }

    /// Who is signed in. Tracked.
    pub fn user(self) -> Option<CurrentUser> {
        self.status.with(|status| match status {
            Some(Ok(Status { user, .. })) => user.clone(),
            Some(Err(_)) | None => None,
        })
    }

    /// Who is signed in, for what is drawn once.
    pub fn user_now(self) -> Option<CurrentUser> {
        untrack(|| self.user())
    }

    /// The server's version, once known. Tracked.
    pub fn version(self) -> Option<String> {
        self.status.with(|status| status.as_ref()?.as_ref().ok().map(|status| status.version.clone()))
    }

    /// Whether the person signed out on purpose, so that the path to return to is not remembered.
    pub fn has_left(self) -> bool {
        self.left.get()
    }

    /// Whether the signed-in person may do this to some object within their reach. For convenience; the server decides.
    pub fn allows(self, permission: Permission) -> bool {
        self.user().is_some_and(|user| allows(&user.grant, permission))
    }

    /// Whether the signed-in person may do this to an object of this owner. For convenience; the server decides.
    /// Tracked.
    pub fn can(self, permission: Permission, owner: Owner<'_>) -> bool {
        self.user().is_some_and(|user| actor(&user.grant).decide(permission, owner) == Decision::Allowed)
    }

    /// The tenant of the signed-in person's role, if it has a single one. Tracked.
    pub fn own_tenant(self) -> Option<TenantId> {
        self.user()?.grant.tenant
    }

    /// Whether this person can see anything at all. Tracked.
    pub fn has_access(self) -> bool {
        self.user().is_some_and(|user| actor(&user.grant).reach() != Reach::Nothing)
    }

    /// Observes every failed call: ends the session here when the server reports that it has ended.
    pub fn observe(self, error: &ApiError) {
        if error.is_unauthenticated() {
            self.forget();
        }
    }

    /// Signs out.
    pub fn sign_out(self) {
        spawn_local(async move {
            // A session that has already ended is signed out as well.
            let _ = sign_out().await;
            self.left.try_set(true);
            self.forget();
        });
    }

    fn forget(self) {
        self.status.update(|status| {
            if let Some(Ok(status)) = status {
                status.user = None;
            }
        });
    }
}

fn actor(grant: &Grant) -> Actor {
    Actor { identity: Identity::Host { name: String::new() }, grant: Some(grant.clone()), address: None }
}

fn allows(grant: &Grant, permission: Permission) -> bool {
    actor(grant).decide_anywhere(permission) == Decision::Allowed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::actor::Role;

    #[test]
    fn a_partner_administrator_manages_providers_and_no_tokens() {
        let grant = Grant { role: Role::PartnerAdmin, tenant: None, partner: Some("acme".to_owned()) };
        assert!(allows(&grant, Permission::ManageProviders));
        assert!(!allows(&grant, Permission::ManageTokens));
    }
}
