//! Where a user is signed in.

use leptos::prelude::*;

use crate::{
    api::users::{list_user_sessions, revoke_user_session, revoke_user_sessions},
    domain::{
        actor::Permission,
        id::{UserId, UserSessionId},
        session::UserSession,
        words::counted,
    },
    ui::{
        components::{
            Button, Card, ConfirmDialog, DataView, EmptyState, NameCell, RelativeTime, Table, Variant, or_dash,
        },
        pages::browser::browser_name,
        routes,
        state::{Load, Session, use_change, use_load},
    },
};

/// The sessions of a user.
pub(super) fn use_user_sessions(id: UserId) -> Load<Vec<UserSession>> {
    use_load(move || list_user_sessions(id))
}

/// Where a user is signed in, with buttons that end one session or all.
#[component]
pub(super) fn SessionsCard(
    /// The user.
    id: UserId,
    /// The user's sessions.
    sessions: Load<Vec<UserSession>>,
) -> impl IntoView {
    let may_revoke = untrack(|| Session::current().allows(Permission::ManageUsers));
    let chosen = RwSignal::new(None::<UserSession>);
    let open = RwSignal::new(false);
    let revoke = use_change(
        move |session: Option<UserSessionId>| async move {
            match session {
                Some(session) => revoke_user_session(session).await,
                None => revoke_user_sessions(id).await.map(drop),
            }
        },
        |()| "Signed out.",
        move |()| {
            open.set(false);
            sessions.refetch();
        },
    );
    let ask = Callback::new(move |session: Option<UserSession>| {
        revoke.reset();
        chosen.set(session);
        open.set(true);
    });
    let what = move || match chosen.get() {
        Some(session) => browser_name(&session.user_agent),
        None => {
            let count = sessions.and_then(Vec::len).and_then(Result::ok).unwrap_or_default();
            format!("All of them ({})", counted(count, "session"))
        }
    };
    let title =
        Signal::derive(move || if chosen.get().is_some() { "End this session" } else { "End all sessions" }.to_owned());
    view! {
        <Card title="Sessions" lead="Where this user is signed in.">
            <DataView resource=sessions skeleton=2 let:rows>{table(rows, may_revoke.then_some(ask))}</DataView>
        </Card>
        <ConfirmDialog
            open
            title
            confirm="End now"
            busy=revoke.busy
            error=revoke.error
            on_confirm=move |()| revoke.run(chosen.get_untracked().map(|session| session.id))
        >
            <p>{what} ": the user has to sign in again there. Block the user to prevent that."</p>
        </ConfirmDialog>
    }
}

fn table(sessions: Vec<UserSession>, ask: Option<Callback<Option<UserSession>>>) -> AnyView {
    if sessions.is_empty() {
        return view! { <EmptyState title="Not signed in" /> }.into_any();
    }
    let all = ask.filter(|_| sessions.len() > 1).map(|ask| {
        view! {
            <p class="card-actions card-more"><Button variant=Variant::Secondary on_click=move |()| ask.run(None)>"End all sessions"</Button></p>
        }
    });
    view! {
        <Table caption="Sessions">
            <thead>
                <tr>
                    <th scope="col">"Device"</th>
                    <th scope="col">"Address"</th>
                    <th scope="col">"Provider"</th>
                    <th scope="col">"Since"</th>
                    <th scope="col">"Last seen"</th>
                    {ask.map(|_| view! { <th scope="col"><span class="visually-hidden">"Actions"</span></th> })}
                </tr>
            </thead>
            <tbody>{sessions.into_iter().map(|session| row(session, ask)).collect_view()}</tbody>
        </Table>
        {all}
    }
    .into_any()
}

fn row(session: UserSession, ask: Option<Callback<Option<UserSession>>>) -> AnyView {
    let UserSession { id: _, provider, provider_name, created_at, last_seen_at, expires_at: _, address, user_agent } =
        session.clone();
    let name = browser_name(&user_agent);
    let button = ask.map(|ask| {
        let label = format!("End session of {name}");
        let end = move |()| ask.run(Some(session.clone()));
        view! { <td class="cell-actions"><Button label on_click=end>"End session"</Button></td> }
    });
    view! {
        <tr>
            <NameCell label="Device" name />
            <td data-label="Address" class="cell-code">{or_dash(address)}</td>
            <td data-label="Provider" class="cell-words"><a href=routes::provider(provider)>{provider_name}</a></td>
            <td data-label="Since" class="cell-time"><RelativeTime at=created_at /></td>
            <td data-label="Last seen" class="cell-time"><RelativeTime at=last_seen_at /></td>
            {button}
        </tr>
    }
    .into_any()
}
