//! Checks of a directory's settings that need only the settings. The server checks filters and certificates, which it
//! can parse.

use std::ops::RangeInclusive;

use crate::domain::{
    ldap::{check_dn, holds_passwords, is_attribute, is_attribute_description},
    mapping::{AttributeMapping, UserMapping},
    patch::Patch,
    problem::{Problem, ProblemCode},
    secret::Secret,
    text::check_text,
    web_url::WebUrl,
};

use super::{LdapBind, LdapConfig, LdapField, LdapFieldKind, LdapInput, LdapValue, LdapVendor};

/// The longest text in PEM: a chain, or a bundle of authorities.
const MAX_PEM: usize = 64 * 1024;

/// How many object classes may be required.
const MAX_CLASSES: usize = 20;

/// Checks the settings of a directory and reports all problems. Fields have the names of [`LdapConfig::fields`].
pub(in crate::domain) fn check(problems: &mut Vec<Problem>, input: &LdapInput) {
    let config = input.config();
    name(problems, "base_dn", &config.base_dn, true);
    servers(problems, config);
    bind(problems, input);
    for field in LdapConfig::fields() {
        check_field(problems, field, input);
    }
}

/// Checks a setting by its kind, independently of the others.
fn check_field(problems: &mut Vec<Problem>, field: &LdapField, input: &LdapInput) {
    let value = field.value(input.config());
    match (field.kind, value) {
        (LdapFieldKind::Number { least, most }, LdapValue::Number(value)) => {
            number(problems, field.name, value, least..=most);
        }
        (LdapFieldKind::ObjectClasses, LdapValue::List(classes)) => object_classes(problems, field.name, classes),
        (LdapFieldKind::Attribute | LdapFieldKind::SingleValuedAttribute, LdapValue::Text(Some(text))) => {
            attribute(problems, field.name, text);
        }
        (LdapFieldKind::Filter, LdapValue::Text(Some(text))) => check_text(problems, field.name, text, 4096, false),
        (LdapFieldKind::BaseDn, LdapValue::Text(Some(text))) if field.name != "base_dn" => {
            name(problems, field.name, text, false);
        }
        (LdapFieldKind::Certificates, LdapValue::Text(Some(text))) => pem(problems, field.name, text),
        (LdapFieldKind::PrivateKey, _) => {
            pem(problems, field.name, input.client_key().value().map(Secret::expose).unwrap_or_default());
        }
        _ => {}
    }
}

/// Checks the attributes of a mapping. Those that `before` contains as well are not checked again.
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
            Some("contains a range option. Remove it: all values are read.")
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
    let problems = mapped.chain(kept).filter_map(|(place, field, name)| {
        let what = wrong(name)?;
        let code = if holds_passwords(name) { ProblemCode::NotAllowed } else { ProblemCode::Malformed };
        let of = field.map(|field| format!(" for {field}")).unwrap_or_default();
        Some(Problem::new(place, code, format!("The attribute {name:?}{of} {what}")))
    });
    problems.collect()
}

fn servers(problems: &mut Vec<Problem>, config: &LdapConfig) {
    let urls = &config.urls;
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
                // Credentials in an address would be shown to everyone who sees the provider.
                "Enter the server alone, such as ldaps://directory.example.com: account, password, base and filter have \
                 fields of their own."
            }
            _ => "Enter an address that begins with ldap:// or ldaps://.",
        };
        problems.push(Problem::new(format!("urls.{index}"), ProblemCode::Malformed, message));
    }
    if config.start_tls && urls.iter().any(|url| is_ldaps(url)) {
        let message = "A connection to an ldaps:// address is encrypted from the start. Turn off StartTLS.";
        problems.push(Problem::new("start_tls", ProblemCode::NotAllowed, message));
    }
}

fn is_ldaps(url: &str) -> bool {
    url.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("ldaps:"))
}

fn bind(problems: &mut Vec<Problem>, input: &LdapInput) {
    let config = input.config();
    if config.bind_type == LdapBind::SaslExternal {
        if !config.start_tls && !config.urls.iter().all(|url| is_ldaps(url.trim())) {
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
    // Active Directory also accepts `reader@corp.example` and `CORP\reader` ([MS-ADTS], section 5.1.1.1.1).
    if config.vendor == LdapVendor::ActiveDirectory && !who.contains('=') && who.contains(['@', '\\']) {
        check_text(problems, "bind_dn", who, 1024, is_simple);
    } else {
        name(problems, "bind_dn", who, is_simple);
    }
    let is_removed = match input.bind_password() {
        Patch::Keep => false,
        Patch::Clear => true,
        Patch::Set(password) => password.is_empty(),
    };
    if is_simple && !who.is_empty() && is_removed {
        // A directory treats a bind with a name and no password as anonymous (RFC 4513, section 5.1.2).
        let message = "Enter a password: a name without one would sign in as nobody.";
        problems.push(Problem::new("bind_password", ProblemCode::Blank, message));
    }
    if input.bind_password().value().is_some_and(|password| password.expose().len() > 2000) {
        problems.push(Problem::too_long("bind_password", 2000));
    }
}

fn number(problems: &mut Vec<Problem>, field: &str, value: u32, range: RangeInclusive<u32>) {
    if !range.contains(&value) {
        let message = format!("Enter a whole number from {} to {}.", range.start(), range.end());
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

/// Checks the length of a text in PEM. The limit counts bytes, which are the characters of valid PEM.
fn pem(problems: &mut Vec<Problem>, field: &str, text: &str) {
    if text.len() > MAX_PEM {
        problems.push(Problem::new(field, ProblemCode::TooLong { limit: MAX_PEM }, "Enter at most 64 KiB."));
    }
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

fn object_classes(problems: &mut Vec<Problem>, field: &str, names: &[String]) {
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
            ("member;range=0-9", "contains a range option"),
            ("userPassword;x-a", "holds passwords"),
        ] {
            let problems = check(name, None);
            assert_eq!(problems.len(), 2, "{problems:?}");
            assert!(
                problems[0].starts_with(&format!("attributes: The attribute {name:?} for first_name")),
                "{problems:?}"
            );
            assert!(problems.iter().all(|problems| problems.contains(words)), "{problems:?}");
            // What was stored before this check existed can be written back.
            let attributes = AttributeMapping::new().with(UserField::FirstName, name);
            let before = UserMapping { attributes, ..UserMapping::default() };
            assert_eq!(check(name, Some(&before)), Vec::<String>::new());
        }
    }
}
