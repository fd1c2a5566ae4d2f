//! Tests a directory: connects to each of its servers, binds at the first that answers, and searches users and groups
//! as a synchronisation would.

use std::{collections::HashSet, future::Future, sync::Arc, time::Duration};

use tokio::{
    task::JoinSet,
    time::{Instant, timeout_at},
};
use vestibule_app::domain::{
    connection::{SampleEntry, StepName, StepStatus},
    mapping::UserMapping,
    provider::{LdapConfig, LdapVendor},
    sync::{MemberCounts, UserRules, explain_first, explain_shared, mark_shared, sample as sample_of},
    words::counted,
};

use super::{
    directory_query::{SAMPLE, users},
    run::{StepResult, TestRun},
};
use crate::{
    core::sync::{check_dn, identify},
    protocol::{
        http::OutboundClient,
        ldap::{
            Connected, Count, Directory, Entry, LdapError, LdapErrorKind, Query, Secured, all_of, groups_filter, sent,
            users_filter,
        },
    },
};

/// What is tested of a directory.
pub(super) struct LdapTest {
    /// With its secrets.
    pub(super) config: LdapConfig,
    pub(super) mapping: UserMapping,
    /// Email domains whose users may sign in; no restriction when empty.
    pub(super) allowed_domains: Vec<String>,
}

pub(super) async fn run(client: &OutboundClient, test: &LdapTest, run: &mut TestRun) {
    let config = &test.config;
    if !config.tls_verify {
        run.warn("The directory's TLS certificate is not checked.");
    }
    let Some(connected) = connect(client, config, run).await else { return };
    let Some(secured) = secure(connected, run).await else { return };
    let step = run.step(StepName::Bind);
    let bound = match within(run, secured.bind()).await {
        Ok(bound) => bound,
        Err(error) => return close_failed(run, step, error),
    };
    run.close(step, StepResult::ok("The directory accepted the bind."));

    let step = run.step(StepName::Root);
    let mut directory = match within(run, bound.read_root()).await {
        Ok(directory) => directory,
        Err(error) => return close_failed(run, step, error),
    };
    let found = root(&directory, config);
    run.close(step, found);

    let step = run.step(StepName::Base);
    let found = bases(&mut directory, config, run).await;
    if run.close(step, found) == StepStatus::Failed {
        return;
    }
    let step = run.step(StepName::Users);
    // Read as a synchronisation reads them, so that the sample shows what it would store.
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
        let step = run.step(StepName::Groups);
        let found = groups(client, &mut directory, config, run).await;
        run.close(step, found);
    }
    if !users.is_empty() {
        let step = run.step(StepName::Sample);
        let shown = sampled(test, &rules, &users);
        let found = sample(test, &users, &shown);
        run.show_sample(shown);
        run.close(step, found);
    }
}

/// How many entries are counted, and for how long. Limits of directories are mostly lower, and a test is not a run.
const MOST: usize = 10_000;
const COUNTING: Duration = Duration::from_secs(3);

/// The time that is reserved for the steps after one that counts.
const AFTERWARDS: Duration = Duration::from_secs(2);

fn counting_ends(run: &TestRun) -> Instant {
    let now = Instant::now();
    (now + COUNTING).min(run.deadline.checked_sub(AFTERWARDS).unwrap_or(now))
}

/// Counts users by the search of a synchronisation, so that the test fails where a synchronisation would.
async fn count_users(directory: &mut Directory, config: &LdapConfig, run: &TestRun) -> Result<StepResult, LdapError> {
    if let Some(disabled) = config.disabled_users() {
        let filter = all_of([users_filter(config).as_str(), &sent(disabled)]);
        let query = Query { filter, ..users(config, vec!["1.1".to_owned()]) };
        within(run, directory.sample(query, 1)).await?;
    }
    let query = Query { page_size: config.limits.page_size, ..users(config, Vec::new()) };
    let count = within(run, directory.count(query, MOST, counting_ends(run))).await?;
    Ok(too_many(&count, config, "users").unwrap_or_else(|| users_found(&count)))
}

fn users_found(count: &Count) -> StepResult {
    let users = match count.entries {
        1 => "1 user was found".to_owned(),
        entries => format!("{} were found", counted(entries as u64, "user")),
    };
    match (count.entries, count.is_all) {
        (0, true) => StepResult::warning(
            "No users were found.",
            "Check the search base, the object classes and the filter, and that the account may see users.",
        ),
        (0, false) => StepResult::warning(
            "The directory gave no user in the time for counting them.",
            "Check that it is healthy, and that it indexes the attributes of the object classes and the filter.",
        ),
        (_, true) => StepResult::ok(format!("{users}.")),
        (_, false) => StepResult::ok(format!("{users} and not counted further.")),
    }
}

