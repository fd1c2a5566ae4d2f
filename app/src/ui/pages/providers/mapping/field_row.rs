//! A user field with its claims and what is suggested for it.

use leptos::prelude::*;

use super::{
    claim_tokens::{ClaimTokens, noun_of},
    suggestion_chips::SuggestionChips,
};
use crate::{
    domain::mapping::{AttributeMapping, UserField},
    ui::pages::providers::forms::{
        mapping_change::add_claims,
        suggestions::{Offer, candidates},
        words::in_order,
    },
};

/// A row of the table.
#[component]
pub fn FieldRow(
    /// The field.
    field: UserField,
    /// Which claims fill which user fields.
    attributes: RwSignal<AttributeMapping>,
    /// What is known about the provider's claims.
    offer: StoredValue<Offer>,
) -> impl IntoView {
    let noun = noun_of(offer);
    let claims = Memo::new(move |_| attributes.with(|attributes| attributes.get(field).to_vec()));
    let suggested = offer.with_value(|offer| candidates(field, offer).to_vec());
    let add = Callback::new(move |claim: String| attributes.update(|attributes| add_claims(attributes, field, &claim)));
    view! {
        <tr class="mapping-row" class:is-mapped=move || claims.with(|claims| !claims.is_empty())>
            <th scope="row">
                <span class="mapping-label">{field.label()}</span>
                <code class="mapping-name">{field.as_str()}</code>
                <span class="mapping-description">{field.description()}</span>
            </th>
            <td data-label=in_order(noun)>
                <ClaimTokens field claims attributes offer on_add=add />
            </td>
            <td data-label="Suggestions">
                <SuggestionChips field claims suggested noun on_choose=add />
            </td>
        </tr>
    }
}
