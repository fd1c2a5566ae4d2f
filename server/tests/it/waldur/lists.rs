//! Lists: order, pages, the headers that lead on, and counting by HEAD.

use serde_json::{Value, json};

use super::api::Api;

async fn with_providers(labels: &[&str]) -> Api {
    let api = Api::start().await;
    for (number, label) in labels.iter().enumerate() {
        api.create(&format!("p{number}"), json!({"label": label})).await;
    }
    api
}

fn column(rows: &Value, key: &str) -> Vec<String> {
    rows.as_array().into_iter().flatten().filter_map(|row| row[key].as_str()).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_list_is_an_array_by_label_then_age() {
    let api = with_providers(&["b", "a", "b", "C"]).await;
    let rows = api.staff("GET", "", None).await.expect(200);
    assert_eq!(column(&rows, "provider"), ["p3", "p1", "p0", "p2"]);
}

#[tokio::test]
async fn an_empty_list_has_a_first_page() {
    let api = Api::start().await;
    let answer = api.staff("GET", "", None).await;
    assert_eq!(answer.header("x-result-count"), Some("0"));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.expect(200), json!([]));
}

#[tokio::test]
async fn the_headers_lead_through_the_pages() {
    let api = with_providers(&["a", "b", "c", "d", "e"]).await;
    let mut path = "?page_size=2".to_owned();
    let mut seen = Vec::new();
    for _ in 0..3 {
        let answer = api.staff("GET", &path, None).await;
        assert_eq!(answer.header("x-result-count"), Some("5"));
        assert_eq!(answer.header("access-control-expose-headers"), Some("Link, X-Result-Count"));
        let link = answer.header("link").unwrap_or_default().to_owned();
        seen.extend(column(&answer.expect(200), "label"));
        let address = |rel: &str| {
            let part = link.split(", ").find(|part| part.ends_with(&format!("rel=\"{rel}\"")))?;
            part.strip_prefix('<')?.split_once(">;").map(|(address, _)| address.to_owned())
        };
        let list = api.address("");
        assert_eq!(address("first"), Some(format!("{list}?page_size=2")));
        assert_eq!(address("last"), Some(format!("{list}?page=3&page_size=2")));
        match address("next") {
            Some(next) => path = next.strip_prefix(&list).unwrap_or_default().to_owned(),
            None => assert_eq!(address("prev"), Some(format!("{list}?page=2&page_size=2"))),
        }
    }
    assert_eq!(seen, ["a", "b", "c", "d", "e"]);
}

#[tokio::test]
async fn ten_rows_are_a_page_unless_asked_otherwise() {
    let api = with_providers(&["l"; 12]).await;
    for (query, rows) in
        [("", 10), ("?page=2", 2), ("?page_size=11", 11), ("?page_size=x", 10), ("?page_size=1000", 12)]
    {
        let answer = api.with(None, "GET", query, None).await.expect(200);
        assert_eq!(answer.as_array().map(Vec::len), Some(rows), "{query}");
    }
}

#[tokio::test]
async fn a_page_that_does_not_exist_is_not_found() {
    let api = with_providers(&["a"]).await;
    for query in ["?page=2", "?page=0", "?page=-1", "?page=x"] {
        for token in [None, Some(api.staff_token())] {
            let answer = api.with(token, "GET", query, None).await.expect(404);
            assert_eq!(answer, json!({"detail": "Invalid page."}), "{query}");
        }
    }
}

#[tokio::test]
async fn head_counts_what_the_caller_sees() {
    let api = with_providers(&["a", "b"]).await;
    api.create("hidden", json!({"is_active": false})).await;
    for (token, count) in [(None, "2"), (Some(api.staff_token()), "3")] {
        let answer = api.with(token, "HEAD", "", None).await;
        assert_eq!(answer.header("x-result-count"), Some(count));
        assert!(answer.header("link").is_some());
        answer.expect_empty(200);
    }
}

#[tokio::test]
async fn head_works_on_a_single_provider() {
    let api = with_providers(&["a"]).await;
    let answer = api.with(None, "HEAD", "p0/", None).await;
    assert_eq!(answer.header("content-type"), Some("application/json"));
    answer.expect_empty(200);
}
