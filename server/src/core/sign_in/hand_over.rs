//! Hands a person who may sign in over to the application, where it decides whose session begins.
//!
//! The user and the link are stored before, and no transaction is open while the application works: it may take long, and
//! may use the same database.

use vestibule_app::{
    domain::{id::UserId, secret::Secret, sign_in::StepName},
    service::{CompletedSignIn, Reception, ServiceResult, SignInCallback, SignInReceiver},
};

use super::{
    failure::Failure,
    people::lock_usable,
    person::Person,
    reason::{NOT_SERVING, Reason, USER_UNUSABLE},
    user_sessions::UserSessions,
};
use crate::{
    protocol::recorder::Recorder,
    store::{
        Lock, Store, directories,
        sign_in::{links, serving},
        users,
    },
};

/// Hands people over.
pub(super) struct HandOver {
    pub(super) store: Store,
    pub(super) sessions: UserSessions,
}

impl HandOver {
    /// Asks the application, and begins the session where it accepts. Returns its cookie; nothing where the application
    /// answers.
    pub(super) async fn pass(
        &self,
        receiver: &dyn SignInReceiver,
        (person, user): (&Person<'_>, UserId),
        return_to: String,
        callback: &SignInCallback,
        trace: &Recorder,
    ) -> ServiceResult<Result<Option<Secret>, Failure>> {
        let step = trace.begin(StepName::Application);
        let received = match self.describe(person, user, return_to).await? {
            Ok(sign_in) => receiver.receive(sign_in).await.map_err(Failure::Application),
            Err(reason) => Err(Failure::Unusable(reason)),
        };
        match step.end(received) {
            Ok(Reception::Answered) => Ok(Ok(None)),
            Ok(Reception::Accepted) => {
                let step = trace.begin(StepName::Session);
                let begun = self.begin_session(person, user, callback).await?;
                Ok(step.end(begun.map(Some).map_err(Failure::Unusable)))
            }
            Err(failure) => Ok(Err(failure)),
        }
    }

    async fn describe(
        &self,
        person: &Person<'_>,
        user: UserId,
        return_to: String,
    ) -> ServiceResult<Result<CompletedSignIn, Reason>> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        let Some(user) = users::find(conn, user, Lock::None).await? else { return Ok(Err(USER_UNUSABLE)) };
        let Person { tenant, provider, subject, .. } = *person;
        let tenant_slug = serving::find_served(conn, tenant, provider.id).await?;
        let Some(tenant_slug) = tenant_slug else { return Ok(Err(NOT_SERVING)) };
        let groups = directories::list_mapped_groups(conn, user.id).await?;
        let (provider, provider_slug, claims) = (provider.id, provider.slug.to_string(), subject.claims.clone());
        Ok(Ok(CompletedSignIn { user, tenant, tenant_slug, provider, provider_slug, groups, claims, return_to }))
    }

    /// Checks again what may have changed while the application worked.
    async fn begin_session(
        &self,
        person: &Person<'_>,
        user: UserId,
        callback: &SignInCallback,
    ) -> ServiceResult<Result<Secret, Reason>> {
        let Person { provider, subject, .. } = *person;
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        if let Some(reason) = lock_usable(conn, person).await? {
            return Ok(Err(reason));
        }
        let found = users::find(conn, user, Lock::Exclusive).await?;
        // Under the lock of the user, without which no link of the user is removed.
        let links = links::list_of_user(conn, user).await?;
        let is_linked = links.iter().any(|link| link.provider == provider.id && link.subject == subject.subject);
        if !is_linked || !found.is_some_and(|user| user.may_sign_in()) {
            return Ok(Err(USER_UNUSABLE));
        }
        let session = self.sessions.begin(conn, user, provider.id, subject, callback).await?;
        tx.commit().await?;
        Ok(Ok(session))
    }
}
