//! The choice of a protocol for a new provider.

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
            lead="Choose a protocol. Most identity providers support OpenID Connect."
            crumbs=vec![Crumb::new(routes::PROVIDERS, "Providers")]
        />
        <Gallery />
    }
}

/// A card for each protocol.
#[component]
pub(super) fn Gallery() -> impl IntoView {
    view! { <ul class="gallery">{Protocol::ALL.into_iter().map(card).collect_view()}</ul> }
}

fn card(protocol: Protocol) -> AnyView {
    let (text, known) = words(protocol);
    let href = match protocol {
        Protocol::Oidc => routes::NEW_OIDC,
        Protocol::Saml => routes::NEW_SAML,
        Protocol::Ldap => routes::NEW_LDAP,
    };
    view! {
        <li class="gallery-card">
            <h2><a class="gallery-link" href=href>{protocol.label()}</a></h2>
            <p>{text}</p>
            <p class="gallery-known">{known}</p>
        </li>
    }
    .into_any()
}

const fn words(protocol: Protocol) -> (&'static str, &'static str) {
    match protocol {
        Protocol::Oidc => (
            "You need the issuer URL and a client ID; Vestibule reads the rest from the provider.",
            "Okta, Microsoft Entra ID, Google Workspace, Keycloak, Auth0, GitLab",
        ),
        Protocol::Saml => {
            ("You need the provider's metadata as a URL or a file, or its values.", "AD FS, Shibboleth, PingFederate")
        }
        Protocol::Ldap => (
            "You need the URL of a server and an account that can read it. Users and groups are synchronised from the directory.",
            "Active Directory, OpenLDAP, FreeIPA",
        ),
    }
}
