//! Distinguished names as directories compare them (RFC 4517, section 4.2.15).

use super::attribute::short_name;

/// A distinguished name as it is compared.
///
/// What does not count: letter case, blanks around `,`, `+` and `=`, at the ends of a value and more than one within it
/// (RFC 4518, section 2.6.1), how a character is escaped (RFC 4514), by which of its names a type is called, and in which
/// order the values of one level stand. The unique identifier after a name in `uniqueMember` (RFC 4517, section 3.3.21)
/// is left out.
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

/// Whether nothing but the letter case has to be folded, which is so for almost all names.
fn is_plain(dn: &[u8]) -> bool {
    let is_edge = |letter: Option<&u8>| letter.is_none_or(|letter| b",= ".contains(letter));
    let plain_letters = dn.iter().enumerate().all(|(at, letter)| match letter {
        b'\\' | b';' | b'+' | b'#' | b'"' | 0x80.. => false,
        b' ' => !is_edge(at.checked_sub(1).and_then(|before| dn.get(before))) && !is_edge(dn.get(at + 1)),
        _ => true,
    });
    plain_letters && dn.split(|byte| *byte == b',').all(has_plain_type)
}

/// Whether the type is called by its short name, and the value is one that holds no `=`.
fn has_plain_type(part: &[u8]) -> bool {
    let mut halves = part.split(|byte| *byte == b'=');
    let (Some(kind), Some(_), None) = (halves.next(), halves.next(), halves.next()) else { return false };
    // No other name than these two has as few letters.
    kind.len() <= 3
        && kind.iter().all(u8::is_ascii_alphabetic)
        && !kind.eq_ignore_ascii_case(b"gn")
        && !kind.eq_ignore_ascii_case(b"fax")
}

/// `cn=x,dc=y#'0101'B` without what follows the name.
fn without_identifier(dn: &str) -> &str {
    let bits = dn.strip_suffix("'B").and_then(|rest| rest.rsplit_once("#'"));
    bits.filter(|(_, bits)| bits.bytes().all(|bit| matches!(bit, b'0' | b'1'))).map_or(dn, |(name, _)| name)
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

/// `type=value` with the type's short name and the value as it is compared.
fn fold_part(part: &str) -> String {
    let Some((kind, value)) = part.split_once('=') else { return escaped(&squeezed(part)) };
    let kind = kind.trim();
    let bare = kind.get(..4).filter(|start| start.eq_ignore_ascii_case("oid.")).map_or(kind, |_| &kind[4..]);
    let kind = short_name(bare).map_or_else(|| bare.to_ascii_lowercase(), str::to_owned);
    let value = value.trim_matches(' ');
    let text = value.strip_prefix('#').and_then(encoded_text).unwrap_or_else(|| unescaped(value));
    format!("{kind}={}", escaped(&squeezed(&text).to_lowercase()))
}

/// The value that is meant, without its escapes and quotes.
fn unescaped(value: &str) -> String {
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
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

fn digit(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => byte - b'0',
        _ => byte.to_ascii_lowercase().wrapping_sub(b'a').wrapping_add(10),
    }
}

/// The text of a value that is written as hexadecimal digits of its encoding; nothing when it is no text.
fn encoded_text(digits: &str) -> Option<String> {
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
    // Octet, UTF-8, numeric, printable, teletex and IA5 strings, of a length that one byte tells.
    match bytes.as_slice() {
        [0x04 | 0x0c | 0x12 | 0x13 | 0x14 | 0x16, length @ 0..=0x7f, text @ ..]
            if usize::from(*length) == text.len() =>
        {
            String::from_utf8(text.to_vec()).ok()
        }
        _ => None,
    }
}

/// One blank in place of several, and none at the ends.
fn squeezed(text: &str) -> String {
    let mut squeezed = String::with_capacity(text.len());
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        if !squeezed.is_empty() {
            squeezed.push(' ');
        }
        squeezed.push_str(word);
    }
    squeezed
}

/// The value with a backslash before everything that would end it.
fn escaped(value: &str) -> String {
    if !value.contains([',', '+', '\\', '=']) {
        return value.to_owned();
    }
    let mut text = String::with_capacity(value.len() + 4);
    for letter in value.chars() {
        if matches!(letter, ',' | '+' | '\\' | '=') {
            text.push('\\');
        }
        text.push(letter);
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
            (r"cn=a\+b+uid=c,dc=x", r"uid=c+cn=a\2Bb,dc=x"),
            // A type by its other names.
            ("commonName=a,organizationalUnitName=b,domainComponent=c", "cn=a,ou=b,dc=c"),
            ("2.5.4.3=a,OID.2.5.4.11=b,0.9.2342.19200300.100.1.25=c", "cn=a,ou=b,dc=c"),
            ("userid=a,dc=x", "UID=a,dc=x"),
            ("givenName=a,dc=x", "gn=a,dc=x"),
            // Blanks and escapes that count for nothing.
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
        fn folding_a_name_never_fails_and_settles(dn in ".{0,60}") {
            let folded = fold_dn(&dn);
            let _ = fold_dn(&folded);
        }

        #[test]
        fn the_short_way_and_the_long_way_agree(dn in "(cn|uid|ou)=[A-Za-z0-9 .-]{1,9}(,(OU|dc)=[A-Za-z0-9]{1,5}){0,3}") {
            // A plus sign within sends it the long way.
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
