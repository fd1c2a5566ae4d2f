//! One user: their data, their directories, and whether they may sign in.

use leptos::prelude::*;

use super::status::StatusCard;
use crate::{
    api::users::{UserReport, get_user},
    domain::id::UserId,
    ui::{
        components::{Card, ColumnContent, Crumb, DataView, EmptyState, PageHeader, facts, table},
        pages::NotFound,
        router::use_param,
        routes,
        state::{Load, use_load},
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
        let name = user.and_then(|report| report.name.clone()).and_then(Result::ok);
        name.unwrap_or_else(|| "User".to_owned())
    });
    view! {
        <PageHeader title=title crumbs=vec![Crumb::new(routes::USERS, "Users")] />
        <DataView resource=user skeleton=6 let:report>{draw(id, report, user)}</DataView>
    }
}

fn draw(id: UserId, mut report: UserReport, load: Load<UserReport>) -> AnyView {
    let known = std::mem::take(&mut report.facts);
    let (links, groups) = (std::mem::take(&mut report.links), std::mem::take(&mut report.groups));
    let links = if links.is_empty() {
        view! { <EmptyState title="Not in any directory" /> }.into_any()
    } else {
        let columns = [
            ("Directory", ColumnContent::Name(Some(format!("{}/", routes::PROVIDERS)))),
            ("Identifier", ColumnContent::Text(0)),
            ("State", ColumnContent::State),
            ("Last seen", ColumnContent::Time),
        ];
        table("Linked directories", &columns, links)
    };
    let groups = if groups.is_empty() {
        view! { <EmptyState title="No groups" text="Groups appear here when the directory or a group mapping adds the user to them." /> }
            .into_any()
    } else {
        table("Groups", &[("Group", ColumnContent::Name(None)), ("Of", ColumnContent::Text(0))], groups)
    };
    view! {
        <div class="provider-cards">
            <StatusCard id report load />
            <Card title="Details">{facts(known, &[("Tenant", format!("{}/", routes::TENANTS))])}</Card>
            <Card title="Directories">{links}</Card>
            <Card title="Groups">{groups}</Card>
        </div>
    }
    .into_any()
}
