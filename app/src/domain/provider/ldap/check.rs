//! Checks of a directory's settings that need nothing but the settings. Filters and certificates are judged by the server,
//! which can read them.

use crate::domain::{
    ldap::{check_dn, holds_passwords, is_attribute, is_attribute_description},
    mapping::{AttributeMapping, UserMapping},
    problem::{Problem, ProblemCode},
    provider::check_text,
    secret::Secret,
    web_url::WebUrl,
};

use super::{LdapBind, LdapConfig, LdapGroups, LdapLimits, LdapVendor, SyncPolicy};

/// The longest text in PEM: a chain, or a bundle of authorities.
const MAX_PEM: usize = 64 * 1024;

/// How many object classes may be demanded.
const MAX_CLASSES: usize = 20;

/// Checks the settings of a directory; all problems at once. Fields are named as dialects name them, without nesting.
pub(in crate::domain) fn check(problems: &mut Vec<Problem>, config: &LdapConfig) {
    let LdapConfig {
        vendor: _,
        urls,
        start_tls,
        tls_verify: _, // needs the operator's permission, which the server knows
        ca_certificate,
        client_certificate,
        client_key,
        has_client_key: _,
        bind_type: _,
        bind_dn: _,
        bind_password: _,
        has_bind_password: _,
        bind_password_changed_at: _,
        base_dn,
        user_base_dn,
        user_search_scope: _,
        user_object_classes,
        user_filter,
        username_attribute,
        external_id_attribute,
        disabled_filter,
        groups,
        limits,
        sync,
    } = config;
    name(problems, "base_dn", base_dn, true);
    servers(problems, urls);
    if *start_tls && urls.iter().any(|url| url.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("ldaps:"))) {
        let message = "A connection to an ldaps:// address is encrypted from the start. Switch StartTLS off.";
        problems.push(Problem::new("start_tls", ProblemCode::NotAllowed, message));
    }
    bind(problems, config);
    for (field, text) in [
        ("ca_certificate", ca_certificate.as_deref()),
        ("client_certificate", client_certificate.as_deref()),
        ("client_key", client_key.as_ref().map(Secret::expose)),
    ] {
        if text.is_some_and(|text| text.len() > MAX_PEM) {
            problems.push(Problem::new(field, ProblemCode::TooLong { limit: MAX_PEM }, "Enter at most 64 KiB."));
        }
    }
    name(problems, "user_base_dn", user_base_dn.as_deref().unwrap_or_default(), false);
    classes(problems, "user_object_classes", user_object_classes);
    filter(problems, "user_filter", user_filter.as_deref());
    filter(problems, "disabled_filter", disabled_filter.as_deref());
    for (field, text) in [("username_attribute", username_attribute), ("external_id_attribute", external_id_attribute)]
    {
        if let Some(text) = text {
            attribute(problems, field, text);
        }
    }
    check_groups(problems, groups);
    check_limits(problems, limits);
    check_sync(problems, sync);
}

/// Checks the attributes that a mapping names. Those that `before` names as well stay as they are.
pub fn check_directory_mapping(
    attributes: Option<&AttributeMapping>,
    extra_fields: Option<&str>,
    before: Option<&UserMapping>,
) -> Vec<Problem> {
    let known = |name: &str| {
        before.is_some_and(|before| {
            let mapped = before.attributes.iter().flat_map(|(_, names)| names.iter().map(String::as_str));
            mapped.chain(before.extra_claims()).any(|known| known == name)
        })
    };
    let wrong = |name: &str| {
        if known(name) {
            None
        } else if holds_passwords(name) {
            Some("holds passwords, which are never read. Choose another attribute.")
        } else if is_attribute_description(name) {
            None
        } else if name.contains('=') && name.contains(';') {
            Some("asks for a range. Leave the range out: all values are read.")
        } else {
            Some(
                "is not an attribute name. Write its name, with options where it has some: givenName or givenName;lang-en.",
            )
        }
    };
    let mapped = attributes
        .into_iter()
        .flat_map(AttributeMapping::iter)
        .flat_map(|(field, names)| names.iter().map(move |name| ("attributes", Some(field), name.as_str())));
    let kept = extra_fields.unwrap_or_default().split_whitespace().map(|name| ("extra_fields", None, name));
    let told = mapped.chain(kept).filter_map(|(place, field, name)| {
        let what = wrong(name)?;
        let code = if holds_passwords(name) { ProblemCode::NotAllowed } else { ProblemCode::Malformed };
        let of = field.map(|field| format!(" for {field}")).unwrap_or_default();
        Some(Problem::new(place, code, format!("The attribute {name:?}{of} {what}")))
    });
    told.collect()
}

