//! Signing in with OpenID Connect: the authorization code flow (OpenID Connect Core 1.0, section 3.1).

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use aws_lc_rs::rand::fill;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use moka::future::Cache;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, timeout_at};
use url::Url;
use vestibule_app::domain::{
    id::ProviderId,
    mapping::{ClaimValue, Claims, Evaluation, IdentityOutcome, UserField, evaluate},
    provider::{IdentityProvider, OidcConfig, OidcEndpoints, OidcPrompt, ResponseMode, UserInfoUse},
    secret::Secret,
    sign_in::AuthenticatedSubject,
    timestamp::Timestamp,
};

use super::{
    authentication_response::AuthenticationResponse,
    authorize::AuthenticationRequest,
    client::{algorithms, credentials, is_hmac, secret_key},
    exchange::{CodeExchange, Tokens, exchange, shown},
    fetch_keys,
    id_token::{self, Expected, IdTokenFault, TokenHeader, subject},
    issuers::Issuers,
    userinfo::{UserInfo, UserInfoFault, lacks_verification, merged, user_info},
};
use crate::{
    clock::Clock,
    jose::{FetchKeys, KeyCache, KeyFault, VerificationKey, numeric_date, signed_payload},
    protocol::{
        http::OutboundClient,
        sign_in::{ProtocolRedirect, ProtocolRequest, ProtocolResponse, SignInFault, SignInProtocol},
    },
};

/// The shortest time between two readings of a provider's keys, in seconds.
const KEY_PAUSE: i64 = 60;

/// The longest identifier of a provider's session (`sid`), in characters.
const MAX_SESSION: usize = 255;

/// For how many providers keys are kept.
const MAX_PROVIDERS: u64 = 20_000;

/// Signs people in with OpenID providers.
pub(crate) struct RelyingParty {
    outbound: OutboundClient,
    clock: Arc<dyn Clock>,
    keys: Cache<KeySource, Arc<KeyCache>>,
    /// The time for everything that is asked of a provider during a sign-in.
    timeout: Duration,
}

/// Whose keys, and from where. A provider whose address changes gets other keys.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct KeySource {
    provider: ProviderId,
    url: String,
    verify_tls: bool,
}

/// What the browser carries, sealed, between the request and the callback.
#[derive(Serialize, Deserialize)]
struct Carried {
    nonce: String,
    verifier: Option<String>,
    /// The `max_age` that was requested.
    #[serde(default)]
    max_age: Option<u32>,
}

impl RelyingParty {
    /// The time for everything that is asked of a provider during a sign-in, unless there is a reason for another one.
    pub(crate) const TIMEOUT: Duration = Duration::from_secs(10);

    pub(crate) fn new(outbound: OutboundClient, clock: Arc<dyn Clock>, timeout: Duration) -> Self {
        Self { outbound, clock, keys: Cache::new(MAX_PROVIDERS), timeout }
    }

    /// Now, in seconds since 1970.
    fn now(&self) -> i64 {
        self.clock.now().unix_millis().div_euclid(1000)
    }

