//! An instance with a directory, and short ways to change and to ask both.

use std::ops::{Deref, DerefMut};

use vestibule::{
    Secret,
    domain::{
        actor::Actor,
        mapping::UserMapping,
        provider::{ConfigInput, IdentityProvider, LdapConfig, NewProvider, ProviderPatch},
        sync::{EntryAction, SyncEntry, SyncEntryFilter, SyncLog, SyncOptions, WantedMode},
        user::{User, UserDetail, UserFilter},
    },
    service::ServiceResult,
    testing::Clock,
};

use super::{
    proxy::Proxy,
    tree::{BASE, Tree},
};
use crate::support::{
    ALL, TestApp,
    app::oidc_provider,
    slapd::{READER, READER_PASSWORD},
};

/// An instance that synchronises one directory.
pub(super) struct Synced {
    pub(super) app: TestApp,
    pub(super) provider: IdentityProvider,
    config: LdapConfig,
}

/// An instance with a directory of its own.
pub(super) struct World {
    synced: Synced,
    pub(super) slapd: Tree,
}

impl Deref for World {
    type Target = Synced;

    fn deref(&self) -> &Synced {
        &self.synced
    }
}

impl DerefMut for World {
    fn deref_mut(&mut self) -> &mut Synced {
        &mut self.synced
    }
}

pub(super) const FULL: SyncOptions = SyncOptions { mode: WantedMode::Full, dry_run: false, confirmed_vanished: None };
pub(super) const DRY: SyncOptions = SyncOptions { dry_run: true, ..FULL };
pub(super) const AUTO: SyncOptions = SyncOptions { mode: WantedMode::Auto, ..FULL };

impl World {
    /// A directory with so many people.
    pub(super) async fn start(people: usize) -> Self {
        Self::start_with(people, |_| {}).await
    }

    /// A directory that is set up further.
    pub(super) async fn start_with(people: usize, change: impl FnOnce(&mut LdapConfig)) -> Self {
        let slapd = Tree::start(people);
        let port = slapd.port();
        Self::over(slapd, port, change).await
    }

    /// A directory that is reached at another port than its own.
    pub(super) async fn over(slapd: Tree, port: u16, change: impl FnOnce(&mut LdapConfig)) -> Self {
        let mut config = settings(port);
        change(&mut config);
        Self { synced: Synced::start(TestApp::start().await, config).await, slapd }
    }

    /// A directory with so many people, and what its answers come through.
    pub(super) async fn behind_a_proxy(people: usize) -> (Self, Proxy) {
        let slapd = Tree::start(people);
        let proxy = Proxy::start(slapd.port()).await;
        let world = Self::over(slapd, proxy.port(), |_| {}).await;
        (world, proxy)
    }
}

impl World {
    /// Ends the instance, as its process would; the directory stays.
    pub(super) fn leave(self) -> (std::sync::Arc<crate::support::TestDatabase>, Tree) {
        let Self { synced, slapd } = self;
        (synced.app.database.clone(), slapd)
    }
}

impl Synced {
    /// An instance with a directory that runs already.
    pub(super) async fn start(app: TestApp, config: LdapConfig) -> Self {
        // Directories date changes by the machine's clock.
        app.clock.advance(machine_seconds() - app.clock.now().0 / 1_000_000);
        let provider = app.create_new(directory("Directory", config.clone())).await.expect("a provider");
        Self { app, provider, config }
    }

    /// Runs it, and waits for the end.
    pub(super) async fn run(&self, options: SyncOptions) -> SyncLog {
        self.try_run(options).await.expect("a log")
    }

    pub(super) async fn try_run(&self, options: SyncOptions) -> ServiceResult<SyncLog> {
        self.app.services.syncs.start(&Actor::operator(), self.provider.id, options).await
    }

    /// Changes the settings.
    pub(super) async fn change(&mut self, change: impl FnOnce(&mut LdapConfig)) {
        change(&mut self.config);
        let patch = ProviderPatch { ldap: Some(self.config.clone().into()), ..ProviderPatch::default() };
        self.patch(patch).await;
    }

    /// Changes the provider.
    pub(super) async fn patch(&self, patch: ProviderPatch) {
        self.app.update(&self.provider, patch).await.expect("changed");
    }

    /// Waits until the run that is under way has stored users.
    pub(super) async fn until_stored(&self) {
        let stored = async {
            while self.logs().await[0].users.created == 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(60), stored).await.expect("users that are stored");
    }

    /// All users, by user name.
    pub(super) async fn users(&self) -> Vec<User> {
        let users = &self.app.services.users;
        users.list(&Actor::operator(), &UserFilter::default(), ALL).await.expect("the users").items
    }

    /// The names of a user's groups in the directory, in order.
    pub(super) async fn groups_of(&self, username: &str) -> Vec<String> {
        self.detail(username).await.directory_groups.into_iter().map(|group| group.name).collect()
    }

    pub(super) async fn user(&self, username: &str) -> User {
        let found = self.users().await.into_iter().find(|user| user.profile.username == username);
        found.unwrap_or_else(|| panic!("no user {username}"))
    }

    pub(super) async fn detail(&self, username: &str) -> UserDetail {
        let id = self.user(username).await.id;
        self.app.services.users.get(&Actor::operator(), id).await.expect("the user")
    }

    /// What a log tells of single entries.
    pub(super) async fn entries(&self, log: &SyncLog) -> Vec<SyncEntry> {
        let syncs = &self.app.services.syncs;
        let filter = SyncEntryFilter::default();
        let page = syncs.list_entries(&Actor::operator(), self.provider.id, log.id, filter, ALL).await;
        page.expect("the entries").items
    }

    /// The user names that something happened to.
    pub(super) async fn reported(&self, log: &SyncLog, action: EntryAction) -> Vec<String> {
        let entries = self.entries(log).await;
        entries.into_iter().filter(|entry| entry.action == action).filter_map(|entry| entry.username).collect()
    }

    /// The newest logs.
    pub(super) async fn logs(&self) -> Vec<SyncLog> {
        let syncs = &self.app.services.syncs;
        syncs.list_logs(&Actor::operator(), self.provider.id, ALL).await.expect("the logs").items
    }
}

/// How to reach a directory at a port of this machine.
pub(super) fn settings(port: u16) -> LdapConfig {
    LdapConfig {
        urls: vec![format!("ldap://127.0.0.1:{port}")],
        bind_dn: Some(READER.to_owned()),
        bind_password: Some(Secret::new(READER_PASSWORD)),
        base_dn: BASE.to_owned(),
        user_base_dn: Some(format!("ou=people,{BASE}")),
        ..LdapConfig::default()
    }
}

/// A directory of the platform.
pub(super) fn directory(name: &str, config: LdapConfig) -> NewProvider {
    NewProvider {
        config: ConfigInput::Ldap(Box::new(config.into())),
        mapping: UserMapping::default(),
        ..oidc_provider(name, String::new())
    }
}

#[expect(clippy::disallowed_methods, reason = "slapd dates changes by the machine's clock")]
fn machine_seconds() -> i64 {
    let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a time");
    i64::try_from(since_epoch.as_secs()).expect("a time of these centuries")
}
