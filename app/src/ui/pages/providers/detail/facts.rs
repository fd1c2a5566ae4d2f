//! Identity and history of a provider.

use leptos::prelude::*;

use crate::{
    domain::provider::IdentityProvider,
    ui::{
        components::{Card, CopyButton, Detail, DetailList, RelativeTime},
        pages::providers::forms::words,
    },
};

/// Owner, slug, identifier, who changed it and when.
#[component]
pub fn Facts(
    /// The provider.
    provider: IdentityProvider,
    /// The name of the tenant it belongs to.
    owner_name: Option<String>,
    /// Who changed it last.
    changed_by: Option<String>,
) -> impl IntoView {
    let (id, slug) = (provider.id.to_string(), provider.slug.to_string());
    let owner = match (owner_name, provider.owner) {
        (Some(name), _) => name,
        (None, Some(id)) => format!("Tenant {id}"),
        (None, None) => "Platform".to_owned(),
    };
    let by = changed_by.map(|name| format!(" by {name}")).unwrap_or_default();
    let updated = match provider.updated_at {
        Some(at) => view! { <RelativeTime at /> {by} }.into_any(),
        None => "Never".into_any(),
    };
    let management_url = Some(provider.management_url.clone()).filter(|url| !url.is_empty());
    view! {
        <Card title="Details">
            <DetailList>
                <Detail label="Owner">{owner}</Detail>
                <Detail label="Slug">
                    <code>{slug.clone()}</code>
                    " "
                    <CopyButton value=slug label="slug" />
                </Detail>
                <Detail label="ID">
                    <code>{id.clone()}</code>
                    " "
                    <CopyButton value=id label="ID" />
                </Detail>
                <Detail label="Users">{words::provisioning(provider.provisioning)}</Detail>
                {management_url
                    .map(|url| {
                        view! { <Detail label="Account management"><a href=url.clone() target="_blank" rel="noopener noreferrer">{url.clone()}</a></Detail> }
                    })}
                <Detail label="Created"><RelativeTime at=provider.created_at /></Detail>
                <Detail label="Changed">{updated}</Detail>
            </DetailList>
        </Card>
    }
}
