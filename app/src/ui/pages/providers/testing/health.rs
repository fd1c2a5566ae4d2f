//! The health of a provider.

use leptos::prelude::*;

use super::{HealthChart, steps::outcome};
use crate::{
    api::connection_tests::list_connection_tests,
    domain::{
        connection::{Health, StepStatus},
        id::ProviderId,
        page::PageRequest,
    },
    ui::{
        components::{Card, DataView, Detail, DetailList, RelativeTime, SkeletonShape, StatusBadge, Tone, day},
        routes::ProviderTab,
        state::use_load,
    },
};

/// How many tests the chart shows.
const CHARTED: PageRequest = PageRequest { offset: 0, limit: 30 };

/// The result of the last test; since when it fails, if it does.
#[component]
pub fn HealthBadge(
    /// The health; absent before the first test.
    health: Option<Health>,
) -> impl IntoView {
    let (tone, label) = match health {
        None => (Tone::Neutral, "Not tested".to_owned()),
        Some(Health { status: StepStatus::Failed, failing_since: Some(at), .. }) => {
            (Tone::Danger, format!("Failing since {}", day(at)))
        }
        Some(Health { status: StepStatus::Ok, .. }) => (Tone::Success, "Working".to_owned()),
        Some(Health { status: StepStatus::Warning, .. }) => (Tone::Warning, "Warnings".to_owned()),
        Some(Health { status, .. }) => (outcome(status).0, outcome(status).1.to_owned()),
    };
    view! { <StatusBadge tone label /> }
}

/// The badge, the last test, and a small chart of those before.
#[component]
pub fn HealthCard(
    /// The provider.
    id: ProviderId,
    /// Its health.
    health: Option<Health>,
) -> impl IntoView {
    let tests = use_load(move || list_connection_tests(id, CHARTED));
    let last = match health {
        Some(Health { tested_at, .. }) => view! { <RelativeTime at=tested_at /> }.into_any(),
        None => "Never".into_any(),
    };
    view! {
        <Card title="Health">
            <DetailList>
                <Detail label="Connection"><HealthBadge health /></Detail>
                <Detail label="Last test">{last} " " <a href=ProviderTab::Test.path(id)>"Show tests"</a></Detail>
            </DetailList>
            <DataView resource=tests shape=SkeletonShape::Text skeleton=1 let:page>
                <HealthChart tests=page.items />
            </DataView>
        </Card>
    }
}