    async fn tokens(
        &self,
        response: &ProtocolResponse<'_>,
        provider: &OpenIdProvider<'_>,
        carried: &Carried,
        code: &str,
        deadline: Instant,
    ) -> Result<Tokens, SignInFault> {
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
            redirect_uri: response.callback_url,
            verifier: verifier.as_ref(),
            deadline,
        };
        exchange(&self.outbound, &request).await.map_err(|fault| SignInFault {
            advice: fault.advice(),
            rule: None,
            message: fault.to_string(),
        })
    }

    /// The claims of the ID token.
    async fn id_token(
        &self,
        provider: &OpenIdProvider<'_>,
        issuers: Issuers<'_>,
        carried: &Carried,
        tokens: &Tokens,
        deadline: Instant,
    ) -> Result<Claims, SignInFault> {
        let token = tokens.id_token.expose();
        let header = TokenHeader::read(token, &algorithms(provider.config)).map_err(id_token_fault)?;
        let key = self.key(provider, &header, deadline).await?;
        let expected = Expected {
            issuers: issuers.signed_by(key.issuer.as_deref()),
            client_id: &provider.config.client_id,
            nonce: &carried.nonce,
            access_token: tokens.access_token.as_ref().map(Secret::expose),
            max_age: carried.max_age,
            now: self.now(),
        };
        id_token::verify(token, &header, &key.key, &expected).map_err(id_token_fault)
    }

    async fn key(
        &self,
        provider: &OpenIdProvider<'_>,
        header: &TokenHeader,
        deadline: Instant,
    ) -> Result<VerificationKey, SignInFault> {
        if is_hmac(header.algorithm) {
            let key = secret_key(provider.config, header.algorithm).map_err(id_token_fault)?;
            return Ok(VerificationKey { key, issuer: None });
        }
        let keys = self.keys_of(provider).await?;
        let found = timeout_at(deadline, keys.find(header.key_id.as_deref(), header.algorithm));
        match found.await.unwrap_or(Err(KeyFault::Unavailable)) {
            Ok(key) => Ok(key),
            Err(KeyFault::Unknown) => Err(id_token_fault(IdTokenFault::UnknownKey)),
            Err(KeyFault::Ambiguous) => Err(id_token_fault(IdTokenFault::AmbiguousKey)),
            Err(KeyFault::Unavailable) => Err(SignInFault {
                message: "the provider's keys cannot be read (jwks_uri)".to_owned(),
                rule: None,
                advice: "Run the connection test, which says why.".to_owned(),
            }),
        }
    }

    async fn keys_of(&self, provider: &OpenIdProvider<'_>) -> Result<Arc<KeyCache>, SignInFault> {
        let url = provider.address(|endpoints| &endpoints.jwks, "jwks_uri")?;
        let verify_tls = provider.config.verify_tls;
        let timeout = self.timeout;
        let source = KeySource { provider: provider.stored.id, url: url.to_string(), verify_tls };
        let cache = async {
            let outbound = self.outbound.clone();
            let fetch: FetchKeys = Box::new(move || {
                let (outbound, url) = (outbound.clone(), url.clone());
                Box::pin(async move {
                    fetch_keys(&outbound, "", Some(&url), verify_tls, timeout).await.map_err(|error| error.to_string())
                })
            });
            Arc::new(KeyCache::new(fetch, self.clock.clone(), KEY_PAUSE))
        };
        Ok(self.keys.get_with(source, cache).await)
    }

    /// The claims of the ID token, and those of the userinfo endpoint where the mapping uses one that is missing, or where
    /// the address decides who may sign in and the ID token does not say whether it is verified. Also whether they are
    /// all: a person signs in without the endpoint's claims where nothing that decides is missing.
    async fn claims(
        &self,
        provider: &OpenIdProvider<'_>,
        id_token: Claims,
        tokens: &Tokens,
        deadline: Instant,
    ) -> Result<(Claims, bool), SignInFault> {
        let evaluation = evaluate(&provider.stored.mapping, &id_token);
        let is_unproven = !provider.stored.allowed_domains.is_empty()
            && (evaluation.value(UserField::Email).is_none() || lacks_verification(&id_token));
        let is_required = provider.config.sign_in.userinfo == UserInfoUse::Always;
        let is_wanted = match provider.config.sign_in.userinfo {
            UserInfoUse::Never => false,
            UserInfoUse::Always => true,
            UserInfoUse::Auto => is_unproven || is_incomplete(&evaluation),
        };
        if !is_wanted {
            return Ok((id_token, true));
        }
        let endpoint = provider.address(|endpoints| &endpoints.userinfo, "userinfo_endpoint");
        let (endpoint, token) = match (endpoint, &tokens.access_token) {
            (Ok(endpoint), Some(token)) => (endpoint, token),
            (Err(fault), _) if is_required => return Err(fault),
            (Ok(_), None) if is_required => return Err(no_access_token()),
            (endpoint, _) => return Ok((id_token, endpoint.is_err())),
        };
        let answered = user_info(&self.outbound, &endpoint, provider.config.verify_tls, token, deadline).await;
        let further = match answered {
            Ok(UserInfo::Claims(claims)) => claims,
            Ok(UserInfo::Signed(token)) => {
                let issuer = id_token.get("iss").and_then(|issuer| issuer.as_text()).unwrap_or_default();
                self.signed_user_info(provider, issuer, &token, deadline).await?
            }
            // Without it the person is known, and nothing that decides is missing.
            Err(fault) if !is_required && !is_unproven && evaluation.identity.value().is_some() => {
                let fault = user_info_fault(fault);
                tracing::warn!(
                    provider = %provider.stored.id, message = %fault.message, advice = %fault.advice,
                    "a person signs in without the claims of the userinfo endpoint"
                );
                return Ok((id_token, false));
            }
            Err(fault) => return Err(user_info_fault(fault)),
        };
        Ok((merged(id_token, further).map_err(user_info_fault)?, true))
    }

    /// A signed response has issuer and audience (OpenID Connect Core 1.0, section 5.3.2).
    async fn signed_user_info(
        &self,
        provider: &OpenIdProvider<'_>,
        issuer: &str,
        token: &str,
        deadline: Instant,
    ) -> Result<Claims, SignInFault> {
        let header = TokenHeader::read(token, &algorithms(provider.config)).map_err(id_token_fault)?;
        let key = self.key(provider, &header, deadline).await?;
        let payload = signed_payload(token, &key.key, header.algorithm);
        let payload = payload.ok_or_else(|| id_token_fault(IdTokenFault::WrongSignature))?;
        let claims = Claims::parse_bytes(&payload).map_err(|_| id_token_fault(IdTokenFault::Malformed))?;
        let issuers = provider.issuers()?.named(Some(issuer)).signed_by(key.issuer.as_deref());
        id_token::check_parties(&claims, &issuers, &provider.config.client_id).map_err(id_token_fault)?;
        id_token::check_validity(&claims, self.now()).map_err(id_token_fault)?;
        Ok(claims)
    }
}

