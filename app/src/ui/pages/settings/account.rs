//! The user's own password, theme and sessions.

use leptos::prelude::*;

use super::sessions::Sessions;
use crate::{
    api::{session::change_password, wire::SecretInput},
    ui::{
        components::{Button, ButtonKind, Card, Detail, DetailList, Field, FieldKind, Form, Variant},
        layout::ThemeSwitch,
        pages::session::{NewPassword, PasswordForm},
        state::{Session, use_change},
    },
};

/// The user's own password, theme and sessions.
#[component]
pub fn Account() -> impl IntoView {
    let user = Session::current().user_now();
    let has_password = user.as_ref().is_some_and(|user| user.has_password);
    let name = user.as_ref().map(|user| user.name.clone()).unwrap_or_default();
    let role = user.map_or("", |user| user.grant.role.label());
    view! {
        <Card title="You">
            <DetailList>
                <Detail label="Name">{name}</Detail>
                <Detail label="Role">{role}</Detail>
            </DetailList>
        </Card>
        <Card title="Appearance" lead="Stored in this browser.">
            <ThemeSwitch name="theme-account" />
        </Card>
        {if has_password {
            view! {
                <ChangePassword />
                <Sessions />
            }
            .into_any()
        } else {
            view! {
                <Card title="Signing in">
                    <p>"You signed in through the application that contains this portal. It manages your password and your sessions."</p>
                </Card>
            }
            .into_any()
        }}
    }
}

#[component]
fn ChangePassword() -> impl IntoView {
    let session = Session::current();
    let current = RwSignal::new(String::new());
    let password = PasswordForm::new();
    let submit = use_change(
        move |(current, new): (String, String)| async move {
            change_password(SecretInput(current), SecretInput(new)).await.inspect(|()| session.reload())
        },
        |()| "Password changed. Your other sessions have ended.",
        move |()| {
            current.set(String::new());
            password.clear();
        },
    );
    let send = move |()| {
        if let Some(new) = password.confirmed() {
            submit.run((current.get_untracked(), new));
        }
    };
    view! {
        <Card title="Password" lead="Changing it ends your other sessions.">
            <Form error=submit.error on_submit=send label="Change password">
                <Field
                    label="Current password"
                    name="current"
                    value=current
                    kind=FieldKind::Password
                    autocomplete="current-password"
                />
                <NewPassword label="New password" form=password />
                <div class="form-actions">
                    <Button variant=Variant::Primary kind=ButtonKind::Submit busy=submit.busy>"Change password"</Button>
                </div>
            </Form>
        </Card>
    }
}
