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
    parts::{
        other_pages, preload_provider_creation, preload_provider_forms, preload_provider_tabs, provider_creation,
        provider_forms, provider_tabs, sign_in_pages,
    },
    router::{FetchAhead, Outlet, Route, Router, later, later_within, layout, page},
    routes::{self, ProviderTab},
    state::{Session, ThemeState, Toasts, use_go},
};

/// The function that draws a page of a part, once the part is loaded.
macro_rules! of_part {
    ($part:ident, $page:ident) => {
        || later(|| async { Ok($part().await?.$page) })
    };
}

/// The same for a page in a layout.
macro_rules! within_layout {
    ($part:ident, $page:ident) => {
        || later_within(|| async { Ok($part().await?.$page) })
    };
}

/// Every page. The first route that matches the whole path is used.
const ROUTES: &[Route] = &[
    page(routes::SIGN_IN, || SignIn().into_any()),
    page(routes::SET_UP, of_part!(other_pages, set_up)),
    layout("", || Shell().into_any(), BEHIND_THE_SIGN_IN),
];

const BEHIND_THE_SIGN_IN: &[Route] = &[
    page(routes::OVERVIEW, of_part!(sign_in_pages, overview)),
    page(routes::SIGN_INS, of_part!(sign_in_pages, sign_ins)),
    page("sign-ins/:reference", of_part!(sign_in_pages, sign_in)),
    page(routes::PROVIDERS, || ProviderList().into_any()),
    page(routes::NEW_PROVIDER, || ProviderGallery().into_any()),
    page(routes::NEW_OIDC, of_part!(provider_creation, oidc)),
    page(routes::NEW_SAML, of_part!(provider_creation, saml)),
    page(routes::NEW_LDAP, of_part!(provider_creation, ldap)),
    layout("providers/:id", provider_page, PROVIDER_TABS),
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
    page("", within_layout!(provider_tabs, overview)),
    page("connection", within_layout!(provider_forms, connection)),
    page("mapping", within_layout!(provider_forms, mapping)),
    page("tenants", within_layout!(provider_tabs, tenants)),
    page("groups", within_layout!(provider_tabs, groups)),
    page("access", within_layout!(provider_forms, access)),
    page("sign-in", within_layout!(provider_forms, sign_in)),
    page("sync", within_layout!(provider_tabs, sync)),
    page("test", within_layout!(provider_tabs, test)),
    page("activity", within_layout!(provider_tabs, activity)),
    page("danger", within_layout!(provider_tabs, danger)),
];

const TENANT_TABS: &[Route] = &[
    page("", within_layout!(other_pages, tenant_overview)),
    page("providers", within_layout!(other_pages, tenant_providers)),
    page("groups", within_layout!(other_pages, tenant_groups)),
    page("danger", within_layout!(other_pages, tenant_danger)),
];

const SETTINGS: &[Route] = &[
    page("account", within_layout!(other_pages, account)),
    page("tokens", within_layout!(other_pages, tokens)),
    page("administrators", within_layout!(other_pages, administrators)),
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
    provide_context(FetchAhead(fetch_provider_parts));
    ThemeState::provide();
    Toasts::provide();
    Session::provide();
    view! {
        <Outlet />
        <ToastList />
    }
}

/// The page around a provider's tabs, from the part that has the tab.
fn provider_page() -> AnyView {
    let router = Router::current();
    later(move || {
        let is_form = untrack(|| ProviderTab::at(&router.path())).is_some_and(ProviderTab::is_form);
        async move { if is_form { Ok(provider_forms().await?.page) } else { Ok(provider_tabs().await?.page) } }
    })
}

/// Fetches the pages of providers before one of them is opened, one part after the other: first what a link in the list
/// opens. Stops at the first that fails.
fn fetch_provider_parts() {
    spawn_local(async {
        let _ = async {
            preload_provider_tabs().await?;
            preload_provider_forms().await?;
            preload_provider_creation().await
        }
        .await;
    });
}

/// Redirects to another page without an entry in the history.
fn forward(to: &'static str) -> AnyView {
    let go = use_go();
    Effect::new(move || go.replace(to));
    ().into_any()
}
