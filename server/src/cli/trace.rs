//! `vestibule trace`

use std::fmt::Display;

use anyhow::bail;
use time::macros::format_description;
use vestibule_app::domain::{
    actor::Actor,
    problem::ServiceError,
    sign_in::{Answered, Asked, AttemptDetail, AttemptSummary, SignInAttempt, StepFailure, TraceStep},
    timestamp::Timestamp,
    words::sentence,
};

use super::instance::with_instance;
use crate::config::Config;

pub(super) async fn run(config: Config, reference: &str) -> anyhow::Result<()> {
    with_instance(&config, async |vestibule| {
        match vestibule.services().sign_in_attempts.get(&Actor::operator(), reference).await {
            Ok(detail) => print!("{}", text_of(&detail)),
            Err(ServiceError::NotFound { .. }) => {
                bail!("there is no sign-in with the reference {reference:?}; old ones are removed")
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    })
    .await
}

fn text_of(detail: &AttemptDetail) -> String {
    let AttemptDetail { summary, steps, claims, preview, may_admit: _ } = detail;
    let AttemptSummary { attempt, tenant_name, provider_name, username } = summary;
    let SignInAttempt { id: _, reference, kind, outcome, reason, tenant, provider, user, started_at, ended_at } =
        attempt;

    let rows = [
        ("reference", Some(reference.clone())),
        ("kind", Some(kind.label().to_owned())),
        ("outcome", Some(outcome.label().to_owned())),
        ("reason", reason.clone()),
        ("tenant", tenant.map(|id| named(tenant_name, id))),
        ("provider", provider.map(|id| named(provider_name, id))),
        ("user", user.map(|id| named(username, id))),
        ("started", Some(moment(*started_at))),
        ("ended", ended_at.map(moment)),
    ];
    let mut text = String::new();
    for (name, value) in rows {
        if let Some(value) = value {
            text.push_str(&format!("{name:<10}{value}\n"));
        }
    }
    for step in steps {
        text.push_str(&step_text(step));
    }
    if let Some(claims) = claims {
        let claims = serde_json::to_string_pretty(&claims.to_json()).unwrap_or_default();
        text.push_str(&format!("\nclaims    {claims}\n"));
    }
    if let Some(preview) = preview {
        let preview = serde_json::to_string_pretty(preview).unwrap_or_default();
        text.push_str(&format!("\nresult    {preview}\n"));
    }
    text
}

/// A name with what it stands for, or the identifier of what was removed.
fn named(name: &Option<String>, id: impl Display) -> String {
    name.as_ref().map_or_else(|| id.to_string(), |name| format!("{name} ({id})"))
}

/// In whole seconds.
fn moment(at: Timestamp) -> String {
    let format = format_description!("[year]-[month]-[day] [hour]:[minute]:[second] UTC");
    at.utc().format(format).expect("every part of the format is known")
}

fn step_text(step: &TraceStep) -> String {
    let TraceStep { name, took_micros, asked, answered, failure } = step;
    let verdict = if failure.is_some() { "FAILED" } else { "ok" };
    let millis = f64::from(u32::try_from(*took_micros).unwrap_or(u32::MAX)) / 1000.0;
    let mut text = format!("\n{verdict:<10}{} ({millis:.1} ms)\n", name.label());
    let mut line = |line: &str| text.push_str(&format!("          {line}\n"));
    if let Some(Asked { method, address }) = asked {
        line(&format!("{method} {address}"));
    }
    if let Some(Answered { status, claims }) = answered {
        if let Some(status) = status {
            line(&format!("HTTP {status}"));
        }
        if !claims.is_empty() {
            line(&format!("claims: {}", claims.join(", ")));
        }
    }
    if let Some(StepFailure { message, rule, advice }) = failure {
        line(&sentence(message));
        if let Some(rule) = rule {
            line(rule);
        }
        line(advice);
    }
    text
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;
    use vestibule_app::domain::{
        id::SignInId,
        sign_in::{AttemptKind, AttemptOutcome, StepName},
    };

    use super::*;

    #[test]
    fn a_trace_is_written_step_by_step() {
        let attempt = SignInAttempt {
            id: SignInId(Uuid::nil()),
            reference: "7KQ2M9XWPA".to_owned(),
            kind: AttemptKind::Real,
            outcome: AttemptOutcome::Failed,
            reason: Some("token_check".to_owned()),
            tenant: None,
            provider: None,
            user: None,
            started_at: Timestamp(0),
            ended_at: Some(Timestamp(1_500_000)),
        };
        let asked = Asked { method: "POST".to_owned(), address: "https://idp.example/token".to_owned() };
        let answered = Answered { status: Some(200), claims: vec!["iss".to_owned(), "sub".to_owned()] };
        let failure = StepFailure {
            message: "it is for another client".to_owned(),
            rule: Some("RFC 7519, section 4.1.3".to_owned()),
            advice: "Check the client ID.".to_owned(),
        };
        let step = |name, failure| TraceStep {
            name,
            took_micros: 12_340,
            asked: Some(asked.clone()),
            answered: Some(answered.clone()),
            failure,
        };
        let steps = vec![step(StepName::TokenRequest, None), step(StepName::TokenCheck, Some(failure))];
        let summary = AttemptSummary { attempt, tenant_name: None, provider_name: None, username: None };
        let detail = AttemptDetail { summary, steps, claims: None, preview: None, may_admit: false };
        let text = text_of(&detail);
        assert_eq!(
            text,
            "reference 7KQ2M9XWPA\nkind      Sign-in\noutcome   Failed\nreason    token_check\n\
             started   1970-01-01 00:00:00 UTC\nended     1970-01-01 00:00:01 UTC\n\n\
             ok        Token request (12.3 ms)\n          POST https://idp.example/token\n          HTTP 200\n          \
             claims: iss, sub\n\n\
             FAILED    Check of the token (12.3 ms)\n          POST https://idp.example/token\n          HTTP 200\n          \
             claims: iss, sub\n          It is for another client.\n          RFC 7519, section 4.1.3\n          \
             Check the client ID.\n"
        );
    }
}
