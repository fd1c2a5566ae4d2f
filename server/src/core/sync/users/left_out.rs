//! Values that no field can hold, counted over a run for its warnings: the log does not list unchanged entries, so it
//! could not report theirs.

use std::collections::BTreeMap;

use vestibule_app::domain::{sync::LeftOut, words::counted};

use super::super::entries::SeenUser;

/// Counts by attribute and field.
#[derive(Default)]
pub(super) struct LeftOuts(BTreeMap<(String, String), LeftOutCount>);

struct LeftOutCount {
    values: u64,
    entries: u64,
    /// The first entry and what is wrong with its first value.
    dn: String,
    reason: String,
}

impl LeftOuts {
    pub(super) fn add(&mut self, user: &SeenUser) {
        // Values of an entry that is switched off are not stored.
        if user.is_disabled {
            return;
        }
        for LeftOut { attribute, field, count, reason } in &user.left_out {
            let total = self.0.entry((attribute.clone(), field.clone())).or_insert_with(|| LeftOutCount {
                values: 0,
                entries: 0,
                dn: user.dn.clone(),
                reason: reason.clone(),
            });
            total.values += count;
            total.entries += 1;
        }
    }

    /// A sentence for each attribute and field.
    pub(super) fn warnings(&self) -> Vec<String> {
        let warnings = self.0.iter().map(|((attribute, field), total)| {
            let LeftOutCount { values, entries, dn, reason } = total;
            let (values, entries) = (counted(*values, "value"), counted(*entries, "user"));
            format!(
                "Left out of {field}: {values} of {attribute} at {entries}. The first, at {dn}, {reason}. Everything else of \
                 these users was used; shorten or correct the values in the directory, or map another attribute."
            )
        });
        warnings.collect()
    }
}
