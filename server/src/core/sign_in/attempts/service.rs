//! Shows attempts to administrators.

use std::sync::Arc;

use async_trait::async_trait;
use vestibule_app::{
    domain::{
        actor::{Actor, Decision, Identity, Permission},
        id::UserId,
        page::{Page, PageRequest},
        problem::ServiceError,
        sign_in::{
            AttemptDetail, AttemptFilter, AttemptKind, AttemptOutcome, AttemptSummary, AuthenticatedSubject, Refusal,
            SignInAttempt, SignInStatistics, StatisticsFilter, TraceStep,
        },
        timestamp::Timestamp,
    },
    service::{ProviderRef, ServiceResult, SignInAttempts},
};

use super::log::{AttemptLog, SealedPerson};
use crate::{
    clock::Clock,
    core::{
        permission::{RowOwner, require, require_anywhere, require_somewhere},
        sign_in::{
            admission::{Admission, refused},
            lifetime::LIFETIME_SECONDS,
            person::Person,
            ticket::tester_of,
        },
    },
    store::{
        Conn, Store, providers,
        sign_in::attempts::{self as rows, StoredAttempt},
    },
};

/// The noun of "not found".
const WHAT: &str = "sign-in";

/// Reads attempts, and lets people in whom one refused.
pub(in crate::core) struct AttemptService {
    store: Store,
    clock: Arc<dyn Clock>,
    log: AttemptLog,
    admission: Admission,
}

impl AttemptService {
    pub(in crate::core) fn new(store: Store, people: Store, clock: Arc<dyn Clock>, log: AttemptLog) -> Self {
        Self { store, admission: Admission { store: people, clock: clock.clone() }, clock, log }
    }
}

