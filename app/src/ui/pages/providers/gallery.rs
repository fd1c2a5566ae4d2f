//! Choosing what a new provider speaks.

use leptos::prelude::*;

use crate::{
    domain::provider::Protocol,
    ui::{
        components::{Crumb, PageHeader},
        routes,
    },
};

/// The choice of a protocol as a page.
#[component]
pub fn ProviderGallery() -> impl IntoView {
    view! {
        <PageHeader
            title="Add a provider"
            lead="Choose the language that the identity provider speaks. Most speak OpenID Connect."
            crumbs=vec![Crumb::new(routes::PROVIDERS, "Providers")]
        />
        <Gallery />
    }
}

/// A card for each protocol. What cannot be added here is said to be so, and is no link.
#[component]
pub(super) fn Gallery() -> impl IntoView {
    view! { <ul class="gallery">{Protocol::ALL.into_iter().map(card).collect_view()}</ul> }
}

fn card(protocol: Protocol) -> AnyView {
    let (text, known) = words(protocol);
    let steps = match protocol {
        Protocol::Oidc => Some(routes::NEW_OIDC),
        Protocol::Saml => Some(routes::NEW_SAML),
        Protocol::Ldap => None,
    };
    let heading = match steps {
        Some(href) => view! { <h2><a class="gallery-link" href=href>{protocol.label()}</a></h2> }.into_any(),
        None => view! {
            <h2>{protocol.label()}</h2>
            <p class="gallery-soon">"Not available yet in the portal"</p>
        }
        .into_any(),
    };
    view! {
        <li class="gallery-card" class:is-unavailable=steps.is_none()>
            {heading}
            <p>{text}</p>
            <p class="gallery-known">{known}</p>
        </li>
    }
    .into_any()
}

const fn words(protocol: Protocol) -> (&'static str, &'static str) {
    match protocol {
        Protocol::Oidc => (
            "You need the issuer's address and a client id; Vestibule reads the rest from the provider.",
            "Okta, Microsoft Entra ID, Google Workspace, Keycloak, Auth0, GitLab",
        ),
        Protocol::Saml => (
            "You need the provider's metadata: an address, a file, or the values in it.",
            "AD FS, Shibboleth, PingFederate",
        ),
        Protocol::Ldap => ("Asks a directory whether a password is right.", "Active Directory, OpenLDAP, FreeIPA"),
    }
}
