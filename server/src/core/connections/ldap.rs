//! Testing a directory: connects to each of its servers, binds at the first that answers, and looks for users and groups
//! as a synchronisation would.

use std::{future::Future, sync::Arc, time::Duration};

use tokio::{
    task::JoinSet,
    time::{Instant, timeout_at},
};
use vestibule_app::domain::{
    connection::{SampleEntry, StepStatus},
    mapping::UserMapping,
    provider::{LdapConfig, LdapVendor},
    sync::{MemberCounts, UserRules, sample as shown},
    words::counted,
};

use super::{
    directory::{SAMPLE, users},
    run::{Found, Run},
};
use crate::protocol::{
    http::OutboundClient,
    ldap::{
        Connected, Count, Directory, Entry, LdapError, LdapErrorKind, Query, Secured, all_of, external_id,
        groups_filter, sent, users_filter,
    },
};

/// What is tested of a directory.
pub(super) struct LdapTest {
    /// With its secrets.
    pub(super) config: LdapConfig,
    pub(super) mapping: UserMapping,
    /// E-mail domains whose users may sign in; no restriction when empty.
    pub(super) allowed_domains: Vec<String>,
}

pub(super) async fn run(client: &OutboundClient, test: &LdapTest, run: &mut Run) {
    let config = &test.config;
    if !config.tls_verify {
        run.warn("The directory's TLS certificate is not checked.");
    }
    let Some(connected) = connect(client, config, run).await else { return };
    let Some(secured) = secure(connected, run).await else { return };
    let step = run.step("bind", "Sign-in at the directory");
    let bound = match within(run, secured.bind()).await {
        Ok(bound) => bound,
        Err(error) => return close_failed(run, step, error),
    };
    run.close(step, Found::ok("The directory accepted the bind."));

    let step = run.step("root", "Server");
    let mut directory = match within(run, bound.read_root()).await {
        Ok(directory) => directory,
        Err(error) => return close_failed(run, step, error),
    };
    let found = root(&directory, config);
    run.close(step, found);

    let step = run.step("base", "Search base");
    let found = bases(&mut directory, config, run).await;
    if run.close(step, found) == StepStatus::Failed {
        return;
    }
    let step = run.step("users", "Users");
    // As a synchronisation reads them, so that what is shown is what it would make of them.
    let rules = UserRules::new(config.naming_attribute(), &test.mapping, &test.allowed_domains, !config.groups.enabled);
    let attributes = std::iter::once(config.identifying_attribute().to_owned()).chain(rules.attributes()).collect();
    let users = match within(run, directory.sample(users(config, attributes), SAMPLE)).await {
        Ok(users) => users,
        Err(error) => return close_failed(run, step, error),
    };
    let found = match count_users(&mut directory, config, run).await {
        Ok(found) => found,
        Err(error) => return close_failed(run, step, error),
    };
    run.close(step, found);
    if config.groups.enabled {
        let step = run.step("groups", "Groups");
        let found = groups(client, &mut directory, config, run).await;
        run.close(step, found);
    }
    if !users.is_empty() {
        let step = run.step("sample", "Sample");
        let shown: Vec<_> = users.iter().map(|user| sample_entry(test, &rules, user)).collect();
        let found = sample(test, &users, &shown);
        run.show_sample(shown);
        run.close(step, found);
    }
}

/// How many entries are counted, and for how long: limits of directories are mostly lower, and a test is no run.
const MOST: usize = 10_000;
const COUNTING: Duration = Duration::from_secs(3);

/// What is left for the steps after one that counts.
const AFTERWARDS: Duration = Duration::from_secs(2);

fn counting_ends(run: &Run) -> Instant {
    let now = Instant::now();
    (now + COUNTING).min(run.deadline.checked_sub(AFTERWARDS).unwrap_or(now))
}

/// Reads users in the way a synchronisation does, so that what stops that stops the test.
async fn count_users(directory: &mut Directory, config: &LdapConfig, run: &Run) -> Result<Found, LdapError> {
    if let Some(disabled) = config.disabled_users() {
        let filter = all_of([users_filter(config).as_str(), &sent(disabled)]);
        let query = Query { filter, ..users(config, vec!["1.1".to_owned()]) };
        within(run, directory.sample(query, 1)).await?;
    }
    let query = Query { page_size: config.limits.page_size, ..users(config, Vec::new()) };
    let Count { entries, is_all } = within(run, directory.count(query, MOST, counting_ends(run))).await?;
    let most = config.limits.max_entries;
    if u32::try_from(entries).is_ok_and(|entries| entries > most) {
        return Ok(Found::failed(
            format!(
                "The directory has more than {most} users (max_entries), so that a synchronisation would end early."
            ),
            "Make the search narrower, or allow more entries.",
        ));
    }
    Ok(match (entries, is_all) {
        (0, true) => Found::warning(
            "No users were found.",
            "Check the search base, the object classes and the filter, and that the account may see users.",
        ),
        (1, true) => Found::ok("1 user was found."),
        (_, true) => Found::ok(format!("{} were found.", counted(entries as u64, "user"))),
        (_, false) => Found::ok(format!("{} were found and not counted further.", counted(entries as u64, "user"))),
    })
}

