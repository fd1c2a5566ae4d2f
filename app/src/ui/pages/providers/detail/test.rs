//! Testing a provider, and the tests before.

use leptos::prelude::*;

use super::state::ProviderState;
use crate::{
    api::connection_tests::{TestForm, list_connection_tests},
    domain::page::PageRequest,
    ui::{
        components::{Card, DataView},
        pages::providers::testing::{TestHistory, TestPanel, TestRun},
        state::{use_load, use_query},
    },
};

const PAGE_SIZE: u32 = 10;

/// The test tab.
#[component]
pub fn ProviderTest() -> impl IntoView {
    let state = ProviderState::current();
    let query = use_query();
    // The test changes the provider's health, which the page shows after the tab is left too.
    let run = TestRun::within(state.scope);
    let tests = use_load(move || list_connection_tests(state.id, PageRequest::numbered(query.page(), PAGE_SIZE)));
    let start = Callback::new(move |()| {
        let form = TestForm { provider: Some(state.id), ..TestForm::default() };
        run.start(Ok(form), move || {
            tests.refetch();
            state.reload();
        });
    });
    view! {
        <h2 class="visually-hidden">"Test"</h2>
        <Show when=move || state.may_edit()>
            <Card title="Test the connection" lead="Vestibule connects to the provider as it does when users sign in. No user is signed in, and nothing is changed.">
                <TestPanel run on_start=start />
            </Card>
        </Show>
        <Card title="Earlier tests">
            <DataView resource=tests skeleton=4 let:page><TestHistory page size=PAGE_SIZE /></DataView>
        </Card>
    }
}
