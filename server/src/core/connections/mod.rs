//! Connection tests: who may ask for one, what it does step by step, and what is kept of it.
//!
//! A provider that does not work is a report and not an error. A test has ten seconds in all, whatever the provider
//! does, and no connection to the database is held while it waits.

mod directory;
mod keep;
mod ldap;
mod oidc;
mod run;
mod saml;
mod scheduled;
mod settings;
mod stored;
mod unsaved;

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::{Semaphore, SemaphorePermit};
use vestibule_app::{
    domain::{
        actor::{Actor, Permission},
        connection::{StepStatus, TestRecord, TestReport},
        discovery::DiscoveryReport,
        id::{ProviderId, TenantId},
        ldap::{DirectoryReport, DirectoryUser},
        mapping::UserMapping,
        page::{Page, PageRequest},
        problem::ServiceError,
        provider::{ConfigInput, LdapConfig},
    },
    service::{Connections, Progress, ProviderRef, ServiceResult, TenantRef},
};

pub use settings::ConnectionTests;

use self::{ldap::LdapTest, oidc::OidcTest, run::Run, saml::SamlTest};
use super::{Core, providers};
use crate::store::connection_tests as rows;

/// How many tests, and readings of discovery documents and metadata, may run at once because somebody asked for them. The
/// schedule has a limit of its own, so that neither keeps the other waiting.
const MAX_ASKED_FOR: usize = 16;

/// When to come back when that many run: tests end within ten seconds.
const RETRY_AFTER_SECONDS: u32 = 10;

/// What is told of every test that was kept.
pub(crate) type Observer = Box<dyn Fn(StepStatus) + Send + Sync>;

/// What tests share.
pub(crate) struct Tests {
    settings: ConnectionTests,
    asked_for: Semaphore,
    observer: Observer,
}

impl Tests {
    pub(crate) fn new(settings: ConnectionTests, observer: Observer) -> Self {
        Self { settings, asked_for: Semaphore::new(MAX_ASKED_FOR), observer }
    }

    /// Minutes between two scheduled tests of a provider; 0 for none.
    pub(crate) const fn interval_minutes(&self) -> u32 {
        self.settings.interval_minutes
    }

    /// Leave to call out for somebody who asks; refused when too many do.
    pub(in crate::core) fn admit(&self) -> ServiceResult<SemaphorePermit<'_>> {
        let refused = ServiceError::TooManyRequests { retry_after_seconds: RETRY_AFTER_SECONDS };
        self.asked_for.try_acquire().map_err(|_| refused)
    }
}

/// What is tested.
enum Subject {
    Oidc(OidcTest),
    Saml(SamlTest),
    Ldap(Box<LdapTest>),
}

/// What a test found: the report, and the discovery that it read on the way.
struct Outcome {
    report: TestReport,
    discovery: Option<DiscoveryReport>,
}

impl Core {
    async fn run_test(&self, subject: Subject, progress: Option<Progress>) -> Outcome {
        let mut run = Run::begin(self.clock.now(), progress);
        let discovery = match subject {
            Subject::Oidc(test) => oidc::run(&self.outbound, &test, &mut run).await,
            Subject::Saml(test) => {
                saml::run(&self.outbound, &test, &mut run).await;
                None
            }
            Subject::Ldap(test) => {
                ldap::run(&self.outbound, &test, &mut run).await;
                None
            }
        };
        Outcome { report: run.finish(), discovery }
    }
}

#[async_trait]
impl Connections for Core {
    async fn test(&self, actor: &Actor, provider: ProviderId, progress: Option<Progress>) -> ServiceResult<TestReport> {
        self.test_provider(actor, provider, progress).await
    }

    async fn test_for_tenant(
        &self,
        actor: &Actor,
        tenant: &TenantRef,
        provider: ProviderId,
    ) -> ServiceResult<TestReport> {
        self.test_provider_of_tenant(actor, tenant, provider).await
    }

    async fn test_unsaved(
        &self,
        actor: &Actor,
        owner: Option<TenantId>,
        provider: Option<ProviderId>,
        config: ConfigInput,
        mapping: Option<UserMapping>,
        progress: Option<Progress>,
    ) -> ServiceResult<TestReport> {
        self.test_settings(actor, owner, provider, config, mapping, progress).await
    }

    async fn inspect(
        &self,
        actor: &Actor,
        owner: Option<TenantId>,
        provider: Option<ProviderId>,
        config: LdapConfig,
    ) -> ServiceResult<DirectoryReport> {
        self.inspect_directory(actor, owner, provider, config).await
    }

    async fn sample(
        &self,
        actor: &Actor,
        owner: Option<TenantId>,
        provider: Option<ProviderId>,
        config: LdapConfig,
        mapping: &UserMapping,
    ) -> ServiceResult<Vec<DirectoryUser>> {
        self.sample_directory(actor, owner, provider, config, mapping).await
    }

    async fn history(&self, actor: &Actor, provider: ProviderId, page: PageRequest) -> ServiceResult<Page<TestRecord>> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        providers::find_for(conn, actor, Permission::ViewProvider, &ProviderRef::Id(provider)).await?;
        Ok(rows::list(conn, provider, page).await?)
    }
}

/// A progress that nobody listens to is no progress; kept in one place so that every end of a test tells the same.
fn tell_end(progress: Option<&Progress>, report: &TestReport) {
    if let Some(progress) = progress {
        progress(vestibule_app::domain::connection::TestProgress::Done(report.clone()));
    }
}

/// A shared progress for the run and its end.
fn shared(progress: Option<&Progress>) -> Option<Progress> {
    progress.map(Arc::clone)
}
