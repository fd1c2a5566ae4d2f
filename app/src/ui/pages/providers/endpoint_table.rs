//! A provider's endpoints, each with a button that copies it.

use leptos::prelude::*;

use crate::{
    domain::{discovery::ProviderMetadata, provider::OidcEndpoints},
    ui::components::{CopyButton, Table},
};

/// An endpoint: its name and its address, if there is one.
pub type Endpoint = (&'static str, Option<String>);

/// The endpoints of a discovery document.
pub fn of_metadata(metadata: &ProviderMetadata) -> Vec<Endpoint> {
    vec![
        ("Authorization", metadata.authorization_endpoint.clone()),
        ("Token", metadata.token_endpoint.clone()),
        ("User info", metadata.userinfo_endpoint.clone()),
        ("Keys (JWKS)", metadata.jwks_uri.clone()),
        ("End session", metadata.end_session_endpoint.clone()),
    ]
}

/// The endpoints that are stored.
pub fn of_provider(endpoints: &OidcEndpoints) -> Vec<Endpoint> {
    let OidcEndpoints { authorization, token, userinfo, jwks, end_session } = endpoints;
    vec![
        ("Authorization", authorization.clone()),
        ("Token", token.clone()),
        ("User info", userinfo.clone()),
        ("Keys (JWKS)", jwks.clone()),
        ("End session", end_session.clone()),
    ]
}

/// Endpoints as a table.
#[component]
pub fn EndpointTable(
    /// The endpoints.
    endpoints: Vec<Endpoint>,
) -> impl IntoView {
    let rows = endpoints
        .into_iter()
        .map(|(name, address)| {
            let address = match address {
                Some(address) => view! {
                    <code class="endpoint-address">{address.clone()}</code>
                    <CopyButton value=address label=format!("{} endpoint", name.to_ascii_lowercase()) />
                }
                .into_any(),
                None => view! { <span class="muted">"Not offered"</span> }.into_any(),
            };
            view! {
                <tr>
                    <th scope="row">{name}</th>
                    <td data-label="Address"><div class="endpoint">{address}</div></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table caption="Endpoints">
            <thead>
                <tr>
                    <th scope="col">"Endpoint"</th>
                    <th scope="col">"Address"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </Table>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_that_is_not_offered_says_so_and_has_nothing_to_copy() {
        let endpoints = vec![("Token", Some("https://id.example/token".to_owned())), ("End session", None)];
        let html = Owner::new().with(|| view! { <EndpointTable endpoints /> }.to_html());
        assert!(html.contains("https://id.example/token") && html.contains("Copy token endpoint"), "{html}");
        assert!(html.contains("Not offered") && !html.contains("Copy end session endpoint"), "{html}");
    }
}
