//! Header, navigation and footer around the pages behind the sign-in.

use leptos::prelude::*;

use super::{Guarded, navigation::Navigation, plain::BrandMark, user_menu::UserMenu};
use crate::ui::{
    components::{Icon, IconView, focus},
    router::{Outlet, Router},
    routes,
    state::Session,
};

/// The frame with the page in it.
#[component]
pub fn Shell() -> impl IntoView {
    view! {
        <Guarded>
            <Frame />
        </Guarded>
    }
}

#[component]
fn Frame() -> impl IntoView {
    let session = Session::current();
    let router = Router::current();
    let path = Memo::new(move |_| router.path());
    // A fragment alone would be resolved against `<base>` and leave the page.
    let skip_href = move || format!("{}#main", path.get());
    let skip = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        focus("main");
    };
    let menu = NodeRef::<leptos::html::Details>::new();
    Effect::new(move || {
        path.track();
        if let Some(menu) = menu.get_untracked() {
            menu.set_open(false);
        }
    });
    view! {
        <a class="skip-link" href=skip_href on:click=skip>"Skip to content"</a>
        <div class="shell">
            <header class="shell-header">
                <a class="brand" href=routes::OVERVIEW><BrandMark />"Vestibule"</a>
                <div class="shell-nav-wide"><Navigation /></div>
                <UserMenu />
                <details class="menu shell-nav-narrow" node_ref=menu>
                    <summary><IconView icon=Icon::Menu />"Menu"</summary>
                    <div class="menu-panel"><Navigation /></div>
                </details>
            </header>
            <main class="shell-main" id="main" tabindex="-1">
                <Outlet />
            </main>
            <footer class="shell-footer">
                <p>"Vestibule " {move || session.version()}</p>
            </footer>
        </div>
    }
}
