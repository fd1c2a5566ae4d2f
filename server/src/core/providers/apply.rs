//! Applies input, patches and discovery reports to a provider. Pure: no database, no network.

use vestibule_app::domain::{
    discovery::{DiscoveryReport, WELL_KNOWN_PATH},
    patch::Patch,
    provider::{
        DiscoveryDemand, IdentityProvider, LdapConfig, LdapInput, OidcConfig, OidcEndpoints, OidcInput, OidcPatch,
        OidcPromises, Origin, ProviderConfig, ProviderPatch, SamlConfig, SamlInput, detail::LastDiscovery,
        parse_allowed_domain,
    },
    web_url::is_web_address,
};

/// Applies the input of a new OpenID provider.
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
        sign_in,
        demand: _, // judged by the discovery
    } = input;
    oidc.discovery_url = discovery_url.trim().to_owned();
    oidc.client_id = client_id.trim().to_owned();
    client_secret.without_empty().apply(&mut oidc.client_secret);
    oidc.has_client_secret = oidc.client_secret.is_some();
    oidc.extra_scopes = extra_scopes.map(beside_openid);
    oidc.verify_tls = verify_tls;
    oidc.pkce = pkce;
    oidc.post_logout_redirect = post_logout_redirect;
    oidc.overrides = overrides;
    oidc.sign_in = sign_in;
}

/// Applies an issuer, or the address of a document, that was not read yet, and drops what was discovered at the earlier
/// address. A document may name any issuer, so its address does not imply one.
pub(super) fn address(oidc: &mut OidcConfig, address: &str) {
    let address = &*in_lower_case(address.trim());
    if address.contains("/.well-known/") {
        oidc.issuer = None;
        oidc.discovery_url = address.to_owned();
    } else {
        oidc.issuer = Some(address.to_owned());
        oidc.discovery_url = format!("{}{WELL_KNOWN_PATH}", address.trim_end_matches('/'));
    }
    oidc.endpoints = OidcEndpoints::default();
    oidc.promised = OidcPromises::default();
}

/// Whether an issuer, or the address of a document, is the stored one. While the document of a stored issuer was not
/// read, its address counts as another one: it lets the document name its issuer.
pub(super) fn is_address_of(oidc: &OidcConfig, address: &str) -> bool {
    let address = in_lower_case(address.trim());
    let is_read = oidc.endpoints != OidcEndpoints::default();
    oidc.issuer.as_deref().map(in_lower_case).as_ref() == Some(&address)
        || (address == in_lower_case(&oidc.discovery_url) && (is_read || oidc.issuer.is_none()))
}

/// An address with scheme and host in lower case, as providers write them in the documents that it is compared with; the
/// rest is case-sensitive (RFC 3986, section 6.2.2.1).
fn in_lower_case(address: &str) -> String {
    let host = address.find("://").map_or(0, |at| at + 3);
    let end = address[host..].find(['/', '?', '#']).map_or(address.len(), |at| host + at);
    format!("{}{}", address[..end].to_ascii_lowercase(), &address[end..])
}

/// Applies a discovery. Where an issuer could be entered, the address of the document is stored.
pub(super) fn report(oidc: &mut OidcConfig, report: &DiscoveryReport, demand: DiscoveryDemand) {
    if demand == DiscoveryDemand::Usable {
        oidc.discovery_url.clone_from(&report.requested_url);
    }
    let metadata = &report.metadata;
    oidc.issuer = metadata.issuer.clone();
    // An endpoint that is not a full URL cannot be called, and is among the findings.
    let usable = |endpoint: &Option<String>| endpoint.clone().filter(|endpoint| is_web_address(endpoint));
    oidc.endpoints = OidcEndpoints {
        authorization: usable(&metadata.authorization_endpoint),
        token: usable(&metadata.token_endpoint),
        userinfo: usable(&metadata.userinfo_endpoint),
        jwks: usable(&metadata.jwks_uri),
        end_session: usable(&metadata.end_session_endpoint),
    };
    oidc.promised = OidcPromises::of(metadata);
}

/// How many warnings a list shows for a provider: findings of the discovery, a disabled TLS check, and unknown
/// endpoints.
pub(super) fn warning_count(discovery: Option<&LastDiscovery>, provider: &IdentityProvider) -> i64 {
    let found = discovery.map_or(0, |last| last.report.errors().count() + last.report.warnings().count());
    let unverified = provider.oidc().is_some_and(|oidc| !oidc.verify_tls);
    let undiscovered = discovery.is_none()
        && provider.oidc().is_some_and(|oidc| {
            let OidcEndpoints { authorization, token, .. } = oidc.effective_endpoints();
            authorization.is_none() || token.is_none()
        });
    i64::try_from(found).unwrap_or(i64::MAX) + i64::from(unverified) + i64::from(undiscovered)
}

