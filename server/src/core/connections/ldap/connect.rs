//! Connecting to the servers of a directory, and encrypting the connection to the first that answers.

use std::{sync::Arc, time::Duration};

use tokio::{
    task::JoinSet,
    time::{Instant, timeout_at},
};
use vestibule_app::domain::{connection::StepName, provider::LdapConfig};

use super::{
    super::run::{StepResult, TestRun},
    step::{close_failed, failed, within},
};
use crate::{
    protocol::{
        http::OutboundClient,
        ldap::{Connected, LdapError, LdapErrorKind, Secured},
    },
    trace_context,
};

/// How long to wait for several servers.
const DIALLING: Duration = Duration::from_secs(4);

/// Connects to all servers at the same time, and continues with the first in their order that answers.
pub(super) async fn connect(client: &OutboundClient, config: &LdapConfig, run: &mut TestRun) -> Option<Connected> {
    let step = run.step(StepName::Connect);
    let shared = Arc::new(config.clone());
    // Servers that do not answer leave time for the steps at the one that does.
    let deadline = match config.urls.as_slice() {
        [_] => run.deadline,
        _ => run.deadline.min(Instant::now() + DIALLING),
    };
    let mut dialling = JoinSet::new();
    for (index, url) in config.urls.iter().enumerate() {
        let (client, config, url) = (client.clone(), Arc::clone(&shared), url.clone());
        dialling.spawn(trace_context::carried(async move {
            let connecting = Connected::to(client.policy(), client.lookup(), &config, &url);
            let connected = timeout_at(deadline, connecting).await.unwrap_or_else(|_| Err(silent(&url)));
            (index, url, connected)
        }));
    }
    let mut tried = dialling.join_all().await;
    tried.sort_by_key(|(index, ..)| *index);
    let mut first = None;
    let mut failures = Vec::new();
    for (_, url, connected) in tried {
        match connected {
            Ok(connected) if first.is_none() => first = Some((url, connected)),
            Ok(_) => {}
            Err(error) => failures.push(error),
        }
    }
    let Some((url, connected)) = first else {
        let found = failures.into_iter().fold(None::<StepResult>, |found, error| match found {
            None => Some(failed(error)),
            Some(found) => Some(found.and_failed(error.message, error.advice)),
        });
        run.close(
            step,
            found.unwrap_or_else(|| StepResult::failed("The directory has no server.", "Enter its address.")),
        );
        return None;
    };
    let answers = StepResult::ok(format!("{url} answers."));
    let found = failures.into_iter().fold(answers, |found, error| found.also(error.message, error.advice));
    run.close(step, found);
    Some(connected)
}

pub(super) async fn secure(connected: Connected, run: &mut TestRun) -> Option<Secured> {
    let step = run.step(StepName::Tls);
    let is_plain = connected.stays_plain();
    let secured = match within(run, connected.secure()).await {
        Ok(secured) => secured,
        Err(error) => {
            close_failed(run, step, error);
            return None;
        }
    };
    let found = match is_plain {
        true => StepResult::warning(
            "The connection is not encrypted: the password can be read on the way.",
            "Use an ldaps:// address or StartTLS.",
        ),
        false => StepResult::ok("The connection is encrypted."),
    };
    run.close(step, found);
    Some(secured)
}

fn silent(url: &str) -> LdapError {
    LdapError {
        kind: LdapErrorKind::Timeout,
        message: format!("{url} did not answer in time."),
        advice: "Check host and port, and that a firewall lets this server reach them.".to_owned(),
    }
}