fn servers(problems: &mut Vec<Problem>, urls: &[String]) {
    if urls.is_empty() || urls.len() > 8 {
        problems.push(Problem::new("urls", ProblemCode::Required, "Give 1 to 8 server addresses."));
    }
    for (index, url) in urls.iter().enumerate() {
        let parsed = WebUrl::parse(url).filter(|_| url.len() <= 2000);
        let message = match parsed {
            Some(url) if url.host.ends_with('.') => "Remove the dot at the end of the host.",
            Some(url) if matches!(url.scheme.as_str(), "ldap" | "ldaps") && !url.host.is_empty() => {
                let is_server = matches!(url.path.as_str(), "" | "/") && !url.has_query && !url.has_fragment;
                if is_server && !url.has_userinfo {
                    continue;
                }
                // Whoever sees the provider sees its addresses.
                "Enter the server alone, such as ldaps://directory.example.com: account, password, base and filter have \
                 fields of their own."
            }
            _ => "Enter an address that begins with ldap:// or ldaps://.",
        };
        problems.push(Problem::new(format!("urls.{index}"), ProblemCode::Malformed, message));
    }
}

fn bind(problems: &mut Vec<Problem>, config: &LdapConfig) {
    if config.bind_type == LdapBind::SaslExternal {
        let is_ldaps = |url: &String| url.trim().get(..6).is_some_and(|start| start.eq_ignore_ascii_case("ldaps:"));
        if !config.start_tls && !config.urls.iter().all(is_ldaps) {
            let message = "This way to sign in needs TLS. Use ldaps:// addresses or StartTLS.";
            problems.push(Problem::new("start_tls", ProblemCode::Required, message));
        }
        if config.client_certificate.is_none() {
            let message = "This way to sign in shows a client certificate. Give one with its key.";
            problems.push(Problem::new("client_certificate", ProblemCode::Required, message));
        }
    }
    let is_simple = config.bind_type == LdapBind::Simple;
    let who = config.bind_dn.as_deref().unwrap_or_default();
    // Active Directory takes `reader@corp.example` and `CORP\reader` as well ([MS-ADTS], section 5.1.1.1.1).
    if config.vendor == LdapVendor::ActiveDirectory && !who.contains('=') && who.contains(['@', '\\']) {
        check_text(problems, "bind_dn", who, 1024, is_simple);
    } else {
        name(problems, "bind_dn", who, is_simple);
    }
    let password = config.bind_password.as_ref();
    if is_simple && !who.is_empty() && password.is_some_and(Secret::is_empty) {
        // A directory would take the name without asking who it is (RFC 4513, section 5.1.2).
        let message = "Enter a password: a name without one would sign in as nobody.";
        problems.push(Problem::new("bind_password", ProblemCode::Blank, message));
    }
    if password.is_some_and(|password| password.expose().len() > 2000) {
        problems.push(Problem::too_long("bind_password", 2000));
    }
}

fn check_groups(problems: &mut Vec<Problem>, groups: &LdapGroups) {
    let LdapGroups {
        enabled: _,
        base_dn,
        search_scope: _,
        object_classes,
        filter: group_filter,
        name_attribute,
        member_attribute,
        member_format: _,
        nested: _,
    } = groups;
    name(problems, "group_base_dn", base_dn.as_deref().unwrap_or_default(), false);
    classes(problems, "group_object_classes", object_classes);
    filter(problems, "group_filter", group_filter.as_deref());
    attribute(problems, "group_name_attribute", name_attribute);
    attribute(problems, "group_member_attribute", member_attribute);
}

fn check_limits(problems: &mut Vec<Problem>, limits: &LdapLimits) {
    let LdapLimits {
        page_size,
        connect_timeout_seconds,
        operation_timeout_seconds,
        sync_timeout_seconds,
        max_entries,
        referrals: _,
    } = limits;
    for (field, value, least, most) in [
        ("page_size", u32::from(*page_size), 0, 1000),
        ("connect_timeout_seconds", (*connect_timeout_seconds).into(), 1, 60),
        ("operation_timeout_seconds", (*operation_timeout_seconds).into(), 1, 300),
        ("sync_timeout_seconds", *sync_timeout_seconds, 30, 86_400),
        ("max_entries", *max_entries, 1, 10_000_000),
    ] {
        number(problems, field, value, least, most);
    }
}

