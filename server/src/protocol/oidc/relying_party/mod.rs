//! Signing in with OpenID Connect: the authorization code flow (OpenID Connect Core 1.0, section 3.1).
//!
//! Endpoints come from the provider's settings, where its discovery document left them or an administrator entered them: a
//! sign-in fetches no document.

mod carried;
mod claims;
mod faults;
mod keys;
mod provider;
mod request;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use serde::Deserialize as _;
use tokio::time::Instant;
use vestibule_app::domain::{
    mapping::{ClaimValue, Claims},
    secret::Secret,
    sign_in::{AuthenticatedSubject, StepName},
    timestamp::Timestamp,
};

use self::{
    carried::Carried,
    claims::{ClaimsReader, Received, unix_seconds},
    faults::{id_token_fault, lost_secret},
    keys::ProviderKeys,
    provider::OpenIdProvider,
    request::authentication_request,
};
use super::{
    authentication_response::AuthenticationResponse,
    client::{algorithms, credentials},
    exchange::{CodeExchange, Tokens, exchange},
    id_token::{self, Expected, TokenHeader, subject},
    issuers::Issuers,
};
use crate::{
    clock::Clock,
    jose::{VerificationKey, numeric_date},
    protocol::{
        http::OutboundClient,
        recorder::{OpenStep, Recorder},
        sign_in::{ProtocolRedirect, ProtocolRequest, ProtocolResponse, SignInFault, SignInProtocol},
    },
};

/// The longest identifier of a provider's session (`sid`), in characters.
const MAX_SESSION: usize = 255;

/// Signs people in with OpenID providers.
pub(crate) struct RelyingParty {
    outbound: OutboundClient,
    clock: Arc<dyn Clock>,
    keys: ProviderKeys,
    claims: ClaimsReader,
    /// The time for everything that is asked of a provider during a sign-in.
    timeout: Duration,
}

/// The response of a provider, as far as it is checked without asking anything of the provider.
struct CodeResponse<'a> {
    provider: OpenIdProvider<'a>,
    /// Those that the ID token may have.
    issuers: Issuers<'a>,
    code: &'a str,
    carried: Carried,
}

impl RelyingParty {
    /// The time for everything that is asked of a provider during a sign-in, unless there is a reason for another one.
    pub(crate) const TIMEOUT: Duration = Duration::from_secs(10);

    pub(crate) fn new(outbound: OutboundClient, clock: Arc<dyn Clock>, timeout: Duration) -> Self {
        let keys = ProviderKeys::new(outbound.clone(), clock.clone(), timeout);
        let claims = ClaimsReader { outbound: outbound.clone(), clock: clock.clone(), keys: keys.clone() };
        Self { outbound, clock, keys, claims, timeout }
    }

    async fn tokens(
        &self,
        callback_url: &str,
        response: &CodeResponse<'_>,
        deadline: Instant,
        step: &mut OpenStep<'_>,
    ) -> Result<Tokens, SignInFault> {
        let CodeResponse { provider, code, carried, .. } = response;
        if provider.config.has_client_secret && provider.config.client_secret.is_none() {
            return Err(lost_secret());
        }
        let verifier = carried.verifier.as_deref().map(Secret::new);
        let request = CodeExchange {
            endpoint: &provider.address(|endpoints| &endpoints.token, "token_endpoint")?,
            verify_tls: provider.config.verify_tls,
            client_id: &provider.config.client_id,
            credentials: credentials(provider.config),
            code,
            redirect_uri: callback_url,
            verifier: verifier.as_ref(),
            deadline,
        };
        exchange(&self.outbound, &request, step).await.map_err(|fault| SignInFault {
            advice: fault.advice(),
            rule: None,
            message: fault.to_string(),
        })
    }

    /// The claims of the ID token.
    async fn id_token(
        &self,
        response: &CodeResponse<'_>,
        tokens: &Tokens,
        deadline: Instant,
        trace: &Recorder,
    ) -> Result<Claims, SignInFault> {
        let provider = &response.provider;
        let algorithms = algorithms(provider.config);
        let header = match TokenHeader::read(tokens.id_token.expose(), &algorithms).map_err(id_token_fault) {
            Ok(header) => header,
            Err(fault) => return trace.begin(StepName::TokenCheck).end(Err(fault)),
        };
        let key = self.keys.find(provider, &header, deadline, trace).await?;
        let mut step = trace.begin(StepName::TokenCheck);
        let outcome = self.verified(response, tokens, &header, &key);
        if let Ok(claims) = &outcome {
            step.claims(claims);
        }
        step.end(outcome)
    }

