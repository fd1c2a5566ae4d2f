//! The groups of a tenant: searched and paged by the server, in the URL.

use leptos::prelude::*;

use super::form::GroupForm;
use crate::{
    api::groups::{delete_group, list_groups},
    domain::{
        actor::Permission,
        group::{Group, GroupFilter},
        id::GroupId,
        page::{Page, PageRequest},
    },
    ui::{
        components::{
            Button, ConfirmDialog, CopyButton, DataView, Dialog, EmptyState, FilteredEmpty, Pagination, RelativeTime,
            Table, Variant,
        },
        pages::{
            filters::{FilterBar, SearchBox},
            tenants::detail::state::TenantState,
        },
        state::{use_change, use_load, use_query},
    },
};

const PAGE_SIZE: u32 = 25;

/// What is done to which group.
#[derive(Clone, Copy)]
struct Actions {
    may_manage: bool,
    edit: Callback<Option<Group>>,
    delete: Callback<Group>,
    clear: Callback<()>,
}

/// The groups tab.
#[component]
pub fn TenantGroups() -> impl IntoView {
    let state = TenantState::current();
    let query = use_query();
    let wanted = Memo::new(move |_| (query.get("q"), query.page()));
    let groups = use_load(move || {
        let (search, page) = wanted.get();
        let filter = GroupFilter { tenant: Some(state.id), search: Some(search).filter(|text| !text.is_empty()) };
        list_groups(filter, PageRequest::numbered(page, PAGE_SIZE))
    });
    let changed = Callback::new(move |()| groups.refetch());
    let chosen = RwSignal::new(None::<Group>);
    let (is_editing, is_deleting) = (RwSignal::new(false), RwSignal::new(false));
    let name = move || chosen.with(|group| group.as_ref().map(|group| group.name.clone())).unwrap_or_default();
    let delete = use_change(
        // The tab may be left by the time of the response, while the page with its counts is still there.
        move |group: Group| async move { delete_group(group.id).await.inspect(|()| state.reload()).map(|()| group.name) },
        |name: &String| format!("{name} deleted."),
        move |_| {
            is_deleting.set(false);
            groups.refetch();
        },
    );
    let actions = Actions {
        may_manage: untrack(|| state.can(Permission::ManageGroups)),
        edit: Callback::new(move |group| {
            chosen.set(group);
            is_editing.set(true);
        }),
        delete: Callback::new(move |group| {
            delete.reset();
            chosen.set(Some(group));
            is_deleting.set(true);
        }),
        clear: Callback::new(move |()| query.set(&[("q", String::new())])),
    };
    let confirm = move |()| {
        if let Some(group) = chosen.get_untracked() {
            delete.run(group);
        }
    };
    let title = move || if chosen.with(Option::is_some) { "Edit this group" } else { "Add a group" };
    view! {
        <h2 class="visually-hidden">"Groups"</h2>
        <Show when=move || actions.may_manage>
            <p class="card-actions">
                <Button variant=Variant::Primary on_click=move |()| actions.edit.run(None)>"Add group"</Button>
            </p>
        </Show>
        <FilterBar>
            <SearchBox label="Search" key="q" placeholder="Part of the name" />
        </FilterBar>
        <DataView resource=groups skeleton=6 let:page>{draw(page, wanted.get_untracked().0, actions)}</DataView>
        <Dialog open=is_editing title=Signal::derive(move || title().to_owned())>
            {move || view! { <GroupForm state group=chosen.get() open=is_editing changed /> }}
        </Dialog>
        <ConfirmDialog
            open=is_deleting
            title=Signal::derive(move || format!("Delete {}", name()))
            confirm="Delete group"
            busy=delete.busy
            error=delete.error
            on_confirm=confirm
        >
            <p>"Group mappings that use it are kept and then refer to an unknown group. Users are kept."</p>
        </ConfirmDialog>
    }
}

fn draw(page: Page<Group>, search: String, actions: Actions) -> AnyView {
    if page.total > 0 {
        return view! {
            <Table caption="Groups of this tenant">
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col">"ID"</th>
                        <th scope="col">"Changed"</th>
                        <th scope="col"><span class="visually-hidden">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody>{page.items.into_iter().map(|group| row(group, actions)).collect_view()}</tbody>
            </Table>
            <Pagination total=page.total size=PAGE_SIZE noun="group" />
        }
        .into_any();
    }
    if search.is_empty() {
        view! { <EmptyState title="No groups yet" text="Groups of providers are mapped to groups of the tenant." /> }
            .into_any()
    } else {
        view! { <FilteredEmpty noun="group" search on_clear=actions.clear /> }.into_any()
    }
}

fn row(group: Group, actions: Actions) -> AnyView {
    let Group { id, tenant: _, name, description, created_at, updated_at, version: _ } = group.clone();
    let buttons = actions.may_manage.then(|| {
        let (edited, deleted) = (group.clone(), group);
        let (edit, delete) = (format!("Edit {name}"), format!("Delete {name}"));
        view! {
            <Button label=edit on_click=move |()| actions.edit.run(Some(edited.clone()))>"Edit"</Button>
            <Button label=delete on_click=move |()| actions.delete.run(deleted.clone())>"Delete"</Button>
        }
    });
    view! {
        <tr>
            <th scope="row" class="row-name">
                <span>{name}</span>
                {description.map(|text| view! { <span class="row-note">{text}</span> })}
            </th>
            <td data-label="ID">{id_cell(id)}</td>
            <td data-label="Changed" class="cell-time"><RelativeTime at=updated_at.unwrap_or(created_at) /></td>
            <td class="cell-actions">{buttons}</td>
        </tr>
    }
    .into_any()
}

fn id_cell(id: GroupId) -> AnyView {
    let id = id.prefixed();
    view! { <code class="cell-code">{id.clone()}</code> " " <CopyButton value=id label="group ID" /> }.into_any()
}
