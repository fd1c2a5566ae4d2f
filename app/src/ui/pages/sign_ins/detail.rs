//! What happened in one attempt to sign in.

use leptos::prelude::*;

use super::{
    admission::Admission,
    claims::ClaimsCard,
    preview::PreviewResult,
    steps::StepList,
    words::{outcome_tone, reason},
};
use crate::{
    api::sign_ins::{SignInDetail, get_sign_in},
    domain::{
        sign_in::{AttemptKind, AttemptOutcome, AttemptSummary, SignInAttempt, StepFailure},
        timestamp::Timestamp,
        words::sentence,
    },
    ui::{
        components::{
            Callout, Card, CopyButton, Crumb, DataView, Detail, DetailList, EmptyState, PageHeader, RelativeTime,
            StatusBadge, Tone, duration,
        },
        router::use_param,
        routes,
        state::use_load,
    },
};

/// One attempt to sign in, by its reference.
#[component]
pub fn SignInPage() -> impl IntoView {
    let reference = use_param("reference");
    let detail = use_load(move || get_sign_in(reference.get()));
    let title = Signal::derive(move || format!("Sign-in {}", reference.get()));
    view! {
        <PageHeader title crumbs=vec![Crumb::new(routes::SIGN_INS, "Sign-ins")] />
        <DataView resource=detail skeleton=6 let:detail>{draw(detail)}</DataView>
    }
}

fn draw(detail: SignInDetail) -> AnyView {
    let SignInDetail { summary, steps, claims, preview, may_admit } = detail;
    let reference = summary.attempt.reference.clone();
    let reference = may_admit.then_some(reference);
    // The last failure ended the sign-in; one before it did not.
    let has_failed = summary.attempt.outcome.has_reason();
    let failure = steps.iter().rev().find_map(|step| step.failure.clone()).filter(|_| has_failed);
    let failure = failure.map(|failure| verdict(failure, reference));
    let steps = if steps.is_empty() {
        view! { <EmptyState title="No steps were recorded" /> }.into_any()
    } else {
        view! { <StepList steps /> }.into_any()
    };
    view! {
        <div class="provider-cards">
            {failure}
            <Card title="Result">{facts(summary)}</Card>
            {preview.map(|preview| view! { <Card title="What would happen"><PreviewResult preview /></Card> })}
            <Card title="Steps">{steps}</Card>
            {claims.map(|claims| view! { <ClaimsCard claims /> })}
        </div>
    }
    .into_any()
}

/// The failed check, before everything else. With a reference, the person can be let in.
fn verdict(failure: StepFailure, reference: Option<String>) -> AnyView {
    let StepFailure { message, rule, advice } = failure;
    view! {
        <Callout tone=Tone::Warning title=sentence(&message)>
            {rule.map(|rule| view! { <p class="muted">{rule}</p> })}
            <p>{advice}</p>
            {reference.map(|reference| view! { <Admission reference /> })}
        </Callout>
    }
    .into_any()
}

fn facts(summary: AttemptSummary) -> AnyView {
    let AttemptSummary { attempt, tenant_name, provider_name, username } = summary;
    let SignInAttempt { id: _, reference, kind, outcome, reason: why, tenant, provider, user, started_at, ended_at } =
        attempt;
    let has_ended = outcome != AttemptOutcome::Abandoned;
    let took = ended_at.filter(|_| has_ended).map(|ended_at| duration(millis(started_at, ended_at)));
    view! {
        <DetailList>
            <Detail label="Outcome">
                <span class="badges">
                    <StatusBadge tone=outcome_tone(outcome) label=outcome.label() />
                    {(kind == AttemptKind::Test).then(|| view! { <StatusBadge tone=Tone::Info label="Test" /> })}
                </span>
            </Detail>
            {why.map(|why| view! { <Detail label="Reason">{reason(&why)} " " <code class="muted">{why.clone()}</code></Detail> })}
            {linked("User", username, user.map(routes::user))}
            {linked("Provider", provider_name, provider.map(routes::provider))}
            {linked("Tenant", tenant_name, tenant.map(routes::tenant))}
            <Detail label="Started"><RelativeTime at=started_at /></Detail>
            {took.map(|took| view! { <Detail label="Duration">{took}</Detail> })}
            <Detail label="Reference">
                <code class="reference">{reference.clone()}</code>
                " "
                <CopyButton value=reference label="reference" />
            </Detail>
        </DetailList>
    }
    .into_any()
}

/// What was deleted, or may not be seen, has no name.
fn linked(label: &'static str, name: Option<String>, href: Option<String>) -> Option<AnyView> {
    let (name, href) = (name?, href?);
    Some(view! { <Detail label><a href=href>{name}</a></Detail> }.into_any())
}

fn millis(from: Timestamp, to: Timestamp) -> u64 {
    u64::try_from(to.unix_millis() - from.unix_millis()).unwrap_or_default()
}