fn check_sync(problems: &mut Vec<Problem>, sync: &SyncPolicy) {
    let SyncPolicy {
        enabled: _,
        interval_minutes,
        full_interval_hours,
        delta_strategy: _,
        clock_skew_seconds,
        missing_users: _,
        reactivate: _,
        max_deactivation_percent,
        link_existing: _,
        trust_email: _,
    } = sync;
    for (field, value, least, most) in [
        ("sync_interval_minutes", *interval_minutes, 5, 10_080),
        ("full_sync_interval_hours", *full_interval_hours, 1, 8760),
        ("clock_skew_seconds", *clock_skew_seconds, 0, 86_400),
        ("max_deactivation_percent", u32::from(*max_deactivation_percent), 0, 100),
    ] {
        number(problems, field, value, least, most);
    }
}

fn number(problems: &mut Vec<Problem>, field: &str, value: u32, least: u32, most: u32) {
    if !(least..=most).contains(&value) {
        let message = format!("Enter a whole number from {least} to {most}.");
        problems.push(Problem::new(field, ProblemCode::NotAllowed, message));
    }
}

fn name(problems: &mut Vec<Problem>, field: &str, dn: &str, is_required: bool) {
    let before = problems.len();
    check_text(problems, field, dn, 1024, is_required);
    if problems.len() == before
        && let Err(fault) = check_dn(dn)
    {
        problems.push(Problem::new(field, ProblemCode::Malformed, fault.to_string()));
    }
}

fn filter(problems: &mut Vec<Problem>, field: &str, text: Option<&str>) {
    check_text(problems, field, text.unwrap_or_default(), 4096, false);
}

fn attribute(problems: &mut Vec<Problem>, field: &str, text: &str) {
    if holds_passwords(text) {
        let message = "This attribute holds passwords, which are never read. Choose another one.";
        problems.push(Problem::new(field, ProblemCode::NotAllowed, message));
    } else if text.len() > 255 || !is_attribute(text) {
        let message = "Enter the name of an attribute, such as givenName, without options.";
        problems.push(Problem::new(field, ProblemCode::Malformed, message));
    }
}

fn classes(problems: &mut Vec<Problem>, field: &str, names: &[String]) {
    if names.len() > MAX_CLASSES {
        let message = format!("Give at most {MAX_CLASSES} object classes.");
        problems.push(Problem::new(field, ProblemCode::TooMany { limit: MAX_CLASSES }, message));
    }
    for (index, class) in names.iter().enumerate() {
        if class.len() > 255 || !is_attribute(class) {
            let message = "Enter the name of an object class, such as inetOrgPerson.";
            problems.push(Problem::new(format!("{field}.{index}"), ProblemCode::Malformed, message));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::mapping::UserField;

    #[test]
    fn a_mapping_names_attributes_with_or_without_options() {
        let check = |names: &str, before: Option<&UserMapping>| -> Vec<String> {
            let attributes = AttributeMapping::new().with(UserField::FirstName, names);
            let problems = check_directory_mapping(Some(&attributes), Some(names), before);
            problems.into_iter().map(|problem| format!("{}: {}", problem.field, problem.message)).collect()
        };
        assert_eq!(check("givenName;lang-en givenName 2.5.4.42", None), Vec::<String>::new());
        for (name, words) in [
            ("given.name", "is not an attribute name"),
            ("givenName;", "is not an attribute name"),
            ("member;range=0-9", "asks for a range"),
            ("userPassword;x-a", "holds passwords"),
        ] {
            let told = check(name, None);
            assert_eq!(told.len(), 2, "{told:?}");
            assert!(told[0].starts_with(&format!("attributes: The attribute {name:?} for first_name")), "{told:?}");
            assert!(told.iter().all(|told| told.contains(words)), "{told:?}");
            // What was stored before it was checked can be written back.
            let attributes = AttributeMapping::new().with(UserField::FirstName, name);
            let before = UserMapping { attributes, ..UserMapping::default() };
            assert_eq!(check(name, Some(&before)), Vec::<String>::new());
        }
    }
}
