//! `ldap_config` as it is written: every setting by a name of its own. What is left out gets its default.

use vestibule_app::domain::{
    patch::Patch,
    provider::{
        DeltaStrategy, LdapBind, LdapConfig, LdapGroups, LdapLimits, LdapScope, LdapVendor, LinkExisting, MemberFormat,
        MissingUsers, Reactivate, Referrals, SyncPolicy,
    },
    secret::Secret,
};

use super::super::input::ObjectReader;

pub(in crate::rest::scaikey) const VENDORS: [(&str, LdapVendor); 6] = [
    ("generic", LdapVendor::Generic),
    ("active_directory", LdapVendor::ActiveDirectory),
    ("openldap", LdapVendor::Openldap),
    ("389ds", LdapVendor::Ds389),
    ("freeipa", LdapVendor::Freeipa),
    ("edirectory", LdapVendor::Edirectory),
];
pub(in crate::rest::scaikey) const BINDS: [(&str, LdapBind); 3] =
    [("simple", LdapBind::Simple), ("anonymous", LdapBind::Anonymous), ("sasl_external", LdapBind::SaslExternal)];
pub(in crate::rest::scaikey) const SCOPES: [(&str, LdapScope); 2] =
    [("subtree", LdapScope::Subtree), ("one_level", LdapScope::OneLevel)];
pub(in crate::rest::scaikey) const FORMATS: [(&str, MemberFormat); 2] =
    [("dn", MemberFormat::Dn), ("username", MemberFormat::Username)];
pub(in crate::rest::scaikey) const REFERRALS: [(&str, Referrals); 2] =
    [("ignore", Referrals::Ignore), ("follow", Referrals::Follow)];
pub(in crate::rest::scaikey) const STRATEGIES: [(&str, DeltaStrategy); 4] = [
    ("auto", DeltaStrategy::Auto),
    ("modify_timestamp", DeltaStrategy::ModifyTimestamp),
    ("usn_changed", DeltaStrategy::UsnChanged),
    ("none", DeltaStrategy::None),
];
pub(in crate::rest::scaikey) const MISSING: [(&str, MissingUsers); 3] =
    [("deactivate", MissingUsers::Deactivate), ("ignore", MissingUsers::Ignore), ("delete", MissingUsers::Delete)];
pub(in crate::rest::scaikey) const REACTIVATE: [(&str, Reactivate); 3] =
    [("sync_deactivated", Reactivate::SyncDeactivated), ("any", Reactivate::Any), ("never", Reactivate::Never)];
pub(in crate::rest::scaikey) const LINKS: [(&str, LinkExisting); 3] =
    [("none", LinkExisting::None), ("email", LinkExisting::Email), ("username", LinkExisting::Username)];

/// `ldap_config`.
pub(super) fn read_ldap(reader: &ObjectReader<'_>) -> LdapConfig {
    let usual = LdapConfig::default();
    let read = LdapConfig {
        vendor: reader.choice("vendor", &VENDORS).unwrap_or(usual.vendor),
        urls: read_urls(reader),
        start_tls: reader.boolean("start_tls").unwrap_or(usual.start_tls),
        tls_verify: reader.boolean("tls_verify").unwrap_or(usual.tls_verify),
        ca_certificate: text_or_none(reader, "ca_certificate"),
        client_certificate: text_or_none(reader, "client_certificate"),
        client_key: secret(reader, "client_key"),
        has_client_key: false,
        bind_type: match reader.choice("bind_type", &BINDS) {
            Some(bind) => bind,
            // What cannot be read asks for nothing else.
            None if reader.mentions("bind_type") => LdapBind::Anonymous,
            None => usual.bind_type,
        },
        bind_dn: text_or_none(reader, "bind_dn"),
        bind_password: secret(reader, "bind_password"),
        has_bind_password: false,
        bind_password_changed_at: None,
        base_dn: reader.required_text("base_dn").unwrap_or_default(),
        user_base_dn: text_or_none(reader, "user_base_dn"),
        user_search_scope: reader.choice("user_search_scope", &SCOPES).unwrap_or(usual.user_search_scope),
        user_object_classes: reader.texts("user_object_classes", "top").unwrap_or_default(),
        user_filter: text_or_none(reader, "user_filter"),
        username_attribute: text_or_none(reader, "username_attribute"),
        external_id_attribute: text_or_none(reader, "external_id_attribute"),
        disabled_filter: text_or_none(reader, "disabled_filter"),
        groups: read_groups(reader),
        limits: read_limits(reader),
        sync: read_sync(reader),
    };
    // Other ways to say where the servers are, which are read where `urls` is missing alone.
    reader.refuse_near_misses(&["port", "use_ssl", "client_key_set", "bind_password_set"]);
    read
}

