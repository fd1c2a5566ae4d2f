//! How users sign in, as switches. Creating and changing share them.

use leptos::prelude::*;

use super::fields::SignInFields;
use crate::ui::components::{Callout, Switch, Tone};

/// PKCE and logout of OpenID providers.
#[component]
pub fn OpenIdSwitches(
    /// The inputs.
    fields: SignInFields,
    /// Whether the provider lists PKCE with S256; `None` when it was not discovered.
    pkce_supported: Option<bool>,
) -> impl IntoView {
    let pkce_help = match pkce_supported {
        Some(true) => "Protects sign-ins against stolen codes. The provider supports S256, so this should be on.",
        Some(false) => {
            "Protects sign-ins against stolen codes. The provider does not list S256; many providers support or ignore it anyway."
        }
        None => "Protects sign-ins against stolen codes (RFC 7636, S256).",
    };
    view! {
        <Switch label="Use PKCE" name="pkce" value=fields.pkce help=pkce_help />
        <Show when=move || fields.pkce.get() && pkce_supported == Some(false)>
            <Callout tone=Tone::Warning title="Sign-in may fail with PKCE at this provider.">
                <p>"Try to sign in after saving. If the provider rejects the request, turn PKCE off."</p>
            </Callout>
        </Show>
        <Switch
            label="Sign out at the provider too"
            name="post_logout_redirect"
            value=fields.post_logout_redirect
            help="Users who sign out are sent to the provider's logout page and back. Needs an end-session endpoint."
        />
    }
}

/// What happens to users when they sign in.
#[component]
pub fn UserSwitches(
    /// The inputs.
    fields: SignInFields,
) -> impl IntoView {
    view! {
        <Switch
            label="Create unknown users"
            name="provisioning.auto_create_users"
            value=fields.auto_create_users
            help="When off, only existing users may sign in."
        />
        <Switch
            label="Update known users at each sign-in"
            name="provisioning.update_user_on_login"
            value=fields.update_user_on_login
            help="Mapped fields are set to the provider's values. A missing claim never clears a field."
        />
    }
}
