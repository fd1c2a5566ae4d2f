//! The protocol of server functions: JSON in both directions.
//!
//! The server's side is `server_fn`'s own. The browser's side is one function for all calls that handles text only:
//! `server_fn` would generate its client again for each function.

use std::future::Future;

use http::Method;
use server_fn::{Http, Protocol, client::Client, codec, server::Server};

use super::ApiError;

type AsGiven = Http<codec::Json, codec::Json>;

/// The protocol of every server function: `#[server(prefix = …, endpoint = …, protocol = JsonPost)]`.
pub struct JsonPost;

impl<I, O, C, S> Protocol<I, O, C, S, ApiError> for JsonPost
where
    I: Wire,
    O: Wire,
    C: Client<ApiError>,
    S: Server<ApiError>,
    AsGiven: Protocol<I, O, C, S, ApiError>,
{
    const METHOD: Method = Method::POST;

    fn run_server<F, Fut>(
        request: S::Request,
        server_fn: F,
    ) -> impl Future<Output = Result<S::Response, ApiError>> + Send
    where
        F: Fn(I) -> Fut + Send,
        Fut: Future<Output = Result<O, ApiError>> + Send,
    {
        AsGiven::run_server(request, server_fn)
    }

    #[cfg(feature = "csr")]
    fn run_client(path: &str, input: I) -> impl Future<Output = Result<O, ApiError>> + Send {
        browser::call(path, &input)
    }

    #[cfg(not(feature = "csr"))]
    fn run_client(path: &str, input: I) -> impl Future<Output = Result<O, ApiError>> + Send {
        AsGiven::run_client(path, input)
    }
}

/// A type that can be sent and received.
pub trait Wire: serde::Serialize + serde::de::DeserializeOwned + Send {}

impl<T: serde::Serialize + serde::de::DeserializeOwned + Send> Wire for T {}

#[cfg(feature = "csr")]
pub(super) use browser::lines;

#[cfg(feature = "csr")]
mod browser {
    use std::{future::Future, pin::Pin};

    use js_sys::{Array, Object, Reflect, Uint8Array};
    use leptos::prelude::window;
    use send_wrapper::SendWrapper;
    use serde_json::Value;
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_futures::JsFuture;
    use web_sys::{ReadableStreamDefaultReader, RequestInit, Response};

    use super::{super::tree, ApiError, Wire};

    type Exchange = SendWrapper<Pin<Box<dyn Future<Output = Result<Value, ApiError>>>>>;

    /// Calls the server function at a path. All generated code ends here.
    pub(super) fn call<I: Wire, O: Wire>(
        path: &str,
        input: &I,
    ) -> impl Future<Output = Result<O, ApiError>> + Send + use<I, O> {
        let answer = exchange(path, serde_json::to_string(input));
        async move { tree::read(&answer.await?).map_err(misunderstood) }
    }

    /// Sends a body and waits for the response or an error.
    fn exchange(path: &str, body: serde_json::Result<String>) -> Exchange {
        let address = format!("{}{path}", server_fn::client::get_server_url());
        SendWrapper::new(Box::pin(async move {
            let (is_ok, text) = post(&address, &body.map_err(misunderstood)?).await.ok_or(ApiError::Offline)?;
            let answer = serde_json::from_str(&text).map_err(misunderstood)?;
            if is_ok { Ok(answer) } else { Err(tree::read(&answer).map_err(misunderstood)?) }
        }))
    }

    /// Sends a body and calls back for each line of the response. A rejection is returned as an error, like a
    /// function's.
    pub(in crate::api) async fn lines(
        path: &str,
        body: serde_json::Result<String>,
        on_progress: &dyn Fn(Value) -> Result<(), ApiError>,
    ) -> Result<(), ApiError> {
        let address = format!("{}{path}", server_fn::client::get_server_url());
        let answer = send(&address, &body.map_err(misunderstood)?).await.ok_or(ApiError::Offline)?;
        if !answer.ok() {
            let text = text(&answer).await.ok_or(ApiError::Offline)?;
            let refusal = serde_json::from_str(&text).map_err(misunderstood)?;
            return Err(tree::read(&refusal).map_err(misunderstood)?);
        }
        let reader: ReadableStreamDefaultReader = answer.body().ok_or(ApiError::Offline)?.get_reader().unchecked_into();
        let mut waiting = Vec::new();
        while let Some(bytes) = chunk(&reader).await.ok_or(ApiError::Offline)? {
            waiting.extend(bytes);
            while let Some(end) = waiting.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = waiting.drain(..=end).collect();
                on_progress(serde_json::from_slice(&line).map_err(misunderstood)?)?;
            }
        }
        Ok(())
    }

    /// The next chunk of a response, `Some(None)` at its end; `None` when the connection broke.
    async fn chunk(reader: &ReadableStreamDefaultReader) -> Option<Option<Vec<u8>>> {
        let part = JsFuture::from(reader.read()).await.ok()?;
        if Reflect::get(&part, &"done".into()).ok()?.is_truthy() {
            return Some(None);
        }
        let bytes: Uint8Array = Reflect::get(&part, &"value".into()).ok()?.unchecked_into();
        Some(Some(bytes.to_vec()))
    }

    /// Whether the response is a success, and its body; `None` when the server could not be reached.
    async fn post(address: &str, body: &str) -> Option<(bool, String)> {
        let answer = send(address, body).await?;
        Some((answer.ok(), text(&answer).await?))
    }

    async fn text(answer: &Response) -> Option<String> {
        JsFuture::from(answer.text().ok()?).await.ok()?.as_string()
    }

    async fn send(address: &str, body: &str) -> Option<Response> {
        let json = JsValue::from_str("application/json");
        let header = |name: &str| Array::of2(&JsValue::from_str(name), &json);
        let init = RequestInit::new();
        init.set_method("POST");
        init.set_body(&JsValue::from_str(body));
        init.set_headers(&Object::from_entries(&Array::of2(&header("content-type"), &header("accept"))).ok()?.into());
        JsFuture::from(window().fetch_with_str_and_init(address, &init)).await.ok()?.dyn_into().ok()
    }

    /// A message that this portal does not send or understand: most likely the server is of another version.
    fn misunderstood(error: impl std::fmt::Display) -> ApiError {
        ApiError::BadRequest(error.to_string())
    }
}
