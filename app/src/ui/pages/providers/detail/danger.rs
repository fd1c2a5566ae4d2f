//! Disabling and deleting a provider.

use leptos::prelude::*;

use super::{
    disable_dialog::{DisableDialog, ImpactText},
    state::ProviderState,
};
use crate::{
    api::providers::delete_provider,
    ui::{
        components::{Button, Callout, Card, Tone, Variant},
        pages::deletion::Deletion,
        routes,
    },
};

/// The danger zone.
#[component]
pub fn ProviderDanger() -> impl IntoView {
    let state = ProviderState::current();
    let is_enabled = Memo::new(move |_| state.read(|detail| detail.provider.enabled).unwrap_or_default());
    let is_disabling = RwSignal::new(false);
    let is_deleting = RwSignal::new(false);
    let deletion = Deletion {
        noun: "provider",
        freed: "Its name and slug become free.",
        list: routes::PROVIDERS,
        name: Memo::new(move |_| state.read(|detail| detail.provider.label().to_owned()).unwrap_or_default()),
        open: is_deleting,
    };
    move || {
        if !state.may_edit() {
            return view! { <Callout tone=Tone::Info title="Your role can neither disable nor delete providers." /> }
                .into_any();
        }
        view! {
            <div class="provider-cards">
                <Card
                    title="Disable this provider"
                    lead="Users cannot sign in with it until it is enabled again. Its settings are kept."
                    danger=true
                >
                    {move || {
                        if is_enabled.get() {
                            view! {
                                <div class="card-actions">
                                    <Button variant=Variant::Danger on_click=move |()| is_disabling.set(true)>
                                        "Disable provider"
                                    </Button>
                                </div>
                            }
                                .into_any()
                        } else {
                            view! { <p class="muted">"It is already disabled. Enable it with the switch above."</p> }.into_any()
                        }
                    }}
                </Card>
                <Card
                    title="Delete this provider"
                    lead="It is removed from all lists, and users can no longer sign in with it. Users are kept."
                    danger=true
                >
                    <div class="card-actions">
                        <Button variant=Variant::Danger on_click=move |()| is_deleting.set(true)>"Delete provider"</Button>
                    </div>
                </Card>
            </div>
            <DisableDialog state open=is_disabling />
            {deletion.dialog(move || view! { <ImpactText id=state.id /> }.into_any(), move || delete_provider(state.id))}
        }
        .into_any()
    }
}