/// How long several servers are waited for.
const DIALLING: Duration = Duration::from_secs(4);

/// Tries all servers at the same time; goes on with the first in their order that answers.
async fn connect(client: &OutboundClient, config: &LdapConfig, run: &mut Run) -> Option<Connected> {
    let step = run.step("connect", "Connection");
    let shared = Arc::new(config.clone());
    // Servers that keep silent leave time for what is asked of the one that answers.
    let deadline = match config.urls.as_slice() {
        [_] => run.deadline,
        _ => run.deadline.min(Instant::now() + DIALLING),
    };
    let mut dialling = JoinSet::new();
    for (index, url) in config.urls.iter().enumerate() {
        let (client, config, url) = (client.clone(), Arc::clone(&shared), url.clone());
        dialling.spawn(async move {
            let connecting = Connected::to(client.policy(), client.lookup(), &config, &url);
            let connected = timeout_at(deadline, connecting).await.unwrap_or_else(|_| Err(silent(&url)));
            (index, url, connected)
        });
    }
    let mut tried = dialling.join_all().await;
    tried.sort_by_key(|(index, ..)| *index);
    let mut first = None;
    let mut failures = Vec::new();
    for (_, url, connected) in tried {
        match connected {
            Ok(connected) if first.is_none() => first = Some((url, connected)),
            Ok(_) => {}
            Err(error) => failures.push(error),
        }
    }
    let Some((url, connected)) = first else {
        let found = failures.into_iter().fold(None::<Found>, |found, error| match found {
            None => Some(failed(error)),
            Some(found) => Some(found.and_failed(error.message, error.advice)),
        });
        run.close(step, found.unwrap_or_else(|| Found::failed("The directory has no server.", "Enter its address.")));
        return None;
    };
    let answers = Found::ok(format!("{url} answers."));
    let found = failures.into_iter().fold(answers, |found, error| found.also(error.message, error.advice));
    run.close(step, found);
    Some(connected)
}

async fn secure(connected: Connected, run: &mut Run) -> Option<Secured> {
    let step = run.step("tls", "Encryption");
    let is_plain = connected.stays_plain();
    let secured = match within(run, connected.secure()).await {
        Ok(secured) => secured,
        Err(error) => {
            close_failed(run, step, error);
            return None;
        }
    };
    let found = match is_plain {
        true => Found::warning(
            "The connection is not encrypted: the password can be read on the way.",
            "Use an ldaps:// address or StartTLS.",
        ),
        false => Found::ok("The connection is encrypted."),
    };
    run.close(step, found);
    Some(secured)
}

fn root(directory: &Directory, config: &LdapConfig) -> Found {
    let root = directory.root();
    let product = root.product.clone().or(root.vendor.map(|vendor| product_name(vendor).to_owned()));
    let mut found = Found::ok(match product {
        Some(product) => format!("The server says that it is {product}."),
        None => "The server does not say which product it is.".to_owned(),
    });
    if !root.pages && config.limits.page_size > 0 {
        found = found.also(
            "The server does not give results in pages: everything is asked for at once.",
            "Raise the server's size limit for the account where users are missing.",
        );
    }
    if root.vendor.is_some_and(|vendor| vendor != config.vendor && config.vendor != LdapVendor::Generic) {
        found = found.also(
            "The server is another product than the settings say.",
            "Choose the product that it is, so that the defaults fit.",
        );
    }
    found
}

const fn product_name(vendor: LdapVendor) -> &'static str {
    match vendor {
        LdapVendor::Generic => "an LDAP directory",
        LdapVendor::ActiveDirectory => "Active Directory",
        LdapVendor::Openldap => "OpenLDAP",
        LdapVendor::Ds389 => "389 Directory Server",
        LdapVendor::Freeipa => "FreeIPA",
        LdapVendor::Edirectory => "eDirectory",
    }
}

async fn bases(directory: &mut Directory, config: &LdapConfig, run: &Run) -> Found {
    let mut bases = vec![config.base_dn.as_str()];
    bases.extend(config.user_base_dn.as_deref());
    for base in bases {
        match within(run, directory.read(base, &["objectClass"])).await {
            Ok(Some(_)) => {}
            Ok(None) => {
                return Found::failed(
                    format!("There is no entry {base:?} that the account may see."),
                    "Check the base, and let the account read it.",
                );
            }
            Err(error) => return failed(error),
        }
    }
    Found::ok("The search base is there.")
}

async fn groups(client: &OutboundClient, directory: &mut Directory, config: &LdapConfig, run: &Run) -> Found {
    match read_groups(client, directory, config, run).await {
        Ok(found) => found,
        Err(error) => Found::warning(error.message, error.advice),
    }
}

