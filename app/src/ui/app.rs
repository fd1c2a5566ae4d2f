//! The root of the portal: the context of every page, and the routes.

use leptos::{prelude::*, task::spawn_local};

use super::{
    components::{Navigated, ToastList},
    layout::Shell,
    pages::{
        NotFound,
        providers::{ProviderGallery, ProviderList},
        session::SignIn,
    },
    parts::{other_pages, preload_provider_pages, provider_pages},
    router::{FetchAhead, Outlet, Route, Router, later, layout, page},
    routes,
    state::{Session, ThemeState, Toasts, use_go},
};

/// The function that draws a page of a part, once the part is loaded.
macro_rules! of_part {
    ($part:ident, $page:ident) => {
        || later(|| async { Ok($part().await?.$page) })
    };
}

/// Every page. The first route that matches the whole path is used.
const ROUTES: &[Route] = &[
    page(routes::SIGN_IN, || SignIn().into_any()),
    page(routes::SET_UP, of_part!(other_pages, set_up)),
    layout("", || Shell().into_any(), BEHIND_THE_SIGN_IN),
];

const BEHIND_THE_SIGN_IN: &[Route] = &[
    page("", || forward(routes::PROVIDERS)),
    page(routes::PROVIDERS, || ProviderList().into_any()),
    page(routes::NEW_PROVIDER, || ProviderGallery().into_any()),
    page(routes::NEW_OIDC, of_part!(provider_pages, create_oidc)),
    page(routes::NEW_SAML, of_part!(provider_pages, create_saml)),
    page(routes::NEW_LDAP, of_part!(provider_pages, create_ldap)),
    layout("providers/:id", of_part!(provider_pages, page), PROVIDER_TABS),
    page(routes::TENANTS, of_part!(other_pages, tenants)),
    layout("tenants/:id", of_part!(other_pages, tenant), TENANT_TABS),
    page(routes::USERS, of_part!(other_pages, users)),
    page("users/:id", of_part!(other_pages, user)),
    page(routes::AUDIT, of_part!(other_pages, audit)),
    page("settings", || forward(routes::ACCOUNT)),
    layout("settings", of_part!(other_pages, settings), SETTINGS),
    page("*", || NotFound().into_any()),
];

const PROVIDER_TABS: &[Route] = &[
    page("", of_part!(provider_pages, overview)),
    page("connection", of_part!(provider_pages, connection)),
    page("mapping", of_part!(provider_pages, mapping)),
    page("tenants", of_part!(provider_pages, tenants)),
    page("groups", of_part!(provider_pages, groups)),
    page("access", of_part!(provider_pages, access)),
    page("sync", of_part!(provider_pages, sync)),
    page("test", of_part!(provider_pages, test)),
    page("activity", of_part!(provider_pages, activity)),
    page("danger", of_part!(provider_pages, danger)),
];

const TENANT_TABS: &[Route] = &[
    page("", of_part!(other_pages, tenant_overview)),
    page("providers", of_part!(other_pages, tenant_providers)),
    page("groups", of_part!(other_pages, tenant_groups)),
    page("danger", of_part!(other_pages, tenant_danger)),
];

const SETTINGS: &[Route] = &[
    page("account", of_part!(other_pages, account)),
    page("tokens", of_part!(other_pages, tokens)),
    page("administrators", of_part!(other_pages, administrators)),
];

/// The portal, mounted at `base`: a path without a slash at its end, empty at the root.
#[component]
pub fn App(
    /// The mount path.
    #[prop(into)]
    base: String,
) -> impl IntoView {
    provide_context(Navigated(StoredValue::new(false)));
    Router::provide(&base, ROUTES);
    provide_context(FetchAhead(fetch_provider_pages));
    ThemeState::provide();
    Toasts::provide();
    Session::provide();
    view! {
        <Outlet />
        <ToastList />
    }
}

/// Fetches the pages of providers before one of them is opened.
fn fetch_provider_pages() {
    spawn_local(async {
        let _ = preload_provider_pages().await;
    });
}

/// Redirects to another page without an entry in the history.
fn forward(to: &'static str) -> AnyView {
    let go = use_go();
    Effect::new(move || go.replace(to));
    ().into_any()
}
