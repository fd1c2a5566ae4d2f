//! The steps that only directories have, drawn from the table of settings.

use leptos::prelude::*;

use super::{connection::LdapParts, options_step::NameAndOwner, state::CreateState, step_frame::StepFrame};
use crate::{
    domain::provider::LdapSection,
    ui::{
        components::{ListEditor, SecretState, Switch},
        pages::providers::{
            forms::step::CreateStep,
            ldap::{ReaderPanel, SamplePanel, VendorDefaults, sections},
            mapping::MappingEditor,
            sign_in_switches::UserSwitches,
        },
    },
};

/// A step of creating a directory; all but the last.
pub fn ldap_step(state: CreateState, parts: LdapParts, step: CreateStep) -> AnyView {
    let LdapParts { fields, reader, users } = parts;
    let asks = move |list: &'static [LdapSection]| sections(fields, reader, Signal::stored(SecretState::NotSet), list);
    let lead = match step {
        CreateStep::Product => "The product sets the defaults of the following steps.",
        CreateStep::Connect => "Where the directory is, and the account that reads it.",
        CreateStep::Users => "Empty fields use the product's default.",
        CreateStep::Groups => "Groups of the directory can be mapped to groups of tenants.",
        CreateStep::Map => "The first attribute that has a usable value wins.",
        CreateStep::Options | CreateStep::Review => "When users and groups are read, and how users are affected.",
    };
    // Drawn within the form, so that problems find their inputs.
    let inputs = move || match step {
        CreateStep::Product => view! {
            {asks(&[LdapSection::Product])}
            <VendorDefaults fields />
            <NameAndOwner state />
        }
        .into_any(),
        CreateStep::Connect => view! {
            {asks(&[LdapSection::Servers, LdapSection::Bind, LdapSection::Certificates])}
            <ReaderPanel reader fields />
        }
        .into_any(),
        CreateStep::Users => asks(&[LdapSection::UserSearch, LdapSection::UserAttributes, LdapSection::Limits]),
        CreateStep::Groups => asks(&[LdapSection::Groups, LdapSection::GroupSearch]),
        CreateStep::Map => {
            if reader.report.with_untracked(Option::is_some) {
                users.start();
            }
            let mapping = Signal::derive(move || state.mapping.get());
            view! {
                <MappingEditor fields=state.mapping known_claims=untrack(|| reader.known_claims())>
                    <SamplePanel users fields mapping />
                </MappingEditor>
            }
            .into_any()
        }
        CreateStep::Options | CreateStep::Review => {
            options(state, asks(&[LdapSection::Schedule, LdapSection::Effects]))
        }
    };
    view! { <StepFrame state step lead>{inputs()}</StepFrame> }.into_any()
}

/// Schedule, effects and access.
fn options(state: CreateState, schedule: AnyView) -> AnyView {
    view! {
        {schedule}
        <fieldset class="provider-fieldset">
            <legend>"Access"</legend>
            <UserSwitches fields=state.options.sign_in />
            <ListEditor
                label="Allowed email domains"
                name="allowed_domains"
                value=state.options.allowed_domains
                item="domain"
                placeholder="example.com"
                help="Only users with an email address in one of these domains are imported. Enter *.example.com for its subdomains."
                empty="Every email domain."
            />
        </fieldset>
        <Switch
            label="Enabled"
            name="enabled"
            value=state.options.enabled
            help="Users may sign in once they are imported."
        />
    }
    .into_any()
}
