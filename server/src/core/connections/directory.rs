//! Reads directories before anything is saved: what the server says of itself, and some users. It never reads
//! passwords.

use std::{collections::BTreeSet, future::Future, time::Duration};

use tokio::time::timeout;
use vestibule_app::{
    domain::{
        actor::Actor,
        id::{ProviderId, TenantId},
        ldap::{DirectoryReport, DirectoryUser, SchemaAttribute, holds_passwords, same_attribute},
        mapping::UserMapping,
        problem::{Problem, ProblemCode, ServiceError, UpstreamCause},
        provider::{LdapBind, LdapConfig, LdapInput, LdapSection},
        sync::UserRules,
    },
    service::ServiceResult,
};

use super::{
    directory_query::{SAMPLE, users},
    saved::{SavedProvider, SavedProviders, check_settings, with_stored_secrets},
};
use crate::{
    core::{outbound_limit::OutboundLimit, providers},
    protocol::{
        http::OutboundClient,
        ldap::{Directory, Entry, LdapError, LdapErrorKind, RootDse, Schema, external_id},
    },
};

/// The time for a request in all.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// How many attributes of a user, and values of an attribute, are shown.
const MAX_ATTRIBUTES: usize = 100;
const MAX_VALUES: usize = 20;

/// The longest value that is shown, in characters; longer ones are cut.
const MAX_VALUE: usize = 1000;

/// How many names of the schema, and bases of searches, are offered.
const MAX_OFFERED: usize = 5000;
const MAX_BASES: usize = 50;

/// The limits that hold while reading what the server says of itself.
const TIMEOUTS: [&str; 2] = ["connect_timeout_seconds", "operation_timeout_seconds"];

/// Attributes whose values are large and not text.
const BULKY: [&str; 8] = [
    "jpegPhoto",
    "photo",
    "thumbnailPhoto",
    "thumbnailLogo",
    "audio",
    "userCertificate",
    "userSMIMECertificate",
    "msExchMailboxSecurityDescriptor",
];

/// Reads directories whose settings are entered. It writes nothing.
#[derive(Clone)]
pub(super) struct DirectoryPreview {
    pub(super) saved: SavedProviders,
    pub(super) outbound: OutboundClient,
    pub(super) limit: OutboundLimit,
}

impl DirectoryPreview {
    pub(super) async fn inspect(
        &self,
        actor: &Actor,
        owner: Option<TenantId>,
        provider: Option<ProviderId>,
        input: LdapInput,
    ) -> ServiceResult<DirectoryReport> {
        let stored = self.saved.find(actor, owner, provider).await?;
        let config = self.settled(stored, input, is_about_servers)?;
        let _permit = self.limit.admit()?;
        let policy = self.outbound.policy();
        let reading = async {
            let mut directory = Directory::open(policy, self.outbound.lookup(), &config).await?;
            let schema = directory.read_schema().await?;
            Ok(report(directory.url().to_owned(), directory.root().clone(), schema))
        };
        in_time(reading).await
    }

    pub(super) async fn sample(
        &self,
        actor: &Actor,
        owner: Option<TenantId>,
        provider: Option<ProviderId>,
        input: LdapInput,
        mapping: &UserMapping,
    ) -> ServiceResult<Vec<DirectoryUser>> {
        let stored = self.saved.find(actor, owner, provider).await?;
        let config = self.settled(stored, input, |_| true)?;
        let _permit = self.limit.admit()?;
        let policy = self.outbound.policy();
        let reading = async {
            let mut directory = Directory::open(policy, self.outbound.lookup(), &config).await?;
            // The names of the attributes first, so that attributes of passwords are not requested.
            let named = directory.sample_names(users(&config, vec!["*".to_owned()]), SAMPLE).await?;
            let attributes = wanted(&config, mapping, &named);
            let found = directory.sample(users(&config, attributes), SAMPLE).await?;
            Ok(found.iter().map(|entry| shown(entry, config.identifying_attribute())).collect())
        };
        in_time(reading).await
    }

    /// Settings with the stored secrets where none are entered, or those of their problems that count.
    fn settled(
        &self,
        stored: Option<SavedProvider>,
        input: LdapInput,
        counts: impl Fn(&Problem) -> bool,
    ) -> ServiceResult<LdapConfig> {
        let before = stored.as_ref().and_then(SavedProvider::directory);
        let mut problems = check_settings(self.outbound.policy(), &input, before);
        let keeps_password = input.bind_password().is_keep();
        let config = with_stored_secrets(input, before);
        if config.bind_type == LdapBind::Simple && keeps_password && config.bind_password.is_none() {
            let message = match before.is_some_and(|before| before.bind_password.is_some()) {
                true => providers::PASSWORD_AGAIN,
                false => "Enter the password of the account that reads the directory.",
            };
            problems.push(Problem::new("bind_password", ProblemCode::Required, message));
        }
        problems.retain(counts);
        if problems.is_empty() { Ok(config) } else { Err(ServiceError::Invalid { problems }) }
    }
}

