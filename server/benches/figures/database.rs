//! Databases with as many providers as a figure asks for, and an instance over each.

use std::{net::SocketAddr, path::PathBuf};

use sqlx::{
    Connection as _, Executor as _, PgConnection, SqliteConnection,
    postgres::PgConnectOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use url::Url;
use uuid::Uuid;
use vestibule::{
    Dialect, OutboundPolicy, Secret, Vestibule,
    domain::{
        actor::{Actor, Grant, Role},
        administrator::NewAdministrator,
        id::ProviderId,
        mapping::{UserField, UserMapping},
        patch::Patch,
        provider::{ConfigInput, DiscoveryDemand, IdentityProvider, NewProvider, OidcInput, Provisioning},
        token::NewApiToken,
    },
    service::Services,
};

use crate::{
    client::{Request, serve},
    openid::OpenId,
};

/// The key of every database here.
pub(crate) const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const PASSWORD: &str = "correct horse battery";
const EMAIL: &str = "admin@example.com";
/// As far as there are so many: more than the largest first page that is asked for, so that its rows were made by the
/// service.
const MADE_BY_SERVICE: u64 = 60;
const TENANTS: u64 = 10_000;

/// The slug of a tenant, counted from 0.
pub(crate) fn tenant_slug(number: u64) -> String {
    format!("tenant-{number}")
}

/// Where databases are made.
pub(crate) enum Place {
    Sqlite,
    Postgres(Url),
}

impl Place {
    pub(crate) fn sqlite() -> Self {
        Self::Sqlite
    }

    /// The cluster that the environment names.
    #[expect(clippy::disallowed_methods, reason = "scripts/postgres tells by the environment where the cluster is")]
    pub(crate) fn postgres() -> Option<Self> {
        let url = std::env::var("VESTIBULE_TEST_POSTGRES").ok()?;
        Some(Self::Postgres(url.parse().expect("VESTIBULE_TEST_POSTGRES is a URL")))
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }

    async fn new_database(&self) -> Database {
        match self {
            Self::Sqlite => Database::Sqlite(tempfile::tempdir().expect("a folder")),
            Self::Postgres(cluster) => {
                let name = format!("figures_{}", Uuid::new_v4().simple());
                let mut connection = connect_postgres(cluster).await;
                let create = format!("CREATE DATABASE {name}");
                connection.execute(sqlx::AssertSqlSafe(create)).await.expect("a new database");
                let mut url = cluster.clone();
                url.set_path(&name);
                Database::Postgres { cluster: cluster.clone(), url, name }
            }
        }
    }
}

/// A database that is removed by [`Instance::remove`].
pub(crate) enum Database {
    Sqlite(tempfile::TempDir),
    Postgres { cluster: Url, url: Url, name: String },
}

impl Database {
    /// The file of an SQLite database.
    pub(crate) fn path(&self) -> PathBuf {
        match self {
            Self::Sqlite(folder) => folder.path().join("vestibule.db"),
            Self::Postgres { .. } => panic!("PostgreSQL has no file"),
        }
    }

    /// The address, as the product takes it.
    pub(crate) fn url(&self) -> String {
        match self {
            Self::Sqlite(_) => format!("sqlite:{}", self.path().display()),
            Self::Postgres { url, .. } => url.to_string(),
        }
    }
}

/// How the product opens the file.
pub(crate) fn sqlite_options(path: PathBuf) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .foreign_keys(true)
        .busy_timeout(std::time::Duration::from_secs(5))
}

async fn connect_postgres(url: &Url) -> PgConnection {
    let options: PgConnectOptions = url.as_str().parse().expect("a PostgreSQL address");
    PgConnection::connect_with(&options).await.expect("a connection to PostgreSQL")
}

/// An instance over a database, serving.
pub(crate) struct Instance {
    pub(crate) database: Database,
    pub(crate) services: Services,
    pub(crate) address: SocketAddr,
    /// The slug of the first provider of the list.
    pub(crate) slug: String,
    /// The providers that the service made, which sign people in: the others' secrets do not open.
    pub(crate) made: Vec<IdentityProvider>,
    /// An API token of a platform administrator.
    pub(crate) token: String,
    /// The provider whose discovery document all of them name.
    pub(crate) openid: OpenId,
    // Its router works on what it holds.
    _vestibule: Vestibule,
}

