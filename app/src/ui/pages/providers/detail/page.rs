//! The header and the tabs of one provider.

use leptos::prelude::*;

use super::{enable_switch::EnableSwitch, state::ProviderState};
use crate::{
    domain::{actor::Permission, id::ProviderId, provider::Protocol},
    ui::{
        components::{
            Callout, Crumb, EnabledBadge, ErrorState, LinkButton, PageHeader, ProtocolBadge, Skeleton, SkeletonShape,
            Tab, Tabs, Tone,
        },
        pages::NotFound,
        router::{FetchAhead, Outlet, use_param},
        routes::{self, ProviderTab},
    },
};

/// The header and the tabs of one provider; the tab itself is the outlet.
#[component]
pub fn ProviderPage() -> impl IntoView {
    let param = use_param("id");
    let id = Memo::new(move |_| param.with(|id| id.parse::<ProviderId>().ok()));
    move || match id.get() {
        Some(id) => view! { <Loading id /> }.into_any(),
        None => view! { <NotFound /> }.into_any(),
    }
}

/// Loads the provider: a skeleton, a failure, or the page.
#[component]
fn Loading(
    /// Which provider.
    id: ProviderId,
) -> impl IntoView {
    let state = ProviderState::provide(id);
    // One memo for all three: a view that reads a memo beside another one made from it can miss a change.
    let outcome = Memo::new(move |_| state.outcome());
    FetchAhead::after(move || matches!(outcome.get(), Some(Ok(()))));
    let retry = Callback::new(move |()| state.reload());
    move || match outcome.get() {
        Some(Ok(())) => view! { <Loaded state /> }.into_any(),
        Some(Err(error)) => view! {
            <PageHeader title="Provider" crumbs=crumbs() />
            <ErrorState error on_retry=retry />
            <p><LinkButton href=routes::PROVIDERS>"Show all providers"</LinkButton></p>
        }
        .into_any(),
        None => view! { <Skeleton shape=SkeletonShape::Form count=4 /> }.into_any(),
    }
}

/// The provider is there: header, tabs and the present tab.
#[component]
fn Loaded(
    /// The provider.
    state: ProviderState,
) -> impl IntoView {
    let title = Memo::new(move |_| state.read(|detail| detail.provider.label().to_owned()).unwrap_or_default());
    let badges = Memo::new(move |_| state.read(|detail| (detail.provider.config.protocol(), detail.provider.enabled)));
    let tabs = Signal::derive(move || {
        let is = |protocol| state.read(|detail| detail.provider.config.protocol() == protocol).unwrap_or_default();
        let is_shown = |tab: &ProviderTab| match tab {
            ProviderTab::Danger => state.may_edit(),
            ProviderTab::Activity => state.may_audit(),
            ProviderTab::Tenants => state.allows(Permission::ViewAssignments),
            ProviderTab::Groups => state.allows(Permission::ViewGroups),
            ProviderTab::Sync => is(Protocol::Ldap),
            // People cannot sign in with the other protocols yet.
            ProviderTab::SignIn => is(Protocol::Oidc),
            ProviderTab::Overview
            | ProviderTab::Connection
            | ProviderTab::Mapping
            | ProviderTab::Access
            | ProviderTab::Test => true,
        };
        let tab = |tab: ProviderTab| Tab { href: tab.path(state.id), label: tab.label(), exact: true };
        ProviderTab::ALL.into_iter().filter(is_shown).map(tab).collect::<Vec<_>>()
    });
    view! {
        <PageHeader title=title crumbs=crumbs()>
            <div class="provider-badges">
                {move || {
                    badges
                        .get()
                        .map(|(protocol, enabled)| {
                            view! {
                                <ProtocolBadge protocol />
                                <EnabledBadge enabled />
                            }
                        })
                }}
            </div>
            <Show when=move || state.may_edit()>
                <EnableSwitch state />
            </Show>
        </PageHeader>
        <Show when=move || state.read(|detail| detail.has_lost_secret).unwrap_or_default()>
            <Callout
                tone=Tone::Danger
                title="A stored secret cannot be decrypted: this server does not have the key that sealed it. Enter the secret again, or configure that key."
            />
        </Show>
        <Tabs label="Parts of this provider" tabs />
        <div class="provider-tab">
            <Outlet />
        </div>
    }
}

fn crumbs() -> Vec<Crumb> {
    vec![Crumb::new(routes::PROVIDERS, "Providers")]
}