fn read_groups(reader: &ObjectReader<'_>) -> LdapGroups {
    let usual = LdapGroups::default();
    LdapGroups {
        enabled: reader.boolean("sync_groups").unwrap_or(usual.enabled),
        base_dn: text_or_none(reader, "group_base_dn"),
        search_scope: reader.choice("group_search_scope", &SCOPES).unwrap_or(usual.search_scope),
        object_classes: reader.texts("group_object_classes", "top").unwrap_or_default(),
        filter: text_or_none(reader, "group_filter"),
        name_attribute: reader.text("group_name_attribute").unwrap_or(usual.name_attribute),
        member_attribute: reader.text("group_member_attribute").unwrap_or(usual.member_attribute),
        member_format: reader.choice("group_member_format", &FORMATS).unwrap_or(usual.member_format),
        nested: reader.boolean("nested_groups").unwrap_or(usual.nested),
    }
}

fn read_limits(reader: &ObjectReader<'_>) -> LdapLimits {
    let usual = LdapLimits::default();
    LdapLimits {
        page_size: small(reader, "page_size").unwrap_or(usual.page_size),
        connect_timeout_seconds: small(reader, "connect_timeout_seconds").unwrap_or(usual.connect_timeout_seconds),
        operation_timeout_seconds: small(reader, "operation_timeout_seconds")
            .unwrap_or(usual.operation_timeout_seconds),
        sync_timeout_seconds: reader.whole("sync_timeout_seconds").unwrap_or(usual.sync_timeout_seconds),
        max_entries: reader.whole("max_entries").unwrap_or(usual.max_entries),
        referrals: reader.choice("referrals", &REFERRALS).unwrap_or(usual.referrals),
    }
}

fn read_sync(reader: &ObjectReader<'_>) -> SyncPolicy {
    let usual = SyncPolicy::default();
    SyncPolicy {
        enabled: reader.boolean("sync_enabled").unwrap_or(usual.enabled),
        interval_minutes: reader.whole("sync_interval_minutes").unwrap_or(usual.interval_minutes),
        full_interval_hours: reader.whole("full_sync_interval_hours").unwrap_or(usual.full_interval_hours),
        delta_strategy: reader.choice("delta_strategy", &STRATEGIES).unwrap_or(usual.delta_strategy),
        clock_skew_seconds: reader.whole("clock_skew_seconds").unwrap_or(usual.clock_skew_seconds),
        missing_users: reader.choice("missing_users", &MISSING).unwrap_or(usual.missing_users),
        reactivate: reader.choice("reactivate", &REACTIVATE).unwrap_or(usual.reactivate),
        max_deactivation_percent: small(reader, "max_deactivation_percent").unwrap_or(usual.max_deactivation_percent),
        link_existing: reader.choice("link_existing", &LINKS).unwrap_or(usual.link_existing),
        trust_email: reader.boolean("trust_email").unwrap_or(usual.trust_email),
    }
}

fn text_or_none(reader: &ObjectReader<'_>, name: &'static str) -> Option<String> {
    match reader.text_or_null(name) {
        Patch::Set(text) => Some(text).filter(|text| !text.is_empty()),
        Patch::Keep | Patch::Clear => None,
    }
}

/// A secret that is absent or null is one that stays; an empty one is told apart.
fn secret(reader: &ObjectReader<'_>, name: &'static str) -> Option<Secret> {
    reader.text_or_null(name).value().cloned().map(Secret::new)
}

/// A number of a smaller type. One that does not fit is out of range in any case, which the domain's rules tell.
fn small<T: TryFrom<u32> + Bounded>(reader: &ObjectReader<'_>, name: &'static str) -> Option<T> {
    reader.whole(name).map(|number| T::try_from(number).unwrap_or(T::MOST))
}

trait Bounded {
    const MOST: Self;
}

impl Bounded for u8 {
    const MOST: Self = Self::MAX;
}

impl Bounded for u16 {
    const MOST: Self = Self::MAX;
}

/// `urls`, or what others write in their place: `url`, or `host` with `port` and `use_ssl`.
fn read_urls(reader: &ObjectReader<'_>) -> Vec<String> {
    let mut given = ["urls", "url", "host"].into_iter().filter(|name| reader.mentions(name));
    if let Some(first) = given.next() {
        given.for_each(|name| reader.refuse(name, &format!("{first} says where the servers are; leave this out")));
    }
    if reader.mentions("urls") {
        return reader.texts("urls", STAND_IN).unwrap_or_default();
    }
    if reader.mentions("url") {
        return vec![reader.text("url").unwrap_or_else(|| STAND_IN.to_owned())];
    }
    if !reader.mentions("host") {
        reader.miss("urls");
        return Vec::new();
    }
    let scheme = if reader.boolean("use_ssl").unwrap_or_default() { "ldaps" } else { "ldap" };
    let port = reader.port("port").map(|port| format!(":{port}")).unwrap_or_default();
    vec![reader.text("host").map_or_else(|| STAND_IN.to_owned(), |host| format!("{scheme}://{host}{port}"))]
}

/// An address without a fault in place of one that is no text, which is told already.
const STAND_IN: &str = "ldap://directory.invalid";
