//! Reading directories before anything is saved, through the portal's functions, against a real one.

use serde_json::{Value, json};
use vestibule::domain::actor::Role;

use crate::support::{
    Answer, TestApp, Visitor,
    slapd::{READER, READER_PASSWORD, SUFFIX, Slapd, people},
    tls::Authority,
};

/// Settings of servers, one on each line, with the account of tests.
fn settings(urls: &str) -> Value {
    let urls: Vec<_> = urls.lines().collect();
    let config = json!({"urls": urls, "bind_dn": READER, "base_dn": SUFFIX, "username_attribute": "uid"});
    json!({"config": config, "bind_password": READER_PASSWORD})
}

/// Settings with members of the configuration replaced.
fn with(mut settings: Value, more: Value) -> Value {
    let config = settings["config"].as_object_mut().expect("an object");
    config.extend(more.as_object().expect("an object").clone());
    settings
}

/// Settings that keep the stored password.
fn without_password(mut settings: Value) -> Value {
    settings.as_object_mut().expect("an object").remove("bind_password");
    settings
}

struct Asking {
    app: TestApp,
    visitor: Visitor,
}

impl Asking {
    async fn start() -> Self {
        let app = TestApp::start().await;
        let visitor = app.signed_in(Role::PlatformAdmin).await;
        Self { app, visitor }
    }

    async fn ask(&self, endpoint: &str, form: Value) -> Answer {
        self.app.call(&self.visitor, endpoint, json!({ "form": form })).await
    }

    async fn inspect(&self, settings: Value) -> Answer {
        self.ask("directories/inspect", json!({ "settings": settings })).await
    }

    async fn create(&self, settings: Value) -> Value {
        let form = json!({
            "slug": null, "label": "Directory", "owner": null, "enabled": true,
            "provisioning": {"auto_create_users": true, "update_user_on_login": true},
            "connection": {"ldap": settings}, "mapping": {"attributes": {"email": "mail"}}, "allowed_domains": [],
            "allowed_redirects": [], "management_url": "",
        });
        self.ask("providers/create", form).await.expect(200)
    }

    async fn update(&self, id: &Value, version: i64, settings: Value) -> Answer {
        let arguments = json!({"id": id, "version": version, "change": {"connection": {"ldap": settings}}});
        self.app.call(&self.visitor, "providers/update", arguments).await
    }
}

