//! Warnings of a run: each once, and a number in place of those that do not fit.

use vestibule_app::domain::words::counted;

/// How many warnings are kept, besides the one that says how many were not.
const MAX_WARNINGS: usize = 50;

/// Keeps a warning, or counts it in the last one when there is no room.
pub(super) fn add_warning(warnings: &mut Vec<String>, dropped: &mut u64, warning: String) {
    if warnings.contains(&warning) {
        return;
    }
    if warnings.len() < MAX_WARNINGS {
        warnings.push(warning);
        return;
    }
    *dropped += 1;
    warnings.truncate(MAX_WARNINGS);
    warnings.push(format!("{} had no room in this log.", counted(*dropped, "more warning")));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_that_have_no_room_are_counted() {
        let (mut warnings, mut dropped) = (Vec::new(), 0);
        for number in (0..MAX_WARNINGS).chain(0..MAX_WARNINGS) {
            add_warning(&mut warnings, &mut dropped, format!("Warning {number}."));
        }
        assert_eq!((warnings.len(), dropped), (MAX_WARNINGS, 0));
        for (number, last) in
            [(1, "1 more warning had no room in this log."), (2, "2 more warnings had no room in this log.")]
        {
            add_warning(&mut warnings, &mut dropped, format!("Another {number}."));
            assert_eq!((warnings.len(), warnings.last().map(String::as_str)), (MAX_WARNINGS + 1, Some(last)));
        }
        assert_eq!(warnings[MAX_WARNINGS - 1], "Warning 49.");
    }
}
