//! Searches find the same whether few or many providers have the term.

use vestibule::domain::{
    actor::Actor,
    id::ProviderId,
    page::PageRequest,
    provider::{Protocol, ProviderFilter, ProviderPatch, ProviderSort},
};

use crate::support::TestApp;

/// More than count as few.
const MANY: u64 = 1200;

async fn search(app: &TestApp, filter: ProviderFilter) -> (Vec<String>, u64) {
    let page = PageRequest { offset: 0, limit: 3 };
    let actor = Actor::operator();
    let page = app.services.providers.list(&actor, &filter, ProviderSort::default(), page).await.expect("a list");
    (page.items.into_iter().map(|row| row.label).collect(), page.total)
}

fn term(text: &str) -> ProviderFilter {
    ProviderFilter { search: Some(text.to_owned()), ..ProviderFilter::default() }
}

/// Copies a provider many times, as `copy 0001` and so on.
async fn copy(app: &TestApp, template: ProviderId, count: u64) {
    let (id, own) = if app.database.is_postgres() {
        ("gen_random_uuid()", format!("'{template}'"))
    } else {
        ("randomblob(16)", format!("X'{}'", template.0.simple()))
    };
    let padded = "substr('000' || n.i, length('000' || n.i) - 3)";
    let columns = "display_name, protocol, enabled, owner_tenant_id, auto_create_users, update_user_on_login, config, \
                   secrets, user_field, user_claim, attribute_mapping, extra_fields, protected_fields, \
                   allowed_domains, allowed_redirects, management_url, warnings, created_at, changed_at, changed_by, \
                   version";
    let rows = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
         INSERT INTO vestibule_identity_providers (id, slug, name, label, {columns}) \
         SELECT {id}, 'copy-' || n.i, 'copy ' || {padded}, 'copy ' || {padded}, {columns} \
         FROM n, vestibule_identity_providers WHERE vestibule_identity_providers.id = {own}"
    );
    app.database.execute(&rows).await;
    app.database
        .execute(
            "INSERT INTO vestibule_provider_search (idp_id, search_text, label) \
             SELECT id, name, name FROM vestibule_identity_providers WHERE name LIKE 'copy %'",
        )
        .await;
}

#[tokio::test]
async fn terms_of_many_and_of_few_are_found_with_their_totals() {
    let app = TestApp::start().await;
    let template = app.create("Template").await;
    copy(&app, template.id, MANY).await;
    let first = ["copy 0001", "copy 0002", "copy 0003"].map(str::to_owned).to_vec();
    for common in ["copy", "OPY", "py", "y"] {
        assert_eq!(search(&app, term(common)).await, (first.clone(), MANY), "{common}");
    }
    let twelve = (vec!["copy 1200".to_owned()], 1);
    assert_eq!(search(&app, term("y 1200")).await, twelve);
    assert_eq!(search(&app, term("te")).await, (vec!["Template".to_owned()], 1));
    let saml = ProviderFilter { protocol: Some(Protocol::Saml), ..term("copy") };
    assert_eq!(search(&app, saml).await, (Vec::new(), 0));
    let oidc = ProviderFilter { protocol: Some(Protocol::Oidc), enabled: Some(true), ..term("copy") };
    assert_eq!(search(&app, oidc).await, (first, MANY));
}

#[tokio::test]
async fn quotes_and_operators_of_an_index_are_plain_text() {
    let app = TestApp::start().await;
    app.create("He said \"OR NOT\" (a* b)").await;
    app.create("Another").await;
    for text in ["\"or not\"", "(a* b)", "\" (", "said \"or", "t\" (a*"] {
        let found = search(&app, term(text)).await;
        assert_eq!(found.1, 1, "{text}");
    }
    for text in ["\0", "an\0other", "\"\"\"", "a OR b", "NEAR(he said)"] {
        assert_eq!(search(&app, term(text)).await, (Vec::new(), 0), "{text:?}");
    }
}

#[tokio::test]
async fn a_renamed_provider_is_found_by_its_new_name_and_a_deleted_one_not_at_all() {
    let app = TestApp::start().await;
    let provider = app.create("Before").await;
    let patch = ProviderPatch { name: Some("Afterwards".to_owned()), ..ProviderPatch::default() };
    app.update(&provider, patch).await.expect("a change");
    // The slug does not change.
    assert_eq!(search(&app, term("before\nbefore")).await.1, 0);
    assert_eq!(search(&app, term("afterw")).await.1, 1);
    let reference = vestibule::service::ProviderRef::Id(provider.id);
    app.services.providers.delete(&Actor::operator(), &reference).await.expect("a deletion");
    assert_eq!(search(&app, term("afterw")).await, (Vec::new(), 0));
}
