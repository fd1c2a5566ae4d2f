//! The settings of a directory as one table: what there is, what it is called and how it is entered.

use crate::domain::provider::{
    DeltaStrategy, LdapBind, LdapScope, LdapVendor, LinkExisting, MemberFormat, MissingUsers, Reactivate, Referrals,
};

use super::problems::root;

/// Settings that stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Which product it is; stands alone.
    Product,
    /// Where the servers are.
    Servers,
    /// Who asks.
    Bind,
    /// What proves who the servers are, and who we are.
    Certificates,
    /// Which users there are.
    Users,
    /// What makes a user.
    Identity,
    /// How much is asked at once.
    Limits,
    /// Whether groups are read.
    Groups,
    /// Which groups there are.
    GroupSearch,
    /// When a synchronisation runs.
    Schedule,
    /// What it does to users.
    Effects,
}

impl Section {
    /// The heading.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Product => "Product",
            Self::Servers => "Servers",
            Self::Bind => "Bind",
            Self::Certificates => "Certificates",
            Self::Users => "Finding users",
            Self::Identity => "What makes a user",
            Self::Limits => "Sizes and times",
            Self::Groups => "Groups",
            Self::GroupSearch => "Finding groups",
            Self::Schedule => "Schedule",
            Self::Effects => "What happens to users",
        }
    }
}

