//! Pages of a list: the page that a query names, and the header with the length of the whole list.

use axum::{
    http::{HeaderName, HeaderValue, StatusCode},
    response::Response,
};
use serde::Serialize;
use url::form_urlencoded;
use vestibule_app::domain::page::{Page, PageRequest};

use super::error::Refusal;
use crate::rest::http::json;

const DEFAULT_COUNT: i32 = 100;
const LARGEST_COUNT: i32 = 1000;
const TOTAL_COUNT: HeaderName = HeaderName::from_static("total-count");

/// A page of one row: enough to learn whether the caller may read the list.
pub(super) const PROBE: PageRequest = PageRequest { offset: 0, limit: 1 };

/// Reads `skip` and `count`, in any letter case; of several values the first counts. `query` is accepted and means
/// nothing, as in the original.
pub(super) fn read(query: Option<&str>) -> Result<PageRequest, Refusal> {
    let (mut skip, mut count) = (None, None);
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        if name.eq_ignore_ascii_case("skip") {
            skip = skip.or(Some(value));
        } else if name.eq_ignore_ascii_case("count") {
            count = count.or(Some(value));
        }
    }
    let number = |text: Option<&str>, absent: i32, most: i32| {
        let number = text.map_or(Some(absent), |text| text.trim().parse::<i32>().ok())?;
        u32::try_from(number).ok().filter(|_| number <= most)
    };
    let invalid = |sentence: String| Refusal::Invalid(sentence);
    let offset = number(skip.as_deref(), 0, i32::MAX)
        .ok_or_else(|| invalid("skip must be a number of 0 or more.".to_owned()))?;
    let limit = number(count.as_deref(), DEFAULT_COUNT, LARGEST_COUNT)
        .ok_or_else(|| invalid(format!("count must be a number from 0 to {LARGEST_COUNT}.")))?;
    Ok(PageRequest { offset: u64::from(offset), limit })
}

/// A list with the size of the whole.
pub(super) fn answer<T: Serialize>(page: &Page<T>) -> Response {
    let mut response = json(StatusCode::OK, &page.items);
    response.headers_mut().insert(TOTAL_COUNT, HeaderValue::from(page.total));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skip_and_count_are_read_with_their_defaults() {
        for (query, offset, limit) in [
            ("", 0, 100),
            ("skip=5", 5, 100),
            ("count=7&skip=%205%20", 5, 7),
            ("Skip=1&COUNT=1000", 1, 1000),
            ("skip=1&skip=2", 1, 100),
            ("count=0", 0, 0),
            ("skip=2147483647", 2_147_483_647, 100),
            ("query=okta&page=9", 0, 100),
        ] {
            assert_eq!(read(Some(query)), Ok(PageRequest { offset, limit }), "{query}");
        }
        assert_eq!(read(None), Ok(PageRequest { offset: 0, limit: 100 }));
    }

    #[test]
    fn what_is_no_number_in_bounds_is_refused() {
        for query in [
            "skip=",
            "skip=-1",
            "skip=x",
            "skip=1.5",
            "skip=2147483648",
            "count=",
            "count=-1",
            "count=1001",
            "count=ten",
        ] {
            assert!(matches!(read(Some(query)), Err(Refusal::Invalid(_))), "{query}");
        }
    }
}
