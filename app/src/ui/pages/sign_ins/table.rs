//! Attempts to sign in as a table. The list, a provider's activity and a user's page share it.

use leptos::prelude::*;

use super::words::{outcome_tone, reason};
use crate::{
    domain::sign_in::{AttemptKind, AttemptSummary, SignInAttempt},
    ui::{
        components::{RelativeTime, StatusBadge, Table, Tone, or_dash},
        routes,
    },
};

/// What a table leaves out, because all of its rows have it in common.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shared {
    /// The provider.
    pub provider: bool,
    /// The tenant.
    pub tenant: bool,
    /// The person.
    pub person: bool,
}

/// Attempts to sign in, newest first.
#[component]
pub fn SignInTable(
    /// The attempts.
    attempts: Vec<AttemptSummary>,
    /// What they have in common.
    #[prop(optional)]
    shared: Shared,
) -> impl IntoView {
    let heading = |is_shared: bool, label: &'static str| (!is_shared).then(|| view! { <th scope="col">{label}</th> });
    view! {
        <Table caption="Sign-ins">
            <thead>
                <tr>
                    <th scope="col">"Reference"</th>
                    <th scope="col">"Outcome"</th>
                    {heading(shared.person, "Person")}
                    {heading(shared.provider, "Provider")}
                    {heading(shared.tenant, "Tenant")}
                    <th scope="col">"When"</th>
                </tr>
            </thead>
            <tbody>{attempts.into_iter().map(|attempt| row(attempt, shared)).collect_view()}</tbody>
        </Table>
    }
    .into_any()
}

fn row(summary: AttemptSummary, shared: Shared) -> AnyView {
    let AttemptSummary { attempt, tenant_name, provider_name, username } = summary;
    let SignInAttempt { reference, kind, outcome, reason: why, user, provider, tenant, started_at, .. } = attempt;
    let is_test = kind == AttemptKind::Test;
    let person = (!shared.person).then(|| cell("Person", username, user.map(routes::user)));
    let provider = (!shared.provider).then(|| cell("Provider", provider_name, provider.map(routes::provider)));
    let tenant = (!shared.tenant).then(|| cell("Tenant", tenant_name, tenant.map(routes::tenant)));
    view! {
        <tr>
            <th scope="row" class="row-name" data-label="Reference">
                <a href=routes::sign_in(&reference)><code class="reference">{reference.clone()}</code></a>
            </th>
            <td data-label="Outcome">
                <div class="sign-in-outcome">
                    <span class="badges">
                        <StatusBadge tone=outcome_tone(outcome) label=outcome.label() />
                        {is_test.then(|| view! { <StatusBadge tone=Tone::Info label="Test" /> })}
                    </span>
                    {why.map(|why| view! { <span class="row-note">{reason(&why)}</span> })}
                </div>
            </td>
            {person}
            {provider}
            {tenant}
            <td data-label="When" class="cell-time"><RelativeTime at=started_at /></td>
        </tr>
    }
    .into_any()
}

/// A name with a link to its page. What was deleted has no name, and no page.
fn cell(label: &'static str, name: Option<String>, href: Option<String>) -> AnyView {
    let content = match (name, href) {
        (Some(name), Some(href)) => view! { <a href=href>{name}</a> }.into_any(),
        (name, _) => or_dash(name).into_any(),
    };
    view! { <td data-label=label class="cell-words">{content}</td> }.into_any()
}
