//! Name, owner, scopes and access.

use leptos::prelude::*;

use super::{owner_field::OwnerField, state::CreateState, step_frame::StepFrame};
use crate::{
    domain::provider::Protocol,
    ui::{
        components::{Callout, Field, FieldKind, Switch, Tone},
        pages::{
            providers::{
                access_lists::AccessLists,
                forms::{step::Step, suggested::supports_pkce},
                scope_editor::ScopeEditor,
                sign_in_switches::{OpenIdSwitches, UserSwitches},
            },
            slug::slug_follows,
        },
    },
};

/// The third step.
#[component]
pub fn OptionsStep(
    /// The state of creating.
    state: CreateState,
) -> impl IntoView {
    let fields = state.options;
    let report = state.fetched.get_untracked().map(|fetched| fetched.report);
    let pkce_supported = report.as_ref().map(supports_pkce);
    let attributes = state.mapping.attributes;
    let is_saml = state.protocol() == Protocol::Saml;
    view! {
        <StepFrame state step=Step::Options lead="Everything here can be changed later, except the slug and the owner.">
            <NameAndOwner state />
            <fieldset class="provider-fieldset">
                <legend>"Signing in"</legend>
                {(!is_saml)
                    .then(|| {
                        view! {
                            <ScopeEditor value=fields.sign_in.extra_scopes attributes=attributes.read_only() report />
                            <OpenIdSwitches fields=fields.sign_in pkce_supported />
                        }
                            .into_any()
                    })}
                <UserSwitches fields=fields.sign_in />
                <Field
                    label="Account management URL"
                    name="management_url"
                    value=fields.management_url
                    kind=FieldKind::Url
                    monospace=true
                    optional=true
                    help="Where users change their password and personal data at the provider."
                />
            </fieldset>
            <fieldset class="provider-fieldset">
                <legend>"Access"</legend>
                <AccessLists redirects=fields.allowed_redirects domains=fields.allowed_domains />
            </fieldset>
            <Switch
                label="Enabled"
                name="enabled"
                value=fields.enabled
                help="Users may sign in as soon as the provider is saved. Register the callback URL at the provider first, or turn this on later."
            />
            <Show when=move || !fields.enabled.get()>
                <Callout tone=Tone::Info title="The provider is saved as disabled until it is enabled." />
            </Show>
        </StepFrame>
    }
}

/// Name, owner and slug.
#[component]
pub fn NameAndOwner(
    /// The state of creating.
    state: CreateState,
) -> impl IntoView {
    let fields = state.options;
    slug_follows(fields.label, fields.slug, fields.is_slug_typed);
    view! {
        <fieldset class="provider-fieldset">
            <legend>"Name and owner"</legend>
            <Field
                label="Name"
                name="name"
                value=fields.label
                help="Shown to users on the sign-in page and to administrators. Unique for its owner."
            />
            <OwnerField state />
            <Show when=move || fields.owner.with(String::is_empty)>
                <Field
                    label="Slug"
                    name="slug"
                    value=fields.slug
                    monospace=true
                    optional=true
                    help="Short name in URLs and in the API; it never changes. Up to 32 lower-case letters, digits, _ or single -. Generated from the name unless you edit it; a number is added when it is taken."
                />
            </Show>
        </fieldset>
    }
}
