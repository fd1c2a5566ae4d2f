//! Puts the services together: the one place that sees what each of them uses.

use std::sync::Arc;

use url::Url;
use vestibule_app::{domain::provider::ReservedSlugs, service::Services};

use super::{
    AuditService, ConnectionService, ConnectionTests, SessionService, SyncService, TestObserver,
    administrators::AdministratorService,
    assignments::AssignmentService,
    connections::ConnectionParts,
    discovery::DiscoveryService,
    group_mappings::GroupMappingService,
    groups::GroupService,
    keys::Keys,
    outbound_limit::OutboundLimit,
    passwords::Passwords,
    providers::{CatalogueService, ProviderParts, ProviderSecrets, ProviderService},
    public_address::PublicAddress,
    running::Running,
    saml_metadata::SamlMetadataService,
    set_up::SetUpService,
    sign_in::{
        AttemptLog, AttemptObserver, AttemptPurge, AttemptRetention, AttemptService, SessionLifetimes, SignInParts,
        SignInProtocols, SignInService, TestService,
    },
    tenants::TenantService,
    tokens::TokenService,
    totals::Totals,
    user_sessions::UserSessionService,
    users::UserService,
};
use crate::{
    clock::Clock,
    protocol::http::OutboundClient,
    store::{Store, Work},
};

/// What the services are made from.
pub(crate) struct Resources {
    pub(crate) store: Store,
    pub(crate) keys: Arc<Keys>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) outbound: OutboundClient,
    /// With the mount path.
    pub(crate) base_url: Url,
    /// What the surfaces have other uses for.
    pub(crate) reserved_slugs: ReservedSlugs,
    /// With which protocols people sign in.
    pub(crate) sign_in: SignInProtocols,
    pub(crate) session_lifetimes: SessionLifetimes,
    /// How long attempts to sign in are kept.
    pub(crate) attempt_retention: AttemptRetention,
    /// Counts attempts that were not recorded.
    pub(crate) attempt_observer: AttemptObserver,
    pub(crate) connection_tests: ConnectionTests,
    pub(crate) test_observer: TestObserver,
}

/// The services as their traits, and those that also have work beside requests.
pub(crate) struct AssembledServices {
    pub(crate) services: Services,
    pub(crate) audit: Arc<AuditService>,
    pub(crate) connections: ConnectionService,
    pub(crate) sessions: Arc<SessionService>,
    pub(crate) sign_ins: Arc<SignInService>,
    pub(crate) attempt_purge: AttemptPurge,
    pub(crate) syncs: SyncService,
}

impl AssembledServices {
    /// Gives each service what it uses, and shares what must be one for all of them.
    pub(crate) fn assemble(resources: Resources) -> Self {
        let Resources {
            store,
            keys,
            clock,
            outbound,
            base_url,
            reserved_slugs,
            sign_in,
            session_lifetimes: lifetimes,
            attempt_retention,
            attempt_observer,
            connection_tests,
            test_observer,
        } = resources;
        let address = PublicAddress::new(&base_url);
        let limit = OutboundLimit::default();
        let passwords = Passwords::default();
        let totals = Totals::default();
        let running = Arc::new(Running::default());
        let secrets = ProviderSecrets::new(keys.clone());
        let audit = Arc::new(AuditService { store: store.for_work(Work::Audit), clock: clock.clone() });
        let sessions = Arc::new(SessionService {
            store: store.for_work(Work::Sessions),
            clock: clock.clone(),
            passwords: passwords.clone(),
        });
        let attempt_store = store.for_work(Work::SignInAttempts);
        let attempts = AttemptLog::new(attempt_store.clone(), keys.clone(), attempt_observer);
        let attempt_purge = AttemptPurge {
            store: attempt_store.clone(),
            clock: clock.clone(),
            log: attempts.clone(),
            retention: attempt_retention,
        };
        let sign_in_attempts =
            AttemptService::new(attempt_store, store.for_work(Work::SignIns), clock.clone(), attempts.clone());
        let parts = SignInParts {
            store: store.for_work(Work::SignIns),
            clock: clock.clone(),
            keys,
            secrets: secrets.clone(),
            address: address.clone(),
            base_url,
            protocols: sign_in,
            lifetimes,
            attempts,
        };
        let sign_in_tests = TestService::new(&parts);
        let sign_ins = Arc::new(SignInService::new(parts));
        let connections = ConnectionService::new(ConnectionParts {
            store: store.clone(),
            clock: clock.clone(),
            outbound: outbound.clone(),
            limit: limit.clone(),
            secrets: secrets.clone(),
            settings: connection_tests,
            observer: test_observer,
        });
        let syncs = SyncService::new(store.clone(), clock.clone(), secrets.clone(), outbound.clone(), running.clone());
        let services = Services {
            providers: Arc::new(ProviderService::new(ProviderParts {
                store: store.clone(),
                clock: clock.clone(),
                outbound: outbound.clone(),
                limit: limit.clone(),
                secrets: secrets.clone(),
                totals: totals.clone(),
                running,
                address: address.clone(),
                reserved_slugs: reserved_slugs.clone(),
            })),
            catalogue: Arc::new(CatalogueService { store: store.clone(), totals: totals.clone() }),
            discovery: Arc::new(DiscoveryService { outbound: outbound.clone(), limit: limit.clone() }),
            connections: Arc::new(connections.clone()),
            saml_metadata: Arc::new(SamlMetadataService {
                store: store.clone(),
                clock: clock.clone(),
                outbound,
                limit,
                address,
            }),
            tenants: Arc::new(TenantService::new(store.clone(), clock.clone(), totals, reserved_slugs)),
            groups: Arc::new(GroupService { store: store.for_work(Work::Groups), clock: clock.clone() }),
            group_mappings: Arc::new(GroupMappingService {
                store: store.for_work(Work::GroupMappings),
                clock: clock.clone(),
            }),
            assignments: Arc::new(AssignmentService::new(store.clone(), clock.clone(), secrets)),
            syncs: Arc::new(syncs.clone()),
            users: Arc::new(UserService { store: store.for_work(Work::Users), clock: clock.clone() }),
            tokens: Arc::new(TokenService { store: store.for_work(Work::Tokens), clock: clock.clone() }),
            administrators: Arc::new(AdministratorService {
                store: store.for_work(Work::Administrators),
                clock: clock.clone(),
                passwords: passwords.clone(),
            }),
            sessions: sessions.clone(),
            sign_ins: sign_ins.clone(),
            user_sessions: Arc::new(UserSessionService {
                store: store.for_work(Work::SignIns),
                clock: clock.clone(),
                lifetimes,
            }),
            sign_in_attempts: Arc::new(sign_in_attempts),
            sign_in_tests: Arc::new(sign_in_tests),
            set_up: Arc::new(SetUpService { store: store.for_work(Work::Administrators), clock, passwords }),
            audit: audit.clone(),
        };
        Self { services, audit, connections, sessions, sign_ins, attempt_purge, syncs }
    }
}
