//! The start page.

use leptos::prelude::*;

use super::{
    attention::attention,
    chart::{OutcomeChart, total},
    period::Period,
    reasons::reasons,
};
use crate::{
    api::{providers::list_providers, sign_ins::count_sign_ins},
    domain::{
        actor::Permission,
        page::PageRequest,
        provider::{ProviderFilter, ProviderSort},
        sign_in::SignInStatistics,
    },
    ui::{
        components::{Card, DataView, EmptyState, PageHeader},
        routes,
        state::{Query, Session, use_go, use_load, use_query},
    },
};

/// How many providers are looked at for what needs attention.
const PROVIDERS: PageRequest = PageRequest { offset: 0, limit: 200 };

/// The start page; for a role that sees no sign-ins, the list of providers in its place.
#[component]
pub fn Overview() -> impl IntoView {
    if untrack(|| Session::current().allows(Permission::ListSignIns)) {
        return view! { <Figures /> }.into_any();
    }
    let go = use_go();
    Effect::new(move || go.replace(routes::PROVIDERS));
    ().into_any()
}

#[component]
fn Figures() -> impl IntoView {
    let query = use_query();
    let providers = use_load(|| list_providers(ProviderFilter::default(), ProviderSort::default(), PROVIDERS));
    let period = Memo::new(move |_| Period::of(&query.get("period")));
    // The period belongs to the answer: another one may be chosen by the time it is there.
    let statistics = use_load(move || {
        let period = period.get();
        async move { Ok((period, count_sign_ins(period.filter()).await?)) }
    });
    view! {
        <PageHeader title="Overview" lead="How sign-ins ended, and what needs attention." />
        <div class="provider-cards">
            <DataView resource=providers skeleton=1 let:page>{attention(page)}</DataView>
            <Periods query period />
            <DataView resource=statistics skeleton=4 let:answer>{figures(answer)}</DataView>
        </div>
    }
}

/// The choice of a period, as links.
#[component]
fn Periods(
    /// The address.
    query: Query,
    /// What is shown.
    period: Memo<Period>,
) -> impl IntoView {
    let links = Period::ALL
        .into_iter()
        .map(|choice| {
            let href = move || query.href(&[("period", choice.key().to_owned())]);
            let current = move || (period.get() == choice).then_some("true");
            view! { <li><a class="period-link" href=href aria-current=current data-noscroll=true>{choice.label()}</a></li> }
        })
        .collect_view();
    view! { <nav class="periods" aria-label="Period"><ul>{links}</ul></nav> }
}

fn figures((period, statistics): (Period, SignInStatistics)) -> AnyView {
    let SignInStatistics { periods, reasons: counts } = statistics;
    let chart = if periods.iter().all(|counts| total(counts) == 0) {
        view! { <EmptyState title="No sign-ins in this period" /> }.into_any()
    } else {
        let slots = periods.into_iter().map(|counts| (period.label_of(counts.start), counts)).collect();
        view! { <OutcomeChart slots /> }.into_any()
    };
    view! {
        <div class="provider-cards">
            <Card title="Sign-ins">{chart}</Card>
            <Card title="Why sign-ins failed">{reasons(counts, period)}</Card>
        </div>
    }
    .into_any()
}
