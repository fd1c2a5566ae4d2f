//! A mapping, read-only.

use leptos::prelude::*;

use super::forms::words::{ClaimTerm, in_order};
use crate::{domain::mapping::UserMapping, ui::components::Table};

/// Which claims fill which user fields, as a table.
#[component]
pub fn MappingTable(
    /// The mapping.
    mapping: UserMapping,
    /// What the provider's protocol calls a claim.
    term: ClaimTerm,
) -> impl IntoView {
    if mapping.attributes.is_empty() {
        return view! { <p class="muted">"No user field is mapped."</p> }.into_any();
    }
    let rows = mapping
        .attributes
        .iter()
        .map(|(field, claims)| {
            view! {
                <tr>
                    <th scope="row">{field.label()}</th>
                    <td data-label=in_order(term)><code>{claims.join(", ")}</code></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table caption="Mapped user fields">
            <thead>
                <tr>
                    <th scope="col">"User field"</th>
                    <th scope="col">{in_order(term)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </Table>
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::{
        domain::{
            mapping::{AttributeMapping, UserField},
            provider::Protocol,
        },
        ui::pages::providers::forms::words::claim_term,
    };

    #[test]
    fn claims_stand_in_their_order() {
        let attributes = AttributeMapping::new().with(UserField::Email, "mail email");
        let html = view! { <MappingTable mapping=UserMapping { attributes, ..UserMapping::default() } term=claim_term(Protocol::Oidc) /> }.to_html();
        assert!(html.contains("Email address") && html.contains("mail, email"), "{html}");
    }

    #[test]
    fn an_empty_mapping_says_so() {
        let html = view! { <MappingTable mapping=UserMapping::default() term=claim_term(Protocol::Oidc) /> }.to_html();
        assert!(html.contains("No user field is mapped."), "{html}");
    }
}
