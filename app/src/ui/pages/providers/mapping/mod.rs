//! The editor of a mapping: a table of the user fields beside a live preview. Creating and changing share it.

pub mod claim_tokens;
pub mod field_row;
pub mod field_table;
pub mod identity;
pub mod preview_panel;
pub mod suggestion_chips;

use leptos::prelude::*;

use self::{field_table::FieldTable, identity::IdentityInputs};
use super::{fields::MappingFields, forms::suggestions::Offer};

pub use preview_panel::PreviewPanel;

/// The editor of a mapping. Belongs inside a form.
#[component]
pub fn MappingEditor(
    /// The inputs.
    fields: MappingFields,
    /// What the provider says of itself; suggestions come from it.
    offer: Offer,
) -> impl IntoView {
    let published = offer.listed.clone().unwrap_or_default();
    view! {
        <div class="mapping">
            <div class="mapping-editor">
                <IdentityInputs fields />
                <FieldTable attributes=fields.attributes offer />
            </div>
            <PreviewPanel mapping=Signal::derive(move || fields.get()) published />
        </div>
    }
}
