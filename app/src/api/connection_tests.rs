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
use super::{ApiError, JsonPost, directories::LdapForm, saml::SamlSettings, wire::SecretInput};
use crate::domain::{
    connection::{TestProgress, TestRecord},
    id::{ProviderId, TenantId},
    mapping::UserMapping,
    page::{Page, PageRequest},
};
#[cfg(feature = "ssr")]
use crate::domain::{
    problem::ServiceError,
    provider::{ConfigInput, DiscoveryDemand, OidcEndpoints, OidcInput},
    secret::Secret,
};

/// The path that runs tests, below the mount path.
pub const STREAM: &str = "/_ui/connection-tests";

/// A page of a provider's stored tests, newest first.
#[server(prefix = "/_ui/fn", endpoint = "connection-tests/history", protocol = JsonPost)]
pub async fn list_connection_tests(provider: ProviderId, page: PageRequest) -> Result<Page<TestRecord>, ApiError> {
    let call = context()?;
    answer(call.services.connections.history(&call.actor, provider, page.capped()).await)
}

/// What to test: a stored provider when there are no settings, else the settings of a form.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TestForm {
    /// The stored provider. With settings, its stored secrets replace those that the settings leave out.
    pub provider: Option<ProviderId>,
    /// The tenant that would own the provider; the platform when absent. Only with settings.
    pub owner: Option<TenantId>,
    /// Settings that are not saved. Their test is not stored.
    pub settings: Option<TestSettings>,
}

/// Settings of a form, by protocol.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestSettings {
    /// OpenID Connect.
    Oidc(OidcSettings),
    /// SAML 2.0.
    Saml(SamlSettings),
    /// An LDAP directory.
    Ldap(LdapSettings),
}

/// The settings of a directory to test.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LdapSettings {
    /// The settings.
    pub settings: LdapForm,
    /// How attributes become user fields.
    pub mapping: UserMapping,
}

/// The settings of an OpenID provider to test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OidcSettings {
    /// An issuer or the address of a discovery document.
    pub discovery_url: String,
    /// The client identifier.
    pub client_id: String,
    /// The client secret; the stored one when absent, none when empty.
    pub client_secret: Option<SecretInput>,
    /// Whether the provider's TLS certificate is checked.
    pub verify_tls: bool,
    /// Scopes to request beside `openid`.
    pub extra_scopes: Vec<String>,
    /// Whether the code flow uses PKCE.
    pub pkce: bool,
}

impl Default for OidcSettings {
    fn default() -> Self {
        Self {
            discovery_url: String::new(),
            client_id: String::new(),
            client_secret: None,
            verify_tls: true,
            extra_scopes: Vec::new(),
            pkce: true,
        }
    }
}

#[cfg(feature = "ssr")]
impl TestSettings {
    /// Converts to the domain: the settings, and the mapping where a test shows users.
    ///
    /// # Errors
    ///
    /// Unknown settings and invalid values.
    pub fn into_parts(self) -> Result<(ConfigInput, Option<UserMapping>), ServiceError> {
        Ok(match self {
            Self::Saml(settings) => (ConfigInput::Saml(settings.into()), None),
            Self::Ldap(LdapSettings { settings, mapping }) => {
                (ConfigInput::Ldap(Box::new(settings.into_config()?)), Some(mapping))
            }
            Self::Oidc(settings) => {
                let OidcSettings { discovery_url, client_id, client_secret, verify_tls, extra_scopes, pkce } = settings;
                let input = OidcInput {
                    discovery_url: discovery_url.trim().to_owned(),
                    client_id: client_id.trim().to_owned(),
                    client_secret: client_secret.map(Secret::from),
                    extra_scopes: Some(extra_scopes),
                    verify_tls,
                    pkce,
                    post_logout_redirect: false,
                    overrides: OidcEndpoints::default(),
                    demand: DiscoveryDemand::Usable,
                };
                (ConfigInput::Oidc(input), None)
            }
        })
    }
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
    use crate::domain::{connection::StepName, problem::ServiceError};

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
            serde_json::from_value(json!({"settings": {"oidc": {"discovery_url": " https://a.example "}}})).unwrap();
        let Some(Ok((ConfigInput::Oidc(input), None))) = form.settings.map(TestSettings::into_parts) else {
            panic!("it is OIDC")
        };
        assert_eq!(
            (input.discovery_url.as_str(), input.client_secret, input.verify_tls),
            ("https://a.example", None, true)
        );
    }
}
