//! The changes of a provider for the audit log. Secrets are named and never shown.

use vestibule_app::domain::{
    audit::FieldChange,
    mapping::UserMapping,
    provider::{
        IdentityProvider, LdapConfig, LdapField, LdapFieldKind, OidcConfig, OidcEndpoints, OidcSignIn, Protocol,
        ProviderConfig, Provisioning, SamlConfig, SignInSettings,
    },
};

use super::secrets;

/// The settings of a new provider.
pub(super) fn of_new(provider: &IdentityProvider) -> Vec<FieldChange> {
    let shown = fields(provider).into_iter().filter(|(_, value)| !value.is_empty());
    let mut changes: Vec<_> =
        shown.map(|(field, value)| FieldChange { field: field.to_owned(), before: None, after: Some(value) }).collect();
    if secrets::of(provider).is_some() {
        changes.push(FieldChange::hidden(secret_name(provider)));
    }
    changes
}

/// What differs between two states of a provider.
pub(super) fn between(before: &IdentityProvider, after: &IdentityProvider) -> Vec<FieldChange> {
    let pairs = fields(before).into_iter().zip(fields(after));
    let mut changes: Vec<_> = pairs
        .filter(|((_, old), (_, new))| old != new)
        .map(|((field, old), (_, new))| FieldChange { field: field.to_owned(), before: Some(old), after: Some(new) })
        .collect();
    if secrets::of(before) != secrets::of(after) {
        changes.push(FieldChange::hidden(secret_name(after)));
    }
    changes
}

const fn secret_name(provider: &IdentityProvider) -> &'static str {
    match provider.config.protocol() {
        Protocol::Ldap => "bind_password",
        Protocol::Oidc | Protocol::Saml => "client_secret",
    }
}

/// Every field that may be shown, as text. The list is the same for both states, whatever they hold.
fn fields(provider: &IdentityProvider) -> Vec<(&'static str, String)> {
    let IdentityProvider {
        id: _,
        slug,
        name,
        display_name,
        owner: _,
        enabled,
        provisioning: Provisioning { auto_create_users, update_user_on_login },
        sign_in: SignInSettings { linking, email_trust, update_policy, match_existing_users, confirmed_domains },
        config,
        mapping: UserMapping { user_field, user_claim, attributes, extra_fields, protected_fields },
        allowed_domains,
        allowed_redirects,
        management_url,
        created_at: _,
        updated_at: _,
        version: _,
    } = provider;
    let redirects: Vec<_> = allowed_redirects.iter().map(|origin| origin.as_str()).collect();
    let mapped: Vec<_> =
        attributes.iter().map(|(field, claims)| format!("{}={}", field.as_str(), claims.join(" "))).collect();
    let rules = update_policy.default.map(|rule| ("default", rule)).into_iter();
    let rules = rules.chain(update_policy.fields.iter().map(|(field, rule)| (field.as_str(), *rule)));
    let rules: Vec<_> = rules.map(|(field, rule)| format!("{field}={}", rule.as_str())).collect();
    let mut list = vec![
        ("slug", slug.to_string()),
        ("name", name.clone()),
        ("display_name", display_name.clone().unwrap_or_default()),
        ("protocol", config.protocol().as_str().to_owned()),
        ("enabled", enabled.to_string()),
        ("auto_create_users", auto_create_users.to_string()),
        ("update_user_on_login", update_user_on_login.to_string()),
        ("update_policy", rules.join(", ")),
        ("linking", linking.as_str().to_owned()),
        ("email_trust", email_trust.as_str().to_owned()),
        ("match_existing_users", match_existing_users.to_string()),
        ("confirmed_domains", confirmed_domains.join(", ")),
        ("user_field", user_field.clone()),
        ("user_claim", user_claim.clone()),
        ("attribute_mapping", mapped.join(", ")),
        ("extra_fields", extra_fields.clone().unwrap_or_default()),
        ("protected_fields", protected_fields.join(", ")),
        ("allowed_domains", allowed_domains.join(", ")),
        ("allowed_redirects", redirects.join(", ")),
        ("management_url", management_url.clone()),
    ];
    list.extend(match config {
        ProviderConfig::Oidc(oidc) => oidc_fields(oidc),
        ProviderConfig::Saml(saml) => saml_fields(saml),
        ProviderConfig::Ldap(ldap) => ldap_fields(ldap),
    });
    list
}

