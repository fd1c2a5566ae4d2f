//! The subject of a test, by protocol, and its outcome.

use vestibule_app::{
    domain::{connection::TestReport, discovery::DiscoveryReport, timestamp::Timestamp},
    service::Progress,
};

use super::{
    ldap::{self, LdapTest},
    oidc::{self, OidcTest},
    run::TestRun,
    saml::{self, SamlTest},
};
use crate::protocol::http::OutboundClient;

/// What a test examines.
pub(super) enum TestSubject {
    Oidc(OidcTest),
    Saml(SamlTest),
    Ldap(Box<LdapTest>),
}

/// The report of a test, and the discovery that it read on the way.
pub(super) struct TestOutcome {
    pub(super) report: TestReport,
    pub(super) discovery: Option<DiscoveryReport>,
}

impl TestSubject {
    pub(super) async fn test(
        self,
        outbound: &OutboundClient,
        now: Timestamp,
        progress: Option<Progress>,
    ) -> TestOutcome {
        let mut run = TestRun::begin(now, progress);
        let discovery = match self {
            Self::Oidc(test) => oidc::run(outbound, &test, &mut run).await,
            Self::Saml(test) => {
                saml::run(outbound, &test, &mut run).await;
                None
            }
            Self::Ldap(test) => {
                ldap::run(outbound, &test, &mut run).await;
                None
            }
        };
        TestOutcome { report: run.finish(), discovery }
    }
}
