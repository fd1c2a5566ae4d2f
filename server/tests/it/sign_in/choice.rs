//! The page on which people choose a provider.

use super::browser::{Browser, Place, new_provider};

const LINK: &str = "<a class=\"choice\"";

async fn place(count: usize) -> Place {
    let place = Place::new().await;
    for number in 0..count {
        place.add(new_provider(&place.app, &place.openid, &format!("Branch {number:03}"))).await;
    }
    place
}

#[tokio::test]
async fn a_hundred_providers_are_shown_on_a_small_page() {
    let place = place(99).await;
    let answer = Browser::default().get(&place.app, "/login?return_to=/orders").await;
    let page = answer.text();
    assert_eq!((answer.status, page.matches(LINK).count()), (200, 100));
    assert!(page.len() < 15_000, "{} bytes", page.len());
    assert!(!page.contains("<form") && !page.contains("These are not all"));
    assert!(answer.header("content-security-policy").is_some_and(|policy| policy.contains("form-action 'none'")));
}

#[tokio::test]
async fn more_than_a_hundred_providers_are_searched_by_name() {
    let place = place(119).await;
    let mut browser = Browser::default();
    let answer = browser.get(&place.app, "/login?return_to=/orders&login_hint=a%26b").await;
    let page = answer.text();
    let shown = page.matches(LINK).count();
    assert!(answer.status == 200 && (80..=100).contains(&shown), "{shown}");
    assert!(page.len() < 15_000 && page.contains("These are not all."), "{} bytes", page.len());
    assert!(page.contains(r#"<form action="/sso/login" role="search">"#), "{page}");
    assert!(page.contains(r#"<input type="hidden" name="login_hint" value="a&amp;b">"#), "{page}");
    assert!(answer.header("content-security-policy").is_some_and(|policy| policy.contains("form-action 'self'")));
    // The last one is found, in any letter case, and one find is no redirect.
    let answer = browser.get(&place.app, "/login?return_to=/orders&search=bRANCH+118").await;
    let page = answer.text();
    assert_eq!((answer.status, page.matches(LINK).count()), (200, 1), "{page}");
    assert!(page.contains("provider=branch-118&amp;return_to=%2Forders\""), "{page}");
    assert!(page.contains(r#"name="search" maxlength="300" value="bRANCH 118""#), "{page}");
    assert!(!page.contains("These are not all"));
    assert!(browser.cookies.is_empty());
    for nothing in ["%3Cb%3E", "%00", "100%25", "_"] {
        let answer = browser.get(&place.app, &format!("/login?search={nothing}")).await;
        assert_eq!((answer.status, answer.text().matches(LINK).count()), (200, 0), "{nothing}");
        assert!(answer.text().contains("No name contains") && !answer.text().contains("<b>"));
    }
}

#[tokio::test]
async fn long_addresses_make_the_page_no_longer() {
    let place = place(30).await;
    let to = format!("/orders?{}", "x".repeat(900));
    let path = format!("/login?return_to={}", to.replace('?', "%3F"));
    let answer = Browser::default().get(&place.app, &path).await;
    let (page, shown) = (answer.text(), answer.text().matches(LINK).count());
    assert!(page.len() < 15_000 && (5..31).contains(&shown), "{} bytes, {shown} providers", page.len());
    assert!(page.contains("These are not all.") && page.contains("<form"));
}
