//! Access to the pages behind the sign-in. The server guards the data; this only avoids showing empty pages.

use leptos::prelude::*;

use super::PlainPage;
use crate::{
    api::session::Status,
    ui::{
        components::{Button, ErrorState},
        router::Router,
        routes,
        state::{Session, use_go},
    },
};

/// What to show, by the state of the session.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Gate {
    Waiting,
    Failed(crate::api::ApiError),
    SetUp,
    SignIn,
    /// The host application's own sign-in, and where it is.
    HostSignsIn(Option<String>),
    /// The name of a user without a role.
    WithoutRole(String),
    NoAccess,
    Open,
}

/// Shows its children to those who have access, and redirects others.
#[component]
pub fn Guarded(
    /// The pages.
    children: ChildrenFn,
) -> impl IntoView {
    let session = Session::current();
    let go = use_go();
    let router = Router::current();
    let gate = Memo::new(move |_| match session.status() {
        None => Gate::Waiting,
        Some(Err(error)) => Gate::Failed(error),
        Some(Ok(Status { user: Some(_), .. })) if session.has_access() => Gate::Open,
        Some(Ok(Status { user: Some(_), .. })) => Gate::NoAccess,
        Some(Ok(Status { needs_set_up: true, .. })) => Gate::SetUp,
        Some(Ok(Status { without_role: Some(name), .. })) => Gate::WithoutRole(name),
        Some(Ok(Status { host_signs_in: true, sign_in_url, .. })) => Gate::HostSignsIn(sign_in_url),
        Some(Ok(_)) => Gate::SignIn,
    });
    Effect::new(move || match gate.get() {
        Gate::SetUp => go.replace(routes::SET_UP),
        Gate::SignIn => {
            let (path, query) = untrack(|| (router.path(), router.query()));
            let here = if query.is_empty() { path } else { format!("{path}?{query}") };
            go.replace(&sign_in_path(&here, session.has_left()));
        }
        Gate::Waiting | Gate::Failed(_) | Gate::HostSignsIn(_) | Gate::WithoutRole(_) | Gate::NoAccess | Gate::Open => {
        }
    });
    move || {
        match gate.get() {
        Gate::Open => children(),
        Gate::Waiting | Gate::SetUp | Gate::SignIn => {
            view! { <div class="boot" role="status"><span class="visually-hidden">"Loading"</span></div> }.into_any()
        }
        Gate::Failed(error) => view! {
            <PlainPage title="The portal cannot start">
                <ErrorState error on_retry=move |()| session.reload() />
            </PlainPage>
        }
        .into_any(),
        Gate::HostSignsIn(sign_in_url) => view! {
            <PlainPage
                title="Sign in to the application first"
                lead="This portal uses the sign-in of the application that contains it. Sign in there, then come back."
            >
                <div class="form-actions">
                    // Not through the router: the sign-in is not a page of the portal, wherever it is.
                    {sign_in_url.map(|url| view! { <a class="button button-primary" href=url target="_self">"Sign in"</a> })}
                    <Button on_click=move |()| session.reload()>"Check again"</Button>
                </div>
            </PlainPage>
        }
        .into_any(),
        Gate::WithoutRole(name) => view! {
            <PlainPage title="No access to this portal">
                <p>
                    "You are signed in as " <strong>{name}</strong> ", and your role does not allow this. "
                    "Ask an administrator of the application for access if you need it."
                </p>
                <Button on_click=move |()| session.reload()>"Check again"</Button>
            </PlainPage>
        }
        .into_any(),
        Gate::NoAccess => view! { <NoAccess /> }.into_any(),
    }
    }
}

/// The sign-in page, with the path to return to unless it is not worth returning to.
fn sign_in_path(here: &str, left: bool) -> String {
    if left {
        format!("{}?left=1", routes::SIGN_IN)
    } else if here == routes::OVERVIEW {
        routes::SIGN_IN.to_owned()
    } else {
        format!("{}?return={}", routes::SIGN_IN, String::from(js_sys::encode_uri_component(here)))
    }
}

/// Shown to people whose role gives no access to the portal.
#[component]
fn NoAccess() -> impl IntoView {
    let session = Session::current();
    let user = session.user_now();
    let name = user.as_ref().map(|user| user.name.clone()).unwrap_or_default();
    let role = user.as_ref().map_or("", |user| user.grant.role.label());
    let can_leave = user.is_some_and(|user| user.has_password);
    view! {
        <PlainPage title="No access to this portal">
            <p>
                "You are signed in as " <strong>{name}</strong> " (" {role} "). This role manages no identity providers. "
                "Ask a platform administrator for another role if you need to."
            </p>
            {can_leave.then(|| view! { <Button on_click=move |()| session.sign_out()>"Sign out"</Button> })}
        </PlainPage>
    }
}
