//! Values of settings after the defaults were applied.

/// The value of a setting that has a default.
pub(super) fn given<T>(value: Option<T>) -> T {
    value.expect("the defaults were applied")
}

/// A text without spaces at its ends; a blank one counts as unset.
pub(super) fn not_blank(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}
