//! The history of a provider.

use leptos::prelude::*;

use super::state::ProviderState;
use crate::{
    api::audit::list_audit,
    domain::{
        audit::{AuditFilter, AuditObject},
        page::{Page, PageRequest},
    },
    ui::{
        components::{DataView, EmptyState, Pagination},
        pages::audit::AuditTable,
        state::{use_load, use_query},
    },
};

const PAGE_SIZE: u32 = 25;

/// The activity tab: the audit log, narrowed to this provider.
#[component]
pub fn ProviderActivity() -> impl IntoView {
    let state = ProviderState::current();
    let query = use_query();
    let page = Memo::new(move |_| query.page());
    // Changes of this page appear without a reload.
    let events = use_load(move || {
        let _ = state.own_write();
        let filter =
            AuditFilter { object: Some(AuditObject::Provider), object_id: Some(state.id.to_string()), actor: None };
        list_audit(filter, PageRequest::numbered(page.get(), PAGE_SIZE))
    });
    view! {
        <h2 class="visually-hidden">"Activity"</h2>
        <DataView resource=events skeleton=6 let:page>
            {draw(page)}
        </DataView>
    }
}

fn draw(page: Page<crate::domain::audit::AuditEvent>) -> AnyView {
    if page.total == 0 {
        return view! { <EmptyState title="No activity yet" text="Every change of this provider is recorded here." /> }
            .into_any();
    }
    view! {
        <AuditTable events=page.items />
        <Pagination total=page.total size=PAGE_SIZE noun="entry" />
    }
    .into_any()
}
