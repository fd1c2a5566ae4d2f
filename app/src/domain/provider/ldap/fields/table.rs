//! The table: a line for each setting, in the order of the audit log and, but for [`LdapSection::fields`], of the forms.

use super::{
    super::{
        DeltaStrategy, LdapBind, LdapScope, LdapVendor, LinkExisting, MemberFormat, MissingUsers, Reactivate, Referrals,
    },
    field::LdapField,
    kind::LdapFieldKind::{
        Attribute, BaseDn, BindName, Certificates as Pem, Choice, Filter, List, Number, ObjectClasses, Password,
        PrivateKey, SingleValuedAttribute, Switch,
    },
    kind::LdapSection::{
        Bind, Certificates, Effects, GroupSearch, Groups, Limits, Product, Schedule, Servers, UserAttributes,
        UserSearch,
    },
    value::SettingType,
};

/// `section: name = member: kind, label, help` with `, default` where an empty setting depends on the product.
macro_rules! fields {
    ($($section:ident: $name:ident = $($member:ident).+: $kind:expr, $label:literal, $help:literal $(, $default:expr)?;)+) => {
        [$(LdapField {
            name: stringify!($name),
            section: $section,
            kind: $kind,
            label: $label,
            help: $help,
            product_default: fields!(@default $($default)?),
            get: |config| config.$($member).+.value(),
            set: |config, entry| {
                config.$($member).+ = SettingType::read(entry)?;
                Ok(())
            },
            #[cfg(all(test, feature = "service"))]
            path: stringify!($($member).+),
        }),+]
    };
    (@default) => { |_| None };
    (@default $default:expr) => { $default };
}

const fn number(least: u32, most: u32) -> super::kind::LdapFieldKind {
    Number { least, most }
}

