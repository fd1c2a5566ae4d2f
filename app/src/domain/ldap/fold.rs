//! Distinguished names as directories compare them (RFC 4517, section 4.2.15).

use std::fmt::Write as _;

use super::attribute::short_name;

/// A distinguished name in the form in which names are compared.
///
/// The form ignores letter case, spaces around `,`, `+` and `=`, at the ends of a value and beyond one within it (RFC
/// 4518, section 2.6.1), how a character is escaped (RFC 4514), which of its names a type has, and the order of the
/// values of one level. The unique identifier after a name in `uniqueMember` (RFC 4517, section 3.3.21) is left out.
pub fn fold_dn(dn: &str) -> String {
    if is_plain(dn.as_bytes()) {
        return dn.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(dn.len());
    for (index, level) in split(without_identifier(dn), [',', ';']).into_iter().enumerate() {
        if index > 0 {
            folded.push(',');
        }
        let mut parts: Vec<String> = split(level, ['+', '+']).into_iter().map(fold_part).collect();
        parts.sort_unstable();
        folded.push_str(&parts.join("+"));
    }
    folded
}

/// Whether only the letter case has to be folded, which holds for almost all names.
fn is_plain(dn: &[u8]) -> bool {
    let is_edge = |letter: Option<&u8>| letter.is_none_or(|letter| b",= ".contains(letter));
    let plain_letters = dn.iter().enumerate().all(|(at, letter)| match letter {
        b'\\' | b';' | b'+' | b'#' | b'"' | 0x80.. => false,
        b' ' => !is_edge(at.checked_sub(1).and_then(|before| dn.get(before))) && !is_edge(dn.get(at + 1)),
        _ => true,
    });
    plain_letters && dn.split(|byte| *byte == b',').all(has_plain_type)
}

/// Whether the type has its short name, and the value contains no `=`.
fn has_plain_type(part: &[u8]) -> bool {
    let mut halves = part.split(|byte| *byte == b'=');
    let (Some(kind), Some(_), None) = (halves.next(), halves.next(), halves.next()) else { return false };
    // Only these two names have so few letters.
    kind.len() <= 3
        && kind.iter().all(u8::is_ascii_alphabetic)
        && !kind.eq_ignore_ascii_case(b"gn")
        && !kind.eq_ignore_ascii_case(b"fax")
}

/// `cn=x,dc=y#'0101'B` without the identifier after the name.
fn without_identifier(dn: &str) -> &str {
    let bits = dn.strip_suffix("'B").and_then(|rest| rest.rsplit_once("#'"));
    let is_escaped = |name: &str| name.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1;
    bits.filter(|(name, bits)| bits.bytes().all(|bit| matches!(bit, b'0' | b'1')) && !is_escaped(name))
        .map_or(dn, |(name, _)| name)
}

/// The parts between separators that are neither escaped nor quoted (RFC 1779 and RFC 2253 allowed quotes).
fn split(text: &str, separators: [char; 2]) -> Vec<&str> {
    let (mut parts, mut begun, mut is_escaped, mut is_quoted) = (Vec::new(), 0, false, false);
    for (at, letter) in text.char_indices() {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            _ if !is_quoted && separators.contains(&letter) => {
                parts.push(&text[begun..at]);
                begun = at + letter.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[begun..]);
    parts
}

/// `type=value` with the type's short name and the folded value.
fn fold_part(part: &str) -> String {
    let Some((kind, value)) = split_at_equals(part) else { return folded(&unescaped(part)) };
    let mut kind = folded(&unescaped(kind));
    while let Some(bare) = kind.strip_prefix("oid.") {
        kind = bare.trim_start_matches(' ').to_owned();
    }
    let kind = short_name(&kind).map_or(kind.as_str(), |short| short);
    let value = value.trim_matches(' ');
    let bytes = value.strip_prefix('#').and_then(encoded_bytes).unwrap_or_else(|| unescaped(value));
    format!("{kind}={}", folded(&bytes))
}

/// The halves around the first `=` without a backslash before it.
fn split_at_equals(part: &str) -> Option<(&str, &str)> {
    let mut is_escaped = false;
    let at = part.bytes().position(|byte| {
        let is_found = byte == b'=' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_found
    })?;
    Some((&part[..at], &part[at + 1..]))
}

/// The bytes of a value, without escapes and quotes.
fn unescaped(value: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.bytes().peekable();
    while let Some(byte) = rest.next() {
        match byte {
            b'"' => {}
            b'\\' => match rest.next() {
                Some(first) if first.is_ascii_hexdigit() => match rest.next_if(u8::is_ascii_hexdigit) {
                    Some(second) => bytes.push(digit(first) << 4 | digit(second)),
                    None => bytes.push(first),
                },
                Some(other) => bytes.push(other),
                None => {}
            },
            other => bytes.push(other),
        }
    }
    bytes
}

fn digit(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => byte - b'0',
        _ => byte.to_ascii_lowercase().wrapping_sub(b'a').wrapping_add(10),
    }
}

/// The bytes of a value written as the hexadecimal digits of its encoding; `None` when it is of another type.
fn encoded_bytes(digits: &str) -> Option<Vec<u8>> {
    let bytes: Vec<u8> = digits
        .as_bytes()
        .chunks(2)
        .map(|pair| match pair {
            [first, second] if first.is_ascii_hexdigit() && second.is_ascii_hexdigit() => {
                Some(digit(*first) << 4 | digit(*second))
            }
            _ => None,
        })
        .collect::<Option<_>>()?;
    // Octet, UTF-8, numeric, printable, teletex and IA5 strings, whose length fits in one byte.
    match bytes.as_slice() {
        [0x04 | 0x0c | 0x12 | 0x13 | 0x14 | 0x16, length @ 0..=0x7f, text @ ..]
            if usize::from(*length) == text.len() =>
        {
            Some(text.to_vec())
        }
        _ => None,
    }
}

/// A folded value: lower case, runs of spaces as one and none at the ends, and a backslash before every special
/// character. Bytes that are not UTF-8 are written in hexadecimal, so that different values stay different.
fn folded(value: &[u8]) -> String {
    let words = value.split(|byte| *byte == b' ').filter(|word| !word.is_empty());
    let squeezed = words.collect::<Vec<_>>().join(&b' ');
    let mut text = String::with_capacity(squeezed.len() + 4);
    for chunk in squeezed.utf8_chunks() {
        for letter in chunk.valid().to_lowercase().chars() {
            if matches!(letter, ',' | '+' | '\\' | '=' | ';' | '"' | '#') {
                text.push('\\');
            }
            text.push(letter);
        }
        for byte in chunk.invalid() {
            // Writing to a string does not fail.
            let _ = write!(text, "\\{byte:02x}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_of_entries_compare_as_directories_do() {
        for (one, other) in [
            ("CN=Ada Lovelace, OU=People,DC=example", "cn=ada lovelace,ou=people,dc=example"),
            ("cn = Ada ,dc=x", "CN=ada,DC=X"),
            (r"cn=Lovelace\, Ada,dc=x", r"cn=Lovelace\2C Ada,dc=x"),
            (r"cn=J\c3\b6rg,dc=x", "cn=jörg,dc=x"),
            ("cn=JÖRG,dc=x", "cn=jörg,dc=x"),
            // The values of one level stand in any order (RFC 4517, section 4.2.15).
            ("cn=Multi+uid=multi,ou=p,dc=x", "uid=multi+cn=Multi,ou=p,dc=x"),
            ("cn=A + UID=b + sn=c,dc=x", "sn=C+cn=a+uid=B,dc=x"),
            (r"cn=\ff\C3 b,dc=x", r"CN=\FF\c3 B,dc=x"),
            ("cn=#0402ff41,dc=x", r"cn=\ffA,dc=x"),
            (r"cn=a\+b+uid=c,dc=x", r"uid=c+cn=a\2Bb,dc=x"),
            // A type by its other names.
            ("commonName=a,organizationalUnitName=b,domainComponent=c", "cn=a,ou=b,dc=c"),
            ("2.5.4.3=a,OID.2.5.4.11=b,0.9.2342.19200300.100.1.25=c", "cn=a,ou=b,dc=c"),
            ("userid=a,dc=x", "UID=a,dc=x"),
            ("givenName=a,dc=x", "gn=a,dc=x"),
            // Spaces and escapes without meaning.
            (r"cn=\ a\ ,dc=x", "cn=a,dc=x"),
            ("cn=Ada  Lovelace,dc=x", "cn=ada lovelace,dc=x"),
            (r"cn=\41da,dc=x", "cn=ada,dc=x"),
            (r"cn=a\=b,dc=x", "cn=a=b,dc=x"),
            (r"cn=\#a,dc=x", "cn=#a,dc=x"),
            ("cn=#04024869,dc=x", "cn=Hi,dc=x"),
            ("cn=\"Lovelace, Ada\",dc=x", r"cn=Lovelace\, Ada,dc=x"),
            ("cn=a;dc=x", "cn=a,dc=x"),
            ("uid=a,dc=x#'0101'B", "uid=a,dc=x"),
        ] {
            assert_eq!(fold_dn(one), fold_dn(other), "{one} {other}");
        }
        for (one, other) in [
            (r"cn=a\,b=c,dc=x", "cn=a,b=c,dc=x"),
            // Bytes that are not UTF-8.
            (r"cn=\ff,dc=x", r"cn=\fe,dc=x"),
            (r"cn=\ff,dc=x", r"cn=\\ff,dc=x"),
            (r"cn=\c3,dc=x", r"cn=\c3\c3,dc=x"),
            ("cn=#0401ff,dc=x", "cn=#0401fe,dc=x"),
            // Special characters.
            (r"cn=a\;b=c,dc=x", "cn=a;b=c,dc=x"),
            (r"cn=\#04024869,dc=x", "cn=#04024869,dc=x"),
            (r"cn=a\#'01'B", "cn=a"),
            ("cn=a b,dc=x", "cn=ab,dc=x"),
            ("cn=a+uid=b,dc=x", "cn=a,uid=b,dc=x"),
            (r"cn=a\+uid\=b,dc=x", "cn=a+uid=b,dc=x"),
            ("cn=a,ou=b,dc=x", "ou=b,cn=a,dc=x"),
            ("cn=a+sn=b,dc=x", "cn=b+sn=a,dc=x"),
        ] {
            assert_ne!(fold_dn(one), fold_dn(other), "{one} {other}");
        }
    }

    proptest! {
        #[test]
        fn a_folded_name_folds_to_itself(dn in prop_oneof![
            ".{0,60}",
            r##"[a-cA-C=,+;\\"# '0-1é]{0,30}"##,
            r##"(OID\.|cn|2\.5\.4\.3|gn)?=#?(\\[0-9a-fA-F]{2}|[aB,+;"# ]){0,12}"##,
        ]) {
            let folded = fold_dn(&dn);
            prop_assert_eq!(fold_dn(&folded), folded);
        }

        #[test]
        fn the_short_way_and_the_long_way_agree(dn in "(cn|uid|ou)=[A-Za-z0-9 .-]{1,9}(,(OU|dc)=[A-Za-z0-9]{1,5}){0,3}") {
            // A plus sign makes it take the slow path.
            let long = fold_dn(&format!("{dn},ou=a+uid=b"));
            prop_assert_eq!(long, format!("{},ou=a+uid=b", fold_dn(&dn)));
        }

        #[test]
        fn the_order_within_a_level_does_not_count(values in prop::collection::vec("[A-Za-z,+ ]{1,6}", 2..5)) {
            let mut parts: Vec<String> = values
                .iter()
                .enumerate()
                .map(|(at, value)| format!("x{at}={}", value.replace(',', "\\,").replace('+', "\\+")))
                .collect();
            let one = fold_dn(&parts.join("+"));
            parts.reverse();
            prop_assert_eq!(one, fold_dn(&parts.join(" + ")));
        }
    }
}
