//! Names of attributes and object classes (RFC 4512, section 1.4), their options (section 2.5), and the standards'
//! other names for common attributes.

/// Whether a text is the name of an attribute or an object class: a descriptor such as `givenName`, or a numeric
/// identifier such as `2.5.4.42`, without options.
pub fn is_attribute(text: &str) -> bool {
    let is_descriptor = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_descriptor || is_numeric(text)
}

/// Whether a text names an attribute, with or without options: `givenName;lang-en`. Ranges (`member;range=0-9`) are
/// rejected: the reader requests them itself.
pub fn is_attribute_description(text: &str) -> bool {
    let is_option =
        |option: &str| !option.is_empty() && option.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let mut parts = text.split(';');
    parts.next().is_some_and(is_attribute) && parts.all(is_option)
}

fn is_numeric(text: &str) -> bool {
    let is_number = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()) && (part == "0" || !part.starts_with('0'))
    };
    text.contains('.') && text.split('.').all(is_number)
}

/// Numeric and long names, with the short name that directories return (RFC 4519, RFC 4524, RFC 2798, RFC 2985).
const NAMES: [(&str, &str, &str); 37] = [
    ("2.5.4.3", "commonname", "cn"),
    ("2.5.4.4", "surname", "sn"),
    ("2.5.4.5", "", "serialnumber"),
    ("2.5.4.6", "countryname", "c"),
    ("2.5.4.7", "localityname", "l"),
    ("2.5.4.8", "stateorprovincename", "st"),
    ("2.5.4.9", "streetaddress", "street"),
    ("2.5.4.10", "organizationname", "o"),
    ("2.5.4.11", "organizationalunitname", "ou"),
    ("2.5.4.12", "", "title"),
    ("2.5.4.13", "", "description"),
    ("2.5.4.16", "", "postaladdress"),
    ("2.5.4.17", "", "postalcode"),
    ("2.5.4.18", "", "postofficebox"),
    ("2.5.4.20", "", "telephonenumber"),
    ("2.5.4.23", "fax", "facsimiletelephonenumber"),
    ("2.5.4.31", "", "member"),
    ("2.5.4.32", "", "owner"),
    ("2.5.4.41", "", "name"),
    ("2.5.4.42", "gn", "givenname"),
    ("2.5.4.43", "", "initials"),
    ("2.5.4.44", "", "generationqualifier"),
    ("2.5.4.46", "", "dnqualifier"),
    ("2.5.4.49", "", "distinguishedname"),
    ("2.5.4.50", "", "uniquemember"),
    ("0.9.2342.19200300.100.1.1", "userid", "uid"),
    ("0.9.2342.19200300.100.1.3", "rfc822mailbox", "mail"),
    ("0.9.2342.19200300.100.1.20", "hometelephonenumber", "homephone"),
    ("0.9.2342.19200300.100.1.25", "domaincomponent", "dc"),
    ("0.9.2342.19200300.100.1.41", "mobiletelephonenumber", "mobile"),
    ("0.9.2342.19200300.100.1.42", "pagertelephonenumber", "pager"),
    ("0.9.2342.19200300.100.1.43", "friendlycountryname", "co"),
    ("1.2.840.113549.1.9.1", "email", "emailaddress"),
    ("1.3.6.1.1.1.1.12", "", "memberuid"),
    ("2.16.840.1.113730.3.1.3", "", "employeenumber"),
    ("2.16.840.1.113730.3.1.4", "", "employeetype"),
    ("2.16.840.1.113730.3.1.241", "", "displayname"),
];

/// The short name of an attribute that has several names, in lower case; `None` when no other name is known.
pub fn short_name(name: &str) -> Option<&'static str> {
    let is = |other: &str| !other.is_empty() && other.eq_ignore_ascii_case(name);
    NAMES.iter().find(|(number, long, _)| is(number) || is(long)).map(|(.., short)| *short)
}

/// Whether two names mean the same attribute. Options do not count.
pub fn same_attribute(one: &str, other: &str) -> bool {
    let is_equal = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
    is_equal(one, other) || is_equal(short_name(one).unwrap_or(one), short_name(other).unwrap_or(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptors_and_numbers_are_names() {
        for name in ["cn", "givenName", "x-y1", "2.5.4.42", "1.2.840.113556.1.4.803"] {
            assert!(is_attribute(name), "{name}");
        }
        for name in ["", "1a", "cn;binary", "given name", "2.5.", "2.05.4", "25", "cn)(uid=*", "é", "-x", "*"] {
            assert!(!is_attribute(name), "{name}");
        }
    }

    #[test]
    fn a_description_may_have_options() {
        for name in ["cn", "givenName;lang-en", "2.5.4.42;lang-de;x-foo", "userCertificate;binary"] {
            assert!(is_attribute_description(name), "{name}");
        }
        for name in ["", ";binary", "cn;", "cn;;x", "member;range=0-9", "cn; lang-en", "cn,lang-en"] {
            assert!(!is_attribute_description(name), "{name}");
        }
    }

    #[test]
    fn an_attribute_is_the_same_by_each_of_its_names() {
        for (one, other) in [("CN", "commonName"), ("2.5.4.3", "cn"), ("2.5.4.42", "givenName"), ("surname", "2.5.4.4")]
        {
            assert!(same_attribute(one, other), "{one} {other}");
        }
        assert!(!same_attribute("cn", "sn") && !same_attribute("", "serialNumber"));
    }
}
