//! The members of groups, through groups in groups.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

/// How many groups deep members are looked for.
pub const MAX_DEPTH: usize = 10;

/// A distinguished name as it is compared: letter case and the spaces around `,`, `+` and `=` do not count, and however
/// a character is escaped, it is the same one (RFC 4514).
pub fn fold_dn(dn: &str) -> String {
    if is_plain(dn.as_bytes()) {
        return dn.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(dn.len());
    let mut pending = 0_usize;
    let mut bytes = Vec::new();
    let mut rest = dn.chars().peekable();
    // Spaces count only between characters of a value.
    let flush = |folded: &mut String, bytes: &mut Vec<u8>| {
        if !bytes.is_empty() {
            folded.push_str(&String::from_utf8_lossy(bytes).to_lowercase());
            bytes.clear();
        }
    };
    while let Some(letter) = rest.next() {
        match letter {
            ',' | '+' | '=' | ';' => {
                flush(&mut folded, &mut bytes);
                pending = 0;
                // A separator that is data was escaped, and is marked below.
                folded.push(if letter == ';' { ',' } else { letter });
                while rest.next_if_eq(&' ').is_some() {}
            }
            ' ' => {
                flush(&mut folded, &mut bytes);
                pending += 1;
            }
            '\\' => {
                if bytes.is_empty() {
                    folded.extend(std::iter::repeat_n(' ', std::mem::take(&mut pending)));
                }
                match rest.next() {
                    Some(first) if first.is_ascii_hexdigit() => match rest.next_if(char::is_ascii_hexdigit) {
                        Some(second) => {
                            let value =
                                first.to_digit(16).unwrap_or_default() * 16 + second.to_digit(16).unwrap_or_default();
                            match u8::try_from(value) {
                                Ok(byte @ (b',' | b'+' | b'=' | b';' | b'\\' | b' ')) => {
                                    flush(&mut folded, &mut bytes);
                                    folded.push('\\');
                                    folded.push(char::from(byte));
                                }
                                Ok(byte) => bytes.push(byte),
                                Err(_) => {}
                            }
                        }
                        None => folded.push(first.to_ascii_lowercase()),
                    },
                    Some(special @ (',' | '+' | '=' | ';' | '\\' | ' ')) => {
                        flush(&mut folded, &mut bytes);
                        folded.push('\\');
                        folded.push(special);
                    }
                    Some(other) => {
                        flush(&mut folded, &mut bytes);
                        folded.extend(other.to_lowercase());
                    }
                    None => {}
                }
            }
            other => {
                flush(&mut folded, &mut bytes);
                folded.extend(std::iter::repeat_n(' ', std::mem::take(&mut pending)));
                folded.extend(other.to_lowercase());
            }
        }
    }
    flush(&mut folded, &mut bytes);
    folded.trim_start().to_owned()
}

/// Whether nothing but the letter case has to be folded, which is so for almost all names.
fn is_plain(dn: &[u8]) -> bool {
    let is_separator = |letter: Option<&u8>| letter.is_none_or(|letter| b",+= ".contains(letter));
    dn.iter().enumerate().all(|(at, letter)| match letter {
        b'\\' | b';' | 0x80.. => false,
        b' ' => !is_separator(at.checked_sub(1).and_then(|before| dn.get(before))) && !is_separator(dn.get(at + 1)),
        _ => true,
    })
}

/// The members of a group, through at most [`MAX_DEPTH`] groups in groups; groups that hold each other end nowhere.
///
/// `members` has the direct members of every group; what has no entry there is no group.
pub fn resolve<K: Copy + Eq + Hash>(group: K, members: &HashMap<K, Vec<K>>) -> HashSet<K> {
    let mut found = HashSet::new();
    let mut visited = HashSet::from([group]);
    let mut layer = vec![group];
    for _ in 0..=MAX_DEPTH {
        let mut next = Vec::new();
        for key in layer.iter().filter_map(|key| members.get(key)).flatten() {
            if members.contains_key(key) {
                if visited.insert(*key) {
                    next.push(*key);
                }
            } else {
                found.insert(*key);
            }
        }
        if next.is_empty() {
            break;
        }
        layer = next;
    }
    found
}
