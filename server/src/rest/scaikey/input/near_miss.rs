//! Names that are nearly those of known members.

/// The known name that an unknown one was probably meant to be: the same words in another order or spelling, or one
/// typing error, two in longer names.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    const SHORTEST: usize = 3;
    let folded = folded(name);
    let slips = |known: &str| {
        if words_of(known) == words_of(name) {
            return Some(0);
        }
        let known = self::folded(known);
        let most = if known.len() < 10 { 1 } else { 2 };
        let slips = strsim::damerau_levenshtein(&known, &folded);
        (folded.len() >= SHORTEST && known.len() >= SHORTEST && slips <= most).then_some(slips)
    };
    known.filter_map(|known| Some((slips(known)?, known))).min().map(|(_, known)| known)
}

/// A name in small letters without separators: `userFilter`, `user-filter`, `USER_FILTER`.
fn folded(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>().to_lowercase()
}

fn words_of(name: &str) -> Vec<String> {
    let mut words: Vec<_> = name.split(['_', '-', ' ', '.']).map(str::to_lowercase).collect();
    words.sort_unstable();
    words
}
