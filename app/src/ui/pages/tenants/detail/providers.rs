//! What a tenant's users sign in with: its own providers and those linked to it.

use leptos::prelude::*;

use super::state::TenantState;
use crate::{
    api::assignments::{link_provider, list_link_candidates, list_tenant_providers, unlink_provider},
    domain::{
        actor::{Owner, Permission},
        assignment::{AssignedProvider, LinkCandidate},
        id::ProviderId,
        page::{Page, PageRequest},
        provider::ProviderSummary,
    },
    ui::{
        components::{Button, DataView, Dialog, EmptyState, EnabledBadge, Pagination, ProtocolBadge, Table, Variant},
        pages::{
            assigned::{Unlink, UnlinkDialog, origin_label, since as since_cell},
            picker::{LISTED, Picker, PickerItem, search_items},
        },
        routes,
        state::{Session, use_change, use_load, use_query},
    },
};

const PAGE_SIZE: u32 = 25;

/// The providers tab.
#[component]
pub fn TenantProviders() -> impl IntoView {
    let state = TenantState::current();
    let query = use_query();
    let providers = use_load(move || list_tenant_providers(state.id, PageRequest::numbered(query.page(), PAGE_SIZE)));
    let is_linking = RwSignal::new(false);
    let link = use_change(
        // The tab may be left by the time of the response, while the page with its counts is still there.
        move |item: PickerItem| async move {
            link_provider(state.id, ProviderId(item.id)).await.inspect(|()| state.reload()).map(|()| item)
        },
        |item: &PickerItem| format!("{} linked.", item.label),
        move |_| {
            is_linking.set(false);
            providers.refetch();
        },
    );
    let unlink = Unlink::new(
        move |id| async move { unlink_provider(state.id, ProviderId(id)).await.inspect(|()| state.reload()) },
        move || providers.refetch(),
    );
    let find = Callback::new(move |text: String| search_items(list_link_candidates(state.id, text, LISTED), candidate));
    let draw = move |page: Page<AssignedProvider>| draw(page, state, unlink);
    view! {
        <h2 class="visually-hidden">"Providers"</h2>
        <Show when=move || state.can(Permission::ManageAssignments)>
            <p class="card-actions">
                <Button
                    variant=Variant::Primary
                    on_click=move |()| {
                        link.reset();
                        is_linking.set(true);
                    }
                >
                    "Link provider"
                </Button>
            </p>
        </Show>
        <DataView resource=providers skeleton=4 let:page>{draw(page)}</DataView>
        <Dialog open=is_linking title="Link a provider">
            <Picker
                open=is_linking
                noun="provider"
                nothing="There is no other provider to link."
                action="Link"
                find
                chosen=link
            />
        </Dialog>
        <UnlinkDialog
            unlink
            text="Users of this tenant can no longer sign in with it, and its group mappings for this tenant have no effect. The provider is kept and can be linked again."
        />
    }
}

fn candidate(candidate: LinkCandidate) -> PickerItem {
    let LinkCandidate { id, label, protocol } = candidate;
    PickerItem { id: id.0, label, note: protocol.label().to_owned() }
}

fn draw(page: Page<AssignedProvider>, state: TenantState, unlink: Unlink) -> AnyView {
    if page.total == 0 {
        return view! { <EmptyState title="No providers yet" text="Link one of the platform's, or add one that belongs to this tenant." /> }
            .into_any();
    }
    let may_unlink = untrack(|| state.can(Permission::ManageAssignments));
    let rows = page.items.into_iter().map(|row| draw_row(row, may_unlink, state, unlink)).collect_view();
    view! {
        <Table caption="Providers of this tenant">
            <thead>
                <tr>
                    <th scope="col">"Provider"</th>
                    <th scope="col">"Protocol"</th>
                    <th scope="col">"Status"</th>
                    <th scope="col">"Belongs to"</th>
                    <th scope="col">"Since"</th>
                    <th scope="col"><span class="visually-hidden">"Actions"</span></th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </Table>
        <Pagination total=page.total size=PAGE_SIZE noun="provider" />
    }
    .into_any()
}

fn draw_row(row: AssignedProvider, may_unlink: bool, state: TenantState, unlink: Unlink) -> AnyView {
    let AssignedProvider { provider, origin, since, by } = row;
    let ProviderSummary { id, slug, label, protocol, enabled, owner, owner_name, .. } = provider;
    // Tenants sign in with the platform's providers, but their administrators cannot see the settings.
    let is_visible = untrack(|| match owner {
        None => Session::current().can(Permission::ViewProvider, Owner::Platform),
        Some(id) if id == state.id => state.can(Permission::ViewProvider),
        // The server includes the name of tenants that may be seen.
        Some(_) => owner_name.is_some(),
    });
    let name = label.clone();
    let button = may_unlink.then(|| unlink.button(id.0, label));
    view! {
        <tr>
            <th scope="row" class="row-name">
                {if is_visible { view! { <a href=routes::provider(id)>{name}</a> }.into_any() } else { view! { <span>{name}</span> }.into_any() }}
                <code>{slug.to_string()}</code>
            </th>
            <td data-label="Protocol"><ProtocolBadge protocol /></td>
            <td data-label="Status"><span class="badges"><EnabledBadge enabled /></span></td>
            <td data-label="Belongs to">{origin_label(origin)}</td>
            <td data-label="Since" class="cell-time">{since_cell(since, by)}</td>
            <td class="cell-actions">{button}</td>
        </tr>
    }
    .into_any()
}