#[async_trait]
impl SignInProtocol for RelyingParty {
    async fn request(&self, request: ProtocolRequest<'_>) -> Result<ProtocolRedirect, SignInFault> {
        let provider = OpenIdProvider::of(request.provider)?;
        provider.check()?;
        let settings = &provider.config.sign_in;
        let verifier = provider.config.pkce.then(random);
        let carried = Carried { nonce: random(), verifier, max_age: settings.max_age };
        let hints = request.hints;
        let prompts: Vec<_> = settings.prompt.iter().copied().map(OidcPrompt::as_str).collect();
        let words = |words: String| Some(words).filter(|words| !words.is_empty());
        let further = [
            ("login_hint", hints.login_hint.clone()),
            ("prompt", hints.prompt.clone().or_else(|| words(prompts.join(" ")))),
            ("ui_locales", hints.ui_locales.clone()),
            ("max_age", settings.max_age.map(|seconds| seconds.to_string())),
            ("acr_values", words(settings.acr_values.join(" "))),
        ];
        let further: Vec<_> = further.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        let verifier = carried.verifier.as_deref().map(Secret::new);
        let authentication = AuthenticationRequest {
            endpoint: &provider.address(|endpoints| &endpoints.authorization, "authorization_endpoint")?,
            client_id: &provider.config.client_id,
            redirect_uri: request.callback_url,
            scope: &provider.config.scopes().collect::<Vec<_>>().join(" "),
            state: request.state,
            nonce: &carried.nonce,
            verifier: verifier.as_ref(),
            is_form_post: settings.response_mode == ResponseMode::FormPost,
            further: &further,
        };
        let carried = serde_json::to_value(&carried).unwrap_or_default();
        Ok(ProtocolRedirect { url: authentication.url(), carried })
    }

    async fn response(&self, response: ProtocolResponse<'_>) -> Result<AuthenticatedSubject, SignInFault> {
        let deadline = Instant::now() + self.timeout;
        let provider = OpenIdProvider::of(response.provider)?;
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
        let tokens = self.tokens(&response, &provider, &carried, code, deadline).await?;
        let id_token = self.id_token(&provider, issuers, &carried, &tokens, deadline).await?;
        let text = |name: &str| id_token.get(name).and_then(|value| value.as_text()).map(str::to_owned);
        let session =
            text("sid").filter(|sid| !sid.chars().any(char::is_control) && sid.chars().nth(MAX_SESSION).is_none());
        let context = text("acr");
        let (authenticated_at, methods) = (authenticated_at(&id_token), methods(&id_token));
        let issuer = text("iss").unwrap_or_default();
        let subject = subject(&id_token).unwrap_or_default();
        let (claims, is_complete) = self.claims(&provider, id_token, &tokens, deadline).await?;
        Ok(AuthenticatedSubject { issuer, subject, authenticated_at, methods, context, session, claims, is_complete })
    }
}

