//! Numbers with their nouns.

/// `1 value`, `2 values`, `2 entries`, `2 addresses`.
pub fn counted(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {}", plural(noun)) }
}

/// The plural of a noun that has a regular one.
fn plural(noun: &str) -> String {
    let vowel_before = |stem: &str| stem.ends_with(['a', 'e', 'i', 'o', 'u']);
    match noun.strip_suffix('y') {
        Some(stem) if !vowel_before(stem) => format!("{stem}ies"),
        _ if noun.ends_with(['s', 'x']) || noun.ends_with("ch") || noun.ends_with("sh") => format!("{noun}es"),
        _ => format!("{noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn one_is_singular_and_all_others_are_not() {
        for (count, noun, text) in [
            (0, "user", "0 users"),
            (1, "entry", "1 entry"),
            (2, "entry", "2 entries"),
            (3, "key", "3 keys"),
            (2, "address", "2 addresses"),
        ] {
            assert_eq!(counted(count, noun), text);
        }
    }
}
