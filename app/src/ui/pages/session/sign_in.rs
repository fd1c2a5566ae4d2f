//! Signing in with email and password.

use leptos::prelude::*;

use crate::{
    api::{ApiError, session::sign_in, wire::SecretInput},
    domain::problem::ServiceError,
    ui::{
        components::{Button, ButtonKind, Callout, Field, FieldKind, Form, Tone, Variant},
        layout::PlainPage,
        routes,
        state::{Session, go::is_safe_return, use_go, use_query, use_submit},
    },
};

/// Signs in and returns to the requested page.
#[component]
pub fn SignIn() -> impl IntoView {
    let session = Session::current();
    let go = use_go();
    let query = use_query();
    let (email, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let has_left = untrack(|| query.find("left")).is_some();
    let target = Memo::new(move |_| {
        query.find("return").filter(|path| is_safe_return(path)).unwrap_or_else(|| routes::OVERVIEW.to_owned())
    });
    // This page is left by those who are signed in, and before the set-up.
    Effect::new(move || match session.status() {
        Some(Ok(status)) if status.user.is_some() => go.replace(&target.get_untracked()),
        Some(Ok(status)) if status.needs_set_up => go.replace(routes::SET_UP),
        Some(_) | None => {}
    });
    let submit = use_submit(
        move |(email, password): (String, String)| async move {
            // Not showing which of the two is wrong keeps email addresses from being guessed.
            sign_in(email, SecretInput(password)).await.map_err(|error| match error {
                ApiError::Service(
                    ServiceError::Unauthenticated | ServiceError::Forbidden | ServiceError::Invalid { .. },
                ) => wrong_credentials(),
                other => other,
            })?;
            session.reload();
            Ok(())
        },
        |()| (),
    );
    let send = move |()| submit.run((email.get_untracked(), password.get_untracked()));
    view! {
        <PlainPage title="Sign in">
            {has_left.then(|| view! { <Callout tone=Tone::Success title="You are signed out." /> })}
            <Form error=submit.error on_submit=send>
                <Field label="Email address" name="email" value=email kind=FieldKind::Email autocomplete="username" />
                <Field label="Password" name="password" value=password kind=FieldKind::Password autocomplete="current-password" />
                <div class="form-actions">
                    <Button variant=Variant::Primary kind=ButtonKind::Submit busy=submit.busy>"Sign in"</Button>
                </div>
            </Form>
        </PlainPage>
    }
}

fn wrong_credentials() -> ApiError {
    use crate::domain::problem::ProblemCode;
    ServiceError::invalid(
        "",
        ProblemCode::NotAllowed,
        "This email address and password do not match. Check both and try again.",
    )
    .into()
}