/// Whether a problem is about the server or the bind; reading what the server says of itself needs no other settings.
fn is_about_servers(problem: &Problem) -> bool {
    let root = problem.field.split('.').next().unwrap_or_default();
    LdapConfig::fields().iter().find(|field| field.name == root).is_some_and(|field| match field.section {
        LdapSection::Product | LdapSection::Servers | LdapSection::Certificates | LdapSection::Bind => true,
        LdapSection::Limits => TIMEOUTS.contains(&root),
        LdapSection::UserSearch
        | LdapSection::UserAttributes
        | LdapSection::Groups
        | LdapSection::GroupSearch
        | LdapSection::Schedule
        | LdapSection::Effects => false,
    })
}

fn report(url: String, root: RootDse, schema: Schema) -> DirectoryReport {
    let RootDse { naming_contexts, default_naming_context, vendor, product, pages, start_tls, .. } = root;
    let mut bases: Vec<String> = Vec::new();
    for base in default_naming_context.into_iter().chain(naming_contexts) {
        if !bases.contains(&base) && vestibule_app::domain::ldap::check_dn(&base).is_ok() {
            bases.push(base);
        }
    }
    bases.truncate(MAX_BASES);
    let Schema { attributes, mut classes } = schema;
    let attributes = attributes.into_iter().filter(|(name, _)| !holds_passwords(name)).take(MAX_OFFERED);
    classes.truncate(MAX_OFFERED);
    DirectoryReport {
        url,
        vendor,
        product,
        pages,
        start_tls,
        bases,
        attributes: attributes.map(|(name, single)| SchemaAttribute { name, single }).collect(),
        classes,
    }
}

/// The identifying attribute and the mapped ones, then those that the users have.
fn wanted(config: &LdapConfig, mapping: &UserMapping, named: &[Entry]) -> Vec<String> {
    let mut known = BTreeSet::new();
    let mapped = UserRules::new(config.naming_attribute(), mapping, &[], true).attributes();
    let own = named.iter().flat_map(Entry::names);
    let all = std::iter::once(config.identifying_attribute().to_owned()).chain(mapped).chain(own);
    let is_bulky = |name: &str| {
        let base = name.split(';').next().unwrap_or_default();
        BULKY.iter().any(|bulky| bulky.eq_ignore_ascii_case(base))
    };
    let is_fit = |name: &String| !holds_passwords(name) && !is_bulky(name);
    all.filter(is_fit).filter(|name| known.insert(name.to_ascii_lowercase())).take(MAX_ATTRIBUTES).collect()
}

fn shown(entry: &Entry, identifying: &str) -> DirectoryUser {
    let attributes = entry.names().filter(|name| !holds_passwords(name)).filter_map(|name| {
        let texts: Vec<String> = match same_attribute(&name, identifying) {
            true => entry.values(&name).map(|value| external_id(identifying, value)).collect(),
            false => entry.texts(&name).filter(|text| !text.contains('\0')).map(str::to_owned).collect(),
        };
        let texts: Vec<_> =
            texts.iter().take(MAX_VALUES).map(|text| text.chars().take(MAX_VALUE).collect::<String>()).collect();
        (!texts.is_empty()).then_some((name, texts))
    });
    DirectoryUser { dn: entry.dn.chars().take(MAX_VALUE).collect(), attributes: attributes.collect() }
}

async fn in_time<T>(reading: impl Future<Output = Result<T, LdapError>>) -> ServiceResult<T> {
    match timeout(TIME_LIMIT, reading).await {
        Ok(read) => read.map_err(upstream),
        Err(_) => Err(ServiceError::Upstream {
            message: "The directory did not answer within ten seconds.".to_owned(),
            advice: "Check that it is healthy, and that a firewall lets this server reach it.".to_owned(),
            cause: UpstreamCause::Timeout,
        }),
    }
}

fn upstream(error: LdapError) -> ServiceError {
    let LdapError { kind, message, advice } = error;
    let cause = match kind {
        LdapErrorKind::Refused => UpstreamCause::Refused { reason: message.clone() },
        LdapErrorKind::Tls => UpstreamCause::Tls,
        LdapErrorKind::Connect | LdapErrorKind::Lost => UpstreamCause::Connect,
        LdapErrorKind::Timeout => UpstreamCause::Timeout,
        LdapErrorKind::Bind
        | LdapErrorKind::NoSuchBase
        | LdapErrorKind::Filter
        | LdapErrorKind::Limit
        | LdapErrorKind::Busy
        | LdapErrorKind::Other => UpstreamCause::Other,
    };
    ServiceError::Upstream { message, advice, cause }
}
