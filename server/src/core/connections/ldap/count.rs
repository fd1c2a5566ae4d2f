//! Counting users and groups, as far as the time of a test allows.

use std::time::Duration;

use tokio::time::Instant;
use vestibule_app::domain::{provider::LdapConfig, words::counted};

use super::{
    super::{
        directory_query::users,
        run::{StepResult, TestRun},
    },
    step::within,
};
use crate::protocol::ldap::{Count, Directory, LdapError, Query, all_of, sent, users_filter};

/// How many entries are counted, and for how long. Limits of directories are mostly lower, and a test is not a run.
pub(super) const MOST: usize = 10_000;
const COUNTING: Duration = Duration::from_secs(3);

/// The time that is reserved for the steps after one that counts.
const AFTERWARDS: Duration = Duration::from_secs(2);

pub(super) fn counting_ends(run: &TestRun) -> Instant {
    let now = Instant::now();
    (now + COUNTING).min(run.deadline.checked_sub(AFTERWARDS).unwrap_or(now))
}

/// Counts users by the search of a synchronisation, so that the test fails where a synchronisation would.
pub(super) async fn count_users(
    directory: &mut Directory,
    config: &LdapConfig,
    run: &TestRun,
) -> Result<StepResult, LdapError> {
    if let Some(disabled) = config.disabled_users() {
        let filter = all_of([users_filter(config).as_str(), &sent(disabled)]);
        let query = Query { filter, ..users(config, vec!["1.1".to_owned()]) };
        within(run, directory.sample(query, 1)).await?;
    }
    let query = Query { page_size: config.limits.page_size, ..users(config, Vec::new()) };
    let count = within(run, directory.count(query, MOST, counting_ends(run))).await?;
    Ok(too_many(&count, config, "users").unwrap_or_else(|| users_found(&count)))
}

fn users_found(count: &Count) -> StepResult {
    let users = match count.entries {
        1 => "1 user was found".to_owned(),
        entries => format!("{} were found", counted(entries as u64, "user")),
    };
    match (count.entries, count.is_all) {
        (0, true) => StepResult::warning(
            "No users were found.",
            "Check the search base, the object classes and the filter, and that the account may see users.",
        ),
        (0, false) => StepResult::warning(
            "The directory gave no user in the time for counting them.",
            "Check that it is healthy, and that it indexes the attributes of the object classes and the filter.",
        ),
        (_, true) => StepResult::ok(format!("{users}.")),
        (_, false) => StepResult::ok(format!("{users} and not counted further.")),
    }
}

/// The failure for more entries than a synchronisation reads.
pub(super) fn too_many(count: &Count, config: &LdapConfig, what: &str) -> Option<StepResult> {
    let most = config.limits.max_entries;
    u32::try_from(count.entries).is_ok_and(|entries| entries > most).then(|| {
        StepResult::failed(
            format!(
                "The directory has more than {most} {what}, the “Entry limit” (max_entries), so that a synchronisation would end early."
            ),
            "Make the search narrower, or allow more entries.",
        )
    })
}

#[cfg(test)]
mod tests {
    use vestibule_app::domain::connection::StepStatus;

    use super::*;

    #[test]
    fn users_that_were_not_counted_are_not_said_to_be_well() {
        let counted = |entries, is_all| {
            let found = users_found(&Count { entries, is_all });
            (found.status, format!("{found:?}"))
        };
        for (entries, is_all, status, words) in [
            (0, true, StepStatus::Warning, "No users were found."),
            (0, false, StepStatus::Warning, "The directory gave no user in the time"),
            (1, true, StepStatus::Ok, "1 user was found."),
            (1, false, StepStatus::Ok, "1 user was found and not counted further."),
            (2, false, StepStatus::Ok, "2 users were found and not counted further."),
        ] {
            let (found, text) = counted(entries, is_all);
            assert_eq!(found, status, "{text}");
            assert!(text.contains(words), "{text}");
        }
    }
}
