//! Pages of a list: the page that a query names, and the headers that link to the others.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri, header};
use url::{Url, form_urlencoded};
use vestibule_app::domain::page::{PageRequest, page_count};

use super::error::{Refusal, Result};
use crate::rest::http::outside_address;

const DEFAULT_SIZE: u32 = 10;
const LARGEST_SIZE: u32 = 300;
const RESULT_COUNT: HeaderName = HeaderName::from_static("x-result-count");

/// The page that a query names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PageParameters {
    number: u64,
    size: u32,
}

impl PageParameters {
    /// Reads `page` and `page_size`. A bad size is the default one; a bad page does not exist.
    pub(super) fn read(query: Option<&str>) -> Result<Self> {
        let (mut number, mut size) = (1, DEFAULT_SIZE);
        for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            match &*name {
                "page" if value.is_empty() => number = 1,
                "page" => number = value.trim().parse().unwrap_or(0),
                "page_size" => {
                    size = match value.trim().parse::<u64>() {
                        Ok(0) | Err(_) => DEFAULT_SIZE,
                        Ok(size) => u32::try_from(size).map_or(LARGEST_SIZE, |size| size.min(LARGEST_SIZE)),
                    }
                }
                _ => {}
            }
        }
        // The store counts rows in 63 bits; no list has that many.
        if number == 0 || number > u64::from(u32::MAX) {
            return Err(Refusal::NoPage);
        }
        Ok(Self { number, size })
    }

    /// The rows of the page.
    pub(super) fn request(self) -> PageRequest {
        PageRequest::numbered(self.number, self.size)
    }

    /// The headers of an answer out of `total` rows. The first page exists even when it is empty.
    pub(super) fn headers(self, base: &Url, uri: &Uri, total: u64) -> Result<HeaderMap> {
        let last = page_count(total, self.size).max(1);
        if self.number > last {
            return Err(Refusal::NoPage);
        }
        let address = |page| address_of(base, uri, page);
        let mut links = vec![format!("<{}>; rel=\"first\"", address(1))];
        if self.number > 1 {
            links.push(format!("<{}>; rel=\"prev\"", address(self.number - 1)));
        }
        if self.number < last {
            links.push(format!("<{}>; rel=\"next\"", address(self.number + 1)));
        }
        links.push(format!("<{}>; rel=\"last\"", address(last)));
        let mut headers = HeaderMap::from_iter([
            (RESULT_COUNT, HeaderValue::from(total)),
            (header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("Link, X-Result-Count")),
        ]);
        if let Ok(links) = HeaderValue::try_from(links.join(", ")) {
            headers.insert(header::LINK, links);
        }
        Ok(headers)
    }
}

/// The list's address for a page, with the other parameters in the order of their names. Clients split the header at
/// commas, so that no address may hold one.
fn address_of(base: &Url, uri: &Uri, page: u64) -> String {
    let mut parameters: Vec<_> = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
        .into_owned()
        .filter(|(name, _)| name != "page")
        .collect();
    if page > 1 {
        parameters.push(("page".to_owned(), page.to_string()));
    }
    parameters.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut address = outside_address(base, uri.path());
    if !parameters.is_empty() {
        address.query_pairs_mut().extend_pairs(parameters);
    }
    String::from(address).replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    fn links(query: &str, total: u64) -> Result<String> {
        let base = Url::parse("https://id.example.com/sso").unwrap();
        let uri: Uri = format!("/api/identity-providers/{query}").parse().unwrap();
        let headers = PageParameters::read(uri.query())?.headers(&base, &uri, total)?;
        assert_eq!(headers[RESULT_COUNT], total.to_string());
        let text = headers[header::LINK].to_str().unwrap();
        Ok(text.replace("https://id.example.com/sso/api/identity-providers/", "…"))
    }

    #[test]
    fn the_query_chooses_the_page() {
        for (query, number, size) in [
            (None, 1, 10),
            (Some("page=2&page_size=100"), 2, 100),
            (Some("page=&page_size=1000"), 1, 300),
            (Some("page_size=0"), 1, 10),
            (Some("page_size=-1"), 1, 10),
            (Some("page_size=ten"), 1, 10),
            (Some("page_size=99999999999"), 1, 300),
            (Some("page=1&page=3"), 3, 10),
        ] {
            assert_eq!(PageParameters::read(query), Ok(PageParameters { number, size }), "{query:?}");
        }
    }

    #[test]
    fn a_bad_page_does_not_exist() {
        for page in ["0", "-1", "x", "1.5", "99999999999999999999", "9223372036854775807"] {
            assert_eq!(PageParameters::read(Some(&format!("page={page}"))), Err(Refusal::NoPage), "{page}");
        }
        assert_eq!(links("?page=3", 20), Err(Refusal::NoPage));
    }

    #[test]
    fn an_empty_list_has_one_page() {
        assert_eq!(links("", 0).unwrap(), r#"<…>; rel="first", <…>; rel="last""#);
    }

    #[test]
    fn links_lead_to_the_neighbours_and_keep_other_parameters() {
        assert_eq!(
            links("?page_size=5&page=2&o=a", 15).unwrap(),
            r#"<…?o=a&page_size=5>; rel="first", <…?o=a&page_size=5>; rel="prev", <…?o=a&page=3&page_size=5>; rel="next", <…?o=a&page=3&page_size=5>; rel="last""#
        );
    }

    #[test]
    fn no_address_holds_a_comma() {
        let links = links("?o=a,b&x=%2C", 11).unwrap();
        assert_eq!(links.matches(',').count(), 2, "{links}");
    }
}
