//! The settings of an LDAP directory, to read.

use leptos::prelude::*;

use crate::{
    domain::provider::{LdapBind, LdapConfig, LdapScope, LdapVendor},
    ui::{
        components::{Callout, Card, Detail, DetailList, SecretState, Tone},
        pages::providers::forms::words,
    },
};

/// The settings of an LDAP directory, to read.
#[component]
pub fn LdapSettings(
    /// The settings.
    config: LdapConfig,
) -> impl IntoView {
    let LdapConfig {
        vendor,
        urls,
        start_tls,
        tls_verify,
        bind_type,
        bind_dn,
        bind_password: _, // never reaches the browser
        has_bind_password,
        bind_password_changed_at,
        base_dn,
        user_base_dn,
        user_search_scope,
        user_object_classes,
        user_filter,
        username_attribute,
        external_id_attribute,
        ..
    } = config;
    let or_default = |text: Option<String>| text.unwrap_or_else(|| "As the product has it".to_owned());
    let scope = match user_search_scope {
        LdapScope::Subtree => "Everything below",
        LdapScope::OneLevel => "Direct children only",
    };
    view! {
        <Card title="LDAP">
            <Callout tone=Tone::Info title="These settings can be read here and changed through the API." />
            <DetailList>
                <Detail label="Product">{product(vendor)}</Detail>
                <Detail label="Servers"><code>{words::list(&urls)}</code></Detail>
                <Detail label="StartTLS">{words::on_off(start_tls)}</Detail>
                <Detail label="TLS certificate">{if tls_verify { "Checked" } else { "Not checked" }}</Detail>
                <Detail label="Bind">{bind(bind_type)}</Detail>
                <Detail label="Bind DN"><code>{bind_dn.unwrap_or_else(|| "–".to_owned())}</code></Detail>
                <Detail label="Bind password">{SecretState::new(has_bind_password, bind_password_changed_at).words("Not set")}</Detail>
                <Detail label="Base DN"><code>{base_dn}</code></Detail>
                <Detail label="Users below"><code>{user_base_dn.unwrap_or_else(|| "The base DN".to_owned())}</code></Detail>
                <Detail label="Search">{scope}</Detail>
                <Detail label="Object classes">{words::list(&user_object_classes)}</Detail>
                <Detail label="Filter"><code>{user_filter.unwrap_or_else(|| "–".to_owned())}</code></Detail>
                <Detail label="User name attribute">{or_default(username_attribute)}</Detail>
                <Detail label="Identifying attribute">{or_default(external_id_attribute)}</Detail>
            </DetailList>
        </Card>
    }
}

const fn product(vendor: LdapVendor) -> &'static str {
    match vendor {
        LdapVendor::Generic => "Any LDAP server",
        LdapVendor::ActiveDirectory => "Microsoft Active Directory",
        LdapVendor::Openldap => "OpenLDAP",
        LdapVendor::Ds389 => "389 Directory Server",
        LdapVendor::Freeipa => "FreeIPA",
        LdapVendor::Edirectory => "NetIQ eDirectory",
    }
}

const fn bind(bind: LdapBind) -> &'static str {
    match bind {
        LdapBind::Simple => "With name and password",
        LdapBind::Anonymous => "Anonymous",
        LdapBind::SaslExternal => "With the client certificate",
    }
}
