//! Why a sign-in ended before a person was known, for traces and the log.

use vestibule_app::domain::sign_in::StepFailure;

/// Why a sign-in cannot go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reason {
    /// In one word, as it is stored.
    pub(super) code: &'static str,
    /// What happened, as a sentence without a full stop.
    pub(super) message: &'static str,
    /// What to do about it.
    pub(super) advice: &'static str,
}

impl From<&Reason> for StepFailure {
    fn from(reason: &Reason) -> Self {
        let Reason { code: _, message, advice } = *reason;
        Self { message: message.to_owned(), rule: None, advice: advice.to_owned() }
    }
}

const AGAIN: &str = "The person starts again.";

macro_rules! reasons {
    ($($name:ident = $code:literal, $message:literal, $advice:expr;)+) => {
        $(pub(super) const $name: Reason = Reason { code: $code, message: $message, advice: $advice };)+
    };
}

reasons! {
    NO_STATE = "no_state", "the callback has no state, or several", AGAIN;
    NO_COOKIE = "no_start", "this browser did not start the sign-in, or its cookie is gone", AGAIN;
    UNREADABLE_START = "no_start", "the start of the sign-in cannot be opened", AGAIN;
    OTHER_PROVIDER = "other_provider", "the sign-in was started with another provider", AGAIN;
    OTHER_SESSION = "other_session", "the browser has a session of another tenant, and the person did not agree to end it", AGAIN;
    TOO_LATE = "too_late", "the sign-in was started more than ten minutes ago", AGAIN;
    USED_TWICE = "used_twice", "the sign-in came back twice", AGAIN;
    TENANT_UNUSABLE = "tenant_unusable", "the tenant is suspended or was deleted", "Activate the tenant, if its people may sign in.";
    PROVIDER_DELETED = "provider_deleted", "the provider was deleted", "Link another provider to the tenant.";
    PROVIDER_DISABLED = "provider_disabled", "the provider is disabled", "Enable the provider, if people may sign in with it.";
    NOT_LINKED = "not_linked", "the provider is not linked to the tenant", "Link the provider to the tenant.";
    PROOF_OFF = "proof_off", "the provider lets nobody prove an account any more", "Set linking to ask, if people may link their accounts.";
    USER_UNUSABLE = "user_unusable", "the user was blocked, deleted or unlinked meanwhile", "";
    NOT_SERVING = "not_serving", "the provider was disabled or unlinked from the tenant", "Enable the provider, and link it to the tenant.";
}