/// The failure for more entries than a synchronisation reads.
fn too_many(count: &Count, config: &LdapConfig, what: &str) -> Option<StepResult> {
    let most = config.limits.max_entries;
    u32::try_from(count.entries).is_ok_and(|entries| entries > most).then(|| {
        StepResult::failed(
            format!(
                "The directory has more than {most} {what} (max_entries), so that a synchronisation would end early."
            ),
            "Make the search narrower, or allow more entries.",
        )
    })
}

/// How long to wait for several servers.
const DIALLING: Duration = Duration::from_secs(4);

/// Connects to all servers at the same time, and continues with the first in their order that answers.
async fn connect(client: &OutboundClient, config: &LdapConfig, run: &mut TestRun) -> Option<Connected> {
    let step = run.step(StepName::Connect);
    let shared = Arc::new(config.clone());
    // Servers that do not answer leave time for the steps at the one that does.
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
        let found = failures.into_iter().fold(None::<StepResult>, |found, error| match found {
            None => Some(failed(error)),
            Some(found) => Some(found.and_failed(error.message, error.advice)),
        });
        run.close(
            step,
            found.unwrap_or_else(|| StepResult::failed("The directory has no server.", "Enter its address.")),
        );
        return None;
    };
    let answers = StepResult::ok(format!("{url} answers."));
    let found = failures.into_iter().fold(answers, |found, error| found.also(error.message, error.advice));
    run.close(step, found);
    Some(connected)
}

async fn secure(connected: Connected, run: &mut TestRun) -> Option<Secured> {
    let step = run.step(StepName::Tls);
    let is_plain = connected.stays_plain();
    let secured = match within(run, connected.secure()).await {
        Ok(secured) => secured,
        Err(error) => {
            close_failed(run, step, error);
            return None;
        }
    };
    let found = match is_plain {
        true => StepResult::warning(
            "The connection is not encrypted: the password can be read on the way.",
            "Use an ldaps:// address or StartTLS.",
        ),
        false => StepResult::ok("The connection is encrypted."),
    };
    run.close(step, found);
    Some(secured)
}

