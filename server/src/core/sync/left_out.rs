//! Values that no field can hold, gathered over a run. Entries of the log name them where something else happened to an
//! entry; unchanged entries are not listed one by one.

use std::collections::BTreeMap;

use vestibule_app::domain::{sync::LeftOut, words::counted};

use super::read::SeenUser;

/// What was left out, by attribute and field.
#[derive(Default)]
pub(super) struct LeftOuts(BTreeMap<(String, String), Sum>);

struct Sum {
    values: u64,
    entries: u64,
    /// The first entry and what is wrong with its first value.
    dn: String,
    reason: String,
}

impl LeftOuts {
    pub(super) fn add(&mut self, user: &SeenUser) {
        // Nothing is made of an entry that is switched off.
        if user.is_disabled {
            return;
        }
        for LeftOut { attribute, field, count, reason } in &user.left_out {
            let sum = self.0.entry((attribute.clone(), field.clone())).or_insert_with(|| Sum {
                values: 0,
                entries: 0,
                dn: user.dn.clone(),
                reason: reason.clone(),
            });
            sum.values += count;
            sum.entries += 1;
        }
    }

    /// A sentence for each attribute and field.
    pub(super) fn warnings(&self) -> Vec<String> {
        let told = self.0.iter().map(|((attribute, field), sum)| {
            let Sum { values, entries, dn, reason } = sum;
            let (values, entries) = (counted(*values, "value"), counted(*entries, "user"));
            format!(
                "Left out of {field}: {values} of {attribute} at {entries}. The first, at {dn}, {reason}. Everything else of \
                 these users was used; shorten or correct the values in the directory, or map another attribute."
            )
        });
        told.collect()
    }
}