async fn read_groups(
    client: &OutboundClient,
    directory: &mut Directory,
    config: &LdapConfig,
    run: &Run,
) -> Result<Found, LdapError> {
    if !directory.is_usable() {
        *directory = within(run, Directory::open(client.policy(), client.lookup(), config)).await?;
    }
    let settings = &config.groups;
    let attributes = [config.identifying_attribute(), &settings.name_attribute, &settings.member_attribute];
    let query = Query {
        base: config.groups_below().to_owned(),
        scope: settings.search_scope,
        filter: groups_filter(config),
        attributes: attributes.map(str::to_owned).to_vec(),
        page_size: config.limits.page_size,
    };
    let groups = within(run, directory.sample(query.clone(), SAMPLE)).await?;
    if groups.is_empty() {
        return Ok(Found::warning(
            "No groups were found.",
            "Check the base of groups, their object classes and filter, and that the account may see groups.",
        ));
    }
    within(run, directory.count(query, MOST, counting_ends(run))).await?;
    let mut found = Found::ok("Groups were found.");
    let shown = groups.len();
    for (attribute, what) in [(config.identifying_attribute(), "identifier"), (&settings.name_attribute, "name")] {
        let missing = groups.iter().filter(|group| group.values(attribute).next().is_none()).count();
        if missing > 0 {
            found = found.also(
                format!("No {what} ({attribute}) at {missing} of {}.", counted(shown as u64, "group")),
                "Choose another attribute, or let the account read this one.",
            );
        }
    }
    let mut members = MemberCounts::default();
    for group in &groups {
        members.add(MemberCounts::of_group(group.values(&settings.member_attribute), settings.member_format));
    }
    if let Some(warning) = members.explain(&settings.member_attribute, settings.member_format) {
        found = found.also(warning, "Correct the settings of groups.");
    }
    Ok(found)
}

/// Every user needs an identifier and a user name, so that missing ones mean the wrong attribute.
fn sample(test: &LdapTest, users: &[Entry], shown: &[SampleEntry]) -> Found {
    let config = &test.config;
    let all = counted(users.len() as u64, "user");
    let mut found = Found::ok("The users have an identifier and a user name.");
    for (attribute, what) in [(config.identifying_attribute(), "identifier"), (config.naming_attribute(), "user name")]
    {
        let missing = users.iter().filter(|user| user.values(attribute).next().is_none()).count();
        if missing > 0 {
            found = found.and_failed(
                format!("No {what} ({attribute}) at {missing} of {all}."),
                "Choose another attribute, or let the account read this one.",
            );
        }
    }
    let ambiguous = users.iter().filter(|user| user.values(config.naming_attribute()).count() > 1).count();
    if ambiguous > 0 {
        found = found.also(
            format!("More than one user name at {ambiguous} of {all}."),
            "Such users fail in a synchronisation. Choose an attribute with one value.",
        );
    }
    let faults: Vec<_> = shown.iter().filter(|user| !user.fault.is_empty()).collect();
    if let Some(first) = faults.first() {
        let message = format!("{} of {all} would be left out by a synchronisation: {}", faults.len(), first.fault);
        found = found.also(message, "Correct the attributes, the mapping or the entries. The sample shows who it is.");
    }
    let cut: Vec<_> = shown.iter().filter(|user| !user.remarks.is_empty()).collect();
    if let Some(remark) = cut.first().and_then(|user| user.remarks.first()) {
        let message = format!("Not every value of {} of {all} would be used: {remark}", cut.len());
        found = found.also(message, "Correct the mapping or the entries. The sample shows who it is.");
    }
    found
}

fn sample_entry(test: &LdapTest, rules: &UserRules, user: &Entry) -> SampleEntry {
    let identifier = test.config.identifying_attribute();
    let external_id = user.values(identifier).next().map(|value| external_id(identifier, value));
    shown(rules, identifier, external_id, |name| user.read(name))
}

/// Waits no longer than the whole test may take.
async fn within<T>(run: &Run, doing: impl Future<Output = Result<T, LdapError>>) -> Result<T, LdapError> {
    timeout_at(run.deadline, doing).await.unwrap_or_else(|_| Err(out_of_time()))
}

fn silent(url: &str) -> LdapError {
    LdapError {
        kind: LdapErrorKind::Timeout,
        message: format!("{url} did not answer in time."),
        advice: "Check host and port, and that a firewall lets this server reach them.".to_owned(),
    }
}

fn out_of_time() -> LdapError {
    LdapError {
        kind: LdapErrorKind::Timeout,
        message: "The directory did not answer within the ten seconds of a test.".to_owned(),
        advice: "Check that it is healthy, and that a firewall lets this server reach it.".to_owned(),
    }
}

fn failed(error: LdapError) -> Found {
    Found::failed(error.message, error.advice)
}

fn close_failed(run: &mut Run, step: super::run::Open, error: LdapError) {
    run.close(step, failed(error));
}
