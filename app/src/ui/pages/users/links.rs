//! The people at providers who sign in as a user.

use leptos::prelude::*;

use crate::{
    api::users::{list_identity_links, remove_identity_link},
    domain::{
        actor::Permission,
        id::{IdentityLinkId, UserId},
        user::IdentityLink,
    },
    ui::{
        components::{Button, Card, ConfirmDialog, DataView, EmptyState, NameCell, RelativeTime, Table},
        routes,
        state::{Session, use_change, use_load},
    },
};

/// The people at providers who sign in as a user, each with a button that removes the link.
#[component]
pub(super) fn LinksCard(
    /// The user.
    id: UserId,
    /// Called when a link was removed: sessions end with it.
    #[prop(into)]
    on_removed: Callback<()>,
) -> impl IntoView {
    let links = use_load(move || list_identity_links(id));
    let may_remove = untrack(|| Session::current().allows(Permission::ManageUsers));
    let chosen = RwSignal::new(None::<IdentityLink>);
    let open = RwSignal::new(false);
    let remove = use_change(
        move |link: IdentityLinkId| remove_identity_link(id, link),
        |()| "Link removed.",
        move |()| {
            open.set(false);
            links.refetch();
            on_removed.run(());
        },
    );
    let ask = Callback::new(move |link: IdentityLink| {
        remove.reset();
        chosen.set(Some(link));
        open.set(true);
    });
    let confirm = move |()| {
        if let Some(link) = chosen.get_untracked() {
            remove.run(link.id);
        }
    };
    let provider = move || chosen.get().map(|link| link.provider_name).unwrap_or_default();
    view! {
        <Card title="Links" lead="With which providers this user signs in, and as whom.">
            <DataView resource=links skeleton=2 let:rows>{table(rows, may_remove.then_some(ask))}</DataView>
        </Card>
        <ConfirmDialog
            open
            title=Signal::derive(move || format!("Remove the link to {}", provider()))
            confirm="Remove link"
            busy=remove.busy
            error=remove.error
            on_confirm=confirm
        >
            <p>
                "The person can no longer sign in as this user with " {provider}
                ", and the user's sessions that began there end. The provider's settings may create another user, or link them again, at the next sign-in."
            </p>
        </ConfirmDialog>
    }
}

fn table(links: Vec<IdentityLink>, ask: Option<Callback<IdentityLink>>) -> AnyView {
    if links.is_empty() {
        return view! { <EmptyState title="No links" text="A link appears when the user signs in with a provider for the first time." /> }
            .into_any();
    }
    view! {
        <Table caption="Links">
            <thead>
                <tr>
                    <th scope="col">"Provider"</th>
                    <th scope="col">"Subject"</th>
                    <th scope="col">"Since"</th>
                    <th scope="col">"Last used"</th>
                    {ask.map(|_| view! { <th scope="col"><span class="visually-hidden">"Actions"</span></th> })}
                </tr>
            </thead>
            <tbody>{links.into_iter().map(|link| row(link, ask)).collect_view()}</tbody>
        </Table>
    }
    .into_any()
}

fn row(link: IdentityLink, ask: Option<Callback<IdentityLink>>) -> AnyView {
    let IdentityLink { id: _, provider, provider_name, issuer, subject, claim, value, created_at, last_used_at } =
        link.clone();
    // The permanent identifier stands in the cell already.
    let identified = (claim != "sub").then(|| view! { <span class="row-note">{claim} ": " {value}</span> });
    let button = ask.map(|ask| {
        let label = format!("Remove link to {provider_name}");
        let remove = move |()| ask.run(link.clone());
        view! { <td class="cell-actions"><Button label on_click=remove>"Remove"</Button></td> }
    });
    view! {
        <tr>
            <NameCell label="Provider" name=provider_name note=issuer href=routes::provider(provider) />
            <td data-label="Subject" class="cell-words"><span><code>{subject}</code> {identified}</span></td>
            <td data-label="Since" class="cell-time"><RelativeTime at=created_at /></td>
            <td data-label="Last used" class="cell-time"><RelativeTime at=last_used_at /></td>
            {button}
        </tr>
    }
    .into_any()
}
