//! How an OpenID provider is asked, and which ID tokens are accepted.

use leptos::prelude::*;

use super::{fields::SignInInputs, policy::choices};
use crate::{
    domain::provider::{ClientAuthentication, OidcPrompt, ResponseMode, UserInfoUse},
    ui::{
        components::{Callout, Field, FieldError, FieldIds, FieldKind, FormErrors, ListEditor, SelectField, Tone},
        pages::providers::{forms::sign_in_change::algorithm_names, tick_chip::tick_chip},
    },
};

/// How an OpenID provider is asked, and which ID tokens are accepted.
#[component]
pub(super) fn Requests(
    /// The inputs.
    inputs: SignInInputs,
) -> impl IntoView {
    let requests = inputs.requests;
    let uses_hmac =
        Memo::new(move |_| requests.algorithms.with(|names| names.iter().any(|name| name.starts_with("HS"))));
    let prompts = OidcPrompt::ALL.iter().map(|prompt| (prompt.as_str().to_owned(), prompt.label().to_owned()));
    view! {
        <fieldset class="provider-fieldset">
            <legend>"Requests and tokens"</legend>
            <div class="field-pair">
                <SelectField
                    label="Client authentication"
                    name="token_endpoint_auth_method"
                    value=requests.authentication
                    choices=choices(ClientAuthentication::NAMES)
                    help="How the client secret is sent to the token endpoint."
                />
                <SelectField
                    label="Response mode"
                    name="response_mode"
                    value=requests.response_mode
                    choices=choices(ResponseMode::NAMES)
                    help="How the browser brings the response back from the provider."
                />
            </div>
            <Chips
                label="ID token algorithms"
                name="id_token_signing_algs"
                help="Which signatures are accepted. With none selected: those that the provider publishes, without HS256, HS384 and HS512."
                options=algorithm_names().into_iter().map(|name| (name, String::new())).collect()
                value=requests.algorithms
            />
            <Show when=move || uses_hmac.get()>
                <Callout tone=Tone::Warning title="HS algorithms sign with the client secret.">
                    <p>"Anyone who has the secret can sign in as any user of this provider."</p>
                </Callout>
            </Show>
            <ListEditor
                label="Allowed issuers"
                name="allowed_issuers"
                value=requests.allowed_issuers
                item="issuer"
                placeholder="https://login.microsoftonline.com/9122040d-6c67-4c5b-b112-36a304b66dad/v2.0"
                help="For a provider with several directory tenants: the issuers that ID tokens may have, in place of the provider's own."
                empty="Only the provider's own issuer is accepted."
            />
            <div class="field-pair">
                <SelectField
                    label="Userinfo endpoint"
                    name="userinfo"
                    value=requests.userinfo
                    choices=choices(UserInfoUse::NAMES)
                    help="When it is asked for claims. Each time costs one more request."
                />
                <Field
                    label="Maximum age of the authentication (s)"
                    name="max_age"
                    value=requests.max_age
                    kind=FieldKind::Number
                    optional=true
                    help="People who authenticated at the provider longer ago must do so again."
                />
            </div>
            <Chips
                label="Prompt"
                name="prompt"
                help="What the provider shows at every sign-in, unless the application asks for something else."
                options=prompts.collect()
                value=requests.prompt
            />
            <ListEditor
                label="Authentication contexts (acr_values)"
                name="acr_values"
                value=requests.acr_values
                item="context"
                placeholder="urn:example:mfa"
                help="Requested from the provider, the preferred one first. The provider may use another one."
                empty="None is requested."
            />
        </fieldset>
    }
}

/// Values to tick.
#[component]
fn Chips(
    /// What is chosen.
    label: &'static str,
    /// The field's name in the domain.
    name: &'static str,
    /// What choosing does.
    help: &'static str,
    /// The values, each with a note.
    options: Vec<(String, String)>,
    /// The chosen ones.
    value: RwSignal<Vec<String>>,
) -> impl IntoView {
    let FieldIds { input, help: help_id, error: error_id } = FieldIds::of(name);
    let error = FormErrors::of(name);
    let described_by = help_id.clone();
    view! {
        <fieldset class="field scope-editor" id=input tabindex="-1" aria-describedby=described_by>
            <legend class="field-label">{label}</legend>
            <p class="field-help" id=help_id>{help}</p>
            <ul class="scope-chips">{options.into_iter().map(|(name, note)| tick_chip(name, note, value)).collect_view()}</ul>
            <FieldError id=error_id error />
        </fieldset>
    }
}
