//! Commands that create and change providers, and the checks that need only the command.

use crate::domain::{
    direction::{invisible_character, without_direction_changes},
    id::TenantId,
    mapping::{AttributeMapping, UserMapping},
    patch::Patch,
    problem::{Problem, ProblemCode},
    secret::Secret,
    text::check_text,
    web_url::{AddressProblem, check_address, is_web_address},
};

use super::{
    IdentityProvider, LdapConfig, LdapInput, OidcEndpoints, OidcSignIn, OidcSignInPatch, Provisioning, SamlInput,
    SignInPatch, SignInSettings, email_domains, ldap::check as check_ldap, oidc_sign_in, redirects, sign_in,
};

/// A provider to create.
#[derive(Debug, Clone, PartialEq)]
pub struct NewProvider {
    /// The slug of a platform-wide provider; made from the name when absent. Not for a tenant's provider.
    pub slug: Option<String>,
    /// Name, unique for its owner; 1 to 255 characters.
    pub name: String,
    /// Name to show, where it differs; at most 255 characters.
    pub display_name: Option<String>,
    /// The tenant it belongs to; the platform's own when absent.
    pub owner: Option<TenantId>,
    /// Whether users may sign in with it.
    pub enabled: bool,
    /// What happens to users when they sign in.
    pub provisioning: Provisioning,
    /// Whom people who sign in are linked to, and what is updated.
    pub sign_in: SignInSettings,
    /// Protocol and connection.
    pub config: ConfigInput,
    /// How its claims become user fields.
    pub mapping: UserMapping,
    /// Email domains whose users may sign in.
    pub allowed_domains: Vec<String>,
    /// Origins that users may be sent back to.
    pub allowed_redirects: Vec<String>,
    /// Where users manage their account at the provider.
    pub management_url: String,
}

/// Protocol and connection of a new provider.
#[derive(Debug, Clone, PartialEq)]
pub enum ConfigInput {
    /// An OpenID provider, whose endpoints are discovered.
    Oidc(OidcInput),
    /// A SAML provider.
    Saml(SamlInput),
    /// An LDAP directory.
    Ldap(Box<LdapInput>),
}

/// The settings of a new OpenID provider; discovery adds the rest.
#[derive(Debug, Clone, PartialEq)]
pub struct OidcInput {
    /// An issuer or the address of a discovery document; at most 2000 characters.
    pub discovery_url: String,
    /// The client identifier registered at the provider; at most 255 characters.
    pub client_id: String,
    /// The client secret. A new provider without one is a public client; a test keeps the stored one.
    pub client_secret: Patch<Secret>,
    /// Scopes to request beside `openid`.
    pub extra_scopes: Option<Vec<String>>,
    /// Whether the provider's TLS certificate is checked.
    pub verify_tls: bool,
    /// Whether the code flow uses PKCE.
    pub pkce: bool,
    /// Whether users who sign out are sent to the provider's logout page.
    pub post_logout_redirect: bool,
    /// Endpoints entered by hand, which win over those discovered.
    pub overrides: OidcEndpoints,
    /// How people sign in with it.
    pub sign_in: OidcSignIn,
    /// What the discovery document must contain.
    pub demand: DiscoveryDemand,
}

/// What a discovery document must contain before the provider is saved. Other problems become warnings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DiscoveryDemand {
    /// Nothing: the document is read when the connection is tested, not when the provider is saved.
    Later,
    /// The authorization, token and userinfo endpoints, as the Waldur dialect requires.
    Endpoints,
    /// The authorization and token endpoints, as required when a stored provider is discovered again.
    CodeFlow,
    /// Everything that signing in requires (OpenID Connect Discovery 1.0, sections 3 and 4.3).
    #[default]
    Usable,
}