    fn verified(
        &self,
        response: &CodeResponse<'_>,
        tokens: &Tokens,
        header: &TokenHeader,
        key: &VerificationKey,
    ) -> Result<Claims, SignInFault> {
        let CodeResponse { provider, issuers, carried, .. } = response;
        let expected = Expected {
            issuers: issuers.signed_by(key.issuer.as_deref()),
            client_id: &provider.config.client_id,
            nonce: &carried.nonce,
            access_token: tokens.access_token.as_ref().map(Secret::expose),
            max_age: carried.max_age,
            now: unix_seconds(&*self.clock),
        };
        id_token::verify(tokens.id_token.expose(), header, &key.key, &expected).map_err(id_token_fault)
    }
}

#[async_trait]
impl SignInProtocol for RelyingParty {
    async fn request(&self, request: ProtocolRequest<'_>) -> Result<ProtocolRedirect, SignInFault> {
        let mut step = request.trace.begin(StepName::Request);
        let outcome = authentication_request(&request);
        if let Ok(redirect) = &outcome {
            step.asked("GET", &redirect.url);
        }
        step.end(outcome)
    }

    async fn response(&self, given: ProtocolResponse<'_>) -> Result<AuthenticatedSubject, SignInFault> {
        let deadline = Instant::now() + self.timeout;
        let trace = given.trace;
        let response = trace.begin(StepName::Response).end(read_response(&given))?;
        let mut step = trace.begin(StepName::TokenRequest);
        let outcome = self.tokens(given.callback_url, &response, deadline, &mut step).await;
        let tokens = step.end(outcome)?;
        let id_token = self.id_token(&response, &tokens, deadline, trace).await?;
        let text = |name: &str| id_token.get(name).and_then(|value| value.as_text()).map(str::to_owned);
        let session =
            text("sid").filter(|sid| !sid.chars().any(char::is_control) && sid.chars().nth(MAX_SESSION).is_none());
        let context = text("acr");
        let (authenticated_at, methods) = (authenticated_at(&id_token), methods(&id_token));
        let issuer = text("iss").unwrap_or_default();
        let subject = subject(&id_token).unwrap_or_default();
        let received = self.claims.read(&response.provider, id_token, &tokens, deadline, trace).await?;
        let Received { claims, is_complete } = received;
        Ok(AuthenticatedSubject { issuer, subject, authenticated_at, methods, context, session, claims, is_complete })
    }
}

fn read_response<'a>(response: &ProtocolResponse<'a>) -> Result<CodeResponse<'a>, SignInFault> {
    let provider = OpenIdProvider::of(response.provider, response.group_mappings)?;
    let parameters = AuthenticationResponse::read(response.parameters)?;
    let issuers = provider.issuers()?;
    parameters.check_issuer(&issuers, provider.config.promised.response_names_issuer)?;
    let issuers = issuers.named(parameters.issuer());
    let code = parameters.code()?;
    let carried = Carried::deserialize(response.carried).map_err(|_| SignInFault {
        message: "the start of the sign-in cannot be read".to_owned(),
        rule: None,
        advice: "The person starts again.".to_owned(),
    })?;
    Ok(CodeResponse { provider, issuers, code, carried })
}

/// When the person authenticated (`auth_time`).
fn authenticated_at(claims: &Claims) -> Option<Timestamp> {
    match claims.get("auth_time")? {
        ClaimValue::Number(number) => numeric_date(number.as_str()).map(|seconds| Timestamp(0).plus_seconds(seconds)),
        _ => None,
    }
}

/// How the person authenticated (`amr`).
fn methods(claims: &Claims) -> Vec<String> {
    match claims.get("amr") {
        Some(ClaimValue::List(methods)) => {
            methods.iter().filter_map(|method| method.as_text()).map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}
