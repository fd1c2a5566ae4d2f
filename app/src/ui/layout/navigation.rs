//! The way to the parts of the portal.

use leptos::prelude::*;

use crate::{
    domain::actor::Permission,
    ui::{components::NavLink, routes, state::Session},
};

/// Links to the parts that the role may use.
#[component]
pub(super) fn Navigation() -> impl IntoView {
    let session = Session::current();
    let links = move || {
        let mut links = Vec::new();
        if session.allows(Permission::ListSignIns) {
            links.push((routes::OVERVIEW.to_owned(), "Overview"));
        }
        if session.allows(Permission::ListProviders) {
            links.push((routes::PROVIDERS.to_owned(), "Providers"));
        }
        if session.allows(Permission::ViewTenants) {
            links.push(match session.own_tenant() {
                Some(id) => (routes::tenant(id), "Tenant"),
                None => (routes::TENANTS.to_owned(), "Tenants"),
            });
        }
        if session.allows(Permission::ViewUsers) {
            links.push((routes::USERS.to_owned(), "Users"));
        }
        if session.allows(Permission::ListSignIns) {
            links.push((routes::SIGN_INS.to_owned(), "Sign-ins"));
        }
        if session.allows(Permission::ViewAudit) {
            links.push((routes::AUDIT.to_owned(), "Audit log"));
        }
        links.push(("settings".to_owned(), "Settings"));
        links
    };
    view! {
        <nav class="main-nav" aria-label="Main">
            <ul>
                {move || links().into_iter().map(|(href, label)| view! { <li><NavLink exact=href.is_empty() href>{label}</NavLink></li> }).collect_view()}
            </ul>
        </nav>
    }
    .into_any()
}