/// A stored provider whose protocol is OpenID Connect.
struct OpenIdProvider<'a> {
    stored: &'a IdentityProvider,
    config: &'a OidcConfig,
    endpoints: OidcEndpoints,
}

impl<'a> OpenIdProvider<'a> {
    fn of(provider: &'a IdentityProvider) -> Result<Self, SignInFault> {
        let config = provider.oidc().ok_or_else(|| incomplete("the provider is not an OpenID provider"))?;
        Ok(Self { stored: provider, config, endpoints: config.effective_endpoints() })
    }

    /// Checks that nothing is missing for the callback, before the person goes to the provider.
    fn check(&self) -> Result<(), SignInFault> {
        self.issuers()?;
        self.address(|endpoints| &endpoints.token, "token_endpoint")?;
        self.address(|endpoints| &endpoints.jwks, "jwks_uri").map(drop)
    }

    fn issuers(&self) -> Result<Issuers<'a>, SignInFault> {
        Issuers::of(self.config).ok_or_else(|| incomplete("the provider's issuer is not known"))
    }

    fn address(&self, of: impl Fn(&OidcEndpoints) -> &Option<String>, name: &str) -> Result<Url, SignInFault> {
        let address = of(&self.endpoints).as_deref().and_then(|address| Url::parse(address).ok());
        address.ok_or_else(|| incomplete(&format!("the provider has no usable {name}")))
    }
}

/// A confidential client must not turn into a public one.
fn lost_secret() -> SignInFault {
    SignInFault {
        message: "the client secret is stored and cannot be opened".to_owned(),
        rule: None,
        advice: "Give this server the key with which the secret was sealed, or enter the client secret again."
            .to_owned(),
    }
}

fn incomplete(message: &str) -> SignInFault {
    SignInFault {
        message: message.to_owned(),
        rule: None,
        advice: "Fetch the provider's discovery document again, or enter the value by hand.".to_owned(),
    }
}

fn no_access_token() -> SignInFault {
    SignInFault {
        message: "the token response has no access token, which the userinfo endpoint needs".to_owned(),
        rule: Some("OpenID Connect Core 1.0, section 3.1.3.3"),
        advice: "Let the provider issue access tokens to this client, or set userinfo to auto or never.".to_owned(),
    }
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

/// Whether the mapping uses a claim that is missing.
fn is_incomplete(evaluation: &Evaluation) -> bool {
    matches!(evaluation.identity, IdentityOutcome::NotFound { .. })
        || evaluation.fields.iter().any(|field| field.value.is_none())
        || evaluation.extra.iter().any(|extra| extra.value.is_err())
}

fn id_token_fault(fault: IdTokenFault) -> SignInFault {
    SignInFault { message: fault.to_string(), rule: Some(fault.rule()), advice: fault.advice().to_owned() }
}

fn user_info_fault(fault: UserInfoFault) -> SignInFault {
    let advice = match &fault {
        UserInfoFault::Fetch(error) => error.advice(),
        UserInfoFault::Status { .. } => "Let the client use the userinfo endpoint at the provider.".to_owned(),
        UserInfoFault::Unreadable(_) | UserInfoFault::OtherPerson => "Ask the provider's operator.".to_owned(),
    };
    let rule = matches!(fault, UserInfoFault::OtherPerson).then_some("OpenID Connect Core 1.0, section 5.3.2");
    SignInFault { message: shown(&fault.to_string(), 300), rule, advice }
}

/// 256 random bits in URL-safe base64.
fn random() -> String {
    let mut bytes = [0_u8; 32];
    fill(&mut bytes).expect("the operating system gives randomness");
    URL_SAFE_NO_PAD.encode(bytes)
}
