//! Letting one person in whom a provider that creates no users brought.

use std::sync::Arc;

use vestibule_app::{
    domain::{
        actor::Actor,
        id::{SignInId, UserId},
        mapping::evaluate,
        problem::{ProblemCode, ServiceError},
        sign_in::{Decision, SignInPolicy},
    },
    service::{ProviderRef, ServiceResult},
};

use super::{
    found::Found,
    people::{Creation, create, lock_usable},
    person::Person,
};
use crate::{
    clock::Clock,
    store::{
        Lock, Store,
        providers::{self, StoredProvider},
        sign_in::attempts as rows,
    },
};

/// Creates users from attempts.
pub(super) struct Admission {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
}

impl Admission {
    /// Creates the user for a person, as if the provider created users. The caller's permission is checked already.
    pub(super) async fn admit(&self, actor: &Actor, attempt: SignInId, person: &Person<'_>) -> ServiceResult<UserId> {
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        // The tenant before the provider before the user, as sign-ins lock.
        if let Some(reason) = lock_usable(conn, person).await? {
            return Err(refused(&format!("The person could not sign in: {}. {}", reason.message, reason.advice)));
        }
        // Under the lock: the provider's settings may have changed since the caller's were read.
        let stored = providers::find(conn, &ProviderRef::Id(person.provider.id)).await?;
        let Some(StoredProvider { provider, .. }) = stored else {
            return Err(ServiceError::not_found("identity provider"));
        };
        let person = &Person { provider: &provider, ..*person };
        if !provider.config.accepts_issuer(&person.subject.issuer) {
            return Err(refused("The provider's issuer changed since then. Let the person sign in once more."));
        }
        let evaluation = evaluate(&provider.mapping, &person.subject.claims);
        match rows::lock(conn, attempt).await? {
            Some(None) => {}
            Some(Some(_)) => return Err(refused("The person was let in already.")),
            None => return Err(ServiceError::not_found("sign-in")),
        }
        let found = Found::load(conn, person, &evaluation, Lock::Exclusive).await?;
        let policy = SignInPolicy { creates: true, ..SignInPolicy::of(person.provider) };
        let (profile, verified_email) = match found.decide_by(person, &evaluation, &policy) {
            Decision::Create { profile, verified_email } => (profile, verified_email),
            Decision::Refuse(refusal) => {
                return Err(refused(&format!("{} {}", refusal.explain(), refusal.advice())));
            }
            Decision::Existing { .. } | Decision::Ask { .. } => {
                return Err(refused("The person is a user already, and can sign in."));
            }
        };
        let new = Creation { profile, verified_email, by: actor, at: self.clock.now() };
        let user = create(conn, person, &found, new).await?;
        rows::set_user(conn, attempt, user).await?;
        tx.commit().await?;
        Ok(user)
    }
}

/// Why a person is not let in.
pub(super) fn refused(message: &str) -> ServiceError {
    ServiceError::invalid("sign_in", ProblemCode::NotAllowed, message)
}
