//! The history of a provider: who signed in with it, and who changed it.

use leptos::prelude::*;

use super::state::ProviderState;
use crate::{
    api::{audit::list_audit, sign_ins::list_sign_ins},
    domain::{
        actor::Permission,
        audit::{AuditEvent, AuditFilter, AuditObject},
        id::ProviderId,
        page::{Page, PageRequest},
        provider::Protocol,
        sign_in::{AttemptFilter, AttemptSummary},
    },
    ui::{
        components::{Card, DataView, EmptyState, Pagination},
        pages::{
            audit::AuditTable,
            sign_ins::{Shared, SignInTable},
        },
        routes,
        state::{use_load, use_query},
    },
};

const PAGE_SIZE: u32 = 25;
/// How many sign-ins are shown; the list has the others.
const SIGN_INS: PageRequest = PageRequest { offset: 0, limit: 10 };

/// The activity tab: the sign-ins and the audit log, both narrowed to this provider.
#[component]
pub fn ProviderActivity() -> impl IntoView {
    let state = ProviderState::current();
    // Nobody signs in with a directory.
    let signs_in = untrack(|| {
        let protocol = state.read(|detail| detail.provider.config.protocol());
        protocol != Some(Protocol::Ldap) && state.allows(Permission::ListSignIns)
    });
    view! {
        <h2 class="visually-hidden">"Activity"</h2>
        {signs_in.then(|| view! { <SignIns id=state.id /> })}
        <Card title="Changes"><Changes state /></Card>
    }
}

#[component]
fn SignIns(
    /// The provider.
    id: ProviderId,
) -> impl IntoView {
    let filter = AttemptFilter { provider: Some(id), ..AttemptFilter::default() };
    let attempts = use_load(move || list_sign_ins(filter.clone(), SIGN_INS));
    view! {
        <Card title="Sign-ins">
            <DataView resource=attempts skeleton=3 let:page>{draw_sign_ins(id, page)}</DataView>
        </Card>
    }
}

fn draw_sign_ins(id: ProviderId, page: Page<AttemptSummary>) -> AnyView {
    if page.total == 0 {
        return view! { <EmptyState title="No sign-ins yet" text="Every attempt to sign in with this provider appears here." /> }
            .into_any();
    }
    view! {
        <SignInTable attempts=page.items shared=Shared { provider: true, ..Shared::default() } />
        <p class="card-more"><a href=format!("{}?provider={id}", routes::SIGN_INS)>"Show all sign-ins with this provider"</a></p>
    }
    .into_any()
}

#[component]
fn Changes(
    /// The provider.
    state: ProviderState,
) -> impl IntoView {
    let query = use_query();
    let page = Memo::new(move |_| query.page());
    // Changes of this page appear without a reload.
    let events = use_load(move || {
        let _ = state.own_write();
        let filter =
            AuditFilter { object: Some(AuditObject::Provider), object_id: Some(state.id.to_string()), actor: None };
        list_audit(filter, PageRequest::numbered(page.get(), PAGE_SIZE))
    });
    view! { <DataView resource=events skeleton=6 let:page>{draw_changes(page)}</DataView> }
}

fn draw_changes(page: Page<AuditEvent>) -> AnyView {
    if page.total == 0 {
        return view! { <EmptyState title="No changes yet" text="Every change of this provider is recorded here." /> }
            .into_any();
    }
    view! {
        <AuditTable events=page.items />
        <Pagination total=page.total size=PAGE_SIZE noun="entry" />
    }
    .into_any()
}
