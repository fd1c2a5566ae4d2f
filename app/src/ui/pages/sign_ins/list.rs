//! The list of attempts to sign in. The server filters and pages it; its state is in the URL.

use leptos::prelude::*;

use super::{
    SignInTable,
    filters::{KEYS, OutcomeFilter, PeriodFilter, ProviderFilterSelect, ReferenceEntry, TenantFilterSelect, filter},
    table::Shared,
    words::reason,
};
use crate::{
    api::sign_ins::list_sign_ins,
    domain::page::PageRequest,
    ui::{
        components::{PageHeader, PagedList},
        pages::filters::FilterBar,
        state::{Session, use_load, use_query},
    },
};

const PAGE_SIZE: u32 = 50;

/// The list of attempts to sign in.
#[component]
pub fn SignInList() -> impl IntoView {
    let query = use_query();
    let attempts = use_load(move || list_sign_ins(filter(query), PageRequest::numbered(query.page(), PAGE_SIZE)));
    let has_tenants = untrack(|| Session::current().own_tenant()).is_none();
    let shared = Shared { tenant: !has_tenants, ..Shared::default() };
    // Filters from a link that no choice shows.
    let narrowed = Memo::new(move |_| {
        let why = query.get("reason");
        let why = (!why.is_empty()).then(|| format!("Showing sign-ins that ended with “{}” only. ", reason(&why)));
        let who = (!query.get("user").is_empty()).then(|| "Showing sign-ins of one user only. ".to_owned());
        why.or(who)
    });
    let all = move || query.href(&[("reason", String::new()), ("user", String::new()), ("page", String::new())]);
    view! {
        <PageHeader title="Sign-ins" lead="Who tried to sign in, how it ended, and why." />
        <ReferenceEntry />
        <FilterBar>
            <OutcomeFilter />
            <ProviderFilterSelect />
            {has_tenants.then(|| view! { <TenantFilterSelect /> })}
            <PeriodFilter />
        </FilterBar>
        {move || narrowed.get().map(|text| view! { <p class="tab-lead">{text} <a href=all>"Show all of them"</a></p> })}
        <PagedList
            resource=attempts
            noun="sign-in"
            size=PAGE_SIZE
            title="No sign-ins yet"
            text="Every attempt to sign in appears here, with what happened in it."
            filters=KEYS
            let:attempts
        >
            <SignInTable attempts shared />
        </PagedList>
    }
}
