//! Creating the first administrator with the one-time link that the server printed.

use leptos::prelude::*;

use super::{NewPassword, PasswordForm};
use crate::{
    api::{set_up::complete_set_up, wire::SecretInput},
    ui::{
        components::{Button, ButtonKind, CopyField, Field, FieldKind, Form, LinkButton, Variant},
        layout::PlainPage,
        routes,
        state::{Session, use_go, use_submit},
    },
};

/// The form when the address contains the link's secret, else instructions.
#[component]
pub fn SetUp() -> impl IntoView {
    let session = Session::current();
    let secret = StoredValue::new(take_secret());
    let go = use_go();
    Effect::new(move || {
        if session.status().is_some_and(|status| status.is_ok_and(|status| status.user.is_some())) {
            go.replace(routes::OVERVIEW);
        }
    });
    let is_done = move || session.status().is_some_and(|status| status.is_ok_and(|status| !status.needs_set_up));
    move || match secret.get_value() {
        _ if is_done() => view! { <Done /> }.into_any(),
        Some(secret) => view! { <FirstAdministrator secret /> }.into_any(),
        None => view! { <Instructions /> }.into_any(),
    }
}

#[component]
fn FirstAdministrator(secret: String) -> impl IntoView {
    let session = Session::current();
    let email = RwSignal::new(String::new());
    let password = PasswordForm::new();
    let submit = use_submit(
        move |(email, password): (String, String)| {
            let running = complete_set_up(SecretInput(secret.clone()), email, SecretInput(password));
            async move { running.await.inspect(|()| session.reload()) }
        },
        |()| (),
    );
    let send = move |()| {
        if let Some(password) = password.confirmed() {
            submit.run((email.get_untracked(), password));
        }
    };
    view! {
        <PlainPage
            title="Set up Vestibule"
            lead="Create the first administrator, who has full access and can add other administrators."
        >
            <Form error=submit.error on_submit=send>
                <Field label="Email address" name="email" value=email kind=FieldKind::Email autocomplete="username" />
                <NewPassword form=password />
                <div class="form-actions">
                    <Button variant=Variant::Primary kind=ButtonKind::Submit busy=submit.busy>"Create administrator"</Button>
                </div>
            </Form>
        </PlainPage>
    }
}

#[component]
fn Instructions() -> impl IntoView {
    view! {
        <PlainPage
            title="Set up Vestibule"
            lead="There is no administrator yet. The server printed a one-time link when it started: open it to create the first one."
        >
            <h2>"If you cannot find the link"</h2>
            <p>"Restart the server: it prints a new one. Or create the administrator on the machine itself:"</p>
            <CopyField label="Command" value="vestibule admin create --email you@example.com" />
        </PlainPage>
    }
}

#[component]
fn Done() -> impl IntoView {
    view! {
        <PlainPage title="Vestibule is set up" lead="The first administrator exists, so this link is no longer valid.">
            <LinkButton href=routes::SIGN_IN variant=Variant::Primary>"Sign in"</LinkButton>
        </PlainPage>
    }
}

/// Removes the secret from the address, so that it is not kept in the history.
fn take_secret() -> Option<String> {
    let location = window().location();
    let secret = location.hash().ok()?.trim_start_matches('#').to_owned();
    if secret.is_empty() {
        return None;
    }
    let clean = format!("{}{}", location.pathname().ok()?, location.search().unwrap_or_default());
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&history.state().unwrap_or_default(), "", Some(&clean));
    }
    Some(secret)
}
