//! Characters that change the direction in which text is read, so that a name can imitate another one (Unicode
//! Technical Report 36, section 2.3).
//!
//! Only embeddings, overrides and isolates count. The marks U+200E and U+200F are allowed: names that mix scripts
//! contain them, and they reorder nothing else.

use std::borrow::Cow;

/// Whether a character embeds, overrides or isolates a direction of text: U+202A to U+202E and U+2066 to U+2069.
pub const fn changes_direction(letter: char) -> bool {
    matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// The text without such characters, borrowed when there are none.
pub fn without_direction_changes(text: &str) -> Cow<'_, str> {
    if text.contains(changes_direction) {
        Cow::Owned(text.chars().filter(|letter| !changes_direction(*letter)).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// Describes a character that people cannot see: a control character, or one that changes the direction. `None` when
/// there is none.
pub fn invisible_character(text: &str) -> Option<String> {
    if text.chars().any(char::is_control) {
        return Some("Control characters are not allowed.".to_owned());
    }
    let found = text.chars().find(|letter| changes_direction(*letter))?;
    Some(format!("Remove U+{:04X}: characters that change the direction of text are not allowed.", u32::from(found)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nine_characters_change_the_direction_and_the_marks_do_not() {
        for letter in "\u{202A}\u{202B}\u{202C}\u{202D}\u{202E}\u{2066}\u{2067}\u{2068}\u{2069}".chars() {
            let text = format!("Ada{letter}nimdA");
            assert_eq!(without_direction_changes(&text), "AdanimdA");
            let message = invisible_character(&text).unwrap_or_default();
            assert!(message.contains(&format!("U+{:04X}", u32::from(letter))), "{message}");
        }
        for text in ["Ada", "\u{200E}Ada\u{200F}", "שלום", "Zo\u{308}e"] {
            assert!(matches!(without_direction_changes(text), Cow::Borrowed(_)), "{text}");
            assert_eq!(invisible_character(text), None, "{text}");
        }
    }
}
