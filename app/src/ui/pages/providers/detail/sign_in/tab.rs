//! The sign-in tab.

use leptos::prelude::*;

use super::{
    fields::SignInInputs,
    policy::{EmailAddresses, UnknownPeople},
    preview::ClaimsPreview,
    requests::Requests,
    test::TestSignIn,
    update_rules::KnownUsers,
};
use crate::{
    domain::actor::Permission,
    ui::{
        components::Card,
        pages::providers::{
            detail::{
                state::ProviderState,
                tab_form::{TabForm, TabFormFrame},
            },
            forms::sign_in_change::SignInDraft,
        },
    },
};

/// The sign-in tab: trying the provider out, and its settings.
#[component]
pub fn ProviderSignIn() -> impl IntoView {
    let state = ProviderState::current();
    let draft = untrack(|| state.read(|detail| SignInDraft::of(&detail.provider)));
    let (may_test, may_preview) =
        untrack(|| (state.allows(Permission::ManageUsers), state.allows(Permission::ViewUsers)));
    view! {
        <h2 class="visually-hidden">"Sign-in"</h2>
        {may_test
            .then(|| {
                view! {
                    <Card
                        title="Test sign-in"
                        lead="A whole sign-in in a new window, also while the provider is disabled. Nothing is created or changed."
                    >
                        <TestSignIn id=state.id />
                    </Card>
                }
            })}
        {may_preview
            .then(|| {
                view! {
                    <Card title="What would happen" lead="Who would sign in with these claims, and what would change.">
                        <ClaimsPreview id=state.id />
                    </Card>
                }
            })}
        {draft.map(|draft| view! { <Settings state draft /> })}
    }
}

/// The form.
#[component]
fn Settings(
    /// The provider.
    state: ProviderState,
    /// What is stored.
    draft: SignInDraft,
) -> impl IntoView {
    let inputs = SignInInputs::new(draft);
    let form = TabForm::new(state, inputs);
    view! {
        <TabFormFrame form label="Sign-in">
            <UnknownPeople inputs />
            <KnownUsers inputs />
            <EmailAddresses inputs />
            <Requests inputs />
        </TabFormFrame>
    }
}
