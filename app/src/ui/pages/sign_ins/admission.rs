//! Lets one person in whom a provider refused because it creates no users.

use leptos::prelude::*;

use crate::{
    api::sign_ins::admit_person,
    ui::{
        components::{Button, ConfirmDialog, Variant},
        routes,
        state::{use_change, use_go},
    },
};

const ACTION: &str = "Let this person in";

/// The button that lets the person of a refused attempt in, with a confirmation.
#[component]
pub(super) fn Admission(
    /// The attempt.
    reference: String,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let go = use_go();
    let admit = use_change(
        admit_person,
        |_| "User created. The person can sign in now.",
        move |user| go.to(&routes::user(user)),
    );
    let ask = move |()| {
        admit.reset();
        open.set(true);
    };
    let confirm = move |()| admit.run(reference.clone());
    view! {
        <p>"You can also let just this person in."</p>
        <p><Button on_click=ask>{ACTION}</Button></p>
        <ConfirmDialog
            open
            title=ACTION
            confirm=ACTION
            variant=Variant::Primary
            busy=admit.busy
            error=admit.error
            on_confirm=confirm
        >
            <p>"A user is created from the claims of this sign-in, and linked to the provider. The person signs in again afterwards."</p>
        </ConfirmDialog>
    }
}
