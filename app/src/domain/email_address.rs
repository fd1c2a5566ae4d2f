//! The form of an email address (RFC 5321, section 4.1.2; RFC 6531, section 3.3), as far as it holds for every address.
//!
//! Only a message to an address proves that it works. Rejected is what the next program could read as another address,
//! or as several.

/// The longest domain, in bytes (RFC 5321, section 4.5.3.1.2).
const MAX_DOMAIN: usize = 255;

/// The longest label of a domain, in bytes (RFC 1035, section 2.3.4).
const MAX_LABEL: usize = 63;

/// Whether a text is one email address. Quoted local parts and IP addresses as domains are rejected: they are not in
/// use, and programs disagree about how to parse them.
pub fn is_email_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    !local.is_empty() && local.chars().all(is_of_local_part) && is_domain(domain)
}

/// Letters, digits and what RFC 5321 calls `atext`, with dots anywhere, since some providers issued such addresses.
fn is_of_local_part(letter: char) -> bool {
    match letter {
        '.' => true,
        _ if letter.is_ascii() => letter.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(letter),
        _ => !letter.is_whitespace() && !letter.is_control(),
    }
}

fn is_domain(domain: &str) -> bool {
    let is_of_label = |letter: char| match letter {
        '-' | '_' => true,
        _ if letter.is_ascii() => letter.is_ascii_alphanumeric(),
        _ => !letter.is_whitespace() && !letter.is_control(),
    };
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= MAX_LABEL
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(is_of_label)
    };
    domain.len() <= MAX_DOMAIN && domain.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::is_email_address;

    #[test]
    fn one_address_is_one() {
        for address in [
            "ada@example.com",
            "ada.lovelace+tag@mail.corp.example",
            "o'brien@example.com",
            "a..b.@example.ne.jp",
            "root@localhost",
            "jörg@müller.example",
            "a@xn--mller-kva.example",
            "x@sub_domain.example",
        ] {
            assert!(is_email_address(address), "{address}");
        }
    }

    #[test]
    fn several_addresses_and_halves_of_one_are_none() {
        for text in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "a@evil.example,b@corp.example",
            "a@evil.example;b@corp.example",
            "a@evil.example b@corp.example",
            "a@evil.example@corp.example",
            "\"a@evil.example\"@corp.example",
            "a,b@corp.example",
            "a@evil.example,corp.example",
            "Ada <ada@corp.example>",
            "<ada@corp.example>",
            "SMTP:ada@corp.example",
            "mailto:ada@corp.example",
            "a b@example.com",
            "ada@exa mple.com",
            "ada@.example.com",
            "ada@example..com",
            "ada@example.com.",
            "ada@-example.com",
            "ada@[127.0.0.1]",
            "ada@example.com/x",
            "ada(comment)@example.com",
            "ada\\@example.com",
            "ada@example.com\0",
            "ada\u{a0}x@example.com",
        ] {
            assert!(!is_email_address(text), "{text}");
        }
        assert!(!is_email_address(&format!("a@{}.example", "x".repeat(64))));
    }
}