impl Instance {
    /// An instance whose database holds `providers`: four fifths are the platform's, one in ten is disabled.
    pub(crate) async fn with(place: &Place, providers: u64) -> Self {
        let database = place.new_database().await;
        let vestibule = Vestibule::builder()
            .database_url(database.url())
            .key(Secret::new(KEY))
            .base_url("http://localhost")
            .outbound(OutboundPolicy::parse(["127.0.0.1"]).expect("a policy"))
            .dialects([Dialect::Waldur { anonymous_reading: true }, Dialect::ScaiKey])
            .build()
            .await
            .expect("an instance");
        let services = vestibule.services();
        let grant = Grant::platform(Role::PlatformAdmin);
        let administrator =
            NewAdministrator { email: EMAIL.to_owned(), password: Secret::new(PASSWORD), grant: grant.clone() };
        services.administrators.create(&Actor::operator(), administrator).await.expect("an administrator");
        let token = NewApiToken { name: "figures".to_owned(), grant, lifetime_seconds: None };
        let (_, secret) = services.tokens.create(&Actor::operator(), token).await.expect("a token");
        let openid = OpenId::start().await;
        let mut made = Vec::new();
        for number in 1..=providers.min(MADE_BY_SERVICE) {
            let new = new_provider(number, &openid.discovery_url);
            made.push(services.providers.create(&Actor::operator(), new).await.expect("a provider"));
        }
        seed(&database, made[0].id, providers.saturating_sub(MADE_BY_SERVICE)).await;
        let address = serve(vestibule.router()).await;
        let (slug, token) = (made[0].slug.as_str().to_owned(), secret.expose().to_owned());
        Self { database, services, address, slug, made, token, openid, _vestibule: vestibule }
    }

    /// The `Authorization` header of the token.
    pub(crate) fn authorization(&self) -> String {
        format!("Token {}", self.token)
    }

    /// Signs in to the portal; answers the `Cookie` header.
    pub(crate) async fn sign_in(&self) -> String {
        let body = serde_json::json!({ "email": EMAIL, "password": PASSWORD }).to_string();
        let answer = self.function("session/sign-in", &body, None).send().await;
        let cookie = answer.header("set-cookie").and_then(|value| value.split(';').next());
        cookie.expect("a cookie").to_owned()
    }

    /// A call of the portal's.
    pub(crate) fn function(&self, endpoint: &str, json: &str, cookie: Option<&str>) -> Request {
        let mut headers = vec![("origin", "http://localhost")];
        headers.extend(cookie.map(|cookie| ("cookie", cookie)));
        Request::post(self.address, &format!("/_ui/fn/{endpoint}"), &headers, json)
    }

    /// Removes the database.
    pub(crate) async fn remove(self) {
        if let Database::Postgres { cluster, name, .. } = &self.database {
            let drop = format!("DROP DATABASE {name} WITH (FORCE)");
            connect_postgres(cluster).await.execute(sqlx::AssertSqlSafe(drop)).await.expect("an end");
        }
    }
}

/// A provider with the mapping and the settings of most.
pub(crate) fn new_provider(number: u64, discovery_url: &str) -> NewProvider {
    let mut mapping = UserMapping::default();
    mapping.attributes.set(UserField::FirstName, "given_name firstName");
    mapping.attributes.set(UserField::LastName, "family_name lastName");
    mapping.attributes.set(UserField::Email, "email mail");
    NewProvider {
        slug: None,
        // Before the copies in the order of the list.
        name: format!("Acme {number:02} sign-in"),
        display_name: None,
        owner: None,
        enabled: true,
        provisioning: Provisioning::default(),
        sign_in: Default::default(),
        config: ConfigInput::Oidc(OidcInput {
            discovery_url: discovery_url.to_owned(),
            client_id: "vestibule".to_owned(),
            client_secret: Patch::Set(Secret::new("a client secret of usual length")),
            extra_scopes: Some(vec!["profile".to_owned(), "email".to_owned()]),
            verify_tls: true,
            pkce: true,
            post_logout_redirect: false,
            overrides: Default::default(),
            sign_in: Default::default(),
            demand: DiscoveryDemand::Usable,
        }),
        mapping,
        allowed_domains: vec!["example.com".to_owned()],
        allowed_redirects: vec!["https://apps.example.com".to_owned()],
        management_url: String::new(),
    }
}

