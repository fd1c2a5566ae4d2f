//! A call whose response is one JSON value per line, each reported as soon as it arrives.

use futures::{AsyncBufReadExt, StreamExt, TryStreamExt};
use gloo_net::http::{Request, Response};
use js_sys::Uint8Array;
use serde::{Serialize, de::DeserializeOwned};
use wasm_streams::ReadableStream;
use web_sys::AbortController;

use super::ApiError;

/// Sends a body in JSON and calls `on_line` for each line of the response. Dropping the future aborts the request.
///
/// # Errors
///
/// The server's rejection, a broken connection, a line that cannot be parsed, and the first error of `on_line`.
pub(super) async fn post_for_lines<T: DeserializeOwned>(
    path: &str,
    body: &impl Serialize,
    mut on_line: impl FnMut(T) -> Result<(), ApiError>,
) -> Result<(), ApiError> {
    let abort = AbortOnDrop(AbortController::new().ok());
    let response = send(path, body, &abort).await.map_err(ApiError::from)?;
    if !response.ok() {
        return Err(response.json::<ApiError>().await?);
    }
    let stream = ReadableStream::from_raw(response.body().ok_or(ApiError::Offline)?).into_stream();
    let bytes =
        stream.map_ok(|chunk| Uint8Array::from(chunk).to_vec()).map_err(|_| std::io::ErrorKind::BrokenPipe.into());
    let mut lines = bytes.into_async_read().lines();
    while let Some(line) = lines.next().await {
        let line = line.map_err(|_| ApiError::Offline)?;
        on_line(serde_json::from_str(&line).map_err(|error| ApiError::BadRequest(error.to_string()))?)?;
    }
    Ok(())
}

async fn send(path: &str, body: &impl Serialize, abort: &AbortOnDrop) -> Result<Response, gloo_net::Error> {
    let signal = abort.0.as_ref().map(AbortController::signal);
    Request::post(&format!("{}{path}", server_fn::client::get_server_url()))
        .header("accept", "application/json")
        .abort_signal(signal.as_ref())
        .json(body)?
        .send()
        .await
}

/// Aborts its request when it is dropped; has no effect after the response has been read.
struct AbortOnDrop(Option<AbortController>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}

impl From<gloo_net::Error> for ApiError {
    fn from(error: gloo_net::Error) -> Self {
        match error {
            gloo_net::Error::JsError(_) | gloo_net::Error::GlooError(_) => Self::Offline,
            gloo_net::Error::SerdeError(error) => Self::BadRequest(error.to_string()),
        }
    }
}
