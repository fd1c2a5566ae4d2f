//! Names of attributes and object classes (RFC 4512, section 1.4).

/// Whether a text names an attribute or an object class: a descriptor such as `givenName`, or a numeric identifier such as
/// `2.5.4.42`. Options such as `;binary` are no part of it.
pub fn is_attribute(text: &str) -> bool {
    let is_descriptor = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_descriptor || is_numeric(text)
}

fn is_numeric(text: &str) -> bool {
    let is_number = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()) && (part == "0" || !part.starts_with('0'))
    };
    text.contains('.') && text.split('.').all(is_number)
}

#[cfg(test)]
mod tests {
    use super::is_attribute;

    #[test]
    fn descriptors_and_numbers_are_names() {
        for name in ["cn", "givenName", "x-y1", "2.5.4.42", "1.2.840.113556.1.4.803"] {
            assert!(is_attribute(name), "{name}");
        }
        for name in ["", "1a", "cn;binary", "given name", "2.5.", "2.05.4", "25", "cn)(uid=*", "é", "-x", "*"] {
            assert!(!is_attribute(name), "{name}");
        }
    }
}
