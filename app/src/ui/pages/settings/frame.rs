//! The frame of the settings: a heading and tabs for what the role may do.

use leptos::prelude::*;

use crate::{
    domain::actor::Permission,
    ui::{
        components::{PageHeader, Tab, Tabs},
        router::Outlet,
        routes,
        state::Session,
    },
};

/// Heading and tabs; the part itself is the outlet.
#[component]
pub fn Settings() -> impl IntoView {
    let session = Session::current();
    let tabs = Signal::derive(move || {
        let tab = |href: &str, label| Tab { href: href.to_owned(), label, exact: false };
        let mut tabs = vec![tab(routes::ACCOUNT, "Account")];
        if session.allows(Permission::ManageTokens) {
            tabs.push(tab(routes::TOKENS, "API tokens"));
        }
        if session.allows(Permission::ManageAdministrators) {
            tabs.push(tab(routes::ADMINISTRATORS, "Administrators"));
        }
        tabs
    });
    view! {
        <PageHeader title="Settings" />
        <Tabs label="Parts of the settings" tabs />
        <Outlet />
    }
}