fn text(value: &Option<String>) -> String {
    value.clone().unwrap_or_default()
}

fn oidc_fields(oidc: &OidcConfig) -> Vec<(&'static str, String)> {
    let OidcConfig {
        discovery_url,
        issuer,
        client_id,
        client_secret: _,
        has_client_secret: _,
        client_secret_changed_at: _,
        extra_scopes,
        verify_tls,
        pkce,
        post_logout_redirect,
        endpoints: _,
        promised: _, // of the provider, not of its administrators
        overrides: _,
        sign_in,
    } = oidc;
    // Those that are used, wherever they come from.
    let OidcEndpoints { authorization, token, userinfo, jwks, end_session } = oidc.effective_endpoints();
    let mut list = vec![
        ("discovery_url", discovery_url.clone()),
        ("issuer", text(issuer)),
        ("client_id", client_id.clone()),
        ("extra_scopes", extra_scopes.as_deref().unwrap_or_default().join(" ")),
        ("verify_tls", verify_tls.to_string()),
        ("pkce", pkce.to_string()),
        ("post_logout_redirect", post_logout_redirect.to_string()),
        ("authorization_endpoint", text(&authorization)),
        ("token_endpoint", text(&token)),
        ("userinfo_endpoint", text(&userinfo)),
        ("jwks_uri", text(&jwks)),
        ("end_session_endpoint", text(&end_session)),
    ];
    list.extend(oidc_sign_in_fields(sign_in));
    list
}

fn oidc_sign_in_fields(sign_in: &OidcSignIn) -> [(&'static str, String); 8] {
    let OidcSignIn {
        token_endpoint_auth_method,
        response_mode,
        id_token_signing_algs,
        allowed_issuers,
        userinfo,
        max_age,
        prompt,
        acr_values,
    } = sign_in;
    let algorithms: Vec<_> = id_token_signing_algs.iter().map(|algorithm| algorithm.as_str()).collect();
    let prompts: Vec<_> = prompt.iter().map(|prompt| prompt.as_str()).collect();
    [
        ("token_endpoint_auth_method", token_endpoint_auth_method.as_str().to_owned()),
        ("response_mode", response_mode.as_str().to_owned()),
        ("id_token_signing_algs", algorithms.join(" ")),
        ("allowed_issuers", allowed_issuers.join(", ")),
        ("userinfo", userinfo.as_str().to_owned()),
        ("max_age", max_age.map(|seconds| seconds.to_string()).unwrap_or_default()),
        ("prompt", prompts.join(" ")),
        ("acr_values", acr_values.join(" ")),
    ]
}

fn saml_fields(saml: &SamlConfig) -> Vec<(&'static str, String)> {
    let SamlConfig {
        entity_id,
        sso_url,
        slo_url,
        certificates,
        sign_requests,
        want_assertions_signed,
        name_id_format,
        endpoints: _, // what signing in uses of them stands in `sso_url` and `slo_url`
        metadata_url,
    } = saml;
    let fingerprints: Vec<_> = certificates.iter().map(|certificate| certificate.summary.sha256.as_str()).collect();
    vec![
        ("entity_id", entity_id.clone()),
        ("sso_url", sso_url.clone()),
        ("slo_url", text(slo_url)),
        ("certificates", fingerprints.join(", ")),
        ("sign_requests", sign_requests.to_string()),
        ("want_assertions_signed", want_assertions_signed.to_string()),
        ("name_id_format", name_id_format.clone()),
        ("metadata_url", text(metadata_url)),
    ]
}

fn ldap_fields(ldap: &LdapConfig) -> Vec<(&'static str, String)> {
    let shown = |field: &LdapField| match field.kind {
        // Its changes are recorded under `secret_name`.
        LdapFieldKind::Password => None,
        LdapFieldKind::PrivateKey => Some(("client_key_set", ldap.has_client_key.to_string())),
        _ => Some((field.name, field.value(ldap).to_text())),
    };
    LdapConfig::fields().iter().filter_map(shown).collect()
}
