//! The filters of the list of sign-ins, and the way to one by its reference.

use leptos::prelude::*;

use crate::{
    api::{providers::list_providers, tenants::list_tenants},
    domain::{
        page::PageRequest,
        provider::{ProviderFilter, ProviderSort},
        sign_in::{AttemptFilter, AttemptOutcome},
        tenant::TenantFilter,
    },
    ui::{
        components::{Choice, now},
        pages::{filters::FilterSelect, providers::text_entry::TextEntry},
        routes,
        state::{Query, use_go, use_load, use_query},
    },
};

/// How many providers and tenants the filters offer.
const OFFERED: PageRequest = PageRequest { offset: 0, limit: 200 };

/// The query keys of the filters.
pub(super) const KEYS: &[&str] = &["outcome", "reason", "provider", "tenant", "user", "period"];

/// The periods that can be chosen, in hours.
const PERIODS: &[(&str, &str, i64)] = &[
    ("1h", "Last hour", 1),
    ("24h", "Last 24 hours", 24),
    ("7d", "Last 7 days", 7 * 24),
    ("30d", "Last 30 days", 30 * 24),
];

/// What the address asks for. Tracked.
pub(super) fn filter(query: Query) -> AttemptFilter {
    let period = query.get("period");
    let hours = PERIODS.iter().find(|(key, ..)| *key == period).map(|(.., hours)| *hours);
    AttemptFilter {
        tenant: query.parse("tenant"),
        provider: query.parse("provider"),
        user: query.parse("user"),
        outcome: query.parse("outcome"),
        reason: Some(query.get("reason")).filter(|reason| !reason.is_empty()),
        since: hours.map(|hours| now().plus_seconds(-hours * 60 * 60)),
        until: None,
    }
}

/// The choice of an outcome.
#[component]
pub(super) fn OutcomeFilter() -> impl IntoView {
    let choices = std::iter::once(Choice::new("", "Any outcome"))
        .chain(AttemptOutcome::NAMES.iter().map(|(value, label)| Choice::new(*value, *label)))
        .collect::<Vec<_>>();
    view! { <FilterSelect label="Outcome" key="outcome" choices /> }
}

/// The choice of a period.
#[component]
pub(super) fn PeriodFilter() -> impl IntoView {
    let choices = std::iter::once(Choice::new("", "Any time"))
        .chain(PERIODS.iter().map(|(value, label, _)| Choice::new(*value, *label)))
        .collect::<Vec<_>>();
    view! { <FilterSelect label="Period" key="period" choices /> }
}

/// The choice of a provider.
#[component]
pub(super) fn ProviderFilterSelect() -> impl IntoView {
    let all = use_load(|| list_providers(ProviderFilter::default(), ProviderSort::default(), OFFERED));
    let choices = offered("provider", "All providers", move || {
        let known = all.get().and_then(Result::ok).map(|page| page.items).unwrap_or_default();
        known.into_iter().map(|provider| Choice::new(provider.id.to_string(), provider.label)).collect()
    });
    view! { <FilterSelect label="Provider" key="provider" choices /> }
}

/// The choice of a tenant.
#[component]
pub(super) fn TenantFilterSelect() -> impl IntoView {
    let all = use_load(|| list_tenants(TenantFilter::default(), OFFERED));
    let choices = offered("tenant", "All tenants", move || {
        let known = all.get().and_then(Result::ok).map(|page| page.items).unwrap_or_default();
        known.into_iter().map(|tenant| Choice::new(tenant.id.to_string(), tenant.name)).collect()
    });
    view! { <FilterSelect label="Tenant" key="tenant" choices /> }
}

/// Choices with the empty one first. What a link asks for stays chosen, though it is not among them.
fn offered(
    key: &'static str,
    all: &'static str,
    known: impl Fn() -> Vec<Choice> + Send + Sync + 'static,
) -> Signal<Vec<Choice>> {
    let query = use_query();
    Signal::derive(move || {
        let mut choices = vec![Choice::new("", all)];
        choices.extend(known());
        let chosen = query.get(key);
        if choices.iter().all(|choice| choice.value != chosen) {
            choices.push(Choice::new(chosen.clone(), chosen));
        }
        choices
    })
}

/// Opens a sign-in by the reference that a person was shown.
#[component]
pub(super) fn ReferenceEntry() -> impl IntoView {
    let go = use_go();
    view! {
        <div class="reference-entry">
            <label class="filter-label" for="reference">"Open by reference"</label>
            <TextEntry
                id="reference"
                label="Reference"
                placeholder="7KQ2M9XWPA"
                action="Open"
                check=Callback::new(|text: String| {
                    let is_reference = text.chars().all(|letter| letter.is_ascii_alphanumeric()) && text.len() <= 20;
                    (!is_reference).then(|| "A reference has letters and digits only.".to_owned())
                })
                on_add=move |text: String| go.to(&routes::sign_in(&text.to_ascii_uppercase()))
            />
        </div>
    }
}
