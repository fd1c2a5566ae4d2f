//! Data about a user.

use leptos::prelude::*;

use crate::{
    domain::user::{Profile, User, UserDetail},
    ui::{
        components::{Detail, DetailList, RelativeTime},
        pages::field_text,
        routes,
    },
};

/// Who the user is, where the user belongs to and comes from.
#[component]
pub(super) fn UserFacts(
    /// The user.
    detail: UserDetail,
) -> impl IntoView {
    let UserDetail { user, tenant_name, origin_name, .. } = detail;
    let User { id, tenant, profile, email_verified, created_at, updated_at, .. } = user;
    let Profile { username, email, first_name, last_name, display_name, fields } = profile;
    let email = email.map(|email| if email_verified { format!("{email} (verified)") } else { email });
    let fields = fields
        .into_iter()
        .map(|(name, value)| view! { <Detail label=name>{field_text(&value)}</Detail> })
        .collect_view();
    view! {
        <DetailList>
            <Detail label="User name">{username}</Detail>
            {text("Email", email)}
            {text("Display name", display_name)}
            {text("First name", first_name)}
            {text("Last name", last_name)}
            {fields}
            <Detail label="Tenant"><a href=routes::tenant(tenant)>{tenant_name}</a></Detail>
            {text("Imported from", origin_name)}
            <Detail label="ID">{id.to_string()}</Detail>
            <Detail label="Created"><RelativeTime at=created_at /></Detail>
            {updated_at.map(|at| view! { <Detail label="Changed"><RelativeTime at /></Detail> })}
        </DetailList>
    }
}

fn text(label: &'static str, text: Option<String>) -> Option<impl IntoView> {
    text.map(|text| view! { <Detail label>{text}</Detail> })
}
