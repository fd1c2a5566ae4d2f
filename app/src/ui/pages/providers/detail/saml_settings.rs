//! The settings of a SAML provider, to read.

use leptos::prelude::*;

use crate::{
    domain::provider::SamlConfig,
    ui::{
        components::{Callout, Card, Detail, DetailList, Tone},
        pages::providers::forms::words,
    },
};

/// The settings of a SAML provider, to read.
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
        endpoints: _,
        metadata_url: _,
    } = config;
    let certificates = match certificates.len() {
        0 => "None".to_owned(),
        1 => "1 signing certificate".to_owned(),
        count => format!("{count} signing certificates"),
    };
    view! {
        <Card title="SAML 2.0">
            <Callout tone=Tone::Info title="These settings can be read here and changed through the API." />
            <DetailList>
                <Detail label="Entity ID"><code>{entity_id}</code></Detail>
                <Detail label="Sign-on URL"><code>{sso_url}</code></Detail>
                <Detail label="Logout URL">{slo_url.unwrap_or_else(|| "Not set".to_owned())}</Detail>
                <Detail label="Certificates">{certificates}</Detail>
                <Detail label="Sign requests">{words::on_off(sign_requests)}</Detail>
                <Detail label="Demand signed assertions">{words::on_off(want_assertions_signed)}</Detail>
                <Detail label="Name ID format"><code>{name_id_format}</code></Detail>
            </DetailList>
        </Card>
    }
}
