//! The editor of a mapping: a table of the user fields beside a live preview. Creating and changing share it.

pub mod claim_tokens;
pub mod field_row;
pub mod field_table;
pub mod identity;
pub mod preview_panel;
pub mod suggestion_chips;

use leptos::prelude::*;

use self::{field_table::FieldTable, identity::IdentityInputs};
use super::fields::MappingFields;
use crate::domain::discovery::DiscoveryReport;

pub use preview_panel::PreviewPanel;

/// The editor of a mapping. Belongs inside a form.
#[component]
pub fn MappingEditor(
    /// The inputs.
    fields: MappingFields,
    /// What the provider says of itself; suggestions come from it.
    report: Option<DiscoveryReport>,
) -> impl IntoView {
    let published = report.as_ref().and_then(|report| report.metadata.claims_supported.clone()).unwrap_or_default();
    view! {
        <div class="mapping">
            <div class="mapping-editor">
                <IdentityInputs fields />
                <FieldTable attributes=fields.attributes report />
            </div>
            <PreviewPanel mapping=Signal::derive(move || fields.get()) published />
        </div>
    }
}