const TENANT: &str = "INSERT INTO vestibule_tenants (id, slug, name, status, created_at) \
                      VALUES ($1, $2, $3, 'active', 1)";

/// Copies the template under another name. The copied secret opens for the template alone, and no page holds a copy.
const COPY: &str = "INSERT INTO vestibule_identity_providers (id, slug, name, display_name, label, protocol, enabled, \
    owner_tenant_id, auto_create_users, update_user_on_login, config, secrets, user_field, user_claim, \
    attribute_mapping, extra_fields, protected_fields, allowed_domains, allowed_redirects, management_url, \
    warnings, created_at, changed_at, changed_by, version, sign_in) \
    SELECT $1, $2, $3, display_name, $3, protocol, $4, $5, auto_create_users, update_user_on_login, config, secrets, \
    user_field, user_claim, attribute_mapping, extra_fields, protected_fields, allowed_domains, allowed_redirects, \
    management_url, warnings, created_at + $6, changed_at + $6, changed_by, version, sign_in \
    FROM vestibule_identity_providers WHERE id = $7";

const ASSIGNMENT: &str = "INSERT INTO vestibule_tenant_identity_providers (tenant_id, idp_id, origin, created_at, \
                          created_by) VALUES ($1, $2, 'owned', 1, 'figures')";

const SEARCH: &str = "INSERT INTO vestibule_provider_search (idp_id, search_text, label) VALUES ($1, $2, $2)";

/// Writes rows without the service, which would read a discovery document for each.
async fn seed(database: &Database, template: ProviderId, count: u64) {
    // The same statements on either driver's transaction.
    macro_rules! fill {
        ($transaction:expr) => {
            let mut tenants = Vec::new();
            for number in 0..TENANTS {
                let id = Uuid::now_v7();
                sqlx::query(TENANT)
                    .bind(id)
                    .bind(tenant_slug(number))
                    .bind(format!("Tenant {number}"))
                    .execute(&mut *$transaction)
                    .await
                    .expect("a tenant");
                tenants.push(id);
            }
            for number in 0..count {
                let owner = (number % 5 == 4).then(|| tenants[(number / 5 % TENANTS) as usize]);
                let name = format!("Company {number:06} sign-in");
                let slug = format!("company-{number:06}");
                let search_text = format!(
                    "{}\n{slug}\nhttp://127.0.0.1/.well-known/openid-configuration\nvestibule",
                    name.to_lowercase()
                );
                let id = Uuid::now_v7();
                sqlx::query(COPY)
                    .bind(id)
                    .bind(slug)
                    .bind(name)
                    .bind(number % 10 != 3)
                    .bind(owner)
                    .bind(number as i64)
                    .bind(template.0)
                    .execute(&mut *$transaction)
                    .await
                    .expect("a provider");
                sqlx::query(SEARCH)
                    .bind(id)
                    .bind(search_text)
                    .execute(&mut *$transaction)
                    .await
                    .expect("what searches find");
                if let Some(owner) = owner {
                    sqlx::query(ASSIGNMENT)
                        .bind(owner)
                        .bind(id)
                        .execute(&mut *$transaction)
                        .await
                        .expect("an assignment");
                }
            }
        };
    }
    match database {
        Database::Sqlite(_) => {
            let options = sqlite_options(database.path());
            let mut connection = SqliteConnection::connect_with(&options).await.expect("a connection");
            let mut transaction = connection.begin().await.expect("a transaction");
            fill!(transaction);
            transaction.commit().await.expect("an end");
            connection.close().await.expect("an end");
        }
        Database::Postgres { url, .. } => {
            let mut connection = connect_postgres(url).await;
            let mut transaction = connection.begin().await.expect("a transaction");
            // Plans are made while the tables are nearly empty, and must be good when they are full.
            transaction.execute("SET LOCAL enable_seqscan = off").await.expect("a setting");
            fill!(transaction);
            transaction.commit().await.expect("an end");
            // As autovacuum does before long; it would disturb the figures meanwhile.
            connection.execute("VACUUM ANALYZE").await.expect("statistics");
            connection.close().await.expect("an end");
        }
    }
}
