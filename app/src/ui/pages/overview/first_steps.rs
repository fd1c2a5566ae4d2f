//! What to do before there is a provider.

use leptos::prelude::*;

use crate::{
    domain::actor::Permission,
    ui::{
        components::{Card, EmptyState},
        pages::providers::FirstProvider,
        state::Session,
    },
};

/// The first steps, for those who can take them.
pub(super) fn first_steps() -> AnyView {
    if !untrack(|| Session::current().allows(Permission::ManageProviders)) {
        return view! { <EmptyState title="No providers yet" text="Sign-ins appear here when an administrator has added a provider." /> }
            .into_any();
    }
    view! {
        <FirstProvider />
        <Card title="After that">
            <ol class="what-next">
                <li>"Try the provider out with a test sign-in, on its tab “Sign-in”."</li>
                <li>"Link it to the tenants whose people may use it."</li>
                <li>"Send people to the sign-in page. Their attempts appear here, with the reason when one fails."</li>
            </ol>
        </Card>
    }
    .into_any()
}
