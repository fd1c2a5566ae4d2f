//! Order, search, filters, pages and totals: the same on both databases.

use vestibule::{
    domain::{
        actor::Actor,
        page::PageRequest,
        patch::Patch,
        provider::{
            NewProvider, OwnerFilter, Protocol, ProviderFilter, ProviderPatch, ProviderSort, SortDirection, SortKey,
        },
        tenant::TenantFilter,
    },
    service::ProviderRef,
};

use crate::support::{ALL, TestApp};

async fn list(app: &TestApp, filter: ProviderFilter, sort: ProviderSort, page: PageRequest) -> (Vec<String>, u64) {
    let page = app.services.providers.list(&Actor::operator(), &filter, sort, page).await.expect("a list");
    (page.items.into_iter().map(|row| row.label).collect(), page.total)
}

async fn search(app: &TestApp, text: &str) -> Vec<String> {
    let filter = ProviderFilter { search: Some(text.to_owned()), ..ProviderFilter::default() };
    list(app, filter, ProviderSort::default(), ALL).await.0
}

fn by(key: SortKey, direction: SortDirection) -> ProviderSort {
    ProviderSort { key, direction }
}

#[tokio::test]
async fn names_are_ordered_byte_by_byte() {
    let app = TestApp::start().await;
    for name in ["a", "ä", "B", "🦀", "Z", "a b", "_", "aB", "É"] {
        app.create(name).await;
    }
    let expected = ["B", "Z", "_", "a", "a b", "aB", "É", "ä", "🦀"].map(str::to_owned).to_vec();
    let up = list(&app, ProviderFilter::default(), ProviderSort::default(), ALL).await.0;
    assert_eq!(up, expected);
    let mut down = list(&app, ProviderFilter::default(), by(SortKey::Label, SortDirection::Descending), ALL).await.0;
    down.reverse();
    assert_eq!(down, expected);
    let catalogue = app.services.catalogue.list(ALL).await.expect("the catalogue");
    assert_eq!(catalogue.items.iter().map(|one| one.label().to_owned()).collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn a_search_takes_wildcards_as_they_stand_and_any_letter_case() {
    let app = TestApp::start().await;
    for name in ["100% Okta", "Under_score", "Back\\slash", "Ärger GmbH", "Plain"] {
        app.create(name).await;
    }
    for (text, found) in [
        ("%", "100% Okta"),
        ("_", "Under_score"),
        ("\\", "Back\\slash"),
        ("OKTA", "100% Okta"),
        ("ärger", "Ärger GmbH"),
        ("ÄRGER", "Ärger GmbH"),
        (" plain ", "Plain"),
    ] {
        assert_eq!(search(&app, text).await, [found], "{text}");
    }
    assert_eq!(search(&app, "").await.len(), 5);
    assert_eq!(search(&app, "%%").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_search_looks_into_display_name_slug_issuer_and_client_id() {
    let app = TestApp::start().await;
    let new = NewProvider {
        slug: Some("some-slug".to_owned()),
        display_name: Some("Shown".to_owned()),
        ..app.new_provider("Hidden")
    };
    app.create_new(new).await.expect("a provider");
    for text in ["some-SLUG", "shown", "hidden", "http://127.0.0.1", "client"] {
        assert_eq!(search(&app, text).await, ["Shown"], "{text}");
    }
    assert_eq!(search(&app, "a client secret").await, Vec::<String>::new());
}

#[tokio::test]
async fn filters_narrow_and_add_up() {
    let app = TestApp::start().await;
    let tenant = app.default_tenant().await;
    app.create("Platform").await;
    app.create_for(tenant, "Tenant's").await;
    app.create_new(NewProvider { enabled: false, ..app.new_provider("Off") }).await.expect("a provider");
    let filter = ProviderFilter::default;
    for (filter, expected) in [
        (ProviderFilter { enabled: Some(false), ..filter() }, vec!["Off"]),
        (ProviderFilter { enabled: Some(true), ..filter() }, vec!["Platform", "Tenant's"]),
        (ProviderFilter { owner: Some(OwnerFilter::Platform), ..filter() }, vec!["Off", "Platform"]),
        (ProviderFilter { owner: Some(OwnerFilter::Tenant(tenant)), ..filter() }, vec!["Tenant's"]),
        (ProviderFilter { protocol: Some(Protocol::Saml), ..filter() }, vec![]),
        (
            ProviderFilter {
                search: Some("t".to_owned()),
                enabled: Some(true),
                owner: Some(OwnerFilter::Tenant(tenant)),
                ..filter()
            },
            vec!["Tenant's"],
        ),
    ] {
        let (found, total) = list(&app, filter.clone(), ProviderSort::default(), ALL).await;
        assert_eq!(
            (found.len() as u64, found),
            (total, expected.into_iter().map(str::to_owned).collect()),
            "{filter:?}"
        );
    }
}

#[tokio::test]
async fn the_last_change_orders_a_list() {
    let app = TestApp::start().await;
    let first = app.create("First").await;
    for name in ["Second", "Third"] {
        app.clock.advance(1);
        app.create(name).await;
    }
    app.clock.advance(1);
    let patch = ProviderPatch { display_name: Patch::Set("First, changed".to_owned()), ..ProviderPatch::default() };
    app.update(&first, patch).await.expect("a change");
    let sorted = list(&app, ProviderFilter::default(), by(SortKey::Changed, SortDirection::Descending), ALL).await.0;
    assert_eq!(sorted, ["First, changed", "Third", "Second"]);
}

#[tokio::test]
async fn pages_meet_without_gap_or_overlap() {
    let app = TestApp::start().await;
    for number in 0..7 {
        app.create(&format!("Provider {number}")).await;
    }
    let mut seen = Vec::new();
    for number in 1..=4 {
        let (rows, total) =
            list(&app, ProviderFilter::default(), ProviderSort::default(), PageRequest::numbered(number, 2)).await;
        assert_eq!(total, 7);
        seen.extend(rows);
    }
    assert_eq!(seen, (0..7).map(|number| format!("Provider {number}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_page_far_beyond_the_end_is_empty() {
    let app = TestApp::start().await;
    app.create("Okta").await;
    for offset in [7, u64::MAX] {
        let page = PageRequest { offset, limit: 10 };
        let rows = list(&app, ProviderFilter::default(), ProviderSort::default(), page).await;
        assert_eq!(rows, (Vec::new(), 1), "{offset}");
        let operator = Actor::operator();
        let audit = app.services.audit.list(&operator, &Default::default(), page).await.expect("the log");
        let tenants = app.services.tenants.list(&operator, &TenantFilter::default(), page).await.expect("the tenants");
        let tokens = app.services.tokens.list(&operator, page).await.expect("the tokens");
        let people = app.services.administrators.list(&operator, page).await.expect("the administrators");
        let catalogue = app.services.catalogue.list(page).await.expect("the catalogue");
        let whole = app.services.providers.list_platform_oidc(&operator, page).await.expect("the providers");
        let lengths = [audit.items.len(), tenants.items.len(), tokens.items.len(), people.items.len()];
        assert_eq!((lengths, catalogue.items.len(), whole.items.len()), ([0; 4], 0, 0), "{offset}");
    }
}

#[tokio::test]
async fn totals_follow_every_write() {
    let app = TestApp::start().await;
    let total = async || list(&app, ProviderFilter::default(), ProviderSort::default(), ALL).await.1;
    let disabled = async || {
        let filter = ProviderFilter { enabled: Some(false), ..ProviderFilter::default() };
        list(&app, filter, ProviderSort::default(), ALL).await.1
    };
    assert_eq!((total().await, disabled().await), (0, 0));
    let one = app.create("One").await;
    app.create("Two").await;
    assert_eq!((total().await, disabled().await), (2, 0));
    let patch = ProviderPatch { enabled: Some(false), ..ProviderPatch::default() };
    app.update(&one, patch).await.expect("a change");
    assert_eq!((total().await, disabled().await), (2, 1));
    assert_eq!(app.services.catalogue.list(ALL).await.map(|page| page.total), Ok(1));
    app.services.providers.delete(&Actor::operator(), &ProviderRef::Id(one.id)).await.expect("a deletion");
    assert_eq!((total().await, disabled().await), (1, 0));
}