/// How a setting is entered.
#[derive(Clone, Copy)]
pub enum Input {
    /// A line, with what is offered while typing.
    Text(Offered),
    /// A whole number.
    Number,
    /// Several lines.
    Lines,
    /// On or off.
    Flag,
    /// A list; one row as a noun, and what is offered.
    Rows(&'static str, Offered),
    /// One of a few: each as it is sent, and in words.
    Choice(&'static [(&'static str, &'static str)]),
}

/// What a directory says that can be offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offered {
    /// Nothing.
    Nothing,
    /// Places to search below.
    Bases,
    /// Attributes.
    Attributes,
    /// Attributes with one value at most.
    SingleAttributes,
    /// Object classes.
    Classes,
}

/// A setting.
#[derive(Clone, Copy)]
pub struct Setting {
    /// Its name in problems and on the wire.
    pub name: &'static str,
    /// What it belongs to.
    pub section: Section,
    /// How it is entered.
    pub input: Input,
    /// Its label.
    pub label: &'static str,
    /// What it does.
    pub help: &'static str,
}

const fn setting(
    section: Section,
    name: &'static str,
    input: Input,
    label: &'static str,
    help: &'static str,
) -> Setting {
    Setting { name, section, input, label, help }
}

const PLAIN: Input = Input::Text(Offered::Nothing);
const BASE: Input = Input::Text(Offered::Bases);
const ATTRIBUTE: Input = Input::Text(Offered::Attributes);

/// Every setting, in the order in which it is asked for. The bind password stands beside.
pub static SETTINGS: [Setting; 42] = {
    use Section::{
        Bind, Certificates, Effects, GroupSearch, Groups, Identity, Limits, Product, Schedule, Servers, Users,
    };
    [
        setting(
            Product,
            "vendor",
            Input::Choice(LdapVendor::NAMES),
            "Directory",
            "Sets the defaults of the steps that follow, and nothing else.",
        ),
        setting(
            Servers,
            "urls",
            Input::Rows("server", Offered::Nothing),
            "Addresses",
            "ldap:// or ldaps://, tried in order. Several servers of the same directory.",
        ),
        setting(
            Servers,
            "start_tls",
            Input::Flag,
            "Use StartTLS",
            "Encrypts a connection to an ldap:// address before anything is said.",
        ),
        setting(
            Servers,
            "tls_verify",
            Input::Flag,
            "Check the TLS certificate",
            "Without the check, anybody on the way can pretend to be the directory and read the password. Turn it off for tests only.",
        ),
        setting(
            Bind,
            "bind_type",
            Input::Choice(LdapBind::NAMES),
            "Sign in at the directory",
            "An account that may read users and groups, and nothing more.",
        ),
        setting(
            Bind,
            "bind_dn",
            PLAIN,
            "Bind DN",
            "The whole name of the account, such as cn=reader,dc=example,dc=com. Active Directory also takes reader@corp.example.",
        ),
        setting(
            Certificates,
            "ca_certificate",
            Input::Lines,
            "Certificate authorities",
            "In PEM. They count in place of the system's; needed where the directory has an authority of its own.",
        ),
        setting(
            Certificates,
            "client_certificate",
            Input::Lines,
            "Client certificate",
            "In PEM, with its chain. Shown to servers that ask for one.",
        ),
        setting(
            Certificates,
            "client_key",
            Input::Lines,
            "Key of the client certificate",
            "In PEM. Stored encrypted and never shown again; a stored one stays while this is empty.",
        ),
        setting(Users, "base_dn", BASE, "Base DN", "Where everything lies below."),
        setting(Users, "user_base_dn", BASE, "Users below", "Where users lie, when that is narrower than the base."),
        setting(Users, "user_search_scope", Input::Choice(LdapScope::NAMES), "Depth", ""),
        setting(
            Users,
            "user_object_classes",
            Input::Rows("object class", Offered::Classes),
            "Object classes",
            "A user must have all of them.",
        ),
        setting(
            Users,
            "user_filter",
            PLAIN,
            "Filter",
            "Demanded as well, such as (memberOf=cn=staff,dc=example,dc=com).",
        ),
        setting(
            Users,
            "disabled_filter",
            PLAIN,
            "Filter for users who are switched off",
            "Who is found by it is known and cannot sign in.",
        ),
        setting(
            Identity,
            "username_attribute",
            ATTRIBUTE,
            "User name attribute",
            "What users sign in with. An entry without it, or with several values, is left out.",
        ),
        setting(
            Identity,
            "external_id_attribute",
            Input::Text(Offered::SingleAttributes),
            "Identifying attribute",
            "What never changes, even when somebody is renamed or moved.",
        ),
        setting(
            Limits,
            "page_size",
            Input::Number,
            "Page size",
            "Entries asked for at once, up to 1000; 0 asks for all.",
        ),
        setting(
            Limits,
            "max_entries",
            Input::Number,
            "Most entries",
            "A synchronisation that sees more fails, and deactivates nobody.",
        ),
        setting(
            Limits,
            "connect_timeout_seconds",
            Input::Number,
            "Seconds to connect",
            "For one server, from 1 to 60.",
        ),
        setting(Limits, "operation_timeout_seconds", Input::Number, "Seconds for an operation", "From 1 to 300."),
        setting(
            Limits,
            "referrals",
            Input::Choice(Referrals::NAMES),
            "Referrals",
            "Whether servers that the directory names are asked too, with the same account.",
        ),
        setting(
            Groups,
            "sync_groups",
            Input::Flag,
            "Read groups",
            "Groups and who belongs to them. Without it, the attribute that is mapped to groups counts.",
        ),
        setting(
            GroupSearch,
            "group_base_dn",
            BASE,
            "Groups below",
            "Where groups lie, when that is narrower than the base.",
        ),
        setting(GroupSearch, "group_search_scope", Input::Choice(LdapScope::NAMES), "Depth of groups", ""),
        setting(
            GroupSearch,
            "group_object_classes",
            Input::Rows("object class", Offered::Classes),
            "Object classes of groups",
            "A group must have all of them.",
        ),
        setting(GroupSearch, "group_filter", PLAIN, "Filter for groups", "Demanded as well."),
        setting(GroupSearch, "group_name_attribute", ATTRIBUTE, "Name attribute", "What a group is called."),
        setting(
            GroupSearch,
            "group_member_attribute",
            ATTRIBUTE,
            "Member attribute",
            "Such as member, uniqueMember or memberUid.",
        ),
        setting(GroupSearch, "group_member_format", Input::Choice(MemberFormat::NAMES), "Members are given as", ""),
        setting(
            GroupSearch,
            "nested_groups",
            Input::Flag,
            "Members of member groups count too",
            "Down to a depth of ten.",
        ),
        setting(
            Schedule,
            "sync_enabled",
            Input::Flag,
            "Synchronise on schedule",
            "It can be started by hand at any time.",
        ),
        setting(
            Schedule,
            "sync_interval_minutes",
            Input::Number,
            "Minutes between runs",
            "From 5 to 10080, which is a week.",
        ),
        setting(
            Schedule,
            "full_sync_interval_hours",
            Input::Number,
            "Hours between full runs",
            "Runs between them read what changed. Only a full run sees who is gone.",
        ),
        setting(Schedule, "delta_strategy", Input::Choice(DeltaStrategy::NAMES), "Changes are found", ""),
        setting(
            Schedule,
            "clock_skew_seconds",
            Input::Number,
            "Seconds that clocks may differ",
            "Between the servers of the directory.",
        ),
        setting(Schedule, "sync_timeout_seconds", Input::Number, "Seconds for a run", "From 30 to 86400."),
        setting(
            Effects,
            "missing_users",
            Input::Choice(MissingUsers::NAMES),
            "Users who are gone",
            "Only a complete full run judges it.",
        ),
        setting(
            Effects,
            "max_deactivation_percent",
            Input::Number,
            "Most users to deactivate, in percent",
            "When more are gone, a run deactivates nobody and says so. 100 switches this off; it does not count below 5 users.",
        ),
        setting(
            Effects,
            "reactivate",
            Input::Choice(Reactivate::NAMES),
            "Users who come back",
            "Whom an administrator blocked stays blocked.",
        ),
        setting(
            Effects,
            "link_existing",
            Input::Choice(LinkExisting::NAMES),
            "Take over users who exist already",
            "Only where the directory can be trusted to name its own users.",
        ),
        setting(
            Effects,
            "trust_email",
            Input::Flag,
            "Trust e-mail addresses",
            "The directory's addresses count as verified.",
        ),
    ]
};

/// The settings of a section, in order.
pub fn settings_of(section: Section) -> impl Iterator<Item = &'static Setting> {
    SETTINGS.iter().filter(move |setting| setting.section == section)
}

/// The section of the field that a problem names.
pub fn section_of(field: &str) -> Option<Section> {
    let root = root(field);
    if root == "bind_password" {
        return Some(Section::Bind);
    }
    SETTINGS.iter().find(|setting| setting.name == root).map(|setting| setting.section)
}
