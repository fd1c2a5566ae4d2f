//! The root of the portal: what every page finds in context, and which page belongs to which path.

use leptos::prelude::*;
use leptos_router::{
    components::{ParentRoute, Route, Router, Routes},
    path,
};

use super::{
    components::{Navigated, ToastList},
    layout::Shell,
    pages::{
        Audit, NotFound,
        providers::{
            ProviderGallery, ProviderList,
            create::CreateOidc,
            detail::{
                ProviderAccess, ProviderActivity, ProviderConnection, ProviderDanger, ProviderMapping,
                ProviderOverview, ProviderPage,
            },
        },
        session::{SetUp, SignIn},
        settings::{Account, Administrators, Settings, Tokens},
    },
    routes,
    state::{Base, Session, ThemeState, Toasts, use_go},
};

/// The portal, mounted at `base`: a path without a slash at its end, empty at the root.
#[component]
pub fn App(
    /// The mount path.
    #[prop(into)]
    base: String,
) -> impl IntoView {
    provide_context(Base(base.clone()));
    provide_context(Navigated(StoredValue::new(false)));
    ThemeState::provide();
    Toasts::provide();
    Session::provide();
    view! {
        <Router base>
            <Routes fallback=NotFound>
                <Route path=path!("/sign-in") view=SignIn />
                <Route path=path!("/set-up") view=SetUp />
                <ParentRoute path=path!("") view=Shell>
                    <Route path=path!("/") view=|| view! { <Forward to=routes::PROVIDERS /> } />
                    <Route path=path!("/providers") view=ProviderList />
                    <Route path=path!("/providers/new") view=ProviderGallery />
                    <Route path=path!("/providers/new/oidc") view=CreateOidc />
                    <ParentRoute path=path!("/providers/:id") view=ProviderPage>
                        <Route path=path!("") view=ProviderOverview />
                        <Route path=path!("/connection") view=ProviderConnection />
                        <Route path=path!("/mapping") view=ProviderMapping />
                        <Route path=path!("/access") view=ProviderAccess />
                        <Route path=path!("/activity") view=ProviderActivity />
                        <Route path=path!("/danger") view=ProviderDanger />
                    </ParentRoute>
                    <Route path=path!("/audit") view=Audit />
                    <ParentRoute path=path!("/settings") view=Settings>
                        <Route path=path!("") view=|| view! { <Forward to=routes::ACCOUNT /> } />
                        <Route path=path!("/account") view=Account />
                        <Route path=path!("/tokens") view=Tokens />
                        <Route path=path!("/administrators") view=Administrators />
                    </ParentRoute>
                    <Route path=path!("/*any") view=NotFound />
                </ParentRoute>
            </Routes>
            <ToastList />
        </Router>
    }
}

/// Leads on to another page without a trace in the history.
#[component]
fn Forward(to: &'static str) -> impl IntoView {
    let go = use_go();
    Effect::new(move |_| go.replace(to));
}
