//! The claims that fill a field, in the order in which they are tried.

use leptos::prelude::*;

use crate::{
    domain::mapping::{AttributeMapping, UserField},
    ui::{
        components::{Icon, IconView, StatusBadge, Tone, focus},
        pages::providers::{
            forms::{
                mapping_change::{prefer_claim, remove_claim},
                suggestions::{Listed, Offer, listed},
                words::{Noun, noun},
            },
            text_entry::TextEntry,
        },
    },
};

/// The id of the `<datalist>` of known claims.
pub(super) const OFFERED: &str = "claims-offered";

/// The claims as tokens to remove or to put first, and an input for another one.
#[component]
pub fn ClaimTokens(
    /// The field.
    field: UserField,
    /// Its claims.
    claims: Memo<Vec<String>>,
    /// Which claims fill which user fields.
    attributes: RwSignal<AttributeMapping>,
    /// What is known about the provider's claims.
    offer: StoredValue<Offer>,
    /// Called with a claim that was typed.
    on_add: Callback<String>,
) -> impl IntoView {
    let (entry_id, noun) = (entry_id(field), noun_of(offer));
    let tokens = {
        let entry_id = entry_id.clone();
        move || {
            let claims = claims.get();
            claims
                .into_iter()
                .enumerate()
                .map(|(index, claim)| {
                    let mark = offer.with_value(|offer| listed(field, &claim, offer));
                    token(field, index, claim, mark, attributes, entry_id.clone(), noun)
                })
                .collect_view()
        }
    };
    view! {
        <Show when=move || claims.with(|claims| !claims.is_empty())>
            <ol class="claim-tokens">{tokens.clone()}</ol>
        </Show>
        <TextEntry id=entry_id label=format!("{} for {}", noun.title, field.label()) list=OFFERED on_add />
    }
}

/// What the provider's protocol calls a claim.
pub(super) fn noun_of(offer: StoredValue<Offer>) -> Noun {
    noun(offer.with_value(|offer| offer.protocol))
}

/// Identifies the input for further claims of a field.
pub(super) fn entry_id(field: UserField) -> String {
    format!("claim-entry-{}", field.as_str())
}

fn token(
    field: UserField,
    index: usize,
    claim: String,
    mark: Listed,
    attributes: RwSignal<AttributeMapping>,
    entry_id: String,
    noun: Noun,
) -> AnyView {
    let word = noun.word;
    let badge = match mark {
        Listed::Yes => None,
        Listed::Expected => Some(view! { <StatusBadge tone=Tone::Info label="Not listed, but expected" /> }),
        Listed::No => Some(view! { <StatusBadge tone=Tone::Warning label="Missing at this provider" /> }),
    };
    let prefer = (index > 0).then(|| {
        let (claim, entry_id) = (claim.clone(), entry_id.clone());
        let label = format!("Try {word} {claim} first for {}", field.label());
        let on_click = move |_| {
            attributes.update(|attributes| prefer_claim(attributes, field, &claim));
            focus(&entry_id);
        };
        view! { <button type="button" class="claim-action" aria-label=label title="Try first" on:click=on_click><IconView icon=Icon::Up /></button> }
    });
    let name = claim.clone();
    let label = format!("Remove {word} {claim} from {}", field.label());
    let remove = move |_| {
        attributes.update(|attributes| remove_claim(attributes, field, &claim));
        focus(&entry_id);
    };
    view! {
        <li class="claim-token">
            <code>{name}</code>
            {prefer}
            <button type="button" class="claim-action" aria-label=label title="Remove" on:click=remove>
                <IconView icon=Icon::Cross />
            </button>
            {badge}
        </li>
    }
    .into_any()
}