fn root(directory: &Directory, config: &LdapConfig) -> StepResult {
    let root = directory.root();
    let product = root.product.clone().or(root.vendor.map(|vendor| product_name(vendor).to_owned()));
    let mut found = StepResult::ok(match product {
        Some(product) => format!("The server says that it is {product}."),
        None => "The server does not say which product it is.".to_owned(),
    });
    if !root.pages && config.limits.page_size > 0 {
        found = found.also(
            "The server does not give results in pages, so all results are requested at once.",
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

async fn bases(directory: &mut Directory, config: &LdapConfig, run: &TestRun) -> StepResult {
    let mut bases = vec![config.base_dn.as_str()];
    bases.extend(config.user_base_dn.as_deref());
    for base in bases {
        match within(run, directory.read(base, &["objectClass"])).await {
            Ok(Some(_)) => {}
            Ok(None) => {
                return StepResult::failed(
                    format!("There is no entry {base:?} that the account may see."),
                    "Check the base, and let the account read it.",
                );
            }
            Err(error) => return failed(error),
        }
    }
    StepResult::ok("The search base is there.")
}

async fn groups(client: &OutboundClient, directory: &mut Directory, config: &LdapConfig, run: &TestRun) -> StepResult {
    match read_groups(client, directory, config, run).await {
        Ok(found) => found,
        Err(error) => StepResult::warning(error.message, error.advice),
    }
}

async fn read_groups(
    client: &OutboundClient,
    directory: &mut Directory,
    config: &LdapConfig,
    run: &TestRun,
) -> Result<StepResult, LdapError> {
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
        return Ok(StepResult::warning(
            "No groups were found.",
            "Check the base of groups, their object classes and filter, and that the account may see groups.",
        ));
    }
    let count = within(run, directory.count(query, MOST, counting_ends(run))).await?;
    if let Some(failed) = too_many(&count, config, "groups") {
        return Ok(failed);
    }
    Ok(judge_groups(config, &groups, count.is_all && count.entries <= groups.len()))
}

/// What a synchronisation would make of groups: of all of them, or of the first ones.
fn judge_groups(config: &LdapConfig, groups: &[Entry], are_all: bool) -> StepResult {
    let settings = &config.groups;
    let identifying = config.identifying_attribute();
    let mut found = StepResult::ok("Groups were found.");
    let all = match counted(groups.len() as u64, "group") {
        all if are_all => all,
        first => format!("the first {first}"),
    };
    for (attribute, what) in [(identifying, "identifier"), (&settings.name_attribute, "name")] {
        let missing = groups.iter().filter(|group| is_without(group, attribute)).count();
        if missing > 0 {
            found = found.also(
                format!("No {what} ({attribute}) at {missing} of {all}."),
                "Choose another attribute, or let the account read this one.",
            );
        }
    }
    let mut seen = HashSet::new();
    let fault = |group: &Entry| match identify(identifying, group) {
        Ok((id, _)) if !seen.insert(id.clone()) => Some(explain_shared(identifying)),
        Ok(_) => check_dn(&group.dn).err().map(|fault| fault.message),
        Err(fault) => Some(fault.message),
    };
    let faults: Vec<_> = groups.iter().filter(|group| !is_without(group, identifying)).filter_map(fault).collect();
    if let Some(first) = faults.first() {
        let message = format!("{} of {all} would be left out by a synchronisation: {first}", faults.len());
        found = found.also(message, "Correct the attribute or the entries.");
    }
    let mut members = MemberCounts::default();
    for group in groups {
        members.add(MemberCounts::of_group(group.values(&settings.member_attribute), settings.member_format));
    }
    let (attribute, format) = (&settings.member_attribute, settings.member_format);
    let finding = match are_all {
        true => members.explain(attribute, format).map(|all| (all, "Correct the settings of groups.".to_owned())),
        false => explain_first(members, attribute, format),
    };
    if let Some((message, advice)) = finding {
        found = found.also(message, advice);
    }
    found
}

/// Whether an entry has no value of an attribute, or an empty one alone.
fn is_without(entry: &Entry, attribute: &str) -> bool {
    entry.values(attribute).all(<[u8]>::is_empty)
}

/// Fails when identifiers or user names are missing, since every user needs both: the attribute is wrong.
fn sample(test: &LdapTest, users: &[Entry], shown: &[SampleEntry]) -> StepResult {
    let config = &test.config;
    let all = counted(users.len() as u64, "user");
    let mut found = StepResult::ok("The users have an identifier and a user name.");
    for (attribute, what) in [(config.identifying_attribute(), "identifier"), (config.naming_attribute(), "user name")]
    {
        let missing = users.iter().filter(|user| is_without(user, attribute)).count();
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

fn sampled(test: &LdapTest, rules: &UserRules, users: &[Entry]) -> Vec<SampleEntry> {
    let attribute = test.config.identifying_attribute();
    let entry = |user: &Entry| {
        let identifier = identify(attribute, user).map(|(id, _)| id);
        sample_of(rules, identifier, check_dn(&user.dn), |name| user.read(name))
    };
    let mut shown: Vec<_> = users.iter().map(entry).collect();
    mark_shared(&mut shown, attribute);
    shown
}

/// Ends at the deadline of the test.
async fn within<T>(run: &TestRun, doing: impl Future<Output = Result<T, LdapError>>) -> Result<T, LdapError> {
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

fn failed(error: LdapError) -> StepResult {
    StepResult::failed(error.message, error.advice)
}

fn close_failed(run: &mut TestRun, step: super::run::OpenStep, error: LdapError) {
    run.close(step, failed(error));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_that_were_not_counted_are_not_said_to_be_well() {
        let counted = |entries, is_all| {
            let found = users_found(&Count { entries, is_all });
            (found.status, format!("{found:?}"))
        };
        for (entries, is_all, status, words) in [
            (0, true, StepStatus::Warning, "No users were found."),
            (0, false, StepStatus::Warning, "The directory gave no user in the time"),
            (1, true, StepStatus::Ok, "1 user was found."),
            (1, false, StepStatus::Ok, "1 user was found and not counted further."),
            (2, false, StepStatus::Ok, "2 users were found and not counted further."),
        ] {
            let (found, text) = counted(entries, is_all);
            assert_eq!(found, status, "{text}");
            assert!(text.contains(words), "{text}");
        }
    }
}
