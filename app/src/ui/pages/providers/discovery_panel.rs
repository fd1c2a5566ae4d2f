//! The result of discovering a provider.

use leptos::prelude::*;

use super::{
    endpoint_table::{EndpointTable, of_metadata},
    findings::FindingList,
};
use crate::{
    domain::{
        discovery::{DiscoveryReport, JwksSummary, ProviderMetadata},
        words::counted,
    },
    ui::components::{Callout, Detail, DetailList, Tone},
};

/// A discovery report: verdict, findings, endpoints, and what the provider offers. Its headings are `<h3>`.
#[component]
pub fn DiscoveryPanel(
    /// The report.
    report: DiscoveryReport,
) -> impl IntoView {
    let (tone, verdict) = verdict(&report);
    let DiscoveryReport { requested_url, final_url, fetched_in_ms, vendor, metadata, jwks, findings, .. } = report;
    let vendor = vendor.map_or("Unrecognised provider", |vendor| vendor.label());
    let issuer = metadata.issuer.clone().unwrap_or_else(|| "–".to_owned());
    let redirected = (requested_url != final_url).then_some(final_url);
    view! {
        <div class="discovery">
            <Callout tone title=verdict />
            <DetailList>
                <Detail label="Provider">{vendor}</Detail>
                <Detail label="Issuer"><code>{issuer}</code></Detail>
                <Detail label="Read from"><code>{requested_url}</code></Detail>
                {redirected.map(|url| view! { <Detail label="Redirected to"><code>{url}</code></Detail> })}
                <Detail label="Duration">{format!("{fetched_in_ms} ms")}</Detail>
            </DetailList>
            {(!findings.is_empty())
                .then(|| {
                    view! {
                        <h3>"Findings"</h3>
                        <FindingList findings />
                    }
                })}
            <h3>"Endpoints"</h3>
            <EndpointTable endpoints=of_metadata(&metadata) />
            <h3>"What the provider offers"</h3>
            <PublishedValues metadata jwks />
        </div>
    }
}

/// Scopes, claims and methods.
#[component]
fn PublishedValues(
    /// The document.
    metadata: ProviderMetadata,
    /// The keys, when they were read.
    jwks: Option<JwksSummary>,
) -> impl IntoView {
    let logout = logout(&metadata);
    view! {
        <DetailList>
            <Detail label="Claims"><Values items=metadata.claims_supported /></Detail>
            <Detail label="Scopes"><Values items=metadata.scopes_supported /></Detail>
            <Detail label="PKCE methods"><Values items=metadata.code_challenge_methods_supported /></Detail>
            <Detail label="Client authentication">
                <Values items=metadata.token_endpoint_auth_methods_supported />
            </Detail>
            <Detail label="ID token signatures">
                <Values items=metadata.id_token_signing_alg_values_supported />
            </Detail>
            <Detail label="Logout">{logout}</Detail>
            <Detail label="Keys">{keys(jwks.as_ref())}</Detail>
        </DetailList>
    }
}

/// A list of a document, or a note that it is absent.
#[component]
fn Values(
    /// The items.
    items: Option<Vec<String>>,
) -> impl IntoView {
    match items {
        None => view! { <span class="muted">"Not listed by the provider"</span> }.into_any(),
        Some(items) if items.is_empty() => view! { <span class="muted">"None"</span> }.into_any(),
        Some(items) => {
            let chips =
                items.into_iter().map(|item| view! { <li class="chip"><code>{item}</code></li> }).collect_view();
            view! { <ul class="chips">{chips}</ul> }.into_any()
        }
    }
}

/// Whether the provider can be used, in a sentence.
fn verdict(report: &DiscoveryReport) -> (Tone, String) {
    let (errors, warnings) = (report.errors().count(), report.warnings().count());
    match (errors, warnings) {
        (0, 0) => (Tone::Success, "The provider can be used.".to_owned()),
        (0, warnings) => (Tone::Warning, format!("The provider can be used, with {}.", counted(warnings, "warning"))),
        (errors, _) => (Tone::Danger, format!("The provider cannot be used: {}.", counted(errors, "error"))),
    }
}

/// How users can be signed out at the provider.
fn logout(metadata: &ProviderMetadata) -> String {
    let ways = [
        ("by the user's browser (end session endpoint)", metadata.end_session_endpoint.is_some()),
        ("front-channel", metadata.frontchannel_logout_supported == Some(true)),
        ("back-channel", metadata.backchannel_logout_supported == Some(true)),
    ];
    let offered: Vec<&str> = ways.into_iter().filter(|(_, offered)| *offered).map(|(way, _)| way).collect();
    if offered.is_empty() { "Not offered".to_owned() } else { offered.join(", ") }
}

/// How many keys there are, and how many of them can verify ID tokens.
fn keys(jwks: Option<&JwksSummary>) -> String {
    match jwks {
        None => "Not read".to_owned(),
        Some(jwks) => {
            let usable: Vec<String> =
                jwks.signing_keys().map(|key| key.alg.clone().unwrap_or_else(|| key.kty.clone())).collect();
            match usable.len() {
                0 => format!("{} published, none of which can verify ID tokens", jwks.keys.len()),
                count => format!("{count} of {} keys can verify ID tokens ({})", jwks.keys.len(), usable.join(", ")),
            }
        }
    }
}
