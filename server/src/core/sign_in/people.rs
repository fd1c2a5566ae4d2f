//! Signing a person in: the decision, what it changes, and the session.

use std::sync::Arc;

use vestibule_app::{
    domain::{
        actor::Actor,
        audit::{AuditAction, AuditObject, FieldChange},
        id::UserId,
        mapping::evaluate,
        provider::IdentityProvider,
        secret::Secret,
        sign_in::{Decision, LinkChange, Refusal, StepFailure, StepName},
        timestamp::Timestamp,
        user::Profile,
    },
    service::{ServiceResult, SignInCallback},
};

use super::{
    found::Found,
    memberships,
    person::{Person, by_provider, record_link},
    proof::PendingLink,
    reason::Reason,
    serving::why_not_serving,
    user_sessions::UserSessions,
};
use crate::{
    clock::Clock,
    core::{
        audit::{AuditEntry, record},
        new_uuid,
    },
    protocol::recorder::Recorder,
    store::{
        Conn, Lock, Store, StoreResult,
        sign_in::serving,
        users::{self, NewUser},
    },
};

/// Why a person whom the provider authenticated is not signed in.
pub(super) enum Rejection {
    /// The tenant or the provider cannot be used any more.
    Unusable(Reason),
    /// The person may not sign in.
    Refused {
        refusal: Refusal,
        /// The user that the person is.
        user: Option<UserId>,
    },
    /// The person may be a user who exists, and has to prove it.
    Unproven {
        pending: Box<PendingLink>,
        /// The providers with which the user signs in.
        providers: Vec<IdentityProvider>,
    },
}

impl From<&Rejection> for StepFailure {
    fn from(rejection: &Rejection) -> Self {
        match rejection {
            Rejection::Unusable(reason) => reason.into(),
            Rejection::Refused { refusal, .. } => refusal.into(),
            Rejection::Unproven { .. } => Self {
                message: "the person may be a user who exists already, and has to prove it".to_owned(),
                rule: None,
                advice: "The person signs in with a provider that the user is linked to (linking).".to_owned(),
            },
        }
    }
}

/// A person who may sign in.
pub(super) struct Admitted {
    pub(super) user: UserId,
    /// The value of the session's cookie; nothing where no session begins yet.
    pub(super) session: Option<Secret>,
}

/// When a session begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SessionStart {
    /// Together with what the decision changes.
    Now,
    /// Once the application has accepted the person.
    Later,
}

/// Finds, creates and changes users who sign in, and begins their sessions.
pub(super) struct People {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) sessions: UserSessions,
}

impl People {
    /// Decides whether the person may sign in, and stores what that changes, together with the session if it begins now. When
    /// two sign-ins of one new person meet, the second finds the user of the first. `proves` is the link that is stored too
    /// when the person is its user.
    pub(super) async fn sign_in(
        &self,
        person: &Person<'_>,
        proves: Option<&PendingLink>,
        callback: &SignInCallback,
        start: SessionStart,
        trace: &Recorder,
    ) -> ServiceResult<Result<Admitted, Rejection>> {
        let recorded = trace.count();
        match self.try_sign_in(person, proves, callback, start, trace).await {
            Err(error) if error.is_overtaken() => {
                trace.rewind(recorded);
                Ok(self.try_sign_in(person, proves, callback, start, trace).await?)
            }
            outcome => Ok(outcome?),
        }
    }

    async fn try_sign_in(
        &self,
        person: &Person<'_>,
        proves: Option<&PendingLink>,
        callback: &SignInCallback,
        start: SessionStart,
        trace: &Recorder,
    ) -> StoreResult<Result<Admitted, Rejection>> {
        let step = trace.begin(StepName::Decision);
        let evaluation = evaluate(&person.provider.mapping, &person.subject.claims);
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        // The tenant before the provider before the user: every transaction locks in this order.
        if let Some(reason) = lock_usable(conn, person).await? {
            return Ok(step.end(Err(Rejection::Unusable(reason))));
        }
        if let Some(pending) = proves
            && let Some(reason) = pending.lock(conn).await?
        {
            return Ok(step.end(Err(Rejection::Unusable(reason))));
        }
        let mut found = Found::load(conn, person, &evaluation, Lock::Exclusive).await?;
        let mut decision = found.decide(person, &evaluation);
        if let Decision::Existing { user, link: LinkChange::Add, .. } = decision {
            // Users are found by their links under a lock, and by their names without one.
            users::find(conn, user, Lock::Exclusive).await?;
            found = Found::load(conn, person, &evaluation, Lock::Exclusive).await?;
            decision = found.decide(person, &evaluation);
        }
        if let Some(pending) = proves {
            decision = pending.prove(decision);
        }
        let decision = match decision {
            Decision::Refuse(refusal) => Err(Rejection::Refused { refusal, user: found.user() }),
            Decision::Ask { user } => Err(self.ask(conn, person, &found, user).await?),
            allowed => Ok(allowed),
        };
        let decision = match step.end(decision) {
            Ok(decision) => decision,
            Err(rejection) => return Ok(Err(rejection)),
        };
        let step = trace.begin(StepName::Session);
        let user = self.apply(conn, person, &found, decision).await?;
        if let Some(pending) = proves {
            pending.store(conn, person, self.clock.now()).await?;
        }
        let session = match start {
            SessionStart::Now => {
                Some(self.sessions.begin(conn, user, person.provider.id, person.subject, callback).await?)
            }
            SessionStart::Later => None,
        };
        tx.commit().await?;
        match session {
            Some(_) => step.record(None),
            None => step.discard(),
        }
        Ok(Ok(Admitted { user, session }))
    }

