//! `vestibule trace`

use anyhow::bail;
use vestibule_app::domain::{
    actor::Actor,
    problem::ServiceError,
    sign_in::{Answered, Asked, AttemptDetail, SignInAttempt, StepFailure, TraceStep},
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
    let AttemptDetail { attempt, steps, claims } = detail;
    let SignInAttempt { id: _, reference, kind, outcome, reason, tenant, provider, user, started_at, ended_at } =
        attempt;
    let moment = |at: Timestamp| at.utc().replace_nanosecond(0).unwrap_or_else(|_| at.utc()).to_string();
    let rows = [
        ("reference", Some(reference.clone())),
        ("kind", Some(kind.label().to_owned())),
        ("outcome", Some(outcome.label().to_owned())),
        ("reason", reason.clone()),
        ("tenant", tenant.map(|id| id.to_string())),
        ("provider", provider.map(|id| id.to_string())),
        ("user", user.map(|id| id.to_string())),
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
    text
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
