//! The settings of a directory, read-only.

use leptos::prelude::*;

use crate::{
    domain::provider::{LdapBind, LdapConfig, LdapSection},
    ui::{
        components::{Card, Detail, DetailList, SecretState},
        pages::providers::ldap::facts,
    },
};

/// The settings of a directory, read-only.
#[component]
pub fn LdapSettings(
    /// The settings.
    config: LdapConfig,
) -> impl IntoView {
    const SHOWN: [LdapSection; 5] = [
        LdapSection::Product,
        LdapSection::Servers,
        LdapSection::Bind,
        LdapSection::UserSearch,
        LdapSection::UserAttributes,
    ];
    let password = SecretState::new(config.has_bind_password, config.bind_password_changed_at).words("Not set");
    let is_simple = config.bind_type == LdapBind::Simple;
    view! {
        <Card title="LDAP">
            {facts(&config, &SHOWN)}
            {is_simple.then(|| view! { <DetailList><Detail label="Bind password">{password}</Detail></DetailList> })}
        </Card>
    }
}
