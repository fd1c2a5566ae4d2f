//! Creating a provider, step by step. Nothing is saved before the last step.

pub mod connect_step;
mod connection;
mod ldap_steps;
pub mod map_step;
pub mod options_step;
pub mod owner_field;
pub mod review_step;
pub mod saml_step;
pub mod state;
pub mod step_frame;

use leptos::prelude::*;

use self::{
    connect_step::ConnectStep, connection::ConnectionParts, ldap_steps::ldap_step, map_step::MapStep,
    options_step::OptionsStep, review_step::ReviewStep, saml_step::SamlStep, state::CreateState,
};
use super::forms::{draft::ProviderDraft, step::Step};
use crate::{
    domain::actor::Permission,
    ui::{
        components::{Crumb, EmptyState, LinkButton, PageHeader, Stepper, UnsavedGuard},
        routes,
        state::Session,
    },
};

/// The steps of creating an OpenID provider.
#[component]
pub fn CreateOidc() -> impl IntoView {
    page("New OpenID Connect provider", ProviderDraft::default)
}

/// The steps of creating a SAML provider.
#[component]
pub fn CreateSaml() -> impl IntoView {
    page("New SAML 2.0 provider", ProviderDraft::saml)
}

/// The steps of creating a directory.
#[component]
pub fn CreateLdap() -> impl IntoView {
    page("New LDAP directory", ProviderDraft::ldap)
}

fn page(title: &'static str, draft: fn() -> ProviderDraft) -> AnyView {
    let session = Session::current();
    let is_allowed = Memo::new(move |_| session.allows(Permission::ManageProviders));
    let crumbs = vec![Crumb::new(routes::PROVIDERS, "Providers"), Crumb::new(routes::NEW_PROVIDER, "Add provider")];
    view! {
        <PageHeader
            title=title
            lead="Nothing is saved before the last step."
            crumbs=crumbs
        />
        {move || if is_allowed.get() { view! { <Steps draft=draft() /> }.into_any() } else { view! { <NotAllowed /> }.into_any() }}
    }
    .into_any()
}

/// The steps, one at a time.
#[component]
fn Steps(
    /// What the form starts with.
    draft: ProviderDraft,
) -> impl IntoView {
    let state = CreateState::start(draft);
    let current = Signal::derive(move || state.step.get().index(state.protocol()));
    let select = move |index: usize| {
        if let Some(step) = Step::at(index, state.protocol()) {
            state.go_to(step);
        }
    };
    let labels: Vec<_> = Step::all(state.protocol()).iter().map(|step| step.label(state.protocol())).collect();
    view! {
        <UnsavedGuard dirty=state.is_dirty() />
        <div class="provider-steps">
            <Stepper steps=labels current on_select=Callback::new(select) />
            <For each=move || [state.step.get()] key=|step| *step let:step>
                {match (step, state.connection) {
                    (Step::Review, _) => view! { <ReviewStep state /> }.into_any(),
                    (step, ConnectionParts::Ldap(parts)) => ldap_step(state, parts, step),
                    (Step::Map, _) => view! { <MapStep state /> }.into_any(),
                    (Step::Options, _) => view! { <OptionsStep state /> }.into_any(),
                    (_, ConnectionParts::Saml(fields, reader)) => view! { <SamlStep state fields reader /> }.into_any(),
                    (_, ConnectionParts::Oidc(fields)) => view! { <ConnectStep state fields /> }.into_any(),
                }}
            </For>
        </div>
    }
}

/// Readers can look at providers and not add any.
#[component]
fn NotAllowed() -> impl IntoView {
    view! {
        <EmptyState title="Your role cannot add providers" text="Ask a platform administrator.">
            <LinkButton href=routes::PROVIDERS>"Show providers"</LinkButton>
        </EmptyState>
    }
}