/// A change of a provider. Absent members stay as they are. A body can give the settings of several protocols; those of
/// another protocol than the provider's are refused, each at its own field.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ProviderPatch {
    /// The name that is shown: the display name of a provider that has one, else the name. See
    /// [`ProviderPatch::assign_label`].
    pub label: Option<String>,
    /// Name.
    pub name: Option<String>,
    /// Name to show.
    pub display_name: Patch<String>,
    /// Whether users may sign in with it.
    pub enabled: Option<bool>,
    /// What happens to users when they sign in.
    pub provisioning: Option<Provisioning>,
    /// Whom people who sign in are linked to, and what is updated.
    pub sign_in: SignInPatch,
    /// The settings of an OpenID provider.
    pub oidc: Option<OidcPatch>,
    /// The settings of a SAML provider, as a whole.
    pub saml: Option<SamlInput>,
    /// The settings of a directory, as a whole.
    pub ldap: Option<LdapInput>,
    /// The user field that identifies a user.
    pub user_field: Option<String>,
    /// The claims that identify a user.
    pub user_claim: Option<String>,
    /// Claims to user fields, as a whole.
    pub attributes: Option<AttributeMapping>,
    /// Claims kept beside the user fields.
    pub extra_fields: Patch<String>,
    /// User fields that a user of this provider cannot edit.
    pub protected_fields: Option<Vec<String>>,
    /// Email domains whose users may sign in.
    pub allowed_domains: Option<Vec<String>>,
    /// Origins that users may be sent back to.
    pub allowed_redirects: Option<Vec<String>>,
    /// Where users manage their account at the provider.
    pub management_url: Option<String>,
}

impl ProviderPatch {
    /// Turns a new label into a new display name or name of this provider.
    pub fn assign_label(&mut self, provider: &IdentityProvider) {
        let Some(label) = self.label.take().filter(|label| label.trim() != provider.label()) else { return };
        match provider.display_name {
            Some(_) => self.display_name = Patch::Set(label),
            None => self.name = Some(label),
        }
    }
}

/// A change of an OpenID provider's settings. Absent members stay as they are.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OidcPatch {
    /// An issuer or the address of a discovery document.
    pub discovery_url: Option<String>,
    /// The client identifier.
    pub client_id: Option<String>,
    /// The client secret.
    pub client_secret: Patch<Secret>,
    /// Scopes to request beside `openid`.
    pub extra_scopes: Patch<Vec<String>>,
    /// Whether the provider's TLS certificate is checked.
    pub verify_tls: Option<bool>,
    /// Whether the code flow uses PKCE.
    pub pkce: Option<bool>,
    /// Whether users who sign out are sent to the provider's logout page.
    pub post_logout_redirect: Option<bool>,
    /// Endpoints entered by hand, as a whole.
    pub overrides: Option<OidcEndpoints>,
    /// How people sign in with it.
    pub sign_in: OidcSignInPatch,
}

/// Checks a directory's settings, as far as they can be checked alone; all problems at once.
pub fn check_directory(input: &LdapInput) -> Vec<Problem> {
    let mut problems = Vec::new();
    check_ldap(&mut problems, input);
    problems
}

/// Checks a new provider, as far as it can be checked alone; all problems at once.
pub fn check_new(new: &NewProvider) -> Vec<Problem> {
    let NewProvider {
        slug: _, // checked by the service, which knows the owner
        name,
        display_name,
        owner: _,
        enabled: _,
        provisioning: _,
        sign_in,
        config,
        mapping,
        allowed_domains,
        allowed_redirects,
        management_url,
    } = new;
    let mut problems = Vec::new();
    check_text(&mut problems, "name", name, 255, true);
    check_optional(&mut problems, "display_name", display_name.as_deref(), 255);
    match config {
        ConfigInput::Oidc(oidc) => {
            check_text(&mut problems, "discovery_url", &oidc.discovery_url, 2000, true);
            check_text(&mut problems, "client_id", &oidc.client_id, 255, true);
            check_secret(&mut problems, oidc.client_secret.value());
            check_scopes(&mut problems, oidc.extra_scopes.as_deref());
            check_overrides(&mut problems, &oidc.overrides);
            oidc_sign_in::check(&mut problems, &oidc.sign_in);
        }
        ConfigInput::Saml(saml) => check_saml(&mut problems, saml),
        ConfigInput::Ldap(ldap) => check_ldap(&mut problems, ldap),
    }
    check_text(&mut problems, "user_field", &mapping.user_field, 100, true);
    let directory = match config {
        ConfigInput::Ldap(ldap) => Some(ldap.config()),
        ConfigInput::Oidc(_) | ConfigInput::Saml(_) => None,
    };
    check_user_claim(&mut problems, &mapping.user_claim, directory);
    check_optional(&mut problems, "extra_fields", mapping.extra_fields.as_deref(), 2000);
    email_domains::check(&mut problems, allowed_domains);
    sign_in::check(&mut problems, Some(&sign_in.update_policy), &sign_in.confirmed_domains);
    redirects::check(&mut problems, allowed_redirects);
    check_management_url(&mut problems, management_url);
    check_claims(&mut problems, Some(&mapping.attributes));
    check_protected_fields(&mut problems, &mapping.protected_fields);
    problems
}

