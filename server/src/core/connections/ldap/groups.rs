//! Reading groups, and what a synchronisation would make of them.

use std::collections::HashSet;

use vestibule_app::domain::{
    provider::LdapConfig,
    sync::{MemberCounts, explain_first, explain_shared},
    words::counted,
};

use super::{
    super::{
        directory_query::SAMPLE,
        run::{StepResult, TestRun},
    },
    count::{MOST, counting_ends, too_many},
    sample::is_without,
    step::within,
};
use crate::{
    core::sync::{check_dn, identify},
    protocol::{
        http::OutboundClient,
        ldap::{Directory, Entry, LdapError, Query, groups_filter},
    },
};

pub(super) async fn groups(
    client: &OutboundClient,
    directory: &mut Directory,
    config: &LdapConfig,
    run: &TestRun,
) -> StepResult {
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