    /// The proof that a person is asked for, who may be this user. Without another provider there is none, and the address
    /// is taken.
    async fn ask(
        &self,
        conn: &mut Conn<'_>,
        person: &Person<'_>,
        found: &Found,
        user: UserId,
    ) -> StoreResult<Rejection> {
        let linked = serving::list_of_user(conn, person.tenant, user, person.provider.id).await?;
        let providers: Vec<_> = linked.into_iter().map(|stored| stored.provider).collect();
        let pending = PendingLink::new(&found.key, &person.subject.subject, user, self.clock.now());
        Ok(match pending {
            Some(pending) if !providers.is_empty() => Rejection::Unproven { pending: Box::new(pending), providers },
            _ => Rejection::Refused { refusal: Refusal::EmailTaken, user: Some(user) },
        })
    }

    /// Stores what a decision that lets the person in changes. Returns the user.
    async fn apply(
        &self,
        conn: &mut Conn<'_>,
        person: &Person<'_>,
        found: &Found,
        decision: Decision<UserId>,
    ) -> StoreResult<UserId> {
        let now = self.clock.now();
        match decision {
            Decision::Create { profile, verified_email } => {
                let name = profile.label();
                let new = Creation { profile, verified_email, by: &by_provider(person.provider), at: now };
                let user = create(conn, person, found, new).await?;
                memberships::apply(conn, person, user, &name, now).await?;
                Ok(user)
            }
            Decision::Existing { user, link, change, verified_email } => {
                found.keep_link(conn, person, user, link, now).await?;
                let name = change.profile.label();
                if link == LinkChange::Add {
                    record_link(conn, person, user, &name, person.provider.label(), now).await?;
                }
                if !change.changed.is_empty() || verified_email.is_some() {
                    update(conn, person, user, change.profile, verified_email, now).await?;
                }
                memberships::apply(conn, person, user, &name, now).await?;
                Ok(user)
            }
            Decision::Ask { .. } | Decision::Refuse(_) => unreachable!("a refusal is returned before"),
        }
    }
}

/// Locks the tenant, the provider and their link until the transaction ends. Returns why they cannot be used, if they cannot.
pub(super) async fn lock_usable(conn: &mut Conn<'_>, person: &Person<'_>) -> StoreResult<Option<Reason>> {
    let (tenant, provider) = (person.tenant, person.provider.id);
    match serving::hold(conn, tenant, provider).await? {
        true => Ok(None),
        false => why_not_serving(conn, tenant, provider).await.map(Some),
    }
}

/// A user who is created for a person.
pub(super) struct Creation<'a> {
    pub(super) profile: Profile,
    pub(super) verified_email: bool,
    /// For the audit log.
    pub(super) by: &'a Actor,
    pub(super) at: Timestamp,
}

/// Stores the user with the link to the person.
pub(super) async fn create(
    conn: &mut Conn<'_>,
    person: &Person<'_>,
    found: &Found,
    new: Creation<'_>,
) -> StoreResult<UserId> {
    let Creation { profile, verified_email: email_verified, by, at } = new;
    let id = UserId(new_uuid());
    let name = profile.label();
    let user = NewUser { id, profile, email_verified };
    users::insert(conn, person.tenant, person.provider.id, std::slice::from_ref(&user), at).await?;
    found.keep_link(conn, person, id, LinkChange::Add, at).await?;
    let entry = AuditEntry {
        action: AuditAction::Created,
        object: AuditObject::User,
        id: id.to_string(),
        name: &name,
        tenant: Some(person.tenant),
        changes: Vec::new(),
    };
    record(conn, by, at, entry).await?;
    Ok(id)
}

async fn update(
    conn: &mut Conn<'_>,
    person: &Person<'_>,
    id: UserId,
    profile: Profile,
    verified_email: Option<bool>,
    now: Timestamp,
) -> StoreResult<()> {
    let Some(mut user) = users::find(conn, id, Lock::Exclusive).await? else { return Ok(()) };
    let is_same = user.profile == profile;
    let was_verified = user.email_verified;
    let same_email = user.profile.email == profile.email;
    user.email_verified = verified_email.unwrap_or(was_verified && same_email);
    if is_same && user.email_verified == was_verified {
        return Ok(());
    }
    let mut changed = user.profile.changed_fields(&profile);
    if user.email_verified != was_verified {
        changed.push("email_verified".to_owned());
    }
    user.profile = profile;
    user.updated_at = Some(now);
    users::update_synchronised(conn, &user).await?;
    let entry = AuditEntry {
        action: AuditAction::Updated,
        object: AuditObject::User,
        id: id.to_string(),
        name: &user.profile.label(),
        tenant: Some(person.tenant),
        changes: changed.iter().map(|field| FieldChange::hidden(field)).collect(),
    };
    record(conn, &by_provider(person.provider), now, entry).await
}
