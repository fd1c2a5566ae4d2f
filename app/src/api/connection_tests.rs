//! Connection tests: their history, and what travels when one runs.
//!
//! A test tells its steps while it runs, which a server function cannot. Its route [`STREAM`] stands beside them, with
//! the same session, origin check and content type: a `POST` of a [`TestForm`] in JSON. What is refused before the test
//! begins is answered with the status and body of an [`ApiError`]; otherwise the answer is one [`TestLine`] on each line.

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

/// Where tests are started, below the mount path.
pub const STREAM: &str = "/_ui/connection-tests";

/// A page of the tests that were kept of a provider, newest first.
#[server(prefix = "/_ui/fn", endpoint = "connection-tests/history", protocol = JsonPost)]
pub async fn list_connection_tests(provider: ProviderId, page: PageRequest) -> Result<Page<TestRecord>, ApiError> {
    let call = context()?;
    answer(call.services.connections.history(&call.actor, provider, page.capped()).await)
}

/// What is to be tested: a stored provider when there are no settings, else the settings as they stand in a form.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TestForm {
    /// The stored provider. With settings, its secrets are used where the settings leave them out.
    pub provider: Option<ProviderId>,
    /// The tenant that the provider would belong to; the platform when absent. Only for settings.
    pub owner: Option<TenantId>,
    /// Settings that are not saved. Their test is not kept.
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

/// What a test needs of a directory's form.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LdapSettings {
    /// The settings.
    pub settings: LdapForm,
    /// How attributes become user fields.
    pub mapping: UserMapping,
}

/// What a test needs of an OpenID provider's form.
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
    /// Scopes asked for beside `openid`.
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
    /// The settings in the domain's words, and the mapping where a test shows users.
    ///
    /// # Errors
    ///
    /// A setting that is none.
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

/// One line of the answer. The last one is [`TestProgress::Done`], or the error that kept the test from being finished.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum TestLine {
    /// What the test tells.
    Progress(TestProgress),
    /// The test could not be finished, or not be kept.
    Failed {
        /// Why.
        error: ApiError,
    },
}

/// Runs a test from the browser and tells what it tells. Ends when the test has ended.
#[cfg(feature = "csr")]
pub async fn run_connection_test(form: TestForm, tell: impl Fn(TestProgress)) -> Result<(), ApiError> {
    let read = |line: serde_json::Value| {
        let misread = |error: super::tree::Error| ApiError::BadRequest(error.to_string());
        // Told apart here, since reading an untagged enumeration costs the portal a reader of its own.
        match line.get("error") {
            Some(error) => Err(super::tree::read(error).map_err(misread)?),
            None => {
                tell(super::tree::read(&line).map_err(misread)?);
                Ok(())
            }
        }
    };
    super::protocol::lines(STREAM, serde_json::to_string(&form), &read).await
}

/// Only a browser runs tests this way; others call the service.
#[cfg(not(feature = "csr"))]
pub async fn run_connection_test(_form: TestForm, _tell: impl Fn(TestProgress)) -> Result<(), ApiError> {
    Err(ApiError::Offline)
}

#[cfg(all(test, feature = "ssr"))]
#[expect(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::problem::ServiceError;

    #[test]
    fn every_line_reads_back() {
        let failed = TestLine::Failed { error: ApiError::Service(ServiceError::Unavailable) };
        for (line, text) in [
            (TestLine::Progress(TestProgress::Started("Address".to_owned())), json!({"started": "Address"})),
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
