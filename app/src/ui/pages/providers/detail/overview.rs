//! The overview of a provider.

use leptos::prelude::*;

use super::{
    facts::Facts, last_discovery::DiscoveryCard, ldap_settings::LdapSettings, saml_settings::SamlSettings,
    service_values::ServiceValues, state::ProviderState, what_next::WhatNext,
};
use crate::{
    domain::provider::{IdentityProvider, ProviderConfig, detail::ProviderDetail},
    ui::{
        components::{Card, CopyField},
        pages::providers::{sync::SyncCard, testing::HealthCard},
    },
};

/// The overview tab.
#[component]
pub fn ProviderOverview() -> impl IntoView {
    let state = ProviderState::current();
    view! {
        <div class="provider-cards">
            <WhatNext state />
            {move || state.detail().map(|detail| cards(state, detail))}
        </div>
    }
}

fn cards(state: ProviderState, detail: ProviderDetail) -> AnyView {
    let ProviderDetail { provider, owner_name, callback_url, discovery, health, changed_by, has_lost_secret: _ } =
        detail;
    let IdentityProvider { config, .. } = provider.clone();
    let id = provider.id;
    let facts = view! {
        <HealthCard id health />
        <Facts provider owner_name changed_by />
    };
    match config {
        ProviderConfig::Oidc(config) => view! {
            <Card title="Register at the provider" lead="The provider sends users back to this URL. Add it to the client's redirect URIs.">
                <CopyField label="Callback URL" value=callback_url />
            </Card>
            <DiscoveryCard state config last=discovery />
            {facts}
        }
        .into_any(),
        ProviderConfig::Saml(config) => view! {
            <Card title="Enter at the provider" lead="The values that the provider needs about Vestibule.">
                <ServiceValues state />
            </Card>
            <SamlSettings config />
            {facts}
        }
        .into_any(),
        ProviderConfig::Ldap(config) => view! {
            <SyncCard state />
            <LdapSettings config />
            {facts}
        }
        .into_any(),
    }
}
