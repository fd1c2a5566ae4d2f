//! Whether a user may sign in, with the actions that change it.

use leptos::prelude::*;

use super::words::{explain_status, status_tone};
use crate::{
    api::users::{UserAction, change_user},
    domain::{actor::Permission, user::UserDetail},
    ui::{
        components::{Button, Callout, Card, ConfirmDialog, RelativeTime, StatusBadge, Tone, Variant},
        routes,
        state::{Load, Session, Toasts, use_go, use_submit},
    },
};

const BLOCK: &str = "Block user";
const DELETE: &str = "Delete user";

/// Whether a user may sign in, with the actions that change it.
#[component]
pub(super) fn StatusCard(
    /// The user.
    detail: UserDetail,
    /// Reloaded after an action.
    load: Load<UserDetail>,
) -> impl IntoView {
    let (can_be_reactivated, can_be_deleted) = (detail.can_be_reactivated(), detail.can_be_deleted());
    let user = detail.user;
    let (id, version, name, status) = (user.id, user.version, user.profile.label(), user.status());
    let is_blocked = user.blocked.is_some();
    let (text, at) = explain_status(&user);
    let toasts = Toasts::current();
    let go = use_go();
    let (is_blocking, is_deleting) = (RwSignal::new(false), RwSignal::new(false));
    let change = use_submit(
        move |action| async move { change_user(id, action, version).await.map(|()| action) },
        move |action| {
            if action == UserAction::Delete {
                toasts.success("User deleted.");
                go.to(routes::USERS);
            } else {
                is_blocking.try_set(false);
                load.refetch();
            }
        },
    );
    let at = at.map(|at| view! { <span class="muted"><RelativeTime at /></span> });
    let actions = untrack(|| Session::current().allows(Permission::ManageUsers)).then(|| {
        let button = |verb: &'static str, open: RwSignal<bool>| {
            view! { <Button variant=Variant::Danger on_click=move |()| open.set(true)>{verb}</Button> }.into_any()
        };
        let first = if is_blocked {
            view! { <Button busy=change.busy on_click=move |()| change.run(UserAction::Unblock)>"Unblock user"</Button> }.into_any()
        } else {
            button(BLOCK, is_blocking)
        };
        let again = can_be_reactivated
            .then(|| view! { <Button busy=change.busy on_click=move |()| change.run(UserAction::Reactivate)>"Reactivate user"</Button> });
        let remove = can_be_deleted.then(|| button(DELETE, is_deleting));
        // The dialogs show their own errors.
        let failure = move || {
            let is_asking = is_blocking.get() || is_deleting.get();
            change.error.get().filter(|_| !is_asking)
        };
        view! {
            <p class="card-actions">{first} {again} {remove}</p>
            {move || failure().map(|error| view! { <Callout tone=Tone::Danger title=error.explain() /> })}
            <ConfirmDialog
                open=is_blocking
                title=format!("Block {name}")
                confirm=BLOCK
                busy=change.busy
                error=change.error
                on_confirm=move |()| change.run(UserAction::Block)
            >
                <p>"The user cannot sign in until an administrator lifts the block, whatever the state in the directory. Synchronisations do not lift it."</p>
            </ConfirmDialog>
            <ConfirmDialog
                open=is_deleting
                title=format!("Delete {name}")
                confirm=DELETE
                busy=change.busy
                error=change.error
                on_confirm=move |()| change.run(UserAction::Delete)
            >
                <p>"The user is no longer in any directory. Their data is deleted, including memberships."</p>
            </ConfirmDialog>
        }
        .into_any()
    });
    view! {
        <Card title="Signing in">
            <p class="badges"><StatusBadge tone=status_tone(status) label=status.label() /> {at}</p>
            <p>{text}</p>
            {actions}
        </Card>
    }
}
