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

/// The code of a failure of the database or this server.
pub(super) const SERVER: &str = "server";
/// The code of a sign-in that waits for the proof of an account, or of a proof that cannot begin.
pub(super) const UNPROVEN: &str = "unproven";

const AGAIN: &str = "The person starts again.";
const LINK: &str = "Correct the link with which the person started.";

macro_rules! reasons {
    ($($name:ident = $code:literal, $message:literal, $advice:expr;)+) => {
        $(pub(super) const $name: Reason = Reason { code: $code, message: $message, advice: $advice };)+
    };
}

reasons! {
    TENANT_UNKNOWN = "tenant_unknown", "there is no such tenant", LINK;
    TENANT_UNUSABLE = "tenant_unusable", "the tenant is suspended or was deleted", "Activate the tenant, if its people may sign in.";
    PROVIDER_UNKNOWN = "provider_unknown", "there is no such provider", LINK;
    PROVIDER_DELETED = "provider_deleted", "the provider was deleted", "Link another provider to the tenant.";
    PROVIDER_DISABLED = "provider_disabled", "the provider is disabled", "Enable the provider, if people may sign in with it.";
    NOT_LINKED = "not_linked", "the provider is not linked to the tenant", "Link the provider to the tenant.";
    NOT_SERVING = "not_serving", "the provider was disabled or unlinked from the tenant", "Enable the provider, and link it to the tenant.";
    NO_PROTOCOL = "no_protocol", "people cannot sign in with the provider's protocol", "Choose another provider.";
    NO_PROVIDER = "no_provider", "no provider is enabled and linked to the tenant", "Enable a provider, and link it to the tenant.";
    OTHER_ISSUER = "other_issuer", "no provider of the tenant has the issuer of the request", LINK;
    NO_STATE = "no_state", "the callback has no state, or several", AGAIN;
    NO_COOKIE = "no_start", "this browser did not start the sign-in, or its cookie is gone", AGAIN;
    UNREADABLE_START = "no_start", "the start of the sign-in cannot be opened", AGAIN;
    OTHER_PROVIDER = "other_provider", "the sign-in was started with another provider", AGAIN;
    OTHER_SESSION = "other_session", "the browser has a session of another tenant, and the person did not agree to end it", AGAIN;
    TOO_LATE = "too_late", "the sign-in was started more than ten minutes ago", AGAIN;
    USED_TWICE = "used_twice", "the sign-in came back twice", AGAIN;
    BAD_TICKET = "bad_ticket", "the test's address is older than five minutes, or was altered", "Begin another test.";
    USED_TICKET = "used_ticket", "the test's address was opened before", "Begin another test.";
    OTHER_BROWSER = "other_browser", "the test was opened in another browser than the portal", "Open the test in the browser with the portal.";
    PROOF_OFF = "proof_off", "the provider lets nobody prove an account any more", "Set linking to ask, if people may link their accounts.";
    USER_UNUSABLE = "user_unusable", "the user was blocked, deleted or unlinked meanwhile", "";
}
