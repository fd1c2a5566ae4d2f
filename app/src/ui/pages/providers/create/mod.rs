//! Creating an OpenID provider, step by step. Nothing is saved before the last step.

pub mod connect_step;
pub mod map_step;
pub mod options_step;
pub mod owner_field;
pub mod review_step;
pub mod state;
pub mod step_frame;

use leptos::prelude::*;

use self::{
    connect_step::ConnectStep, map_step::MapStep, options_step::OptionsStep, review_step::ReviewStep,
    state::CreateState,
};
use super::forms::step::Step;
use crate::{
    domain::actor::Permission,
    ui::{
        components::{Crumb, EmptyState, LinkButton, PageHeader, Stepper, UnsavedGuard, redraw},
        routes,
        state::{Session, memo},
    },
};

/// The steps of creating an OpenID provider.
#[component]
pub fn CreateOidc() -> impl IntoView {
    let session = Session::current();
    let is_allowed = memo(move || session.allows(Permission::ManageProviders));
    let crumbs = vec![Crumb::new(routes::PROVIDERS, "Providers"), Crumb::new(routes::NEW_PROVIDER, "Add provider")];
    view! {
        <PageHeader
            title="New OpenID Connect provider"
            lead="Nothing is saved before the last step."
            crumbs=crumbs
        />
        {redraw(move || if is_allowed.get() { view! { <Steps /> }.into_any() } else { view! { <NotAllowed /> }.into_any() })}
    }
}

/// The steps, one at a time.
#[component]
fn Steps() -> impl IntoView {
    let state = CreateState::start();
    let current = Signal::derive(move || state.step.get().index());
    let select = move |index: usize| {
        if let Some(step) = Step::at(index) {
            state.go_to(step);
        }
    };
    view! {
        <UnsavedGuard dirty=state.is_dirty() />
        <div class="provider-steps">
            <Stepper steps=Step::ALL.map(Step::label).to_vec() current on_select=Callback::new(select) />
            {redraw(move || match state.step.get() {
                Step::Connect => view! { <ConnectStep state /> }.into_any(),
                Step::Map => view! { <MapStep state /> }.into_any(),
                Step::Options => view! { <OptionsStep state /> }.into_any(),
                Step::Review => view! { <ReviewStep state /> }.into_any(),
            })}
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