/// Applies a patch whose values were checked.
pub(super) fn patch(provider: &mut IdentityProvider, patch: ProviderPatch) {
    let ProviderPatch {
        label: _, // assigned before
        name,
        display_name,
        enabled,
        provisioning,
        sign_in,
        oidc,
        saml: saml_input,
        ldap: ldap_input,
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
    sign_in.apply(&mut provider.sign_in);
    set(&mut provider.mapping.user_field, user_field);
    set(&mut provider.mapping.user_claim, user_claim);
    set(&mut provider.mapping.attributes, attributes);
    extra_fields.apply(&mut provider.mapping.extra_fields);
    set(&mut provider.mapping.protected_fields, protected_fields);
    let domains =
        allowed_domains.map(|list| list.iter().filter_map(|domain| parse_allowed_domain(domain).ok()).collect());
    set(&mut provider.allowed_domains, domains);
    let redirects = allowed_redirects.map(|list| list.iter().filter_map(|text| Origin::parse(text).ok()).collect());
    set(&mut provider.allowed_redirects, redirects);
    set(&mut provider.management_url, management_url.map(|url| url.trim().to_owned()));
    match &mut provider.config {
        ProviderConfig::Oidc(config) => {
            if let Some(change) = oidc {
                patch_oidc(config, change);
            }
        }
        ProviderConfig::Saml(config) => set(config, saml_input.map(saml)),
        ProviderConfig::Ldap(config) => {
            if let Some(change) = ldap_input {
                *config = ldap(change, Some(&*config));
            }
        }
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
        sign_in,
    } = change;
    set(&mut config.discovery_url, discovery_url.map(|url| url.trim().to_owned()));
    set(&mut config.client_id, client_id.map(|id| id.trim().to_owned()));
    let client_secret = client_secret.without_empty();
    // A secret that is kept may be one that does not open.
    if client_secret != Patch::Keep {
        client_secret.apply(&mut config.client_secret);
        config.has_client_secret = config.client_secret.is_some();
    }
    match extra_scopes {
        Patch::Set(scopes) => config.extra_scopes = Some(beside_openid(scopes)),
        other => other.apply(&mut config.extra_scopes),
    }
    set(&mut config.verify_tls, verify_tls);
    set(&mut config.pkce, pkce);
    set(&mut config.post_logout_redirect, post_logout_redirect);
    set(&mut config.overrides, overrides);
    sign_in.apply(&mut config.sign_in);
}

/// Applies the input of a SAML provider.
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

/// Applies the input of a directory.
pub(super) fn ldap(input: LdapInput, stored: Option<&LdapConfig>) -> LdapConfig {
    let client_key = super::ldap::key_in_force(&input, stored).cloned();
    let (mut config, bind_password, _) = input.into_parts();
    config.has_client_key = client_key.is_some();
    config.client_key = client_key;
    config.bind_password = stored.and_then(|stored| stored.bind_password.clone());
    // The secret that is kept may be one that does not open.
    let stays_sealed = bind_password.is_keep() && config.bind_password.is_none() && !config.has_client_key;
    bind_password.apply(&mut config.bind_password);
    config.has_bind_password =
        config.bind_password.is_some() || stays_sealed && stored.is_some_and(|stored| stored.has_bind_password);
    config.bind_password_changed_at = stored.and_then(|stored| stored.bind_password_changed_at);
    config
}

fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

/// Each scope once, in the order given. `openid` is always requested, so it is stored only where it is not the first.
fn beside_openid(scopes: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for scope in scopes {
        if !kept.contains(&scope) {
            kept.push(scope);
        }
    }
    if kept.first().is_some_and(|scope| scope == "openid") {
        kept.remove(0);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scheme_and_host_of_an_address_are_written_small() {
        for (given, kept) in [
            ("HTTPS://Login.Example.COM", "https://login.example.com"),
            ("https://Login.Example.com/Realms/A?B=C", "https://login.example.com/Realms/A?B=C"),
            ("Nowhere", "nowhere"),
        ] {
            assert_eq!(in_lower_case(given), kept);
        }
    }

    #[test]
    fn openid_stays_only_where_it_is_not_the_first() {
        for (given, kept) in [
            ("openid profile email", "profile email"),
            ("profile openid email", "profile openid email"),
            ("openid email openid email", "email"),
            ("openid", ""),
        ] {
            let scopes = beside_openid(given.split(' ').map(str::to_owned).collect());
            assert_eq!(scopes.join(" "), kept, "{given}");
        }
    }
}
