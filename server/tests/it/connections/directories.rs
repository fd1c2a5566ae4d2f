//! Testing directories, stored and unsaved, against a real one.

use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use vestibule::{
    OutboundPolicy, Secret,
    domain::{
        actor::Actor,
        connection::{StepStatus, TestReport},
        mapping::{AttributeMapping, UserField, UserMapping},
        problem::ServiceError,
        provider::{ConfigInput, LdapConfig, MemberFormat, NewProvider},
        sync::{SyncFailureCode, SyncStatus},
        user::Profile,
    },
};

use super::{odd, step, steps};
use crate::support::{
    ALL, TestApp,
    slapd::{READER, READER_PASSWORD, SUFFIX, Slapd, people},
    tls::Authority,
};

const NAME: &str = "127.0.0.1";

fn settings(url: String) -> LdapConfig {
    LdapConfig {
        urls: vec![url],
        bind_dn: Some(READER.to_owned()),
        bind_password: Some(Secret::new(READER_PASSWORD)),
        base_dn: SUFFIX.to_owned(),
        ..LdapConfig::default()
    }
}

async fn entered(app: &TestApp, config: LdapConfig) -> TestReport {
    let config = ConfigInput::Ldap(Box::new(config.into()));
    app.services.connections.test_unsaved(&Actor::operator(), None, None, config, None, None).await.expect("a report")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_step_is_well_over_tls_and_users_are_shown() {
    let authority = Authority::new();
    let slapd = Slapd::setup().tls(authority.issue(NAME)).entries(&people(8)).start();
    let app = TestApp::start().await;
    let mut config = settings(slapd.url());
    config.start_tls = true;
    config.ca_certificate = Some(String::from_utf8_lossy(authority.pem()).into_owned());
    let report = entered(&app, config).await;
    let names = ["connect", "tls", "bind", "root", "base", "users", "sample"];
    assert_eq!(steps(&report), names.map(|name| (name, StepStatus::Ok)));
    assert!(report.success() && report.warnings.is_empty(), "{report:?}");
    assert!(step(&report, "root").message.contains("OpenLDAP"));
    assert_eq!(report.sample.len(), 5);
    let user = &report.sample[0];
    assert_eq!(user.username.as_deref(), Some("user0001"));
    assert_eq!(user.external_id.as_ref().map(String::len), Some(36));
    let email = user.profile.as_ref().and_then(|profile| profile.email.as_deref());
    assert_eq!(email, Some("user0001@example.com"), "{user:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_fails_at_its_step() {
    let slapd = Slapd::setup().entries(&people(2)).start();
    let app = TestApp::start().await;
    let good = || settings(slapd.url());
    let failures: [(&str, LdapConfig); 6] = [
        ("connect", LdapConfig { urls: vec!["ldap://127.0.0.1:1".to_owned()], ..good() }),
        ("connect", LdapConfig { urls: vec!["ldap://10.1.2.3".to_owned()], ..good() }),
        ("tls", LdapConfig { start_tls: true, ..good() }),
        ("bind", LdapConfig { bind_password: Some(Secret::new("wrong")), ..good() }),
        ("base", LdapConfig { user_base_dn: Some(format!("ou=nowhere,{SUFFIX}")), ..good() }),
        ("sample", LdapConfig { username_attribute: Some("employeeNumber".to_owned()), ..good() }),
    ];
    for (name, config) in failures {
        let report = entered(&app, config).await;
        let failed = step(&report, name);
        assert_eq!(failed.status, StepStatus::Failed, "{name}: {:?}", steps(&report));
        assert!(!failed.message.is_empty() && !failed.advice.is_empty(), "{failed:?}");
        assert_eq!(report.message(), failed.message);
        assert!(!serde_json::to_string(&report).expect("JSON").contains(READER_PASSWORD));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_deserves_attention_is_a_warning() {
    let slapd = Slapd::setup().start();
    let app = TestApp::start().await;
    let mut config = settings(slapd.url());
    config.urls.insert(0, "ldap://127.0.0.1:1".to_owned());
    config.groups.enabled = true;
    let report = entered(&app, config).await;
    let expected = [
        ("connect", StepStatus::Warning),
        ("tls", StepStatus::Warning),
        ("bind", StepStatus::Ok),
        ("root", StepStatus::Ok),
        ("base", StepStatus::Ok),
        ("users", StepStatus::Warning),
        ("groups", StepStatus::Warning),
    ];
    assert_eq!(steps(&report), expected);
    assert!(report.success());
    assert!(step(&report, "connect").message.contains("ldap://127.0.0.1:1: connection refused"), "{report:?}");
    assert_eq!(report.warnings.len(), 4, "{:?}", report.warnings);
}

/// A port where connecting takes forever: the queue of those who wait to be accepted is full.
async fn silent_port() -> (TcpListener, Vec<TcpStream>, u16) {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind("127.0.0.1:0".parse().expect("an address")).expect("a port");
    let listener = socket.listen(1).expect("listening");
    let address = listener.local_addr().expect("an address");
    let mut waiting = Vec::new();
    while let Ok(stream) = tokio::time::timeout(Duration::from_millis(200), TcpStream::connect(address)).await {
        waiting.push(stream.expect("a connection"));
    }
    (listener, waiting, address.port())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_keeps_silent_takes_no_time_from_one_that_answers() {
    let authority = Authority::new();
    let slapd = Slapd::setup().tls(authority.issue(NAME)).entries(&people(2)).start();
    let app = TestApp::start().await;
    let (_listener, _waiting, port) = silent_port().await;
    let mut config = settings(slapd.url());
    config.start_tls = true;
    config.ca_certificate = Some(String::from_utf8_lossy(authority.pem()).into_owned());
    config.urls.push(format!("ldap://127.0.0.1:{port}"));
    // The silent one is given up at the very moment when there is no more time to connect.
    config.limits.connect_timeout_seconds = 1;
    let report = entered(&app, config).await;
    assert!(report.success(), "{:?}", steps(&report));
    assert_eq!(odd(&report).name.as_str(), "connect");
    assert!(odd(&report).message.contains(&format!("127.0.0.1:{port} did not answer")), "{:?}", odd(&report));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stored_directory_is_tested_with_its_password_and_its_users_are_not_kept() {
    let slapd = Slapd::setup().entries(&people(1)).start();
    let app = TestApp::start().await;
    let config = ConfigInput::Ldap(Box::new(settings(slapd.url()).into()));
    let mut new = NewProvider { config, ..app.new_provider("directory") };
    new.mapping.attributes = AttributeMapping::directory_defaults();
    let provider = app.create_new(new).await.expect("a provider");
    let tests = &app.services.connections;
    let report = tests.test(&Actor::operator(), provider.id, None).await.expect("a report");
    assert_eq!((odd(&report).name.as_str(), report.sample.len()), ("tls", 1));
    let kept = tests.list_history(&Actor::operator(), provider.id, ALL).await.expect("tests");
    assert_eq!((kept.items.len(), kept.items[0].report.sample.len()), (1, 0));
    // Entered again without the password, the stored one counts, for the stored server alone.
    let operator = Actor::operator();
    let again = |url: String| {
        let config = LdapConfig { bind_password: None, ..settings(url) };
        let config = ConfigInput::Ldap(Box::new(config.into()));
        tests.test_unsaved(&operator, None, Some(provider.id), config, None, None)
    };
    assert!(again(slapd.url()).await.expect("a report").success());
    let other = Slapd::setup().start();
    let refused = again(other.url()).await.expect_err("the password would go elsewhere");
    let ServiceError::Invalid { problems } = refused else { panic!("{refused:?}") };
    assert_eq!(problems.iter().map(|problem| problem.field.as_str()).collect::<Vec<_>>(), ["bind_password"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn users_are_shown_as_the_mapping_fills_them_and_as_a_synchronisation_would_take_them() {
    let more = format!("dn: uid=bob,{SUFFIX}\nobjectClass: inetOrgPerson\nuid: bob\nuid: robert\ncn: Bob\nsn: B\n");
    let slapd = Slapd::setup().entries(&people(1)).entries(&more).start();
    let app = TestApp::start().await;
    let config = ConfigInput::Ldap(Box::new(settings(slapd.url()).into()));
    let attributes = AttributeMapping::new().with(UserField::LastName, "cn sn").with(UserField::Email, "userPassword");
    let mapping = Some(UserMapping { attributes, ..UserMapping::default() });
    let tests = &app.services.connections;
    let report = tests.test_unsaved(&Actor::operator(), None, None, config, mapping, None).await.expect("a report");
    let user = |name: &str| {
        let found = report.sample.iter().find(|user| user.username.as_deref() == Some(name));
        found.unwrap_or_else(|| panic!("{name}: {:?}", report.sample))
    };
    let filled =
        Profile { username: "user0001".to_owned(), last_name: Some("User 1".to_owned()), ..Profile::default() };
    assert_eq!((&user("user0001").profile, &user("user0001").fault), (&Some(filled), &None));
    let bob = user("bob");
    let fault = bob.fault.as_ref().map(|fault| fault.message.as_str());
    assert_eq!((&bob.profile, fault), (&None, Some("The entry has several values of uid; users sign in with one.")));
}

#[tokio::test(flavor = "multi_thread")]
async fn unverified_certificates_need_the_operators_permission() {
    let slapd = Slapd::setup().tls(Authority::new().issue("other.example")).entries(&people(1)).start();
    let config = || LdapConfig { start_tls: true, tls_verify: false, ..settings(slapd.url()) };
    let app = TestApp::start().await;
    assert_eq!(step(&entered(&app, config()).await, "tls").status, StepStatus::Failed);
    let policy = OutboundPolicy::parse(["127.0.0.1"]).expect("a policy").with_insecure_tls(true);
    let app = TestApp::start_with(|builder| builder.outbound(policy)).await;
    let report = entered(&app, config()).await;
    assert!(report.success(), "{report:?}");
    assert_eq!(report.warnings, ["The directory's TLS certificate is not checked."]);
}

/// Limits of the reader's account (slapd.conf(5)).
fn limited(people_count: usize, limits: &str) -> Slapd {
    let line = format!("limits dn.exact=\"{READER}\" {limits}");
    Slapd::setup().entries(&people(people_count)).database(&line).start()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_that_stops_a_synchronisation_stops_the_test() {
    let app = TestApp::start().await;
    for (limits, page_size, words) in [
        ("size.soft=3 size.hard=3 size.prtotal=disabled", 500, "result code 11"),
        ("size.prtotal=20", 10, "(result code 4)"),
        // More than the test shows as a sample, and everything at once.
        ("size.soft=25 size.hard=25", 0, "more than the server gives at once (result code 4)"),
    ] {
        let slapd = limited(30, limits);
        let mut config = settings(slapd.url());
        config.limits.page_size = page_size;
        let report = entered(&app, config.clone()).await;
        let users = step(&report, "users");
        assert_eq!(users.status, StepStatus::Failed, "{limits}: {:?}", steps(&report));
        assert!(users.message.contains(words) && !users.advice.is_empty(), "{users:?}");
        // The run says the same.
        let new = NewProvider { config: ConfigInput::Ldap(Box::new(config.into())), ..app.new_provider(limits) };
        let provider = app.create_new(new).await.expect("a provider");
        let log = app.services.syncs.start(&Actor::operator(), provider.id, Default::default()).await.expect("a log");
        let failure = log.failure.expect("a failure");
        assert!(failure.message.starts_with(&users.message), "{failure:?} {users:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn users_are_counted_as_a_synchronisation_reads_them() {
    let slapd = Slapd::setup().entries(&people(1200)).start();
    let app = TestApp::start().await;
    let report = entered(&app, settings(slapd.url())).await;
    assert_eq!(step(&report, "users").message, "1200 users were found.");
    let mut config = settings(slapd.url());
    config.limits.max_entries = 1000;
    let report = entered(&app, config).await;
    assert_eq!(step(&report, "users").status, StepStatus::Failed);
    assert!(
        step(&report, "users").message.contains("more than 1000 users, the “Entry limit” (max_entries)"),
        "{report:?}"
    );
    // A filter that the server does not take stops a run too, although it is the one for users who are switched off.
    let config = LdapConfig { disabled_filter: Some("(uid:1.2.3.4:=x)".to_owned()), ..settings(slapd.url()) };
    let report = entered(&app, config).await;
    assert!(report.success(), "OpenLDAP takes an unknown rule for undefined: {report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_that_a_synchronisation_could_not_use_are_a_warning() {
    let unix = format!("dn: cn=g,{SUFFIX}\nobjectClass: posixGroup\ncn: g\ngidNumber: 1\nmemberUid: user0001\n");
    let slapd = Slapd::setup().entries(&people(2)).entries(&unix).start();
    let app = TestApp::start().await;
    let mut config = settings(slapd.url());
    config.groups.enabled = true;
    config.groups.object_classes = vec!["posixGroup".to_owned()];
    for (attribute, words) in [
        ("memberUid", "None of the members that groups list in memberUid could be read"),
        ("members", "The group lists no members in members"),
    ] {
        config.groups.member_attribute = attribute.to_owned();
        let report = entered(&app, config.clone()).await;
        let groups = step(&report, "groups");
        assert_eq!(groups.status, StepStatus::Warning);
        assert!(groups.message.contains(words), "{groups:?}");
        assert!(report.warnings.iter().any(|warning| warning.contains(words)), "{:?}", report.warnings);
    }
    config.groups.member_attribute = "memberUid".to_owned();
    config.groups.member_format = MemberFormat::Username;
    assert_eq!(step(&entered(&app, config).await, "groups").status, StepStatus::Ok);
}

/// LDIF of posixGroups, each with a member or with none.
fn unix_groups(count: usize, member: Option<&str>) -> String {
    let group = |number| {
        let member = member.map(|member| format!("memberUid: {member}\n")).unwrap_or_default();
        format!("dn: cn=g{number},{SUFFIX}\nobjectClass: posixGroup\ncn: g{number}\ngidNumber: {number}\n{member}\n")
    };
    (0..count).map(group).collect()
}

fn with_unix_groups(url: String) -> LdapConfig {
    let mut config = settings(url);
    config.groups.enabled = true;
    config.groups.object_classes = vec!["posixGroup".to_owned()];
    config.groups.member_attribute = "memberUid".to_owned();
    config.groups.member_format = MemberFormat::Username;
    config
}

#[tokio::test(flavor = "multi_thread")]
async fn more_groups_than_a_synchronisation_reads_fail_as_it_fails() {
    let slapd = Slapd::setup().entries(&people(2)).entries(&unix_groups(5, Some("user0001"))).start();
    let app = TestApp::start().await;
    for (most, status) in [(4, StepStatus::Failed), (5, StepStatus::Ok)] {
        let mut config = with_unix_groups(slapd.url());
        config.limits.max_entries = most;
        let report = entered(&app, config.clone()).await;
        let groups = step(&report, "groups");
        assert_eq!(groups.status, status, "{groups:?}");
        let new =
            NewProvider { config: ConfigInput::Ldap(Box::new(config.into())), ..app.new_provider(&format!("d{most}")) };
        let provider = app.create_new(new).await.expect("a provider");
        let log = app.services.syncs.start(&Actor::operator(), provider.id, Default::default()).await.expect("a log");
        assert_eq!(log.status == SyncStatus::Failed, status == StepStatus::Failed, "{log:?}");
        if status == StepStatus::Failed {
            assert!(groups.message.contains("more than 4 groups, the “Entry limit” (max_entries)"), "{groups:?}");
            assert_eq!(log.failure.map(|failure| failure.code), Some(SyncFailureCode::TooManyEntries));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_groups_give_no_advice_for_all_of_them() {
    let app = TestApp::start().await;
    for (member, format, words) in [
        (None, MemberFormat::Username, "None of the first 5 groups lists members in memberUid."),
        (
            Some("user0001"),
            MemberFormat::Dn,
            "5 of 5 members that the first 5 groups list in memberUid could not be read in the member format dn.",
        ),
    ] {
        let slapd = Slapd::setup().entries(&people(2)).entries(&unix_groups(7, member)).start();
        let mut config = with_unix_groups(slapd.url());
        config.groups.member_format = format;
        let report = entered(&app, config).await;
        let groups = step(&report, "groups");
        assert_eq!((groups.status, groups.message.as_str()), (StepStatus::Warning, words));
        assert!(!groups.advice.contains("attribute") && !groups.advice.contains("settings"), "{groups:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn identifiers_that_a_synchronisation_would_refuse_are_reported_at_users_and_groups() {
    let person = |name: &str, descriptions: &[&str]| {
        let mut ldif = format!("dn: uid={name},{SUFFIX}\nobjectClass: inetOrgPerson\nuid: {name}\ncn: A\nsn: B\n");
        descriptions.iter().for_each(|description| ldif += &format!("description: {description}\n"));
        ldif + "\n"
    };
    let group = |name: &str, description: &str| {
        format!(
            "dn: cn={name},{SUFFIX}\nobjectClass: posixGroup\ncn: {name}\ngidNumber: 1\nmemberUid: a\n\
             description: {description}\n\n"
        )
    };
    let long = "x".repeat(513);
    let shared = "Another entry has the same description, which must identify a single entry. Choose an attribute that no \
                  two entries share as “Permanent identifier” (external_id_attribute).";
    let several = "The entry has several values of description, which identifies it permanently.";
    let too_long = "The entry has too long a value of description, which identifies it permanently.";
    for (people, groups, at_user, at_groups) in [
        (person("a", &["1", "2"]) + &person("b", &["3"]), group("g", "4"), several, None),
        (
            person("a", &[&long]) + &person("b", &["3"]),
            group("g", &long),
            too_long,
            Some(format!("1 of 1 group would be left out by a synchronisation: {too_long}")),
        ),
        (
            person("b", &["3"]) + &person("a", &["3"]),
            group("g", "4") + &group("h", "4"),
            shared,
            Some(format!("1 of 2 groups would be left out by a synchronisation: {shared}")),
        ),
    ] {
        let slapd = Slapd::setup().entries(&people).entries(&groups).start();
        let app = TestApp::start().await;
        let mut config = with_unix_groups(slapd.url());
        config.external_id_attribute = Some("description".to_owned());
        let report = entered(&app, config.clone()).await;
        let faults: Vec<_> =
            report.sample.iter().filter_map(|user| Some(user.fault.as_ref()?.message.as_str())).collect();
        assert_eq!(faults, [at_user], "{:?}", report.sample);
        let sample = step(&report, "sample");
        assert_eq!(sample.status, StepStatus::Warning);
        assert_eq!(sample.message, format!("1 of 2 users would be left out by a synchronisation: {at_user}"));
        let groups = step(&report, "groups");
        assert_eq!(groups.message, at_groups.unwrap_or_else(|| "Groups were found.".to_owned()));
        // The run leaves one out too, and takes the other.
        let new = NewProvider { config: ConfigInput::Ldap(Box::new(config.into())), ..app.new_provider("directory") };
        let provider = app.create_new(new).await.expect("a provider");
        let log = app.services.syncs.start(&Actor::operator(), provider.id, Default::default()).await.expect("a log");
        assert_eq!((log.status, log.users.created, log.users.failed), (SyncStatus::Partial, 1, 1), "{log:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn users_whom_a_synchronisation_would_leave_out_are_a_warning_with_the_reason() {
    let more = format!(
        "dn: uid=bob,{SUFFIX}\nobjectClass: inetOrgPerson\nuid: bob\ncn: Bob\nsn: B\nmail: a@b.example,c@d.example\n"
    );
    let slapd = Slapd::setup().entries(&people(1)).entries(&more).start();
    let app = TestApp::start().await;
    let report = entered(&app, settings(slapd.url())).await;
    let sample = step(&report, "sample");
    assert_eq!(sample.status, StepStatus::Warning);
    assert!(
        sample.message.starts_with("1 of 2 users would be left out by a synchronisation: No value of mail"),
        "{sample:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_speaks_something_else_is_recognised() {
    let authority = Authority::new();
    let with_tls = Slapd::setup().tls(authority.issue(NAME)).entries(&people(1)).start();
    let without = Slapd::setup().entries(&people(1)).start();
    let app = TestApp::start().await;
    let test = async |url: String, start_tls: bool| {
        let mut config = settings(url);
        config.start_tls = start_tls;
        config.ca_certificate = Some(String::from_utf8_lossy(authority.pem()).into_owned());
        entered(&app, config).await
    };
    let ldaps = |port: u16| format!("ldaps://127.0.0.1:{port}");
    let report = test(ldaps(without.port()), false).await;
    let tls = step(&report, "tls");
    assert_eq!(tls.message, format!("No TLS is spoken at {}, but LDAP without it.", ldaps(without.port())));
    assert!(tls.advice.contains("Enter the port for ldaps") && !tls.advice.contains("which it offers"), "{tls:?}");
    let report = test(ldaps(with_tls.port()), false).await;
    let tls = step(&report, "tls");
    assert!(tls.advice.starts_with(&format!("Use {} with StartTLS, which it offers", with_tls.url())), "{tls:?}");
    assert!(test(with_tls.url(), true).await.success());
    // The reverse.
    let plain = format!("ldap://127.0.0.1:{}", with_tls.ldaps_port());
    for (start_tls, name, advice) in [
        (false, "bind", format!("Enter {}.", ldaps(with_tls.ldaps_port()))),
        (true, "tls", format!("Enter {} and turn off StartTLS.", ldaps(with_tls.ldaps_port()))),
    ] {
        let report = test(plain.clone(), start_tls).await;
        let failed = step(&report, name);
        assert_eq!(failed.message, format!("TLS is spoken at {plain} from the start, and no LDAP without it."));
        assert_eq!(failed.advice, advice);
    }
    assert!(test(ldaps(with_tls.ldaps_port()), false).await.success());
}