/// Checks a change, as far as it can be checked alone; all problems at once.
pub fn check_patch(patch: &ProviderPatch) -> Vec<Problem> {
    let ProviderPatch {
        label: _, // assigned before
        name,
        display_name,
        enabled: _,
        provisioning: _,
        sign_in,
        oidc,
        saml,
        ldap,
        user_field,
        user_claim,
        attributes,
        extra_fields,
        protected_fields,
        allowed_domains,
        allowed_redirects,
        management_url,
    } = patch;
    let mut problems = Vec::new();
    let mut required = |field: &str, text: Option<&String>, limit| {
        if let Some(text) = text {
            check_text(&mut problems, field, text, limit, true);
        }
    };
    required("name", name.as_ref(), 255);
    required("user_field", user_field.as_ref(), 100);
    required("discovery_url", oidc.as_ref().and_then(|oidc| oidc.discovery_url.as_ref()), 2000);
    required("client_id", oidc.as_ref().and_then(|oidc| oidc.client_id.as_ref()), 255);
    if let Some(oidc) = oidc {
        check_secret(&mut problems, oidc.client_secret.value());
        check_scopes(&mut problems, oidc.extra_scopes.value().map(Vec::as_slice));
        if let Some(overrides) = &oidc.overrides {
            check_overrides(&mut problems, overrides);
        }
        oidc_sign_in::check_change(&mut problems, &oidc.sign_in);
    }
    if let Some(user_claim) = user_claim {
        check_user_claim(&mut problems, user_claim, ldap.as_ref().map(LdapInput::config));
    }
    if let Some(saml) = saml {
        check_saml(&mut problems, saml);
    }
    if let Some(ldap) = ldap {
        check_ldap(&mut problems, ldap);
    }
    check_optional(&mut problems, "display_name", display_name.value().map(String::as_str), 255);
    check_optional(&mut problems, "extra_fields", extra_fields.value().map(String::as_str), 2000);
    email_domains::check(&mut problems, allowed_domains.as_deref().unwrap_or_default());
    let confirmed = sign_in.confirmed_domains.value().map(Vec::as_slice);
    sign_in::check(&mut problems, sign_in.update_policy.value(), confirmed.unwrap_or_default());
    redirects::check(&mut problems, allowed_redirects.as_deref().unwrap_or_default());
    check_management_url(&mut problems, management_url.as_deref().unwrap_or_default());
    check_claims(&mut problems, attributes.as_ref());
    check_protected_fields(&mut problems, protected_fields.as_deref().unwrap_or_default());
    problems
}

/// Checks the settings of a SAML provider. The server checks the certificates, which it can parse.
fn check_saml(problems: &mut Vec<Problem>, saml: &SamlInput) {
    check_text(problems, "entity_id", &saml.entity_id, 1024, true);
    check_web_address(problems, "sso_url", &saml.sso_url);
    if let Some(url) = &saml.slo_url {
        check_web_address(problems, "slo_url", url);
    }
    check_text(problems, "name_id_format", &saml.name_id_format, 255, true);
    if let Some(url) = &saml.metadata_url {
        check_web_address(problems, "metadata_url", url);
    }
    if saml.endpoints.len() > MAX_SAML_ENDPOINTS {
        let message = format!("Give at most {MAX_SAML_ENDPOINTS} endpoints.");
        problems.push(Problem::new("endpoints", ProblemCode::TooMany { limit: MAX_SAML_ENDPOINTS }, message));
        return;
    }
    for (index, endpoint) in saml.endpoints.iter().enumerate() {
        let field = format!("endpoints.{index}");
        check_text(problems, &field, &endpoint.binding, 255, true);
        for address in [Some(&endpoint.location), endpoint.response_location.as_ref()].into_iter().flatten() {
            if !problems.iter().any(|problem| problem.field == field) {
                check_listed_address(problems, &field, address);
            }
        }
    }
}

