//! Trying a provider out: a ticket for a test sign-in, and what would happen with pasted claims.

use std::sync::Arc;

use async_trait::async_trait;
use vestibule_app::{
    domain::{
        actor::{Actor, Permission},
        id::{ProviderId, SignInId, TenantId},
        mapping::Claims,
        problem::{ProblemCode, ServiceError},
        provider::IdentityProvider,
        secret::Secret,
        sign_in::{
            AttemptKind, AttemptOutcome, AuthenticatedSubject, PreviewWarning, SignInAttempt, SignInPreview, SignInTest,
        },
    },
    service::{ProviderRef, ServiceResult, SignInTests, TenantRef},
};

use super::{
    attempts::{AttemptLog, AttemptRecord, Evidence},
    person::Person,
    preview::preview_in,
    protocols::SignInProtocols,
    service::SignInParts,
    ticket::{Ticket, TicketSealer, tester_of},
};
use crate::{
    clock::Clock,
    core::{
        new_uuid,
        permission::{RowOwner, require, require_somewhere},
        providers as provider_access,
        public_address::PublicAddress,
        random::{new_secret, reference, sha256_hex},
        tenants::{self, default_id},
    },
    store::{Conn, Lock, Store, group_mappings, providers, sign_in::serving},
};

/// The longest permanent identifier of a person, in characters.
const MAX_SUBJECT: usize = 255;

/// The longest claims that are pasted, in bytes.
const MAX_CLAIMS: usize = 64 * 1024;

/// Shows administrators what a sign-in would do.
pub(in crate::core) struct TestService {
    store: Store,
    clock: Arc<dyn Clock>,
    tickets: TicketSealer,
    address: PublicAddress,
    protocols: SignInProtocols,
    attempts: AttemptLog,
}

impl TestService {
    pub(in crate::core) fn new(parts: &SignInParts) -> Self {
        let SignInParts { store, clock, keys, address, protocols, attempts, .. } = parts.clone();
        Self { store, clock, tickets: TicketSealer { keys }, address, protocols, attempts }
    }
}

