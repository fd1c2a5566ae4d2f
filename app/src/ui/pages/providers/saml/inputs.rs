//! The settings of a SAML provider, by hand or as metadata filled them.

use leptos::prelude::*;

use super::{SamlEndpointTable, SamlFields};
use crate::{
    domain::provider::EMAIL_NAME_ID,
    ui::components::{Choice, Field, FieldKind, SelectField, Switch, redraw},
};

/// Name identifier formats and what they are (SAML 2.0 Core, section 8.3).
const FORMATS: [(&str, &str); 4] = [
    (EMAIL_NAME_ID, "E-mail address"),
    ("urn:oasis:names:tc:SAML:2.0:nameid-format:persistent", "Persistent: always the same, says nothing else"),
    ("urn:oasis:names:tc:SAML:2.0:nameid-format:transient", "Transient: another one each time"),
    ("urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified", "Unspecified: as the provider likes"),
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
            <legend>"Identity and addresses"</legend>
            <Field
                label="Entity ID"
                name="entity_id"
                value=fields.entity_id
                monospace=true
                help="The name by which the provider signs; often an address, and not one to open."
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
            {redraw(move || {
                let endpoints = fields.endpoints.get();
                (!endpoints.is_empty()).then(|| view! { <SamlEndpointTable endpoints /> })
            })}
        </fieldset>
        <fieldset class="provider-fieldset">
            <legend>"Signatures"</legend>
            <Field
                label="Signing certificates"
                name="certificate"
                value=fields.certificate
                kind=FieldKind::Lines
                monospace=true
                help="PEM blocks one after the other, or one certificate in base64. While the provider changes its key, keep the old and the new one."
            />
            <Switch
                label="Demand signed assertions"
                name="want_assertions_signed"
                value=fields.want_assertions_signed
                help="An assertion without a signature proves nothing; turn this off for tests only."
            />
            <Switch
                label="Sign requests"
                name="sign_requests"
                value=fields.sign_requests
                help="Some providers refuse requests that are not signed."
            />
            <SelectField
                label="Name ID format"
                name="name_id_format"
                value=fields.name_id_format
                choices=formats
                help="How the provider names a user."
            />
        </fieldset>
    }
}
