//! The settings of a SAML provider, read-only.

use leptos::prelude::*;

use crate::{
    domain::provider::SamlConfig,
    ui::{
        components::{Card, Detail, DetailList},
        pages::providers::{certificates::CertificateList, forms::words, saml::SamlEndpointTable},
    },
};

/// The settings of a SAML provider, read-only.
#[component]
pub fn SamlSettings(
    /// The settings.
    config: SamlConfig,
) -> impl IntoView {
    let SamlConfig {
        entity_id,
        sso_url,
        slo_url,
        certificates,
        sign_requests,
        want_assertions_signed,
        name_id_format,
        endpoints,
        metadata_url,
    } = config;
    let certificates = certificates.into_iter().map(|certificate| certificate.summary).collect::<Vec<_>>();
    view! {
        <Card title="SAML 2.0">
            <DetailList>
                <Detail label="Entity ID"><code>{entity_id}</code></Detail>
                <Detail label="Sign-on URL"><code>{sso_url}</code></Detail>
                <Detail label="Logout URL">{slo_url.unwrap_or_else(|| "Not set".to_owned())}</Detail>
                <Detail label="Metadata URL">{metadata_url.unwrap_or_else(|| "Not set".to_owned())}</Detail>
                <Detail label="Sign requests">{words::on_off(sign_requests)}</Detail>
                <Detail label="Require signed assertions">{words::on_off(want_assertions_signed)}</Detail>
                <Detail label="Name ID format"><code>{name_id_format}</code></Detail>
            </DetailList>
            <h3>"Signing certificates"</h3>
            <CertificateList certificates />
            {(!endpoints.is_empty()).then(|| view! { <h3>"Endpoints"</h3> <SamlEndpointTable endpoints /> })}
        </Card>
    }
}
