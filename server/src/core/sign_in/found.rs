//! What is stored about a person whom a provider authenticated, and the decision with it.

use vestibule_app::{
    domain::{
        id::{IdentityLinkId, UserId},
        mapping::{Evaluation, IdentityOutcome, UserField},
        sign_in::{
            Decision, KnownUser, KnownUsers, LinkChange, LinkKey, SignInPolicy, StoredLink, decide, new_profile,
        },
        timestamp::Timestamp,
        user::{Profile, User},
    },
    service::ProviderRef,
};

use super::person::Person;
use crate::{
    core::new_uuid,
    store::{
        Conn, Lock, StoreResult, providers,
        sign_in::links::{self, LinkRow},
        users,
    },
};

/// What is stored that may concern a person.
pub(super) struct Found {
    pub(super) known: KnownUsers<UserId>,
    pub(super) key: LinkKey,
    link: Option<IdentityLinkId>,
}

impl Found {
    /// Reads what is stored; the user that the person is linked to is locked as `lock` says.
    pub(super) async fn load(
        conn: &mut Conn<'_>,
        person: &Person<'_>,
        evaluation: &Evaluation,
        lock: Lock,
    ) -> StoreResult<Self> {
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
            by_field: candidate(conn, person, by_field, link, lock).await?,
            by_email: candidate(conn, person, by_email.cloned(), link, lock).await?,
            by_username: by_username.map(|user| user.id),
            by_value: load_link(conn, person, by_value, lock).await?,
            by_subject: load_link(conn, person, by_subject, lock).await?,
        };
        Ok(Self { known, key, link })
    }

    /// Decides whether the person may sign in; the same for a sign-in, a test and a preview.
    pub(super) fn decide(&self, person: &Person<'_>, evaluation: &Evaluation) -> Decision<UserId> {
        self.decide_by(person, evaluation, &SignInPolicy::of(person.provider))
    }

    /// Decides by another policy than the provider's.
    pub(super) fn decide_by(
        &self,
        person: &Person<'_>,
        evaluation: &Evaluation,
        policy: &SignInPolicy,
    ) -> Decision<UserId> {
        decide(person.subject, &person.provider.mapping, evaluation, policy, &self.known)
    }

    /// The user that the person is linked to.
    pub(super) fn user(&self) -> Option<UserId> {
        let KnownUsers { by_value, by_subject, .. } = &self.known;
        let link = by_value.as_ref().or(by_subject.as_ref());
        link.and_then(|link| link.user.as_ref()).map(|user| user.user)
    }

    /// Stores what a decision says of the link.
    pub(super) async fn keep_link(
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
    lock: Lock,
) -> StoreResult<Option<StoredLink<UserId>>> {
    let Some(LinkRow { user, subject, .. }) = row else { return Ok(None) };
    let user = match user {
        Some(id) => users::find(conn, id, lock).await?,
        None => None,
    };
    Ok(Some(StoredLink { user: known_user(conn, person, user).await?, subject }))
}

/// A user whom the person may be linked to, unless the person has a `link`. The user is locked first, so that two people
/// of the provider are not linked to the same user at once.
async fn candidate(
    conn: &mut Conn<'_>,
    person: &Person<'_>,
    user: Option<User>,
    link: Option<IdentityLinkId>,
    lock: Lock,
) -> StoreResult<Option<KnownUser<UserId>>> {
    let Some(user) = user else { return Ok(None) };
    if link.is_some() {
        return known_user(conn, person, Some(user)).await;
    }
    let user = users::find(conn, user.id, lock).await?;
    let known = known_user(conn, person, user).await?;
    let Some(known) = known else { return Ok(None) };
    let is_linked = links::is_linked(conn, person.tenant, person.provider.id, known.user).await?;
    Ok(Some(KnownUser { is_linked: known.is_linked || is_linked, ..known }))
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
        is_linked: user.origin == Some(person.provider.id),
        email_verified: user.email_verified,
        profile: user.profile,
    }))
}
