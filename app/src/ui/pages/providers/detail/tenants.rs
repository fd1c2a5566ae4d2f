//! The tenants whose users sign in with a provider.

use leptos::prelude::*;

use super::state::ProviderState;
use crate::{
    api::assignments::{link_provider, list_provider_tenants, list_tenant_candidates, unlink_provider},
    domain::{
        actor::Permission,
        assignment::{AssignedTenant, Origin},
        id::TenantId,
        page::{Page, PageRequest},
        tenant::{Tenant, TenantStatus},
    },
    ui::{
        components::{Button, Callout, DataView, Dialog, EmptyState, Pagination, StatusBadge, Table, Tone, Variant},
        pages::{
            assigned::{Unlink, UnlinkDialog, since as since_cell},
            picker::{LISTED, Pick, Picker, finding},
        },
        routes,
        state::{Session, Toasts, use_load, use_query, use_submit},
    },
};

const PAGE_SIZE: u32 = 25;

/// The tenants tab.
#[component]
pub fn ProviderTenants() -> impl IntoView {
    let state = ProviderState::current();
    let session = Session::current();
    let query = use_query();
    let tenants = use_load(move || list_provider_tenants(state.id, PageRequest::numbered(query.page(), PAGE_SIZE)));
    let is_linking = RwSignal::new(false);
    let toasts = Toasts::current();
    let may_link = Memo::new(move |_| session.allows(Permission::ManageAssignments));
    let is_enabled = Memo::new(move |_| state.read(|detail| detail.provider.enabled).unwrap_or_default());
    let link = use_submit(
        move |pick: Pick| async move { link_provider(TenantId(pick.id), state.id).await.map(|()| pick) },
        move |pick: Pick| {
            is_linking.set(false);
            tenants.refetch();
            toasts.success(format!("{} linked.", pick.label));
        },
    );
    let unlink = Unlink::new(move |id| unlink_provider(TenantId(id), state.id), move || tenants.refetch());
    let find = Callback::new(move |text: String| finding(list_tenant_candidates(state.id, text, LISTED), candidate));
    let draw = move |page: Page<AssignedTenant>| draw(page, may_link.get_untracked(), is_enabled, unlink);
    view! {
        <h2 class="visually-hidden">"Tenants"</h2>
        <Show when=move || !is_enabled.get()>
            <Callout tone=Tone::Warning title="The provider is disabled: no tenant's users can sign in with it." />
        </Show>
        // Administrators of one tenant link providers on the tenant's page.
        <Show when=move || may_link.get() && session.own_tenant().is_none()>
            <p class="card-actions">
                <Button
                    variant=Variant::Primary
                    on_click=move |()| {
                        link.reset();
                        is_linking.set(true);
                    }
                >
                    "Link tenant"
                </Button>
            </p>
        </Show>
        <DataView resource=tenants skeleton=4 let:page>{draw(page)}</DataView>
        <Dialog open=is_linking title="Link a tenant">
            <Picker open=is_linking noun="tenant" nothing="There is no other tenant to link." action="Link" find chosen=link />
        </Dialog>
        <UnlinkDialog
            unlink
            text="Users of this tenant can no longer sign in with this provider, and its group mappings for the tenant have no effect. The provider is kept and can be linked again."
        />
    }
}

fn candidate(tenant: Tenant) -> Pick {
    Pick { id: tenant.id.0, label: tenant.name, note: tenant.slug }
}

fn draw(page: Page<AssignedTenant>, may_unlink: bool, is_enabled: Memo<bool>, unlink: Unlink) -> AnyView {
    if page.total == 0 {
        return view! { <EmptyState title="No tenant signs in with this provider" text="Link a tenant to let its users sign in." /> }.into_any();
    }
    let rows = page.items.into_iter().map(|row| draw_row(row, may_unlink, is_enabled, unlink)).collect_view();
    view! {
        <Table caption="Tenants of this provider">
            <thead>
                <tr>
                    <th scope="col">"Tenant"</th>
                    <th scope="col">"Users"</th>
                    <th scope="col">"Provider is"</th>
                    <th scope="col">"Since"</th>
                    <th scope="col"><span class="visually-hidden">"Actions"</span></th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </Table>
        <Pagination total=page.total size=PAGE_SIZE noun="tenant" />
    }
    .into_any()
}

fn draw_row(row: AssignedTenant, may_unlink: bool, is_enabled: Memo<bool>, unlink: Unlink) -> AnyView {
    let AssignedTenant { id, slug, name, status, origin, since, by } = row;
    let button = may_unlink.then(|| unlink.button(id.0, name.clone()));
    let health = move || {
        let (tone, label) = sign_in(status, is_enabled.get());
        view! { <StatusBadge tone label /> }
    };
    let origin = match origin {
        Origin::Owned => "Its own",
        Origin::Shared => "Linked",
    };
    view! {
        <tr>
            <th scope="row" class="row-name">
                <a href=routes::tenant(id)>{name}</a>
                <code>{slug}</code>
            </th>
            <td data-label="Users"><span class="badges">{health}</span></td>
            <td data-label="Provider is">{origin}</td>
            <td data-label="Since" class="cell-time">{since_cell(since, by)}</td>
            <td class="cell-actions">{button}</td>
        </tr>
    }
    .into_any()
}

/// Whether a tenant's users can sign in with the provider, and if not, why.
const fn sign_in(status: TenantStatus, is_enabled: bool) -> (Tone, &'static str) {
    match (status, is_enabled) {
        (TenantStatus::Suspended, _) => (Tone::Warning, "Tenant suspended"),
        (TenantStatus::Active, false) => (Tone::Neutral, "Provider disabled"),
        (TenantStatus::Active, true) => (Tone::Success, "May sign in"),
    }
}
