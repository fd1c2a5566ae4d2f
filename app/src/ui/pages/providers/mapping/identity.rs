//! Which claim identifies a user, and which claims are kept beside the user fields.

use leptos::prelude::*;

use crate::{
    domain::{mapping::user_claim_risk, provider::Protocol, words::plural},
    ui::{
        components::{Callout, Field, Tone},
        pages::providers::{fields::MappingFields, forms::words::claim_term},
    },
};

/// The inputs that are about the user as a whole.
#[component]
pub fn IdentityInputs(
    /// The inputs.
    fields: MappingFields,
    /// The protocol. Users of directories are identified by the directory's settings.
    protocol: Protocol,
) -> impl IntoView {
    let (is_directory, term) = (protocol == Protocol::Ldap, claim_term(protocol));
    let promise = match protocol {
        Protocol::Saml => "NameID is the subject of an assertion.",
        Protocol::Oidc | Protocol::Ldap => "Only sub is guaranteed never to be reassigned.",
    };
    let risk = Memo::new(move |_| {
        fields.user_claim.with(|claims| user_claim_risk(claims)).filter(|_| protocol == Protocol::Oidc)
    });
    view! {
        <fieldset class="provider-fieldset">
            <legend>{if is_directory { "More attributes" } else { "Finding the user" }}</legend>
            <div class="field-pair" hidden=is_directory>
                <Field
                    label="User field"
                    name="user_field"
                    value=fields.user_field
                    monospace=true
                    help="The user field that is compared: username, or one of the fields below."
                />
                <Field
                    label=format!("Identifying {}", term.word)
                    name="user_claim"
                    value=fields.user_claim
                    monospace=true
                    help=format!("{promise} Separate several {} by spaces; the first one that is sent is used.", plural(term.word))
                />
            </div>
            {move || risk.get().map(|risk| view! { <Callout tone=Tone::Warning title=risk /> })}
            <Field
                label=format!("Extra {}", plural(term.word))
                name="extra_fields"
                value=fields.extra_fields
                monospace=true
                optional=true
                help=format!(
                    "Kept with the user as they are, separated by spaces. Role rules can only use these {2}: \
                     a{1} {0} that is not listed never matches.",
                    term.word,
                    if protocol == Protocol::Oidc { "" } else { "n" },
                    plural(term.word),
                )
            />
        </fieldset>
    }
}
