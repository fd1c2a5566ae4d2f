//! The last discovery, and discovering again.

use leptos::prelude::*;

use super::{rediscover::RediscoverDialog, state::ProviderState};
use crate::{
    domain::provider::{OidcConfig, detail::LastDiscovery},
    ui::{
        components::{Button, Callout, Card, CopyButton, Detail, DetailList, RelativeTime, SecretState, Tone},
        pages::providers::{
            endpoint_table::{EndpointTable, of_provider},
            findings::FindingList,
            forms::words,
        },
    },
};

/// Addresses, endpoints, findings and keys of an OpenID provider.
#[component]
pub fn DiscoveryCard(
    /// The provider.
    state: ProviderState,
    /// Its settings.
    config: OidcConfig,
    /// What the last discovery found.
    last: Option<LastDiscovery>,
) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let scopes = config.scopes().collect::<Vec<_>>().join(" ");
    let OidcConfig {
        discovery_url,
        issuer,
        client_id,
        has_client_secret,
        client_secret_changed_at,
        verify_tls,
        pkce,
        endpoints,
        ..
    } = config;
    view! {
        <Card title="Discovery" lead="What the provider publishes, and what Vestibule requests.">
            <DetailList>
                <Detail label="Issuer">{copyable(issuer, "issuer")}</Detail>
                <Detail label="Discovery URL">{copyable(Some(discovery_url), "discovery URL")}</Detail>
                <Detail label="Client ID">{copyable(Some(client_id), "client ID")}</Detail>
                <Detail label="Client secret">{SecretState::new(has_client_secret, client_secret_changed_at).words("None (public client)")}</Detail>
                <Detail label="Scopes"><code>{scopes}</code></Detail>
                <Detail label="PKCE">{words::on_off(pkce)}</Detail>
                <Detail label="TLS certificate">{if verify_tls { "Checked" } else { "Not checked" }}</Detail>
            </DetailList>
            <Show when=move || !verify_tls>
                <Callout tone=Tone::Warning title="The provider's TLS certificate is not checked.">
                    <p>"Use this for tests only."</p>
                </Callout>
            </Show>
            <h3>"Endpoints"</h3>
            <EndpointTable endpoints=of_provider(&endpoints) />
            <h3>"Last discovery"</h3>
            {match last {
                Some(last) => view! { <LastReport last /> }.into_any(),
                None => view! {
                    <Callout tone=Tone::Warning title="This provider has not been discovered yet.">
                        <p>"Re-discover it to read its endpoints and keys from the discovery URL."</p>
                    </Callout>
                }
                    .into_any(),
            }}
            <Show when=move || state.may_edit()>
                <div class="card-actions">
                    <Button on_click=move |()| is_open.set(true)>"Re-discover"</Button>
                </div>
            </Show>
            <RediscoverDialog state open=is_open />
        </Card>
    }
}

/// When it ran, and its result.
#[component]
fn LastReport(
    /// The last discovery.
    last: LastDiscovery,
) -> impl IntoView {
    let LastDiscovery { at, report } = last;
    let vendor = report.vendor.map_or("Unrecognised provider", |vendor| vendor.label());
    let keys = report.jwks.as_ref().map_or_else(
        || "Not read".to_owned(),
        |jwks| format!("{} of {} keys can verify ID tokens", jwks.signing_keys().count(), jwks.keys.len()),
    );
    let findings = report.findings;
    view! {
        <DetailList>
            <Detail label="When"><RelativeTime at /></Detail>
            <Detail label="Provider">{vendor}</Detail>
            <Detail label="Keys">{keys}</Detail>
        </DetailList>
        {if findings.is_empty() {
            view! { <p>"No issues found."</p> }.into_any()
        } else {
            view! { <FindingList findings /> }.into_any()
        }}
    }
}

fn copyable(value: Option<String>, label: &'static str) -> AnyView {
    match value {
        Some(value) => view! {
            <code>{value.clone()}</code>
            " "
            <CopyButton value=value label=label />
        }
        .into_any(),
        None => view! { <span class="muted">"Not known"</span> }.into_any(),
    }
}
