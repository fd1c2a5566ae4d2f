//! What could fill a field, as chips to press.

use leptos::prelude::*;

use crate::{
    domain::mapping::{
        UserField,
        suggest::{Candidate, Confidence},
    },
    ui::{
        components::{Icon, IconView, focus},
        pages::providers::{
            forms::{
                suggestions::{long_reason, short_reason},
                words::Noun,
            },
            mapping::claim_tokens::entry_id,
        },
    },
};

/// The suggested claims that are not chosen yet, the best first, each with its reason.
#[component]
pub fn SuggestionChips(
    /// The field.
    field: UserField,
    /// The claims chosen already.
    claims: Memo<Vec<String>>,
    /// What is suggested.
    suggested: Vec<Candidate>,
    /// What the provider's protocol calls a claim.
    noun: Noun,
    /// Called with the claim that was pressed.
    on_choose: Callback<String>,
) -> impl IntoView {
    let suggested = StoredValue::new(suggested);
    let open = move || {
        let chosen = claims.get();
        suggested.with_value(|all| {
            all.iter().filter(|candidate| !chosen.contains(&candidate.claim)).cloned().collect::<Vec<_>>()
        })
    };
    move || {
        let open = open();
        if open.is_empty() {
            return view! { <span class="muted">"–"</span> }.into_any();
        }
        let chips = open.into_iter().map(|candidate| chip(field, candidate, noun, on_choose)).collect_view();
        view! { <ul class="suggestions">{chips}</ul> }.into_any()
    }
}

fn chip(field: UserField, candidate: Candidate, noun: Noun, on_choose: Callback<String>) -> AnyView {
    let (reason, explanation) = (short_reason(&candidate), long_reason(&candidate));
    let Candidate { claim, confidence, .. } = candidate;
    let name = claim.clone();
    let label = format!("Add {} {claim} to {}: {explanation}", noun.word, field.label());
    view! {
        <li>
            <button
                type="button"
                class="suggestion"
                class:is-sure=confidence == Confidence::High
                title=explanation
                aria-label=label
                on:click=move |_| {
                    on_choose.run(claim.clone());
                    // The chip is removed, and with it the focus.
                    focus(&entry_id(field));
                }
            >
                <IconView icon=Icon::Plus />
                <code>{name}</code>
                <span class="suggestion-reason">{reason}</span>
            </button>
        </li>
    }
    .into_any()
}
