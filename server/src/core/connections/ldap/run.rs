//! The steps of a test, one after the other.

use vestibule_app::domain::{
    connection::{StepName, StepStatus},
    sync::UserRules,
};

use super::{
    super::{
        directory_query::{SAMPLE, users},
        run::{StepResult, TestRun},
    },
    connect::{connect, secure},
    count::count_users,
    groups::groups,
    sample::{sample, sampled},
    server::{bases, root},
    step::{close_failed, within},
    subject::LdapTest,
};
use crate::protocol::{http::OutboundClient, ldap::Directory};

pub(in crate::core::connections) async fn run(client: &OutboundClient, test: &LdapTest, run: &mut TestRun) {
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
    let mut directory = match within(run, Directory::read_root(bound)).await {
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
