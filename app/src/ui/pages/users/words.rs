//! How pages name the status of a user and of a directory's entry.

use crate::{
    domain::{
        sync::LinkState,
        timestamp::Timestamp,
        user::{User, UserStatus},
    },
    ui::components::Tone,
};

/// The tone of a user's status.
pub(super) const fn status_tone(status: UserStatus) -> Tone {
    match status {
        UserStatus::Active => Tone::Success,
        UserStatus::Inactive => Tone::Neutral,
        UserStatus::Blocked => Tone::Danger,
    }
}

/// The tone and the label of a linked entry's state.
pub(super) const fn link_state(state: LinkState) -> (Tone, &'static str) {
    match state {
        LinkState::Present => (Tone::Success, "Present"),
        LinkState::Disabled => (Tone::Neutral, "Disabled"),
        LinkState::Vanished => (Tone::Warning, "Vanished"),
    }
}

/// Whether the user may sign in, and why not; since when, if a block is the reason.
pub(super) fn explain_status(user: &User) -> (String, Option<Timestamp>) {
    match (&user.blocked, user.active, user.deactivated_by) {
        (Some(block), true, _) => {
            (format!("Blocked by {}. Synchronisations do not lift the block.", block.by), Some(block.at))
        }
        (Some(block), false, _) => (
            format!(
                "Blocked by {}, and also inactive in the directory, so the user cannot sign in even without the block.",
                block.by
            ),
            Some(block.at),
        ),
        (None, true, _) => ("The user may sign in.".to_owned(), None),
        (None, false, Some(_)) => (
            "A synchronisation deactivated the user, who is disabled in the directory or no longer in it.".to_owned(),
            None,
        ),
        (None, false, None) => ("The user is disabled in the directory.".to_owned(), None),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::{
        id::{ProviderId, TenantId, UserId},
        user::{Block, Profile},
    };

    fn user(active: bool, blocked: bool) -> User {
        User {
            id: UserId(Uuid::nil()),
            tenant: TenantId(Uuid::nil()),
            profile: Profile::default(),
            email_verified: false,
            origin: None,
            active,
            deactivated_by: None,
            blocked: blocked.then(|| Block { at: Timestamp(7), by: "eve".to_owned() }),
            created_at: Timestamp(0),
            updated_at: None,
            version: 1,
        }
    }

    #[test]
    fn a_block_is_explained_with_its_author_and_its_moment() {
        let (text, at) = explain_status(&user(true, true));
        assert_eq!(
            (text.as_str(), at),
            ("Blocked by eve. Synchronisations do not lift the block.", Some(Timestamp(7)))
        );
        let (text, _) = explain_status(&user(false, true));
        assert!(text.starts_with("Blocked by eve, and also inactive in the directory"), "{text}");
    }

    #[test]
    fn who_is_not_blocked_may_sign_in_unless_the_directory_says_otherwise() {
        assert_eq!(explain_status(&user(true, false)), ("The user may sign in.".to_owned(), None));
        assert_eq!(explain_status(&user(false, false)).0, "The user is disabled in the directory.");
        let gone = User { deactivated_by: Some(ProviderId(Uuid::nil())), ..user(false, false) };
        assert!(explain_status(&gone).0.starts_with("A synchronisation deactivated the user"));
    }
}
