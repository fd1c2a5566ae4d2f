//! The route that streams the steps of a connection test while it runs.
//!
//! A server function answers once, so this stands beside them: the same callers, the same checks, and one line of JSON
//! for each step. The test runs in a task of its own: closing the page ends the stream, and the
//! test is stored all the same.

use std::{convert::Infallible, sync::Arc};

use axum::{
    body::{Body, Bytes},
    extract::{Extension, Request, State},
    http::{HeaderName, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio_stream::{StreamExt as _, once, wrappers::UnboundedReceiverStream};
use vestibule_app::{
    api::{
        ApiError,
        connection_tests::{TestForm, TestLine},
    },
    domain::{
        actor::Actor,
        connection::TestProgress,
        problem::{ProblemCode, ServiceError},
    },
    service::{Progress, ServiceResult, Services},
};

use super::server_fns::{MAX_BODY, ServerFns, admit, read_body, refuse, refuse_service};
use crate::{request::ClientAddress, trace_context};

/// What the running test sends; few lines, since a test has few steps.
enum Sent {
    Progress(TestProgress),
    Ended(ServiceResult<()>),
}

pub(super) async fn stream(
    State(state): State<ServerFns>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let actor = match admit(&state, &parts, address).await {
        Ok(actor) => actor,
        Err(refusal) => return *refusal,
    };
    let bytes = match read_body(body, MAX_BODY).await {
        Ok(bytes) => bytes,
        Err(refusal) => return *refusal,
    };
    let form = match serde_json::from_slice::<TestForm>(&bytes) {
        Ok(form) => form,
        Err(error) => {
            // The parser's message may repeat a secret; the place is enough.
            let (line, column) = (error.line(), error.column());
            let error = ApiError::BadRequest(format!("not a connection test (line {line}, column {column})"));
            return refuse(StatusCode::BAD_REQUEST, error);
        }
    };
    let (sender, mut receiver) = unbounded_channel();
    tokio::spawn(trace_context::carried(run(state.callers.services, actor, form, sender)));
    // A refused test sends no step, so that the answer can be an ordinary error.
    let first = match receiver.recv().await {
        Some(Sent::Ended(Err(error))) => return refuse_service(error),
        Some(first) => first,
        None => return refuse_service(ServiceError::Internal),
    };
    let lines = once(first).chain(UnboundedReceiverStream::new(receiver)).filter_map(line);
    let headers = [
        (CONTENT_TYPE, "application/x-ndjson"),
        // Proxies of the nginx family hold answers back otherwise.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    (headers, Body::from_stream(lines)).into_response()
}

async fn run(services: Services, actor: Actor, form: TestForm, sender: UnboundedSender<Sent>) {
    let steps = sender.clone();
    let progress: Progress = Arc::new(move |progress| {
        // The page may be closed.
        let _ = steps.send(Sent::Progress(progress));
    });
    let TestForm { provider, owner, connection, mapping } = form;
    let tests = &services.connections;
    let ended = match (connection, provider) {
        (Some(connection), provider) => {
            tests.test_unsaved(&actor, owner, provider, connection.into(), mapping, Some(progress)).await
        }
        (None, Some(provider)) => tests.test(&actor, provider, Some(progress)).await,
        (None, None) if actor.is_anonymous() => Err(ServiceError::Unauthenticated),
        (None, None) => {
            let message = "Name a provider, or send settings.";
            Err(ServiceError::invalid("provider", ProblemCode::Required, message))
        }
    };
    let _ = sender.send(Sent::Ended(ended.map(drop)));
}

fn line(sent: Sent) -> Option<Result<Bytes, Infallible>> {
    let line = match sent {
        Sent::Progress(progress) => TestLine::Progress(progress),
        Sent::Ended(Err(error)) => TestLine::Failed { error: ApiError::Service(error) },
        Sent::Ended(Ok(())) => return None,
    };
    let mut text = serde_json::to_vec(&line).ok()?;
    text.push(b'\n');
    Some(Ok(Bytes::from(text)))
}
