//! The editor of a mapping: a table of the user fields beside a live preview. Creating and changing share it.

pub mod claim_tokens;
pub mod field_row;
pub mod field_table;
pub mod identity;
pub mod preview_panel;
pub mod suggestion_chips;

use leptos::prelude::*;

use self::{field_table::FieldTable, identity::IdentityInputs};
use super::{fields::MappingFields, forms::suggestions::KnownClaims};
use crate::ui::components::options;

pub use preview_panel::{PreviewPanel, result_row};

/// The editor of a mapping. Belongs inside a form.
#[component]
pub fn MappingEditor(
    /// The inputs.
    fields: MappingFields,
    /// What is known about the provider's claims, the basis of suggestions.
    known_claims: KnownClaims,
    /// Shown in place of the preview, for directories.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let protocol = known_claims.protocol;
    let published = known_claims.listed.clone().unwrap_or_default();
    view! {
        <div class="mapping">
            <div class="mapping-editor">
                <datalist id=claim_tokens::OFFERED>{options(Signal::stored(published.clone()))}</datalist>
                <IdentityInputs fields protocol />
                <FieldTable attributes=fields.attributes known_claims />
            </div>
            {match children {
                Some(children) => children(),
                None => view! { <PreviewPanel mapping=Signal::derive(move || fields.get()) protocol published /> }.into_any(),
            }}
        </div>
    }
}
