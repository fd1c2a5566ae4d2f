//! Puts the services together: the one place that sees what each of them uses.

use std::sync::Arc;

use url::Url;
use vestibule_app::service::Services;

use super::{
    AuditService, ConnectionService, ConnectionTests, SessionService, SyncService, TestObserver,
    administrators::AdministratorService,
    assignments::AssignmentService,
    discovery::DiscoveryService,
    group_mappings::GroupMappingService,
    groups::GroupService,
    keys::Keys,
    outbound_limit::OutboundLimit,
    passwords::Passwords,
    providers::{CatalogueService, ProviderSecrets, ProviderService},
    public_address::PublicAddress,
    running::Running,
    saml_metadata::SamlMetadataService,
    set_up::SetUpService,
    tenants::TenantService,
    tokens::TokenService,
    totals::Totals,
    users::UserService,
};
use crate::{clock::Clock, protocol::http::OutboundClient, store::Store};

/// What the services are made from.
pub(crate) struct Resources {
    pub(crate) store: Store,
    pub(crate) keys: Arc<Keys>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) outbound: OutboundClient,
    /// With the mount path.
    pub(crate) base_url: Url,
    pub(crate) connection_tests: ConnectionTests,
    pub(crate) test_observer: TestObserver,
}

/// The services as their traits, and those that also have work beside requests.
pub(crate) struct AssembledServices {
    pub(crate) services: Services,
    pub(crate) audit: Arc<AuditService>,
    pub(crate) connections: ConnectionService,
    pub(crate) sessions: Arc<SessionService>,
    pub(crate) syncs: SyncService,
}

impl AssembledServices {
    /// Gives each service what it uses, and shares what must be one for all of them.
    pub(crate) fn assemble(resources: Resources) -> Self {
        let Resources { store, keys, clock, outbound, base_url, connection_tests, test_observer } = resources;
        let address = PublicAddress::new(&base_url);
        let limit = OutboundLimit::default();
        let passwords = Passwords::default();
        let totals = Totals::default();
        let running = Arc::new(Running::default());
        let secrets = ProviderSecrets::new(keys);
        let audit = Arc::new(AuditService { store: store.clone(), clock: clock.clone() });
        let sessions =
            Arc::new(SessionService { store: store.clone(), clock: clock.clone(), passwords: passwords.clone() });
        let connections = ConnectionService {
            store: store.clone(),
            clock: clock.clone(),
            outbound: outbound.clone(),
            limit: limit.clone(),
            secrets: secrets.clone(),
            settings: connection_tests,
            observer: test_observer,
        };
        let syncs = SyncService::new(store.clone(), clock.clone(), secrets.clone(), outbound.clone(), running.clone());
        let services = Services {
            providers: Arc::new(ProviderService {
                store: store.clone(),
                clock: clock.clone(),
                outbound: outbound.clone(),
                limit: limit.clone(),
                secrets: secrets.clone(),
                totals: totals.clone(),
                running,
                address: address.clone(),
            }),
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
            tenants: Arc::new(TenantService { store: store.clone(), clock: clock.clone(), totals }),
            groups: Arc::new(GroupService { store: store.clone(), clock: clock.clone() }),
            group_mappings: Arc::new(GroupMappingService { store: store.clone(), clock: clock.clone() }),
            assignments: Arc::new(AssignmentService { store: store.clone(), clock: clock.clone(), secrets }),
            syncs: Arc::new(syncs.clone()),
            users: Arc::new(UserService { store: store.clone(), clock: clock.clone() }),
            tokens: Arc::new(TokenService { store: store.clone(), clock: clock.clone() }),
            administrators: Arc::new(AdministratorService {
                store: store.clone(),
                clock: clock.clone(),
                passwords: passwords.clone(),
            }),
            sessions: sessions.clone(),
            set_up: Arc::new(SetUpService { store, clock, passwords }),
            audit: audit.clone(),
        };
        Self { services, audit, connections, sessions, syncs }
    }
}
