//! The settings of a SAML provider, by hand or as metadata filled them.

use leptos::prelude::*;

use super::{SamlEndpointTable, SamlFields};
use crate::{
    domain::provider::EMAIL_NAME_ID,
    ui::components::{Choice, Field, FieldKind, SelectField, Switch},
};

/// Name identifier formats and what they are (SAML 2.0 Core, section 8.3).
const FORMATS: [(&str, &str); 4] = [
    (EMAIL_NAME_ID, "Email address"),
    ("urn:oasis:names:tc:SAML:2.0:nameid-format:persistent", "Persistent: an opaque identifier that never changes"),
    ("urn:oasis:names:tc:SAML:2.0:nameid-format:transient", "Transient: a new identifier for each session"),
    ("urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified", "Unspecified: the provider decides"),
];

/// Identity, endpoints, certificates and signatures.
#[component]
pub fn SamlInputs(
    /// The inputs.
    fields: SamlFields,
) -> impl IntoView {
    let formats = Signal::derive(move || {
        let mut choices = FORMATS.map(|(value, label)| Choice::new(value, label)).to_vec();
        let chosen = fields.name_id_format.get();
        if choices.iter().all(|choice| choice.value != chosen) {
            choices.push(Choice::new(chosen.clone(), chosen));
        }
        choices
    });
    view! {
        <fieldset class="provider-fieldset">
            <legend>"Identity and URLs"</legend>
            <Field
                label="Entity ID"
                name="entity_id"
                value=fields.entity_id
                monospace=true
                help="The provider's unique ID; often a URL, but not a web page."
            />
            <Field
                label="Sign-on URL"
                name="sso_url"
                value=fields.sso_url
                kind=FieldKind::Url
                monospace=true
                help="Where sign-in requests go."
            />
            <Field
                label="Logout URL"
                name="slo_url"
                value=fields.slo_url
                kind=FieldKind::Url
                monospace=true
                optional=true
                help="Where logout requests go."
            />
            {move || {
                let endpoints = fields.endpoints.get();
                (!endpoints.is_empty()).then(|| view! { <SamlEndpointTable endpoints /> })
            }}
        </fieldset>
        <fieldset class="provider-fieldset">
            <legend>"Signatures"</legend>
            <Field
                label="Signing certificates"
                name="certificate"
                value=fields.certificate
                kind=FieldKind::Lines
                monospace=true
                help="PEM blocks, or one certificate in base64. While the provider rotates its key, keep both certificates."
            />
            <Switch
                label="Require signed assertions"
                name="want_assertions_signed"
                value=fields.want_assertions_signed
                help="Unsigned assertions can be forged. Turn this off for tests only."
            />
            <Switch
                label="Sign requests"
                name="sign_requests"
                value=fields.sign_requests
                help="Some providers reject unsigned requests."
            />
            <SelectField
                label="Name ID format"
                name="name_id_format"
                value=fields.name_id_format
                choices=formats
                help="The identifier that the provider sends for a user."
            />
        </fieldset>
    }
}
