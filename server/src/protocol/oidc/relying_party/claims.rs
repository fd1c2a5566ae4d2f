//! Everything that a provider says about a person: the ID token, and the userinfo endpoint where it is needed.

use std::sync::Arc;

use tokio::time::Instant;
use vestibule_app::domain::{
    mapping::{Claims, Evaluation, IdentityOutcome, UserField, evaluate},
    provider::UserInfoUse,
    sign_in::{StepName, lacks_groups},
};

use super::{
    super::{
        client::algorithms,
        exchange::Tokens,
        id_token::{self, IdTokenFault, TokenHeader},
        userinfo::{UserInfo, lacks_verification, merged, user_info},
    },
    faults::{id_token_fault, no_access_token, user_info_fault},
    keys::ProviderKeys,
    provider::OpenIdProvider,
};
use crate::{
    clock::Clock,
    jose::signed_payload,
    protocol::{http::OutboundClient, recorder::Recorder, sign_in::SignInFault},
};

/// Reads what a provider says about a person.
pub(super) struct ClaimsReader {
    pub(super) outbound: OutboundClient,
    pub(super) clock: Arc<dyn Clock>,
    /// For signed userinfo responses.
    pub(super) keys: ProviderKeys,
}

/// What a provider said about a person.
pub(super) struct Received {
    pub(super) claims: Claims,
    /// Whether that is all that it has to say.
    pub(super) is_complete: bool,
}

impl ClaimsReader {
    /// The claims of the ID token, and those of the userinfo endpoint where a mapping uses one that is missing, or where
    /// the address decides who may sign in and the ID token does not say whether it is verified.
    pub(super) async fn read(
        &self,
        provider: &OpenIdProvider<'_>,
        id_token: Claims,
        tokens: &Tokens,
        deadline: Instant,
        trace: &Recorder,
    ) -> Result<Received, SignInFault> {
        let evaluation = evaluate(&provider.stored.mapping, &id_token);
        let is_unproven = !provider.stored.allowed_domains.is_empty()
            && (evaluation.value(UserField::Email).is_none() || lacks_verification(&id_token));
        let is_missing = || is_incomplete(&evaluation) || lacks_groups(provider.group_mappings, &id_token);
        let is_required = provider.config.sign_in.userinfo == UserInfoUse::Always;
        let is_wanted = match provider.config.sign_in.userinfo {
            UserInfoUse::Never => false,
            UserInfoUse::Always => true,
            UserInfoUse::Auto => is_unproven || is_missing(),
        };
        if !is_wanted {
            return Ok(Received { claims: id_token, is_complete: true });
        }
        let endpoint = provider.address(|endpoints| &endpoints.userinfo, "userinfo_endpoint");
        let (endpoint, token) = match (endpoint, &tokens.access_token) {
            (Ok(endpoint), Some(token)) => (endpoint, token),
            (Err(fault), _) if is_required => return Err(fault),
            (Ok(_), None) if is_required => return Err(no_access_token()),
            (endpoint, _) => return Ok(Received { claims: id_token, is_complete: endpoint.is_err() }),
        };
        let is_decided = !is_required && !is_unproven && evaluation.identity.value().is_some();
        let mut step = trace.begin(StepName::ClaimsRequest);
        let verify_tls = provider.config.verify_tls;
        let answered = user_info(&self.outbound, &endpoint, verify_tls, token, deadline, &mut step).await;
        let further = match answered.map_err(user_info_fault) {
            Ok(UserInfo::Claims(claims)) => Ok(claims),
            Ok(UserInfo::Signed(token)) => {
                let issuer = id_token.get("iss").and_then(|issuer| issuer.as_text()).unwrap_or_default();
                self.signed_user_info(provider, issuer, &token, deadline, trace).await
            }
            // Without it the person is known, and nothing that decides is missing.
            Err(fault) if is_decided => {
                tracing::warn!(
                    provider = %provider.stored.id, message = %fault.message, advice = %fault.advice,
                    "a person signs in without the claims of the userinfo endpoint"
                );
                step.record(Some((&fault).into()));
                return Ok(Received { claims: id_token, is_complete: false });
            }
            Err(fault) => Err(fault),
        };
        if let Ok(further) = &further {
            step.claims(further);
        }
        let all = further.and_then(|further| merged(id_token, further).map_err(user_info_fault));
        Ok(Received { claims: step.end(all)?, is_complete: true })
    }

    /// A signed response has issuer and audience (OpenID Connect Core 1.0, section 5.3.2).
    async fn signed_user_info(
        &self,
        provider: &OpenIdProvider<'_>,
        issuer: &str,
        token: &str,
        deadline: Instant,
        trace: &Recorder,
    ) -> Result<Claims, SignInFault> {
        let header = TokenHeader::read(token, &algorithms(provider.config)).map_err(id_token_fault)?;
        let key = self.keys.find(provider, &header, deadline, trace).await?;
        let payload = signed_payload(token, &key.key, header.algorithm);
        let payload = payload.ok_or_else(|| id_token_fault(IdTokenFault::WrongSignature))?;
        let claims = Claims::parse_bytes(&payload).map_err(|_| id_token_fault(IdTokenFault::Malformed))?;
        let issuers = provider.issuers()?.named(Some(issuer)).signed_by(key.issuer.as_deref());
        id_token::check_parties(&claims, &issuers, &provider.config.client_id).map_err(id_token_fault)?;
        id_token::check_validity(&claims, unix_seconds(&*self.clock)).map_err(id_token_fault)?;
        Ok(claims)
    }
}

/// Now, in seconds since 1970.
pub(super) fn unix_seconds(clock: &dyn Clock) -> i64 {
    clock.now().unix_millis().div_euclid(1000)
}

/// Whether the mapping uses a claim that is missing.
fn is_incomplete(evaluation: &Evaluation) -> bool {
    matches!(evaluation.identity, IdentityOutcome::NotFound { .. })
        || evaluation.fields.iter().any(|field| field.value.is_none())
        || evaluation.extra.iter().any(|extra| extra.value.is_err())
}
