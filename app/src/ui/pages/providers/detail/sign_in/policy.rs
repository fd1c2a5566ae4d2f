//! Whom people who sign in become, and when their email address counts.

use leptos::prelude::*;

use super::fields::SignInInputs;
use crate::{
    domain::{
        actor::Role,
        provider::{EmailTrust, Linking},
    },
    ui::{
        components::{Callout, Choice, ListEditor, SelectField, Switch, Tone},
        pages::providers::forms::sign_in_change::{email_trust_risk, linking_risk},
        state::Session,
    },
};

/// Every value of an enumeration as a choice.
pub(super) fn choices(names: &[(&'static str, &'static str)]) -> Vec<Choice> {
    names.iter().map(|(value, label)| Choice::new(*value, *label)).collect()
}

/// Unknown people: created, linked, or found among the users who exist.
#[component]
pub(super) fn UnknownPeople(
    /// The inputs.
    inputs: SignInInputs,
) -> impl IntoView {
    let risk = Memo::new(move |_| inputs.linking.with(|linking| linking.parse().ok()).and_then(linking_risk));
    view! {
        <fieldset class="provider-fieldset">
            <legend>"Unknown people"</legend>
            <Switch
                label="Create unknown users"
                name="provisioning.auto_create_users"
                value=inputs.creates
                help="When off, only people who are already users can sign in. You can still let one person in from the page of a refused sign-in."
            />
            <SelectField
                label="Link to existing users"
                name="linking"
                value=inputs.linking
                choices=choices(Linking::NAMES)
                help="Whether a person who signs in for the first time can become a user who exists already and came from elsewhere."
            />
            {move || risk.get().map(|risk| view! { <Callout tone=Tone::Warning title=risk /> })}
            <Switch
                label="Find existing users by the user field"
                name="match_existing_users"
                value=inputs.match_existing_users
                help="A user whom this provider did not bring is found by comparing the user field with the identifying claim."
            />
            <Show when=move || inputs.match_existing_users.get()>
                <Callout tone=Tone::Warning title="Anyone who controls the provider can sign in as any user of the tenant.">
                    <p>"Turn this on only for a provider that you run yourself, for example to move users to it."</p>
                </Callout>
            </Show>
        </fieldset>
    }
}

/// When an email address counts as verified.
#[component]
pub(super) fn EmailAddresses(
    /// The inputs.
    inputs: SignInInputs,
) -> impl IntoView {
    let risk = Memo::new(move |_| inputs.email_trust.with(|trust| trust.parse().ok()).and_then(email_trust_risk));
    // For convenience; the server decides.
    let may_confirm = untrack(|| Session::current().user()).is_some_and(|user| user.grant.role == Role::PlatformAdmin);
    let help = if may_confirm {
        "Email domains that belong to the provider's organization. Confirm a domain only after its owner has proved it."
    } else {
        "Email domains that belong to the provider's organization. Only a platform administrator can confirm them."
    };
    view! {
        <fieldset class="provider-fieldset">
            <legend>"Email addresses"</legend>
            <SelectField
                label="An address counts as verified"
                name="email_trust"
                value=inputs.email_trust
                choices=choices(EmailTrust::NAMES)
            />
            {move || risk.get().map(|risk| view! { <Callout tone=Tone::Warning title=risk /> })}
            <ListEditor
                label="Confirmed domains"
                name="confirmed_domains"
                value=inputs.confirmed_domains
                item="domain"
                placeholder="example.com"
                help
                empty="No domain is confirmed."
                disabled=Signal::stored(!may_confirm)
            />
        </fieldset>
    }
}