/// The fields of what is refused.
#[track_caller]
fn fields(answer: &Answer) -> Vec<String> {
    let body = answer.expect(422);
    let problems = body["service"]["invalid"]["problems"].as_array().expect("problems").clone();
    problems.iter().map(|problem| problem["field"].as_str().expect("a field").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_says_what_it_is_and_what_its_schema_knows() {
    let slapd = Slapd::setup().tls(Authority::new().issue("localhost")).entries(&people(1)).start();
    let asking = Asking::start().await;
    // Neither users nor groups are asked about, so that it does not matter what the settings say of them.
    let form = with(settings(&slapd.url()), json!({"user_filter": "(((", "base_dn": ""}));
    let report = asking.inspect(form).await.expect(200);
    assert_eq!(report["vendor"], "openldap");
    assert_eq!((&report["pages"], &report["start_tls"]), (&json!(true), &json!(true)));
    assert_eq!(report["bases"], json!([SUFFIX]));
    let attributes = report["attributes"].as_array().expect("attributes");
    let known = |name: &str| attributes.iter().find(|attribute| attribute["name"] == name).cloned();
    assert_eq!(known("entryUUID"), Some(json!({"name": "entryUUID", "single": true})));
    assert_eq!(known("mail"), Some(json!({"name": "mail", "single": false})));
    assert_eq!(known("userPassword"), None);
    let classes = report["classes"].as_array().expect("classes");
    assert!(classes.contains(&json!("inetOrgPerson")) && !classes.contains(&json!("top")), "{classes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn users_are_read_with_what_they_have_and_never_with_passwords() {
    // A readable attribute that holds a private key, and a value that is no text.
    let more = format!(
        "dn: uid=ada,{SUFFIX}\nobjectClass: inetOrgPerson\nuid: ada\ncn: Ada\nsn: Lovelace\nmail: ada@example.com\n\
         mail: countess@example.com\ntitle: Countess\nuserPKCS12: opensesame\njpegPhoto: notreally\n\
         userCertificate;binary:: //8=\nuserPassword: hush\n"
    );
    let slapd = Slapd::setup().entries(&more).start();
    let asking = Asking::start().await;
    let mapping = json!({"attributes": {"email": "mail", "display_name": "userPKCS12 userPassword 2.5.4.35"}});
    let form = json!({"settings": settings(&slapd.url()), "mapping": mapping});
    let answer = asking.ask("directories/sample", form).await;
    assert!(!answer.text().contains("opensesame") && !answer.text().contains("hush"), "{}", answer.text());
    let users = answer.expect(200);
    assert_eq!(users.as_array().map(Vec::len), Some(1), "{users}");
    assert_eq!(users[0]["dn"], format!("uid=ada,{SUFFIX}"));
    let attributes = users[0]["attributes"].as_array().expect("attributes");
    let values = |name: &str| attributes.iter().find(|pair| pair[0] == name).map(|pair| pair[1].clone());
    assert_eq!(values("mail"), Some(json!(["ada@example.com", "countess@example.com"])));
    assert_eq!(values("title"), Some(json!(["Countess"])));
    let id = values("entryUUID").expect("what identifies users is read without being mapped");
    assert_eq!(id[0].as_str().map(str::len), Some(36));
    assert_eq!((values("jpegPhoto"), values("userCertificate"), values("userPKCS12")), (None, None, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_reported_at_its_field_or_with_what_the_directory_said() {
    let slapd = Slapd::setup().start();
    let asking = Asking::start().await;
    let url = slapd.url();
    for (wrong, expected) in [
        (settings("https://a.example"), vec!["urls.0"]),
        (settings("ldap://127.0.0.1.:1"), vec!["urls.0"]),
        (settings(""), vec!["urls"]),
        (without_password(settings(&url)), vec!["bind_password"]),
        (with(settings(&url), json!({"bind_dn": "nonsense"})), vec!["bind_dn"]),
        (
            with(settings(&url), json!({"limits": {"operation_timeout_seconds": 301}})),
            vec!["operation_timeout_seconds"],
        ),
        (with(settings("ldaps://a.example"), json!({"start_tls": true})), vec!["start_tls"]),
    ] {
        assert_eq!(fields(&asking.inspect(wrong).await), expected);
    }
    // What is of another type is no request of the portal.
    for wrong in [json!({"limits": {"page_size": "many"}}), json!({"vendor": "x"}), json!({"start_tls": "true"})] {
        asking.inspect(with(settings(&url), wrong)).await.expect(400);
    }
    let refused = asking.inspect(settings("ldap://10.1.2.3")).await.expect(502);
    let upstream = &refused["service"]["upstream"];
    assert!(upstream["message"].as_str().is_some_and(|text| text.contains("may not be connected to")), "{upstream}");
    assert!(upstream["advice"].as_str().is_some_and(|text| !text.is_empty()), "{upstream}");
    let mut wrong = settings(&url);
    wrong["bind_password"] = json!("wrong");
    let refused = asking.inspect(wrong).await;
    assert!(refused.expect(502)["service"]["upstream"]["message"].as_str().is_some_and(|text| text.contains("49")));
    assert!(!refused.text().contains("wrong\""), "{}", refused.text());
    // Users are searched for by all settings.
    let form = json!({"settings": with(settings(&url), json!({"user_filter": "((("}))});
    assert_eq!(fields(&asking.ask("directories/sample", form).await), ["user_filter"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stored_password_is_used_for_the_stored_servers_alone() {
    let slapd = Slapd::setup().entries(&people(1)).start();
    let other = Slapd::setup().entries(&people(1)).start();
    let asking = Asking::start().await;
    let id = asking.create(settings(&slapd.url())).await;
    let entered_again = |url: &str, more: Value| without_password(with(settings(url), more));
    let both = format!("{}\n{}", slapd.url(), other.url());
    for endpoint in ["directories/inspect", "directories/sample"] {
        let ask = async |settings: Value| asking.ask(endpoint, json!({"provider": id, "settings": settings})).await;
        ask(entered_again(&slapd.url(), json!({}))).await.expect(200);
        let unchecked = entered_again(&slapd.url(), json!({"tls_verify": false}));
        for elsewhere in [entered_again(&other.url(), json!({})), entered_again(&both, json!({})), unchecked] {
            let answer = ask(elsewhere).await;
            assert!(fields(&answer).contains(&"bind_password".to_owned()), "{}", answer.text());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_would_take_the_stored_password_elsewhere_asks_for_it_again() {
    let pem = |authority: &Authority| String::from_utf8_lossy(authority.pem()).into_owned();
    let (own, foreign) = (pem(&Authority::new()), pem(&Authority::new()));
    let asking = Asking::start().await;
    let url = "ldap://directory.example";
    let before = json!({"start_tls": true, "ca_certificate": own});
    let id = asking.create(with(settings(url), before.clone())).await;
    let changed = |url: &str, changes: Value| without_password(with(with(settings(url), before.clone()), changes));
    let follow = json!({"limits": {"referrals": "follow"}});
    for leading in [
        changed("ldap://elsewhere.example", json!({})),
        changed("ldap://directory.example\nldap://elsewhere.example", json!({})),
        changed("ldap://directory.example:3389", json!({})),
        changed(url, json!({"start_tls": false})),
        changed(url, json!({"ca_certificate": foreign})),
        changed(url, json!({"ca_certificate": null})),
        changed(url, follow.clone()),
        // Without a bind now, to be switched back later.
        changed("ldap://elsewhere.example", json!({"bind_type": "anonymous"})),
    ] {
        let answer = asking.update(&id, 1, leading.clone()).await;
        assert_eq!(fields(&answer), ["bind_password"], "{leading}: {}", answer.text());
    }
    // What leads nowhere else keeps the password, and with the password anything goes.
    let filtered = asking.update(&id, 1, changed("LDAP://directory.example", json!({"user_filter": "(uid=*)"}))).await;
    assert_eq!(filtered.expect(200), json!(2));
    let given = with(settings("ldap://elsewhere.example"), follow);
    assert_eq!(asking.update(&id, 2, given.clone()).await.expect(200), json!(3));
    // A directory that makes referrals of what it does not hold is led by the base.
    let elsewhere = without_password(with(given, json!({"base_dn": "dc=evil"})));
    assert_eq!(fields(&asking.update(&id, 3, elsewhere).await), ["bind_password"]);
    // Removing the password asks for none.
    let mut anonymous = with(settings("ldap://third.example"), json!({"bind_type": "anonymous"}));
    anonymous["bind_password"] = Value::Null;
    assert_eq!(asking.update(&id, 3, anonymous).await.expect(200), json!(4));
    let answer = asking.app.call(&asking.visitor, "providers/get", json!({"id": id})).await.expect(200);
    let stored = answer["provider"]["config"].to_string();
    assert!(stored.contains("\"has_bind_password\":false"), "{stored}");
}
