//! Commands for the operator.

use super::{Deployment, mode, text};

#[test]
fn a_token_stands_alone_on_standard_output() {
    let deployment = Deployment::new();
    let out = deployment.succeed(&["token", "create", "--name", "ci", "--role", "tenant_admin", "--tenant", "default"]);
    assert!(out.starts_with("vst_") && out.lines().count() == 1, "{out}");
}

#[test]
fn a_grant_that_makes_no_sense_is_refused_with_a_reason() {
    let deployment = Deployment::new();
    for (arguments, reason) in [
        (vec!["--role", "emperor"], "expected platform_admin"),
        (vec![], "--role is missing"),
        (vec!["--role", "tenant_admin"], "needs a tenant"),
        (vec!["--role", "tenant_admin", "--tenant", "nowhere"], "there is no tenant"),
        (vec!["--role", "platform_reader", "--partner", "acme"], "has no partner"),
        (vec!["--role", "platform_reader", "--expires", "90"], "not a duration"),
    ] {
        let mut all = vec!["token", "create", "--name", "ci"];
        all.extend(arguments);
        let message = deployment.fail(&all);
        assert!(message.contains(reason), "{all:?}: {message}");
    }
}

#[test]
fn an_administrator_is_made_and_gets_a_new_password_from_standard_input() {
    let deployment = Deployment::new();
    let create = ["admin", "create", "--email", "ada@example.com"];
    let short = deployment.run_with_input(&create, "short\n");
    assert!(!short.status.success() && text(&short.stderr).contains("at least 12 characters"));
    let made = deployment.run_with_input(&create, "correct horse battery\n");
    assert!(made.status.success(), "{}", text(&made.stderr));
    let again = deployment.run_with_input(&create, "correct horse battery\n");
    assert!(!again.status.success() && text(&again.stderr).contains("exists already"), "{}", text(&again.stderr));
    let reset = ["admin", "reset-password", "--email", "ADA@example.com"];
    assert!(deployment.run_with_input(&reset, "another long password\n").status.success());
    let nobody = ["admin", "reset-password", "--email", "nobody@example.com"];
    assert!(!deployment.run_with_input(&nobody, "another long password\n").status.success());
}

#[test]
fn the_doctor_finds_what_others_can_read() {
    use std::os::unix::fs::PermissionsExt;
    let deployment = Deployment::new();
    deployment.succeed(&["token", "create", "--name", "ci", "--role", "platform_reader"]);
    let report = deployment.succeed(&["doctor"]);
    assert!(report.contains("ok       key: opens what the database holds"), "{report}");
    let key = deployment.path("vestibule.key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).expect("a mode");
    assert_eq!(mode(&key), 0o644);
    let report = deployment.run(&["doctor"]);
    assert!(!report.status.success());
    assert!(text(&report.stdout).contains("chmod 600"), "{}", text(&report.stdout));
}

#[test]
fn every_command_closes_the_database() {
    let deployment = Deployment::new();
    let has_log = || deployment.path("vestibule.db-wal").exists();
    for arguments in [
        &["migrate"][..],
        &["token", "create", "--name", "ci", "--role", "platform_reader"],
        &["key", "rotate"],
        &["doctor"],
    ] {
        deployment.succeed(arguments);
        assert!(!has_log(), "{arguments:?}");
    }
    let create = ["admin", "create", "--email", "ada@example.com"];
    for (password, succeeds) in [("short\n", false), ("correct horse battery\n", true)] {
        assert_eq!(deployment.run_with_input(&create, password).status.success(), succeeds);
        assert!(!has_log(), "{password}");
    }
    // Commands that fail before and after there is an instance.
    deployment.fail(&["token", "create", "--name", "ci", "--role", "tenant_admin", "--tenant", "nowhere"]);
    assert!(!has_log());
    std::fs::write(deployment.path("vestibule.key"), "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=").expect("a file");
    deployment.fail(&["key", "rotate"]);
    assert!(!has_log());
}

#[test]
fn the_doctor_changes_nothing_of_a_deployment_that_has_not_begun() {
    let deployment = Deployment::new();
    let report = deployment.succeed(&["doctor"]);
    assert!(report.contains("does not exist yet"), "{report}");
    assert!(!deployment.path("vestibule.key").exists());
}

#[test]
fn a_setting_that_cannot_be_used_is_named() {
    let deployment = Deployment::new();
    std::fs::write(deployment.path("v.toml"), "databse_url = \"sqlite:x\"\n").expect("a file");
    let message = deployment.fail(&["--config", "v.toml", "migrate"]);
    assert!(message.contains("did you mean `database_url`"), "{message}");
    let message = deployment.fail(&["--base-url", "id.example.com", "migrate"]);
    assert!(message.contains("base_url"), "{message}");
    let message = deployment.fail(&["--config", "missing.toml", "migrate"]);
    assert!(message.contains("missing.toml"), "{message}");
}

#[test]
fn the_configuration_is_printed_with_every_key() {
    let deployment = Deployment::new();
    let printed = deployment.succeed(&["config"]);
    assert!(printed.contains("database_url") && printed.contains("retention_days"));
    assert!(!deployment.path("vestibule.db").exists());
}
