//! The person behind a subject: what is stored about them, the decision, and what it changes.

use std::sync::Arc;

use vestibule_app::{
    domain::{
        audit::{AuditAction, AuditObject, FieldChange},
        id::{IdentityLinkId, UserId},
        mapping::{Evaluation, IdentityOutcome, UserField, evaluate},
        provider::IdentityProvider,
        secret::Secret,
        sign_in::{
            Decision, KnownUser, KnownUsers, LinkChange, LinkKey, Refusal, SignInPolicy, StepFailure, StepName,
            StoredLink, decide, new_profile,
        },
        timestamp::Timestamp,
        user::{Profile, User},
    },
    service::{ProviderRef, ServiceResult, SignInCallback},
};

use super::{
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
        Conn, Lock, Store, StoreResult, providers,
        sign_in::{
            links::{self, LinkRow},
            serving,
        },
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
        let mut found = Found::load(conn, person, &evaluation).await?;
        let policy = SignInPolicy::of(person.provider);
        let decide =
            |found: &Found| decide(person.subject, &person.provider.mapping, &evaluation, &policy, &found.known);
        let mut decision = decide(&found);
        if let Decision::Existing { user, link: LinkChange::Add, .. } = decision {
            // Users are found by their links under a lock, and by their names without one.
            users::find(conn, user, Lock::Exclusive).await?;
            found = Found::load(conn, person, &evaluation).await?;
            decision = decide(&found);
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
        if session.is_some() {
            step.record(None);
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
                let user = create(conn, person, found, profile, verified_email, now).await?;
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
            Decision::Ask { user } => Ok(user),
            Decision::Refuse(_) => unreachable!("a refusal is returned before"),
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

/// What is stored that may concern a person.
struct Found {
    known: KnownUsers<UserId>,
    key: LinkKey,
    link: Option<IdentityLinkId>,
}

impl Found {
    async fn load(conn: &mut Conn<'_>, person: &Person<'_>, evaluation: &Evaluation) -> StoreResult<Self> {
        let Person { tenant, provider, subject, .. } = *person;
        let (claim, value) = match &evaluation.identity {
            IdentityOutcome::Found { claim, value } => (claim.clone(), value.clone()),
            IdentityOutcome::NotFound { .. } => Default::default(),
        };
        let key = LinkKey { tenant, provider: provider.id, issuer: subject.issuer.clone(), claim, value };
        // The name that a new user would get. The address counts also where there is no such name.
        let profile = new_profile(&provider.mapping, evaluation).unwrap_or_default();
        let email = evaluation.value(UserField::Email).and_then(|value| value.as_text()).map(str::to_owned);
        let (username, email) = (profile.folded_username(), Profile { email, ..profile }.folded_email());
        let holders = links::find_holders(conn, tenant, &username, email.as_deref()).await?;
        // After the users: a sign-in of the same person that ends meanwhile is then found by its link, and is not another
        // user who has the name.
        let by_value = links::find(conn, &key).await?;
        let by_subject = match &by_value {
            Some(_) => None,
            None => match links::find_by_subject(conn, &key, &subject.subject).await? {
                Some(link) => Some(link),
                None => links::find_deleted(conn, &key, &subject.subject).await?,
            },
        };
        let link = by_value.as_ref().or(by_subject.as_ref()).map(|link| link.id);
        let by_email = holders.iter().find(|user| email.is_some() && user.profile.folded_email() == email);
        let by_username = holders.iter().find(|user| user.profile.folded_username() == username);
        let by_field = match provider.sign_in.match_existing_users {
            true => find_by_field(conn, person, &key.value).await?,
            false => None,
        };
        let known = KnownUsers {
            by_field: known_user(conn, person, by_field).await?,
            by_email: known_user(conn, person, by_email.cloned()).await?,
            by_username: by_username.map(|user| user.id),
            by_value: load_link(conn, person, by_value).await?,
            by_subject: load_link(conn, person, by_subject).await?,
        };
        Ok(Self { known, key, link })
    }

    /// The user that the person is linked to.
    fn user(&self) -> Option<UserId> {
        let KnownUsers { by_value, by_subject, .. } = &self.known;
        let link = by_value.as_ref().or(by_subject.as_ref());
        link.and_then(|link| link.user.as_ref()).map(|user| user.user)
    }

    async fn keep_link(
        &self,
        conn: &mut Conn<'_>,
        person: &Person<'_>,
        user: UserId,
        change: LinkChange,
        now: Timestamp,
    ) -> StoreResult<()> {
        match (change, self.link) {
            (LinkChange::Keep | LinkChange::Move, Some(id)) => links::update(conn, id, &self.key, now).await,
            _ => {
                let id = IdentityLinkId(new_uuid());
                links::insert(conn, id, &self.key, &person.subject.subject, user, now).await
            }
        }
    }
}

/// The user whose user field has the identity's value. Other fields than these two are not indexed, and not unique either.
async fn find_by_field(conn: &mut Conn<'_>, person: &Person<'_>, value: &str) -> StoreResult<Option<User>> {
    let value = value.trim().to_lowercase();
    let (username, email) = match person.provider.mapping.user_field.as_str() {
        _ if value.is_empty() => return Ok(None),
        "username" => (value.as_str(), None),
        "email" => ("", Some(value.as_str())),
        _ => return Ok(None),
    };
    Ok(links::find_holders(conn, person.tenant, username, email).await?.pop())
}

async fn load_link(
    conn: &mut Conn<'_>,
    person: &Person<'_>,
    row: Option<LinkRow>,
) -> StoreResult<Option<StoredLink<UserId>>> {
    let Some(LinkRow { user, subject, .. }) = row else { return Ok(None) };
    let user = match user {
        Some(id) => users::find(conn, id, Lock::Exclusive).await?,
        None => None,
    };
    Ok(Some(StoredLink { user: known_user(conn, person, user).await?, subject }))
}

/// A user with what protects the user's fields: the settings of the provider that brought the user, where that is another.
async fn known_user(
    conn: &mut Conn<'_>,
    person: &Person<'_>,
    user: Option<User>,
) -> StoreResult<Option<KnownUser<UserId>>> {
    let Some(user) = user else { return Ok(None) };
    let origin = match user.origin.filter(|origin| *origin != person.provider.id) {
        Some(origin) => providers::find(conn, &ProviderRef::Id(origin)).await?,
        None => None,
    };
    Ok(Some(KnownUser {
        user: user.id,
        protected_fields: origin.map(|origin| origin.provider.mapping.protected_fields).unwrap_or_default(),
        is_blocked: user.blocked.is_some(),
        is_active: user.active,
        profile: user.profile,
    }))
}

async fn create(
    conn: &mut Conn<'_>,
    person: &Person<'_>,
    found: &Found,
    profile: Profile,
    email_verified: bool,
    now: Timestamp,
) -> StoreResult<UserId> {
    let id = UserId(new_uuid());
    let name = profile.label();
    let user = NewUser { id, profile, email_verified };
    users::insert(conn, person.tenant, person.provider.id, std::slice::from_ref(&user), now).await?;
    found.keep_link(conn, person, id, LinkChange::Add, now).await?;
    let entry = AuditEntry {
        action: AuditAction::Created,
        object: AuditObject::User,
        id: id.to_string(),
        name: &name,
        tenant: Some(person.tenant),
        changes: Vec::new(),
    };
    record(conn, &by_provider(person.provider), now, entry).await?;
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
