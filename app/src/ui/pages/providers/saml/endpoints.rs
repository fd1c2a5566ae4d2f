//! The endpoints of a SAML provider by binding.

use leptos::prelude::*;

use crate::{
    domain::provider::{SamlEndpoint, SamlService},
    ui::{
        components::{CopyButton, Table},
        pages::providers::forms::saml::binding_label,
    },
};

/// Every endpoint that the metadata lists.
#[component]
pub fn SamlEndpointTable(
    /// The endpoints.
    endpoints: Vec<SamlEndpoint>,
) -> impl IntoView {
    view! {
        <Table caption="Endpoints">
            <thead>
                <tr>
                    <th scope="col">"Endpoint"</th>
                    <th scope="col">"Binding"</th>
                    <th scope="col">"Address"</th>
                </tr>
            </thead>
            <tbody>{endpoints.into_iter().map(row).collect_view()}</tbody>
        </Table>
    }
}

fn row(endpoint: SamlEndpoint) -> AnyView {
    let SamlEndpoint { service, binding, location, response_location: _ } = endpoint;
    let name = match service {
        SamlService::SingleSignOn => "Sign-on",
        SamlService::SingleLogout => "Logout",
    };
    let label = format!("{name} address, {}", binding_label(&binding));
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td data-label="Binding">{binding_label(&binding).to_owned()}</td>
            <td data-label="Address"><code>{location.clone()}</code> " " <CopyButton value=location label /></td>
        </tr>
    }
    .into_any()
}
