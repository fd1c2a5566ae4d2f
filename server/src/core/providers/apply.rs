//! Applying input, patches and discovery reports to a provider. Pure: no database, no network.

use vestibule_app::domain::{
    discovery::DiscoveryReport,
    patch::Patch,
    provider::{
        DiscoveryDemand, IdentityProvider, OidcConfig, OidcEndpoints, OidcInput, OidcPatch, Origin, ProviderConfig,
        ProviderPatch, SamlConfig, SamlInput, detail::LastDiscovery, normalise_domain,
    },
    secret::Secret,
};

/// Takes over what was entered of a new OpenID provider.
pub(super) fn input(oidc: &mut OidcConfig, input: OidcInput) {
    let OidcInput {
        discovery_url,
        client_id,
        client_secret,
        extra_scopes,
        verify_tls,
        pkce,
        post_logout_redirect,
        overrides,
        demand: _, // judged by the discovery
    } = input;
    oidc.discovery_url = discovery_url.trim().to_owned();
    oidc.client_id = client_id.trim().to_owned();
    oidc.client_secret = client_secret.filter(|secret| !secret.expose().is_empty());
    oidc.has_client_secret = oidc.client_secret.is_some();
    oidc.extra_scopes = extra_scopes.map(without_openid);
    oidc.verify_tls = verify_tls;
    oidc.pkce = pkce;
    oidc.post_logout_redirect = post_logout_redirect;
    oidc.overrides = overrides;
}

/// Takes over what a discovery found. Where an issuer could be entered, the document's address is what is kept.
pub(super) fn report(oidc: &mut OidcConfig, report: &DiscoveryReport, demand: DiscoveryDemand) {
    if demand == DiscoveryDemand::Usable {
        oidc.discovery_url.clone_from(&report.requested_url);
    }
    let metadata = &report.metadata;
    oidc.issuer = metadata.issuer.clone();
    oidc.endpoints = OidcEndpoints {
        authorization: metadata.authorization_endpoint.clone(),
        token: metadata.token_endpoint.clone(),
        userinfo: metadata.userinfo_endpoint.clone(),
        jwks: metadata.jwks_uri.clone(),
        end_session: metadata.end_session_endpoint.clone(),
    };
}

/// How many warnings a list shows for a provider: what the discovery found, and a TLS check that is switched off.
pub(super) fn warning_count(discovery: Option<&LastDiscovery>, provider: &IdentityProvider) -> i64 {
    let found = discovery.map_or(0, |last| last.report.errors().count() + last.report.warnings().count());
    let unverified = provider.oidc().is_some_and(|oidc| !oidc.verify_tls);
    i64::try_from(found).unwrap_or(i64::MAX) + i64::from(unverified)
}

/// Applies a patch whose values were checked.
pub(super) fn patch(provider: &mut IdentityProvider, patch: ProviderPatch) {
    let ProviderPatch {
        name,
        display_name,
        enabled,
        provisioning,
        oidc,
        saml: saml_input,
        ldap: _,
        user_field,
        user_claim,
        attributes,
        extra_fields,
        protected_fields,
        allowed_domains,
        allowed_redirects,
        management_url,
    } = patch;
    set(&mut provider.name, name.map(|name| name.trim().to_owned()));
    display_name.apply(&mut provider.display_name);
    provider.display_name =
        provider.display_name.take().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    set(&mut provider.enabled, enabled);
    set(&mut provider.provisioning, provisioning);
    set(&mut provider.mapping.user_field, user_field);
    set(&mut provider.mapping.user_claim, user_claim);
    set(&mut provider.mapping.attributes, attributes);
    extra_fields.apply(&mut provider.mapping.extra_fields);
    set(&mut provider.mapping.protected_fields, protected_fields);
    let domains = allowed_domains.map(|list| list.iter().filter_map(|domain| normalise_domain(domain)).collect());
    set(&mut provider.allowed_domains, domains);
    let redirects = allowed_redirects.map(|list| list.iter().filter_map(|text| Origin::parse(text).ok()).collect());
    set(&mut provider.allowed_redirects, redirects);
    set(&mut provider.management_url, management_url.map(|url| url.trim().to_owned()));
    match (&mut provider.config, oidc, saml_input) {
        (ProviderConfig::Oidc(config), Some(change), _) => patch_oidc(config, change),
        (ProviderConfig::Saml(config), _, Some(input)) => *config = saml(input),
        _ => {}
    }
}

fn patch_oidc(config: &mut OidcConfig, change: OidcPatch) {
    let OidcPatch {
        discovery_url,
        client_id,
        client_secret,
        extra_scopes,
        verify_tls,
        pkce,
        post_logout_redirect,
        overrides,
    } = change;
    set(&mut config.discovery_url, discovery_url.map(|url| url.trim().to_owned()));
    set(&mut config.client_id, client_id.map(|id| id.trim().to_owned()));
    let client_secret = match client_secret {
        Patch::Set(secret) if secret.expose().is_empty() => Patch::Clear,
        other => other,
    };
    client_secret.apply(&mut config.client_secret);
    config.has_client_secret = config.client_secret.as_ref().map(Secret::expose).is_some();
    match extra_scopes {
        Patch::Set(scopes) => config.extra_scopes = Some(without_openid(scopes)),
        other => other.apply(&mut config.extra_scopes),
    }
    set(&mut config.verify_tls, verify_tls);
    set(&mut config.pkce, pkce);
    set(&mut config.post_logout_redirect, post_logout_redirect);
    set(&mut config.overrides, overrides);
}

/// Takes over what was entered of a SAML provider.
pub(super) fn saml(input: SamlInput) -> SamlConfig {
    let SamlInput {
        entity_id,
        sso_url,
        slo_url,
        certificate,
        sign_requests,
        want_assertions_signed,
        name_id_format,
        endpoints,
        metadata_url,
    } = input;
    SamlConfig {
        entity_id: entity_id.trim().to_owned(),
        sso_url: sso_url.trim().to_owned(),
        slo_url: slo_url.map(|url| url.trim().to_owned()),
        certificates: super::saml::certificates(&certificate),
        sign_requests,
        want_assertions_signed,
        name_id_format,
        endpoints,
        metadata_url,
    }
}

fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

/// `openid` is always asked for; beside it each scope counts once, in the order given.
fn without_openid(scopes: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for scope in scopes {
        if scope != "openid" && !kept.contains(&scope) {
            kept.push(scope);
        }
    }
    kept
}
