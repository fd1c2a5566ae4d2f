//! The user's own sessions.

use leptos::prelude::*;

use crate::{
    api::session::{list_sessions, revoke_session},
    domain::session::SessionSummary,
    ui::{
        components::{Button, Card, ConfirmDialog, DataView, RelativeTime, StatusBadge, Table, Tone},
        state::{Toasts, use_load, use_submit},
    },
};

/// The user's own sessions, each with a button that ends it.
#[component]
pub(super) fn Sessions() -> impl IntoView {
    let toasts = Toasts::current();
    let sessions = use_load(list_sessions);
    let chosen = RwSignal::new(None::<SessionSummary>);
    let open = RwSignal::new(false);
    let revoke = use_submit(revoke_session, move |()| {
        open.set(false);
        sessions.refetch();
        toasts.success("Session ended.");
    });
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
                {move || chosen.get().map(|session| browser(&session.user_agent))}
                " will have to sign in again. Unsaved work there is lost."
            </p>
        </ConfirmDialog>
    }
}

fn row(session: SessionSummary, ask: Callback<SessionSummary>) -> AnyView {
    let name = browser(&session.user_agent);
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

/// A browser's short name, from its user agent. The first match counts, since browsers imitate others.
fn browser(user_agent: &str) -> String {
    const BROWSERS: [(&str, &str); 5] =
        [("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];
    const SYSTEMS: [(&str, &str); 6] = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let named = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    match (named(&BROWSERS), named(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, _) if user_agent.is_empty() => "Unknown browser".to_owned(),
        (None, _) => user_agent.chars().take(40).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_a_browser_by_what_it_does_not_imitate() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0";
        assert_eq!(browser(edge), "Edge on Windows");
        assert_eq!(browser("curl/8.0"), "curl/8.0");
        assert_eq!(browser(""), "Unknown browser");
    }
}
