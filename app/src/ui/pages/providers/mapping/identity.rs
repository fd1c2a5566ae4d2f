//! Which claim identifies a user, and which claims are kept beside the user fields.

use leptos::prelude::*;

use crate::ui::{components::Field, pages::providers::fields::MappingFields};

/// The inputs that are about the user as a whole.
#[component]
pub fn IdentityInputs(
    /// The inputs.
    fields: MappingFields,
    /// Whether it is a directory, whose users are known by the attributes of its settings.
    is_directory: bool,
) -> impl IntoView {
    view! {
        <fieldset class="provider-fieldset">
            <legend>{if is_directory { "More attributes" } else { "Finding the user" }}</legend>
            <div class="field-pair" hidden=is_directory>
                <Field
                    label="User field"
                    name="user_field"
                    value=fields.user_field
                    monospace=true
                    help="The field of your users that is compared: username, or one of the fields below."
                />
                <Field
                    label="Identifying claim"
                    name="user_claim"
                    value=fields.user_claim
                    monospace=true
                    help="sub alone is promised never to change hands. Several claims, separated by spaces: the first one sent counts."
                />
            </div>
            <Field
                label=if is_directory { "Extra attributes" } else { "Extra claims" }
                name="extra_fields"
                value=fields.extra_fields
                monospace=true
                optional=true
                help="Kept with the user as they are, separated by spaces. Rules that give roles see these claims only: a claim that is not listed never matches."
            />
        </fieldset>
    }
}
