//! The root of the portal: what every page finds in context, and which page belongs to which path.

use leptos::prelude::*;

use super::{
    components::{Navigated, ToastList},
    layout::Shell,
    pages::{
        Audit, NotFound,
        groups::TenantGroups,
        providers::{
            ProviderGallery, ProviderList,
            create::{CreateLdap, CreateOidc, CreateSaml},
            detail::{
                ProviderAccess, ProviderActivity, ProviderConnection, ProviderDanger, ProviderGroups, ProviderMapping,
                ProviderOverview, ProviderPage, ProviderTenants, ProviderTest,
            },
            sync::ProviderSync,
        },
        session::{SetUp, SignIn},
        settings::{Account, Administrators, Settings, Tokens},
        tenants::{
            TenantList,
            detail::{TenantDanger, TenantOverview, TenantPage, TenantProviders},
        },
        users::{UserList, UserPage},
    },
    router::{Outlet, Route, Router, layout, page},
    routes,
    state::{Session, ThemeState, Toasts, react, use_go},
};

/// Every page. The first path that fits as a whole counts.
const ROUTES: &[Route] = &[
    page(routes::SIGN_IN, || SignIn().into_any()),
    page(routes::SET_UP, || SetUp().into_any()),
    layout("", || Shell().into_any(), BEHIND_THE_SIGN_IN),
];

const BEHIND_THE_SIGN_IN: &[Route] = &[
    page("", || forward(routes::PROVIDERS)),
    page(routes::PROVIDERS, || ProviderList().into_any()),
    page(routes::NEW_PROVIDER, || ProviderGallery().into_any()),
    page(routes::NEW_OIDC, || CreateOidc().into_any()),
    page(routes::NEW_SAML, || CreateSaml().into_any()),
    page(routes::NEW_LDAP, || CreateLdap().into_any()),
    layout("providers/:id", || ProviderPage().into_any(), PROVIDER_TABS),
    page(routes::TENANTS, || TenantList().into_any()),
    layout("tenants/:id", || TenantPage().into_any(), TENANT_TABS),
    page(routes::USERS, || UserList().into_any()),
    page("users/:id", || UserPage().into_any()),
    page(routes::AUDIT, || Audit().into_any()),
    page("settings", || forward(routes::ACCOUNT)),
    layout("settings", || Settings().into_any(), SETTINGS),
    page("*", || NotFound().into_any()),
];

const PROVIDER_TABS: &[Route] = &[
    page("", || ProviderOverview().into_any()),
    page("connection", || ProviderConnection().into_any()),
    page("mapping", || ProviderMapping().into_any()),
    page("tenants", || ProviderTenants().into_any()),
    page("groups", || ProviderGroups().into_any()),
    page("access", || ProviderAccess().into_any()),
    page("sync", || ProviderSync().into_any()),
    page("test", || ProviderTest().into_any()),
    page("activity", || ProviderActivity().into_any()),
    page("danger", || ProviderDanger().into_any()),
];

const TENANT_TABS: &[Route] = &[
    page("", || TenantOverview().into_any()),
    page("providers", || TenantProviders().into_any()),
    page("groups", || TenantGroups().into_any()),
    page("danger", || TenantDanger().into_any()),
];

const SETTINGS: &[Route] = &[
    page("account", || Account().into_any()),
    page("tokens", || Tokens().into_any()),
    page("administrators", || Administrators().into_any()),
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
    ThemeState::provide();
    Toasts::provide();
    Session::provide();
    view! {
        <Outlet />
        <ToastList />
    }
}

/// Leads on to another page without a trace in the history.
fn forward(to: &'static str) -> AnyView {
    let go = use_go();
    react(move || go.replace(to));
    ().into_any()
}
