//! One user: their data, their directories, and whether they may sign in.

use leptos::prelude::*;

use super::{
    facts::UserFacts,
    links::LinksCard,
    sessions::{SessionsCard, use_user_sessions},
    sign_ins::SignInsCard,
    status::StatusCard,
    words::link_state,
};
use crate::{
    api::users::get_user,
    domain::{
        actor::Permission,
        id::UserId,
        user::{DirectoryLink, UserDetail, UserDirectoryGroup, UserGroup},
    },
    ui::{
        components::{
            Card, Crumb, DataView, EmptyState, NameCell, PageHeader, RelativeTime, StatusBadge, Table, or_dash,
        },
        pages::NotFound,
        router::use_param,
        routes,
        state::{Load, Session, use_load},
    },
};

/// One user.
#[component]
pub fn UserPage() -> impl IntoView {
    let id = use_param("id");
    move || match id.get().parse() {
        Ok(id) => view! { <Loaded id /> }.into_any(),
        Err(_) => view! { <NotFound /> }.into_any(),
    }
}

#[component]
fn Loaded(
    /// Which user.
    id: UserId,
) -> impl IntoView {
    let user = use_load(move || get_user(id));
    let title = Memo::new(move |_| {
        let name = user.and_then(|detail| detail.user.profile.label()).and_then(Result::ok);
        name.unwrap_or_else(|| "User".to_owned())
    });
    view! {
        <PageHeader title=title crumbs=vec![Crumb::new(routes::USERS, "Users")] />
        <DataView resource=user skeleton=6 let:detail>{draw(detail, user)}</DataView>
    }
}

fn draw(detail: UserDetail, load: Load<UserDetail>) -> AnyView {
    let (id, facts, links) = (detail.user.id, detail.clone(), detail.links.clone());
    let sessions = use_user_sessions(id);
    let shows_sign_ins = Session::current().allows(Permission::ListSignIns);
    view! {
        <div class="provider-cards">
            <StatusCard detail=detail.clone() load />
            <Card title="Details"><UserFacts detail=facts /></Card>
            <Card title="Directories">{directories(links)}</Card>
            <Card title="Groups">{groups(detail)}</Card>
            <LinksCard id on_removed=move |()| sessions.refetch() />
            <SessionsCard id sessions />
            {shows_sign_ins.then(|| view! { <SignInsCard id /> })}
        </div>
    }
    .into_any()
}

/// The linked entries of directories.
fn directories(links: Vec<DirectoryLink>) -> AnyView {
    if links.is_empty() {
        return view! { <EmptyState title="Not in any directory" /> }.into_any();
    }
    view! {
        <Table caption="Linked directories">
            <thead>
                <tr>
                    <th scope="col">"Directory"</th>
                    <th scope="col">"Identifier"</th>
                    <th scope="col">"State"</th>
                    <th scope="col">"Last seen"</th>
                </tr>
            </thead>
            <tbody>{links.into_iter().map(link_row).collect_view()}</tbody>
        </Table>
    }
    .into_any()
}

fn link_row(link: DirectoryLink) -> AnyView {
    let DirectoryLink { provider, provider_name, external_id, dn, state, seen_at, created_at: _, updated_at: _ } = link;
    let (tone, label) = link_state(state);
    let seen = match seen_at {
        Some(at) => view! { <RelativeTime at /> }.into_any(),
        None => "—".into_any(),
    };
    view! {
        <tr>
            <NameCell label="Directory" name=provider_name note=dn href=routes::provider(provider) />
            <td data-label="Identifier" class="cell-words">{external_id}</td>
            <td data-label="State"><StatusBadge tone label /></td>
            <td data-label="Last seen" class="cell-time">{seen}</td>
        </tr>
    }
    .into_any()
}

/// The groups of the tenant, then those of directories.
fn groups(detail: UserDetail) -> AnyView {
    let UserDetail { tenant_name, links, groups, directory_groups, .. } = detail;
    if groups.is_empty() && directory_groups.is_empty() {
        return view! { <EmptyState title="No groups" text="Groups appear here when the directory or a group mapping adds the user to them." /> }
            .into_any();
    }
    let of_tenant =
        groups.into_iter().map(|UserGroup { id: _, name }| group_row(name, String::new(), Some(tenant_name.clone())));
    let of_directories = directory_groups.into_iter().map(|UserDirectoryGroup { id: _, provider, name, dn }| {
        let directory = links.iter().find(|link| link.provider == provider);
        group_row(name, dn, directory.map(|link| link.provider_name.clone()))
    });
    let rows = of_tenant.chain(of_directories).collect_view();
    view! {
        <Table caption="Groups">
            <thead>
                <tr>
                    <th scope="col">"Group"</th>
                    <th scope="col">"Of"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </Table>
    }
    .into_any()
}

fn group_row(name: String, dn: String, of: Option<String>) -> AnyView {
    view! {
        <tr>
            <NameCell label="Group" name note=dn />
            <td data-label="Of" class="cell-words">{or_dash(of)}</td>
        </tr>
    }
    .into_any()
}
