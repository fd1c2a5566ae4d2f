//! The steps that read something.

use vestibule_app::domain::{
    connection::{StepName, StepStatus},
    discovery::{DiscoveryReport, DiscoveryTarget},
    problem::ServiceError,
};

use super::{
    super::run::{StepResult, TestRun},
    document::{findings_of, judge_document},
    findings::{OidcStep, judged},
    subject::OidcTest,
};
use crate::{
    core::discovery::{sentence, target},
    protocol::{
        http::OutboundClient,
        oidc::{self, ReadDocument},
    },
};

/// Runs the steps; returns the discovery when the document could be read.
pub(in crate::core::connections) async fn run(
    client: &OutboundClient,
    test: &OidcTest,
    run: &mut TestRun,
) -> Option<DiscoveryReport> {
    if !test.verify_tls {
        run.warn("The provider's TLS certificate is not checked.");
    }
    let target = admit_address(client, test, run).await?;
    let document = read_document(client, test, &target, run).await?;
    judge_document(test, &target, &document, run);
    read_keys(client, test, document, run).await
}

/// Checks that the address may be called.
async fn admit_address(client: &OutboundClient, test: &OidcTest, run: &mut TestRun) -> Option<DiscoveryTarget> {
    let step = run.step(StepName::Address);
    let mut target = match target(&test.address, test.demand) {
        Ok(target) => target,
        Err(error) => {
            run.close(step, unusable(error));
            return None;
        }
    };
    if let Some(issuer) = &test.issuer {
        target.expected_issuer = Some(issuer.clone());
    }
    let admitted = match client.admit(&target.url, run.deadline).await {
        Ok(()) => StepResult::ok("The address may be called, and its name has an address."),
        Err(error) => StepResult::failed(sentence(&error), error.advice()),
    };
    (run.close(step, admitted) != StepStatus::Failed).then_some(target)
}

/// Reads the document, and reports the findings that belong to no later step.
async fn read_document(
    client: &OutboundClient,
    test: &OidcTest,
    target: &DiscoveryTarget,
    run: &mut TestRun,
) -> Option<ReadDocument> {
    let step = run.step(StepName::Discovery);
    match oidc::read_document(client, target, test.verify_tls, run.deadline).await {
        Ok(document) => {
            let findings = findings_of(test, &document);
            run.close(step, judged(&findings, OidcStep::Discovery, "The discovery document was read."));
            Some(document)
        }
        Err(error) => {
            run.close(step, StepResult::failed(sentence(&error), error.advice()));
            None
        }
    }
}

/// Reads the keys. Without their address the step of the endpoints has failed, and there is nothing to fetch.
async fn read_keys(
    client: &OutboundClient,
    test: &OidcTest,
    document: ReadDocument,
    run: &mut TestRun,
) -> Option<DiscoveryReport> {
    let entered = test.overrides.jwks.as_deref();
    document.keys_address(entered)?;
    let step = run.step(StepName::Keys);
    let report = document.read_keys(client, test.verify_tls, entered, run.deadline).await;
    run.close(step, judged(&report.findings, OidcStep::Keys, "The provider publishes keys that verify its tokens."));
    Some(report)
}

fn unusable(error: ServiceError) -> StepResult {
    match error {
        ServiceError::Upstream { message, advice, .. } => StepResult::failed(sentence(&message), advice),
        other => StepResult::failed(sentence(&other), String::new()),
    }
}