#[async_trait]
impl SignInAttempts for AttemptService {
    #[tracing::instrument(level = "debug", skip_all, name = "core.sign_in_attempt.list")]
    async fn list(
        &self,
        actor: &Actor,
        filter: &AttemptFilter,
        page: PageRequest,
    ) -> ServiceResult<Page<AttemptSummary>> {
        require_anywhere(actor, Permission::ListSignIns)?;
        self.log.flush().await;
        let now = self.clock.now();
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        let Page { items, total } = rows::list(conn, &actor.reach(), filter, abandoned_before(now), page).await?;
        let items = items.into_iter().map(|attempt| settled(attempt, now)).collect();
        Ok(Page { items: rows::with_names(conn, items).await?, total })
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.sign_in_attempt.get")]
    async fn get(&self, actor: &Actor, reference: &str) -> ServiceResult<AttemptDetail> {
        self.log.flush().await;
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        let Found { attempt, steps, person, owner } = self.find(conn, actor, Permission::ViewSignIn, reference).await?;
        let may = |permission| actor.decide(permission, owner.owner()) == Decision::Allowed;
        let may_see = may(Permission::ViewUsers);
        let person = person.filter(|person| may_see && is_for(person, actor));
        let may_admit = person.as_ref().is_some_and(SealedPerson::has_claims)
            && is_admissible(&attempt)
            && may(Permission::ManageUsers);
        let mut summary = rows::with_names(conn, vec![settled(attempt, self.clock.now())]).await?;
        let mut summary = summary.pop().ok_or_else(|| ServiceError::not_found(WHAT))?;
        summary.username = summary.username.filter(|_| may_see);
        Ok(AttemptDetail {
            summary,
            steps,
            claims: person.as_ref().and_then(SealedPerson::claims),
            preview: person.and_then(|person| person.preview),
            may_admit,
        })
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.sign_in_attempt.statistics")]
    async fn statistics(&self, actor: &Actor, filter: &StatisticsFilter) -> ServiceResult<SignInStatistics> {
        require_anywhere(actor, Permission::ListSignIns)?;
        let problems = filter.problems();
        if !problems.is_empty() {
            return Err(ServiceError::Invalid { problems });
        }
        self.log.flush().await;
        let abandoned_before = abandoned_before(self.clock.now());
        let mut read = self.store.read().await?;
        let counts = rows::count_outcomes(&mut read.conn(), &actor.reach(), filter, abandoned_before).await?;
        Ok(SignInStatistics::of(filter, &counts))
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.sign_in_attempt.admit")]
    async fn admit(&self, actor: &Actor, reference: &str) -> ServiceResult<UserId> {
        self.log.flush().await;
        let (attempt, person, provider) = {
            let mut read = self.store.read().await?;
            let conn = &mut read.conn();
            let found = self.find(conn, actor, Permission::ManageUsers, reference).await?;
            let provider = match found.attempt.provider {
                Some(id) => providers::find(conn, &ProviderRef::Id(id)).await?.map(|stored| stored.provider),
                None => None,
            };
            (found.attempt, found.person, provider)
        };
        if attempt.user.is_some() || !is_admissible(&attempt) {
            return Err(refused("Only people can be let in whom the provider did not create (auto_create_users)."));
        }
        let claims = person.as_ref().and_then(SealedPerson::claims);
        let (Some(tenant), Some(provider), Some(person), Some(claims)) = (attempt.tenant, provider, person, claims)
        else {
            return Err(refused(
                "The claims of this sign-in are gone, or were too long. Let the person sign in once more.",
            ));
        };
        let SealedPerson { issuer, subject, .. } = person;
        let subject = AuthenticatedSubject {
            issuer,
            subject,
            claims,
            is_complete: false,
            authenticated_at: None,
            methods: Vec::new(),
            context: None,
            session: None,
        };
        // The groups follow when the person signs in.
        let person = Person { tenant, provider: &provider, subject: &subject, group_mappings: &[] };
        self.admission.admit(actor, attempt.id, &person).await
    }
}

/// An attempt that a caller may see.
struct Found {
    attempt: SignInAttempt,
    steps: Vec<TraceStep>,
    person: Option<SealedPerson>,
    owner: RowOwner,
}

impl AttemptService {
    /// Finds an attempt by its reference, for a caller with a permission on it.
    async fn find(
        &self,
        conn: &mut Conn<'_>,
        actor: &Actor,
        permission: Permission,
        reference: &str,
    ) -> ServiceResult<Found> {
        require_somewhere(actor, permission)?;
        let reference = reference.trim().to_ascii_uppercase();
        let found = rows::find(conn, &reference).await?.ok_or_else(|| ServiceError::not_found(WHAT))?;
        let StoredAttempt { attempt, steps, person } = found;
        let owner = RowOwner::load(conn, attempt.tenant).await?;
        require(actor, permission, owner.owner(), WHAT)?;
        let person = person.and_then(|sealed| self.log.open(&attempt.reference, &sealed));
        Ok(Found { attempt, steps, person, owner })
    }
}

/// Whether a caller may see what is sealed: of a test, only who began it.
fn is_for(person: &SealedPerson, actor: &Actor) -> bool {
    // Whoever runs the command line can read the database and the key.
    let is_operator = matches!(actor.identity, Identity::Operator);
    is_operator || person.tester.as_ref().is_none_or(|tester| *tester == tester_of(actor))
}

/// Whether the attempt was refused since the provider creates no users, and nobody was let in.
fn is_admissible(attempt: &SignInAttempt) -> bool {
    attempt.kind == AttemptKind::Real
        && attempt.outcome == AttemptOutcome::Refused
        && attempt.user.is_none()
        && attempt.reason.as_deref() == Some(Refusal::CreationOff.code())
}

/// Attempts that started before this moment and have not ended are abandoned.
fn abandoned_before(now: Timestamp) -> Timestamp {
    now.plus_seconds(-LIFETIME_SECONDS)
}

/// An attempt whose browser did not come back in time is abandoned; nothing writes that down.
fn settled(attempt: SignInAttempt, now: Timestamp) -> SignInAttempt {
    if attempt.outcome != AttemptOutcome::Started || attempt.started_at >= abandoned_before(now) {
        return attempt;
    }
    let ended_at = Some(attempt.started_at.plus_seconds(LIFETIME_SECONDS));
    SignInAttempt { outcome: AttemptOutcome::Abandoned, ended_at, ..attempt }
}
