//! Warnings of a document that may have any number of them.

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
};

use vestibule_app::domain::words::counted;

/// The first warnings, each once, and how many others there were.
pub(super) struct Warnings {
    most: usize,
    kept: Vec<String>,
    /// Fingerprints of the others, so that each counts once.
    dropped: HashSet<u64>,
}

impl Warnings {
    /// Keeps so many.
    pub(super) fn new(most: usize) -> Self {
        Self { most, kept: Vec::new(), dropped: HashSet::new() }
    }

    pub(super) fn add(&mut self, warning: impl Into<String>) {
        let warning = warning.into();
        if self.kept.contains(&warning) {
            return;
        }
        if self.kept.len() < self.most {
            self.kept.push(warning);
            return;
        }
        let mut hasher = DefaultHasher::new();
        warning.hash(&mut hasher);
        self.dropped.insert(hasher.finish());
    }

    /// Those that were kept, and a sentence that counts the others.
    pub(super) fn finish(self) -> Vec<String> {
        let Self { most: _, mut kept, dropped } = self;
        match dropped.len() as u64 {
            0 => {}
            1 => kept.push("1 more warning is not shown.".to_owned()),
            more => kept.push(format!("{} are not shown.", counted(more, "more warning"))),
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_that_are_not_kept_are_counted_once_each() {
        let shown = |warnings: &[&str]| {
            let mut kept = Warnings::new(2);
            warnings.iter().for_each(|warning| kept.add(*warning));
            kept.finish()
        };
        assert_eq!(shown(&["a", "a", "b", "a"]), ["a", "b"]);
        assert_eq!(shown(&["a", "b", "c", "c"]), ["a", "b", "1 more warning is not shown."]);
        assert_eq!(shown(&["a", "b", "c", "d", "c"]), ["a", "b", "2 more warnings are not shown."]);
    }
}