#[async_trait]
impl SignInTests for TestService {
    #[tracing::instrument(level = "debug", skip_all, name = "core.sign_in_test.begin")]
    async fn begin(&self, actor: &Actor, provider: ProviderId, tenant: Option<TenantId>) -> ServiceResult<SignInTest> {
        self.prepare(actor, provider, tenant, None).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.sign_in_test.begin_in_browser")]
    async fn begin_in_browser(
        &self,
        actor: &Actor,
        provider: ProviderId,
        tenant: Option<TenantId>,
    ) -> ServiceResult<(SignInTest, Secret)> {
        let cookie = new_secret("");
        Ok((self.prepare(actor, provider, tenant, Some(sha256_hex(cookie.expose()))).await?, cookie))
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.sign_in_test.preview")]
    async fn preview(
        &self,
        actor: &Actor,
        provider: ProviderId,
        tenant: Option<TenantId>,
        claims: &str,
    ) -> ServiceResult<SignInPreview> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        let (provider, tenant) = find_for(conn, actor, Permission::ViewUsers, provider, tenant).await?;
        let (subject, warnings) = read_subject(&provider, claims)?;
        let group_mappings = group_mappings::list(conn, tenant, provider.id).await?;
        let person = Person { tenant, provider: &provider, subject: &subject, group_mappings: &group_mappings };
        Ok(preview_in(conn, &person, warnings).await?)
    }
}

impl TestService {
    async fn prepare(
        &self,
        actor: &Actor,
        provider: ProviderId,
        tenant: Option<TenantId>,
        browser: Option<String>,
    ) -> ServiceResult<SignInTest> {
        let mut read = self.store.read().await?;
        let (provider, tenant) = find_for(&mut read.conn(), actor, Permission::ManageUsers, provider, tenant).await?;
        if self.protocols.of(&provider).is_none() {
            let message = "People cannot sign in with this provider's protocol yet.";
            return Err(ServiceError::invalid("provider", ProblemCode::NotAllowed, message));
        }
        let ticket = Ticket {
            id: SignInId(new_uuid()),
            reference: reference(),
            at: self.clock.now(),
            tenant,
            provider: provider.id,
            once: SignInId(new_uuid()),
            tester: tester_of(actor),
            browser,
        };
        let sealed = self.tickets.seal(&ticket).map_err(|error| {
            tracing::error!(%error, "a test sign-in cannot begin");
            ServiceError::Internal
        })?;
        let Ticket { id, reference, at, .. } = ticket;
        // So that the page that waits for the result finds the test before its address is opened.
        let attempt = SignInAttempt {
            id,
            reference: reference.clone(),
            kind: AttemptKind::Test,
            outcome: AttemptOutcome::Started,
            reason: None,
            tenant: Some(tenant),
            provider: Some(provider.id),
            user: None,
            started_at: at,
            ended_at: None,
        };
        self.attempts.record(AttemptRecord { attempt, steps: Vec::new(), evidence: Evidence::Start });
        Ok(SignInTest { id, reference, url: self.address.test_url(&sealed) })
    }
}

/// The provider and the tenant that are meant, for a caller with a permission in the tenant who may use the provider there.
async fn find_for(
    conn: &mut Conn<'_>,
    actor: &Actor,
    permission: Permission,
    provider: ProviderId,
    tenant: Option<TenantId>,
) -> ServiceResult<(IdentityProvider, TenantId)> {
    require_somewhere(actor, permission)?;
    let not_found = || ServiceError::not_found(provider_access::WHAT);
    let provider = providers::find(conn, &ProviderRef::Id(provider)).await?.ok_or_else(not_found)?.provider;
    let is_named = tenant.is_some();
    let tenant = match tenant.or(provider.owner).or(actor.grant.as_ref().and_then(|grant| grant.tenant)) {
        Some(tenant) => tenant,
        None => match serving::find_only_tenant(conn, provider.id).await? {
            Some(tenant) => tenant,
            None => default_id(conn).await?,
        },
    };
    let found = tenants::get_for(conn, actor, permission, &TenantRef::Id(tenant), Lock::None).await;
    found.map_err(|error| match error {
        // A caller who named no tenant does not learn whose the provider is.
        ServiceError::NotFound { .. } if !is_named => not_found(),
        other => other,
    })?;
    if !serving::is_linked(conn, tenant, provider.id).await? {
        let owned = RowOwner::load(conn, provider.owner).await?;
        require(actor, Permission::ViewProvider, owned.owner(), provider_access::WHAT)?;
    }
    Ok((provider, tenant))
}

/// The person that claims are about. What a token would need and they lack is a warning.
fn read_subject(
    provider: &IdentityProvider,
    claims: &str,
) -> ServiceResult<(AuthenticatedSubject, Vec<PreviewWarning>)> {
    if claims.len() > MAX_CLAIMS {
        let code = ProblemCode::TooLong { limit: MAX_CLAIMS };
        return Err(ServiceError::invalid("claims", code, format!("Enter at most {MAX_CLAIMS} bytes.")));
    }
    let claims = Claims::parse(claims).map_err(|error| {
        ServiceError::invalid("claims", ProblemCode::Malformed, format!("The claims cannot be read: {error}."))
    })?;
    let text = |name: &str| {
        claims.get(name).map(|value| value.to_json()).and_then(|value| match value {
            serde_json::Value::String(text) => Some(text),
            serde_json::Value::Number(number) => Some(number.to_string()),
            _ => None,
        })
    };
    let own = provider.config.issuer().map(str::to_owned);
    let is_usable =
        |sub: &String| !sub.is_empty() && sub.chars().nth(MAX_SUBJECT).is_none() && !sub.chars().any(char::is_control);
    let (issuer, subject) = (text("iss"), text("sub").filter(is_usable));
    let mut warnings = Vec::new();
    if issuer.as_ref().is_some_and(|issuer| !provider.config.accepts_issuer(issuer)) {
        warnings.push(PreviewWarning::OtherIssuer);
    }
    if subject.is_none() {
        warnings.push(PreviewWarning::NoSubject);
    }
    let subject = AuthenticatedSubject {
        issuer: issuer.or(own).unwrap_or_default(),
        subject: subject.unwrap_or_default(),
        claims,
        is_complete: true,
        authenticated_at: None,
        methods: Vec::new(),
        context: None,
        session: None,
    };
    Ok((subject, warnings))
}
