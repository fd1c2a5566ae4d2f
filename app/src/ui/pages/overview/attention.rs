//! What needs attention: enabled providers whose last connection test failed or warned. Before there is a provider, what
//! to do first.

use leptos::prelude::*;

use super::first_steps::first_steps;
use crate::{
    domain::{connection::StepStatus, page::Page, provider::ProviderSummary},
    ui::{
        components::{Card, NameCell, Table},
        pages::providers::testing::HealthBadge,
        routes::ProviderTab,
    },
};

/// The providers that need attention; nothing while all of them work.
pub(super) fn attention(providers: Page<ProviderSummary>) -> AnyView {
    if providers.total == 0 {
        return first_steps();
    }
    let rows: Vec<_> = providers.items.into_iter().filter(needs_attention).map(row).collect();
    if rows.is_empty() {
        return ().into_any();
    }
    view! {
        <Card title="Needs attention">
            <Table caption="Providers that need attention">
                <thead>
                    <tr>
                        <th scope="col">"Provider"</th>
                        <th scope="col">"Connection"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </Table>
        </Card>
    }
    .into_any()
}

fn needs_attention(provider: &ProviderSummary) -> bool {
    provider.enabled && provider.health.as_ref().is_some_and(|health| health.status != StepStatus::Ok)
}

fn row(provider: ProviderSummary) -> AnyView {
    let ProviderSummary { id, label, health, .. } = provider;
    view! {
        <tr>
            <NameCell label="Provider" name=label href=ProviderTab::Test.path(id) />
            <td data-label="Connection"><HealthBadge health /></td>
        </tr>
    }
    .into_any()
}
