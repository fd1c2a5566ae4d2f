//! Words for outcomes and reasons.

use crate::{
    domain::{
        sign_in::{AttemptOutcome, StepName},
        words::capitalised,
    },
    ui::components::Tone,
};

/// How an outcome is to be understood.
pub const fn outcome_tone(outcome: AttemptOutcome) -> Tone {
    match outcome {
        AttemptOutcome::Started => Tone::Info,
        AttemptOutcome::SignedIn | AttemptOutcome::Tested => Tone::Success,
        AttemptOutcome::Refused => Tone::Warning,
        AttemptOutcome::Failed => Tone::Danger,
        AttemptOutcome::Abandoned => Tone::Neutral,
    }
}

/// The reasons of refusals, by the word that is stored.
const REASONS: &[(&str, &str)] = &[
    ("not_identified", "No usable identity"),
    ("subject_changed", "Identity of another person"),
    ("blocked", "User is blocked"),
    ("inactive", "User is inactive"),
    ("deleted", "User was deleted"),
    ("email_missing", "No email address"),
    ("domain_not_allowed", "Email domain is not allowed"),
    ("email_not_verified", "Email address is not verified"),
    ("creation_off", "Unknown person"),
    ("username_taken", "User name is taken"),
    ("email_taken", "Email address is taken"),
    ("username_unusable", "No usable user name"),
    ("no_state", "Callback without a start"),
    ("no_start", "Not started in this browser"),
    ("other_provider", "Started with another provider"),
    ("too_late", "Took longer than 10 minutes"),
    ("used_twice", "Came back twice"),
    ("tenant_unusable", "Tenant is suspended or deleted"),
    ("tenant_unknown", "Unknown tenant"),
    ("provider_unknown", "Unknown provider"),
    ("provider_deleted", "Provider was deleted"),
    ("provider_disabled", "Provider is disabled"),
    ("not_linked", "Provider is not linked to the tenant"),
    ("not_serving", "Provider was disabled or unlinked"),
    ("no_protocol", "Protocol without sign-in"),
    ("no_provider", "No provider for the tenant"),
    ("other_issuer", "No provider with the issuer"),
    ("bad_ticket", "Test address is too old"),
    ("other_browser", "Test in another browser"),
    ("server", "Server or database failed"),
];

/// A reason in a few words. One that this version does not know is shown as it is stored.
pub fn reason(code: &str) -> String {
    let known = REASONS.iter().find(|(known, _)| *known == code).map(|(_, words)| (*words).to_owned());
    let step = || code.parse::<StepName>().ok().map(|step| step.label().to_owned());
    known.or_else(step).unwrap_or_else(|| capitalised(&code.replace('_', " ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_a_refusal_a_step_or_what_is_stored() {
        assert_eq!(reason("creation_off"), "Unknown person");
        assert_eq!(reason("token_check"), "Check of the token");
        assert_eq!(reason("something_new"), "Something new");
    }
}