/// There are four bindings and two services; federations list a few more.
const MAX_SAML_ENDPOINTS: usize = 32;

fn check_overrides(problems: &mut Vec<Problem>, overrides: &OidcEndpoints) {
    let OidcEndpoints { authorization, token, userinfo, jwks, end_session } = overrides;
    for (field, url) in [
        ("authorization_endpoint", authorization),
        ("token_endpoint", token),
        ("userinfo_endpoint", userinfo),
        ("jwks_uri", jwks),
        ("end_session_endpoint", end_session),
    ] {
        if let Some(url) = url {
            check_web_address(problems, field, url);
        }
    }
}

/// Skips the claim of a directory that identifies users by this attribute: the problem is reported at the attribute's
/// field.
fn check_user_claim(problems: &mut Vec<Problem>, claim: &str, directory: Option<&LdapConfig>) {
    if directory.is_none_or(|directory| directory.identifying_attribute() != claim) {
        check_text(problems, "user_claim", claim, 255, true);
    }
}

fn check_optional(problems: &mut Vec<Problem>, field: &str, text: Option<&str>, limit: usize) {
    check_text(problems, field, text.unwrap_or_default(), limit, false);
}

/// A secret is only compared, so characters that change the direction cannot mislead; control characters are a mistake.
fn check_secret(problems: &mut Vec<Problem>, secret: Option<&Secret>) {
    let secret = without_direction_changes(secret.map(Secret::expose).unwrap_or_default());
    check_text(problems, "client_secret", &secret, 2000, false);
}

/// Scope tokens are printable ASCII without space, quote and backslash (RFC 6749, section 3.3).
fn check_scopes(problems: &mut Vec<Problem>, scopes: Option<&[String]>) {
    let is_token =
        |scope: &str| !scope.is_empty() && scope.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x5B | 0x5D..=0x7E));
    for (index, scope) in scopes.unwrap_or_default().iter().enumerate().filter(|(_, scope)| !is_token(scope)) {
        let message = format!("{scope:?} is not a scope: use printable ASCII without spaces, quotes and backslashes.");
        problems.push(Problem::new(format!("extra_scopes.{index}"), ProblemCode::Malformed, message));
    }
}

/// People read the names of claims. The mapping decides what they mean.
fn check_claims(problems: &mut Vec<Problem>, attributes: Option<&AttributeMapping>) {
    let claims = attributes.into_iter().flat_map(AttributeMapping::iter).flat_map(|(_, claims)| claims);
    if let Some(message) = claims.filter_map(|claim| invisible_character(claim)).next() {
        problems.push(Problem::new("attributes", ProblemCode::Malformed, message));
    }
}

fn check_protected_fields(problems: &mut Vec<Problem>, fields: &[String]) {
    for (index, field) in fields.iter().enumerate() {
        check_text(problems, &format!("protected_fields.{index}"), field, 255, false);
    }
}

fn check_management_url(problems: &mut Vec<Problem>, url: &str) {
    if !url.is_empty() {
        check_web_address(problems, "management_url", url);
    }
}

/// The address becomes a link, so `javascript:` and similar schemes must be rejected.
fn check_web_address(problems: &mut Vec<Problem>, field: &str, text: &str) {
    check_text(problems, field, text, 2000, true);
    if let Err(problem) = check_address(text)
        && !problems.iter().any(|problem| problem.field == field)
    {
        problems.push(Problem::new(field, ProblemCode::Malformed, format!("Invalid address: {problem}.")));
    }
}

/// An endpoint as metadata lists it. It is kept unchanged; signing in uses the separate fields.
fn check_listed_address(problems: &mut Vec<Problem>, field: &str, text: &str) {
    check_text(problems, field, text, 2000, true);
    if !is_web_address(text) && !problems.iter().any(|problem| problem.field == field) {
        let message = format!("Invalid address: {}.", AddressProblem::NotAnAddress);
        problems.push(Problem::new(field, ProblemCode::Malformed, message));
    }
}
