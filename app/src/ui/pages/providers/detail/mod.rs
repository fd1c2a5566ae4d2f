//! One provider: its header, its tabs.

use leptos::prelude::*;
use leptos_router::components::Outlet;

use crate::ui::components::PageHeader;

/// The header and the tabs of one provider; the tab itself is the outlet.
#[component]
pub fn ProviderPage() -> impl IntoView {
    view! {
        <PageHeader title="Provider" />
        <Outlet />
    }
}

macro_rules! placeholder {
    ($($name:ident)+) => {$(
        /// A tab.
        #[component]
        pub fn $name() -> impl IntoView {}
    )+};
}

placeholder! { ProviderOverview ProviderConnection ProviderMapping ProviderAccess ProviderActivity ProviderDanger }
