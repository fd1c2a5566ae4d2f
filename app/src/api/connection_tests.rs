//! Connection tests: their history, and running one.
//!
//! A running test reports its steps as they finish, which a server function cannot do. Its route [`STREAM`] is
//! therefore separate, with the same session, origin check and content type: a `POST` of a [`TestForm`] in JSON. When
//! the test is rejected, the response has the status and the body of an [`ApiError`]; otherwise it is one [`TestLine`]
//! per line.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::context::{answer, context};
use super::{ApiError, JsonPost, provider_form::ConnectionForm, wire::only_known};
use crate::domain::{
    connection::{TestProgress, TestRecord},
    id::{ProviderId, TenantId},
    mapping::UserMapping,
    page::{Page, PageRequest},
};

/// The path that runs tests, below the mount path.
pub const STREAM: &str = "/_ui/connection-tests";

/// A page of a provider's stored tests, newest first.
#[server(prefix = "/_ui/fn", endpoint = "connection-tests/history", protocol = JsonPost)]
pub async fn list_connection_tests(provider: ProviderId, page: PageRequest) -> Result<Page<TestRecord>, ApiError> {
    let call = context()?;
    answer(call.services.connections.list_history(&call.actor, provider, page.capped()).await)
}

/// What to test: a stored provider when there is no connection, else the connection of a form.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TestForm {
    /// The stored provider. With a connection, its stored secrets replace those that the connection keeps.
    pub provider: Option<ProviderId>,
    /// The tenant that would own the provider; the platform when absent. Only with a connection.
    pub owner: Option<TenantId>,
    /// A connection that is not saved. Its test is not stored.
    pub connection: Option<ConnectionForm>,
    /// How attributes become the user fields that the test of a directory shows. Only with a connection.
    #[serde(deserialize_with = "only_known")]
    pub mapping: Option<UserMapping>,
}

/// A line of the response. The last one is [`TestProgress::Done`], or the error that ended the test early.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum TestLine {
    /// An event of the test.
    Progress(TestProgress),
    /// The test could not be finished or stored.
    Failed {
        /// Why.
        error: ApiError,
    },
}

/// Runs a test from the browser and reports its events. Ends when the test has ended. The test itself goes on when this
/// future is dropped.
#[cfg(feature = "csr")]
pub async fn run_connection_test(form: TestForm, on_progress: impl Fn(TestProgress)) -> Result<(), ApiError> {
    super::lines::post_for_lines(STREAM, &form, |line| match line {
        TestLine::Progress(progress) => {
            on_progress(progress);
            Ok(())
        }
        TestLine::Failed { error } => Err(error),
    })
    .await
}

/// Only a browser runs tests this way; other callers use the service.
#[cfg(not(feature = "csr"))]
pub async fn run_connection_test(_form: TestForm, _on_progress: impl Fn(TestProgress)) -> Result<(), ApiError> {
    Err(ApiError::Offline)
}

#[cfg(all(test, feature = "ssr"))]
#[expect(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::{connection::StepName, patch::Patch, problem::ServiceError, provider::ConfigInput};

    #[test]
    fn every_line_reads_back() {
        let failed = TestLine::Failed { error: ApiError::Service(ServiceError::Unavailable) };
        for (line, text) in [
            (TestLine::Progress(TestProgress::Started(StepName::Address)), json!({"started": "address"})),
            (failed, json!({"error": {"service": "unavailable"}})),
        ] {
            let written = serde_json::to_value(&line).unwrap();
            assert_eq!(written, text);
            assert_eq!(serde_json::from_value::<TestLine>(written).unwrap(), line);
        }
    }

    #[test]
    fn a_form_leaves_out_what_it_does_not_mean() {
        let form: TestForm =
            serde_json::from_value(json!({"connection": {"oidc": {"discovery_url": " https://a.example "}}})).unwrap();
        let Some(ConfigInput::Oidc(input)) = form.connection.map(ConfigInput::from) else { panic!("it is OIDC") };
        assert_eq!(
            (input.discovery_url.as_str(), input.client_secret, input.verify_tls),
            ("https://a.example", Patch::Keep, true)
        );
    }
}
