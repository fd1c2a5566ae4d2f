//! Words as pydantic reads and lists them.

/// The message about a text that means neither true nor false.
pub(in crate::rest::scaikey) const NO_TRUTH: &str = "Input should be a valid boolean, unable to interpret input";

/// What a text means as a boolean, in any letter case.
pub(in crate::rest::scaikey) fn truth_of(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "y" | "t" | "1" => Some(true),
        "false" | "no" | "off" | "n" | "f" | "0" => Some(false),
        _ => None,
    }
}

/// Words as pydantic lists those that it expects: `'a', 'b' or 'c'`.
pub(in crate::rest::scaikey) fn one_of<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let words: Vec<_> = words.map(|word| format!("'{word}'")).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => words.concat(),
    }
}
