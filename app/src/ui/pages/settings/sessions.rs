//! The user's own sessions.

use leptos::prelude::*;

use crate::{
    api::session::{list_sessions, revoke_session},
    domain::session::SessionSummary,
    ui::{
        components::{Button, Card, ConfirmDialog, DataView, RelativeTime, StatusBadge, Table, Tone},
        pages::browser::browser_name,
        state::{use_change, use_load},
    },
};

/// The user's own sessions, each with a button that ends it.
#[component]
pub(super) fn Sessions() -> impl IntoView {
    let sessions = use_load(list_sessions);
    let chosen = RwSignal::new(None::<SessionSummary>);
    let open = RwSignal::new(false);
    let revoke = use_change(
        revoke_session,
        |()| "Session ended.",
        move |()| {
            open.set(false);
            sessions.refetch();
        },
    );
    let ask = Callback::new(move |session: SessionSummary| {
        revoke.reset();
        chosen.set(Some(session));
        open.set(true);
    });
    let confirm = move |()| {
        if let Some(session) = chosen.get_untracked() {
            revoke.run(session.id);
        }
    };
    view! {
        <Card title="Sessions" lead="Where you are signed in. A session ends after 30 minutes of inactivity.">
            <DataView resource=sessions skeleton=2 let:rows>
                <Table caption="Your sessions">
                    <thead>
                        <tr>
                            <th scope="col">"Browser"</th>
                            <th scope="col">"Address"</th>
                            <th scope="col">"Began"</th>
                            <th scope="col">"Last used"</th>
                            <th scope="col"><span class="visually-hidden">"Actions"</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows.into_iter().map(|session| row(session, ask)).collect_view()}</tbody>
                </Table>
            </DataView>
        </Card>
        <ConfirmDialog
            open
            title="End this session?"
            confirm="End session"
            busy=revoke.busy
            error=revoke.error
            on_confirm=confirm
        >
            <p>
                {move || chosen.get().map(|session| browser_name(&session.user_agent))}
                " will have to sign in again. Unsaved work there is lost."
            </p>
        </ConfirmDialog>
    }
}

fn row(session: SessionSummary, ask: Callback<SessionSummary>) -> AnyView {
    let name = browser_name(&session.user_agent);
    let action = if session.is_current {
        view! { <StatusBadge tone=Tone::Info label="This session" /> }.into_any()
    } else {
        let label = format!("End session of {name}");
        let session = session.clone();
        view! { <Button label on_click=move |()| ask.run(session.clone())>"End session"</Button> }.into_any()
    };
    view! {
        <tr>
            <th scope="row" title=session.user_agent>{name}</th>
            <td data-label="Address">{session.address.unwrap_or_else(|| "unknown".to_owned())}</td>
            <td data-label="Began"><RelativeTime at=session.created_at /></td>
            <td data-label="Last used"><RelativeTime at=session.last_seen_at /></td>
            <td class="cell-actions">{action}</td>
        </tr>
    }
    .into_any()
}
