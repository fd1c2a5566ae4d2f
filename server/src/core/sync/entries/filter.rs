//! Values in filters.

use std::fmt::Write as _;

/// A value in a filter: letters and digits stay, everything else is escaped (RFC 4515, section 3).
pub(super) fn escaped(value: &[u8]) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value {
        if byte.is_ascii_alphanumeric() {
            text.push(char::from(*byte));
        } else {
            // One byte at a time goes into the text, so a library for hexadecimal would only add a buffer.
            let _ = write!(text, "\\{byte:02x}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_cannot_change_the_filter() {
        assert_eq!(escaped(b"a-1*)(b"), r"a\2d1\2a\29\28b");
    }
}
