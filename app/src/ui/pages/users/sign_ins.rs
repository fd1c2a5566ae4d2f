//! The latest attempts of a user to sign in.

use leptos::prelude::*;

use crate::{
    api::sign_ins::list_sign_ins,
    domain::{
        id::UserId,
        page::{Page, PageRequest},
        sign_in::{AttemptFilter, AttemptSummary},
    },
    ui::{
        components::{Card, DataView, EmptyState},
        pages::sign_ins::{Shared, SignInTable},
        routes,
        state::use_load,
    },
};

/// How many attempts the card shows.
const SHOWN: PageRequest = PageRequest { offset: 0, limit: 5 };

/// The latest attempts of a user to sign in.
#[component]
pub(super) fn SignInsCard(
    /// The user.
    id: UserId,
) -> impl IntoView {
    let attempts = use_load(move || list_sign_ins(AttemptFilter { user: Some(id), ..AttemptFilter::default() }, SHOWN));
    view! {
        <Card title="Sign-ins">
            <DataView resource=attempts skeleton=3 let:page>{draw(id, page)}</DataView>
        </Card>
    }
}

fn draw(id: UserId, page: Page<AttemptSummary>) -> AnyView {
    if page.total == 0 {
        return view! { <EmptyState title="No sign-ins" text="The user has not signed in for as long as sign-ins are kept." /> }
            .into_any();
    }
    let is_cut = page.total > u64::from(SHOWN.limit);
    view! {
        <SignInTable attempts=page.items shared=Shared { person: true, tenant: true, ..Shared::default() } />
        {is_cut.then(|| view! { <p><a href=format!("{}?user={id}", routes::SIGN_INS)>"Show all sign-ins of this user"</a></p> })}
    }
    .into_any()
}