pub(super) static FIELDS: [LdapField; 43] = fields! {
    Product: vendor = vendor: Choice(LdapVendor::NAMES), "Directory", "Sets the defaults of the following steps.";

    Servers: urls = urls: List("server"), "Server URLs", "ldap:// or ldaps://, tried in order. All servers must hold the same directory.";
    Servers: start_tls = start_tls: Switch, "Use StartTLS", "Upgrades a connection to an ldap:// address to TLS before anything else is sent.";
    Servers: tls_verify = tls_verify: Switch, "Check the TLS certificate", "Without this check, anyone on the network path can impersonate the directory and read the password. Turn it off for tests only.";

    Certificates: ca_certificate = ca_certificate: Pem, "CA certificates", "PEM. Trusted in place of the system's authorities; required when the directory uses a private CA.";
    Certificates: client_certificate = client_certificate: Pem, "Client certificate", "PEM, with its chain. Presented to servers that request one.";
    Certificates: client_key = client_key: PrivateKey, "Private key of the client certificate", "PEM. Stored encrypted and never shown again. Leave empty to keep the stored key.";

    Bind: bind_type = bind_type: Choice(LdapBind::NAMES), "Bind method", "Use an account that can only read users and groups.";
    Bind: bind_dn = bind_dn: BindName, "Bind DN", "The full DN of the account, such as cn=reader,dc=example,dc=com. Active Directory also accepts reader@corp.example.";
    Bind: bind_password = bind_password: Password, "Bind password", "Stored encrypted and never shown again.";

    UserSearch: base_dn = base_dn: BaseDn, "Base DN", "Users and groups are searched below this DN.";
    UserSearch: user_base_dn = user_base_dn: BaseDn, "User base DN", "Enter it if users are in a narrower part of the directory.";
    UserSearch: user_search_scope = user_search_scope: Choice(LdapScope::NAMES), "User search scope", "";
    UserSearch: user_object_classes = user_object_classes: ObjectClasses, "User object classes", "Users must have all of them.", |vendor| Some(vendor.user_object_class());
    UserSearch: user_filter = user_filter: Filter, "User filter", "Users must also match it, such as (memberOf=cn=staff,dc=example,dc=com).";
    UserSearch: disabled_filter = disabled_filter: Filter, "Disabled-user filter", "Matching users are imported but cannot sign in.", LdapVendor::disabled_filter;

    UserAttributes: username_attribute = username_attribute: Attribute, "User name attribute", "Users sign in with its value. Entries without it, or with several values, fail.", |vendor| Some(vendor.username_attribute());
    UserAttributes: external_id_attribute = external_id_attribute: SingleValuedAttribute, "Permanent identifier", "An attribute that never changes, even when a user is renamed or moved.", |vendor| Some(vendor.external_id_attribute());

    Groups: sync_groups = groups.enabled: Switch, "Read groups", "Reads groups and their members. When off, groups come from the attribute that is mapped to Groups.";

    GroupSearch: group_base_dn = groups.base_dn: BaseDn, "Group base DN", "Enter it if groups are in a narrower part of the directory.";
    GroupSearch: group_search_scope = groups.search_scope: Choice(LdapScope::NAMES), "Group search scope", "";
    GroupSearch: group_object_classes = groups.object_classes: ObjectClasses, "Group object classes", "Groups must have all of them.", |vendor| Some(vendor.group_object_class());
    GroupSearch: group_filter = groups.filter: Filter, "Group filter", "Groups must also match it.";
    GroupSearch: group_name_attribute = groups.name_attribute: Attribute, "Group name attribute", "Its value is the group's name.";
    GroupSearch: group_member_attribute = groups.member_attribute: Attribute, "Member attribute", "Such as member, uniqueMember or memberUid.";
    GroupSearch: group_member_format = groups.member_format: Choice(MemberFormat::NAMES), "Member format", "";
    GroupSearch: nested_groups = groups.nested: Switch, "Include nested groups", "Members of a member group are members too, up to ten levels deep.";

    Limits: page_size = limits.page_size: number(0, 1000), "Page size", "Entries per request, up to 1000. 0 requests all entries at once.";
    Limits: connect_timeout_seconds = limits.connect_timeout_seconds: number(1, 60), "Connection timeout (s)", "For each server, from 1 to 60.";
    Limits: operation_timeout_seconds = limits.operation_timeout_seconds: number(1, 300), "Operation timeout (s)", "From 1 to 300.";
    Schedule: sync_timeout_seconds = limits.sync_timeout_seconds: number(30, 86_400), "Run timeout (s)", "For a whole synchronisation, from 30 to 86400.";
    Limits: max_entries = limits.max_entries: number(1, 10_000_000), "Entry limit", "A synchronisation that finds more entries fails and deactivates nobody.";
    Limits: referrals = limits.referrals: Choice(Referrals::NAMES), "Referrals", "Other servers are searched with the same account.";

    Schedule: sync_enabled = sync.enabled: Switch, "Synchronise on schedule", "You can start a run by hand at any time.";
    Schedule: sync_interval_minutes = sync.interval_minutes: number(5, 10_080), "Run interval (min)", "From 5 to 10080, which is a week.";
    Schedule: full_sync_interval_hours = sync.full_interval_hours: number(1, 8760), "Full run interval (h)", "Runs in between read changes only. Only a full run detects users who are gone.";
    Schedule: delta_strategy = sync.delta_strategy: Choice(DeltaStrategy::NAMES), "Change detection", "";
    Schedule: clock_skew_seconds = sync.clock_skew_seconds: number(0, 86_400), "Clock skew (s)", "How far the clocks of the directory's servers may differ.";

    Effects: missing_users = sync.missing_users: Choice(MissingUsers::NAMES), "Users no longer in the directory", "Applied after complete full runs only.";
    Effects: reactivate = sync.reactivate: Choice(Reactivate::NAMES), "Reactivate users who return", "Users whom an administrator blocked stay blocked.";
    Effects: max_deactivation_percent = sync.max_deactivation_percent: number(0, 100), "Deactivation limit (%)", "If more users are missing, the run deactivates nobody and reports it. 100 turns the limit off; it does not apply below 5 users.";
    Effects: link_existing = sync.link_existing: Choice(LinkExisting::NAMES), "Take over existing users", "Use it only if you trust the directory to identify its own users.";
    Effects: trust_email = sync.trust_email: Switch, "Trust email addresses", "The directory's email addresses count as verified.";
};
